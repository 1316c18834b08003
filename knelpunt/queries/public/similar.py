"""Published cases that are like another one: they share its words, and count for more under one law or theme."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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


_SHOWN = SimilarCase.__slots__[:-2]
_LOOKED = replace(PUBLIC_CASES, shown=tuple(_cases[name] for name in (*_SHOWN, "main_law_id")))


def similar_cases(
    session: Session,
    words: Sequence[str],
    *,
    case_id: int | None = None,
    theme: Theme = Theme.UNKNOWN,
    law_id: int | None = None,
    most: int = SHOWN,
    floor: float = FLOOR,
) -> tuple[SimilarCase, ...]:
    """The published cases most like this one, in three statements; none when nothing is much like it.

    Args:
        words: small queries, one per idea of the case.
        case_id: the case itself, which is left out; None for a text that is no case.
    """
    if not words:
        return ()
    likes = alike(session, _LOOKED, words, CONSIDERED, without=[] if case_id is None else [case_id], floor=floor)
    found = []
    for one in likes:
        row = one.shown
        shares_law = law_id is not None and row.main_law_id == law_id
        shares_theme = theme is not Theme.UNKNOWN and row.theme == theme
        case = SimilarCase(
            **{name: getattr(row, name) for name in _SHOWN}, shares_law=shares_law, shares_theme=shares_theme
        )
        found.append((-one.score - LAW * shares_law - THEME * shares_theme, -one.case_id, case))
    return tuple(case for _score, _id, case in sorted(found, key=lambda each: each[:2])[:most])
