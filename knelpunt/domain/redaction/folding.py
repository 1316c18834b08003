"""A text without accents, hidden characters and odd spaces, which still knows where each character stood."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby

_LETTERS = {
    "ø": "o",
    "Ø": "O",
    "æ": "ae",
    "Æ": "Ae",
    "ß": "ss",
    "ẞ": "SS",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
}
_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_QUOTES = dict.fromkeys("‘’‛ʼ`´", "'")
PLAIN = {**_LETTERS, **_DASHES, **_QUOTES}
"""What is written for a character of which no accent can be taken off."""
LAST_SIGMA, SIGMA = "ς", "σ"
_LOOKS_LATIN = str.maketrans(
    "АаВвЕеІіЈјКкМмНнОоРрСсТтУуХхЅѕɑɡΑαΒβΕεΖζΗηΙιΚκΜμΝνΟοΡρΤτΥυΧχ",
    "AaBbEeIiJjKkMmHhOoPpCcTtYyXxSsagAaBbEeZzHhIiKkMmNnOoPpTtYyXx",
)
_WORD = re.compile(r"[^\W\d_]+")
_HAS_LATIN = re.compile("[A-Za-z]")
_MARKS = frozenset({"Mn", "Me"})
_HIDDEN = frozenset({"Cf", *_MARKS})


@dataclass(frozen=True)
class Folded:
    """``places[n]`` is where character ``n`` of ``text`` stood in the text as it was written, ``ends[n]`` where what
    belongs to it ended: the marks behind it too."""

    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...]

    @cached_property
    def lower(self) -> str:
        """In small letters, of the same length."""
        lower = self.text.lower()
        if len(lower) != len(self.text):
            lower = "".join(each.lower()[:1] or each for each in self.text)
        return lower.replace(LAST_SIGMA, SIGMA)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the folded text stood."""
        return self.places[start], self.ends[end - 1]

    def is_between(self, place: int) -> bool:
        """Whether a character begins here, or the text ends: not a part of one that was taken apart."""
        return not 0 < place < len(self.places) or self.places[place] != self.places[place - 1]


def fold(text: str) -> Folded:
    """Fold a text: capitals stay."""
    if text.isascii():
        return Folded(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    characters: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    for place, character in enumerate(text):
        if ends and unicodedata.category(character) in _MARKS:
            ends[-1] = place + 1
        for each in unicodedata.normalize("NFKD", character):
            if unicodedata.category(each) not in _HIDDEN:
                plain = PLAIN.get(each, each)
                characters.extend(plain)
                places.extend([place] * len(plain))
                ends.extend([place + 1] * len(plain))
    return Folded("".join(characters), tuple(places), tuple(ends))


def as_it_looks(folded: Folded) -> Folded:
    """With Latin letters for those of another script that look like one, in words that have Latin letters too: nobody
    who reads them sees it. A word that is wholly in another script stays as it is."""
    text = folded.text
    return folded if text.isascii() else replace(folded, text=_WORD.sub(_in_latin, text))


def _in_latin(word: re.Match[str]) -> str:
    return word[0].translate(_LOOKS_LATIN) if _HAS_LATIN.search(word[0]) else word[0]


@lru_cache(maxsize=1)
def hidden_ranges() -> tuple[tuple[str, str], ...]:
    """The first and the last of each row of characters that are left out, for what folds without Python."""

    def runs() -> Iterator[tuple[str, str]]:
        every = map(chr, range(sys.maxunicode + 1))
        for is_hidden, run in groupby(every, lambda each: unicodedata.category(each) in _HIDDEN):
            if is_hidden:
                first, *rest = run
                yield first, rest[-1] if rest else first

    return tuple(runs())
