"""The step pages: each one taken and each one refused."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    CaseStatus,
    EventKind,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Role,
    Verdict,
)
from knelpunt.models import Assessment, Event, Message, Note, OutboxMail, Proposal, PublicText, Review
from knelpunt.services.cases import reviews
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.suggestions.desk import for_case
from knelpunt.web.desk.steps import routes as step_routes
from tests.integration.desk.typed import CLOSING, PROPOSAL, TEXT, VERDICT
from tests.support.forms import fill

ALL_STEPS = (
    "toewijzen",
    "binnen-bereik",
    "in-triage",
    "aanvulling",
    "toets",
    "toets/andere-regel",
    "behandeling-starten",
    "oordeel-wijzigen",
    "voorstel",
    "afsluiten",
    "openbare-tekst",
    "tekst-toetsen",
    "ter-inzage",
    "inzage-stoppen",
    "niet-openbaar",
    "publiceren",
    "publicatie-intrekken",
    "notitie",
    "bericht",
    "bijlage",
)


def kinds(session, case):
    return list(session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)))


def refused(answer, words, status=422):
    assert answer.status_code == status, answer.status_code
    assert words in answer.get_data(as_text=True)


@pytest.mark.parametrize("state", ["ingediend", "in_triage", "in_behandeling", "voorstel", "afgesloten"])
def test_every_step_page_opens_in_every_state(desk, make, client_as, state):
    reference = desk.bring(state).reference
    client = client_as(make.head_of_desk())
    for step in ALL_STEPS:
        assert client.get(f"/zaken/{reference}/{step}").status_code == 200, step


@pytest.mark.parametrize("step", [*ALL_STEPS, "toetsing", "contact"])
def test_a_reader_can_neither_open_nor_send_a_step(desk, make, client_as, post, step):
    case = make.case(CaseStatus.IN_TRIAGE)
    auditor = make.account(Role.AUDITOR)
    assert client_as(auditor).get(f"/zaken/{case.reference}/{step}").status_code in (404, 405)
    assert post(auditor, case, step).status_code in (404, 405)


def test_a_handler_is_named(session, make, post):
    case, handler = make.case(), make.handler()
    answer = post(make.triager(), case, "toewijzen", handler_id=str(handler.id))
    assert answer.status_code == 303
    assert answer.location == f"/zaken/{case.reference}"
    session.refresh(case)
    assert case.handler_id == handler.id
    assert kinds(session, case) == [EventKind.HANDLER_ASSIGNED]


def test_a_handler_must_be_one_who_may_handle(session, make, post):
    case = make.case()
    refused(post(make.triager(), case, "toewijzen", handler_id=str(make.reviewer().id)), "Behandelaar")
    refused(post(make.triager(), case, "toewijzen"), "Kies een behandelaar.")
    session.refresh(case)
    assert case.handler_id is None


def test_whether_a_case_belongs_here_is_recorded_and_no_needs_a_reason(session, make, post, client_as):
    case, triager = make.case(), make.triager()
    session.commit()
    page = client_as(triager).get(f"/zaken/{case.reference}/binnen-bereik").get_data(as_text=True)
    assert "Alleen nodig bij ‘nee’." in page
    assert "(niet verplicht)" not in page
    refused(post(triager, case, "binnen-bereik", in_scope="nee"), "Leg uit waarom")
    assert post(triager, case, "binnen-bereik", in_scope="nee", reason="Dit is een klacht.").status_code == 303
    session.refresh(case)
    assert case.in_scope is False
    assert session.scalars(select(Note.body).where(Note.case_id == case.id)).all() == ["Dit is een klacht."]


def test_one_page_takes_a_case_in_with_its_handler_and_scope(session, desk, post):
    case = desk.file()
    answer = post(desk.triager, case, "in-triage", handler_id=str(desk.handler.id), in_scope="ja")
    assert answer.status_code == 303
    session.refresh(case)
    assert (case.status, case.handler_id, case.in_scope) == (CaseStatus.IN_TRIAGE, desk.handler.id, True)
    assert EventKind.TAKEN_IN in kinds(session, case)
    refused(post(desk.triager, case, "in-triage", handler_id=str(desk.handler.id), in_scope="ja"), "past niet bij")


def test_when_taking_in_fails_nothing_of_it_is_kept(session, desk, post):
    case = desk.file()
    refused(post(desk.triager, case, "in-triage", handler_id=str(desk.handler.id), in_scope="nee"), "Leg uit waarom")
    session.refresh(case)
    assert (case.handler_id, case.in_scope, case.status) == (None, None, CaseStatus.SUBMITTED)


def test_a_supplement_is_asked_with_a_term_that_the_page_proposes(session, desk, make, client_as, post):
    desk.now = make.now
    case = desk.bring("in_triage")
    earliest = add_working_days(make.today, 10)
    page = client_as(desk.handler).get(f"/zaken/{case.reference}/aanvulling")
    proposed = fill(page, "why")
    assert [proposed[f"answer_by-{part}"] for part in ("dag", "maand", "jaar")] == [
        str(part) for part in (earliest.day, earliest.month, earliest.year)
    ]
    question = {"question": "Welk adres?", "why": "Voor het omgevingsplan."}
    refused(
        post(desk.handler, case, "aanvulling", answer_by=(earliest - timedelta(days=1)).isoformat(), **question),
        "ten minste 10 werkdagen",
    )
    assert post(desk.handler, case, "aanvulling", answer_by=earliest.isoformat(), **question).status_code == 303
    session.refresh(case)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT
    message = session.scalars(select(Message).where(Message.case_id == case.id)).one()
    assert (message.kind, message.body, message.answer_by) == (MessageKind.QUESTION, "Welk adres?", earliest)


def test_a_supplement_that_is_sent_makes_no_suggestions(desk, make, post, monkeypatch):
    """What to ask is only for who still writes; making it takes the longest of the whole page."""
    desk.now = make.now
    made = Mock(side_effect=for_case)
    monkeypatch.setattr(step_routes, "for_case", made)
    case, day = desk.bring("in_triage"), add_working_days(make.today, 10).isoformat()
    given = {"question": "Welk adres?", "why": "Voor het plan.", "answer_by": day}

    assert post(desk.handler, case, "aanvulling", **given | {"why": ""}).status_code == 422
    assert made.call_count == 1
    assert post(desk.handler, case, "aanvulling", **given).status_code == 303
    assert made.call_count == 1


@pytest.mark.parametrize("day", ["", "gisteren", "2026-02-30", "0000-01-01", "99999-01-01", "2026-13-01\0"])
def test_a_term_that_is_no_day_is_refused_with_the_text_kept(desk, make, post, day):
    desk.now = make.now
    case = desk.bring("in_triage")
    answer = post(desk.handler, case, "aanvulling", question="Welk adres precies?", why="Daarom.", answer_by=day)
    refused(answer, "Welk adres precies?")


def test_a_provision_that_held_is_linked_with_its_reasoning(session, desk, make, client_as, post):
    case, provision = desk.bring("in_triage"), make.provision(instrument="afwijken van het omgevingsplan")
    page = client_as(desk.triager).get(f"/zaken/{case.reference}/toets?q=proefwet").get_data(as_text=True)
    assert f"/toets/{provision.id}" in page
    given = {"role": "biedt_ruimte", "reasoning": "Dit past bij het plan."}
    assert post(desk.triager, case, f"toets/{provision.id}", **given).status_code == 303
    row = session.scalars(select(Assessment).where(Assessment.case_id == case.id)).one()
    assert (row.provision_id, row.role, row.reasoning) == (
        provision.id,
        AssessmentRole.OFFERS_ROOM,
        "Dit past bij het plan.",
    )
    refused(post(desk.triager, case, f"toets/{provision.id}", **given), "staat al bij deze zaak")
    assert post(desk.triager, case, f"toets/losmaken/{row.id}").status_code == 303
    session.refresh(row)
    assert row.withdrawn_at is not None
    assert post(desk.triager, case, f"toets/losmaken/{row.id}").status_code in (404, 422)


def test_a_provision_that_did_not_hold_is_refused_before_and_after_sending(desk, make, client_as, post):
    case = desk.bring("in_triage")
    later = make.provision(valid_from=case.law_date + timedelta(days=400))
    page = client_as(desk.triager).get(f"/zaken/{case.reference}/toets/{later.id}").get_data(as_text=True)
    assert "Deze bepaling gold niet op" in page
    answer = post(desk.triager, case, f"toets/{later.id}", role="belemmert", reasoning="Omdat.")
    refused(answer, "gold nog niet op")


def test_a_rule_outside_the_catalogue_is_linked_by_its_law(session, desk, make, post):
    case, law = desk.bring("in_triage"), make.law()
    given = {"law_id": str(law.id), "article": "artikel 7", "role": "belemmert", "reasoning": "Verbiedt het."}
    assert post(desk.triager, case, "toets/andere-regel", **given).status_code == 303
    assert session.scalars(select(Assessment.article).where(Assessment.case_id == case.id)).all() == ["7"]
    refused(post(desk.triager, case, "toets/andere-regel", **{**given, "article": ""}), "Noem het artikel")


@pytest.mark.parametrize("address", ["toets/0", "toets/999999999999", "toets/losmaken/999999999999", "bijlagen/99999"])
def test_what_is_not_there_gives_404(desk, client_as, address):
    case = desk.bring("in_triage")
    assert client_as(desk.triager).get(f"/zaken/{case.reference}/{address}").status_code == 404


def test_a_verdict_waits_for_a_second_person_who_sees_all_of_it(session, desk, client_as, post):
    case = desk.bring("in_triage")
    desk.weigh(case)
    assert post(desk.triager, case, "behandeling-starten", **VERDICT).status_code == 303
    session.refresh(case)
    assert case.status is CaseStatus.IN_TRIAGE
    review = session.scalars(select(Review).where(Review.case_id == case.id)).one()
    page = client_as(desk.reviewer).get(f"/zaken/{case.reference}/toetsing").get_data(as_text=True)
    for words in (VERDICT["plain"], VERDICT["legal"], "Ontheffing of maatwerk", "Past bij dit plan."):
        assert words in page
    answer = post(desk.reviewer, case, "toetsing", review_id=str(review.id), besluit="akkoord")
    assert answer.status_code == 303
    session.refresh(case)
    assert (case.status, case.verdict) == (CaseStatus.IN_HANDLING, Verdict.BY_ONTHEFFING_OR_EXPERIMENT)


def test_a_verdict_needs_a_provision_or_a_reason(desk, post):
    case = desk.bring("in_triage")
    refused(post(desk.triager, case, "behandeling-starten", **VERDICT), "Koppel ten minste één bepaling")
    refused(post(desk.triager, case, "behandeling-starten", **{**VERDICT, "level": "rijk"}), "Koppel ten minste")
    refused(post(desk.triager, case, "behandeling-starten"), "Kies een oordeel.")


def test_who_asked_cannot_agree_and_a_handler_cannot_either(session, desk, make, post):
    case = desk.bring("in_triage")
    desk.weigh(case)
    head = make.head_of_desk()
    post(head, case, "behandeling-starten", **VERDICT)
    review = session.scalars(select(Review).where(Review.case_id == case.id)).one()
    assert post(head, case, "toetsing", review_id=str(review.id), besluit="akkoord").status_code == 403
    session.refresh(review)
    assert review.status is ReviewStatus.OPEN


def test_a_step_is_given_back_with_a_remark_or_taken_back(session, desk, post):
    case = desk.bring("in_triage")
    desk.weigh(case)
    first = desk.ask_verdict(case)
    refused(
        post(desk.reviewer, case, "toetsing", review_id=str(first.id), besluit="teruggeven"), "waarom u dit teruggeeft"
    )
    given = {"review_id": str(first.id), "besluit": "teruggeven", "remark": "Noem de datum."}
    assert post(desk.reviewer, case, "toetsing", **given).status_code == 303
    refused(post(desk.reviewer, case, "toetsing", **given), "al besloten")
    session.refresh(case)
    second = desk.ask_verdict(case)
    assert post(desk.triager, case, "toetsing", review_id=str(second.id), besluit="intrekken").status_code == 303
    statuses = session.scalars(select(Review.status).where(Review.case_id == case.id).order_by(Review.id)).all()
    assert statuses == [ReviewStatus.RETURNED, ReviewStatus.CANCELLED]


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({}, 200, "Geef terug met opmerking"),
        ({"besluit": "weg"}, 200, "Geef terug met opmerking"),
        ({"besluit": "akkoord"}, 422, "Laad deze pagina opnieuw."),
        ({"besluit": "akkoord", "review_id": "9" * 30}, 422, "Dit getal is te groot."),
        ({"besluit": "akkoord", "review_id": "9" * 9}, 404, "Deze pagina bestaat niet"),
    ],
)
def test_a_decision_that_is_none_changes_nothing(session, desk, post, data, status, words):
    case = desk.bring("in_triage")
    desk.weigh(case)
    review = desk.ask_verdict(case)
    refused(post(desk.reviewer, case, "toetsing", **data), words, status)
    session.refresh(review)
    assert review.status is ReviewStatus.OPEN


def test_a_verdict_can_change_while_the_case_is_handled(session, desk, post):
    case = desk.bring("in_behandeling")
    answer = post(desk.handler, case, "oordeel-wijzigen", **{**VERDICT, "verdict": "V1"})
    assert answer.status_code == 303
    review = session.scalars(select(Review).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN)).one()
    assert (review.step, review.payload["verdict"]) == (EventKind.VERDICT_CHANGED, "V1")
    refused(post(desk.handler, case, "oordeel-wijzigen", **VERDICT), "wacht al een stap")


def test_a_verdict_cannot_change_before_there_is_one(desk, post):
    case = desk.bring("in_triage")
    refused(post(desk.handler, case, "oordeel-wijzigen", **VERDICT), "zolang de zaak in behandeling is")


def test_a_proposal_goes_to_the_submitter_after_a_second_person(session, desk, make, post):
    case = desk.bring("in_behandeling")
    dates = {"legal_date": case.law_date.isoformat(), "act_by": (make.today + timedelta(days=90)).isoformat()}
    refused(post(desk.handler, case, "voorstel", **PROPOSAL, **{**dates, "act_by": "2020-01-01"}), "in de toekomst")
    assert post(desk.handler, case, "voorstel", **PROPOSAL, **dates).status_code == 303
    proposal = session.scalars(select(Proposal).where(Proposal.case_id == case.id)).one()
    assert proposal.status is ProposalStatus.IN_REVIEW
    review = session.scalars(select(Review).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN)).one()
    assert post(desk.reviewer, case, "toetsing", review_id=str(review.id), besluit="akkoord").status_code == 303
    session.refresh(case)
    assert case.status is CaseStatus.PROPOSED


def test_a_case_is_closed_with_result_reason_next_step_and_public_text(session, desk, post):
    case = desk.bring("voorstel")
    refused(post(desk.handler, case, "afsluiten", **CLOSING), "Schrijf eerst de openbare tekst.")
    submitter.accept_proposal(desk.follower(case), case.reference)
    assert post(desk.handler, case, "openbare-tekst", **TEXT).status_code == 303
    refused(post(desk.handler, case, "afsluiten", **{**CLOSING, "next_step": " "}), "Schrijf op wat er nu gebeurt")
    assert post(desk.handler, case, "afsluiten", **CLOSING).status_code == 303
    review = session.scalars(select(Review).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN)).one()
    assert post(desk.reviewer, case, "toetsing", review_id=str(review.id), besluit="akkoord").status_code == 303
    session.refresh(case)
    assert (case.status, case.result) == (CaseStatus.CLOSED, Result.VIA_EXPERIMENT)


def test_who_wrote_the_public_text_is_no_second_person_for_it(session, desk, make, post):
    case, head = desk.bring("voorstel"), make.head_of_desk()
    submitter.accept_proposal(desk.follower(case), case.reference)
    assert post(head, case, "openbare-tekst", **TEXT).status_code == 303
    assert post(desk.handler, case, "afsluiten", **CLOSING).status_code == 303
    review = session.scalars(select(Review).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN)).one()
    refused = post(head, case, "toetsing", review_id=str(review.id), besluit="akkoord")
    assert refused.status_code == 403
    assert "U schreef de openbare tekst" in refused.get_data(as_text=True)
    session.refresh(case)
    assert case.status is CaseStatus.PROPOSED
    assert post(desk.reviewer, case, "toetsing", review_id=str(review.id), besluit="akkoord").status_code == 303


def test_a_result_that_is_not_the_desks_to_give_is_refused(session, desk, post):
    case = desk.bring("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    desk.write_public_text(case)
    answer = post(desk.handler, case, "afsluiten", **{**CLOSING, "result": "ingetrokken"})
    assert answer.status_code == 422


def test_a_text_goes_to_the_submitter_and_then_public_and_can_be_withdrawn(session, desk, make, post):
    desk.now = make.now
    case = desk.bring("afgesloten")
    refused(post(desk.handler, case, "publiceren"), "Leg de tekst eerst ter inzage")
    assert post(desk.handler, case, "ter-inzage").status_code == 303
    refused(post(desk.handler, case, "publiceren"), "kan nog bezwaar maken")
    session.refresh(case)
    submitter.agree_to_text(desk.follower(case), case.reference)
    assert post(desk.handler, case, "publiceren").status_code == 303
    session.refresh(case)
    assert case.publication is PublicationStatus.PUBLIC
    refused(post(desk.handler, case, "publicatie-intrekken"), "Schrijf op waarom")
    assert post(desk.handler, case, "publicatie-intrekken", reason="Er stond een naam in.").status_code == 303
    session.refresh(case)
    assert case.publication is PublicationStatus.WITHDRAWN


def test_a_text_that_changed_after_closing_goes_to_a_second_person_again(session, desk, post):
    case = desk.bring("afgesloten")
    assert post(desk.handler, case, "openbare-tekst", **TEXT).status_code == 303
    refused(post(desk.handler, case, "ter-inzage"), "eerst door een tweede persoon")
    assert post(desk.handler, case, "tekst-toetsen").status_code == 303
    review = session.scalars(select(Review).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN)).one()
    assert post(desk.reviewer, case, "toetsing", review_id=str(review.id), besluit="akkoord").status_code == 303
    text = session.get(PublicText, case.id, populate_existing=True)
    assert (text.title, text.reviewed_by_id) == (TEXT["title"], desk.reviewer.id)


def test_notes_stay_inside_and_messages_go_out(session, desk, post):
    case = desk.bring("in_triage")
    of_case = select(OutboxMail.id).where(OutboxMail.case_id == case.id).order_by(OutboxMail.id)
    before = session.scalars(of_case).all()
    assert post(desk.reviewer, case, "notitie", body="Alleen voor ons.").status_code == 303
    assert session.scalars(select(Note.body).where(Note.case_id == case.id)).all() == ["Alleen voor ons."]
    assert session.scalars(of_case).all() == before
    assert post(desk.handler, case, "bericht", body="Wij zijn bezig.").status_code == 303
    mails = session.scalars(select(OutboxMail.body).where(OutboxMail.case_id == case.id)).all()
    assert any("Wij zijn bezig." in body for body in mails)
    assert not any("Alleen voor ons." in body for body in mails)
    refused(post(desk.reviewer, case, "notitie", body="  "), "Schrijf een notitie.")
    assert post(desk.reviewer, case, "bericht", body="Mag niet.").status_code == 404


def test_a_review_that_is_over_leads_back_to_the_case(make, client_as):
    case = make.case(CaseStatus.IN_TRIAGE)
    answer = client_as(make.reviewer()).get(f"/zaken/{case.reference}/toetsing")
    assert (answer.status_code, answer.location) == (302, f"/zaken/{case.reference}")


def test_a_step_that_does_not_fit_shows_no_form(desk, client_as):
    case = desk.bring("afgesloten")
    page = client_as(desk.triager).get(f"/zaken/{case.reference}/aanvulling").get_data(as_text=True)
    assert "Dit kan nu nog niet" in page
    assert "<textarea" not in page


def test_reviewing_is_not_offered_to_who_may_not(desk, client_as):
    case = desk.bring("in_triage")
    desk.weigh(case)
    review = desk.ask_verdict(case)
    page = client_as(desk.handler).get(f"/zaken/{case.reference}/toetsing").get_data(as_text=True)
    assert 'value="akkoord"' not in page
    answer = client_as(desk.handler).post(
        f"/zaken/{case.reference}/toetsing", data={"review_id": str(review.id), "besluit": "akkoord"}
    )
    assert answer.status_code == 403
    why_not = reviews.why_not_second(desk.session, case.id, case.handler_id, review, desk.handler.id, nl_day(desk.now))
    assert why_not == reviews.SAME_PERSON
