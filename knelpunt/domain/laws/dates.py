"""What a date means for a rule: incomplete dates, and whether a rule held on a day."""

import calendar
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from knelpunt.domain.shapes import shown
from knelpunt.domain.texts import MONTHS, Text

Node = TypeVar("Node")

_INCOMPLETE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_TYPED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
FIRST_YEAR = 1800
LAST_YEAR = 2199


class Standing(StrEnum):
    """How a rule stood on a day."""

    HELD = "geldt"
    NOT_YET = "nog_niet"
    ENDED = "niet_meer"
    UNCERTAIN = "onzeker"


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _INCOMPLETE.fullmatch(text)
    if match is None:
        raise ValueError(f"'{shown(text)}' is geen datum; schrijf JJJJ, JJJJ-MM of JJJJ-MM-DD")
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"'{text}' ligt buiten de jaren {FIRST_YEAR} tot en met {LAST_YEAR}")
    return year, month, day


def first_day(text: str) -> date:
    """The first day of a year, a month or a day that is written "2019", "2019-07" or "2019-07-01".

    Raises ValueError, with a Dutch sentence, for anything else.
    """
    year, month, day = _parts(text)
    try:
        return date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(f"'{text}' bestaat niet in de kalender") from None


def last_day(text: str) -> date:
    """The last day of such a year, month or day; raises ValueError as ``first_day`` does."""
    year, month, day = _parts(text)
    start = first_day(text)
    if day is not None:
        return start
    month = month or 12
    return date(year, month, calendar.monthrange(year, month)[1])


@lru_cache(maxsize=1024)
def incomplete_in_words(text: str) -> Text:
    """A catalogue date as people read it, no more exact than it was written: "2019", "juli 2019", "1 juli 2019"."""
    year, month, day = _parts(text)
    if month is None:
        return Text("%(year)s", year=year)
    name = MONTHS[month - 1]
    if day is None:
        return Text("%(month)s %(year)s", month=name, year=year)
    return Text("%(day)s %(month)s %(year)s", day=day, month=name, year=year)


def period_in_words(
    valid_from: str | None,
    valid_to: str | None,
    *,
    start_is_known: bool = True,
    end_is_known: bool = True,
    on: date | None = None,
) -> Text:
    """When a rule held, for a sentence: "van 31 maart 2010 tot en met 31 december 2023", "sinds 2019, eind niet
    bekend". The dates are those of the catalogue, as written there.

    Args:
        on: the day from which the rule is seen: what begins later holds "vanaf" its first day, and not "sinds".
    """
    if valid_from is None:
        start = Text("begin niet opgezocht")
    else:
        words = incomplete_in_words(valid_from)
        if not start_is_known:
            start = Text("in elk geval vanaf %(words)s", words=words)
        elif valid_to is not None:
            start = Text("van %(words)s", words=words)
        else:
            is_to_come = on is not None and first_day(valid_from) > on
            start = Text("vanaf %(words)s", words=words) if is_to_come else Text("sinds %(words)s", words=words)
    if valid_to is not None and (valid_from is None or not start_is_known):
        return Text("%(start)s, tot en met %(valid_to)s", start=start, valid_to=incomplete_in_words(valid_to))
    if valid_to is not None:
        return Text("%(start)s tot en met %(valid_to)s", start=start, valid_to=incomplete_in_words(valid_to))
    return start if end_is_known else Text("%(start)s, eind niet bekend", start=start)


def typed_day(text: str, *, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> date:
    """A day as somebody types it or a date field sends it: "2019-07-01" or "1-7-2019".

    Raises ValueError, with a Dutch sentence, when it is not an existing day in these years: those of the catalogue,
    1800 to 2199, or fewer.
    """
    text = text.strip()
    dutch = _TYPED.fullmatch(text)
    if dutch:
        day, month, year = dutch.groups()
        text = f"{year}-{int(month):02}-{int(day):02}"
    if not text.isascii() or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(Text("Vul dag, maand en jaar in, in cijfers: 1 7 2026."))
    with suppress(ValueError):
        day = first_day(text)
        if first_year <= day.year <= last_year:
            return day
    raise ValueError(
        Text(
            "Deze dag bestaat niet, of ligt buiten de jaren %(first_year)s tot en met %(last_year)s. "
            "Vul dag, maand en jaar in, in cijfers: 1 7 2026.",
            first_year=first_year,
            last_year=last_year,
        )
    )


def held_on(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a day lies within a period; both ends belong to it, an empty end is open."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def standing(
    valid_from: date | None,
    valid_to: date | None,
    day: date,
    *,
    start_is_known: bool = True,
    end_is_known: bool = True,
    law_from: date | None = None,
) -> Standing:
    """How a rule stood on a day.

    Args:
        start_is_known: false when ``valid_from`` is only the earliest text that was found, or missing.
        end_is_known: false when nobody looked up whether an open end is still open.
        law_from: first day of the law that holds the rule; before it the rule cannot have held.
    """
    if valid_to is not None and day > valid_to:
        return Standing.ENDED
    if law_from is not None and day < law_from:
        return Standing.NOT_YET
    if valid_from is not None and day < valid_from:
        return Standing.NOT_YET if start_is_known else Standing.UNCERTAIN
    if valid_from is None and not start_is_known:
        return Standing.UNCERTAIN
    if valid_to is None and not end_is_known:
        return Standing.UNCERTAIN
    return Standing.HELD


def reachable(start: Node, following: Callable[[Node], Iterable[Node]]) -> dict[Node, int]:
    """Every node that can be reached from ``start``, with its smallest number of steps; ``start`` itself is left out.

    Circles are harmless.
    """
    steps: dict[Node, int] = {start: 0}
    queue = [start]
    for node in queue:
        for neighbour in following(node):
            if neighbour not in steps:
                steps[neighbour] = steps[node] + 1
                queue.append(neighbour)
    del steps[start]
    return steps
