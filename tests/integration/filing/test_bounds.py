"""What somebody without an account can make the site do is bounded: by addressee, by internet address, by draft."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import event, func, select, text

from knelpunt.domain.errors import TooManyAttempts
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM, VISITOR
from knelpunt.domain.vocabulary import EventKind
from knelpunt.extensions import db
from knelpunt.models import Attachment, Contact, Draft, Event, OutboxMail
from knelpunt.queries.filing import drafts as queries
from knelpunt.services.cases import attachments
from knelpunt.services.core import bounds
from knelpunt.services.core.bounds import Visit
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake
from knelpunt.services.jobs import scheduled
from knelpunt.services.submitters import addresses
from tests.integration.filing.residents import (
    CONTACT,
    OBSTACLE,
    PDF,
    PLACE,
    PLAN,
    answer_all,
    begin,
    cases,
    drafts,
    file,
    send,
)
from tests.support.desk import FILING
from tests.support.factories import Factory
from tests.support.forms import fill
from tests.support.statements import counted

STRANGER = CONTACT["contact_email"]


@pytest.fixture(autouse=True)
def no_test_runs_into_the_next_hour(monkeypatch):
    """What is counted by the hour starts anew on the hour, also when a test is busy then: here it starts with the
    test."""
    begun, usual = datetime.now(UTC), bounds._start

    def start(bound, now):
        return begun if timedelta() <= now - begun < bound.period else usual(bound, now)

    monkeypatch.setattr(bounds, "_start", start)


def file_to(client, address):
    """Everything from the first page to the button, with this address."""
    key = begin(client)
    send(client, key, "plaats", "municipality_id", **PLACE)
    send(client, key, "belemmering", "description", **OBSTACLE)
    send(client, key, "contact", "contact_email", contact_email=address)
    return file(client, key)


def mails(session, address):
    return session.scalars(select(OutboxMail).where(OutboxMail.to_address == address)).all()


def is_refused_in_words(answer, *words):
    page = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 24 * 3600
    for each in words:
        assert each in page
    return True


def test_an_unconfirmed_stranger_gets_few_mails_and_no_word_of_the_filer(client, session):
    answers = [file_to(client, STRANGER) for _ in range(6)]
    assert [answer.status_code for answer in answers[:3]] == [302] * 3
    assert all(is_refused_in_words(answer, "Niemand heeft het adres nog bevestigd") for answer in answers[3:])
    assert len(mails(session, STRANGER)) == cases(session) == 3
    assert drafts(session) == 3, "what was typed is kept"
    for mail in mails(session, STRANGER):
        for typed in (*PLAN.values(), *OBSTACLE.values(), PLACE["place"]):
            assert typed not in mail.body and typed not in mail.subject
    assert file_to(client, "ander@proef.example").status_code == 302


def test_an_address_that_is_mended_each_time_stays_counted(client, session):
    for number in range(3):
        receipt = file_to(client, STRANGER).location
        path = f"{receipt}/adres"
        changed = fill(client.get(path), "email", email=f"ander{number}@proef.example")
        assert client.post(path, data=changed).status_code == 303
    assert is_refused_in_words(file_to(client, STRANGER), "Niemand heeft het adres nog bevestigd")
    assert len(mails(session, STRANGER)) == 6, "three receipts, and three times that another address holds"


def test_who_files_to_one_address_at_the_same_moment_gets_past_no_bound(own_database):
    links, now, tried = Links("http://localhost", "k" * 32), datetime.now(UTC), 6
    with db.new_session() as session:
        municipality = Factory(session).municipality()
        context = Context(session, VISITOR, now, links)
        data = {**FILING, "municipality_id": str(municipality.id), "contact_email": STRANGER}
        keys = [intake.create_draft(context, data).key for _ in range(tried)]
        session.commit()
    together = Barrier(tried)

    def try_to_file(number):
        with db.new_session() as own:
            context = Context(own, VISITOR, now, links)
            together.wait(20)
            try:
                intake.file_case(context, keys[number], 1, visit=Visit(f"192.0.2.{number}", 20))
            except TooManyAttempts:
                own.rollback()
                return False
            own.commit()
            return True

    with ThreadPoolExecutor(tried) as pool:
        filed = list(pool.map(try_to_file, range(tried)))
    assert filed.count(True) == 3
    with db.new_session() as session:
        assert len(mails(session, STRANGER)) == 3


def test_a_confirmed_address_stays_so_in_other_capitals(client, session):
    file_to(client, STRANGER)
    session.scalars(select(Contact)).one().verified_at = datetime.now(UTC)
    session.flush()
    assert [file_to(client, STRANGER.title()).status_code for _ in range(4)] == [302] * 4


def test_a_confirmed_address_may_file_more_and_reads_its_title(client, session):
    file_to(client, STRANGER)
    session.scalars(select(Contact)).one().verified_at = datetime.now(UTC)
    for _ in range(4):
        assert file_to(client, STRANGER).status_code == 302


@pytest.fixture
def few_filings(app, monkeypatch):
    """At most two filings an hour from one internet address."""
    config = app.config["KNELPUNT"]
    monkeypatch.setitem(app.config, "KNELPUNT", type(config)(**{**_values(config), "filings_per_address": 2}))


def _values(config):
    return {name: getattr(config, name) for name in config.__dataclass_fields__}


@pytest.mark.usefixtures("few_filings")
def test_a_flood_from_one_address_stops_and_others_are_let_through(app, client, session):
    for number in range(2):
        assert file_to(client, f"nummer{number}@proef.example").status_code == 302
    assert is_refused_in_words(file_to(client, "nummer3@proef.example"), "Vanaf uw internetadres", "bewaard")
    assert cases(session) == 2
    elsewhere = app.test_client()
    elsewhere.test_session = session
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert file_to(elsewhere, "nummer4@proef.example").status_code == 302
    for _ in range(4):
        page = fill(client.get("/melden/bewoner"), "title", **PLAN)
        answer = client.post("/melden/bewoner", data=page)
    assert drafts(session) == 1 + 3
    assert is_refused_in_words(answer, "begon men al veel meldingen", PLAN["title"])


def test_colleagues_of_an_organisation_are_not_counted(client_as, make, session, few_filings):
    client = client_as(make.filer())
    for _ in range(8):
        page = fill(client.get("/melden/organisatie/nieuw"), "title", **PLAN)
        assert client.post("/melden/organisatie/nieuw", data=page).status_code == 302


def test_the_address_of_one_draft_is_mended_a_few_times_only(client, session):
    receipt = file(client, answer_all(client)).location
    path = f"{receipt}/adres"
    answers = [
        client.post(path, data=fill(client.get(path), "email", email=f"ander{number}@proef.example"))
        for number in range(6)
    ]
    assert [answer.status_code for answer in answers[: addresses.MENDS]] == [303] * addresses.MENDS
    assert all(is_refused_in_words(answer, "loket") for answer in answers[addresses.MENDS :])
    reached = session.scalars(select(OutboxMail.to_address).where(OutboxMail.to_address.like("ander%")))
    assert len(set(reached)) == addresses.MENDS
    changed = select(func.count()).where(Event.kind == EventKind.ADDRESS_CHANGED)
    assert session.scalar(changed) == addresses.MENDS


def upload(client, key, content=PDF, **typed):
    path = f"/melden/{key}/belemmering"
    data = {**fill(client.get(path), "description", **{**OBSTACLE, **typed}), "action": "bestanden"}
    data["attachments"] = [(io.BytesIO(content), "plan.pdf")]
    return client.post(path, data=data, content_type="multipart/form-data")


def rules(app, monkeypatch, **changed):
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", attachments.AttachmentRules(**changed))


def test_files_from_one_address_are_bounded_and_the_text_is_kept(app, client, session, monkeypatch):
    rules(app, monkeypatch, max_bytes=len(PDF), max_per_case=2)
    for _ in range(2):
        key = begin(client)
        for _ in range(2):
            assert upload(client, key).status_code == 302
    key = begin(client)
    answer = upload(client, key, description="Dit blijft staan.")
    assert is_refused_in_words(answer, "Vanaf uw internetadres", "Dit blijft staan.")
    assert session.scalar(select(func.count()).select_from(Attachment)) == 4
    assert session.scalars(select(Draft).where(Draft.key == key)).one().data["description"] == "Dit blijft staan."


def test_the_room_for_drafts_is_bounded_and_freed_again(app, client, session, monkeypatch):
    rules(app, monkeypatch, max_bytes=1000, max_per_case=5, draft_bytes=len(PDF) + 10)
    full = begin(client)
    assert upload(client, full).status_code == 302
    key = begin(client)
    answer = upload(client, key, description="Dit blijft staan.")
    assert answer.status_code == 507
    assert "Wij kunnen nu geen bestanden bewaren" in answer.get_data(as_text=True)
    assert session.scalars(select(Draft).where(Draft.key == key)).one().data["description"] == "Dit blijft staan."
    # Nobody goes on with the first draft: its term ends, and its file goes with it.
    stored = session.scalars(select(Attachment.stored_name)).one()
    session.scalars(select(Draft).where(Draft.key == full)).one().updated_at -= timedelta(days=91)
    session.flush()
    now = datetime.now(UTC)
    scheduled.run_due(Context(session, SYSTEM, now, app.config["LINKS"]), session.flush)
    files = app.config["FILE_STORE"]
    attachments.sweep(session, files, now + timedelta(days=2))
    with pytest.raises(FileNotFoundError):
        files.open(stored)
    assert upload(client, key).status_code == 302


def test_what_was_filed_to_an_address_is_found_by_an_index_in_whatever_capitals(connection, session):
    sent = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        sent.append((f"EXPLAIN {statement}", parameters))

    event.listen(connection, "before_cursor_execute", note)
    queries.filings_since(session, STRANGER, datetime.now(UTC) - timedelta(hours=1))
    event.remove(connection, "before_cursor_execute", note)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(connection.exec_driver_sql(*sent[-1]).scalars())
    # Whether it was ever confirmed is asked by it; what was filed lately may be found by its day, where that is less.
    assert "Index Cond: (lower(" in plan, plan
    assert "Seq Scan" not in plan, plan
    alone = f"EXPLAIN SELECT count(*) FROM contacts WHERE lower(email) = '{STRANGER}'"
    assert "Index Cond: (lower(" in "\n".join(connection.exec_driver_sql(alone).scalars())


def test_counting_takes_one_statement_for_each_bound(client, connection, session):
    key = answer_all(client)
    path = f"/melden/{key}/controle"
    sent = fill(client.get(path), "version", consents_seen="y")
    with counted(connection) as statements:
        assert client.post(path, data=sent).status_code == 302
    assert len([each for each in statements if "usage_counts" in each]) == 2, "who is mailed, and from where"
    with counted(connection) as statements:
        client.get("/melden/bewoner")
    assert not [each for each in statements if "usage_counts" in each]
