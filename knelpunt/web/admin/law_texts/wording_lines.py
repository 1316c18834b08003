"""How the wordings of a provision are typed in one field: a block for each, with a word and a value on each line."""

from collections.abc import Iterator, Mapping
from typing import Any

from knelpunt.domain.laws.schema import WordingFields

WORDS = {
    "valid_from": "vanaf",
    "read_on": "gelezen tekst",
    "checked_through": "gelijk tot en met",
    "source": "gelezen in",
    "articles": "artikel",
    "text_hash": "afdruk",
    "confidence": "zekerheid",
    "staatsblad": "staatsblad",
    "dossier": "dossier",
    "change": "wijziging",
    "why_not_read": "niet gelezen omdat",
    "decided_by": "beslist",
    "deviates_from": "afwijking",
    "conditions": "voorwaarde",
    "max_duration": "duur",
    "decision_term": "termijn",
}
"""The word before each value; one that names a list may come more than once."""
HINT = (
    "Een blok per redactie, met een lege regel ertussen. De eerste begint met de bepaling, elke volgende met een regel "
    "als ‘vanaf: 2019-06-19’. Zeg ‘gelezen tekst’ en ‘gelezen in’, of ‘niet gelezen omdat’. Wat een redactie niet "
    "noemt, is zoals hierboven staat. Leeg: de tekst is niet gelezen."
)
NOTHING_SAID = "De tekst is niet gelezen."
_NAMES = {word: name for name, word in WORDS.items()}
_LISTS = frozenset({"articles", "deviates_from", "conditions"})
_RECORDS = {
    "max_duration": ("text", "years", "extension"),
    "decision_term": ("text", "weeks", "extension_weeks", "tacit_approval"),
}
_SEPARATOR = "|"
_YES_NO = {"ja": True, "nee": False}


def wordings_text(wordings: Any) -> str:
    """Wordings as the file writes them, in blocks of lines."""
    return "\n\n".join("\n".join(_lines(one)) for one in wordings or [])


def _lines(one: Mapping[str, Any]) -> Iterator[str]:
    for name in WordingFields.__struct_fields__:
        value = one.get(name)
        if value is None or value == []:
            continue
        word = WORDS[name]
        if name in _RECORDS:
            parts = [_typed(value.get(part)) for part in _RECORDS[name]]
            yield f"{word}: {f' {_SEPARATOR} '.join(parts).rstrip(f' {_SEPARATOR}')}"
        elif name in _LISTS:
            yield from (f"{word}: {each}" for each in value)
        else:
            yield f"{word}: {value}"


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return "" if value is None else str(value)


def wordings_typed(text: str | None) -> list[dict[str, Any]]:
    """Such blocks as the file writes them. What cannot be read stays as it was typed, for the rules of the file."""
    blocks: list[dict[str, Any]] = []
    is_new = True
    for line in (text or "").splitlines():
        if not line.strip():
            is_new = True
            continue
        if is_new:
            blocks.append({})
            is_new = False
        word, _, value = line.partition(":")
        _put(blocks[-1], _NAMES.get(word.strip().lower(), word.strip()), value.strip())
    return blocks or [{"why_not_read": NOTHING_SAID}]


def _put(block: dict[str, Any], name: str, value: str) -> None:
    if name in _LISTS:
        block.setdefault(name, []).append(value)
    elif name in _RECORDS:
        parts = [part.strip() for part in value.split(_SEPARATOR)]
        names = _RECORDS[name]
        block[name] = {part: _value(part, given) for part, given in zip(names, parts, strict=False)}
        block[name] |= dict.fromkeys(names[len(parts) :])
    else:
        block[name] = value


def _value(part: str, given: str) -> Any:
    if part in ("text", "extension"):
        return given or None
    if part == "tacit_approval":
        return _YES_NO.get(given.lower(), given or None)
    try:
        number = float(given.replace(",", "."))
    except ValueError:
        return given or None
    return int(number) if number.is_integer() else number
