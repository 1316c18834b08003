"""How often suggestions are right on cases of which the answer is known, without letting them see that answer."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from knelpunt.domain.history.records import LOCAL_RULE
from knelpunt.domain.laws.catalogue import NO_RULE
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.engine import Engine
from knelpunt.domain.suggestions.examples import same_as
from knelpunt.domain.suggestions.labelled import Labelled

CUTS = (1, 3, 5)
NO_LAWS = (LOCAL_RULE, NO_RULE)
"""The answers that are no national law, of which it matters too how often they are given wrongly."""

Rank = Callable[[Question, frozenset[str]], Sequence[str]]
"""Gives the ranking for a question while the examples with these keys are left out."""


@dataclass(slots=True)
class Score:
    """How many of a number of cases had the right law among the first 1, 3 and 5."""

    cases: int = 0
    hits: dict[int, int] = field(default_factory=lambda: dict.fromkeys(CUTS, 0))

    def add(self, place: int | None) -> None:
        self.cases += 1
        for cut in CUTS:
            if place is not None and place < cut:
                self.hits[cut] += 1

    def rate(self, cut: int) -> float:
        return self.hits[cut] / self.cases if self.cases else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The score over all cases, per law, and the plain average over laws, in which a rare law counts like any other."""

    overall: Score
    by_law: Mapping[str, Score]
    places: Mapping[str, int | None]

    def macro(self, cut: int) -> float:
        return sum(score.rate(cut) for score in self.by_law.values()) / len(self.by_law) if self.by_law else 0.0


def folds_of(keys: Sequence[str], count: int, seed: int) -> list[list[str]]:
    """The keys spread over folds, in an order that depends on the seed and the keys only; a ``count`` of 0 or more
    folds than keys leaves one case out at a time."""
    ordered = sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())
    if not 0 < count < len(ordered):
        return [[key] for key in ordered]
    return [ordered[start::count] for start in range(count)]


def left_out(cases: Sequence[Labelled], engine: Engine, folds: Sequence[Sequence[str]]) -> dict[str, frozenset[str]]:
    """Per case, the keys of the examples that may not count for it: its fold, and whatever is the same case."""
    left = {}
    by_key = {case.question.key or "": case for case in cases}
    for fold in folds:
        for key in fold:
            case = by_key[key]
            terms = engine.terms(case.question.text)
            left[key] = frozenset(fold) | same_as(case.question, terms, case.source, engine.examples)
    return left


def evaluate(cases: Sequence[Labelled], left: Mapping[str, frozenset[str]], rank: Rank) -> Evaluation:
    """Rank each case without what is left out for it, and count where the right law came."""
    overall = Score()
    by_law: dict[str, Score] = defaultdict(Score)
    places: dict[str, int | None] = {}
    for case in cases:
        key = case.question.key or ""
        ranking = rank(case.question, left[key])
        place = ranking.index(case.law) if case.law in ranking else None
        places[key] = place
        overall.add(place)
        by_law[case.law].add(place)
    return Evaluation(overall, dict(sorted(by_law.items())), places)


def evaluate_provisions(
    cases: Sequence[Labelled],
    left: Mapping[str, frozenset[str]],
    named: Mapping[str, Collection[str]],
    rank: Rank,
) -> Evaluation:
    """The same for provisions, for the cases whose label names any; one of those that it names is enough.

    Args:
        named: per case the keys of the provisions that its label names (``named_provisions``).
        rank: gives the keys of provisions that may have held then, the best first.
    """
    overall = Score()
    by_law: dict[str, Score] = defaultdict(Score)
    places: dict[str, int | None] = {}
    for case in cases:
        key = case.question.key or ""
        right = named.get(key)
        if not right:
            continue
        place = next((place for place, one in enumerate(rank(case.question, left[key])) if one in right), None)
        places[key] = place
        overall.add(place)
        by_law[case.law].add(place)
    return Evaluation(overall, dict(sorted(by_law.items())), places)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer over all cases: for how many it was right, in how many of those it came among the first 1, 3 and 5,
    and for how many other cases it came first."""

    score: Score
    wrongly_first: int


def evaluate_answer(law: str, cases: Sequence[Labelled], rankings: Mapping[str, Sequence[str]]) -> Answer:
    """How one answer did, from the ranking of each case by its key."""
    score, wrongly_first = Score(), 0
    for case in cases:
        ranking = rankings[case.question.key or ""]
        if case.law == law:
            score.add(ranking.index(law) if law in ranking else None)
        elif ranking and ranking[0] == law:
            wrongly_first += 1
    return Answer(score, wrongly_first)
