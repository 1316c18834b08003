"""Tables as CSV, a piece at a time, in which no text can act as a formula."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator

from flask import Response, request
from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import neutralised
from knelpunt.domain.accounts import AccountEvent
from knelpunt.extensions import db
from knelpunt.services.core import events
from knelpunt.web.shared.requests.access import current_context

CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells a spreadsheet that the file is UTF-8; without it é becomes Ã©."""
DELIMITER = ";"
"""What a spreadsheet that is set to Dutch splits on; it keeps the comma for decimals."""
LINES_A_PIECE = 200
Cells = Iterable[object]


def cell_of(value: object) -> str | int | None:
    """A value as one cell: a list of texts becomes one text, and a list of things with parts stays JSON."""
    if isinstance(value, list):
        if any(isinstance(each, dict) for each in value):
            return json.dumps(value, ensure_ascii=False)
        return " | ".join(map(str, value))
    return value if value is None or isinstance(value, int) else str(value)


def table_row(values: Cells) -> Iterator[str | int | None]:
    """The cells of one row, of which no text can act as a formula."""
    return (neutralised(cell) if isinstance(cell, str) else cell for cell in map(cell_of, values))


def csv_pieces(heads: Iterable[str], rows: Iterable[Cells]) -> Iterator[str]:
    """The file in pieces of some hundreds of lines; texts are neutralised, None is an empty cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=DELIMITER)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(heads)
    for number, row in enumerate(rows, start=1):
        writer.writerow(table_row(row))
        if number % LINES_A_PIECE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def note_download(what: str, filters: Iterable[str]) -> None:
    """Record for the auditor that the signed-in account downloads a list, before the first line goes out.

    One of the two things that a GET writes; the other is who looked at contact data. What was searched for may name a
    person, so only the names of the filters are kept.
    """
    if request.method != "GET":
        return
    events.record(current_context(), AccountEvent.LIST_DOWNLOADED, data={"lijst": what, "filters": sorted(filters)})
    db.session.commit()


def csv_download(heads: Iterable[str], rows: Callable[[Session], Iterable[Cells]], filename: str) -> Response:
    """The file as a download that is sent while it is read.

    Args:
        rows: reads the rows in the session that it gets. That is not the request's own: Flask closes that one before
            the first piece goes out, and nobody would close it again.
    """

    def pieces() -> Iterator[bytes]:
        with db.new_session() as session:
            for piece in csv_pieces(heads, rows(session)):
                yield piece.encode()

    return Response(
        pieces(),
        mimetype="text/csv",
        headers={"Content-Type": CSV_MEDIA_TYPE, "Content-Disposition": f'attachment; filename="{filename}"'},
    )
