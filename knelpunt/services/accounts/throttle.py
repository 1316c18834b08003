"""Counts attempts to log in and to get a link, in the database, so that all processes share one count.

The caller runs these functions in a transaction of their own and commits it before the attempt itself is judged:
otherwise an answer that rolls back would forget the attempt.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.accounts import (
    LINKS_PER_ADDRESS,
    LINKS_PER_ADDRESSEE,
    LOGIN_PER_ACCOUNT,
    LOGIN_PER_ADDRESS,
    RESET_PER_ACCOUNT,
    AttemptLimit,
    attempt_key,
    network_of,
    normalise_email,
)
from knelpunt.models import LoginAttempt

_LOCKS = 2_013_107
"""The class of advisory locks under which one key is counted."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A counted attempt: whether it may be judged, and what to give back when it turns out to be right."""

    account_allowed: bool
    address_allowed: bool
    account_key: str
    address_attempt_id: int | None

    @property
    def allowed(self) -> bool:
        return self.account_allowed and self.address_allowed


def count_login(session: Session, email: str, address: str, now: datetime) -> Ticket:
    """Count one try of a password for an account from an IP address.

    An attempt that is refused is not counted, so that the wait does not grow; counting is serialised per key, so that
    simultaneous guesses cannot slip through together.
    """
    return _count(session, _login_key(email), LOGIN_PER_ACCOUNT, address, now)


def count_reset(session: Session, email: str, address: str, now: datetime) -> Ticket:
    """Count one request for a link to set a new password."""
    return _count(session, attempt_key("reset", normalise_email(email)), RESET_PER_ACCOUNT, address, now)


def count_link(session: Session, email: str, address: str, now: datetime) -> Ticket:
    """Count one request to mail a secret link (to a draft, or to follow a case) to an address."""
    addressee = _attempt(session, attempt_key("link", normalise_email(email)), LINKS_PER_ADDRESSEE, now)
    source_key = attempt_key("link-from", network_of(address))
    source = _attempt(session, source_key, LINKS_PER_ADDRESS, now)
    return Ticket(addressee is not None, source is not None, source_key, source)


def may_be_told(session: Session, email: str, now: datetime) -> bool:
    """Count one mail to an address that nobody confirmed, in this transaction; whether it may go out."""
    return _attempt(session, attempt_key("told", normalise_email(email)), LINKS_PER_ADDRESSEE, now) is not None


def forgive_account(session: Session, email: str) -> None:
    """Forget the failed tries for an account: the right password, or a link from its mailbox, was used."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == _login_key(email)))


def forgive(session: Session, ticket: Ticket) -> None:
    """Forget the failed tries for the account, and this one try of the address; its other tries still count."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == ticket.account_key))
    if ticket.address_attempt_id is not None:
        session.execute(delete(LoginAttempt).where(LoginAttempt.id == ticket.address_attempt_id))


def _login_key(email: str) -> str:
    return attempt_key("account", normalise_email(email))


def _count(session: Session, account_key: str, limit: AttemptLimit, address: str, now: datetime) -> Ticket:
    address_attempt = _attempt(session, attempt_key("address", network_of(address)), LOGIN_PER_ADDRESS, now)
    account_attempt = _attempt(session, account_key, limit, now)
    return Ticket(account_attempt is not None, address_attempt is not None, account_key, address_attempt)


def _attempt(session: Session, key: str, limit: AttemptLimit, now: datetime) -> int | None:
    session.execute(select(func.pg_advisory_xact_lock(_LOCKS, func.hashtext(key))))
    earlier = session.scalar(
        select(func.count())
        .select_from(LoginAttempt)
        .where(LoginAttempt.key == key, LoginAttempt.at > now - limit.period)
    )
    if (earlier or 0) >= limit.attempts:
        return None
    attempt = LoginAttempt(key=key, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id
