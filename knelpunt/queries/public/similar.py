"""Published cases that are like another one: they share words with it, and count for more under one law or theme.

The two sets of candidates are cut off, so that the work does not grow with the number of cases; within them the cases
that share most come first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import BigInteger, ColumnClause, Integer, String, bindparam, case, func, literal_column, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import Theme, Verdict
from knelpunt.models import PublishedCase

SHOWN = 3
LEAST_SCORE = 3
CANDIDATES = 150
ONCE = "MATERIALIZED"
"""Keeps PostgreSQL from reading the words and adding up the score again for every use of them."""
PAIRED_WORDS = 5
_cases = PublishedCase.__table__.c


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """One case like it, with why it is: ``shares_law`` and ``shares_theme`` beside the words that they share."""

    reference: str
    title: str
    verdict: Verdict
    theme: Theme
    municipality_id: int | None
    municipality_then: str | None
    shares_law: bool
    shares_theme: bool


_SIMPLE: ColumnClause[str] = literal_column("'simple'")
_word_list = func.unnest(bindparam("words", type_=ARRAY(String))).table_valued("word").render_derived(name="asked")
_words = select(func.to_tsquery(_SIMPLE, _word_list.c.word).label("query")).cte("words").prefix_with(ONCE)
# In the text of the statement: how common these words are decides how to look for them. As parameters of a prepared
# statement they are unknown, and the plan that PostgreSQL then keeps is ten times as slow.
_ANY = bindparam("any", type_=String, literal_execute=True)
_PAIRS = bindparam("pairs", type_=String, literal_execute=True)
_is_another = (
    _cases.withdrawn_on.is_(None) & (_cases.case_id != bindparam("case_id", type_=BigInteger)),
    _cases.terms.op("@@")(func.to_tsquery(_SIMPLE, _ANY)),
)
_found = union(
    select(_cases.case_id)
    .where(*_is_another, _cases.terms.op("@@")(func.to_tsquery(_SIMPLE, _PAIRS)))
    .limit(CANDIDATES),
    select(_cases.case_id)
    .where(*_is_another, _cases.main_law_id == bindparam("law_id", type_=Integer))
    .limit(CANDIDATES),
).subquery("found")
_shares_law = func.coalesce(_cases.main_law_id == bindparam("law_id", type_=Integer), literal_column("false"))
_shares_theme = (_cases.theme == bindparam("theme", type_=_cases.theme.type)) & (_cases.theme != Theme.UNKNOWN)
_score = (
    select(func.count()).select_from(_words).where(_cases.terms.op("@@")(_words.c.query)).scalar_subquery()
    + case((_shares_law, 2), else_=0)
    + case((_shares_theme, 1), else_=0)
).label("score")
_scored = (
    select(
        _cases.case_id,
        _cases.reference,
        _cases.title,
        _cases.verdict,
        _cases.theme,
        _cases.municipality_id,
        _cases.municipality_then,
        _shares_law.label("shares_law"),
        _shares_theme.label("shares_theme"),
        _score,
    )
    .join(_found, _found.c.case_id == _cases.case_id)
    .cte("scored")
    .prefix_with(ONCE)
)
_STATEMENT = (
    select(*(_scored.c[name] for name in SimilarCase.__slots__))
    .where(_scored.c.score >= LEAST_SCORE)
    .order_by(_scored.c.score.desc(), _scored.c.case_id.desc())
    .limit(SHOWN)
)


def similar_cases(
    session: Session, case_id: int, words: Sequence[str], *, theme: Theme, law_id: int | None
) -> tuple[SimilarCase, ...]:
    """The published cases most like this one, in one statement; none when nothing is much like it.

    Args:
        words: small queries, one per word of the case, from ``services.core.search_index.words_to_share``.
    """
    if not words:
        return ()
    pairs = [f"({one}) & ({other})" for one, other in combinations(words[:PAIRED_WORDS], 2)]
    rows = session.execute(
        _STATEMENT,
        {
            "case_id": case_id,
            "law_id": law_id,
            "theme": theme,
            "words": list(words),
            "any": " | ".join(words),
            "pairs": " | ".join(pairs) or words[0],
        },
    )
    return tuple(SimilarCase(*row) for row in rows)
