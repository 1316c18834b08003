"""A public page that somebody has already is confirmed without being made, and never when it changed."""

import gzip
import re
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config import PROJECT_DIR
from knelpunt.domain.vocabulary import Role
from knelpunt.extensions import db
from knelpunt.models import Base, GuideVersion, PublishedCase
from knelpunt.services.cases import published_record
from knelpunt.web.shared.pages import caching, revalidation
from knelpunt.web.shared.pages.revalidation import PAGES, Shows
from knelpunt.web.shared.requests.access import PUBLIC, access_of
from tests.support import database, login
from tests.support.asker import Asker
from tests.support.factories import Factory
from tests.support.guides import public_guide
from tests.support.rights import RULES, VISITOR
from tests.support.statements import counted
from tests.support.world import World

SMALL_TABLES = {
    "accounts", "labels", "leave_covers", "municipalities", "organisations", "provinces", "team_members", "teams",
}  # fmt: skip
"""Those of which ``reference_version`` tells the changes."""
COUNTED = {
    "aftercare", "cases", "clock_periods", "events", "figure_facts", "figure_totals", "ledger_builds", "public_texts",
    "retentions",
}  # fmt: skip
"""Those from which pages show numbers that may be some minutes old."""
RECORDS = "/open-data/knelpunten.jsonl"
VERSIONS = {"public_version", "reference_version"}


def mark_of(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["ETag"].startswith("W/")
    return answer.headers["ETag"]


def again(client, path: str, mark: str):
    return client.get(path, headers={"If-None-Match": mark})


def as_if_committed(session: Session) -> None:
    """What a commit does, in the one transaction of a test: the triggers fire, and the next change is another one's."""
    session.flush()
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    session.execute(text("SELECT set_config('knelpunt.public_change', '', true)"))


def test_a_page_that_is_as_it_was_costs_one_statement_and_no_page(client, connection, make):
    path = f"/knelpunten/{make.published().reference}"
    mark = mark_of(client, path)
    with counted(connection) as sent:
        answer = again(client, path, mark)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", mark)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in answer.vary
    assert len(sent) == 1
    assert again(client, path, f'"other", {mark}').status_code == 304
    assert again(client, path, '"other"').status_code == 200
    assert again(client, path, "*").status_code == 200


@pytest.mark.parametrize("path", ["/", "/knelpunten", "/knelpunten.atom", "/open-data/knelpunten.jsonl"])
def test_a_correction_a_withdrawal_and_an_erasure_show_at_once(client, session, make, path):
    row = make.published()
    pages = path, f"/knelpunten/{row.reference}"
    marks = [mark_of(client, each) for each in pages]
    row.title = "Een verbeterde titel"
    as_if_committed(session)
    answers = [again(client, each, mark) for each, mark in zip(pages, marks, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Een verbeterde titel" in answers[1].text
    marks = [answer.headers["ETag"] for answer in answers]
    row.withdrawn_on, row.withdrawn_reason = make.today, "Op verzoek."
    as_if_committed(session)
    answers = [again(client, each, mark) for each, mark in zip(pages, marks, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 410]
    assert "ETag" not in answers[1].headers
    mark = answers[0].headers["ETag"]
    published_record.empty(row)
    as_if_committed(session)
    assert again(client, path, mark).status_code == 200
    assert again(client, pages[1], marks[1]).status_code == 410


def test_what_is_not_committed_changes_nothing_and_two_at_once_change_it_twice(app, own_database):
    client = app.test_client()
    with Session(db.engine) as session:
        make = Factory(session)
        first, second = (make.published().case_id for _ in range(2))
        session.commit()
    before = mark_of(client, RECORDS)
    with Session(db.engine) as one, Session(db.engine) as other:
        one.get_one(PublishedCase, first).title = "De eerste"
        one.flush()
        assert again(client, RECORDS, before).status_code == 304
        other.get_one(PublishedCase, second).title = "De tweede"
        other.commit()  # does not wait for the one that began earlier
        between = again(client, RECORDS, before)
        assert "De tweede" in between.text
        assert "De eerste" not in between.text
        one.commit()
    after = again(client, RECORDS, between.headers["ETag"])
    assert after.status_code == 200
    assert "De eerste" in after.text
    with Session(db.engine) as session:
        session.get_one(PublishedCase, first).title = "Toch niet"
        session.flush()
        session.rollback()
    assert again(client, RECORDS, after.headers["ETag"]).status_code == 304


def test_a_change_of_the_small_tables_and_another_day_or_version_of_the_code_show(client, app, make, monkeypatch):
    mark = mark_of(client, "/knelpunten.atom")
    make.session.execute(text("UPDATE reference_version SET version = version + 1"))
    mark, old = mark_of(client, "/knelpunten.atom"), mark
    assert mark != old
    tomorrow = revalidation.today_in_nl() + timedelta(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(revalidation, "today_in_nl", lambda: tomorrow)
        assert mark_of(client, "/knelpunten.atom") != mark
    with monkeypatch.context() as patched:
        patched.setitem(app.config, "PAGES_BUILD", "another")
        assert mark_of(client, "/knelpunten.atom") != mark
    assert mark_of(client, "/knelpunten.atom") == mark


def test_servers_of_one_site_give_one_mark_and_another_setting_another(app):
    config = app.config["KNELPUNT"]

    def build(**changed):
        other = Flask(app.import_name, root_path=app.root_path)
        other.config.update(KNELPUNT=replace(config, **changed), ASSETS_BUILD=app.config["ASSETS_BUILD"])
        revalidation.init_app(other)
        return other.config["PAGES_BUILD"]

    assert build(data_dir=Path("/elders"), port=8099, web_processes=7) == app.config["PAGES_BUILD"]
    assert build(contact_email="ander@knelpunt.example") != app.config["PAGES_BUILD"]


def test_what_the_page_for_developers_shows_of_the_documents_is_part_of_its_mark(app, monkeypatch, tmp_path):
    """A script that was corrected there is not confirmed as it was."""
    assert PROJECT_DIR / "docs" / "api" == revalidation._SHOWN_DOCS

    def build():
        other = Flask(app.import_name, root_path=app.root_path)
        other.config.update(KNELPUNT=app.config["KNELPUNT"], ASSETS_BUILD=app.config["ASSETS_BUILD"])
        revalidation.init_app(other)
        return other.config["PAGES_BUILD"]

    monkeypatch.setattr(revalidation, "_SHOWN_DOCS", tmp_path)
    marks = {build()}
    for name in ("README.md", "file_a_case.py"):
        (tmp_path / name).write_text("anders")
        marks.add(build())
    assert len(marks) == 3


def test_numbers_are_counted_again_after_some_minutes_and_texts_are_not(client, monkeypatch):
    monkeypatch.setattr(revalidation, "period", lambda: 1)
    figures, texts = mark_of(client, "/"), mark_of(client, "/ruimtewijzers")
    assert again(client, "/", figures).status_code == 304
    monkeypatch.setattr(revalidation, "period", lambda: 2)
    assert again(client, "/", figures).status_code == 200
    assert again(client, "/ruimtewijzers", texts).status_code == 304


def test_each_language_and_each_address_has_a_mark_of_its_own(client):
    marks = {mark_of(client, path) for path in ("/wetten", "/en/wetten", "/wetten?q=tuin", "/contact", "/en/contact")}
    assert len(marks) == 5


def test_who_has_a_session_gets_the_page_itself(client, client_as, app, make):
    mark = mark_of(client, "/knelpunten")
    answer = again(client_as(make.account(Role.HANDLER)), "/knelpunten", mark)
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
    with client.session_transaction() as cookie:
        cookie["visitor"] = uuid4().hex
    answer = again(client, "/knelpunten", mark)
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


def test_pages_about_the_site_are_confirmed_without_the_database(client, connection):
    mark = mark_of(client, "/contact")
    with counted(connection) as sent:
        assert again(client, "/contact", mark).status_code == 304
    assert sent == []


def test_a_text_that_is_kept_for_some_minutes_is_never_older_than_the_mark(client, session, make):
    rules = [
        {"law": law.key, "title": law.citation_title, "provision": None, "article": "1", "instrument": None,
         "role": "belemmert", "on_date": "2019-05-01"}
        for law in (make.law(), make.law())
    ]  # fmt: skip
    row, guide = make.published(provisions=rules), public_guide(make)
    version = session.scalars(select(GuideVersion).where(GuideVersion.guide_id == guide.id)).one()
    as_if_committed(session)
    assert version.question in client.get("/").text
    assert row.reference in client.get("/wetten/samenloop").text
    row.withdrawn_on, version.question = make.today, "Mag het toch een ander huis zijn?"
    as_if_committed(session)
    assert version.question in client.get("/").text
    assert row.reference not in client.get("/wetten/samenloop").text


def test_every_table_that_a_confirmed_page_reads_is_one_whose_changes_are_noticed(app, monkeypatch):
    """And each such page is public, has a mark, shows no form that is sent, and sets no cookie."""
    never_again = count()
    monkeypatch.setattr(caching, "period", lambda _timer: next(never_again))  # what is kept is read each time
    names = {table.name for table in Base.metadata.tables.values()}
    seen = set()
    with database.rolled_back() as (connection, session):
        asker = Asker(app, connection, World(session, app.config["LINKS"], app.config["FILE_STORE"]), {})
        watched = set(
            connection.scalars(
                text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'note_public_change'::regproc")
            )
        )
        for rule in RULES:
            endpoint = asker.address_of(rule).endpoint
            if endpoint not in PAGES:
                continue
            assert access_of(app.view_functions[endpoint]) == PUBLIC
            for relation in asker.relations(rule):
                path = asker.path(VISITOR, rule, relation)
                with counted(connection) as sent:
                    answer, _ = asker.send(VISITOR, "GET", path)
                if answer.status_code == 200:
                    break
            assert answer.status_code == 200, path
            seen.add(endpoint)
            assert "ETag" in answer.headers, path
            assert b'method="post"' not in answer.data, path
            read = {word for statement in sent for word in re.findall(r"\w+", statement)} & names - VERSIONS
            allowed = {
                Shows.NOTHING: set(),
                Shows.TEXTS: watched | SMALL_TABLES,
                Shows.FIGURES: watched | SMALL_TABLES | COUNTED,
            }[PAGES[endpoint]]
            assert read <= allowed, f"{path} reads {read - allowed}"
    assert seen == set(PAGES)


def without_token(page: bytes) -> bytes:
    """The page without the signed token of its forms, which holds the second in which it was made."""
    return re.sub(rb'(name="csrf_token" value=)"[^"]+"', rb'\1""', page)


def test_pages_go_out_compressed_to_who_takes_that(app, session, make):
    browsers = FlaskClient(app), FlaskClient(app)  # not the kind that reads each page
    login.log_in(app, browsers[1], session, make.account(Role.HANDLER))
    for browser in browsers:
        plain, packed = browser.get("/contact"), browser.get("/contact", headers={"Accept-Encoding": "br, gzip"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert without_token(gzip.decompress(packed.data)) == without_token(plain.data)
        assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 2
        assert "Accept-Encoding" in plain.vary
        assert "Accept-Encoding" in packed.vary
    refusing = browser.get("/contact", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in refusing.headers
    lengths = {len(browser.get("/contact", headers={"Accept-Encoding": "gzip"}).data) for _ in range(8)}
    assert len(lengths) > 1


def test_short_answers_and_downloads_stay_as_they_are(app, connection):
    client = FlaskClient(app)
    for path in ("/health", "/open-data/knelpunten.csv"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers
