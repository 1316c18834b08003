"""Published cases that are like another one: they share its words, and count for more under one law or theme. Found
anew, or as the worker found them for a case that is public itself. Only those with an answer: what is alike is read to
find one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, and_, bindparam, column, func, select, true
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import Theme, Verdict
from knelpunt.models import PublishedCase, SimilarCases
from knelpunt.queries.public.published import HAS_ANSWER
from knelpunt.queries.search.alike import FLOOR, alike
from knelpunt.queries.search.candidates import PUBLIC_CASES

SHOWN = 3
CONSIDERED = 20
LAW, THEME = 0.1, 0.05
"""What is added to how much two cases are alike when they are about one law, or have one theme."""
_cases = PublishedCase.__table__.c
_lists = SimilarCases.__table__.c


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """One case like it, with why it is: ``shares_law`` and ``shares_theme`` beside the words that they share."""

    case_id: int
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
_LEADS_TO_AN_ANSWER = (_cases.withdrawn_on.is_(None), HAS_ANSWER)
_LOOKED = replace(
    PUBLIC_CASES, where=_LEADS_TO_AN_ANSWER, shown=tuple(_cases[name] for name in (*_SHOWN, "main_law_id"))
)


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
        case = _similar(one.shown, theme, law_id)
        found.append((-one.score - LAW * case.shares_law - THEME * case.shares_theme, -one.case_id, case))
    return tuple(case for _score, _id, case in sorted(found, key=lambda each: each[:2])[:most])


def _similar(row: Any, theme: Theme, law_id: int | None) -> SimilarCase:
    return SimilarCase(
        **{name: getattr(row, name) for name in _SHOWN},
        shares_law=law_id is not None and row.main_law_id == law_id,
        shares_theme=theme is not Theme.UNKNOWN and row.theme == theme,
    )


_other = (
    func.unnest(_lists.others)
    .table_valued(column("id", BigInteger), with_ordinality="place")
    .render_derived(name="other")
)
_LISTED = (
    select(*_LOOKED.shown)
    .select_from(SimilarCases.__table__)
    .outerjoin(_other, true())
    .outerjoin(PublishedCase.__table__, and_(_cases.case_id == _other.c.id, *_LEADS_TO_AN_ANSWER))
    .where(_lists.case_id == bindparam("case_id", type_=BigInteger), _lists.others.is_not(None))
    .order_by(_other.c.place)
)


def listed_cases(
    session: Session, case_id: int, *, theme: Theme, law_id: int | None, most: int = SHOWN
) -> tuple[SimilarCase, ...] | None:
    """The same of a published case as they were found, without those that were withdrawn or lost their answer since;
    in one statement. None when nobody found any for its text as it is now."""
    rows = session.execute(_LISTED, {"case_id": case_id}).all()
    if not rows:
        return None
    there = [row for row in rows if row.case_id is not None]
    return tuple(_similar(row, theme, law_id) for row in there[:most])


@dataclass(frozen=True, slots=True)
class DueList:
    """A published case of which it is to be found what is like it; ``is_listed`` says whether somebody did before."""

    case_id: int
    is_listed: bool
    title: str
    question: str
    theme: Theme
    main_law_id: int | None


_DUE = (
    select(_lists.case_id, _lists.others.is_not(None), _cases.title, _cases.question, _cases.theme, _cases.main_law_id)
    .join(PublishedCase, _cases.case_id == _lists.case_id)
    .where(_lists.due_at <= bindparam("now", type_=DateTime(timezone=True)))
    .order_by(_lists.due_at, _lists.case_id)
    .limit(1)
    .with_for_update(of=SimilarCases, skip_locked=True)
)


def next_due(session: Session, now: datetime) -> DueList | None:
    """What is due for longest, its list locked; None when nothing is, or others are busy with all of it."""
    row = session.execute(_DUE, {"now": now}).one_or_none()
    return None if row is None else DueList(*row)
