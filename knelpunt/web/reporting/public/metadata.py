"""What catalogues and harvesters read about a quarter: DCAT-AP-NL as JSON-LD, and the Woo's metadata in a map of the
documents (https://standaarden.overheid.nl/diwoo/metadata)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, current_app

from knelpunt.domain.figures.edition import Edition, finding, text_of
from knelpunt.domain.figures.letter import DOCUMENT_TITLE
from knelpunt.domain.figures.sealing import digest
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.corrections import public_editions
from knelpunt.web.shared.pages.feeds import xml_answer

AUTHORITY = "http://publications.europa.eu/resource/authority"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
"""What the page of open data allows: any use, with the source named."""
PUBLISHER = "mnre1034"
FILE_TYPES = {"pdf": "PDF", "odt": "ODT", "docx": "DOCX", "ods": "ODS", "csv": "CSV", "json": "JSON"}
KERN = "https://identifier.overheid.nl/tooi/def/thes/kern"
PARLIAMENTARY = (f"{KERN}/c_c76862ab", "vergaderstukken Staten-Generaal")
OWN_ACCORD = (f"{KERN}/c_816e508d", "inspanningsverplichting art 3.1 Woo")
ADOPTED = (f"{KERN}/c_641ecd76", "vaststelling")
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def _publisher() -> dict[str, Any]:
    ministry = next(each for each in reference(db.session).ministries.values() if each.code == PUBLISHER)
    return {
        "@id": f"https://identifier.overheid.nl/tooi/id/ministerie/{PUBLISHER}",
        "@type": "foaf:Agent",
        "foaf:name": _nl(ministry.name),
    }


def _contact() -> dict[str, Any]:
    config = current_app.config["KNELPUNT"]
    return {
        "@type": "vcard:Organization",
        "vcard:fn": "Loket Knelpunt",
        "vcard:hasEmail": {"@id": f"mailto:{config.contact_email}"},
    }


def _day(day: date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}


def _nl(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "nl"}


def dataset(edition: Edition) -> dict[str, Any]:
    """One quarter or year with its files, as a dataset of DCAT-AP-NL."""
    return {"@context": CONTEXT, **_dataset(edition, _publisher())}


def _dataset(edition: Edition, publisher: dict[str, Any]) -> dict[str, Any]:
    address = current_app.config["LINKS"].to(f"/kwartalen/{edition.period}")
    headline, told = finding(edition)
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": address,
        "dct:title": _nl(f"{DOCUMENT_TITLE}, {edition.title}"),
        "dct:description": _nl(f"{headline}. {told}"),
        "dct:publisher": publisher,
        "dct:creator": publisher,
        "dcat:contactPoint": _contact(),
        "dct:accessRights": {"@id": f"{AUTHORITY}/access-right/PUBLIC"},
        "dct:language": {"@id": f"{AUTHORITY}/language/NLD"},
        "dcat:theme": {"@id": f"{AUTHORITY}/data-theme/GOVE"},
        "dct:spatial": {"@id": f"{AUTHORITY}/country/NLD"},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(edition.first),
            "dcat:endDate": _day(edition.until),
        },
        **({"dct:issued": _day(edition.sealed_on)} if edition.sealed_on else {}),
        "dcat:landingPage": {"@id": address},
        "dcat:distribution": [_distribution(edition, address, form) for form in FILE_TYPES],
    }


def _distribution(edition: Edition, address: str, form: str) -> dict[str, Any]:
    place = f"{address}/bericht.{form}"
    made: dict[str, Any] = {
        "@id": place,
        "@type": "dcat:Distribution",
        "dct:title": _nl(f"{DOCUMENT_TITLE}, {edition.title} ({FILE_TYPES[form]})"),
        "dcat:accessURL": {"@id": place},
        "dcat:downloadURL": {"@id": place},
        "dct:format": {"@id": f"{AUTHORITY}/file-type/{FILE_TYPES[form]}"},
        "dct:license": {"@id": LICENCE},
    }
    if form == "json":
        made["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": digest(text_of(edition)),
        }
    return made


def catalogue() -> dict[str, Any]:
    """All public quarters as a catalogue of DCAT-AP-NL."""
    address = current_app.config["LINKS"].to("/kwartalen")
    publisher = _publisher()
    return {
        "@context": CONTEXT,
        "@id": address,
        "@type": "dcat:Catalog",
        "dct:title": _nl("Knelpunten in regels, per kwartaal"),
        "dct:description": _nl("Cijfers voor de Tweede Kamer over regels die leefbaarheidsprojecten tegenhouden."),
        "dct:publisher": publisher,
        "dcat:contactPoint": _contact(),
        "dct:language": {"@id": f"{AUTHORITY}/language/NLD"},
        "dct:license": {"@id": LICENCE},
        "dcat:dataset": [_dataset(each.edition, publisher) for each in public_editions(db.session)],
    }


@dataclass(frozen=True, slots=True)
class WooDocument:
    """A published document as the harvester of the Woo reads it."""

    address: str
    title: str
    created_on: date
    changed_at: datetime
    adopted_at: datetime
    category: tuple[str, str]


def woo_sitemap() -> Response:
    """The documents of every public quarter with the metadata that the Woo asks of ministries."""
    to = current_app.config["LINKS"].to
    documents = [
        WooDocument(
            address=to(f"/kwartalen/{each.edition.period}/bericht.pdf"),
            title=f"{DOCUMENT_TITLE}, {each.edition.title}",
            created_on=each.edition.sealed_on or each.edition.until,
            changed_at=each.public.changed_at,
            adopted_at=each.public.sealed_at,
            category=PARLIAMENTARY if each.edition.paper else OWN_ACCORD,
        )
        for each in public_editions(db.session)
    ]
    return xml_answer(
        "reporting/public/woo.xml",
        documents=documents,
        publisher=_publisher(),
        adopted=ADOPTED,
        file_type=f"{AUTHORITY}/file-type/PDF",
        language=f"{AUTHORITY}/language/NLD",
    )
