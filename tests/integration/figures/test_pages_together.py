"""The public pages of a quarter read beside each other: what one of them hides, no other tells."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.edition import CLOCKS, LATE, NOW, TOTALS
from knelpunt.domain.figures.ledger import TIMED_CLOCKS
from knelpunt.domain.figures.promises import PROMISES
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.domain.vocabulary import Result
from knelpunt.models import ClockPeriod
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.public import promises
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.public import counts, routes_pages
from knelpunt.web.reporting.public.making import public_edition
from tests.integration.figures.conftest import MIDDLE
from tests.support.page import parse_page


@pytest.fixture
def busy(session, desk):
    """A quarter in which nine cases were closed after a proposal, two were withdrawn, and six stay open."""
    desk.now = MIDDLE
    for _ in range(9):
        desk.case = desk.bring("afgesloten")
    for _ in range(2):
        case = desk.file()
        follower = desk.follower(case)
        submitter.withdraw(follower, case.reference, "", erase_contact=False)
    for _ in range(6):
        desk.file()
    desk.later(100)
    ledger.settle(session)
    return desk


def test_who_withdrew_is_not_the_difference_with_a_clock_or_a_promise(
    session, client, busy, public_quarter, monkeypatch
):
    edition = public_edition(session, public_quarter)
    assert edition.table(TOTALS).cell(NOW, Figure.HANDLED) == 11
    assert edition.table(Dimension.RESULT).cell(Result.WITHDRAWN, Figure.HANDLED) is Mark.FEW

    late, times = edition.table(LATE), edition.table(CLOCKS)
    for clock in (Clock.K2, Clock.K4, Clock.K5, Clock.CLOSING):
        assert isinstance(late.cell(clock, "gestopt"), Mark), "it stopped for the nine that were not withdrawn"
        assert late.cell(clock, "te-laat") is late.cell(clock, "loopt") is Mark.TABLE, "beside a word it tells the nine"
        row = next((each for each in times.rows if each.key == clock), None)
        assert (row is not None) is (clock in TIMED_CLOCKS)
        assert all(isinstance(cell, Mark) for cell in (row.cells if row else ())), (
            "from a half day follows that they are even"
        )
    assert late.cell(Clock.K1, "gestopt") == 11, "it stops when a case is withdrawn too"

    counts.told_of.cache_clear()
    monkeypatch.setattr(routes_pages, "today_in_nl", lambda: busy.today)
    told = told_of_promises(client)
    assert len(told) == sum(promise.is_counted for promise in PROMISES)
    assert told["geen-stil-nee"][1] == "elke keer"
    assert told["eerste-reactie"][1] == "meestal", "its clock hides nothing"
    for promise in PROMISES:
        if promise.clock:
            is_told = isinstance(late.cell(promise.clock, "gestopt"), int)
            assert (told[promise.key][1] == "niet getoond") is not is_told, promise.key
    assert told["afsluiting"][1] == told["voorstel"][1] == "niet getoond"
    assert not [cell for cells in told.values() for cell in cells if any(map(str.isdigit, cell))]


def test_the_word_of_a_promise_that_was_never_kept_does_not_tell_how_often_it_was_owed(
    session, client, busy, request, monkeypatch
):
    """Nine letters that were all late, beside two cases that were withdrawn: too late is then how often it stopped."""
    for run in session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.CLOSING)):
        run.due_on = run.started_on - timedelta(days=1)
    session.flush()
    quarter = request.getfixturevalue("public_quarter")
    late = public_edition(session, quarter).table(LATE)
    kept = promises.told_of(session, Span.of(quarter, busy.today))
    assert kept.kept["afsluiting"].kept == 0 < kept.kept["afsluiting"].owed
    assert {late.cell(Clock.CLOSING, each) for each in ("te-laat", "loopt")} == {Mark.TABLE}
    counts.told_of.cache_clear()
    monkeypatch.setattr(routes_pages, "today_in_nl", lambda: busy.today)
    assert told_of_promises(client)["afsluiting"][1] == "niet getoond"


def told_of_promises(client):
    """What the public page says of each promise that is counted: of this quarter and of the one before."""
    rows = parse_page(client.get("/over/wat-wij-beloven").text).rows()
    return {
        promise.key: row[-2:]
        for promise in PROMISES
        if promise.is_counted
        for row in rows
        if row[0].startswith(promise.title)
    }
