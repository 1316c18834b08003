"""Starts, stops and suspends the clocks of a case, and keeps its next due date for the lists.

The term of a clock is the row of ``TermRule`` that held on the day of filing (``_term_rules``). Due dates are always
computed from start, term and suspensions (``domain/calendar/deadlines``); the rows only remember them.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, bindparam, or_, select
from sqlalchemy.orm import Session, selectinload

from knelpunt.domain.calendar import deadlines
from knelpunt.domain.calendar.clocks import REPEATED, Clock, Term, Unit
from knelpunt.domain.calendar.deadlines import ClockRun, Suspension
from knelpunt.domain.calendar.term_changes import holding
from knelpunt.domain.cases.workflow import Transition
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import Case, ClockPeriod, ClockSuspension, TermRule
from knelpunt.services.core.context import Context

ONE_DAY = timedelta(days=1)
AWAITING_SUBMITTER = "wachten op aanvulling"
LISTED_CLOCKS = frozenset({Clock.K1, Clock.K2, Clock.K3, Clock.K4, Clock.K5, Clock.K8, Clock.CLOSING})
"""The clocks whose due date a work list shows."""

Effects = list[dict[str, Any]]


def run_of(period: ClockPeriod) -> ClockRun:
    """The stored run as the arithmetic wants it."""
    return ClockRun.of(
        period.clock,
        period.started_on,
        period.length,
        period.unit,
        suspensions=[_suspension_of(row) for row in period.suspensions],
        stopped_on=period.stopped_on,
    )


def _suspension_of(row: ClockSuspension) -> Suspension:
    return Suspension(row.from_day, row.until_day, row.reason)


def term_rule(session: Session, clock: Clock, filed_on: date) -> TermRule:
    """The term that a case filed on this day keeps; LookupError when the reference data has none."""
    return _term_rules(session, [clock], filed_on)[0]


def term_lengths(session: Session, clock: Clock, day: date) -> list[int]:
    """How long the terms of a clock are that hold on a day, shortest first, in the one unit of that clock."""
    return [rule.length for rule in _term_rules(session, [clock], day)]


def held_terms(session: Session, clock: Clock, place: int = 0) -> list[Term]:
    """Every term that a clock ever had or will have in one place among those that hold together, shortest first."""
    rows = session.scalars(select(TermRule).where(TermRule.clock == clock).order_by(TermRule.valid_from, TermRule.id))
    terms = [Term(row.clock, row.length, row.unit, row.valid_from, row.valid_to, row.may_be_suspended) for row in rows]
    return [each for each in terms if holding(terms, each.valid_from)[place : place + 1] == [each]]


def is_held_on(day: SQLColumnExpression[date], term: Term) -> ColumnElement[bool]:
    """``Term.holds_on`` as SQL."""
    return day.between(term.valid_from, term.valid_to or date.max)


def last_day(session: Session, clock: Clock, filed_on: date, start: date) -> date:
    """The last day of a term that begins on a day and never stands still, for a case filed on another."""
    rule = term_rule(session, clock, filed_on)
    found = deadlines.due_on(ClockRun.of(clock, start, rule.length, rule.unit))
    if found is None:
        raise LookupError(f"the term of {clock} has no end")
    return found


def _term_rules(session: Session, clocks: Collection[Clock], filed_on: date) -> list[TermRule]:
    """The terms of these clocks in their order, one each but for those of ``REPEATED``, in one statement.

    LookupError when the reference data lacks one.
    """
    if not clocks:
        return []
    found: dict[Clock, list[TermRule]] = {}
    for rule in session.scalars(_TERM_RULES, {"clocks": list(clocks), "day": filed_on}):
        found.setdefault(rule.clock, []).append(rule)
    for clock in clocks:
        if clock not in found:
            raise LookupError(f"no term for {clock} on {filed_on.isoformat()}")
    return [rule for clock in clocks for rule in (found[clock] if clock in REPEATED else found[clock][:1])]


_TERM_RULES = (
    select(TermRule)
    .where(
        TermRule.clock.in_(bindparam("clocks", expanding=True)),
        TermRule.valid_from <= bindparam("day"),
        or_(TermRule.valid_to.is_(None), TermRule.valid_to >= bindparam("day")),
    )
    .order_by(TermRule.length, TermRule.id)
)


def running(session: Session, case: Case) -> list[ClockPeriod]:
    """The runs of this case that have not stopped, oldest first."""
    return list(
        session.scalars(
            select(ClockPeriod)
            .where(ClockPeriod.case_id == case.id, ClockPeriod.stopped_on.is_(None))
            .options(selectinload(ClockPeriod.suspensions))
            .order_by(ClockPeriod.id)
        )
    )


def first_runs(context: Context, case: Case, step: Transition) -> list[ClockPeriod]:
    """The runs that begin with a case, before either is written, so that the case is written once with its due date.

    The caller gives them the number of the case and adds them.
    """
    runs = _begin(context, case, step.starts)
    _keep_due(case, runs)
    return runs


def begun(runs: Iterable[ClockPeriod]) -> Effects:
    """That these runs began, as it stands in an event."""
    return [_effect("begint", run) for run in runs]


def _begin(context: Context, case: Case, clocks: Iterable[Clock], on: date | None = None) -> list[ClockPeriod]:
    """Runs that start today, or on another day, with the terms of the day the case was filed."""
    rules = _term_rules(context.session, sorted(clocks), case.filed_on)
    return [_run(case, rule.clock, on or context.today, rule.length, rule.unit) for rule in rules]


def _run(case: Case, clock: Clock, on: date, length: int, unit: Unit) -> ClockPeriod:
    run = ClockPeriod(
        case_id=case.id, clock=clock, started_on=on, length=length, unit=unit, suspensions=[], stopped_on=None
    )
    run.due_on = deadlines.due_on(run_of(run))
    if clock is Clock.K0:
        run.stopped_on = on
    return run


def apply_step(context: Context, case: Case, step: Transition, *, resumes_on: date | None = None) -> Effects:
    """Do to the clocks what the table says of this step; the effects, as they stand in its event.

    Args:
        resumes_on: last day of the suspension, where that is another day than today (a term that lapsed).
    """
    effects: Effects = []
    periods = running(context.session, case)
    for period in periods:
        if period.clock in step.stops:
            # The letter is not owed any more where the case goes another way: decision 12.
            if period.clock is Clock.CLOSING and step.target is not CaseStatus.CLOSED:
                _let_go(period, context.today, context.today)
            else:
                _stop(period, context.today)
            effects.append(_effect("stopt", period))
        elif step.suspends and term_rule(context.session, period.clock, case.filed_on).may_be_suspended:
            _suspend(period, Suspension.after_request(context.today, AWAITING_SUBMITTER))
            effects.append(_effect("staat stil", period))
        elif step.resumes and any(row.until_day is None for row in period.suspensions):
            _end_suspensions(period, resumes_on or context.today)
            period.due_on = deadlines.due_on(run_of(period))
            effects.append(_effect("loopt weer", period))
    started = _begin(context, case, step.starts)
    context.session.add_all(started)
    _keep_due(case, [*periods, *started])
    return [*effects, *begun(started)]


def start(context: Context, case: Case, clock: Clock, *, on: date) -> Effects:
    """Start one clock outside the table on a day, which does not count; the effects, for the event of the act."""
    return begun([start_run(context, case, clock, on=on)])


def start_run(context: Context, case: Case, clock: Clock, *, on: date) -> ClockPeriod:
    """The same, for who has to find this one run again: of one clock several may run at once."""
    others = running(context.session, case)
    (started,) = _begin(context, case, (clock,), on)
    context.session.add(started)
    _keep_due(case, [*others, started])
    return started


def stop_run(context: Context, case: Case, period_id: int | None, *, on: date) -> Effects:
    """Stop one run, while others of the same clock go on; the effects, for the event of the act."""
    effects: Effects = []
    periods = running(context.session, case)
    for period in periods:
        if period.id == period_id:
            _stop(period, on)
            effects.append(_effect("stopt", period))
    _keep_due(case, periods)
    return effects


def move_run(context: Context, case: Case, period_id: int | None, until: date) -> Effects:
    """Let one run of a term in days end on another day, or on the next working day after that."""
    effects: Effects = []
    periods = running(context.session, case)
    for period in periods:
        if period.id == period_id:
            period.length, period.unit = (until - period.started_on).days, Unit.CALENDAR_DAYS
            period.due_on = deadlines.due_on(run_of(period))
            effects.append(_effect("schuift op", period))
    _keep_due(case, periods)
    return effects


def restart_after_refusal(context: Context, case: Case, stopped: ClockPeriod, *, on: date) -> Effects:
    """Let K4 go on with what was left when the proposal went out, and at least the term after a refusal.

    Args:
        on: the day of the refusal, which does not count; today, unless it is written down later.
    """
    rule = term_rule(context.session, Clock.AFTER_REFUSAL, case.filed_on)
    least = Term(rule.clock, rule.length, rule.unit, rule.valid_from)
    left = deadlines.days_left(run_of(stopped), on)
    again = deadlines.resume_with_minimum(left, on, least)
    ends_on = deadlines.due_on(again)
    if ends_on is not None and ends_on < context.today:  # nobody is promised a day that went by
        on = context.today
        again = deadlines.resume_with_minimum(left, on, least)
    period = _run(case, Clock.K4, on, again.term.length, again.term.unit)
    context.session.add(period)
    _keep_due(case, [*running(context.session, case), period])
    return begun([period])


def end_earlier(context: Context, case: Case, clock: Clock, *, on: date, follower: Clock) -> Effects:
    """A clock that was said to have run out stopped on an earlier day; what ran since then falls away."""
    effects: Effects = []
    ended = last_stopped(context.session, case, clock)
    if ended is not None:
        _stop(ended, on)
        effects.append(_effect("stopt", ended))
    return effects + let_fall_away(context, case, follower, on=on)


def last_stopped(session: Session, case: Case, clock: Clock) -> ClockPeriod | None:
    """The run of this clock that stopped last."""
    return session.scalar(
        select(ClockPeriod)
        .where(ClockPeriod.case_id == case.id, ClockPeriod.clock == clock, ClockPeriod.stopped_on.is_not(None))
        .options(selectinload(ClockPeriod.suspensions))
        .order_by(ClockPeriod.id.desc())
        .limit(1)
    )


def due_day(session: Session, case: Case, clock: Clock) -> date:
    """The last day of the running run of this clock; LookupError when it does not run or stands still."""
    for period in running(session, case):
        if period.clock is clock and period.due_on is not None:
            return period.due_on
    raise LookupError(f"{clock} does not run in case {case.id}")


def _keep_due(case: Case, periods: Iterable[ClockPeriod]) -> None:
    """Keep on the case which listed clock ends first, of all that may run; nothing while it stands still."""
    dated = [
        (period.due_on, period.clock)
        for period in periods
        if period.stopped_on is None and period.clock in LISTED_CLOCKS and period.due_on is not None
    ]
    case.due_on, case.due_clock = min(dated) if dated else (None, None)


def stop(context: Context, case: Case, clock: Clock, *, on: date, only: int | None = None) -> Effects:
    """Stop one clock outside a step: the submitter reacted, while the case stays where it is.

    Args:
        on: the day on which the reaction reached the desk; today, unless it is written down later.
        only: the id of the one run that stops, of a clock that runs more than once.
    """
    effects: Effects = []
    periods = running(context.session, case)
    for period in periods:
        if period.clock is clock and only in (None, period.id):
            _stop(period, on)
            effects.append(_effect("stopt", period))
    _keep_due(case, periods)
    return effects


def let_fall_away(context: Context, case: Case, clock: Clock, *, on: date) -> Effects:
    """Stop one clock because what it was for is not owed any more."""
    effects: Effects = []
    periods = running(context.session, case)
    for period in periods:
        if period.clock is clock:
            _let_go(period, on, context.today)
            effects.append(_effect("stopt", period))
    _keep_due(case, periods)
    return effects


def end_wait_earlier(context: Context, case: Case, stated: date, day: date) -> Effects:
    """Let the wait for the submitter that was stated to end on one day end on an earlier one, in all runs."""
    periods = context.session.scalars(
        select(ClockPeriod)
        .where(ClockPeriod.case_id == case.id)
        .options(selectinload(ClockPeriod.suspensions))
        .order_by(ClockPeriod.id)
    ).all()
    effects: Effects = []
    for period in periods:
        waits = [row for row in period.suspensions if (row.reason, row.until_day) == (AWAITING_SUBMITTER, stated)]
        for row in waits:
            row.until_day = max(day, row.from_day - timedelta(days=1))
        if waits:
            period.due_on = deadlines.due_on(run_of(period))
            effects.append(_effect("loopt weer", period))
    _keep_due(case, periods)
    return effects


def leave_out(context: Context, case: Case, clock: Clock, suspension: Suspension) -> Effects:
    """Not count these days in the running run of one clock, because they were not the other's to use."""
    effects: Effects = []
    periods = running(context.session, case)
    for period in periods:
        if period.clock is clock:
            _suspend(period, suspension)
            effects.append(_effect("schuift op", period))
    _keep_due(case, periods)
    return effects


def _suspend(period: ClockPeriod, suspension: Suspension) -> None:
    period.suspensions.append(
        ClockSuspension(from_day=suspension.from_day, until_day=suspension.until_day, reason=suspension.reason)
    )
    period.due_on = deadlines.due_on(run_of(period))


def _stop(period: ClockPeriod, day: date) -> None:
    """A run that stops while it stands still has a last day again, as if it went on after this day."""
    _end_suspensions(period, day)
    for row in period.suspensions:
        if row.until_day is not None and row.until_day > day:
            row.until_day = max(day, row.from_day - ONE_DAY)
    period.stopped_on = day
    period.due_on = deadlines.due_on(run_of(period))


def _let_go(period: ClockPeriod, day: date, today: date) -> None:
    """Stop a run of which nothing is owed since a day. One whose last day went by stops late today: it was promised,
    and nothing was heard."""
    if period.due_on is not None and period.due_on < today:
        _stop(period, today)
    else:
        _stop(period, max(day, period.started_on))
        period.fell_away = True


def _end_suspensions(period: ClockPeriod, day: date) -> None:
    for row in period.suspensions:
        row.until_day = _suspension_of(row).ended(day).until_day


def _effect(what: str, period: ClockPeriod) -> dict[str, Any]:
    return {"klok": period.clock.value, "wat": what, "uiterlijk": period.due_on.isoformat() if period.due_on else None}
