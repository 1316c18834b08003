"""The terms of the desk: as they hold on a day, with their history, and what is proposed for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.calendar.clocks import Clock, Term, Unit
from knelpunt.domain.calendar.term_changes import TermChangeStatus
from knelpunt.models import Account, TermChange, TermRule

PAGE_SIZE = 20
MOST_WAITING = 50


def terms_of(session: Session, day: date) -> dict[Clock, list[Term]]:
    """The terms for a case filed on a day, by clock, shortest first."""
    rows = session.scalars(
        select(TermRule)
        .where(TermRule.valid_from <= day, or_(TermRule.valid_to.is_(None), TermRule.valid_to >= day))
        .order_by(TermRule.length, TermRule.id)
    )
    found: dict[Clock, list[Term]] = {}
    for row in rows:
        found.setdefault(row.clock, []).append(
            Term(row.clock, row.length, row.unit, row.valid_from, row.valid_to, row.may_be_suspended, row.source)
        )
    return found


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term with the period in which it holds. ``is_ahead``: the site has it and the file does not yet."""

    id: int
    term: Term
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class TermChangeRow:
    """One proposal, whole. Instants are in UTC."""

    id: int
    clock: Clock
    place: int
    before_length: int
    before_unit: Unit
    length: int
    unit: Unit
    from_day: date
    reason: str
    base_digest: str
    status: TermChangeStatus
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None


def every_term(session: Session, clock: Clock | None = None) -> dict[Clock, list[TermRow]]:
    """All terms there are, of one clock or of all, by clock; the oldest first, and of those of one day the shortest."""
    statement = select(TermRule).order_by(TermRule.clock, TermRule.valid_from, TermRule.length, TermRule.id)
    if clock is not None:
        statement = statement.where(TermRule.clock == clock)
    found: dict[Clock, list[TermRow]] = {}
    for row in session.scalars(statement):
        term = Term(row.clock, row.length, row.unit, row.valid_from, row.valid_to, row.may_be_suspended, row.source)
        found.setdefault(row.clock, []).append(TermRow(row.id, term, row.is_ahead_of_file))
    return found


def clock_of(session: Session, term_id: int) -> Clock | None:
    """Which clock a term is of."""
    return session.scalar(select(TermRule.clock).where(TermRule.id == term_id))


def waiting_changes(session: Session) -> list[TermChangeRow]:
    """What waits for a second administrator; no more than one for each clock."""
    return _changes(session, TermChange.status == TermChangeStatus.PROPOSED, limit=MOST_WAITING)


def count_waiting(session: Session) -> int:
    """How many proposals wait."""
    return session.execute(
        select(func.count()).select_from(TermChange).where(TermChange.status == TermChangeStatus.PROPOSED)
    ).scalar_one()


def changes_of(session: Session, clock: Clock, page: int) -> list[TermChangeRow]:
    """One page of the proposals for a clock, the newest first, and one row more when there is a next page."""
    return _changes(session, TermChange.clock == clock, limit=PAGE_SIZE + 1, offset=(page - 1) * PAGE_SIZE)


def one_change(session: Session, change_id: int) -> TermChangeRow | None:
    """One proposal."""
    rows = _changes(session, TermChange.id == change_id, limit=1)
    return rows[0] if rows else None


def _changes(session: Session, which: ColumnElement[bool], *, limit: int, offset: int = 0) -> list[TermChangeRow]:
    proposer, decider = aliased(Account), aliased(Account)
    columns: tuple[Any, ...] = (
        TermChange.id,
        TermChange.clock,
        TermChange.place,
        TermChange.before_length,
        TermChange.before_unit,
        TermChange.length,
        TermChange.unit,
        TermChange.from_day,
        TermChange.reason,
        TermChange.base_digest,
        TermChange.status,
        TermChange.proposed_by_id,
        proposer.name,
        TermChange.proposed_at,
        decider.name,
        TermChange.decided_at,
        TermChange.note,
    )
    rows = session.execute(
        select(*columns)
        .join(proposer, proposer.id == TermChange.proposed_by_id)
        .outerjoin(decider, decider.id == TermChange.decided_by_id)
        .where(which)
        .order_by(TermChange.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [TermChangeRow(*row) for row in rows]
