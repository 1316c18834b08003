"""Whom the acts on a quarter tell, and how a quarter is called in a mail."""

from collections.abc import Iterable

from sqlalchemy import select

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.models import Account
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import MailText


def words_of(quarter: Quarter) -> str:
    """A quarter within a sentence."""
    return f"het {quarter.number}e kwartaal van {quarter.year}"


def page_of(context: Context, quarter: Quarter, page: str) -> str:
    """The full address of a page about a quarter."""
    return context.links.to(f"/kwartalen/{quarter}/{page}")


def tell_sealers(
    context: Context, kind: MailKind, text: MailText, *, besides: Iterable[int | None], once_key: str
) -> None:
    """Tell everybody who may be the second person; who took part is left out."""
    roles = roles_with(Permission.SEAL_QUARTER)
    left_out = {each for each in besides if each is not None}
    rows = context.session.execute(
        select(Account.id, Account.email).where(Account.role.in_(roles), Account.is_active).order_by(Account.id)
    ).all()
    for account_id, email in rows:
        if account_id not in left_out:
            key = f"{once_key}:{account_id}"
            messages.queue_text(context, kind, email, text, account_id=account_id, once_key=key)


def tell_account(
    context: Context, kind: MailKind, text: MailText, account_id: int | None, *, once_key: str | None = None
) -> None:
    """Tell one colleague, if the account is in use."""
    account = context.session.get(Account, account_id) if account_id is not None else None
    if account is not None and account.is_active:
        messages.queue_text(context, kind, account.email, text, account_id=account.id, once_key=once_key)
