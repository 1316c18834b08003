"""Sessions of an account, past and present, and what it has for a second factor."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.identity.factors import FactorResetStatus, LoginMethod
from knelpunt.models import Account, FactorReset, LoginSession, Passkey, RecoveryCode, TotpFactor

OPEN_SESSIONS = 50
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One signed-in browser, for its owner."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    browser: str | None
    method: LoginMethod
    is_new_device: bool
    factor_due: bool
    second_factor_at: datetime | None


_SESSION_COLUMNS = tuple(getattr(LoginSession, name) for name in SessionRow.__slots__)


def sessions_of(session: Session, account_id: int) -> list[SessionRow]:
    """The sessions of an account that were not ended, the last used first."""
    rows = session.execute(
        select(*_SESSION_COLUMNS)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
        .limit(OPEN_SESSIONS)
    )
    return [SessionRow(*row) for row in rows]


def log_ins_of(
    session: Session, account_id: int, before: int | None = None, limit: int = PAGE_SIZE
) -> list[SessionRow]:
    """Each time that somebody came in, the newest first; at most ``limit`` and one more.

    Args:
        before: the id of the last line of the page before.
    """
    statement = (
        select(*_SESSION_COLUMNS)
        .where(LoginSession.account_id == account_id)
        .order_by(LoginSession.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        statement = statement.where(LoginSession.id < before)
    return [SessionRow(*row) for row in session.execute(statement)]


def has_factor(session: Session, account_id: int) -> bool:
    """Whether an account set up a second factor."""
    return bool(session.scalar(select(exists().where(TotpFactor.account_id == account_id))))


def sealed_secrets(session: Session) -> list[str]:
    """The secret of every telephone, as it lies there."""
    return list(session.scalars(select(TotpFactor.sealed_secret).order_by(TotpFactor.account_id)))


def totp_for_update(session: Session, account_id: int) -> TotpFactor | None:
    """The secret of an account, locked: of two who send the same code at once, one is first."""
    return session.scalars(
        select(TotpFactor)
        .where(TotpFactor.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def totp_of(session: Session, account_id: int) -> tuple[str, int | None] | None:
    """The sealed secret of an account, and the last half minute that was used."""
    row = session.execute(
        select(TotpFactor.sealed_secret, TotpFactor.last_step).where(TotpFactor.account_id == account_id)
    ).first()
    return (row.sealed_secret, row.last_step) if row else None


@dataclass(frozen=True, slots=True)
class FactorState:
    """What an account has for a second factor."""

    totp_since: datetime | None
    codes_left: int

    @property
    def is_set_up(self) -> bool:
        return self.totp_since is not None


def factor_state(session: Session, account_id: int) -> FactorState:
    """All of it in one statement."""
    codes = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    since = select(TotpFactor.created_at).where(TotpFactor.account_id == account_id).scalar_subquery()
    return FactorState(*session.execute(select(since, codes)).one())


@dataclass(frozen=True, slots=True)
class ResetRow:
    """A request to take a second factor away."""

    id: int
    account_id: int
    reason: str
    status: FactorResetStatus
    asked_by_id: int
    asked_by: str
    asked_at: datetime


def open_reset(session: Session, account_id: int) -> ResetRow | None:
    """The request about an account that waits for a second administrator."""
    row = session.execute(
        select(
            FactorReset.id,
            FactorReset.account_id,
            FactorReset.reason,
            FactorReset.status,
            FactorReset.asked_by_id,
            Account.name,
            FactorReset.asked_at,
        )
        .join(Account, Account.id == FactorReset.asked_by_id)
        .where(FactorReset.account_id == account_id, FactorReset.status == FactorResetStatus.ASKED)
    ).first()
    return ResetRow(*row) if row else None


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """One passkey, for its owner."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


def passkeys_of(session: Session, account_id: int) -> list[PasskeyRow]:
    """The passkeys of an account, the first one on top."""
    rows = session.execute(
        select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.last_used_at)
        .where(Passkey.account_id == account_id)
        .order_by(Passkey.id)
    )
    return [PasskeyRow(*row) for row in rows]


def credential_ids(session: Session, account_id: int) -> list[bytes]:
    """What browsers know the passkeys of an account by."""
    return list(
        session.scalars(select(Passkey.credential_id).where(Passkey.account_id == account_id).order_by(Passkey.id))
    )


def account_of_key(session: Session, credential_id: bytes) -> tuple[int, str] | None:
    """Number and address of the account that a passkey belongs to."""
    row = session.execute(
        select(Account.id, Account.email)
        .join(Passkey, Passkey.account_id == Account.id)
        .where(Passkey.credential_id == credential_id)
    ).first()
    return (row.id, row.email) if row else None


def passkey_for_update(session: Session, account_id: int, credential_id: bytes) -> Passkey | None:
    """A passkey of an account, locked: its counter goes up with each use."""
    return session.scalars(
        select(Passkey)
        .where(Passkey.credential_id == credential_id, Passkey.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
