"""The law catalogue as a checked list of entries: what a law and a provision must say before it may be loaded."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knelpunt.domain.laws.dates import first_day, last_day
from knelpunt.domain.laws.schema import CatalogueFields, Confidence, LawKind, RoomType
from knelpunt.domain.laws.succession import Succession
from knelpunt.domain.laws.wordings import Wording, wording_faults, wording_on, wordings_of
from knelpunt.domain.shapes import Fault, FieldPath, InvalidData, shaped

NO_RULE = "geen-regel"
"""The key of the collective name for cases in which no rule is named; it cannot block or offer room."""


@dataclass(frozen=True, slots=True)
class LawEntry:
    """One law as the catalogue has it. Days are legal days, both ends included."""

    key: str
    citation_title: str
    abbreviation: str | None
    bwb_id: str | None
    kind: LawKind
    domain: str
    ministry: str | None
    in_force_from: date | None
    in_force_to: date | None
    status: str
    confidence: Confidence
    case_keys: tuple[str, ...]
    case_key: str
    """The one name of a real case under which this law is counted; its own key where real cases have no name."""
    trigger_words: tuple[str, ...]
    situations: tuple[str, ...]
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    details: Mapping[str, Any]

    @property
    def search_text(self) -> str:
        """What it is called; a collective name has no provisions to be found by and adds its own words.

        Other laws leave those to their provisions: a search finds a provision together with the text of its law, and
        would find every provision of a law that is described in many words.
        """
        own = (*self.trigger_words, *self.situations) if self.kind is LawKind.COLLECTIVE else ()
        return searchable(self.citation_title, self.abbreviation, self.domain, *self.case_keys, *own)


@dataclass(frozen=True, slots=True)
class ProvisionEntry:
    """One provision or instrument as the catalogue has it."""

    key: str
    law_key: str
    article: str
    instrument: str
    room_type: RoomType
    valid_from: date | None
    valid_to: date | None
    start_is_known: bool
    end_is_known: bool
    wordings: tuple[Wording, ...]
    confidence: Confidence
    replaced_by: tuple[str, ...]
    trigger_words: tuple[str, ...]
    situations: tuple[str, ...]
    details: Mapping[str, Any]

    def wording_was_read(self, day: date) -> bool:
        """Whether the text that held on this day was read when the catalogue was made."""
        wording = wording_on(self.wordings, day)
        return wording is not None and wording.is_read

    @property
    def search_text(self) -> str:
        return searchable(
            self.article,
            self.instrument,
            self.room_type,
            *self.details["deviates_from"],
            *self.trigger_words,
            *self.situations,
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole catalogue, checked. ``reference_date`` is the day on which it was brought up to date."""

    reference_date: date
    laws: tuple[LawEntry, ...]
    provisions: tuple[ProvisionEntry, ...]


def searchable(*texts: str | None) -> str:
    """Texts in small letters without accents, for finding a word in them."""
    joined = " ".join(text for text in texts if text)
    decomposed = unicodedata.normalize("NFKD", joined.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _check_period(entry: Mapping[str, Any], start: str, end: str, ended: str, reference: date) -> str | None:
    first = first_day(entry[start]) if entry[start] else None
    last = last_day(entry[end]) if entry[end] else None
    if first and last and last < first:
        return "eindigt voordat het begint"
    status = entry["status_on_reference_date"]
    if (status == ended) != (last is not None and last < reference):
        return f"past niet bij de status '{status}' op {reference.isoformat()}"
    return None


def _check_unique(section: str, keys: list[tuple[FieldPath, str]]) -> list[Fault]:
    seen: set[str] = set()
    problems = []
    for path, key in keys:
        if key in seen:
            problems.append(Fault(path, f"'{key}' komt vaker voor in {section}"))
        seen.add(key)
    return problems


def _check_laws(laws: list[dict[str, Any]], reference: date) -> list[Fault]:
    by_key = {law["id"]: law for law in laws}
    problems = _check_unique("laws", [(("laws", place, "id"), law["id"]) for place, law in enumerate(laws)])
    problems += _check_unique(
        "case_keys", [(("laws", place, "case_keys"), key) for place, law in enumerate(laws) for key in law["case_keys"]]
    )
    case_keys = {key for law in laws for key in law["case_keys"]}
    line = Succession.of_laws(laws)
    for place, law in enumerate(laws):
        path: FieldPath = ("laws", place)
        if law["counts_as"] is not None and (law["case_keys"] or law["counts_as"] not in case_keys):
            problems.append(Fault((*path, "counts_as"), "hoort alleen bij een wet zonder case_keys, en noemt er een"))
        if text := _check_period(law, "in_force_from", "in_force_to", "vervallen", reference):
            problems.append(Fault((*path, "in_force_to"), text))
        for side, other_side in (("predecessor", "successor"), ("successor", "predecessor")):
            for key in law[side]:
                neighbour = by_key.get(key)
                if neighbour is None:
                    problems.append(Fault((*path, side), f"wet '{key}' staat niet in de catalogus"))
                elif law["id"] not in neighbour[other_side]:
                    problems.append(Fault((*path, side), f"wet '{key}' noemt deze wet niet terug ({other_side})"))
                elif text := line.why_not(*((key, law["id"]) if side == "predecessor" else (law["id"], key))):
                    problems.append(Fault((*path, side), text))
    return problems


def _check_provisions(provisions: list[dict[str, Any]], laws: list[dict[str, Any]], reference: date) -> list[Fault]:
    law_keys = {law["id"] for law in laws}
    keys = {provision["id"] for provision in provisions}
    line = Succession.of_provisions(provisions)
    problems = _check_unique(
        "provisions", [(("provisions", place, "id"), row["id"]) for place, row in enumerate(provisions)]
    )
    for place, row in enumerate(provisions):
        path: FieldPath = ("provisions", place)
        if row["law"] not in law_keys:
            problems.append(Fault((*path, "law"), f"wet '{row['law']}' staat niet in de catalogus"))
        if text := _check_period(row, "valid_from", "valid_to", "afgelopen", reference):
            problems.append(Fault((*path, "valid_to"), text))
        if row["start_known"] and row["valid_from"] is None:
            problems.append(Fault((*path, "start_known"), "kan niet true zijn zonder valid_from"))
        problems += [Fault((*path, "wordings", *at), text) for at, text in wording_faults(row)]
        for key in row["replaced_by"]:
            if key not in keys:
                problems.append(Fault((*path, "replaced_by"), f"bepaling '{key}' staat niet in de catalogus"))
            elif text := line.why_not(row["id"], key):
                problems.append(Fault((*path, "replaced_by"), text))
    return problems


def _check_families(catalogue: CatalogueFields) -> list[Fault]:
    families = catalogue.families
    problems = []
    if len(families) != len(set(families)):
        problems.append(Fault(("families",), "moet elk bestand met wetten een keer noemen"))
    if [(room.value, room.order) for room in catalogue.room_types] != [(room.value, room.order) for room in RoomType]:
        problems.append(Fault(("room_types",), "moet de zes soorten ruimte noemen, van licht naar zwaar"))
    problems += [
        Fault(("laws", place, "family"), "moet een van de bestanden in families zijn")
        for place, law in enumerate(catalogue.laws)
        if law.family not in families
    ]
    return problems


def _law_entry(law: dict[str, Any]) -> LawEntry:
    return LawEntry(
        key=law["id"],
        citation_title=law["citation_title"],
        abbreviation=law["abbreviation"],
        bwb_id=law["bwb_id"],
        kind=LawKind(law["kind"]),
        domain=law["domain"],
        ministry=law["ministry_2026"],
        in_force_from=first_day(law["in_force_from"]) if law["in_force_from"] else None,
        in_force_to=last_day(law["in_force_to"]) if law["in_force_to"] else None,
        status=law["status_on_reference_date"],
        confidence=Confidence(law["confidence"]),
        case_keys=tuple(law["case_keys"]),
        case_key=law["case_keys"][0] if law["case_keys"] else law["counts_as"] or law["id"],
        trigger_words=tuple(law["trigger_words"]),
        situations=tuple(law["situations"]),
        predecessors=tuple(law["predecessor"]),
        successors=tuple(law["successor"]),
        details=law,
    )


def _provision_entry(row: dict[str, Any]) -> ProvisionEntry:
    return ProvisionEntry(
        key=row["id"],
        law_key=row["law"],
        article=row["article"],
        instrument=row["instrument"],
        room_type=RoomType(row["room_type"]),
        valid_from=first_day(row["valid_from"]) if row["valid_from"] else None,
        valid_to=last_day(row["valid_to"]) if row["valid_to"] else None,
        start_is_known=row["start_known"],
        end_is_known=row["valid_to"] is not None or row["status_on_reference_date"] != "onbekend",
        wordings=wordings_of(row),
        confidence=Confidence(row["confidence"]),
        replaced_by=tuple(row["replaced_by"]),
        trigger_words=tuple(row["trigger_words"]),
        situations=tuple(row["situations"]),
        details=row,
    )


def parse(data: Any) -> Catalogue:
    """Check a catalogue as it was read from its files, whole, and turn it into entries.

    Raises InvalidData: with every field that is wrong, or else with every contradiction between entries.
    """
    fields = shaped(data, CatalogueFields)
    reference = first_day(fields.meta.reference_date)
    faults = _check_families(fields) or [
        *_check_laws(data["laws"], reference),
        *_check_provisions(data["provisions"], data["laws"], reference),
    ]
    if faults:
        raise InvalidData(faults)
    return assembled(data["laws"], data["provisions"], reference)


def assembled(laws: Iterable[dict[str, Any]], provisions: Iterable[dict[str, Any]], reference: date) -> Catalogue:
    """A catalogue out of the fields of its laws and provisions, which were checked before."""
    return Catalogue(
        reference_date=reference,
        laws=tuple(_law_entry(law) for law in laws),
        provisions=tuple(_provision_entry(row) for row in provisions),
    )
