"""What answers a question in somebody's own words: the ruimtewijzers that fit, or else the law, or nothing at all.

A question is a row of ideas, each of which may be said in several ways. How much an idea tells follows from all that
could be answered, not from what was found; an idea that stands nowhere counts against each answer.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import exp, log, sqrt
from operator import mul
from typing import TypeVar

from sqlalchemy.orm import Session

from knelpunt.adapters.files.situations import shipped_matcher
from knelpunt.adapters.words import search_terms
from knelpunt.adapters.words.glossary import (
    Idea,
    InDutch,
    Speech,
    elsewhere,
    everyday,
    spoken,
    spoken_of,
    ways_of_asking,
)
from knelpunt.adapters.words.pieces import sounds_like_ours
from knelpunt.adapters.words.search_terms import is_thin, part_stems, whole_terms, word_query
from knelpunt.domain.languages import Language
from knelpunt.domain.situations.matching import FoundSituation
from knelpunt.domain.situations.schema import Situation
from knelpunt.queries.core.reference import reference
from knelpunt.queries.guides import published
from knelpunt.queries.guides.published import GuideRow
from knelpunt.services.search.search import Hit, Known, Words, in_dutch, knowledge

MOST_GUIDES = 3
MOST_LAWS = 2
MOST_IDEAS = 24
MOST_READ = 700
"""So many letters of a story are read."""
SAID_OTHERWISE = 0.85
"""An everyday word that stands in an answer under another name."""
SAID_TWICE = 0.3
"""What a second Dutch word for one word of another language adds: the more of them an answer has, the surer it is."""
ALL_PARTS, ONE_PART = 0.9, 0.3
"""A part of a compound is not the whole: an onderzoeksplicht is no vleermuisonderzoek."""
SPOKEN, SPOKEN_NOW_AND_THEN, IN_SITUATION = 0.8, 0.5, 0.25
"""So much an answer has of a word with which people often speak of it, of one that is said now and then, and of one
that is a fact of its situation."""
TELLING = 0.45
"""A text has an idea when it has so much of it."""
PART_OF_SITUATION, WITHOUT_GUIDE = 0.4, 1.5
"""What a situation counts of which a question tells in part, beside one that it tells whole; and for its law, one that
is told whole and has no ruimtewijzer."""
SHOWN_FROM, SURE, SURE_OF_ONE, BEST_FROM = 0.18, 0.2, 0.3, 0.1
"""A ruimtewijzer has at least this chance to be a right one; more is asked of a law, and of what has one idea only. Of
the likeliest answer no more than the last is asked: how the question sounds tells then whether there is one."""
NEAR_BEST = 0.5
"""An answer has at least this share of the chance of the best one."""
FOR_GUIDES = (-4.5, 3.15, 2.4, 1.3, 2.85)
FOR_LAWS = (-4.6, 1.9, 2.05, 2.3, 1.15)
"""The points of an answer before any evidence, and what each piece of it counts; learned from the questions of
``tests/data``."""
SERVICE, PRACTICAL = "service", "practical"
FOR_SERVICE = (-2.6, 1.7, 2.0, -1.0)
FOR_ASKING = {"together": 1.5, "rule": 1.6, "plan": 1.1, PRACTICAL: 1.2, SERVICE: 0.0}
"""Who asks for a service, a price or a time is nearly always at another desk. What speaks for such a question: nothing
at first, the words of its best answer, a situation, that this answer is only a law, and how else it is asked. Learned
as the others, with the questions that nothing answers; what is practical, and for no service, was set by hand."""
SOUNDING = (0.2, 1.2, 1.0)
"""Who asks for no service may be at another desk too. What speaks for a question: a little at first, the logarithm of
the odds of its best answer, and how much it sounds like one of ours; each set was judged by what the others taught."""
SITUATION_UNREAD = 0.5
"""Situations are read in Dutch only: a question in another language has as much of one as others have on average. One
that asks for nothing but a price, a time or a form has none."""
LAW_ALONE_FROM = 1.0
"""A law answers a question that tells of no rule, no plan, no company and no situation when it has so much of its
words, together with how much of the question names the law."""
NAMED_ELSEWHERE = 2.0
"""What counts against a question that names what other desks answer, beside how it sounds."""
LEAST_PIECE = 0.15
"""An answer that has less than this of an idea does not have the idea."""

Key = TypeVar("Key", bound=int | str)
Strengths = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word as it is looked up: as a whole, or by what it is made of; ``query`` finds either."""

    query: str
    whole: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]

    def terms(self) -> Iterable[str]:
        yield from self.whole
        for part in self.parts:
            yield from part

    def strength(self, had: Strengths) -> float:
        """How much a text has of the word."""
        whole = max((had.get(term, 0.0) for term in self.whole), default=0.0)
        if len(self.parts) < 2:
            return whole
        parts = [max(had.get(term, 0.0) for term in part) for part in self.parts]
        return max(whole, ALL_PARTS * min(parts), ONE_PART * max(parts))


@dataclass(frozen=True, slots=True)
class _Idea:
    """One idea: the ways to say it, each a phrase, the one that was typed first.

    Nobody asks for anything with one that is idle, but two cases may be alike for it.
    """

    ways: tuple[tuple[_Word, ...], ...]
    is_thin: bool
    is_translated: bool
    is_idle: bool

    @property
    def query(self) -> str:
        """What finds the idea, however it is said."""
        ways = [" & ".join(f"({word.query})" for word in way) for way in self.ways]
        return " | ".join(dict.fromkeys(f"({way})" if "&" in way and len(self.ways) > 1 else way for way in ways))

    def strength(self, had: Strengths) -> float:
        """How much a text has of the idea, however it is said."""
        typed, *others = (min(word.strength(had) for word in way) for way in self.ways)
        if self.is_translated:
            second, best = sorted([0.0, typed, *others])[-2:]
            return best + SAID_TWICE * second
        return max(typed, SAID_OTHERWISE * max(others, default=0.0))

    def terms(self) -> Iterable[str]:
        for way in self.ways:
            for word in way:
                yield from word.terms()


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was read.

    Attributes:
        text: its spelling.
        instead: that spelling when it is another than typed.
        told: by the name of a ruimtewijzer, or the key of a situation that has none, the terms that speak for it
            although they stand in none of its texts.
        asking: the ways in which it is asked, by their names in the list.
    """

    ideas: tuple[_Idea, ...]
    text: str
    instead: str | None = None
    dutch: InDutch | None = None
    told: Mapping[str, Strengths] = field(default_factory=dict)
    asking: frozenset[str] = frozenset()

    @property
    def queries(self) -> list[str]:
        """One small query for each idea that tells something."""
        return [idea.query for idea in self.ideas if not idea.is_thin]

    @property
    def for_service(self) -> bool:
        """Whether it asks for a price, a time, or something to be sent or mended."""
        return not self.asking.isdisjoint({SERVICE, PRACTICAL})

    @property
    def sounds(self) -> float:
        """How much it sounds like a question for this site: above nothing it does."""
        return sounds_like_ours(self.text)

    @property
    def telling(self) -> int:
        """How many ideas may lead to an answer."""
        return sum(not (idea.is_thin or idea.is_idle) for idea in self.ideas)

    @property
    def terms(self) -> list[str]:
        return sorted({term for idea in self.ideas for term in idea.terms()})


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a question; laws where no ruimtewijzer has as good a chance to be the answer."""

    question: Question
    guides: tuple[GuideRow, ...] = ()
    laws: tuple[Hit, ...] = ()
    situations: tuple[FoundSituation, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.guides or self.laws)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer.

    Attributes:
        words: how much it has of the ideas of the question, against the root of all that is in them: idle words of a
            long story count, but less than those of a short question.
        one: how much the idea tells of which it has most.
        situation: whether it belongs to a situation of which the question tells: 1 when whole.
        lead: by how much it is ahead of the next, or behind the best, as a share of the better of the two; it says the
            less, the less the answer has.
        is_alone: whether it has one idea only of a question that has more, and no situation.
    """

    words: float
    one: float
    situation: float
    lead: float
    is_alone: bool

    def odds(self, points: Sequence[float]) -> float:
        """The logarithm of the odds that the answer is a right one. A chance of nearly 1 would not tell it any more."""
        lead = self.lead * min(1.0, self.words + self.situation)
        pieces = (1.0, self.words, self.one, self.situation, lead)
        told: float = sum(map(mul, points, pieces))
        return told

    def chance(self, points: Sequence[float]) -> float:
        """How likely the answer is a right one, from 0 to 1."""
        return 1 / (1 + exp(-self.odds(points)))


def answer(session: Session, typed: str, language: Language, today: date, most: int = MOST_GUIDES) -> Answer:
    """The best answers to a question; in a fixed number of statements."""
    question = read(session, typed, language, today)
    if not question.queries:
        return Answer(question)
    known = knowledge(session, today)
    situations = _situations(question, today)
    of_guides, of_topics = guide_evidence(session, question, situations)
    of_laws = law_evidence(known, question, situations)
    best = max((*_chances(of_guides), *_chances(of_topics), *_chances(of_laws, FOR_LAWS)), default=0.0)
    guides, laws = _likely_guides(of_guides, best), _likely_laws(question, situations, of_laws, best)
    judged = [_judged(of_guides[id_], FOR_GUIDES) for id_ in guides]
    judged += [_judged(of_laws[path], FOR_LAWS) for path in laws]
    for key, chance in _likely_guides(of_topics, best).items():
        for path in _laws_of(known, key):
            laws[path] = max(chance, laws.get(path, 0.0))
            judged.append(_judged(of_topics[key], FOR_GUIDES))
    if not _is_ours(question, situations, _best_of(judged, guides, laws)):
        return Answer(question)
    found = published.rows_of(session, _best_guides(guides)[:most])
    hits = tuple(known.laws[path] for path in _best_first(laws, max((best, *laws.values())))[:MOST_LAWS])
    return Answer(question, found, hits, tuple(one for one in situations if one.is_whole))


def fitting_guides(session: Session, typed: str, language: Language, today: date) -> tuple[Question, tuple[int, ...]]:
    """A question as it was read, and the ids of the ruimtewijzers that answer it, the best first."""
    question = read(session, typed, language, today)
    if not question.queries:
        return question, ()
    situations = _situations(question, today)
    found, _ = guide_evidence(session, question, situations)
    guides = _likely_guides(found, max(_chances(found), default=0.0))
    judged = [_judged(found[id_], FOR_GUIDES) for id_ in guides]
    if not _is_ours(question, situations, _best_of(judged, guides, {})):
        return question, ()
    return question, tuple(_best_guides(guides)[:MOST_GUIDES])


def _situations(question: Question, today: date) -> Sequence[FoundSituation]:
    return () if question.dutch else shipped_matcher().match(question.text, today)


def _is_for_others(question: Question, situations: Sequence[FoundSituation]) -> bool:
    """Whether a question names what other desks answer, and tells of nothing that is answered here."""
    texts = (question.dutch.text, question.text) if question.dutch else (question.text,)
    return any(map(elsewhere().is_named, texts)) and not any(one.is_whole for one in situations)


@dataclass(frozen=True, slots=True)
class _Best:
    """The likeliest of all answers; ``is_law`` says whether that is a law without a ruimtewijzer near it."""

    odds: float
    words: float
    is_law: bool


def _is_ours(question: Question, situations: Sequence[FoundSituation], best: _Best | None) -> bool:
    """Whether a question is one for this site, by how it sounds, how it is asked and its best answer.

    Who asks what a dakkapel costs or how to get a parking permit uses our words, but is at another desk.
    """
    if best is None:
        return False
    against = NAMED_ELSEWHERE if _is_for_others(question, situations) else 0.0
    if sum(map(mul, SOUNDING, (1.0, best.odds, question.sounds))) <= against:
        return False
    if not question.for_service:
        return True
    pieces = (1.0, best.words, _told_of(question, situations), float(best.is_law))
    ways = question.asking - ({PRACTICAL} if SERVICE in question.asking else set())
    points: float = sum(map(mul, FOR_SERVICE, pieces)) + sum(FOR_ASKING[way] for way in ways)
    return points > 0


def _told_of(question: Question, situations: Sequence[FoundSituation]) -> float:
    """How much of any situation a question tells."""
    if question.dutch:
        return 0.0 if question.asking == {PRACTICAL} else SITUATION_UNREAD
    return max((1.0 if one.is_whole else PART_OF_SITUATION for one in situations), default=0.0)


def _judged(evidence: Evidence, points: Sequence[float]) -> tuple[float, float]:
    """The odds of an answer, and how much it has of the words."""
    return evidence.odds(points), evidence.words


def _best_of(
    judged: Sequence[tuple[float, float]], guides: Mapping[int, float], laws: Mapping[str, float]
) -> _Best | None:
    """The likeliest of all answers, if there is any."""
    if not judged:
        return None
    best = max((*guides.values(), *laws.values()))
    return _Best(*max(judged), is_law=max(guides.values(), default=0.0) < NEAR_BEST * best)


def _likely_laws(
    question: Question, situations: Sequence[FoundSituation], found: Mapping[str, Evidence], best: float
) -> dict[str, float]:
    laws = _likely(found, FOR_LAWS, SURE, best)
    if question.asking or _told_of(question, situations) == 1:
        return laws
    return {
        path: chance for path, chance in laws.items() if found[path].words + found[path].situation >= LAW_ALONE_FROM
    }


def _likely_guides(found: Mapping[Key, Evidence], best: float) -> dict[Key, float]:
    return _likely(found, FOR_GUIDES, SHOWN_FROM, best)


def _best_guides(chances: Mapping[int, float]) -> list[int]:
    return _best_first(chances, max(chances.values(), default=0.0))


def _chances(found: Mapping[Key, Evidence], points: Sequence[float] | None = None) -> Iterator[float]:
    return (each.chance(points or FOR_GUIDES) for each in found.values())


def _likely(found: Mapping[Key, Evidence], points: Sequence[float], least: float, best: float) -> dict[Key, float]:
    """The chance of each answer that has enough of one; ``best`` is that of the likeliest of all."""
    chances = {}
    for key, each in found.items():
        chance = each.chance(points)
        if chance >= (BEST_FROM if chance >= best else SURE_OF_ONE if each.is_alone else least):
            chances[key] = chance
    return chances


def _best_first(chances: Mapping[Key, float], best: float) -> list[Key]:
    """The answers whose chance is near the best one."""
    near = [key for key, chance in chances.items() if chance >= NEAR_BEST * best]
    return sorted(near, key=lambda key: (-chances[key], key))


def read(session: Session, typed: str, language: Language, today: date) -> Question:
    """A question with its slips of the pen mended, as ideas."""
    asked = typed[:MOST_READ]
    dutch = in_dutch(session, asked, language, today) if asked.strip() else None
    places = _places(session)
    if dutch is not None:
        said = [phrase for idea in dutch.ideas for phrase in idea]
        strange = [(word,) for word in dutch.unknown]
        read_ideas = _read([*dutch.ideas, *strange], places, is_translated=True)
        asking = ways_of_asking(asked, is_english=True)
        return Question(read_ideas, asked, None, dutch, _told(read_ideas, said), asking)
    words = knowledge(session, today).words
    instead = words.corrected(asked)
    text = instead or asked
    divided = words.divided(text, lambda word: words.knows(word) or everyday().lists(word))
    ideas = everyday().ideas(divided)
    said = [text, *(phrase for idea in ideas for phrase in idea[1:])]
    read_ideas = _read(ideas, places)
    asking = ways_of_asking(text, is_english=False)
    return Question(read_ideas, text, instead, told=_told(read_ideas, said), asking=asking)


def told(session: Session, text: str) -> Question:
    """What a Dutch text tells that was read before it was published: nothing in it is mended or put into Dutch."""
    asked = text[:MOST_READ]
    return Question(_read(everyday().ideas(asked), _places(session)), asked)


def _read(ideas: Iterable[Idea], places: frozenset[str], *, is_translated: bool = False) -> tuple[_Idea, ...]:
    """The ideas of a question: no stop words and no names of places."""
    found: dict[tuple[tuple[_Word, ...], ...], _Idea] = {}
    for idea in ideas:
        words = search_terms.words_of(idea[0])
        if len(words) == 1 and words[0] in places:
            continue
        ways = tuple(way for phrase in idea if (way := _phrase(phrase)))
        if ways:
            is_idle = not is_translated and (everyday().is_idle(idea[0]) or idea[0].isdigit())
            found.setdefault(ways, _Idea(ways, len(words) == 1 and is_thin(words[0]), is_translated, is_idle))
    return tuple(found.values())[:MOST_IDEAS]


def _told(ideas: Iterable[_Idea], said: Iterable[str]) -> dict[str, dict[str, float]]:
    """What words tell of answers in whose texts they do not stand: ``said`` is a question in all ways to say it."""
    told: dict[str, dict[str, float]] = {}
    situations = shipped_matcher()
    for key, words in situations.words_of(said).items():
        terms = [term for word in words if not is_thin(word) for term in whole_terms(word)]
        for each in situations.by_key[key].guides or (key,):
            told.setdefault(each, {}).update(dict.fromkeys(terms, IN_SITUATION))
    for term in {term for idea in ideas for term in idea.terms()}:
        speech = spoken().get(term, Speech())
        for strength, answers in ((SPOKEN_NOW_AND_THEN, speech.sometimes), (SPOKEN, speech.often)):
            for each in answers:
                told.setdefault(each, {})[term] = strength
    return told


def _phrase(phrase: str) -> tuple[_Word, ...]:
    words = [word for word in search_terms.words_of(phrase) if whole_terms(word)]
    telling = [word for word in words if not is_thin(word)] or words
    return tuple(_Word(word_query(word), whole_terms(word), part_stems(word)) for word in telling)


def _places(session: Session) -> frozenset[str]:
    return _named(tuple(reference(session).municipality_names.values()))


@lru_cache(maxsize=1)
def _named(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names if len(words := search_terms.words_of(name)) == 1 for word in words)


def guide_evidence(
    session: Session, question: Question, situations: Sequence[FoundSituation]
) -> tuple[dict[int, Evidence], dict[str, Evidence]]:
    """What speaks for each ruimtewijzer, by its id, and for each situation that has none, by its key."""
    slugs, rows = published.terms_of_guides(session, question.terms)
    had: dict[int | str, dict[str, float]] = {id_: {} for id_ in slugs}
    for guide_id, term, strength in rows:
        had[guide_id][term] = max(strength, had[guide_id].get(term, 0.0))
    for id_, slug in slugs.items():
        _add(had[id_], question.told.get(slug, {}))
    had.update((key, dict(question.told.get(key, {}))) for key in _topics() if key not in slugs.values())
    fits = _situated(situations, lambda one: one.situation.guides or (one.key,))
    fits_of = {key: fits.get(slugs[key] if isinstance(key, int) else key, 0.0) for key in had}
    found = _evidence(question, had, fits_of)
    return (
        {key: each for key, each in found.items() if isinstance(key, int)},
        {key: each for key, each in found.items() if isinstance(key, str)},
    )


@lru_cache
def _topics() -> tuple[str, ...]:
    """What people speak of that only a law answers: no ruimtewijzer, not one that is not public now either."""
    guides = {slug for situation in shipped_matcher().by_key.values() for slug in situation.guides}
    return tuple(key for key in spoken_of() if key not in guides)


def law_evidence(known: Known, question: Question, situations: Sequence[FoundSituation]) -> dict[str, Evidence]:
    """What speaks for each law of today, by its address: its own words and those of its provisions."""
    asked = frozenset(question.terms)
    had: dict[str, dict[str, float]] = {path: {} for path in known.laws}
    for rule in known.rules:
        if rule.law in had and not rule.all.isdisjoint(asked):
            had[rule.law].update((term, 1.0) for term in rule.all & asked)
    for key in question.told:
        for path in _laws_of(known, key):
            _add(had[path], question.told[key])
    having = Counter(term for terms in had.values() for term in terms)
    own = frozenset(term for term, count in having.items() if count == 1)
    fits = _situated(situations, lambda one: _first_of(known, one.situation), without_guide=WITHOUT_GUIDE)
    one_word = 1 / max(1, question.telling)
    for path, words in _recognised(known, asked):
        if (path, words) in known.titles or any(not own.isdisjoint(terms) for terms in words):
            fits[path] = max(fits.get(path, 0.0), 1.0 if len(words) > 1 else one_word)
    return _evidence(question, had, fits)


def _recognised(known: Known, asked: frozenset[str]) -> Iterator[tuple[str, Words]]:
    """Each law with a text by which it is recognised of which a question has all words. One word tells less in a
    longer question, and none tells anything that is a word of other laws too, unless it is the name of this one."""
    for term in asked & known.named.keys():
        yield from (each for each in known.named[term] if all(not asked.isdisjoint(terms) for terms in each[1]))


def _add(had: dict[str, float], told: Strengths) -> None:
    for term, strength in told.items():
        had[term] = max(strength, had.get(term, 0.0))


def _first_of(known: Known, situation: Situation) -> Sequence[str]:
    """The law of the lightest step out of a situation that can be taken today."""
    return [path for key in situation.provisions if (path := known.law_of.get(key)) in known.laws][:1]


def _laws_of(known: Known, key: str) -> Sequence[str]:
    """The law that answers what only a law does: by the key of a situation, or the name of the law in its address."""
    situation = shipped_matcher().by_key.get(key)
    if situation is not None:
        return _first_of(known, situation)
    return [path] if (path := f"/wetten/{key}") in known.laws else []


def _situated(
    situations: Sequence[FoundSituation],
    answers: Callable[[FoundSituation], Iterable[str]],
    without_guide: float = 1.0,
) -> dict[str, float]:
    """How much the situations of which a question tells speak for each answer that comes with them."""
    fits: dict[str, float] = {}
    for one in situations:
        whole = 1.0 if one.situation.guides else without_guide
        for each in answers(one):
            fits[each] = max(fits.get(each, 0.0), whole if one.is_whole else PART_OF_SITUATION)
    return fits


def _evidence(question: Question, had: Mapping[Key, Strengths], fits: Mapping[Key, float]) -> dict[Key, Evidence]:
    """What speaks for each of all texts that could answer; nothing for those for which nothing does."""
    if not had:
        return {}
    nothing = [0.0] * len(question.ideas)
    texts = {key: [idea.strength(terms) for idea in question.ideas] if terms else nothing for key, terms in had.items()}
    weights = [_weight(idea, [each[place] for each in texts.values()]) for place, idea in enumerate(question.ideas)]
    root = sqrt(sum(weights))
    pieces = {key: list(map(mul, weights, strengths)) for key, strengths in texts.items()}
    sums: dict[Key, float] = {key: sum(each) + fits.get(key, 0.0) for key, each in pieces.items()}
    first, second = sorted([0.0, *sums.values()], reverse=True)[:2]
    found = {}
    for key, has in sums.items():
        if has:
            lead = (has - (second if has == first else first)) / first
            fit = fits.get(key, 0.0)
            having = sum(piece >= LEAST_PIECE for piece in pieces[key])
            is_alone = having < 2 <= question.telling and not fit and not question.dutch
            found[key] = Evidence(sum(pieces[key]) / root, max(pieces[key]), fit, lead, is_alone)
    return found


def _weight(idea: _Idea, strengths: Sequence[float]) -> float:
    """How much an idea tells, from 0 to 1: the more, the fewer of all texts have it."""
    if idea.is_thin or idea.is_idle:
        return 0.0
    having = sum(strength >= TELLING for strength in strengths)
    return log(1 + len(strengths) / (1 + having)) / log(1 + len(strengths))
