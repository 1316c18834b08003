"""Looks through the fields of a text for the public, and tells what was found in words."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knelpunt.domain.redaction.finds import Find, Known, counted, finds_in, finds_of

LONGEST_QUOTE = 60
FINGERPRINT = 16


@dataclass(frozen=True, slots=True)
class Found:
    """A find in one field of a text; ``quote`` is what stands there, for who writes or reviews the text."""

    field: str
    find: Find
    quote: str

    @property
    def mark(self) -> dict[str, Any]:
        """Where it stands, as it is kept once a second person let it stand: without the words, but with a fingerprint
        of them, so that other words that come to stand in that place are found again."""
        find = self.find
        words = hashlib.sha256(self.quote.encode()).hexdigest()[:FINGERPRINT]
        return {"field": self.field, "kind": find.kind.value, "start": find.start, "end": find.end, "words": words}


def look_through(fields: Mapping[str, str | None], known: Known) -> tuple[Found, ...]:
    """All that points at a person, field by field."""
    return _looked(fields, known, finds_in)


def look_for(fields: Mapping[str, str | None], known: Known) -> tuple[Found, ...]:
    """Only what points at these people, in texts that were looked through before anybody knew of them."""
    return _looked(fields, known, finds_of)


def _looked(
    fields: Mapping[str, str | None], known: Known, look: Callable[[str, Known], tuple[Find, ...]]
) -> tuple[Found, ...]:
    return tuple(
        Found(field, find, " ".join(text[find.start : find.end].split())[:LONGEST_QUOTE])
        for field, text in fields.items()
        if text
        for find in look(text, known)
    )


def not_passed(found: Iterable[Found], passed: Sequence[Mapping[str, Any]]) -> tuple[Found, ...]:
    """What no second person let stand yet."""
    return tuple(each for each in found if each.mark not in passed)


def in_words(found: Iterable[Found], fields: Mapping[str, str]) -> list[str]:
    """One sentence for each find.

    Args:
        fields: what each field is called, in a sentence.
    """
    return [
        f"In {fields.get(each.field, each.field)} staat een {each.find.kind.value}: ‘{each.quote}’." for each in found
    ]


def kept_of(found: Iterable[Found]) -> dict[str, int]:
    """All that an event keeps of finds that were let stand: how many of each kind."""
    return counted(each.find for each in found)
