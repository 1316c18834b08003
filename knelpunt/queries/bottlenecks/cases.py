"""The cases under rule bottlenecks: what is public of them, and all of them for staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.errors import NotFound
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import BottleneckCase, Case, PublishedCase
from knelpunt.queries.bottlenecks.families import taken_in

PUBLISHED_PAGE_SIZE = 20
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class PublishedUnder:
    """A published case under a bottleneck."""

    reference: str
    title: str
    municipality_id: int | None
    municipality_then: str | None


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case under a bottleneck, for staff."""

    reference: str
    title: str
    status: CaseStatus
    municipality_id: int | None
    link: LinkStatus
    reason: str | None
    why: str | None
    found_at: datetime | None
    linked_by_id: int | None


def published_under(session: Session, bottleneck_id: int, page: int = 1) -> tuple[PublishedUnder, ...]:
    """The published cases under a bottleneck and under what went up into it, the latest first: a page, and one more
    where another page follows."""
    rows = session.execute(
        select(
            PublishedCase.reference, PublishedCase.title, PublishedCase.municipality_id, PublishedCase.municipality_then
        )
        .where(PublishedCase.case_id.in_(taken_in(bottleneck_id)), PublishedCase.withdrawn_on.is_(None))
        .order_by(PublishedCase.published_on.desc(), PublishedCase.case_id.desc())
        .offset((page - 1) * PUBLISHED_PAGE_SIZE)
        .limit(PUBLISHED_PAGE_SIZE + 1)
    )
    return tuple(PublishedUnder(*row) for row in rows)


def cases_under(session: Session, bottleneck_id: int, page: int = 1) -> tuple[LinkedCase, ...]:
    """The cases under a bottleneck, those that wait for its owner first; for staff only. A page, and one more where
    another page follows."""
    rows = session.execute(
        _linked(bottleneck_id)
        .order_by(
            BottleneckCase.found_at.is_not(None).desc(),
            (BottleneckCase.status == LinkStatus.PROPOSED).desc(),
            BottleneckCase.linked_at.desc(),
            Case.id.desc(),
        )
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    return tuple(LinkedCase(*row) for row in rows)


def case_under(session: Session, bottleneck_id: int, reference: str) -> LinkedCase:
    """One case under a bottleneck; for staff only.

    Raises:
        NotFound: no case with this number is under it.
    """
    row = session.execute(_linked(bottleneck_id).where(Case.reference == reference)).one_or_none()
    if row is None:
        raise NotFound()
    return LinkedCase(*row)


def _linked(bottleneck_id: int) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Case.reference,
        Case.title,
        Case.status,
        Case.municipality_id,
        BottleneckCase.status,
        BottleneckCase.reason,
        BottleneckCase.why,
        BottleneckCase.found_at,
        BottleneckCase.linked_by_id,
    )
    of_this = select(*columns).join(BottleneckCase, BottleneckCase.case_id == Case.id)
    return of_this.where(BottleneckCase.bottleneck_id == bottleneck_id)
