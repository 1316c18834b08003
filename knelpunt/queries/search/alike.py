"""Which cases are much like a text: by the cosine of their words, over all cases, in three statements.

A word tells the more, the fewer cases have it. PostgreSQL counts the common ones; the others are looked up, and the
newest cases that have one are compared. Of common words two are needed. A case with every word of a text, a rare one
among them, is like it however much else it tells.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf, log, sqrt
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    String,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session

from knelpunt.queries.search.candidates import Looked, Part, found, shares_of, way_for

MOST_ASKED = 16
NEWEST = 60
"""So many of the newest cases are compared for one rare word."""
FEW = 300
"""A word that no more cases have than this is looked up by itself."""
FLOOR = 0.125
NEAR_BEST = 0.5
"""What is less alike than the floor, or less than half as much as the best, is left out."""
TELLING = 0.5
"""A word tells at least this share of what one would that no case has, or a text with all words may be any text."""
ALMOST = 0.999
PIVOT = 12
"""A short text is not that much more alike for having few other words."""
ONCE = "MATERIALIZED"
_SIMPLE: ColumnElement[str] = literal_column("'simple'")


@dataclass(frozen=True, slots=True)
class Alike:
    """A case by its number, with how much it is like the text, 0 for nothing and 1 for the same, and what is shown."""

    case_id: int
    score: float
    shown: Any


def alike(
    session: Session,
    looked: Looked,
    words: Sequence[str],
    most: int,
    *,
    without: Collection[int] = (),
    floor: float = FLOOR,
) -> list[Alike]:
    """The cases that are much like a text, the most alike first.

    Args:
        words: small queries, one for each idea of the text.
    """
    if not words:
        return []
    shares, rows = shares_of(session, looked.table, words)
    common = {word: share for word, share in shares.items() if share * rows > FEW}
    rare = [word for word in words if word not in common]
    having: dict[str, int] = {}
    ids: set[int] = set()
    for place, count, newest in session.execute(_rare(looked), {"words": rare}):
        having[rare[place - 1]] = count
        ids.update(newest)
    count = max(rows, max(having.values(), default=0), 1)
    weights = {
        word: log(1 + count / (1 + (common[word] * count if word in common else having.get(word, 0)))) for word in words
    }
    usual = log(1 + count)
    asked = sorted(weights, key=weights.__getitem__, reverse=True)[:MOST_ASKED]
    every = sum(weight**2 for weight in weights.values())
    is_telling = weights[asked[0]] >= TELLING * usual
    way = way_for({word: common.get(word, 0.0) for word in words}, list(words))
    candidates = session.execute(
        _scored(looked, way.common),
        {
            **way.queries,
            "ids": sorted(ids),
            "without": sorted(without),
            "words": asked,
            "weights": [weights[word] for word in asked],
            "norm": sqrt(every) * usual / 2,
            "floor": floor,
            "every": ALMOST * every if is_telling else inf,
            "most": most,
        },
    )
    likes = [Alike(row.id, row.score, row) for row in candidates]
    return [one for one in likes if one.score >= NEAR_BEST * likes[0].score]


@cache
def _rare(looked: Looked) -> Select[Any]:
    """How many cases have each of some words, and the newest of those."""
    asked = (
        func.unnest(bindparam("words", type_=ARRAY(String)))
        .table_valued("word", with_ordinality="place")
        .render_derived(name="asked")
    )
    having = (
        select(looked.id.label("id"))
        .where(*looked.where, looked.terms.op("@@")(func.to_tsquery(_SIMPLE, asked.c.word)))
        .lateral("having_word")
    )
    newest = func.array_agg(aggregate_order_by(having.c.id, having.c.id.desc()), type_=ARRAY(BigInteger))
    return (
        select(asked.c.place, func.count(), newest[1:NEWEST])
        .select_from(asked.join(having, literal(True)))
        .group_by(asked.c.place)
        .order_by(asked.c.place)
    )


@cache
def _scored(looked: Looked, common: frozenset[Part]) -> Select[Any]:
    """The candidates by their cosine; made once for each way to look."""
    given = select(func.unnest(bindparam("ids", type_=ARRAY(BigInteger))).label("id"))
    candidates = union(given, select(found(looked, common).subquery("found").c.id)).cte("candidates")
    listed = (
        func.unnest(bindparam("words", type_=ARRAY(String)), bindparam("weights", type_=ARRAY(Double)))
        .table_valued(column("word", String), column("weight", Double))
        .render_derived(name="asked")
    )
    asked = select(func.to_tsquery(_SIMPLE, listed.c.word).label("query"), listed.c.weight).cte("words")
    asked = asked.prefix_with(ONCE)
    # Stripped means read once: as they are, each of the words would fetch the terms of each case anew.
    read = (
        select(looked.id.label("id"), func.strip(looked.terms).label("stripped"), *looked.shown)
        .where(
            *looked.where,
            looked.id.in_(select(candidates.c.id)),
            looked.id != func.all(bindparam("without", type_=ARRAY(BigInteger))),
        )
        .cte("read")
        .prefix_with(ONCE)
    )
    terms = read.c.stripped
    shared = (
        select(func.sum(asked.c.weight * asked.c.weight))
        .select_from(asked)
        .where(terms.op("@@")(asked.c.query))
        .scalar_subquery()
    )
    length = func.sqrt(func.length(terms) + PIVOT, type_=Double)
    rest = [column for column in read.c if column is not terms]
    scored = select(shared.label("shared"), length.label("length"), *rest).cte("scored").prefix_with(ONCE)
    score = scored.c.shared / (bindparam("norm", type_=Double) * scored.c.length)
    return (
        select(score.label("score"), *scored.c)
        .where(or_(score >= bindparam("floor", type_=Double), scored.c.shared >= bindparam("every", type_=Double)))
        .order_by(score.desc(), scored.c.id.desc())
        .limit(bindparam("most", type_=Integer))
    )
