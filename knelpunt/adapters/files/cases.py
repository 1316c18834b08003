"""Reads files of cases line by line, JSONL or CSV, however long; a line that cannot be read does not stop it."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

MAX_LINE_BYTES = 1_000_000
CSV_COLUMNS = {
    "label_law": ("label", "law"),
    "label_instrument": ("label", "instrument"),
    "source_url": ("source", "url"),
    "source_title": ("source", "title"),
    "source_read": ("source", "read"),
}
"""Columns of a CSV file that are parts of one field."""
BLOCKING_COLUMN = "blocking"
_LONGEST_HEADING = 100_000


class FileUnreadable(Exception):
    """The file as a whole cannot be read; the message is Dutch."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line or row. Either ``data`` or ``problem`` is there; the problem is a Dutch sentence."""

    number: int
    data: dict[str, Any] | None = None
    problem: str | None = None


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a file by its name: ``.csv`` as CSV with a heading, anything else as JSONL.

    Raises:
        FileUnreadable: it does not exist, or is a CSV file without the headings that are needed.
    """
    try:
        if path.suffix.lower() == ".csv":
            delimiter = _delimiter(path)
            with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
                yield from _csv_lines(text, delimiter)
        else:
            with path.open("rb") as file:
                yield from _json_lines(file)
    except OSError as error:
        raise FileUnreadable(f"Dit bestand kan niet worden gelezen: {error.strerror}.") from error


def _json_lines(file: IO[bytes]) -> Iterator[Line]:
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            _skip_rest(file, raw)
            yield Line(number, problem="De regel is langer dan een miljoen tekens.")
            continue
        if raw.strip():
            yield _json_line(number, raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw)


def _skip_rest(file: IO[bytes], raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = file.readline(MAX_LINE_BYTES)


def _json_line(number: int, raw: bytes) -> Line:
    try:
        data = json.loads(raw.decode("utf-8"), object_pairs_hook=_without_doubles)
    except UnicodeDecodeError:
        return Line(number, problem="De regel is geen geldige UTF-8.")
    except _DoubledField as error:
        return Line(number, problem=f"Het veld '{error}' staat er twee keer.")
    except (ValueError, RecursionError):
        return Line(number, problem="De regel is geen geldige JSON.")
    if not isinstance(data, dict):
        return Line(number, problem="De regel is geen JSON-object.")
    return Line(number, data=data)


class _DoubledField(Exception):
    pass


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise _DoubledField(next(name for name in names if names.count(name) > 1)[:40])
    return fields


def _delimiter(path: Path) -> str:
    """Comma or semicolon, whichever the heading holds more of: Dutch spreadsheets write semicolons."""
    with path.open("rb") as file:
        heading = file.readline(_LONGEST_HEADING)
    return ";" if heading.count(b";") > heading.count(b",") else ","


def _csv_lines(text: IO[str], delimiter: str) -> Iterator[Line]:
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(rows)]
    except (StopIteration, csv.Error):
        raise FileUnreadable("Het bestand heeft geen regel met kolomnamen.") from None
    if len(set(names)) < len(names) or "title" not in names:
        raise FileUnreadable("De kolomnamen kloppen niet: 'title' ontbreekt, of een naam staat er twee keer.")
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Line(rows.line_num, problem="De regel is geen geldige CSV.")
            continue
        if any(row):
            yield _csv_row(rows.line_num, names, row)


def _csv_row(number: int, names: list[str], row: list[str]) -> Line:
    if len(row) != len(names):
        return Line(number, problem=f"De regel heeft {len(row)} velden; de kop heeft er {len(names)}.")
    if sum(len(cell) for cell in row) > MAX_LINE_BYTES:
        return Line(number, problem="De regel is langer dan een miljoen tekens.")
    if any("\udc80" <= character <= "\udcff" for cell in row for character in cell):
        return Line(number, problem="De regel is geen geldige UTF-8.")
    data: dict[str, Any] = {}
    for name, cell in zip(names, row, strict=True):
        value: Any = cell.strip() or None
        if name == BLOCKING_COLUMN:
            data[name] = _rules(value or "")
        elif name in CSV_COLUMNS:
            field, part = CSV_COLUMNS[name]
            if value is not None:
                data.setdefault(field, {})[part] = value
        elif name == "year" and value is not None and value.isascii() and value.isdecimal() and len(value) < 10:
            data[name] = int(value)
        else:
            data[name] = value
    return Line(number, data=data)


def _rules(cell: str) -> list[dict[str, str | None]]:
    """Rules in one cell: ``wabo|2.12|source; lokaal||inferred``."""
    rules = []
    for text in cell.split(";"):
        if text.strip():
            law, article, basis = [*(part.strip() or None for part in text.split("|")), None, None, None][:3]
            rules.append({"law": law, "article": article, "basis": basis})
    return rules
