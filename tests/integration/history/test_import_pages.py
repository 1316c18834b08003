"""The pages about a file: loaded, looked at, brought in, filed together and put back, by who may."""

import io
import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.history.imports import ImportStatus
from knelpunt.models import Case, Draft, Event, ImportRun
from knelpunt.services.history import runs
from tests.support.forms import fill
from tests.support.page import parse_page

OWN = "/onze-organisatie/importeren"
TABLE = (
    "kenmerk;titel;omschrijving;gemeente\n"
    "1;Een tuin op het dak;De regels staan dat niet toe.;\n"
    "2;=Wonen in een kerk;De regels staan dat niet toe.;Nergenshuizen\n"
    "3;Een markt op zondag;De regels staan dat niet toe.;\n"
)


@pytest.fixture
def admin(make, client_as):
    organisation = make.organisation()
    client = client_as(make.organisation_admin(organisation))
    client.organisation = organisation
    return client


def load(client, content, name="lijst.csv", base=OWN, **typed):
    form = client.get(f"{base}/nieuw")
    values = fill(form, "submission_key", **typed)
    file = {"file": (io.BytesIO(content), name)}
    return client.post(f"{base}/nieuw", data={**values, **file}, content_type="multipart/form-data")


def press(client, address, **typed):
    page = client.get(address)
    return client.post(address, data=fill(page, "submission_key", **typed))


def test_a_backlog_from_file_to_filed_cases(admin, session):
    loaded = load(admin, TABLE.encode("windows-1252"))
    assert loaded.status_code == 303
    run = loaded.location
    assert "Wacht op uw akkoord" in admin.get(OWN).text

    preview = admin.get(run).text
    assert "U krijgt er 2 concepten bij" in preview
    assert "Er begint geen termijn" in preview
    assert session.scalars(select(Draft)).all() == []
    refused = admin.get(f"{run}?toon=geweigerd")
    assert "herkennen wij niet" in parse_page(refused).text
    file = admin.get(f"{run}/geweigerd").text
    assert "3;gemeente: herkennen wij niet;2;'=Wonen in een kerk" in file

    mended = file.replace("Nergenshuizen", "")
    again = load(admin, mended.encode())
    preview = parse_page(admin.get(again.location)).text
    assert "er 1 concept bij" in preview
    assert "'=" not in preview
    assert "=Wonen in een kerk" in preview
    assert press(admin, f"{again.location}/weggooien").status_code == 303
    assert admin.get(again.location).status_code == 404

    press(admin, run)
    assert "2 concepten zijn ingelezen" in admin.get(run).text
    keys = session.scalars(select(Draft.key).order_by(Draft.id)).all()
    assert len(keys) == 2
    agree = f"{run}/indienen/akkoord?concept={keys[0]}"
    asked = {"mandate": "y", "consents_seen": "y"}
    wrong = press(admin, agree, number="2", **asked)
    assert (wrong.status_code, session.scalars(select(Case)).all()) == (422, [])
    assert "U koos er 1. Typ dat getal." in parse_page(wrong).text
    assert press(admin, agree, number="1").status_code == 422
    done = press(admin, agree, number="1", **asked)
    case = session.scalars(select(Case)).one()
    assert (case.title, case.organisation_id) == ("Een tuin op het dak", admin.organisation.id)
    assert case.reference in done.text

    assert press(admin, f"{run}/terugdraaien").status_code == 303
    after = parse_page(admin.get(run)).text
    assert "1 concept is teruggedraaid" in after
    assert f"ingediend als {case.reference}" in after


def test_a_file_that_cannot_be_taken_is_told_at_its_field(admin):
    for content, name, says in ((b"PK\x03\x04", "lijst.csv", "Excel"), (b"x", "lijst.docx", ".csv of .jsonl")):
        answer = load(admin, content, name)
        assert answer.status_code == 422
        assert says in parse_page(answer).text
    form = admin.get(f"{OWN}/nieuw")
    answer = admin.post(f"{OWN}/nieuw", data=fill(form, "submission_key"))
    assert (answer.status_code, "Kies een bestand." in answer.text) == (422, True)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_templates_of_both_can_be_loaded_as_they_are(admin, make, client_as, session, form):
    head = client_as(make.head_of_desk())
    for client, base, typed, words in (
        (admin, OWN, {}, "er 1 concept bij"),
        (head, "/loket/importeren", {"set_name": "sjabloon"}, "1 zaak erbij"),
    ):
        template = client.get(f"{base}/sjabloon.{form}").data
        loaded = load(client, template, f"x.{form}", base, **typed)
        assert words in client.get(loaded.location).text
    press(client, loaded.location)
    press(client, f"{loaded.location}/terugdraaien")
    assert "1 zaak is teruggedraaid" in parse_page(client.get(loaded.location)).text
    case = session.scalars(select(Case)).one()
    assert "dat is teruggedraaid" in client.get(f"/zaken/{case.reference}").text


def test_a_file_that_was_stopped_shows_what_is_not_in_and_gives_it_back(admin, session):
    for content, name in ((TABLE.encode(), "x.csv"), (json.dumps({"kenmerk": "1"}).encode(), "x.jsonl")):
        address = load(admin, content, name).location
        run = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
        run.status, run.problem, run.confirmed_at = ImportStatus.DONE, runs.MAY_NOT, run.uploaded_at
        run.finished_at = run.uploaded_at
        session.commit()
        page, file = parse_page(admin.get(address)).text, admin.get(f"{address}/geweigerd").text
        noted = session.scalars(select(Event.data).where(Event.kind == AccountEvent.LIST_DOWNLOADED)).all()
        if name == "x.csv":
            assert "Ingelezen (" not in page.replace("Niet ingelezen", "")
            assert "Niet ingelezen (2)" in page
            assert "Haal de regels op die er niet in kwamen" in page
            assert "2;niet ingelezen;1;Een tuin op het dak" in file
            assert (file.count("niet ingelezen"), "Nergenshuizen" in file, len(noted)) == (2, True, 1)
    assert ("titel: ontbreekt" in file, len(noted)) == (True, 2)


def test_another_organisation_finds_no_file(admin, make, client_as, monkeypatch):
    def too_long(*args):
        raise OperationalError("SELECT", {}, Exception())

    with monkeypatch.context() as patched:
        patched.setattr(runs, "carry_out", too_long)
        loaded = load(admin, TABLE.encode())
    assert loaded.status_code == 303
    run = loaded.location
    assert "Bezig met controleren" in admin.get(run).text
    stranger = client_as(make.organisation_admin(make.organisation()))
    assert [stranger.get(f"{run}{page}").status_code for page in ("", "/geweigerd", "/terugdraaien")] == [404] * 3
