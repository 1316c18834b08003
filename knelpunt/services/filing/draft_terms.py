"""How long a draft is kept: by the terms of the day on which it was last changed."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, false, func, or_
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.models import Draft
from knelpunt.services.core import clocks
from knelpunt.services.core.context import Context

WARNED, PURGED = 0, 1
"""The two terms of a draft, by their place: first its owner is warned, then it goes."""


def purge_day(session: Session, updated_at: datetime) -> date:
    """The day on which a draft goes that was last changed at this moment."""
    days = clocks.term_lengths(session, Clock.DRAFT, nl_day(updated_at))
    return nl_day(updated_at + timedelta(days=days[PURGED]))


def is_older_than(context: Context, place: int) -> ColumnElement[bool]:
    """Whether the last change of a draft is longer ago than its term."""
    changed_on = func.timezone(AMSTERDAM.key, Draft.updated_at).cast(Date)
    return or_(
        false(),
        *(
            clocks.is_held_on(changed_on, term) & (Draft.updated_at < context.now - timedelta(days=term.length))
            for term in clocks.held_terms(context.session, Clock.DRAFT, place)
        ),
    )
