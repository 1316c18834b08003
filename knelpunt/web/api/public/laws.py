"""The law catalogue, seen from any day: laws, provisions, and how a provision read from one day to another."""

import re
from typing import Any

from knelpunt.domain.errors import NotFound
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.laws import catalogue
from knelpunt.queries.laws.rows import LawLink, LawPage, LawSummary, ProvisionSummary
from knelpunt.queries.laws.wordings import WordingRow
from knelpunt.web.api.public.named import (
    KEY,
    LawName,
    Ministry,
    ProvisionName,
    address,
    law_name,
    ministry_name,
    provision_name,
)
from knelpunt.web.api.shared.fields import Schema, choice, day, flag, number, part, parts, text, texts
from knelpunt.web.api.shared.paging import ListQuery, Page, piece_of
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared.open_data.legislation import text_address, wording_path
from knelpunt.web.shared.pages.list_filters import LONGEST_SEARCH, typed_text
from knelpunt.web.shared.requests.access import public, today_in_nl
from knelpunt.web.shared.texts import said

laws = Resource("api_laws", "/wetten", "Wetten", "De wettencatalogus, gezien vanaf elke dag die u kiest.")
_KEY = re.compile(KEY)
ON = "De dag waarop u kijkt. Zonder dit is dat vandaag."


class LawSummaryAnswer(LawName):
    """A law in a list, on a day."""

    abbreviation = text("afkorting", "De afkorting.", nullable=True)
    kind = choice("soort", LawKind, "Wat voor regeling het is.")
    domain = text("domein", "Waar de wet over gaat.")
    standing = choice("stand", Standing, "Of de wet op de gevraagde dag gold.")
    period = text("periode", "Wanneer de wet gold, in woorden.")
    confidence = choice("zekerheid", Confidence, "Hoe zeker wij zijn van deze gegevens.")
    provision_count = number("bepalingen", "Hoeveel bepalingen de catalogus van deze wet heeft.")
    held_count = number("geldendeBepalingen", "Hoeveel daarvan op de gevraagde dag golden.")


class LawNeighbour(LawName):
    """A law before or after another one."""

    standing = choice("stand", Standing, "Of de wet op de gevraagde dag gold.")
    period = text("periode", "Wanneer de wet gold, in woorden.")


class LawOnDay(LawName):
    """A law on a day."""

    on = day("op", "De dag waarop is gekeken.")
    abbreviation = text("afkorting", "De afkorting.", nullable=True)
    bwb_id = text("bwbId", "Nummer in het landelijke wettenbestand.", nullable=True)
    kind = choice("soort", LawKind, "Wat voor regeling het is.")
    domain = text("domein", "Waar de wet over gaat.")
    ministry = text("ministerie", "Het ministerie dat over de wet gaat, zoals de catalogus het noemt.", nullable=True)
    ministries = parts("ministeries", Ministry, "De ministeries die daar staan, elk met zijn code.")
    in_force_from = day("geldtVanaf", "Eerste dag. Leeg (null) als die niet bekend is.", nullable=True)
    in_force_to = day("geldtTotEnMet", "Laatste dag. Leeg (null) als er nog geen is.", nullable=True)
    standing = choice("stand", Standing, "Of de wet op die dag gold.")
    period = text("periode", "Wanneer de wet gold, in woorden.")
    confidence = choice("zekerheid", Confidence, "Hoe zeker wij zijn van deze gegevens.")
    before = parts("opvolgerVan", LawNeighbour, "De wetten die hiervoor kwamen.")
    after = parts("opgevolgdDoor", LawNeighbour, "De wetten die hierna kwamen.")
    provisions = parts("bepalingen", ProvisionName, "Alle bepalingen, elk zoals zij op die dag stond.")


class Term(Schema):
    """A time in the words of the catalogue."""

    words = text("tekst", "De tijd in woorden.")
    extension = text("verlenging", "Hoe die langer kan.", nullable=True)


class Wording(Schema):
    """How a provision read from one day to another."""

    law = text("wet", "De wet of regeling.")
    provision = text("bepaling", "Sleutel van de bepaling.")
    name = text("redactie", "Naam van de redactie in het adres: de eerste dag.")
    article = text("artikel", "Het artikel.")
    valid_from = day("geldtVanaf", "Eerste dag van deze redactie.", nullable=True)
    valid_to = day("geldtTotEnMet", "Laatste dag van deze redactie.", nullable=True)
    decided_by = text("wieBeslist", "Wie over de ruimte beslist.", nullable=True)
    deviates_from = texts("magAfwijkenVan", "Waarvan mag worden afgeweken.")
    conditions = texts("voorwaarden", "Wat nodig is.")
    max_duration = part("langsteDuur", Term, "Hoe lang het mag duren.", nullable=True)
    decision_term = part("beslistermijn", Term, "Hoe snel er een besluit is.", nullable=True)
    read_on = day("gelezenTekst", "Eerste dag van de tekst die wij lazen.", nullable=True)
    checked_through = day("gelijkTotEnMet", "Tot en met welke dag onze samenvatting klopt.", nullable=True)
    confidence = choice("zekerheid", Confidence, "Hoe zeker wij zijn van deze redactie.")
    why_not_read = text("waaromNietGelezen", "Waarom de tekst niet is gelezen.", nullable=True)
    change = text("wijziging", "Wat er anders is dan in de redactie ervoor.", nullable=True)
    staatsblad = text("staatsblad", "Waar de wijziging staat.", nullable=True)
    dossier = text("kamerdossier", "Nummer van het dossier in het parlement.", nullable=True)
    text_url = text("wettekst", "Adres van de wettekst van die dag.", nullable=True)
    text_hash = text("afdruk", "SHA-256 van de letters en cijfers van de gelezen artikelen.", nullable=True)
    page = text("adres", "Vast adres van de redactie.")


class ProvisionOnDay(ProvisionName):
    """A provision on a day."""

    on = day("op", "De dag waarop is gekeken.")
    wording = part("redactie", Wording, "De redactie van die dag.", nullable=True)
    wordings = parts("redacties", Wording, "Alle redacties van het artikel, de oudste eerst.")
    before = parts("opvolgerVan", ProvisionName, "De bepalingen die hiervoor kwamen.")
    after = parts("opgevolgdDoor", ProvisionName, "De bepalingen die hierna kwamen.")
    instead = parts("inPlaatsDaarvan", ProvisionName, "Wat die dag wel gold, als deze bepaling niet gold.")


class LawQuery(ListQuery):
    """What the list may be asked: the filters of the page."""

    on = day("op", ON)
    search = text("q", "Zoekwoorden: elk woord moet voorkomen.", longest=LONGEST_SEARCH)
    domain = text("domein", "Waar de wet over gaat.", longest=100)
    room_type = choice("ruimte", RoomType, "De soort ruimte.")
    held_only = flag("geldt", "Alleen wat op die dag gold.", load_default=False)


class DayQuery(Schema):
    """From which day to look."""

    on = day("op", ON)


@laws.route("")
@public
@laws.lists(LawSummaryAnswer, LawQuery, about="De wetten van de catalogus, zoals zij op een dag stonden.")
def law_list(asked: dict[str, Any]) -> Page:
    """All laws on a day, or those that a search finds."""
    found = catalogue.list_laws(
        db.session,
        asked.get("on") or today_in_nl(),
        words=typed_text(asked.get("search", "")),
        domain=asked.get("domain"),
        room_type=asked.get("room_type"),
        held_only=asked["held_only"],
    )
    piece = piece_of(found, asked)
    return Page([_in_list(law) for law in piece.items], piece.following)


@laws.route("/<string:law_key>")
@public
@laws.gives(LawOnDay, DayQuery, about="Eén wet op een dag, met haar bepalingen.")
def law(asked: dict[str, Any], law_key: str) -> dict[str, Any]:
    """One law on a day, with its provisions."""
    return _on_day(catalogue.law_page(db.session, _checked(law_key), asked.get("on") or today_in_nl()))


@laws.route("/<string:law_key>/bepalingen/<string:provision_key>")
@public
@laws.gives(ProvisionOnDay, DayQuery, about="Eén bepaling op een dag: wat zij toelaat, en wie beslist.")
def provision(asked: dict[str, Any], law_key: str, provision_key: str) -> dict[str, Any]:
    """One provision on a day, with its wordings."""
    on = asked.get("on") or today_in_nl()
    page = catalogue.provision_page(db.session, _checked(law_key), _checked(provision_key), on)
    return {
        **provision_name(page.provision),
        "on": on,
        "wording": _wording(page.wording) if page.wording else None,
        "wordings": [_wording(one) for one in page.story],
        "before": [provision_name(one) for one in page.before],
        "after": [provision_name(one) for one in page.after],
        "instead": [provision_name(one.provision) for one in page.instead],
    }


@laws.route("/<string:law_key>/bepalingen/<string:provision_key>/redacties/<string:wording>")
@public
@laws.gives(Wording, about="Eén redactie van een bepaling, op het adres dat zij houdt.")
def wording(law_key: str, provision_key: str, wording: str) -> dict[str, Any]:
    """One wording, by its first day or ``begin``."""
    return _wording(catalogue.one_wording(db.session, _checked(law_key), _checked(provision_key), wording))


def _checked(key: str) -> str:
    if _KEY.fullmatch(key) is None:
        raise NotFound()
    return key


def _in_list(law: LawSummary) -> dict[str, Any]:
    return {
        **law_name(law.key, law.citation_title),
        "abbreviation": law.abbreviation,
        "kind": law.kind,
        "domain": law.domain,
        "standing": law.standing,
        "period": said(law.period),
        "confidence": law.confidence,
        "provision_count": law.provision_count,
        "held_count": law.held_count,
    }


def _on_day(page: LawPage) -> dict[str, Any]:
    provisions: list[ProvisionSummary] = [
        *page.held,
        *page.uncertain,
        *(each.provision for each in page.not_yet),
        *(each.provision for each in page.ended),
    ]
    return {
        **law_name(page.key, page.citation_title),
        "on": page.on,
        "abbreviation": page.abbreviation,
        "bwb_id": page.bwb_id,
        "kind": page.kind,
        "domain": page.domain,
        "ministry": page.ministry,
        "ministries": [ministry_name(each) for each in reference(db.session).ministries_in(page.ministry)],
        "in_force_from": page.in_force_from,
        "in_force_to": page.in_force_to,
        "standing": page.standing,
        "period": said(page.period),
        "confidence": page.confidence,
        "before": [_neighbour(each) for each in page.before],
        "after": [_neighbour(each) for each in page.after],
        "provisions": [provision_name(each) for each in provisions],
    }


def _neighbour(law: LawLink) -> dict[str, Any]:
    return {**law_name(law.key, law.citation_title), "standing": law.standing, "period": said(law.period)}


def _wording(one: WordingRow) -> dict[str, Any]:
    return {
        "law": one.law_title,
        "provision": one.provision_key,
        "name": one.address,
        "article": one.article,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "decided_by": one.says.get("decided_by"),
        "deviates_from": one.says.get("deviates_from") or [],
        "conditions": one.says.get("conditions") or [],
        "max_duration": _term(one.says.get("max_duration")),
        "decision_term": _term(one.says.get("decision_term")),
        "read_on": one.read_on,
        "checked_through": one.checked_through,
        "confidence": one.confidence,
        "why_not_read": one.why_not_read,
        "change": one.change,
        "staatsblad": one.staatsblad,
        "dossier": one.dossier,
        "text_url": text_address(one),
        "text_hash": one.text_hash,
        "page": address(wording_path(one)),
    }


def _term(said_: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"words": said_["text"], "extension": said_.get("extension")} if said_ else None
