"""Writes what a colleague is told of on the page Meldingen, in the transaction of the act."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.collaboration.notifications import KEPT
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Case, Notification
from knelpunt.services.core.context import Context


def note(context: Context, case: Case, kind: MailKind, account_id: int, *, once_key: str | None = None) -> bool:
    """Tell one colleague; nobody is told of an act of their own, nor twice under one key. Says whether it was new."""
    if account_id == context.actor.account_id:
        return False
    statement = insert(Notification).values(
        account_id=account_id,
        kind=kind.value,
        case_id=case.id,
        actor_id=context.actor.account_id,
        created_at=context.now,
        once_key=once_key and f"{once_key}:{account_id}",
        ends_on=context.today + KEPT,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["once_key"])
    return context.session.scalar(statement.returning(Notification.id)) is not None


def told(context: Context, case: Case, once_key: str) -> tuple[int, ...]:
    """Which colleagues were told something of this case under a key, or under one that begins with it."""
    is_under_key = Notification.once_key.startswith(f"{once_key}:", autoescape=True)
    found = select(Notification.account_id).where(Notification.case_id == case.id, is_under_key).distinct()
    return tuple(context.session.scalars(found.order_by(Notification.account_id)))


def settle(context: Context, case: Case, kind: MailKind) -> None:
    """What a case asked of several colleagues was done by one: for nobody it is unread any more."""
    context.session.execute(
        update(Notification)
        .where(Notification.case_id == case.id, Notification.kind == kind.value, Notification.read_at.is_(None))
        .values(read_at=context.now)
    )
