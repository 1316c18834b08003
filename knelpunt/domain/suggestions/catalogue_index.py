"""How well a text fits the words of the law catalogue: each entry a small document with fields that count differently.

A rare word counts for more than a common one.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knelpunt.domain.laws.catalogue import Catalogue, LawEntry, ProvisionEntry

FIELD_WEIGHTS: Mapping[str, float] = {
    "naam": 2.0,
    "situatie": 2.0,
    "zoekwoord": 2.0,
    "instrument": 1.5,
    "domein": 0.7,
    "wijkt af van": 0.7,
    "voorwaarde": 0.4,
}
"""How much a word counts in each field of an entry."""
SATURATION = 1.2
LENGTH_SHARE = 0.5
"""The two constants of BM25: how soon a repeated word stops counting, and how much a long field is held back."""
REST_SHARE = 0.3
"""How much the next best entries of a law count beside its best one."""
NEXT_BEST = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """One law or provision as a document. ``case_key`` is the name under which real cases count its law."""

    case_key: str
    law_key: str
    provision_key: str | None
    fields: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Fit:
    """How well one entry fits, and what each term adds to that."""

    score: float = 0.0
    by_term: dict[str, float] = field(default_factory=dict)


def units_of(catalogue: Catalogue) -> list[Unit]:
    """Every law and every provision as a document, in the order of the catalogue."""
    case_keys = {law.key: law.case_key for law in catalogue.laws}
    units = [Unit(law.case_key, law.key, None, _law_fields(law)) for law in catalogue.laws]
    units += [
        Unit(case_keys[one.law_key], one.law_key, one.key, _provision_fields(one)) for one in catalogue.provisions
    ]
    return units


def _law_fields(law: LawEntry) -> dict[str, tuple[str, ...]]:
    names = (law.citation_title, law.abbreviation or "", *(key.replace("-", " ") for key in law.case_keys))
    return {
        "naam": tuple(name for name in names if name),
        "domein": (law.domain,),
        "situatie": law.situations,
        "zoekwoord": law.trigger_words,
    }


def _provision_fields(one: ProvisionEntry) -> dict[str, tuple[str, ...]]:
    return {
        "instrument": (one.instrument,),
        "situatie": one.situations,
        "zoekwoord": one.trigger_words,
        "wijkt af van": tuple(one.details["deviates_from"]),
        "voorwaarde": tuple(one.details["conditions"]),
    }


class Postings:
    """For each term a few numbers with a weight each, such as the entries it stands in and how heavily.

    They stand in two rows of bare numbers. As a tuple for each they would take four times as much memory, and a web
    process would copy it from the process that made it, since looking at an object counts a reference in it.
    """

    def __init__(self, told: Mapping[str, Iterable[tuple[int, float]]]) -> None:
        self._numbers, self._weights = array("H"), array("d")
        self._places: dict[str, int] = {}
        self._starts = array("L", [0])
        for place, (term, found) in enumerate(told.items()):
            self._places[term] = place
            for number, weight in found:
                self._numbers.append(number)
                self._weights.append(weight)
            self._starts.append(len(self._numbers))

    def __contains__(self, term: str) -> bool:
        return term in self._places

    def of(self, term: str) -> Iterator[tuple[int, float]]:
        """Each number of a term with its weight; none of a term of which nothing was told."""
        place = self._places.get(term)
        if place is None:
            return iter(())
        start, end = self._starts[place], self._starts[place + 1]
        return zip(self._numbers[start:end], self._weights[start:end], strict=True)


class CatalogueIndex:
    """The words of the catalogue, ready to be compared with a text."""

    def __init__(self, units: Sequence[Unit], terms: Callable[[str], dict[str, int]]) -> None:
        """``terms`` gives the terms of a text with how often each occurs."""
        self.units = units
        counted = [{name: [terms(text) for text in texts] for name, texts in unit.fields.items()} for unit in units]
        weights = self._weigh(counted)
        self.rarity = self._rarity(weights)
        self._weights = Postings(weights)

    def _weigh(self, counted: Sequence[Mapping[str, list[dict[str, int]]]]) -> dict[str, list[tuple[int, float]]]:
        """Per term, the entries it stands in and how heavily, with the length of each field taken into account."""
        lengths: dict[str, list[int]] = defaultdict(list)
        for fields in counted:
            for name, phrases in fields.items():
                if length := sum(sum(phrase.values()) for phrase in phrases):
                    lengths[name].append(length)
        average = {name: sum(all_) / len(all_) for name, all_ in lengths.items()}
        weights: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, fields in enumerate(counted):
            of_unit: dict[str, float] = defaultdict(float)
            for name, phrases in fields.items():
                length = sum(sum(phrase.values()) for phrase in phrases)
                if not length:
                    continue
                damping = 1 - LENGTH_SHARE + LENGTH_SHARE * length / average[name]
                for phrase in phrases:
                    for term, count in phrase.items():
                        of_unit[term] += FIELD_WEIGHTS[name] * count / damping
            for term, weight in of_unit.items():
                weights[term].append((number, weight))
        return dict(weights)

    def _rarity(self, weights: Mapping[str, Sequence[tuple[int, float]]]) -> dict[str, float]:
        """How much a term tells: much when it stands in few laws, little when in many."""
        law_count = len({unit.case_key for unit in self.units})
        rarity = {}
        for term, found in weights.items():
            laws = len({self.units[number].case_key for number, _ in found})
            rarity[term] = math.log(1 + (law_count - laws + 0.5) / (laws + 0.5))
        return rarity

    def fits(self, counts: Mapping[str, int]) -> dict[int, Fit]:
        """Per entry that shares a term with the text, how well it fits."""
        fits: dict[int, Fit] = defaultdict(Fit)
        for term, count in counts.items():
            rarity = self.rarity.get(term, 0.0) * math.sqrt(min(count, 2))
            for number, weight in self._weights.of(term):
                gain = rarity * weight / (weight + SATURATION)
                fit = fits[number]
                fit.score += gain
                fit.by_term[term] = gain
        return dict(fits)


def by_law(scores: Iterable[tuple[str, float]]) -> dict[str, float]:
    """One score per law from those of its entries: the best one, and a share of the next best."""
    gathered: dict[str, list[float]] = defaultdict(list)
    for key, score in scores:
        gathered[key].append(score)
    totals = {}
    for key, all_ in gathered.items():
        best, *rest = sorted(all_, reverse=True)
        totals[key] = best + REST_SHARE * sum(rest[:NEXT_BEST])
    return totals
