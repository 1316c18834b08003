"""A quarter as DOCX, with styles, repeated heads of tables, a title and its language."""

import io
from collections.abc import Iterable, Sequence
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
SMALL_TABLE = 10
"""A table of so many rows or fewer stands on one page."""
INTRODUCES = 3
"""So many blocks there are at most from the first words about a table up to the table itself."""
LETTER_WIDTH, CELL_MARGINS, WIDEST = 0.195, 0.5, 3.5
"""Centimetres: of a bold letter in a table, beside the words of a cell, and of a column of numbers."""
NOT_TOLD = frozenset({"–", *(mark.words() for mark in Mark)})


def letter_docx(letter: Letter) -> bytes:
    """The document as DOCX. The same letter gives the same bytes."""
    document = Document()
    _describe(document, letter)
    _style(document)
    if letter.status:
        _head(document, letter.status)
    document.add_paragraph(letter.title, style="Title")
    document.add_paragraph(letter.subtitle, style="Subtitle")
    for part in letter.parts:
        document.add_heading(part.title, level=1)
        for place, block in enumerate(part.blocks):
            _add(document, block)
            if begins_table(part.blocks[place:]):
                document.paragraphs[-1].paragraph_format.keep_with_next = True
    made = io.BytesIO()
    document.save(made)
    return timeless(made.getvalue())


def begins_table(blocks: Sequence[Block]) -> bool:
    """Whether these begin with a paragraph or two to a table, from which those are not parted."""
    first = next((each for each in blocks[:INTRODUCES] if not isinstance(each, Paragraph)), None)
    return isinstance(blocks[0], Paragraph) and isinstance(first, FigureTable | Chart | Map)


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
    _number_pages(page.footer.paragraphs[0])
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


def _head(document: Any, status: str) -> None:
    """What the document says of itself, above every page: pages of a letter come apart."""
    run = document.sections[0].header.paragraphs[0].add_run(status)
    run.font.size, run.bold = Pt(9), True


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    run = paragraph.add_run("1")
    run.font.size = Pt(9)
    number.append(run._r)
    paragraph._p.append(number)


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
    _lined(table)
    _row(table, content.heads, numbers, widths, is_head=True)
    for cells in content.rows:
        _row(table, cells, numbers, widths)
    if len(content.rows) <= SMALL_TABLE:
        for row in table.rows[:-1]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    document.add_paragraph()


def _lined(table: Any) -> None:
    """A thin line under each row instead of a grey band."""
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.set(qn("w:noHBand"), "1")
    look.set(qn("w:val"), "06A0")  # the same in one number, as older programs read it
    borders, line = OxmlElement("w:tblBorders"), OxmlElement("w:insideH")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C9CFCE")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    look.addprevious(borders)


def number_columns(content: PlacedTable) -> frozenset[int]:
    """The columns that hold numbers, or marks in the place of one."""
    return frozenset(
        place
        for place in range(1, len(content.heads))
        if content.rows and all(row[place][:1].isdigit() or row[place] in NOT_TOLD for row in content.rows)
    )


def column_widths(content: PlacedTable) -> list[float]:
    """How wide each column is, in centimetres: the first takes what the others leave. No word is broken."""
    others = range(1, len(content.heads))
    each = min(WIDEST, TEXT_WIDTH * 0.65 / max(len(others), 1))
    widths = [max(each if len(others) < 5 else 0, _longest(content, place)) for place in others]
    return [TEXT_WIDTH - sum(widths), *widths]


def _longest(content: PlacedTable, place: int) -> float:
    """How much room the longest word of a column takes."""
    cells = (content.heads[place], *(row[place] for row in content.rows))
    letters = max((len(word) for words in cells for word in words.split()), default=0)
    return min(WIDEST, letters * LETTER_WIDTH + CELL_MARGINS)


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
    heads = ("Kwartaal" if chart.is_line else chart.title.partition(":")[0], *(each.name for each in chart.series))
    rows = tuple(
        (label, *("–" if series.values[place] is None else str(series.values[place]) for series in chart.series))
        for place, label in enumerate(chart.labels)
    )
    return PlacedTable(chart.name, chart.title, chart.sentence, heads, rows)
