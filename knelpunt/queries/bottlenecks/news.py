"""What was told about rule bottlenecks, each message with what was said of it later."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.bottlenecks import SOLVED, BottleneckStatus
from knelpunt.domain.errors import NotFound
from knelpunt.models import Bottleneck, BottleneckNews

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One public message. ``moved`` is true when the state changed with it; ``taken_back_on`` is the day of the erratum
    that says that it was not true."""

    id: int
    on_day: date
    status: BottleneckStatus
    body: str
    source_url: str | None
    moved: bool
    is_erratum: bool
    taken_back_on: date | None
    corrections: list[dict[str, str]]


_erratum = aliased(BottleneckNews)
_before = func.lag(BottleneckNews.status).over(partition_by=BottleneckNews.bottleneck_id, order_by=BottleneckNews.id)
IS_MOVE = BottleneckNews.status.is_distinct_from(_before)
"""Whether a bottleneck got another state with what was told, as SQL over all that was told of it."""
TAKEN_BACK_ON = (
    select(func.min(_erratum.on_day))
    .where(
        _erratum.bottleneck_id == BottleneckNews.bottleneck_id,
        _erratum.corrects_id.is_not(None),
        _erratum.id > BottleneckNews.id,
        BottleneckNews.status.in_(sorted(SOLVED)),
    )
    .correlate(BottleneckNews)
    .scalar_subquery()
)
"""The day of the erratum after a message that said that a bottleneck is in force; empty for any other message."""
LAST_NEWS = (
    select(func.max(BottleneckNews.on_day))
    .where(BottleneckNews.bottleneck_id == Bottleneck.id)
    .correlate(Bottleneck)
    .scalar_subquery()
)
SINCE = (
    select(func.min(BottleneckNews.on_day))
    .where(
        BottleneckNews.bottleneck_id == Bottleneck.id,
        BottleneckNews.status == Bottleneck.status,
        TAKEN_BACK_ON.is_(None),
    )
    .correlate(Bottleneck)
    .scalar_subquery()
)
"""No step but an erratum leads back, so the first true news in this state is the one that came with the step."""


def news_of(session: Session, bottleneck_id: int, page: int = 1) -> tuple[NewsItem, ...]:
    """What was told about a bottleneck, the latest first: a page, and one more where another page follows."""
    of_this = select_news().where(BottleneckNews.bottleneck_id == bottleneck_id)
    rows = session.execute(of_this.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1))
    return tuple(NewsItem(*row) for row in rows)


def one_of(session: Session, bottleneck_id: int, number: int | None) -> NewsItem:
    """One message about a bottleneck, however long ago it was told.

    Raises:
        NotFound: it has no message with this number.
    """
    told = select_news().where(BottleneckNews.bottleneck_id == bottleneck_id).subquery()
    row = session.execute(select(told).where(told.c.id == number)).one_or_none()
    if row is None:
        raise NotFound()
    return NewsItem(*row)


def select_news(*more: ColumnElement[Any]) -> Select[Any]:
    """The columns of a ``NewsItem``, and more after them, the latest first."""
    return select(
        BottleneckNews.id,
        BottleneckNews.on_day,
        BottleneckNews.status,
        BottleneckNews.body,
        BottleneckNews.source_url,
        IS_MOVE,
        BottleneckNews.corrects_id.is_not(None),
        TAKEN_BACK_ON,
        BottleneckNews.corrections,
        *more,
    ).order_by(BottleneckNews.id.desc())
