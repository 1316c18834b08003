"""What the public may read: only the published record, by chosen columns. A withdrawn one shows as a tombstone."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select, tuple_
from sqlalchemy.orm import Session

from knelpunt.domain.errors import NotFound
from knelpunt.domain.vocabulary import Result, SubmitterKind, Theme, Verdict
from knelpunt.models import PublishedCase
from knelpunt.queries.cases import is_reference

PAGE_SIZE = 20
COUNT_LIMIT = 1000
RECENT = 3


@dataclass(frozen=True, slots=True)
class PublicFilter:
    """What a visitor narrows the list to; ``words`` is a query for ``to_tsquery('simple', …)``."""

    words: str | None = None
    theme: Theme | None = None
    submitter_kind: SubmitterKind | None = None
    verdict: Verdict | None = None
    province_id: int | None = None
    municipality_id: int | None = None
    law_id: int | None = None


@dataclass(frozen=True, slots=True)
class PublicRow:
    case_id: int
    reference: str
    title: str
    question: str
    verdict: Verdict
    theme: Theme
    submitter_kind: SubmitterKind
    municipality_id: int | None
    municipality_then: str | None
    main_law_id: int | None
    closed_on: date | None
    published_on: date
    source_url: str | None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """``count`` goes no further than just past ``COUNT_LIMIT``."""

    rows: tuple[PublicRow, ...]
    count: int
    after: str | None

    @property
    def is_counted_exactly(self) -> bool:
        return self.count <= COUNT_LIMIT


@dataclass(frozen=True, slots=True)
class PublicCase:
    """Everything a public page shows of one case."""

    reference: str
    title: str
    question: str
    answer: str
    verdict: Verdict
    result: Result | None
    next_step: str | None
    theme: Theme
    submitter_kind: SubmitterKind
    municipality_id: int | None
    municipality_then: str | None
    province_id: int | None
    provisions: list[dict[str, Any]]
    law_date: date
    filed_on: date
    closed_on: date | None
    published_on: date
    corrected_on: date | None
    withdrawn_on: date | None
    withdrawn_reason: str | None
    source_url: str | None
    source_title: str | None


_ROW = tuple(getattr(PublishedCase, name) for name in PublicRow.__slots__)
_WHOLE = tuple(getattr(PublishedCase, name) for name in PublicCase.__slots__)
_ORDER = (PublishedCase.published_on.desc(), PublishedCase.case_id.desc())


def published_cases(session: Session, narrowed: PublicFilter, *, after: str | None = None) -> PublicPage:
    """One page of what is public, the latest first, in one statement.

    Args:
        after: cursor from the page before; one that is none gives the first page.
    """
    where = _conditions(narrowed)
    counted = select(PublishedCase.case_id).where(*where).limit(COUNT_LIMIT + 1).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    statement = select(*_ROW, total).where(*where)
    position = _read_cursor(after)
    if position is not None:
        statement = statement.where(tuple_(PublishedCase.published_on, PublishedCase.case_id) < tuple_(*position))
    found = session.execute(statement.order_by(*_ORDER).limit(PAGE_SIZE + 1)).all()
    rows = tuple(PublicRow(*row[:-1]) for row in found[:PAGE_SIZE])
    last = rows[-1] if len(found) > PAGE_SIZE else None
    return PublicPage(
        rows, found[0][-1] if found else 0, f"{last.published_on.isoformat()}.{last.case_id}" if last else None
    )


def recent_answers(session: Session) -> tuple[PublicRow, ...]:
    """The answers published last, for the start page."""
    found = session.execute(select(*_ROW).where(*_conditions(PublicFilter())).order_by(*_ORDER).limit(RECENT))
    return tuple(PublicRow(*row) for row in found)


def published_case(session: Session, reference: str) -> PublicCase:
    """One published case, or its tombstone: then the texts are left out here already.

    Raises:
        NotFound: nothing was ever published under this number.
    """
    if not is_reference(reference):
        raise NotFound()
    row = session.execute(select(*_WHOLE).where(PublishedCase.reference == reference)).one_or_none()
    if row is None:
        raise NotFound()
    found = PublicCase(*row)
    if found.withdrawn_on is None:
        return found
    blank: dict[str, Any] = {"title": "", "question": "", "answer": "", "next_step": None, "provisions": []}
    return PublicCase(**{name: blank.get(name, getattr(found, name)) for name in PublicCase.__slots__})


def _conditions(narrowed: PublicFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [PublishedCase.withdrawn_on.is_(None)]
    for column, wanted in (
        (PublishedCase.theme, narrowed.theme),
        (PublishedCase.submitter_kind, narrowed.submitter_kind),
        (PublishedCase.verdict, narrowed.verdict),
        (PublishedCase.province_id, narrowed.province_id),
        (PublishedCase.municipality_id, narrowed.municipality_id),
        (PublishedCase.main_law_id, narrowed.law_id),
    ):
        if wanted is not None:
            found.append(column == wanted)
    if narrowed.words is not None:
        found.append(PublishedCase.terms.op("@@")(func.to_tsquery(literal_column("'simple'"), narrowed.words)))
    return found


def _read_cursor(text: str | None) -> tuple[date, int] | None:
    if not text:
        return None
    day, _dot, number = text.partition(".")
    if not number.isascii() or not number.isdecimal() or len(number) > 15:
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
