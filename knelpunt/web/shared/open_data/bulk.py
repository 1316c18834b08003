"""Writes the files of all open data, in each form: while they are read, so that their size takes no memory."""

import csv
import gzip
import importlib
import importlib.util
import io
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from typing import IO, Any

from sqlalchemy.orm import Session

from knelpunt.services.jobs.open_data import ToMake
from knelpunt.web.shared.open_data.data_sets import FORMAT, DataSet
from knelpunt.web.shared.pages.csv_files import BYTE_ORDER_MARK, DELIMITER, cell_of, table_row

LEVEL = 6
LINES_AT_ONCE = 2_000
Row = Mapping[str, object]
Write = Callable[[IO[bytes], list[str], Iterable[Row]], int]


def wanted(session: Session, sets: Iterable[DataSet], base_url: str) -> list[ToMake]:
    """Every file that there should be: each data set in each form."""
    return [
        ToMake(one.name, form, f"{one.name}-v{FORMAT}", _ENDINGS[form], partial(_write, session, one, form, base_url))
        for one in sets
        for form in forms()
    ]


def _write(session: Session, one: DataSet, form: str, base_url: str, file: IO[bytes]) -> int:
    return _WRITERS[form](file, one.heads, one.rows(session, base_url))


def forms() -> tuple[str, ...]:
    """The forms that are made: Parquet where the extra of that name is installed."""
    return tuple(form for form in _WRITERS if form != "parquet" or importlib.util.find_spec("pyarrow"))


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
            writer.writerow(table_row(row.values()))
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


def _text(value: object) -> str | None:
    cell = cell_of(value)
    return None if cell is None else str(cell)


_WRITERS: dict[str, Write] = {"jsonl": _write_lines, "csv": _write_table, "parquet": _write_parquet}
_ENDINGS = {"jsonl": "jsonl.gz", "csv": "csv.gz", "parquet": "parquet"}
