"""Step 8: a case in triage is answered with a ruimtewijzer, and what comes of it."""

import pytest
from sqlalchemy import func, literal_column, select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.errors import TransitionNotAllowed
from knelpunt.domain.guides.track import GuideStatus
from knelpunt.domain.vocabulary import CaseStatus, ProposalStatus, Result, RuleLevel, Verdict
from knelpunt.models import ClockPeriod, Event, OutboxMail, Proposal
from knelpunt.services.cases import resolution, reviews
from knelpunt.services.core import search_index
from knelpunt.services.guides import answers as guide_answers
from knelpunt.services.submitters import reactions as submitter
from tests.support.desk import CLOSING
from tests.support.forms import fill
from tests.support.guides import public_guide
from tests.support.page import parse_page


@pytest.fixture
def guide(make):
    return public_guide(make)


def ask(desk, case, guide, verdict=Verdict.PERCEIVED):
    return guide_answers.request_guide_answer(
        desk.context(desk.triager),
        case.reference,
        case.version,
        guide_id=guide.id,
        verdict=verdict,
        plain="Dit staat al in een ruimtewijzer.",
        level=RuleLevel.MUNICIPALITY,
    )


def answered(desk, guide):
    case = desk.bring("in_triage")
    reviews.approve(desk.context(desk.reviewer), case.reference, ask(desk, case, guide).id)
    return case


def running(session, case):
    rows = select(ClockPeriod.clock).where(ClockPeriod.case_id == case.id, ClockPeriod.stopped_on.is_(None))
    return set(session.scalars(rows))


def test_the_submitter_gets_the_page_after_two_people_agreed(session, desk, guide):
    case = answered(desk, guide)
    assert case.status is CaseStatus.PROPOSED
    assert case.verdict is Verdict.PERCEIVED
    assert Clock.K5 in running(session, case)
    assert not running(session, case) & {Clock.K2, Clock.K4}
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "voorstel")).one()
    assert f"/ruimtewijzers/{guide.slug}" in mail.body
    event = session.scalars(select(Event).where(Event.kind == "beantwoord_met_ruimtewijzer")).one()
    assert event.data["ruimtewijzer"] == guide.id


def test_who_is_helped_accepts_and_the_case_ends_with_that_result(desk, guide):
    case = answered(desk, guide)
    submitter.accept_proposal(desk.follower(case), case.reference)
    desk.write_public_text(case)
    closing = {**CLOSING, "result": Result.ANSWERED_BY_GUIDE}
    review = resolution.request_closing(desk.context(desk.handler), case.reference, case.version, **closing)
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    assert (case.status, case.result) == (CaseStatus.CLOSED, Result.ANSWERED_BY_GUIDE)


def test_who_is_not_helped_says_why_and_the_time_for_a_solution_begins(session, desk, guide):
    case = answered(desk, guide)
    submitter.refuse_proposal(desk.follower(case), case.reference, "Het gaat bij ons om iets anders.")
    assert case.status is CaseStatus.IN_HANDLING
    assert running(session, case) & {Clock.K4, Clock.K5} == {Clock.K4}
    assert case.due_clock is Clock.K4


def test_a_page_that_is_not_public_any_more_is_not_sent(session, desk, guide):
    case = desk.bring("in_triage")
    review = ask(desk, case, guide)
    guide.status = GuideStatus.EXPIRED
    session.flush()
    with pytest.raises(TransitionNotAllowed, match="niet meer openbaar"), session.begin_nested():
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    reviews.give_back(desk.context(desk.reviewer), case.reference, review.id, "Vervallen.")
    assert session.scalars(select(Proposal)).one().status is ProposalStatus.DROPPED


@pytest.mark.parametrize("weight", ["A", "B"])
def test_the_page_offers_what_fits_first_and_shows_all_to_the_second_person(client_as, session, desk, make, weight):
    """By the words by which people ask for a ruimtewijzer, and by those of the rest of its text.

    How much a word tells follows from how many ruimtewijzers lack it: among three none is rare, among six it is.
    """
    for _ in range(5 if weight == "B" else 2):
        public_guide(make, terms=None)
    fits = public_guide(
        make,
        terms=func.setweight(search_index.terms("Een buurthuis in een schoolgebouw"), literal_column(f"'{weight}'")),
    )
    case = desk.bring("in_triage")
    triager, path = client_as(desk.triager), f"/zaken/{case.reference}"
    assert "beantwoorden-met-ruimtewijzer" in triager.get(path).get_data(as_text=True)
    page = triager.get(f"{path}/beantwoorden-met-ruimtewijzer")
    assert parse_page(page).by_id("guide_id").all("option")[1].value == str(fits.id)
    typed = fill(page, "guide_id", guide_id=str(fits.id), verdict="V1", plain="Past precies.", level="gemeente")
    assert triager.post(f"{path}/beantwoorden-met-ruimtewijzer", data=typed).status_code == 303
    review = client_as(desk.reviewer).get(f"{path}/toetsing").get_data(as_text=True)
    assert "Past precies." in review
    assert f"/ruimtewijzers/{fits.slug}" in review
