"""The desk puts a file with a case, and the submitter sees it."""

import io

from sqlalchemy import select

from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Attachment, Event, FollowLink, Organisation, OutboxMail
from tests.support import files
from tests.support.forms import fill


def send(client, case, *uploads):
    path = f"/zaken/{case.reference}/bijlage"
    sent = [(io.BytesIO(content), name) for name, content in uploads]
    return client.post(path, data={**fill(client.get(path), "submission_key"), "attachments": sent})


def test_a_file_of_the_desk_is_recorded_and_the_submitter_gets_it(client_as, make, session, app):
    filer, handler = make.filer(), make.handler()
    case = make.case(organisation_id=filer.organisation_id, author_id=filer.id)
    client = client_as(handler)
    assert f"/zaken/{case.reference}/bijlage" in client.get(f"/zaken/{case.reference}").get_data(as_text=True)
    page = client.get(f"/zaken/{case.reference}/bijlage").get_data(as_text=True)
    assert "De indiener ziet de bijlage ook" in page
    assert 'enctype="multipart/form-data"' in page

    photo = files.jpeg(files.jpeg_segment(0xFE, b"secret"))
    answer = send(client, case, ("brief.pdf", files.pdf()), ("foto.jpg", photo))

    assert answer.location.endswith(f"/zaken/{case.reference}")
    kept = session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert [(each.shown_name, each.case_id, each.author_id) for each in kept] == [
        ("brief.pdf", case.id, handler.id),
        ("foto.jpg", case.id, handler.id),
    ]
    events = session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.number)).all()
    assert [(each.kind, each.data) for each in events] == [
        (EventKind.ATTACHMENT_ADDED, {"attachment_id": each.id}) for each in kept
    ]
    submitter = client_as(filer)
    story = submitter.get(f"/onze-zaken/{case.reference}").get_data(as_text=True)
    assert "Het loket voegde een bestand toe" in story
    assert "brief.pdf" in story
    assert submitter.get(f"/onze-zaken/{case.reference}/bijlagen/{kept[1].id}").data == files.jpeg()


def test_one_refused_file_keeps_out_the_others_and_says_why(client_as, make, session):
    case, client = make.case(), client_as(make.handler())
    before = session.scalars(select(Event.number).where(Event.case_id == case.id)).all()
    answer = send(client, case, ("brief.pdf", files.pdf()), ("pagina.html", b"<html>"))
    assert answer.status_code == 422
    assert "Dit soort bestand kunnen wij niet aannemen" in answer.get_data(as_text=True)
    answer = send(client, case)
    assert answer.status_code == 422
    assert "Kies een bestand." in answer.get_data(as_text=True)
    assert session.scalars(select(Attachment)).all() == []
    assert session.scalars(select(Event.number).where(Event.case_id == case.id)).all() == before


def test_the_files_of_desk_and_submitter_count_together(client_as, make, session):
    case, client = make.case(), client_as(make.handler())
    for index in range(5):
        assert send(client, case, (f"{index}.pdf", files.pdf(str(index)))).status_code == 303
    answer = send(client, case, ("zesde.pdf", files.pdf()))
    assert "hooguit 5 bestanden" in answer.get_data(as_text=True)
    assert len(session.scalars(select(Attachment)).all()) == 5


def test_who_only_reads_adds_nothing(client_as, make, session):
    case = make.case()
    organisation = session.get_one(Organisation, make.filer().organisation_id)
    for account in (make.reviewer(), make.administrator(), make.member(organisation)):
        client = client_as(account)
        assert client.post(f"/zaken/{case.reference}/bijlage", data={}).status_code in (403, 404)
    assert client_as(make.handler()).get("/zaken/KNP-2026-99999/bijlage").status_code == 404
    assert session.scalars(select(Attachment)).all() == []


def resident_with_file(desk, client):
    case = desk.file()
    send(client, case, ("brief.pdf", files.pdf()))
    return case


def test_the_submitter_is_mailed_what_the_desk_added(client_as, desk, session):
    case = resident_with_file(desk, client_as(desk.handler))
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "bijlage_toegevoegd")).one()
    assert (mail.case_id, mail.to_address) == (case.id, "initiatief@proef.example")
    assert "- brief.pdf" in mail.body


def test_a_file_that_is_taken_away_leaves_its_name_and_the_reason(client_as, client, desk, session, app):
    staff = client_as(desk.handler)
    case = resident_with_file(desk, staff)
    kept = session.scalars(select(Attachment)).one()
    stored, sha256 = kept.stored_name, kept.sha256
    path = f"/zaken/{case.reference}/bijlagen/{kept.id}/verwijderen"
    page = staff.get(path)
    assert "brief.pdf" in page.get_data(as_text=True)
    assert staff.post(path, data=fill(page, "reason", reason="  ")).status_code == 422
    answer = staff.post(path, data=fill(staff.get(path), "reason", reason="Er stond een naam in."))
    assert answer.location.endswith(f"/zaken/{case.reference}")
    session.refresh(kept)
    assert (kept.removed_by_id, kept.removed_reason) == (desk.handler.id, "Er stond een naam in.")
    assert stored not in {name for name, _ in app.config["FILE_STORE"].list_all()}
    event = session.scalars(select(Event).where(Event.kind == EventKind.ATTACHMENT_REMOVED)).one()
    assert (event.data, event.actor_id) == ({"attachment_id": kept.id, "sha256": sha256}, desk.handler.id)
    shown = staff.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "brief.pdf. Er stond een naam in." in shown
    assert staff.get(f"/zaken/{case.reference}/bijlagen/{kept.id}").status_code == 404
    link = session.scalars(select(FollowLink).where(FollowLink.case_id == case.id)).one()
    follow = app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")
    told = client.get(follow).get_data(as_text=True)
    assert "Het loket verwijderde een bestand" in told
    assert "Er stond een naam in." in told
    assert client.get(f"{follow}/bijlagen/{kept.id}").status_code == 404
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "bijlage_verwijderd")).one()
    assert "Er stond een naam in." in mail.body
    assert staff.get(path).status_code == 404
    assert staff.post(path, data={"reason": "Nog eens."}).status_code == 404


def test_a_file_of_another_case_is_not_taken_away(client_as, desk, make, session):
    staff = client_as(desk.handler)
    resident_with_file(desk, staff)
    kept = session.scalars(select(Attachment)).one()
    other = make.case()
    assert (
        staff.post(f"/zaken/{other.reference}/bijlagen/{kept.id}/verwijderen", data={"reason": "Weg"}).status_code
        == 404
    )
    session.refresh(kept)
    assert kept.removed_at is None


def test_a_place_comes_free_when_a_file_is_taken_away(client_as, desk, session):
    staff = client_as(desk.handler)
    case = desk.file()
    for index in range(5):
        send(staff, case, (f"{index}.pdf", files.pdf(str(index))))
    first = session.scalars(select(Attachment).order_by(Attachment.id)).first()
    path = f"/zaken/{case.reference}/bijlagen/{first.id}/verwijderen"
    staff.post(path, data=fill(staff.get(path), "reason", reason="Dubbel."))
    assert send(staff, case, ("zesde.pdf", files.pdf("6"))).status_code == 303
