"""The quarter on paper: its pictures hold the numbers of its tables, and each says in words what it shows."""

import io
import re
from datetime import UTC, date, datetime

import pikepdf
import pytest
from sqlalchemy import select

from knelpunt.adapters.quarter_pdf import quarter_pdf
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import DIMENSIONS, FIGURES, Dimension, Figure
from knelpunt.domain.vocabulary import Verdict
from knelpunt.models import Municipality
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import ledger as ledger_queries
from knelpunt.queries.figures import series as figure_series
from knelpunt.queries.figures.counts import Span
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting.pdf_charts import GROUPS, verdict_group
from knelpunt.web.reporting.pdf_data import pdf_data
from tests.support.desk import Desk

FOURTH = Quarter(2026, 4)
MADE_AT = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


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
    report = reports.make_report(session, Span.of(quarter, quarter.last_day))
    return report, pdf_data(report, reference(session), made_on=date(2027, 1, 4))


def table_of(data, dimension):
    return next(each for each in data["tables"] if each["title"] == DIMENSIONS[dimension].title)


def words_of(pdf):
    """The description of each picture in a PDF."""
    return [
        str(item["/Alt"])
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure" and "/P" in item
    ]


@pytest.mark.usefixtures("cases")
def test_the_lines_and_their_table_are_the_counts_of_the_quarters(session):
    report, data = data_of(session)
    told = [[count.value(figure) for figure in Figure] for count in report.quarters]
    assert told[-1] == [3, 2, 1]
    assert [[int(cell) for cell in row[1:]] for row in data["trend"]["rows"]] == told
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
    assert [part["number"] for part in bar["parts"]] == [row[1] for row in table["rows"] if row[1] != "0"]
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
    assert {row[0]: row[1] for row in table["rows"]} == {"Overijssel": "2", "Drenthe": "1"}
    assert drawn["alt"].endswith(": Drenthe 1, Overijssel 2")
    assert sorted(words for _x, _y, words in drawn["numbers"]) == ["1", "2"]
    assert all(0 < x < 100 and 0 < y < 100 for x, y, _words in drawn["numbers"])
    tiles = len([each for each in reference(session).municipalities.values() if each.tile_x is not None])
    assert drawn["svg"].count("translate(") == tiles
    shades = [each["shade"] for each in drawn["legend"]]
    in_drenthe = sum(1 for each in reference(session).municipalities.values() if each.tile_x is not None
                     and reference(session).province_names[each.province_id] == "Drenthe")  # fmt: skip
    assert drawn["svg"].count(f'fill="{shades[1]}"') == in_drenthe


@pytest.mark.usefixtures("cases")
def test_every_picture_in_the_file_says_what_it_shows(session):
    _report, data = data_of(session)
    told = words_of(pikepdf.open(io.BytesIO(quarter_pdf(data, made_at=MADE_AT))))
    drawn = [plot["alt"] for plot in data["clocks"]["plots"] if plot["is_drawn"]]
    assert len(drawn) == len(figure_series.TIMED_CLOCKS)
    expected = [
        data["trend"]["alt"],
        *(total["trend"]["alt"] for total in data["totals"]),
        table_of(data, Dimension.VERDICT)["verdicts"]["alt"],
        table_of(data, Dimension.PROVINCE)["map"]["alt"],
        *drawn,
    ]
    assert sorted(told) == sorted(expected)


@pytest.mark.usefixtures("cases")
def test_clocks_that_ran_often_are_drawn_as_a_box(session, monkeypatch):
    monkeypatch.setattr(ledger_queries, "FEW_RUNS", 0)
    _report, data = data_of(session)
    plots = [plot for plot in data["clocks"]["plots"] if plot["is_drawn"]]
    assert [(len(plot["box"]), plot["dots"]) for plot in plots] == [(5, ())] * len(plots)
    assert data["clocks"]["rows"][0][0] == Clock.K1.label
    assert len(pikepdf.open(io.BytesIO(quarter_pdf(data, made_at=MADE_AT))).pages) >= 3


def test_a_quarter_in_which_nothing_happened_is_a_document_too(session):
    _report, data = data_of(session, Quarter(2013, 4))
    assert data["tables"] == []
    assert [plot["is_drawn"] for plot in data["clocks"]["plots"]] == [False] * len(figure_series.TIMED_CLOCKS)
    made = quarter_pdf(data, made_at=MADE_AT)
    assert made == quarter_pdf(data, made_at=MADE_AT)
    assert len(pikepdf.open(io.BytesIO(made)).pages) >= 3
