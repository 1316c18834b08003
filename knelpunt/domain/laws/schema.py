"""Which fields a law and a provision have in the catalogue file, and what each of them may hold."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from knelpunt.domain.laws.dates import first_day

Check = Callable[[Any], str | None]


class RoomType(StrEnum):
    """The kinds of room a rule can leave, from the lightest step to the heaviest."""

    WITHIN_RULES = "binnen bestaande regels"
    ONTHEFFING = "maatwerk/ontheffing"
    AREA = "gebiedsaanwijzing"
    EXPERIMENT = "experimenteerbepaling"
    AMVB_CHANGE = "wijziging AMvB/regeling nodig"
    LAW_CHANGE = "wetswijziging nodig"

    @property
    def order(self) -> int:
        """1 for the lightest step, 6 for the heaviest."""
        return list(RoomType).index(self) + 1


class LawKind(StrEnum):
    """What kind of rule it is; ``COLLECTIVE`` is a name for many rules that have no place in the national register."""

    WET = "wet"
    AMVB = "amvb"
    MINISTERIELE_REGELING = "regeling"
    EUROPEAN = "europees"
    COLLECTIVE = "verzamelnaam"


class Confidence(StrEnum):
    """How sure the catalogue is: read, partly read or from a secondary source, or from professional knowledge only."""

    VERIFIED = "verified"
    PARTLY = "partly"
    MEMORY = "memory"


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "moet een tekst zijn"


def _number(value: Any) -> str | None:
    return None if type(value) in (int, float) and value > 0 else "moet een getal boven nul zijn"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "moet true of false zijn"


def _matching(pattern: str, words: str) -> Check:
    shape = re.compile(pattern)

    def check(value: Any) -> str | None:
        return None if isinstance(value, str) and shape.fullmatch(value) else f"moet {words} zijn"

    return check


def is_date(value: Any) -> str | None:
    if not isinstance(value, str):
        return "moet een datum als tekst zijn"
    try:
        first_day(value)
    except ValueError as error:
        return str(error)
    return None


def _one_of(*allowed: str) -> Check:
    def check(value: Any) -> str | None:
        return None if value in allowed else f"moet een van deze zijn: {', '.join(allowed)}"

    return check


def _optional(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _list_of(check: Check) -> Check:
    def check_all(value: Any) -> str | None:
        if not isinstance(value, list):
            return "moet een lijst zijn"
        for number, item in enumerate(value, 1):
            if problem := check(item):
                return f"regel {number}: {problem}"
        return None

    return check_all


def _record(**fields: Check) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return "moet velden hebben"
        if set(value) != set(fields):
            return f"moet precies deze velden hebben: {', '.join(fields)}"
        for name, field_check in fields.items():
            if problem := field_check(value[name]):
                return f"{name}: {problem}"
        return None

    return check


_KEY = _matching(r"[a-z0-9][a-z0-9.-]{0,59}", "een sleutel van kleine letters, cijfers, punten en streepjes")
_URL = _matching(r"https?://[^\s<>\"]+", "een webadres")
_TEXTS = _list_of(_text)
_CONFIDENCE = _one_of(*Confidence)


def _some(check: Check) -> Check:
    return lambda value: "moet ten minste een tekst noemen" if value == [] else check(value)


_SOME_TEXTS = _some(_TEXTS)

_EVENT: Mapping[str, Check] = {"date": is_date, "note": _text}
_DURATION: Mapping[str, Check] = {"text": _text, "years": _optional(_number), "extension": _optional(_text)}
_TERM: Mapping[str, Check] = {
    "text": _text,
    "weeks": _optional(_number),
    "extension_weeks": _optional(_number),
    "tacit_approval": _optional(_flag),
}
_RECORDS = {"history": _EVENT, "max_duration": _DURATION, "decision_term": _TERM}

LAW_FIELDS: Mapping[str, Check] = {
    "family": _KEY,
    "id": _KEY,
    "citation_title": _text,
    "abbreviation": _optional(_text),
    "bwb_id": _optional(_matching(r"BWBR\d{7}", "een nummer als BWBR0037885")),
    "kind": _one_of(*LawKind),
    "domain": _text,
    "ministry_2026": _optional(_text),
    "ministry_2013": _optional(_text),
    "in_force_from": _optional(is_date),
    "in_force_from_note": _optional(_text),
    "in_force_to": _optional(is_date),
    "status_on_reference_date": _one_of("geldend", "vervallen", "onbekend"),
    "predecessor": _list_of(_KEY),
    "successor": _list_of(_KEY),
    "case_keys": _list_of(_KEY),
    "counts_as": _optional(_KEY),
    "named_by_client": _flag,
    "mentioned_in_letter": _flag,
    "trigger_words": _SOME_TEXTS,
    "situations": _SOME_TEXTS,
    "known_text_versions": _list_of(is_date),
    "history": _list_of(_record(**_EVENT)),
    "urls": _list_of(_URL),
    "confidence": _CONFIDENCE,
    "not_verified": _TEXTS,
}

PROVISION_FIELDS: Mapping[str, Check] = {
    "id": _KEY,
    "law": _KEY,
    "article": _text,
    "instrument": _text,
    "room_type": _one_of(*RoomType),
    "decided_by": _text,
    "requested_by": _optional(_text),
    "deviates_from": _TEXTS,
    "max_duration": _optional(_record(**_DURATION)),
    "conditions": _TEXTS,
    "procedure": _optional(_text),
    "decision_term": _optional(_record(**_TERM)),
    "valid_from": _optional(is_date),
    "start_known": _flag,
    "valid_to": _optional(is_date),
    "validity_basis": _one_of("wet", "tekstversie", "afgeleid", "geheugen"),
    "text_version_read": _optional(_text),
    "text_checked_from": _optional(is_date),
    "status_on_reference_date": _one_of("geldend", "afgelopen", "toekomstig", "onbekend"),
    "replaced_by": _list_of(_KEY),
    "carry_over": _optional(_text),
    "parliament_role": _optional(_text),
    "trigger_words": _SOME_TEXTS,
    "situations": _SOME_TEXTS,
    "sources": _some(_list_of(_URL)),
    "confidence": _CONFIDENCE,
    "not_verified": _TEXTS,
}


def in_file_order(entry: Mapping[str, Any], fields: Mapping[str, Check]) -> dict[str, Any]:
    """An entry with its fields, and those of the records in it, in the order in which the files have them.

    The database keeps no order. A field that the schema does not know comes last.
    """
    return {name: _record_in_order(name, value) for name, value in _ordered(entry, fields).items()}


def _record_in_order(name: str, value: Any) -> Any:
    if name not in _RECORDS:
        return value
    if isinstance(value, list):
        return [_record_in_order(name, one) for one in value]
    return _ordered(value, _RECORDS[name]) if isinstance(value, Mapping) else value


def _ordered(values: Mapping[str, Any], fields: Mapping[str, Check]) -> dict[str, Any]:
    known = {name: values[name] for name in fields if name in values}
    return known | {name: value for name, value in values.items() if name not in fields}
