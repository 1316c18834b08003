"""What the public may read: only the published record, by chosen columns. A withdrawn one shows as a tombstone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Select,
    String,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from knelpunt.domain.errors import NotFound
from knelpunt.domain.vocabulary import Result, SubmitterKind, Theme, Verdict
from knelpunt.models import PublishedCase, handling
from knelpunt.queries.core.cases import is_reference

PAGE_SIZE = 20
COUNT_LIMIT = 1000
RECENT = 3
FIRST_KNOWN_YEAR = 2010
"""Of history before this year even the year of a case is not known (docs/import.md)."""


@dataclass(frozen=True, slots=True)
class PublicFilter:
    """What a visitor narrows the list to; ``words`` is a query for ``to_tsquery('simple', …)``.

    ``answered``: only cases that have a verdict and a result; None also those of history whose end nobody knows.
    """

    answered: bool | None = True
    words: str | None = None
    theme: Theme | None = None
    submitter_kind: SubmitterKind | None = None
    verdict: Verdict | None = None
    province_id: int | None = None
    municipality_id: int | None = None
    municipality_ids: Sequence[int] | None = None
    """One municipality of today and those that went up in it."""
    law_id: int | None = None
    together: tuple[dict[str, str], ...] | None = None
    """Entries that the rules of a case must hold all: ``{"law": key}`` or ``{"provision": key}``."""
    filed_from: date | None = None
    filed_to: date | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What is asked for, by its name in ``FILTERS``."""
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name) is not None}


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
    joined_municipalities: list[str]
    province_id: int | None
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

    case_id: int
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
    joined_municipalities: list[str]
    province_id: int | None
    main_law_id: int | None
    provisions: list[dict[str, Any]]
    law_date: date
    filed_on: date
    closed_on: date | None
    published_on: date
    corrected_on: date | None
    corrections: list[dict[str, Any]]
    withdrawn_on: date | None
    withdrawn_reason: str | None
    source_url: str | None
    source_title: str | None


# The columns of the table, not of the mapped class: these pages want no objects.
_cases = PublishedCase.__table__.c
_ROW = tuple(_cases[name] for name in PublicRow.__slots__)
_ORDER = (_cases.published_on.desc(), _cases.case_id.desc())
HAS_ANSWER = literal_column(f"({handling.HAS_ANSWER_SQL})", Boolean)
FILTERS = {
    "answered": HAS_ANSWER,
    "words": _cases.terms.op("@@")(func.to_tsquery(literal_column("'simple'"), bindparam("words", type_=String))),
    "theme": _cases.theme == bindparam("theme", type_=_cases.theme.type),
    "submitter_kind": _cases.submitter_kind == bindparam("submitter_kind", type_=_cases.submitter_kind.type),
    "verdict": _cases.verdict == bindparam("verdict", type_=_cases.verdict.type),
    "province_id": _cases.province_id == bindparam("province_id"),
    "municipality_id": _cases.municipality_id == bindparam("municipality_id"),
    "municipality_ids": _cases.municipality_id == any_(bindparam("municipality_ids", type_=ARRAY(BigInteger))),
    "law_id": _cases.main_law_id == bindparam("law_id"),
    "together": _cases.provisions.op("@>")(bindparam("together", type_=JSONB)),
    "filed_from": _cases.filed_on >= bindparam("filed_from", type_=Date),
    "filed_to": _cases.filed_on <= bindparam("filed_to", type_=Date),
}
_POSITION = tuple_(_cases.published_on, _cases.case_id) < tuple_(
    bindparam("after_day", type_=Date), bindparam("after_id", type_=BigInteger)
)
_ONE = select(*(_cases[name] for name in PublicCase.__slots__)).where(_cases.reference == bindparam("reference"))
_RECENT = select(*_ROW).where(_cases.withdrawn_on.is_(None), HAS_ANSWER).order_by(*_ORDER).limit(RECENT)


@lru_cache(maxsize=500)
def _list_statement(filters: tuple[str, ...], *, has_position: bool, most: int) -> Select[*tuple[Any, ...]]:
    """The statement of a list with these filters on; made once, because that costs more than running it."""
    where = [_cases.withdrawn_on.is_(None), *(FILTERS[name] for name in filters)]
    counted = select(_cases.case_id).where(*where).limit(COUNT_LIMIT + 1).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    statement = select(*_ROW, total).where(*where)
    if has_position:
        statement = statement.where(_POSITION)
    return statement.order_by(*_ORDER).limit(most + 1)


def published_cases(
    session: Session, narrowed: PublicFilter, *, after: str | None = None, most: int = PAGE_SIZE
) -> PublicPage:
    """One page of what is public, the latest first, in one statement.

    Args:
        after: cursor from the page before; one that is none gives the first page.
    """
    values = narrowed.values
    position = read_cursor(after)
    statement = _list_statement(tuple(values), has_position=position is not None, most=most)
    if position is not None:
        values |= {"after_day": position[0], "after_id": position[1]}
    found = session.execute(statement, values).all()
    rows = tuple(PublicRow(*row[:-1]) for row in found[:most])
    last = rows[-1] if len(found) > most else None
    return PublicPage(
        rows, found[0][-1] if found else 0, f"{last.published_on.isoformat()}.{last.case_id}" if last else None
    )


def recent_answers(session: Session) -> tuple[PublicRow, ...]:
    """The answers published last, for the start page."""
    return tuple(PublicRow(*row) for row in session.execute(_RECENT))


def published_case(session: Session, reference: str) -> PublicCase:
    """One published case, or its tombstone: then the texts are left out here already.

    Raises:
        NotFound: nothing was ever published under this number.
    """
    if not is_reference(reference):
        raise NotFound()
    row = session.execute(_ONE, {"reference": reference}).one_or_none()
    if row is None:
        raise NotFound()
    found = PublicCase(*row)
    if found.withdrawn_on is None:
        return found
    blank: dict[str, Any] = {
        "title": "",
        "question": "",
        "answer": "",
        "next_step": None,
        "provisions": [],
        "corrections": [],
    }
    return PublicCase(**{name: blank.get(name, getattr(found, name)) for name in PublicCase.__slots__})


def known_year(filed_on: date, source_url: str | None) -> int | None:
    """The year of a case; of history only where that is known, and never the day, which is booked."""
    return filed_on.year if source_url is None or filed_on.year >= FIRST_KNOWN_YEAR else None


def read_cursor(text: str | None) -> tuple[date, int] | None:
    """The place in the list for which a cursor stands; None when it is none."""
    if not text:
        return None
    day, _dot, number = text.partition(".")
    if not number.isascii() or not number.isdecimal() or len(number) > 15:
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
