"""Mails that came in: what waits for a person, what became of the rest, and how it goes with the mailbox."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.post.incoming import IncomingReason, IncomingStatus
from knelpunt.models import Case, DeliveryFailure, IncomingMail, LetterVersion, MailboxState
from knelpunt.queries.cases import letters

PAGE_SIZE = 50
COUNTED = timedelta(days=30)


class IncomingList(StrEnum):
    """The lists of mails that came in, as they stand in the address."""

    WAITING = "wacht"
    ASKING = "antwoord"
    DONE = "klaar"

    def condition(self) -> ColumnElement[bool]:
        """Which mails stand in the list, as SQL."""
        if self is IncomingList.WAITING:
            return IncomingMail.status == IncomingStatus.WAITING
        if self is IncomingList.ASKING:
            return IncomingMail.asks_handler & (IncomingMail.status == IncomingStatus.LANDED)
        return IncomingMail.status.in_((IncomingStatus.LANDED, IncomingStatus.DISMISSED)) & ~IncomingMail.asks_handler


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """One mail in a list."""

    id: int
    status: IncomingStatus
    reason: IncomingReason | None
    arrived_at: datetime
    from_address: str | None
    subject: str | None
    reference: str | None
    decided_at: datetime | None
    decision_reason: str | None


@dataclass(frozen=True, slots=True)
class IncomingPage:
    """One mail that came in, as somebody looks at it."""

    id: int
    status: IncomingStatus
    reason: IncomingReason | None
    arrived_at: datetime
    from_address: str | None
    subject: str | None
    body: str | None
    reference: str | None
    title: str | None
    decided_by_id: int | None
    decided_at: datetime | None
    decision_reason: str | None


def list_mails(session: Session, actor: Actor, which: IncomingList, *, after: int | None = None) -> list[IncomingRow]:
    """The mails of a list, at most a page and one more: the oldest first, of what is done the latest first."""
    if not actor.can(Permission.HANDLE_CASE):
        return []
    is_done = which is IncomingList.DONE
    columns = [getattr(IncomingMail, name) for name in IncomingRow.__slots__ if name != "reference"]
    columns.insert(6, Case.reference)
    statement = (
        select(*columns)
        .outerjoin(Case, Case.id == IncomingMail.case_id)
        .where(which.condition())
        .order_by(IncomingMail.id.desc() if is_done else IncomingMail.id)
        .limit(PAGE_SIZE + 1)
    )
    if after is not None:
        statement = statement.where(IncomingMail.id < after if is_done else IncomingMail.id > after)
    return [IncomingRow(*row) for row in session.execute(statement)]


def one(session: Session, actor: Actor, mail_id: int) -> IncomingPage | None:
    """One mail to look at; None when there is none, or not for this actor."""
    if not actor.can(Permission.HANDLE_CASE) or not 0 < mail_id < 2**63:
        return None
    own = [getattr(IncomingMail, name) for name in IncomingPage.__slots__ if name not in ("reference", "title")]
    columns = [*own[:7], Case.reference, Case.title, *own[7:]]
    row = session.execute(
        select(*columns)
        .outerjoin(Case, Case.id == IncomingMail.case_id)
        .where(IncomingMail.id == mail_id, IncomingMail.status.in_((IncomingStatus.WAITING, *_DECIDED)))
    ).one_or_none()
    return IncomingPage(*row) if row is not None else None


_DECIDED = (IncomingStatus.LANDED, IncomingStatus.DISMISSED)


def count_statements() -> tuple[Select[int], ...]:
    """What waits of mail, as statements: mails to look at, mails that may be an answer, cases that a mail did not
    reach, letters to post, those that lie here for too long (``letters.lying_before``), and fixed texts that wait for a
    second person."""
    waiting = select(func.count()).select_from(IncomingMail).where(IncomingList.WAITING.condition())
    asking = select(func.count()).select_from(IncomingMail).where(IncomingList.ASKING.condition())
    failed = select(func.count(func.distinct(DeliveryFailure.case_id))).where(DeliveryFailure.settled_at.is_(None))
    versions = select(func.count()).select_from(LetterVersion).where(LetterVersion.decided_at.is_(None))
    return (waiting, asking, failed, letters.count_statement(), letters.lying_statement(), versions)


def asks_handler(case_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether a mail lies here of which nobody said yet whether it is the answer, as SQL: then no term may end."""
    return exists().where(IncomingMail.case_id == case_id, IncomingMail.asks_handler)


def mail_asks(session: Session, case_id: int) -> bool:
    """The same of this case."""
    found = select(IncomingMail.id).where(IncomingMail.case_id == case_id, IncomingMail.asks_handler).limit(1)
    return session.scalar(found) is not None


def asking_long(today: date) -> Select[int]:
    """Such mails that lie for too long where they are: here, or in the case in which somebody put them."""
    return (
        select(IncomingMail.id)
        .where(
            IncomingMail.asks_handler,
            IncomingMail.case_id.is_not(None),
            func.coalesce(IncomingMail.decided_at, IncomingMail.arrived_at) < letters.lying_before(today),
        )
        .order_by(IncomingMail.id)
    )


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    """How it goes with the mailbox. ``outcomes`` are counts of the last 30 days: status, reason, how many."""

    polled_at: datetime | None
    worked_at: datetime | None
    error: str | None
    outcomes: tuple[tuple[IncomingStatus, IncomingReason | None, int], ...]


def mailbox(session: Session, now: datetime) -> MailboxFacts:
    """How it goes with the mailbox, for the administrator: numbers only."""
    state = session.scalar(select(MailboxState))
    rows = session.execute(
        select(IncomingMail.status, IncomingMail.reason, func.count())
        .where(IncomingMail.arrived_at > now - COUNTED)
        .group_by(IncomingMail.status, IncomingMail.reason)
        .order_by(IncomingMail.status, IncomingMail.reason)
    )
    outcomes = tuple((row[0], row[1], row[2]) for row in rows)
    if state is None:
        return MailboxFacts(None, None, None, outcomes)
    return MailboxFacts(state.polled_at, state.worked_at, state.error, outcomes)
