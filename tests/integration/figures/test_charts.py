"""The charts of the figures: their numbers are those of the quarters, in the picture and in its table."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures import Figure
from knelpunt.models import Message
from knelpunt.queries.figures import counts as figures
from knelpunt.queries.figures import series as figure_series
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.series import QuarterCount, clock_times, counts_by_quarter, recent_quarters
from knelpunt.services.cases import triage
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.reporting.routes import RECENT_QUARTERS
from tests.support.desk import Desk
from tests.support.statements import counted

SECOND, THIRD, FOURTH = Quarter(2026, 2), Quarter(2026, 3), Quarter(2026, 4)


@pytest.fixture
def desk(session, make):
    return Desk(session, make)


@pytest.fixture
def cases(session, desk):
    """Open since the third quarter; withdrawn in the fourth; with a proposal in the fourth, after a standstill."""
    desk.now = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    still_open = desk.file()
    desk.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    withdrawn = desk.file()
    desk.later(2)
    submitter.withdraw(desk.follower(withdrawn), withdrawn.reference, "", erase_contact=False)
    desk.now = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    handled = desk.file()
    desk.later(1).take_in(handled)
    desk.weigh(handled)
    triage.request_supplement(
        desk.context(desk.handler), handled.reference, handled.version, question="Wat?", why="Nodig.",
        answer_by=date(2026, 11, 20),
    )  # fmt: skip
    desk.later(3)
    question = session.scalars(select(Message).where(Message.case_id == handled.id, Message.kind == "vraag")).one()
    submitter.answer(desk.follower(handled), handled.reference, question.id, "Dit.")
    desk.start_handling(handled)
    desk.later(4).propose(handled)
    session.flush()
    return still_open, withdrawn, handled


def span(quarter, until=None):
    return Span.of(quarter, until or quarter.last_day)


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


@pytest.mark.usefixtures("cases")
def test_of_many_runs_only_the_percentiles_are_given(session, monkeypatch):
    monkeypatch.setattr(figure_series, "FEW_RUNS", 1)
    times = clock_times(session, span(FOURTH))[Clock.K1]
    assert (times.runs, times.each, times.shares[2]) == (2, (), 1.5)


def test_a_quarter_in_which_no_clock_stopped_has_no_times(session):
    assert clock_times(session, span(SECOND)) == dict.fromkeys(figure_series.TIMED_CLOCKS, figure_series.NO_TIMES)


@pytest.mark.usefixtures("cases")
def test_picture_and_table_of_a_quarter_hold_the_same_numbers(client_as, desk):
    page = client_as(desk.handler).get("/kwartalen/2026-3").get_data(as_text=True)
    picture = re.findall(r"<title>(\w+), (\de kwartaal \d{4}): (\d+)</title>", page)
    table = re.search(
        r"<caption[^>]*>Ontvangen, afgehandeld en open per kwartaal</caption>.*?</table>", page, re.DOTALL
    )
    assert table is not None
    heads = re.findall(r'scope="col">(\w+)</th>', table[0])[1:]
    told = [
        (head, quarter, number)
        for quarter, cells in re.findall(
            r'<th scope="row">(\de kwartaal \d{4})[^<]*</th>(.*?)</tr>', table[0], re.DOTALL
        )
        for head, number in zip(heads, re.findall(r'<td class="kn-number">(\d+)</td>', cells), strict=True)
    ]
    assert sorted(picture) == sorted(told)
    assert len(told) == 3 * figure_series.QUARTERS_SHOWN
    assert ("Open", "3e kwartaal 2026", "1") in told


@pytest.mark.usefixtures("cases")
def test_the_list_of_quarters_is_the_table_of_its_picture(client_as, desk):
    page = client_as(desk.handler).get("/kwartalen").get_data(as_text=True)
    picture = re.findall(r"<title>(\w+), (\de kwartaal \d{4}): (\d+)</title>", page)
    rows = re.findall(r'kn-row-link" href="[^"]+">(\de kwartaal \d{4})</a>.*?</tr>', page, re.DOTALL)
    cells = re.findall(r'data-label="(Ontvangen|Afgehandeld|Open aan het eind)">(\d+)<', page)
    told = [(words.split()[0], rows[place // 3], number) for place, (words, number) in enumerate(cells)]
    assert sorted(picture) == sorted(told)


@pytest.mark.usefixtures("cases")
def test_quarters_of_more_than_two_years_ago_stand_behind_a_fold(client_as, desk):
    page = client_as(desk.handler).get("/kwartalen").get_data(as_text=True)
    in_sight, _, folded = page.partition('<details class="kn-fold')
    rows = r'kn-row-link" href="[^"]+">(\de kwartaal \d{4})</a>'
    assert len(re.findall(rows, in_sight)) == RECENT_QUARTERS
    assert "3e kwartaal 2026" in re.findall(rows, in_sight)
    assert re.findall(rows, folded)[-1] == "4e kwartaal 2013"
    assert "zonder zaken</summary>" in folded


def test_without_a_case_there_is_no_picture_of_nothing_but_zeros(client_as, desk):
    page = client_as(desk.handler).get("/kwartalen").get_data(as_text=True)
    assert "Er zijn nog geen zaken. Daarom staat hier geen grafiek." in page
    assert 'class="kn-lines"' not in page


def test_charts_cost_as_many_statements_with_many_cases_as_with_none(session, connection, client_as, desk):
    client = client_as(desk.handler)

    def cost(address):
        client.get(address)
        with counted(connection) as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    few = {address: cost(address) for address in ("/kwartalen", "/kwartalen/2026-3")}
    for _ in range(5):
        desk.file()
    session.flush()
    assert {address: cost(address) for address in few} == few
