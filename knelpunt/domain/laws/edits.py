"""Edits of the law catalogue in the site: what an entry says before and after, and what a second person decided."""

import difflib
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from knelpunt.domain.laws.dates import first_day, last_day
from knelpunt.domain.laws.schema import LawFields, ProvisionFields

Fields = dict[str, Any]
_WORDS = re.compile(r"\s+|[^\s]+")
_NEIGHBOURS = {"predecessor": "successor", "successor": "predecessor"}
REASON_MAX_CHARACTERS = 2000
SOURCE_MAX_CHARACTERS = 500


class EntryKind(StrEnum):
    """Which of the two lists of the catalogue an entry stands in."""

    LAW = "wet"
    PROVISION = "bepaling"

    @property
    def section(self) -> str:
        """The name of the list in the file."""
        return "laws" if self is EntryKind.LAW else "provisions"

    @property
    def shape(self) -> type[LawFields] | type[ProvisionFields]:
        """What an entry must look like."""
        return LawFields if self is EntryKind.LAW else ProvisionFields

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields of an entry, in the order of the file."""
        return self.shape.__struct_fields__


class EditStatus(StrEnum):
    """Where an edit stands; every status but the first is its last."""

    PROPOSED = "voorgesteld"
    APPROVED = "vastgesteld"
    SENT_BACK = "teruggegeven"
    WITHDRAWN = "ingetrokken"


class CatalogueEvent(StrEnum):
    """What the event chain says of an edit. Stored words; never renamed."""

    PROPOSED = "cataloguswijziging_voorgesteld"
    APPROVED = "cataloguswijziging_vastgesteld"
    SENT_BACK = "cataloguswijziging_teruggegeven"
    WITHDRAWN = "cataloguswijziging_ingetrokken"
    TEXT_DECIDED = "gewijzigde_wettekst_bekeken"


def fingerprint(fields: Mapping[str, Any] | None) -> str:
    """SHA-256 over the fields of an entry, in whatever order they stand; of an entry that is not there, empty."""
    if fields is None:
        return ""
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def changed_fields(kind: EntryKind, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    """The fields that differ, in the order of the file; for a new entry those that say something."""
    known = [*kind.fields, *(name for name in after if name not in kind.fields)]
    if before is None:
        return [name for name in known if after.get(name) not in (None, [], "", False)]
    return [name for name in known if before.get(name) != after.get(name)]


@dataclass(frozen=True, slots=True)
class Changed:
    """The two lists of the catalogue with one change in them.

    ``place`` is where the changed entry stands in its list. ``neighbours`` are the keys of other laws that now name
    the changed law back, or no longer do.
    """

    laws: list[Fields]
    provisions: list[Fields]
    place: int
    neighbours: tuple[str, ...]


def with_change(kind: EntryKind, laws: Sequence[Fields], provisions: Sequence[Fields], after: Fields) -> Changed:
    """The catalogue with this entry in the place of the one with its key, or behind the last of its file when new.

    A law that names another as its predecessor or successor is named back there, as the file asks.
    """
    lists = {EntryKind.LAW: list(laws), EntryKind.PROVISION: list(provisions)}
    rows = lists[kind]
    place = next((at for at, row in enumerate(rows) if row.get("id") == after["id"]), None)
    neighbours: tuple[str, ...] = ()
    if place is None:
        place = _place_of_new(kind, laws, provisions, after)
        rows.insert(place, after)
        before: Fields = {}
    else:
        before, rows[place] = rows[place], after
    if kind is EntryKind.LAW:
        neighbours = _name_back(rows, place, before)
    return Changed(lists[EntryKind.LAW], lists[EntryKind.PROVISION], place, neighbours)


def _place_of_new(kind: EntryKind, laws: Sequence[Fields], provisions: Sequence[Fields], after: Fields) -> int:
    family_of = {law.get("id"): law.get("family") for law in laws}
    if kind is EntryKind.LAW:
        families, wanted = [law.get("family") for law in laws], after.get("family")
        rows: Sequence[Fields] = laws
    else:
        families = [family_of.get(row.get("law")) for row in provisions]
        wanted, rows = family_of.get(after.get("law")), provisions
    return max((at + 1 for at, family in enumerate(families) if family == wanted), default=len(rows))


def _name_back(laws: list[Fields], place: int, before: Fields) -> tuple[str, ...]:
    law = laws[place]
    changed = []
    for side, other_side in _NEIGHBOURS.items():
        had, has = set(before.get(side) or []), _keys(law.get(side))
        for at, row in enumerate(laws):
            key, named = row.get("id"), _keys(row.get(other_side))
            if key == law["id"] or (key not in had and key not in has):
                continue
            if key in has and law["id"] not in named:
                named = [*named, law["id"]]
            elif key not in has and law["id"] in named:
                named = [one for one in named if one != law["id"]]
            else:
                continue
            laws[at] = {**row, other_side: named}
            changed.append(str(key))
    return tuple(dict.fromkeys(changed))


def _keys(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_WORDS_OF_LAW = "citation_title abbreviation domain in_force_from_note trigger_words situations urls not_verified"
_WORDS_OF_PROVISION = (
    "article instrument decided_by requested_by deviates_from max_duration conditions procedure decision_term "
    "carry_over parliament_role trigger_words situations sources not_verified"
)
_MEANING_FREE = {
    EntryKind.LAW: frozenset(_WORDS_OF_LAW.split()),
    EntryKind.PROVISION: frozenset(_WORDS_OF_PROVISION.split()),
}
"""The fields in which other words can say the same. Days, kinds, successors and how sure we are, are not among them."""
_FOUND_BY = frozenset({"trigger_words", "situations", "urls", "sources", "not_verified"})
"""Fields that nobody is bound by: lines may come and go."""
_NUMBERS = re.compile(r"\d+")
_WEIGHING = re.compile(
    r"\b(?:niet|geen|nooit|zonder|tenzij|behalve|alleen|uitsluitend|moet|moeten|mag|mogen|kan|kunnen|verplicht|hoogste"
    r"|minste|langer|korter|meer|minder|of)\b"
)
OTHER_FIELD = "Dit veld zegt wat er geldt. Haal het vinkje weg, of zet dit terug."
OTHER_NUMBER = "Hier veranderen getallen. Dat verandert wat er geldt. Haal het vinkje weg, of zet dit terug."
OTHER_LINES = "Hier komen regels bij of gaan regels weg. Haal het vinkje weg, of zet dit terug."
OTHER_WEIGHT = "Hier verandert een woord als ‘niet’, ‘moet’ of ‘of’. Haal het vinkje weg, of zet dit terug."


def meaning_faults(kind: EntryKind, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> dict[str, str]:
    """Why an edit changes what holds, by field; empty for another spelling or other words for the same.

    A person judges whether the words say the same; what no other spelling can bring is refused here: another day, kind
    or successor, another number, a condition more or less, and words that turn a sentence round.
    """
    if before is None:
        return {"id": "Een nieuwe regel verandert altijd wat er geldt. Haal het vinkje weg."}
    faults = {}
    for name in changed_fields(kind, before, after):
        if name not in _MEANING_FREE[kind]:
            faults[name] = OTHER_FIELD
        elif name not in _FOUND_BY and (fault := _fault_in(before.get(name), after.get(name))) is not None:
            faults[name] = fault
    return faults


def _fault_in(before: Any, after: Any) -> str | None:
    if isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            return OTHER_LINES
        return next((fault for pair in zip(before, after, strict=True) if (fault := _fault_in(*pair))), None)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return next(
            (fault for part in {**before, **after} if (fault := _fault_in(before.get(part), after.get(part)))), None
        )
    if isinstance(before, str) and isinstance(after, str):
        if sorted(_NUMBERS.findall(before)) != sorted(_NUMBERS.findall(after)):
            return OTHER_NUMBER
        return OTHER_WEIGHT if _weighing(before) != _weighing(after) else None
    return None if before == after else OTHER_FIELD


def _weighing(text: str) -> list[str]:
    return sorted(_WEIGHING.findall(text.lower()))


def status_on(kind: EntryKind, start: str | None, end: str | None, *, end_is_known: bool, reference: date) -> str:
    """How an entry stands on the day of the catalogue, from its dates as the file writes them.

    Raises ValueError, with a Dutch sentence, when one of the dates is none.
    """
    first = first_day(start) if start else None
    last = last_day(end) if end else None
    if last is not None and last < reference:
        return "vervallen" if kind is EntryKind.LAW else "afgelopen"
    if last is None and not end_is_known:
        return "onbekend"
    if kind is EntryKind.PROVISION and first is not None and first > reference:
        return "toekomstig"
    return "geldend"


Piece = tuple[str, bool]


def marked_words(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; True marks the words that only this one has, with the blanks between two such words."""
    first, second = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for what, start, end, other_start, other_end in matcher.get_opcodes():
        is_inner = start > 0 and end < len(first) and other_start > 0 and other_end < len(second)
        is_changed = what != "equal" or (is_inner and not "".join(first[start:end]).strip())
        _append(left, "".join(first[start:end]), is_changed=is_changed)
        _append(right, "".join(second[other_start:other_end]), is_changed=is_changed)
    return left, right


def _append(pieces: list[Piece], words: str, *, is_changed: bool) -> None:
    if words and pieces and pieces[-1][1] == is_changed:
        pieces[-1] = (pieces[-1][0] + words, is_changed)
    elif words:
        pieces.append((words, is_changed))
