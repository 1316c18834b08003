"""How the fields of the law catalogue are typed in a form and shown beside each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knelpunt.domain.laws.dates import typed_day
from knelpunt.domain.laws.edits import EditStatus, EntryKind, Piece, changed_fields, marked_words
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.web.admin.law_texts.wording_lines import wordings_text
from knelpunt.web.shared.labels.labels import label

FIELD_WORDS = {
    "id": "Sleutel",
    "family": "Bestand",
    "law": "Wet",
    "citation_title": "Naam van de wet",
    "abbreviation": "Afkorting",
    "bwb_id": "Nummer in het wettenbestand (BWB)",
    "kind": "Soort",
    "domain": "Onderwerp",
    "ministry_2026": "Ministerie",
    "ministry_2013": "Ministerie in 2013",
    "in_force_from": "In werking vanaf",
    "in_force_from_note": "Toelichting bij het begin",
    "in_force_to": "In werking tot en met",
    "status_on_reference_date": "Stand op de peildatum",
    "predecessor": "Volgt op deze wetten",
    "successor": "Opgevolgd door deze wetten",
    "case_keys": "Korte namen in ingelezen zaken",
    "counts_as": "Telt mee onder",
    "named_by_client": "Genoemd door de opdrachtgever",
    "mentioned_in_letter": "Genoemd in de Kamerbrief van 2013",
    "known_text_versions": "Bekende tekstversies",
    "history": "Geschiedenis",
    "urls": "Bronnen",
    "article": "Artikel",
    "instrument": "Instrument",
    "room_type": "Soort ruimte",
    "decided_by": "Wie beslist",
    "requested_by": "Wie kan het vragen",
    "deviates_from": "Waarvan wordt afgeweken",
    "max_duration": "Langste duur",
    "conditions": "Voorwaarden",
    "procedure": "Procedure",
    "decision_term": "Beslistermijn",
    "valid_from": "Geldt vanaf",
    "start_known": "Begin is bekend",
    "valid_to": "Geldt tot en met",
    "validity_basis": "Waar de datums op steunen",
    "text_version_read": "Gelezen tekstversie",
    "wordings": "Redacties",
    "replaced_by": "Opgevolgd door deze bepalingen",
    "carry_over": "Overgangsrecht",
    "parliament_role": "Rol van het parlement",
    "trigger_words": "Zoekwoorden",
    "situations": "Herkenbaar aan",
    "sources": "Bronnen",
    "confidence": "Hoe zeker",
    "not_verified": "Niet nagelezen",
}
FILE_ONLY = {
    EntryKind.LAW: {
        "id": "Zaken en pagina's verwijzen ernaar. Daarom verandert een sleutel nooit.",
        "family": "Alleen van belang voor wie met de bestanden werkt.",
        "case_keys": "Ingelezen zaken verwijzen met deze naam naar de wet. Zonder die naam komt een bestand met zaken "
        "niet meer binnen, en kloppen oude cijfers niet.",
        "named_by_client": "Zegt of de wet bij de start van Knelpunt is gevraagd. Dat verandert niet meer.",
    },
    EntryKind.PROVISION: {
        "id": "Zaken en pagina's verwijzen ernaar. Daarom verandert een sleutel nooit.",
        "law": "Zaken zijn onder deze wet beoordeeld. Hoort een bepaling bij een andere wet, maak daar dan een nieuwe.",
    },
}
"""Fields of an entry that only the file changes, and why."""
EDIT_STATUS = {
    EditStatus.PROPOSED: "Wacht op een tweede beheerder",
    EditStatus.APPROVED: "Vastgesteld",
    EditStatus.SENT_BACK: "Teruggegeven",
    EditStatus.WITHDRAWN: "Ingetrokken",
}
BADGES = {
    EditStatus.PROPOSED: "wait",
    EditStatus.APPROVED: "ok",
    EditStatus.SENT_BACK: "danger",
    EditStatus.WITHDRAWN: "muted",
}
BASIS_WORDS = {
    "wet": "Staat in de wet zelf",
    "tekstversie": "Oudste of jongste gevonden tekst",
    "afgeleid": "Afgeleid uit iets anders",
    "geheugen": "Uit vakkennis, niet opgezocht",
}
_LISTS = {"room_type": RoomType, "kind": LawKind, "confidence": Confidence}
_RECORD_WORDS = {
    "years": "jaren",
    "extension": "verlenging",
    "weeks": "weken",
    "extension_weeks": "weken verlenging",
    "tacit_approval": "te laat betekent toestemming",
}
_DUTCH_DAY = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}")
_NUMBER = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?")
_SEPARATOR = "|"


def lines(typed: str | None) -> list[str]:
    """What was typed one a line, without empty lines."""
    return [line.strip() for line in (typed or "").splitlines() if line.strip()]


def date_text(typed: str | None) -> str | None:
    """A date as the catalogue writes it. "1-7-2019" is understood; what is no date comes back as it was typed."""
    text = (typed or "").strip()
    if _DUTCH_DAY.fullmatch(text):
        try:
            return typed_day(re.sub(r"[/. ]", "-", text)).isoformat()
        except ValueError:
            return text
    return text or None


def number(typed: str | None) -> int | float | str | None:
    """A number with a comma or a point; what is no number comes back as it was typed."""
    text = (typed or "").strip()
    if not _NUMBER.fullmatch(text):
        return text or None
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def number_text(value: Any) -> str:
    """A number as it is typed in Dutch."""
    return "" if value is None else str(value).replace(".", ",")


def history_lines(typed: str | None) -> list[dict[str, str | None]]:
    """Events of a law from lines like "2013-07-01 | Verruimd"."""
    found = []
    for line in lines(typed):
        day, _, note = line.partition(_SEPARATOR)
        found.append({"date": date_text(day), "note": note.strip()})
    return found


def history_text(events: Any) -> str:
    """Such lines again."""
    return "\n".join(f"{event.get('date')} {_SEPARATOR} {event.get('note')}" for event in events or [])


def value_text(name: str, value: Any) -> str:
    """A value as a person reads it; empty for nothing."""
    if value is None or value in ([], ""):
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nee"
    if name == "history":
        return history_text(value)
    if name == "wordings":
        return wordings_text(value)
    if name in _LISTS and value in set(_LISTS[name]):
        return label(_LISTS[name](value))
    if name == "validity_basis":
        return BASIS_WORDS.get(value, str(value))
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, Mapping):
        return "\n".join(_record_line(part, each) for part, each in value.items() if each is not None)
    return str(value)


def _record_line(part: str, value: Any) -> str:
    if part == "text":
        return str(value)
    words = ("ja" if value else "nee") if isinstance(value, bool) else number_text(value)
    return f"{_RECORD_WORDS.get(part, part)}: {words}"


def file_only(kind: EntryKind, fields: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What only the file changes of an entry that is there: the field in words, what it says, and why."""
    return [
        (FIELD_WORDS[name], value_text(name, fields.get(name)) or "leeg", why) for name, why in FILE_ONLY[kind].items()
    ]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, in pieces of which the changed ones are marked. ``now`` is set after a conflict."""

    name: str
    words: str
    before: list[Piece]
    after: list[Piece]
    now: str | None


def field_changes(
    kind: EntryKind,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    now: Mapping[str, Any] | None = None,
) -> list[FieldChange]:
    """The fields that differ between two texts of an entry, in the order of the file.

    Args:
        now: what the entry says by now, when that is not ``before`` any more.
    """
    names = changed_fields(kind, before, after)
    if now is not None and before is not None:
        others = set(changed_fields(kind, before, now))
        names = [name for name in kind.fields if name in others or name in names]
    found = []
    for name in names:
        old, new = value_text(name, (before or {}).get(name)), value_text(name, after.get(name))
        left, right = marked_words(old, new)
        is_now = value_text(name, now.get(name)) if now is not None else None
        found.append(FieldChange(name, FIELD_WORDS.get(name, name), left, right, is_now))
    return found
