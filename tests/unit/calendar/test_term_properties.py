"""What must hold for every term: tried on many random clocks, with a fixed seed for each round."""

import random
from datetime import date, timedelta

import pytest

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.deadlines import (
    ClockRun,
    Suspension,
    days_left,
    days_to_count,
    due_on,
    gross_days,
    is_late,
    net_days,
    projected_due_on,
)
from knelpunt.domain.calendar.holidays import holiday_on
from knelpunt.domain.calendar.replay import replay
from knelpunt.domain.calendar.working_days import (
    act_covers,
    add_months,
    add_working_days,
    is_ordinary_day,
    working_days_between,
)

ROUNDS = range(40)
LENGTHS = {Unit.WORKING_DAYS: 30, Unit.CALENDAR_DAYS: 100, Unit.WEEKS: 14, Unit.MONTHS: 13}
ONE_DAY = timedelta(days=1)


def random_day(chance):
    return date(2012, 1, 1) + timedelta(days=chance.randrange(0, 365 * 17))


def random_run(chance, *, may_be_open=True):
    unit = chance.choice(list(Unit))
    started_on = random_day(chance)
    suspensions = []
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        first = started_on + timedelta(days=chance.randrange(-5, 60))
        last = first + timedelta(days=chance.randrange(-1, 30))
        suspensions.append(Suspension(first, last, "wachten op aanvulling"))
    if may_be_open and chance.random() < 0.2:
        suspensions.append(Suspension(started_on + timedelta(days=chance.randrange(0, 60)), None, "op verzoek"))
    stopped_on = started_on + timedelta(days=chance.randrange(0, 80)) if chance.random() < 0.2 else None
    length = chance.randrange(1, LENGTHS[unit])
    return ClockRun.of(Clock.K4, started_on, length, unit, suspensions=suspensions, stopped_on=stopped_on)


def naive_is_working_day(day):
    return day.strftime("%u") not in "67" and holiday_on(day) is None


def naive_add(start, days):
    while days:
        start += ONE_DAY
        days -= naive_is_working_day(start)
    return start


@pytest.mark.parametrize("seed", ROUNDS)
def test_the_replay_ends_on_the_due_date_and_counts_the_whole_term(seed):
    chance = random.Random(seed)
    for _ in range(25):
        run = random_run(chance)
        due = due_on(run)
        today = run.started_on + timedelta(days=chance.randrange(0, 200))
        records = replay(run, today)
        days = [each.day for each in records]
        assert days == [run.started_on + timedelta(days=n) for n in range(len(days))]
        numbers = [each.number for each in records if each.counts]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(each.reason for each in records if not each.counts)
        if due is None:
            still_from = min(each.from_day for each in run.suspensions if each.until_day is None)
            assert records[-1].day <= max(today, still_from - ONE_DAY)
            assert len(numbers) <= days_to_count(run)
        else:
            assert records[-1].day == due, run
            assert len(numbers) == days_to_count(run)


@pytest.mark.parametrize("seed", ROUNDS)
def test_days_left_agree_with_late_and_with_the_due_date(seed):
    chance = random.Random(seed)
    for _ in range(25):
        run = random_run(chance)
        due = due_on(run)
        if due is None or run.stopped_on is not None:
            continue
        left = [days_left(run, run.started_on + timedelta(days=n)) for n in range(130)]
        for passed, days in enumerate(left):
            today = run.started_on + timedelta(days=passed)
            assert (days < 0) == is_late(run, today) == (today > due)
            assert (days == 0) == (today == due)
        assert left == sorted(left, reverse=True)


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_clock_that_stands_still_does_not_run_down(seed):
    chance = random.Random(seed)
    for _ in range(25):
        run = random_run(chance)
        open_from = [each.from_day for each in run.suspensions if each.until_day is None]
        if due_on(run) is not None or not open_from:
            continue
        first = max(open_from[0], run.started_on + ONE_DAY)
        assert len({days_left(run, first + timedelta(days=n)) for n in range(20)}) == 1
        assert not is_late(run, first + timedelta(days=500))
        projected = [projected_due_on(run, first + timedelta(days=n)) for n in range(40)]
        assert projected == sorted(projected)


@pytest.mark.parametrize("seed", ROUNDS)
def test_net_time_is_gross_time_without_the_days_still(seed):
    chance = random.Random(seed)
    for _ in range(25):
        run = random_run(chance)
        today = run.started_on + timedelta(days=chance.randrange(0, 120))
        end = today if run.stopped_on is None else min(today, run.stopped_on)
        days = [run.started_on + timedelta(days=n) for n in range(1, (end - run.started_on).days + 1)]
        assert gross_days(run, today) == len(days)
        running = [day for day in days if not any(each.covers(day) for each in run.suspensions)]
        assert net_days(run, today) == len(running)


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_longer_term_or_a_later_start_never_ends_earlier(seed):
    chance = random.Random(seed)
    for _ in range(15):
        run = random_run(chance, may_be_open=False)
        for later in (
            ClockRun.of(run.clock, run.started_on, run.term.length + 1, run.term.unit, suspensions=run.suspensions),
            ClockRun.of(
                run.clock, run.started_on + ONE_DAY, run.term.length, run.term.unit, suspensions=run.suspensions
            ),
        ):
            if act_covers(run.term.length, run.term.unit) and not act_covers(later.term.length, later.term.unit):
                continue
            here = ClockRun.of(run.clock, run.started_on, run.term.length, run.term.unit, suspensions=run.suspensions)
            assert due_on(here) <= due_on(later)


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_term_under_the_act_ends_on_a_working_day_on_which_the_clock_runs(seed):
    chance = random.Random(seed)
    for _ in range(40):
        run = random_run(chance, may_be_open=False)
        due = due_on(run)
        if act_covers(run.term.length, run.term.unit):
            assert is_ordinary_day(due)
        if run.stopped_on is None:
            assert not any(each.covers(due) for each in run.suspensions)


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_suspension_inside_the_term_moves_the_end_by_the_days_it_lasted(seed):
    chance = random.Random(seed)
    for _ in range(25):
        started_on = random_day(chance)
        first = started_on + timedelta(days=chance.randrange(1, 8))
        last = first + timedelta(days=chance.randrange(0, 25))
        still = [Suspension(first, last, "wachten op aanvulling")]
        plain = ClockRun.of(Clock.K2, started_on, 10, Unit.WORKING_DAYS)
        moved = ClockRun.of(Clock.K2, started_on, 10, Unit.WORKING_DAYS, suspensions=still)
        working_days = sum(naive_is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))
        assert due_on(moved) == naive_add(due_on(plain), working_days)
        # Terms of more than twelve weeks are not moved on, so that the days show exactly.
        plain = ClockRun.of(Clock.K4, started_on, 13, Unit.WEEKS)
        moved = ClockRun.of(Clock.K4, started_on, 13, Unit.WEEKS, suspensions=still)
        assert due_on(moved) == due_on(plain) + (last - first) + ONE_DAY


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_suspension_after_the_end_moves_nothing(seed):
    chance = random.Random(seed)
    for _ in range(25):
        run = random_run(chance, may_be_open=False)
        if run.stopped_on is not None:
            continue
        due = due_on(run)
        until = chance.choice([None, due + timedelta(days=30)])
        late = Suspension(due + timedelta(days=chance.randrange(1, 5)), until, "wachten op aanvulling")
        again = ClockRun.of(
            run.clock, run.started_on, run.term.length, run.term.unit, suspensions=[*run.suspensions, late]
        )
        assert due_on(again) == due


@pytest.mark.parametrize("seed", ROUNDS)
def test_adding_working_days_agrees_with_stepping_one_by_one(seed):
    chance = random.Random(seed)
    for _ in range(25):
        start, days = random_day(chance), chance.randrange(0, 300)
        end = add_working_days(start, days)
        assert end == naive_add(start, days)
        assert working_days_between(start, end) == days
        first = chance.randrange(0, days + 1)
        assert add_working_days(add_working_days(start, first), days - first) == end


@pytest.mark.parametrize("seed", ROUNDS)
def test_counting_working_days_agrees_with_looking_at_each_day(seed):
    chance = random.Random(seed)
    for _ in range(25):
        after, length = random_day(chance), chance.randrange(-10, 900)
        through = after + timedelta(days=length)
        expected = sum(naive_is_working_day(after + timedelta(days=n)) for n in range(1, length + 1))
        assert working_days_between(after, through) == expected


@pytest.mark.parametrize("seed", ROUNDS)
def test_months_keep_the_day_or_end_the_month(seed):
    chance = random.Random(seed)
    for _ in range(50):
        day, months = random_day(chance), chance.randrange(0, 40)
        later = add_months(day, months)
        assert (later.year - day.year) * 12 + later.month - day.month == months
        assert later.day == day.day or (later.day < day.day and (later + ONE_DAY).day == 1)
