"""The worker: delivers the outbox and does the work that repeats. Any number of them may run at once."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from config import Config
from knelpunt import installation
from knelpunt.adapters import anchors, log_lines
from knelpunt.adapters.database.connections import Connections, fix_moment
from knelpunt.adapters.database.patience import FOR_WORK
from knelpunt.adapters.log_lines import describe
from knelpunt.adapters.mail import Deliverer
from knelpunt.adapters.mailbox.imap import Mailbox, MailboxAway
from knelpunt.adapters.tracing import tracer
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.commands.operations.prepared import database
from knelpunt.commands.supervisor import stop_when_asked
from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.domain.figures.ledger import VERSION
from knelpunt.domain.identity.subscriptions import TryOutcome
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.post.incoming import SOURCE_KEPT
from knelpunt.queries.core import health
from knelpunt.queries.figures import editions, ledger
from knelpunt.queries.figures.quarter import differences, quarters_of_cases
from knelpunt.queries.filing import imports
from knelpunt.queries.public import files as open_data_files
from knelpunt.queries.public.similar import next_due
from knelpunt.services.archive import timers as archive
from knelpunt.services.cases import attachments
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.core.context import Context
from knelpunt.services.figures import files as quarter_files
from knelpunt.services.figures.ledger import rebuild
from knelpunt.services.history import runs
from knelpunt.services.jobs import scheduled, upkeep
from knelpunt.services.mail import delivery, event_delivery
from knelpunt.services.mail.delivery import Outcome
from knelpunt.services.mail.event_delivery import Sender
from knelpunt.services.post import incoming, polling
from knelpunt.services.post.incoming import Intake
from knelpunt.services.search import reindex, similar
from knelpunt.services.worklist import bulk

POLL_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 5.0
SIGN_EVERY_SECONDS = 30.0
EVENTS_SECONDS = 5.0
IMPORT_SECONDS = 10.0
SIMILAR_SECONDS = 3.0
END_SECONDS = 5.0


class CutOff(Exception):
    """The worker was asked to end in the middle of a job."""


class FoundWrong(Exception):
    """A check that repeats did its work and found something wrong; the log names each."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work that repeats. ``period`` names the period an instant falls in; each period the work is done once."""

    name: str
    period: Callable[[datetime], str]
    run: Callable[[Session], None]


class Sign:
    """What a worker lets others know of itself: its name, its version, and now and then that it is there."""

    def __init__(self) -> None:
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._started_at = datetime.now(UTC)
        self._given_at: float | None = None

    def give(self, make_session: Callable[[], Session]) -> None:
        """Say that the worker is there, unless that was said just now."""
        if self._given_at is not None and time.monotonic() < self._given_at + SIGN_EVERY_SECONDS:
            return
        with closing(make_session()) as session:
            upkeep.give_sign(session, self._name, version("knelpunt"), self._started_at, datetime.now(UTC))
            session.commit()
        self._given_at = time.monotonic()

    def give_again(self, make_session: Callable[[], Session]) -> None:
        """In the middle of long work: say it once more, when the worker has begun to say it."""
        if self._given_at is not None:
            self.give(make_session)

    def take_back(self, make_session: Callable[[], Session]) -> None:
        """Say that the worker ends, so that nobody misses it."""
        with closing(make_session()) as session, suppress(OperationalError, InterfaceError):
            upkeep.sign_off(session, self._name)
            session.commit()


@dataclass(frozen=True, slots=True)
class Worker:
    """Everything a worker needs. ``stopping`` is set when it is asked to end; without a ``mailbox`` none is read, and
    without a ``sender`` no events go out.

    ``makes_open_data`` is the command that makes the files of open data, ``makes_quarter_files`` the one for the forms
    of quarters, ``keeps_editions`` the one that keeps what is public of them; without one that is not done.
    """

    make_session: Callable[[], Session]
    deliverer: Deliverer
    files: FileStore
    links: Links
    data_dir: Path
    stopping: threading.Event
    mailbox: Mailbox | None = None
    rules: AttachmentRules | None = None
    sender: Sender | None = None
    sign: Sign = field(default_factory=Sign)
    makes_open_data: tuple[str, ...] = ()
    makes_quarter_files: tuple[str, ...] = ()
    keeps_editions: tuple[str, ...] = ()

    def run(self) -> None:
        """Work until asked to stop; a lost database is waited for."""
        log = structlog.get_logger()
        wait = POLL_SECONDS
        while not self.stopping.is_set():
            try:
                self.sign.give(self.make_session)
                self.carry_out_bulk()
                self.make_quarter_files()
                is_server_away = self.deliver_all()
                self.deliver_events()
                self.read_mailbox()
                self.run_jobs()
                self.carry_out_imports()  # late: a file that the database does not get done holds up nothing else
                self.find_similar()  # last: nobody waits for it, and pages do without
            except (OperationalError, InterfaceError) as error:
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)
                log.warning("database away", wait_seconds=wait, **describe(error))
            else:
                wait = min(wait * 2, LONGEST_WAIT_SECONDS) if is_server_away else POLL_SECONDS
            self.stopping.wait(wait)
        self.sign.take_back(self.make_session)
        self.deliverer.rest()
        if self.mailbox is not None:
            self.mailbox.rest()

    def deliver_all(self) -> bool:
        """Deliver whatever is due, one transaction a mail; says whether the mail server was away."""
        log = structlog.get_logger()
        while not self.stopping.is_set():
            self.sign.give_again(self.make_session)
            with closing(self.make_session()) as session:
                done = delivery.deliver_next(self._context(session), self.deliverer)
                session.commit()
            if done is None:
                self.deliverer.rest()
                return False
            if done.outcome is not Outcome.SENT:
                log.warning("mail not delivered", mail_id=done.mail_id, outcome=done.outcome, reason=done.reason)
            if done.is_server_away:
                return True
        return False

    def deliver_events(self) -> None:
        """Hand over the events that are due for some seconds: an address that answers late holds up no mail for longer
        than that, and an odd event no other work."""
        until = time.monotonic() + EVENTS_SECONDS
        while self.sender is not None and not self.stopping.is_set() and time.monotonic() < until:
            self.sign.give_again(self.make_session)
            try:
                if not self._deliver_event(self.sender):
                    return
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                structlog.get_logger().error("events not claimed", **describe(error))
                return

    def _deliver_event(self, sender: Sender) -> bool:
        """Hand over one event, with no transaction open meanwhile; False when nothing is due."""
        log = structlog.get_logger()
        with closing(self.make_session()) as session:
            ready = event_delivery.claim(self._context(session), sender)
            session.commit()
        if ready is None:
            return False
        about = {"subscription_id": ready.subscription_id, "event_id": ready.event_id}
        answer = event_delivery.hand_over(ready, sender)
        if answer.outcome is not TryOutcome.TAKEN:
            log.warning("event not delivered", outcome=answer.outcome, **about)
        with closing(self.make_session()) as session:
            try:
                event_delivery.mark(self._context(session), ready, answer)
                session.commit()
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # one odd event must not stop all other work
                session.rollback()
                log.error("event not marked", **about, **describe(error))
                event_delivery.set_aside(self._context(session), ready)
                session.commit()
        return True

    def read_mailbox(self) -> None:
        """Take in what waits in the mailbox, once a minute; one of the workers does so. A mail is moved out of the way
        after the commit: whoever is killed in between finds it again, and sees that it was taken in."""
        mailbox, log = self.mailbox, structlog.get_logger()
        if mailbox is None or self.rules is None:
            return
        with closing(self.make_session()) as session:
            is_ours = polling.claim(session, datetime.now(UTC))
            session.commit()
        if not is_ours:
            return
        error = None
        try:
            for uid in mailbox.waiting():
                if self.stopping.is_set():
                    break
                self._take_in(mailbox, Intake(self.files, self.rules), uid)
        except MailboxAway as away:
            error = str(away)
            log.warning("mailbox away", reason=error)
        finally:
            mailbox.rest()
        with closing(self.make_session()) as session:
            polling.note(session, datetime.now(UTC), error)
            session.commit()

    def _take_in(self, mailbox: Mailbox, intake: Intake, uid: str) -> None:
        log = structlog.get_logger()
        fetched = mailbox.fetch(uid)
        if fetched is None:
            return
        with closing(self.make_session()) as session:
            try:
                taken = incoming.take_in(self._context(session), intake, fetched)
                session.commit()
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # an odd mail must not stop all the others
                session.rollback()
                log.error("mail not read", **describe(error))
                incoming.keep_unreadable(self._context(session), fetched)
                session.commit()
            else:
                log.info("mail taken in", outcome=taken)
        mailbox.file_away(uid)

    def carry_out_bulk(self) -> None:
        """Finish the acts on several cases that a page began and did not get done; a fault leaves the others alone."""
        with closing(self.make_session()) as session:
            for bulk_id in bulk.at_work(session):
                try:
                    bulk.carry_out(self._context(session), bulk_id, session.commit, self._goes_on)
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:
                    session.rollback()
                    structlog.get_logger().error("bulk act failed", bulk_id=bulk_id, **describe(error))

    def carry_out_imports(self) -> None:
        """Go on with the files that somebody loaded, for some seconds each; a fault leaves the others alone."""
        with closing(self.make_session()) as session:
            for run_id in imports.at_work(session):
                until = time.monotonic() + IMPORT_SECONDS
                go_on = lambda until=until: self._goes_on() and time.monotonic() < until  # noqa: E731
                try:
                    runs.carry_out(self._context(session), self.files, run_id, session.commit, go_on)
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:
                    session.rollback()
                    structlog.get_logger().error("import failed", run_id=run_id, **describe(error))

    def find_similar(self) -> None:
        """Find which published cases are like one another where that is due, for some seconds; one transaction a case.
        A fault in one leaves the others alone."""
        until = time.monotonic() + SIMILAR_SECONDS
        with closing(self.make_session()) as session:
            while self._goes_on() and time.monotonic() < until:
                due = next_due(session, datetime.now(UTC))
                if due is None:
                    return
                try:
                    similar.list_for(session, due, datetime.now(UTC))
                    session.commit()
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:
                    session.rollback()
                    structlog.get_logger().error("similar cases not found", case_id=due.case_id, **describe(error))
                    similar.set_aside(session, due.case_id, datetime.now(UTC))
                    session.commit()

    def run_jobs(self) -> None:
        """Do the work of this hour and this day that nobody did yet; a fault in one job leaves the others alone."""
        log = structlog.get_logger()
        jobs, local = self.jobs(), datetime.now(AMSTERDAM)
        with closing(self.make_session()) as session:  # a second later there is seldom anything: ask that once for all
            left = upkeep.unclaimed(session, {job.name: job.period(local) for job in jobs}, datetime.now(UTC))
        for job in (job for job in jobs if job.name in left):
            if self.stopping.is_set():
                return
            self.sign.give_again(self.make_session)
            period = job.period(datetime.now(AMSTERDAM))
            with closing(self.make_session()) as session:
                if not upkeep.claim(session, job.name, period, datetime.now(UTC)):
                    session.rollback()
                    continue
                session.commit()
                try:
                    with tracer.inside(f"job {job.name}"):
                        job.run(session)
                except (OperationalError, InterfaceError):
                    raise
                except CutOff:  # not finished: it is claimed again after a while
                    log.info("job cut off", job=job.name, period=period)
                    return
                except Exception as error:
                    session.rollback()
                    log.error("job failed", job=job.name, period=period, **describe(error))
                    upkeep.note_failure(session, job.name, period, datetime.now(UTC))
                    session.commit()
                    continue
                upkeep.finish(session, job.name, period, datetime.now(UTC))
                session.commit()
                log.info("job done", job=job.name, period=period)

    def jobs(self) -> tuple[Job, ...]:
        return (
            Job("termijnen", _hour, self._run_timed),
            Job("archief", _hour, self._run_archive),
            Job("anker", _hour, self._note_anchor),
            Job("opruimen", _day, self._sweep),
            Job("grootboek", _ledger_hour, self._build_ledger),
            Job("grootboek-controle", _day, self._verify_ledger),
            Job("zoekwoorden", _index_version, self._reindex),
            Job(health.OPEN_DATA, _hour, self._make_open_data),
            Job("kwartalen", _day, self._keep_editions),
        )

    def _context(self, session: Session) -> Context:
        return Context(session, SYSTEM, datetime.now(UTC), self.links)

    def _run_timed(self, session: Session) -> None:
        count = scheduled.run_due(self._context(session), self._commit_and_deliver(session), self._goes_on)
        structlog.get_logger().info("terms", looked_at=count)
        self._cut_off_when_asked()

    def _run_archive(self, session: Session) -> None:
        count = archive.run_due(self._context(session), self.files, self._commit_and_deliver(session), self._goes_on)
        structlog.get_logger().info("archive", looked_at=count)
        self._cut_off_when_asked()

    def _goes_on(self) -> bool:
        return not self.stopping.is_set()

    def _cut_off_when_asked(self) -> None:
        """In long work, where nothing is half done.

        Raises:
            CutOff: the worker must end now; whoever works on claims the work again.
        """
        if self.stopping.is_set():
            raise CutOff

    def _commit_and_deliver(self, session: Session) -> Callable[[], None]:
        """How long work of small steps commits each: mail and events go out now and then, however many steps there are,
        and others see that the worker is there."""
        again = time.monotonic() + POLL_SECONDS

        def commit() -> None:
            nonlocal again
            session.commit()
            if time.monotonic() < again or self.stopping.is_set():
                return
            self.sign.give_again(self.make_session)
            is_server_away = self.deliver_all()
            self.deliver_events()
            again = time.monotonic() + (LONGEST_WAIT_SECONDS if is_server_away else POLL_SECONDS)

        return commit

    def _note_anchor(self, session: Session) -> None:
        """Write down how far the event chain goes, outside the database; operators ship this line elsewhere."""
        number, last_hash = upkeep.last_event(session)
        if number == 0:
            return
        anchors.note(self.data_dir, datetime.now(UTC), number, last_hash)
        structlog.get_logger().info("anchor", number=number, hash=last_hash)

    def _build_ledger(self, session: Session) -> None:
        """Make the ledger of the figures where there is none, or one of other rules or lists."""
        if ledger.is_built(session):
            return
        for done in rebuild(session, datetime.now(UTC)):
            structlog.get_logger().info("ledger", cases=done)
            self._cut_off_when_asked()

    def _reindex(self, session: Session) -> None:
        """Make all search terms anew, once for each version of how they are made."""
        for progress in reindex.reindex(session):
            self.sign.give_again(self.make_session)
            structlog.get_logger().info("search terms", kind=progress.kind, done=progress.done, total=progress.total)
            self._cut_off_when_asked()

    def _make_open_data(self, session: Session) -> None:
        """Make the files of open data where what is public changed: in a process of its own, which loads the site."""
        now = datetime.now(UTC)
        is_due = open_data_files.is_due(session, nl_day(now), now - open_data_files.KEPT)
        session.rollback()
        if not (is_due and self.makes_open_data):
            return
        returncode = self._run_beside(self.makes_open_data)
        if returncode and self.stopping.is_set():
            raise CutOff
        if returncode:
            raise RuntimeError(f"make-open-data ended with {returncode}")

    def make_quarter_files(self) -> None:
        """Make the forms of quarters that somebody waits for, in a process of its own, which loads the site."""
        if not self.makes_quarter_files:
            return
        with closing(self.make_session()) as session:
            is_ours = quarter_files.begin(session, datetime.now(UTC))
            session.commit()
        if is_ours and (returncode := self._run_beside(self.makes_quarter_files)) and not self.stopping.is_set():
            structlog.get_logger().error("quarter files not made", returncode=returncode)

    def _keep_editions(self, session: Session) -> None:
        """Keep what is public of quarters that were sealed before that was kept; their forms are asked for then."""
        is_due = bool(editions.without_edition(session))
        session.rollback()
        if not (is_due and self.keeps_editions):
            return
        returncode = self._run_beside(self.keeps_editions)
        if returncode and self.stopping.is_set():
            raise CutOff
        if returncode:
            left = ", ".join(map(str, editions.without_edition(session)))
            raise RuntimeError(f"keep-editions ended with {returncode}; without an edition: {left}")

    def _run_beside(self, command: tuple[str, ...]) -> int | None:
        """Run a command to its end, or until the worker must stop; what people wait for does not wait for it."""
        work = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        try:
            while work.poll() is None and not self.stopping.is_set():
                self.sign.give_again(self.make_session)
                is_server_away = self.deliver_all()
                self.deliver_events()
                self.stopping.wait(LONGEST_WAIT_SECONDS if is_server_away else POLL_SECONDS)
        finally:
            _end(work)
        return work.returncode

    def _verify_ledger(self, session: Session) -> None:
        """Count every quarter again from the events alone, and name what differs.

        Raises:
            FoundWrong: something differs; the job failed, so that whoever looks after the installation hears of it.
        """
        commit, found = self._commit_and_deliver(session), 0
        today = nl_day(datetime.now(UTC))
        for quarter in quarters_of_cases(session, today):
            commit()
            self._cut_off_when_asked()
            fix_moment(session)
            if not ledger.is_built(session):
                break
            for line in differences(session, quarter, today):
                structlog.get_logger().error("ledger differs", place=line)
                found += 1
        commit()
        if found:
            raise FoundWrong(f"{found} figures are not what the events say")

    def _sweep(self, session: Session) -> None:
        """Remove what has done its work.

        Raises:
            FoundWrong: files of attachments are gone. All else was done.
        """
        now = datetime.now(UTC)
        counts = upkeep.sweep_tables(session, now)
        similar.ask_for_missing(session, now)
        session.commit()
        self._tidy_mailbox()
        report = attachments.sweep(session, self.files, now)
        session.rollback()
        log = structlog.get_logger()
        log.info("sweep", removed_files=report.removed_files, **counts)
        for attachment_id in report.rows_without_file:
            log.error("attachment without file", attachment_id=attachment_id)
        if report.rows_without_file:
            raise FoundWrong(f"{len(report.rows_without_file)} attachments have no file")

    def _tidy_mailbox(self) -> None:
        """Remove from the mailbox what was taken in a month ago."""
        if self.mailbox is None:
            return
        try:
            removed = self.mailbox.tidy((datetime.now(AMSTERDAM) - SOURCE_KEPT).date())
            structlog.get_logger().info("mailbox", removed=removed)
        except MailboxAway as away:
            structlog.get_logger().warning("mailbox away", reason=str(away))


def run_worker(config: Config) -> None:
    """Run one worker until it is asked to stop. It needs the database and the services, and no page of the site."""
    log_lines.configure()
    connections = Connections()
    connections.connect(installation.place_of(config), FOR_WORK)
    installation.tell_outside(config, connections.engine)
    installation.keep_books(config, connections.make_session)
    try:
        Worker(
            make_session=connections.new_session,
            deliverer=installation.deliverer_of(config),
            files=installation.file_store(config),
            links=installation.links_of(config),
            data_dir=config.data_dir,
            stopping=stop_when_asked(),
            mailbox=installation.mailbox_of(config),
            rules=installation.attachment_rules(config),
            sender=installation.sender_of(config),
            makes_open_data=(sys.executable, "-m", "knelpunt", "make-open-data"),
            makes_quarter_files=(sys.executable, "-m", "knelpunt", "make-quarter-files"),
            keeps_editions=(sys.executable, "-m", "knelpunt", "keep-editions"),
        ).run()
    finally:
        connections.dispose()


@click.command("worker")
def command() -> None:
    """Deliver mail and do the work that repeats; run as many of these as you like."""
    with database() as ready:
        run_worker(ready.config)


def _end(work: subprocess.Popen[bytes]) -> None:
    """End a process that was started, when it did not end by itself."""
    if work.poll() is None:
        work.terminate()
        try:
            work.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            work.kill()
            work.wait()


def _ledger_hour(now: datetime) -> str:
    return f"{_hour(now)}, versie {VERSION}"


def _index_version(_now: datetime) -> str:
    return f"versie {reindex.VERSION}"


def _hour(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H%z")


def _day(now: datetime) -> str:
    return now.strftime("%Y-%m-%d")
