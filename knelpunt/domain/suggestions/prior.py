"""What cases of a time and of a kind of submitter were mostly about, before a word of the text is read."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.examples import Example

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
