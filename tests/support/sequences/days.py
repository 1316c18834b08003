"""Days and terms as somebody with a calendar on the wall counts them, one by one. Nothing of it comes from the site."""

from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
WORKING_DAYS, CALENDAR_DAYS, WEEKS, MONTHS = "werkdagen", "dagen", "weken", "maanden"
HOLIDAYS = {
    date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 4, 27),
    date(2027, 5, 5), date(2027, 5, 6), date(2027, 5, 7), date(2027, 5, 17), date(2027, 12, 25), date(2027, 12, 26),
    date(2028, 1, 1), date(2028, 4, 14), date(2028, 4, 17), date(2028, 4, 27), date(2028, 4, 28), date(2028, 5, 5),
    date(2028, 5, 25), date(2028, 5, 26), date(2028, 6, 5), date(2028, 12, 25), date(2028, 12, 26), date(2029, 1, 1),
    date(2029, 3, 30), date(2029, 4, 2), date(2029, 4, 27), date(2029, 5, 10), date(2029, 5, 21), date(2029, 12, 25),
    date(2029, 12, 26),
}  # fmt: skip
"""Algemene termijnenwet, art. 3, of the years in which the made-up cases live; with the three days that a royal decree
equates with them (7 May 2027, 28 April and 26 May 2028)."""


def is_ordinary(day: date) -> bool:
    """Whether a day is no Saturday, Sunday or holiday."""
    return day.isoweekday() < 6 and day not in HOLIDAYS


def working_days_on(day: date, count: int) -> date:
    """The day on which that many working days have gone by."""
    while count:
        day += ONE_DAY
        count -= is_ordinary(day)
    return day


def moved_on(day: date) -> date:
    """The day, or the next one that is no Saturday, Sunday or holiday (art. 1)."""
    while not is_ordinary(day):
        day += ONE_DAY
    return day


def months_on(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


@dataclass
class Still:
    """A stretch in which a clock does not run; ``until`` is None while nobody knows the end."""

    first: date
    until: date | None
    waits_for_answer: bool = False


@dataclass
class Run:
    """One run of a clock, from the day of the event that starts it."""

    clock: str
    start: date
    length: int
    unit: str
    stopped: date | None = None
    still: list[Still] = field(default_factory=list)

    def stands_still_on(self, day: date) -> Still | None:
        for each in self.still:
            if each.first <= day and (each.until is None or day <= each.until):
                return each
        return None

    @property
    def due(self) -> date | None:
        """The last day of the term; None when it stands still before that and nobody knows until when."""
        if self.length == 0:
            return self.start
        day, counted, ordinary = self.start, 0, 0
        wanted = self.length
        if self.unit == WEEKS:
            wanted = 7 * self.length
        elif self.unit == MONTHS:
            wanted = (months_on(self.start, self.length) - self.start).days
        while counted < wanted:
            day += ONE_DAY
            still = self.stands_still_on(day)
            if still is not None:
                if still.until is None:
                    return None
                continue
            counted += is_ordinary(day) if self.unit == WORKING_DAYS else 1
            ordinary += is_ordinary(day)
        too_long = {CALENDAR_DAYS: 90, WEEKS: 12, MONTHS: 3, WORKING_DAYS: 0}[self.unit]
        if self.unit == WORKING_DAYS or self.length > too_long:  # art. 4: longer terms end where they end
            return day
        runs = True
        while not runs or not is_ordinary(day) or (wanted >= 3 and ordinary < 2):  # art. 1 and 2
            day += ONE_DAY
            still = self.stands_still_on(day)
            runs = still is None
            if still is not None:
                if still.until is None:
                    return None
                day = still.until
            elif is_ordinary(day):
                ordinary += 1
        return day

    def stop(self, day: date) -> None:
        for each in self.still:
            if each.until is None or each.until > day:
                each.until = max(day, each.first - ONE_DAY)
        self.stopped = day
