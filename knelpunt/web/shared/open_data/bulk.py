"""Makes the files of all open data: each once for a day on which what is public had changed, and never changed after.

They are written while they are read, so that their size takes no memory.
"""

import csv
import gzip
import importlib
import importlib.util
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.models import OpenDataFile
from knelpunt.queries.core.reference import version_of_public_pages
from knelpunt.queries.public.files import KEPT, last_event, last_taken_back
from knelpunt.web.shared.open_data.data_sets import FORMAT, DataSet
from knelpunt.web.shared.pages.csv_files import BYTE_ORDER_MARK, DELIMITER, neutralised

LARGEST = 1 << 40
LEVEL = 6
LINES_AT_ONCE = 2_000
Row = Mapping[str, object]
Write = Callable[[IO[bytes], list[str], Iterable[Row]], int]


@dataclass(frozen=True, slots=True)
class Made:
    """How far the work is: the file that was made, or the one that went."""

    name: str
    lines: int
    is_removed: bool = False


def make(session: Session, files: FileStore, sets: Iterable[DataSet], base_url: str, now: datetime) -> Iterator[Made]:
    """Make the files of today where what is public changed, and remove what has had its time. Commits each file.

    A version that was begun is finished: whatever ends the work half way, the next time goes on with what lacks.
    """
    seen, version, today = last_event(session), version_of_public_pages(session), nl_day(now)
    yield from _remove(session, files, now)
    wanted = [(one, form) for one in sets for form in forms()]
    there = list(session.scalars(select(OpenDataFile)))
    of_today = {(file.data_set, file.form) for file in there if file.made_on == today}
    if not of_today and sum(file.public_version == version for file in there) >= len(wanted):
        return
    for one, form in wanted:
        if (one.name, form) not in of_today:
            made = _make(session, files, one, form, base_url)
            made.made_on, made.made_at, made.public_version, made.last_event = today, now, version, seen
            made.name = f"{one.name}-v{FORMAT}-{today.isoformat()}-{made.sha256[:8]}.{_ENDINGS[form]}"
            session.add(made)
            session.commit()
            yield Made(made.name, made.lines)


def _make(session: Session, files: FileStore, one: DataSet, form: str, base_url: str) -> OpenDataFile:
    with tempfile.TemporaryFile() as file:
        lines = _WRITERS[form](file, one.heads, one.rows(session, base_url))
        file.seek(0)
        stored = files.put(file, LARGEST)
    return OpenDataFile(
        data_set=one.name, form=form, lines=lines, size=stored.size, sha256=stored.sha256, stored_name=stored.name
    )


def forms() -> tuple[str, ...]:
    """The forms that are made: Parquet where the extra of that name is installed."""
    return tuple(form for form in _WRITERS if form != "parquet" or importlib.util.find_spec("pyarrow"))


def _remove(session: Session, files: FileStore, now: datetime) -> Iterator[Made]:
    """Remove old versions, those in which something was taken back, and rows whose file a restored backup lacks."""
    rows = session.scalars(select(OpenDataFile).order_by(OpenDataFile.made_at)).all()
    if not rows:
        return
    since, newest = last_taken_back(session), rows[-1].made_on
    present = {name for name, _written_at in files.list_all()}
    for row in rows:
        is_old = row.made_at < now - KEPT and row.made_on != newest
        if is_old or row.last_event < since or row.stored_name not in present:
            session.delete(row)
            session.commit()
            files.delete(row.stored_name)
            yield Made(row.name, row.lines, is_removed=True)


def _write_lines(file: IO[bytes], _heads: list[str], rows: Iterable[Row]) -> int:
    count = 0
    with gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0) as packed:
        for row in rows:
            packed.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _write_table(file: IO[bytes], heads: list[str], rows: Iterable[Row]) -> int:
    count = 0
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        text.write(BYTE_ORDER_MARK)
        writer = csv.writer(text, delimiter=DELIMITER)
        writer.writerow(heads)
        for row in rows:
            cells = map(_cell, row.values())
            writer.writerow(neutralised(cell) if isinstance(cell, str) else cell for cell in cells)
            count += 1
    return count


def _write_parquet(file: IO[bytes], heads: list[str], rows: Iterable[Row]) -> int:
    """Every column as text: what a number means stands with its name, and an empty cell is no text."""
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    schema = arrow.schema([(head, arrow.string()) for head in heads])
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        left = iter(rows)
        while piece := list(islice(left, LINES_AT_ONCE)):
            texts = [{name: _text(value) for name, value in row.items()} for row in piece]
            writer.write_table(arrow.Table.from_pylist(texts, schema=schema))
            count += len(piece)
    return count


def _cell(value: object) -> str | int | None:
    """A value as one cell; a list becomes one text."""
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return value if value is None or isinstance(value, int) else str(value)


def _text(value: object) -> str | None:
    cell = _cell(value)
    return None if cell is None else str(cell)


_WRITERS: dict[str, Write] = {"jsonl": _write_lines, "csv": _write_table, "parquet": _write_parquet}
_ENDINGS = {"jsonl": "jsonl.gz", "csv": "csv.gz", "parquet": "parquet"}
