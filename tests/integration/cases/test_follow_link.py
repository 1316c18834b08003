"""The follow link itself: replaced, closed, sent again, and of no use to a form that comes late or from elsewhere."""

import pytest
from sqlalchemy import func, select

from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import Case, Event, FollowLink, OutboxMail
from tests.integration.cases.asking import ask
from tests.support.forms import fill


def test_a_new_link_makes_the_old_one_worthless(client, desk, session, path_to):
    case = desk.file()
    old = path_to(case)
    sent = fill(client.get(f"{old}/link"), "submission_key", action="nieuw")
    assert client.post(f"{old}/link", data=sent).location == "/volgen/link-gewijzigd"
    assert client.get(old).status_code == 404
    new = path_to(case)
    assert new != old
    assert client.get(new).status_code == 200
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "volglink")).one()
    assert new in mail.body
    assert client.get("/volgen/link-gewijzigd").status_code == 200


def test_a_closed_link_is_got_back_by_mail(client, desk, session, path_to):
    case = desk.file()
    old = path_to(case)
    client.post(f"{old}/link", data={"action": "sluiten"})
    assert session.scalars(select(FollowLink).where(FollowLink.revoked_at.is_(None))).all() == []
    client.post("/volgen/kwijt", data={"email": "Initiatief@Proef.example"})
    assert client.get(path_to(case)).status_code == 200
    assert client.get(old).status_code == 404


def test_the_answer_is_the_same_for_an_address_that_nobody_has(client, desk, session):
    desk.file()
    answers = [
        client.post("/volgen/kwijt", data={"email": email}) for email in ("initiatief@proef.example", "x@proef.example")
    ]
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, "/volgen/kwijt/verstuurd")}
    mails = session.scalars(select(OutboxMail.to_address).where(OutboxMail.kind == "volglink")).all()
    assert mails == ["initiatief@proef.example"]


def test_asking_again_and_again_sends_no_more(client, desk, session):
    desk.file()
    for _ in range(6):
        assert client.post("/volgen/kwijt", data={"email": "initiatief@proef.example"}).status_code == 302
    count = session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.kind == "volglink"))
    assert count == 3


def test_links_of_an_organisation_are_not_mailed_this_way(client, desk, make, session):
    case = make.case(organisation_id=make.organisation().id, email="gemeente@proef.example")
    client.post("/volgen/kwijt", data={"email": "gemeente@proef.example"})
    assert session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).all() == []


@pytest.mark.parametrize("email", ["", "\x00", "a\r\nBcc: b@c.nl", "a" * 300, "geen adres"])
def test_any_text_for_an_address_is_answered(client, desk, email):
    assert client.post("/volgen/kwijt", data={"email": email}).status_code in (302, 422)


# --- forms that come late or from elsewhere


def test_an_answer_that_outlived_its_session_comes_back_filled_in(app, client, desk, session, path_to, monkeypatch):
    case = desk.bring("in_triage")
    question = ask(desk, case)
    path = path_to(case)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    sent = fill(client.get(path), "body", body="Een lang antwoord.")
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    refused = client.post(f"{path}/antwoord/{question.id}", data=sent)
    assert refused.status_code == 400
    assert "Een lang antwoord." in refused.get_data(as_text=True)
    assert client.post(f"{path}/antwoord/{question.id}", data=fill(refused, "body")).location == path
    session.refresh(case)
    assert case.status is CaseStatus.IN_TRIAGE


@pytest.mark.parametrize("page", ["bevestigen", "voorstel/aannemen", "openbare-tekst/akkoord", "link"])
def test_a_form_of_another_site_does_nothing(app, client, desk, session, path_to, monkeypatch, page):
    case = desk.bring("voorstel")
    path = path_to(case)
    before = session.scalar(select(func.count()).select_from(Event))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert client.post(f"{path}/{page}").status_code == 400
    assert session.scalar(select(func.count()).select_from(Event)) == before
    assert session.get_one(Case, case.id).status is CaseStatus.PROPOSED
