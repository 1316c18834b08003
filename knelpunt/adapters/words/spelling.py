"""Words that are spelled nearly right: the nearest word that the searched texts know, unless a dictionary knows it."""

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from knelpunt.adapters.words import search_terms

SHORTEST = 4
"""Shorter words have too many neighbours."""
LONG_WORD = 8
"""From this length on two mistakes are forgiven, below it one."""
JOINED = 9
"""A word of this length that is only known as two words written together may still be one that is spelled wrong."""
OFTEN = 3
SHORTEST_PART = 3
SPOKEN_ENDINGS = tuple(
    (re.compile(ending), instead)
    for ending, instead in (
        (r"(?<=[aiou])s$", ""),
        (r"kes?$", ""),
        (r"[estj]kes?$", ""),
        (r"([bdfgklmnprst])\1ies?$", r"\1"),
        (r"([bdfgklmnprst])ies?$", r"\1"),
        (r"(?<=[bdfgklprstv])n$", "en"),
        (r"(?<=[aeou][mn])p?m$", "en"),
    )
)
"""How words end where Dutch is spoken otherwise, and how they are then written: autos, boomke, huissie, kippn."""
SPOKEN_SOUNDS = (
    *(("ao", "a"), ("ao", "aa"), ("uu", "ui"), ("oe", "ui"), ("oe", "oo"), ("ie", "ij"), ("eu", "oe")),
    *(("oa", "aa"), ("oa", "oo"), ("oo", "aa"), ("ae", "aa"), ("sj", "sch"), ("sj", "s"), ("sk", "sch")),
)
"""Sounds of the dialects and the letters that Dutch writes for them."""
_ENTRY = re.compile(rb'"([^"\\ .\'-]{3,30})":')


class Dictionary:
    """The Dutch words with all their forms, sorted in one piece of memory: as objects they would take ten times that.

    They are those of OpenTaal, which the package pyspellchecker ships.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = ("\n" + "\n".join(sorted(set(words))) + "\n").encode()

    def knows(self, word: str) -> bool:
        """Whether this is a word, or several words that Dutch writes as one."""
        return self.lists(word) or self.parts(word) is not None

    def lists(self, word: str) -> bool:
        """Whether the word itself is in the list."""
        wanted = word.encode()
        low, high = 0, len(self._words) - 1
        while low < high:
            start = self._words.rfind(b"\n", 0, (low + high) // 2 + 1) + 1
            end = self._words.find(b"\n", start)
            found = self._words[start:end]
            if found == wanted:
                return True
            if found < wanted:
                low = end
            else:
                high = start - 1
        return False

    def parts(self, word: str) -> tuple[str, str] | None:
        """The two words that Dutch writes as this one, the last of them as long as can be."""
        for at in range(SHORTEST_PART, len(word) - SHORTEST_PART):
            head, tail = word[:at], word[at:]
            if self.lists(tail):
                bare = (head.removesuffix(link) for link in ("", *search_terms.LINKS) if head.endswith(link))
                first = next((part for part in bare if len(part) >= SHORTEST_PART and self.lists(part)), None)
                if first is not None:
                    return first, tail
        return None


@cache
def dictionary() -> Dictionary:
    """Read once, before a server makes its processes, so that they share it."""
    packed = files("spellchecker").joinpath("resources", "nl.json.gz").read_bytes()
    return Dictionary(search_terms.fold(entry[1].decode()) for entry in _ENTRY.finditer(gzip.decompress(packed)))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the searched texts with how often each occurs; ``terms`` are all their stems and parts."""

    counts: dict[str, int]
    terms: frozenset[str]
    words: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Vocabulary":
        """Read the words of texts."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(word for word in search_terms.words_of(text) if len(word) >= SHORTEST and word.isalpha())
        terms = frozenset(term for word in counts for term in search_terms.stem_terms(word))
        return cls(dict(counts), terms, tuple(counts))

    def knows(self, word: str) -> bool:
        """Whether a text has the word itself, another form of it, or all of its parts."""
        if word in self.counts:
            return True
        terms = search_terms.stem_terms(word)
        parts = terms[2:]
        return bool(terms) and (terms[0] in self.terms or bool(parts and all(part in self.terms for part in parts)))

    def nearest(self, word: str) -> str | None:
        """The word that was probably meant; None when the word is known here or in Dutch, short, or like no other."""
        if not self._is_strange(word):
            return None
        if (meant := self._as_spoken(word)) is not None:
            return meant
        most = 2 if len(word) >= LONG_WORD else 1
        found = process.extract(
            word, self.words, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=20, processor=None
        )
        if not found:
            return None
        best = min(found, key=lambda hit: (hit[1], hit[0][0] != word[0], -self.counts[hit[0]], hit[0]))
        return best[0] if self._is_repair(word, best[0], best[1]) else None

    def _as_spoken(self, word: str) -> str | None:
        """The word that is spelled as it sounds in a dialect, if one of these texts has it: straot, huuske, willn."""
        for ending, instead in SPOKEN_ENDINGS:
            if ending.search(word) and (meant := self._sounding(ending.sub(instead, word))) is not None:
                return meant
        return self._sounding(word)

    def _sounding(self, word: str) -> str | None:
        ways = (word, *(word.replace(sound, letters) for sound, letters in SPOKEN_SOUNDS if sound in word))
        return next((way for way in ways if len(way) >= SHORTEST_PART and way in self.counts), None)

    def _is_strange(self, word: str) -> bool:
        """Whether a word may be spelled wrong: neither these texts nor the list of Dutch words have it."""
        return (
            len(word) >= SHORTEST
            and word.isalpha()
            and word not in search_terms.STOP_WORDS
            and not dictionary().lists(word)
            and not self.knows(word)
        )

    def _is_repair(self, word: str, nearest: str, mistakes: float) -> bool:
        """Two real words written together are left alone, unless that is one slip from a common word."""
        if dictionary().parts(word) is None:
            return True
        return len(word) >= JOINED and mistakes == 1 and self.counts[nearest] >= OFTEN and nearest[0] == word[0]

    def divided(self, text: str, knows: Callable[[str], bool]) -> str:
        """A text with two words that are known in place of one that is not: café and herrie for caféherrie.

        Where only the last is known it stands for the whole: a meelfabriek is a fabriek.
        """
        words: list[str] = []
        for word in search_terms.words_of(text):
            is_strange = len(word) >= JOINED and not self.knows(word) and not knows(word)
            parts = dictionary().parts(word) if is_strange else None
            known = tuple(part for part in parts or () if len(part) >= SHORTEST and knows(part))
            words += known if parts and known[-1:] == parts[-1:] else (word,)
        return " ".join(words)

    def corrected(self, text: str) -> str | None:
        """A text with the words that nobody knows replaced by the nearest one; None when nothing changes.

        To look for the nearest takes long: of a text full of such words the first are mended.
        """
        words = search_terms.words_of(text)
        strange = [word for word in dict.fromkeys(words) if self._is_strange(word)][: search_terms.MAX_QUERY_WORDS]
        changed = {word: nearest for word in strange if (nearest := self.nearest(word)) is not None}
        return " ".join(changed.get(word, word) for word in words) if changed else None
