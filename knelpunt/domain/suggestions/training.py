"""Finds the weights of a ranking from cases of which the answer is known: a conditional logit with few numbers.

A rare law counts for more than its number of cases, or the most common law would decide every weight.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from knelpunt.domain.suggestions.engine import Evidence
from knelpunt.domain.suggestions.weights import NAMES, Weights

BALANCE = 0.25
"""A case of a law with n cases counts n to the power of minus this."""
SHRINKAGE = 0.02
"""Pulls every weight to 0, because there are few cases."""
STEPS = 80
STEP_SIZE = 0.3


def fitted(cases: Sequence[tuple[str, Mapping[str, Evidence]]]) -> Weights:
    """The weights under which the right laws of these cases are likeliest. Each case: its law, and its evidence."""
    known = [(law, evidence) for law, evidence in cases if law in evidence]
    counts = Counter(law for law, _ in known)
    importance = [counts[law] ** -BALANCE for law, _ in known]
    total = sum(importance)
    size = len(NAMES)
    weights = [0.0] * size
    squares = [1e-8] * size
    for _ in range(STEPS):
        slope = [-SHRINKAGE * weight for weight in weights]
        for (law, evidence), counts_for in zip(known, importance, strict=True):
            expected = _expected(weights, evidence)
            for place in range(size):
                slope[place] += counts_for / total * (evidence[law][place] - expected[place])
        for place in range(size):
            squares[place] += slope[place] ** 2
            weights[place] += STEP_SIZE * slope[place] / math.sqrt(squares[place])
    return Weights(*(round(weight, 3) for weight in weights))


def _expected(weights: Sequence[float], evidence: Mapping[str, Evidence]) -> list[float]:
    """The evidence that the ranking as it is now expects of the right law."""
    scores = {key: sum(w * x for w, x in zip(weights, all_, strict=True)) for key, all_ in evidence.items()}
    highest = max(scores.values())
    powers = {key: math.exp(score - highest) for key, score in scores.items()}
    total = sum(powers.values())
    return [sum(powers[key] * evidence[key][place] for key in evidence) / total for place in range(len(weights))]
