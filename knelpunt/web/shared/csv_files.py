"""Tables as CSV, a piece at a time, in which no text can act as a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells a spreadsheet that the file is UTF-8; without it é becomes Ã©."""
DELIMITER = ";"
"""What a spreadsheet that is set to Dutch splits on; it keeps the comma for decimals."""
LINES_A_PIECE = 200
_FORMULA_STARTS = frozenset("=+-@")
_LINE_STARTS = frozenset("\t\r\n")


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


def csv_pieces(heads: Iterable[str], rows: Iterable[Iterable[str | int | None]]) -> Iterator[str]:
    """The file in pieces of some hundreds of lines; texts are neutralised, None is an empty cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=DELIMITER)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(heads)
    for number, row in enumerate(rows, start=1):
        writer.writerow(neutralised(cell) if isinstance(cell, str) else cell for cell in row)
        if number % LINES_A_PIECE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
