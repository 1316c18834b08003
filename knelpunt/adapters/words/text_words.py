"""Splits a Dutch text into words that know where they stand, with the terms under which each is found."""

from knelpunt.adapters.words.search_terms import WORD, stem_terms
from knelpunt.domain.suggestions.asked import Word


def split_words(text: str) -> list[Word]:
    """The words of a text in its order; a stop word has no terms."""
    return [Word(found[0], found.start(), tuple(stem_terms(found[0]))) for found in WORD.finditer(text)]
