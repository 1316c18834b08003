"""From instants to Dutch days and quarters, and back: Europe/Amsterdam, daylight saving included."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST_QUARTER_YEAR = 2010
LAST_QUARTER_YEAR = 2100

_QUARTER = re.compile(r"([0-9]{4})-([1-4])")


def nl_day(instant: datetime) -> date:
    """The day in Europe/Amsterdam on which an instant falls; raises ValueError for an instant without time zone."""
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(AMSTERDAM).date()


def start_of_nl_day(day: date) -> datetime:
    """The instant, in UTC, at which a day begins in Europe/Amsterdam."""
    return datetime.combine(day, time(), tzinfo=AMSTERDAM).astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a calendar year; quarters sort by time and read as "2026-4"."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"a year has quarters 1 to 4, not {self.number}")

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read "2026-4"; raises ValueError for anything else and for years outside 2010 to 2100."""
        match = _QUARTER.fullmatch(text)
        quarter = cls(int(match[1]), int(match[2])) if match else None
        if quarter is None or not quarter.is_addressable:
            raise ValueError("a quarter looks like 2026-4, from 2010-1 to 2100-4")
        return quarter

    @property
    def is_addressable(self) -> bool:
        """Whether ``parse`` accepts the quarter, so that a page may link to it."""
        return FIRST_QUARTER_YEAR <= self.year <= LAST_QUARTER_YEAR

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next().first_day - timedelta(days=1)

    def previous(self) -> "Quarter":
        """The quarter before this one."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def year_before(self) -> "Quarter":
        """The same quarter a year earlier."""
        return Quarter(self.year - 1, self.number)

    def back(self, count: int) -> "Quarter":
        """The quarter so many before this one; after this one where the number is negative."""
        year, rest = divmod(4 * self.year + self.number - 1 - count, 4)
        return Quarter(year, rest + 1)

    def next(self) -> "Quarter":
        """The quarter after this one."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number}"


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day falls."""
    return Quarter(day.year, (day.month + 2) // 3)
