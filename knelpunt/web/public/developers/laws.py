"""The law catalogue as rows for other programs: each law with its provisions, and the wordings of those."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.laws.catalogue import WholeLaw, WholeProvision, whole_catalogue
from knelpunt.queries.laws.wordings import WordingRow
from knelpunt.web.public.developers.wordings import iso_day
from knelpunt.web.shared.open_data.legislation import text_address, wording_path
from knelpunt.web.shared.texts import lazy_gettext

COLUMNS: tuple[tuple[str, str], ...] = (
    ("sleutel", lazy_gettext("Sleutel van de wet. Verandert nooit.")),
    ("titel", lazy_gettext("Hoe de wet heet.")),
    ("afkorting", lazy_gettext("De afkorting. Leeg als die er niet is.")),
    ("bwbId", lazy_gettext("Nummer in het landelijke wettenbestand. Leeg als dat er niet is.")),
    ("soort", lazy_gettext("Wat voor regeling het is, als vaste code.")),
    ("domein", lazy_gettext("Waar de wet over gaat.")),
    ("ministerie", lazy_gettext("Het ministerie dat over de wet gaat. Leeg als dat niet bekend is.")),
    ("geldtVanaf", lazy_gettext("Eerste dag van de wet. Leeg als die niet bekend is.")),
    ("geldtTotEnMet", lazy_gettext("Laatste dag van de wet. Leeg als er nog geen is.")),
    ("opvolgerVan", lazy_gettext("Sleutels van de wetten die hiervoor kwamen. Een lijst.")),
    ("opgevolgdDoor", lazy_gettext("Sleutels van de wetten die hierna kwamen. Een lijst.")),
    ("zekerheid", lazy_gettext("Hoe zeker wij zijn van deze wet.")),
    ("bronnen", lazy_gettext("Adressen van de bronnen. Een lijst.")),
    ("bepalingen", lazy_gettext("De bepalingen, elk met de dagen, bronnen en redacties. Een lijst.")),
    ("adres", lazy_gettext("Adres van de pagina.")),
    ("ministeriecodes", lazy_gettext("Codes in TOOI van de ministeries die bij ministerie staan. Een lijst.")),
)
"""Name and meaning of each column; names in lowerCamelCase, as the Dutch rules for interfaces ask."""

Row = dict[str, Any]


def rows(session: Session, base_url: str) -> Iterator[Row]:
    """Every law as a row."""
    names = reference(session)
    return (_row(law, names, base_url) for law in whole_catalogue(session))


def _row(law: WholeLaw, names: Reference, base_url: str) -> Row:
    page = f"{base_url}/wetten/{law.key}"
    values: tuple[Any, ...] = (
        law.key,
        law.citation_title,
        law.abbreviation,
        law.bwb_id,
        law.kind.value,
        law.domain,
        law.ministry,
        iso_day(law.in_force_from),
        iso_day(law.in_force_to),
        list(law.before),
        list(law.after),
        law.confidence.value,
        list(law.sources),
        [_provision(each, page, base_url) for each in law.provisions],
        page,
        [each.code for each in names.ministries_in(law.ministry)],
    )
    return {name: value for (name, _meaning), value in zip(COLUMNS, values, strict=True)}


def _provision(one: WholeProvision, page: str, base_url: str) -> Row:
    """A provision. Where its begin or end is not known, it may have held before or after the days that are told."""
    return {
        "sleutel": one.key,
        "artikel": one.article,
        "instrument": one.instrument,
        "ruimte": one.room_type.value,
        "geldtVanaf": iso_day(one.valid_from),
        "beginBekend": one.start_is_known,
        "geldtTotEnMet": iso_day(one.valid_to),
        "eindeBekend": one.end_is_known,
        "opvolgerVan": list(one.before),
        "opgevolgdDoor": list(one.after),
        "zekerheid": one.confidence.value,
        "bronnen": list(one.sources),
        "redacties": [_wording(each, base_url) for each in one.wordings],
        "adres": f"{page}/{one.key}",
    }


def _wording(one: WordingRow, base_url: str) -> Row:
    """The days and sources of a wording; what it says stands in the file of wordings, under the same address."""
    return {
        "geldtVanaf": iso_day(one.valid_from),
        "geldtTotEnMet": iso_day(one.valid_to),
        "gelezenTekst": iso_day(one.read_on),
        "gelijkTotEnMet": iso_day(one.checked_through),
        "zekerheid": one.confidence.value,
        "staatsblad": one.staatsblad,
        "kamerdossier": one.dossier,
        "bron": one.source,
        "wettekst": text_address(one),
        "adres": f"{base_url}{wording_path(one)}",
    }
