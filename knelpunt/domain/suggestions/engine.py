"""Ranks the laws and provisions that a case may be about, by the words of the catalogue and by earlier cases.

The same input gives the same ranking: nothing here is random, and ties go by key.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from knelpunt.domain.history.records import LOCAL_RULE
from knelpunt.domain.laws.catalogue import NO_RULE, Catalogue, LawEntry, ProvisionEntry
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.situations.matching import FoundSituation, Matcher
from knelpunt.domain.suggestions.asked import Question, Split, Word, terms_of
from knelpunt.domain.suggestions.catalogue_index import CatalogueIndex, Fit, by_law, units_of
from knelpunt.domain.suggestions.examples import (
    Example,
    ExampleIndex,
    Neighbour,
    Prior,
    blocking_votes,
    precedent,
    votes,
)
from knelpunt.domain.suggestions.language import LawLanguage, Speech
from knelpunt.domain.suggestions.periods import law_standing, provision_standing, what_held_instead, years_outside
from knelpunt.domain.suggestions.results import MOST_WORDS, SuggestedLaw, SuggestedProvision, Suggestions, reason_of
from knelpunt.domain.suggestions.signs import LOCAL_WORDS, RULE_WORDS, Sign, at_least, times, whole_words, with_share
from knelpunt.domain.suggestions.weights import CHOSEN, Weights
from knelpunt.domain.vocabulary import AssessmentRole

LAW_SHARE = 0.3
"""What the own words of a provision count where its law is unlikely; the root of the law's share comes on top."""
UNCERTAIN_SHARE = 0.5
"""How much a provision still counts of which nobody looked up whether it held then."""
PROVISION_VOTE = 3.0
BLOCKING_VOTE = 2.0
TEN = 10.0
"""Brings the fit of an entry to the size of a vote."""
LIGHTEST_BLOCKING_STEP = 5
"""From this kind of room on, the rule itself must change: then the provision is what blocks."""
CASES_SHOWN = 3
WEIGHT_OF_A_YEAR = 3.0
MOST_YEARS = 3.0
"""How fast a law that was not in force loses, and after how many years it loses no more."""
INHERITED_LESS = 0.6
"""How much less the words of a law that ended fit the law that followed it."""
SITUATION_BELIEF = 0.6
"""How much of the belief in laws goes to those of the situations, when these are found whole."""
CHOSEN_BELIEF = 0.9
"""The same for a situation that a person chose."""
BUNDLE_STEP = 0.85
"""How much less each next provision of a bundle counts: the lightest step stands first."""
SITUATION_VOTE = 2.0
"""How much a provision gains that comes with a situation, beside what its own words and earlier cases give it."""
OF_ONE_LAW = 2
NEXT_TWO = 0.5
"""The best two of each law count whole, the next two half, and so on: a law does not fill the list by itself."""
CUT_OFF = 0.35
"""Provisions below this share of the best one are not shown."""

MAY_HAVE_HELD = (Standing.HELD, Standing.UNCERTAIN)

Evidence = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A question taken apart, with everything that was found for it."""

    spelled: Mapping[str, Mapping[str, int]]
    terms: frozenset[str]
    fits: Mapping[int, Fit]
    speech: Mapping[str, Speech]
    neighbours: Sequence[Neighbour]
    situations: Sequence[FoundSituation]
    bundle: Mapping[str, tuple[float, str]]


class Engine:
    """The catalogue and the examples, ready to be asked. Built once; asking changes nothing."""

    def __init__(
        self,
        catalogue: Catalogue,
        split: Split,
        examples: Iterable[Example] = (),
        weights: Weights = CHOSEN,
        *,
        situations: Matcher | None = None,
        thin: frozenset[str] = frozenset(),
    ) -> None:
        """``thin`` are terms in which every case is told: no evidence for any law."""
        self.catalogue = catalogue
        self.weights = weights
        self.examples = ExampleIndex(examples)
        units = units_of(catalogue)
        terms = cache(lambda text: terms_of(split(text)))  # a text stands in many wordings, and is asked for by both
        self.index = CatalogueIndex(units, terms)
        self.language = LawLanguage(units, terms)
        self.situations = situations
        self._split = split
        self._thin = thin
        self._prior = Prior(self.examples.examples)
        self._silence, self._nearby = self._signs()
        self._laws: dict[str, list[LawEntry]] = defaultdict(list)
        for law in catalogue.laws:
            self._laws[law.case_key].append(law)
        self.keys = tuple(sorted(self._laws))
        self._followed = self._followed_laws()
        self._law_by_key = {law.key: law for law in catalogue.laws}
        self._provisions = {one.key: one for one in catalogue.provisions}
        self._blocking_share = self._share_of_blocking()

    def terms(self, text: str) -> frozenset[str]:
        """The terms of a text, as examples hold them."""
        return frozenset(terms_of(self._split(text)))

    def telling_words(self, question: Question) -> list[str]:
        """The words of a text by which others like it are best found: those that the catalogue knows and uses least.

        Each is there once, however it is spelled: a text that has it has not two of them.
        """
        found = {word.terms[0]: word for word in reversed(self._split(question.text)) if word.terms}
        rarity = {stem: max(self.index.rarity.get(term, 0.0) for term in word.terms) for stem, word in found.items()}
        known = [stem for stem, rare in rarity.items() if rare]
        return [found[stem].text for stem in sorted(known or found, key=lambda stem: (-rarity[stem], stem))]

    def evidence(
        self, question: Question, more: Sequence[Example] = (), without: frozenset[str] = frozenset()
    ) -> dict[str, Evidence]:
        """Per law what speaks for it, in the order of ``weights.NAMES``."""
        return self._evidence(question, self._read(question, more, without), without)

    def ranking(
        self, question: Question, more: Sequence[Example] = (), without: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """The keys of all laws, the most likely one first."""
        read = self._read(question, more, without)
        return _ordered(self._scores(question, read, without))

    def suggest(
        self, question: Question, more: Sequence[Example] = (), without: frozenset[str] = frozenset()
    ) -> Suggestions:
        """Rank everything, with reasons.

        Args:
            more: examples from the register that are like it, beside those the engine holds.
            without: keys of examples that must not count, such as the case itself.
        """
        read = self._read(question, more, without)
        scores = self._scores(question, read, without)
        order = _ordered(scores)
        shares = _shares(scores)
        provisions, others = self._rank_provisions(question, read, shares)
        of_law: dict[str, list[SuggestedProvision]] = defaultdict(list)
        for one in (*provisions, *others):
            of_law[self._law_by_key[one.entry.law_key].case_key].append(one)
        blocking = self._rank_blocking(read)
        laws = tuple(
            self._law(key, question, read, scores[key], shares[key], tuple(of_law[key]), blocking) for key in order
        )
        return Suggestions(
            question=question,
            on=question.first if question.first == question.last else None,
            laws=laws,
            provisions=provisions,
            others=others,
            blocking=blocking,
            situations=tuple(read.situations),
            asks=questions_to_ask(question, laws, read.situations, self.index.rarity, read.terms),
        )

    def _read(self, question: Question, more: Sequence[Example], without: frozenset[str]) -> _Read:
        words = self._split(question.text)
        counts = terms_of(words)
        terms = frozenset(counts)
        if question.key is not None:
            without |= {question.key}
        neighbours = self.examples.neighbours(terms, without)
        if more:
            index = ExampleIndex(more, self.examples.rarity)
            known = {one.example.key for one in neighbours}
            neighbours += [one for one in index.neighbours(terms, without) if one.example.key not in known]
            neighbours.sort(key=lambda one: (-one.likeness, one.example.key))
        telling = {term: count for term, count in counts.items() if term not in self._thin}
        situations = situations_of(question, self.situations) if self.situations else ()
        return _Read(
            _spelled(words),
            terms,
            self.index.fits(telling),
            self._with_inherited(question, self.language.read(frozenset(telling))),
            neighbours,
            situations,
            self._bundle(question, situations),
        )

    def _bundle(self, question: Question, situations: Sequence[FoundSituation]) -> dict[str, tuple[float, str]]:
        """Per provision that comes with a situation: how much that counts, and which one; 0 when it did not hold."""
        bundle: dict[str, tuple[float, str]] = {}
        best = max((one.strength for one in situations), default=0.0)
        for one in situations:
            worth = 1.0 if question.situation else (one.strength / best) ** 2 * (1.0 if one.is_whole else 0.6)
            for key in one.situation.provisions:
                entry = self._provisions.get(key)
                if entry is None:
                    continue
                may_have_held = self._provision_standing(entry, question) in MAY_HAVE_HELD
                counts = worth if may_have_held else 0.0
                if key not in bundle or counts > bundle[key][0]:
                    bundle[key] = counts, one.key
                if may_have_held:
                    worth *= BUNDLE_STEP
        return bundle

    def _provision_standing(self, entry: ProvisionEntry, question: Question) -> Standing:
        return provision_standing(entry, self._law_by_key[entry.law_key], question)

    def _followed_laws(self) -> dict[str, tuple[str, ...]]:
        """Per key the other keys of which a law was followed by one under this key."""
        case_keys = {law.key: law.case_key for law in self.catalogue.laws}
        followed = {
            key: sorted({case_keys[before] for law in laws for before in law.predecessors} - {key})
            for key, laws in self._laws.items()
        }
        return {key: tuple(before) for key, before in followed.items() if before}

    def _with_inherited(self, question: Question, speech: dict[str, Speech]) -> dict[str, Speech]:
        """Let a law that was in force speak with the words of one that it followed, where those fit better.

        Problems keep the words in which they were had under the law before: an area that was once appointed under the
        Crisis- en herstelwet asks for room in the Omgevingswet now.
        """
        own = dict(speech)
        for key, before in self._followed.items():
            if self._absence(key, question):
                continue
            ended = [one for one in before if self._standing(one, question) is Standing.ENDED]
            best = max(ended, key=lambda one: own[one].score, default=None)
            if best is not None and own[best].score - INHERITED_LESS > own[key].score:
                speech[key] = Speech(own[best].score - INHERITED_LESS, own[best].by_term, best)
        return speech

    def _evidence(self, question: Question, read: _Read, without: frozenset[str]) -> dict[str, Evidence]:
        voted = votes(read.neighbours)
        prior = self._prior.shares(question, self.keys, without)
        return {
            key: (
                read.speech[key].score,
                voted.get(key, 0.0),
                math.log(prior[key]),
                self._absence(key, question),
            )
            for key in self.keys
        }

    def _scores(self, question: Question, read: _Read, without: frozenset[str]) -> dict[str, float]:
        """The logarithm of how likely each law is: by the weights, mixed with what the most alike examples say, for the
        answers that are no law by what else the text tells, and with the laws of the situations."""
        evidence, values = self._evidence(question, read, without), self.weights.values
        shares = _shares(
            {
                key: sum(weight * found for weight, found in zip(values, all_, strict=True))
                for key, all_ in evidence.items()
            }
        )
        if not self.weights.examples:
            return {key: math.log(share) for key, share in shares.items()}
        said = precedent(read.neighbours)
        shares = {
            key: ((1 - said.belief) * share + said.belief * said.shares.get(key, 0.0))
            * (1 - said.refused.get(key, 0.0))
            for key, share in shares.items()
        }
        if self.weights.words and {NO_RULE, LOCAL_RULE} <= shares.keys():
            gone = without if question.key is None else without | {question.key}
            local = times(shares[LOCAL_RULE], self._nearby.factor(read.terms, gone))
            shares = with_share(shares, LOCAL_RULE, local)
            if self._silence.shows(read.terms):
                chance = times(math.exp(evidence[NO_RULE][2]), self._silence.factor(read.terms, gone))
                shares = at_least(shares, NO_RULE, chance * (1 - said.refused.get(NO_RULE, 0.0)))
        return {key: math.log(share) for key, share in self._with_situations(shares, question, read).items()}

    def _with_situations(self, shares: dict[str, float], question: Question, read: _Read) -> dict[str, float]:
        """Let the laws of the bundles have a part of the belief: whole when all facts of the first one were found."""
        weights: dict[str, float] = defaultdict(float)
        for key, (worth, _) in read.bundle.items():
            case_key = self._law_by_key[self._provisions[key].law_key].case_key
            weights[case_key] = max(weights[case_key], worth**2)
        total = sum(weights.values())
        if not total:
            return shares
        if question.situation is not None:
            belief = CHOSEN_BELIEF
        else:
            belief = SITUATION_BELIEF * (1.0 if read.situations[0].is_whole else 0.5)
        return {key: (1 - belief) * share + belief * weights.get(key, 0.0) / total for key, share in shares.items()}

    def _signs(self) -> tuple[Sign, Sign]:
        """That a text names no rule, and that it names who decides nearby."""
        rule, nearby = self.terms(RULE_WORDS), whole_words(LOCAL_WORDS, self._split)
        examples = self.examples.examples
        silence = Sign(examples, NO_RULE, lambda terms: bool(terms) and not terms & rule)
        return silence, Sign(examples, LOCAL_RULE, lambda terms: bool(terms & nearby))

    def _sign_of(self, key: str, terms: frozenset[str]) -> str | None:
        """What a text tells beside its subject that speaks for an answer, for the reason."""
        if key == NO_RULE and self._silence.shows(terms):
            return "de tekst noemt geen regel en geen weigering"
        if key == LOCAL_RULE and self._nearby.shows(terms):
            return "de tekst noemt de gemeente of wie er in de buurt beslist"
        return None

    def _absence(self, key: str, question: Question) -> float:
        """0 when a law under this key was in force; else 1, and 3 more for each of up to 3 years that it was not.

        A case of shortly after is often about a decision of before, or about the law that is to come.
        """
        if self._standing(key, question) in (Standing.HELD, Standing.UNCERTAIN):
            return 0.0
        years = min(years_outside(law, question) for law in self._laws[key])
        return 1 + WEIGHT_OF_A_YEAR * min(MOST_YEARS, years)

    def _standing(self, key: str, question: Question) -> Standing:
        """The best standing of the laws under one key: one of them in force is enough."""
        return min((law_standing(law, question) for law in self._laws[key]), key=list(Standing).index)

    def _rank_provisions(
        self, question: Question, read: _Read, shares: Mapping[str, float]
    ) -> tuple[tuple[SuggestedProvision, ...], tuple[SuggestedProvision, ...]]:
        """Every provision that something speaks for: what may have held, and what had ended or was to come.

        A situation adds to what the words say and never replaces it: a text tells of more than the situations know.
        """
        voted: dict[str, float] = defaultdict(float)
        cases: dict[str, list[str]] = defaultdict(list)
        for one in read.neighbours:
            for key in one.example.provisions:
                voted[key] += one.likeness**2
                cases[key].append(one.example.key)
        found = []
        for place, unit in enumerate(self.index.units):
            if unit.provision_key is None:
                continue
            fit = read.fits.get(place)
            own = (fit.score if fit else 0.0) + PROVISION_VOTE * math.sqrt(voted[unit.provision_key])
            worth, situation = read.bundle.get(unit.provision_key, (0.0, None))
            if own <= 0 and situation is None:
                continue
            entry = self._provisions[unit.provision_key]
            standing = self._provision_standing(entry, question)
            score = own * (LAW_SHARE + math.sqrt(shares[unit.case_key])) + SITUATION_VOTE * worth
            found.append(
                SuggestedProvision(
                    entry=entry,
                    score=round(score * (UNCERTAIN_SHARE if standing is Standing.UNCERTAIN else 1.0), 2),
                    standing=standing,
                    role=_role(entry),
                    words=_telling(read.spelled, fit.by_term if fit else {}),
                    cases=tuple(cases[entry.key][:CASES_SHOWN]),
                    instead=what_held_instead(entry, self._provisions, self._law_by_key, question),
                    situation=situation,
                )
            )
        return (
            self._interleaved([one for one in found if one.is_current]),
            self._interleaved([one for one in found if not one.is_current]),
        )

    def _interleaved(self, found: Sequence[SuggestedProvision]) -> tuple[SuggestedProvision, ...]:
        """The best two of a law count whole and the next two less; among equals the lightest room comes first."""
        best = max((one.score for one in found), default=0.0)
        counts: dict[str, int] = defaultdict(int)
        ordered = []
        for one in sorted(found, key=lambda one: (-one.score, one.entry.room_type.order, one.key)):
            law = self._law_by_key[one.entry.law_key].case_key
            score = one.score * NEXT_TWO ** (counts[law] // OF_ONE_LAW)
            ordered.append((-score, replace(one, is_weak=one.score < CUT_OFF * best)))
            counts[law] += 1
        ordered.sort(key=lambda each: each[0])
        return tuple(one for _, one in ordered)

    def _rank_blocking(self, read: _Read) -> tuple[str, ...]:
        """The laws that may stand in the way: what earlier cases named, and what the words of the catalogue fit."""
        units = self.index.units
        words = by_law((units[place].case_key, fit.score) for place, fit in read.fits.items())
        voted = blocking_votes(read.neighbours)
        scores = {
            key: BLOCKING_VOTE * voted.get(key, 0.0) + words.get(key, 0.0) / TEN * self._blocking_share.get(key, 0.5)
            for key in self.keys
        }
        return tuple(key for key in _ordered(scores) if scores[key] > 0)

    def _share_of_blocking(self) -> dict[str, float]:
        """How often a law is named as what blocks, among all times that it is named; a half where nothing is known."""
        blocks: dict[str, int] = defaultdict(int)
        named: dict[str, int] = defaultdict(int)
        for example in self.examples.examples:
            for key in example.blocking:
                blocks[key] += 1
            for key in {*example.blocking, *example.room}:
                named[key] += 1
        return {key: (blocks[key] + 0.5) / (count + 1) for key, count in named.items()}

    def _law(
        self,
        key: str,
        question: Question,
        read: _Read,
        score: float,
        share: float,
        provisions: tuple[SuggestedProvision, ...],
        blocking: tuple[str, ...],
    ) -> SuggestedLaw:
        near = [one for one in read.neighbours if key in one.example.room or key in one.example.blocking]
        words = _telling(read.spelled, read.speech[key].by_term)
        standing = self._standing(key, question)
        return SuggestedLaw(
            key=key,
            laws=tuple(self._laws[key]),
            score=score,
            share=share,
            standing=standing,
            blocks=key in blocking[:CASES_SHOWN],
            words=words,
            neighbours=tuple(near[:CASES_SHOWN]),
            provisions=provisions,
            reason=reason_of(
                self._laws[key],
                question,
                standing,
                words,
                near[:CASES_SHOWN],
                self._title(read.speech[key]),
                sign=self._sign_of(key, read.terms),
            ),
        )

    def _title(self, speech: Speech) -> str | None:
        """The law from which words were inherited, for the reason."""
        return self._laws[speech.inherited_from][0].citation_title if speech.inherited_from is not None else None


def situations_of(question: Question, situations: Matcher) -> tuple[FoundSituation, ...]:
    """The situations of a text; one that a person chose stands alone, and one that was refused is left out."""
    return situations.match(
        question.description,
        question.first,
        title=question.title,
        chosen=question.situation,
        without=question.refused_situations,
    )


def _role(entry: ProvisionEntry) -> AssessmentRole:
    is_blocking = entry.room_type.order >= LIGHTEST_BLOCKING_STEP
    return AssessmentRole.BLOCKS if is_blocking else AssessmentRole.OFFERS_ROOM


def _ordered(scores: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(scores, key=lambda key: (-round(scores[key], 9), key)))


def _shares(scores: Mapping[str, float]) -> dict[str, float]:
    """The scores as shares that add up to 1."""
    highest = max(scores.values())
    powers = {key: math.exp(score - highest) for key, score in scores.items()}
    total = sum(powers.values())
    return {key: power / total for key, power in powers.items()}


def _spelled(words: Sequence[Word]) -> dict[str, dict[str, int]]:
    """Per term the words of the text that it stands for, as they are written, with the place of the first of each."""
    spelled: dict[str, dict[str, int]] = defaultdict(dict)
    for word in words:
        for term in word.terms:
            spelled[term].setdefault(word.text, word.start)
    return spelled


def _telling(spelled: Mapping[str, Mapping[str, int]], by_term: Mapping[str, float]) -> tuple[str, ...]:
    """The words of the text that count most, as they are written, in the order of the text."""
    gains: dict[str, float] = {}
    places: dict[str, int] = {}
    for term, gain in by_term.items():
        for text, place in spelled.get(term, {}).items():
            gains[text] = max(gains.get(text, 0.0), gain)
            places[text] = place
    best = sorted((text for text in gains if gains[text] > 0), key=lambda text: (-gains[text], text))[:MOST_WORDS]
    return tuple(sorted(best, key=lambda text: places[text]))


FEW_WORDS = 6
"""With fewer words that the catalogue knows than this, a ranking rests on next to nothing."""
LITTLE_BELIEF = 0.15
CLOSE = 0.8
MOST_ASKED = 4

WHAT = "Wat wilt u precies doen, en op welke plek?"
WHO = "Wie zei nee, en in welke brief of welk besluit staat dat?"
WHICH_RULE = "Welke regel of welk artikel noemt de brief?"
WHEN = "Wanneer speelde dit? De regels verschillen per jaar."


def questions_to_ask(
    question: Question,
    laws: Sequence[SuggestedLaw],
    situations: Sequence[FoundSituation],
    rarity: Mapping[str, float],
    terms: frozenset[str],
) -> tuple[str, ...]:
    """The questions whose answer would help most, in their order; nothing that was told already."""
    known = sum(1 for term in terms if term in rarity)
    asks = []
    if between := _choice(situations):
        asks.append(between)
    if known < FEW_WORDS and not situations:
        asks += [WHAT] if question.names_rule else [WHAT, WHO]
    if question.first is None:
        asks.append(WHEN)
    for one in situations[:1]:
        asks += one.asks
    if not situations and not question.names_rule and laws and laws[0].share < LITTLE_BELIEF and WHO not in asks:
        asks.append(WHICH_RULE)
    return tuple(asks[:MOST_ASKED])


def _choice(situations: Sequence[FoundSituation]) -> str | None:
    """A question between the first two situations, when they fit about as well."""
    if len(situations) < 2 or situations[1].strength < CLOSE * situations[0].strength:
        return None
    first, second = (one.situation.title for one in situations[:2])
    return f"Waar gaat het meer om: “{first}”, of “{second}”?"
