"""A desk in the first quarter of 2026, who writes and seals it, and that quarter sealed with some cases in it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.vocabulary import Role, Theme
from knelpunt.models import Message
from knelpunt.queries.figures.counts import Span
from knelpunt.services.cases import triage
from knelpunt.services.figures import ledger, publishing, sealing
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.reporting.public.making import written
from tests.support.desk import Desk

QUARTER = Quarter(2026, 1)
MIDDLE = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)
"""A morning in that quarter."""
PLANTED, PLANTED_ADDRESS = "Xaverina Plantnaam", "xaverina.plantnaam@proef.example"
"""A person who must stand in nothing that is public."""
WHY = dict.fromkeys(Check, f"{PLANTED} weet hiervan. Het verandert niets aan de cijfers.")


@pytest.fixture
def desk(session, make):
    """In the middle of the quarter."""
    desk = Desk(session, make)
    desk.now = MIDDLE
    return desk


@pytest.fixture
def author(desk, make):
    return make.account(Role.REPORT_AUTHOR, organisation=desk.ministry)


@pytest.fixture
def head(desk, make):
    return make.head_of_desk(organisation=desk.ministry)


@pytest.fixture
def busy(session, desk):
    """The same desk a hundred days later: eight cases came in during the quarter, one about another theme, and one was
    closed. Tests of other folders borrow this one with a desk of another day."""
    desk.now = MIDDLE
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


def three_cases(session, desk):
    """One open since the third quarter; one withdrawn in the fourth; one in handling there, after a standstill."""
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
    return still_open, withdrawn, handled


def span(quarter, until=None):
    return Span.of(quarter, until or quarter.last_day)
