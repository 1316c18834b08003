"""The page of one case: what it shows in each state, to whom, and that the contact stays closed until asked for."""

import re

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.event_words import EVENTS
from knelpunt.domain.vocabulary import CaseStatus, EventKind, Role
from knelpunt.models import Event
from knelpunt.queries.cases.page import read_case_file
from knelpunt.services.cases import reviews, triage
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.desk.case.view import TURN, shown_clocks
from tests.support.page import parse_page

STATES = ("ingediend", "in_triage", "in_behandeling", "voorstel", "afgesloten")


def text_of(client, case, path=""):
    answer = client.get(f"/zaken/{case.reference}{path}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("state", STATES)
def test_the_page_answers_what_whose_turn_and_what_next_in_each_state(desk, client_as, make, state):
    desk.now = make.now
    case = desk.bring(state)
    text = text_of(client_as(make.head_of_desk()), case)
    assert case.title in text
    assert case.reference in text
    assert TURN[CaseStatus(state)][0] in text
    assert "Wij willen een buurthuis beginnen." in text
    assert "indiener" in text


def test_a_proposal_comes_back_to_the_desk_once_the_submitter_reacted_or_let_the_time_pass(desk, client_as, make):
    lapsed = desk.bring("voorstel")
    desk.now = make.now
    accepted = desk.bring("voorstel")
    submitter.accept_proposal(desk.follower(accepted), accepted.reference)
    for case in (lapsed, accepted):
        text = text_of(client_as(make.head_of_desk()), case)
        assert "Het loket is aan zet" in text
        assert "De indiener is aan zet" not in text


def test_a_closed_case_says_until_when_the_submitter_may_ask_again(desk, client_as, make):
    desk.now = make.now
    case = desk.bring("afgesloten")
    text = text_of(client_as(make.head_of_desk()), case)
    assert re.search(r"De indiener kan tot en met [a-z]+ \d+ [a-z]+ \d{4} om een heroverweging vragen\.", text)
    assert "Er loopt geen termijn" not in text


def test_every_state_has_a_turn():
    assert set(TURN) == set(CaseStatus)


def test_the_timeline_tells_everything_that_the_services_recorded(desk, session, client_as, make):
    case = desk.bring("afgesloten")
    text = text_of(client_as(make.account(Role.AUDITOR)), case)
    kinds = session.scalars(select(Event.kind).where(Event.case_id == case.id)).all()
    assert len(kinds) > 8
    for kind in kinds:
        assert EVENTS[EventKind(kind)].desk in text
    assert f"{desk.handler.name} behandelt de zaak." in text


def test_steps_that_are_not_possible_yet_say_what_is_missing(desk, make, client_as):
    desk.now = make.now
    case = desk.bring("voorstel")
    text = text_of(client_as(desk.handler), case)
    assert "Sluit de zaak af" in text
    assert "De indiener heeft nog niet gereageerd" in text
    assert "Schrijf eerst de openbare tekst." in text
    assert f"/zaken/{case.reference}/openbare-tekst" in text


def test_a_reader_is_offered_no_steps(desk, client_as, make):
    case = desk.bring("in_triage")
    text = text_of(client_as(make.account(Role.AUDITOR)), case)
    for slug in ("toewijzen", "aanvulling", "behandeling-starten", "notitie", "bericht", "toets", "contact"):
        assert f"/zaken/{case.reference}/{slug}" not in text


def test_another_organisation_and_the_own_one_do_not_get_the_staff_page(make, client_as):
    organisation = make.organisation()
    case = make.case(organisation_id=organisation.id)
    for account in (make.filer(organisation), make.filer(), make.administrator()):
        assert client_as(account).get(f"/zaken/{case.reference}").status_code == 404


@pytest.mark.parametrize("reference", ["KNP-1900-00001", "%00", "x" * 300, "%ED%A0%80", "KNP-2026-00001%0A", "é"])
def test_a_number_that_is_none_gives_404(client_as, make, reference):
    client = client_as(make.head_of_desk())
    assert client.get(f"/zaken/{reference}").status_code == 404
    assert client.get(f"/zaken/{reference}/klokken").status_code == 404
    assert client.get(f"/zaken/{reference}/aanvulling").status_code == 404


def test_the_contact_is_closed_until_it_is_asked_for_and_asking_is_an_event(make, session, client_as):
    case = make.case(CaseStatus.IN_TRIAGE, email="geheim@proef.example")
    client = client_as(make.handler())
    assert "geheim@proef.example" not in text_of(client, case)
    answer = client.post(f"/zaken/{case.reference}/contact")
    assert answer.status_code == 200
    assert "geheim@proef.example" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    kinds = session.scalars(select(Event.kind).where(Event.case_id == case.id)).all()
    assert kinds == [EventKind.CONTACT_OPENED]
    assert "geheim@proef.example" not in text_of(client, case)


def test_readers_cannot_open_the_contact(make, client_as):
    case = make.case(email="geheim@proef.example")
    for role in (Role.AUDITOR, Role.REPORT_AUTHOR):
        client = client_as(make.account(role))
        assert "Open de contactgegevens" not in text_of(client, case)
        assert client.post(f"/zaken/{case.reference}/contact").status_code == 404


def test_an_erased_contact_is_not_offered(make, client_as):
    case = make.case()
    make.contact(case, name=None, email=None, phone=None, erased_at=make.now)
    assert "Bij deze zaak staan geen contactgegevens." in text_of(client_as(make.handler()), case)


def test_the_clocks_can_be_replayed_day_by_day(desk, client_as, make, session):
    case = desk.file()
    desk.later(1)
    triage.request_supplement(
        desk.context(desk.handler), case.reference, case.version, question="Wat is het adres?", why="Voor het plan.",
        answer_by=desk.today.replace(day=25),
    )  # fmt: skip
    text = text_of(client_as(make.head_of_desk()), case, "/klokken")
    assert "dag van de gebeurtenis telt niet mee" in text
    assert "klok stond stil: wachten op aanvulling" in text
    assert "dinsdag 3 november 2026" in text


def test_a_review_shows_on_the_page_with_a_button_for_who_may_decide(desk, client_as):
    case = desk.bring("in_triage")
    desk.weigh(case)
    desk.ask_verdict(case)
    assert "Toets deze stap" in text_of(client_as(desk.reviewer), case)
    own = text_of(client_as(desk.triager), case)
    assert "Bekijk wat er wacht" in own and "Toets deze stap" not in own


def test_what_a_reviewer_gave_back_stands_on_top(desk, client_as):
    case = desk.bring("in_triage")
    desk.weigh(case)
    review = desk.ask_verdict(case)
    reviews.give_back(desk.context(desk.reviewer), case.reference, review.id, "Noem ook het artikel.")
    text = text_of(client_as(desk.triager), case)
    assert "Noem ook het artikel." in text


def test_the_page_takes_as_many_statements_with_much_as_with_little(desk, make, client_as, statements):
    bare, full = make.case(CaseStatus.IN_HANDLING), desk.bring("in_behandeling")
    for number in range(10):
        triage.add_note(desk.context(desk.handler), full.reference, f"Notitie {number}")
        triage.send_message(desk.context(desk.handler), full.reference, f"Bericht {number}")
        desk.weigh(full)
    client = client_as(make.head_of_desk())

    addresses = [f"/zaken/{case.reference}" for case in (bare, full)]

    def cost(address):
        with statements() as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    for address in addresses:
        cost(address)  # who reads is noted once a minute
    assert cost(addresses[0]) == cost(addresses[1]) <= 4


def test_typed_text_is_shown_and_not_run(make, client_as):
    case = make.case(title="<b>x</b>", description="<script>alert(1)</script>", place='"><img src=x>')
    text = text_of(client_as(make.handler()), case)
    assert "<script>alert" not in text and "<img src=x" not in text and "<b>x</b>" not in text


def test_the_receipt_is_not_among_the_clocks(desk, session):
    case = desk.file()
    file = read_case_file(session, desk.system.actor, case.reference)
    assert Clock.K0 in {row.clock for row in file.clocks}
    assert [row.clock for row in shown_clocks(file.clocks)] == [Clock.K1]


def test_a_step_keeps_what_was_filed_and_its_term_in_sight(desk, client_as, make):
    desk.now = make.now
    text = text_of(client_as(make.head_of_desk()), desk.bring("in_triage"), "/aanvulling")
    beside = text[text.index("De melding (niet openbaar)") :]
    assert "Wij willen een buurthuis beginnen." in beside
    assert "Oordeel na de eerste beoordeling: nog " in beside


def test_what_is_missing_is_the_button_when_no_step_can_be_taken(desk, client_as, make):
    desk.now = make.now
    case = desk.bring("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    page = parse_page(text_of(client_as(make.head_of_desk()), case))
    assert page.one("link", "Schrijf de openbare tekst").href == f"/zaken/{case.reference}/openbare-tekst"
