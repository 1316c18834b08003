"""The charts of the figures: their numbers are those of the quarters, in the picture and in its table."""

import re
from datetime import date

import pytest

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Figure
from knelpunt.models import ClockPeriod, ClockSuspension
from knelpunt.queries.figures import counts as figures
from knelpunt.queries.figures import series as figure_series
from knelpunt.queries.figures.series import QuarterCount, clock_times, counts_by_quarter, recent_quarters
from knelpunt.web.reporting.routes import RECENT_QUARTERS
from tests.integration.figures.conftest import span, three_cases
from tests.support.page import parse_page
from tests.support.statements import counted

SECOND, THIRD, FOURTH = Quarter(2026, 2), Quarter(2026, 3), Quarter(2026, 4)


@pytest.fixture
def cases(session, desk):
    """Open since the third quarter; withdrawn in the fourth; with a proposal in the fourth, after a standstill."""
    still_open, withdrawn, handled = three_cases(session, desk)
    desk.later(4).propose(handled)
    session.flush()
    return still_open, withdrawn, handled


@pytest.mark.usefixtures("cases")
def test_each_quarter_of_a_row_is_what_its_own_page_counts(session):
    row = counts_by_quarter(session, SECOND, FOURTH.last_day)
    assert [count.quarter for count in row] == [SECOND, THIRD, FOURTH]
    for count in row:
        counted = figures.quarter_figures(session, span(count.quarter)).counts
        assert {figure: count.value(figure) for figure in Figure} == {
            figure: counted[figure].total for figure in Figure
        }, count.quarter
    assert row[-1] == QuarterCount(FOURTH, received=2, handled=1, open=2)


@pytest.mark.usefixtures("cases")
def test_counting_back_from_what_is_open_gives_the_same(session):
    for until in (date(2026, 10, 6), FOURTH.last_day):
        open_then = figures.quarter_figures(session, span(FOURTH, until)).counts[Figure.OPEN].total
        back = recent_quarters(session, span(FOURTH, until), open_then)
        assert back == counts_by_quarter(session, back[0].quarter, until)
        assert len(back) == figure_series.QUARTERS_SHOWN


@pytest.mark.usefixtures("cases")
def test_a_clock_ran_without_the_days_that_it_stood_still(session):
    times = clock_times(session, span(FOURTH))
    late = figures.quarter_figures(session, span(FOURTH)).late
    for clock in figure_series.TIMED_CLOCKS:
        assert (times[clock].runs, times[clock].late) == (late[clock].stopped, late[clock].stopped_late)
    # K2 of the case that was handled: from 4 to 7 November, of which 5, 6 and 7 November stood still.
    assert times[Clock.K2].each == (0,)
    assert times[Clock.K4].each == (4,)
    assert times[Clock.K1].each == (1, 2)
    assert times[Clock.K1].shares[2] == 1.5
    # Ten weeks from Saturday 7 November end on a Saturday: the Algemene termijnenwet moves that to Monday.
    assert times[Clock.K4].term == (72, 72)


@pytest.mark.parametrize(
    ("from_day", "until_day", "days"), [(8, 9, 7), (8, 10, 6), (8, 20, 6), (10, 20, 8), (11, 20, 9), (8, None, 6)]
)
def test_a_standstill_counts_no_further_than_the_end_of_the_run(session, make, from_day, until_day, days):
    run = make.add(
        ClockPeriod(
            case_id=make.case().id, clock=Clock.K1, started_on=date(2026, 11, 1), length=2, unit=Unit.WEEKS,
            due_on=date(2026, 11, 30), stopped_on=date(2026, 11, 10),
        )
    )  # fmt: skip
    until = until_day and date(2026, 11, until_day)
    make.add(ClockSuspension(period_id=run.id, from_day=date(2026, 11, from_day), until_day=until, reason="Vraag"))
    assert clock_times(session, span(FOURTH))[Clock.K1].each == (days,)


def test_a_term_is_as_long_as_it_was_also_when_the_clock_stood_still_after_it_ran_out(session, make):
    run = make.add(
        ClockPeriod(
            case_id=make.case().id, clock=Clock.K4, started_on=date(2026, 8, 3), length=10, unit=Unit.WEEKS,
            due_on=date(2026, 10, 19), stopped_on=date(2026, 11, 10),
        )
    )  # fmt: skip
    for first, last in ((date(2026, 8, 10), date(2026, 8, 16)), (date(2026, 10, 20), date(2026, 11, 2))):
        make.add(ClockSuspension(period_id=run.id, from_day=first, until_day=last, reason="Vraag"))
    times = clock_times(session, span(FOURTH))[Clock.K4]
    assert (times.term, times.each) == ((70, 70), (78,))


@pytest.mark.usefixtures("cases")
def test_of_many_runs_only_the_percentiles_are_given(session, monkeypatch):
    monkeypatch.setattr(figure_series, "FEW_RUNS", 1)
    times = clock_times(session, span(FOURTH))[Clock.K1]
    assert (times.runs, times.each, times.shares[2]) == (2, (), 1.5)


def test_a_quarter_in_which_no_clock_stopped_has_no_times(session):
    assert clock_times(session, span(SECOND)) == dict.fromkeys(figure_series.TIMED_CLOCKS, figure_series.NO_TIMES)


def points(page):
    """Each point of the picture: what is counted, the quarter and the number."""
    found = [re.fullmatch(r"(\w+), (\de kwartaal \d{4}): (\d+)", words) for words in page.names("tooltip")]
    return sorted(point.groups() for point in found if point)


@pytest.mark.usefixtures("cases")
def test_picture_and_table_of_a_quarter_hold_the_same_numbers(client_as, desk):
    page = parse_page(client_as(desk.handler).get("/kwartalen/2026-3"))
    rows = page.one("table", "Ontvangen, afgehandeld en open per kwartaal").records()
    told = [
        (words, row["Kwartaal"].partition(",")[0], number)
        for row in rows
        for words, number in row.items()
        if words != "Kwartaal"
    ]
    assert points(page) == sorted(told)
    assert len(told) == 3 * figure_series.QUARTERS_SHOWN
    assert ("Open", "3e kwartaal 2026", "1") in told


@pytest.mark.usefixtures("cases")
def test_the_list_of_quarters_is_the_table_of_its_picture(client_as, desk):
    page = parse_page(client_as(desk.handler).get("/kwartalen"))
    told = [
        (words.split()[0], row["Kwartaal"].partition(",")[0], row[words])
        for table in page.all("table")
        for row in table.records()
        for words in ("Ontvangen", "Afgehandeld", "Open aan het eind")
    ]
    assert points(page) == sorted(told)


@pytest.mark.usefixtures("cases")
def test_quarters_of_more_than_two_years_ago_stand_behind_a_fold(client_as, desk):
    page = parse_page(client_as(desk.handler).get("/kwartalen"))
    folded = page.one("group", re.compile("^Eerder: 4e kwartaal 2013 tot en met .*, zonder zaken$"))
    in_sight = [row["Kwartaal"] for row in page.one("table", "De laatste kwartalen").records()]
    assert len(in_sight) == RECENT_QUARTERS
    assert "3e kwartaal 2026" in in_sight
    assert folded.one("table", "Eerdere kwartalen").records()[-1]["Kwartaal"] == "4e kwartaal 2013"
    assert len(page.all("table")) == 2


def test_without_a_case_there_is_no_picture_of_nothing_but_zeros(client_as, desk):
    page = parse_page(client_as(desk.handler).get("/kwartalen"))
    assert "Er zijn nog geen zaken. Daarom staat hier geen grafiek." in page.text
    assert page.one("main").all("img") == []


CHARTED = ("/kwartalen", "/kwartalen/2026-3", "/kwartalen/2026-3/per/thema", "/kwartalen/2026-3/meer")


def test_charts_cost_as_many_statements_with_many_cases_as_with_none(session, connection, client_as, desk):
    client = client_as(desk.handler)

    def cost(address):
        client.get(address)
        with counted(connection) as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    few = {address: cost(address) for address in CHARTED}
    for _ in range(5):
        desk.file()
    session.flush()
    assert {address: cost(address) for address in few} == few
