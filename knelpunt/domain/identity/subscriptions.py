"""Rules for subscriptions: which events go to the system of an organisation, where to, and how they are written down.

The events are CloudEvents by the NL GOV profile; the signature is that of Standard Webhooks.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, urlsplit

from knelpunt.domain.errors import DomainError
from knelpunt.domain.texts import Text

MOST_SUBSCRIPTIONS = 10
"""How many an organisation may have that go on."""
URL_MAX_CHARACTERS = 500
OLD_SECRET_TERM = timedelta(days=2)
"""How long events are signed with the old secret too, after a new one was made."""
EVENTS_KEPT = timedelta(days=30)
"""How long an event and the log of its tries are kept; for as long one that is switched off misses nothing."""
PORTS = (443, 8443)
TYPE = "nl.knelpunt"
"""What the type of every event begins with: the name of the source of the data, as the profile prefers."""
TEST_TYPE = f"{TYPE}.proef"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_LOOPBACK = ("127.0.0.1", "localhost")

NO_URL = Text("Vul een adres in dat begint met https://, zoals https://zaken.voorbeeld.nl/knelpunt.")
NO_SECRET_IN_URL = Text("Zet geen naam en wachtwoord in het adres. Onze handtekening zegt dat het bericht van ons is.")
NO_HOST = Text("Gebruik de naam van een server op internet, geen IP-adres.")


class Covers(StrEnum):
    """Which events a subscription is about."""

    OWN = "eigen"
    PUBLIC = "openbaar"


COVERS_WORDS = {
    Covers.OWN: Text("Wat er gebeurt in uw zaken, ook als u meedoet met een andere gemeente"),
    Covers.PUBLIC: Text("Wat er openbaar wordt: antwoorden, ruimtewijzers, regelknelpunten en kwartaalcijfers"),
}


class State(StrEnum):
    """How a subscription stands."""

    WAITS = "wacht"
    WORKS = "werkt"
    FAILS = "hapert"
    OFF = "uit"
    ENDED = "gestopt"


class TryOutcome(StrEnum):
    """What became of one try."""

    TAKEN = "gelukt"
    REFUSED = "geweigerd"
    BUSY = "te_druk"
    GONE = "adres_vervallen"
    REDIRECTED = "doorgestuurd"
    NO_ANSWER = "geen_antwoord"
    TOO_SLOW = "te_langzaam"
    FORBIDDEN = "verboden_adres"
    NOT_ALLOWED = "geen_toestemming"
    PARKED = "afgewezen"
    PARTLY = "deels_gelukt"
    FAULT = "eigen_fout"


OUTCOME_WORDS = {
    TryOutcome.TAKEN: Text("Gelukt"),
    TryOutcome.REFUSED: Text("Geweigerd door uw systeem"),
    TryOutcome.BUSY: Text("Uw systeem had het te druk of gaf een storing"),
    TryOutcome.GONE: Text("Uw systeem zegt dat dit adres niet meer bestaat"),
    TryOutcome.REDIRECTED: Text("Uw systeem verwees naar een ander adres. Dat volgen wij niet"),
    TryOutcome.NO_ANSWER: Text("Geen verbinding"),
    TryOutcome.TOO_SLOW: Text("Geen antwoord op tijd"),
    TryOutcome.FORBIDDEN: Text("Dit adres ligt niet op internet. Daar sturen wij niets heen"),
    TryOutcome.NOT_ALLOWED: Text("Uw systeem gaf geen toestemming"),
    TryOutcome.PARKED: Text("Afgewezen door uw systeem. Deze zaak wacht op u"),
    TryOutcome.PARTLY: Text("Deels gelukt. Wij gaan verder met de rest"),
    TryOutcome.FAULT: Text("Fout aan onze kant"),
}
HITS_ONE_EVENT = frozenset({TryOutcome.REFUSED, TryOutcome.FAULT, TryOutcome.PARKED})
"""After these only the event itself waits; after the others everything that goes to that address."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where events may go to. ``has_loopback``: also to this machine, without TLS, to try it out."""

    ports: tuple[int, ...] = PORTS
    has_loopback: bool = False

    def checked(self, text: str) -> str:
        """The address as it is kept; raises DomainError on the field ``url`` when nothing may be sent there."""
        url = text.strip()
        if not 0 < len(url) <= URL_MAX_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
            raise DomainError(NO_URL, field="url")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise DomainError(NO_URL, field="url") from None
        if "\\" in url or parts.fragment or not parts.hostname:
            raise DomainError(NO_URL, field="url")
        if parts.username is not None or parts.password is not None:
            raise DomainError(NO_SECRET_IN_URL, field="url")
        if self.is_loopback(parts):
            return url
        if parts.scheme != "https":
            raise DomainError(NO_URL, field="url")
        if not _HOST.fullmatch(parts.hostname.rstrip(".")):
            raise DomainError(NO_HOST, field="url")
        if (443 if port is None else port) not in self.ports:
            ports = ", ".join(map(str, self.ports))
            raise DomainError(Text("Gebruik een van deze poorten: %(ports)s.", ports=ports), field="url")
        return url

    def is_loopback(self, parts: SplitResult) -> bool:
        """Whether this is the one address without TLS that is let through: this machine, where a setting says so."""
        return self.has_loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK


def subject_of(subscription_id: int) -> str:
    """How events of the chain name a subscription."""
    return f"abonnement:{subscription_id}"


def check_covers(covers: Collection[Covers]) -> list[str]:
    """In the order of the contract; raises DomainError when there is nothing."""
    if not covers:
        raise DomainError("Kies ten minste één soort berichten.", field="covers")
    return [each.value for each in Covers if each in covers]


def type_of(noun: str, kind: str) -> str:
    """The type of an event: ``nl.knelpunt.zaak.voorstel-gedaan``."""
    return f"{TYPE}.{noun}.{kind.removeprefix(f'{noun}_').replace('_', '-')}"


def new_secret() -> str:
    """A secret to sign with, in the form of Standard Webhooks."""
    return _SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, event_id: str, at: datetime, body: bytes) -> str:
    """One signature over id, instant of sending and body."""
    key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX))
    signed = f"{event_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(event_id: str, at: datetime, body: bytes, secrets_: Collection[str]) -> dict[str, str]:
    """The head of a request: what it is, and signatures with every secret that holds."""
    return {
        "Content-Type": CONTENT_TYPE,
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signature(each, event_id, at, body) for each in secrets_),
    }


def source_of(base_url: str, oin: str | None) -> str:
    """Who tells it: by the number of the organisation where it is known, else by the address of the site."""
    return f"urn:nld:oin:{oin}:systeem:knelpunt" if oin else base_url


def cloud_event(
    *, source: str, schema: str, event_id: str, kind: str, subject: str, at: datetime, data: Mapping[str, Any]
) -> dict[str, Any]:
    """One CloudEvent, by the NL GOV profile."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": kind,
        "subject": subject,
        "time": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": schema,
        "data": data,
    }


def envelope(**told: Any) -> bytes:
    """A CloudEvent in JSON: the same bytes for the same event. ``told`` as for ``cloud_event``."""
    return json.dumps(cloud_event(**told), ensure_ascii=False, separators=(",", ":")).encode()
