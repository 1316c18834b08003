"""The figures of a quarter, counted from events up to a day, so that a past quarter can be counted again.

Pages of a whole quarter, or of one up to now, read the same numbers from the ledger (``ledger``).

A figure is a set of cases: the statements here count it, those in ``lists`` list it, from the same sets. Days
are days in Europe/Amsterdam.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    SQLColumnExpression,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter, start_of_nl_day
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.ledger import (
    EFFECT,
    FACT_OF_FIGURE,
    GROSS,
    LATE,
    MEASURED_CLOCKS,
    NET,
    PLACE,
    RULE,
    TERM,
    TIMED_CLOCKS,
    TOTAL,
    WHAT,
    FactKind,
)
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.vocabulary import OPEN_STATUSES, AssessmentRole, Channel, EventKind
from knelpunt.models import (
    Assessment,
    Case,
    ClockPeriod,
    ClockSuspension,
    Event,
    MunicipalityUrbanity,
    Provision,
)
from knelpunt.models.event import IS_CROSSING

PRESSING_RULES = 10
NONE = "geen"
"""The value of a dimension that a case does not have, as it stands in an address."""


@dataclass(frozen=True, slots=True)
class Span:
    """A quarter up to and including a day: the last day of the quarter, or today while it runs.

    ``is_cut``: the count stops before what is known today, so that only the events can tell it.
    """

    quarter: Quarter
    until: date
    is_cut: bool = False

    @classmethod
    def of(cls, quarter: Quarter, until: date, *, is_cut: bool = False) -> "Span":
        """The quarter as far as it is known on ``until``; never past its own end nor before its first day."""
        return cls(quarter, max(min(until, quarter.last_day), quarter.first_day), is_cut)

    @property
    def first(self) -> date:
        return self.quarter.first_day

    @property
    def is_running(self) -> bool:
        return self.until < self.quarter.last_day


LONG_SPLITS: frozenset[str] = frozenset({*Dimension, PLACE, RULE})
"""What has many sides, or many cells on a page."""
_SHORT_SPLITS = frozenset(
    {TOTAL, GROSS, NET, LATE, WHAT, EFFECT, *(f"{name}:{clock}" for name in (GROSS, TERM) for clock in TIMED_CLOCKS)}
)
_OF_CASES = frozenset({*FACT_OF_FIGURE.values(), FactKind.STOPPED})


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a quarter is wanted: which of the long splits; whether what is no count of cases (clocks that run late,
    questions, answers that were owed, what came after closing, guides, rules); and whether a year earlier."""

    splits: frozenset[str] = LONG_SPLITS
    beside: bool = True
    year: bool = True

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of fact that tell it."""
        return frozenset(FactKind) if self.beside else _OF_CASES

    @property
    def every_split(self) -> frozenset[str]:
        """The long splits, with the short ones, which are always read."""
        return self.splits | _SHORT_SPLITS


WHOLE = Reading()
AT_A_GLANCE = Reading(frozenset({Dimension.LAW}), beside=False, year=False)
"""The first page of a quarter."""
BUT_SPLITS = Reading(frozenset({Dimension.VERDICT, PLACE, RULE}))
"""What is split by no dimension; whether a rule was bridgeable follows from the verdict."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a span as parameters, for a statement that is made once and asked for every span."""

    first: BindParameter[date]
    until: BindParameter[date]

    @classmethod
    def of(cls, name: str = "") -> "Days":
        return cls(bindparam(f"{name}first", type_=Date), bindparam(f"{name}until", type_=Date))

    def given(self, span: Span) -> dict[str, date]:
        """What a statement with these parameters is asked for a span."""
        return {self.first.key: span.first, self.until.key: span.until}


@dataclass(frozen=True, slots=True)
class Count:
    """The size of a set, whole and split: ``by[Dimension.LAW][law_id]``; None is "no such side"."""

    total: int
    by: dict[Dimension, dict[Any, int]]


@dataclass(frozen=True, slots=True)
class Duration:
    """Days, median and 90th percentile, over ``cases`` cases; None when there are none."""

    cases: int
    median: float | None
    ninth_decile: float | None


@dataclass(frozen=True, slots=True)
class Lateness:
    """One clock: runs that stopped in the quarter, how many of those too late, and how many run too late now."""

    stopped: int
    stopped_late: int
    running_late: int

    @property
    def share_within(self) -> float | None:
        """Which part of what stopped did so within its term, in percent; None when nothing stopped."""
        return (self.stopped - self.stopped_late) / self.stopped * 100 if self.stopped else None


RATED_FROM = 10
"""Of fewer questions that ended, no share is told: one more or less would change it too much."""


@dataclass(frozen=True, slots=True)
class MinistryAnswers:
    """Questions put to a ministry in the quarter, and what became of those that ended in it."""

    asked: int = 0
    in_time: int = 0
    late: int = 0
    no_answer: int = 0

    @property
    def ended(self) -> int:
        return self.in_time + self.late + self.no_answer

    @property
    def share_in_time(self) -> float | None:
        """Which part was answered in time, in percent; None for a ministry that is not rated."""
        return self.in_time / self.ended * 100 if self.ended >= RATED_FROM else None


@dataclass(frozen=True, slots=True)
class OwedAnswers:
    """Cases to which the desk owed an answer in the quarter, and those of them that had one late or not yet."""

    owed: int = 0
    silent: int = 0

    @property
    def in_time(self) -> int:
        """The cases of which every answer that was owed came in time."""
        return self.owed - self.silent


@dataclass(frozen=True, slots=True)
class PressingRule:
    law_id: int
    provision_id: int | None
    article: str | None
    instrument: str | None
    cases: int
    municipalities: int


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    span: Span
    counts: dict[Figure, Count]
    gross: Duration
    net: Duration
    late: dict[Clock, Lateness]
    consulted: dict[int, MinistryAnswers] = field(default_factory=dict)
    owed: OwedAnswers = OwedAnswers()
    municipalities: int = 0
    """From how many municipalities something came in."""


def quarter_figures(session: Session, span: Span) -> QuarterFigures:
    """Every figure of a quarter, in six statements whatever the number of cases."""
    gross, net = _durations(session, span)
    return QuarterFigures(
        span=span,
        counts={figure: _count(session, figure, span) for figure in Figure},
        gross=gross,
        net=net,
        late=_late(session, span),
    )


IS_COUNTED = Event.case_id.not_in(select(Case.id).where(Case.import_undone_on.is_not(None)))
"""The event is of a case that counts. One of which the import was undone never came in, in any quarter."""


def members_of(figure: Figure, span: Span) -> Subquery:
    """The cases of a figure: ``case_id``, ``on_day``, and the verdict and result of that moment."""
    columns = (Event.case_id, Event.happened_on.label("on_day"), Event.verdict, Event.result)
    in_span = Event.happened_on.between(span.first, span.until)
    match figure:
        case Figure.RECEIVED:
            is_filed = Event.kind == EventKind.FILED.value
            return select(*columns).where(is_filed, in_span, IS_COUNTED).subquery("members")
        case Figure.HANDLED:
            return (
                select(*columns)
                .ext(distinct_on(Event.case_id))
                .where(in_span, text(IS_CROSSING), Event.status.not_in(OPEN_STATUSES), IS_COUNTED)
                .order_by(Event.case_id, Event.number.desc())
                .subquery("members")
            )
        case Figure.OPEN:
            # Crossings alternate, so that their sum is 1 or 0. Asking for 1 also tells the planner that few are open.
            change = case((Event.status.in_(OPEN_STATUSES), 1), else_=-1)
            return (
                select(Event.case_id, func.max(Event.happened_on).label("on_day"))
                .where(Event.happened_on <= span.until, text(IS_CROSSING), IS_COUNTED)
                .group_by(Event.case_id)
                .having(func.sum(change) == 1)
                .subquery("members")
            )


def law_on(span: Span) -> ColumnElement[int | None]:
    """The law under which a case counts, as it was known at the end of the span's last day."""
    return _counts_under(span, Assessment.law_id)


def _counts_under(span: Span, column: SQLColumnExpression[Any]) -> ColumnElement[int | None]:
    end = start_of_nl_day(day_after(span.until))
    blocks_first = case((Assessment.role == AssessmentRole.BLOCKS, 0), else_=1)
    return (
        select(column)
        .where(
            Assessment.case_id == Case.id,
            or_(Assessment.author_id.is_(None), Assessment.made_at < end),
            or_(Assessment.withdrawn_at.is_(None), Assessment.withdrawn_at >= end),
        )
        .order_by(blocks_first, Assessment.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def urbanity_of_case() -> ColumnElement[Urbanity | None]:
    """How urban the place of a case is, by the newest list that had begun when it was filed."""
    return (
        select(MunicipalityUrbanity.urbanity)
        .where(
            MunicipalityUrbanity.municipality_id == Case.municipality_id, MunicipalityUrbanity.since <= Case.filed_on
        )
        .order_by(MunicipalityUrbanity.since.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def sides_of(figure: Figure, members: Subquery, span: Span) -> dict[Dimension, SQLColumnExpression[Any]]:
    """The column of each dimension that this figure is split by."""
    sides: dict[Dimension, SQLColumnExpression[Any]] = {
        Dimension.LAW: law_on(span),
        Dimension.PROVISION: _counts_under(span, Assessment.provision_id),
        Dimension.THEME: Case.theme,
        Dimension.PROVINCE: Case.province_id,
        Dimension.URBANITY: urbanity_of_case(),
        Dimension.SUBMITTER: Case.submitter_kind,
    }
    if figure is Figure.HANDLED:
        sides |= {Dimension.VERDICT: members.c.verdict, Dimension.RESULT: members.c.result}
    return sides


def _count(session: Session, figure: Figure, span: Span) -> Count:
    members = members_of(figure, span)
    sides = sides_of(figure, members, span)
    rows = (
        select(*(column.label(dimension.value) for dimension, column in sides.items()))
        .select_from(members.join(Case, Case.id == members.c.case_id))
        .subquery("sided")
    )
    columns = [rows.c[dimension.value] for dimension in sides]
    counted = session.execute(
        select(*columns, func.grouping(*columns).label("which"), func.count().label("number")).group_by(
            func.grouping_sets(*columns)
        )
    )
    # GROUPING() has a bit for every column that a row is not grouped by, the first column's the highest.
    every = (1 << len(columns)) - 1
    places = {every & ~(1 << (len(columns) - 1 - place)): place for place in range(len(columns))}
    dimensions = list(sides)
    by: dict[Dimension, dict[Any, int]] = {dimension: {} for dimension in dimensions}
    for row in counted:
        place = places[row.which]
        by[dimensions[place]][row[place]] = row.number
    return Count(sum(by[Dimension.THEME].values()), by)


def _durations(session: Session, span: Span) -> tuple[Duration, Duration]:
    ended = members_of(Figure.HANDLED, span)
    stood_still = (
        select(func.coalesce(func.sum(ClockSuspension.until_day - ClockSuspension.from_day + 1), 0))
        .join(ClockPeriod, ClockPeriod.id == ClockSuspension.period_id)
        .where(ClockPeriod.case_id == Case.id, ClockSuspension.until_day <= ended.c.on_day)
        .correlate(Case, ended)
        .scalar_subquery()
    )
    # Materialised: else the stretches of every case are added up once for each of its two uses.
    days = (
        select((ended.c.on_day - Case.filed_on).label("gross"), stood_still.label("still"))
        .select_from(ended.join(Case, Case.id == ended.c.case_id))
        .where(Case.channel != Channel.IMPORT)  # of history the days are booked, not known (decision 0006)
        .cte("days")
        .prefix_with("MATERIALIZED")
    )
    net = days.c.gross - days.c.still

    def percentile(share: float, column: ColumnElement[Any]) -> ColumnElement[float]:
        return func.percentile_cont(share).within_group(column.asc())

    row = session.execute(
        select(
            func.count(),
            percentile(0.5, days.c.gross),
            percentile(0.9, days.c.gross),
            percentile(0.5, net),
            percentile(0.9, net),
        )
    ).one()
    return Duration(row[0], row[1], row[2]), Duration(row[0], row[3], row[4])


def _late(session: Session, span: Span) -> dict[Clock, Lateness]:
    stopped, stopped_late, running_late = clock_sets(span)
    rows = session.execute(
        select(
            ClockPeriod.clock,
            func.count().filter(stopped),
            func.count().filter(stopped_late),
            func.count().filter(running_late),
        )
        .where(
            ClockPeriod.clock.in_(MEASURED_CLOCKS),
            or_(ClockPeriod.stopped_on >= span.first, ClockPeriod.stopped_on.is_(None)),  # for the index
            or_(stopped, running_late),
        )
        .group_by(ClockPeriod.clock)
    )
    found = {row[0]: Lateness(row[1], row[2], row[3]) for row in rows}
    return {clock: found.get(clock, Lateness(0, 0, 0)) for clock in MEASURED_CLOCKS}


def clock_sets(span: Span | Days) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    stopped = and_(ClockPeriod.stopped_on.between(span.first, span.until), ~ClockPeriod.fell_away)
    stopped_late = and_(stopped, ClockPeriod.due_on < ClockPeriod.stopped_on)
    running_late = and_(
        ClockPeriod.started_on <= span.until,
        ClockPeriod.due_on < span.until,
        or_(ClockPeriod.stopped_on.is_(None), ClockPeriod.stopped_on > span.until),
    )
    return stopped, stopped_late, running_late


def pressed_cases(span: Span) -> Subquery:
    """The cases that the pressing rules are counted over: received in the span, or open at its end."""
    received, still_open = members_of(Figure.RECEIVED, span), members_of(Figure.OPEN, span)
    return select(received.c.case_id).union(select(still_open.c.case_id)).subquery("concerned")


def blocks_on(span: Span) -> ColumnElement[bool]:
    """That an assessment names a rule that blocks, as it was known at the end of the span's last day."""
    end = start_of_nl_day(day_after(span.until))
    return and_(
        Assessment.role == AssessmentRole.BLOCKS,
        or_(Assessment.author_id.is_(None), Assessment.made_at < end),
        or_(Assessment.withdrawn_at.is_(None), Assessment.withdrawn_at >= end),
    )


def pressing_rules(session: Session, span: Span) -> list[PressingRule]:
    """The rules that block the most cases that are open or were received, the most first."""
    concerned = pressed_cases(span)
    cases, places = func.count(Case.id.distinct()), func.count(Case.municipality_id.distinct())
    article = case((Assessment.provision_id.is_(None), Assessment.article), else_=None)
    rows = session.execute(
        select(
            Assessment.law_id,
            Assessment.provision_id,
            func.coalesce(Provision.article, article).label("article"),
            Provision.instrument,
            cases.label("cases"),
            places.label("places"),
        )
        .select_from(concerned.join(Case, Case.id == concerned.c.case_id))
        .join(Assessment, Assessment.case_id == Case.id)
        .outerjoin(Provision, Provision.id == Assessment.provision_id)
        .where(blocks_on(span))
        .group_by(Assessment.law_id, Assessment.provision_id, Provision.article, Provision.instrument, article)
        .order_by(cases.desc(), places.desc(), Assessment.law_id, Assessment.provision_id, article)
        .limit(PRESSING_RULES)
    )
    return [PressingRule(*row) for row in rows]
