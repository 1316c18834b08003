"""Coming in by what a provider says: who that is here, by which rule, and when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from knelpunt.domain.accounts import AccountEvent, check_email, check_name, subject_of
from knelpunt.domain.errors import DomainError
from knelpunt.domain.identity import claims as rules
from knelpunt.domain.identity.claims import NoRule, Rule
from knelpunt.domain.identity.factors import STEP_UP_TERM, LoginMethod
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, LoginSession, SignOnIdentity
from knelpunt.queries.accounts import accounts as account_queries
from knelpunt.queries.accounts import sign_on
from knelpunt.services.accounts import records, resting
from knelpunt.services.accounts.identity import factors
from knelpunt.services.accounts.identity.once import spend
from knelpunt.services.accounts.sessions import Browser, as_owner, is_factor_due, note_log_in, start_session
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

CLOSED = "Dit account staat uit. Vraag een beheerder van uw organisatie of van het loket."
NO_ADDRESS = "Wij kregen van uw organisatie geen adres dat klopt. Laat haar uw e-mailadres eerst controleren."
ELSEWHERE = "Er is al een account met dit e-mailadres, bij een andere organisatie. Vraag het loket om hulp."
TWICE = "U logde twee keer tegelijk in. Probeer het nog een keer."
NO_ADMINISTRATOR = "Een beheerder van de site logt in met een wachtwoord en een tweede stap, niet via een organisatie."


CLOCKS_DIFFER = timedelta(minutes=1)
"""How much the clock of a provider may be behind."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who comes from a provider. ``is_strong``: it asked for a second factor there, which need not be lately:
    ``authenticated_at`` says when, if the provider does."""

    provider: str
    subject: str
    claims: Mapping[str, Any]
    session: str | None
    is_strong: bool
    authenticated_at: datetime | None
    trusts_email: bool


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came in, and the token of the session."""

    account_id: int
    email: str
    token: str


class Ended(DomainError):
    """The provider says no longer that somebody may come in: the account was closed, and that is to be kept."""

    def __init__(self, message: str, account_id: int) -> None:
        super().__init__(message)
        self.account_id = account_id


def account_of(context: Context, visitor: Visitor) -> Account:
    """The account of somebody who comes from a provider: found, linked or made, with the role that the rule gives.

    It is closed when no rule fits any more. Rules that contradict each other, or are being changed, close nothing: that
    is a mistake of administrators, and says nothing of who comes in.

    Raises:
        Ended: it was closed just now, because no rule holds any more; the caller commits that.
        DomainError: no rule lets this person in, or not to one place; the account is closed, or is another's.
    """
    # Before any row is locked, as in the acts of administrators: the role may change by it.
    account_queries.hold_rights(context.session)
    holding = sign_on.rules_of(context.session, visitor.provider)
    known = sign_on.identity_for_update(context.session, visitor.provider, visitor.subject)
    account = account_queries.get_for_update(context.session, known.account_id) if known else None
    if account is not None and not account.is_active:
        raise DomainError(CLOSED)
    if account is not None and account.role is Role.ADMINISTRATOR:
        raise DomainError(NO_ADMINISTRATOR)
    try:
        rule = rules.outcome(holding, visitor.claims)
    except NoRule as error:
        if account is None or sign_on.awaits_rule(context.session, visitor.provider, account.organisation_id):
            raise
        _end(context, account)
        raise Ended(error.message, account.id) from error
    if account is not None and rule.organisation_id != account.organisation_id:
        raise DomainError(ELSEWHERE)
    if known is not None and account is not None:
        known.last_used_at = context.now
    else:
        account = _linked(context, visitor, rule)
    _give_role(context, account, rule)
    context.session.flush()
    return account


def come_in(context: Context, visitor: Visitor, browser: Browser) -> Entered:
    """Start a session for somebody who comes from a provider. Where the role asks for a second factor and the provider
    did not, ours follows. Where it does not tell when it asked, that was too long ago for a grave act.

    Raises:
        Ended, DomainError: as for ``account_of``.
    """
    account = account_of(context, visitor)
    owner = as_owner(context, account.id, account.role)
    is_due = is_factor_due(context, account.role, account.id)
    token = start_session(
        owner,
        account.id,
        browser=browser,
        method=LoginMethod.PROVIDER,
        is_due=is_due,
        confirmed_at=_shown_at(context, visitor),
        provider=(visitor.provider, visitor.session),
    )
    if visitor.is_strong or not is_due:
        note_log_in(owner, LoginMethod.PROVIDER, browser.words, is_new_device=not browser.is_known)
    return Entered(account.id, account.email, token)


def log_out(context: Context, provider: str, *, subject: str | None, session: str | None, number: str) -> int:
    """End what a provider says is over: one session there, or all of somebody; how many sessions here ended.

    A session here that does not know which one there it belongs to may be the one that ended. A message that was taken
    before ends nothing.
    """
    if not spend(context, f"uitgelogd-{provider}", number):
        return 0
    statement = update(LoginSession).where(LoginSession.provider == provider, LoginSession.ended_at.is_(None))
    if subject is not None:
        account_ids = select(SignOnIdentity.account_id).where(
            SignOnIdentity.provider == provider, SignOnIdentity.subject == subject
        )
        statement = statement.where(LoginSession.account_id.in_(account_ids))
    if session is not None:
        meant = LoginSession.provider_session == session
        if subject is not None:
            meant = or_(meant, LoginSession.provider_session.is_(None))
        statement = statement.where(meant)
    ended = context.session.scalars(
        statement.values(ended_at=context.now)
        .returning(LoginSession.account_id)
        .execution_options(synchronize_session=False)
    ).all()
    for account_id in sorted(set(ended)):
        events.record(context, AccountEvent.PROVIDER_LOGGED_OUT, subject=subject_of(account_id))
    return len(ended)


def confirm(context: Context, visitor: Visitor, account_id: int, session_id: int, *, begun_at: datetime) -> bool:
    """Let a second factor at the provider count before a grave act here; False when it is somebody else, or when the
    provider does not tell that it asked since this began.

    Args:
        begun_at: when this browser was sent to the provider.
    Raises:
        Ended, DomainError: as for ``account_of``.
    """
    account = account_of(context, visitor)
    shown_at = visitor.authenticated_at
    if account.id != account_id or not visitor.is_strong or shown_at is None:
        return False
    if shown_at < max(begun_at, context.now - STEP_UP_TERM) - CLOCKS_DIFFER:
        return False
    owner = as_owner(context, account.id, account.role)
    factors.note_step_up(owner, account.id, session_id, min(shown_at, context.now))
    return True


def _shown_at(context: Context, visitor: Visitor) -> datetime | None:
    """When the second factor was shown at the provider, if it was."""
    if not visitor.is_strong:
        return None
    return min(visitor.authenticated_at or context.now - STEP_UP_TERM, context.now)


def _linked(context: Context, visitor: Visitor, rule: Rule) -> Account:
    """The account with the address that the provider gives, in the organisation of the rule; made if there is none."""
    email = visitor.claims.get("email")
    is_checked = visitor.trusts_email or visitor.claims.get("email_verified") is True
    if not isinstance(email, str) or not is_checked:
        raise DomainError(NO_ADDRESS)
    address = check_email(email)
    found = account_queries.by_email(context.session, address)
    account = account_queries.get_for_update(context.session, found.id) if found else None
    if account is None:
        account = _made(context, visitor, rule, address)
    elif account.organisation_id != rule.organisation_id:
        raise DomainError(ELSEWHERE)
    elif not account.is_active:
        raise DomainError(CLOSED)
    elif account.role is Role.ADMINISTRATOR:
        raise DomainError(NO_ADMINISTRATOR)
    identity_row = SignOnIdentity(
        provider=visitor.provider,
        subject=visitor.subject,
        account_id=account.id,
        linked_at=context.now,
        last_used_at=context.now,
    )
    try:
        with context.session.begin_nested():
            context.session.add(identity_row)
    except IntegrityError as error:
        raise DomainError(TWICE) from error
    events.record(
        _by_system(context), AccountEvent.IDENTITY_LINKED, subject=subject_of(account.id), data={"inlogregel": rule.id}
    )
    return account


def _made(context: Context, visitor: Visitor, rule: Rule, address: str) -> Account:
    given = visitor.claims.get("name")
    account = records.keep_new(
        context,
        Account(
            email=address,
            name=check_name(given if isinstance(given, str) and given.strip() else address),
            role=rule.role,
            organisation_id=rule.organisation_id,
            created_at=context.now,
        ),
    )
    events.record(
        _by_system(context),
        AccountEvent.CREATED,
        subject=subject_of(account.id),
        data={"role": rule.role.value, "organisation_id": rule.organisation_id, "inlogregel": rule.id},
    )
    return account


def _give_role(context: Context, account: Account, rule: Rule) -> None:
    """A provider cannot be refused: who divide the work hear what rested on the account."""
    if account.role is not rule.role:
        rested = resting.on(context, account, rule.role)
        records.change_role(_by_system(context), account.id, account.version, rule.role)
        resting.tell(_by_system(context), account, rested)


def _end(context: Context, account: Account) -> None:
    events.record(context, AccountEvent.PROVIDER_ENDED, subject=subject_of(account.id))
    rested = resting.on(context, account, None)
    records.deactivate(_by_system(context), account.id, account.version)
    resting.tell(_by_system(context), account, rested)


def _by_system(context: Context) -> Context:
    """What follows from a rule is done by the site; who came from the provider may do none of it."""
    return Context(context.session, SYSTEM, context.now, context.links, context.language)
