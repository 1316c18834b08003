"""What Prometheus reads: how the installation is, and what the web server answered."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
import yaml
from click.testing import CliRunner, Result
from flask import Flask
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from sqlalchemy.orm import Session

from config import PROJECT_DIR, Config
from knelpunt.cli import cli
from knelpunt.commands.operations import metrics
from knelpunt.models import EventSubscription, JobRun, OutboxMail, RunningWorker
from knelpunt.queries.core import health
from knelpunt.queries.core.health import Ask
from knelpunt.services.jobs import upkeep
from knelpunt.web.shared.requests import metrics as requests
from tests.conftest import PageClient
from tests.support.factories import Factory
from tests.support.mail_server import free_port

NAMES = "job", "endpoint", "method", "status"


def through(session: Session) -> metrics.Asking:
    """The connection of a test, on which all is rolled back."""

    @contextmanager
    def asking() -> Iterator[Ask]:
        session.flush()
        yield lambda statement: session.connection().exec_driver_sql(statement).all()

    return asking


def told(config: Config, asking: metrics.Asking) -> dict[str, float]:
    """Each sample by its name, and by what its labels say."""
    text = generate_latest(metrics.registry(config, asking)).decode()
    return {
        " ".join([sample.name, *(sample.labels[name] for name in NAMES if name in sample.labels)]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_jobs_mails_workers_disk_and_backups_are_told(session: Session, make: Factory, test_config: Config) -> None:
    now = make.now
    make.add(JobRun(name="termijnen", period="1", started_at=now, finished_at=now - timedelta(minutes=10)))
    make.add(JobRun(name="anker", period="1", started_at=now, failed_at=now))
    make.add(JobRun(name="anker", period="0", started_at=now, finished_at=now - timedelta(hours=1), failed_at=now))
    make.add(JobRun(name=health.BACKUP, period="x", started_at=now, finished_at=now - timedelta(hours=5)))
    make.add(RunningWorker(name="here:1", version="1", started_at=now, seen_at=now))
    make.add(RunningWorker(name="here:2", version="1", started_at=now, seen_at=now - timedelta(minutes=9)))
    for number, due in enumerate((now - timedelta(seconds=300), now + timedelta(hours=1))):
        make.add(
            OutboxMail(
                message_id=f"<{number}@proef.example>", kind="x", subject="Geheim onderwerp", body="x",
                to_address="iemand@proef.example", created_at=now, next_try_at=due,
            )
        )  # fmt: skip
    for number, failing_since in enumerate((None, now - timedelta(seconds=600))):
        make.add(
            EventSubscription(
                public_id=f"abo{number}", organisation_id=make.organisation().id, url="https://proef.example/",
                covers=["openbaar"], sealed_secret="x", made_at=now, allowed_at=now, next_try_at=now,
                failing_since=failing_since,
            )
        )  # fmt: skip
    found = told(test_config, through(session))
    assert found["knelpunt_database_up"] == 1
    assert found["knelpunt_job_last_success_timestamp_seconds termijnen"] == (now - timedelta(minutes=10)).timestamp()
    assert found["knelpunt_job_failing termijnen"] == 0
    assert found["knelpunt_job_failing anker"] == 1
    assert found[f"knelpunt_job_last_success_timestamp_seconds {health.BACKUP}"] < now.timestamp() - 4 * 3600
    assert (found["knelpunt_workers"], found["knelpunt_workers_silent"]) == (1, 1)
    assert found["knelpunt_mails_waiting"] == 2
    assert [found[f"knelpunt_event_subscriptions_{each}"] for each in ("working", "failing", "off")] == [1, 1, 0]
    assert found["knelpunt_events_waiting"] == 0
    assert 599 < found["knelpunt_event_failing_seconds"] < 700
    assert 299 < found["knelpunt_mail_queue_age_seconds"] < 400
    assert 0 < found["knelpunt_disk_free_bytes"] < found["knelpunt_disk_bytes"]
    assert abs(found["knelpunt_clock_difference_seconds"]) < 120
    assert found["knelpunt_database_connections"] >= 1


def test_a_database_that_is_away_is_told_and_breaks_nothing(test_config: Config) -> None:
    nowhere = replace(test_config, database_url="postgresql+psycopg://nobody@localhost:1/nothing")
    found = told(nowhere, metrics.asking_database(nowhere))
    assert found["knelpunt_database_up"] == 0
    assert "knelpunt_disk_free_bytes" in found


def test_beside_a_schema_of_before_the_metrics_tell_which_one_it_is(session: Session, test_config: Config) -> None:
    """A monitor asks on while an update waits for its step of the schema: what the page alone tells is not asked."""

    @contextmanager
    def before() -> Iterator[Ask]:
        def ask(statement: str) -> Sequence[Any]:
            if "job_progress" in statement or "quarter_files" in statement:
                raise psycopg.errors.UndefinedTable(statement)
            return session.connection().exec_driver_sql(statement).all()

        yield ask

    assert told(test_config, before)["knelpunt_database_up"] == 1


def test_requests_are_counted_by_endpoint_and_status_and_by_nothing_else(test_config: Config, tmp_path: Path) -> None:
    app = Flask("proef")
    app.config["KNELPUNT"] = replace(test_config, metrics_dir=tmp_path)
    requests.init_app(app)
    app.add_url_rule("/zaak/<name>", "case", lambda name: "ok")
    client = app.test_client()
    client.get("/zaak/geheim")
    client.get("/zaak/ander")
    client.get("/niets/geheim")
    client.open("/zaak/x", method="GEHEIM")
    samples = [sample for family in requests.REQUESTS.collect() for sample in family.samples]
    counted = {tuple(each.labels.values()): each.value for each in samples if each.name.endswith("_total")}
    assert counted == {("case", "GET", "200"): 2, ("none", "GET", "404"): 1, ("none", "none", "405"): 1}


def test_it_is_served_on_a_port_of_its_own(test_config: Config, client: PageClient) -> None:
    config = replace(test_config, metrics_port=free_port())
    server, thread = metrics.start(config)
    with urlopen(f"http://127.0.0.1:{config.metrics_port}/metrics", timeout=10) as answer:
        assert b"knelpunt_database_up 1.0" in answer.read()
    server.shutdown()
    server.server_close()
    thread.join(5)
    assert client.get("/metrics").status_code == 404, "nothing of it on the site's own port"


def test_a_worker_is_there_while_it_works_and_missed_only_when_it_was_killed(session: Session, make: Factory) -> None:
    upkeep.give_sign(session, "here:1", "1.0", make.now, make.now)
    upkeep.give_sign(session, "here:1", "1.0", make.now, make.now + timedelta(seconds=30))
    upkeep.give_sign(session, "here:2", "1.0", make.now, make.now)
    assert not health.attention(session).worker
    upkeep.sign_off(session, "here:1")
    assert [worker.name for worker in health.state(session).workers] == ["here:2"]
    upkeep.give_sign(session, "here:3", "1.0", make.now, make.now + timedelta(days=2))
    assert [worker.name for worker in health.state(session).workers] == ["here:3"]


def test_the_probe_of_a_worker_sees_a_sign_of_this_machine_and_blames_nobody_while_the_database_is_away(
    session: Session, make: Factory, test_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def probe() -> Result:
        return CliRunner().invoke(cli, ["worker-alive"])

    monkeypatch.setattr(metrics, "asking_database", lambda _config: through(session))
    monkeypatch.setattr(metrics, "database", lambda: nullcontext(SimpleNamespace(config=test_config)))
    now = datetime.now(UTC)
    upkeep.give_sign(session, "elsewhere:1", "1", now, now)
    assert probe().exit_code == 1
    upkeep.give_sign(session, f"{socket.gethostname()}:1", "1", now - timedelta(hours=1), now - timedelta(minutes=1))
    assert probe().exit_code == 0
    session.execute(update(RunningWorker).values(seen_at=now - timedelta(minutes=6)))
    assert probe().exit_code == 1
    monkeypatch.undo()
    nowhere = replace(test_config, database_url="postgresql+psycopg://nobody@localhost:1/nothing")
    monkeypatch.setattr(metrics, "database", lambda: nullcontext(SimpleNamespace(config=nowhere)))
    assert probe().exit_code == 0


@pytest.mark.parametrize(("name", "never"), [
    ("metrics", {"sqlalchemy", "flask", "knelpunt.models", "knelpunt.application"}),
    ("worker-alive", {"sqlalchemy", "flask", "knelpunt.models", "knelpunt.application"}),
    ("serve", {"sqlalchemy", "flask", "alembic", "knelpunt.models", "knelpunt.application"}),
    ("worker", {"alembic", "authlib", "docx", "odfdo", "typst", "webauthn", "knelpunt.application"}),
])  # fmt: skip
def test_a_command_that_stays_does_not_load_the_site(name: str, never: set[str]) -> None:
    code = f"import sys; from knelpunt.cli import cli; cli.get_command(None, {name!r}); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    assert never & set(told.stdout.split()) == set()
    assert "knelpunt.cli" in told.stdout


def test_each_alert_reads_a_metric_that_exists(session: Session, make: Factory, test_config: Config) -> None:
    make.add(JobRun(name="termijnen", period="1", started_at=make.now, finished_at=make.now))
    make.add(RunningWorker(name="here:1", version="1", started_at=make.now, seen_at=make.now))
    known = {name.split()[0] for name in told(test_config, through(session))}
    known |= {"knelpunt_requests_total", "knelpunt_request_seconds_bucket", "up", "ALERTS"}
    rules = yaml.safe_load((PROJECT_DIR / "docs/operations/prometheus/alerts.yaml").read_text(encoding="utf-8"))
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len(alerts) > 8
    for alert in alerts:
        read = set(re.findall(r"\bknelpunt_\w+", alert["expr"]))
        assert read <= known, alert["alert"]
        assert read or "up{" in alert["expr"]
        assert alert["annotations"]["summary"] and alert["labels"]["severity"] in {"page", "ticket"}
        for page in re.findall(r"\b[\w-]+\.md\b", alert["annotations"]["summary"]):
            assert (PROJECT_DIR / "docs/operations" / page).is_file(), alert["alert"]
