"""How places, laws and rules are named in answers, by their national codes and by the keys of the catalogue; and how
corrections are told."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import current_app

from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.mergers import TOOI
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.queries.core.reference import LawRow, MunicipalityRow, OrganisationRow, Reference
from knelpunt.queries.laws.rows import ProvisionSummary
from knelpunt.queries.public.rules import WeighedRule
from knelpunt.web.api.shared.fields import Schema, choice, day, part, text
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.problems import Fault, InvalidInput
from knelpunt.web.shared.texts import lazy_gettext, said

CODE = "De code van die organisatie: van het CBS, of van TOOI. Leeg (null) als zij die niet heeft."
HOW_NAMED = {
    "gemeente": lazy_gettext("Deze gemeente kennen wij niet. Stuur de code van het CBS, zoals GM0363."),
    "provincie": lazy_gettext("Deze provincie kennen wij niet. Stuur haar code, zoals PV27."),
    "ministerie": lazy_gettext("Dit ministerie kennen wij niet. Stuur de code van TOOI, zoals mnre1034."),
    "wet": lazy_gettext("Deze wet kennen wij niet. Stuur haar sleutel, zoals chw."),
}
"""What to send for a filter, by its name."""
KEY = r"^[a-z0-9][a-z0-9.-]{0,59}$"


class Place(Schema):
    """A municipality, as it was called then."""

    code = text("code", "Code van het CBS, zoals GM0363.")
    tooi = text("tooi", "Adres van de gemeente in TOOI, de lijst van overheden.")
    name = text("naam", "Naam van de gemeente, zoals die toen heette.")
    today = text("nu", "Code van de gemeente waar dit gebied nu onder valt.")


class Province(Schema):
    """A province."""

    code = text("code", "Code van de provincie, zoals PV27.")
    tooi = text("tooi", "Adres van de provincie in TOOI, de lijst van overheden.")
    name = text("naam", "Naam van de provincie.")


class Ministry(Schema):
    """A ministry."""

    code = text("code", "Code van het ministerie in TOOI.", nullable=True)
    name = text("naam", "Naam van het ministerie.")


class Correction(Schema):
    """A change of a text that was public."""

    on = day("op", "Dag van de verbetering.")
    what = text("wat", "Wat er is verbeterd.")


class LawName(Schema):
    """A law."""

    key = text("sleutel", "Sleutel van de wet. Verandert nooit.")
    title = text("titel", "Hoe de wet heet.")
    page = text("adres", "Adres van de pagina.")


class ProvisionName(Schema):
    """A provision as it stood on a day."""

    key = text("sleutel", "Sleutel van de bepaling. Verandert nooit.")
    law = part("wet", LawName, "De wet waarin zij staat.")
    article = text("artikel", "Het artikel.")
    instrument = text("instrument", "Wat de bepaling is of doet.")
    room_type = choice("ruimte", RoomType, "De soort ruimte die de bepaling geeft.")
    standing = choice("stand", Standing, "Of de bepaling op de gevraagde dag gold.")
    valid_from = day("geldtVanaf", "Eerste dag. Leeg (null) als die niet bekend is.", nullable=True)
    valid_to = day("geldtTotEnMet", "Laatste dag. Leeg (null) als er nog geen is.", nullable=True)
    period = text("periode", "Wanneer zij gold, in woorden.")
    confidence = choice("zekerheid", Confidence, "Hoe zeker wij zijn van onze samenvatting op deze dag.")
    page = text("adres", "Adres van de pagina.")


class Rule(Schema):
    """A rule that was weighed."""

    role = choice("rol", AssessmentRole, "Of de regel in de weg staat of ruimte biedt.")
    law = part("wet", LawName, "De wet.")
    provision = text("bepaling", "Sleutel van de bepaling. Leeg (null) als het om de hele wet gaat.", nullable=True)
    article = text("artikel", "Het artikel.", nullable=True)
    on_date = day("op", "De dag waarop naar de regel is gekeken.")
    citation = text("vindplaats", "Hoe mensen de regel noemen.")


class Source(Schema):
    """Where something stands."""

    title = text("titel", "De titel.")
    url = text("adres", "Het webadres.")


def address(path: str) -> str:
    """The whole address of a page of this site."""
    base_url: str = current_app.config["LINKS"].base_url
    return base_url + path


def tooi_of(code: str) -> str:
    """The address of a municipality in the national list of organisations."""
    return f"{TOOI}/gemeente/{code.lower()}"


def province_of(names: Reference, province_id: int | None) -> dict[str, Any] | None:
    """A province."""
    row = names.provinces.get(province_id or 0)
    return {"code": row.code, "tooi": f"{TOOI}/provincie/{row.code.lower()}", "name": row.name} if row else None


def place_of(names: Reference, municipality_id: int | None, then: str | None = None) -> dict[str, Any] | None:
    """A municipality; ``then`` is what it was called when that was not its name in the list."""
    row = names.municipalities.get(municipality_id or 0)
    if row is None:
        return None
    today = names.municipalities.get(names.today_of.get(row.id, row.id), row)
    return {"code": row.code, "tooi": tooi_of(row.code), "name": then or row.name, "today": today.code}


def ministry_name(row: OrganisationRow) -> dict[str, Any]:
    """A ministry."""
    return {"code": row.code, "name": row.name}


def law_name(key: str, title: str) -> dict[str, Any]:
    """A law by its key."""
    return {"key": key, "title": title, "page": address(f"/wetten/{key}")}


def law_by_id(names: Reference, law_id: int | None) -> dict[str, Any] | None:
    """A law by its row."""
    row = names.laws.get(law_id or 0)
    return law_name(row.key, row.citation_title) if row else None


def provision_name(one: ProvisionSummary) -> dict[str, Any]:
    """A provision on a day."""
    return {
        "key": one.key,
        "law": law_name(one.law_key, one.law_title),
        "article": one.article,
        "instrument": one.instrument,
        "room_type": one.room_type,
        "standing": one.standing,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "period": said(one.period),
        "confidence": one.confidence,
        "page": address(f"/wetten/{one.law_key}/{one.key}?op={one.on.isoformat()}"),
    }


def rule_of(rule: WeighedRule) -> dict[str, Any]:
    """A rule of a public text."""
    return {
        "role": rule.role,
        "law": law_name(rule.law_key, rule.law_title),
        "provision": rule.provision.key if rule.provision else None,
        "article": rule.article,
        "on_date": rule.on_date,
        "citation": said(rule.citation),
    }


def in_words(member: Any) -> str | None:
    """A member of a closed list in the words of the pages."""
    return None if member is None else label(member)


def places_named(names: Reference, told: Iterable[str]) -> list[dict[str, Any]]:
    """Municipalities of which a public record has the names; no two have the same."""
    by_name = {row.name: row.id for row in names.municipalities.values()}
    return [found for name in told if (found := place_of(names, by_name.get(name))) is not None]


def place_coded(names: Reference, code: str | None) -> dict[str, Any] | None:
    """The municipality with a code of the CBS, of today or before; None when there is none."""
    return place_of(names, next((row.id for row in names.municipalities.values() if row.code == code), None))


def municipality_asked(names: Reference, code: str | None, name: str = "gemeente") -> MunicipalityRow | None:
    """The municipality with a code of the CBS, of today or before. Raises InvalidInput when there is none."""
    if code is None:
        return None
    found = next((row for row in names.municipalities.values() if row.code == code), None)
    if found is None:
        raise not_known(name)
    return found


def law_asked(names: Reference, key: str | None, name: str = "wet") -> LawRow | None:
    """The law with a key. Raises InvalidInput when there is none."""
    if key is None:
        return None
    found = next((row for row in names.laws.values() if row.key == key), None)
    if found is None:
        raise not_known(name)
    return found


def not_known(name: str) -> InvalidInput:
    """A filter that asks for what does not exist."""
    return InvalidInput(Fault("query", name, HOW_NAMED.get(name, Schema.error_messages["unknown"])))


def corrections_of(kept: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The corrections of a public text, from what is kept of them."""
    return [{"on": date.fromisoformat(each["on"]), "what": each["what"]} for each in kept]
