"""The story of a law drawn in time: a bar for each provision, from its first day to its last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knelpunt.queries.laws.rows import LawPage, ProvisionSummary

WIDTH = 1000
"""The width of the drawing in its own units; it is as wide as there is room."""
YEARS_AROUND = 2
LEAST = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One provision: where its bar stands, and whether it goes on past either side of the drawing."""

    provision: ProvisionSummary
    x: int
    width: int
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Story:
    """The bars, the first and last year of the drawing, and where the day asked for stands in it."""

    bars: tuple[Bar, ...]
    first_year: int
    last_year: int
    day_x: int


def story_of(page: LawPage, today: date) -> Story | None:
    """The drawing of a law; None when there is nothing to compare in time."""
    rows = [*page.held, *page.uncertain, *(each.provision for each in (*page.not_yet, *page.ended))]
    days = [day for row in rows for day in (row.valid_from, row.valid_to) if day is not None]
    if len(rows) < 2 or not days:
        return None
    first = max(min([*days, page.on]).year - 1, date.min.year)
    last = min(max([*days, page.on, today]).year + YEARS_AROUND, date.max.year)
    start, whole = date(first, 1, 1), (date(last, 12, 31) - date(first, 1, 1)).days

    def place(day: date) -> int:
        return round((day - start).days * WIDTH / whole)

    def bars() -> Iterable[Bar]:
        for row in sorted(rows, key=lambda each: (each.valid_from or date.min, each.position)):
            begin = place(row.valid_from) if row.valid_from else 0
            end = place(row.valid_to) if row.valid_to else WIDTH
            yield Bar(row, begin, max(end - begin, LEAST), goes_on=row.valid_to is None)

    return Story(tuple(bars()), first, last, place(page.on))
