"""The words of DCAT-AP-NL 3 (https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/): data sets and their files as linked
data, in JSON-LD and in Turtle. Both are written from the same objects."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from knelpunt.queries.core.reference import reference

AUTHORITY = "http://publications.europa.eu/resource/authority"
PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"
"""CC0, as the profile's list of licences writes it."""
MEDIA_TYPES = "http://www.iana.org/assignments/media-types"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
PUBLISHER = "mnre1034"
CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Linked = dict[str, Any]


def in_dutch(text: str) -> Linked:
    """A text of the site: what is described is in Dutch, whatever the language of the request."""
    return {"@value": text, "@language": "nl"}


def on(day: date) -> Linked:
    """A day."""
    return {"@value": day.isoformat(), "@type": "xsd:date"}


def _one_of(kind: str, address: str) -> Linked:
    return {"@id": address, "@type": kind}


def _concept(address: str, words: str) -> Linked:
    return {**_one_of("skos:Concept", address), "skos:prefLabel": in_dutch(words)}


def agent(session: Session) -> Linked:
    """The ministry that publishes."""
    ministry = next(each for each in reference(session).ministries.values() if each.code == PUBLISHER)
    return {
        "@id": f"https://identifier.overheid.nl/tooi/id/ministerie/{PUBLISHER}",
        "@type": "foaf:Agent",
        "foaf:name": in_dutch(ministry.name),
    }


def contact() -> Linked:
    """Whom to ask about the data: the desk, and nobody by name."""
    config = current_app.config["KNELPUNT"]
    return {
        "@id": f"{config.base_url}/contact#loket",
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": "Loket Knelpunt",
        "vcard:hasEmail": {"@id": f"mailto:{config.contact_email}"},
        "vcard:hasURL": {"@id": f"{config.base_url}/contact"},
    }


@dataclass(frozen=True, slots=True)
class Described:
    """One data set in words. ``first`` and ``last`` are the days that it is about; None where that side is open."""

    address: str
    title: str
    text: str
    landing: str
    keywords: tuple[str, ...]
    first: date | None
    last: date | None = None
    issued: date | None = None
    modified: date | None = None
    version: str | None = None
    frequency: str = "IRREG"
    columns: str | None = None
    """Where a page says what each column is."""
    series: Linked | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One file of a data set. The size and checksum of what is made while it is sent are not known."""

    address: str
    title: str
    form: str
    media_type: str
    size: int | None = None
    sha256: str | None = None
    issued: date | None = None
    compressed_as: str | None = None


def data_set(told: Described, files: Iterable[File], publisher: Linked) -> Linked:
    """A data set with its files."""
    columns = told.columns or told.landing
    found: Linked = {
        "@id": told.address,
        "@type": "dcat:Dataset",
        "dct:identifier": told.address,
        "dct:title": in_dutch(told.title),
        "dct:description": in_dutch(told.text),
        "dct:publisher": publisher,
        "dct:creator": publisher,
        "dcat:contactPoint": contact(),
        "dct:accessRights": _one_of("dct:RightsStatement", f"{AUTHORITY}/access-right/PUBLIC"),
        "dct:language": _one_of("dct:LinguisticSystem", f"{AUTHORITY}/language/NLD"),
        "dcat:theme": _concept(f"{AUTHORITY}/data-theme/GOVE", "Overheid en publieke sector"),
        "dct:spatial": _one_of("dct:Location", f"{AUTHORITY}/country/NLD"),
        "dct:accrualPeriodicity": _one_of("dct:Frequency", f"{AUTHORITY}/frequency/{told.frequency}"),
        "dct:conformsTo": _one_of("dct:Standard", columns),
        "dcat:keyword": [in_dutch(word) for word in told.keywords],
        "dcat:landingPage": _one_of("foaf:Document", told.landing),
        "foaf:page": _one_of("foaf:Document", columns),
        "dcat:distribution": [_distribution(file, columns) for file in files],
    }
    if told.first or told.last:
        found["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            **({"dcat:startDate": on(told.first)} if told.first else {}),
            **({"dcat:endDate": on(told.last)} if told.last else {}),
        }
    if told.issued:
        found["dct:issued"] = on(told.issued)
    if told.modified:
        found["dct:modified"] = on(told.modified)
    if told.version:
        found["dcat:version"] = told.version
    if told.series:
        found["dcat:inSeries"] = told.series
    return found


def _distribution(file: File, columns: str) -> Linked:
    made: Linked = {
        "@id": file.address,
        "@type": "dcat:Distribution",
        "dct:title": in_dutch(file.title),
        "dcat:accessURL": {"@id": file.address},
        "dcat:downloadURL": {"@id": file.address},
        "dct:format": _one_of("dct:MediaTypeOrExtent", f"{AUTHORITY}/file-type/{file.form}"),
        "dcat:mediaType": _one_of("dct:MediaType", f"{MEDIA_TYPES}/{file.media_type}"),
        "dct:license": _one_of("dct:LicenseDocument", LICENCE),
        "dct:language": _one_of("dct:LinguisticSystem", f"{AUTHORITY}/language/NLD"),
        "dct:conformsTo": _one_of("dct:Standard", columns),
        "dcatap:availability": _concept(f"{AUTHORITY}/planned-availability/STABLE", "stabiel"),
    }
    if file.size is not None:
        made["dcat:byteSize"] = {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"}
    if file.sha256 is not None:
        made["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _one_of("spdx:ChecksumAlgorithm", SHA256),
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        }
    if file.issued:
        made["dct:issued"] = on(file.issued)
    if file.compressed_as:
        made["dcat:compressFormat"] = _one_of("dct:MediaType", f"{MEDIA_TYPES}/{file.compressed_as}")
    return made


def series(address: str, title: str, text: str, publisher: Linked) -> Linked:
    """A series of data sets, such as one for each quarter."""
    return {
        "@id": address,
        "@type": "dcat:DatasetSeries",
        "dct:title": in_dutch(title),
        "dct:description": in_dutch(text),
        "dct:publisher": publisher,
        "dcat:contactPoint": contact(),
    }


@dataclass(frozen=True, slots=True)
class Service:
    """A service by which programs ask for data: where it is, its contract, and the page that explains it."""

    address: str
    title: str
    text: str
    endpoint: str
    contract: str
    page: str
    keywords: tuple[str, ...]
    version: str


def service(told: Service, publisher: Linked, sets: Iterable[str]) -> Linked:
    """A service of data.

    Args:
        sets: the addresses of the data sets that it serves.
    """
    return {
        "@id": told.address,
        "@type": "dcat:DataService",
        "dct:identifier": told.address,
        "dct:title": in_dutch(told.title),
        "dct:description": in_dutch(told.text),
        "dct:publisher": publisher,
        "dct:creator": publisher,
        "dcat:contactPoint": contact(),
        "dct:accessRights": _one_of("dct:RightsStatement", f"{AUTHORITY}/access-right/PUBLIC"),
        "dct:license": _one_of("dct:LicenseDocument", LICENCE),
        "dct:language": _one_of("dct:LinguisticSystem", f"{AUTHORITY}/language/NLD"),
        "dcat:theme": _concept(f"{AUTHORITY}/data-theme/GOVE", "Overheid en publieke sector"),
        "dcat:keyword": [in_dutch(word) for word in told.keywords],
        "dcat:endpointURL": {"@id": told.endpoint},
        "dcat:endpointDescription": {"@id": told.contract},
        "dcat:landingPage": _one_of("foaf:Document", told.page),
        "foaf:page": _one_of("foaf:Document", told.page),
        "dct:format": _one_of("dct:MediaTypeOrExtent", f"{AUTHORITY}/file-type/JSON"),
        "dcat:version": told.version,
        "dcat:servesDataset": [{"@id": each} for each in sets],
    }


def catalogue(
    address: str,
    homepage: str,
    title: str,
    text: str,
    publisher: Linked,
    sets: list[Linked],
    services: list[Linked],
) -> Linked:
    """The catalogue of all data sets, and of the services that give them."""
    return {
        "@id": address,
        "@type": "dcat:Catalog",
        "dct:title": in_dutch(title),
        "dct:description": in_dutch(text),
        "dct:publisher": publisher,
        "dct:creator": publisher,
        "dcat:contactPoint": contact(),
        "dct:language": _one_of("dct:LinguisticSystem", f"{AUTHORITY}/language/NLD"),
        "dct:license": _one_of("dct:LicenseDocument", LICENCE),
        "dct:spatial": _one_of("dct:Location", f"{AUTHORITY}/country/NLD"),
        "dct:conformsTo": _one_of("dct:Standard", PROFILE),
        "dcat:themeTaxonomy": {
            **_one_of("skos:ConceptScheme", f"{AUTHORITY}/data-theme"),
            "dct:title": in_dutch("Datathema's van de EU"),
        },
        "foaf:homepage": _one_of("foaf:Document", homepage),
        "dcat:dataset": sets,
        "dcat:service": services,
    }


def as_json(found: Linked) -> str:
    """An object as JSON-LD."""
    return json.dumps({"@context": CONTEXT, **found}, ensure_ascii=False, indent=1)


def as_turtle(found: Linked) -> str:
    """The same as Turtle: each object with an address once, under its own name."""
    blocks: dict[str, list[str]] = {}
    _place(found, blocks)
    heads = [f"@prefix {name}: <{address}> ." for name, address in CONTEXT.items()]
    subjects = [subject + " " + " ;\n    ".join(dict.fromkeys(said)) + " ." for subject, said in blocks.items()]
    return "\n".join(heads) + "\n\n" + "\n\n".join(subjects) + "\n"


def _place(node: Mapping[str, Any], blocks: dict[str, list[str]]) -> str:
    """Write down what is said of an object, and give what stands for it elsewhere: its address, or all of it."""
    said = list(_said(node, blocks))
    if "@id" not in node:
        return f"[ {' ; '.join(said)} ]"
    subject = f"<{node['@id']}>"
    if said:
        blocks.setdefault(subject, []).extend(said)
    return subject


def _said(node: Mapping[str, Any], blocks: dict[str, list[str]]) -> Iterator[str]:
    for name, value in node.items():
        values = value if isinstance(value, list) else [value]
        if name == "@type":
            yield f"a {', '.join(values)}"
        elif name != "@id" and values:
            yield f"{name} {', '.join(_term(each, blocks) for each in values)}"


def _term(value: Any, blocks: dict[str, list[str]]) -> str:
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if "@value" not in value:
        return _place(value, blocks)
    text = json.dumps(value["@value"], ensure_ascii=False)
    return f"{text}@{value['@language']}" if "@language" in value else f"{text}^^{value['@type']}"
