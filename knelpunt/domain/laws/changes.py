"""What counts as a change of the law: another period, another content, a successor; not another word to be found by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from knelpunt.domain.texts import Text


class LawChangeKind(StrEnum):
    """What changed."""

    NEW_VALIDITY = "andere_geldigheid"
    AMENDED = "andere_inhoud"
    SUCCESSOR = "opvolger"
    BILL_ADOPTED = "wetsvoorstel_aangenomen"
    BOTTLENECK_SOLVED = "regelknelpunt_opgelost"


CHANGE_WORDS = {
    LawChangeKind.NEW_VALIDITY: Text("Andere geldigheid"),
    LawChangeKind.AMENDED: Text("Andere inhoud"),
    LawChangeKind.SUCCESSOR: Text("Een opvolger"),
    LawChangeKind.BILL_ADOPTED: Text("Wetsvoorstel aangenomen"),
    LawChangeKind.BOTTLENECK_SOLVED: Text("Regelknelpunt opgelost"),
}


class TouchStatus(StrEnum):
    """What a person decided about one thing that a change may touch."""

    OPEN = "te_beoordelen"
    CONFIRMED = "geraakt"
    REFUSED = "niet_geraakt"
    LAPSED = "vervallen"


class TextFindingStatus(StrEnum):
    """What a person did about an article whose text is no longer the one that was read."""

    OPEN = "te_bekijken"
    CHECKED = "nagekeken"
    EDITED = "wijziging_gemaakt"


PERIOD_FIELDS = frozenset({"valid_from", "valid_to", "in_force_from", "in_force_to", "end_is_known"})
CONTENT_FIELDS = frozenset({"article", "instrument", "room_type"})
CONTENT_DETAILS = ("decided_by", "deviates_from", "max_duration", "conditions", "procedure", "carry_over")
"""The descriptive fields of a provision whose change alters what somebody may do."""


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A change that a load of the catalogue found in one law or provision; ``on_day`` is when it works, if known."""

    kind: LawChangeKind
    law_id: int
    provision_id: int | None
    on_day: date | None
    summary: str


def kind_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> LawChangeKind | None:
    """Whether a row of the catalogue changed in a way that matters to cases, and how; None when it did not.

    Args:
        before: the changed columns as they were, ``details`` included.
        after: the same columns as they are.
    """
    if any(before[name] != after[name] for name in PERIOD_FIELDS & set(after)):
        return LawChangeKind.NEW_VALIDITY
    if any(before[name] != after[name] for name in CONTENT_FIELDS & set(after)):
        return LawChangeKind.AMENDED
    if "details" in after and _content(before["details"]) != _content(after["details"]):
        return LawChangeKind.AMENDED
    return None


def day_of(after: Mapping[str, Any], fallback: date | None = None) -> date | None:
    """The day from which a change works: the day after the new end, or the new start, of the period that changed.

    An end is the last day on which a rule holds, so until then nothing is different.
    """
    for name in ("valid_to", "in_force_to"):
        if isinstance(after.get(name), date):
            last: date = after[name]
            return last + timedelta(days=1)
    for name in ("valid_from", "in_force_from"):
        if isinstance(after.get(name), date):
            first: date = after[name]
            return first
    return fallback


def _content(details: Mapping[str, Any]) -> Iterable[Any]:
    own = [details.get(name) for name in CONTENT_DETAILS]
    return [*own, *filter(None, (_own_content(wording) for wording in details.get("wordings") or ()))]


def _own_content(wording: Mapping[str, Any]) -> dict[str, Any]:
    """What a wording says otherwise than its provision, with the day from which it does."""
    said = {name: wording[name] for name in CONTENT_DETAILS if wording.get(name) is not None}
    return {"valid_from": wording.get("valid_from"), **said} if said else {}
