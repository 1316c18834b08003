"""How many cases are public, by municipality, and the four numbers of the running quarter on the start page."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.models import PublishedCase
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.quarter import recent_counts
from knelpunt.queries.figures.series import QuarterCount
from knelpunt.queries.public.published import FILTERS, HAS_ANSWER, PublicFilter

_cases = PublishedCase.__table__.c


@dataclass(frozen=True, slots=True)
class QuarterSoFar:
    """Received and handled in the quarter, open now, and answers that anybody may read now."""

    span: Span
    received: int
    handled: int
    open: int
    published: int
    quarters: tuple[QuarterCount, ...]
    """The two years up to the quarter, oldest first; the numbers above are the last of it."""


def municipality_counts(session: Session, narrowed: PublicFilter) -> dict[int | None, int]:
    """How many public cases each municipality has; None is those without one."""
    values = narrowed.values
    rows = session.execute(
        select(_cases.municipality_id, func.count())
        .where(_cases.withdrawn_on.is_(None), *(FILTERS[name] for name in values))
        .group_by(_cases.municipality_id),
        values,
    )
    return {row[0]: row[1] for row in rows}


def quarter_so_far(session: Session, span: Span) -> QuarterSoFar:
    """The numbers of the running quarter, and of the quarters before it, in three statements.

    They are those of the page of the quarter, from the same ledger.
    """
    public = select(func.count()).select_from(PublishedCase).where(_cases.withdrawn_on.is_(None), HAS_ANSWER)
    quarters = tuple(recent_counts(session, span))
    now = quarters[-1]
    return QuarterSoFar(span, now.received, now.handled, now.open, session.execute(public).scalar_one(), quarters)
