"""The descriptive fields of made laws and provisions, as the loader writes them: every field of the catalogue."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from knelpunt.models import Law

SOURCE = "https://wetten.overheid.nl/proef"


def law_details(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What the catalogue says of a law with these columns."""
    return {
        "family": "proef",
        "id": columns["key"],
        "citation_title": columns["citation_title"],
        "abbreviation": columns.get("abbreviation"),
        "bwb_id": columns.get("bwb_id"),
        "kind": columns["kind"],
        "domain": columns["domain"],
        "ministry_2026": columns.get("ministry"),
        "ministry_2013": None,
        "in_force_from": _text(columns.get("in_force_from")),
        "in_force_from_note": None,
        "in_force_to": _text(columns.get("in_force_to")),
        "status_on_reference_date": columns["status"],
        "predecessor": [],
        "successor": [],
        "case_keys": list(columns["case_keys"]),
        "counts_as": None,
        "named_by_client": False,
        "mentioned_in_letter": False,
        "trigger_words": ["proefregel"],
        "situations": ["Een proefregel houdt ons tegen."],
        "known_text_versions": [],
        "history": [],
        "urls": [SOURCE],
        "confidence": columns["confidence"],
        "not_verified": [],
    }


def provision_details(columns: Mapping[str, Any], law: Law) -> dict[str, Any]:
    """What the catalogue says of a provision with these columns."""
    return {
        "id": columns["key"],
        "law": law.key,
        "article": columns["article"],
        "instrument": columns["instrument"],
        "room_type": columns["room_type"],
        "decided_by": "het college",
        "requested_by": None,
        "deviates_from": [],
        "max_duration": None,
        "conditions": [],
        "procedure": None,
        "decision_term": None,
        "valid_from": _text(columns["valid_from"]),
        "start_known": columns["start_is_known"],
        "valid_to": _text(columns.get("valid_to")),
        "validity_basis": "wet",
        "text_version_read": None,
        "wordings": [{"why_not_read": "Een proefregel heeft geen tekst."}],
        "status_on_reference_date": "geldend" if columns["end_is_known"] else "onbekend",
        "replaced_by": [],
        "carry_over": None,
        "parliament_role": None,
        "trigger_words": ["proefbepaling"],
        "situations": ["Een proefbepaling houdt ons tegen."],
        "sources": [SOURCE],
        "confidence": columns["confidence"],
        "not_verified": [],
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
