"""A quarter as DOCX, with styles, repeated heads of tables, a title and its language."""

import io
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from knelpunt.adapters.documents.zipped import timeless
from knelpunt.domain.figures.letter import Letter
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.domain.figures.writing import (
    Block,
    Bullets,
    Chart,
    FigureTable,
    Heading,
    Map,
    Paragraph,
    PlacedChart,
    PlacedTable,
    Quote,
    Run,
)

FONT = "Noto Sans"
ACTION = RGBColor(0x00, 0x56, 0x60)
FONT_OF_A_KIND = f'<w:font w:name="{FONT}"><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'.encode()
"""Says what may stand in its place where the font is not installed."""
TEXT_WIDTH = 16.2
"""Centimetres between the margins."""
NOT_TOLD = frozenset({"–", *(mark.words() for mark in Mark)})


def letter_docx(letter: Letter) -> bytes:
    """The document as DOCX. The same letter gives the same bytes."""
    document = Document()
    _describe(document, letter)
    _style(document)
    document.add_paragraph(letter.title, style="Title")
    document.add_paragraph(letter.subtitle, style="Subtitle")
    for part in letter.parts:
        document.add_heading(part.title, level=1)
        for block in part.blocks:
            _add(document, block)
    made = io.BytesIO()
    document.save(made)
    return timeless(made.getvalue())


def _describe(document: Any, letter: Letter) -> None:
    told = document.core_properties
    told.title, told.subject, told.author = letter.title, letter.subtitle, "Knelpunt"
    told.last_modified_by, told.comments, told.keywords = "Knelpunt", letter.period, "knelpunten; regels; leefbaarheid"
    told.language, told.revision = "nl-NL", 1
    told.created = told.modified = datetime.combine(letter.made_on, time(12))


def _style(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.4)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "nl-NL")
    for name, size in (
        ("Normal", 10.5),
        ("Title", 22),
        ("Subtitle", 13),
        ("Heading 1", 15),
        ("Heading 2", 12.5),
        ("Caption", 9),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for each in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(each), None)
        if name != "Normal":
            style.font.color.rgb = ACTION
    for part in (each.target_part for each in document.part.rels.values() if each.reltype.endswith("/fontTable")):
        part._blob = part.blob.replace(b"</w:fonts>", FONT_OF_A_KIND + b"</w:fonts>")


def _add(document: Any, block: Block) -> None:
    match block:
        case Paragraph():
            _runs(document.add_paragraph(), block.runs)
        case Heading():
            _runs(document.add_heading(level=2), block.runs)
        case Bullets():
            for item in block.items:
                _runs(document.add_paragraph(style="List Bullet"), item)
        case Quote():
            for paragraph in block.paragraphs:
                _runs(document.add_paragraph(style="Quote"), paragraph)
        case FigureTable():
            if block.content:
                _table(document, block.content)
        case Chart() | Map():
            if block.content:
                _table(document, table_of(block.content))


def _runs(paragraph: Any, runs: Iterable[Run]) -> None:
    for run in runs:
        if run.href:
            _link(paragraph, run)
            continue
        made = paragraph.add_run(run.text)
        made.bold, made.italic = run.is_strong or None, run.is_emphasis or None


def _link(paragraph: Any, run: Run) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    made = paragraph.add_run(run.text)
    made.underline, made.font.color.rgb = True, ACTION
    link.append(made._r)
    paragraph._p.append(link)


def _table(document: Any, content: PlacedTable) -> None:
    caption = document.add_paragraph(content.title, style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(content.heads), style="Light Shading")
    numbers, widths = number_columns(content), column_widths(content)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    _row(table, content.heads, numbers, widths, is_head=True)
    for cells in content.rows:
        _row(table, cells, numbers, widths)
    document.add_paragraph()


def number_columns(content: PlacedTable) -> frozenset[int]:
    """The columns that hold numbers, or marks in the place of one."""
    return frozenset(
        place
        for place in range(1, len(content.heads))
        if content.rows and all(row[place][:1].isdigit() or row[place] in NOT_TOLD for row in content.rows)
    )


def column_widths(content: PlacedTable) -> list[float]:
    """How wide each column is, in centimetres: the first takes what the others leave."""
    others = len(content.heads) - 1
    each = min(3.4, TEXT_WIDTH * (0.65 if others < 5 else 0.8) / max(others, 1))
    return [TEXT_WIDTH - others * each, *[each] * others]


def _row(
    table: Any, cells: Iterable[str], numbers: frozenset[int], widths: list[float], *, is_head: bool = False
) -> None:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    for place, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
        paragraph = cell.paragraphs[0]
        made = paragraph.add_run(words)
        made.font.size, made.bold = Pt(9), is_head
        cell.width = Cm(widths[place])
        if place in numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def table_of(chart: PlacedChart) -> PlacedTable:
    """The numbers of a picture, for a document in which they can be edited."""
    heads = ("", *(series.name for series in chart.series))
    rows = tuple(
        (label, *("–" if series.values[place] is None else str(series.values[place]) for series in chart.series))
        for place, label in enumerate(chart.labels)
    )
    return PlacedTable(chart.name, chart.title, chart.sentence, heads, rows)
