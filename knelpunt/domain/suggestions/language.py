"""How people speak of the problems that a law is about: a word model per law, learned from the catalogue's phrases.

Naive Bayes with few choices: each phrase (a situation, a trigger word, the name of an instrument or a law) weighs the
same, a rare word in it more than a common one, and a law is likelier the more often its phrases use the words of the
text than all phrases together do.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from knelpunt.domain.suggestions.catalogue_index import Postings, Unit

PHRASES = frozenset({"situatie", "zoekwoord", "instrument", "naam"})
"""The fields of an entry that hold phrases in which people may speak."""
SMOOTHING = 0.15
"""What every law is given for every word, so that a word that none of its phrases has does not rule it out."""


@dataclass(slots=True)
class Speech:
    """How well the words of a text fit a law, and what each term adds.

    ``inherited_from``: the law whose words these are, where it was followed by this one.
    """

    score: float = 0.0
    by_term: dict[str, float] = field(default_factory=dict)
    inherited_from: str | None = None


class LawLanguage:
    """The words of each law, ready to be compared with a text."""

    def __init__(self, units: Sequence[Unit], terms: Callable[[str], dict[str, int]]) -> None:
        """``terms`` gives the terms of a text, as keys."""
        phrases = [
            (unit.case_key, frozenset(terms(text)))
            for unit in units
            for name, texts in unit.fields.items()
            if name in PHRASES
            for text in texts
        ]
        self._count = len(phrases)
        self._found: dict[str, int] = defaultdict(int)
        for _, of_phrase in phrases:
            for term in of_phrase:
                self._found[term] += 1
        self.keys = tuple(sorted({unit.case_key for unit in units}))
        self._silence: dict[str, float] = {}
        """Per law what a word counts that none of its phrases has; the same for each word, so that it is kept once."""
        self._shares: dict[str, float] = {}
        """Per term its share everywhere, as a logarithm."""
        self._gains = self._gains_of(self._weigh(phrases))

    def rarity_of(self, term: str) -> float:
        return math.log(1 + self._count / (self._found.get(term, 0) + 0.5))

    def _weigh(self, phrases: Sequence[tuple[str, frozenset[str]]]) -> dict[str, dict[str, float]]:
        """Per term, how heavily each law uses it."""
        weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for key, terms in phrases:
            ordered = sorted(terms)
            length = math.sqrt(sum(self.rarity_of(term) ** 2 for term in ordered)) or 1.0
            for term in ordered:
                weights[term][key] += self.rarity_of(term) / length
        return weights

    def _gains_of(self, weights: Mapping[str, Mapping[str, float]]) -> Postings:
        """Per term what it adds to each law that uses it, above silence; laws by their place among the keys."""
        size, laws = len(weights), len(self.keys)
        totals: dict[str, float] = defaultdict(float)
        for of_term in weights.values():
            for key, weight in of_term.items():
                totals[key] += weight
        whole = sum(totals[key] for key in self.keys) + SMOOTHING * laws * size
        self._silence = {key: math.log(SMOOTHING / (totals[key] + SMOOTHING * size)) for key in self.keys}
        self._shares = {
            term: math.log((sum(of_term.values()) + SMOOTHING * laws) / whole) for term, of_term in weights.items()
        }
        places = {key: place for place, key in enumerate(self.keys)}
        return Postings(
            {
                term: [(places[key], math.log((weight + SMOOTHING) / SMOOTHING)) for key, weight in of_term.items()]
                for term, of_term in weights.items()
            }
        )

    def read(self, terms: frozenset[str]) -> dict[str, Speech]:
        """How well the terms of a text fit each law. A long text does not weigh more than a short one.

        What a term adds for a law is the logarithm of its share there over its share everywhere.
        """
        known = sorted(term for term in terms if term in self._gains)
        length = math.sqrt(sum(self.rarity_of(term) ** 2 for term in known)) or 1.0
        weights = {term: self.rarity_of(term) / length for term in known}
        all_weights = sum(weights.values())
        everywhere = sum(weight * self._shares[term] for term, weight in weights.items())
        read = {key: Speech(all_weights * self._silence[key] - everywhere) for key in self.keys}
        for term, weight in weights.items():
            share = self._shares[term]
            for place, above in self._gains.of(term):
                key = self.keys[place]
                speech = read[key]
                speech.score += weight * above
                if (gain := self._silence[key] + above - share) > 0:
                    speech.by_term[term] = weight * gain
        return read
