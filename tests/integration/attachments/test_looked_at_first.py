"""A scanner or a disk may take long: files are looked at and written before anything is locked, by whatever door they
come. Who sends one holds up nobody."""

import io
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from knelpunt.adapters.uploads.virus_scanner import VirusFound
from knelpunt.domain.errors import DomainError
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.extensions import db
from knelpunt.models import Attachment
from knelpunt.services.cases import attachments
from knelpunt.services.core.context import Context
from knelpunt.services.post import incoming
from knelpunt.services.post.incoming import Intake, Taken
from tests.integration.api.conftest import System
from tests.integration.filing import residents
from tests.support import files
from tests.support.desk import Desk
from tests.support.forms import fill
from tests.support.incoming import READ, a_mail, fetched
from tests.support.scanning import watched

TWO = ("een.pdf", "twee.pdf")


@pytest.fixture
def scanner(app, connection, monkeypatch):
    with watched(app, connection, monkeypatch) as scanner:
        yield scanner


def send(client, path, holding, **typed):
    data = fill(client.get(path), holding, **typed)
    data["attachments"] = [(io.BytesIO(files.pdf(name)), name) for name in TWO]
    return client.post(path, data=data, content_type="multipart/form-data")


def kept(session):
    return session.scalars(select(Attachment.shown_name).order_by(Attachment.id)).all()


def test_with_a_draft_of_a_visitor(client, session, scanner):
    key = residents.begin(client)
    scanner.sent.clear()
    assert send(client, f"/melden/{key}/belemmering", "description", **residents.OBSTACLE).status_code == 302
    assert scanner.held == [[], []]
    assert kept(session) == list(TWO)


def test_with_an_addition_of_the_submitter(app, client, make, session, scanner):
    case = make.case()
    link = make.follow_link(case)
    path = app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost") + "/toevoegen"
    scanner.sent.clear()
    assert send(client, path, "body", body="Er is nieuws.").status_code in (302, 303)
    assert scanner.held == [[], []]
    assert kept(session) == list(TWO)


def test_with_a_case_at_the_desk(client_as, make, session, scanner):
    case, client = make.case(), client_as(make.handler())
    scanner.sent.clear()
    assert send(client, f"/zaken/{case.reference}/bijlage", "submission_key").status_code == 303
    assert scanner.held == [[], []]
    assert kept(session) == list(TWO)


def test_of_another_system(app, session, desk, scanner):
    system = System(app, session, desk, desk.make.organisation())
    key = system.draft()["sleutel"]
    scanner.sent.clear()
    assert system.upload(f"/concepten/{key}/bijlagen", files.pdf(), "een.pdf").status_code == 201
    assert scanner.held == [[]]
    assert kept(session) == ["een.pdf"]


def test_of_a_mail(app, session, make, scanner, tmp_path):
    desk = Desk(session, make)
    desk.links = READ
    case = desk.file()
    raw = a_mail(READ.reply_to(case.id), files=tuple((name, files.pdf(name), "application/pdf") for name in TWO))
    intake = Intake(app.config["FILE_STORE"], app.config["ATTACHMENT_RULES"])
    scanner.sent.clear()
    assert incoming.take_in(desk.system, intake, fetched(raw, desk.now)) is Taken.LANDED
    assert scanner.held == [[], []]
    assert kept(session) == list(TWO)


class Refusing:
    """A scanner that finds a virus in everything, and counts how often it was asked."""

    asked = 0

    def scan(self, stream):
        self.asked += 1
        raise VirusFound("Proef")


def test_who_sends_many_infected_files_has_a_few_looked_at_and_is_told_that_it_is_too_many(
    app, client_as, make, session, monkeypatch
):
    scanner = Refusing()
    rules = replace(app.config["ATTACHMENT_RULES"], max_per_case=2, scanner=scanner)
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", rules)
    case, client = make.case(), client_as(make.handler())
    path = f"/zaken/{case.reference}/bijlage"
    data = fill(client.get(path), "submission_key")
    data["attachments"] = [(io.BytesIO(files.pdf(str(number))), f"{number}.pdf") for number in range(20)]
    answer = client.post(path, data=data, content_type="multipart/form-data")
    assert (answer.status_code, scanner.asked, kept(session)) == (422, 6, [])
    assert "hooguit 2 bestanden" in answer.get_data(as_text=True)


def on_disk(app):
    return {name for name, _written in app.config["FILE_STORE"].list_all()}


def test_a_file_that_was_looked_at_and_not_kept_is_gone_at_once(app, client_as, make, session, scanner, monkeypatch):
    before = on_disk(app)
    case, client = make.case(), client_as(make.handler())
    full = replace(app.config["ATTACHMENT_RULES"], max_per_case=1)
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", full)
    answer = send(client, f"/zaken/{case.reference}/bijlage", "submission_key")
    assert answer.status_code == 422
    assert "hooguit 1 bestanden" in answer.get_data(as_text=True)
    assert len(scanner.held) == 1, "of more than may be kept none is looked at"
    assert (kept(session), on_disk(app)) == ([], before)


def test_who_sent_too_much_lately_has_no_more_written(app, client, session, scanner, monkeypatch):
    full = replace(app.config["ATTACHMENT_RULES"], max_per_case=2, max_bytes=len(files.pdf("een.pdf")) + 9)
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", full)
    for _ in range(2):
        key = residents.begin(client)
        send(client, f"/melden/{key}/belemmering", "description", **residents.OBSTACLE)
    before, looked = on_disk(app), len(scanner.held)
    key = residents.begin(client)
    answer = send(client, f"/melden/{key}/belemmering", "description", **residents.OBSTACLE)
    assert answer.status_code == 429
    assert (on_disk(app), len(scanner.held)) == (before, looked)


def test_a_refusal_that_comes_later_takes_the_bytes_too(app, desk, session):
    """The text is kept then, by a commit of its own, so that no rollback removes them."""
    case, store = desk.file(), app.config["FILE_STORE"]
    context, rules = desk.context(desk.handler), app.config["ATTACHMENT_RULES"]
    before = on_disk(app)
    with attachments.looked_at(context, store, rules, [(io.BytesIO(files.pdf()), "een.pdf")]) as [look]:
        with pytest.raises(DomainError):
            attachments.keep(context, replace(rules, max_per_case=0), look, case=case)
        session.commit()
    assert on_disk(app) == before


class Slow:
    """A scanner that takes its time for each file."""

    def scan(self, stream):
        time.sleep(0.7)


def test_many_files_that_take_long_end_no_transaction(app, own_database):
    rules = replace(app.config["ATTACHMENT_RULES"], scanner=Slow())
    sent = [(io.BytesIO(files.pdf(str(number))), f"{number}.pdf") for number in range(3)]
    with db.new_session() as session:
        context = Context(session, SYSTEM, datetime.now(UTC), Links("http://localhost", "k" * 32))
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '1500ms'"))
        with attachments.looked_at(context, app.config["FILE_STORE"], rules, sent) as looks:
            assert len(looks) == 3
            assert session.scalar(select(1)) == 1
