"""Rule bottlenecks by what they wait for: the list for everybody, and that of an owner."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import MOVING, OPEN, BottleneckChoice, BottleneckStatus, LinkStatus
from knelpunt.models import Bottleneck, BottleneckCase
from knelpunt.queries.bottlenecks.news import SINCE

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One bottleneck. ``since`` is the day on which it came into this state; ``waiting_cases`` are those that its
    owner has not decided about; ``owner_due_on`` is the last day to name a ministry, while there is none. Days are days
    in Europe/Amsterdam."""

    reference: str
    title: str
    status: BottleneckStatus
    choice: BottleneckChoice | None
    waiting_for: str | None
    ministry_id: int | None
    owner_id: int | None
    owner_due_on: date | None
    since: date
    news_due_on: date | None
    waiting_cases: int

    def is_late(self, today: date) -> bool:
        """Whether news, or the name of a ministry, should have come before today."""
        return any(day is not None and day < today for day in (self.news_due_on, self.owner_due_on))


_WAITING_CASES = (
    select(func.count())
    .select_from(BottleneckCase)
    .where(BottleneckCase.bottleneck_id == Bottleneck.id, BottleneckCase.status == LinkStatus.PROPOSED)
    .correlate(Bottleneck)
    .scalar_subquery()
)
_OWNER_DUE_ON = when((Bottleneck.status == BottleneckStatus.SIGNALLED, Bottleneck.owner_due_on))
_DUE_ON = func.least(Bottleneck.news_due_on, _OWNER_DUE_ON)
_WAITING_ROW: tuple[Any, ...] = (
    Bottleneck.reference,
    Bottleneck.title,
    Bottleneck.status,
    Bottleneck.choice,
    Bottleneck.waiting_for,
    Bottleneck.ministry_id,
    Bottleneck.owner_id,
    _OWNER_DUE_ON,
    func.coalesce(SINCE, Bottleneck.signalled_on),
    Bottleneck.news_due_on,
    _WAITING_CASES,
)


@dataclass(frozen=True, slots=True)
class WaitingList:
    """One page, how many there are in all, and how many of those are late."""

    rows: tuple[WaitingRow, ...]
    total: int
    late: int


def waiting(session: Session, today: date, ministry_id: int | None = None, page: int = 1) -> WaitingList:
    """The bottlenecks of which the rule has not moved yet, those that are late first.

    Args:
        ministry_id: of this ministry only; None for all.
    """
    wanted: list[ColumnElement[bool]] = [Bottleneck.status.in_(sorted(MOVING))]
    if ministry_id is not None:
        wanted.append(Bottleneck.ministry_id == ministry_id)
    return _list(session, today, wanted, page)


def of_owner(session: Session, today: date, owner_id: int | None, page: int = 1) -> WaitingList:
    """The bottlenecks over which news is owed, those that are late first.

    Args:
        owner_id: of this account only; None for all, also those without an owner.
    """
    wanted: list[ColumnElement[bool]] = [Bottleneck.status.in_(sorted(OPEN))]
    if owner_id is not None:
        wanted.append(Bottleneck.owner_id == owner_id)
    return _list(session, today, wanted, page)


def _list(session: Session, today: date, wanted: list[ColumnElement[bool]], page: int) -> WaitingList:
    counts = session.execute(
        select(func.count(), func.count().filter(_DUE_ON.op("<")(today))).select_from(Bottleneck).where(*wanted)
    ).one()
    rows = session.execute(
        select(*_WAITING_ROW)
        .where(*wanted)
        .order_by(_DUE_ON.asc().nulls_last(), Bottleneck.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return WaitingList(tuple(WaitingRow(*row) for row in rows), *counts)
