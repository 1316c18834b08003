"""The arithmetic of a clock day by day: which days counted, which did not, and why, in Dutch.

This walks the calendar by itself instead of asking ``deadlines.due_on``, so that the two check each other.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from knelpunt.domain.calendar.clocks import Unit
from knelpunt.domain.calendar.deadlines import ClockRun, days_to_count, effective_suspensions
from knelpunt.domain.calendar.working_days import (
    MIN_DAYS_FOR_TWO_ORDINARY_DAYS,
    ORDINARY_DAYS_IN_A_TERM,
    act_covers,
    why_not_ordinary,
)
from knelpunt.domain.texts import weekday_in_words

EVENT_DAY = "dag van de gebeurtenis telt niet mee"
SAME_DAY = "deze termijn eindigt op de dag zelf"
LAST_DAY = "laatste dag van de termijn"
LAST_DAY_MOVED = "laatste dag van de termijn: hierheen is het einde opgeschoven"
LAST_DAY_LONG_TERM = "laatste dag van de termijn: zo'n lange termijn schuift niet op (art. 4 Algemene termijnenwet)"
TOO_FEW_WORKING_DAYS = "minder dan twee werkdagen in de termijn: die wordt langer (art. 2 Algemene termijnenwet)"
ADDED_WORKING_DAY = "toegevoegde werkdag (art. 2 Algemene termijnenwet)"
STOPPED = "klok gestopt"
STOPPED_EARLIER = "klok was al gestopt"

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One day of a clock: whether it counted, as which number, and otherwise why not."""

    day: date
    weekday: str
    counts: bool
    number: int | None
    reason: str


def replay(run: ClockRun, today: date) -> list[DayRecord]:
    """The days of a clock from its start up to and including its due date, in order.

    A clock that stands still without a known end has no due date yet: its still days are shown up to and including
    today.
    """
    return _Walk(run, today).days()


class _Walk:
    """One walk over the calendar; it holds the day it has come to and what it has written down."""

    def __init__(self, run: ClockRun, today: date) -> None:
        self._run = run
        self._today = today
        self._suspensions = effective_suspensions(run)
        self._day = run.started_on
        self._records: list[DayRecord] = []
        self._counted = 0
        self._working_days = 0

    def days(self) -> list[DayRecord]:
        term = self._run.term
        if term.length == 0:
            self._write(SAME_DAY)
            return self._records
        self._write(EVENT_DAY)
        total = days_to_count(self._run)
        while self._counted < total:
            if not self._step_to_running_day():
                return self._records
            self._count_or_skip()
        if term.unit is Unit.WORKING_DAYS:
            self._explain_last(LAST_DAY)
        elif act_covers(term.length, term.unit):
            self._move_on(total)
        else:
            self._explain_last(LAST_DAY if why_not_ordinary(self._day) is None else LAST_DAY_LONG_TERM)
        return self._records

    def _step_to_running_day(self) -> bool:
        """Go to the next day on which the clock runs; False when it stands still and no end is known."""
        self._day += _ONE_DAY
        while still := [each for each in self._suspensions if each.covers(self._day)]:
            if self._day > self._today and any(each.until_day is None for each in still):
                return False
            self._write(f"klok stond stil: {still[0].reason}")
            self._day += _ONE_DAY
        return True

    def _count_or_skip(self) -> None:
        obstacle = why_not_ordinary(self._day)
        if obstacle is not None and self._run.term.unit is Unit.WORKING_DAYS:
            self._write(obstacle)
            return
        self._counted += 1
        self._working_days += obstacle is None
        self._write("", number=self._counted)

    def _move_on(self, total: int) -> None:
        """Apply art. 2 and art. 1 lid 1 of the Algemene termijnenwet to a term that was counted to its end."""
        missing = ORDINARY_DAYS_IN_A_TERM - self._working_days if total >= MIN_DAYS_FOR_TWO_ORDINARY_DAYS else 0
        obstacle = why_not_ordinary(self._day)
        if missing <= 0 and obstacle is None:
            self._explain_last(LAST_DAY)
            return
        self._explain_last(
            TOO_FEW_WORKING_DAYS
            if missing > 0
            else f"einde valt op {obstacle}: schuift op (art. 1 Algemene termijnenwet)"
        )
        missing = max(1, missing)
        while missing:
            if not self._step_to_running_day():
                return
            obstacle = why_not_ordinary(self._day)
            missing -= obstacle is None
            self._write(obstacle or (ADDED_WORKING_DAY if missing else LAST_DAY_MOVED))

    def _write(self, reason: str, *, number: int | None = None) -> None:
        stopped_on = self._run.stopped_on
        if not reason and stopped_on is not None and self._day >= stopped_on:
            reason = STOPPED if self._day == stopped_on else STOPPED_EARLIER
        self._records.append(DayRecord(self._day, weekday_in_words(self._day), number is not None, number, reason))

    def _explain_last(self, reason: str) -> None:
        last = self._records[-1]
        self._records[-1] = DayRecord(last.day, last.weekday, last.counts, last.number, reason)
