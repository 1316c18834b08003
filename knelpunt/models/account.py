"""Organisations, accounts with their sessions on the server, single-use links, and counters that throttle log-in; teams
of the desk, and the views of its work list."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.identity.claims import SignOnRuleStatus
from knelpunt.domain.identity.factors import FactorResetStatus, LoginMethod
from knelpunt.domain.mail_kinds import MailChoice, NotificationChoice
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models.base import Base, about, text_enum


class Account(Base):
    """Somebody who logs in. Personal data: name and email; purpose: access and accountability; kept while active,
    plus the term of the retention schedule.

    ``spared_providers`` came to this account by a merger of municipalities: where one is the only way in, it is so for
    this account after the first time that it came in there. ``gone_at``: since when the address is known not to exist;
    it is written past the version of the row."""

    __tablename__ = "accounts"
    __personal__ = about(
        account="email name role password_hash", nobody="mail_choice notification_choice spared_providers"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(text_enum(Role))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    mail_choice: Mapped[MailChoice | None] = mapped_column(text_enum(MailChoice))
    notification_choice: Mapped[NotificationChoice | None] = mapped_column(text_enum(NotificationChoice))
    spared_providers: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class LeaveCover(Base):
    """A colleague of the desk is away for some days, and another acts. One that was taken back stays."""

    __tablename__ = "leave_covers"
    __personal__ = about(acts="account_id covered_by_id registered_by_id")
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("account_id <> covered_by_id", name="another"),
        Index("ix_leave_covers_account", "account_id", "first_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    covered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    registered_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class LoginSession(Base):
    """One signed-in browser. Only a hash of the cookie's token is stored.

    A session of an account with a second factor is none before ``second_factor_at``, which each later confirmation
    moves; ``factor_due`` says that the account had one when it began."""

    __tablename__ = "login_sessions"
    __personal__ = about(login="token_hash account_id browser provider_session", nobody="method provider")

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str | None]
    method: Mapped[LoginMethod] = mapped_column(
        text_enum(LoginMethod), default=LoginMethod.PASSWORD, server_default=LoginMethod.PASSWORD.value
    )
    is_new_device: Mapped[bool] = mapped_column(default=False, server_default=false())
    provider: Mapped[str | None]
    provider_session: Mapped[str | None]
    factor_due: Mapped[bool] = mapped_column(default=False, server_default=false())
    second_factor_at: Mapped[datetime | None]


class TotpFactor(Base):
    """The secret that a telephone makes codes with, sealed with a key that is not in the database."""

    __tablename__ = "totp_factors"
    __personal__ = about(second_factor="account_id sealed_secret")

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sealed_secret: Mapped[str]
    created_at: Mapped[datetime]
    last_step: Mapped[int | None]


class RecoveryCode(Base):
    """A code for who has no telephone at hand, good once. Only a hash is stored."""

    __tablename__ = "recovery_codes"
    __personal__ = about(second_factor="account_id code_hash")

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that a telephone, computer or security key holds: beside a password, or instead of one."""

    __tablename__ = "passkeys"
    __personal__ = about(second_factor="account_id name")

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class CalendarAddress(Base):
    """By which secret address the calendar of an account is read; a new address makes the older one worthless."""

    __tablename__ = "calendar_addresses"
    __personal__ = about(account="account_id public_id nonce")

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    made_at: Mapped[datetime]


class SpentMark(Base):
    """Something that counts once was used: a hash of it, swept after a day."""

    __tablename__ = "spent_marks"
    __personal__ = about(nobody="key")

    key: Mapped[str] = mapped_column(primary_key=True)
    spent_at: Mapped[datetime]


class SignOnIdentity(Base):
    """Somebody at a provider is this account. What the provider calls that person means nothing elsewhere."""

    __tablename__ = "sign_on_identities"
    __personal__ = about(sign_on="subject account_id", nobody="provider")
    __table_args__ = (UniqueConstraint("provider", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    subject: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime]


class SignOnRule(Base):
    """Who a provider says these things of belongs to this organisation, in this role: proposed by one administrator,
    decided by another. One that ended stays."""

    __tablename__ = "sign_on_rules"
    __personal__ = about(
        sign_on="reason proposed_by_id decided_by_id ended_by_id",
        nobody="provider claim value second_claim second_value role status",
    )
    __table_args__ = (
        Index("ix_sign_on_rules_provider", "provider", "status"),
        CheckConstraint("(second_claim IS NULL) = (second_value IS NULL)", name="second"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    claim: Mapped[str]
    value: Mapped[str]
    second_claim: Mapped[str | None]
    second_value: Mapped[str | None]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role] = mapped_column(text_enum(Role))
    reason: Mapped[str]
    status: Mapped[SignOnRuleStatus] = mapped_column(text_enum(SignOnRuleStatus))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]


class FactorReset(Base):
    """Somebody lost the second factor: one administrator asks to take it away, another decides."""

    __tablename__ = "factor_resets"
    __personal__ = about(second_factor="account_id reason asked_by_id decided_by_id", nobody="status")
    __table_args__ = (
        Index("uq_factor_resets_asked", "account_id", unique=True, postgresql_where=text("status = 'gevraagd'")),
        CheckConstraint("decided_by_id <> asked_by_id", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason: Mapped[str]
    status: Mapped[FactorResetStatus] = mapped_column(text_enum(FactorResetStatus))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]


class Invitation(Base):
    """Somebody was asked to join an organisation. The account is made when the invitation is accepted, so that
    inviting tells nobody whether an address already has one. Only a hash of the link's token is stored.

    Personal data: name and email; purpose: access; emptied a month after the invitation ended."""

    __tablename__ = "invitations"
    __personal__ = about(invitation="email name role token_hash invited_by_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str | None]
    role: Mapped[Role] = mapped_column(text_enum(Role))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class AccountToken(Base):
    """A link that can be used once, to set a new password. Only a hash is stored."""

    __tablename__ = "account_tokens"
    __personal__ = about(login="token_hash purpose account_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiClient(Base):
    """A system of an organisation that acts for it, with a secret of its own. Only a hash of the secret is stored.

    ``last_used_on``: the last day on which it asked for a token. The name goes a year after the end."""

    __tablename__ = "api_clients"
    __personal__ = about(api_client="name made_by_id revoked_by_id", nobody="client_id secret_hash scopes")
    __table_args__ = (Index("ix_api_clients_ends_on", "ends_on", postgresql_where=text("revoked_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str]
    client_id: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str]
    scopes: Mapped[list[str]]
    ends_on: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    last_used_on: Mapped[date | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class ApiToken(Base):
    """What a client got for its secret, for half an hour. Only a hash is stored; swept when it is over."""

    __tablename__ = "api_tokens"
    __personal__ = about(nobody="token_hash scopes")

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("api_clients.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LoginAttempt(Base):
    """One failed log-in, reset or link request, counted per account and per address; swept after a day."""

    __tablename__ = "login_attempts"
    __personal__ = about(failed_login="key")
    __table_args__ = (Index("ix_login_attempts_key_at", "key", text("at DESC")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    at: Mapped[datetime]


class UsageCount(Base):
    """How much was done under one key in one period; the key is a hash. Swept after two days."""

    __tablename__ = "usage_counts"
    __personal__ = about(usage="key")

    key: Mapped[str] = mapped_column(primary_key=True)
    period_start: Mapped[datetime] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(BigInteger)


class Organisation(Base):
    """``merged_at``: when a merger last brought it accounts or cases, so that other people stand round its cases."""

    __tablename__ = "organisations"
    __personal__ = about(nobody="kind name abbreviation code tooi_uri")
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrganisationKind] = mapped_column(text_enum(OrganisationKind))
    name: Mapped[str]
    abbreviation: Mapped[str | None]
    code: Mapped[str | None] = mapped_column(unique=True)
    tooi_uri: Mapped[str | None] = mapped_column(unique=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipalities.id"), unique=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("provinces.id"), unique=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    merged_at: Mapped[datetime | None]
    needs_co_signature: Mapped[bool] = mapped_column(default=False, server_default=false())


class SavedView(Base):
    """A work list with its filters and order, kept under a name. ``query`` is what stands in its address."""

    __tablename__ = "saved_views"
    __personal__ = about(work_layout="owner_id name query")

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class StartView(Base):
    """The view on which somebody begins after logging in; gone with the view."""

    __tablename__ = "start_views"
    __personal__ = about(work_layout="account_id")

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), index=True)


class Team(Base):
    """Colleagues who work together. The team of a case is that of its handler."""

    __tablename__ = "teams"
    __personal__ = about(nobody="name")
    __table_args__ = (Index("uq_teams_name", text("lower(name)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class TeamMember(Base):
    """Somebody of the desk is in a team: one at a time."""

    __tablename__ = "team_members"
    __personal__ = about(work_layout="account_id")

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
