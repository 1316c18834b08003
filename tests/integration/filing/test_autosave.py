"""A page of a draft that saves itself while somebody types."""

import io

import pytest

from knelpunt.domain.permissions import VISITOR
from knelpunt.models import Draft, Submission
from knelpunt.services.filing import intake
from tests.support.desk import Desk
from tests.support.forms import fill


@pytest.fixture
def draft(session, make):
    return intake.create_draft(Desk(session, make).as_(VISITOR), {"title": "Een tuin", "contact_email": "a@b.example"})


def typed(client, draft, **texts):
    """The page as the browser would send it by itself."""
    page = client.get(f"/melden/{draft.key}/plan")
    sent = {**fill(page, "basis"), **texts, "action": "vanzelf"}
    sent.pop("submission_key", None)
    return sent


def save(client, draft, sent):
    return client.post(f"/melden/{draft.key}/plan", data=sent)


def test_what_is_typed_is_kept_and_the_answer_says_when(session, client, draft):
    answer = save(client, draft, typed(client, draft, goal="Samen tuin"))
    assert answer.status_code == 200
    assert answer.json["saved"].endswith(" uur")
    assert session.get(Draft, draft.id).data["goal"] == "Samen tuin"
    assert session.query(Submission).count() == 0


def test_the_page_can_be_sent_after_it_saved_itself(session, client, draft):
    page = client.get(f"/melden/{draft.key}/plan")
    shown = fill(page, "basis")
    first = {**shown, "goal": "Half", "action": "vanzelf"}
    first.pop("submission_key")
    basis = save(client, draft, first).json["basis"]
    answer = client.post(f"/melden/{draft.key}/plan", data={**shown, "goal": "Heel", "basis": basis})
    assert answer.status_code == 302
    assert session.get(Draft, draft.id).data["goal"] == "Heel"


def test_it_never_goes_over_what_somebody_else_wrote(app, session, client, make, draft):
    mine = typed(client, draft, goal="Van mij")
    other = app.test_client()
    other.test_session = session
    assert save(other, draft, typed(other, draft, goal="Van een ander")).status_code == 200
    answer = save(client, draft, mine)
    assert (answer.status_code, answer.json) == (409, {"problem": "gewijzigd"})
    assert session.get(Draft, draft.id).data["goal"] == "Van een ander"


def test_what_cannot_be_kept_is_refused_in_whole(session, client, draft):
    answer = save(client, draft, typed(client, draft, goal="x" * 30_000))
    assert (answer.status_code, answer.json) == (422, {"problem": "ongeldig"})
    assert "goal" not in session.get(Draft, draft.id).data


def test_a_draft_that_is_gone_is_not_made_again(client, draft, session):
    sent = typed(client, draft, goal="Te laat")
    session.delete(session.get(Draft, draft.id))
    assert save(client, draft, sent).status_code == 404


def test_a_form_of_a_session_that_is_over_is_carried_along_to_be_sent_after_logging_in(client_as, client, make):
    filer = make.filer()
    began = client_as(filer)
    first = began.post(
        "/melden/organisatie/nieuw", data=fill(began.get("/melden/organisatie/nieuw"), "title", title="Een markt")
    )
    key = first.location.split("/")[2]
    page = began.get(f"/melden/{key}/belemmering")
    text = 'Regel "één"\nen <regel> twee'
    sent = {**fill(page, "description", description=text), "attachments": (io.BytesIO(b"%PDF-1.7"), "a.pdf")}
    refused = client.post(f"/melden/{key}/belemmering", data=sent, content_type="multipart/form-data")
    assert refused.status_code == 401
    assert "Kies uw bestanden daar opnieuw." in refused.get_data(as_text=True)
    carried = fill(refused, "description")
    assert carried["description"].replace("\r\n", "\n") == text
    assert "csrf_token" not in carried
    assert began.post(f"/melden/{key}/belemmering", data=carried).status_code == 302
    assert text.splitlines()[0] in fill(began.get(f"/melden/{key}/belemmering"), "description")["description"]


def test_what_is_sent_to_a_page_of_the_desk_without_a_session_is_only_shown(client, make):
    case = make.case()
    refused = client.post(f"/zaken/{case.reference}/notitie", data={"body": "Een lange notitie.", "csrf_token": "x"})
    assert refused.status_code == 401
    assert "Een lange notitie." in refused.get_data(as_text=True)
    assert "Ga verder met mijn tekst" not in refused.get_data(as_text=True)
