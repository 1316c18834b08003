"""Every form of a public quarter or year, made from its one edition."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import lru_cache

from flask import Response
from flask.typing import ResponseReturnValue

from knelpunt.adapters.typesetting import quarter_pdf
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.edition import Edition, edition_of, in_words, text_of
from knelpunt.domain.figures.letter import DOCUMENT_TITLE, letter_of
from knelpunt.domain.figures.sealing import digest
from knelpunt.domain.figures.writing import WrittenSection
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.web.reporting.pdf_data import day_of, pdf_data
from knelpunt.web.reporting.public import pages
from knelpunt.web.reporting.public.metadata import MEDIA_TYPES, data_set
from knelpunt.web.shared.charts.tile_map import TileGeometry, geometry_of
from knelpunt.web.shared.open_data.dcat import as_json
from knelpunt.web.shared.pages.csv_files import csv_pieces

CSV_HEADS = ("tabel", "regel", "kolom", "waarde", "correctie")
KEPT = 32
"""So many files are kept in a process: the newest quarters are asked for most."""


def form(text: str, kind: str) -> ResponseReturnValue:
    """A quarter or year in one of its forms.

    Raises:
        NotFound: it is not public, or has no such form.
    """
    if kind not in MEDIA_TYPES:
        raise NotFound()
    edition, sections = pages.period(text)
    written = text_of(edition)
    address = pages.whole(f"{pages.BASE}/{edition.period}")
    if kind == "jsonld":
        content = as_json(data_set(edition)).encode()
    elif kind == "pdf":
        content = _pdf(written, sections, address, geometry_of(reference(db.session)))
    else:
        content = _made(kind, written, sections, address)
    name = f"knelpunt-{edition.period}.{kind}"
    return Response(
        content,
        content_type=MEDIA_TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-SHA256": digest(written),
        },
    )


@lru_cache(maxsize=KEPT)
def _made(kind: str, written: str, sections: tuple[WrittenSection, ...], address: str) -> bytes:
    """A form, from nothing but the edition as it is written down and the text that was presented with it.

    What writes the files of an office is loaded by the first who asks for one: it takes 15 MB.
    """
    edition = edition_of(json.loads(written))
    match kind:
        case "json":
            return written.encode()
        case "csv":
            return "".join(csv_pieces(CSV_HEADS, csv_rows(edition))).encode()
        case "ods":
            from knelpunt.adapters.documents.ods import edition_ods  # noqa: PLC0415

            return edition_ods(edition, f"{DOCUMENT_TITLE}, {edition.title}", address)
        case "odt":
            from knelpunt.adapters.documents.odt import letter_odt  # noqa: PLC0415

            return letter_odt(letter_of(edition, address, sections))
        case _:
            from knelpunt.adapters.documents.docx import letter_docx  # noqa: PLC0415

            return letter_docx(letter_of(edition, address, sections))


@lru_cache(maxsize=KEPT)
def _pdf(written: str, sections: tuple[WrittenSection, ...], address: str, geometry: TileGeometry) -> bytes:
    edition = edition_of(json.loads(written))
    return quarter_pdf(
        pdf_data(edition, geometry, address, sections), made_at=datetime.combine(day_of(edition), time(12), UTC)
    )


def csv_rows(edition: Edition) -> Iterator[tuple[str, ...]]:
    """Every figure of an edition as a line."""
    for table in edition.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                corrected = edition.correction(table, row, column)
                words = f"{row.words} ({row.note})" if row.note else row.words
                yield (
                    table.title,
                    words,
                    column.title,
                    in_words(cell).replace(".", ""),
                    corrected.should_be if corrected else "",
                )
