"""A quarter as ODT, with styles, heads of tables that repeat, a title and its language."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime, time

from odfdo import Cell, Column, Document, Element, Header, HeaderRows, Link, List, Row, Span, Style, Table
from odfdo import Paragraph as OdfParagraph

from knelpunt.adapters.documents.docx import SMALL_TABLE, begins_table, column_widths, number_columns, table_of
from knelpunt.adapters.documents.zipped import timeless
from knelpunt.domain.figures.letter import Letter
from knelpunt.domain.figures.writing import (
    Block,
    Bullets,
    Chart,
    FigureTable,
    Heading,
    Map,
    Paragraph,
    PlacedTable,
    Quote,
    Run,
)

ACTION = "#005660"
BULLETS = (
    '<text:list-style style:name="Knelpunt_Lijst"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.5cm"'
    ' fo:margin-left="0.5cm"/>'
    "</style:list-level-properties></text:list-level-style-bullet></text:list-style>"
)
FONT = "Noto Sans"


def letter_odt(letter: Letter) -> bytes:
    """The document as ODT. The same letter gives the same bytes."""
    document = Document("text")
    _describe(document, letter)
    _styles(document)
    if letter.status:
        _head(document, letter.status)
    body = document.body
    body.clear()
    body.append(OdfParagraph(letter.title, style="Knelpunt_Titel"))
    body.append(OdfParagraph(letter.subtitle, style="Knelpunt_Onder"))
    for width in sorted(set(_widths(letter))):
        column = Style("table-column", name=_column_style(width))
        column.set_properties({"style:column-width": f"{width:.2f}cm"}, area="table-column")
        document.insert_style(column, automatic=True)
    for part in letter.parts:
        body.append(Header(1, part.title))
        for place, block in enumerate(part.blocks):
            style = "Knelpunt_Boven" if begins_table(part.blocks[place:]) else "Knelpunt_Alinea"
            for element in _made(block, len(body.get_tables()), style):
                body.append(element)
    made = io.BytesIO()
    document.save(made)
    return timeless(made.getvalue())


def _widths(letter: Letter) -> Iterator[float]:
    """The widths of all columns of all tables."""
    for block in (each for part in letter.parts for each in part.blocks):
        match block:
            case FigureTable() if block.content:
                yield from column_widths(block.content)
            case Chart() | Map() if block.content:
                yield from column_widths(table_of(block.content))


def _describe(document: Document, letter: Letter) -> None:
    told, day = document.meta, datetime.combine(letter.made_on, time(12))
    told.title, told.subject, told.description = letter.title, letter.subtitle, letter.period
    told.language, told.creator, told.initial_creator = "nl-NL", "Knelpunt", "Knelpunt"
    told.keywords = "knelpunten, regels, leefbaarheid"
    told.set_creation_date(day)
    told.set_modification_date(day)


def _styles(document: Document) -> None:
    for style in document.get_styles("paragraph"):
        for text in style.get_elements("style:text-properties"):
            if text.get_attribute("fo:language"):
                text.set_attribute("fo:language", "nl")
                text.set_attribute("fo:country", "NL")
                text.set_attribute("fo:font-family", f"'{FONT}'")
                text.set_attribute("style:font-family-generic", "swiss")
                text.set_attribute("style:font-pitch", "variable")
                text.set_attribute("fo:font-size", "10.5pt")
    for name in ("Heading_20_1", "Heading_20_2"):
        heading = document.get_style("paragraph", name)
        for text in heading.get_elements("style:text-properties") if heading else ():
            text.set_attribute("fo:color", ACTION)
    for name, size in (("Knelpunt_Titel", "22pt"), ("Knelpunt_Onder", "13pt")):
        style = Style("paragraph", name=name, parent_style="Standard", area="text", color=ACTION, size=size)
        style.set_properties({"fo:margin-bottom": "0.4cm"}, area="paragraph")
        document.insert_style(style)
    for name, properties in (
        ("Knelpunt_Alinea", {"fo:margin-bottom": "0.25cm"}),
        ("Knelpunt_Boven", {"fo:margin-bottom": "0.25cm", "fo:keep-with-next": "always"}),
        ("Knelpunt_Woord", {}),
        ("Knelpunt_Getal", {"fo:text-align": "end"}),
        ("Knelpunt_Bijschrift", {"fo:margin-top": "0.2cm", "fo:keep-with-next": "always"}),
    ):
        style = Style("paragraph", name=name, parent_style="Standard")
        style.set_properties(properties, area="paragraph")
        if name in ("Knelpunt_Getal", "Knelpunt_Woord"):
            style.set_properties({"fo:font-size": "9pt"}, area="text")
        document.insert_style(style)
    row = Style("table-row", name="Knelpunt_Rij")
    row.set_properties({"fo:keep-together": "always"}, area="table-row")
    document.insert_style(row, automatic=True)
    whole = Style("table", name="Knelpunt_Heel")
    whole.set_properties({"style:may-break-between-rows": "false"}, area="table")
    document.insert_style(whole, automatic=True)
    document.insert_style(BULLETS, automatic=True)
    for level in document.styles.get_elements("//text:outline-level-style"):
        level.set_attribute("style:num-format", "")
        for attribute in ("loext:num-list-format", "style:num-suffix"):
            if level.get_attribute(attribute) is not None:
                level.del_attribute(attribute)
    document.insert_style(Style("text", name="Knelpunt_Sterk", area="text", bold=True))
    document.insert_style(Style("text", name="Knelpunt_Nadruk", area="text", italic=True))
    cell = Style("table-cell", name="Knelpunt_Cel", area="table-cell", border_bottom="0.5pt solid #c9cfce")
    document.insert_style(cell, automatic=True)
    head = Style("table-cell", name="Knelpunt_Kop", area="table-cell", border_bottom=f"1pt solid {ACTION}")
    document.insert_style(head, automatic=True)


def _head(document: Document, status: str) -> None:
    """What the document says of itself, above every page: pages of a letter come apart."""
    for layout in document.styles.get_elements("//style:page-layout"):
        for style in layout.get_elements("style:header-style"):
            room = Element.from_tag("style:header-footer-properties")
            room.set_attribute("fo:min-height", "0.6cm")
            room.set_attribute("fo:margin-bottom", "0.4cm")
            style.append(room)
    for page in document.styles.get_elements("//style:master-page"):
        head = Element.from_tag("style:header")
        head.append(_paragraph((Run(status, is_strong=True),), "Knelpunt_Woord"))
        page.append(head)


def _made(block: Block, number: int, style: str) -> list[Element]:
    match block:
        case Paragraph():
            return [_paragraph(block.runs, style)]
        case Heading():
            return [Header(2, "".join(run.text for run in block.runs))]
        case Bullets():
            return [List([_paragraph(item) for item in block.items], style="Knelpunt_Lijst")]
        case Quote():
            return [_paragraph(runs) for runs in block.paragraphs]
        case FigureTable():
            return _table(block.content, number) if block.content else []
        case Chart() | Map():
            return _table(table_of(block.content), number) if block.content else []


def _paragraph(runs: Iterable[Run], style: str = "Knelpunt_Alinea") -> OdfParagraph:
    paragraph = OdfParagraph(style=style)
    for run in runs:
        if run.href:
            paragraph.append(Link(run.href, text=run.text))
        elif run.is_strong or run.is_emphasis:
            paragraph.append(Span(run.text, style="Knelpunt_Sterk" if run.is_strong else "Knelpunt_Nadruk"))
        else:
            paragraph.append(Span(run.text))
    return paragraph


def _table(content: PlacedTable, number: int) -> list[Element]:
    table = Table(f"Tabel {number + 1}", style="Knelpunt_Heel" if len(content.rows) <= SMALL_TABLE else None)
    for width in column_widths(content):
        table.append(Column(style=_column_style(width)))
    heads, numbers = HeaderRows(), number_columns(content)
    heads.append(_row(content.heads, numbers, is_head=True))
    table.append(heads)
    for cells in content.rows:
        table.append(_row(cells, numbers))
    title = OdfParagraph(content.title, style="Knelpunt_Bijschrift")
    return [title, table, OdfParagraph("", style="Knelpunt_Alinea")]


def _column_style(width: float) -> str:
    return f"Knelpunt_Kolom_{width * 100:.0f}"


def _row(cells: Iterable[str], numbers: frozenset[int], *, is_head: bool = False) -> Row:
    row = Row(style="Knelpunt_Rij")
    for place, words in enumerate(cells):
        cell = Cell(style="Knelpunt_Kop" if is_head else "Knelpunt_Cel")
        cell.set_attribute("office:value-type", "string")
        style = "Knelpunt_Getal" if place in numbers else "Knelpunt_Woord"
        cell.append(_paragraph((Run(words, is_strong=is_head),), style))
        row.append(cell)
    return row
