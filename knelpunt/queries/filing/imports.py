"""Files that are brought in by the site: the runs of an organisation or of the desk, their lines, and what an
organisation has already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session

from knelpunt.domain.history.imports import ImportKind, ImportState, ImportStatus
from knelpunt.models import Account, Case, Draft, ImportRow, ImportRun
from knelpunt.models.history import IS_AT_WORK

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class RunLine:
    """An import in the list of them."""

    id: int
    status: ImportStatus
    shown_name: str
    author: str
    uploaded_at: datetime
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Run:
    """An import as its own page shows it. ``counts``: how many lines there are of each state."""

    id: int
    kind: ImportKind
    status: ImportStatus
    set_name: str | None
    is_csv: bool
    encoding: str
    stored_name: str | None
    shown_name: str
    size: int
    problem: str | None
    position: int
    total: int | None
    author: str
    uploaded_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    undone_at: datetime | None
    ends_on: date
    counts: dict[str, int]

    def count(self, *states: ImportState) -> int:
        return sum(self.counts.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class RowLine:
    """A line of a file. ``reference`` and ``draft_version``: what became of it, as it is now."""

    place: int
    line: int
    own_number: str
    title: str
    state: ImportState
    faults: list[list[str]]
    remarks: list[str]
    remark: str | None
    draft_key: str | None
    reference: str | None
    draft_version: int | None


@dataclass(frozen=True, slots=True)
class OwnFiling:
    """A draft or a case that an organisation has. ``reference``: of a case."""

    title: str
    description: str
    municipality_id: int | None
    reference: str | None


def of_scope(kind: ImportKind, organisation_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Whose imports: those of an organisation, or those of history by the desk."""
    if kind is ImportKind.BACKLOG:
        return ImportRun.kind == kind, ImportRun.organisation_id == organisation_id
    return (ImportRun.kind == kind,)


def list_runs(session: Session, kind: ImportKind, organisation_id: int | None, before: int | None) -> list[RunLine]:
    """The imports, the newest first: one more than a page holds when there are more."""
    rows = session.execute(
        select(
            ImportRun.id,
            ImportRun.status,
            ImportRun.shown_name,
            Account.name,
            ImportRun.uploaded_at,
            ImportRun.counts,
        )
        .join(Account, Account.id == ImportRun.author_id)
        .where(*of_scope(kind, organisation_id), *(() if before is None else (ImportRun.id < before,)))
        .order_by(ImportRun.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    return [RunLine(*row) for row in rows]


def one_run(session: Session, kind: ImportKind, organisation_id: int | None, run_id: int) -> Run | None:
    """One import of theirs, in two statements."""
    row = session.execute(
        select(ImportRun, Account.name)
        .join(Account, Account.id == ImportRun.author_id)
        .where(ImportRun.id == run_id, *of_scope(kind, organisation_id))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    run, author = row
    return Run(
        id=run.id,
        kind=run.kind,
        status=run.status,
        set_name=run.set_name,
        is_csv=run.is_csv,
        encoding=run.encoding,
        stored_name=run.stored_name,
        shown_name=run.shown_name,
        size=run.size,
        problem=run.problem,
        position=run.position,
        total=run.total,
        author=author,
        uploaded_at=run.uploaded_at,
        confirmed_at=run.confirmed_at,
        finished_at=run.finished_at,
        undone_at=run.undone_at,
        ends_on=run.ends_on,
        counts=count_states(session, run.id) or dict(run.counts),
    )


def count_states(session: Session, run_id: int) -> dict[str, int]:
    """How many lines of a file there are of each state; empty once the lines are gone."""
    rows = session.execute(
        select(ImportRow.state, func.count()).where(ImportRow.run_id == run_id).group_by(ImportRow.state)
    )
    return {state.value: count for state, count in rows}


def _rows(run_id: int) -> Select[*tuple[Any, ...]]:
    reference = select(Case.reference).where(Case.id == ImportRow.case_id).correlate(ImportRow).scalar_subquery()
    filed = select(Case.reference).where(Case.draft_key == ImportRow.draft_key).correlate(ImportRow).scalar_subquery()
    return (
        select(
            ImportRow.place,
            ImportRow.line,
            ImportRow.own_number,
            ImportRow.title,
            ImportRow.state,
            ImportRow.faults,
            ImportRow.remarks,
            ImportRow.remark,
            ImportRow.draft_key,
            func.coalesce(reference, filed),
            Draft.version,
        )
        .outerjoin(Draft, Draft.key == ImportRow.draft_key)
        .where(ImportRow.run_id == run_id)
        .order_by(ImportRow.place)
    )


def list_rows(session: Session, run_id: int, states: Sequence[ImportState], after: int | None) -> list[RowLine]:
    """The lines of these states in the order of the file: one more than a page holds when there are more."""
    rows = _rows(run_id).where(ImportRow.state.in_(states), ImportRow.place > (after or 0)).limit(PAGE_SIZE + 1)
    return [RowLine(*row) for row in session.execute(rows)]


def unfiled_rows(session: Session, run_id: int, after: int | None) -> list[RowLine]:
    """The lines that became a draft which is still one."""
    rows = _rows(run_id).where(
        ImportRow.state == ImportState.ADDED, Draft.version.is_not(None), ImportRow.place > (after or 0)
    )  # fmt: skip
    return [RowLine(*row) for row in session.execute(rows.limit(PAGE_SIZE + 1))]


def chosen_rows(session: Session, run_id: int, keys: Sequence[str]) -> list[RowLine]:
    """The lines that became these drafts, those that are still one."""
    rows = _rows(run_id).where(ImportRow.draft_key.in_(keys), Draft.version.is_not(None))
    return [RowLine(*row) for row in session.execute(rows)]


def refused_rows(
    session: Session, run_id: int, states: Sequence[ImportState] = (ImportState.REFUSED,)
) -> dict[int, tuple[int, list[list[str]]]]:
    """The lines of these states by their place: the number in the file, and what is wrong with each."""
    rows = session.execute(
        select(ImportRow.place, ImportRow.line, ImportRow.faults)
        .where(ImportRow.run_id == run_id, ImportRow.state.in_(states))
        .order_by(ImportRow.place)
    )
    return {place: (line, faults) for place, line, faults in rows}


def at_work(session: Session) -> Sequence[int]:
    """The imports with which the computer goes on."""
    return session.scalars(select(ImportRun.id).where(text(IS_AT_WORK)).order_by(ImportRun.id)).all()


def brought_in(session: Session, organisation_id: int, keys: Iterable[str]) -> dict[str, datetime]:
    """The own numbers of an organisation that came in earlier and were not put back, with when that was."""
    rows = session.execute(
        select(ImportRow.own_number, ImportRun.uploaded_at)
        .join(ImportRun, ImportRun.id == ImportRow.run_id)
        .where(
            ImportRow.own_number.in_(list(keys)),
            ImportRun.organisation_id == organisation_id,
            ImportRow.state.in_([ImportState.ADDED, ImportState.STAYED]),
        )
        .order_by(ImportRun.id)
    )
    return dict(rows.all())


def own_filings(session: Session, organisation_id: int, titles: Iterable[str]) -> list[OwnFiling]:
    """The drafts and cases of an organisation with one of these titles, in two statements."""
    named = list(titles)
    title = Draft.data["title"].astext
    drafts = session.execute(
        select(title, Draft.data["description"].astext, Draft.data["municipality_id"].astext).where(
            Draft.organisation_id == organisation_id, title.in_(named)
        )
    )
    cases = session.execute(
        select(Case.title, Case.description, Case.municipality_id, Case.reference)
        .where(Case.organisation_id == organisation_id, Case.title.in_(named))
        .order_by(Case.id)
    )
    return [
        *(OwnFiling(*row) for row in cases),
        *(
            OwnFiling(title, description or "", int(place) if place and place.isdecimal() else None, None)
            for title, description, place in drafts
        ),
    ]
