"""Lists of cases: what may be filtered, in which order, page by page, and how many there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    String,
    any_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Session

from knelpunt.domain.clocks import Clock
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    CaseStatus,
    PublicationStatus,
    Result,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.domain.working_days import add_working_days
from knelpunt.models import Case, CaseSearch, Review
from knelpunt.queries.cases import is_reference, visible_to

PAGE_SIZE = 25
COUNT_LIMIT = 1000
"""Above this many the count is not exact: a page need not count what nobody pages through."""
LOOK_UP_LIMIT = 2000
"""Up to this many cases found by words are looked up by number; with more, the list is walked and each case checked."""
NEARLY_LATE_WORKING_DAYS = 3
WAITING_FOR_SUBMITTER = frozenset({CaseStatus.AWAITING_SUPPLEMENT, CaseStatus.PROPOSED})

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_ID = 2**63 - 1


class WorkList(StrEnum):
    """The work lists of the desk; stored nowhere, used in addresses."""

    MINE = "mijn"
    UNASSIGNED = "niet-toegewezen"
    REVIEW = "te-toetsen"
    WAITING = "wacht-op-indiener"
    NEARLY_LATE = "bijna-te-laat"
    LATE = "te-laat"
    ALL = "alle"


class CaseSort(StrEnum):
    """By what a list is ordered; the number of the case decides between equals."""

    UPDATED = "gewijzigd"
    FILED = "ingediend"
    DUE = "uiterste-datum"
    NUMBER = "nummer"


_DATED_WORKLISTS = frozenset({WorkList.NEARLY_LATE, WorkList.LATE})
"""Lists in which every case has a due date."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is narrowed to. Days are days in Europe/Amsterdam, both ends included; ``words`` is a tsquery."""

    worklist: WorkList = WorkList.ALL
    status: CaseStatus | None = None
    verdict: Verdict | None = None
    result: Result | None = None
    publication: PublicationStatus | None = None
    submitter_kind: SubmitterKind | None = None
    theme: Theme | None = None
    law_id: int | None = None
    municipality_id: int | None = None
    province_id: int | None = None
    handler_id: int | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    words: str | None = None
    matches_nothing: bool = False


@dataclass(frozen=True, slots=True)
class CaseOrder:
    sort: CaseSort = CaseSort.UPDATED
    descending: bool = True


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list. The names behind the ids come from ``queries.reference``."""

    id: int
    reference: str
    title: str
    status: CaseStatus
    verdict: Verdict
    result: Result | None
    publication: PublicationStatus
    submitter_kind: SubmitterKind
    theme: Theme
    municipality_id: int | None
    municipality_then: str | None
    province_id: int | None
    main_law_id: int | None
    handler_id: int | None
    filed_on: date
    closed_on: date | None
    due_on: date | None
    due_clock: Clock | None
    suspended_until: date | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list, with the cursors of its neighbours (None: there is none)."""

    rows: tuple[CaseRow, ...]
    count: int
    before: str | None
    after: str | None

    @property
    def is_counted_exactly(self) -> bool:
        return self.count <= COUNT_LIMIT


_COLUMNS = tuple(getattr(Case, name) for name in CaseRow.__slots__)
# A case without a due date comes last, whichever way the list runs. By direction: is it descending?
_NO_DATE = {
    False: literal_column("'infinity'::date", Date),
    True: literal_column("'-infinity'::date", Date),
}
_DUE_OR_LAST = {descending: func.coalesce(Case.due_on, none) for descending, none in _NO_DATE.items()}


def conditions(narrowed: CaseFilter, actor: Actor, today: date) -> list[ColumnElement[bool]]:
    """What the rows of a list must meet, sight of them by this actor first."""
    found = [visible_to(actor), *_of_worklist(narrowed.worklist, actor, today)]
    for column, wanted in (
        (Case.status, narrowed.status),
        (Case.verdict, narrowed.verdict),
        (Case.result, narrowed.result),
        (Case.publication, narrowed.publication),
        (Case.submitter_kind, narrowed.submitter_kind),
        (Case.theme, narrowed.theme),
        (Case.main_law_id, narrowed.law_id),
        (Case.municipality_id, narrowed.municipality_id),
        (Case.province_id, narrowed.province_id),
        (Case.handler_id, narrowed.handler_id),
    ):
        if wanted is not None:
            found.append(column == wanted)
    if narrowed.filed_from is not None:
        found.append(Case.filed_on >= narrowed.filed_from)
    if narrowed.filed_to is not None:
        found.append(Case.filed_on <= narrowed.filed_to)
    if narrowed.matches_nothing:
        found.append(false())
    return found


def _matches(words: ColumnElement[str]) -> ColumnElement[bool]:
    return CaseSearch.terms.op("@@")(func.to_tsquery(literal_column("'simple'"), words))


def _with_words(session: Session, narrowed: CaseFilter) -> list[ColumnElement[bool]]:
    """That a case holds the words: by its id when few do, else by a look at each case that the list passes.

    Left to the planner alone this goes wrong for some words: it does not know how often a rare word occurs, and walks
    the whole list for it.
    """
    if narrowed.words is None:
        return []
    hits = select(CaseSearch.case_id).where(_matches(bindparam("words", narrowed.words, String)))
    found = list(session.scalars(hits.order_by(CaseSearch.case_id).limit(LOOK_UP_LIMIT + 1)))
    if len(found) <= LOOK_UP_LIMIT:
        return [Case.id == any_(bindparam("found", found, ARRAY(BigInteger)))]
    # The words stand in the text of the statement here, because how common they are decides how to go about it.
    words = bindparam("words", narrowed.words, String, literal_execute=True)
    return [exists().where(CaseSearch.case_id == Case.id, _matches(words))]


def _of_worklist(worklist: WorkList, actor: Actor, today: date) -> list[ColumnElement[bool]]:
    is_open = Case.status.in_(OPEN_STATUSES)
    match worklist:
        case WorkList.MINE:
            return [Case.handler_id == actor.account_id, is_open]
        case WorkList.UNASSIGNED:
            return [Case.handler_id.is_(None), is_open]
        case WorkList.REVIEW:
            # As text, so that the planner knows that the index on open reviews holds them all.
            return [Case.id.in_(select(Review.case_id).where(text("reviews.status = 'open'")))]
        case WorkList.WAITING:
            return [Case.status.in_(WAITING_FOR_SUBMITTER)]
        case WorkList.NEARLY_LATE:
            last = add_working_days(today, NEARLY_LATE_WORKING_DAYS)
            return [Case.due_on >= today, Case.due_on <= last, is_open]
        case WorkList.LATE:
            return [Case.due_on < today, is_open]
        case WorkList.ALL:
            return []


def page_of_cases(
    session: Session,
    actor: Actor,
    narrowed: CaseFilter,
    order: CaseOrder,
    today: date,
    *,
    after: str | None = None,
    before: str | None = None,
) -> CasePage:
    """One page, in one statement, and how many there are in all (up to just over ``COUNT_LIMIT``).

    Args:
        after: cursor of the row that the page comes after; ``before``: of the row it comes before. A cursor that
            is not one gives the first page.
    """
    where = [*conditions(narrowed, actor, today), *_with_words(session, narrowed)]
    position = _read_cursor(order, after or before)
    backward = before is not None and after is None and position is not None
    counted = select(Case.id).where(*where).limit(COUNT_LIMIT + 1).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    keys, down = _keys(narrowed, order), order.descending != backward
    statement = _ordered(select(*_COLUMNS, total).where(*where), keys, down=down)
    if position is not None:
        statement = statement.where(_beyond(keys, position, down=down))
    found = session.execute(statement.limit(PAGE_SIZE + 1)).all()
    has_more = len(found) > PAGE_SIZE
    rows = tuple(CaseRow(*row[:-1]) for row in found[:PAGE_SIZE])
    if backward:
        rows = rows[::-1]
    if not rows:
        count = session.scalar(select(total)) if position is not None else 0
        return CasePage((), count or 0, None, None)
    has_before = has_more if backward else position is not None
    has_after = backward or has_more
    return CasePage(
        rows,
        found[0][-1],
        _cursor(order, rows[0]) if has_before else None,
        _cursor(order, rows[-1]) if has_after else None,
    )


def stream_cases(
    session: Session, actor: Actor, narrowed: CaseFilter, order: CaseOrder, today: date
) -> Iterator[CaseRow]:
    """All rows of a list in order, a thousand at a time."""
    where = [*conditions(narrowed, actor, today), *_with_words(session, narrowed)]
    statement = _ordered(select(*_COLUMNS).where(*where), _keys(narrowed, order), down=order.descending)
    result = session.execute(statement.execution_options(yield_per=1000))
    for row in result:
        yield CaseRow(*row)


def reference_of_number(session: Session, actor: Actor, typed: str) -> str | None:
    """The number of the visible case that somebody typed in full, in capitals or not; None: there is none."""
    reference = typed.strip().upper()
    if not is_reference(reference):
        return None
    return session.scalar(select(Case.reference).where(Case.reference == reference, visible_to(actor)))


def _keys(narrowed: CaseFilter, order: CaseOrder) -> tuple[Any, ...]:
    match order.sort:
        case CaseSort.UPDATED:
            return (Case.updated_at, Case.id)
        case CaseSort.FILED:
            return (Case.filed_on, Case.id)
        case CaseSort.DUE:
            return (Case.due_on if narrowed.worklist in _DATED_WORKLISTS else _DUE_OR_LAST[order.descending], Case.id)
        case CaseSort.NUMBER:
            return (Case.reference,)


def _ordered(statement: Select[*tuple[Any, ...]], keys: tuple[Any, ...], *, down: bool) -> Select[*tuple[Any, ...]]:
    return statement.order_by(*(key.desc() if down else key.asc() for key in keys))


def _beyond(keys: tuple[Any, ...], position: tuple[Any, ...], *, down: bool) -> ColumnElement[bool]:
    """That a row lies past a position, in the direction of reading."""
    values = [
        value if isinstance(value, ColumnElement) else bindparam(None, value, type_=key.type)
        for key, value in zip(keys, position, strict=True)
    ]
    if len(keys) == 1:
        return keys[0] < values[0] if down else keys[0] > values[0]
    here, there = tuple_(*keys), tuple_(*values)
    return here < there if down else here > there


# --- cursors: the sorting values of one row, as text in an address


def _cursor(order: CaseOrder, row: CaseRow) -> str:
    match order.sort:
        case CaseSort.UPDATED:
            return f"{(row.updated_at - _EPOCH) // timedelta(microseconds=1)}_{row.id}"
        case CaseSort.FILED:
            return f"{row.filed_on.isoformat()}_{row.id}"
        case CaseSort.DUE:
            return f"{row.due_on.isoformat() if row.due_on else ''}_{row.id}"
        case CaseSort.NUMBER:
            return row.reference


def _read_cursor(order: CaseOrder, cursor: str | None) -> tuple[Any, ...] | None:
    """The values in a cursor; None for anything that this module did not write for this order."""
    if not cursor or len(cursor) > 60 or not cursor.isascii():
        return None
    if order.sort is CaseSort.NUMBER:
        return (cursor,) if is_reference(cursor) else None
    key, separator, number = cursor.partition("_")
    if not separator or not number.isdigit() or not 0 <= int(number) <= _MAX_ID:
        return None
    try:
        if order.sort is CaseSort.UPDATED:
            return (_EPOCH + timedelta(microseconds=int(key)), int(number))
        if not key and order.sort is CaseSort.DUE:
            return (_NO_DATE[order.descending], int(number))
        return (date.fromisoformat(key), int(number))
    except (ValueError, OverflowError):
        return None
