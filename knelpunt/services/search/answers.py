"""What answers a question in somebody's own words: the ruimtewijzers that fit, or else the law, or nothing at all.

A question is a row of ideas, each of which may be said in several ways. How much an idea tells follows from all that
could be answered, not from what was found; an idea that stands nowhere counts against each answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import log

from sqlalchemy.orm import Session

from knelpunt.adapters.files.situations import shipped_matcher
from knelpunt.adapters.words import search_terms
from knelpunt.adapters.words.glossary import Idea, InDutch, everyday
from knelpunt.adapters.words.search_terms import part_stems, whole_terms, word_query
from knelpunt.adapters.words.spelling import dictionary
from knelpunt.domain.languages import Language
from knelpunt.domain.situations.matching import FoundSituation
from knelpunt.queries.core.reference import reference
from knelpunt.queries.guides import published
from knelpunt.queries.guides.published import GuideRow
from knelpunt.services.search.search import Hit, Known, in_dutch, knowledge

MOST_GUIDES = 4
MOST_LAWS = 2
MOST_IDEAS = 24
MOST_READ = 700
"""So many letters of a story are read."""
SAID_OTHERWISE = 0.85
"""An everyday word that stands in an answer under another name."""
ALL_PARTS = 0.8
HEAD = 0.3
MODIFIER = 0.3
"""A part of a compound is not the whole: an onderzoeksplicht is no vleermuisonderzoek."""
UNKNOWN = 0.5
"""A word that no dictionary knows counts for half against an answer: it may be a slip or a name."""
THIN = 0.2
"""A word in which every question is told decides between answers that are equally good, and no more than that."""
STRONG = 0.7
RARE = 0.8
"""A word that hardly any answer has tells as much anywhere in it as another one among the words that are asked by."""
SHOWN_FROM = 0.28
"""An answer has at least this share of what a question tells."""
ALONE_FROM = 0.4
"""So much when only one word of the question stands in it."""
WHOLE = 0.8
"""So much is enough by itself, also when all of its words are common."""
NEAR_BEST = 0.75
"""Answers that have less than this share of what the best one has are left out."""
WHOLE_SITUATION, PART_OF_SITUATION = 0.35, 0.15
"""What it adds that a question tells of a situation whole, or in part; and how much less for a second one."""
SECOND = 0.8
LAW_FROM = 0.4
NAMING = 0.55
UNNAMED = 0.7
"""A law counts for less when a question has no whole phrase by which it is recognised."""
LAW_BESIDE = 1.0
"""A law that has this much more of a question than any ruimtewijzer stands beside them."""
TELLING = 0.45

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
        return max(whole, ALL_PARTS * min(parts), HEAD * parts[-1], MODIFIER * max(parts[:-1]))


@dataclass(frozen=True, slots=True)
class _Idea:
    """One idea: the ways to say it, each a phrase, the one that was typed first."""

    ways: tuple[tuple[_Word, ...], ...]
    is_word: bool
    is_thin: bool
    other: float = SAID_OTHERWISE

    @property
    def query(self) -> str:
        """What finds the idea, however it is said."""
        ways = [" & ".join(f"({word.query})" for word in way) for way in self.ways]
        return " | ".join(dict.fromkeys(f"({way})" if "&" in way and len(self.ways) > 1 else way for way in ways))

    def strength(self, had: Strengths) -> float:
        """How much a text has of the idea, however it is said."""
        best = 0.0
        for place, way in enumerate(self.ways):
            of_way = min(word.strength(had) for word in way)
            best = max(best, of_way if place == 0 else self.other * of_way)
        return best

    def terms(self) -> Iterable[str]:
        for way in self.ways:
            for word in way:
                yield from word.terms()


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was read: ``text`` is its spelling, ``instead`` that spelling when it is another than typed."""

    ideas: tuple[_Idea, ...]
    text: str
    instead: str | None = None
    dutch: InDutch | None = None

    @property
    def queries(self) -> list[str]:
        """One small query for each idea that tells something."""
        return [idea.query for idea in self.ideas if not idea.is_thin]

    @property
    def terms(self) -> list[str]:
        return sorted({term for idea in self.ideas for term in idea.terms()})


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a question; laws where no ruimtewijzer fits, or much less than they do."""

    question: Question
    guides: tuple[GuideRow, ...] = ()
    laws: tuple[Hit, ...] = ()
    situations: tuple[FoundSituation, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.guides or self.laws)


def answer(session: Session, typed: str, language: Language, today: date, most: int = MOST_GUIDES) -> Answer:
    """The best answers to a question; in a fixed number of statements."""
    question = read(session, typed, language, today)
    if not question.queries:
        return Answer(question)
    known = knowledge(session, today)
    situations = () if question.dutch else shipped_matcher().match(question.text, today)
    guides = _guides(session, question, situations)
    best = max(guides.values(), default=0.0)
    found = published.rows_of(session, sorted(guides, key=lambda id_: (-guides[id_], id_))[:most])
    laws = [hit for share, hit in _laws(known, question, situations) if share >= LAW_BESIDE * best]
    return Answer(question, found, tuple(laws[:MOST_LAWS]), tuple(one for one in situations if one.is_whole))


def _by_situation(situations: Sequence[FoundSituation]) -> dict[str, float]:
    """How much more a ruimtewijzer fits for belonging to a situation that the question tells of, by its slug."""
    more: dict[str, float] = {}
    for place, one in enumerate(situations):
        fits = WHOLE_SITUATION if one.is_whole else PART_OF_SITUATION
        for slug in one.situation.guides:
            more[slug] = max(more.get(slug, 0.0), fits * SECOND**place)
    return more


def read(session: Session, typed: str, language: Language, today: date) -> Question:
    """A question with its slips of the pen mended, as ideas."""
    asked = typed[:MOST_READ]
    dutch = in_dutch(session, asked, language, today) if asked.strip() else None
    places = _places(session)
    if dutch is not None:
        return Question(_read(dutch.ideas, places, other=1.0), asked, None, dutch)
    instead = knowledge(session, today).words.corrected(asked)
    text = instead or asked
    return Question(_read(everyday().ideas(text), places), text, instead)


def _read(ideas: Iterable[Idea], places: frozenset[str], other: float = SAID_OTHERWISE) -> tuple[_Idea, ...]:
    """The ideas of a question: no stop words and no names of places."""
    found: dict[tuple[tuple[_Word, ...], ...], _Idea] = {}
    for idea in ideas:
        words = search_terms.words_of(idea[0])
        if len(words) == 1 and words[0] in places:
            continue
        ways = tuple(way for phrase in idea if (way := _phrase(phrase)))
        if ways:
            is_word = len(words) != 1 or not words[0].isalpha() or dictionary().knows(words[0])
            found.setdefault(ways, _Idea(ways, is_word, len(words) == 1 and _is_thin(words[0]), other))
    return tuple(found.values())[:MOST_IDEAS]


def _is_thin(word: str) -> bool:
    terms = whole_terms(word)
    return not terms or terms[0] in search_terms.THIN_STEMS or len(word) < search_terms.MIN_PART_LENGTH


def _phrase(phrase: str) -> tuple[_Word, ...]:
    words = [word for word in search_terms.words_of(phrase) if whole_terms(word)]
    telling = [word for word in words if not _is_thin(word)] or words
    return tuple(_Word(word_query(word), whole_terms(word), part_stems(word)) for word in telling)


def _places(session: Session) -> frozenset[str]:
    return _named(tuple(reference(session).municipality_names.values()))


@lru_cache(maxsize=1)
def _named(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names if len(words := search_terms.words_of(name)) == 1 for word in words)


def _telling(ideas: Sequence[_Idea], texts: Sequence[Strengths], count: int) -> list[float]:
    """How much each idea tells, from 0 to 1: the more, the fewer of all texts have it."""
    weights = []
    for idea in ideas:
        having = sum(idea.strength(had) >= TELLING for had in texts)
        weight = log(1 + count / (1 + having)) / log(1 + count)
        weights.append(weight * (THIN if idea.is_thin else 1.0 if having or idea.is_word else UNKNOWN))
    return weights


def _sum(weights: Sequence[float], strengths: Sequence[float]) -> float:
    return sum(weight * strength for weight, strength in zip(weights, strengths, strict=True))


def _guides(session: Session, question: Question, situations: Sequence[FoundSituation]) -> dict[int, float]:
    """The ruimtewijzers that fit, by id, with how much each has of the question."""
    more = _by_situation(situations)
    slugs, rows = published.terms_of_guides(session, question.terms)
    had: dict[int, dict[str, float]] = {id_: {} for id_, slug in slugs.items() if slug in more}
    for guide_id, term, strength in rows:
        terms = had.setdefault(guide_id, {})
        terms[term] = max(strength, terms.get(term, 0.0))
    if not had:
        return {}
    count = len(slugs)
    weights = _telling(question.ideas, list(had.values()), count)
    telling = [0.0 if idea.is_thin else weight for idea, weight in zip(question.ideas, weights, strict=True)]
    whole = sum(telling)
    scored = {}
    for guide_id, terms in had.items():
        strengths = [idea.strength(terms) for idea in question.ideas]
        share = _sum(telling, strengths) / whole
        strong = sum(
            weight
            for weight, strength in zip(telling, strengths, strict=True)
            if strength >= STRONG or (strength >= TELLING and weight >= RARE)
        )
        having = sum(strength >= HEAD and weight > 0 for weight, strength in zip(telling, strengths, strict=True))
        is_about = strong >= TELLING and share >= (SHOWN_FROM if having > 1 else ALONE_FROM)
        fits = more.get(slugs[guide_id], 0.0)
        if is_about or share >= WHOLE or fits >= SHOWN_FROM:
            scored[guide_id] = fits + _sum(weights, strengths) / sum(weights)
    best = max(scored.values(), default=0.0)
    return {guide_id: share for guide_id, share in scored.items() if share >= NEAR_BEST * best}


def _laws(known: Known, question: Question, situations: Sequence[FoundSituation]) -> list[tuple[float, Hit]]:
    """The laws of today that have one text by which they are recognised that is about the question, the best first."""
    asked = frozenset(question.terms)
    own: dict[str, dict[str, float]] = defaultdict(dict)
    texts: dict[str, list[tuple[frozenset[str], ...]]] = defaultdict(list)
    for rule in known.rules:
        if rule.all.isdisjoint(asked):
            continue
        path = "/".join(rule.hit.path.split("/")[:3])
        own[path].update((term, 1.0) for term in rule.all & asked)
        texts[path] += [words for text in (rule.hit.title, *rule.recognised_by) if (words := _words_in(text))]
    weights = _telling(question.ideas, list(own.values()), len(known.laws))
    more = _laws_of(known, situations)
    found = []
    for path, hit in known.laws.items():
        best = max((_of_text(question.ideas, weights, words, asked) for words in texts.get(path, ())), default=0.0)
        fits = more.get(path, 0.0)
        if best + fits >= LAW_FROM:
            found.append((best + fits, hit))
    found.sort(key=lambda each: (-each[0], each[1].path))
    return [each for each in found if each[0] >= NEAR_BEST * found[0][0]]


def _laws_of(known: Known, situations: Sequence[FoundSituation]) -> dict[str, float]:
    """How much more a law fits for having the lightest step out of a situation that the question tells of."""
    more: dict[str, float] = {}
    for place, one in enumerate(situations):
        paths = [path for key in one.situation.provisions if (path := known.law_of.get(key)) in known.laws]
        if one.is_whole and paths:
            more.setdefault(paths[0], WHOLE_SITUATION * SECOND**place)
    return more


def _of_text(
    ideas: Sequence[_Idea], weights: Sequence[float], words: tuple[frozenset[str], ...], asked: frozenset[str]
) -> float:
    """How much a text by which a law is recognised has of a question.

    Nothing, unless the question has all of its words, or it has two words that tell something.
    """
    had = {term: 1.0 for terms in words for term in terms}
    if asked.isdisjoint(had):
        return 0.0
    strengths = [idea.strength(had) for idea in ideas]
    strong = [weight for weight, strength in zip(weights, strengths, strict=True) if strength >= STRONG]
    is_named = all(not asked.isdisjoint(terms) for terms in words)
    is_named = is_named and max(strong, default=0.0) >= NAMING
    if not is_named and len(strong) < 2:
        return 0.0
    share = _sum(weights, strengths) / sum(weights)
    return share if is_named else share * UNNAMED


@lru_cache(maxsize=20_000)
def _words_in(text: str) -> tuple[frozenset[str], ...]:
    """The words of a text that tell something, each with all terms under which it is found."""
    words = (word for word in search_terms.words_of(text) if not _is_thin(word))
    return tuple(frozenset(search_terms.stem_terms(word)) for word in words)
