"""One search over cases, ruimtewijzers and rule bottlenecks: what shares most words with a question comes first.

Candidates are cut off, so that the work does not grow with the number of cases. An outsider is asked nothing but the
published record; what an actor may not see is neither found nor counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, bindparam, func, literal_column, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from knelpunt.domain.guides.track import ANSWERING
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.models import Bottleneck, Case, CaseSearch, Guide, GuideVersion, Law, Provision, PublishedCase
from knelpunt.queries.core.cases import visible_to
from knelpunt.queries.search.candidates import (
    EVERY_CASE,
    PAIR_CANDIDATES,
    PUBLIC_CASES,
    WHOLE_CANDIDATES,
    Part,
    all_of,
    found,
    two_of,
    way_to_look,
)

MOST = 20
MANY_WORDS = 6
"""From this many words on, no more than half of this many need to be there."""
ONCE = "MATERIALIZED"
_SIMPLE: ColumnElement[str] = literal_column("'simple'")


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case that shares words with a question."""

    reference: str
    title: str
    text: str
    municipality_id: int | None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A ruimtewijzer or rule bottleneck that shares words with a question; ``key`` is its place in the address."""

    key: str
    title: str
    text: str


def public_cases(session: Session, words: Sequence[str], limit: int = MOST) -> tuple[FoundCase, ...]:
    """Published cases, best first. ``words`` are small queries, one per word, as ``words_to_share`` makes them."""
    if not words:
        return ()
    way = way_to_look(session, PUBLIC_CASES, words)
    rows = _run(session, _public_statement(way.common), words, limit, way.queries)
    return tuple(FoundCase(*row) for row in rows)


def permitted_cases(session: Session, actor: Actor, words: Sequence[str], limit: int = MOST) -> tuple[FoundCase, ...]:
    """Every case that the actor may see as a file: all for staff, the own ones for an organisation."""
    if not words:
        return ()
    if actor.can(Permission.READ_CASES):
        way = way_to_look(session, EVERY_CASE, words)
        rows = _run(session, _every_case_statement(way.common), words, limit, way.queries)
    else:
        rows = _run(session, _visible_statement(actor), words, limit)
    return tuple(FoundCase(*row) for row in rows)


def found_guides(session: Session, words: Sequence[str], limit: int = MOST) -> tuple[FoundPage, ...]:
    """Ruimtewijzers that can be read, best first."""
    return tuple(FoundPage(*row) for row in _run(session, _guide_statement(), words, limit))


def found_bottlenecks(session: Session, words: Sequence[str], limit: int = MOST) -> tuple[FoundPage, ...]:
    """Rule bottlenecks, best first."""
    return tuple(FoundPage(*row) for row in _run(session, _bottleneck_statement(), words, limit))


def public_texts(session: Session, most: int) -> list[str]:
    """What anybody may read, for a list of known words: questions and answers, and the latest published cases."""
    guides = session.execute(
        select(GuideVersion.question, GuideVersion.short_answer, GuideVersion.search_words)
        .join(Guide, (Guide.id == GuideVersion.guide_id) & (Guide.published_number == GuideVersion.number))
        .where(Guide.status.in_(ANSWERING))
        .order_by(Guide.id)
    )
    bottlenecks = session.execute(select(Bottleneck.title, Bottleneck.problem).order_by(Bottleneck.id))
    cases = session.execute(
        select(PublishedCase.title, PublishedCase.question)
        .where(PublishedCase.withdrawn_on.is_(None))
        .order_by(PublishedCase.published_on.desc(), PublishedCase.case_id.desc())
        .limit(most)
    )
    return [text for rows in (guides, bottlenecks, cases) for row in rows for text in row]


def rule_texts(session: Session) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    """By what each law and each provision is recognised, by id: its own words and the situations it turns up in."""

    def text_of(details: dict[str, Any]) -> tuple[str, ...]:
        return (*details["trigger_words"], *details["situations"])

    laws = session.execute(select(Law.id, Law.details).order_by(Law.id))
    provisions = session.execute(select(Provision.id, Provision.details).order_by(Provision.id))
    return {id_: text_of(details) for id_, details in laws}, {id_: text_of(details) for id_, details in provisions}


def _run(
    session: Session, statement: Select[Any], words: Sequence[str], limit: int, queries: dict[str, str] | None = None
) -> Sequence[Any]:
    if not words:
        return ()
    values = queries or {"all": all_of(words), "pairs": two_of(words, len(words)) or words[0]}
    return session.execute(
        statement,
        {
            **values,
            "words": list(words),
            "any": " | ".join(words),
            "most": min(limit, MOST),
            "least": (len(words) + 1) // 2 if len(words) < MANY_WORDS else MANY_WORDS // 2,
        },
    ).all()


def _ranked(
    columns: Sequence[Any], row_id: Any, terms: Any, source: Any, where: Sequence[Any], is_found: ColumnElement[bool]
) -> Select[Any]:
    """What was found, by how many of the words it has and then by how much.

    Args:
        is_found: which rows are compared; ``where`` holds for them too.
    """
    listed = func.unnest(bindparam("words", type_=ARRAY(String))).table_valued("word").render_derived(name="asked")
    asked = select(func.to_tsquery(_SIMPLE, listed.c.word).label("query")).cte("words").prefix_with(ONCE)
    matched = select(func.count()).select_from(asked).where(terms.op("@@")(asked.c.query)).scalar_subquery()
    rank = func.ts_rank(terms, func.to_tsquery(_SIMPLE, bindparam("any", type_=String)))
    scored = (
        select(*columns, matched.label("matched"), rank.label("rank"), row_id.label("row_id"))
        .select_from(source)
        .where(is_found, *where)
        .cte("scored")
        .prefix_with(ONCE)
    )
    shown = [scored.c[column.name] for column in columns]
    return (
        select(*shown)
        .where(scored.c.matched >= bindparam("least"))
        .order_by(scored.c.matched.desc(), scored.c.rank.desc(), scored.c.row_id.desc())
        .limit(bindparam("most"))
    )


def _looked_up(row_id: Any, terms: Any, source: Any, where: Sequence[Any]) -> ColumnElement[bool]:
    """Rows with all words, and the newest with two: for tables, or parts of one, that stay small."""
    # In the text of the statement: how common these words are decides how to look for them.
    matching = {
        name: terms.op("@@")(func.to_tsquery(_SIMPLE, bindparam(name, type_=String, literal_execute=True)))
        for name in ("all", "pairs")
    }
    either = union(
        select(row_id.label("id")).select_from(source).where(*where, matching["all"]).limit(WHOLE_CANDIDATES),
        select(row_id.label("id"))
        .select_from(source)
        .where(*where, matching["pairs"])
        .order_by(row_id.desc())
        .limit(PAIR_CANDIDATES),
    ).subquery("found")
    return row_id.in_(select(either.c.id))


def _is_candidate(row_id: Any, candidates: CompoundSelect[Any]) -> ColumnElement[bool]:
    return row_id.in_(select(candidates.subquery("found").c.id))


_case_columns = Case.__table__.c
_FILE = (
    (_case_columns.reference, _case_columns.title, _case_columns.description, _case_columns.municipality_id),
    _case_columns.id,
    CaseSearch.__table__.c.terms,
    Case.__table__.join(CaseSearch.__table__, CaseSearch.__table__.c.case_id == _case_columns.id),
)


@cache
def _public_statement(common: frozenset[Part]) -> Select[Any]:
    """Made once: building a statement of this size costs more than running it."""
    table = PublishedCase.__table__.c
    columns = (table.reference, table.title, table.question, table.municipality_id)
    where = (table.withdrawn_on.is_(None),)
    is_found = _is_candidate(table.case_id, found(PUBLIC_CASES, common))
    return _ranked(columns, table.case_id, table.terms, PublishedCase.__table__, where, is_found)


@cache
def _every_case_statement(common: frozenset[Part]) -> Select[Any]:
    """For staff, who may read every case."""
    return _ranked(*_FILE, (), _is_candidate(_case_columns.id, found(EVERY_CASE, common)))


def _visible_statement(actor: Actor) -> Select[Any]:
    """For an organisation, whose own cases are few."""
    where = (visible_to(actor),)
    return _ranked(*_FILE, where, _looked_up(*_FILE[1:], where))


@cache
def _guide_statement() -> Select[Any]:
    guides, versions = Guide.__table__.c, GuideVersion.__table__.c
    shown = (versions.guide_id == guides.id) & (versions.number == guides.published_number)
    source = Guide.__table__.join(GuideVersion.__table__, shown)
    columns = (guides.slug, versions.question, versions.short_answer)
    where = (guides.status.in_(sorted(ANSWERING)),)
    is_found = _looked_up(guides.id, guides.terms, source, where)
    return _ranked(columns, guides.id, guides.terms, source, where, is_found)


@cache
def _bottleneck_statement() -> Select[Any]:
    table = Bottleneck.__table__.c
    is_found = _looked_up(table.id, table.terms, Bottleneck.__table__, ())
    columns = (table.reference, table.title, table.problem)
    return _ranked(columns, table.id, table.terms, Bottleneck.__table__, (), is_found)
