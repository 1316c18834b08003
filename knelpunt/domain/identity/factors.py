"""Rules of the second factor: who must have one, how long it counts, and what codes look like."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from knelpunt.domain.accounts import AttemptLimit
from knelpunt.domain.permissions import ORGANISATION_ROLES
from knelpunt.domain.vocabulary import Role

TOTP_SECONDS = 30
TOTP_DIGITS = 6
TOTP_SKEW = 1
"""How many steps of half a minute the clock of a telephone may be ahead or behind."""
STEP_UP_TERM = timedelta(minutes=15)
SET_UP_TERM = timedelta(minutes=30)
"""How long a secret that was shown may be confirmed."""
PASSKEY_TERM = timedelta(minutes=10)
"""How long a page may stand open before its question to a passkey is too old."""
FACTOR_RESET_TERM = timedelta(days=7)
"""How long a request to take a lost factor away may be granted: after that, who asked it may have found it again."""
PASSKEYS_PER_ACCOUNT = 10
PASSKEY_NAME_MAX = 60
FACTOR_PER_ACCOUNT = AttemptLimit(10, timedelta(minutes=15))
RECOVERY_CODES = 10
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is easily taken for another: i, l, o, 0 and 1."""
_RECOVERY_GROUPS, _RECOVERY_GROUP = 4, 4


class LoginMethod(StrEnum):
    """How a session began. Stored values never change."""

    PASSWORD = "wachtwoord"  # noqa: S105 - the name of a way to log in
    PASSKEY = "toegangssleutel"
    PROVIDER = "organisatie"


class FactorResetStatus(StrEnum):
    """Where the request stands to take away the second factor of somebody who lost it. Stored values never change."""

    ASKED = "gevraagd"
    DONE = "uitgevoerd"
    REFUSED = "afgewezen"


def must_have_factor(role: Role) -> bool:
    """Whether this role always comes in by a password and something else: everybody at the ministry."""
    return role not in ORGANISATION_ROLES


@dataclass(frozen=True, slots=True)
class LoginRules:
    """What an installation asks of who logs in.

    Attributes:
        only_by: the providers that are the only way in for the organisations whose people they let in.
        administrators_from: from which day the administrators of organisations must have a second factor too; until
            then, and without a day, it is offered.
    """

    only_by: frozenset[str] = frozenset()
    administrators_from: date | None = None

    def must_have_factor(self, role: Role, today: date) -> bool:
        """Whether this role comes in by a password and something else, on this day."""
        if role is Role.ORGANISATION_ADMIN and self.administrators_from is not None:
            return today >= self.administrators_from
        return must_have_factor(role)

    def waits(self, role: Role, shown_at: datetime | None, today: date, *, is_due: bool) -> bool:
        """Whether a session knows a password only, and so is no session yet. ``is_due``: the account had a factor."""
        return shown_at is None and (is_due or self.must_have_factor(role, today))


def is_recent(second_factor_at: datetime | None, now: datetime) -> bool:
    """Whether the second factor was shown so lately that a grave act may follow."""
    return second_factor_at is not None and now - second_factor_at < STEP_UP_TERM


def may_do_without_password(began_at: datetime, second_factor_at: datetime | None, now: datetime) -> bool:
    """Whether somebody showed so lately who it is that a first factor may be set up with the session alone: who took
    over an older session would make a lasting way in of it."""
    return now - began_at < STEP_UP_TERM or is_recent(second_factor_at, now)


def step_of(now: datetime) -> int:
    """The number of the half minute in which this instant lies."""
    return int(now.timestamp()) // TOTP_SECONDS


def steps_to_try(now: datetime, last_used: int | None) -> list[int]:
    """The half minutes whose code is accepted: this one and its neighbours, without what was used before."""
    here = step_of(now)
    return [each for each in range(here - TOTP_SKEW, here + TOTP_SKEW + 1) if last_used is None or each > last_used]


def digits_of(code: str) -> str | None:
    """The six digits that somebody typed, with or without blanks; None when it is no such code."""
    plain = "".join(code.split())
    return plain if len(plain) == TOTP_DIGITS and plain.isascii() and plain.isdigit() else None


def new_recovery_code() -> str:
    """A code of sixteen letters and digits in four groups: 79 random bits, so that a plain hash of it is safe."""
    groups = (
        "".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(_RECOVERY_GROUP)) for _ in range(_RECOVERY_GROUPS)
    )
    return "-".join(groups)


def recovery_letters(code: str) -> str | None:
    """A recovery code as it is hashed: small letters without blanks and dashes; None when it cannot be one."""
    plain = "".join(each for each in code.lower() if not each.isspace() and each != "-")
    is_whole = len(plain) == _RECOVERY_GROUPS * _RECOVERY_GROUP and set(plain) <= set(_RECOVERY_LETTERS)
    return plain if is_whole else None
