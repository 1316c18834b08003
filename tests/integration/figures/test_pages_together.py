"""The public pages of a quarter read beside each other: what one of them hides, no other tells."""

import pytest

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.edition import CLOCKS, LATE, NOW, TOTALS
from knelpunt.domain.figures.promises import PROMISES
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.domain.vocabulary import Result
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.public import routes_pages
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
        assert isinstance(times.cell(clock, "keren"), Mark | None)
        assert isinstance(times.cell(clock, "p50"), Mark | None), "from a half day follows that they are even"
    assert late.cell(Clock.K1, "gestopt") == 11, "it stops when a case is withdrawn too"

    monkeypatch.setattr(routes_pages, "today_in_nl", lambda: busy.today)
    rows = parse_page(client.get("/over/wat-wij-beloven").text).rows()
    told = {
        promise.key: row[-2:]
        for promise in PROMISES
        if promise.is_counted
        for row in rows
        if row[0].startswith(promise.title)
    }
    assert len(told) == sum(promise.is_counted for promise in PROMISES)
    assert told["geen-stil-nee"][1] == told["afsluiting"][1] == "elke keer"
    assert not [cell for cells in told.values() for cell in cells if any(map(str.isdigit, cell))]
