"""The wordings of the law catalogue as rows for other programs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from knelpunt.queries.laws.wordings import WordingRow, all_wordings
from knelpunt.web.shared.open_data.legislation import as_legislation, text_address, wording_path
from knelpunt.web.shared.texts import lazy_gettext

COLUMNS: tuple[tuple[str, str], ...] = (
    ("adres", lazy_gettext("Vast adres van de redactie.")),
    ("wet", lazy_gettext("De wet of regeling.")),
    ("bwbId", lazy_gettext("Nummer in het landelijke wettenbestand. Leeg als dat er niet is.")),
    ("bepaling", lazy_gettext("Sleutel van de bepaling. Verandert nooit.")),
    ("artikel", lazy_gettext("Het artikel.")),
    ("instrument", lazy_gettext("Wat de bepaling is of doet.")),
    ("geldtVanaf", lazy_gettext("Eerste dag van deze redactie. Leeg als die niet bekend is.")),
    ("geldtTotEnMet", lazy_gettext("Laatste dag van deze redactie. Leeg als er nog geen is.")),
    ("wieBeslist", lazy_gettext("Wie over de ruimte beslist.")),
    ("magAfwijkenVan", lazy_gettext("Waarvan mag worden afgeweken. Een lijst.")),
    ("voorwaarden", lazy_gettext("Wat nodig is. Een lijst.")),
    ("langsteDuur", lazy_gettext("Hoe lang het mag duren.")),
    ("beslistermijn", lazy_gettext("Hoe snel er een besluit is.")),
    ("gelezenTekst", lazy_gettext("Eerste dag van de tekst die wij lazen. Leeg als die niet is gelezen.")),
    ("gelijkTotEnMet", lazy_gettext("Tot en met welke dag onze samenvatting met de teksten klopt.")),
    ("zekerheid", lazy_gettext("Hoe zeker wij zijn van deze redactie.")),
    ("waaromNietGelezen", lazy_gettext("Waarom de tekst niet is gelezen.")),
    ("wijziging", lazy_gettext("Wat er anders is dan in de redactie ervoor.")),
    ("staatsblad", lazy_gettext("Waar de wijziging staat.")),
    ("kamerdossier", lazy_gettext("Nummer van het dossier in het parlement.")),
    ("wettekst", lazy_gettext("Adres van de wettekst van die dag.")),
    ("afdruk", lazy_gettext("SHA-256 van de letters en cijfers van de gelezen artikelen.")),
)
"""Name and meaning of each column; names in lowerCamelCase, as the Dutch rules for interfaces ask."""

Row = dict[str, Any]


def rows(session: Session, base_url: str) -> Iterator[Row]:
    """Every wording as a row."""
    return (_row(one, base_url) for one in all_wordings(session))


def linked(session: Session, base_url: str, today: date) -> Iterator[Row]:
    """Every wording as linked data."""
    return (as_legislation(one, base_url, today) for one in all_wordings(session))


def _row(one: WordingRow, base_url: str) -> Row:
    duration, term = one.says.get("max_duration"), one.says.get("decision_term")
    values: tuple[Any, ...] = (
        f"{base_url}{wording_path(one)}",
        one.law_title,
        one.bwb_id,
        one.provision_key,
        one.article,
        one.instrument,
        iso_day(one.valid_from),
        iso_day(one.valid_to),
        one.says.get("decided_by"),
        one.says.get("deviates_from") or [],
        one.says.get("conditions") or [],
        duration["text"] if duration else None,
        term["text"] if term else None,
        iso_day(one.read_on),
        iso_day(one.checked_through),
        one.confidence.value,
        one.why_not_read,
        one.change,
        one.staatsblad,
        one.dossier,
        text_address(one),
        one.text_hash,
    )
    return {name: value for (name, _meaning), value in zip(COLUMNS, values, strict=True)}


def iso_day(day: date | None) -> str | None:
    """A day as the files have it."""
    return day.isoformat() if day else None
