"""Every form of a public quarter or year, made from its one edition."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import lru_cache

from flask import Response
from flask.typing import ResponseReturnValue

from knelpunt.adapters.typesetting import quarter_pdf
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import NotFound, NotMade
from knelpunt.domain.figures.edition import Edition, Row, Table, edition_of, in_words, text_of
from knelpunt.domain.figures.letter import DOCUMENT_TITLE, letter_of
from knelpunt.domain.figures.sealing import NO_FILE, FileStatus, digest
from knelpunt.domain.figures.writing import WrittenSection
from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.figures.editions import code_of, file_of
from knelpunt.services.figures.files import Form
from knelpunt.web.reporting.pdf_data import day_of, pdf_data
from knelpunt.web.reporting.public import pages
from knelpunt.web.reporting.public.metadata import MEDIA_TYPES, data_set, source_of
from knelpunt.web.shared.charts.tile_map import TileGeometry, geometry_of
from knelpunt.web.shared.open_data.dcat import as_json
from knelpunt.web.shared.pages.csv_files import csv_pieces
from knelpunt.web.shared.requests.headers import read_anywhere

CSV_HEADS = ("tabel", "regel", "kolom", "waarde", "correctie", "code")
OF_TEXT = ("pdf", "odt", "docx")
"""The forms in which a text goes round before it is presented."""
KEPT = 32
"""So many files are kept in a process: the newest quarters are asked for most."""


def form(text: str, kind: str) -> ResponseReturnValue:
    """A quarter or year in one of its forms.

    Raises:
        NotFound: it is not public, or has no such form.
        NotMade: it cannot be made.
    """
    if kind not in MEDIA_TYPES:
        raise NotFound()
    edition, sections = pages.period(text)
    written = text_of(edition)
    if kind == "jsonld":
        content = as_json(data_set(edition, sections)).encode()
    else:
        content = _kept(edition, sections, kind) or _content(edition, sections, kind)
    name = f"knelpunt-{edition.period}.{kind}"
    return read_anywhere(
        Response(
            content,
            content_type=MEDIA_TYPES[kind],
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-SHA256": digest(written),
            },
        )
    )


def make(quarter: Quarter, kind: str) -> Form:
    """A form of a quarter for the worker to keep.

    Raises:
        NotFound: the quarter is not public.
    """
    edition, sections = pages.period(str(quarter))
    return Form(_content(edition, sections, kind), source_of(edition, sections))


def of_text(edition: Edition, sections: tuple[WrittenSection, ...], kind: str, status: str) -> ResponseReturnValue:
    """A text that was not presented yet, as the document that goes round before it is.

    Args:
        status: what the document says of itself; nothing once the text was agreed to.
    Raises:
        NotFound: a text has no such form.
    """
    if kind not in OF_TEXT:
        raise NotFound()
    content = _content(edition, sections, kind, status)
    name = f"knelpunt-{edition.period}{'-concept' if status else ''}.{kind}"
    return Response(
        content,
        content_type=MEDIA_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _kept(edition: Edition, sections: tuple[WrittenSection, ...], kind: str) -> bytes | None:
    """The file that the worker made from what is public now; None while it is not there.

    Raises:
        NotMade: it cannot be made.
    """
    row = None if edition.is_year else file_of(db.session, Quarter.parse(edition.period), kind)
    if row is None:
        return None
    if row.status is FileStatus.FAILED:
        raise NotMade(NO_FILE)
    return row.content if row.source == source_of(edition, sections) else None


def _content(edition: Edition, sections: tuple[WrittenSection, ...], kind: str, status: str = "") -> bytes:
    written, address = text_of(edition), pages.whole(f"{pages.BASE}/{edition.period}")
    if kind == "pdf":
        return _pdf(written, sections, address, geometry_of(reference(db.session)), status)
    return _made(kind, written, sections, address, status)


@lru_cache(maxsize=KEPT)
def _made(kind: str, written: str, sections: tuple[WrittenSection, ...], address: str, status: str) -> bytes:
    """A form, from nothing but the edition as it is written down and the text with it, and what it says of itself; the
    codes of provinces, which do not change, stand beside it.

    What writes the files of an office is loaded by the first who asks for one: it takes 15 MB.
    """
    edition = edition_of(json.loads(written))
    match kind:
        case "json":
            return written.encode()
        case "csv":
            return "".join(csv_pieces(CSV_HEADS, csv_rows(edition, reference(db.session)))).encode()
        case "ods":
            from knelpunt.adapters.documents.ods import edition_ods  # noqa: PLC0415

            return edition_ods(edition, f"{DOCUMENT_TITLE}, {edition.title}", address)
        case "odt":
            from knelpunt.adapters.documents.odt import letter_odt  # noqa: PLC0415

            return letter_odt(letter_of(edition, address, sections, status))
        case _:
            from knelpunt.adapters.documents.docx import letter_docx  # noqa: PLC0415

            return letter_docx(letter_of(edition, address, sections, status))


@lru_cache(maxsize=KEPT)
def _pdf(
    written: str, sections: tuple[WrittenSection, ...], address: str, geometry: TileGeometry, status: str
) -> bytes:
    edition = edition_of(json.loads(written))
    return quarter_pdf(
        pdf_data(edition, geometry, address, sections, status), made_at=datetime.combine(day_of(edition), time(12), UTC)
    )


def csv_rows(edition: Edition, names: Reference) -> Iterator[tuple[str | None, ...]]:
    """Every figure of an edition as a line, with the national code of what the line is about."""
    return ((*line, code_of(names, table, row)) for table, row, line in placed_rows(edition))


def placed_rows(edition: Edition) -> Iterator[tuple[Table, Row, tuple[str, ...]]]:
    """The same, each with where it stands."""
    for table in edition.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                corrected = edition.correction(table, row, column)
                words = f"{row.words} ({row.note})" if row.note else row.words
                yield (
                    table,
                    row,
                    (
                        table.title,
                        words,
                        column.title,
                        in_words(cell).replace(".", ""),
                        corrected.should_be if corrected else "",
                    ),
                )
