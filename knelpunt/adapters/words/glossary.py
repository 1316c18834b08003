"""Questions in another language, in Dutch: by a short list of the words of the field, so that Dutch texts are found."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

import snowballstemmer

from knelpunt.adapters.words.search_terms import SEARCH_DATA, stem_terms, whole_terms, words_of
from knelpunt.domain.languages import Language

STEMMERS = {"en": "english"}
"""What Snowball calls each language that has a list; a language without one is searched as it is typed."""
EVERYDAY, ELSEWHERE, SPOKEN = "everyday_nl.txt", "elsewhere_nl.txt", "spoken_nl.txt"
ASKING = {"asking_nl.txt": "dutch", "asking_en.txt": "english"}
"""The lists of how people ask, with what Snowball calls their language."""
NO_WAY = "nothing"
"""What those lists call phrases with a word in them that only elsewhere tells how somebody asks."""
SHORTEST_JUDGED = 4
"""A shorter word is never called unknown: it may be an abbreviation or a part of a name."""
MOST_IDEAS = 12
MOST_UNKNOWN = 5
STEMS_KEPT = 10_000
"""The stemmer is plain Python: over a text it took a quarter of the page of a public case."""

Idea = tuple[str, ...]
"""Dutch words that each say one thing, the best first."""
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class InDutch:
    """A question as it is searched for: its ideas in the order in which they were asked, and what nobody knows."""

    ideas: tuple[Idea, ...]
    unknown: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All words, to look for a name in."""
        return " ".join(word for idea in self.ideas for word in idea)

    @property
    def spoken(self) -> str:
        """What was searched for, as it is told to who asked."""
        return ", ".join(" of ".join(idea) for idea in self.ideas)


class Glossary:
    """The words of one language with their Dutch; ``lines`` are those of its list in ``data/search``."""

    def __init__(self, lines: Iterable[str], stemmer: str) -> None:
        self._stem = lru_cache(maxsize=STEMS_KEPT)(partial(_stemmed, snowballstemmer.stemmer(stemmer)))
        self._phrases: dict[tuple[str, ...], Idea] = {}
        self._stemmed: dict[tuple[str, ...], Idea] = {}
        for phrase, idea in _entries(lines):
            words = _words(phrase)
            self._phrases[words] = idea
            self._stemmed.setdefault(self._stems(words), idea)
        self._longest = max(map(len, self._phrases), default=0)

    def in_dutch(self, text: str, knows: Callable[[str], bool]) -> InDutch | None:
        """A text in Dutch, the longest phrases first; None when no word of it is in the list.

        A word that is not in the list stays as it is, for it may be Dutch or a name, unless no Dutch text has it.

        Args:
            knows: whether the texts that are searched have a word.
        """
        words = _words(text)
        stems = self._stems(words)
        ideas: dict[Idea, None] = {}
        unknown: dict[str, None] = {}
        place, is_listed = 0, False
        while place < len(words):
            length, idea = self._longest_at(words, stems, place)
            if length:
                is_listed = is_listed or bool(idea)
                if idea:
                    ideas[idea] = None
            elif len(words[place]) < SHORTEST_JUDGED or not words[place].isalpha() or knows(words[place]):
                ideas[(words[place],)] = None
            else:
                unknown[words[place]] = None
            place += length or 1
        if not is_listed:
            return None
        return InDutch(tuple(ideas)[:MOST_IDEAS], tuple(unknown)[:MOST_UNKNOWN])

    def lists(self, word: str) -> bool:
        """Whether the list has this word, if only to leave it out of a question."""
        return (word,) in self._phrases

    def is_idle(self, phrase: str) -> bool:
        """Whether the list has these words without any that say the same: nobody asks for anything with them."""
        words = _words(phrase)
        return not self._phrases.get(words, self._stemmed.get(self._stems(words), ("",)))

    def is_named(self, text: str) -> bool:
        """Whether a text has a word or phrase of the list."""
        words = _words(text)
        stems = self._stems(words)
        return any(self._longest_at(words, stems, place)[0] for place in range(len(words)))

    def without(self, text: str) -> str:
        """The words of a text that are in no phrase of the list; a comma stands where one was."""
        words = _words(text)
        stems = self._stems(words)
        left, place = [], 0
        while place < len(words):
            length, _ = self._longest_at(words, stems, place)
            left.append("," if length else words[place])
            place += length or 1
        return " ".join(left)

    def ideas(self, text: str) -> tuple[Idea, ...]:
        """What each word or phrase of a Dutch text says: itself, and the words of the list that are looked for too."""
        words = _words(text)
        stems = self._stems(words)
        found: dict[Idea, None] = {}
        place = 0
        while place < len(words):
            length, idea = self._longest_at(words, stems, place)
            typed = " ".join(words[place : place + (length or 1)])
            found[tuple(dict.fromkeys((typed, *idea)))] = None
            place += length or 1
        return tuple(found)

    def _longest_at(self, words: tuple[str, ...], stems: tuple[str, ...], place: int) -> tuple[int, Idea]:
        """The longest phrase of the list from this place on, by its words or else by their stems: its length, its idea.

        A building is none of the forms of to build, though they share a stem.
        """
        for length in range(min(self._longest, len(words) - place), 0, -1):
            end = place + length
            idea = self._phrases.get(words[place:end], self._stemmed.get(stems[place:end]))
            if idea is not None:
                return length, idea
        return 0, ()

    def _stems(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self._stem, words))


def _stemmed(stemmer: Any, word: str) -> str:
    """The stem of a word; a stemmer does one word at a time."""
    with _lock:
        stem: str = stemmer.stemWord(word)
        return stem


def _words(text: str) -> tuple[str, ...]:
    return tuple(part for word in words_of(text) for part in word.split("-"))


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, Idea]]:
    """Each phrase with its Dutch words, none for one that is left out of a question."""
    for line in lines:
        if line.strip() and not line.startswith("#"):
            phrases, _, dutch = line.partition("=")
            idea = tuple(word.strip() for word in dutch.split(",") if word.strip())
            yield from ((phrase.strip(), idea) for phrase in phrases.split(","))


@cache
def glossary(language: Language) -> Glossary | None:
    """The list of a language; None for Dutch, and for a language that has none."""
    if language.code not in STEMMERS:
        return None
    lines = (SEARCH_DATA / f"glossary_{language.code}.txt").read_text(encoding="utf-8").splitlines()
    return Glossary(lines, STEMMERS[language.code])


@cache
def everyday() -> Glossary:
    """Everyday and regional Dutch, with the words in which answers are written."""
    return Glossary((SEARCH_DATA / EVERYDAY).read_text(encoding="utf-8").splitlines(), "dutch")


@cache
def elsewhere() -> Glossary:
    """What other desks are asked, and never this one."""
    return Glossary((SEARCH_DATA / ELSEWHERE).read_text(encoding="utf-8").splitlines(), "dutch")


def ways_of_asking(text: str, *, is_english: bool) -> frozenset[str]:
    """How somebody asks, apart from what is asked about: together, of a rule, with a plan, for something practical that
    is asked of us as well, or for a service."""
    lists = _asking("asking_en.txt" if is_english else "asking_nl.txt")
    asked = lists[NO_WAY].without(text) if NO_WAY in lists else text
    return frozenset(kind for kind, words in lists.items() if kind != NO_WAY and words.is_named(asked))


@cache
def _asking(name: str) -> dict[str, Glossary]:
    lines: dict[str, list[str]] = {}
    for kind, words in _keyed(name):
        lines.setdefault(kind, []).append(words)
    return {kind: Glossary(words, ASKING[name]) for kind, words in lines.items()}


@dataclass(frozen=True, slots=True)
class Speech:
    """Of what people speak with a word, as slugs of ruimtewijzers and keys of situations: often, or now and then."""

    often: tuple[str, ...] = ()
    sometimes: tuple[str, ...] = ()


@cache
def spoken() -> dict[str, Speech]:
    """Per term of which answers people speak with it."""
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for key, lists in _spoken():
        for place, words in enumerate(lists):
            for term in (term for word in words_of(words) for term in whole_terms(word)):
                found.setdefault(term, ({}, {}))[place][key] = None
    return {
        term: Speech(tuple(often), tuple(key for key in rest if key not in often))
        for term, (often, rest) in found.items()
    }


@cache
def spoken_of() -> tuple[str, ...]:
    """Of what the list has words: slugs of ruimtewijzers, keys of situations and names of laws."""
    return tuple(key for key, _ in _spoken())


def spoken_words() -> list[str]:
    """All those words, for who mends slips of the pen."""
    return [words for _, lists in _spoken() for words in lists]


def _spoken() -> Iterator[tuple[str, tuple[str, str]]]:
    for key, words in _keyed(SPOKEN):
        often, _, sometimes = words.partition(";")
        yield key, (often, sometimes)


def _keyed(name: str) -> Iterator[tuple[str, str]]:
    """The lines of a list of which each has a key before its words."""
    for line in (SEARCH_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, words = line.partition("=")
            yield key.strip(), words


def idea_terms(idea: Idea) -> list[str]:
    """The terms under which the words of an idea stand in the index: whole words, because parts would find too much."""
    return list(dict.fromkeys(term for text in idea for word in words_of(text) for term in stem_terms(word)[:2]))
