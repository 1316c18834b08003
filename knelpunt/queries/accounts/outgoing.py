"""Outgoing mail as an administrator sees it: what waits, what went, what failed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from knelpunt.models import Case, OutboxMail

PAGE_SIZE = 50


class MailState(StrEnum):
    """Where a mail is. What was missed by the desk or a ministry failed too, and is listed until it is settled."""

    WAITING = "wacht"
    SENT = "verstuurd"
    GIVEN_UP = "mislukt"
    MISSED = "gemist"

    def condition(self) -> ColumnElement[bool]:
        """The state as SQL."""
        if self is MailState.SENT:
            return OutboxMail.sent_at.is_not(None)
        if self is MailState.MISSED:
            return OutboxMail.missed_at.is_not(None)
        if self is MailState.GIVEN_UP:
            return OutboxMail.gave_up_at.is_not(None)
        return OutboxMail.sent_at.is_(None) & OutboxMail.gave_up_at.is_(None)


@dataclass(frozen=True, slots=True)
class MailFilter:
    """What the list is narrowed to; empty fields do not narrow."""

    state: MailState | None = None
    kind: str = ""
    reference: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.state is not None:
            found.append(self.state.condition())
        if self.kind:
            found.append(OutboxMail.kind == self.kind)
        if self.reference:
            case_id = select(Case.id).where(Case.reference == self.reference.upper()).scalar_subquery()
            found.append(OutboxMail.case_id == case_id)
        return found


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail without its text and address: what may be seen of it in production."""

    id: int
    kind: str
    message_id: str
    created_at: datetime
    next_try_at: datetime
    attempts: int
    sent_at: datetime | None
    gave_up_at: datetime | None
    missed_at: datetime | None
    account_id: int | None
    last_error: str | None
    reference: str | None

    @property
    def state(self) -> MailState:
        if self.sent_at is not None:
            return MailState.SENT
        return MailState.GIVEN_UP if self.gave_up_at is not None else MailState.WAITING


_COLUMNS = (
    OutboxMail.id,
    OutboxMail.kind,
    OutboxMail.message_id,
    OutboxMail.created_at,
    OutboxMail.next_try_at,
    OutboxMail.attempts,
    OutboxMail.sent_at,
    OutboxMail.gave_up_at,
    OutboxMail.missed_at,
    OutboxMail.account_id,
    OutboxMail.last_error,
)


def list_mails(
    session: Session, wanted: MailFilter, before: int | None = None, limit: int = PAGE_SIZE
) -> list[MailRow]:
    """Mails, the newest first; at most ``limit`` and one more.

    Args:
        before: the id of the last mail of the page before.
    """
    statement = (
        select(*_COLUMNS, Case.reference.label("reference"))
        .outerjoin(Case, Case.id == OutboxMail.case_id)
        .where(*wanted.conditions())
        .order_by(OutboxMail.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        statement = statement.where(OutboxMail.id < before)
    return [MailRow(**row) for row in session.execute(statement).mappings()]


def one_mail(session: Session, mail_id: int) -> MailRow | None:
    """One mail without its text and address."""
    row = (
        session.execute(
            select(*_COLUMNS, Case.reference.label("reference"))
            .outerjoin(Case, Case.id == OutboxMail.case_id)
            .where(OutboxMail.id == mail_id)
        )
        .mappings()
        .first()
    )
    return MailRow(**row) if row else None


@dataclass(frozen=True, slots=True)
class MailContent:
    """What a mail says and to whom; empty once it was erased."""

    to_address: str | None
    subject: str
    body: str | None


def content(session: Session, mail_id: int) -> MailContent | None:
    """The text of one mail, for a demonstration only: the caller sees to that."""
    row = session.execute(
        select(OutboxMail.to_address, OutboxMail.subject, OutboxMail.body).where(OutboxMail.id == mail_id)
    ).first()
    return MailContent(*row) if row else None


def subjects(session: Session, mail_ids: list[int]) -> dict[int, tuple[str | None, str]]:
    """Address and subject by mail, for the list of a demonstration."""
    rows = session.execute(
        select(OutboxMail.id, OutboxMail.to_address, OutboxMail.subject)
        .where(OutboxMail.id.in_(mail_ids))
        .order_by(OutboxMail.id)
    )
    return {row.id: (row.to_address, row.subject) for row in rows}


def counts(session: Session) -> dict[MailState, int]:
    """How many mails wait and how many failed; those that went are not counted, because there are many."""
    row = session.execute(
        select(
            func.count().filter(MailState.WAITING.condition()),
            func.count().filter(MailState.GIVEN_UP.condition()),
        ).where(OutboxMail.sent_at.is_(None))
    ).one()
    return {MailState.WAITING: row[0], MailState.GIVEN_UP: row[1], MailState.MISSED: count_missed(session)}


def count_missed(session: Session) -> int:
    """How many mails somebody of the desk or a ministry missed, and nobody settled."""
    return session.execute(select(func.count()).where(MailState.MISSED.condition())).scalar_one()
