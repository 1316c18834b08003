"""How the installation is: which schema it has, what its workers do, and what waits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from knelpunt.domain.figures.sealing import FileStatus
from knelpunt.domain.post.incoming import IncomingStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Ask = Callable[[str], Sequence[Any]]
"""Sends a statement and gives its rows. Written out, since ``knelpunt metrics`` stays small without models."""

SILENT_AFTER = timedelta(minutes=5)
"""A worker gives a sign every half minute, if a job lets it; one that is silent this long is missed."""
MAIL_LATE_AFTER = timedelta(hours=1)
STOPPED_AFTER = timedelta(minutes=30)
"""Long work tells of each piece; of one that took this long nobody works at the next."""
BACKUP, OPEN_DATA = "reservekopie", "open-data"
_WAITS = "sent_at IS NULL AND gave_up_at IS NULL"
_FAILS = """
failed_at IS NOT NULL AND finished_at IS NULL
AND NOT EXISTS (SELECT FROM job_runs later WHERE later.name = job_runs.name AND later.finished_at > job_runs.failed_at)
"""
"""A run that failed, of work that did not succeed since then: the mark stays for as long as runs are kept."""
_SIGN = f"seen_at > now() - interval '{SILENT_AFTER.total_seconds():.0f} seconds'"
_IS_LATE = f"{_WAITS} AND next_try_at < now() - interval '{MAIL_LATE_AFTER.total_seconds():.0f} seconds'"
_ATTENTION = f"""
SELECT NOT EXISTS (SELECT FROM running_workers WHERE {_SIGN}),
    EXISTS (SELECT FROM job_runs WHERE {_FAILS}),
    EXISTS (SELECT FROM outbox WHERE {_IS_LATE})
"""  # noqa: S608 - made of the words above
_SERVER = """
SELECT current_setting('server_version'), pg_database_size(current_database()), now(),
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user)
"""
_JOBS = f"""
SELECT name, max(finished_at), max(failed_at) FILTER (WHERE {_FAILS}) FROM job_runs GROUP BY name ORDER BY name
"""  # noqa: S608
_MAIL = f"""
SELECT count(*) FILTER (WHERE {_WAITS}), min(next_try_at) FILTER (WHERE {_WAITS} AND next_try_at < now()),
    count(*) FILTER (WHERE gave_up_at IS NOT NULL), count(*) FILTER (WHERE {_IS_LATE}) > 0
FROM outbox
"""  # noqa: S608
_EVENTS = f"""
SELECT count(*) FILTER (WHERE allowed_at IS NOT NULL AND failing_since IS NULL AND switched_off_at IS NULL),
    count(*) FILTER (WHERE failing_since IS NOT NULL AND switched_off_at IS NULL),
    count(*) FILTER (WHERE switched_off_at IS NOT NULL),
    min(failing_since) FILTER (WHERE switched_off_at IS NULL),
    (SELECT count(*) FROM outbox_events WHERE {_WAITS})
FROM event_subscriptions WHERE ended_at IS NULL
"""  # noqa: S608
_WORKERS = f"SELECT name, version, started_at, seen_at, NOT {_SIGN} FROM running_workers ORDER BY name"  # noqa: S608
_BULK = """
SELECT count(*), coalesce(sum(size), 0), max(made_at) FROM (
    SELECT DISTINCT ON (data_set, form) size, made_at FROM open_data_files ORDER BY data_set, form, made_at DESC
) newest
"""
_FORMS = f"""
SELECT count(*) FILTER (WHERE status = '{FileStatus.READY}'), count(*) FILTER (WHERE status = '{FileStatus.ASKED}'),
    count(*) FILTER (WHERE status = '{FileStatus.FAILED}'), coalesce(sum(size), 0),
    min(begun_at) FILTER (WHERE status = '{FileStatus.ASKED}'),
    max(done_at) FILTER (WHERE status = '{FileStatus.READY}')
FROM quarter_files
"""  # noqa: S608
_PROGRESS = f"""
SELECT done, total, doing, started_at, told_at, told_at < now() - interval '{STOPPED_AFTER.total_seconds():.0f} seconds'
FROM job_progress WHERE name = '{OPEN_DATA}' AND done < total
"""  # noqa: S608
_INCOMING = f"SELECT count(*) FROM incoming_mails WHERE status = '{IncomingStatus.WAITING}'"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Attention:
    """What is not as it should be, while the site works."""

    worker: bool
    jobs: bool
    mail: bool


@dataclass(frozen=True, slots=True)
class Job:
    """Repeating work: when it was last done, and when it failed since then."""

    name: str
    succeeded_at: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that gave a sign and did not say that it ended; silent when that is too long ago."""

    name: str
    version: str
    started_at: datetime
    seen_at: datetime
    is_silent: bool


@dataclass(frozen=True, slots=True)
class MailCounts:
    """Mail that goes out: how much waits, since when the first of it should have gone, and how much was given up.

    It is late when that first one waits too long.
    """

    waiting: int
    due_since: datetime | None
    given_up: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class EventCounts:
    """Subscriptions to events that go on, by how they stand; since when the first of them fails, and how many events
    wait."""

    working: int
    failing: int
    off: int
    failing_since: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far work is that is not done; it stopped when nothing was told of it for too long."""

    done: int
    total: int
    doing: str
    started_at: datetime
    told_at: datetime
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class BulkFiles:
    """The newest file of open data of each set and form, when the last was made, and those that are made now."""

    count: int
    size: int
    made_at: datetime | None
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class QuarterForms:
    """The forms of public quarters as files: how many are there, wait, or could not be made."""

    ready: int
    waiting: int
    failed: int
    size: int
    begun_at: datetime | None
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Making:
    """The files that are made beside the site, for its page only: a monitor also asks beside an older schema."""

    bulk: BulkFiles
    forms: QuarterForms


@dataclass(frozen=True, slots=True)
class State:
    """Everything that an operator asks for, at one moment of the database."""

    revision: str | None
    server_version: str
    database_bytes: int
    database_now: datetime
    connections: int
    jobs: tuple[Job, ...]
    workers: tuple[Worker, ...]
    mail: MailCounts
    events: EventCounts
    incoming_waiting: int
    mailbox_error: str | None
    last_event: tuple[int, datetime] | None

    @property
    def last_backup(self) -> datetime | None:
        return next((job.succeeded_at for job in self.jobs if job.name == BACKUP), None)

    @property
    def alive(self) -> int:
        """How many workers gave a sign in the last minutes."""
        return sum(not worker.is_silent for worker in self.workers)


def migration_number(session: "Session") -> str | None:
    """The revision of the schema; None when the database has none."""
    return _revision(_through(session))


def attention(session: "Session") -> Attention:
    """What an operator should look at; one statement, since probes ask it every few seconds."""
    ((worker, jobs, mail),) = _through(session)(_ATTENTION)
    return Attention(worker, jobs, mail)


def state(session: "Session") -> State:
    """How it is now."""
    return state_by(_through(session))


def making(session: "Session") -> Making:
    """How far the files are that are made beside the site."""
    ask = _through(session)
    (bulk,), (forms,) = ask(_BULK), ask(_FORMS)
    progress = next((Progress(*row) for row in ask(_PROGRESS)), None)
    return Making(BulkFiles(bulk[0], bulk[1], bulk[2], progress), QuarterForms(*forms))


def state_by(ask: Ask) -> State:
    """The same, by whoever can send a statement."""
    ((server_version, database_bytes, database_now, connections),) = ask(_SERVER)
    (mail,), (subscribed,) = ask(_MAIL), ask(_EVENTS)
    last = ask("SELECT number, recorded_at FROM events ORDER BY number DESC LIMIT 1")
    mailbox = ask("SELECT error FROM mailbox_state")
    return State(
        revision=_revision(ask),
        server_version=server_version,
        database_bytes=database_bytes,
        database_now=database_now,
        connections=connections,
        jobs=tuple(Job(*row) for row in ask(_JOBS)),
        workers=tuple(Worker(*row) for row in ask(_WORKERS)),
        mail=MailCounts(*mail),
        events=EventCounts(*subscribed),
        incoming_waiting=ask(_INCOMING)[0][0],
        mailbox_error=mailbox[0][0] if mailbox else None,
        last_event=(last[0][0], last[0][1]) if last else None,
    )


def gives_sign(ask: Ask, host: str) -> bool:
    """Whether a worker on this machine gave a sign in the last minutes."""
    told = ask(f"SELECT name FROM running_workers WHERE {_SIGN}")  # noqa: S608
    return any(name.rpartition(":")[0] == host for (name,) in told)


def _revision(ask: Ask) -> str | None:
    if ask("SELECT to_regclass('alembic_version')")[0][0] is None:
        return None
    found = ask("SELECT version_num FROM alembic_version")
    return found[0][0] if found else None


def _through(session: "Session") -> Ask:
    return lambda statement: session.connection().exec_driver_sql(statement).all()
