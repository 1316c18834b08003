"""The two addresses by which an operator sees whether all is well."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine

from config import MIGRATIONS_DIR
from knelpunt.adapters.database import schema
from knelpunt.extensions import db
from knelpunt.models import JobRun, OutboxMail, RunningWorker
from knelpunt.queries.core import health
from knelpunt.web.shared import installation
from tests.conftest import PageClient
from tests.support.factories import Factory


def test_the_process_says_that_it_is_alive(client: PageClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_database_answers_with_the_number_of_the_newest_migration(client: PageClient, make: Factory) -> None:
    newest = schema.revisions(MIGRATIONS_DIR)[-1]
    make.add(RunningWorker(name="here:1", version="1", started_at=make.now, seen_at=make.now))
    answer = client.get("/health/db")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "migration": newest, "attention": []})


def test_what_an_operator_should_look_at_is_named_while_the_site_goes_on(
    client: PageClient, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = make.now - timedelta(hours=2)
    make.add(RunningWorker(name="here:1", version="1", started_at=long_ago, seen_at=make.now - timedelta(minutes=6)))
    make.add(JobRun(name="termijnen", period="1", started_at=long_ago, failed_at=long_ago))
    make.add(
        OutboxMail(
            message_id="<x@proef.example>", kind="x", subject="x", to_address="x@proef.example", body="x",
            created_at=long_ago, next_try_at=long_ago,
        )
    )  # fmt: skip
    monkeypatch.setattr(installation, "ROOM_BYTES", 10**18)
    answer = client.get("/health/db")
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["status"], answer.json["attention"]) == ("attention", ["disk", "jobs", "mail", "worker"])


def test_a_job_that_succeeded_after_it_failed_asks_for_nothing(client: PageClient, make: Factory) -> None:
    hour = timedelta(hours=1)
    make.add(RunningWorker(name="here:1", version="1", started_at=make.now, seen_at=make.now))
    make.add(JobRun(name="anker", period="1", started_at=make.now - 3 * hour, failed_at=make.now - 3 * hour))
    make.add(JobRun(name="anker", period="2", started_at=make.now - 2 * hour, finished_at=make.now - 2 * hour))
    answer = client.get("/health/db")
    assert answer.json is not None
    assert answer.json["attention"] == []
    [job] = health.state(make.session).jobs
    assert (job.succeeded_at, job.failed_at) == (make.now - 2 * hour, None)
    make.add(JobRun(name="anker", period="3", started_at=make.now - hour, failed_at=make.now - hour))
    assert [job.failed_at for job in health.state(make.session).jobs] == [make.now - hour]


def test_a_schema_of_before_the_code_is_not_ready_and_one_of_after_it_is(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = installation.known_revisions()
    assert known == tuple(schema.revisions(MIGRATIONS_DIR))
    monkeypatch.setattr(installation, "known_revisions", lambda: (*known, "9998"))
    answer = client.get("/health/db")
    assert answer.status_code == 503
    assert answer.json == {"status": "old schema", "migration": known[-1], "needed": "9998"}
    monkeypatch.setattr(installation, "known_revisions", lambda: known[:-1])
    assert client.get("/health/db").status_code == 200


def test_a_database_that_is_away_gives_503_while_the_process_lives(app: Flask, client: PageClient) -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@localhost:1/nothing", connect_args={"connect_timeout": 1})
    db.bind(nowhere)
    answer = client.get("/health/db")
    assert (answer.status_code, answer.json) == (503, {"status": "away"})
    assert client.get("/health").status_code == 200
    nowhere.dispose()
