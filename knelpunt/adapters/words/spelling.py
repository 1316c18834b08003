"""Words that are spelled nearly right: the nearest word that the searched texts know."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from knelpunt.adapters.words import search_terms

SHORTEST = 4
"""Shorter words have too many neighbours."""
LONG_WORD = 8
"""From this length on two mistakes are forgiven, below it one."""


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
        """The word that was probably meant; None when the word is known, short, or like no other."""
        if len(word) < SHORTEST or not word.isalpha() or self.knows(word):
            return None
        most = 2 if len(word) >= LONG_WORD else 1
        found = process.extract(
            word, self.words, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=20, processor=None
        )
        if not found:
            return None
        best = min(found, key=lambda hit: (hit[1], hit[0][0] != word[0], -self.counts[hit[0]], hit[0]))
        return best[0]

    def corrected(self, text: str) -> str | None:
        """A text with every word that nobody knows replaced by the nearest one; None when nothing changes."""
        changed = {}
        for word in search_terms.words_of(text):
            nearest = self.nearest(word)
            if nearest is not None:
                changed[word] = nearest
        if not changed:
            return None
        return " ".join(changed.get(word, word) for word in search_terms.words_of(text))
