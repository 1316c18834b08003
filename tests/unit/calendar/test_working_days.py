"""Counting with days: what the table of terms does not show."""

import time
from datetime import date, timedelta

import pytest

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.deadlines import ClockRun, due_on
from knelpunt.domain.calendar.working_days import (
    act_covers,
    add_working_days,
    count_back,
    day_longer_ago,
    reminder_days,
    why_not_ordinary,
    working_days_between,
)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-24", None),
        ("2026-11-28", "zaterdag"),
        ("2026-11-29", "zondag"),
        ("2026-12-25", "Eerste Kerstdag"),
        ("2026-12-26", "Tweede Kerstdag"),  # a Saturday
        ("2026-04-03", "Goede Vrijdag"),
        ("2026-04-05", "zondag"),  # Easter is a Sunday
        ("2026-05-15", "dag die telt als feestdag"),
    ],
)
def test_a_day_that_is_not_ordinary_says_why(day, why):
    assert why_not_ordinary(date.fromisoformat(day)) == why


@pytest.mark.parametrize(
    ("length", "unit", "covered"),
    [
        (90, Unit.CALENDAR_DAYS, True),
        (91, Unit.CALENDAR_DAYS, False),
        (90, Unit.WORKING_DAYS, True),
        (91, Unit.WORKING_DAYS, False),
        (12, Unit.WEEKS, True),
        (13, Unit.WEEKS, False),
        (3, Unit.MONTHS, True),
        (4, Unit.MONTHS, False),
        (12, Unit.MONTHS, False),
    ],
)
def test_the_act_covers_terms_up_to_its_limits(length, unit, covered):
    assert act_covers(length, unit) is covered


def test_what_is_counted_back_may_fall_on_a_holiday():
    # Art. 1 lid 2: two days before Mon 28 Dec is Sat 26 Dec, and stays.
    assert count_back(date(2026, 12, 28), 2) == date(2026, 12, 26)


@pytest.mark.parametrize(
    ("asked_on", "due", "reminders"),
    [
        # 14 days: half-way, seven days before the end, and two days before it.
        ("2026-11-09", "2026-11-23", ["2026-11-16", "2026-11-21"]),
        # 15 days: half a day is left out, so that half-way comes a little later.
        ("2026-11-09", "2026-11-24", ["2026-11-17", "2026-11-22"]),
        # Four days: half-way is two days before the end.
        ("2026-11-20", "2026-11-24", ["2026-11-22"]),
        # Two days: half-way only; two days before the end is the day of the question.
        ("2026-11-22", "2026-11-24", ["2026-11-23"]),
        ("2026-11-23", "2026-11-24", []),
        ("2026-11-24", "2026-11-24", []),
    ],
)
def test_reminders_come_half_way_and_two_days_before_the_end(asked_on, due, reminders):
    found = reminder_days(date.fromisoformat(asked_on), date.fromisoformat(due))
    assert [day.isoformat() for day in found] == reminders


def test_no_working_days_is_the_day_itself_on_a_holiday_too():
    assert add_working_days(date(2026, 12, 25), 0) == date(2026, 12, 25)


def test_working_days_are_not_counted_backward():
    with pytest.raises(ValueError, match="0 or more"):
        add_working_days(date(2026, 11, 24), -1)
    assert working_days_between(date(2026, 11, 24), date(2026, 11, 20)) == 0


def test_the_end_of_the_calendar_is_a_value_error():
    with pytest.raises(ValueError):
        add_working_days(date(9999, 12, 30), 5)


def test_a_due_date_takes_microseconds():
    runs = [
        ClockRun.of(Clock.K2, date(2014, 1, 1) + timedelta(days=n % 4000), 10, Unit.WORKING_DAYS) for n in range(5000)
    ]
    due_on(runs[0])
    begin = time.perf_counter()
    found = [due_on(run) for run in runs]
    # A hundred times what it took when this was written (0.6 microseconds), so that a busy machine does not fail.
    assert (time.perf_counter() - begin) / len(found) < 0.00006


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-24", 0, "2026-11-24"),
        ("2026-11-24", 1, "2026-11-25"),  # the day itself does not count
        ("2026-11-27", 1, "2026-11-30"),  # from Friday to Monday
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-12-24", 2, "2026-12-29"),  # Christmas, of which the second day is a Saturday
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_only_working_days_count_and_the_first_day_does_not(start, days, end):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert add_working_days(first, days) == last
    assert working_days_between(first, last) == days


@pytest.mark.parametrize("today", [date(2026, 11, 20) + timedelta(days=each) for each in range(60)])
def test_the_last_day_that_is_longer_ago_is_the_last_after_which_so_many_working_days_went_by(today):
    day = day_longer_ago(today, 5)

    assert add_working_days(day, 5) < today <= add_working_days(day + timedelta(days=1), 5)
