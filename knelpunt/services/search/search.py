"""The one box: a question in, and everything that this actor may know of it out, by kind and best first."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from math import log
from threading import Lock

from sqlalchemy.orm import Session

from knelpunt.adapters.words import search_terms
from knelpunt.adapters.words.glossary import InDutch, glossary, idea_terms, spoken_words
from knelpunt.adapters.words.search_terms import is_thin, whole_terms
from knelpunt.adapters.words.spelling import SHORTEST, Vocabulary, dictionary
from knelpunt.domain.history.records import LOCAL_RULE
from knelpunt.domain.languages import DUTCH, Language, language_of
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import LawKind
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.queries.core.reference import Reference, reference, sort_key
from knelpunt.queries.laws import catalogue as laws
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.queries.search import results as search
from knelpunt.services.core.search_index import ideas_to_share, words_to_share

QUESTION_LENGTH = 400
FEW = 5
NAME_WEIGHT = 3.0
"""How much more a word counts in the name of a law or provision than in what it is recognised by."""
WHOLE_BY_PARTS = 0.8
"""A compound whose parts all occur, as norm and geluid do for geluidsnorm."""
ONE_PART = 0.3
MOST_REASONS = 3
"""So many texts at most say why a law or provision was found."""
LEAST_SHARE = 0.34
"""A law that has less than this share of what was asked is not shown."""
TEXTS_READ = 5000
ENGLISH = language_of("en")

Words = tuple[tuple[str, ...], ...]
"""The telling words of a text, each as the terms that stand for it."""


class Kind(StrEnum):
    """The kinds of things that are found, in the order in which they are shown."""

    GUIDE = "ruimtewijzers"
    BOTTLENECK = "regelknelpunten"
    FILE = "zaken"
    CASE = "knelpunten"
    RULE = "regels"
    PLACE = "gemeenten"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: where it is, and a text in which the words stand.

    ``because`` holds, for a law or provision, what it is recognised by that has the words which its name has not. A law
    has a ``law_kind``; a provision may be one that does not hold today.
    """

    title: str
    path: str
    text: str = ""
    over: str = ""
    because: tuple[str, ...] = ()
    law_kind: LawKind | None = None
    holds_not: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; ``has_more`` tells that there are more than these."""

    kind: Kind
    hits: tuple[Hit, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. ``instead`` is what was searched for because nobody knows a word of what was typed, and
    ``dutch`` what was because it was asked in another language."""

    groups: tuple[Group, ...]
    terms: frozenset[str]
    instead: str | None = None
    dutch: InDutch | None = None

    @property
    def is_empty(self) -> bool:
        return not self.groups


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, ready to search with.

    Attributes:
        text: its words, to look for the name of a municipality in.
        queries: small queries, one per word.
        ideas: for each word the texts that say it, one in Dutch: its term, and those of the parts of a long word.
    """

    text: str
    queries: list[str]
    ideas: list[list[tuple[str, list[str]]]]

    @property
    def terms(self) -> frozenset[str]:
        """Everything that is marked where it stands in what was found."""
        return frozenset(term for idea in self.ideas for stem, parts in idea for term in (stem, *parts))


@dataclass(frozen=True, slots=True)
class _Rule:
    """A law or provision with its terms; ``law`` is the address of the law."""

    hit: Hit
    law: str
    name: frozenset[str]
    all: frozenset[str]
    recognised_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept in the process: the rules with their terms, and the words that the public texts know.

    ``laws`` are those that hold on the day, by their address, and ``law_of`` has that address for each provision of
    today; of those that stand for the rules of many only the local rule is one: for much it is the answer.
    ``named`` has the words of each text by which one of those laws is recognised, under the terms of the first, and
    ``titles`` which of these are the name of the law.
    """

    version: int
    day: date
    rules: tuple[_Rule, ...]
    laws: dict[str, Hit]
    law_of: dict[str, str]
    named: dict[str, tuple[tuple[str, Words], ...]]
    titles: frozenset[tuple[str, Words]]
    having: dict[str, int]
    words: Vocabulary


_latest: Known | None = None
_reading = Lock()


def find(
    session: Session, actor: Actor, typed: str, today: date, kind: Kind | None = None, language: Language = DUTCH
) -> Found:
    """Search everything that the actor may see.

    Args:
        kind: only this kind, and more of it.
        language: the one in which it was probably asked.
    """
    asked = typed[:QUESTION_LENGTH]
    dutch = in_dutch(session, asked, language, today)
    known = knowledge(session, today)
    if dutch is not None:
        found = _find(session, actor, _translated(dutch, asked), known, kind)
        return Found(found.groups, found.terms, dutch=dutch)
    found = _find(session, actor, _as_typed(asked), known, kind)
    instead = known.words.corrected(asked)
    if instead is None:
        return found
    other = _find(session, actor, _as_typed(instead), known, kind)
    better = sum(len(group.hits) for group in other.groups) > sum(len(group.hits) for group in found.groups)
    return Found(other.groups, other.terms, instead) if found.is_empty or better else found


def in_dutch(session: Session, asked: str, language: Language, today: date) -> InDutch | None:
    """A question of another language in Dutch, by the list of words of that language; None when that knows nothing.

    What is typed on a Dutch page is taken for English when no text here has half of its longer words and the list knows
    them, or when half of all its words are English and no Dutch.
    """
    known = knowledge(session, today).words
    listed = glossary(language)
    if listed is not None:
        return listed.in_dutch(asked, known.knows)
    english = glossary(ENGLISH)
    typed = [word for word in search_terms.words_of(asked) if len(word) >= SHORTEST and word.isalpha()]
    foreign = [word for word in typed if not known.knows(word)]
    words = search_terms.words_of(asked)
    if english is None or not foreign:
        return None
    english_only = sum(english.lists(word) and not dictionary().lists(word) for word in words)
    if len(foreign) * 2 < len(typed) and english_only * 2 < len(words):
        return None
    found = english.in_dutch(asked, known.knows)
    return found if found is not None and len(found.unknown) * 3 <= len(words) else None


def _as_typed(text: str) -> _Asked:
    ideas = [
        [(terms[0], terms[1:])] for word in search_terms.words_of(text) if (terms := search_terms.stem_terms(word))
    ]
    return _Asked(text, words_to_share(text), ideas)


def _translated(dutch: InDutch, typed: str) -> _Asked:
    ideas: list[list[tuple[str, list[str]]]] = [[(term, []) for term in idea_terms(idea)] for idea in dutch.ideas]
    return _Asked(f"{typed} {dutch.text}", ideas_to_share(dutch), [idea for idea in ideas if idea])


def _find(session: Session, actor: Actor, asked: _Asked, known: Known, kind: Kind | None) -> Found:
    words = asked.queries
    if not words:
        return Found((), frozenset())
    limit = search.MOST if kind else FEW + 1
    searches: dict[Kind, Callable[[], Iterable[Hit]]] = {
        Kind.GUIDE: lambda: _pages(search.found_guides(session, words, limit), "/ruimtewijzers"),
        Kind.BOTTLENECK: lambda: _pages(search.found_bottlenecks(session, words, limit), "/regelknelpunten"),
        Kind.FILE: lambda: _files(session, actor, words, limit),
        Kind.CASE: lambda: _cases(session, search.public_cases(session, words, limit), "/knelpunten"),
        Kind.RULE: lambda: _rules(known, asked, limit),
        Kind.PLACE: lambda: _places(reference(session), asked.text),
    }
    groups = []
    for each, look in searches.items():
        if kind in (None, each):
            hits = tuple(look())
            shown = hits if kind else hits[:FEW]
            if shown:
                groups.append(Group(each, shown[: search.MOST], len(hits) > len(shown)))
    return Found(tuple(groups), asked.terms)


def _pages(found: Iterable[search.FoundPage], path: str) -> Iterable[Hit]:
    return (Hit(page.title, f"{path}/{page.key}", page.text) for page in found)


def _files(session: Session, actor: Actor, words: Sequence[str], limit: int) -> Iterable[Hit]:
    """Whole files, for those who may open them."""
    if actor.can(Permission.READ_CASES) or actor.can(Permission.READ_CASES_OF_OWN_RULES):
        return _cases(session, search.permitted_cases(session, actor, words, limit), "/zaken")
    if actor.can(Permission.READ_OWN_CASES):
        return _cases(session, search.permitted_cases(session, actor, words, limit), "/onze-zaken")
    return ()


def _cases(session: Session, found: Iterable[search.FoundCase], path: str) -> Iterable[Hit]:
    names = reference(session).municipality_names
    for case in found:
        place = names[case.municipality_id] if case.municipality_id else ""
        over = f"{case.reference}, {place}" if place else case.reference
        yield Hit(case.title, f"{path}/{case.reference}", case.text, over)


def _places(names: Reference, asked: str) -> Iterable[Hit]:
    """Municipalities of today whose name stands in what was asked."""
    wanted = f" {' '.join(search_terms.words_of(asked))} "
    for id_, label in names.municipality_options:
        name = names.municipality_names[id_]
        shapes = {" ".join(search_terms.words_of(shape)) for shape in (name, sort_key(name), *_everyday(label))}
        if any(f" {shape} " in wanted for shape in shapes):
            yield Hit(label, f"/knelpunten?gemeente={id_}")


def _everyday(label: str) -> list[str]:
    return [label.partition("(")[2].rstrip(")")] if "(" in label else []


def _rules(known: Known, asked: _Asked, limit: int) -> list[Hit]:
    """Laws and provisions, those with the rarest of the words in their name first."""
    if not asked.ideas:
        return []
    weights = [
        log(1 + len(known.rules) / (1 + max(known.having.get(stem, 0) for stem, _parts in idea)))
        for idea in asked.ideas
    ]
    least = LEAST_SHARE * sum(weights)
    scored = []
    for place, rule in enumerate(known.rules):
        whole = _had(asked, weights, rule.all)
        if whole >= least and whole > 0:
            scored.append((-(whole + NAME_WEIGHT * _had(asked, weights, rule.name)), place, rule))
    return [
        replace(rule.hit, because=_because(rule, asked, weights)) for _score, _place, rule in sorted(scored)[:limit]
    ]


@lru_cache(maxsize=20_000)
def _terms(text: str) -> frozenset[str]:
    """The terms of a text by which a rule is recognised; there are some thousands, and they hardly change."""
    return frozenset(search_terms.stem_terms(text))


def _had(asked: _Asked, weights: Sequence[float], terms: frozenset[str]) -> float:
    """The weight of what a text has of a question."""
    return sum(weight * share for weight, share in zip(weights, _shares(asked, terms), strict=True))


def _shares(asked: _Asked, terms: frozenset[str]) -> list[float]:
    """How much a text has of each word of a question."""
    return [max(_share(stem, parts, terms) for stem, parts in idea) for idea in asked.ideas]


def _because(rule: _Rule, asked: _Asked, weights: Sequence[float]) -> tuple[str, ...]:
    """The fewest texts by which a rule is recognised that have what its name has not of a question."""
    had = _shares(asked, rule.name)
    wanted = asked.terms
    having = {}
    for text in rule.recognised_by:
        terms = _terms(text)
        if not wanted.isdisjoint(terms):
            having[text] = _shares(asked, terms)
    chosen: list[str] = []
    while len(chosen) < MOST_REASONS:
        added = [
            (
                -sum(weight * max(0.0, new - old) for weight, new, old in zip(weights, shares, had, strict=True)),
                len(text),
                text,
            )
            for text, shares in having.items()
        ]
        gain, _length, best = min(added, default=(0.0, 0, ""))
        if not gain:
            break
        chosen.append(best)
        had = [max(old, new) for old, new in zip(had, having[best], strict=True)]
    return tuple(chosen)


def _share(stem: str, more: Sequence[str], terms: frozenset[str]) -> float:
    """How much of a word a text has: the word, all of its parts, one of them, or nothing."""
    if stem in terms:
        return 1.0
    parts = more[1:]
    if parts and all(part in terms for part in parts):
        return WHOLE_BY_PARTS
    return ONE_PART if any(part in terms for part in more) else 0.0


def knowledge(session: Session, today: date) -> Known:
    """The rules and words as they are now; read again when the small tables changed, and each day."""
    global _latest  # noqa: PLW0603 - the one thing that a process keeps; the version guards it
    version = reference(session).version
    if (latest := _latest) is not None and (latest.version, latest.day) == (version, today):
        return latest
    with _reading:  # one thread reads, and the others wait for what it read
        latest = _latest
        if latest is None or (latest.version, latest.day) != (version, today):
            latest = _latest = _read(session, version, today)
        return latest


def _read(session: Session, version: int, today: date) -> Known:
    law_texts, provision_texts = search.rule_texts(session)
    found = laws.list_laws(session, today)
    rules = []
    held, law_of = {}, {}
    for law in found:
        name = f"{law.citation_title} {law.abbreviation or ''}"
        hit = Hit(
            law.citation_title, f"/wetten/{law.key}", law_kind=None if law.kind is LawKind.COLLECTIVE else law.kind
        )
        rules.append(_rule(hit, hit.path, name, law_texts[law.id]))
        stands_for_many = law.kind is LawKind.COLLECTIVE and law.key != LOCAL_RULE
        if not stands_for_many and law.standing not in (Standing.ENDED, Standing.NOT_YET):
            held[hit.path] = hit
    for one in laws.catalogue_on(session, today).provisions.values():
        over = f"{one.law_title}, {article_in_words(one.article)}"
        holds_not = one.standing in (Standing.ENDED, Standing.NOT_YET)
        law_path = f"/wetten/{one.law_key}"
        hit = Hit(one.instrument, f"{law_path}/{one.key}", over=over, holds_not=holds_not)
        rules.append(_rule(hit, law_path, f"{one.instrument} {one.article}", provision_texts[one.id]))
        if not holds_not:
            law_of[one.key] = law_path
    having: dict[str, int] = defaultdict(int)
    for rule in rules:
        for term in rule.all:
            having[term] += 1
    names = [name for _id, name in reference(session).municipality_options]
    own = [text for texts in (*law_texts.values(), *provision_texts.values()) for text in texts]
    known = [*own, *names, *spoken_words(), *search.public_texts(session, TEXTS_READ)]
    titles = frozenset((path, _telling(hit.title)) for path, hit in held.items())
    words = Vocabulary.of(known)
    return Known(version, today, tuple(rules), held, law_of, _named(rules, held), titles, dict(having), words)


def _named(rules: Iterable[_Rule], laws: Collection[str]) -> dict[str, tuple[tuple[str, Words], ...]]:
    named: dict[str, dict[tuple[str, Words], None]] = defaultdict(dict)
    for rule in rules:
        for text in (rule.hit.title, *rule.recognised_by) if rule.law in laws else ():
            words = _telling(text)
            for term in words[0] if words else ():
                named[term][rule.law, words] = None
    return {term: tuple(each) for term, each in named.items()}


def _telling(text: str) -> Words:
    return tuple(whole_terms(word) for word in search_terms.words_of(text) if not is_thin(word))


def _rule(hit: Hit, law: str, name: str, texts: tuple[str, ...]) -> _Rule:
    own = frozenset(search_terms.stem_terms(name))
    return _Rule(hit, law, own, own.union(search_terms.stem_terms(" ".join(texts))), texts)
