"""How values are written on the screen: labels, dates, moments, numbers and terms, in Dutch."""

import re
from datetime import date, datetime

from flask import Flask, current_app
from markupsafe import Markup, escape

from knelpunt.domain.clocks import Unit
from knelpunt.domain.dutch_dates import MONTHS, date_in_words, date_range_in_words, days_left_in_words, length_in_words
from knelpunt.domain.timezone import AMSTERDAM, nl_day
from knelpunt.web.shared.labels import explanation, label, step_label, topic
from knelpunt.web.shared.request_language import said

SOON_DAYS = 2
"""A term that ends within this many days is shown as nearly over."""
_ORDERS = ("vul ", "kies ", "schrijf ", "bevestig ", "geef ", "noem ", "typ ")
_LONG_WORDS = re.compile(r"\w{4,}")
_WORDS = re.compile(r"\w+")


def _day(value: date | datetime) -> date:
    return nl_day(value) if isinstance(value, datetime) else value


def full_date(value: date | datetime | None) -> str:
    """ "dinsdag 24 november 2026"; an instant gives the day in Europe/Amsterdam; nothing gives an empty text."""
    return "" if value is None else date_in_words(_day(value))


def short_date(value: date | datetime | None) -> str:
    """ "24 nov 2026", for narrow columns."""
    if value is None:
        return ""
    day = _day(value)
    month = MONTHS[day.month - 1]
    return f"{day.day} {'mrt' if day.month == 3 else month[:3]} {day.year}"


def moment(value: datetime | None) -> str:
    """ "dinsdag 24 november 2026 om 14.05 uur", in Europe/Amsterdam."""
    if value is None:
        return ""
    local = value.astimezone(AMSTERDAM)
    return f"{date_in_words(local.date())} om {local:%H.%M} uur"


def clock_time(value: datetime) -> str:
    """ "14.05 uur", in Europe/Amsterdam."""
    return f"{value.astimezone(AMSTERDAM):%H.%M} uur"


def short_moment(value: datetime | None) -> str:
    """ "24 nov 2026, 14.05 uur", in Europe/Amsterdam."""
    if value is None:
        return ""
    return f"{short_date(value)}, {value.astimezone(AMSTERDAM):%H.%M} uur"


def number(value: int) -> str:
    """A whole number with points between the thousands: 1.000."""
    return f"{value:,}".replace(",", ".")


def decimal(value: float, digits: int = 1) -> str:
    """A number with a decimal comma: 1.234,5."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def shortest(value: float) -> str:
    """A number without decimals where it has none, else with one: 1.234 and 5,5."""
    return decimal(value, 0 if float(value).is_integer() else 1)


def file_size(size: int) -> str:
    """The size of a file: "340 kB", "1,2 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{decimal(size / 1_000_000)} MB"


class Verbatim(str):
    """A text that is shown as it is in every language, such as what somebody typed."""

    __slots__ = ()


def verbatim(value: object) -> object:
    """The value, kept as it is on a page in another language."""
    return Verbatim(value) if type(value) is str else value


def field_name(label: str) -> str:
    """The label of a field as it stands before an error, without its mark, in the language of the page."""
    return said(label).strip("?: ")


def says_what(message: str, label: str) -> bool:
    """Whether an error says by itself what to do in which field, as "Vul uw naam in." does for "Uw naam"."""
    name, told = label.lower(), message.lower()
    words = set(_LONG_WORDS.findall(name) or _WORDS.findall(name))
    return told.startswith(_ORDERS) and not words.isdisjoint(_WORDS.findall(told))


def own_links(text: str, base_url: str) -> Markup:
    """A text that somebody wrote, with a link at each address of a page of this site; nothing else in it is markup."""
    pieces, at = [], 0
    for found in re.finditer(rf"{re.escape(base_url)}(/\w[\w/-]*)", text):
        pieces.append(escape(text[at : found.start()]))
        pieces.append(Markup('<a href="{}">{}</a>').format(found[1], found[0]))
        at = found.end()
    return Markup("").join([*pieces, escape(text[at:])])


def clock_state(days_left: int | None, is_suspended: bool = False) -> str:
    """The part of a class name that gives a term its colour and shape: paused, none, late, soon or running."""
    if is_suspended:
        return "paused"
    if days_left is None:
        return "none"
    if days_left < 0:
        return "late"
    return "soon" if days_left <= SOON_DAYS else "running"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        says_what=says_what,
        veldnaam=field_name,
        label=label,
        topic=topic,
        uitleg=explanation,
        stap=step_label,
        datum=full_date,
        datum_kort=short_date,
        tijdstip=moment,
        tijdstip_kort=short_moment,
        aantal=number,
        decimaal=decimal,
        getal=shortest,
        bestandsgrootte=file_size,
        verbatim=verbatim,
        eigen_links=lambda text: own_links(text, current_app.config["LINKS"].base_url),
    )
    app.jinja_env.globals.update(
        clock_state=clock_state,
        days_left_in_words=days_left_in_words,
        length_in_words=length_in_words,
        date_range_in_words=date_range_in_words,
        Unit=Unit,
    )
