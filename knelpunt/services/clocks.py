"""Starts, stops and suspends the clocks of a case, and keeps its next due date for the lists.

Due dates are always computed from start, term and suspensions (``domain/deadlines.py``); the rows only remember them.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from knelpunt.domain import deadlines
from knelpunt.domain.clocks import Clock, Unit
from knelpunt.domain.deadlines import ClockRun, Suspension
from knelpunt.domain.workflow import Transition
from knelpunt.models import Case, ClockPeriod, ClockSuspension, TermRule
from knelpunt.services.act import Act

AWAITING_SUBMITTER = "wachten op aanvulling"
LISTED_CLOCKS = frozenset({Clock.K1, Clock.K2, Clock.K3, Clock.K4, Clock.K5, Clock.K8})
"""The clocks whose due date a work list shows."""

Effects = list[dict[str, Any]]


def run_of(period: ClockPeriod) -> ClockRun:
    """The stored run as the arithmetic wants it."""
    return ClockRun.of(
        period.clock,
        period.started_on,
        period.length,
        period.unit,
        suspensions=[Suspension(each.from_day, each.until_day, each.reason) for each in period.suspensions],
        stopped_on=period.stopped_on,
    )


def term_rule(session: Session, clock: Clock, filed_on: date) -> TermRule:
    """The term that a case filed on this day keeps; LookupError when the reference data has none."""
    rule = session.scalar(
        select(TermRule)
        .where(
            TermRule.clock == clock,
            TermRule.valid_from <= filed_on,
            or_(TermRule.valid_to.is_(None), TermRule.valid_to >= filed_on),
        )
        .order_by(TermRule.length, TermRule.id)
        .limit(1)
    )
    if rule is None:
        raise LookupError(f"no term for {clock} on {filed_on.isoformat()}")
    return rule


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


def start(act: Act, case: Case, clock: Clock) -> ClockPeriod:
    """Start a clock today, with the term of the day the case was filed."""
    rule = term_rule(act.session, clock, case.filed_on)
    return _start(act, case, clock, rule.length, rule.unit)


def _start(act: Act, case: Case, clock: Clock, length: int, unit: Unit) -> ClockPeriod:
    period = ClockPeriod(
        case_id=case.id, clock=clock, started_on=act.today, length=length, unit=unit, suspensions=[], stopped_on=None
    )
    period.due_on = deadlines.due_on(run_of(period))
    if clock is Clock.K0:
        period.stopped_on = act.today
    act.session.add(period)
    return period


def apply_step(act: Act, case: Case, step: Transition, *, resumes_on: date | None = None) -> Effects:
    """Do to the clocks what the table says of this step; the effects, as they stand in its event.

    Args:
        resumes_on: last day of the suspension, where that is another day than today (a term that lapsed).
    """
    effects: Effects = []
    for period in running(act.session, case):
        if period.clock in step.stops:
            _end_suspensions(period, act.today)
            period.stopped_on = act.today
            effects.append(_effect("stopt", period))
        elif step.suspends and term_rule(act.session, period.clock, case.filed_on).may_be_suspended:
            period.suspensions.append(
                ClockSuspension(from_day=act.today + timedelta(days=1), reason=AWAITING_SUBMITTER)
            )
            period.due_on = deadlines.due_on(run_of(period))
            effects.append(_effect("staat stil", period))
        elif step.resumes:
            _end_suspensions(period, resumes_on or act.today)
            period.due_on = deadlines.due_on(run_of(period))
            effects.append(_effect("loopt weer", period))
    for clock in sorted(step.starts):
        effects.append(_effect("begint", start(act, case, clock)))
    act.session.flush()
    refresh(act.session, case)
    return effects


def restart_after_refusal(act: Act, case: Case, stopped: ClockPeriod) -> Effects:
    """Let K4 go on with what was left when the proposal went out, and at least 2 weeks."""
    run = run_of(stopped)
    again = deadlines.resume_with_minimum(deadlines.days_left(run, act.today), act.today)
    period = _start(act, case, Clock.K4, again.term.length, again.term.unit)
    act.session.flush()
    refresh(act.session, case)
    return [_effect("begint", period)]


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


def refresh(session: Session, case: Case) -> None:
    """Keep on the case which listed clock ends first; nothing while it stands still."""
    listed = [period for period in running(session, case) if period.clock in LISTED_CLOCKS]
    dated = [(period.due_on, period.clock) for period in listed if period.due_on is not None]
    case.due_on, case.due_clock = min(dated) if dated else (None, None)


def stop(act: Act, case: Case, clock: Clock) -> Effects:
    """Stop one clock outside a step: the submitter reacted, while the case stays where it is."""
    effects: Effects = []
    for period in running(act.session, case):
        if period.clock is clock:
            _end_suspensions(period, act.today)
            period.stopped_on = act.today
            effects.append(_effect("stopt", period))
    act.session.flush()
    refresh(act.session, case)
    return effects


def _end_suspensions(period: ClockPeriod, day: date) -> None:
    for suspension in period.suspensions:
        if suspension.until_day is None:
            suspension.until_day = max(day, suspension.from_day - timedelta(days=1))


def _effect(what: str, period: ClockPeriod) -> dict[str, Any]:
    return {"klok": period.clock.value, "wat": what, "uiterlijk": period.due_on.isoformat() if period.due_on else None}
