"""Counts attempts to log in and to get a link, in the database, so that all processes share one count.

The caller runs these functions in a transaction of their own and commits it before the attempt itself is judged:
otherwise an answer that rolls back would forget the attempt.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.accounts import (
    LINKS_PER_ADDRESS,
    LINKS_PER_ADDRESSEE,
    LOGIN_EVERYWHERE,
    LOGIN_PER_ACCOUNT,
    LOGIN_PER_ADDRESS,
    RESET_PER_ACCOUNT,
    AttemptLimit,
    attempt_key,
    network_of,
    normalise_email,
)
from knelpunt.domain.identity.factors import FACTOR_PER_ACCOUNT
from knelpunt.models import LoginAttempt

_LOCKS = 2_013_119
"""The class of advisory locks under which one key is counted."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A counted attempt: whether it may be judged, and what to give back when it turns out to be right.

    ``account_key`` counts the tries for an account from one internet address or one known browser; ``others`` are what
    this one try counts for beside that.
    """

    account_allowed: bool
    address_allowed: bool
    account_key: str
    others: tuple[int, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.account_allowed and self.address_allowed


def count_login(session: Session, email: str, address: str, now: datetime, device: str | None = None) -> Ticket:
    """Count one try of a password for an account from an IP address.

    Who guesses is stopped for this account at this address, so that nobody locks a colleague out from elsewhere. All
    addresses together get a good many more tries for one account. A browser in which the account logged in before
    (``device``) is counted by itself: neither the guesses of others nor those in the same building stop it.

    An attempt that is refused is not counted, so that the wait does not grow; counting is serialised per key, so that
    simultaneous guesses cannot slip through together.
    """
    if device is not None:
        key = f"{_login_key(email)}:{attempt_key('device', device)}"
        return Ticket(_attempt(session, key, LOGIN_PER_ACCOUNT, now) is not None, True, key)
    key = f"{_login_key(email)}:{attempt_key('from', network_of(address))}"
    ticket = _count(session, key, LOGIN_PER_ACCOUNT, address, now)
    if not ticket.allowed:
        return ticket
    everywhere = _attempt(session, attempt_key("everywhere", normalise_email(email)), LOGIN_EVERYWHERE, now)
    others = ticket.others if everywhere is None else (*ticket.others, everywhere)
    return replace(ticket, account_allowed=everywhere is not None, others=others)


def count_reset(session: Session, email: str, address: str, now: datetime) -> Ticket:
    """Count one request for a link to set a new password."""
    return _count(session, attempt_key("reset", normalise_email(email)), RESET_PER_ACCOUNT, address, now)


def count_factor(session: Session, account_id: int, now: datetime) -> Ticket:
    """Count one try of a code by who knows the password of an account already."""
    key = attempt_key("factor", str(account_id))
    return Ticket(_attempt(session, key, FACTOR_PER_ACCOUNT, now) is not None, True, key)


def count_client(session: Session, client_id: str, address: str, now: datetime) -> Ticket:
    """Count one try of the secret of an API client from an IP address; a right one is forgiven.

    Apart from the tries of people, and not for the address when the client is stopped there already: a system that
    goes on with an old secret keeps neither the colleagues in its building out nor their other systems.
    """
    network = network_of(address)
    key = attempt_key("client", f"{client_id} {network}")
    if _attempt(session, key, LOGIN_PER_ACCOUNT, now) is None:
        return Ticket(False, True, key)
    source = _attempt(session, attempt_key("client-from", network), LOGIN_PER_ADDRESS, now)
    return Ticket(True, source is not None, key, () if source is None else (source,))


def count_link(session: Session, email: str, address: str, now: datetime) -> Ticket:
    """Count one request to mail a secret link (to a draft, or to follow a case) to an address."""
    addressee = _attempt(session, attempt_key("link", normalise_email(email)), LINKS_PER_ADDRESSEE, now)
    source_key = attempt_key("link-from", network_of(address))
    source = _attempt(session, source_key, LINKS_PER_ADDRESS, now)
    return Ticket(addressee is not None, source is not None, source_key)


def may_be_told(session: Session, email: str, now: datetime) -> bool:
    """Count one mail to an address that nobody confirmed, in this transaction; whether it may go out."""
    return _attempt(session, attempt_key("told", normalise_email(email)), LINKS_PER_ADDRESSEE, now) is not None


def forgive_account(session: Session, email: str) -> None:
    """Forget the failed tries for an account, wherever they came from: a link from its mailbox was used."""
    everywhere = attempt_key("everywhere", normalise_email(email))
    about_account = LoginAttempt.key.startswith(_login_key(email), autoescape=True) | (LoginAttempt.key == everywhere)
    session.execute(delete(LoginAttempt).where(about_account))


def forgive(session: Session, ticket: Ticket) -> None:
    """Forget the failed tries for the account from here, and what else this one try counted for; other tries stay."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == ticket.account_key))
    if ticket.others:
        session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(ticket.others)))


def _login_key(email: str) -> str:
    return attempt_key("account", normalise_email(email))


def _count(session: Session, account_key: str, limit: AttemptLimit, address: str, now: datetime) -> Ticket:
    address_attempt = _attempt(session, attempt_key("address", network_of(address)), LOGIN_PER_ADDRESS, now)
    account_attempt = _attempt(session, account_key, limit, now)
    others = () if address_attempt is None else (address_attempt,)
    return Ticket(account_attempt is not None, address_attempt is not None, account_key, others)


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
