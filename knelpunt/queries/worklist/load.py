"""How much work each colleague has, and which cases have nobody."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import OPEN
from knelpunt.domain.vocabulary import OPEN_STATUSES, Priority
from knelpunt.models import Account, Bottleneck, Case
from knelpunt.queries.cases.list_statements import is_ownerless
from knelpunt.queries.core.reference import reference


@dataclass(frozen=True, slots=True)
class Load:
    """The open cases of one colleague: all, those that are late, those due in the next seven days, those that go
    first."""

    open: int = 0
    late: int = 0
    due_this_week: int = 0
    high: int = 0


def loads(session: Session, today: date) -> dict[int, Load]:
    """By handler; who has no open case is not in it. One statement."""
    rows = session.execute(
        select(
            Case.handler_id,
            func.count(),
            func.count().filter(Case.due_on < today),
            func.count().filter(Case.due_on >= today, Case.due_on <= today + timedelta(days=6)),
            func.count().filter(Case.priority == Priority.HIGH),
        )
        .where(Case.status.in_(sorted(OPEN_STATUSES)), Case.handler_id.is_not(None))
        .group_by(Case.handler_id)
    )
    return {row[0]: Load(*row[1:]) for row in rows if row[0] is not None}


def open_of(session: Session, account_id: int) -> int:
    """How many open cases somebody handles."""
    return (
        session.scalar(
            select(func.count()).where(Case.handler_id == account_id, Case.status.in_(sorted(OPEN_STATUSES)))
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A closed account on which work rests."""

    id: int
    name: str


def left_behind(session: Session) -> list[LeftBehind]:
    """The closed accounts that handle open cases or own open rule bottlenecks, by name."""
    handles = exists().where(Case.handler_id == Account.id, Case.status.in_(sorted(OPEN_STATUSES)))
    owns = exists().where(Bottleneck.owner_id == Account.id, Bottleneck.status.in_(sorted(OPEN)))
    rows = session.execute(
        select(Account.id, Account.name)
        .where(~Account.is_active, or_(handles, owns))
        .order_by(Account.name, Account.id)
    )
    return [LeftBehind(*row) for row in rows]


def ownerless(session: Session) -> int:
    """How many open cases beyond triage have nobody who can handle them."""
    return session.scalar(ownerless_statement(), {"able": sorted(reference(session).handlers)}) or 0


def ownerless_statement() -> Select[int]:
    """The same as a statement; the parameter ``able`` holds who can handle cases."""
    return select(func.count()).select_from(Case).where(is_ownerless())
