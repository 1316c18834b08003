"""The map of hexagons: where each municipality's tile lies, and which edges part two provinces.

Only the geometry is kept, for as long as the places stay the same; the numbers are laid on it per request.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, floor, log10, pi, sin, sqrt

from knelpunt.queries.core.reference import Reference
from knelpunt.web.shared.texts import _

SIZE = 20
"""The distance between the centres of two neighbours in a row, in units of the drawing."""
MARGIN = 14
RADIUS = 0.56 * SIZE
ROW_HEIGHT = 0.866 * SIZE
_NEIGHBOURS = ((1, -1), (2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1))
"""The neighbour over each edge, from the one at the upper right clockwise, as steps in x and row."""
FEW = 10
"""Below this largest number the shades are always the same; above it they follow the numbers."""

Place = tuple[int, str, int, str, int, int]
"""Municipality id and name, province id and name, x, row."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One municipality: the centre of its hexagon in units of the drawing."""

    municipality_id: int
    name: str
    province: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class TileGeometry:
    """The drawing without numbers. Paths are the ``d`` of an SVG path; ``hexagon`` lies round the origin."""

    width: float
    height: float
    hexagon: str
    tiles: tuple[Tile, ...]
    borders: str
    coast: str


@dataclass(frozen=True, slots=True)
class FilledTile:
    """A tile with what it counts. ``level`` is its shade, 1 to 3; ``href`` opens what it counts."""

    tile: Tile
    count: int
    level: int
    href: str


@dataclass(frozen=True, slots=True)
class TileMap:
    """The drawing with numbers. ``unplaced`` is how many are about no municipality on the map.

    ``starts`` is from which number each shade begins, the empty one first.
    """

    geometry: TileGeometry
    empty: tuple[Tile, ...]
    filled: tuple[FilledTile, ...]
    unplaced: int
    starts: tuple[int, ...]

    @property
    def legend(self) -> list[str]:
        """The shades in words, the empty one first."""
        return shades_in_words(self.starts)

    @property
    def total(self) -> int:
        return self.unplaced + sum(each.count for each in self.filled)


def tile_map(names: Reference, counts: Mapping[int | None, int], href: Callable[[int], str]) -> TileMap:
    """Lay numbers by municipality on the map; ``href`` gives the address behind a municipality's tile."""
    geometry = geometry_of(names)
    today: Counter[int | None] = Counter()
    for place, count in counts.items():
        today[names.today_of.get(place, place) if place is not None else None] += count
    counts = today
    on_map = {tile.municipality_id for tile in geometry.tiles}
    starts = starts_for(max((count for place, count in counts.items() if place in on_map), default=0))
    return TileMap(
        geometry,
        empty=tuple(tile for tile in geometry.tiles if not counts.get(tile.municipality_id)),
        filled=tuple(
            FilledTile(tile, count, bisect_right(starts, count) - 1, href(tile.municipality_id))
            for tile in geometry.tiles
            if (count := counts.get(tile.municipality_id, 0))
        ),
        unplaced=sum(count for place, count in counts.items() if place not in on_map),
        starts=starts,
    )


def shades_in_words(starts: Sequence[int]) -> list[str]:
    """From where to where each shade goes, the empty one first."""
    ranges = [
        str(first) if first == end - 1 else _("%(first)s tot %(last)s", first=first, last=end - 1)
        for first, end in pairwise(starts[1:])
    ]
    return [_("Geen"), *ranges, _("%(least)s of meer", least=starts[-1])]


def starts_for(largest: int) -> tuple[int, ...]:
    """From which number each of the four shades begins, when this is the largest number on the map."""
    if largest < FEW:
        return 0, 1, 2, 5
    return 0, 1, max(2, _round_up(largest / 10)), _round_up(largest / 2)


def _round_up(number: float) -> int:
    """The first of 1, 2, 5, 10, 20, 50 and so on that is not less."""
    unit = 10 ** floor(log10(number))
    return next(step * unit for step in (1, 2, 5, 10) if step * unit >= number)


def geometry_of(names: Reference) -> TileGeometry:
    """The drawing of the municipalities of today."""
    return _drawn(
        tuple(
            (row.id, row.name, row.province_id, names.province_names[row.province_id], row.tile_x, row.tile_row)
            for row in names.municipalities.values()
            if row.valid_to is None and row.tile_x is not None and row.tile_row is not None
        )
    )


@lru_cache(maxsize=4)
def _drawn(places: tuple[Place, ...]) -> TileGeometry:
    provinces = {(x, row): province for _id, _name, province, _words, x, row in places}
    borders, coast = [], []
    for (x, row), province in provinces.items():
        for edge, (across, down) in enumerate(_NEIGHBOURS):
            other = provinces.get((x + across, row + down))
            if other is None:
                coast.append(_edge(x, row, edge))
            elif other != province and edge < 3:  # the other half is the same edge, seen from the neighbour
                borders.append(_edge(x, row, edge))
    tiles = tuple(
        Tile(id_, name, province, *_centre(x, row))
        for id_, name, _province, province, x, row in sorted(places, key=lambda each: (each[5], each[4]))
    )
    return TileGeometry(
        width=round(max((tile.x for tile in tiles), default=0) + MARGIN, 1),
        height=round(max((tile.y for tile in tiles), default=0) + MARGIN, 1),
        hexagon=f"M{' '.join(_point(*_corner(0, 0, RADIUS, corner)) for corner in range(6))}Z",
        tiles=tiles,
        borders="".join(borders),
        coast="".join(coast),
    )


def _centre(x: int, row: int) -> tuple[float, float]:
    return round(MARGIN + x * SIZE / 2, 1), round(MARGIN + row * ROW_HEIGHT, 1)


def _corner(x: float, y: float, radius: float, corner: int) -> tuple[float, float]:
    """A corner of a hexagon that stands on its point, from the top clockwise."""
    angle = corner * pi / 3
    return x + radius * sin(angle), y - radius * cos(angle)


def _edge(x: int, row: int, edge: int) -> str:
    """The line between a tile and the neighbour over this edge, where the two would touch."""
    centre = _centre(x, row)
    return "M" + "L".join(_point(*_corner(*centre, SIZE / sqrt(3), edge + end)) for end in (0, 1))


def _point(x: float, y: float) -> str:
    return f"{x:.1f},{y:.1f}"
