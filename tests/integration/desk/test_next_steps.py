"""The page of a case says one step first, few beside it, and of every step that cannot be taken what it waits for."""

import pytest

from knelpunt.domain.errors import DomainError
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.services.cases import publication, resolution, reviews
from knelpunt.services.submitters import reactions as submitter
from tests.support.page import parse_page


@pytest.fixture
def page_of(client_as):
    def show(account, case):
        answer = client_as(account).get(f"/zaken/{case.reference}")
        assert answer.status_code == 200
        return parse_page(answer)

    return show


def reach(page):
    """The next step, as the bar on a phone holds it; None when there is none."""
    bars = page.all("navigation", "Volgende stap")
    return bars[0].all("link")[0].href.rpartition("/")[2] if bars else None


def waiting(page):
    """What cannot be done yet: the step and what it waits for."""
    folds = [each for each in page.all("group") if each.name.startswith("Wat nog niet kan")]
    return " ".join(each.text for each in folds)


@pytest.mark.parametrize(
    ("state", "next_page"),
    [("ingediend", "in-triage"), ("in_triage", "behandeling-starten"), ("in_behandeling", "voorstel")],
)
def test_the_next_step_is_the_one_of_the_main_line(desk, make, page_of, state, next_page):
    desk.now = make.now
    assert reach(page_of(make.head_of_desk(), desk.bring(state))) == next_page


def test_at_most_three_stand_beside_the_next_step(desk, make, page_of):
    desk.now = make.now
    for state in ("ingediend", "in_triage", "in_behandeling", "voorstel", "afgesloten"):
        page = page_of(make.head_of_desk(), desk.bring(state))
        look = [each for each in page.page.iter("p") if "kn-case-now__beside" in (each.get("class") or "")]
        assert all(len(each.findall("a")) <= 3 for each in look)


def test_an_objection_to_the_public_text_is_said_first_and_the_text_is_changed_before_it_lies_there_again(
    session, desk, make, page_of
):
    desk.now = make.now
    case = desk.bring("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.object_to_text(desk.follower(case), case.reference, "Het is geen buurthuis.")
    session.flush()
    page = page_of(desk.handler, case)
    assert reach(page) == "openbare-tekst"
    assert "De indiener wil de openbare tekst anders" in page.text
    assert "De zaak is klaar" not in page.text
    desk.write_public_text(case, title="Een buurtkamer in een oude school")
    session.flush()
    assert reach(page_of(desk.handler, case)) == "tekst-toetsen"
    review = publication.request_text_review(desk.context(desk.handler), case.reference, case.version)
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    session.flush()
    assert reach(page_of(desk.handler, case)) == "ter-inzage"


def test_what_stands_in_the_way_comes_first_with_what_it_leads_to(make, desk, page_of):
    desk.now = make.now
    case = make.case(CaseStatus.IN_HANDLING, handler_id=desk.handler.id)
    page = page_of(desk.handler, case)
    assert reach(page) == "oordeel-wijzigen"
    assert "Daarna: doe een voorstel." in page.text


def test_every_step_that_cannot_be_taken_says_what_the_service_says(make, desk, page_of):
    desk.now = make.now
    case = make.case(CaseStatus.IN_HANDLING, handler_id=desk.handler.id)
    shown = waiting(page_of(desk.handler, case))
    context = desk.context(desk.handler)
    with pytest.raises(DomainError) as refused:
        resolution.request_proposal(
            context, case.reference, case.version, text="x", legal_basis="x", legal_date=case.law_date,
            conditions="x", who_acts="x", act_by=desk.today,
        )  # fmt: skip
    for sentence in refused.value.message.split(". "):
        assert sentence.strip(".") in shown
    assert "Doe een voorstel" in shown
    assert "Sluit af bij een regelknelpunt" in shown
    assert "De eigenaar van een regelknelpunt heeft de zaak nog niet aanvaard." in shown
    assert "Kan zodra de staat ‘Voorstel" in shown


def test_who_waits_for_the_submitter_is_asked_nothing(desk, make, page_of):
    desk.now = make.now
    case = desk.bring("voorstel")
    desk.write_public_text(case)
    page = page_of(desk.handler, case)
    assert reach(page) is None
    assert "U hoeft nu niets te doen. De indiener heeft nog niet gereageerd" in page.text


def test_a_page_that_this_reader_may_not_open_is_no_link(make, page_of):
    case = make.case(CaseStatus.IN_TRIAGE)
    page = page_of(make.handler(), case)
    assert not page.leads_to(f"/zaken/{case.reference}/toewijzen")
    assert not page.leads_to(f"/zaken/{case.reference}/binnen-bereik")


def test_the_second_person_finds_the_review_first_and_the_first_one_nothing(desk, make, page_of):
    desk.now = make.now
    case = desk.bring("in_behandeling")
    desk.ask_proposal(case)
    assert reach(page_of(desk.reviewer, case)) == "toetsing"
    own = page_of(desk.handler, case)
    assert reach(own) is None
    assert own.one("link", "Bekijk wat er wacht").href == f"/zaken/{case.reference}/toetsing"
    assert "Er wacht al een stap op een tweede persoon." in waiting(own)


def test_after_closing_the_text_goes_on_its_way_to_the_public(desk, make, page_of):
    desk.now = make.now
    case = desk.bring("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    assert reach(page_of(desk.handler, case)) == "openbare-tekst"
    desk.close_accepted(case)
    assert reach(page_of(desk.handler, case)) == "ter-inzage"
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    page = page_of(desk.handler, case)
    assert reach(page) is None
    assert "De indiener kan nog bezwaar maken tegen de tekst tot en met" in waiting(page)
    assert not page.all("link", "Maak de tekst openbaar")


def test_a_step_given_back_is_the_next_step_again(desk, make, page_of):
    desk.now = make.now
    case = desk.bring("in_behandeling")
    review = desk.ask_proposal(case)
    reviews.give_back(desk.context(desk.reviewer), case.reference, review.id, "Noem het artikel.")
    assert reach(page_of(desk.handler, case)) == "voorstel"
