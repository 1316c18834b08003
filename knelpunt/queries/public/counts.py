"""How many cases are public, by municipality, and the four numbers of the running quarter on the start page."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.figures.definitions import Figure
from knelpunt.domain.vocabulary import OPEN_STATUSES
from knelpunt.models import Case, PublishedCase
from knelpunt.queries.figures.counts import Span, size_of
from knelpunt.queries.figures.series import QuarterCount, recent_quarters
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
    """The numbers of the running quarter, and of the quarters before it, in two statements.

    What is open is counted from the cases themselves: that is what the events add up to today, at a fraction of the
    work. The same definitions as on the page of the quarter.
    """
    still_open = select(func.count()).select_from(Case).where(Case.status.in_(OPEN_STATUSES)).scalar_subquery()
    public = select(func.count()).select_from(PublishedCase).where(_cases.withdrawn_on.is_(None), HAS_ANSWER)
    received, handled = (size_of(figure, span).scalar_subquery() for figure in (Figure.RECEIVED, Figure.HANDLED))
    numbers = session.execute(select(received, handled, still_open, public.scalar_subquery())).one()
    return QuarterSoFar(span, *numbers, quarters=tuple(recent_quarters(session, span, numbers[2])))
