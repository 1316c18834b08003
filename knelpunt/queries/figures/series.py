"""The figures of a quarter along time: each quarter's counts in a row, and how long the runs of a clock took.

The same sets as in ``figures``, so that the last of a row is the number on the page of its quarter. Days are days in
Europe/Amsterdam.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, SQLColumnExpression, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Figure
from knelpunt.domain.figures.ledger import GROSS, TIMED_CLOCKS, FactKind, percentile
from knelpunt.domain.vocabulary import OPEN_STATUSES, EventKind
from knelpunt.models import ClockPeriod, ClockSuspension, Event, FigureTotal
from knelpunt.models.event import IS_CROSSING
from knelpunt.queries.figures.counts import IS_COUNTED, Span, clock_sets

FEW_RUNS = 20
"""Up to so many runs are given one by one; more are told by their percentiles only."""
QUARTERS_SHOWN = 8
"""Two years: the same quarter of the year before is among them."""
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """The three figures of one quarter; of the running one so far.

    What was open at its begin, with received and ``reopened``, without handled and ``no_end``, is open at its end.
    """

    quarter: Quarter
    received: int
    handled: int
    open: int
    reopened: int = 0
    no_end: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing came in or went out, and nothing was left."""
        return not (self.received or self.handled or self.open)

    def value(self, figure: Figure) -> int:
        """The number of one figure."""
        return {Figure.RECEIVED: self.received, Figure.HANDLED: self.handled, Figure.OPEN: self.open}[figure]


@dataclass(frozen=True, slots=True)
class ClockTimes:
    """How long the runs of a clock took that stopped in a quarter: calendar days without those it stood still.

    ``shares`` are the percentiles of ``SHARES``, and ``each`` is every run, shortest first, while they are few. The
    term of a run is in working days or weeks: ``term`` is from how many to how many calendar days that came down to.
    """

    runs: int
    late: int
    shares: tuple[float, ...]
    each: tuple[int, ...]
    term: tuple[int, int] | None


NO_TIMES = ClockTimes(0, 0, (), (), None)


def counts_by_quarter(
    session: Session, first: Quarter, until: date, *, open_at_end: int | None = None
) -> list[QuarterCount]:
    """Each quarter from ``first`` up to that of ``until``, oldest first, in one statement.

    Args:
        until: the last day that is counted.
        open_at_end: how many cases are open at the end of ``until``, if known; then only the acts since ``first`` are
            read, and what was open before follows by counting back. Without it every act is read.
    """
    year = func.extract("year", Event.happened_on)
    number = func.extract("quarter", Event.happened_on)
    crosses: ColumnElement[bool] = literal_column(f"({IS_CROSSING})", Boolean)
    is_open = Event.status.in_(sorted(OPEN_STATUSES))
    is_filed = Event.kind == EventKind.FILED.value
    rows = session.execute(
        select(
            year,
            number,
            func.count().filter(is_filed),
            func.count(Event.case_id.distinct()).filter(crosses, ~is_open),
            func.coalesce(func.sum(case((is_open, 1), else_=-1)).filter(crosses), 0),
            # Of a case that ended twice in the quarter, that it was open in between counts no more than its first end.
            func.count().filter(crosses, is_open, ~is_filed)
            - func.count().filter(crosses, ~is_open)
            + func.count(Event.case_id.distinct()).filter(crosses, ~is_open),
            func.count().filter(is_filed, crosses.is_not(True)),
        )
        .where(Event.happened_on <= until, or_(is_filed, crosses), IS_COUNTED)
        .where(*(() if open_at_end is None else (Event.happened_on >= first.first_day,)))
        .group_by(year, number)
    )
    found = {Quarter(int(row[0]), int(row[1])): row[2:] for row in rows}
    open_now = 0 if open_at_end is None else open_at_end - sum(row[2] for row in found.values())
    open_now += sum(row[2] for quarter, row in found.items() if quarter < first)
    counts: list[QuarterCount] = []
    quarter = first
    while quarter.first_day <= until:
        received, handled, change, reopened, no_end = found.get(quarter, (0, 0, 0, 0, 0))
        open_now += change
        counts.append(QuarterCount(quarter, received, handled, open_now, reopened, no_end))
        quarter = quarter.next()
    return counts


def recent_quarters(session: Session, span: Span, open_at_end: int) -> list[QuarterCount]:
    """The quarter of the span, as far as it is counted, and those before it: two years together."""
    first = span.quarter.back(QUARTERS_SHOWN - 1)
    return counts_by_quarter(session, first, span.until, open_at_end=open_at_end)


def clock_times(session: Session, span: Span) -> dict[Clock, ClockTimes]:
    """How long the runs took that stopped in the span, by clock, in one statement."""
    stopped, stopped_late, _running_late = clock_sets(span)

    def stood_still(through: SQLColumnExpression[Any]) -> ColumnElement[int]:
        """The days up to and including this one on which the clock of the run stood still."""
        return (
            select(
                func.coalesce(
                    func.sum(func.least(ClockSuspension.until_day, through) - ClockSuspension.from_day + 1), 0
                )
            )
            .where(ClockSuspension.period_id == ClockPeriod.id, ClockSuspension.from_day <= through)
            .correlate(ClockPeriod)
            .scalar_subquery()
        )

    runs = (
        select(
            ClockPeriod.clock,
            stopped_late.label("late"),
            (ClockPeriod.stopped_on - ClockPeriod.started_on - stood_still(ClockPeriod.stopped_on)).label("days"),
            (ClockPeriod.due_on - ClockPeriod.started_on - stood_still(ClockPeriod.due_on)).label("term"),
        )
        .where(ClockPeriod.clock.in_(TIMED_CLOCKS), stopped)
        .cte("runs")
        .prefix_with("MATERIALIZED")  # else the stretches are added up once for each use
    )
    few = case((func.count() <= FEW_RUNS, func.array_agg(runs.c.days)), else_=None)

    def share(part: float) -> ColumnElement[Any]:
        return func.percentile_cont(part).within_group(runs.c.days.asc())

    rows = session.execute(
        select(
            runs.c.clock,
            func.count(),
            func.count().filter(runs.c.late),
            func.min(runs.c.term),
            func.max(runs.c.term),
            few,
            *(share(part) for part in SHARES),
        ).group_by(runs.c.clock)
    )
    found = {
        row[0]: ClockTimes(
            runs=row[1],
            late=row[2],
            shares=tuple(row[6:]),
            each=tuple(sorted(row[5] or ())),
            term=None if row[3] is None else (row[3], row[4]),
        )
        for row in rows
    }
    return {clock: found.get(clock, NO_TIMES) for clock in TIMED_CLOCKS}


def typical_days(session: Session, quarters: Sequence[Quarter]) -> dict[str, tuple[int, float | None]]:
    """Of the whole country: over how many cases or runs, and the median of their days; by ``GROSS`` and by clock."""
    splits = {f"{GROSS}:{clock}": clock.value for clock in TIMED_CLOCKS}
    days: dict[str, Counter[int]] = {GROSS: Counter(), **{clock.value: Counter() for clock in TIMED_CLOCKS}}
    for kind, split, side, amount in session.execute(
        select(FigureTotal.kind, FigureTotal.split, FigureTotal.side, func.sum(FigureTotal.amount))
        .where(
            FigureTotal.quarter.in_([quarter.first_day for quarter in quarters]),
            or_(
                and_(FigureTotal.kind == FactKind.HANDLED, FigureTotal.split == GROSS),
                and_(FigureTotal.kind == FactKind.STOPPED, FigureTotal.split.in_(list(splits))),
            ),
        )
        .group_by(FigureTotal.kind, FigureTotal.split, FigureTotal.side)
    ):
        days[GROSS if kind == FactKind.HANDLED else splits[split]][int(side)] += int(amount)
    return {name: (counted.total(), percentile(counted, 0.5)) for name, counted in days.items()}
