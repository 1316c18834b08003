"""The cases behind a number of the quarter, from the same sets that the number was counted from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Subquery, and_, false, func, or_, select, text, true
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.figures.definitions import Dimension, Figure, Step
from knelpunt.domain.figures.ledger import FACT_OF_FIGURE, LASTING, FactKind
from knelpunt.domain.vocabulary import OPEN_STATUSES, Channel, EventKind
from knelpunt.models import Assessment, Case, ClockPeriod, Event, FigureFact, Provision
from knelpunt.models.event import IS_CROSSING
from knelpunt.queries.figures.afterwards import facts_told
from knelpunt.queries.figures.counts import (
    IS_COUNTED,
    PressingRule,
    Span,
    blocks_on,
    clock_sets,
    law_on,
    members_of,
    pressed_cases,
    sides_of,
    urbanity_of_case,
)

PAGE_SIZE = 50
_fact = FigureFact.__table__.c


class ClockSet(StrEnum):
    """Which runs of a clock, as it stands in an address."""

    STOPPED = "gestopt"
    STOPPED_LATE = "te-laat"
    RUNNING_LATE = "loopt"


@dataclass(frozen=True, slots=True)
class Counted:
    """The cases of a figure, or of one side of it. ``value`` is as in ``figures.Count.by``.

    Args:
        is_timed: only cases whose days are known, as the durations count them (decision 0006).
    """

    figure: Figure
    dimension: Dimension | None = None
    value: Any = None
    is_timed: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The cases of a step from what was open at the begin to what is at the end; one that opened twice stands twice."""

    step: Step


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of one clock; a case stands there once for each."""

    clock: Clock
    which: ClockSet


@dataclass(frozen=True, slots=True)
class Pressed:
    """The cases that one rule blocks: a provision, or an article in words."""

    law_id: int
    provision_id: int | None
    article: str | None


@dataclass(frozen=True, slots=True)
class Noted:
    """The cases of a kind of fact that is no figure by itself, as ``what`` tells it; one stands there once for each."""

    kind: FactKind
    what: str


Part = Counted | Moved | Runs | Pressed | Noted


@dataclass(frozen=True, slots=True)
class FigureCase:
    """One line of the list. ``cursor`` is what the next page goes on from."""

    cursor: int
    reference: str
    title: str
    on_day: date
    municipality_id: int | None
    law_id: int | None


def figure_cases(
    session: Session, span: Span, part: Part, *, before: int | None = None, in_ledger: bool = False
) -> list[FigureCase]:
    """The cases behind a number, the newest first: one more than a page, so that the caller sees that more follow.

    Args:
        before: the cursor of the last line of the page before.
        in_ledger: read the facts of the ledger, which the number was read from too; else the events.
    """
    statement: Select[Any]
    cursor: SQLColumnExpression[int]
    match part:
        case Counted() if in_ledger:
            statement, cursor = _facts(span, part), _fact.case_id
        case Counted():
            statement, cursor = _counted(span, part), Case.id
        case Moved():
            members = _moved_of(part.step, span)
            statement, cursor = _moved(span, members), members.c.number
        case Runs():
            statement, cursor = _runs(span, part), ClockPeriod.id
        case Pressed() if in_ledger:
            statement, cursor = _pressed_facts(span, part), _fact.case_id
        case Pressed():
            statement, cursor = _pressed(span, part), Case.id
        case Noted():
            statement, cursor = _noted(span, part), _fact.id
    if before is not None:
        statement = statement.where(cursor < before)
    return [FigureCase(*row) for row in session.execute(statement.order_by(cursor.desc()).limit(PAGE_SIZE + 1))]


def _columns(
    cursor: SQLColumnExpression[int], on_day: SQLColumnExpression[Any], span: Span
) -> tuple[SQLColumnExpression[Any], ...]:
    return (cursor, Case.reference, Case.title, on_day, Case.municipality_id, law_on(span))


def _counted(span: Span, part: Counted) -> Select[Any]:
    members = members_of(part.figure, span)
    statement = select(*_columns(Case.id, members.c.on_day, span)).select_from(
        members.join(Case, Case.id == members.c.case_id)
    )
    if part.is_timed:
        statement = statement.where(Case.channel != Channel.IMPORT)
    if part.dimension is None:
        return statement
    column = sides_of(part.figure, members, span).get(part.dimension)
    if column is None:
        return statement.where(false())
    return statement.where(column.is_(None) if part.value is None else column == part.value)


def rules_named(session: Session, ids: Collection[int]) -> list[PressingRule]:
    """Provisions as rules to be named, without their cases; in one statement."""
    rows = session.execute(
        select(Provision.law_id, Provision.id, Provision.article, Provision.instrument).where(
            Provision.id.in_(sorted(ids))
        )
    )
    return [PressingRule(*row, cases=0, municipalities=0) for row in rows]


def _pressed_facts(span: Span, part: Pressed) -> Select[Any]:
    """The same cases as ``_pressed``, from the facts."""
    return (
        select(*_columns(_fact.case_id, Case.filed_on, span))
        .select_from(FigureFact.__table__.join(Case, Case.id == _fact.case_id))
        .where(
            _fact.kind == FactKind.PRESSED,
            _fact.law_id == part.law_id,
            _fact.provision_id.is_not_distinct_from(part.provision_id),
            true() if part.provision_id is not None else _fact.article.is_not_distinct_from(part.article),
            _fact.quarter <= span.first,
            or_(_fact.until.is_(None), _fact.until > span.first),
        )
    )


def _noted(span: Span, part: Noted) -> Select[Any]:
    """From the facts, whether or not the events are counted for the page."""
    lasts = and_(_fact.quarter <= span.first, or_(_fact.until.is_(None), _fact.until > span.first))
    return (
        select(*_columns(_fact.id, func.coalesce(_fact.on_day, Case.filed_on), span))
        .select_from(FigureFact.__table__.join(Case, Case.id == _fact.case_id))
        .where(
            _fact.kind == part.kind,
            _fact.what.in_(facts_told(part.what)) if part.kind is FactKind.AFTER else _fact.what == part.what,
            lasts if part.kind in LASTING else _fact.quarter == span.first,
        )
    )


def _facts(span: Span, part: Counted) -> Select[Any]:
    """The same cases as ``_counted``, from the facts of the quarter."""
    return facts_behind(span, part, *_columns(_fact.case_id, _fact.on_day, span))


def facts_behind(span: Span, part: Counted, *columns: SQLColumnExpression[Any]) -> Select[Any]:
    """The facts of a quarter that a figure counts, as a statement of these columns; of ``case_id`` without any."""
    day = span.first
    is_open = and_(_fact.quarter <= day, or_(_fact.until.is_(None), _fact.until > day))
    statement = (
        select(*(columns or (_fact.case_id,)))
        .select_from(FigureFact.__table__.join(Case, Case.id == _fact.case_id))
        .where(
            _fact.kind == FACT_OF_FIGURE[part.figure],
            is_open if part.figure is Figure.OPEN else _fact.quarter == day,
        )
    )
    if part.is_timed:
        statement = statement.where(Case.channel != Channel.IMPORT)
    if part.dimension is None:
        return statement
    sides: dict[Dimension, SQLColumnExpression[Any]] = {
        Dimension.LAW: _fact.law_id,
        Dimension.PROVISION: _fact.provision_id,
        Dimension.THEME: Case.theme,
        Dimension.PROVINCE: Case.province_id,
        Dimension.URBANITY: urbanity_of_case(),
        Dimension.SUBMITTER: Case.submitter_kind,
        Dimension.VERDICT: _fact.verdict,
        Dimension.RESULT: _fact.result,
    }
    column = sides[part.dimension]
    if part.figure is not Figure.HANDLED and part.dimension in (Dimension.VERDICT, Dimension.RESULT):
        return statement.where(false())
    return statement.where(column.is_(None) if part.value is None else column == part.value)


def _moved(span: Span, members: Subquery) -> Select[Any]:
    return select(*_columns(members.c.number, members.c.on_day, span)).select_from(
        members.join(Case, Case.id == members.c.case_id)
    )


def _moved_of(step: Step, span: Span) -> Subquery:
    """The acts that ``figure_series.QuarterCount`` counts for a step, each with its case."""
    columns = (Event.number, Event.case_id, Event.happened_on.label("on_day"))
    in_span = and_(Event.happened_on.between(span.first, span.until), IS_COUNTED)
    is_filed = Event.kind == EventKind.FILED.value
    if step is Step.NO_END:
        return select(*columns).where(is_filed, in_span, text(f"({IS_CROSSING}) IS NOT TRUE")).subquery("moved")

    def crossing_beside(neighbour: Any) -> ColumnElement[Any]:
        return neighbour.over(partition_by=Event.case_id, order_by=Event.number)

    crossings = (
        select(
            *columns,
            and_(Event.status.in_(OPEN_STATUSES), ~is_filed).label("is_reopening"),
            crossing_beside(func.lag(Event.number)).label("before"),
            crossing_beside(func.lead(Event.number)).label("after"),
        )
        .where(in_span, text(IS_CROSSING))
        .subquery("crossings")
    )
    return (
        select(crossings)
        .where(crossings.c.is_reopening, or_(crossings.c.before.is_(None), crossings.c.after.is_(None)))
        .subquery("moved")
    )


def _runs(span: Span, part: Runs) -> Select[Any]:
    stopped, stopped_late, running_late = clock_sets(span)
    chosen = {
        ClockSet.STOPPED: (stopped, ClockPeriod.stopped_on),
        ClockSet.STOPPED_LATE: (stopped_late, ClockPeriod.due_on),
        ClockSet.RUNNING_LATE: (running_late, ClockPeriod.due_on),
    }
    where, on_day = chosen[part.which]
    return (
        select(*_columns(ClockPeriod.id, on_day, span))
        .select_from(ClockPeriod)
        .join(Case, Case.id == ClockPeriod.case_id)
        .where(ClockPeriod.clock == part.clock, where)
    )


def _pressed(span: Span, part: Pressed) -> Select[Any]:
    concerned = pressed_cases(span)
    named = (
        Assessment.article.is_not_distinct_from(part.article)
        if part.provision_id is None
        else Assessment.provision_id == part.provision_id
    )
    blocked = (
        select(Assessment.id)
        .where(
            Assessment.case_id == Case.id,
            Assessment.law_id == part.law_id,
            Assessment.provision_id.is_not_distinct_from(part.provision_id),
            named,
            blocks_on(span),
        )
        .correlate(Case)
        .exists()
    )
    return (
        select(*_columns(Case.id, Case.filed_on, span))
        .select_from(concerned.join(Case, Case.id == concerned.c.case_id))
        .where(blocked)
    )
