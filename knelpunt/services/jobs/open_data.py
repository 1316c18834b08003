"""Makes the files of all open data: once for a day on which what is public, or the columns of a file, had changed."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.models import JobProgress, OpenDataFile
from knelpunt.queries.core.health import OPEN_DATA as JOB
from knelpunt.queries.core.reference import version_of_public_pages
from knelpunt.queries.public.files import (
    COLUMNS_VERSION,
    KEPT,
    is_newest,
    last_event,
    last_taken_back,
    rows_there,
)

LARGEST = 1 << 40


@dataclass(frozen=True, slots=True)
class ToMake:
    """A file that there should be. ``write`` writes it while it reads, and gives the number of lines; its name begins
    with ``stem``."""

    data_set: str
    form: str
    stem: str
    ending: str
    write: Callable[[IO[bytes]], int]


@dataclass(frozen=True, slots=True)
class Made:
    """The file that was made, or the one that went."""

    name: str
    lines: int
    is_removed: bool = False


def make(
    session: Session, files: FileStore, wanted: Sequence[ToMake], now: datetime, commit: Callable[[], None]
) -> Iterator[Made]:
    """Remove what has had its time, and make the files of today where what is public, or what is told of it, changed.

    All files of one making are there at once, or none is: of work that ended half way the sweeper removes the bytes.
    """
    seen, version, today = last_event(session), version_of_public_pages(session), nl_day(now)
    yield from _remove(session, files, now, commit)
    there = rows_there(session)
    of_today = {(row.data_set, row.form) for row in there if row.made_on == today}
    if not of_today and sum(is_newest(row, version) for row in there) >= len(wanted):
        return
    made: list[OpenDataFile] = []
    todo = [one for one in wanted if (one.data_set, one.form) not in of_today]
    for one in todo:
        _tell(session, now, len(made), len(todo), f"{one.data_set} ({one.form})")
        commit()
        row = _made(files, one)
        row.made_on, row.made_at, row.public_version, row.last_event = today, now, version, seen
        row.columns_version = COLUMNS_VERSION
        row.name = f"{one.stem}-{today.isoformat()}-{row.sha256[:8]}.{one.ending}"
        made.append(row)
        commit()  # ends the reading, so that it holds nothing up
    session.add_all(made)
    _tell(session, now, len(made), len(todo), "")
    commit()
    for row in made:
        yield Made(row.name, row.lines)


def _tell(session: Session, started_at: datetime, done: int, total: int, doing: str) -> None:
    """Keep how far it is, for who keeps the installation running; the database says when that was."""
    told = {"started_at": started_at, "told_at": func.now(), "done": done, "total": total, "doing": doing}
    row = insert(JobProgress).values(name=JOB, **told)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_=told))


def _made(files: FileStore, one: ToMake) -> OpenDataFile:
    with tempfile.TemporaryFile() as file:
        lines = one.write(file)
        file.seek(0)
        stored = files.put(file, LARGEST)
    return OpenDataFile(
        data_set=one.data_set,
        form=one.form,
        lines=lines,
        size=stored.size,
        sha256=stored.sha256,
        stored_name=stored.name,
    )


def _remove(session: Session, files: FileStore, now: datetime, commit: Callable[[], None]) -> Iterator[Made]:
    """Remove old versions, those in which something was taken back, and rows of which the file is gone."""
    rows = rows_there(session)
    if not rows:
        return
    since, newest = last_taken_back(session), rows[-1].made_on
    present = {name for name, _written_at in files.list_all()}
    for row in rows:
        gone, stored = Made(row.name, row.lines, is_removed=True), row.stored_name
        is_old = row.made_at < now - KEPT and row.made_on != newest
        if is_old or row.last_event < since or stored not in present:
            session.delete(row)
            commit()
            files.delete(stored)
            yield gone
