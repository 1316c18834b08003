"""A file with cases that somebody brings in by the site: loaded, checked, confirmed, brought in, and put back.

Lines are done some hundreds at a time, each batch with how far it is in one transaction. So whoever is killed half-way
goes on where the last batch ended, and nothing comes in twice. A page works on it for some seconds; the worker does
the rest.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import IO

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import Line, encoding_of, lines_of
from knelpunt.adapters.uploads.sniff import shown_name
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.history import imports as rules
from knelpunt.domain.history.backlog import COLUMNS
from knelpunt.domain.history.imports import ImportEvent, ImportKind, ImportState, ImportStatus
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.shapes import FileRefused
from knelpunt.models import ImportRow, ImportRun
from knelpunt.queries.filing import imports as queries
from knelpunt.services.cases import attachments
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.core import events, stored_files
from knelpunt.services.core.context import Context, as_account
from knelpunt.services.history.backlog import Backlog, Source
from knelpunt.services.history.importing import Outcome
from knelpunt.services.history.undoing import History

BATCH = 200
FIELD = "file"
PERMISSION = {ImportKind.HISTORY: Permission.MANAGE_DESK, ImportKind.BACKLOG: Permission.MANAGE_ORGANISATION}
ENDINGS = {".csv": True, ".jsonl": False, ".ndjson": False}
"""The ends of names that may come in, and whether they are CSV."""
NEEDED = {
    ImportKind.HISTORY: ("title",),
    ImportKind.BACKLOG: tuple(column.name for column in COLUMNS if column.is_needed),
}
KNOWN = {ImportKind.HISTORY: None, ImportKind.BACKLOG: frozenset(column.name for column in COLUMNS)}
FILE_GONE = "Het bestand is er niet meer. Laad het opnieuw."
MAY_NOT = "Wie dit begon, mag dit nu niet meer. Wat nog niet was ingelezen, is niet ingelezen."
MAY_NOT_UNDO = "Wie dit terugdraaide, mag dit nu niet meer. Wat nog niet was teruggedraaid, is er nog."
NOT_ADDED = "niet ingelezen"


def upload(
    context: Context,
    files: FileStore,
    limits: AttachmentRules,
    kind: ImportKind,
    stream: IO[bytes],
    filename: str,
    set_name: str | None = None,
) -> ImportRun:
    """Keep a file that is to be brought in. Its lines are checked next; nothing comes in yet.

    Args:
        set_name: by which lines of history are known, with their ``id``.
    Raises:
        PermissionDenied: this actor may not bring such a file in.
        DomainError: the file is of another kind, too large, or has a virus (field ``file``).
        StorageFull, StorageAway: it cannot be kept now.
    """
    context.actor.require(PERMISSION[kind])
    is_csv = next((is_csv for ending, is_csv in ENDINGS.items() if filename.lower().endswith(ending)), None)
    if is_csv is None:
        raise DomainError("Kies een bestand dat eindigt op .csv of .jsonl.", field=FIELD)
    if not stream.read(1):
        raise DomainError("Dit bestand is leeg.", field=FIELD)
    stream.seek(0)
    try:
        encoding = encoding_of(stream)
        stored = attachments.keep_bytes(context.session, files, limits, stream, filename)
    except FileRefused as error:
        raise DomainError(str(error), field=FIELD) from None
    except DomainError as error:
        error.field = FIELD
        raise
    run = ImportRun(
        kind=kind,
        status=ImportStatus.CHECKING,
        organisation_id=context.actor.organisation_id if kind is ImportKind.BACKLOG else None,
        author_id=context.actor.account_id,
        set_name=set_name if kind is ImportKind.HISTORY else None,
        is_csv=is_csv,
        encoding=encoding,
        stored_name=stored.name,
        shown_name=shown_name(filename),
        size=stored.size,
        sha256=stored.sha256,
        position=0,
        counts={},
        uploaded_at=context.now,
        ends_on=context.today + rules.KEPT,
    )
    context.session.add(run)
    context.session.flush()
    _note(context, run, ImportEvent.UPLOADED, soort=kind.value, sha256=stored.sha256)
    return run


def confirm(context: Context, kind: ImportKind, run_id: int) -> ImportRun:
    """Begin with what the preview showed. A second time nothing happens.

    Raises:
        NotFound: it is not theirs.
        DomainError: there is nothing to bring in.
    """
    run = _own(context, kind, run_id)
    if run.status is not ImportStatus.CHECKED:
        return run
    if not run.counts.get(ImportState.GOOD):
        raise DomainError("Geen enkele regel komt erin. Er valt niets in te lezen.")
    run.status, run.confirmed_at, run.position, run.problem = ImportStatus.RUNNING, context.now, 0, None
    run.author_id = context.actor.account_id or run.author_id
    _note(context, run, ImportEvent.STARTED, **run.counts)
    return run


def undo(context: Context, kind: ImportKind, run_id: int) -> ImportRun:
    """Begin with putting back what came in. A second time nothing happens.

    Raises:
        NotFound: it is not theirs.
        DomainError: it is too late, or nothing came in.
    """
    run = _own(context, kind, run_id)
    if run.status in (ImportStatus.UNDOING, ImportStatus.UNDONE):
        return run
    if run.status is not ImportStatus.DONE or not run.counts.get(ImportState.ADDED) or run.ends_on < context.today:
        raise DomainError("Terugdraaien kan niet meer.")
    run.status, run.undone_at, run.problem = ImportStatus.UNDOING, context.now, None
    run.author_id = context.actor.account_id or run.author_id
    _note(context, run, ImportEvent.UNDO_ASKED, **run.counts)
    return run


def discard(context: Context, files: FileStore, kind: ImportKind, run_id: int) -> None:
    """Throw a file away that was not brought in.

    Raises:
        NotFound: it is not theirs.
        DomainError: it was brought in.
    """
    run = _own(context, kind, run_id)
    if run.confirmed_at is not None:
        raise DomainError("Dit bestand is al ingelezen. U kunt het alleen terugdraaien.")
    _note(context, run, ImportEvent.DISCARDED)
    if run.stored_name is not None:
        stored_files.delete_after_commit(context.session, files, run.stored_name)
    context.session.execute(delete(ImportRun).where(ImportRun.id == run.id))


def _own(context: Context, kind: ImportKind, run_id: int) -> ImportRun:
    context.actor.require(PERMISSION[kind])
    run = context.session.scalar(
        select(ImportRun)
        .where(ImportRun.id == run_id, *queries.of_scope(kind, context.actor.organisation_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if run is None:
        raise NotFound()
    return run


def carry_out(
    context: Context,
    files: FileStore,
    run_id: int,
    commit: Callable[[], None],
    go_on: Callable[[], bool] = lambda: True,
) -> None:
    """Go on with a file, a transaction a batch, until it waits for a person or ``go_on`` says no.

    One works on a file at a time: whoever comes second leaves it alone.

    Raises:
        StoreAway: what files lie on does not answer; it is tried again later.
    """
    reader = _Reader(files, go_on)
    try:
        while go_on():
            run = context.session.scalar(
                select(ImportRun)
                .where(ImportRun.id == run_id, ImportRun.status.in_(rules.AT_WORK))
                .with_for_update(skip_locked=True)
                .execution_options(populate_existing=True)
            )
            if run is None:
                return
            acting = as_account(context, run.author_id)
            if not _still_may(acting.actor, run):
                _stop(context, run, MAY_NOT_UNDO if run.status is ImportStatus.UNDOING else MAY_NOT)
            elif run.status is ImportStatus.UNDOING:
                _put_back_batch(acting, run)
            else:
                _read_batch(acting, run, reader)
            commit()
    finally:
        reader.close()


def _still_may(actor: Actor, run: ImportRun) -> bool:
    is_theirs = run.organisation_id is None or run.organisation_id == actor.organisation_id
    return actor.can(PERMISSION[run.kind]) and is_theirs


def _stop(context: Context, run: ImportRun, problem: str) -> None:
    """End a file that cannot go on, and say why."""
    run.status = ImportStatus.UNREADABLE if run.confirmed_at is None else ImportStatus.DONE
    run.problem, run.finished_at = problem, context.now
    if run.confirmed_at is None:
        context.session.execute(delete(ImportRow).where(ImportRow.run_id == run.id))
    _count(context, run)


class _Reader:
    """Reads on in a file where the last batch ended, as long as nobody else went on with it. A batch ends early when
    ``go_on`` says no; it has one line at least, so that a slow file gets on as well."""

    def __init__(self, files: FileStore, go_on: Callable[[], bool]) -> None:
        self._files, self._go_on = files, go_on
        self._file: IO[bytes] | None = None
        self._lines: Iterator[Line] = iter(())
        self._phase: tuple[int, ImportStatus, int] | None = None
        self._source: Source | None = None

    def batch(self, context: Context, run: ImportRun) -> tuple[Source, list[Line], bool]:
        """What takes the next lines, those lines, and whether they are the last.

        Raises:
            FileRefused, FileNotFoundError, StoreAway.
        """
        if self._source is None or self._phase != (run.id, run.status, run.position):
            self.close()
            self._file = self._files.open(run.stored_name or "")
            self._lines = lines_of(
                self._file,
                is_csv=run.is_csv,
                encoding=run.encoding,
                needed=NEEDED[run.kind],
                known=KNOWN[run.kind],
            )
            self._source = source_of(context, run)
            passed = islice(self._lines, run.position)
            if run.status is ImportStatus.CHECKING:  # what is brought in after that holds nothing twice
                self._source.pass_over(passed)
            for _line in passed:
                pass
        lines, is_end = [], True
        for line in self._lines:
            lines.append(line)
            if len(lines) == BATCH or not self._go_on():
                is_end = False
                break
        self._phase = (run.id, run.status, run.position + len(lines))
        return self._source, lines, is_end

    def close(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        self._file, self._source = None, None


def source_of(context: Context, run: ImportRun) -> Source:
    """What the lines of this file become; the actor is who confirmed it."""
    if run.kind is ImportKind.BACKLOG:
        return Backlog(context)
    return History(context, run.id, run.set_name or "")


def _read_batch(context: Context, run: ImportRun, reader: _Reader) -> None:
    try:
        source, lines, is_end = reader.batch(context, run)
    except FileRefused as error:
        _stop(context, run, str(error))
        return
    except FileNotFoundError:
        _stop(context, run, FILE_GONE)
        return
    most = rules.MOST_LINES[run.kind]
    if run.position + len(lines) > most:
        _stop(context, run, f"Dit bestand heeft meer dan {most} regels. Verdeel het over meer bestanden.")
        return
    if run.status is ImportStatus.CHECKING:
        _check(context, run, source, lines)
    else:
        _bring_in(context, run, source, lines)
    run.position += len(lines)
    if not is_end:
        return
    if run.position == 0:
        _stop(context, run, "Er staat geen regel met een melding in dit bestand.")
    elif run.status is ImportStatus.CHECKING:
        run.status, run.checked_at, run.total = ImportStatus.CHECKED, context.now, run.position
        _count(context, run)
    else:
        run.status, run.finished_at = ImportStatus.DONE, context.now
        _count(context, run)
        _note(context, run, ImportEvent.DONE, **run.counts)


def _check(context: Context, run: ImportRun, source: Source, lines: Sequence[Line]) -> None:
    outcomes = source.take(lines, is_dry_run=True) if lines else []
    rows = [
        {"run_id": run.id, "place": place, "line": one.line, "own_number": one.key, "title": one.title, **_columns(one)}
        for place, one in enumerate(outcomes, start=run.position + 1)
    ]
    if rows:
        context.session.execute(insert(ImportRow), rows)


def _bring_in(context: Context, run: ImportRun, source: Source, lines: Sequence[Line]) -> None:
    """Bring in the lines that were good when they were checked, and are still."""
    places = select(ImportRow.place).where(
        ImportRow.run_id == run.id,
        ImportRow.place.between(run.position + 1, run.position + len(lines)),
        ImportRow.state == ImportState.GOOD,
    )
    waiting = sorted(context.session.scalars(places))
    if not waiting:
        return
    outcomes = source.take([lines[place - run.position - 1] for place in waiting], is_dry_run=False)
    context.session.execute(
        update(ImportRow),
        [
            {"run_id": run.id, "place": place, **_columns(one)}
            for place, one in zip(waiting, outcomes, strict=True)
        ],
    )  # fmt: skip


def _columns(one: Outcome) -> dict[str, object]:
    return {
        "state": one.state,
        "faults": [list(fault) for fault in one.faults],
        "remarks": list(one.remarks),
        "case_id": one.case_id,
        "draft_key": one.draft_key,
    }


def _put_back_batch(context: Context, run: ImportRun) -> None:
    rows = context.session.scalars(
        select(ImportRow)
        .where(ImportRow.run_id == run.id, ImportRow.state == ImportState.ADDED)
        .order_by(ImportRow.place)
        .limit(BATCH)
    ).all()
    if rows:
        for row, reason in zip(rows, source_of(context, run).put_back(rows), strict=True):
            row.state = ImportState.PUT_BACK if reason is None else ImportState.STAYED
            row.remark = reason
        context.session.flush()
    if len(rows) < BATCH:
        run.status, run.finished_at = ImportStatus.UNDONE, context.now
        _count(context, run)
        _note(context, run, ImportEvent.UNDONE, **run.counts)


def _count(context: Context, run: ImportRun) -> None:
    context.session.flush()
    run.counts = queries.count_states(context.session, run.id)


def _note(context: Context, run: ImportRun, kind: ImportEvent, **data: object) -> None:
    events.record(context, kind, subject=f"{rules.SUBJECT}:{run.id}", data=data)


def refused_lines(session: Session, files: FileStore, run: queries.Run) -> Iterator[tuple[int, str, Line | None]]:
    """The lines that did not come in, in the order of the file, as long as it is kept: the number in the file, what is
    wrong, and the line itself where it could be read.

    Raises:
        NotFound: the file is gone.
        StoreAway: what files lie on does not answer.
    """
    refused = queries.refused_rows(session, run.id, left_out(run))
    try:
        file = files.open(run.stored_name or "")
    except FileNotFoundError:
        raise NotFound() from None

    def lines() -> Iterator[tuple[int, str, Line | None]]:
        with file:
            found = lines_of(file, is_csv=run.is_csv, encoding=run.encoding, needed=NEEDED[run.kind])
            for place, line in enumerate(found, start=1):
                if place in refused:
                    number, faults = refused[place]
                    yield number, in_words(faults) or NOT_ADDED, line if line.data is not None else None

    return lines()


def left_out(run: queries.Run) -> tuple[ImportState, ...]:
    """The states of lines that did not come in: also the good ones once a file is over, which was stopped half-way."""
    return (ImportState.REFUSED, *((ImportState.GOOD,) if run.finished_at is not None else ()))


def in_words(faults: Sequence[Sequence[str]]) -> str:
    """What is wrong with a line, in one text."""
    return "; ".join(f"{column}: {text}" if column else text for column, text in faults)
