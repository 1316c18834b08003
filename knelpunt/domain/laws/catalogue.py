"""The law catalogue as a checked list of entries: what a law and a provision must say before it may be loaded."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knelpunt.domain.laws.dates import first_day, last_day
from knelpunt.domain.laws.schema import LAW_FIELDS, PROVISION_FIELDS, Check, Confidence, LawKind, RoomType, is_date
from knelpunt.domain.laws.succession import Succession

Path = tuple[str | int, ...]
NO_RULE = "geen-regel"
"""The key of the collective name for cases in which no rule is named; it cannot block or offer room."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the catalogue that is not right: where, and what, in Dutch."""

    path: Path
    text: str

    @property
    def where(self) -> str:
        return ".".join(str(part) for part in self.path) or "bestand"


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
    text_checked_from: date | None
    confidence: Confidence
    replaced_by: tuple[str, ...]
    trigger_words: tuple[str, ...]
    situations: tuple[str, ...]
    details: Mapping[str, Any]

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


class CatalogueInvalid(Exception):
    """The catalogue may not be loaded; ``problems`` says why, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} {'probleem' if len(problems) == 1 else 'problemen'} in de wettencatalogus")
        self.problems = problems


def searchable(*texts: str | None) -> str:
    """Texts in small letters without accents, for finding a word in them."""
    joined = " ".join(text for text in texts if text)
    decomposed = unicodedata.normalize("NFKD", joined.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _check_fields(entry: Any, fields: Mapping[str, Check], path: Path) -> list[Problem]:
    if not isinstance(entry, dict):
        return [Problem(path, "moet velden hebben")]
    problems = [Problem((*path, name), "ontbreekt") for name in fields if name not in entry]
    problems += [Problem((*path, str(name)), "is geen bekend veld") for name in entry if name not in fields]
    for name, check in fields.items():
        if name in entry and (text := check(entry[name])):
            problems.append(Problem((*path, name), text))
    return problems


def _check_period(entry: Mapping[str, Any], start: str, end: str, ended: str, reference: date) -> str | None:
    first = first_day(entry[start]) if entry[start] else None
    last = last_day(entry[end]) if entry[end] else None
    if first and last and last < first:
        return "eindigt voordat het begint"
    status = entry["status_on_reference_date"]
    if (status == ended) != (last is not None and last < reference):
        return f"past niet bij de status '{status}' op {reference.isoformat()}"
    return None


def _check_unique(section: str, keys: list[tuple[Path, str]]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for path, key in keys:
        if key in seen:
            problems.append(Problem(path, f"'{key}' komt vaker voor in {section}"))
        seen.add(key)
    return problems


def _check_laws(laws: list[dict[str, Any]], reference: date) -> list[Problem]:
    by_key = {law["id"]: law for law in laws}
    problems = _check_unique("laws", [(("laws", place, "id"), law["id"]) for place, law in enumerate(laws)])
    problems += _check_unique(
        "case_keys", [(("laws", place, "case_keys"), key) for place, law in enumerate(laws) for key in law["case_keys"]]
    )
    case_keys = {key for law in laws for key in law["case_keys"]}
    line = Succession.of_laws(laws)
    for place, law in enumerate(laws):
        path: Path = ("laws", place)
        if law["counts_as"] is not None and (law["case_keys"] or law["counts_as"] not in case_keys):
            problems.append(Problem((*path, "counts_as"), "hoort alleen bij een wet zonder case_keys, en noemt er een"))
        if text := _check_period(law, "in_force_from", "in_force_to", "vervallen", reference):
            problems.append(Problem((*path, "in_force_to"), text))
        for side, other_side in (("predecessor", "successor"), ("successor", "predecessor")):
            for key in law[side]:
                neighbour = by_key.get(key)
                if neighbour is None:
                    problems.append(Problem((*path, side), f"wet '{key}' staat niet in de catalogus"))
                elif law["id"] not in neighbour[other_side]:
                    problems.append(Problem((*path, side), f"wet '{key}' noemt deze wet niet terug ({other_side})"))
                elif text := line.why_not(*((key, law["id"]) if side == "predecessor" else (law["id"], key))):
                    problems.append(Problem((*path, side), text))
    return problems


def _check_provisions(provisions: list[dict[str, Any]], laws: list[dict[str, Any]], reference: date) -> list[Problem]:
    law_keys = {law["id"] for law in laws}
    keys = {provision["id"] for provision in provisions}
    line = Succession.of_provisions(provisions)
    problems = _check_unique(
        "provisions", [(("provisions", place, "id"), row["id"]) for place, row in enumerate(provisions)]
    )
    for place, row in enumerate(provisions):
        path: Path = ("provisions", place)
        if row["law"] not in law_keys:
            problems.append(Problem((*path, "law"), f"wet '{row['law']}' staat niet in de catalogus"))
        if text := _check_period(row, "valid_from", "valid_to", "afgelopen", reference):
            problems.append(Problem((*path, "valid_to"), text))
        if row["start_known"] and row["valid_from"] is None:
            problems.append(Problem((*path, "start_known"), "kan niet true zijn zonder valid_from"))
        for key in row["replaced_by"]:
            if key not in keys:
                problems.append(Problem((*path, "replaced_by"), f"bepaling '{key}' staat niet in de catalogus"))
            elif text := line.why_not(row["id"], key):
                problems.append(Problem((*path, "replaced_by"), text))
    return problems


def _check_shape(data: Any) -> tuple[list[Problem], date | None]:
    if not isinstance(data, dict):
        return [Problem((), "het bestand moet velden hebben")], None
    problems = [
        Problem((section,), "ontbreekt of is geen lijst")
        for section in ("room_types", "laws", "provisions")
        if not isinstance(data.get(section), list)
    ]
    meta = data.get("meta")
    reference = meta.get("reference_date") if isinstance(meta, dict) else None
    if text := is_date(reference):
        return [*problems, Problem(("meta", "reference_date"), text)], None
    if problems:
        return problems, None
    expected = [{"value": room.value, "order": room.order} for room in RoomType]
    listed = [
        {"value": room.get("value"), "order": room.get("order")}
        for room in data["room_types"]
        if isinstance(room, dict)
    ]
    families = data.get("families")
    if not isinstance(families, list) or len(families) != len(set(map(str, families))):
        problems.append(Problem(("families",), "moet elk bestand met wetten een keer noemen"))
        families = []
    if listed != expected:
        problems.append(Problem(("room_types",), "moet de zes soorten ruimte noemen, van licht naar zwaar"))
    for section, fields in (("laws", LAW_FIELDS), ("provisions", PROVISION_FIELDS)):
        for place, entry in enumerate(data[section]):
            problems += _check_fields(entry, fields, (section, place))
    for place, law in enumerate(data["laws"]):
        if isinstance(law, dict) and law.get("family") not in families:
            problems.append(Problem(("laws", place, "family"), "moet een van de bestanden in families zijn"))
    return problems, first_day(str(reference))


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
        text_checked_from=first_day(row["text_checked_from"]) if row["text_checked_from"] else None,
        confidence=Confidence(row["confidence"]),
        replaced_by=tuple(row["replaced_by"]),
        trigger_words=tuple(row["trigger_words"]),
        situations=tuple(row["situations"]),
        details=row,
    )


def parse(data: Any) -> Catalogue:
    """Check a catalogue as it was read from its file, whole, and turn it into entries.

    Raises CatalogueInvalid with every problem found.
    """
    problems, reference = _check_shape(data)
    if problems or reference is None:
        raise CatalogueInvalid(problems)
    problems = _check_laws(data["laws"], reference)
    problems += _check_provisions(data["provisions"], data["laws"], reference)
    if problems:
        raise CatalogueInvalid(problems)
    return assembled(data["laws"], data["provisions"], reference)


def assembled(laws: Iterable[dict[str, Any]], provisions: Iterable[dict[str, Any]], reference: date) -> Catalogue:
    """A catalogue out of the fields of its laws and provisions, which were checked before."""
    return Catalogue(
        reference_date=reference,
        laws=tuple(_law_entry(law) for law in laws),
        provisions=tuple(_provision_entry(row) for row in provisions),
    )
