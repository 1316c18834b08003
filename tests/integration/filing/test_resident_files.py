"""The files of a resident: kept with the draft, refused with a reason, taken out, and moved to the case."""

import io

from sqlalchemy import func, select

from knelpunt.models import Attachment, Case, Draft
from tests.integration.filing.residents import CONTACT, OBSTACLE, PDF, PLACE, begin, file, send
from tests.support.forms import fill


def upload(client, key, *files, **typed):
    path = f"/melden/{key}/belemmering"
    values = fill(client.get(path), "description", **OBSTACLE, **typed)
    values["attachments"] = [(io.BytesIO(content), name) for content, name in files]
    return client.post(path, data=values, content_type="multipart/form-data")


def test_files_come_along_with_the_case(client, session):
    key = begin(client)
    assert upload(client, key, (PDF, "brief.pdf")).location.endswith("/contact")
    page = client.get(f"/melden/{key}/belemmering").get_data(as_text=True)
    assert "brief.pdf" in page
    attachment = session.scalars(select(Attachment)).one()
    got = client.get(f"/melden/{key}/bijlagen/{attachment.id}")
    assert (got.data, got.headers["Content-Disposition"].split(";")[0]) == (PDF, "attachment")
    got.close()
    send(client, key, "plaats", "municipality_id", **PLACE)
    send(client, key, "contact", "contact_email", **CONTACT)
    file(client, key)
    session.refresh(attachment)
    assert attachment.case_id == session.scalars(select(Case)).one().id


def test_a_refused_file_is_named_and_the_rest_is_kept(client, session):
    key = begin(client)
    answer = upload(client, key, (PDF, "brief.pdf"), (b"MZ\x90\x00", "virus.exe"))
    assert answer.location.endswith("/belemmering#bestanden")
    shown = client.get(answer.location).get_data(as_text=True)
    assert "virus.exe" in shown
    assert "Niet toegevoegd." in shown
    assert [each.shown_name for each in session.scalars(select(Attachment))] == ["brief.pdf"]
    assert session.scalars(select(Draft)).one().data["description"] == OBSTACLE["description"]


def test_the_same_upload_twice_is_one_file(client, session):
    key = begin(client)
    path = f"/melden/{key}/belemmering"
    values = fill(client.get(path), "description", **OBSTACLE)
    for _ in range(2):
        client.post(
            path,
            data={**values, "attachments": [(io.BytesIO(PDF), "brief.pdf")]},
            content_type="multipart/form-data",
        )
    assert session.scalar(select(func.count()).select_from(Attachment)) == 1


def test_a_file_can_be_taken_out_again(client, session):
    key = begin(client)
    upload(client, key, (PDF, "brief.pdf"), action="bestanden")
    attachment = session.scalars(select(Attachment)).one()
    path = f"/melden/{key}/bijlagen/{attachment.id}/verwijderen"
    assert client.post(path, data=fill(client.get(path), "submission_key")).status_code == 302
    assert session.scalars(select(Attachment)).all() == []
    assert client.get(path).status_code == 404


def test_a_file_of_another_draft_does_not_exist(client, session):
    mine, theirs = begin(client), begin(client)
    upload(client, theirs, (PDF, "brief.pdf"))
    attachment = session.scalars(select(Attachment)).one()
    assert client.get(f"/melden/{mine}/bijlagen/{attachment.id}").status_code == 404
    assert client.post(f"/melden/{mine}/bijlagen/{attachment.id}/verwijderen").status_code == 404
