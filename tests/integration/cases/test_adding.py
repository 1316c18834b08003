"""Adding something to a case: possible at every moment that it is open, and after it was closed, with files."""

import io

import pytest
from sqlalchemy import select

from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus
from knelpunt.models import Attachment, Message
from tests.support import files
from tests.support.forms import fill

MAY_ADD = [*sorted(OPEN_STATUSES - {CaseStatus.DRAFT}), CaseStatus.CLOSED]


@pytest.mark.parametrize("status", MAY_ADD)
def test_a_submitter_adds_a_text_and_a_file(client, make, session, app, status):
    case = make.case(status)
    link = make.follow_link(case)
    path = app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")
    assert f"{path}/toevoegen" in client.get(path).get_data(as_text=True)
    data = {
        **fill(client.get(f"{path}/toevoegen"), "body", body="Er is nieuws."),
        "attachments": [(io.BytesIO(files.pdf()), "nieuws.pdf")],
    }
    answer = client.post(f"{path}/toevoegen", data=data, content_type="multipart/form-data")
    assert answer.location == path
    told = client.get(path).get_data(as_text=True)
    for words in ("U voegde iets toe", "Er is nieuws.", "U voegde een bestand toe", "nieuws.pdf"):
        assert words in told
    assert session.scalars(select(Attachment.shown_name).where(Attachment.case_id == case.id)).all() == ["nieuws.pdf"]


@pytest.mark.parametrize("status", [CaseStatus.WITHDRAWN, CaseStatus.ARCHIVED])
def test_what_is_over_takes_nothing_more(client, make, session, app, status):
    case = make.case(status)
    link = make.follow_link(case)
    path = app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")
    assert f"{path}/toevoegen" not in client.get(path).get_data(as_text=True)
    page = client.get(f"{path}/toevoegen")
    answer = client.post(f"{path}/toevoegen", data=fill(page, "body", body="Te laat."))
    assert answer.status_code == 422
    assert session.scalars(select(Message).where(Message.case_id == case.id)).all() == []
