"""The published record as machines read it: all of it, or what changed last. Withdrawn texts are left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import Result, SubmitterKind, Theme, Verdict
from knelpunt.models import Bottleneck, GuideVersion, Law, ProvisionWording, PublishedCase
from knelpunt.queries.public.published import FILTERS, PublicFilter

FEED_LENGTH = 50
SITEMAP_LENGTH = 10_000
READ_AT_ONCE = 1_000
_cases = PublishedCase.__table__.c


@dataclass(frozen=True, slots=True)
class FeedEntry:
    reference: str
    title: str
    question: str
    answer: str
    verdict: Verdict
    theme: Theme
    published_on: date
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedRecord:
    """Everything that is open of one case. Of history ``filed_on`` and ``closed_on`` are booked, not known."""

    reference: str
    title: str
    question: str
    answer: str
    verdict: Verdict
    result: Result | None
    next_step: str | None
    theme: Theme
    submitter_kind: SubmitterKind
    municipality_id: int | None
    municipality_then: str | None
    province_id: int | None
    main_law_id: int | None
    provisions: list[dict[str, Any]]
    filed_on: date
    closed_on: date | None
    published_on: date
    corrected_on: date | None
    corrections: list[dict[str, Any]]
    source_url: str | None


def latest_entries(session: Session, narrowed: PublicFilter) -> list[FeedEntry]:
    """What was published last, the newest first."""
    values = narrowed.values
    rows = session.execute(
        select(*(_cases[name] for name in FeedEntry.__slots__))
        .where(_cases.withdrawn_on.is_(None), *(FILTERS[name] for name in values))
        .order_by(_cases.published_on.desc(), _cases.case_id.desc())
        .limit(FEED_LENGTH),
        values,
    )
    return [FeedEntry(*row) for row in rows]


def sitemap_parts(session: Session) -> int:
    """In how many parts of the sitemap the published cases go."""
    last = session.execute(select(func.max(_cases.case_id))).scalar_one() or 0
    return -(-last // SITEMAP_LENGTH)


def sitemap_part(session: Session, number: int) -> list[tuple[str, datetime]]:
    """The numbers of the public cases in a part (from 1), each with its last change."""
    first = (number - 1) * SITEMAP_LENGTH + 1
    rows = session.execute(
        select(_cases.reference, _cases.updated_at)
        .where(_cases.case_id.between(first, first + SITEMAP_LENGTH - 1), _cases.withdrawn_on.is_(None))
        .order_by(_cases.case_id)
    )
    return [(row.reference, row.updated_at) for row in rows]


def all_records(session: Session) -> Iterator[PublishedRecord]:
    """Every public case, in the order of their numbers in the database, read a piece at a time."""
    rows = session.execute(
        select(*(_cases[name] for name in PublishedRecord.__slots__))
        .where(_cases.withdrawn_on.is_(None))
        .order_by(_cases.case_id),
        execution_options={"yield_per": READ_AT_ONCE},
    )
    return (PublishedRecord(*row) for row in rows)


def first_guide(session: Session) -> date | None:
    """The day on which the first text of a ruimtewijzer became public."""
    return session.scalar(select(func.min(GuideVersion.published_on)))


def first_bottleneck(session: Session) -> date | None:
    """The day on which the first rule bottleneck was signalled."""
    return session.scalar(select(func.min(Bottleneck.signalled_on)))


def first_law(session: Session) -> date | None:
    """The first day of the oldest law that is known from a day on."""
    return session.scalar(select(func.min(Law.in_force_from)))


def first_wording(session: Session) -> date | None:
    """The first day of the oldest wording that is known from a day on."""
    return session.scalar(select(func.min(ProvisionWording.valid_from)))
