"""A form that comes again counts once; changed after Back, or sent elsewhere with the same key, it is its own."""

import io

import pytest
from sqlalchemy import select

from knelpunt.models import Attachment, Draft, Message, Note
from tests.integration.filing.residents import PLAN
from tests.support import files
from tests.support.forms import fill


@pytest.fixture
def path_of(app, make):
    def find(case):
        link = make.follow_link(case)
        return app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")

    return find


def written(session, case):
    return session.scalars(select(Message.body).where(Message.case_id == case.id).order_by(Message.id)).all()


def test_text_changed_after_back_is_not_dropped(client, make, session, path_of):
    case = make.case()
    path = f"{path_of(case)}/toevoegen"
    kept_page = fill(client.get(path), "body", body="Wij zoeken nog een plek.")
    for _ in range(2):
        assert client.post(path, data=kept_page).status_code in (302, 303)
    client.post(path, data={**kept_page, "body": "Wij vonden een plek."})
    assert written(session, case) == ["Wij zoeken nog een plek.", "Wij vonden een plek."]


def test_a_key_of_one_case_counts_for_no_other(client, make, session, path_of):
    one, other = make.case(), make.case()
    sent = fill(client.get(f"{path_of(one)}/toevoegen"), "body", body="Voor allebei.")
    for case in (one, other):
        client.post(f"{path_of(case)}/toevoegen", data=sent)
    assert written(session, one) == written(session, other) == ["Voor allebei."]


def test_another_file_under_the_same_name_is_kept(client, make, session, path_of):
    case = make.case()
    path = f"{path_of(case)}/toevoegen"
    sent = fill(client.get(path), "body", body="Zie het bestand.")
    for content in (files.pdf(), files.pdf(), files.pdf() + b"\n"):
        data = {**sent, "attachments": [(io.BytesIO(content), "plan.pdf")]}
        client.post(path, data=data, content_type="multipart/form-data")
    assert len(session.scalars(select(Attachment.id).where(Attachment.case_id == case.id)).all()) == 2


def test_the_first_page_of_a_filing_changed_after_back_is_kept(client, session):
    kept_page = fill(client.get("/melden/bewoner"), "title", **PLAN)
    client.post("/melden/bewoner", data=kept_page)
    answer = client.post("/melden/bewoner", data={**kept_page, "title": "Een eetzaal voor de buurt"})
    key = answer.location.split("/")[2]
    assert session.scalars(select(Draft).where(Draft.key == key)).one().data["title"] == "Een eetzaal voor de buurt"


def test_at_the_desk_it_holds_too(client_as, make, session):
    case = make.case()
    client = client_as(make.handler())
    path = f"/zaken/{case.reference}/notitie"
    for body in ("Eerst.", "Eerst.", "Daarna."):
        client.post(path, data={"body": body, "submission_key": "0123456789abcdef" * 2})
    assert sorted(session.scalars(select(Note.body).where(Note.case_id == case.id))) == ["Daarna.", "Eerst."]
