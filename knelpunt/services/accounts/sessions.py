"""Logging in and out: sessions live on the server and end there."""

import hashlib
import secrets
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
)
from knelpunt.domain.errors import DomainError, NotFound, TooManyAttempts
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Account, LoginSession
from knelpunt.queries.accounts import accounts as queries
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services.accounts import throttle
from knelpunt.services.accounts.throttle import Ticket
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

WRONG = (
    "Inloggen is niet gelukt. Controleer het e-mailadres en het wachtwoord. "
    "Na 10 keer proberen moet u 15 minuten wachten."
)
"""The same for an unknown address, a wrong password and a closed account."""
TOO_MANY_TRIES = (
    "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht 15 minuten en probeer het opnieuw. "
    "Weet u uw wachtwoord niet meer? Vraag een nieuw wachtwoord aan."
)
"""The same for an account that exists and one that does not."""
TOO_MANY_FROM_ADDRESS = (
    "Vanaf uw internetadres is te vaak geprobeerd in te loggen. Wacht een uur en probeer het opnieuw."
)


def hash_token(token: str) -> str:
    """What is stored of a secret token: its SHA-256. The token itself has 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def authenticate(context: Context, email: str, password: str, ticket: Ticket) -> str:
    """Check a password and start a session; the token for the cookie.

    Args:
        ticket: the attempt, counted and committed before.
    Raises:
        TooManyAttempts: too many tries came from the internet address, for this account or for any.
        DomainError: with the same words, after the same work, for everything else that is wrong.
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
    throttle.forgive(context.session, ticket)
    if passwords.is_outdated(stored):
        # Not through the entity: the account's version is for people who edit it, and they should not collide.
        context.session.execute(
            update(Account)
            .where(Account.id == found.account_id)
            .values(password_hash=passwords.hash_password(password_bytes(password)))
            .execution_options(synchronize_session=False)
        )
    owner = Context(
        context.session,
        Actor(ActorKind.ACCOUNT, account_id=found.account_id, role=found.role),
        context.now,
        context.links,
    )
    token = start_session(owner, found.account_id)
    events.record(owner, AccountEvent.LOGGED_IN, subject=f"account:{found.account_id}")
    return token


def start_session(context: Context, account_id: int) -> str:
    """A new session with a new token; the caller records why."""
    token = new_token()
    context.session.add(
        LoginSession(
            token_hash=hash_token(token), account_id=account_id, created_at=context.now, last_seen_at=context.now
        )
    )
    context.session.flush()
    return token


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


def close_sessions(context: Context, account_id: int) -> None:
    """End all sessions of an account; the caller records why. They are dead from the next request on."""
    context.session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .values(ended_at=context.now)
        .execution_options(synchronize_session=False)
    )
