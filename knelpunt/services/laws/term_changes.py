"""Changing a term of the desk in the site: one administrator proposes, another decides.

A term that is approved holds from its day, for cases that are filed from that day; a case keeps the terms of its own
filing day. Rows of the past stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock, Term, Unit
from knelpunt.domain.calendar.term_changes import (
    REASON_MAX_CHARACTERS,
    TermChangeStatus,
    TermEvent,
    check_day,
    check_term,
    fingerprint,
    holding,
)
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.models import TermChange, TermRule
from knelpunt.services.accounts.administrators import require_confirmed
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.laws.reference import LOAD_LOCK

NOT_THE_PROPOSER = "U stelde dit zelf voor. Een andere beheerder moet het bekijken."
ONLY_THE_PROPOSER = "Alleen wie dit voorstelde, mag het intrekken."
DECIDED = "Over dit voorstel is al besloten. Laad de pagina opnieuw."
CHANGED_SINCE = "De termijnen van deze klok zijn intussen veranderd."
WAITS = "Er wacht al een voorstel voor deze termijn op een tweede beheerder. Laat die eerst kiezen."
SOURCE = "Eigen termijn van het loket. In de site vastgesteld door twee beheerders."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody proposes: another length for one term, from a day, and why."""

    length: int
    unit: Unit
    from_day: date
    reason: str


def propose(context: Context, term_id: int, wanted: Wanted, *, base_digest: str) -> TermChange:
    """Ask another administrator for another term.

    Args:
        term_id: the row that holds today; which of its clock's terms it is, tells which one changes.
        base_digest: the fingerprint of the terms of this clock that the proposer saw.

    Raises:
        NotFound: this row does not hold today.
        VersionConflict: the terms of this clock were changed since the proposer saw them.
        DomainError: on ``length``, ``unit``, ``from_day`` or ``reason``, or on no field when a proposal waits.
    """
    context.actor.require(Permission.EDIT_TERMS)
    require_confirmed(context)
    if context.actor.account_id is None:
        raise PermissionDenied("U mag dit niet doen.")
    lock(context.session)
    row = context.session.get(TermRule, term_id)
    if row is None:
        raise NotFound()
    rows = _rows(context.session, row.clock)
    terms = [term_of(each) for each in rows]
    held = holding(terms, context.today)
    if term_of(row) not in held:
        raise NotFound()
    if fingerprint(terms) != base_digest:
        raise VersionConflict(CHANGED_SINCE)
    if _waiting(context.session, row.clock) is not None:
        raise DomainError(WAITS)
    place = held.index(term_of(row))
    check_day(wanted.from_day, context.today)
    check_term(terms, row.clock, place, wanted.length, wanted.unit, wanted.from_day)
    if not wanted.reason.strip() or len(wanted.reason) > REASON_MAX_CHARACTERS:
        raise DomainError(
            f"Schrijf op waarom de termijn wijzigt, in ten hoogste {REASON_MAX_CHARACTERS} tekens.", field="reason"
        )
    before = holding(terms, wanted.from_day)[place]
    change = TermChange(
        clock=row.clock,
        place=place,
        before_length=before.length,
        before_unit=before.unit,
        length=wanted.length,
        unit=wanted.unit,
        from_day=wanted.from_day,
        reason=wanted.reason.strip(),
        base_digest=base_digest,
        status=TermChangeStatus.PROPOSED,
        proposed_by_id=context.actor.account_id,
        proposed_at=context.now,
    )
    context.session.add(change)
    context.session.flush()
    _record(context, change, TermEvent.PROPOSED)
    return change


def approve(context: Context, change_id: int) -> TermChange:
    """Let the term be another one from its day. The row that held until then ends on the day before.

    Raises:
        PermissionDenied: the proposer may not decide (four eyes), nor an administrator whom nobody confirmed.
        VersionConflict: somebody decided already, or the terms of the clock were changed since the proposal.
        DomainError: the day has come, so that cases were filed under the old term.
    """
    change = _to_decide(context, change_id)
    rows = _rows(context.session, change.clock)
    terms = [term_of(each) for each in rows]
    if fingerprint(terms) != change.base_digest:
        raise VersionConflict(CHANGED_SINCE)
    if change.from_day <= context.today:
        raise DomainError("De dag van dit voorstel is voorbij. Wijs het af; er kan een nieuw voorstel komen.")
    check_term(terms, change.clock, change.place, change.length, change.unit, change.from_day)
    _put(context.session, change, rows[terms.index(holding(terms, change.from_day)[change.place])])
    _decide(context, change, TermChangeStatus.APPROVED, "")
    _record(context, change, TermEvent.APPROVED)
    return change


def refuse(context: Context, change_id: int, note: str) -> TermChange:
    """Refuse a proposal and say why.

    Raises:
        DomainError: on ``note`` when it is empty or too long.
        PermissionDenied, VersionConflict: as ``approve`` does, but not because the terms were changed.
    """
    change = _to_decide(context, change_id)
    if not note.strip() or len(note) > REASON_MAX_CHARACTERS:
        raise DomainError(f"Schrijf op waarom niet, in ten hoogste {REASON_MAX_CHARACTERS} tekens.", field="note")
    _decide(context, change, TermChangeStatus.REFUSED, note.strip())
    _record(context, change, TermEvent.REFUSED)
    return change


def withdraw(context: Context, change_id: int) -> TermChange:
    """Take back an own proposal. Raises PermissionDenied for anybody else, VersionConflict when it was decided."""
    context.actor.require(Permission.EDIT_TERMS)
    change = _open_change(context.session, change_id)
    if change.proposed_by_id != context.actor.account_id:
        raise PermissionDenied(ONLY_THE_PROPOSER)
    _decide(context, change, TermChangeStatus.WITHDRAWN, "")
    _record(context, change, TermEvent.WITHDRAWN)
    return change


def lock(session: Session) -> None:
    """Let one transaction at a time read the terms and change them, by hand or from the file."""
    session.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))


def term_of(row: TermRule) -> Term:
    """The row as the arithmetic knows it."""
    return Term(row.clock, row.length, row.unit, row.valid_from, row.valid_to, row.may_be_suspended, row.source)


def _rows(session: Session, clock: Clock) -> Sequence[TermRule]:
    statement = select(TermRule).where(TermRule.clock == clock).order_by(TermRule.valid_from, TermRule.id)
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def _waiting(session: Session, clock: Clock) -> int | None:
    return session.scalar(
        select(TermChange.id).where(TermChange.clock == clock, TermChange.status == TermChangeStatus.PROPOSED)
    )


def _to_decide(context: Context, change_id: int) -> TermChange:
    context.actor.require(Permission.EDIT_TERMS)
    require_confirmed(context)
    lock(context.session)
    change = _open_change(context.session, change_id)
    if context.actor.account_id is None or change.proposed_by_id == context.actor.account_id:
        raise PermissionDenied(NOT_THE_PROPOSER)
    return change


def _open_change(session: Session, change_id: int) -> TermChange:
    change = session.scalar(
        select(TermChange).where(TermChange.id == change_id).with_for_update().execution_options(populate_existing=True)
    )
    if change is None:
        raise NotFound()
    if change.status is not TermChangeStatus.PROPOSED:
        raise VersionConflict(DECIDED)
    return change


def _put(session: Session, change: TermChange, held: TermRule) -> None:
    """End the term that holds on the day, and begin the new one; a term that would begin that very day is replaced."""
    held.is_ahead_of_file = True
    if held.valid_from == change.from_day:
        held.length, held.unit, held.source = change.length, change.unit, SOURCE
    else:
        session.add(
            TermRule(
                clock=change.clock,
                length=change.length,
                unit=change.unit,
                may_be_suspended=held.may_be_suspended,
                valid_from=change.from_day,
                valid_to=held.valid_to,
                source=SOURCE,
                is_ahead_of_file=True,
            )
        )
        held.valid_to = change.from_day - timedelta(days=1)
    session.flush()


def _decide(context: Context, change: TermChange, status: TermChangeStatus, note: str) -> None:
    change.status, change.note = status, note or None
    change.decided_by_id, change.decided_at = context.actor.account_id, context.now


def _record(context: Context, change: TermChange, kind: TermEvent) -> None:
    data = {
        "voorstel": change.id,
        "lengte": change.length,
        "eenheid": change.unit.value,
        "vanaf": change.from_day.isoformat(),
    }
    events.record(context, kind, subject=f"termijn:{change.clock.value}", data=data)
