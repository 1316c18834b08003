"""Published cases that are like another one: they share its words, and count for more under one law or theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import Theme, Verdict
from knelpunt.models import PublishedCase
from knelpunt.queries.search.alike import FLOOR, alike
from knelpunt.queries.search.candidates import PUBLIC_CASES

SHOWN = 3
CONSIDERED = 20
LAW, THEME = 0.1, 0.05
"""What is added to how much two cases are alike when they are about one law, or have one theme."""
_cases = PublishedCase.__table__.c


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """One case like it, with why it is: ``shares_law`` and ``shares_theme`` beside the words that they share."""

    reference: str
    title: str
    question: str
    verdict: Verdict
    theme: Theme
    municipality_id: int | None
    municipality_then: str | None
    shares_law: bool
    shares_theme: bool


def similar_cases(
    session: Session,
    case_id: int,
    words: Sequence[str],
    *,
    theme: Theme = Theme.UNKNOWN,
    law_id: int | None = None,
    most: int = SHOWN,
    floor: float = FLOOR,
) -> tuple[SimilarCase, ...]:
    """The published cases most like this one, in four statements; none when nothing is much like it.

    Args:
        case_id: the case itself, which is left out; any other number when it is none.
        words: small queries, one per idea of the case.
    """
    if not words:
        return ()
    scores = {
        one.case_id: one.score
        for one in alike(session, PUBLIC_CASES, words, CONSIDERED, without=[case_id], floor=floor)
    }
    shares_law = _cases.main_law_id == law_id if law_id is not None else literal_column("false")
    shares_theme = _cases.theme == theme if theme is not Theme.UNKNOWN else literal_column("false")
    rows = session.execute(
        select(
            _cases.case_id,
            *(_cases[name] for name in SimilarCase.__slots__[:-2]),
            func.coalesce(shares_law, literal_column("false")).label("shares_law"),
            shares_theme.label("shares_theme"),
        )
        .where(_cases.case_id.in_(sorted(scores)))
        .order_by(_cases.case_id)
    ).all()
    more = {row.case_id: LAW * row.shares_law + THEME * row.shares_theme for row in rows}
    ranked = sorted(rows, key=lambda row: (-scores[row.case_id] - more[row.case_id], -row.case_id))
    return tuple(SimilarCase(*(getattr(row, name) for name in SimilarCase.__slots__)) for row in ranked[:most])
