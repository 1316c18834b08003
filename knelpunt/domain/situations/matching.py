"""Finds the situations that a text tells of: whose facts all stand in it, and preferably near each other.

Words are compared as they are written, without capitals and accents; a star in a pattern stands for the rest of a word.
So a match can be followed with the eye: each fact that was found comes with its words and where they stand.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from knelpunt.domain.situations.schema import Ask, Fact, Situation, patterns_of

_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"\.\.|\*?[^\W_]+\*?|\*")
ANY = "*"
GAP = 4
"""Two dots in a pattern stand for at most so many words."""
SUPPORT = 0.4
AGAINST = 1.0
"""What a fact counts that makes a situation likelier or less so; each fact that must be there counts 1."""
EVERY_WORD_MORE = 0.1
MOST_WORDS_MORE = 3
"""A second and third different word for the same fact makes it surer."""
IN_TITLE = 0.15
NEAR, FAR = 30, 90
"""Within so many words facts belong together; beyond that they may be of different stories."""
HALF_NEAR, NOT_NEAR = 0.9, 0.7
MISSING = 0.5
"""How much of a situation is left when one of its three or more facts was not found."""
WORTH_SHOWING = 0.6
"""Situations that fit less than this share of the best one are left out."""
MOST_SHOWN = 3
LONGEST_TEXT = 40_000
LONGEST_WORD = 60
"""No word of Dutch is longer; what is stands in no pattern and would take long to compare."""

Fold = Callable[[str], str]
"""Lower case without accents; given by an adapter, so that all texts are folded alike."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact with the words of the text by which it was found, each with its first and last place."""

    says: str
    words: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class FoundSituation:
    """A situation that may be at stake, and why. ``missing`` are facts that the text does not tell.

    ``strength`` orders situations: 1 for each fact that must be there, corrected for what else the text tells. It is no
    chance, and a situation is never a fact.
    """

    situation: Situation
    strength: float
    facts: tuple[FoundFact, ...]
    supports: tuple[FoundFact, ...]
    against: tuple[FoundFact, ...]
    missing: tuple[str, ...]
    asks: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.situation.key

    @property
    def is_whole(self) -> bool:
        """Whether each fact that must be there was found and nothing speaks against it."""
        return not self.missing and not self.against

    @property
    def words(self) -> tuple[str, ...]:
        """The words that led to it, each once, in the order of the facts."""
        found = (word for fact in (*self.facts, *self.supports) for word in fact.words)
        return tuple({word.casefold(): word for word in found}.values())


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    folded: str
    start: int
    end: int


_NONE: frozenset[str] = frozenset()
_Hits = Mapping[str, tuple[Span, ...]]
"""Per pattern the first and last token of each place where it stands."""


class _Atoms:
    """The single words of all patterns, found by what a word is, begins with, ends in or holds."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by: dict[str, dict[str, str]] = {"is": {}, "begins": {}, "ends": {}, "holds": {}}
        for word in words:
            how = "holds" if word[0] == word[-1] == "*" else "ends" if word[0] == "*" else ""
            how = how or ("begins" if word[-1] == "*" else "is")
            self._by[how][word.strip("*")] = word
        self.of = lru_cache(maxsize=4_000)(self._of)

    def _of(self, word: str) -> frozenset[str]:
        found = {self._by["is"][word]} if word in self._by["is"] else set()
        for at in range(1, len(word) + 1):
            if (head := self._by["begins"].get(word[:at])) is not None:
                found.add(head)
            if (tail := self._by["ends"].get(word[len(word) - at :])) is not None:
                found.add(tail)
        found.update(whole for part, whole in self._by["holds"].items() if part in word)
        return frozenset(found)


class Matcher:
    """All situations, ready to be compared with texts. Built once; asking changes nothing."""

    def __init__(self, situations: Sequence[Situation], groups: Mapping[str, Sequence[str]], fold: Fold) -> None:
        self.situations = tuple(situations)
        self.by_key = {one.key: one for one in situations}
        self._fold = fold
        self._groups = {name: tuple(patterns) for name, patterns in groups.items()}
        used = {pattern for one in situations for pattern in self._patterns(patterns_of(one))}
        self._phrases = {pattern: tuple(_PART.findall(fold(pattern))) for pattern in sorted(used)}
        self._atoms = _Atoms({part for parts in self._phrases.values() for part in parts} - {"..", ANY})
        self._starting: dict[str, list[str]] = defaultdict(list)
        for pattern, parts in self._phrases.items():
            self._starting[parts[0]].append(pattern)
        self._having: dict[str, list[str]] = defaultdict(list)
        for one in situations:
            for pattern in {each for fact in (*one.facts, *one.supports) for each in self._patterns(fact.words)}:
                self._having[pattern].append(one.key)

    def match(
        self,
        text: str,
        on: date | None = None,
        *,
        title: str = "",
        chosen: str | None = None,
        without: Collection[str] = (),
        most: int = MOST_SHOWN,
    ) -> tuple[FoundSituation, ...]:
        """The situations that a text tells of, the best first; none when no situation has its facts in it.

        Args:
            on: the day of the case; situations of another time are left out.
            chosen: the key of the situation that a person chose; it stands alone, with what the text tells of it.
            without: keys of situations that somebody refused.
            title: stands before the text, and counts a little more. Places are those in title, line end and text.
        """
        whole = (f"{title}\n{text}" if title else text)[:LONGEST_TEXT]
        tokens = self._tokens(whole)
        hits = self._hits(tokens)
        if chosen is not None and chosen in self.by_key:
            return (self._told(self.by_key[chosen], tokens, hits, len(title)),)
        found = [
            one
            for situation in self.situations
            if situation.key not in without
            and _is_of(situation, on)
            and (one := self._found(situation, tokens, hits, len(title))) is not None
        ]
        found.sort(key=lambda one: (-one.strength, one.key))
        least = WORTH_SHOWING * found[0].strength if found else 0.0
        return tuple(one for one in found if one.strength >= least)[:most]

    def words_of(self, texts: Iterable[str]) -> dict[str, frozenset[str]]:
        """Per key of a situation the folded words of these texts that stand in one of its facts; none is needed."""
        found: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            tokens = self._tokens(text[:LONGEST_TEXT])
            for pattern, spans in self._hits(tokens).items():
                words = {tokens[place].folded for first, last in spans for place in range(first, last + 1)}
                for key in self._having[pattern]:
                    found[key] |= words
        return {key: frozenset(words) for key, words in found.items()}

    def _tokens(self, text: str) -> list[_Token]:
        return [_Token(each[0], self._fold(each[0]), each.start(), each.end()) for each in _WORD.finditer(text)]

    def _hits(self, tokens: Sequence[_Token]) -> _Hits:
        atoms = [self._atoms.of(token.folded) if len(token.folded) <= LONGEST_WORD else _NONE for token in tokens]
        hits: dict[str, list[Span]] = defaultdict(list)
        for place, found in enumerate(atoms):
            for atom in (*found, ANY):
                for pattern in self._starting.get(atom, ()):
                    end = _end_of(self._phrases[pattern], atoms, place)
                    if end is not None:
                        hits[pattern].append((place, end))
        return {pattern: tuple(spans) for pattern, spans in hits.items()}

    def _found(self, situation: Situation, tokens: Sequence[_Token], hits: _Hits, title: int) -> FoundSituation | None:
        """A situation whose facts are there: all of them, or the first and all but one of at least three."""
        there = [any(pattern in hits for pattern in self._patterns(fact.words)) for fact in situation.facts]
        if not there[0] or sum(there) < max(2, len(there) - 1):
            return None
        told = self._told(situation, tokens, hits, title)
        return told if told.strength >= 1 else None

    def _told(self, situation: Situation, tokens: Sequence[_Token], hits: _Hits, title: int) -> FoundSituation:
        """A situation with all that a text tells of it."""
        spans = {fact.says: self._spans(fact, hits) for fact in situation.facts}
        facts = tuple(_found_fact(fact, spans[fact.says], tokens) for fact in situation.facts if spans[fact.says])
        supports = tuple(self._these(situation.supports, tokens, hits))
        against = tuple(self._these(situation.against, tokens, hits))
        strength = sum(
            1
            + EVERY_WORD_MORE * min(MOST_WORDS_MORE, len({word.casefold() for word in fact.words}) - 1)
            + IN_TITLE * any(start < title for start, _ in fact.spans)
            for fact in facts
        )
        strength += SUPPORT * len(supports) - AGAINST * len(against)
        strength *= _nearness([found for found in spans.values() if found])
        missing = tuple(fact.says for fact in situation.facts if not spans[fact.says])
        if missing:
            strength *= MISSING
        return FoundSituation(
            situation=situation,
            strength=round(strength, 3),
            facts=facts,
            supports=supports,
            against=against,
            missing=missing,
            asks=tuple(each.ask for each in situation.asks if not self._is_told(each, hits)),
        )

    def _these(self, facts: Iterable[Fact], tokens: Sequence[_Token], hits: _Hits) -> Iterator[FoundFact]:
        for fact in facts:
            if spans := self._spans(fact, hits):
                yield _found_fact(fact, spans, tokens)

    def _is_told(self, ask: Ask, hits: _Hits) -> bool:
        return any(pattern in hits for pattern in self._patterns(ask.told_by))

    def _spans(self, fact: Fact, hits: _Hits) -> list[Span]:
        """Where a fact stands, in order; what stands within a longer phrase does not count again."""
        found = {span for pattern in self._patterns(fact.words) for span in hits.get(pattern, ())}
        kept: list[Span] = []
        for first, last in sorted(found, key=lambda span: (span[0], -span[1])):
            if not kept or last > kept[-1][1]:
                kept.append((first, last))
        return kept

    def _patterns(self, words: Iterable[str]) -> Iterator[str]:
        for word in words:
            if word.startswith("@"):
                yield from self._groups[word[1:]]
            else:
                yield word


def _is_of(situation: Situation, on: date | None) -> bool:
    if on is None:
        return True
    return (situation.valid_from is None or situation.valid_from <= on) and (
        situation.valid_to is None or on <= situation.valid_to
    )


def _end_of(parts: Sequence[str], atoms: Sequence[frozenset[str]], place: int) -> int | None:
    """The last token of a phrase that begins at this place; None when it does not stand there whole."""
    at, may_skip = place, False
    for part in parts[1:]:
        if part == "..":
            may_skip = True
            continue
        last = at + 1 + (GAP if may_skip else 0)
        after = next(
            (each for each in range(at + 1, min(last, len(atoms) - 1) + 1) if part == ANY or part in atoms[each]), None
        )
        if after is None:
            return None
        at, may_skip = after, False
    return at


def _found_fact(fact: Fact, spans: Sequence[Span], tokens: Sequence[_Token]) -> FoundFact:
    words = (" ".join(token.text for token in tokens[first : last + 1]) for first, last in spans)
    return FoundFact(
        says=fact.says,
        words=tuple({word.casefold(): word for word in words}.values()),
        spans=tuple((tokens[first].start, tokens[last].end) for first, last in spans),
    )


def _nearness(found: Sequence[Sequence[Span]]) -> float:
    """1 when all facts stand near each other somewhere, less when they are spread over the text."""
    places = sorted((first, number) for number, spans in enumerate(found) for first, _ in spans)
    seen: dict[int, int] = {}
    best = None
    for place, number in places:
        seen[number] = place
        if len(seen) == len(found):
            width = place - min(seen.values())
            best = width if best is None else min(best, width)
    if best is None or best <= NEAR:
        return 1.0
    return HALF_NEAR if best <= FAR else NOT_NEAR
