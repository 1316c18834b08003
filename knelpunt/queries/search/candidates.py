"""Which cases are worth comparing with a question, so many at most that the work does not grow with the register.

How to look depends on how common the words are, and PostgreSQL must not decide that alone: it does not know how rare a
rare word is nor what it costs to read the words of a case, and then reads those of every case to find hardly any. So
the common words come from its statistics, rare ones are looked up in the index, and for common ones the newest cases
are read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from math import prod
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from knelpunt.models import CaseSearch, PublishedCase

WHOLE_CANDIDATES = 60
PAIR_CANDIDATES = 150
WALKED = 5000
"""So many of the newest cases are read for common words."""
PAIRED_WORDS = 6
PAIRED_SHARE = 0.3
"""Words are paired, the rarest first, until all together stand in this share of the cases."""
FEWEST_WHOLE = 4
TELLING_SHARE = 0.0003
"""A case has the words as a whole when it has the rarest four; more, as long as this share of the cases has those."""
UNCOMMON_SHARE = 0.02
FEW_WORDS = 3
"""Of fewer words than this, one is enough."""
_TERM = re.compile(r"'([^']*)'")
_SIMPLE: ColumnElement[str] = literal_column("'simple'")


class Part(StrEnum):
    """What candidates have: all words, or two of them."""

    WHOLE = "all"
    PAIRS = "pairs"

    @property
    def most(self) -> int:
        return WHOLE_CANDIDATES if self is Part.WHOLE else PAIR_CANDIDATES


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """Where words are looked for: the table by its name, the number of a case, its terms, and which rows count.

    ``shown`` is what comes along of a case that is like a text.
    """

    table: str
    id: ColumnElement[int]
    terms: ColumnElement[str]
    where: tuple[ColumnElement[bool], ...] = ()
    shown: tuple[ColumnElement[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """What is common enough to read the newest cases for it, and the queries, by the names of their parameters."""

    common: frozenset[Part]
    queries: dict[str, str]


_published = PublishedCase.__table__.c
EVERY_CASE = Looked("case_search", CaseSearch.__table__.c.case_id, CaseSearch.__table__.c.terms)
PUBLIC_CASES = Looked("published_cases", _published.case_id, _published.terms, (_published.withdrawn_on.is_(None),))


def all_of(words: Sequence[str]) -> str:
    """The query for a text that has all of the first words."""
    return " & ".join(f"({word})" for word in words[:PAIRED_WORDS])


def two_of(words: Sequence[str], asked: int) -> str:
    """The query for a text that has two of these words; of a question of few words, one."""
    if asked < FEW_WORDS:
        return " | ".join(words)
    return " | ".join(f"({one}) & ({other})" for one, other in combinations(words[:PAIRED_WORDS], 2))


def way_to_look(session: Session, looked: Looked, words: Sequence[str]) -> Way:
    """How to find the cases that have all words, and the newest ones that have two; in one statement.

    Args:
        words: small queries, one per word, at least one.
    """
    return way_for(shares_of(session, looked.table, words)[0], words)


def way_for(shares: dict[str, float], words: Sequence[str]) -> Way:
    """The same, when it is known in what share of the cases each word stands."""
    rarest = sorted(words, key=shares.__getitem__)[:PAIRED_WORDS]
    whole = rarest[: _enough([shares[word] for word in rarest])]
    whole_share = prod(shares[word] for word in whole)
    pairs_share = _expected([shares[word] for word in rarest], len(words))
    is_common = {
        Part.WHOLE: whole_share * WALKED >= Part.WHOLE.most,
        Part.PAIRS: pairs_share * WALKED >= Part.PAIRS.most,
    }
    paired = rarest if is_common[Part.PAIRS] else _paired(rarest, shares)
    return Way(
        frozenset(part for part in Part if is_common[part]),
        {Part.WHOLE.value: all_of(whole), Part.PAIRS.value: two_of(paired, len(words))},
    )


def uncommon(session: Session, looked: Looked, words: Sequence[str]) -> list[str]:
    """Those of these words that stand in few cases, as PostgreSQL last counted it, or that it never counted."""
    if not words:
        return []
    shares, _rows = shares_of(session, looked.table, words)
    return [word for word in words if shares[word] <= UNCOMMON_SHARE]


def _enough(shares: Sequence[float]) -> int:
    """How many of the rarest words tell a case from nearly all others: looking for more costs, and adds none."""
    share, count = 1.0, 0
    for each in shares:
        if count >= FEWEST_WHOLE and share <= TELLING_SHARE:
            break
        share *= each
        count += 1
    return count


def _expected(shares: Sequence[float], asked: int) -> float:
    """The share of cases that have two of these words, of a question of few words one, if words went by chance."""
    missing = 1.0
    for share in shares if asked < FEW_WORDS else (one * other for one, other in combinations(shares, 2)):
        missing *= 1 - share
    return 1 - missing


def _paired(rarest: Sequence[str], shares: dict[str, float]) -> Sequence[str]:
    """The rarest words, at least two, as long as they do not stand in too many cases."""
    total, count = 0.0, 0
    for word in rarest:
        total += shares[word]
        if count >= 2 and total > PAIRED_SHARE:
            break
        count += 1
    return rarest[:count]


_COUNTED = text(
    "SELECT common.term, common.share, greatest(pg_class.reltuples, 0)::bigint AS rows FROM pg_class"
    " LEFT JOIN (SELECT term, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs)"
    " AS each (term, share) WHERE schemaname = current_schema() AND tablename = :table AND attname = 'terms'"
    " AND term = ANY(:terms)) AS common ON true WHERE pg_class.oid = to_regclass(:table)"
).bindparams(bindparam("terms", type_=ARRAY(String)))


def shares_of(session: Session, table: str, words: Sequence[str]) -> tuple[dict[str, float], int]:
    """In what share of the cases each query is found, as PostgreSQL last counted its terms, and of how many cases.

    0 for what is rare.
    """
    terms = sorted({term for word in words for term in _TERM.findall(word)})
    rows = session.execute(_COUNTED, {"table": table, "terms": terms}).all()
    shares = {row.term: row.share for row in rows if row.term is not None}
    return {word: _share(word, shares) for word in words}, max((row.rows for row in rows), default=0)


def _share(word: str, shares: Mapping[str, float]) -> float:
    """The same of one query: of what finds it either way the sum, of what must stand there both the least."""
    ways = _split(word, " | ")
    if len(ways) > 1:
        return min(1.0, sum(_share(way, shares) for way in ways))
    parts = _split(word, " & ")
    if len(parts) > 1:
        return min(_share(part, shares) for part in parts)
    bare = word.strip()
    if bare.startswith("("):
        return _share(bare[1:-1], shares)
    return shares.get(bare.strip("'"), 0.0)


@lru_cache(maxsize=20_000)
def _split(word: str, sign: str) -> tuple[str, ...]:
    """The parts of a query between signs that stand outside all brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(word):
        depth += (letter == "(") - (letter == ")")
        if not depth and word.startswith(sign, at):
            parts.append(word[start:at])
            start = at + len(sign)
    return (*parts, word[start:])


def found(looked: Looked, common: frozenset[Part]) -> CompoundSelect[Any]:
    """The numbers of the candidates."""
    return union_all(*(_of(looked, part, part in common, part.most) for part in Part))


def newest_with_two(looked: Looked, most: int, *, is_common: bool) -> Select[Any]:
    """The numbers of so many newest cases with two of the words of ``query_for_two``."""
    return _of(looked, Part.PAIRS, is_common, most)


def query_for_two(session: Session, looked: Looked, words: Sequence[str], most: int) -> tuple[dict[str, str], bool]:
    """The query for two of the first words, or for the only one, by the name of its parameter, and whether it is common
    enough to read the newest cases until there are so many; in one statement.

    Args:
        words: small queries, one per word, the most telling first, at least one.
    """
    words = words[:PAIRED_WORDS]
    asked = FEW_WORDS if len(words) > 1 else 1
    shares = shares_of(session, looked.table, words)[0]
    is_common = _expected([shares[word] for word in words], asked) * WALKED >= most
    return {Part.PAIRS.value: two_of(words, asked)}, is_common


def _of(looked: Looked, part: Part, is_common: bool, most: int) -> Select[Any]:
    return _walked(looked, part, most) if is_common else _looked_up(looked, part, most)


def _looked_up(looked: Looked, part: Part, most: int) -> Select[Any]:
    """By the index on words. Everything first and the limit outside, or the limit makes another way look cheaper."""
    matching = select(looked.id.label("id")).where(*looked.where, _matches(looked.terms, part))
    every = matching.cte(f"every_{part.value}").prefix_with("MATERIALIZED")
    statement = select(every.c.id).limit(most)
    return statement if part is Part.WHOLE else statement.order_by(every.c.id.desc())


def _walked(looked: Looked, part: Part, most: int) -> Select[Any]:
    """Among the newest cases, without the index."""
    newest = (
        select(looked.id.label("id"), looked.terms.label("terms"))
        .where(*looked.where)
        .order_by(looked.id.desc())
        .limit(literal_column(str(WALKED), Integer))
        .subquery(f"newest_{part.value}")
    )
    matching = select(newest.c.id).where(_matches(newest.c.terms, part))
    return matching.order_by(newest.c.id.desc()).limit(most)


def _matches(terms: Any, part: Part) -> ColumnElement[bool]:
    # As a subquery it is read once; by itself once for each case that is walked past.
    return terms.op("@@")(select(func.to_tsquery(_SIMPLE, bindparam(part.value, type_=String))).scalar_subquery())
