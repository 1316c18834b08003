"""A small case system, for tests: Zaken, Documenten and Catalogi of the ZGW standard, at one address.

Each request is held to a compact description of what the standard takes: written from the OpenAPI descriptions of Zaken
1.5.1, Documenten 1.4.2 and Catalogi 1.3.1 as Open Zaak publishes them (commit 90dd5eb0), for the fields that a mirror
could send. What Open Zaak checks besides, as far as a mirror meets it, is in ``_rule``. Where the descriptions of the
standard itself ask more (VNG-Realisatie/gemma-zaken, commit 36de868e: Zaken 1.0 to 1.7, Documenten 1.1 to 1.7, Catalogi
1.2 to 1.4), so does this: the explanation of a role, and both headers of coordinates on every request for a case.
"""

import base64
import io
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.formparser import parse_form_data

from tests.support.receiver import Got, Receiver

SECRET, CLIENT_ID, RSIN, ZAAKTYPE = "een geheim van 32 tekens of meer".replace(" ", "-"), "knelpunt", "123456782", "KNP"
Row = dict[str, Any]
Fault = Callable[[str, str, int], int | str | None]
"""Gets the method, the name of the list, and how often that was asked: a status, what it does instead, or None."""


def _text(longest: int, shortest: int = 0, **more: Any) -> Row:
    return {"type": "string", "minLength": shortest, "maxLength": longest, **more}


def _object(required: str, **properties: Row) -> Row:
    return {"type": "object", "required": required.split(), "properties": properties, "additionalProperties": False}


URI, SHORT_URI, DAY = _text(1000, 1, format="uri"), _text(200, 1, format="uri"), {"type": "string", "format": "date"}
_RSIN, _MOMENT = (
    _text(9, 9),
    {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"},
)
BODIES = {
    "zaken": _object(
        "bronorganisatie startdatum verantwoordelijkeOrganisatie zaaktype",
        identificatie=_text(40), bronorganisatie=_RSIN, omschrijving=_text(80), toelichting=_text(1000), zaaktype=URI,
        registratiedatum=DAY, verantwoordelijkeOrganisatie=_RSIN, startdatum=DAY,
        kenmerken={"type": "array", "items": _object("bron kenmerk", kenmerk=_text(40, 1), bron=_text(40, 1))},
    ),
    "statussen": _object(
        "datumStatusGezet statustype zaak",
        zaak=URI, statustype=URI, datumStatusGezet=_MOMENT, statustoelichting=_text(1000),
    ),
    "resultaten": _object("resultaattype zaak", zaak=URI, resultaattype=URI, toelichting=_text(1000)),
    "rollen": _object(
        "betrokkeneType roltoelichting roltype zaak",
        zaak=URI, roltype=URI, roltoelichting=_text(1000), betrokkeneType={"enum": ["niet_natuurlijk_persoon"]},
        betrokkeneIdentificatie=_object("", innNnpId=_RSIN, statutaireNaam=_text(500)),
    ),
    "zaakinformatieobjecten": _object(
        "informatieobject zaak",
        informatieobject=URI, zaak=URI, titel=_text(200), beschrijving={"type": "string"},
    ),
    "enkelvoudiginformatieobjecten": _object(
        "auteur bronorganisatie creatiedatum informatieobjecttype taal titel",
        identificatie=_text(40), bronorganisatie=_RSIN, creatiedatum=DAY, titel=_text(200, 1), auteur=_text(200, 1),
        status={"enum": ["in_bewerking", "ter_vaststelling", "definitief", "gearchiveerd", ""]}, formaat=_text(255),
        taal=_text(3, 3), bestandsnaam=_text(255), inhoud={"type": ["string", "null"]},
        bestandsomvang={"type": ["integer", "null"], "minimum": 0}, link=_text(200, format="uri"),
        indicatieGebruiksrecht={"type": ["boolean", "null"]}, informatieobjecttype=SHORT_URI,
    ),
}  # fmt: skip
FILTERS = {
    "zaken": {"identificatie", "bronorganisatie"},
    "statussen": {"zaak"},
    "resultaten": {"zaak"},
    "rollen": {"zaak"},
    "zaakinformatieobjecten": {"zaak", "informatieobject"},
    "enkelvoudiginformatieobjecten": {"identificatie", "bronorganisatie"},
    "bestandsdelen": set(),
    "zaaktypen": {"identificatie", "status", "datumGeldigheid"},
    "statustypen": {"zaaktype"},
    "resultaattypen": {"zaaktype"},
    "roltypen": {"zaaktype"},
    "informatieobjecttypen": set(),
}
API_OF = {
    name: "zaken" if name in ("zaken", "statussen", "resultaten", "rollen", "zaakinformatieobjecten")
    else "documenten" if name in ("enkelvoudiginformatieobjecten", "bestandsdelen") else "catalogi"
    for name in FILTERS
}  # fmt: skip
_PATH = re.compile(r"/(zaken|documenten|catalogi)/api/v1/([a-z-]+)(?:/([0-9a-f-]{36})(/unlock)?)?")
DOCUMENTS, PARTS = "enkelvoudiginformatieobjecten", "bestandsdelen"
UNLOCK = _object("", lock=_text(100))
"""``UnlockEnkelvoudigInformatieObjectRequest``."""


class ZgwServer(Receiver):
    """Keeps what is made. ``wrong`` lists what the descriptions do not allow; ``fault`` may spoil any request.

    Lists are given out two a page, so that whoever asks must turn pages. ``rights``: those to write to a closed case,
    and to send a file in parts of at most ``part_bytes``; a body of more than ``most_bytes`` is too large.
    ``hides``: of what is not there it says that it may not be read. ``removes_locked``: it removes a locked document
    too, which Open Zaak does not.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.now = now
        self.rows: dict[str, list[Row]] = {name: [] for name in FILTERS}
        self.wrong: list[str] = []
        self.asked_for: list[tuple[str, str]] = []
        self.bodies: list[tuple[str, str, Any]] = []
        self.pieces: dict[str, bytes] = {}
        self.fault: Fault = lambda _method, _name, _count: None
        self.secret = SECRET
        self.rights = {"zaken.heropenen", "documenten.bijwerken", "documenten.lock"}
        self.part_bytes, self.most_bytes = 4 * 2**30, 4 * 2**30
        self.hides = self.removes_locked = False

    def base(self, api: str) -> str:
        return f"http://127.0.0.1:{self.port}/{api}/api/v1"

    def set_up(self, results: Iterable[str]) -> None:
        """A catalogue with one zaaktype; ``results``: the names of its resultaattypen."""
        kind = self.add("zaaktypen", identificatie=ZAAKTYPE, concept=False, informatieobjecttypen=[])
        for number, name in enumerate(("Ontvangen", "In behandeling", "Afgehandeld"), 1):
            self.add(
                "statustypen", zaaktype=kind["url"], omschrijving=name, volgnummer=number, isEindstatus=number == 3
            )
        for name in results:
            self.add("resultaattypen", zaaktype=kind["url"], omschrijving=name)
        for name in ("initiator", "behandelaar"):
            self.add("roltypen", zaaktype=kind["url"], omschrijving=name.title(), omschrijvingGeneriek=name)
        kind["informatieobjecttypen"] = [self.add("informatieobjecttypen", omschrijving="Stuk")["url"]]

    def add(self, name: str, **columns: Any) -> Row:
        row = {**columns, "url": f"{self.base(API_OF[name])}/{name}/{uuid.uuid4()}"}
        self.rows[name].append(row)
        return row

    def answer(self, got: Got) -> tuple[int, Mapping[str, str], bytes] | None:
        parts = urlsplit(got.path)
        found = _PATH.fullmatch(parts.path)
        name = found[2] if found else ""
        if found is None or API_OF.get(name) != found[1]:
            return _told(404, {"code": "not_found"})
        self.asked_for.append((got.method, name))
        count = self.asked_for.count((got.method, name))
        fault = self.fault(got.method, name, count)
        if fault == "hang up":
            return None
        if isinstance(fault, int):
            return _told(fault, {"code": "invalid", "invalidParams": [{"name": "zaaktype", "code": "not-published"}]})
        if not self._is_known(got):
            return _told(403, {"code": "permission_denied"})
        if name == "zaken":
            lacking = [each for each in ("accept-crs", "content-crs") if got.headers.get(each) != "EPSG:4326"]
            self.wrong += [f"{got.method} {name} without {each}" for each in lacking]
        if len(got.body) > self.most_bytes:
            return _told(413, {"code": "too_large"})
        if name == PARTS or found[4]:
            answer = self._part(got) if name == PARTS else self._unlocked(got)
        else:
            answer = self._list(name, parse_qs(parts.query)) if got.method == "GET" and not found[3] else None
            answer = answer or self._row(got, name)
        return None if fault == "take and hang up" else answer

    def _is_known(self, got: Got) -> bool:
        try:
            token = jwt.decode(got.headers["authorization"].removeprefix("Bearer "), OctKey.import_key(self.secret))
        except Exception:
            return False
        claims = token.claims
        age = (self.now() - datetime.fromtimestamp(claims["iat"], UTC)).total_seconds()
        is_short = claims["iat"] < claims["exp"] <= claims["iat"] + 900
        is_ours = claims["client_id"] == claims["iss"] == CLIENT_ID and claims["user_id"]
        return bool(is_ours and is_short and 0 <= age < 3600)

    def _list(self, name: str, query: dict[str, list[str]]) -> tuple[int, Mapping[str, str], bytes]:
        page = int(query.pop("page", ["1"])[0])
        asked = {key: values[0] for key, values in query.items()}
        if odd := asked.keys() - FILTERS[name]:
            self.wrong.append(f"{name} has no filter {sorted(odd)}")
        if asked.get("status", "definitief") != "definitief":
            self.wrong.append(f"{name} of status {asked['status']}")
        asked = {key: value for key, value in asked.items() if key not in ("status", "datumGeldigheid")}
        rows = [row for row in self.rows[name] if all(row.get(key) == value for key, value in asked.items())]
        if name == "zaakinformatieobjecten":  # the one list that has no pages
            return _told(200, rows)
        again = "&".join(f"{key}={value}" for key, value in asked.items())
        more = f"{self.base(API_OF[name])}/{name}?{again}&page={page + 1}" if len(rows) > 2 * page else None
        return _told(
            200, {"count": len(rows), "next": more, "previous": None, "results": rows[2 * page - 2 : 2 * page]}
        )

    def _row(self, got: Got, name: str) -> tuple[int, Mapping[str, str], bytes]:
        url = f"http://127.0.0.1:{self.port}{got.path}"
        held = next((row for row in self.rows[name] if row["url"] == url), None)
        if got.method == "GET":
            return _told(200, held) if held is not None else self._absent()
        if name == DOCUMENTS and got.method == "DELETE":
            return self._removed(held)
        if name == "resultaten" and got.method == "DELETE" and held is not None:
            if self._is_shut(name, held):
                return _told(403, {"code": "zaak-closed"})
            self.rows[name].remove(held)
            return 204, {"Content-Length": "0"}, b""
        # Nothing is changed in place: Open Zaak refuses another type of a result.
        if name not in BODIES or got.method != "POST" or held is not None:
            self.wrong.append(f"{got.method} {got.path}")
            return _told(405, {"code": "method_not_allowed"})
        body = json.loads(got.body)
        self.bodies.append((got.method, name, body))
        validator = Draft202012Validator(BODIES[name], format_checker=FormatChecker())
        faults = [f"{name}: {error.json_path} {error.message[:200]}" for error in validator.iter_errors(body)]
        if got.headers.get("content-type") != "application/json":
            faults.append(f"{name} is not JSON")
        if self._is_shut(name, body):
            return _told(403, {"code": "zaak-closed"})
        if faults := faults or self._rule(name, body):
            self.wrong += faults
            return _told(400, {"code": "invalid", "invalidParams": [{"name": name, "code": "fout", "reason": "?"}]})
        return _told(201, self._made(name, body))

    def _part(self, got: Got) -> tuple[int, Mapping[str, str], bytes]:
        """One part of a file, as a form with its lock (``BestandsDeelRequest``)."""
        url = f"http://127.0.0.1:{self.port}{got.path}"
        held = next((row for row in self.rows[PARTS] if row["url"] == url), None)
        if got.method != "PUT":
            self.wrong.append(f"{got.method} {got.path}")
            return _told(405, {"code": "method_not_allowed"})
        # As Open Zaak does: first whether this may be done at all, then whether there is such a part.
        if "documenten.bijwerken" not in self.rights:
            return _told(403, {"code": "permission_denied"})
        if held is None:
            return self._absent()
        head = {"CONTENT_TYPE": got.headers["content-type"], "CONTENT_LENGTH": str(len(got.body))}
        _stream, form, files = parse_form_data({**head, "REQUEST_METHOD": "PUT", "wsgi.input": io.BytesIO(got.body)})
        if set(form) != {"lock"} or set(files) != {"inhoud"} or not head["CONTENT_TYPE"].startswith("multipart/"):
            self.wrong.append(f"a part with {sorted(form)} and {sorted(files)}")
        with files["inhoud"].stream as sent:
            piece = sent.read()
        if len(piece) != held["omvang"] or form["lock"] != held["lock"]:
            self.wrong.append(f"a part of {len(piece)} where {held['omvang']} was told, or another lock")
            return _told(400, {"code": "invalid", "invalidParams": [{"name": "inhoud", "code": "file-size"}]})
        held["voltooid"], self.pieces[url] = True, piece
        return _told(200, held)

    def _unlocked(self, got: Got) -> tuple[int, Mapping[str, str], bytes]:
        """The file of all parts, when they are there."""
        url = f"http://127.0.0.1:{self.port}{got.path}".removesuffix("/unlock")
        held = next((row for row in self.rows[DOCUMENTS] if row["url"] == url), None)
        body = json.loads(got.body)
        Draft202012Validator(UNLOCK).validate(body)
        is_forced = "documenten.geforceerd-unlock" in self.rights
        if "documenten.lock" not in self.rights and not is_forced:
            return _told(403, {"code": "permission_denied"})
        if held is None:
            return self._absent()
        if is_forced and not all(each["voltooid"] for each in held[PARTS]):
            held["locked"] = False
            return 204, {"Content-Length": "0"}, b""
        if not any(each["voltooid"] for each in held[PARTS]):  # none came at all
            return _told(400, {"code": "invalid", "invalidParams": [{"name": "nonFieldErrors", "code": "file-size"}]})
        whole = all(each["voltooid"] for each in held[PARTS])
        if not held["locked"] or body.get("lock") != held[PARTS][0]["lock"] or not whole:
            self.wrong.append("unlocked with another lock, twice, or before the last part")
            return _told(400, {"code": "invalid", "invalidParams": [{"name": "lock", "code": "incomplete-upload"}]})
        content = b"".join(self.pieces[each["url"]] for each in held[PARTS])
        self.rows[PARTS] = [each for each in self.rows[PARTS] if each not in held[PARTS]]
        held.update(inhoud=base64.b64encode(content).decode(), locked=False, bestandsdelen=[])
        return 204, {"Content-Length": "0"}, b""

    def _removed(self, held: Row | None) -> tuple[int, Mapping[str, str], bytes]:
        """A document goes where that is a right, nothing refers to it and it is not locked."""
        if "documenten.verwijderen" not in self.rights:
            return _told(403, {"code": "permission_denied"})
        if held is None:
            return self._absent()
        if any(row["informatieobject"] == held["url"] for row in self.rows["zaakinformatieobjecten"]):
            fault = {"name": "nonFieldErrors", "code": "pending-relations"}
            return _told(400, {"code": "invalid", "invalidParams": [fault]})
        if held["locked"] and not self.removes_locked:
            fault = {"name": "nonFieldErrors", "code": "destroy-locked"}
            return _told(400, {"code": "invalid", "invalidParams": [fault]})
        self.rows[PARTS] = [each for each in self.rows[PARTS] if each not in held[PARTS]]
        self.rows[DOCUMENTS].remove(held)
        return 204, {"Content-Length": "0"}, b""

    def _absent(self) -> tuple[int, Mapping[str, str], bytes]:
        return _told(403, {"code": "permission_denied"}) if self.hides else _told(404, {"code": "not_found"})

    def _announced(self, size: int) -> list[Row]:
        """The parts in which a file is to come, with the lock that all of them have."""
        lock, parts = uuid.uuid4().hex, []
        for number, at in enumerate(range(0, size, self.part_bytes), 1):
            length = min(self.part_bytes, size - at)
            parts.append(self.add(PARTS, volgnummer=number, omvang=length, voltooid=False, lock=lock))
        return parts

    def _is_shut(self, name: str, row: Row) -> bool:
        """Whether the case of this row is closed, and this may not be done to it."""
        right = "zaken.heropenen" if name == "statussen" else "zaken.geforceerd-bijwerken"
        closed = {each["url"] for each in self.rows["zaken"] if each.get("einddatum")}
        return row.get("zaak") in closed and right not in self.rights

    def _rule(self, name: str, body: Row) -> list[str]:
        """What Open Zaak checks that no description says."""
        same = {
            "zaken": ("identificatie", "bronorganisatie"), "enkelvoudiginformatieobjecten": ("identificatie",),
            "statussen": ("zaak", "datumStatusGezet"), "resultaten": ("zaak",),
            "zaakinformatieobjecten": ("zaak", "informatieobject"),
        }.get(name, ("zaak", "roltype"))  # fmt: skip
        if any(all(row[key] == body[key] for key in same) for row in self.rows[name]):
            return [f"{name} twice"]
        if name == "statussen" and datetime.fromisoformat(body["datumStatusGezet"]) > self.now():
            return ["status in the future"]
        if name == "statussen" and self._ends(body):
            if not any(row["zaak"] == body["zaak"] for row in self.rows["resultaten"]):
                return ["resultaat-does-not-exist"]
            if any(row["indicatieGebruiksrecht"] is None for row in self.rows["enkelvoudiginformatieobjecten"]):
                return ["indicatiegebruiksrecht-unset"]
            locked = {row["url"] for row in self.rows[DOCUMENTS] if row["locked"]}
            of_case = [row for row in self.rows["zaakinformatieobjecten"] if row["zaak"] == body["zaak"]]
            if any(row["informatieobject"] in locked for row in of_case):
                return ["informatieobject-locked"]
        content = body.get("inhoud")
        if content is not None and len(base64.b64decode(content, validate=True)) != body["bestandsomvang"]:
            return ["file-size"]
        return []

    def _ends(self, status: Row) -> bool:
        return any(row["url"] == status["statustype"] and row["isEindstatus"] for row in self.rows["statustypen"])

    def _made(self, name: str, body: Row) -> Row:
        row = self.add(name, **body)
        if name == DOCUMENTS:
            is_to_come = body.get("inhoud") is None and body.get("bestandsomvang")
            parts = self._announced(body["bestandsomvang"]) if is_to_come else []
            row.update(locked=bool(parts), bestandsdelen=parts)
            # Only who made it gets the lock beside it; whoever reads it later, that of each part.
            return {**row, "lock": parts[0]["lock"] if parts else ""}
        if name == "zaken":
            row["einddatum"] = None
        if name == "rollen":
            roles = {each["url"]: each["omschrijvingGeneriek"] for each in self.rows["roltypen"]}
            row["omschrijvingGeneriek"] = roles[body["roltype"]]
        if name == "statussen":
            [case] = [each for each in self.rows["zaken"] if each["url"] == body["zaak"]]
            case["einddatum"] = body["datumStatusGezet"][:10] if self._ends(body) else None
        return row


def _told(status: int, body: Any) -> tuple[int, Mapping[str, str], bytes]:
    content = json.dumps(body).encode()
    return status, {"Content-Type": "application/json", "Content-Length": str(len(content))}, content
