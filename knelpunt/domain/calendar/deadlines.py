"""When a running clock ends: start, term and suspensions in, dates and days out. Days are days in Europe/Amsterdam."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from knelpunt.domain.calendar.clocks import Clock, Term, Unit
from knelpunt.domain.calendar.working_days import (
    MIN_DAYS_FOR_TWO_ORDINARY_DAYS,
    ORDINARY_DAYS_IN_A_TERM,
    act_covers,
    add_working_days,
    is_ordinary_day,
    nominal_end,
    working_days_between,
)

_ONE_DAY = timedelta(days=1)
_Stretch = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Suspension:
    """A stretch in which a clock stands still: first and last whole day, the last one None while it goes on.

    An answer on the day of the request gives an empty stretch, whose last day is the day before its first. Raises
    ValueError when the last day is earlier than that.
    """

    from_day: date
    until_day: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.until_day is not None and self.until_day < self.from_day - _ONE_DAY:
            raise ValueError("a suspension cannot end before it begins")

    @classmethod
    def after_request(cls, requested_on: date, reason: str, *, ended_on: date | None = None) -> "Suspension":
        """The suspension that a request brings: from the next day up to and including the day that ends it."""
        return cls(requested_on + _ONE_DAY, ended_on, reason)

    def ended(self, day: date) -> "Suspension":
        """The same with a day that ends it; what ended before stays as it was."""
        return self if self.until_day is not None else replace(self, until_day=max(day, self.from_day - _ONE_DAY))

    def covers(self, day: date) -> bool:
        """Whether the clock stands still on a day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One run of one clock: the day of the event that started it, its term, when it stood still, when it stopped."""

    clock: Clock
    started_on: date
    term: Term
    suspensions: tuple[Suspension, ...] = ()
    stopped_on: date | None = None

    def __post_init__(self) -> None:
        if self.stopped_on is not None and self.stopped_on < self.started_on:
            raise ValueError("a clock cannot stop before it started")

    @classmethod
    def of(
        cls,
        clock: Clock,
        started_on: date,
        length: int,
        unit: Unit,
        *,
        suspensions: Iterable[Suspension] = (),
        stopped_on: date | None = None,
    ) -> "ClockRun":
        """A run whose term is known by its length alone, as a stored row has it."""
        return cls(clock, started_on, Term(clock, length, unit, started_on), tuple(suspensions), stopped_on)


def effective_suspensions(run: ClockRun) -> list[Suspension]:
    """The suspensions that matter: after the start, in order; one that was open ended when the clock stopped."""
    found = []
    for suspension in sorted(run.suspensions, key=lambda each: each.from_day):
        from_day, until_day = max(suspension.from_day, run.started_on + _ONE_DAY), suspension.until_day
        if run.stopped_on is not None:
            until_day = run.stopped_on if until_day is None else min(until_day, run.stopped_on)
        if until_day is None or from_day <= until_day:
            found.append(Suspension(from_day, until_day, suspension.reason))
    return found


def days_to_count(run: ClockRun) -> int:
    """How many days the clock has to count: working days for a term in working days, else calendar days."""
    if run.term.unit is Unit.WORKING_DAYS:
        return run.term.length
    return (nominal_end(run.started_on, run.term.length, run.term.unit) - run.started_on).days


def _merged(suspensions: Sequence[Suspension]) -> list[_Stretch]:
    """The days that the clock stands still, as stretches that do not overlap."""
    merged: list[_Stretch] = []
    for suspension in suspensions:
        if merged:
            first, last = merged[-1]
            if last is None:
                break
            if suspension.from_day <= last + _ONE_DAY:
                until = suspension.until_day
                merged[-1] = (first, None if until is None else max(last, until))
                continue
        merged.append((suspension.from_day, suspension.until_day))
    return merged


def _running_days(after: date, through: date, stretches: Iterable[_Stretch], *, working_days_only: bool) -> int:
    """How many days after the first day up to and including the second the clock ran."""

    def count(first: date, last: date) -> int:
        return working_days_between(first, last) if working_days_only else max(0, (last - first).days)

    total = count(after, through)
    for first, last in stretches:
        total -= count(max(after, first - _ONE_DAY), through if last is None else min(last, through))
    return total


def due_on(run: ClockRun) -> date | None:
    """The last day of a clock's term, or None while the clock stands still without a known end.

    The day of the event does not count. Days of suspension do not count either, so that they move the end by as many
    days, or working days, as the clock stood still. A suspension that begins after the last day moves nothing: a clock
    that ran out is not revived. An end on a Saturday, Sunday or holiday moves to the first working day on which the
    clock runs; a term of three days or more holds at least two such days; terms of more than 90 days, twelve weeks or
    three months end where they end.
    Source: Algemene termijnenwet (BWBR0002448), art. 1, 2 and 4, which the desk follows for its own terms.
    """
    term = run.term
    if term.length == 0:
        return run.started_on
    in_working_days = term.unit is Unit.WORKING_DAYS
    remaining = total = days_to_count(run)
    stretches = _merged(effective_suspensions(run)) if run.suspensions else []
    counted_to = run.started_on
    for first, last in stretches:
        available = _running_days(counted_to, first - _ONE_DAY, [], working_days_only=in_working_days)
        if available >= remaining:
            break
        if last is None:
            return None
        remaining -= available
        counted_to = last
    if in_working_days:
        return add_working_days(counted_to, remaining)
    end = counted_to + timedelta(days=remaining)
    if not act_covers(term.length, term.unit):
        return end
    return _moved_on(run.started_on, end, total, stretches)


def _moved_on(start: date, end: date, length_in_days: int, stretches: Sequence[_Stretch]) -> date | None:
    """The end after art. 2 (two working days in a term of three days or more) and art. 1 lid 1 (moving on)."""
    missing = 0
    if length_in_days >= MIN_DAYS_FOR_TWO_ORDINARY_DAYS:
        missing = ORDINARY_DAYS_IN_A_TERM - _running_days(start, end, stretches, working_days_only=True)
    while missing > 0 or not is_ordinary_day(end):
        later = _next_running_working_day(end, stretches)
        if later is None:
            return None
        end = later
        missing -= 1
    return end


def _next_running_working_day(day: date, stretches: Sequence[_Stretch]) -> date | None:
    """The first working day after ``day`` on which the clock runs; None when it stands still before it, without end."""
    while True:
        day += _ONE_DAY
        standing_still = next((s for s in stretches if s[0] <= day and (s[1] is None or day <= s[1])), None)
        if standing_still is not None:
            if standing_still[1] is None:
                return None
            day = standing_still[1]
        elif is_ordinary_day(day):
            return day


def projected_due_on(run: ClockRun, today: date) -> date:
    """The last day of the term if every suspension that is still open ended today."""
    due = due_on(replace(run, suspensions=tuple(each.ended(today) for each in run.suspensions)))
    if due is None:
        raise AssertionError("a clock without an open suspension has a due date")
    return due


def is_suspended(run: ClockRun, today: date) -> bool:
    """Whether the clock stands still today; a clock that stopped does not."""
    if run.stopped_on is not None and today > run.stopped_on:
        return False
    return any(suspension.covers(today) for suspension in effective_suspensions(run))


def is_late(run: ClockRun, today: date) -> bool:
    """Whether the term had run out by today, or for a stopped clock by the day it stopped; the last day is in time."""
    due = due_on(run)
    return due is not None and _measured_on(run, today) > due


def days_left(run: ClockRun, today: date) -> int:
    """How many days the clock has still to run after today: working days for a term in working days, else days.

    0 on the last day, negative when too late (at least -1, also in the weekend after). While the clock stands still
    without a known end: what is left to count when it runs again. For a stopped clock: what was left when it stopped.
    """
    day = _measured_on(run, today)
    in_working_days = run.term.unit is Unit.WORKING_DAYS
    stretches = _merged(effective_suspensions(run))
    if any(last is None and first <= day for first, last in stretches) and due_on(run) is None:
        used = _running_days(run.started_on, day, stretches, working_days_only=in_working_days)
        # Nothing left to count means that only the moving on of the end was still to come: one working day.
        return max(1, days_to_count(run) - used)
    due = projected_due_on(run, day)
    if day > due:
        return -max(1, _running_days(due, day, [], working_days_only=in_working_days))
    known = [(first, last) for first, last in stretches if last is not None]
    return _running_days(max(day, run.started_on), due, known, working_days_only=in_working_days)


def gross_days(run: ClockRun, today: date) -> int:
    """Calendar days from the start until today, or until the clock stopped; the day of the start does not count."""
    return max(0, (_measured_on(run, today) - run.started_on).days)


def net_days(run: ClockRun, today: date) -> int:
    """Gross days without the days on which the clock stood still."""
    day = _measured_on(run, today)
    if day <= run.started_on:
        return 0
    return _running_days(run.started_on, day, _merged(effective_suspensions(run)), working_days_only=False)


def resume_with_minimum(left_days: int, today: date, least: Term) -> ClockRun:
    """The run of K4 that begins when a proposal is refused: what was left, in calendar days, and at least a term.

    Args:
        least: how long it runs at least.
        left_days: ``days_left`` of the run of K4 that stopped; negative when it was too late.
        today: the day of the refusal, which does not count.
    """
    least_days = (nominal_end(today, least.length, least.unit) - today).days
    return ClockRun.of(Clock.K4, today, max(left_days, least_days), Unit.CALENDAR_DAYS)


def _measured_on(run: ClockRun, today: date) -> date:
    return today if run.stopped_on is None else min(today, run.stopped_on)
