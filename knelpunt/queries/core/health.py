"""How the installation is: which schema it has, what its workers do, and what waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.post.incoming import IncomingStatus
from knelpunt.models import Event, IncomingMail, JobRun, MailboxState, OutboxMail, RunningWorker

SILENT_AFTER = timedelta(minutes=5)
"""A worker gives a sign every half minute, if a job lets it; one that is silent this long is missed."""
MAIL_LATE_AFTER = timedelta(hours=1)
BACKUP = "reservekopie"
_WAITS = OutboxMail.sent_at.is_(None) & OutboxMail.gave_up_at.is_(None)
_later = aliased(JobRun)
_FAILS = (
    JobRun.failed_at.is_not(None)
    & JobRun.finished_at.is_(None)
    & ~exists().where(_later.name == JobRun.name, _later.finished_at > JobRun.failed_at).correlate(JobRun)
)
"""A run that failed, of work that did not succeed since then: the mark stays for as long as runs are kept."""


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
class MailCounts:
    """Mail that goes out: how much waits, since when the first of it should have gone, and how much was given up."""

    waiting: int
    due_since: datetime | None
    given_up: int


@dataclass(frozen=True, slots=True)
class State:
    """Everything that an operator asks for, at one moment of the database."""

    revision: str | None
    server_version: str
    database_bytes: int
    database_now: datetime
    connections: int
    jobs: tuple[Job, ...]
    workers: tuple[RunningWorker, ...]
    mail: MailCounts
    incoming_waiting: int
    mailbox_error: str | None
    last_event: tuple[int, datetime] | None

    @property
    def last_backup(self) -> datetime | None:
        return next((job.succeeded_at for job in self.jobs if job.name == BACKUP), None)

    def is_silent(self, worker: RunningWorker) -> bool:
        return worker.seen_at < self.database_now - SILENT_AFTER


def migration_number(session: Session) -> str | None:
    """The revision of the schema; None when the database has none."""
    if session.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    return session.scalar(text("SELECT version_num FROM alembic_version"))


def attention(session: Session) -> Attention:
    """What an operator should look at; one statement, since probes ask it every few seconds."""
    statement = select(
        ~exists().where(RunningWorker.seen_at > func.now() - SILENT_AFTER),
        exists().where(_FAILS),
        exists().where(_WAITS & (OutboxMail.next_try_at < func.now() - MAIL_LATE_AFTER)),
    )
    return Attention(*session.execute(statement).one())


def state(session: Session) -> State:
    """How it is now."""
    server = session.execute(
        text(
            "SELECT current_setting('server_version'), pg_database_size(current_database()), now(),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user)"
        )
    ).one()
    jobs = session.execute(
        select(JobRun.name, func.max(JobRun.finished_at), func.max(JobRun.failed_at).filter(_FAILS))
        .group_by(JobRun.name)
        .order_by(JobRun.name)
    )
    mail = session.execute(
        select(
            func.count().filter(_WAITS),
            func.min(OutboxMail.next_try_at).filter(_WAITS & (OutboxMail.next_try_at < func.now())),
            func.count().filter(OutboxMail.gave_up_at.is_not(None)),
        )
    ).one()
    last = session.execute(select(Event.number, Event.recorded_at).order_by(Event.number.desc()).limit(1)).first()
    return State(
        revision=migration_number(session),
        server_version=server[0],
        database_bytes=server[1],
        database_now=server[2],
        connections=server[3],
        jobs=tuple(Job(*row) for row in jobs),
        workers=tuple(session.scalars(select(RunningWorker).order_by(RunningWorker.name))),
        mail=MailCounts(*mail),
        incoming_waiting=session.scalar(select(func.count()).where(IncomingMail.status == IncomingStatus.WAITING)) or 0,
        mailbox_error=session.scalar(select(MailboxState.error)),
        last_event=(last.number, last.recorded_at) if last else None,
    )
