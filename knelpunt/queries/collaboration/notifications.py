"""What somebody at the desk was told of, and what has still to go along in the daily mail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from knelpunt.domain.mail_kinds import MailKind, NotificationChoice
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.models import Account, Case, Notification

PAGE_SIZE = 25
_READERS = roles_with(Permission.READ_CASES)
_note, _case, _account = Notification.__table__.c, Case.__table__.c, Account.__table__.c


@dataclass(frozen=True, slots=True)
class NotificationRow:
    id: int
    kind: MailKind
    actor_id: int | None
    created_at: datetime
    is_read: bool
    reference: str
    title: str


def _rows(*where: ColumnElement[bool]) -> Select[int, str, int | None, datetime, bool, str, str]:
    return (
        select(
            _note.id,
            _note.kind,
            _note.actor_id,
            _note.created_at,
            _note.read_at.is_not(None),
            _case.reference,
            _case.title,
        )
        .join(Case.__table__, _case.id == _note.case_id)
        .where(*where)
    )


def _read(session: Session, statement: Select[int, str, int | None, datetime, bool, str, str]) -> list[NotificationRow]:
    return [
        NotificationRow(id_, MailKind(kind), actor_id, created_at, is_read, number, title)
        for id_, kind, actor_id, created_at, is_read, number, title in session.execute(statement)
    ]


def page_of(
    session: Session, account_id: int, *, only_unread: bool, before: int | None
) -> tuple[list[NotificationRow], bool]:
    """One page, the newest first; and whether there are more."""
    where: list[ColumnElement[bool]] = [_note.account_id == account_id]
    if only_unread:
        where.append(_note.read_at.is_(None))
    if before is not None:
        where.append(_note.id < before)
    rows = _read(session, _rows(*where).order_by(_note.id.desc()).limit(PAGE_SIZE + 1))
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def waiting_for_digest() -> Select[int]:
    """The accounts that want one mail a day and have something that did not go along in one, nor was read. It waits
    while nobody is known to have the address."""
    return (
        select(_account.id)
        .where(
            _account.is_active,
            _account.gone_at.is_(None),
            _account.role.in_(_READERS),
            _account.notification_choice == NotificationChoice.DIGEST,
            select(_note.id).where(_note.account_id == _account.id, *_UNMAILED).exists(),
        )
        .order_by(_account.id)
    )


def unmailed(session: Session, account_id: int) -> list[NotificationRow]:
    """What has to go along in the next one, the oldest first."""
    return _read(session, _rows(_note.account_id == account_id, *_UNMAILED).order_by(_note.id))


_UNMAILED = (_note.mailed_at.is_(None), _note.read_at.is_(None))
