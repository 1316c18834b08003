"""What an official sees and does by a link, through real requests; and what the desk and the head see of it."""

import io
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.vocabulary import CaseStatus, ConsultationStatus, RoomAnswer
from knelpunt.models import Attachment, Consultation, ConsultationLink, Event, FollowLink
from knelpunt.services.submitters import reactions as submitter
from tests.support.desk import FILING
from tests.support.files import pdf
from tests.support.scanning import watched

ANSWER = {"room": "er_is_ruimte", "answer": "Lid 2 laat het toe."}
PDF = pdf()


@pytest.fixture
def now(desk):
    """Requests act on the day of today."""
    desk.now = datetime.now(UTC)
    return desk.now


@pytest.fixture
def asked(desk, ministries, now, app):
    """A case that waits for a ministry, the question, and the address of its page."""
    desk.links = app.config["LINKS"]
    case = desk.bring("in_behandeling")
    case.may_share = True
    consultation = ministries.ask(case)
    return case, consultation, ministries.path_of(consultation)


def status_of(session, consultation):
    session.expire_all()
    return session.get_one(Consultation, consultation.id).status


def test_the_page_shows_the_question_and_nothing_of_the_file(client, desk, asked):
    case, _consultation, path = asked
    page = client.get(path).get_data(as_text=True)
    for shown in ("Laat dit artikel een buurthuis toe?", "Proefwet, artikel 12", case.verdict_plain, case.reference):
        assert shown in page
    for private in (case.title, FILING["description"], FILING["contact_email"], desk.handler.name, "jansen@"):
        assert private not in page


def test_the_verdict_stays_as_it_was_checked_when_the_question_went_out(client, session, asked):
    case, _consultation, path = asked
    case.verdict_plain = "Mevrouw Jansen, u kunt verder."
    session.flush()
    assert "u kunt verder" not in client.get(path).get_data(as_text=True)


def test_of_a_case_that_is_not_shared_neither_number_nor_verdict_is_shown(client, desk, ministries, now, app):
    desk.links = app.config["LINKS"]
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    path = ministries.path_of(consultation)
    for page in ("", "/niet-van-ons", "/meer-tijd", "/doorgeven"):
        shown = client.get(path + page).get_data(as_text=True)
        assert f"vraag {consultation.id}" in shown
        assert case.reference not in shown
        assert case.verdict_plain not in shown


def test_opening_any_page_of_the_link_changes_nothing(client, session, asked):
    _case, consultation, path = asked
    before = session.scalars(select(Event.number).order_by(Event.number.desc()).limit(1)).one()
    for page in ("", "/niet-van-ons", "/meer-tijd", "/doorgeven"):
        assert client.get(path + page).status_code == 200
        assert client.head(path + page).status_code == 200
    assert session.scalars(select(Event.number).order_by(Event.number.desc()).limit(1)).one() == before
    assert status_of(session, consultation) is ConsultationStatus.OPEN


def test_its_files_are_looked_at_before_the_case_is_locked(app, client, connection, asked, monkeypatch):
    _case, _consultation, path = asked
    assert client.get(path).status_code == 200
    with watched(app, connection, monkeypatch) as scanner:
        answer = client.post(path, data={**ANSWER, "attachments": (io.BytesIO(PDF), "toelichting.pdf")})
    assert (answer.status_code, scanner.held) == (302, [[]])


def test_an_answer_comes_in_with_its_files_which_the_submitter_does_not_see(client, client_as, desk, session, asked):
    case, consultation, path = asked
    incomplete = client.post(path, data={"room": "er_is_ruimte", "answer": ""})
    assert incomplete.status_code == 422
    assert "Leg uit waarom." in incomplete.get_data(as_text=True)
    answer = client.post(path, data={**ANSWER, "attachments": (io.BytesIO(PDF), "toelichting.pdf")})
    assert answer.status_code == 302
    page = client.get(path).get_data(as_text=True)
    assert "Deze vraag is beantwoord" in page
    assert "toelichting.pdf" in page
    assert "<form" not in page.partition("<main")[2]
    session.expire_all()
    kept = session.scalars(select(Attachment)).one()
    assert (kept.consultation_id, kept.case_id) == (consultation.id, case.id)
    desk_page = client_as(desk.handler).get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "Lid 2 laat het toe." in desk_page
    assert client_as(desk.handler).get(f"/zaken/{case.reference}/bijlagen/{kept.id}").data == PDF
    follow = desk.links.follow(*_follow_link(session, case)).removeprefix(desk.links.base_url)
    followed = client.get(follow).get_data(as_text=True)
    assert "toelichting.pdf" not in followed
    assert "Lid 2" not in followed
    assert "Het ministerie gaf antwoord" in followed
    assert desk.ministry.name in followed
    assert client.get(f"{follow}/bijlagen/{kept.id}").status_code == 404


def _follow_link(session, case):
    return session.execute(select(FollowLink.public_id, FollowLink.nonce).where(FollowLink.case_id == case.id)).first()


def test_a_file_that_is_not_allowed_keeps_the_whole_answer_back(client, session, app, asked, monkeypatch):
    _case, consultation, path = asked
    rules = app.config["ATTACHMENT_RULES"]
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", type(rules)(1000, rules.max_per_case))
    for content, name in ((b"MZ\x90\x00", "virus.exe"), (b"", "leeg.pdf"), (pdf("0" * 1000), "groot.pdf")):
        answer = client.post(path, data={**ANSWER, "attachments": (io.BytesIO(content), name)})
        assert answer.status_code == 422, name
        assert status_of(session, consultation) is ConsultationStatus.OPEN
        assert session.scalars(select(Attachment)).all() == []
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", type(rules)(rules.max_bytes, 1))
    two = [(io.BytesIO(PDF), "een.pdf"), (io.BytesIO(pdf("twee")), "twee.pdf")]
    assert client.post(path, data={**ANSWER, "attachments": two}).status_code == 422
    assert status_of(session, consultation) is ConsultationStatus.OPEN


def test_a_full_case_keeps_no_ministry_from_answering(client, session, make, app, asked, monkeypatch):
    case, consultation, path = asked
    rules = app.config["ATTACHMENT_RULES"]
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", type(rules)(rules.max_bytes, 1))
    make.add(
        Attachment(
            case_id=case.id, stored_name="een", shown_name="een.pdf", media_type="application/pdf", size=1,
            sha256="0", created_at=make.now,
        )
    )  # fmt: skip
    answer = client.post(path, data={**ANSWER, "attachments": (io.BytesIO(PDF), "toelichting.pdf")})
    assert answer.status_code == 302
    assert status_of(session, consultation) is ConsultationStatus.ANSWERED


def test_a_second_press_counts_once_and_a_second_answer_is_refused(client, session, asked):
    _case, consultation, path = asked
    page = client.get(path).get_data(as_text=True)
    key = re.search(r'name="submission_key"[^>]*value="([0-9a-f]{32})"', page)
    first = client.post(path, data={**ANSWER, "submission_key": key[1]})
    again = client.post(path, data={**ANSWER, "submission_key": key[1]})
    assert (first.status_code, again.status_code) == (302, 303)
    other = client.post(path, data={"room": "geen_ruimte", "answer": "Toch niet."})
    assert other.status_code == 409
    session.expire_all()
    assert session.get_one(Consultation, consultation.id).room is RoomAnswer.ROOM
    kinds = session.scalars(select(Event.kind).where(Event.kind == "ministerie_antwoordde")).all()
    assert len(kinds) == 1


@pytest.mark.parametrize("page", ["", "/niet-van-ons", "/meer-tijd", "/doorgeven"])
def test_a_forged_token_opens_nothing(client, session, desk, ministries, asked, page):
    _case, consultation, path = asked
    other = ministries.ask(desk.bring("in_behandeling"), "bakker@natuur.example", ministries.another())
    token, of_other = path.rpartition("/")[2], ministries.path_of(other).rpartition("/")[2]
    link = ministries.link_of(consultation)
    forged = [
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        token[:12] + of_other[12:],
        token[:12],
        "x" * 44,
        desk.links.token("volgen", link.public_id, link.nonce),
        desk.links.token("raadplegen", link.public_id, ""),
    ]
    for wrong in forged:
        for answer in (
            client.get(f"/raadplegen/{wrong}{page}"),
            client.post(f"/raadplegen/{wrong}{page}", data=ANSWER),
        ):
            assert answer.status_code == 404
    for each in (consultation, other):
        assert status_of(session, each) is ConsultationStatus.OPEN


def test_a_link_of_a_consultation_is_no_follow_link_and_opens_no_file(client, asked):
    _case, _consultation, path = asked
    token = path.rpartition("/")[2]
    assert client.get(f"/volgen/{token}").status_code == 404
    assert client.get(f"/volgen/{token}/bijlagen/1").status_code == 404


def test_a_question_is_handed_on_and_the_first_link_says_so(client, session, ministries, asked):
    _case, consultation, path = asked
    refused = client.post(f"{path}/doorgeven", data={"email": "iemand@elders.example"})
    assert refused.status_code == 422
    assert "niet van uw ministerie" in refused.get_data(as_text=True)
    answer = client.post(f"{path}/doorgeven", data={"email": "de.vries@bouw.example"})
    assert answer.location == "/raadplegen/doorgegeven"
    assert "eigen link" in client.get(answer.location).get_data(as_text=True)
    old = client.post(path, data=ANSWER)
    assert old.status_code == 404
    assert "doorgegeven" in old.get_data(as_text=True)
    session.expire_all()
    new = ministries.path_of(consultation)
    assert new != path
    assert client.post(new, data=ANSWER).status_code == 302
    assert status_of(session, consultation) is ConsultationStatus.ANSWERED


def test_sending_back_and_asking_more_time_come_to_the_desk(client, client_as, desk, session, ministries, asked):
    case, consultation, path = asked
    until = consultation.due_on.replace(year=consultation.due_on.year + 1)
    assert client.post(f"{path}/meer-tijd", data={"until": until.isoformat(), "reason": "Druk."}).status_code == 422
    wish = desk.make.today.fromordinal(desk.make.today.toordinal() + 30)
    assert client.post(f"{path}/meer-tijd", data={"until": wish.isoformat(), "reason": "Druk."}).status_code == 302
    handler = client_as(desk.handler)
    page = handler.get(f"/zaken/{case.reference}").get_data(as_text=True)
    decide = f"/zaken/{case.reference}/raadplegingen/{consultation.id}/meer-tijd"
    assert decide in page
    session.expire_all()
    version = {"version": str(session.get_one(type(case), case.id).version)}
    assert handler.post(decide, data={**version, "is_given": "ja", "until": ""}).status_code == 422
    assert handler.post(decide, data={**version, "is_given": "ja", "until": wish.isoformat()}).status_code == 303
    session.expire_all()
    assert session.get_one(Consultation, consultation.id).due_on >= wish
    assert client.post(f"{path}/niet-van-ons", data={"answer": "Vraag Natuur."}).status_code == 302
    assert "Vraag Natuur." in handler.get(f"/zaken/{case.reference}").get_data(as_text=True)


def test_an_expired_link_and_a_withdrawn_case_say_so(client, session, desk, ministries, asked):
    case, consultation, path = asked
    other = ministries.ask(desk.bring("in_behandeling"), "bakker@natuur.example", ministries.another())
    other.due_on = other.due_on.replace(year=other.due_on.year - 1)
    late = ministries.path_of(other)
    for answer in (client.get(late), client.post(late, data=ANSWER)):
        assert answer.status_code == 410
        assert "voorbij" in answer.get_data(as_text=True)
    assert status_of(session, other) is ConsultationStatus.OPEN
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
    for answer in (client.get(path), client.post(path, data=ANSWER)):
        assert answer.status_code == 410
        assert "ingetrokken" in answer.get_data(as_text=True)
    assert status_of(session, consultation) is ConsultationStatus.ENDED


def test_the_head_sees_silence_and_decides_a_disagreement(client_as, session, make, desk, ministries, asked):
    case, consultation, _path = asked
    second = ministries.ask(case, "bakker@natuur.example", ministries.another())
    consultation.due_on = consultation.due_on.replace(year=consultation.due_on.year - 1)
    ministries.run_timers()
    head = client_as(make.head_of_desk(organisation=desk.ministry))
    today = head.get("/vandaag").get_data(as_text=True)
    assert "geen antwoord van" in today
    assert "geen antwoord van" not in client_as(desk.handler).get("/vandaag").get_data(as_text=True)
    consultation.due_on = desk.make.today
    ministries.answer(consultation, RoomAnswer.ROOM, "Lid 2 laat het toe.")
    ministries.answer(second, RoomAnswer.NO_ROOM, "De richtlijn verbiedt het.")
    today = head.get("/vandaag").get_data(as_text=True)
    assert "geen antwoord van" not in today
    assert "spreken elkaar tegen" in today
    decide = f"/zaken/{case.reference}/verschil-beslissen"
    page = head.get(decide).get_data(as_text=True)
    assert "Lid 2 laat het toe." in page
    assert "De richtlijn verbiedt het." in page
    session.expire_all()
    version = str(session.get_one(type(case), case.id).version)
    done = head.post(decide, data={"version": version, "decision": "er_is_ruimte", "reason": "Lid 2 is later."})
    assert done.status_code == 303
    assert "spreken elkaar tegen sinds" not in head.get("/vandaag").get_data(as_text=True)
    assert "Lid 2 is later." in client_as(desk.handler).get(f"/zaken/{case.reference}").get_data(as_text=True)


def test_an_answer_is_quoted_in_a_proposal_beside_what_was_typed(client_as, session, desk, ministries, asked):
    case, consultation, _path = asked
    ministries.answer(consultation, RoomAnswer.ROOM, "Lid 2 laat het toe.")
    handler = client_as(desk.handler)
    path = f"/zaken/{case.reference}/voorstel"
    assert "Zet in het voorstel" in handler.get(path).get_data(as_text=True)
    typed = {"text": "Vraag een vergunning.", "who_acts": "De gemeente", "citeer": str(consultation.id)}
    page = handler.post(path, data=typed).get_data(as_text=True)
    area = re.search(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1]
    assert "Vraag een vergunning." in area
    assert "Lid 2 laat het toe." in area
    assert 'value="De gemeente"' in page
    session.expire_all()
    assert session.get_one(type(case), case.id).status is CaseStatus.IN_HANDLING


def test_the_submitter_reads_which_ministry_was_asked_and_until_when(client, desk, session, asked):
    case, _consultation, _path = asked
    follow = desk.links.follow(*_follow_link(session, case)).removeprefix(desk.links.base_url)
    page = client.get(follow).get_data(as_text=True)
    assert "Een ministerie is om een antwoord gevraagd" in page
    assert desk.ministry.name in page
    english = client.get(f"/en{follow}").get_data(as_text=True)
    assert "A ministry was asked for an answer" in english


def test_the_work_list_finds_what_lies_with_a_ministry(client_as, desk, asked):
    case, _consultation, _path = asked
    page = client_as(desk.handler).get("/werkvoorraad?lijst=alle&staat=uitgezet").get_data(as_text=True)
    assert case.reference in page
    clocks = client_as(desk.handler).get(f"/zaken/{case.reference}/klokken").get_data(as_text=True)
    assert "Antwoord van een ministerie" in clocks


def test_the_address_book_is_kept_by_an_administrator(client_as, make, session, desk):
    admin = client_as(make.administrator())
    new = {"ministry_id": str(desk.ministry.id), "name": "Jansen", "email": "jansen@bouw.example", "is_fallback": "y"}
    assert admin.post("/beheer/adresboek/toevoegen", data={**new, "email": "geen"}).status_code == 422
    assert admin.post("/beheer/adresboek/toevoegen", data=new).status_code == 303
    twice = admin.post("/beheer/adresboek/toevoegen", data={**new, "email": "ander@bouw.example"})
    assert "heeft al een postbus" in twice.get_data(as_text=True)
    page = admin.get("/beheer/adresboek").get_data(as_text=True)
    assert "jansen@bouw.example" in page
    contact_id = re.search(r"/beheer/adresboek/(\d+)/wijzigen", page)[1]
    change = {"version": "1", "name": "De Vries", "email": "vries@bouw.example"}
    assert admin.post(f"/beheer/adresboek/{contact_id}/wijzigen", data=change).status_code == 303
    assert admin.post(f"/beheer/adresboek/{contact_id}/wijzigen", data=change).status_code == 409
    assert admin.post(f"/beheer/adresboek/{contact_id}/weghalen", data={"version": "2"}).status_code == 303
    assert admin.get(f"/beheer/adresboek/{contact_id}/wijzigen").status_code == 404
    data = session.scalars(select(Event.data).where(Event.kind == "adresboek_gewijzigd")).all()
    assert len(data) == 3
    assert "bouw" not in str(data)


def test_links_are_of_one_question_and_not_guessable(session, desk, ministries, asked):
    _case, _consultation, path = asked
    assert len(path.rpartition("/")[2]) == 44
    links = session.scalars(select(ConsultationLink)).all()
    assert len({link.nonce for link in links}) == len(links)
    assert not VISITOR.permissions
