"""A quarter with some cases in it, sealed by two persons."""

from datetime import UTC, datetime

import pytest

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.vocabulary import Role, Theme
from knelpunt.services.figures import ledger, publishing, sealing
from knelpunt.web.reporting.public.making import written
from tests.support.desk import Desk

QUARTER = Quarter(2026, 1)
PLANTED, PLANTED_ADDRESS = "Xaverina Plantnaam", "xaverina.plantnaam@proef.example"
"""A person who must stand in nothing that is public."""
WHY = dict.fromkeys(Check, f"{PLANTED} weet hiervan. Het verandert niets aan de cijfers.")


@pytest.fixture
def busy(session, make):
    """A desk where eight cases came in during the quarter, one about another theme, and one was closed; a hundred days
    later."""
    desk = Desk(session, make)
    desk.now = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)
    for _ in range(5):
        desk.file()
    desk.file(title=f"De tuin van {PLANTED}", description=f"{PLANTED} wil een tuin.", contact_email=PLANTED_ADDRESS)
    desk.file(theme=next(each.value for each in Theme if each is not Theme.OTHER))
    desk.case = desk.bring("afgesloten")
    desk.later(100)
    ledger.settle(session)
    return desk


@pytest.fixture
def quarter_author(busy, make):
    return make.account(Role.REPORT_AUTHOR, organisation=busy.ministry)


@pytest.fixture
def public_quarter(session, busy, make, quarter_author):
    """The quarter, sealed, with its edition kept."""
    sealing.ask(busy.context(quarter_author), QUARTER, WHY)
    context = busy.context(make.head_of_desk(organisation=busy.ministry))
    sealing.agree(context, QUARTER)
    session.flush()
    publishing.keep(context, QUARTER, written(session, QUARTER))
    session.flush()
    return QUARTER
