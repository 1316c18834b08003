"""Cases from a file, brought in and put back: only where nothing else happened to them since.

An event is never taken away, so a case that is put back leaves its number and its days; its words go, and no figure
counts it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import delete, func, select, union_all, update
from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import Line
from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.cases.event_words import EVENTS
from knelpunt.domain.vocabulary import Disposition, EventKind
from knelpunt.models import (
    Assessment,
    Base,
    Case,
    CaseLink,
    CasePresence,
    CaseSearch,
    Event,
    FigureFact,
    ImportRow,
    QuarterSeal,
    Retention,
)
from knelpunt.queries.filing import imports as queries
from knelpunt.services.archive.destruction import WORDS_OF_A_CASE
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.history.importing import ImportOptions, Outcome, import_batch

TITLE = "Import teruggedraaid"
SOMETHING_HAPPENED = "Er gebeurde daarna iets in deze zaak."
IS_SEALED = "Deze zaak telt mee in een verzegeld kwartaal."
_OF_THE_IMPORT: tuple[type[Base], ...] = (
    Assessment,
    CasePresence,
    CaseSearch,
    Event,
    FigureFact,
    ImportRow,
    Retention,
)
"""What an imported case has without anybody doing something."""


class History:
    """Makes cases that are over of the lines of a file."""

    def __init__(self, context: Context, run_id: int, set_name: str) -> None:
        self._context, self._run_id, self._set_name = context, run_id, set_name
        self._seen: set[str] = set()

    def pass_over(self, lines: Iterable[Line]) -> None:
        refused = queries.refused_rows(self._context.session, self._run_id)
        for place, line in enumerate(lines, start=1):
            if line.data is not None and place not in refused:
                self._seen.add(f"{self._set_name}/{line.data['id'].strip()}")

    def take(self, lines: Sequence[Line], *, is_dry_run: bool) -> list[Outcome]:
        options = ImportOptions(self._set_name, self._context.now, is_dry_run=is_dry_run, run_id=self._run_id)
        return import_batch(list(lines), self._begin, options, self._seen)

    @contextmanager
    def _begin(self) -> Iterator[Session]:
        with self._context.session.begin_nested():
            yield self._context.session

    def put_back(self, rows: Sequence[ImportRow]) -> list[str | None]:
        return undo_cases(self._context, self._run_id, [row.case_id or 0 for row in rows])


def undo_cases(context: Context, run_id: int, case_ids: Sequence[int]) -> list[str | None]:
    """Put imported cases back; of each why it stays, or None."""
    session = context.session
    cases = {
        case.id: case
        for case in session.scalars(
            select(Case)
            .where(Case.id.in_(case_ids))
            .order_by(Case.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    happened = _what_happened(session, case_ids)
    sealed = _sealed(session, case_ids)
    reasons = {case_id: happened.get(case_id) or _why_not(cases.get(case_id), sealed) for case_id in case_ids}
    undone = [cases[case_id] for case_id in case_ids if reasons[case_id] is None]
    _take_back(context, run_id, undone)
    return [reasons[case_id] for case_id in case_ids]


def _why_not(case: Case | None, sealed: set[int]) -> str | None:
    if case is None or case.version != 1 or case.archived_on is not None:
        return SOMETHING_HAPPENED
    return IS_SEALED if case.id in sealed else None


def _what_happened(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """Of the cases in which something happened after they came in: what, as far as an event tells."""
    later = session.execute(
        select(Event.case_id, Event.kind)
        .where(Event.case_id.in_(case_ids), Event.data["import"].astext.is_(None))
        .order_by(Event.number.desc())
    )
    known = {kind.value: told.desk for kind, told in EVENTS.items()}
    tables = {model.__tablename__ for model in _OF_THE_IMPORT}
    beside = [
        select(table.c.case_id).where(table.c.case_id.in_(case_ids))
        for table in Base.metadata.sorted_tables
        if "case_id" in table.c and table.name not in tables
    ]
    beside.append(select(CaseLink.other_id).where(CaseLink.other_id.in_(case_ids)))
    by_people = select(Assessment.case_id).where(Assessment.case_id.in_(case_ids), Assessment.author_id.is_not(None))
    found = dict.fromkeys(session.scalars(union_all(*beside, by_people)), SOMETHING_HAPPENED)
    for case_id, kind in later:
        if case_id is not None:
            found[case_id] = f"Daarna gebeurde dit: {known[kind]}." if kind in known else SOMETHING_HAPPENED
    return found


def _sealed(session: Session, case_ids: Sequence[int]) -> set[int]:
    """The cases that a seal counts: of a quarter that is not before theirs, made after they came in."""
    rows = session.execute(
        select(Case.id, Case.filed_on, func.max(Event.number))
        .join(Event, Event.case_id == Case.id)
        .where(Case.id.in_(case_ids))
        .group_by(Case.id)
    ).all()
    seals = session.execute(select(QuarterSeal.quarter, QuarterSeal.event_number)).all()
    return {
        case_id
        for case_id, filed_on, number in rows
        if any(quarter >= quarter_of(filed_on).first_day and number <= upto for quarter, upto in seals)
    }


def _take_back(context: Context, run_id: int, cases: Sequence[Case]) -> None:
    if not cases:
        return
    session, ids = context.session, [case.id for case in cases]
    session.execute(delete(CaseSearch).where(CaseSearch.case_id.in_(ids)))
    session.execute(delete(Retention).where(Retention.case_id.in_(ids)))
    session.execute(
        update(Assessment)
        .where(Assessment.case_id.in_(ids))
        .values(withdrawn_at=context.now, reasoning="", article=None)
        .execution_options(synchronize_session=False)
    )
    for case in cases:
        case.title, case.description, case.import_key = TITLE, "", None
        for name in WORDS_OF_A_CASE:
            setattr(case, name, None)
        case.archived_on, case.archived_as = context.today, Disposition.DESTROY
        case.import_undone_on, case.updated_at = context.today, context.now
    session.flush()
    events.append(
        session,
        [
            events.event_row(
                EventKind.IMPORT_UNDONE,
                recorded_at=context.now,
                happened_on=context.today,
                actor_kind=context.actor.kind,
                actor_id=context.actor.account_id,
                case=case,
                data={"bestand": run_id},
            )
            for case in cases
        ],
    )
