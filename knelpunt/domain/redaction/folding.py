"""A text without accents, hidden characters and odd spaces, which still knows where each character stood."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property

_LETTERS = {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}
_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_QUOTES = dict.fromkeys("‘’‛ʼ`´", "'")
_PLAIN = {**_LETTERS, **_DASHES, **_QUOTES}
_HIDDEN = frozenset({"Cf", "Mn", "Me"})


@dataclass(frozen=True)
class Folded:
    """``places[n]`` is where character ``n`` of ``text`` stood in the text as it was written."""

    text: str
    places: tuple[int, ...]

    @cached_property
    def lower(self) -> str:
        """In small letters, of the same length."""
        lower = self.text.lower()
        return lower if len(lower) == len(self.text) else "".join(each.lower()[:1] or each for each in self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the folded text stood."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text: capitals stay."""
    if text.isascii():
        return Folded(text, tuple(range(len(text))))
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in unicodedata.normalize("NFKD", character):
            if unicodedata.category(each) not in _HIDDEN:
                plain = _PLAIN.get(each, each)
                characters.extend(plain)
                places.extend([place] * len(plain))
    return Folded("".join(characters), tuple(places))
