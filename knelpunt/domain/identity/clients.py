"""Rules for API clients: the systems of an organisation that act for it with a key of their own."""

import re
import secrets
from collections.abc import Collection
from datetime import date, timedelta

from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import ApiScope

NAME_MAX_CHARACTERS = 80
LONGEST_MONTHS = 12
MOST_CLIENTS = 20
"""How many an organisation may have that still hold."""
TOKEN_TERM = timedelta(minutes=30)
WARNED_BEFORE = (30, 7)
"""So many days before the end of a key its administrators get a mail."""
NAME_KEPT = timedelta(days=365)
"""How long what somebody called a key is kept after its end."""
DEMO_CLIENT = "knelpunt-demo"
DEMO_SECRET = "vier-losse-demo-woorden-voor-een-koppeling"  # noqa: S105 - shown to everybody who tries the demonstration
_PREFIX = "knelpunt-"
_CLIENT_ID = re.compile(r"[a-z0-9-]{1,64}")


def new_client_id() -> str:
    """What a system calls itself; no secret."""
    return f"{_PREFIX}{secrets.token_hex(8)}"


def can_be_client_id(text: str) -> bool:
    """Whether a text can be one at all; what cannot never reaches the database."""
    return _CLIENT_ID.fullmatch(text) is not None


def subject_of(client_id: int) -> str:
    """How events name a client."""
    return f"koppeling:{client_id}"


def check_name(text: str) -> str:
    """The name on one line; raises DomainError when it is empty, too long or holds control characters."""
    name = " ".join(text.split())
    if not name:
        raise DomainError("Vul een naam in.", field="name")
    if len(name) > NAME_MAX_CHARACTERS or not name.isprintable():
        raise DomainError(f"Gebruik hoogstens {NAME_MAX_CHARACTERS} gewone tekens.", field="name")
    return name


def last_possible_day(today: date) -> date:
    return add_months(today, LONGEST_MONTHS)


def check_end(ends_on: date, today: date) -> None:
    """Raise DomainError when a key would have ended already, or would hold for more than a year."""
    if ends_on < today:
        raise DomainError("Kies een dag die nog komt.", field="ends_on")
    if ends_on > last_possible_day(today):
        raise DomainError("Een koppeling werkt hooguit een jaar. Kies een eerdere dag.", field="ends_on")


def last_day_of_nobody(today: date) -> date:
    """The last day of what nobody looks after, counted from the day on which that is found."""
    return today + timedelta(days=max(WARNED_BEFORE))


def moment_of_warning(ends_on: date, today: date) -> str:
    """The moment that a warning of this end belongs to, by which it goes out once; what was missed goes out with the
    next run. Not for an end that is farther away than the first moment."""
    left = (ends_on - today).days
    return f"{ends_on.isoformat()}:{min(days for days in WARNED_BEFORE if days >= left)}"


def check_scopes(scopes: Collection[ApiScope]) -> list[str]:
    """The scopes in the order of the contract; raises DomainError when there is none."""
    if not scopes:
        raise DomainError("Kies ten minste één ding dat de koppeling mag.", field="scopes")
    return [scope.value for scope in ApiScope if scope in scopes]
