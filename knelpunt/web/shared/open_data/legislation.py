"""A wording of a provision as linked data: schema.org Legislation, with the European words for legislation (ELI)."""

from datetime import date
from typing import Any

from knelpunt.domain.laws.wordings import first_article, jci
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.queries.laws.wordings import WordingRow
from knelpunt.web.shared.open_data.json_files import CC0

CONTEXT: dict[str, Any] = {
    "@vocab": "https://schema.org/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "eli:first_date_entry_in_force": {"@type": "http://www.w3.org/2001/XMLSchema#date"},
    "eli:date_no_longer_in_force": {"@type": "http://www.w3.org/2001/XMLSchema#date"},
}
WETTEN = "https://wetten.overheid.nl"
_SAYS = {
    "decided_by": "wie beslist",
    "deviates_from": "mag afwijken van",
    "conditions": "voorwaarde",
    "max_duration": "langste duur",
    "decision_term": "beslistermijn",
}


def wording_path(one: WordingRow) -> str:
    """The address of a wording within the site, which it keeps."""
    return f"/wetten/{one.law_key}/{one.provision_key}/{one.address}"


def text_address(one: WordingRow) -> str | None:
    """Where the text stands that was read, else that of the first day of the wording; None without a number."""
    day = one.read_on or one.valid_from
    if one.bwb_id is None or day is None:
        return None
    article = first_article(one.articles, one.article)
    return f"{WETTEN}/{one.bwb_id}/{day.isoformat()}{f'#Artikel{article}' if article else ''}"


def law_as_legislation(
    key: str, title: str, bwb_id: str | None, base_url: str, held: tuple[date | None, date | None] | None = None
) -> dict[str, Any]:
    """A law as an object without its context; ``held`` are its first and last day, where they are told."""
    return _without_nothing(
        {
            "@type": "Legislation",
            "@id": f"{base_url}/wetten/{key}",
            "name": title,
            "legislationIdentifier": bwb_id,
            "sameAs": f"{WETTEN}/{bwb_id}" if bwb_id else None,
            "temporalCoverage": f"{_day(held[0])}/{_day(held[1])}" if held and any(held) else None,
        }
    )


def as_legislation(one: WordingRow, base_url: str, today: date) -> dict[str, Any]:
    """A wording as an object without its context. What the catalogue does not know is left out."""
    text = text_address(one)
    day = one.valid_from or one.read_on
    found: dict[str, Any] = {
        "@type": ["Legislation", "eli:LegalResourceSubdivision"],
        "@id": f"{base_url}{wording_path(one)}",
        "name": f"{one.law_title}, {article_in_words(one.article)}",
        "description": one.instrument,
        "inLanguage": "nl",
        "isPartOf": law_as_legislation(one.law_key, one.law_title, one.bwb_id, base_url),
        "legislationIdentifier": jci(one.bwb_id, first_article(one.articles, one.article), day)
        if one.bwb_id and day
        else None,
        "legislationDateVersion": one.read_on.isoformat() if one.read_on else None,
        "legislationLegalForce": _force(one, today),
        "temporalCoverage": f"{_day(one.valid_from)}/{_day(one.valid_to)}",
        "eli:first_date_entry_in_force": one.valid_from.isoformat() if one.valid_from else None,
        "eli:date_no_longer_in_force": one.valid_to.isoformat() if one.valid_to else None,
        "isBasedOn": text,
        "citation": [each for each in (one.staatsblad, f"Kamerdossier {one.dossier}" if one.dossier else None) if each],
        "creativeWorkStatus": one.confidence.value if one.is_read else "not read",
        "additionalProperty": [
            {"@type": "PropertyValue", "name": name, "value": value}
            for part, name in _SAYS.items()
            for value in _values(one.says.get(part))
        ],
        "license": CC0,
    }
    return _without_nothing(found)


def _force(one: WordingRow, today: date) -> str | None:
    """Whether it was in force on a day; nothing where the catalogue does not know when it began."""
    if one.valid_from is None:
        return None
    return f"https://schema.org/{'InForce' if one.held_on(today) else 'NotInForce'}"


def _day(day: date | None) -> str:
    """A side of a period as ISO 8601 has it; two points for a side that is open or unknown."""
    return day.isoformat() if day else ".."


def _values(said: Any) -> list[str]:
    if isinstance(said, dict):
        return [text for part in ("text", "extension") if isinstance(text := said.get(part), str)]
    if isinstance(said, list):
        return [str(each) for each in said]
    return [said] if said else []


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], "")}
