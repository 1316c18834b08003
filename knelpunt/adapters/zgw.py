"""Mirrors one case to the case system of an organisation: Zaken, Documenten and Catalogi of the ZGW standard.

Everything is looked up before it is made, so that a try can be done again after a lost answer. A try makes what is
missing and leaves alone what is there, but for a result that became another one; it stops after some seconds, and the
next one goes on.
"""

import base64
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from io import SEEK_END
from json import dumps, loads
from typing import IO, Any
from urllib.parse import urlencode

import structlog
from joserfc import jwt
from joserfc.jwk import OctKey

from knelpunt.adapters.log_lines import describe
from knelpunt.adapters.webhooks import Answer, Poster
from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.domain.identity.subscriptions import TryOutcome
from knelpunt.domain.identity.zgw import (
    DOCUMENT,
    ENDS,
    MAY_FILL,
    MAY_FORCE,
    MAY_REOPEN,
    MAY_UNLOCK,
    MOST_BYTES,
    MOST_IN_PARTS,
    ON_THE_WAY,
    RESULT,
    STATUS,
    Reason,
    Settings,
    detail_of,
    key_of,
    kind_of,
    name_for,
    words_of,
)
from knelpunt.domain.vocabulary import CaseStatus, Result

SECONDS = 10.0
"""After so long a try begins no other request."""
UPLOAD_SECONDS, PART_SECONDS = 20.0, 40.0
MOST_ANSWERED = 2 * 1024 * 1024
MOST_PAGES, MOST_DOCUMENT_TYPES = 20, 25
MOST_NAMES, LONGEST_NAME = 100, 100
SOURCE = "Knelpunt"
_SKEW = timedelta(seconds=30)
"""So much the clock of the other system may be behind."""
_LIFE = timedelta(minutes=10)
"""So long a token holds: longer than a try, and than a clock that is ahead."""
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,60}")
_CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
INITIATOR, HANDLER = "initiator", "behandelaar"
Json = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Connection:
    """With whom to speak. ``at``: the instant of the try, which the token carries."""

    settings: Settings
    secret: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A status that the case got, with the result it had then. ``is_corrected``: it got that result afterwards."""

    status: CaseStatus
    at: datetime
    result: Result | None = None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """Something that the organisation may read with its case. ``open`` gives its bytes, or None when they are gone;
    ``size`` is 0 where it is only made then."""

    key: str
    title: str
    made_on: date
    author: str
    file_name: str
    media_type: str
    page: str
    size: int
    open: Callable[[], IO[bytes] | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case as it is to be in the other system; in ``steps`` no two are at one instant."""

    reference: str
    title: str
    filed_on: date
    page: str
    organisation: str
    ministry: str | None
    outcome: str
    steps: Sequence[Step]
    documents: Sequence[Document]


class _Stopped(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.outcome.value)
        self.answer = answer


def mirror(poster: Poster, connection: Connection, dossier: Dossier) -> Answer:
    """Bring one case of the other system to where it is here. What opens a case again goes first, for a case that is
    closed there takes little else."""

    def work(talk: "_Talk") -> Answer:
        case = talk.first("zaken", "zaken", **_named(talk.settings, dossier.reference)) or _made(talk, dossier)
        talk.is_closed = bool(case.get("einddatum"))
        lacking, first = _lacking(talk, case, dossier), 0
        if talk.is_closed:
            first = next((at for at, each in enumerate(lacking, 1) if each.status in ON_THE_WAY), 0)
        _statuses(talk, case, dossier, lacking[:first])
        _roles(talk, case, dossier)
        _documents(talk, case, dossier)
        _statuses(talk, case, dossier, lacking[first:])
        last = dossier.steps[-1]
        if last.is_corrected and last not in lacking:
            _result(talk, case, _types_of(talk, case), last, dossier.outcome)
        return Answer(TryOutcome.TAKEN, 0)

    return _tried(poster, connection, work)


def probe(poster: Poster, connection: Connection) -> Answer:
    """Ask each of the three whether it lets us in, and read which types there are; nothing is made.

    Only when every status, result and document has its type is the answer that cases can be sent.
    """

    def work(talk: "_Talk") -> Answer:
        settings = talk.settings
        types = _Types(talk, _current_type(talk))
        offered = {
            STATUS: _shown(each["omschrijving"] for each in types.statuses),
            RESULT: _shown(types.results),
            DOCUMENT: _shown(types.documents),
        }
        wanted = [*map(key_of, Result), DOCUMENT]
        lacking = [each for each in wanted if name_for(settings, each, offered[kind_of(each)]) is None]
        for api, path in (("zaken", "zaken"), ("documenten", "enkelvoudiginformatieobjecten")):
            talk.first(api, path, **_named(settings, "proef"))
        if lacking:
            detail = detail_of(Reason.CHOOSE, *lacking)
            return Answer(TryOutcome.NOT_ALLOWED, 0, detail=detail, offered=offered)
        return Answer(TryOutcome.TAKEN, 0, offered=offered)

    return _tried(poster, connection, work)


def _tried(poster: Poster, connection: Connection, work: Callable[["_Talk"], Answer]) -> Answer:
    began = time.monotonic()
    talk = _Talk(poster, connection, began + SECONDS)
    try:
        answer = work(talk)
    except _Stopped as stopped:
        answer = stopped.answer
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        structlog.get_logger().warning("answer of a case system not read", **describe(error))
        answer = Answer(TryOutcome.BUSY, 0, detail=detail_of(Reason.UNREADABLE, talk.last))
    except Exception as error:  # a fault of our own, as a file that cannot be read now
        structlog.get_logger().error("case not mirrored", **describe(error))
        answer = Answer(TryOutcome.FAULT, 0)
    took = int((time.monotonic() - began) * 1000)
    return replace(answer, milliseconds=took, body=b"", has_made=talk.has_made)


class _Talk:
    """Requests of one try, to the three addresses of the settings and nowhere else. ``is_closed``: so is the case."""

    def __init__(self, poster: Poster, connection: Connection, until: float) -> None:
        self.settings, self.today = connection.settings, nl_day(connection.at)
        self.last, self.is_closed = "", False
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
        named = url.removeprefix(base).lstrip("/").partition("?")[0].partition("/")[0]
        self.last = named if _CODE.fullmatch(named) else api
        if not url.startswith(f"{base}/"):  # the token is for these addresses alone
            raise _Stopped(Answer(TryOutcome.PARKED, 0, detail=detail_of(Reason.ELSEWHERE, api)))
        if time.monotonic() > self._until:
            raise _Stopped(Answer(TryOutcome.PARTLY if self.has_made else TryOutcome.TOO_SLOW, 0))
        head = {**self._head, **(_CRS if api == "zaken" else {})}
        if media_type is not None:
            head["Content-Type"] = media_type
        poster = replace(self._poster, seconds=max(self._poster.seconds, seconds))
        answer = poster.send(method, url, head, content, most=MOST_ANSWERED)
        if answer.outcome is not TryOutcome.TAKEN:
            has_no_right = answer.status == 403 and self.is_closed and api == "zaken" and method != "GET"
            raise _Stopped(_shut(answer, self.last) if has_no_right else _refused(answer, self.last))
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


def _named(settings: Settings, key: str) -> dict[str, str]:
    return {"identificatie": key, "bronorganisatie": settings.rsin}


def _current_type(talk: _Talk) -> Json:
    """The version of the zaaktype that holds today."""
    asked = {"identificatie": talk.settings.zaaktype, "status": "definitief", "datumGeldigheid": talk.today.isoformat()}
    found = talk.first("catalogi", "zaaktypen", **asked)
    if found is None:
        raise _Stopped(Answer(TryOutcome.NOT_ALLOWED, 0, detail=detail_of(Reason.NO_TYPE, talk.settings.zaaktype)))
    return found


class _Types:
    """The types that belong to one version of a zaaktype; each is read when it is first asked for."""

    def __init__(self, talk: _Talk, zaaktype: Json) -> None:
        self._talk, self._zaaktype = talk, zaaktype
        self._found: dict[str, Any] = {}

    @property
    def statuses(self) -> list[Json]:
        """In the order of their numbers; the last one ends a case."""
        found: list[Json] = self._once("statustypen", lambda rows: sorted(rows, key=lambda each: each["volgnummer"]))
        if len(found) < 2:
            raise _Stopped(Answer(TryOutcome.PARKED, 0, detail=detail_of(Reason.NO_END)))
        return found

    @property
    def results(self) -> dict[str, str]:
        """Addresses by name."""
        found: dict[str, str] = self._once("resultaattypen", _by_name)
        return found

    @property
    def roles(self) -> dict[str, str]:
        """Addresses by the general word for a role."""
        found: dict[str, str] = self._once(
            "roltypen", lambda rows: {each["omschrijvingGeneriek"]: each["url"] for each in rows}
        )
        return found

    @property
    def documents(self) -> dict[str, str]:
        """Addresses by name."""
        if DOCUMENT not in self._found:
            urls = self._zaaktype["informatieobjecttypen"][:MOST_DOCUMENT_TYPES]
            self._found[DOCUMENT] = _by_name([self._talk.one("catalogi", url) for url in urls])
        found: dict[str, str] = self._found[DOCUMENT]
        return found

    def status(self, status: CaseStatus) -> str:
        """The statustype for a status. One on the way that has none gets the first."""
        *others, end = self.statuses
        if status in ENDS:
            return str(end["url"])
        name = name_for(self._talk.settings, key_of(status), [each["omschrijving"] for each in others])
        return str(next((each for each in others if each["omschrijving"] == name), others[0])["url"])

    def chosen(self, key: str, types: Mapping[str, str]) -> str:
        """The type for a result or a document; stops the case when there is none."""
        name = name_for(self._talk.settings, key, list(types))
        if name is None:
            raise _Stopped(Answer(TryOutcome.PARKED, 0, detail=detail_of(Reason.CHOOSE, key)))
        return types[name]

    def _once(self, path: str, shape: Callable[[list[Json]], Any]) -> Any:
        if path not in self._found:
            self._found[path] = shape(self._talk.all("catalogi", path, zaaktype=self._zaaktype["url"]))
        return self._found[path]


def _shown(names: Iterable[str]) -> list[str]:
    """The names that can be kept and shown to choose from."""
    return [each for each in names if len(each) <= LONGEST_NAME and each.isprintable()][:MOST_NAMES]


def _by_name(rows: list[Json]) -> dict[str, str]:
    return {str(each["omschrijving"]): str(each["url"]) for each in rows}


def _types_of(talk: _Talk, case: Json) -> _Types:
    """Those of the version that the case was made with, which may be an older one than holds today."""
    return _Types(talk, talk.one("catalogi", case["zaaktype"]))


def _made(talk: _Talk, dossier: Dossier) -> Json:
    rsin = talk.settings.rsin
    body = {
        **_named(talk.settings, dossier.reference),
        "omschrijving": dossier.title[:80],
        "toelichting": f"Gemeld bij Knelpunt: {dossier.page}"[:1000],
        "zaaktype": _current_type(talk)["url"],
        "verantwoordelijkeOrganisatie": rsin,
        "registratiedatum": dossier.filed_on.isoformat(),
        "startdatum": dossier.filed_on.isoformat(),
        "kenmerken": [{"kenmerk": dossier.reference[:40], "bron": SOURCE}],
    }
    return talk.make("zaken", "zaken", body)


def _roles(talk: _Talk, case: Json, dossier: Dossier) -> None:
    """The organisation that asked, and the ministry that answers; no person, and no role that the type lacks."""
    wanted = {INITIATOR: dossier.organisation, HANDLER: dossier.ministry}
    has = {each["omschrijvingGeneriek"] for each in talk.all("zaken", "rollen", zaak=case["url"])}
    lacking = {role: name for role, name in wanted.items() if name and role not in has}
    if not lacking:
        return
    types = _types_of(talk, case).roles
    for role, name in lacking.items():
        if role not in types:
            continue
        who = {"statutaireNaam": name[:500], **({"innNnpId": talk.settings.rsin} if role == INITIATOR else {})}
        body = {
            "zaak": case["url"],
            "betrokkeneType": "niet_natuurlijk_persoon",
            "roltype": types[role],
            "roltoelichting": "Melder bij Knelpunt" if role == INITIATOR else "Loket dat de melding behandelt",
            "betrokkeneIdentificatie": who,
        }
        talk.make("zaken", "rollen", body)


def _documents(talk: _Talk, case: Json, dossier: Dossier) -> None:
    if not dossier.documents:
        return
    has = {each.get("beschrijving") for each in talk.all("zaken", "zaakinformatieobjecten", zaak=case["url"])}
    lacking = [each for each in dossier.documents if each.key not in has]
    if not lacking:
        return
    types = _types_of(talk, case)
    kind = types.chosen(DOCUMENT, types.documents)
    for each in lacking:
        found = talk.first("documenten", "enkelvoudiginformatieobjecten", **_named(talk.settings, each.key))
        if found is None:
            found = _stored(talk, each, kind)
        elif found.get("bestandsdelen"):  # a try that stopped halfway
            _filled(talk, found, each)
        url = found["url"]
        body = {"zaak": case["url"], "informatieobject": url, "titel": each.title[:200], "beschrijving": each.key}
        talk.make("zaken", "zaakinformatieobjecten", body)


def _stored(talk: _Talk, document: Document, kind: str) -> Json:
    """A document with its content, in parts when it is large for us or for the other system; without when it is too
    large for that."""
    body = {
        **_named(talk.settings, document.key),
        "creatiedatum": document.made_on.isoformat(),
        "titel": document.title[:200],
        "auteur": document.author[:200],
        "status": "definitief",
        "formaat": document.media_type[:255],
        "taal": "nld",
        "bestandsnaam": document.file_name[-255:],
        "link": document.page,
        "informatieobjecttype": kind,
        # Until this is said, the other system does not close a case.
        "indicatieGebruiksrecht": False,
    }
    path = "enkelvoudiginformatieobjecten"
    content = document.open() if document.size <= MOST_IN_PARTS else None
    if content is None:
        return talk.make("documenten", path, {**body, "inhoud": None, "bestandsomvang": None})
    with content as file:
        size = file.seek(0, SEEK_END)
        file.seek(0)
        if size <= MOST_BYTES:
            whole = {"inhoud": base64.b64encode(file.read()).decode(), "bestandsomvang": size}
            try:
                return talk.make("documenten", path, {**body, **whole})
            except _Stopped as stopped:
                if stopped.answer.status != 413:
                    raise
        made = talk.make("documenten", path, {**body, "inhoud": None, "bestandsomvang": size})
        _in_parts(talk, made, file)
    return made


def _filled(talk: _Talk, made: Json, document: Document) -> None:
    content = document.open()
    if content is None:
        raise _Stopped(Answer(TryOutcome.FAULT, 0))
    with content as file:
        _in_parts(talk, made, file)


def _in_parts(talk: _Talk, made: Json, file: IO[bytes]) -> None:
    """Send each part that the other system said it wants and does not have; with the last it makes the file of them.
    Until then the document is locked there, and no case that it belongs to could be closed."""
    parts, at = sorted(made["bestandsdelen"], key=lambda each: each["volgnummer"]), 0
    if not parts:
        raise _Stopped(Answer(TryOutcome.PARKED, 0, detail=detail_of(Reason.UNREADABLE, "bestandsdelen")))
    try:
        for part in parts:
            size = int(part["omvang"])
            if not part["voltooid"]:
                file.seek(at)
                talk.fill(part["url"], str(part["lock"]), file.read(size))
            at += size
        talk.send("POST", "documenten", f"{made['url']}/unlock", {"lock": str(parts[0]["lock"])})
    except _Stopped as stopped:
        if stopped.answer.status != 403:
            raise
        right = MAY_FILL if talk.last == "bestandsdelen" else MAY_UNLOCK
        detail = detail_of(Reason.IN_PARTS, right)
        raise _Stopped(replace(stopped.answer, outcome=TryOutcome.PARKED, detail=detail)) from None


def _lacking(talk: _Talk, case: Json, dossier: Dossier) -> list[Step]:
    """The steps that are not there. A status is known again by the instant at which it was set here."""
    rows = talk.all("zaken", "statussen", zaak=case["url"])
    has = {_milliseconds(datetime.fromisoformat(each["datumStatusGezet"])) for each in rows}
    wanted = [each for each in dossier.steps if each.status in (*ON_THE_WAY, *ENDS)]
    return [each for each in wanted if _milliseconds(each.at) not in has]


def _statuses(talk: _Talk, case: Json, dossier: Dossier, steps: Sequence[Step]) -> None:
    """Each status at its instant; an end with its result."""
    if not steps:
        return
    types = _types_of(talk, case)
    for step in steps:
        if step.status in ENDS:
            _result(talk, case, types, step, dossier.outcome)
        body = {
            "zaak": case["url"],
            "statustype": types.status(step.status),
            # With the hours of the Netherlands: the day on which the case ends is read from it.
            "datumStatusGezet": step.at.astimezone(AMSTERDAM).isoformat(timespec="milliseconds"),
            "statustoelichting": words_of(key_of(step.status)),
        }
        talk.make("zaken", "statussen", body)
        talk.is_closed = step.status in ENDS


def _result(talk: _Talk, case: Json, types: _Types, step: Step, words: str) -> None:
    """The one result that a case has. Its type cannot be changed there: another one takes its place."""
    if step.result is None:
        return
    kind = types.chosen(key_of(step.result), types.results)
    found = talk.first("zaken", "resultaten", zaak=case["url"])
    if found is not None and found["resultaattype"] == kind:
        return
    if found is not None:
        talk.send("DELETE", "zaken", found["url"])
    talk.make("zaken", "resultaten", {"zaak": case["url"], "resultaattype": kind, "toelichting": words[:1000]})


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)
