"""The drafts of an organisation: what the form keeps, under the names of the API."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, after_this_request
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.filing.joint_filing import MOST_PARTNERS, read_partners
from knelpunt.domain.filing.pointed_rules import MOST_CHOICES, RuleChoice, RuleKind, read_choices
from knelpunt.domain.filing.rules import TEXT_LENGTH, TITLE_LENGTH
from knelpunt.domain.permissions import ApiScope
from knelpunt.domain.vocabulary import Theme
from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.filing import drafts as queries
from knelpunt.queries.filing.drafts import DraftRow
from knelpunt.services.filing import intake, joint_filing
from knelpunt.web.api.organisation.access import (
    ACT_ERRORS,
    ERRORS,
    client,
    context,
    empties,
    endpoint,
    fields_named,
    keyed,
    once,
    says_where,
    versioned,
)
from knelpunt.web.api.shared.fields import (
    Line,
    Schema,
    choice,
    day,
    flag,
    moment,
    number,
    parts,
    text,
)
from knelpunt.web.api.shared.paging import ListQuery, Page, piece_of
from knelpunt.web.api.shared.resources import JSON, Resource
from knelpunt.web.api.shared.versions import mark_version, require_match
from knelpunt.web.shared.api_version import BASE
from knelpunt.web.shared.problems import Fault, InvalidInput
from knelpunt.web.shared.requests.bodies import takes
from knelpunt.web.shared.texts import lazy_gettext, said

drafts = Resource("api_drafts", "/concepten", "Concepten", "Meldingen die uw organisatie nog niet heeft ingediend.")
NAMES = {
    "title": "titel",
    "goal": "doel",
    "theme": "thema",
    "municipality_id": "gemeente",
    "place": "plaats",
    "point": "punt",
    "description": "beschrijving",
    "refused_on": "afgewezenOp",
    "rules": "regels",
    "rule_unknown": "regelOnbekend",
    "rule_words": "regelInWoorden",
    "tried": "geprobeerd",
    "involved": "betrokkenen",
    "wanted": "gewenst",
    "partners": "meldtSamenMet",
    "may_share": "magDelen",
    "may_publish": "magOpenbaar",
    "mandate": "mandaat",
    "consents_seen": "gelezen",
}
"""How the API calls what a draft keeps; the names of fields in refusals too."""
_YES = "ja"
_FLAGS = ("rule_unknown", "may_share", "may_publish")
_NO_MUNICIPALITY = lazy_gettext("Deze gemeente kennen wij niet, of zij bestaat niet meer.")
_NO_RULE = lazy_gettext("Noem een wet of een bepaling: een van de twee.")


class RuleInDraft(Schema):
    """A rule that stands in the way: a law, or one provision of it."""

    law = text("wet", "Sleutel van de wet, zoals in /wetten.", nullable=True, longest=60)
    provision = text("bepaling", "Sleutel van de bepaling.", nullable=True, longest=60)


class PartnerInDraft(Schema):
    """A municipality that is asked to file along."""

    municipality = text("gemeente", "Code van het CBS, zoals GM0363.", required=True, longest=10)
    email = text("email", "Waarheen de vraag gaat.", required=True, longest=254)


class DraftInput(Schema):
    """What a draft may hold. What is left out stays as it was; null makes it empty."""

    title = text("titel", "Het project in één zin.", nullable=True, longest=2 * TITLE_LENGTH, kind=Line)
    goal = text("doel", "Wat u wilt bereiken, en voor wie.", nullable=True, longest=2 * TEXT_LENGTH)
    theme = choice("thema", Theme, "Waar het vooral over gaat.", nullable=True)
    municipality = text("gemeente", "Waar het speelt: code van het CBS.", nullable=True, longest=10)
    place = text("plaats", "Waar in de gemeente.", nullable=True, longest=2 * TEXT_LENGTH)
    point = text("punt", "Een punt op de kaart, zoals 52.09083, 5.12222.", nullable=True, longest=500)
    description = text("beschrijving", "Wat er niet lukt.", nullable=True, longest=2 * TEXT_LENGTH)
    refused_on = day("afgewezenOp", "Dag van het besluit of de afwijzing.", nullable=True)
    rules = parts("regels", RuleInDraft, f"De regels die in de weg staan, hooguit {MOST_CHOICES}.", most=MOST_CHOICES)
    rule_unknown = flag("regelOnbekend", "U weet niet welke regel het is.")
    rule_words = text("regelInWoorden", "De regel in uw eigen woorden.", nullable=True, longest=2 * TEXT_LENGTH)
    tried = text("geprobeerd", "Wat u al hebt geprobeerd.", nullable=True, longest=2 * TEXT_LENGTH)
    involved = text("betrokkenen", "Wie erbij betrokken zijn, zonder namen.", nullable=True, longest=2 * TEXT_LENGTH)
    wanted = text("gewenst", "Wat zou helpen.", nullable=True, longest=2 * TEXT_LENGTH)
    partners = parts(
        "meldtSamenMet", PartnerInDraft, "Gemeenten die mee melden. Alleen voor een gemeente.", most=MOST_PARTNERS
    )
    may_share = flag("magDelen", "Het loket mag de melding delen met de overheid die over de regel gaat.")
    may_publish = flag("magOpenbaar", "Het loket mag een tekst zonder namen openbaar maken.")


class MissingInDraft(Schema):
    """Something that must be filled in or mended before the draft can be filed."""

    name = text("name", "De naam van de eigenschap.")
    detail = text("detail", "Wat er ontbreekt of niet klopt.")


class Draft(DraftInput):
    """A draft. Its version is in the ETag."""

    key = text("sleutel", "Sleutel van het concept.")
    version = number("versie", "Versie van het concept.")
    changed_at = moment("gewijzigdOp", "Wanneer het voor het laatst is bewaard.")
    missing = parts("ontbreekt", MissingInDraft, "Wat nog nodig is om in te dienen.")


class DraftLine(Schema):
    """A draft in a list."""

    key = text("sleutel", "Sleutel van het concept.")
    title = text("titel", "Het project in één zin.")
    changed_at = moment("gewijzigdOp", "Wanneer het voor het laatst is bewaard.")
    files = number("bijlagen", "Hoeveel bijlagen erbij zitten.")


@endpoint(drafts, "", ApiScope.DRAFTS)
@drafts.lists(DraftLine, ListQuery, about="De concepten van uw organisatie, het nieuwste eerst.", errors=ERRORS)
def draft_list(asked: dict[str, Any]) -> Page:
    """The drafts that the organisation shares."""
    lines = queries.of_organisation(db.session, client().organisation_id or 0)
    piece = piece_of(lines, asked)
    return Page(
        [
            {"key": each.key, "title": each.title, "changed_at": each.updated_at, "files": each.files}
            for each in piece.items
        ],
        piece.following,
    )


@endpoint(drafts, "", ApiScope.DRAFTS, "POST")
@takes(JSON)
@drafts.gives(Draft, about="Begin een concept.", status=201, errors=ACT_ERRORS)
@keyed(drafts)
@drafts.arguments(DraftInput, location="json")
def new_draft(asked: dict[str, Any]) -> dict[str, Any]:
    """Begin a draft of the organisation."""

    def begin() -> str:
        row = intake.create_draft(context(), {})
        _fill(row.key, row.version, asked)
        return row.key

    key = once(begin)
    says_where(f"{BASE}/concepten/{key}")
    return _shown(own_draft(key))


@endpoint(drafts, "/<string:key>", ApiScope.DRAFTS)
@drafts.gives(Draft, about="Eén concept.", errors=ERRORS)
def draft(key: str) -> dict[str, Any]:
    """One draft."""
    return _shown(own_draft(key))


@endpoint(drafts, "/<string:key>", ApiScope.DRAFTS, "PATCH")
@takes(JSON)
@drafts.gives(
    Draft,
    about="Wijzig een concept. Wat u niet meestuurt, blijft zoals het is.",
    errors=(*ACT_ERRORS, 412, 428),
)
@versioned(drafts)
@drafts.arguments(DraftInput, location="json")
def change_draft(asked: dict[str, Any], key: str) -> dict[str, Any]:
    """Change what is sent; the rest stays."""
    row = own_draft(key)
    require_match(row.version)
    _fill(key, row.version, asked)
    return _shown(own_draft(key))


@endpoint(drafts, "/<string:key>", ApiScope.DRAFTS, "DELETE")
@empties(drafts, "Gooi een concept weg, met zijn bijlagen.", errors=(409, 412, 428))
@versioned(drafts)
def delete_draft(key: str) -> ResponseReturnValue:
    """Throw a draft away."""
    row = own_draft(key)
    require_match(row.version)
    intake.discard_draft(context(), key, row.version)
    return Response(status=204)


def own_draft(key: str) -> DraftRow:
    """A draft of the organisation that asks. Raises NotFound for any other, also for a resident's."""
    row = queries.find(db.session, key)
    if row is None or not intake.may_open(client(), row.organisation_id):
        raise NotFound()
    return row


def _fill(key: str, version: int, asked: Mapping[str, Any]) -> None:
    """Save what was sent by the services of the form: words first, then the rules and the partners, which are looked up
    and may be refused."""
    names = reference(db.session)
    words = {name: _kept(name, value) for name, value in asked.items() if name not in _PARTS}
    if "municipality" in asked:
        words["municipality_id"] = str(_municipality(names, asked["municipality"])) if asked["municipality"] else ""
    with fields_named({**NAMES, "municipality": "meldtSamenMet", "email": "meldtSamenMet"}):
        if words or not asked:
            intake.save_draft(context(), key, version, words)
        if "rules" in asked:
            _choose_rules(key, asked["rules"])
        if asked.get("rule_unknown") and not asked.get("rules"):
            current = intake.open_draft(context(), key)
            intake.save_draft(context(), key, current.version, {"rule_unknown": _YES})
        if "partners" in asked:
            _name_partners(key, names, asked["partners"])


_PARTS = frozenset({"municipality", "rules", "partners"})


def _kept(name: str, value: Any) -> str:
    """A value as the form keeps it."""
    if name in _FLAGS:
        return _YES if value else ""
    if value is None or value is Theme.UNKNOWN:
        return ""
    return value.isoformat() if name == "refused_on" else str(value.value if isinstance(value, Theme) else value)


def _municipality(names: Reference, code: str) -> int:
    for row in names.municipalities.values():
        if row.code == code and row.valid_to is None:
            return row.id
    raise InvalidInput(Fault("body", "gemeente", _NO_MUNICIPALITY))


def _choose_rules(key: str, asked: list[dict[str, Any]]) -> None:
    """Hold just these rules; each that is new is looked up for the day of the draft, as the form does."""
    wanted = []
    for each in asked:
        if bool(each.get("law")) is bool(each.get("provision")):
            raise InvalidInput(Fault("body", "regels", _NO_RULE))
        kind = RuleKind.LAW if each.get("law") else RuleKind.PROVISION
        wanted.append(RuleChoice(kind, each.get("law") or each["provision"]))
    row = intake.open_draft(context(), key)
    for held in read_choices(row.data.get("rules", "")):
        if held not in wanted:
            intake.drop(context(), key, held)
    for wish in wanted:
        try:
            intake.choose(context(), key, wish)
        except DomainError as error:
            error.field = error.field or "rules"
            raise


def _name_partners(key: str, names: Reference, asked: list[dict[str, Any]]) -> None:
    wanted = {_municipality(names, each["municipality"]): each["email"] for each in asked}
    row = intake.open_draft(context(), key)
    for held in read_partners(row.data.get("partners", "")):
        if held.municipality_id not in wanted:
            joint_filing.drop_partner(context(), key, held.municipality_id)
    for municipality_id, email in wanted.items():
        joint_filing.name_partner(context(), key, municipality_id, email)


def _shown(row: DraftRow) -> dict[str, Any]:
    """A draft as the API shows it, with its version for who changes it."""
    names, data = reference(db.session), row.data
    after_this_request(lambda response: mark_version(response, row.version) if response.status_code < 300 else response)
    own = {name: data.get(name) or None for name in DraftInput._declared_fields if name in NAMES}
    problems = intake.problems_of(context(), {**data, "mandate": _YES, "consents_seen": _YES}, by_organisation=True)
    return {
        **own,
        **{name: data.get(name) == _YES for name in _FLAGS},
        "theme": Theme(data["theme"]) if data.get("theme") in set(Theme) else None,
        "refused_on": _as_day(data.get("refused_on", "")),
        "municipality": _code_of(names, data.get("municipality_id", "")),
        "rules": [
            {"law": each.key, "provision": None} if each.kind is RuleKind.LAW else {"law": None, "provision": each.key}
            for each in read_choices(data.get("rules", ""))
        ],
        "partners": [
            {"municipality": _code_of(names, str(each.municipality_id)), "email": each.email}
            for each in read_partners(data.get("partners", ""))
        ],
        "key": row.key,
        "version": row.version,
        "changed_at": row.updated_at,
        "missing": [{"name": NAMES.get(name, name), "detail": str(said(words))} for name, words in problems.items()],
    }


def _as_day(kept: str) -> date | None:
    """The day of a draft; None for what somebody typed in the form and is none."""
    try:
        return date.fromisoformat(kept) if kept else None
    except ValueError:
        return None


def _code_of(names: Reference, kept: str) -> str | None:
    row = names.municipalities.get(int(kept)) if kept.isascii() and kept.isdecimal() and len(kept) < 10 else None
    return row.code if row is not None else None
