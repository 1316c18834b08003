"""Accounts, their sessions, invitations and links: what a log-in, a request or an administrator's page reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, exists, func, or_, select, tuple_
from sqlalchemy import case as when
from sqlalchemy.orm import InstrumentedAttribute, Session

from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.identity.factors import LoginMethod
from knelpunt.domain.mail_kinds import MailChoice, NotificationChoice
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models import (
    Account,
    AccountToken,
    Bottleneck,
    BottleneckCase,
    Invitation,
    LoginSession,
    Notification,
    Organisation,
    ReferenceVersion,
)
from knelpunt.queries.core.cases import joined_cases
from knelpunt.queries.core.reference import SESSION_KEY

PAGE_SIZE = 50
COUNT_LIMIT = 1000
HEADS = roles_with(Permission.LEAD_SECOND_LOOK)
_RIGHTS_LOCK = 2_013_108
ANSWERING_ROLES = roles_with(Permission.ANSWER_AS_SUBMITTER)


def active_heads(session: Session) -> Sequence[Account]:
    """Each head of the desk who is there."""
    heads = select(Account).where(Account.role.in_(HEADS), Account.is_active)
    return session.scalars(heads.order_by(Account.id)).all()


@dataclass(frozen=True, slots=True)
class SignedInRow:
    """Everything that a request needs to know about who is signed in."""

    session_id: int
    created_at: datetime
    last_seen_at: datetime
    account_id: int
    name: str
    email: str
    role: Role
    organisation_id: int
    organisation_name: str
    browser: str | None
    method: LoginMethod
    is_new_device: bool
    provider: str | None
    provider_session: str | None
    factor_due: bool
    second_factor_at: datetime | None
    joined_case_ids: frozenset[int]
    rule_case_ids: frozenset[int]
    unread: int


_sessions, _accounts, _organisations = LoginSession.__table__.c, Account.__table__.c, Organisation.__table__.c
_linked = BottleneckCase.__table__.c
_notifications = Notification.__table__.c
_ruled, _went_into = Bottleneck.__table__.alias("ruled"), Bottleneck.__table__.alias("went_into")
# Of an owner of rule bottlenecks alone; what went up into a bottleneck took its cases along.
_UNDER_OWN_RULES = when(
    (
        _accounts.role == Role.BOTTLENECK_OWNER,
        select(func.array_agg(_linked.case_id.distinct()))
        .select_from(BottleneckCase.__table__)
        .join(_ruled, _ruled.c.id == _linked.bottleneck_id)
        .outerjoin(_went_into, _went_into.c.id == _ruled.c.merged_into_id)
        .where(
            _linked.status != LinkStatus.REFUSED,
            or_(_ruled.c.owner_id == _accounts.id, _went_into.c.owner_id == _accounts.id),
        )
        .correlate(Account.__table__)
        .scalar_subquery(),
    )
)
# Plain columns and made once: every page of somebody who is signed in begins with it.
_SIGNED_IN = (
    select(
        _sessions.id,
        _sessions.created_at,
        _sessions.last_seen_at,
        _accounts.id.label("account_id"),
        _accounts.name,
        _accounts.email,
        _accounts.role,
        _organisations.id.label("organisation_id"),
        _organisations.name.label("organisation_name"),
        _sessions.browser,
        _sessions.method,
        _sessions.is_new_device,
        _sessions.provider,
        _sessions.provider_session,
        _sessions.factor_due,
        _sessions.second_factor_at,
        joined_cases(Account.organisation_id),
        _UNDER_OWN_RULES,
        # What the header shows: one look at an index that holds only what is unread.
        select(func.count())
        .select_from(Notification.__table__)
        .where(_notifications.account_id == _accounts.id, _notifications.read_at.is_(None))
        .correlate(Account.__table__)
        .scalar_subquery(),
        # Comes along, so that ``queries.core.reference`` need not ask for it.
        select(ReferenceVersion.__table__.c.version).scalar_subquery(),
    )
    .join_from(LoginSession.__table__, Account.__table__, _accounts.id == _sessions.account_id)
    .join(Organisation.__table__, _organisations.id == _accounts.organisation_id)
    .where(_sessions.token_hash == bindparam("token_hash"), _sessions.ended_at.is_(None), _accounts.is_active)
)


def signed_in(session: Session, token_hash: str) -> SignedInRow | None:
    """Who holds the cookie with this token: one statement, no entity. Ended sessions and closed accounts give None;
    whether the session is too old is the caller's question."""
    row = session.execute(_SIGNED_IN, {"token_hash": token_hash}).first()
    if row is None:
        return None
    *columns, joined, under_own_rules, unread, session.info[SESSION_KEY] = row
    columns += [frozenset(joined or ()), frozenset(under_own_rules or ()), unread]
    return SignedInRow(*columns)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in is checked against."""

    account_id: int
    role: Role
    password_hash: str | None
    is_active: bool


def credentials(session: Session, email: str) -> Credentials | None:
    """The stored hash for an address in its stored form; None for an address without an account."""
    row = session.execute(
        select(Account.id, Account.role, Account.password_hash, Account.is_active).where(Account.email == email)
    ).first()
    return Credentials(*row) if row else None


def by_email(session: Session, email: str) -> Account | None:
    """The account with this address, in its stored form."""
    return session.scalars(select(Account).where(Account.email == email)).one_or_none()


def get_for_update(session: Session, account_id: int) -> Account | None:
    """One account, locked until the transaction ends and read afresh."""
    return session.scalars(
        select(Account).where(Account.id == account_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def hold_open(session: Session, account_id: int) -> Role | None:
    """Hold an account until the transaction ends, so that its second factor stays as it is; its role, or None when it
    was closed."""
    return session.scalar(
        select(Account.role).where(Account.id == account_id, Account.is_active).with_for_update(key_share=True)
    )


def hold_rights(session: Session) -> None:
    """One change of somebody's rights or leave at a time, until the transaction ends: two administrators who remove
    each other would wait for ever, and two colleagues could each stand in for the other."""
    session.execute(select(func.pg_advisory_xact_lock(_RIGHTS_LOCK)))


def active_with_role(session: Session, role: Role, organisation_id: int | None = None) -> list[int]:
    """The ids of the active accounts with a role, in one organisation when that is given."""
    statement = select(Account.id).where(Account.role == role, Account.is_active).order_by(Account.id)
    if organisation_id is not None:
        statement = statement.where(Account.organisation_id == organisation_id)
    return list(session.scalars(statement))


def answering_account(
    organisation_id: InstrumentedAttribute[int | None], author_id: InstrumentedAttribute[int | None]
) -> ScalarSelect[int]:
    """Who answers for an organisation about a case: its author; without one there, who has the right to longest.

    Args:
        organisation_id: the columns of the case in the statement round this one.
    """
    return (
        select(Account.id)
        .where(
            Account.organisation_id == organisation_id,
            Account.is_active,
            or_(Account.id == author_id, Account.role.in_(ANSWERING_ROLES)),
        )
        .order_by(Account.id.is_distinct_from(author_id), Account.id)
        .limit(1)
        .correlate(organisation_id.class_)
        .scalar_subquery()
    )


def is_last_head(session: Session, account: Account) -> bool:
    """Whether this account is the only active head of desk: nobody else decides over a second look."""
    if account.role not in HEADS or not account.is_active:
        return False
    other = exists().where(Account.role.in_(HEADS), Account.is_active, Account.id != account.id)
    return not session.scalar(select(other))


def who_answer(session: Session, organisation_id: int) -> list[tuple[int, str]]:
    """The colleagues of an organisation who may answer for it: number and name, by name."""
    rows = session.execute(
        select(Account.id, Account.name)
        .where(Account.organisation_id == organisation_id, Account.is_active, Account.role.in_(ANSWERING_ROLES))
        .order_by(Account.name, Account.id)
    )
    return [(row.id, row.name) for row in rows]


def names_of(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """The names of these accounts; no statement when there are none."""
    if not account_ids:
        return {}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)).order_by(Account.id))
    return {row.id: row.name for row in rows}


def token_for_update(session: Session, token_hash: str) -> AccountToken | None:
    """The single-use link with this token, locked: of two people who use it at once, one is first."""
    return session.scalars(
        select(AccountToken).where(AccountToken.token_hash == token_hash).with_for_update()
    ).one_or_none()


def usable_token(session: Session, token_hash: str, now: datetime) -> bool:
    """Whether a link to set a new password still works."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    AccountToken.token_hash == token_hash,
                    AccountToken.used_at.is_(None),
                    AccountToken.expires_at > now,
                    AccountToken.account_id == Account.id,
                    Account.is_active,
                )
            )
        )
    )


def invitation_for_update(session: Session, token_hash: str) -> Invitation | None:
    """The invitation with this token, locked."""
    return session.scalars(
        select(Invitation).where(Invitation.token_hash == token_hash).with_for_update()
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation as its receiver, or a list of invitations, shows it."""

    id: int
    name: str | None
    email: str | None
    role: Role
    organisation_id: int
    organisation_name: str
    organisation_kind: OrganisationKind
    created_at: datetime
    expires_at: datetime


_INVITATION_COLUMNS = (
    Invitation.id,
    Invitation.name,
    Invitation.email,
    Invitation.role,
    Invitation.organisation_id,
    Organisation.name,
    Organisation.kind,
    Invitation.created_at,
    Invitation.expires_at,
)
_OPEN = and_(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))


def usable_invitation(session: Session, token_hash: str, now: datetime) -> OpenInvitation | None:
    """The invitation behind a link, while it works."""
    row = session.execute(
        select(*_INVITATION_COLUMNS)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.token_hash == token_hash, _OPEN, Invitation.expires_at > now)
    ).first()
    return OpenInvitation(*row) if row else None


def open_invitations(session: Session, organisation_id: int | None = None, limit: int = 100) -> list[OpenInvitation]:
    """Invitations that were not used or withdrawn, the newest first; those that ran out are among them."""
    statement = (
        select(*_INVITATION_COLUMNS)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(_OPEN)
        .order_by(Invitation.id.desc())
        .limit(limit)
    )
    if organisation_id is not None:
        statement = statement.where(Invitation.organisation_id == organisation_id)
    return [OpenInvitation(*row) for row in session.execute(statement)]


class AccountState(StrEnum):
    """Which accounts a list shows."""

    ACTIVE = "aan"
    CLOSED = "uit"


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What a list of accounts is narrowed to; empty fields do not narrow."""

    text: str = ""
    role: Role | None = None
    organisation_id: int | None = None
    state: AccountState | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.text:
            found.append(
                or_(
                    Account.name.icontains(self.text, autoescape=True),
                    Account.email.icontains(self.text, autoescape=True),
                    Organisation.name.icontains(self.text, autoescape=True),
                )
            )
        if self.role is not None:
            found.append(Account.role == self.role)
        if self.organisation_id is not None:
            found.append(Account.organisation_id == self.organisation_id)
        if self.state is not None:
            found.append(Account.is_active == (self.state is AccountState.ACTIVE))
        return found


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of a list of accounts."""

    id: int
    name: str
    email: str
    role: Role
    organisation_id: int
    organisation_name: str
    organisation_kind: OrganisationKind
    is_active: bool
    version: int


_ACCOUNT_COLUMNS = (
    Account.id,
    Account.name,
    Account.email,
    Account.role,
    Account.organisation_id,
    Organisation.name,
    Organisation.kind,
    Account.is_active,
    Account.version,
)


def list_accounts(
    session: Session, wanted: AccountFilter, after: int | None = None, limit: int = PAGE_SIZE
) -> list[AccountRow]:
    """Accounts by name; at most ``limit`` and one more, by which the caller sees that there is a next page.

    Args:
        after: the id of the last line of the page before.
    """
    by_name = func.lower(Account.name)
    statement = (
        select(*_ACCOUNT_COLUMNS)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(*wanted.conditions())
        .order_by(by_name, Account.id)
        .limit(limit + 1)
    )
    if after is not None:
        last_name = select(func.lower(Account.name)).where(Account.id == after).scalar_subquery()
        statement = statement.where(tuple_(by_name, Account.id) > tuple_(last_name, after))
    return [AccountRow(*row) for row in session.execute(statement)]


def count_accounts(session: Session, wanted: AccountFilter) -> int:
    """How many accounts there are, counted to one more than ``COUNT_LIMIT``."""
    some = (
        select(Account.id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(*wanted.conditions())
        .limit(COUNT_LIMIT + 1)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


def one_account(session: Session, account_id: int, organisation_id: int | None = None) -> AccountRow | None:
    """One account, inside one organisation when that is given."""
    statement = (
        select(*_ACCOUNT_COLUMNS)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.id == account_id)
    )
    if organisation_id is not None:
        statement = statement.where(Account.organisation_id == organisation_id)
    row = session.execute(statement).first()
    return AccountRow(*row) if row else None


def mail_choice_of(session: Session, account_id: int | None) -> MailChoice:
    """Which mails somebody chose; who never chose gets everything."""
    return session.scalar(select(Account.mail_choice).where(Account.id == account_id)) or MailChoice.ALL


def address_gone_at(session: Session, account_id: int | None) -> datetime | None:
    """Since when the address of somebody is known not to exist; None while mails go there."""
    return session.scalar(select(Account.gone_at).where(Account.id == account_id))


def notification_choice_of(session: Session, account_id: int | None) -> NotificationChoice:
    """How somebody at the desk wants to hear by mail; who never chose gets each."""
    chosen = session.scalar(select(Account.notification_choice).where(Account.id == account_id))
    return chosen or NotificationChoice.EACH
