"""How values are written on the screen: labels, dates, moments, numbers and terms, in Dutch."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup, escape

from knelpunt.domain.calendar.clocks import Unit, days_left_in_words, length_in_words
from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.domain.texts import date_range_in_words
from knelpunt.web.shared.labels.labels import explanation, label, step_label, topic
from knelpunt.web.shared.pages.list_filters import draw_day_boxes
from knelpunt.web.shared.requests.request_language import current_translator, is_dutch
from knelpunt.web.shared.texts import _, said

SOON_DAYS = 2
"""A term that ends within this many days is shown as nearly over."""
_ORDERS = ("vul ", "kies ", "schrijf ", "bevestig ", "geef ", "noem ", "typ ")
_LONG_WORDS = re.compile(r"\w{4,}")
_WORDS = re.compile(r"\w+")


def _day(value: date | datetime) -> date:
    return nl_day(value) if isinstance(value, datetime) else value


@lru_cache(maxsize=128)
def _drawn(options: tuple[tuple[str, str], ...]) -> Markup:
    line = Markup('<option value="{}">{}</option>')
    return Markup("").join(line.format(value, words) for value, words in options)


def drawn(options: Iterable[tuple[Any, Any]], chosen: Any = "") -> Markup:
    """The options of a list to choose from, with the chosen one marked.

    Kept as they were escaped: of a list with hundreds of municipalities they would be half the work of the page.
    """
    return with_chosen(_drawn(tuple((str(value), str(words)) for value, words in options)), chosen)


def with_chosen(options: Markup, chosen: Any) -> Markup:
    """Options that were drawn before, with the chosen one marked; nothing chosen leaves them alone."""
    if chosen == "":
        return options
    mark = Markup('value="{}"').format(chosen)
    return options.replace(mark, mark + Markup(" selected"), 1)


def day_of(text: str) -> date:
    """A day that is kept as text."""
    return date.fromisoformat(text)


def full_date(value: date | datetime | None) -> str:
    """ "dinsdag 24 november 2026"; an instant gives the day in Europe/Amsterdam; nothing gives an empty text."""
    return "" if value is None else current_translator().date_in_words(_day(value))


def short_date(value: date | datetime | None) -> str:
    """ "24 nov 2026", for narrow columns."""
    return "" if value is None else current_translator().short_date(_day(value))


def moment(value: datetime | None) -> str:
    """ "dinsdag 24 november 2026 om 14.05 uur", in Europe/Amsterdam."""
    return "" if value is None else _("%(day)s om %(time)s", day=full_date(value), time=clock_time(value))


def clock_time(value: datetime) -> str:
    """ "14.05 uur", in Europe/Amsterdam."""
    return current_translator().clock_time(value.astimezone(AMSTERDAM))


def short_moment(value: datetime | None) -> str:
    """ "24 nov 2026, 14.05 uur", in Europe/Amsterdam."""
    return "" if value is None else f"{short_date(value)}, {clock_time(value)}"


def number(value: int) -> str:
    """A whole number with points between the thousands: 1.000."""
    return current_translator().number(value)


def decimal(value: float, digits: int = 1) -> str:
    """A number with a decimal comma: 1.234,5."""
    return current_translator().decimal(value, digits)


def shortest(value: float | None) -> str:
    """A number without decimals where it has none, else with one: 1.234 and 5,5. A dash for what was not measured."""
    return "–" if value is None else decimal(value, 0 if float(value).is_integer() else 1)


def file_size(size: int) -> str:
    """The size of a file: "340 kB", "1,2 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    if size < 1_000_000_000:
        return f"{decimal(size / 1_000_000)} MB"
    return f"{decimal(size / 1_000_000_000)} GB"


def in_dutch(text: str) -> str:
    """A text that is Dutch on a page in any language: what a person wrote, the name of a law. It is marked as such."""
    if not text or is_dutch:
        return text
    return Markup('<span lang="nl">{}</span>').format(text)


def field_name(label: str) -> str:
    """The label of a field as it stands before an error, without its mark."""
    return label.strip("?: ")


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
        keuzes=drawn,
        label=label,
        topic=topic,
        uitleg=explanation,
        stap=step_label,
        dag=day_of,
        datum=full_date,
        datum_kort=short_date,
        dagvakken=draw_day_boxes,
        tijdstip=moment,
        tijdstip_kort=short_moment,
        aantal=number,
        decimaal=decimal,
        getal=shortest,
        hoofdletter=lambda text: text[:1].upper() + text[1:],
        bestandsgrootte=file_size,
        nl=in_dutch,
        eigen_links=lambda text: own_links(text, current_app.config["LINKS"].base_url),
    )
    app.jinja_env.globals.update(
        clock_state=clock_state,
        days_left_in_words=lambda days, unit: said(days_left_in_words(days, unit)),
        length_in_words=lambda length, unit: said(length_in_words(length, unit)),
        date_range_in_words=date_range_in_words,
        Unit=Unit,
    )
