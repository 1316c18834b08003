"""Earlier cases that a person has judged, as examples: which of them are like a text, and what they were about."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.vocabulary import SubmitterKind

LEAST_LIKENESS = 0.03
MOST_BELIEF = 0.9
"""An example with the very same words still leaves room for doubt."""
BELIEF_POWER = 3
SHARE_POWER = 4
SAME_TEXT = 0.8
"""Two texts from one source that are this much alike are told to be the same one."""
MOST_EXAMPLES = 5_000
"""More than this are not kept in memory; the first ones given are."""


@dataclass(frozen=True, slots=True)
class Example:
    """One earlier case and what a person said of it. Laws are named by the key under which real cases count them.

    ``room`` holds the laws that offered room or, where there was none, that the case turned on; ``blocking`` those
    that stood in the way; ``refused`` the laws that somebody said it is not about. ``number`` is the number of the
    case where it stands in the register.
    """

    key: str
    terms: frozenset[str]
    room: tuple[str, ...]
    blocking: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    year: int | None = None
    submitter_kind: SubmitterKind | None = None
    title: str = ""
    source: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An example that is like the text: how much (0 to 1), and by which terms, the most telling first."""

    example: Example
    likeness: float
    shared: tuple[str, ...]


class ExampleIndex:
    """Examples that can be compared with a text. Equal input gives equal output; ties go by key."""

    def __init__(self, examples: Iterable[Example], rarity: Mapping[str, float] | None = None) -> None:
        """``rarity`` says how much a term tells elsewhere; the examples themselves are counted otherwise."""
        self.examples = tuple(examples)[:MOST_EXAMPLES]
        counts: dict[str, int] = defaultdict(int)
        for example in self.examples:
            for term in example.terms:
                counts[term] += 1
        size = len(self.examples)
        self._unknown = math.log(1 + (size + 1) / 0.5)
        self.rarity = rarity or {term: math.log(1 + (size + 1) / (count + 0.5)) for term, count in counts.items()}
        self._lengths = [self._length(example.terms) for example in self.examples]
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, example in enumerate(self.examples):
            for term in example.terms:
                self._places[term].append(place)

    def rarity_of(self, term: str) -> float:
        return self.rarity.get(term, self._unknown)

    def _length(self, terms: Iterable[str]) -> float:
        rarity, unknown = self.rarity, self._unknown
        # fsum is exact, so that the order of a set does not show in the last digit.
        return math.sqrt(math.fsum([rarity.get(term, unknown) ** 2 for term in terms])) or 1.0

    def neighbours(self, terms: frozenset[str], without: frozenset[str] = frozenset()) -> list[Neighbour]:
        """The examples that share something with the text, most alike first. ``without``: keys that do not count."""
        products: dict[int, float] = defaultdict(float)
        shared: dict[int, list[str]] = defaultdict(list)
        for term in sorted(terms):
            weight = self.rarity_of(term) ** 2
            for place in self._places.get(term, ()):
                products[place] += weight
                shared[place].append(term)
        length = self._length(terms)
        found = []
        for place, product in products.items():
            example = self.examples[place]
            likeness = product / (length * self._lengths[place])
            if likeness >= LEAST_LIKENESS and example.key not in without:
                telling = sorted(shared[place], key=lambda term: (-self.rarity_of(term), term))
                found.append(Neighbour(example, likeness, tuple(telling)))
        return sorted(found, key=lambda one: (-one.likeness, one.example.key))

    def likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """How much two texts are alike, from 0 to 1."""
        product = math.fsum([self.rarity_of(term) ** 2 for term in one & other])
        return product / (self._length(one) * self._length(other))


def votes(neighbours: Sequence[Neighbour]) -> dict[str, float]:
    """Per law, the weight of the examples that turned on it; what was refused for them counts against it.

    A likeness counts by its square, so that one good example outweighs many poor ones.
    """
    total: dict[str, float] = defaultdict(float)
    for one in neighbours:
        weight = one.likeness**2
        for law in one.example.room:
            total[law] += weight / len(one.example.room)
        for law in one.example.refused:
            total[law] -= weight
    return {law: math.sqrt(weight) for law, weight in total.items() if weight > 0}


@dataclass(frozen=True, slots=True)
class Precedent:
    """What the examples most like a text say by themselves, and how much that is worth: ``belief``, from 0 to 1.

    ``refused`` tells per law how much belief it loses, because somebody said that a case like it is not about that law.
    """

    belief: float
    shares: Mapping[str, float]
    refused: Mapping[str, float]


def precedent(neighbours: Sequence[Neighbour]) -> Precedent:
    """An example with nearly the same words outweighs everything else; one that is a bit like it hardly counts."""
    total: dict[str, float] = defaultdict(float)
    refused: dict[str, float] = defaultdict(float)
    belief = 0.0
    for one in neighbours:
        worth = min(MOST_BELIEF, one.likeness**BELIEF_POWER)
        for law in one.example.refused:
            refused[law] = max(refused[law], worth)
        laws = [law for law in one.example.room if law not in one.example.refused]
        for law in laws:
            total[law] += one.likeness**SHARE_POWER / len(laws)
        if laws:
            belief = max(belief, worth)
    whole = sum(total.values())
    return Precedent(belief, {law: weight / whole for law, weight in total.items()}, dict(refused))


def blocking_votes(neighbours: Sequence[Neighbour]) -> dict[str, float]:
    """The same for the laws that stood in the way."""
    total: dict[str, float] = defaultdict(float)
    for one in neighbours:
        for law in one.example.blocking:
            total[law] += one.likeness**2 / len(one.example.blocking)
    return {law: math.sqrt(weight) for law, weight in total.items()}


def same_as(question: Question, terms: frozenset[str], source: str | None, index: ExampleIndex) -> frozenset[str]:
    """The keys of the examples that are the question itself: by key, by text, or nearly so and from the same source."""
    same = set()
    for example in index.examples:
        is_same_source = source is not None and example.source == source
        if (
            example.key == question.key
            or example.terms == terms
            or (is_same_source and index.likeness(example.terms, terms) >= SAME_TEXT)
        ):
            same.add(example.key)
    return frozenset(same)


YEARS = 3.0
"""An example that is this many years away counts for about a third."""
UNKNOWN_YEAR = 0.3
OTHER_KIND = 0.15
"""How much an example of another kind of submitter still counts."""
SMOOTHING = 4.0
"""As many examples as are added, spread evenly over all laws: what was never seen is not impossible."""


@dataclass(frozen=True, slots=True)
class Prior:
    """The examples of the past as shares per law, for the time and the submitter of one question."""

    examples: Sequence[Example]

    def shares(
        self, question: Question, keys: Sequence[str], without: frozenset[str] = frozenset()
    ) -> dict[str, float]:
        """Per law the expected share of such cases; they add up to 1 over ``keys``."""
        weights: dict[str, float] = defaultdict(float)
        total = 0.0
        for example in self.examples:
            if example.key in without or not example.room:
                continue
            weight = self._nearness(question.year, example.year)
            if question.submitter_kind is not None and example.submitter_kind is not question.submitter_kind:
                weight *= OTHER_KIND
            total += weight
            for law in example.room:
                weights[law] += weight / len(example.room)
        return {key: (weights[key] + SMOOTHING / len(keys)) / (total + SMOOTHING) for key in keys}

    @staticmethod
    def _nearness(one: int | None, other: int | None) -> float:
        if one is None or other is None:
            return UNKNOWN_YEAR
        return math.exp(-abs(one - other) / YEARS)
