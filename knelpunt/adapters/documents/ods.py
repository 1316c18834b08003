"""A quarter as ODS: one sheet for each table, with numbers that can be counted with."""

import io
from collections.abc import Iterable
from datetime import datetime, time

from odfdo import Cell as OdfCell
from odfdo import Document
from odfdo import Row as OdfRow
from odfdo import Table as Sheet

from knelpunt.adapters.documents.zipped import timeless
from knelpunt.domain.figures.edition import Cell, Edition, Row, Table, finding, in_words, says
from knelpunt.domain.figures.small_numbers import Mark

LONGEST_NAME = 31
"""Of a sheet, for those who open the file in another program."""


def edition_ods(edition: Edition, title: str, address: str) -> bytes:
    """The figures as ODS. The same edition gives the same bytes."""
    document = Document("spreadsheet")
    told, day = document.meta, datetime.combine(edition.sealed_on or edition.until, time(12))
    told.title, told.subject, told.description = title, edition.counted, address
    told.language, told.creator, told.initial_creator = "nl-NL", "Knelpunt", "Knelpunt"
    told.set_creation_date(day)
    told.set_modification_date(day)
    body = document.body
    body.clear()
    body.append(_about(edition, title, address))
    for table in edition.tables:
        body.append(_sheet(edition, table))
    if edition.corrections:
        body.append(_corrections(edition))
    made = io.BytesIO()
    document.save(made)
    return timeless(made.getvalue())


def _about(edition: Edition, title: str, address: str) -> Sheet:
    headline, told = finding(edition)
    lines = [[words] for words in (title, headline, told, edition.counted, address, *edition.seals)]
    return _made("Over deze cijfers", lines)


def _sheet(edition: Edition, table: Table) -> Sheet:
    has_notes = any(row.note for row in table.rows)
    heads = [table.side, *([""] if has_notes else []), *(column.title for column in table.columns)]
    corrected = {row.key: _corrected(edition, table, row) for row in table.rows}
    has_corrections = any(corrected.values())
    lines: list[list[str | Cell]] = [[*heads, *(["Correcties"] if has_corrections else [])]]
    for row in table.rows:
        note, words = [row.note] if has_notes else [], [corrected[row.key]] if has_corrections else []
        lines.append([row.words, *note, *row.cells, *words])
    lines += [[], [table.sentence], [says(edition, table)]]
    return _made(table.title, lines)


def _corrected(edition: Edition, table: Table, row: Row) -> str:
    """The corrections of a row, in a cell of its own, so that the figures stay numbers."""
    found = [(column.title, edition.correction(table, row, column)) for column in table.columns]
    return ". ".join(f"{title}: correctie {each.number}, moet zijn {each.should_be}" for title, each in found if each)


def _corrections(edition: Edition) -> Sheet:
    rows: list[list[str | Cell]] = [["Nummer", "Cijfer", "Vastgelegd als", "Moet zijn", "Waarom"]]
    rows += [[each.number, each.words, each.sealed_as, each.should_be, each.reason] for each in edition.corrections]
    return _made("Correcties", rows)


def _made(name: str, rows: Iterable[Iterable[str | Cell]]) -> Sheet:
    sheet = Sheet("".join(letter for letter in name if letter not in "[]*?:/\\'")[:LONGEST_NAME])
    for cells in rows:
        row = OdfRow()
        for cell in cells:
            row.append(_cell(cell))
        sheet.append(row)
    return sheet


def _cell(value: str | Cell) -> OdfCell:
    """A number as a number; anything else as text, which no sheet takes for a formula."""
    if value is None or isinstance(value, Mark):
        return OdfCell(in_words(value), cell_type="string")
    return OdfCell(value, text=in_words(value) if not isinstance(value, str) else None)
