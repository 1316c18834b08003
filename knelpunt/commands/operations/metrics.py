"""Metrics for Prometheus, on a port of their own: what the web server counted, and how the installation is now."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIServer

import click
import psycopg
import structlog
from prometheus_client import CollectorRegistry, multiprocess, start_http_server
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from config import Config
from knelpunt.adapters import log_lines
from knelpunt.adapters.database import patience
from knelpunt.adapters.database.patience import FOR_VISITORS
from knelpunt.adapters.database.postgres import libpq_url
from knelpunt.commands.operations.prepared import database
from knelpunt.commands.supervisor import stop_when_asked
from knelpunt.queries.core import health
from knelpunt.queries.core.health import Ask, State
from knelpunt.web.shared import installation

Asking = Callable[[], AbstractContextManager[Ask]]
"""Connects, and lets statements be sent while the block lasts; raises psycopg's errors."""


class Installation(Collector):
    """Asks the database at each scrape; a database that is away is a metric too, and no fault."""

    def __init__(self, asking: Asking, data_dir: Path) -> None:
        self._asking, self._data_dir = asking, data_dir

    def collect(self) -> Iterator[Any]:
        """What Prometheus calls."""
        yield InfoMetricFamily("knelpunt", "The version of the code.", {"version": version("knelpunt")})
        yield from self._disk()
        try:
            with self._asking() as ask:
                found = health.state_by(ask)
        except psycopg.Error as error:
            structlog.get_logger().warning("database away", **log_lines.describe(error))
            yield GaugeMetricFamily("knelpunt_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("knelpunt_database_up", "Whether the database answers.", 1)
        yield from _of_database(found)
        yield from _of_work(found)

    def _disk(self) -> Iterator[Any]:
        room = installation.room(self._data_dir)
        if room.total:
            yield GaugeMetricFamily("knelpunt_disk_free_bytes", "Room on the disk of the data folder.", room.free)
            yield GaugeMetricFamily("knelpunt_disk_bytes", "Size of the disk of the data folder.", room.total)


def _of_database(found: State) -> Iterator[Any]:
    yield InfoMetricFamily(
        "knelpunt_database", "Server and schema.", {"server": found.server_version, "revision": found.revision or ""}
    )
    yield GaugeMetricFamily("knelpunt_database_bytes", "Size of the database.", found.database_bytes)
    yield GaugeMetricFamily(
        "knelpunt_database_connections", "Connections of the application's role.", found.connections
    )
    yield GaugeMetricFamily(
        "knelpunt_clock_difference_seconds",
        "How far the clock of the database is ahead of the one here.",
        (found.database_now - datetime.now(UTC)).total_seconds(),
    )
    if found.last_event is not None:
        number, recorded_at = found.last_event
        yield GaugeMetricFamily("knelpunt_last_event", "Number of the last event.", number)
        yield GaugeMetricFamily(
            "knelpunt_last_event_timestamp_seconds", "When it was recorded.", recorded_at.timestamp()
        )


def _of_work(found: State) -> Iterator[Any]:
    succeeded = GaugeMetricFamily(
        "knelpunt_job_last_success_timestamp_seconds", "When a job was last done.", labels=["job"]
    )
    failing = GaugeMetricFamily("knelpunt_job_failing", "Whether a job failed and was not done since.", labels=["job"])
    for job in found.jobs:
        if job.succeeded_at is not None:
            succeeded.add_metric([job.name], job.succeeded_at.timestamp())
        failing.add_metric([job.name], job.failed_at is not None)
    yield succeeded
    yield failing
    silent = len(found.workers) - found.alive
    yield GaugeMetricFamily("knelpunt_workers", "Workers that gave a sign in the last minutes.", found.alive)
    yield GaugeMetricFamily("knelpunt_workers_silent", "Workers that stopped giving signs.", silent)
    mail = found.mail
    yield GaugeMetricFamily("knelpunt_mails_waiting", "Mails that are not sent yet.", mail.waiting)
    yield GaugeMetricFamily("knelpunt_mails_given_up", "Mails that could not be sent.", mail.given_up)
    late = 0.0 if mail.due_since is None else (found.database_now - mail.due_since).total_seconds()
    yield GaugeMetricFamily("knelpunt_mail_queue_age_seconds", "How long the first mail waits that is due.", late)
    events = found.events
    yield GaugeMetricFamily("knelpunt_event_subscriptions_working", "Subscriptions that get events.", events.working)
    yield GaugeMetricFamily("knelpunt_event_subscriptions_failing", "Subscriptions that fail now.", events.failing)
    yield GaugeMetricFamily("knelpunt_event_subscriptions_off", "Subscriptions that were switched off.", events.off)
    yield GaugeMetricFamily("knelpunt_events_waiting", "Events that are not delivered yet.", events.waiting)
    fails = 0.0 if events.failing_since is None else (found.database_now - events.failing_since).total_seconds()
    yield GaugeMetricFamily("knelpunt_event_failing_seconds", "How long the first subscription fails.", fails)
    yield GaugeMetricFamily(
        "knelpunt_incoming_mails_waiting", "Mails that came in and wait for a person.", found.incoming_waiting
    )
    yield GaugeMetricFamily(
        "knelpunt_mailbox_failing", "Whether the mailbox could not be read.", found.mailbox_error is not None
    )


def asking_database(config: Config) -> Asking:
    """A connection of its own for each scrape."""
    options: dict[str, Any] = {
        "connect_timeout": FOR_VISITORS.connect,
        "application_name": "knelpunt-metrics",
        "is_pooled": config.database_is_pooled,
    }

    @contextmanager
    def asking() -> Iterator[Ask]:
        with patience.connect(FOR_VISITORS, None, libpq_url(config.database_url or ""), **options) as connection:
            yield lambda statement: connection.execute(statement.encode()).fetchall()

    return asking


def registry(config: Config, asking: Asking) -> CollectorRegistry:
    """Everything that is told at one scrape."""
    made = CollectorRegistry()
    if config.metrics_dir is not None and config.metrics_dir.is_dir():
        multiprocess.MultiProcessCollector(made, path=str(config.metrics_dir))
    made.register(Installation(asking, config.data_dir))
    return made


def start(config: Config) -> tuple[WSGIServer, threading.Thread]:
    """Serve the metrics from a thread."""
    server, thread = start_http_server(
        config.metrics_port, addr=config.metrics_host, registry=registry(config, asking_database(config))
    )
    return server, thread


@click.command("metrics")
def command() -> None:
    """Serve metrics for Prometheus on KNELPUNT_METRICS_PORT: of the installation, and of the web server beside it."""
    log_lines.configure()
    with database() as ready:
        stopping = stop_when_asked()
        server, thread = start(ready.config)
        click.echo(f"Metrics at http://{ready.config.metrics_host}:{ready.config.metrics_port}/metrics", err=True)
        stopping.wait()
        server.shutdown()
        thread.join()


@click.command("worker-alive")
def worker_alive() -> None:
    """Say whether a worker on this machine gave a sign in the last minutes; ends with 1 when none did.

    For the probe of a container. While the database is away a worker waits, and starting it again helps nobody.
    """
    with database() as ready:
        try:
            with asking_database(ready.config)() as ask:
                is_alive = health.gives_sign(ask, socket.gethostname())
        except psycopg.Error:
            click.echo("The database is away.")
            return
    click.echo("alive" if is_alive else "No worker here gave a sign in the last minutes.")
    if not is_alive:
        sys.exit(1)
