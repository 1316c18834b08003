"""A new password: by a link from the own mailbox, or by who is signed in."""

from sqlalchemy import delete, select, update

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import (
    LOGIN_PER_ACCOUNT,
    RESET_TERM,
    AccountEvent,
    AttemptLimit,
    check_password,
    normalise_email,
    password_bytes,
    subject_of,
)
from knelpunt.domain.errors import DomainError, NotFound, TooManyAttempts
from knelpunt.domain.identity.factors import FACTOR_PER_ACCOUNT
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.incoming import UsedAgain
from knelpunt.models import Account, AccountToken, CalendarAddress
from knelpunt.queries.accounts import accounts as queries
from knelpunt.queries.accounts import sign_on
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.accounts import throttle
from knelpunt.services.accounts.sessions import TOO_MANY_TRIES, close_sessions, hash_token, new_token, start_session
from knelpunt.services.accounts.throttle import Ticket
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import addresses_gone, messages

RESET = "wachtwoord"


def request_reset(context: Context, email: str, ticket: Ticket) -> None:
    """Mail a link to set a new password, good once and for an hour, when the address has an open account.

    Who comes in by the own organisation is told to do so: a password would outlast what the organisation ends.
    For an address without one, or one that is asked for too often, the same rows are written and taken back, so that
    the answer takes as long and nobody learns who has an account.
    """
    account = context.session.scalars(
        select(Account).where(Account.email == normalise_email(email).replace("\x00", ""), Account.is_active)
    ).one_or_none()
    stand_in = account or context.session.scalars(select(Account).order_by(Account.id).limit(1)).one_or_none()
    if stand_in is None:
        return
    is_provided = sign_on.comes_by_provider(context.session, stand_in.id, context.login_rules.only_by)
    attempt = context.session.begin_nested()
    token = new_token()
    context.session.add(
        AccountToken(
            token_hash=hash_token(token),
            purpose=RESET,
            account_id=stand_in.id,
            created_at=context.now,
            expires_at=context.now + RESET_TERM,
            used_at=context.now if is_provided else None,
        )
    )
    if is_provided:
        text = texts.password_not_needed(url=context.links.to("/inloggen"))
    else:
        text = texts.password_reset(url=context.links.to(f"/wachtwoord/{token}"), hours=1)
    messages.queue_text(context, MailKind.PASSWORD_RESET, stand_in.email, text, account_id=stand_in.id)
    addresses_gone.clear_account(context, stand_in.email, UsedAgain.LINK_ASKED)
    events.record(context, AccountEvent.RESET_REQUESTED, subject=subject_of(stand_in.id))
    if account is not None and ticket.allowed:
        attempt.commit()
    else:
        attempt.rollback()


def reset_password(context: Context, token: str, password: str) -> None:
    """Set a new password with a mailed link; all sessions end, all other links stop working, and so does the address
    of a calendar: whoever had the old password may have read or made it.

    Raises:
        NotFound: the link was used or is too old, the account was closed, or its organisation logs it in by now.
        DomainError: on the field ``password``.
    """
    link = queries.token_for_update(context.session, hash_token(token))
    if link is None or link.used_at is not None or link.expires_at <= context.now:
        raise NotFound()
    account = queries.get_for_update(context.session, link.account_id)
    if account is None or not account.is_active:
        raise NotFound()
    if sign_on.comes_by_provider(context.session, account.id, context.login_rules.only_by):
        raise NotFound()
    check_password(password, account.email)
    _set_password(context, account, password)
    addresses_gone.clear_account(context, account.email, UsedAgain.LINK_USED)
    gone = delete(CalendarAddress).where(CalendarAddress.account_id == account.id)
    if context.session.scalar(gone.returning(CalendarAddress.account_id)) is not None:
        events.record(context, AccountEvent.CALENDAR_ENDED, subject=subject_of(account.id))
    throttle.forgive_account(context.session, account.email)
    events.record(context, AccountEvent.PASSWORD_RESET, subject=subject_of(account.id))


def change_password(context: Context, current: str, new: str, ticket: Ticket, here: SignedInRow | None = None) -> str:
    """Change the actor's own password; all sessions end and this browser gets a new one: its token.

    Args:
        here: the session in which this is asked.
    Raises:
        TooManyAttempts: on the field ``current``.
        DomainError: on the field ``current`` (wrong) or ``password`` (refused by the rules).
    """
    account = (
        queries.get_for_update(context.session, context.actor.account_id)
        if context.actor.account_id is not None
        else None
    )
    if account is None:
        raise NotFound()
    _require_password(context, account, current, ticket, LOGIN_PER_ACCOUNT, field="current")
    check_password(new, account.email)
    if passwords.matches(account.password_hash, password_bytes(new)):
        raise DomainError("Kies een ander wachtwoord dan uw huidige.", field="password")
    _set_password(context, account, new)
    token = start_session(context, account.id, like=here)
    events.record(context, AccountEvent.PASSWORD_CHANGED, subject=subject_of(account.id))
    return token


def show_password(context: Context, password: str, ticket: Ticket) -> None:
    """Whoever sits at this browser knows the password of the account too.

    Raises:
        TooManyAttempts, DomainError: it was tried too often, or is wrong.
    """
    account = context.session.get_one(Account, context.actor.account_id)
    _require_password(context, account, password, ticket, FACTOR_PER_ACCOUNT)


def _require_password(
    context: Context, account: Account, password: str, ticket: Ticket, limit: AttemptLimit, field: str | None = None
) -> None:
    """Raise unless this is the password of the account; then the failed tries before it are forgotten."""
    if not ticket.allowed:
        raise TooManyAttempts(TOO_MANY_TRIES, field=field, retry_after=limit.period)
    if not passwords.matches(account.password_hash, password_bytes(password)):
        raise DomainError(
            "Dit is niet uw huidige wachtwoord. Na 10 keer proberen moet u 15 minuten wachten.", field=field
        )
    throttle.forgive(context.session, ticket)


def _set_password(context: Context, account: Account, password: str) -> None:
    account.password_hash = passwords.hash_password(password_bytes(password))
    account.password_changed_at = context.now
    close_sessions(context, account.id)
    context.session.execute(
        update(AccountToken)
        .where(AccountToken.account_id == account.id, AccountToken.used_at.is_(None))
        .values(used_at=context.now)
        .execution_options(synchronize_session=False)
    )
    messages.queue_text(
        context, MailKind.PASSWORD_CHANGED, account.email, texts.password_changed(), account_id=account.id
    )
