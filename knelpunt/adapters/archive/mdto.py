"""Writes metadata by MDTO 1.0 (Metagegevens voor Duurzaam Toegankelijke Overheidsinformatie, Nationaal Archief).

One document describes one ``informatieobject`` (a case, or the set of files with it) or one ``bestand``. The elements
stand in the order that the XML schema of the standard prescribes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

NAMESPACE = "https://www.nationaalarchief.nl/mdto"
SOURCE = "Knelpunt"
LEVELS = "MDTO begrippenlijst aggregatieniveaus"
VALUATIONS = "MDTO begrippenlijst waarderingen"
COVERAGES = "MDTO begrippenlijst dekkingInTijd typen"
EVENTS = "MDTO begrippenlijst eventtypen"
ALGORITHMS = "MDTO begrippenlijst checksum algoritmen"
LIMITS = "Knelpunt, beperkingen van gebruik"
FORMATS = "IANA Media Types"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file of a package. ``identifier`` is its path in the package."""

    identifier: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What the metadata say of a case: plain words, numbers and days."""

    reference: str
    title: str
    theme: str
    language: str
    filed_on: date
    ended_on: date
    municipality: str | None
    category_code: str
    category_name: str
    category_source: str
    valuation: str
    """As the standard writes it: B keeps for ever, V destroys."""
    creator: str
    creator_code: str | None


def case_document(record: CaseRecord, files: Sequence[FileFacts]) -> bytes:
    """The metadata of a case, with a reference to each of its files."""
    root, each = _document("informatieobject")
    _identification(each, record.reference)
    _text(each, "naam", record.title)
    _concept(each, "aggregatieniveau", "Zaak", LEVELS)
    _concept(each, "classificatie", record.theme, "Knelpunt, thema's")
    covered = SubElement(each, "dekkingInTijd")
    _concept(covered, "dekkingInTijdType", "Looptijd van de zaak", COVERAGES)
    _text(covered, "dekkingInTijdBegindatum", record.filed_on.isoformat())
    _text(covered, "dekkingInTijdEinddatum", record.ended_on.isoformat())
    if record.municipality:
        _reference(each, "dekkingInRuimte", record.municipality)
    _text(each, "taal", record.language)
    for words, day in (("Ontvangst", record.filed_on), ("Afsluiting", record.ended_on)):
        event = SubElement(each, "event")
        _concept(event, "eventType", words, EVENTS)
        _text(event, "eventTijd", day.isoformat())
    label = "Blijvend te bewaren" if record.valuation == "B" else "Tijdelijk te bewaren"
    _concept(each, "waardering", label, VALUATIONS, record.valuation)
    _concept(each, "informatiecategorie", record.category_name, record.category_source, record.category_code)
    for file in files:
        _reference(each, "heeftRepresentatie", file.name, file.identifier)
    _reference(each, "archiefvormer", record.creator, record.creator_code)
    _reference(each, "activiteit", "Behandelen van een melding over een regel die een plan tegenhoudt")
    limit = SubElement(each, "beperkingGebruik")
    _concept(limit, "beperkingGebruikType", "Nog te bepalen bij de overbrenging", LIMITS)
    _text(
        limit,
        "beperkingGebruikNadereBeschrijving",
        "De teksten van de indiener en de bijlagen kunnen persoonsgegevens bevatten.",
    )
    return _written(root)


def file_document(file: FileFacts, record: CaseRecord, made_at: datetime) -> bytes:
    """The metadata of one file of a case.

    Args:
        made_at: aware instant on which its checksum was made.
    """
    root, each = _document("bestand")
    _identification(each, file.identifier)
    _text(each, "naam", file.name)
    _text(each, "omvang", str(file.size))
    _concept(each, "bestandsformaat", file.media_type, FORMATS)
    checksum = SubElement(each, "checksum")
    _concept(checksum, "checksumAlgoritme", "SHA-256", ALGORITHMS)
    _text(checksum, "checksumWaarde", file.sha256)
    _text(checksum, "checksumDatum", made_at.isoformat(timespec="seconds"))
    _reference(each, "isRepresentatieVan", record.title, record.reference)
    return _written(root)


def _document(kind: str) -> tuple[Element, Element]:
    root = Element("MDTO", {"xmlns": NAMESPACE})
    return root, SubElement(root, kind)


def _written(root: Element) -> bytes:
    indent(root)
    content: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def _text(parent: Element, name: str, value: str) -> None:
    SubElement(parent, name).text = _allowed(value)


def _allowed(value: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(each for each in value if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))


def _identification(parent: Element, value: str, name: str = "identificatie") -> None:
    identification = SubElement(parent, name)
    _text(identification, "identificatieKenmerk", value)
    _text(identification, "identificatieBron", SOURCE)


def _reference(parent: Element, name: str, words: str, identifier: str | None = None) -> None:
    reference = SubElement(parent, name)
    _text(reference, "verwijzingNaam", words)
    if identifier:
        _identification(reference, identifier, "verwijzingIdentificatie")


def _concept(parent: Element, name: str, label: str, of: str, code: str | None = None) -> None:
    concept = SubElement(parent, name)
    _text(concept, "begripLabel", label)
    if code:
        _text(concept, "begripCode", code)
    _reference(concept, "begripBegrippenlijst", of)
