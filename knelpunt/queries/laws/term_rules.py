"""The terms of the desk as they hold on a day."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock, Term
from knelpunt.models import TermRule


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
