"""Rule bottlenecks for other programs: the news as a feed, the map of the site, and the public record."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import Bottleneck, BottleneckNews, BottleneckProvision, Law, Provision
from knelpunt.queries.bottlenecks.bottlenecks import MUNICIPALITIES, PROJECTS, BottleneckFilter
from knelpunt.queries.bottlenecks.news import IS_MOVE, LAST_NEWS, SINCE, NewsItem, select_news
from knelpunt.queries.core.pieces import pieces

FEED_LENGTH = 50


@dataclass(frozen=True, slots=True)
class NewsEntry:
    """One public message. ``moved`` is true when the state changed with it; ``updated_at`` is when it was corrected, or
    else written."""

    id: int
    reference: str
    title: str
    status: BottleneckStatus
    moved: bool
    is_erratum: bool
    body: str
    source_url: str | None
    written_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RuleOf:
    """A provision under a bottleneck, and what it does."""

    law_title: str
    article: str
    instrument: str
    role: AssessmentRole


@dataclass(frozen=True, slots=True)
class BottleneckRecord:
    """Everything of one bottleneck that is public. ``projects`` and ``municipalities`` are its weight."""

    id: int
    reference: str
    title: str
    problem: str
    status: BottleneckStatus
    since: date
    choice: BottleneckChoice | None
    choice_reason: str | None
    waiting_for: str | None
    ministry_id: int | None
    projects: int
    municipalities: int
    signalled_on: date
    last_news_on: date | None
    news_due_on: date | None
    consultation_until: date | None
    in_force_on: date | None
    erratum_on: date | None
    merged_into: str | None
    corrections: list[dict[str, str]]


_LAST_ERRATUM = (
    select(func.max(BottleneckNews.on_day))
    .where(BottleneckNews.bottleneck_id == Bottleneck.id, BottleneckNews.corrects_id.is_not(None))
    .correlate(Bottleneck)
    .scalar_subquery()
)


def latest_news(
    session: Session, wanted: BottleneckFilter | None = None, *, bottleneck_id: int | None = None
) -> list[NewsEntry]:
    """What was told last, the newest first.

    Args:
        wanted: about which ones; None for all.
        bottleneck_id: about this one only.
    """
    columns: tuple[Any, ...] = (
        BottleneckNews.id,
        Bottleneck.reference,
        Bottleneck.title,
        BottleneckNews.status,
        IS_MOVE,
        BottleneckNews.corrects_id.is_not(None),
        BottleneckNews.body,
        BottleneckNews.source_url,
        BottleneckNews.written_at,
        func.coalesce(BottleneckNews.corrected_at, BottleneckNews.written_at),
    )
    statement = (
        select(*columns)
        .join(Bottleneck, Bottleneck.id == BottleneckNews.bottleneck_id)
        .order_by(BottleneckNews.id.desc())
        .limit(FEED_LENGTH)
    )
    if wanted is not None:
        statement = statement.where(*wanted.conditions())
    if bottleneck_id is not None:
        statement = statement.where(Bottleneck.id == bottleneck_id)
    return [NewsEntry(*row) for row in session.execute(statement)]


def sitemap_entries(session: Session) -> list[tuple[str, datetime]]:
    """The numbers of all bottlenecks, each with its last change."""
    rows = session.execute(select(Bottleneck.reference, Bottleneck.updated_at).order_by(Bottleneck.id))
    return [(row.reference, row.updated_at) for row in rows]


def records(session: Session) -> Iterator[tuple[BottleneckRecord, tuple[RuleOf, ...], tuple[NewsItem, ...]]]:
    """Every bottleneck with its provisions and all its news, the latest first, in the order of signalling.

    Three statements for each piece.
    """
    into = aliased(Bottleneck)
    columns: tuple[Any, ...] = (
        Bottleneck.__table__.c.id,
        Bottleneck.reference,
        Bottleneck.title,
        Bottleneck.problem,
        Bottleneck.status,
        func.coalesce(SINCE, Bottleneck.signalled_on),
        Bottleneck.choice,
        Bottleneck.choice_reason,
        Bottleneck.waiting_for,
        Bottleneck.ministry_id,
        PROJECTS,
        MUNICIPALITIES,
        Bottleneck.signalled_on,
        LAST_NEWS,
        Bottleneck.news_due_on,
        Bottleneck.consultation_until,
        Bottleneck.in_force_on,
        _LAST_ERRATUM,
        into.reference,
        Bottleneck.corrections,
    )
    every = select(*columns).outerjoin(into, into.id == Bottleneck.merged_into_id)
    for rows in pieces(session, every, Bottleneck.__table__.c.id):
        ids = [row[0] for row in rows]
        rules, news = _rules(session, ids), _news(session, ids)
        for row in rows:
            yield BottleneckRecord(*row), tuple(rules[row[0]]), tuple(news[row[0]])


def _news(session: Session, ids: Sequence[int]) -> dict[int, list[NewsItem]]:
    found: dict[int, list[NewsItem]] = defaultdict(list)
    told = select_news(BottleneckNews.bottleneck_id.expression).where(BottleneckNews.bottleneck_id.in_(ids))
    for row in session.execute(told):
        found[row[-1]].append(NewsItem(*row[:-1]))
    return found


def _rules(session: Session, ids: Sequence[int]) -> dict[int, list[RuleOf]]:
    rows = session.execute(
        select(
            BottleneckProvision.bottleneck_id,
            Law.citation_title,
            Provision.article,
            Provision.instrument,
            BottleneckProvision.role,
        )
        .join(Provision, Provision.id == BottleneckProvision.provision_id)
        .join(Law, Law.id == Provision.law_id)
        .where(BottleneckProvision.bottleneck_id.in_(ids))
        .order_by(BottleneckProvision.bottleneck_id, BottleneckProvision.role, Law.position, Provision.position)
    )
    found: dict[int, list[RuleOf]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(RuleOf(*row[1:]))
    return found
