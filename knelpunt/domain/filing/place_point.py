"""A point as people paste it: degrees from any map, or metres of the Dutch grid (Rijksdriehoeksstelsel).

The conversion between the two is the polynomial of Schreutelkamp and Strang van Hees ("Benaderingsformules voor de
transformatie tussen RD- en WGS84-kaartcoordinaten", Geodesia 2001), which stays within half a metre in the Netherlands.
"""

import re
from dataclasses import dataclass

from knelpunt.domain.texts import Text

LATITUDES, LONGITUDES = (50.75, 53.70), (3.20, 7.22)
"""The European Netherlands lie between these degrees; so do strips of the neighbours."""
RD_X, RD_Y = (-7_000, 300_000), (289_000, 629_000)
"""The metres for which the Dutch grid is meant."""
LONGEST = 250
_LATITUDE_0, _LONGITUDE_0 = 52.15517440, 5.38720621
_X_0, _Y_0 = 155_000.0, 463_000.0
_TO_LATITUDE = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550), (2, 2, -0.01709),
    (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_TO_LONGITUDE = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip
_TO_X = (
    (0, 1, 190094.945), (1, 1, -11832.228), (2, 1, -114.221), (0, 3, -32.391), (1, 0, -0.705), (3, 1, -2.340),
    (1, 3, -0.608), (0, 2, -0.008), (2, 3, 0.148),
)  # fmt: skip
_TO_Y = (
    (1, 0, 309056.544), (0, 2, 3638.893), (2, 0, 73.077), (1, 2, -157.984), (3, 0, 59.788), (0, 1, 0.433),
    (2, 2, -6.439), (1, 1, -0.032), (0, 4, 0.092), (1, 4, -0.054),
)  # fmt: skip

_NUMBER = re.compile(r"[-+]?\d{1,6}(?:[.,]\d+)?", re.ASCII)
_IN_ADDRESS = re.compile(
    r"(?:@|[?&!](?:q|ll|query|mlat|3d)=?)(-?\d{1,2}\.\d+)(?:,|%2C|&mlon=|!4d)(-?\d{1,3}\.\d+)", re.ASCII
)
_IN_FRAGMENT = re.compile(r"#map=\d+/(-?\d{1,2}\.\d+)/(-?\d{1,3}\.\d+)", re.ASCII)
_MARKED = re.compile(
    r"""(\d{1,3}(?:[.,]\d+)?)\s*°\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*["″]\s*)?([NOEZSW])""",
    re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(
    r"geo:|\b(?:rd|lat(?:itude)?|lo?n(?:gitude)?|noorderbreedte|oosterlengte|nb|ol|[xyne])\b\s*[:=]?",
    re.IGNORECASE | re.ASCII,
)
_THOUSANDS = re.compile(r"\d{2,3}\.\d{3}", re.ASCII)
_UNCLEAR = Text(
    "Dit punt kunnen wij niet lezen. Plak twee getallen uit een kaart, zoals 52.09083, 5.12222 of 136000, 455900."
)
_OUTSIDE = Text("Dit punt ligt niet in Nederland. Kijk of de getallen kloppen en in de goede volgorde staan.")


class NoPoint(ValueError):
    """The text is no point in the Netherlands; the message says what to do, in Dutch."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees north and east (WGS 84)."""

    latitude: float
    longitude: float

    @property
    def rd(self) -> tuple[int, int]:
        """The same place in metres of the Dutch grid."""
        north = 0.36 * (self.latitude - _LATITUDE_0)
        east = 0.36 * (self.longitude - _LONGITUDE_0)
        return round(_X_0 + _sum(_TO_X, north, east)), round(_Y_0 + _sum(_TO_Y, north, east))

    @property
    def text(self) -> str:
        """As a draft and a case keep it: to about a metre."""
        return f"{self.latitude:.5f}, {self.longitude:.5f}"


def read_point(text: str) -> Point:
    """The point in what somebody pasted: degrees with a point or comma, degrees and minutes, a map's address, or RD.

    Raises:
        NoPoint: it holds no two numbers that mean a place in the Netherlands.
    """
    typed = " ".join(text.split())[:LONGEST]
    for shape in (_IN_ADDRESS, _IN_FRAGMENT):
        found = shape.search(typed)
        if found:
            return _degrees(float(found[1]), float(found[2]))
    marked = _MARKED.findall(typed)
    if marked:
        return _from_marked(marked)
    if "://" in typed:
        raise NoPoint(_UNCLEAR)
    first, second = _two_numbers(typed)
    if abs(first) > 360 or abs(second) > 360:
        return _from_rd(first, second)
    return _degrees(first, second)


def _two_numbers(typed: str) -> tuple[float, float]:
    """Two numbers, whatever separates them; a comma may be a decimal one, and a point may group thousands."""
    bare = _LABEL.sub(" ", typed)
    bare = bare.replace("°", " ").strip(" ()")
    pieces = re.split(r"\s*[;/]\s*|,\s+|\s+", bare)
    if len(pieces) == 1:
        # "52.09083,5.12222" and "136000,455900": the comma separates.
        pieces = bare.split(",")
    pieces = [piece.strip(",") for piece in pieces if piece.strip(",")]
    if len(pieces) != 2:
        raise NoPoint(_UNCLEAR)
    numbers = []
    for piece in pieces:
        plain = piece
        if _THOUSANDS.fullmatch(piece) and float(piece) >= LATITUDES[1] + 1:
            # No degree in the Netherlands is that high, so the point groups thousands of metres.
            plain = piece.replace(".", "")
        if not _NUMBER.fullmatch(plain):
            raise NoPoint(_UNCLEAR)
        numbers.append(float(plain.replace(",", ".")))
    return numbers[0], numbers[1]


def _from_marked(marked: list[tuple[str, str, str, str]]) -> Point:
    degrees: dict[str, float] = {}
    for whole, minutes, seconds, letter in marked:
        number = _fraction(whole) + _fraction(minutes) / 60 + _fraction(seconds) / 3600
        axis = "north" if letter.upper() in "NZS" else "east"
        # O is oost in Dutch; Z and S are south, W is west: neither is in the Netherlands.
        degrees[axis] = -number if letter.upper() in "ZSW" else number
    if len(degrees) != 2:
        raise NoPoint(_UNCLEAR)
    return _degrees(degrees["north"], degrees["east"])


def _fraction(text: str) -> float:
    return float(text.replace(",", ".")) if text else 0.0


def _degrees(latitude: float, longitude: float) -> Point:
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        raise NoPoint(_OUTSIDE)
    return Point(latitude, longitude)


def _from_rd(x: float, y: float) -> Point:
    if not (RD_X[0] <= x <= RD_X[1] and RD_Y[0] <= y <= RD_Y[1]):
        raise NoPoint(_OUTSIDE)
    east, north = (x - _X_0) / 100_000, (y - _Y_0) / 100_000
    return _degrees(
        _LATITUDE_0 + _sum(_TO_LATITUDE, east, north) / 3600, _LONGITUDE_0 + _sum(_TO_LONGITUDE, east, north) / 3600
    )


def _sum(terms: tuple[tuple[int, int, float], ...], first: float, second: float) -> float:
    return sum(factor * first**power * second**other for power, other, factor in terms)
