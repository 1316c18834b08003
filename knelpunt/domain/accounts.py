"""Rules for accounts: addresses, passwords, how long a session lives, which role fits which organisation."""

import hashlib
import ipaddress
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import ORGANISATION_ROLES
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import OrganisationKind, Role

PASSWORD_MIN_CHARACTERS = 12
PASSWORD_MAX_CHARACTERS = 200
EMAIL_MAX_CHARACTERS = 254
NAME_MAX_CHARACTERS = 120

DEVICE_COOKIE = "-toestel"
"""What the name of the cookie that knows a browser again has behind that of the session."""
INVITATION_TERM = timedelta(days=7)
RESET_TERM = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=1)
"""``last_seen_at`` is written at most this often."""

_COMMON_PASSWORDS = frozenset(
    {
        "123456789012",
        "1234567890123",
        "12345678901234567890",
        "abcdefghijkl",
        "asdfghjklasdf",
        "changemechangeme",
        "geheimgeheim",
        "gemeentegemeente",
        "hallohallohallo",
        "knelpuntknelpunt",
        "letmeinletmein",
        "passwordpassword",
        "qwertyqwerty",
        "qwertyuiop12",
        "qwertyuiopasdf",
        "wachtwoord12",
        "wachtwoord123",
        "wachtwoord1234",
        "wachtwoord2026",
        "wachtwoordwachtwoord",
        "welkomwelkom",
        "welkom123456",
        "welkom1234567",
        "welkomwelkom01",
    }
)
_WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_WORD}(\.{_WORD})*@[a-z0-9-]{{1,63}}(\.[a-z0-9-]{{1,63}})+")


class AccountEvent(StrEnum):
    """What happens to accounts and organisations, as the event chain names it."""

    CREATED = "account_gemaakt"
    LOGGED_IN = "ingelogd"
    LOGGED_OUT = "uitgelogd"
    LOGGED_OUT_EVERYWHERE = "overal_uitgelogd"
    FACTOR_SET_UP = "tweede_stap_ingesteld"
    FACTOR_SWITCHED_OFF = "tweede_stap_uitgezet"
    FACTOR_CONFIRMED = "tweede_stap_bevestigd"
    RECOVERY_CODE_USED = "herstelcode_gebruikt"
    RECOVERY_CODES_MADE = "herstelcodes_gemaakt"
    FACTOR_RESET_ASKED = "kwijt_toestel_gemeld"
    FACTOR_RESET_DONE = "tweede_stap_weggehaald"
    FACTOR_RESET_REFUSED = "kwijt_toestel_afgewezen"
    IDENTITY_LINKED = "inlog_van_organisatie_gekoppeld"
    PROVIDER_LOGGED_OUT = "uitgelogd_door_organisatie"
    PROVIDER_ENDED = "account_beëindigd_door_organisatie"
    SIGN_ON_RULE_PROPOSED = "inlogregel_voorgesteld"
    SIGN_ON_RULE_APPROVED = "inlogregel_vastgesteld"
    SIGN_ON_RULE_REFUSED = "inlogregel_afgewezen"
    SIGN_ON_RULE_ENDED = "inlogregel_beëindigd"
    PASSKEY_ADDED = "toegangssleutel_toegevoegd"
    PASSKEY_REMOVED = "toegangssleutel_weggehaald"
    CLIENT_MADE = "koppeling_gemaakt"
    CLIENT_RENEWED = "koppeling_vernieuwd"
    CLIENT_SHORTENED = "koppeling_verkort"
    CLIENT_REVOKED = "koppeling_ingetrokken"
    SUBSCRIPTION_MADE = "abonnement_gemaakt"
    SUBSCRIPTION_RENEWED = "abonnement_vernieuwd"
    SUBSCRIPTION_OFF = "abonnement_uitgezet"
    SUBSCRIPTION_ON = "abonnement_aangezet"
    SUBSCRIPTION_SHORTENED = "abonnement_verkort"
    SUBSCRIPTION_GOES_ON = "abonnement_gaat_door"
    SUBSCRIPTION_ENDED = "abonnement_gestopt"
    EVENT_GIVEN_UP = "gebeurtenis_niet_bezorgd"
    INVITED = "account_uitgenodigd"
    INVITATION_WITHDRAWN = "uitnodiging_ingetrokken"
    INVITATION_ACCEPTED = "uitnodiging_aanvaard"
    RESET_REQUESTED = "wachtwoordherstel_gevraagd"
    PASSWORD_RESET = "wachtwoord_hersteld"  # noqa: S105 - the name of an event
    PASSWORD_CHANGED = "wachtwoord_gewijzigd"  # noqa: S105 - the name of an event
    ADDRESS_GONE = "account_adres_bestaat_niet"
    ADDRESS_USED_AGAIN = "account_adres_weer_gebruikt"
    ROLE_CHANGED = "rol_gewijzigd"
    ADMINISTRATOR_CONFIRMED = "beheerder_bevestigd"
    DEACTIVATED = "account_uitgezet"
    REACTIVATED = "account_weer_aangezet"
    LIST_DOWNLOADED = "lijst_gedownload"
    ORGANISATION_ADDED = "organisatie_toegevoegd"
    CALENDAR_MADE = "agenda_adres_gemaakt"
    CALENDAR_ENDED = "agenda_gestopt"
    LEAVE_REGISTERED = "afwezigheid_vastgelegd"
    LEAVE_TAKEN_BACK = "afwezigheid_ingetrokken"
    CO_SIGNATURE_RULE = "regel_voor_meetekenen_gewijzigd"
    ADDRESS_BOOK_CHANGED = "adresboek_gewijzigd"


def subject_of(account_id: int) -> str:
    """How events name an account: by number, so that they stay true after erasure."""
    return f"account:{account_id}"


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives: since it was last used, and since log-in."""

    idle: timedelta
    total: timedelta


STAFF_SESSION = SessionLimits(idle=timedelta(minutes=30), total=timedelta(hours=12))
ORGANISATION_SESSION = SessionLimits(idle=timedelta(hours=8), total=timedelta(days=7))
"""Longer than for staff: a colleague of a municipality sees the own organisation's cases only."""


def session_limits(role: Role) -> SessionLimits:
    return ORGANISATION_SESSION if role in ORGANISATION_ROLES else STAFF_SESSION


def is_session_alive(role: Role, created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session that was not ended may still be used at ``now``."""
    limits = session_limits(role)
    return now - last_seen_at < limits.idle and now - created_at < limits.total


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """How many attempts count within a period before the next one is refused."""

    attempts: int
    period: timedelta


LOGIN_PER_ACCOUNT = AttemptLimit(10, timedelta(minutes=15))
LOGIN_EVERYWHERE = AttemptLimit(100, timedelta(hours=1))
LOGIN_PER_ADDRESS = AttemptLimit(100, timedelta(hours=1))
RESET_PER_ACCOUNT = AttemptLimit(3, timedelta(minutes=15))
LINKS_PER_ADDRESS = AttemptLimit(30, timedelta(hours=1))
LINKS_PER_ADDRESSEE = AttemptLimit(3, timedelta(minutes=15))
INVITATIONS_PER_ACCOUNT = AttemptLimit(100, timedelta(days=1))


def attempt_key(about: str, subject: str) -> str:
    """The key under which attempts are counted; a hash, so that the counters hold no address of a person."""
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{about}:{digest[:40]}"


def network_of(address: str) -> str:
    """The part of an IP address that one subscriber has: all of IPv4, the first 64 bits of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def masked_address(email: str | None) -> str:
    """An address as its owner knows it again and nobody else learns it: the first character and the domain."""
    local, at, domain = (email or "").rpartition("@")
    return f"{local[0]}•••@{domain}" if at and local and domain else ""


def normalise_email(text: str) -> str:
    """The form in which an address is stored and compared: without blanks around it, in small letters, an
    international domain as mail servers write it."""
    local, at, domain = unicodedata.normalize("NFKC", text).strip().lower().rpartition("@")
    with suppress(UnicodeError):  # no domain at all: comparing it finds nothing
        domain = domain.encode("idna").decode("ascii")
    return f"{local}{at}{domain}"


def check_email(text: str) -> str:
    """The address in its stored form; raises DomainError when it cannot be one."""
    email = normalise_email(text)
    if len(email) > EMAIL_MAX_CHARACTERS or not _EMAIL.fullmatch(email):
        raise DomainError(Text("Vul een e-mailadres in, zoals naam@gemeente.nl."), field="email")
    return email


def check_name(text: str) -> str:
    """The name without blanks around it; raises DomainError when it is empty, too long or holds control characters."""
    name = " ".join(text.split())
    if not name:
        raise DomainError(Text("Vul een naam in."), field="name")
    if len(name) > NAME_MAX_CHARACTERS or not name.isprintable():
        raise DomainError(
            Text(
                "Gebruik voor de naam hoogstens %(name_max_characters)s gewone tekens.",
                name_max_characters=NAME_MAX_CHARACTERS,
            ),
            field="name",
        )
    return name


def password_bytes(password: str) -> bytes:
    """The bytes that are hashed: one form for letters that can be typed in two ways."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def check_password(password: str, email: str) -> None:
    """Refuse a password that is short, the own address, one repeated letter or one that everybody tries.

    No demands on kinds of characters: length helps, odd characters make people write it down.

    Raises:
        DomainError: on field ``password``, with what to do instead.
    """
    plain = unicodedata.normalize("NFKC", password).strip().lower()
    local_part = email.partition("@")[0]
    if len(password) < PASSWORD_MIN_CHARACTERS:
        problem = Text(
            "Kies een wachtwoord van ten minste %(password_min_characters)s tekens.",
            password_min_characters=PASSWORD_MIN_CHARACTERS,
        )
    elif len(password) > PASSWORD_MAX_CHARACTERS:
        problem = Text(
            "Kies een wachtwoord van hoogstens %(password_max_characters)s tekens.",
            password_max_characters=PASSWORD_MAX_CHARACTERS,
        )
    elif plain in {email, email.replace("@", ""), local_part, local_part * 2}:
        problem = Text("Kies een ander wachtwoord: dit is uw e-mailadres.")
    elif plain in _COMMON_PASSWORDS or len(set(plain)) < 4 or plain.isdigit():
        problem = Text("Kies een ander wachtwoord: dit is te makkelijk te raden. Neem bijvoorbeeld vier losse woorden.")
    else:
        return
    raise DomainError(problem, field="password")


def roles_in(kind: OrganisationKind) -> tuple[Role, ...]:
    """The roles that an account in this kind of organisation may have."""
    inside_ministry = kind is OrganisationKind.MINISTRY
    return tuple(role for role in Role if (role not in ORGANISATION_ROLES) == inside_ministry)


def check_role_fits(role: Role, kind: OrganisationKind) -> None:
    """Raise DomainError for a role of the ministry outside it, or the other way round."""
    if role not in roles_in(kind):
        raise DomainError(Text("Deze rol past niet bij deze organisatie."), field="role")
