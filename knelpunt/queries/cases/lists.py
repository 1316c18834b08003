"""Lists of cases: what may be filtered, in which order, page by page, and how many there are."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.leave import covered_by
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.cases.turns import waits_for_submitter
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    CaseStatus,
    Priority,
    PublicationStatus,
    Result,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models import Case, ClockPeriod, ClockSuspension
from knelpunt.queries.cases.list_statements import (
    ASKED_TO_SHARE,
    HITS,
    LABELS,
    NO_DATE,
    OF_OPEN,
    POINTED_RULES,
    CaseSort,
    Reading,
    Shape,
    Words,
    WorkList,
    count_statement,
    counts_statement,
    rows_statement,
)
from knelpunt.queries.core.cases import is_reference, visible_to
from knelpunt.queries.core.reference import reference

__all__ = [
    "CaseFilter",
    "CaseOrder",
    "CasePage",
    "CaseRow",
    "CaseSort",
    "WorkList",
    "counts_of",
    "first_ids",
    "is_cursor",
    "page_of_cases",
    "reference_of_number",
    "reported_cases",
    "reported_clocks",
    "stream_cases",
]

PAGE_SIZE = 25
COUNT_LIMIT = 1000
"""Above this many the count is not exact: a page need not count what nobody pages through."""
LOOK_UP_LIMIT = 2000
"""Up to this many cases found by words are looked up by number; with more, the list is walked and each case checked."""
NEARLY_LATE_WORKING_DAYS = 3
SILENT_DAYS = 14
"""After so many calendar days without any event an open case counts as silent."""

_OF_COLLEAGUES = frozenset({WorkList.TEAM, WorkList.COVERED, WorkList.OWNERLESS})
"""Lists that depend on who works at the desk, is away, or is in which team."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_ID = 2**63 - 1


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
    municipality_ids: Sequence[int] | None = None
    """One municipality of today and those that went up in it."""
    province_id: int | None = None
    handler_id: int | None = None
    priority: Priority | None = None
    label_id: int | None = None
    team: Sequence[int] | None = None
    """Who is in a team."""
    filed_from: date | None = None
    filed_to: date | None = None
    laws_together: Sequence[str] | None = None
    """Keys of two laws that the toetsen of a case both name; ``provisions_together`` likewise."""
    provisions_together: Sequence[str] | None = None
    words: str | None = None
    matches_nothing: bool = False


@dataclass(frozen=True, slots=True)
class CaseOrder:
    sort: CaseSort = CaseSort.UPDATED
    descending: bool = True


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list. The names behind the ids come from ``queries.core.reference``.

    ``labels`` are ids, and empty for who is not of the desk; ``is_asked_to_share`` is read for who is not.
    ``pointed_rules``, the rules that the submitter points at in words, is read for an export only.
    """

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
    organisation_id: int | None
    filed_on: date
    closed_on: date | None
    due_on: date | None
    due_clock: Clock | None
    suspended_until: date | None
    updated_at: datetime
    priority: Priority
    labels: Sequence[int] = ()
    is_asked_to_share: bool = False
    pointed_rules: str | None = None

    @property
    def waits_for_submitter(self) -> bool:
        """Whether who filed it has to do something now. To the desk a question whether it may be shared counts not: of
        that its rows read nothing."""
        return waits_for_submitter(self.status, self.due_clock, is_asked_to_share=self.is_asked_to_share)


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


_MADE = (LABELS, ASKED_TO_SHARE, POINTED_RULES)
_COLUMNS = tuple(name for name in CaseRow.__slots__ if name not in _MADE)
_FILTER_FIELDS = tuple(name for name in CaseFilter.__slots__ if name not in ("worklist", "words"))


def _shape(
    session: Session,
    actor: Actor,
    narrowed: CaseFilter,
    order: CaseOrder,
    today: date,
    reading: Reading = Reading.FIRST,
) -> tuple[Shape, dict[str, Any]]:
    """The shape of a list, and the values that fill it in."""
    values = {name: getattr(narrowed, name) for name in _FILTER_FIELDS}
    values = {name: value for name, value in values.items() if value is not None and value is not False}
    words = Words.NONE
    if narrowed.words is not None:
        words = _look_up(session, narrowed.words, values)
    shape = Shape(
        # Without the account or client: colleagues see the same cases, and so share the statement.
        scope=None if actor.can(Permission.READ_CASES) else replace(actor, account_id=None, client_id=None),
        worklist=narrowed.worklist,
        filters=tuple(name for name in _FILTER_FIELDS if name in values),
        words=words,
        sort=order.sort,
        descending=order.descending,
        reading=reading,
    )
    return shape, values | _of_the_worklists(session, actor, today, (narrowed.worklist,))


def _of_the_worklists(session: Session, actor: Actor, today: date, worklists: Collection[WorkList]) -> dict[str, Any]:
    """What these work lists are about, for this actor on this day."""
    values: dict[str, Any] = {
        "today": today,
        "me": actor.account_id,
        "soon": add_working_days(today, NEARLY_LATE_WORKING_DAYS),
        "silent_since": silent_since(today),
    }
    if not _OF_COLLEAGUES.isdisjoint(worklists):
        names, me = reference(session), actor.account_id or 0
        team_id = names.team_of.get(me)
        values["my_team"] = names.members_of(team_id) if team_id is not None else []
        values["covered"] = sorted(covered_by(names.leaves, me, today))
        values["able"] = sorted(names.handlers)
    return values


def silent_since(today: date) -> date:
    """The first day that still counts: an open case with no event on or after it is silent."""
    return today - timedelta(days=SILENT_DAYS)


def _look_up(session: Session, words: str, values: dict[str, Any]) -> Words:
    """Find the cases with these words: by their ids when few, else by a look at each case that the list passes.

    Left to the planner alone this goes wrong for some words: it does not know how often a rare word occurs, and walks
    the whole list for it.
    """
    count, found = session.execute(HITS, {"words": words, "limit": LOOK_UP_LIMIT + 1}).one()
    values["found_count"] = count  # or just over ``LOOK_UP_LIMIT``, which is more than a page tells
    if count <= LOOK_UP_LIMIT:
        values["found"] = found
        return Words.FEW
    values["words"] = words
    return Words.MANY


def page_of_cases(
    session: Session,
    actor: Actor,
    narrowed: CaseFilter,
    order: CaseOrder,
    today: date,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int | None = None,
) -> CasePage:
    """One page and how many there are in all (up to just over ``COUNT_LIMIT``): one statement, with words two.

    Args:
        after: cursor of the row that the page comes after; ``before``: of the row it comes before. A cursor that
            is not one gives the first page.
        size: so many rows, by default ``PAGE_SIZE``.
    """
    size = PAGE_SIZE if size is None else size
    position = _read_cursor(order, after or before)
    reading = Reading.FIRST if position is None else Reading.AFTER if after else Reading.BEFORE
    shape, values = _shape(session, actor, narrowed, order, today, reading)
    if position is not None:
        names = ("place", "place_priority", "place_id") if order.sort is CaseSort.DUE else ("place", "place_id")
        values.update(zip(names, position, strict=False))
    statement = rows_statement(shape, (*_COLUMNS, LABELS, ASKED_TO_SHARE), COUNT_LIMIT + 1)
    found = session.execute(statement, {**values, "rows": size + 1}).all()
    has_more = len(found) > size
    rows = tuple(CaseRow(*row[:-1]) for row in found[:size])
    backward = reading is Reading.BEFORE
    if backward:
        rows = rows[::-1]
    if not rows:
        count = session.scalar(count_statement(shape, COUNT_LIMIT + 1), values) if position is not None else 0
        return CasePage((), count or 0, None, None)
    has_before = has_more if backward else position is not None
    has_after = backward or has_more
    return CasePage(
        rows,
        min(found[0][-1], COUNT_LIMIT + 1),
        _cursor(order, rows[0]) if has_before else None,
        _cursor(order, rows[-1]) if has_after else None,
    )


def counts_of(
    session: Session, actor: Actor, narrowed: CaseFilter, today: date, worklists: Sequence[WorkList]
) -> dict[WorkList, int]:
    """How many cases each of these lists holds under the same filters, up to just over ``COUNT_LIMIT``: one statement,
    with words two."""
    counted = tuple(worklists)
    shape, values = _shape(session, actor, replace(narrowed, worklist=WorkList.OPEN), CaseOrder(), today)
    values |= _of_the_worklists(session, actor, today, worklists)
    if narrowed.status in OPEN_STATUSES:
        values["open_statuses"] = [narrowed.status]
    elif narrowed.status is not None:
        counted = tuple(each for each in worklists if each not in OF_OPEN)
    counts = session.execute(counts_statement(shape, counted, COUNT_LIMIT + 1), values).one()
    return {**dict.fromkeys(worklists, 0), **dict(zip(counted, counts, strict=True))}


def first_ids(
    session: Session, actor: Actor, narrowed: CaseFilter, order: CaseOrder, today: date, most: int
) -> list[int]:
    """The first cases of a list, in its order."""
    shape, values = _shape(session, actor, narrowed, order, today)
    return [row[0] for row in session.execute(rows_statement(shape, ("id",), None).limit(most), values)]


def stream_cases(
    session: Session, actor: Actor, narrowed: CaseFilter, order: CaseOrder, today: date
) -> Iterator[CaseRow]:
    """All rows of a list in order, a thousand at a time."""
    shape, values = _shape(session, actor, narrowed, order, today)
    statement = rows_statement(shape, (*_COLUMNS, *_MADE), None)
    for row in session.execute(statement, values, execution_options={"yield_per": 1000}):
        yield CaseRow(*row)


@dataclass(frozen=True, slots=True)
class ReportedCase:
    """A case for who reports: everything that is counted, and no word that anybody wrote."""

    id: int
    reference: str
    status: CaseStatus
    verdict: Verdict
    result: Result | None
    publication: PublicationStatus
    submitter_kind: SubmitterKind
    theme: Theme
    municipality_id: int | None
    province_id: int | None
    main_law_id: int | None
    filed_on: date
    closed_on: date | None
    due_on: date | None
    due_clock: Clock | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ReportedClock:
    """One run of one clock of a case; ``suspended`` are the stretches in which it stood still, the last one open.

    ``fell_away``: it stopped in time without what it was for, so that it was not kept either.
    """

    id: int
    reference: str
    clock: Clock
    started_on: date
    due_on: date | None
    stopped_on: date | None
    fell_away: bool
    suspended: tuple[tuple[date, date | None], ...]


_REPORTED = tuple(getattr(Case, name) for name in ReportedCase.__slots__)


def reported_cases(
    session: Session, size: int, after: int = 0, changed_since: datetime | None = None
) -> list[ReportedCase]:
    """Cases in the order in which they were filed here, from behind an id on; one more than ``size`` when there are."""
    statement = select(*_REPORTED).where(Case.id > after).order_by(Case.id).limit(size + 1)
    if changed_since is not None:
        statement = statement.where(Case.updated_at >= changed_since)
    return [ReportedCase(*row) for row in session.execute(statement)]


def reported_clocks(
    session: Session, size: int, after: int = 0, reference_number: str | None = None
) -> list[ReportedClock]:
    """Runs of clocks in the order in which they began, of all cases or of one; in two statements."""
    statement = (
        select(
            ClockPeriod.id,
            Case.reference,
            ClockPeriod.clock,
            ClockPeriod.started_on,
            ClockPeriod.due_on,
            ClockPeriod.stopped_on,
            ClockPeriod.fell_away,
        )
        .join(Case, Case.id == ClockPeriod.case_id)
        .where(ClockPeriod.id > after)
        .order_by(ClockPeriod.id)
        .limit(size + 1)
    )
    if reference_number is not None:
        statement = statement.where(Case.reference == reference_number)
    rows = session.execute(statement).all()
    stretches: dict[int, list[tuple[date, date | None]]] = {}
    for each in session.execute(
        select(ClockSuspension.period_id, ClockSuspension.from_day, ClockSuspension.until_day)
        .where(ClockSuspension.period_id.in_([row.id for row in rows]))
        .order_by(ClockSuspension.id)
    ):
        stretches.setdefault(each.period_id, []).append((each.from_day, each.until_day))
    return [ReportedClock(*row, tuple(stretches.get(row.id, ()))) for row in rows]


def reference_of_number(session: Session, actor: Actor, typed: str) -> str | None:
    """The number of the visible case that somebody typed in full, in capitals or not; None: there is none."""
    reference = typed.strip().upper()
    if not is_reference(reference) or reference.isalpha() or " " in reference:
        return None
    return session.scalar(select(Case.reference).where(Case.reference == reference, visible_to(actor)))


# --- cursors: the sorting values of one row, as text in an address


def _cursor(order: CaseOrder, row: CaseRow) -> str:
    match order.sort:
        case CaseSort.UPDATED:
            return f"{(row.updated_at - _EPOCH) // timedelta(microseconds=1)}_{row.id}"
        case CaseSort.FILED:
            return f"{row.filed_on.isoformat()}_{row.id}"
        case CaseSort.DUE:
            return f"{row.due_on.isoformat() if row.due_on else ''}_{row.priority}_{row.id}"
        case CaseSort.NUMBER:
            return row.reference


def is_cursor(order: CaseOrder, text: str) -> bool:
    """Whether a text stands for a place in the list in this order."""
    return _read_cursor(order, text) is not None


def _read_cursor(order: CaseOrder, cursor: str | None) -> tuple[Any, ...] | None:
    """The values in a cursor; None for anything that this module did not write for this order."""
    if not cursor or len(cursor) > 60 or not cursor.isascii():
        return None
    if order.sort is CaseSort.NUMBER:
        return (cursor,) if is_reference(cursor) else None
    key, separator, number = cursor.partition("_")
    priority: tuple[Priority, ...] = ()
    if order.sort is CaseSort.DUE:
        word, separator, number = number.partition("_")
        if word not in set(Priority):
            return None
        priority = (Priority(word),)
    if not separator or not number.isdigit() or not 0 <= int(number) <= _MAX_ID:
        return None
    try:
        if order.sort is CaseSort.UPDATED:
            return (_EPOCH + timedelta(microseconds=int(key)), int(number))
        if not key and order.sort is CaseSort.DUE:
            return (NO_DATE[order.descending], *priority, int(number))
        day = date.fromisoformat(key)
        return (day if order.sort is CaseSort.FILED else day.isoformat(), *priority, int(number))
    except (ValueError, OverflowError):
        return None
