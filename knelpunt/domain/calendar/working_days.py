"""Counting with days: working days, months, and the rules of the Algemene termijnenwet (BWBR0002448) about them."""

import calendar
from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache

from knelpunt.domain.calendar.clocks import Unit
from knelpunt.domain.calendar.holidays import holiday_on, holidays_in

MIN_DAYS_FOR_TWO_ORDINARY_DAYS = 3
ORDINARY_DAYS_IN_A_TERM = 2

_SATURDAY, _SUNDAY = 5, 6
_WEEKEND_NAMES = {_SATURDAY: "zaterdag", _SUNDAY: "zondag"}

# Art. 4 onderdeel a: the longest terms that the act still covers.
_LONGEST_COVERED = {Unit.WORKING_DAYS: 90, Unit.CALENDAR_DAYS: 90, Unit.WEEKS: 12, Unit.MONTHS: 3}


@lru_cache(maxsize=256)
def _ordinary_days(year: int) -> tuple[int, ...]:
    """The ordinals of all days of a year that are not a Saturday, a Sunday or a holiday, in order."""
    holidays = {day.toordinal() for day in holidays_in(year)}
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    # Ordinal 1 is a Monday, so that ordinal modulo 7 is 6 on Saturday and 0 on Sunday.
    return tuple(day for day in range(first, last + 1) if 1 <= day % 7 <= 5 and day not in holidays)


def why_not_ordinary(day: date) -> str | None:
    """The Dutch name of what keeps a day from being a working day ("zondag", "Tweede Kerstdag"), or None.

    A holiday in a weekend is called by its own name.
    """
    holiday = holiday_on(day)
    return holiday.name if holiday is not None else _WEEKEND_NAMES.get(day.weekday())


def is_ordinary_day(day: date) -> bool:
    """Whether a day is not a Saturday, Sunday or holiday: what the act moves a term to, and what the desk works on."""
    return day.weekday() < _SATURDAY and day not in holidays_in(day.year)


def add_working_days(start: date, days: int) -> date:
    """The last of that many working days after ``start``; the start itself does not count, 0 gives the start.

    Raises ValueError when ``days`` is negative or the end lies after the year 9999.
    """
    if days < 0:
        raise ValueError("counting forward needs a number of working days of 0 or more")
    if days == 0:
        return start
    year = start.year
    ordinary = _ordinary_days(year)
    passed = bisect_right(ordinary, start.toordinal())
    while len(ordinary) - passed < days:
        days -= len(ordinary) - passed
        passed = 0
        year += 1
        ordinary = _ordinary_days(year)
    return date.fromordinal(ordinary[passed + days - 1])


def moved_on(day: date) -> date:
    """The day itself, or where it is a Saturday, Sunday or holiday the first working day after it (art. 1 lid 1)."""
    return day if is_ordinary_day(day) else add_working_days(day, 1)


def working_days_between(after: date, through: date) -> int:
    """How many working days lie after the first day up to and including the second; 0 when that is no stretch."""
    if through <= after:
        return 0
    first, last = after.toordinal(), through.toordinal()
    count = bisect_right(_ordinary_days(through.year), last) - bisect_right(_ordinary_days(after.year), first)
    return count + sum(len(_ordinary_days(year)) for year in range(after.year, through.year))


def day_longer_ago(today: date, days: int) -> date:
    """The last day after which more than that many working days went by, today not counted."""
    day = today - timedelta(days=1)
    while add_working_days(day, days) >= today:
        day -= timedelta(days=1)
    return day


def add_months(start: date, months: int) -> date:
    """The same day of the month, that many months later; the last day of the month when it has no such day."""
    year, month_before = divmod(start.year * 12 + start.month - 1 + months, 12)
    month = month_before + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def nominal_end(start: date, length: int, unit: Unit) -> date:
    """The last day of a term that began with an event on ``start``, before any moving on; the event's day not counted.

    Raises ValueError or OverflowError when the end lies after the year 9999.
    """
    if unit is Unit.WORKING_DAYS:
        return add_working_days(start, length)
    if unit is Unit.MONTHS:
        return add_months(start, length)
    return start + timedelta(days=length * 7 if unit is Unit.WEEKS else length)


def act_covers(length: int, unit: Unit) -> bool:
    """Whether art. 4 onderdeel a leaves a term under the act: at most 90 days, twelve weeks or three months.

    The desk's own terms stand in no law; the desk follows articles 1 to 4 for them by choice, this limit included.
    """
    return length <= _LONGEST_COVERED[unit]


def count_back(day: date, days: int) -> date:
    """The day that lies that many calendar days before ``day``; it may be a Sunday or a holiday.

    Source: art. 1 lid 2: what is counted back from an event does not move.
    """
    return day - timedelta(days=days)


def reminder_days(asked_on: date, due_on: date) -> tuple[date, ...]:
    """When to remind somebody of a term: half-way and 2 days before its end, in order, never on the first or last day.

    A short term gives one day or none. The days are counted back and do not move (art. 1 lid 2).
    """
    half_way = count_back(due_on, (due_on - asked_on).days // 2)
    wanted = {half_way, count_back(due_on, 2)}
    return tuple(sorted(day for day in wanted if asked_on < day < due_on))
