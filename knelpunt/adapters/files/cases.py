"""Reads files of cases line by line, JSONL or CSV, however long; a line that cannot be read does not stop it."""

import codecs
import csv
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from knelpunt.domain.shapes import FileRefused, shown

MAX_LINE_BYTES = 1_000_000
MOST_FIELDS = 100
"""Of a line, of each object in it, and of the columns of a CSV file; no shape has half as many."""
CSV_COLUMNS = {
    "label_law": ("label", "law"),
    "label_instrument": ("label", "instrument"),
    "source_url": ("source", "url"),
    "source_title": ("source", "title"),
    "source_read": ("source", "read"),
}
"""Columns of a CSV file that are parts of one field."""
BLOCKING_COLUMN = "blocking"
_RULE = ("law", "article", "basis")
_LONGEST_HEADING = 100_000
_FORMULA_STARTS = frozenset("=+-@")
_LINE_STARTS = frozenset("\t\r\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One line or row. Either ``data`` or ``problem`` is there; the problem is a Dutch sentence."""

    number: int
    data: dict[str, Any] | None = None
    problem: str | None = None


UTF_8, WINDOWS = "utf-8", "windows-1252"
REPORT_COLUMNS = ("regelnummer", "problemen")
"""Columns that stand in a list of refused lines; whoever mends that list may send it as it is."""
_OTHER_FILES = {
    (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"): "Dit is een Excel- of Word-bestand. Sla het op als CSV.",
    (b"\xff\xfe", b"\xfe\xff"): "De letters van dit bestand staan in UTF-16. Sla het op als CSV in UTF-8.",
    (b"%PDF",): "Dit is een PDF. Kies een CSV-bestand of een bestand met JSON-regels.",
}
_UNDEFINED = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
"""Bytes that Windows-1252 gives no meaning to."""
_CHUNK_BYTES = 1024 * 1024


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a file by its name: ``.csv`` as CSV with a heading, anything else as JSONL.

    Raises:
        FileRefused: it does not exist, or is a CSV file without the headings that are needed.
    """
    try:
        with path.open("rb") as file:
            yield from lines_of(file, is_csv=path.suffix.lower() == ".csv")
    except OSError as error:
        raise FileRefused(f"Dit bestand kan niet worden gelezen: {error.strerror}.") from error


def lines_of(
    file: IO[bytes],
    *,
    is_csv: bool,
    encoding: str = UTF_8,
    needed: Collection[str] = ("title",),
    known: Collection[str] | None = None,
) -> Iterator[Line]:
    """The lines of an open file, which the caller closes.

    Args:
        encoding: of a CSV file; JSONL is UTF-8.
        needed: the columns that a CSV file must have.
        known: the columns that it may have; None for any.
    Raises:
        FileRefused: it is a CSV file with other headings.
    """
    if not is_csv:
        yield from _json_lines(file)
        return
    delimiter = _delimiter(file)
    is_windows = encoding == WINDOWS
    text = io.TextIOWrapper(
        file, encoding=WINDOWS if is_windows else "utf-8-sig", errors="surrogateescape", newline=""
    )  # fmt: skip
    try:
        yield from _csv_lines(text, delimiter, needed, known)
    finally:
        with suppress(ValueError):  # the caller closed the file before the last line was read
            text.detach()


def encoding_of(file: IO[bytes]) -> str:
    """In which of the two encodings a file of text is; it is left at its beginning.

    Raises:
        FileRefused: it is another kind of file.
    """
    start = file.read(4)
    for signs, words in _OTHER_FILES.items():
        if start.startswith(signs):
            raise FileRefused(words)
    file.seek(0)
    decoder, is_utf8, is_windows = codecs.getincrementaldecoder(UTF_8)(), True, True
    is_more = True
    while is_more:
        chunk = file.read(_CHUNK_BYTES)
        is_more = bool(chunk)
        if b"\0" in chunk:
            raise FileRefused("Dit is geen tekstbestand. Sla het op als CSV in UTF-8.")
        is_windows = is_windows and not any(byte in chunk for byte in _UNDEFINED)
        try:
            if is_utf8:
                decoder.decode(chunk, final=not is_more)
        except UnicodeDecodeError:
            is_utf8 = False
    file.seek(0)
    if is_utf8 or is_windows:
        return UTF_8 if is_utf8 else WINDOWS
    raise FileRefused("De letters van dit bestand kunnen wij niet lezen. Sla het op als CSV in UTF-8.")


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
        data = json.loads(raw.decode("utf-8"), object_pairs_hook=_fields)
    except UnicodeDecodeError:
        return Line(number, problem="De regel is geen geldige UTF-8.")
    except _BadFields as error:
        return Line(number, problem=str(error))
    except (ValueError, RecursionError):
        return Line(number, problem="De regel is geen geldige JSON.")
    if not isinstance(data, dict):
        return Line(number, problem="De regel is geen JSON-object.")
    return Line(number, data={name: value for name, value in data.items() if name not in REPORT_COLUMNS})


class _BadFields(Exception):
    """The message is a Dutch sentence."""


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_FIELDS:
        raise _BadFields(f"De regel heeft meer dan {MOST_FIELDS} velden.")
    fields = dict(pairs)
    if len(fields) < len(pairs):
        [(doubled, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise _BadFields(f"Het veld '{shown(doubled)}' staat er twee keer.")
    return fields


def _delimiter(file: IO[bytes]) -> str:
    """Comma, semicolon or tab, whichever the heading holds most of: Dutch spreadsheets write semicolons."""
    heading = file.readline(_LONGEST_HEADING)
    file.seek(0)
    return max(",;\t", key=lambda each: heading.count(each.encode()))


def _csv_lines(text: IO[str], delimiter: str, needed: Collection[str], known: Collection[str] | None) -> Iterator[Line]:
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(rows)]
    except (StopIteration, csv.Error):
        raise FileRefused("Het bestand heeft geen regel met kolomnamen.") from None
    if len(names) > MOST_FIELDS:
        raise FileRefused(f"Het bestand heeft meer dan {MOST_FIELDS} kolommen.")
    missing = next((name for name in needed if name not in names), None)
    if missing is not None:
        raise FileRefused(f"De kolomnamen kloppen niet: '{missing}' ontbreekt.")
    if len(set(names)) < len(names):
        raise FileRefused("De kolomnamen kloppen niet: een naam staat er twee keer.")
    if unknown := [name for name in names if known is not None and name not in {*known, *REPORT_COLUMNS}]:
        raise FileRefused(f"De kolom '{shown(unknown[0])}' kennen wij niet. Kijk in de uitleg hoe de kolommen heten.")
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
    is_report = not set(REPORT_COLUMNS).isdisjoint(names)
    if len(row) != len(names):
        return Line(number, problem=f"De regel heeft {len(row)} velden; de kop heeft er {len(names)}.")
    if sum(len(cell) for cell in row) > MAX_LINE_BYTES:
        return Line(number, problem="De regel is langer dan een miljoen tekens.")
    if any("\udc80" <= character <= "\udcff" for cell in row for character in cell):
        return Line(number, problem="De regel is geen geldige UTF-8.")
    data: dict[str, Any] = {}
    for name, cell in zip(names, row, strict=True):
        value: Any = (_as_typed(cell) if is_report else cell).strip() or None
        if name in REPORT_COLUMNS:
            continue
        if name == BLOCKING_COLUMN:
            data[name] = _rules(value or "")
        elif name in CSV_COLUMNS:
            field, part = CSV_COLUMNS[name]
            parts = data.setdefault(field, {}) if value is not None else None
            if isinstance(parts, dict):
                parts[part] = value
        elif name == "year" and value is not None and value.isascii() and value.isdecimal() and len(value) < 10:
            data[name] = int(value)
        else:
            data[name] = value
    return Line(number, data=data)


def neutralised(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet could take it for a formula.

    That is so when it begins with = + - @, a tab or a line end, also after blanks and unseen characters, and also in
    the full-width letters of Asian scripts, which some spreadsheets read as the same.
    """
    if text[:1] in _LINE_STARTS and text:
        return f"'{text}"
    for character in text:
        if unicodedata.category(character)[0] in "ZC":
            continue
        if unicodedata.normalize("NFKC", character)[:1] in _FORMULA_STARTS:
            return f"'{text}"
        return text
    return text


def _as_typed(cell: str) -> str:
    """A cell of a list of refused lines as it was before that list neutralised it."""
    return cell[1:] if cell.startswith("'") and neutralised(cell[1:]) == cell else cell


def cells_of(data: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """The cells of a line that was read, under these columns: the way back."""
    cells = []
    for name in names:
        field, part = CSV_COLUMNS.get(name, (name, ""))
        value = data.get(field)
        if part:
            value = value.get(part) if isinstance(value, dict) else None
        elif name == BLOCKING_COLUMN and isinstance(value, list):
            rules = [[str(rule.get(key) or "") for key in _RULE] for rule in value if isinstance(rule, dict)]
            value = "; ".join("|".join(rule) for rule in rules)
        cells.append("" if value is None else str(value))
    return cells


def _rules(cell: str) -> list[dict[str, str | None]]:
    """Rules in one cell: ``wabo|2.12|source; lokaal||inferred``."""
    rules = []
    for text in cell.split(";"):
        if text.strip():
            law, article, basis = [*(part.strip() or None for part in text.split("|")), None, None, None][:3]
            rules.append({"law": law, "article": article, "basis": basis})
    return rules
