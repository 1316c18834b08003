"""The quarter on paper: its pictures hold the numbers of its tables, and each says in words what it shows."""

import io
import re
from datetime import UTC, datetime

import pikepdf
import pytest
from sqlalchemy import select

from knelpunt.adapters.typesetting import quarter_pdf
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import FIGURES, Dimension, Figure
from knelpunt.domain.figures.edition import Adds, Column, Edition, Row, Table
from knelpunt.domain.figures.letter import DRAFT
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.domain.vocabulary import Verdict
from knelpunt.models import Municipality
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.counts import Span
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting.pdf_charts import GROUPS, plots, province_map, verdict_group
from knelpunt.web.reporting.pdf_data import pdf_data
from knelpunt.web.reporting.public.making import working_edition
from knelpunt.web.shared.charts.tile_map import geometry_of
from tests.support.desk import Desk

FOURTH = Quarter(2026, 4)
MADE_AT = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
LEAST_DRAWN = 4_000
"""Bytes that draw a page with something on it: what stands around each page takes some 1,700."""
ADDRESS = "https://knelpunt.example/kwartalen/2026-4"


@pytest.fixture
def cases(session, make):
    """In Zwolle one case withdrawn before a verdict and one closed as V4; in Drenthe one that is open."""
    places = {row.name: str(row.id) for row in session.scalars(select(Municipality))}
    desk = Desk(session, make)
    desk.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    withdrawn = desk.file(municipality_id=places["Zwolle"])
    desk.file(municipality_id=places["Assen"])
    desk.later(2)
    submitter.withdraw(desk.follower(withdrawn), withdrawn.reference, "", erase_contact=False)
    closed = desk.file(municipality_id=places["Zwolle"])
    desk.later(1).take_in(closed)
    desk.weigh(closed)
    desk.start_handling(closed)
    desk.propose(closed)
    desk.later(2).close(closed)
    session.flush()


def data_of(session, quarter=FOURTH):
    ledger.settle(session)
    edition = working_edition(reports.make_report(session, Span.of(quarter, quarter.last_day)))
    return edition, pdf_data(edition, geometry_of(reference(session)), ADDRESS)


def table_of(data, dimension):
    return next(each for each in data["splits"] if each["key"] == dimension.value)


def words_of(pdf):
    """The description of each picture in a PDF."""
    return [
        str(item["/Alt"])
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure" and "/P" in item
    ]


@pytest.mark.usefixtures("cases")
def test_the_lines_and_their_table_are_the_counts_of_the_quarters(session):
    edition, data = data_of(session)
    told = [list(row.cells) for row in edition.table("verloop").rows]
    assert told[-1] == [3, 2, 1]
    assert [[int(cell) for cell in row[2:]] for row in data["trend"]["rows"]] == told
    assert data["trend"]["heads"][1:] == [FIGURES[figure].title for figure in Figure]
    zero = data["trend"]["ticks"][0][0]
    for number, line in enumerate(data["trend"]["lines"]):
        assert [y == zero for _x, y in line["points"]] == [row[number] == 0 for row in told]
        assert line["pieces"] == [line["points"]]


@pytest.mark.usefixtures("cases")
def test_the_bar_of_verdicts_is_divided_as_its_table(session):
    table = table_of(data_of(session)[1], Dimension.VERDICT)
    bar = table["verdicts"]
    assert [(part["code"], part["group"], part["share"]) for part in bar["parts"]] == [
        ("V0", "anders", 50),
        ("V4", "ruimte", 50),
    ]
    assert [part["number"] for part in bar["parts"]] == [row[2] for row in table["rows"] if row[2] != "0"]
    assert {each["group"]: each["number"] for each in bar["groups"]} == {"ruimte": "1", "regel": "0", "anders": "1"}


@pytest.mark.parametrize("verdict", Verdict)
def test_the_words_of_a_filling_name_each_verdict_that_it_is_for(verdict):
    words = dict(GROUPS)[verdict_group(verdict)]
    numbers = [int(number) for number in re.findall(r"V(\d)", words)]
    assert int(verdict.value[1:]) in (range(numbers[0], numbers[-1] + 1) if "tot en met" in words else numbers)


@pytest.mark.usefixtures("cases")
def test_the_map_has_the_number_of_each_province_in_its_table(session):
    table = table_of(data_of(session)[1], Dimension.PROVINCE)
    drawn = table["map"]
    assert {row[0]: row[2] for row in table["rows"]} == {"Overijssel": "2", "Drenthe": "1"}
    assert drawn["alt"].endswith(": Drenthe 1, Overijssel 2")
    assert sorted(words for _x, _y, words in drawn["numbers"]) == ["1", "2"]
    assert all(0 < x < 100 and 0 < y < 100 for x, y, _words in drawn["numbers"])
    tiles = len([each for each in reference(session).municipalities.values() if each.tile_x is not None])
    assert drawn["svg"].count("translate(") == tiles
    shades = [each["shade"] for each in drawn["legend"]]
    in_drenthe = sum(1 for each in reference(session).municipalities.values() if each.tile_x is not None
                     and reference(session).province_names[each.province_id] == "Drenthe")  # fmt: skip
    assert drawn["svg"].count(f'fill="{shades[1]}"') == in_drenthe


def test_a_number_that_is_not_told_stands_in_no_picture(session):
    """Neither on the map nor in a bar nor as its length."""
    columns = (Column("ontvangen", "Ontvangen", Adds.SUM, "ontvangen"),)
    rows = (Row("1", "Drenthe", (Mark.FEW,)), Row("2", "Overijssel", (Mark.KEPT_BACK,)), Row("3", "Utrecht", (9,)))
    table = Table("provincie", "Per provincie", "", "Provincie", columns, rows, "provincie")
    drawn = province_map(table, geometry_of(reference(session)))
    assert [words for _x, _y, words in drawn["numbers"]] == ["9"]
    assert drawn["alt"].endswith(": Drenthe minder dan 5, Overijssel niet getoond, Utrecht 9")
    edition = Edition("2026-4", "4e kwartaal 2026", FOURTH.first_day, FOURTH.last_day, (table,))
    split = pdf_data(edition, geometry_of(reference(session)), ADDRESS)["splits"][0]
    assert split["shares"] == [0, 0, 100]


@pytest.mark.usefixtures("cases")
def test_every_picture_in_the_file_says_what_it_shows(session):
    edition, data = data_of(session)
    pdf = pikepdf.open(io.BytesIO(quarter_pdf(data, made_at=MADE_AT)))
    drawn = [plot["alt"] for plot in plots(edition, edition.table("looptijd")) if plot["is_drawn"]]
    assert drawn
    expected = [
        data["trend"]["alt"],
        *(tile["trend"]["alt"] for tile in data["tiles"]),
        table_of(data, Dimension.VERDICT)["verdicts"]["alt"],
        table_of(data, Dimension.PROVINCE)["map"]["alt"],
        *drawn,
    ]
    assert sorted(words_of(pdf)) == sorted(expected)


@pytest.mark.usefixtures("cases")
def test_the_file_is_marked_for_the_archive_and_for_every_reader(session):
    _edition, data = data_of(session)
    pdf = pikepdf.open(io.BytesIO(quarter_pdf(data, made_at=MADE_AT)))
    assert str(pdf.Root.Lang).startswith("nl")
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as told:
        assert told["dc:title"] == "Knelpunten in regels, 4e kwartaal 2026"
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")
        assert told["pdfuaid:part"] == "1"
    kinds = {str(item.get("/S")) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/P" in item}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/P"} <= kinds
    fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
    names = {str(font.BaseFont).partition("+")[2] for font in fonts if "/BaseFont" in font}
    assert names
    assert all(name.startswith("NotoSans") for name in names)
    described = [item for item in pdf.objects
                 if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"]  # fmt: skip
    assert described
    assert all(any(key in each for key in ("/FontFile2", "/FontFile3")) for each in described)


@pytest.mark.usefixtures("cases")
def test_no_page_is_empty_however_many_headings_there_are(session):
    """The list of headings, longer than the first page has room for, left a page with nothing on it but a line."""
    _edition, data = data_of(session)
    runs = [{"text": "Er kwam iets. " * 30, "strong": False, "emphasis": False, "href": ""}]
    blocks = [{"kind": "kop", "runs": [{**runs[0], "text": "Een kop"}]}, {"kind": "alinea", "runs": runs}]
    for sections in (0, 4, 8, 12):
        told = {**data, "sections": [{"title": f"Deel {each}", "blocks": blocks} for each in range(sections)]}
        pages = pikepdf.open(io.BytesIO(quarter_pdf(told, made_at=MADE_AT))).pages
        drawn = [len(page.Contents.read_bytes()) for page in pages]
        assert min(drawn) > LEAST_DRAWN, (sections, drawn)


@pytest.mark.usefixtures("cases")
def test_a_draft_says_so_on_every_page_and_what_is_agreed_to_does_not(session):
    edition, plain = data_of(session)
    draft = pdf_data(edition, geometry_of(reference(session)), ADDRESS, (), DRAFT)
    assert (draft["status"], draft["notes"][0]) == (DRAFT, DRAFT)
    assert DRAFT not in plain["notes"]
    assert plain["status"] != DRAFT


def test_a_quarter_in_which_nothing_happened_is_a_document_too(session):
    edition, data = data_of(session, Quarter(2013, 4))
    assert not [table for table in edition.tables if table.dimension]
    assert data["headline"] == "Een kwartaal zonder nieuwe zaken"
    assert data["counted"] == f"{edition.counted}."
    made = quarter_pdf(data, made_at=MADE_AT)
    assert made == quarter_pdf(data, made_at=MADE_AT)
    assert len(pikepdf.open(io.BytesIO(made)).pages) >= 3
