"""Following a case by link: what is told, what can be done, and that the link opens nothing else."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.vocabulary import CaseStatus, MessageKind, ProposalStatus, PublicationStatus, Result
from knelpunt.models import (
    Attachment,
    Contact,
    Event,
    Message,
    Note,
    OutboxMail,
    Proposal,
    PublicText,
)
from knelpunt.services.cases import publication, triage
from knelpunt.services.submitters import reactions as submitter
from tests.integration.cases.asking import QUESTION, ask
from tests.support.forms import fill
from tests.support.statements import counted

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def preview(desk):
    case = desk.bring("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    return case


def kinds(session, case):
    return session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)).all()


# --- what is told


def test_a_new_case_says_that_the_desk_is_at_turn_and_until_when(client, desk, path_to):
    case = desk.file()
    shown = text_of(client, path_to(case))
    assert "Het loket is aan zet" in shown
    assert "Een medewerker reageert uiterlijk op" in shown
    assert case.reference in shown


def test_a_promise_that_was_not_kept_is_said_as_it_is(client, desk, path_to):
    desk.now -= timedelta(days=60)
    assert "Wij zijn te laat" in text_of(client, path_to(desk.file()))


def test_the_handler_is_named_once_the_case_is_taken_in(client, desk, path_to):
    case = desk.file()
    triage.assign(desk.context(desk.triager), case.reference, case.version, desk.handler.id)
    assert desk.handler.name not in text_of(client, path_to(case))
    desk.session.refresh(case)
    triage.set_scope(desk.context(desk.triager), case.reference, case.version, in_scope=True, reason="")
    triage.take_in(desk.context(desk.triager), case.reference, case.version)
    assert desk.handler.name in text_of(client, path_to(case))


def test_nothing_of_the_inside_is_told(client, desk, make, path_to):
    case = desk.bring("in_behandeling")
    desk.session.add(Note(case_id=case.id, body="Interne aantekening", author_id=desk.handler.id, written_at=desk.now))
    triage.open_contact(desk.context(desk.handler), case.reference)
    desk.ask_proposal(case)
    shown = text_of(client, path_to(case))
    for inside in ("Interne aantekening", "De gemeente kan tijdelijk afwijken", desk.reviewer.name, desk.triager.name,
                   "initiatief@proef.example", "Past bij dit plan.", "contact_ingezien", "toetsing"):  # fmt: skip
        assert inside not in shown
    assert "Het kan met een vergunning." in shown


def test_a_public_text_that_is_still_being_written_is_not_shown(client, desk, path_to):
    case = desk.bring("voorstel")
    desk.write_public_text(case)
    assert "Buurthuis in een oude school" not in text_of(client, path_to(case))


@pytest.mark.parametrize("status", ["ingediend", "in_triage", "in_behandeling", "voorstel", "afgesloten"])
def test_every_state_has_its_page(client, desk, path_to, status):
    case = desk.bring(status)
    shown = text_of(client, path_to(case))
    assert "U diende de melding in" in shown
    assert 'aria-current="step"' in shown


def test_a_page_costs_the_same_for_much_as_for_little(client, desk, path_to, connection):
    case = desk.bring("in_triage")
    path = path_to(case)
    client.get(path)

    def cost():
        with counted(connection) as sent:
            client.get(path)
        return len(sent)

    before = cost()
    for number in range(20):
        submitter.add(desk.follower(case), case.reference, f"Toevoeging {number}")
    assert cost() == before <= 3


# --- the address


def test_opening_the_link_changes_nothing_and_the_button_confirms_once(client, desk, session, path_to):
    case = desk.file()
    path = path_to(case)
    for method in (client.get, client.head):
        method(path)
        method(f"{path}/bevestigen")
    assert session.get_one(Contact, case.id).verified_at is None

    local, domain = session.get_one(Contact, case.id).email.split("@")
    page = client.get(path).get_data(as_text=True)
    assert f"{local[0]}•••@{domain}" in page and f"{local}@{domain}" not in page
    sent = fill(client.get(path), "/bevestigen")
    assert client.post(f"{path}/bevestigen", data=sent).location == path
    client.post(f"{path}/bevestigen", data={"submission_key": "f" * 32})

    assert session.get_one(Contact, case.id).verified_at is not None
    assert kinds(session, case).count("adres_bevestigd") == 1
    assert "Is dit uw e-mailadres?" not in text_of(client, path)


def test_a_link_that_is_wrong_is_explained_and_opens_nothing(app, client, desk, make, path_to):
    path = path_to(desk.file())
    token = path.removeprefix("/volgen/")
    other = path_to(desk.file()).removeprefix("/volgen/")
    wrong = ["x", "0" * 44, token[:-1], token + "0", token.upper(), token[:12] + other[12:], other[:12] + token[12:],
             token[:-1] + ("0" if token[-1] != "0" else "1"), "é" * 44, "%00" * 44, "٣" * 44]  # fmt: skip
    for each in wrong:
        answer = client.get(f"/volgen/{each}")
        assert answer.status_code == 404, each
    assert "Deze link werkt niet" in client.get(f"/volgen/{wrong[0]}").get_data(as_text=True)


PAGES = ["bevestigen", "antwoord/1", "toevoegen", "voorstel/aannemen", "voorstel/niet-aannemen",
         "openbare-tekst/akkoord", "openbare-tekst/bezwaar", "intrekken", "gegevens-wissen", "link"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_wrong_link_acts_on_nothing(client, desk, session, page):
    case = desk.file()
    before = session.scalar(select(func.count()).select_from(Event))
    for method in (client.get, client.post):
        assert method(f"/volgen/{'0' * 44}/{page}").status_code == 404
    session.refresh(case)
    assert case.status is CaseStatus.SUBMITTED
    assert session.scalar(select(func.count()).select_from(Event)) == before


@pytest.mark.parametrize("page", PAGES)
def test_opening_a_page_acts_on_nothing(client, desk, session, path_to, page):
    case = desk.bring("voorstel")
    before = session.scalar(select(func.count()).select_from(Event))
    assert client.get(f"{path_to(case)}/{page}").status_code in (200, 302)
    assert session.scalar(select(func.count()).select_from(Event)) == before


def test_a_follow_link_opens_no_other_page_of_the_site(client, desk, path_to):
    case = desk.file()
    client.get(path_to(case))
    for path in (f"/onze-zaken/{case.reference}", f"/zaken/{case.reference}", "/onze-zaken", "/werkvoorraad"):
        assert client.get(path).status_code in (302, 404)


# --- answering and adding


def test_answering_the_question_lets_the_desk_go_on(client, desk, session, path_to):
    case = desk.bring("in_triage")
    question = ask(desk, case)
    path = path_to(case)
    page = client.get(path)
    assert "U bent aan zet" in page.get_data(as_text=True)
    assert QUESTION in page.get_data(as_text=True)

    sent = {**fill(page, "body", body="Het plan uit 2012."), "attachments": [(io.BytesIO(PDF), "plan.pdf")]}
    answer = client.post(f"{path}/antwoord/{question.id}", data=sent, content_type="multipart/form-data")

    assert answer.location == path
    session.refresh(case)
    assert case.status is CaseStatus.IN_TRIAGE
    shown = text_of(client, path)
    assert "Het plan uit 2012." in shown
    assert "plan.pdf" in shown
    assert "Het loket is aan zet" in shown


def test_an_empty_answer_is_refused_beside_the_question(client, desk, session, path_to):
    case = desk.bring("in_triage")
    question = ask(desk, case)
    path = path_to(case)
    answer = client.post(f"{path}/antwoord/{question.id}", data=fill(client.get(path), "body"))
    assert answer.status_code == 422
    assert "Schrijf uw antwoord op." in answer.get_data(as_text=True)
    session.refresh(case)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT


def test_an_answer_with_a_refused_file_is_not_sent_and_stays(client, desk, session, path_to):
    case = desk.bring("in_triage")
    question = ask(desk, case)
    path = path_to(case)
    sent = {**fill(client.get(path), "body", body="Zie het bestand."), "attachments": [(io.BytesIO(b"MZ"), "a.exe")]}
    answer = client.post(f"{path}/antwoord/{question.id}", data=sent, content_type="multipart/form-data")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Zie het bestand." in shown
    assert "Er is nog niets verstuurd." in shown
    session.refresh(case)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT
    assert session.scalars(select(Attachment)).all() == []


def test_a_question_of_another_case_does_not_exist(client, desk, session, path_to):
    theirs = desk.bring("in_triage")
    question = ask(desk, theirs)
    mine = desk.file()
    answer = client.post(f"{path_to(mine)}/antwoord/{question.id}", data={"body": "Hallo"})
    assert answer.status_code == 404
    session.refresh(question)
    assert question.answered_on is None


def test_a_second_answer_is_refused_with_what_was_typed(client, desk, session, path_to):
    case = desk.bring("in_triage")
    question = ask(desk, case)
    path = path_to(case)
    submitter.answer(desk.follower(case), case.reference, question.id, "Eerste antwoord")
    answer = client.post(f"{path}/antwoord/{question.id}", data={"body": "Tweede antwoord"})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert "Deze vraag is al beantwoord." in shown
    assert "Tweede antwoord" in shown


def test_something_can_be_added_at_any_time_and_once(client, desk, session, path_to):
    case = desk.bring("in_behandeling")
    path = path_to(case)
    sent = fill(client.get(f"{path}/toevoegen"), "body", body="Er is nieuws.")
    for _ in range(3):
        assert client.post(f"{path}/toevoegen", data=sent).location == path
    bodies = session.scalars(select(Message.body).where(Message.kind == MessageKind.ADDITION)).all()
    assert bodies == ["Er is nieuws."]
    assert "Er is nieuws." in text_of(client, path)


# --- the proposal


def test_a_proposal_can_be_accepted(client, desk, session, path_to):
    case = desk.bring("voorstel")
    path = path_to(case)
    page = client.get(path)
    assert "De gemeente kan tijdelijk afwijken van het omgevingsplan." in page.get_data(as_text=True)
    sent = fill(page, "/aannemen")
    for _ in range(2):
        assert client.post(f"{path}/voorstel/aannemen", data=sent).location == path
    assert session.scalars(select(Proposal.status)).all() == [ProposalStatus.ACCEPTED]
    assert "Wij sluiten uw melding af." in text_of(client, path)
    again = client.post(f"{path}/voorstel/aannemen", data={**sent, "submission_key": "a" * 32})
    assert again.status_code == 422


def test_a_proposal_can_be_refused_with_a_reason(client, desk, session, path_to):
    case = desk.bring("voorstel")
    path = f"{path_to(case)}/voorstel/niet-aannemen"
    assert client.post(path, data=fill(client.get(path), "reason")).status_code == 422
    page = fill(client.get(path_to(case)), "/aannemen")
    for wrong, words in ((page["seen"] + "1", "Er is intussen een ander voorstel."), ("", "Laad deze pagina opnieuw")):
        answer = client.post(f"{path_to(case)}/voorstel/aannemen", data={**page, "seen": wrong})
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True), wrong
    client.post(path, data=fill(client.get(path), "reason", reason="Een vergunning duurt te lang."))
    session.refresh(case)
    assert case.status is CaseStatus.IN_HANDLING
    assert "Een vergunning duurt te lang." in text_of(client, path_to(case))


def test_without_a_proposal_there_is_nothing_to_accept(client, desk, session, path_to):
    case = desk.bring("in_behandeling")
    answer = client.post(f"{path_to(case)}/voorstel/aannemen", data={"seen": "1"})
    assert answer.status_code == 422
    assert "Er ligt geen voorstel" in answer.get_data(as_text=True)


# --- the public text


def test_the_public_text_can_be_agreed_to(client, desk, session, path_to):
    case = preview(desk)
    path = path_to(case)
    page = client.get(path)
    assert "Ja, met een tijdelijke vergunning." in page.get_data(as_text=True)
    session.get_one(PublicText, case.id).answer = "Nee, toch niet."
    session.commit()
    refused = client.post(f"{path}/openbare-tekst/akkoord", data=fill(page, "/akkoord"))
    assert (refused.status_code, session.get_one(PublicText, case.id).agreed_on) == (422, None)
    for words in ("De openbare tekst is intussen gewijzigd.", "Nee, toch niet."):
        assert words in refused.get_data(as_text=True)
    client.post(f"{path}/openbare-tekst/akkoord", data=fill(refused, "/akkoord"))
    session.expire_all()
    assert session.get_one(PublicText, case.id).agreed_on is not None


def test_the_public_text_can_be_objected_to(client, desk, session, path_to):
    case = preview(desk)
    path = f"{path_to(case)}/openbare-tekst/bezwaar"
    client.post(path, data=fill(client.get(path), "objection", objection="Hierin ben ik te herkennen."))
    session.refresh(case)
    assert case.publication is PublicationStatus.INTERNAL
    assert session.get_one(PublicText, case.id).objection == "Hierin ben ik te herkennen."


# --- withdrawing and erasing


def test_withdrawing_asks_what_to_do_with_the_data(client, desk, session, path_to):
    case = desk.bring("in_triage")
    path = path_to(case)
    assert client.post(f"{path}/intrekken", data=fill(client.get(f"{path}/intrekken"), "reason")).status_code == 422
    sent = fill(client.get(f"{path}/intrekken"), "reason", erase_contact="nee")
    assert client.post(f"{path}/intrekken", data=sent).location == path
    session.refresh(case)
    assert (case.status, case.result) == (CaseStatus.WITHDRAWN, Result.WITHDRAWN)
    assert session.get_one(Contact, case.id).email == "initiatief@proef.example"
    assert "De melding is ingetrokken" in text_of(client, path)
    refused = client.post(f"{path}/toevoegen", data={"body": "Toch nog iets"})
    assert refused.status_code == 422
    assert client.post(f"{path}/intrekken", data={"erase_contact": "nee"}).status_code == 422


def test_a_question_that_was_open_is_asked_no_more_after_withdrawing(client, client_as, desk, session, path_to):
    case = desk.bring("in_triage")
    ask(desk, case)
    path = path_to(case)
    assert QUESTION in text_of(client, path)
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
    assert QUESTION not in text_of(client, path).split("Wat er gebeurde")[0]
    assert "de melding is ingetrokken" in text_of(client_as(desk.handler), f"/zaken/{case.reference}")


def test_withdrawing_with_erasure_closes_the_link(client, desk, session, path_to):
    case = desk.bring("in_triage")
    path = path_to(case)
    sent = fill(client.get(f"{path}/intrekken"), "reason", erase_contact="ja")
    answer = client.post(f"{path}/intrekken", data=sent)
    assert answer.location == "/volgen/klaar"
    assert client.get(answer.location).status_code == 200
    assert client.get(path).status_code == 404
    contact = session.get_one(Contact, case.id)
    assert (contact.name, contact.email, contact.phone) == (None, None, None)


def test_contact_data_can_be_erased_at_any_time(client, desk, session, path_to):
    case = desk.bring("in_behandeling")
    path = path_to(case)
    page = client.get(f"{path}/gegevens-wissen")
    assert client.post(f"{path}/gegevens-wissen", data=fill(page, "submission_key")).status_code == 422
    sent = fill(page, "submission_key", understood="y")
    assert client.post(f"{path}/gegevens-wissen", data=sent).location == "/volgen/klaar"
    assert session.get_one(Contact, case.id).email is None
    assert set(session.scalars(select(OutboxMail.to_address).where(OutboxMail.case_id == case.id))) <= {
        None, desk.handler.email,
    }  # fmt: skip
    assert client.get(path).status_code == 404
    session.refresh(case)
    assert case.status is CaseStatus.IN_HANDLING
    assert kinds(session, case)[-1] == "contact_gewist"


# --- files


def test_a_file_is_downloaded_through_the_link_of_its_own_case_only(client, desk, session, path_to):
    mine, theirs = desk.file(), desk.file()
    path = path_to(mine)
    sent = {"body": "Zie bijlage.", "attachments": [(io.BytesIO(PDF), "plan.pdf")]}
    client.post(f"{path}/toevoegen", data=sent, content_type="multipart/form-data")
    attachment = session.scalars(select(Attachment)).one()
    with client.get(f"{path}/bijlagen/{attachment.id}") as got:
        assert got.data == PDF
        assert got.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{path_to(theirs)}/bijlagen/{attachment.id}").status_code == 404
    assert client.get(f"/volgen/{'0' * 44}/bijlagen/{attachment.id}").status_code == 404
    for number in ("0", "99999999999999999", "9" * 40, "-1", "x"):
        assert client.get(f"{path}/bijlagen/{number}").status_code == 404
