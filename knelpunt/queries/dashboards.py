"""The numbers of the dashboards: the desk as a whole, and one organisation's own cases, in few statements."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import TypeVar

from sqlalchemy import case as when
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus
from knelpunt.models import Case, Event
from knelpunt.queries.case_lists import silent_since
from knelpunt.queries.cases import visible_to

Key = TypeVar("Key", bound=Hashable)
SHOWN = 10
"""How many cases a dashboard names; the work list behind it has them all."""

_case = Case.__table__.c
_event = Event.__table__.c
_IS_OPEN = _case.status.in_(sorted(OPEN_STATUSES))


class Age(IntEnum):
    """How long ago an open case was filed, in calendar days: the most days of the group; the last has no end."""

    WEEK = 7
    MONTH = 30
    QUARTER = 91
    YEAR = 365
    LONGER = 0

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day of filing that belong to this group; None: no limit."""
        ages = list(Age)
        place = ages.index(self)
        first = today - timedelta(days=self.value) if self.value else None
        last = today - timedelta(days=ages[place - 1].value + 1) if place else None
        return first, last


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """How many open cases share a state, an age and a handler, and how many of those are late."""

    status: CaseStatus
    age: Age
    handler_id: int | None
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class SilentCase:
    """An open case in which nothing has happened for a while; ``last_on`` is the day of its last event."""

    reference: str
    title: str
    status: CaseStatus
    handler_id: int | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class DeskOverview:
    """All that the head of the desk looks at. ``silent`` are the longest silent ones; ``silent_count`` counts all."""

    groups: tuple[OpenGroup, ...]
    silent: tuple[SilentCase, ...]
    silent_count: int

    @property
    def open(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def late(self) -> int:
        return sum(group.late for group in self.groups)

    def open_by(self, key: Callable[[OpenGroup], Key]) -> Counter[Key]:
        """Open cases by state, age or handler."""
        return _summed((key(group), group.count) for group in self.groups)

    def late_by(self, key: Callable[[OpenGroup], Key]) -> Counter[Key]:
        """The late ones among them."""
        return _summed((key(group), group.late) for group in self.groups)


def _summed(pairs: Iterable[tuple[Key, int]]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for key, count in pairs:
        found[key] += count
    return found


def desk_overview(session: Session, actor: Actor, today: date) -> DeskOverview:
    """How the desk stands: what is open by state, age and handler, and what lies silent. Two statements."""
    age = when(
        *((_case.filed_on >= today - timedelta(days=each.value), each.value) for each in Age if each.value),
        else_=Age.LONGER.value,
    ).label("age")
    groups = session.execute(
        select(
            _case.status,
            age,
            _case.handler_id,
            func.count(),
            func.count().filter(_case.due_on < today),
        )
        .where(visible_to(actor), _IS_OPEN)
        .group_by(_case.status, age, _case.handler_id)
    ).all()
    last = (
        select(func.max(_event.happened_on).label("on_day")).where(_event.case_id == _case.id).correlate(Case).lateral()
    )
    last_on = last.c.on_day
    silent = session.execute(
        select(_case.reference, _case.title, _case.status, _case.handler_id, last_on, func.count().over())
        .select_from(Case.__table__.join(last, true()))
        .where(visible_to(actor), _IS_OPEN, func.coalesce(last_on < silent_since(today), True))
        .order_by(last_on.asc().nulls_first(), _case.id)
        .limit(SHOWN)
    ).all()
    return DeskOverview(
        tuple(OpenGroup(row[0], Age(row[1]), *row[2:]) for row in groups),
        tuple(SilentCase(*row[:-1]) for row in silent),
        silent[0][-1] if silent else 0,
    )
