"""What a system of an organisation may do by the API: one line a route, written down by hand and not from the code.

Adding a route? Add one line to API_RULES: method, address as in the URL map, the scope that opens it, and what a good
request carries. A part of an address takes its value from ``tests/support/world.py``.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.files import pdf
from tests.support.rights import Relation
from tests.support.world import World

Body = Callable[[World, Relation], dict[str, Any]]
REACHED = frozenset({Relation.NONE, Relation.OWN, Relation.COLLEAGUE})
"""The rows of the own organisation; all others are not there."""
JOINED = {"GET": {200, 412}, "POST": {403}}
"""What a case answers to an organisation that files along in it: it reads, the one that filed it acts. 412 is that the
version that was asked for is another."""


@dataclass(frozen=True, slots=True)
class ApiRule:
    """One route: ``sent`` is what a request carries that is good enough to reach the row."""

    method: str
    path: str
    scope: str
    sent: Body | None = None
    relations_of: str | None = None
    """The part of the world that the body names, where the address names no row."""

    @property
    def is_of_case(self) -> bool:
        """Whether the row is a filed case, or stands in one."""
        return self.path.startswith(_CASE)


def _json(**body: Any) -> Body:
    return lambda _world, _relation: {"json": body}


def _file(**fields: str) -> Body:
    return lambda _world, _relation: {"data": {"bestand": (io.BytesIO(pdf()), "brief.pdf"), **fields}}


def _tus(piece: bytes | None = None, **told: int) -> Body:
    headers = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): str(value) for name, value in told.items()}}
    body = {} if piece is None else {"data": piece, "content_type": "application/offset+octet-stream"}
    return lambda _world, _relation: {"headers": headers, **body}


def _filing(world: World, relation: Relation) -> dict[str, Any]:
    return {
        "json": {"concept": str(world.numbers["key"][relation]), "versie": 1, "mandaat": True, "gelezen": True},
    }


_DRAFT = "/api/v1/concepten/<string:key>"
_CASE = "/api/v1/zaken/<string:reference>"
_JOINT = "/api/v1/samenmeldingen"
_CLAIMS = "/api/v1/gebruikte-ruimtewijzers"
_UPLOADS = "/api/v1/uploads"
_SUBSCRIPTIONS = "/api/v1/abonnementen"
API_RULES: tuple[ApiRule, ...] = (
    ApiRule("GET", "/api/v1/concepten", "concepten"),
    ApiRule("POST", "/api/v1/concepten", "concepten", _json(titel="Proef")),
    ApiRule("GET", _DRAFT, "concepten"),
    ApiRule("PATCH", _DRAFT, "concepten", _json(titel="Anders")),
    ApiRule("DELETE", _DRAFT, "concepten"),
    ApiRule("GET", f"{_DRAFT}/bijlagen", "bijlagen"),
    ApiRule("POST", f"{_DRAFT}/bijlagen", "bijlagen", _file()),
    ApiRule("GET", f"{_DRAFT}/bijlagen/<id:attachment_id>", "bijlagen"),
    ApiRule("DELETE", f"{_DRAFT}/bijlagen/<id:attachment_id>", "bijlagen"),
    ApiRule("GET", _UPLOADS, "bijlagen"),
    ApiRule("POST", _UPLOADS, "bijlagen", _tus(Upload_Length=100)),
    ApiRule("GET", f"{_UPLOADS}/<string:upload_key>", "bijlagen"),
    ApiRule("PATCH", f"{_UPLOADS}/<string:upload_key>", "bijlagen", _tus(b"%PDF", Upload_Offset=0)),
    ApiRule("DELETE", f"{_UPLOADS}/<string:upload_key>", "bijlagen", _tus()),
    ApiRule("GET", "/api/v1/zaken", "zaken"),
    ApiRule("POST", "/api/v1/zaken", "indienen", _filing, "key"),
    ApiRule("GET", _CASE, "zaken"),
    ApiRule("GET", f"{_CASE}/tijdlijn", "zaken"),
    ApiRule("GET", f"{_CASE}/bijlagen", "bijlagen"),
    ApiRule("POST", f"{_CASE}/bijlagen", "bijlagen", _file(toelichting="Een brief.")),
    ApiRule("GET", f"{_CASE}/bijlagen/<id:attachment_id>", "bijlagen"),
    ApiRule("GET", f"{_CASE}/berichten", "berichten"),
    ApiRule("POST", f"{_CASE}/berichten", "berichten", _json(tekst="Nieuws.")),
    ApiRule("POST", f"{_CASE}/berichten/<id:message_id>/antwoorden", "antwoorden", _json(tekst="Ja.")),
    ApiRule("POST", f"{_CASE}/voorstelreacties", "antwoorden", _json(akkoord=True, voorstel=1)),
    ApiRule("POST", f"{_CASE}/tekstreacties", "antwoorden", _json(akkoord=True, versie=1)),
    ApiRule("POST", f"{_CASE}/deelreacties", "antwoorden", _json(akkoord=False, deelvraag=1)),
    ApiRule("POST", f"{_CASE}/nazorgvragen/<id:aftercare_id>/antwoorden", "antwoorden", _json(antwoord="ja")),
    ApiRule("POST", f"{_CASE}/heroverwegingen", "antwoorden", _json(punten=["Dit klopt niet."])),
    ApiRule("POST", f"{_CASE}/intrekkingen", "intrekken", _json()),
    ApiRule("GET", "/api/v1/zakenexport", "export"),
    ApiRule("GET", _SUBSCRIPTIONS, "abonnementen"),
    ApiRule("POST", _SUBSCRIPTIONS, "abonnementen", _json(adres="https://zaken.voorbeeld.nl/nieuw")),
    ApiRule("GET", f"{_SUBSCRIPTIONS}/<string:public_id>", "abonnementen"),
    ApiRule("DELETE", f"{_SUBSCRIPTIONS}/<string:public_id>", "abonnementen"),
    ApiRule("GET", f"{_SUBSCRIPTIONS}/<string:public_id>/pogingen", "abonnementen"),
    ApiRule("POST", f"{_SUBSCRIPTIONS}/<string:public_id>/proeven", "abonnementen"),
    ApiRule("POST", f"{_SUBSCRIPTIONS}/<string:public_id>/geheimen", "abonnementen"),
    ApiRule("GET", _JOINT, "indienen"),
    ApiRule("GET", f"{_JOINT}/<id:participant_id>", "indienen"),
    ApiRule("POST", f"{_JOINT}/<id:participant_id>/antwoorden", "indienen", _json(doetMee=True)),
    ApiRule("GET", _CLAIMS, "gebruik"),
    ApiRule("POST", _CLAIMS, "gebruik", _json(ruimtewijzer="bestaat-niet", project="Buurthuis", begint="2026-12-01")),
    ApiRule("GET", f"{_CLAIMS}/<id:claim_id>", "gebruik"),
    ApiRule("POST", f"{_CLAIMS}/<id:claim_id>/ervaringen", "gebruik", _json(uitkomst="gelukt")),
    ApiRule("GET", "/api/v1/rapportage/zaken", "rapportage"),
    ApiRule("GET", "/api/v1/rapportage/termijnen", "rapportage"),
)
SCOPES: dict[str, str] = {
    "concepten": "edit_draft",
    "indienen": "edit_draft file_case",
    "bijlagen": "edit_draft read_own_cases answer_as_submitter",
    "zaken": "read_own_cases",
    "berichten": "read_own_cases answer_as_submitter",
    "antwoorden": "read_own_cases answer_as_submitter",
    "intrekken": "read_own_cases withdraw_case",
    "gebruik": "claim_guide",
    "export": "read_own_cases",
    "rapportage": "read_figures",
    "abonnementen": "manage_subscriptions",
}
"""What a scope lets a system do, and nothing more."""
TOKEN = ("POST", "/api/v1/token")
"""Where a key is exchanged for a token: it asks for no token."""
API_ROUTES = {(rule.method, rule.path) for rule in API_RULES} | {TOKEN}
