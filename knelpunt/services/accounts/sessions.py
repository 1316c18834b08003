"""Logging in and out: sessions live on the server and end there."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import (
    LOGIN_PER_ACCOUNT,
    LOGIN_PER_ADDRESS,
    SEEN_EVERY,
    AccountEvent,
    is_session_alive,
    normalise_email,
    password_bytes,
    subject_of,
)
from knelpunt.domain.errors import DomainError, NotFound, TooManyAttempts
from knelpunt.domain.identity.browsers import UNKNOWN
from knelpunt.domain.identity.factors import LoginMethod
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.models import Account, LoginSession
from knelpunt.queries.accounts import accounts as queries
from knelpunt.queries.accounts import identity, sign_on
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.accounts import throttle
from knelpunt.services.accounts.throttle import Ticket
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

WRONG = (
    "Inloggen is niet gelukt. Controleer het e-mailadres en het wachtwoord. "
    "Na 10 keer proberen moet u 15 minuten wachten."
)
"""The same for an unknown address, a wrong password and a closed account."""
ONLY_BY_ORGANISATION = "Log in via uw organisatie. Een wachtwoord werkt hier voor u niet meer."
TOO_MANY_TRIES = (
    "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht 15 minuten en probeer het opnieuw. "
    "Weet u uw wachtwoord niet meer? Vraag een nieuw wachtwoord aan."
)
"""The same for an account that exists and one that does not."""
TOO_MANY_FROM_ADDRESS = (
    "Vanaf uw internetadres is te vaak geprobeerd in te loggen. Wacht een uur en probeer het opnieuw."
)


@dataclass(frozen=True, slots=True)
class Browser:
    """In which browser somebody logs in, in words, and whether this account did so there before."""

    words: str = UNKNOWN
    is_known: bool = True


def hash_token(token: str) -> str:
    """What is stored of a secret token: its SHA-256. The token itself has 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def authenticate(
    context: Context,
    email: str,
    password: str,
    ticket: Ticket,
    browser: Browser = Browser(),
) -> str:
    """Check a password and start a session; the token for the cookie. Who has a second factor, or must have one, is in
    when that is shown as well.

    Args:
        ticket: the attempt, counted and committed before.
    Raises:
        TooManyAttempts: too many tries came from the internet address, for this account or for any.
        DomainError: with the same words, after the same work, for everything else that is wrong. With others for who
            showed the right password, of an organisation whose people come in by its provider only.
    """
    if not ticket.address_allowed:
        raise TooManyAttempts(TOO_MANY_FROM_ADDRESS, retry_after=LOGIN_PER_ADDRESS.period)
    if not ticket.account_allowed:
        raise TooManyAttempts(TOO_MANY_TRIES, retry_after=LOGIN_PER_ACCOUNT.period)
    address = normalise_email(email)
    found = queries.credentials(context.session, address.replace("\x00", ""))
    stored = found.password_hash if found else None
    is_right = passwords.matches(stored, password_bytes(password))
    if found is None or stored is None or not is_right or not found.is_active:
        raise DomainError(WRONG)
    # Who sets up a second factor at this moment ends the other sessions: this one comes before that, or knows of it.
    role = queries.hold_open(context.session, found.account_id)
    if role is None:
        raise DomainError(WRONG)
    throttle.forgive(context.session, ticket)
    if sign_on.must_come_by_provider(context.session, found.account_id, context.login_rules.only_by):
        raise DomainError(ONLY_BY_ORGANISATION)
    if passwords.is_outdated(stored):
        # Not through the entity: the account's version is for people who edit it, and they should not collide.
        context.session.execute(
            update(Account)
            .where(Account.id == found.account_id)
            .values(password_hash=passwords.hash_password(password_bytes(password)))
            .execution_options(synchronize_session=False)
        )
    is_due = is_factor_due(context, role, found.account_id)
    owner = as_owner(context, found.account_id, role)
    token = start_session(owner, found.account_id, browser=browser, is_due=is_due)
    if not is_due:
        note_log_in(owner, LoginMethod.PASSWORD, browser.words, is_new_device=not browser.is_known)
    return token


def is_factor_due(context: Context, role: Role, account_id: int) -> bool:
    """Whether who logs in now has a second factor, or must have one."""
    return context.login_rules.must_have_factor(role, context.today) or identity.has_factor(context.session, account_id)


def as_owner(context: Context, account_id: int, role: Role) -> Context:
    """The same act in the name of the account that is being signed in."""
    return replace(context, actor=Actor(ActorKind.ACCOUNT, account_id=account_id, role=role))


def start_session(
    context: Context,
    account_id: int,
    *,
    browser: Browser = Browser(),
    method: LoginMethod = LoginMethod.PASSWORD,
    is_due: bool = False,
    confirmed_at: datetime | None = None,
    like: SignedInRow | None = None,
    provider: tuple[str, str | None] = ("", None),
) -> str:
    """A new session with a new token; the caller records why.

    Args:
        is_due: the account has a second factor, or must have one.
        confirmed_at: when it was shown, if it was.
        like: the session that this one takes the place of, whose second factor still counts.
        provider: where somebody came from, and how that is called there.
    """
    token = new_token()
    context.session.add(
        LoginSession(
            token_hash=hash_token(token),
            account_id=account_id,
            created_at=context.now,
            last_seen_at=context.now,
            browser=like.browser if like else browser.words,
            method=like.method if like else method,
            is_new_device=not browser.is_known,
            factor_due=like.factor_due if like else is_due,
            provider=like.provider if like else provider[0] or None,
            provider_session=like.provider_session if like else provider[1],
            second_factor_at=like.second_factor_at if like else confirmed_at,
        )
    )
    context.session.flush()
    return token


def note_log_in(context: Context, method: LoginMethod, browser: str, *, is_new_device: bool) -> None:
    """Record that the actor is in, and tell the owner by mail when that is so in a browser that was never seen."""
    number = context.actor.account_id
    if number is None:
        raise NotFound()
    events.record(
        context,
        AccountEvent.LOGGED_IN,
        subject=subject_of(number),
        data={"hoe": method.value, "nieuw_apparaat": is_new_device},
    )
    if is_new_device:
        text = texts.new_device(browser=browser, at=context.now, url=context.links.to("/mijn-account/sessies"))
        messages.queue_text(
            context,
            MailKind.NEW_DEVICE,
            context.session.get_one(Account, number).email,
            text,
            account_id=number,
        )


def still_signed_in(session: Session, token: str, now: datetime) -> SignedInRow | None:
    """Who is signed in with this token, unless the session ended or grew too old."""
    row = queries.signed_in(session, hash_token(token))
    if row is None or not is_session_alive(row.role, row.created_at, row.last_seen_at, now):
        return None
    return row


def touch(session: Session, row: SignedInRow, now: datetime) -> bool:
    """Note that a session is in use, at most once a minute; whether something was written."""
    if now - row.last_seen_at < SEEN_EVERY:
        return False
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == row.session_id, LoginSession.last_seen_at < now)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )
    return True


def end_session(context: Context, session_id: int) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotFound: the session is somebody else's, or has ended.
    """
    ended = context.session.execute(
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.account_id == context.actor.account_id,
            LoginSession.ended_at.is_(None),
        )
        .values(ended_at=context.now)
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    ).first()
    if ended is None:
        raise NotFound()
    events.record(context, AccountEvent.LOGGED_OUT, subject=f"account:{context.actor.account_id}")


def end_sessions(context: Context) -> None:
    """End all sessions of the actor, this one too."""
    if context.actor.account_id is None:
        raise NotFound()
    close_sessions(context, context.actor.account_id)
    events.record(context, AccountEvent.LOGGED_OUT_EVERYWHERE, subject=f"account:{context.actor.account_id}")


def close_sessions(context: Context, account_id: int, but: int | None = None) -> None:
    """End all sessions of an account, but for one; the caller records why. They are dead from the next request on."""
    context.session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None), LoginSession.id != (but or 0))
        .values(ended_at=context.now)
        .execution_options(synchronize_session=False)
    )
