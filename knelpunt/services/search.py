"""The one box: a question in, and everything that this actor may know of it out, by kind and best first."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import log

from sqlalchemy.orm import Session

from knelpunt.adapters import search_terms
from knelpunt.adapters.spelling import Vocabulary
from knelpunt.domain.law_dates import Standing
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.queries import laws, search
from knelpunt.queries.law_rows import article_in_words
from knelpunt.queries.reference import Reference, reference, sort_key
from knelpunt.services.search_index import words_to_share

QUESTION_LENGTH = 400
FEW = 5
NAME_WEIGHT = 3.0
"""How much more a word counts in the name of a law or provision than in what it is recognised by."""
WHOLE_BY_PARTS = 0.8
"""A compound whose parts all occur, as norm and geluid do for geluidsnorm."""
ONE_PART = 0.3
LEAST_SHARE = 0.34
"""A law that has less than this share of what was asked is not shown."""
TEXTS_READ = 5000


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
    """One thing that was found: where it is, and a text in which the words stand."""

    title: str
    path: str
    text: str = ""
    over: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; ``has_more`` tells that there are more than these."""

    kind: Kind
    hits: tuple[Hit, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. ``instead`` is what was searched for because nobody knows a word of what was typed."""

    groups: tuple[Group, ...]
    terms: frozenset[str]
    instead: str | None = None

    @property
    def is_empty(self) -> bool:
        return not self.groups


@dataclass(frozen=True, slots=True)
class _Rule:
    hit: Hit
    name: frozenset[str]
    all: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept in the process: the rules with their terms, and the words that the public texts know."""

    version: int
    day: date
    rules: tuple[_Rule, ...]
    having: dict[str, int]
    words: Vocabulary


_latest: _Known | None = None


def find(session: Session, actor: Actor, typed: str, today: date, kind: Kind | None = None) -> Found:
    """Search everything that the actor may see.

    Args:
        kind: only this kind, and more of it.
    """
    asked = typed[:QUESTION_LENGTH]
    known = _knowledge(session, today)
    found = _find(session, actor, asked, known, kind)
    instead = known.words.corrected(asked)
    if instead is None:
        return found
    other = _find(session, actor, instead, known, kind)
    better = sum(len(group.hits) for group in other.groups) > sum(len(group.hits) for group in found.groups)
    return Found(other.groups, other.terms, instead) if found.is_empty or better else found


def _find(session: Session, actor: Actor, asked: str, known: _Known, kind: Kind | None) -> Found:
    words = words_to_share(asked, "")
    if not words:
        return Found((), frozenset())
    limit = search.MOST if kind else FEW + 1
    searches: dict[Kind, Callable[[], Iterable[Hit]]] = {
        Kind.GUIDE: lambda: _pages(search.found_guides(session, words, limit), "/ruimtewijzers"),
        Kind.BOTTLENECK: lambda: _pages(search.found_bottlenecks(session, words, limit), "/regelknelpunten"),
        Kind.FILE: lambda: _files(session, actor, words, limit),
        Kind.CASE: lambda: _cases(session, search.public_cases(session, words, limit), "/knelpunten"),
        Kind.RULE: lambda: _rules(known, asked),
        Kind.PLACE: lambda: _places(reference(session), asked),
    }
    groups = []
    for each, look in searches.items():
        if kind in (None, each):
            hits = tuple(look())
            shown = hits if kind else hits[:FEW]
            if shown:
                groups.append(Group(each, shown[: search.MOST], len(hits) > len(shown)))
    return Found(tuple(groups), frozenset(term for word in search_terms.words_of(asked) for term in _terms(word)))


def _terms(word: str) -> list[str]:
    return search_terms.stem_terms(word)


def _pages(found: Iterable[search.FoundPage], path: str) -> Iterable[Hit]:
    return (Hit(page.title, f"{path}/{page.key}", page.text) for page in found)


def _files(session: Session, actor: Actor, words: Sequence[str], limit: int) -> Iterable[Hit]:
    """Whole files, for those who may open them."""
    if actor.can(Permission.READ_CASES):
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
            yield Hit(label, f"/knelpunten?gemeente={id_}", "Openbare knelpunten uit deze gemeente", "Gemeente")


def _everyday(label: str) -> list[str]:
    return [label.partition("(")[2].rstrip(")")] if "(" in label else []


def _rules(known: _Known, asked: str) -> Iterable[Hit]:
    """Laws and provisions, those with the rarest of the words in their name first."""
    questions = [
        (terms[0], terms[1:]) for word in search_terms.words_of(asked) if (terms := search_terms.stem_terms(word))
    ]
    if not questions:
        return []
    weights = [log(1 + len(known.rules) / (1 + known.having.get(stem, 0))) for stem, _parts in questions]
    least = LEAST_SHARE * sum(weights)
    scored = []
    for place, rule in enumerate(known.rules):
        share = [_share(stem, parts, rule.all) for stem, parts in questions]
        name = [_share(stem, parts, rule.name) for stem, parts in questions]
        whole = sum(weight * part for weight, part in zip(weights, share, strict=True))
        if whole >= least and whole > 0:
            named = sum(weight * part for weight, part in zip(weights, name, strict=True))
            scored.append((-(whole + NAME_WEIGHT * named), place, rule.hit))
    return [hit for _score, _place, hit in sorted(scored)[: search.MOST]]


def _share(stem: str, more: Sequence[str], terms: frozenset[str]) -> float:
    """How much of a word a text has: the word, all of its parts, one of them, or nothing."""
    if stem in terms:
        return 1.0
    parts = more[1:]
    if parts and all(part in terms for part in parts):
        return WHOLE_BY_PARTS
    return ONE_PART if any(part in terms for part in more) else 0.0


def _knowledge(session: Session, today: date) -> _Known:
    """The rules and words as they are now; read again when the small tables changed, and each day."""
    global _latest  # noqa: PLW0603 - the one thing that a process keeps; the version guards it
    version = reference(session).version
    latest = _latest
    if latest is None or (latest.version, latest.day) != (version, today):
        latest = _latest = _read(session, version, today)
    return latest


def _read(session: Session, version: int, today: date) -> _Known:
    law_texts, provision_texts = search.rule_texts(session)
    found = laws.list_laws(session, today)
    rules = []
    for law in found:
        name = f"{law.citation_title} {law.abbreviation or ''}"
        rules.append(_rule(Hit(law.citation_title, f"/wetten/{law.key}", "", "Wet"), name, law_texts[law.id]))
    for one in laws.catalogue_on(session, today).provisions.values():
        over = f"{one.law_title}, {article_in_words(one.article)}"
        ended = one.standing in (Standing.ENDED, Standing.NOT_YET)
        hit = Hit(one.instrument, f"/wetten/{one.law_key}/{one.key}", "Geldt vandaag niet." if ended else "", over)
        rules.append(_rule(hit, f"{one.instrument} {one.article}", provision_texts[one.id]))
    having: dict[str, int] = defaultdict(int)
    for rule in rules:
        for term in rule.all:
            having[term] += 1
    names = [name for _id, name in reference(session).municipality_options]
    known = [*law_texts.values(), *provision_texts.values(), *names, *search.public_texts(session, TEXTS_READ)]
    return _Known(version, today, tuple(rules), dict(having), Vocabulary.of(known))


def _rule(hit: Hit, name: str, text: str) -> _Rule:
    own = frozenset(search_terms.stem_terms(name))
    return _Rule(hit, own, own | frozenset(search_terms.stem_terms(text)))
