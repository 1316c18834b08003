"""One conversation with a case system: requests to the addresses that were set, with a token, while there is time."""

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from json import dumps, loads
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import OctKey

from knelpunt.adapters.webhooks import Answer, Poster
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.identity.subscriptions import TryOutcome
from knelpunt.domain.identity.zgw import MAY_FORCE, MAY_REOPEN, Reason, Settings, detail_of

SECONDS = 10.0
"""After so long a try begins no other request."""
UPLOAD_SECONDS, PART_SECONDS = 20.0, 40.0
MOST_ANSWERED = 2 * 1024 * 1024
MOST_PAGES = 20
SOURCE = "Knelpunt"
_SKEW = timedelta(seconds=30)
"""So much the clock of the other system may be behind."""
_LIFE = timedelta(minutes=10)
"""So long a token holds: longer than a try, and than a clock that is ahead."""
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,60}")
_CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
DOCUMENTS, PARTS = "enkelvoudiginformatieobjecten", "bestandsdelen"
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Connection:
    """With whom to speak. ``at``: the instant of the try, which the token carries."""

    settings: Settings
    secret: str = field(repr=False)
    at: datetime


class Stopped(Exception):
    """The try ends with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.outcome.value)
        self.answer = answer


class Talk:
    """Requests of one try, to the three addresses of the settings and nowhere else. ``is_closed``: so is the case.
    ``lacks``: the right for want of which a file goes without its content; ``has_asked``: whether that was asked
    before any file went. ``types``: those of a zaaktype, by its address, once they were read."""

    def __init__(self, poster: Poster, connection: Connection, until: float) -> None:
        self.settings, self.today = connection.settings, nl_day(connection.at)
        self.last, self.is_closed = "", False
        self.lacks: str | None = None
        self.has_asked = False
        self.types: dict[str, Any] = {}
        self._poster, self._until, self.has_made = poster, until, False
        claims = {
            "iss": self.settings.client_id,
            "iat": int((connection.at - _SKEW).timestamp()),
            "exp": int((connection.at + _LIFE).timestamp()),
            "client_id": self.settings.client_id,
            "user_id": SOURCE.lower(),
            "user_representation": SOURCE,
        }
        token = jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(connection.secret))
        self._head = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def all(self, api: str, path: str, **asked: str) -> list[Json]:
        """Every row of a list, page after page."""
        url = f"{self._base(api)}/{path}?{urlencode(asked)}"
        rows: list[Json] = []
        for _page in range(MOST_PAGES):
            answer = self.send("GET", api, url)
            if isinstance(answer, list):
                return answer
            rows += answer["results"]
            if not answer.get("next"):
                return rows
            url = str(answer["next"])
        return rows

    def first(self, api: str, path: str, **asked: str) -> Json | None:
        """The first row of a list, or None."""
        rows = self.all(api, path, **asked)
        return rows[0] if rows else None

    def one(self, api: str, url: str) -> Json:
        """What is at an address that the other system gave us."""
        found: Json = self.send("GET", api, url)
        return found

    def make(self, api: str, path: str, body: Json) -> Json:
        """A new row."""
        made: Json = self.send("POST", api, f"{self._base(api)}/{path}", body)
        return made

    def fill(self, url: str, lock: str, piece: bytes) -> None:
        """Send one part of a file to the address that was given for it."""
        edge = secrets.token_hex(16)
        lines = (
            f"--{edge}",
            'Content-Disposition: form-data; name="lock"',
            "",
            lock,
            f"--{edge}",
            'Content-Disposition: form-data; name="inhoud"; filename="deel"',
            "Content-Type: application/octet-stream",
            "",
            "",
        )
        content = "\r\n".join(lines).encode() + piece + f"\r\n--{edge}--\r\n".encode()
        self._send("PUT", "documenten", url, content, f"multipart/form-data; boundary={edge}", PART_SECONDS)

    def send(self, method: str, api: str, url: str, body: Json | None = None) -> Any:
        """One request; what goes wrong stops the try."""
        content = b"" if body is None else dumps(body).encode()
        is_upload = api == "documenten" and body is not None
        media_type = "application/json" if body is not None else None
        return self._send(method, api, url, content, media_type, UPLOAD_SECONDS if is_upload else 0)

    def _send(self, method: str, api: str, url: str, content: bytes, media_type: str | None, seconds: float) -> Any:
        base = self._base(api)
        name = url.removeprefix(base).lstrip("/").partition("?")[0].partition("/")[0]
        self.last = name if _CODE.fullmatch(name) else api
        if not url.startswith(f"{base}/"):  # the token is for these addresses alone
            raise Stopped(Answer(TryOutcome.PARKED, 0, detail=detail_of(Reason.ELSEWHERE, api)))
        if time.monotonic() > self._until:
            raise Stopped(Answer(TryOutcome.PARTLY if self.has_made else TryOutcome.TOO_SLOW, 0))
        head = {**self._head, **(_CRS if api == "zaken" else {})}
        if media_type is not None:
            head["Content-Type"] = media_type
        poster = replace(self._poster, seconds=max(self._poster.seconds, seconds))
        answer = poster.send(method, url, head, content, most=MOST_ANSWERED)
        if answer.outcome is not TryOutcome.TAKEN:
            has_no_right = answer.status == 403 and self.is_closed and api == "zaken" and method != "GET"
            raise Stopped(_shut(answer, self.last) if has_no_right else _refused(answer, self.last))
        self.has_made |= method != "GET"
        return loads(answer.body) if answer.status != 204 else None

    def _base(self, api: str) -> str:
        return {"zaken": self.settings.zaken, "documenten": self.settings.documenten}.get(api, self.settings.catalogi)


def _refused(answer: Answer, where: str) -> Answer:
    """Who is not known holds up everything; what may not be done or is not there is tried again, for that case alone;
    what is wrong with a case waits for a person."""
    if answer.status == 401:
        return replace(answer, outcome=TryOutcome.NOT_ALLOWED)
    if answer.status in (403, 404) or answer.outcome not in (TryOutcome.REFUSED, TryOutcome.GONE):
        return answer
    return replace(answer, outcome=TryOutcome.PARKED, detail=detail_of(Reason.FIELD, where, *_named_faults(answer)))


def _shut(answer: Answer, where: str) -> Answer:
    """A case that is closed takes nothing from who has not the right to that, however often it is tried."""
    right = MAY_REOPEN if where == "statussen" else MAY_FORCE
    return replace(answer, outcome=TryOutcome.PARKED, detail=detail_of(Reason.CLOSED, right))


def _named_faults(answer: Answer) -> list[str]:
    """Which fields were wrong and how, in the codes of the standard: no sentence of the other system."""
    try:
        told = loads(answer.body)
        faults = [(each["name"], each["code"]) for each in told.get("invalidParams") or ()]
        faults = faults or [("code", told["code"])]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return [f"{name}: {code}" for name, code in faults[:5] if _CODE.fullmatch(str(name)) and _CODE.fullmatch(str(code))]


def named(settings: Settings, key: str) -> dict[str, str]:
    """By which a case or document is known there."""
    return {"identificatie": key, "bronorganisatie": settings.rsin}
