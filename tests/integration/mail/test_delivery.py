"""Every mail arrives, under the id it was written with, whatever the server and the workers go through."""

import random
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from knelpunt.adapters.database.embedded_database import DatabaseUrls
from knelpunt.adapters.mail import DeliveryFailed, Mail, MailServer, Security, ShowOnly, SmtpDeliverer, compose
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.commands import worker as worker_module
from knelpunt.commands.worker import Worker
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.links import Links
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import SYSTEM
from knelpunt.extensions import db
from knelpunt.models import Contact, Event, JobRun, OutboxMail, RunningWorker
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.jobs import upkeep
from knelpunt.services.mail import delivery, messages
from knelpunt.services.mail.delivery import ATTEMPTS_TO_NOBODY, MAX_ATTEMPTS, PAUSES, Outcome
from knelpunt.services.submitters import mail_texts as texts
from tests.support.factories import Factory
from tests.support.mail_server import Mailbox, free_port, running

LINKS = Links("https://knelpunt.example", "a key that is only for tests, 32 characters")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def act_at(session: Session, now: datetime = NOW) -> Context:
    return Context(session, SYSTEM, now, LINKS)


def write(session: Session, number: int = 1, now: datetime = NOW, **more: object) -> OutboxMail:
    mail = messages.queue(
        act_at(session, now),
        MailKind.MESSAGE,
        to_address=f"buurt{number}@proef.example",
        subject=f"Bericht {number} \u2013 caf\u00e9",
        body=f"Dit is een regel met \u00e9\u00e9n accent.\n\n.Een punt vooraan.\n{'lang ' * 300}\n",
        **more,
    )
    assert mail is not None
    return mail


def smtp(port: int) -> SmtpDeliverer:
    return SmtpDeliverer(MailServer("127.0.0.1", port, Security.NONE, None, None, "loket@knelpunt.example"))


class KnowsNobody(Mailbox):
    """Refuses every address."""

    async def handle_RCPT(self, *_asked: object) -> str:
        return "550 no such user"


class Broken:
    """A deliverer that always fails the same way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def deliver(self, _mail: Mail) -> None:
        raise self.error

    def rest(self) -> None:
        return


# --- one mail


def test_a_mail_arrives_as_it_was_written(session: Session) -> None:
    mailbox = Mailbox()
    with running(mailbox) as port:
        deliverer = smtp(port)
        mail = write(session)
        done = delivery.deliver_next(act_at(session), deliverer)
        assert done is not None
        assert done.outcome is Outcome.SENT
        assert delivery.deliver_next(act_at(session), deliverer) is None
        deliverer.rest()
    [got] = mailbox.mails
    assert got["Message-ID"].strip() == mail.message_id
    assert got["Subject"] == "Bericht 1 \u2013 caf\u00e9"
    assert got["To"] == "buurt1@proef.example"
    assert got["From"] == "Knelpunt <loket@knelpunt.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Date"].datetime == NOW
    assert got.get_content_type() == "text/plain"
    assert got.get_content().replace("\r\n", "\n") == mail.body
    assert mail.sent_at == NOW


@pytest.mark.parametrize("field", ["to_address", "subject", "message_id"])
def test_nothing_can_be_smuggled_into_the_head_of_a_mail(field: str) -> None:
    values = {"message_id": "<1@x.example>", "to_address": "a@x.example", "subject": "S", "body": "B"}
    values[field] += "\r\nBcc: allen@proef.example"
    with pytest.raises(DeliveryFailed, match="head of the mail"):
        compose(Mail(**values, written_at=NOW), "loket@knelpunt.example")


def test_in_the_demo_a_mail_counts_as_sent_and_stays_to_be_read(session: Session) -> None:
    mail = write(session)
    assert delivery.deliver_next(act_at(session), ShowOnly()) == delivery.Delivery(mail.id, Outcome.SENT)
    assert mail.body is not None


def test_a_failure_is_tried_again_later_each_time_after_a_longer_wait(session: Session) -> None:
    mail = write(session)
    now = NOW
    for attempt, pause in enumerate(PAUSES, 1):
        done = delivery.deliver_next(act_at(session, now), Broken(DeliveryFailed("no", is_server_away=True)))
        assert done == delivery.Delivery(mail.id, Outcome.POSTPONED, "no", is_server_away=True)
        assert (mail.attempts, mail.next_try_at) == (attempt, now + pause)
        assert delivery.deliver_next(act_at(session, now + pause - timedelta(seconds=1)), ShowOnly()) is None
        now += pause
    assert list(PAUSES) == sorted(PAUSES)
    assert NOW + timedelta(days=2) < now < NOW + timedelta(days=3)


def test_a_mail_that_keeps_failing_is_given_up_and_recorded(session: Session) -> None:
    mail = write(session)
    mail.attempts = MAX_ATTEMPTS - 1
    done = delivery.deliver_next(act_at(session), Broken(DeliveryFailed("no", is_server_away=False)))
    assert done is not None
    assert (done.outcome, mail.gave_up_at, mail.last_error) == (Outcome.GAVE_UP, NOW, "no")
    event = session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()
    assert (event.kind, event.data) == ("mail_niet_bezorgd", {"case_id": None, "mail_id": mail.id})
    assert delivery.deliver_next(act_at(session, NOW + timedelta(days=9)), ShowOnly()) is None

    assert delivery.retry(act_at(session), mail.id)
    done = delivery.deliver_next(act_at(session), ShowOnly())
    assert done is not None
    assert done.outcome is Outcome.SENT
    assert not delivery.retry(act_at(session), mail.id)


def test_an_address_that_nobody_has_is_given_up_within_two_hours(session: Session) -> None:
    mail, now = write(session), NOW
    with running(KnowsNobody()) as port:
        deliverer = smtp(port)
        for _ in range(ATTEMPTS_TO_NOBODY):
            assert mail.gave_up_at is None
            delivery.deliver_next(act_at(session, now), deliverer)
            now = max(now, mail.next_try_at)
        deliverer.rest()
    assert mail.last_error == "the server refused the address (550)"
    assert mail.gave_up_at is not None
    assert NOW + timedelta(minutes=30) < mail.gave_up_at < NOW + timedelta(hours=2)


def test_one_odd_mail_does_not_stop_the_others(session: Session) -> None:
    odd, good = write(session, 1), write(session, 2)
    done = delivery.deliver_next(act_at(session), Broken(UnicodeError("odd")))
    assert done is not None
    assert (done.mail_id, done.outcome, odd.last_error) == (
        odd.id,
        Outcome.POSTPONED,
        "a fault of our own (UnicodeError)",
    )
    done = delivery.deliver_next(act_at(session), ShowOnly())
    assert done is not None
    assert done.mail_id == good.id


def test_the_last_mail_to_somebody_erased_is_emptied_when_it_has_gone(session: Session, make: Factory) -> None:
    case = make.case(email="buurt@proef.example")
    mail = messages.notify_submitter(act_at(session), case, texts.withdrawn(contact_ends_on=None))
    session.get_one(Contact, case.id).erased_at = NOW
    session.flush()
    assert mail is not None
    delivery.deliver_next(act_at(session), ShowOnly())
    assert (mail.sent_at, mail.to_address, mail.body) == (NOW, None, None)


@pytest.mark.parametrize(
    ("answer", "reason", "away"),
    [
        ("451 later", r"refused the mail \(451\)", False),
        ("554 no", r"refused the mail \(554\)", False),
        ("hang up", "connection broke", True),
    ],
)
def test_what_the_server_says_is_kept_without_the_address(
    session: Session, answer: str, reason: str, away: bool
) -> None:
    mail = write(session)
    with running(Mailbox(lambda attempt: answer if attempt == 1 else None)) as port:
        deliverer = smtp(port)
        done = delivery.deliver_next(act_at(session), deliverer)
        assert done is not None
        assert (done.outcome, done.is_server_away) == (Outcome.POSTPONED, away)
        again = delivery.deliver_next(act_at(session, NOW + PAUSES[0]), deliverer)
        assert again is not None
        assert again.outcome is Outcome.SENT
        deliverer.rest()
    assert done.reason is not None
    assert re.search(reason, done.reason)
    assert mail.to_address is not None
    assert mail.to_address not in done.reason


def test_a_server_that_is_away_is_noticed_at_once(session: Session) -> None:
    write(session)
    done = delivery.deliver_next(act_at(session), smtp(free_port()))
    assert done is not None
    assert (done.outcome, done.is_server_away, done.reason) == (
        Outcome.POSTPONED,
        True,
        "no connection (ConnectionRefusedError)",
    )


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_that_cannot_protect_the_connection_gets_nothing(session: Session, security: Security) -> None:
    write(session)
    mailbox = Mailbox()
    with running(mailbox) as port:
        server = MailServer("127.0.0.1", port, security, None, None, "loket@knelpunt.example")
        done = delivery.deliver_next(act_at(session), SmtpDeliverer(server))
    assert done is not None
    assert (done.outcome, done.is_server_away) == (Outcome.POSTPONED, True)
    assert mailbox.mails == []


# --- many mails, several workers, faults


def count_waiting() -> int:
    with db.new_session() as session:
        return session.scalar(select(func.count()).where(OutboxMail.sent_at.is_(None))) or 0


def test_of_1000_mails_over_a_faulty_server_and_killed_workers_none_is_lost_or_gets_another_id(
    own_database: DatabaseUrls,
) -> None:
    """A worker that is killed between handing over and marking is one whose commit never happens."""
    chance = random.Random(20261124)
    faults = [None] * 12 + ["451 later", "554 no", "hang up", "take and hang up"]
    mailbox = Mailbox(lambda _attempt: chance.choice(faults))
    handed_over: list[int] = []  # by a worker that was killed before it could mark them
    with db.new_session() as session:
        ids = {write(session, number).message_id for number in range(1000)}
        session.commit()

    def work(port: int, seed: int) -> None:
        own_chance = random.Random(seed)
        deliverer = smtp(port)
        now = NOW
        idle = 0
        while idle < 3:
            with db.new_session() as session:
                done = delivery.deliver_next(act_at(session, now), deliverer)
                if own_chance.random() < 0.05:
                    if done is not None and done.outcome is Outcome.SENT:
                        handed_over.append(done.mail_id)
                    continue  # killed: the session is closed without a commit
                session.commit()
            if done is None:
                idle += 1
                now += PAUSES[-1]
            else:
                idle = 0
        deliverer.rest()

    with running(mailbox) as port:
        workers = [threading.Thread(target=work, args=(port, seed)) for seed in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert count_waiting() == 0
    assert set(mailbox.message_ids) == ids
    assert mailbox.unconfirmed
    assert handed_over
    assert len(mailbox.message_ids) == 1000 + mailbox.unconfirmed + len(handed_over), "a mail went twice without cause"
    with db.new_session() as session:
        assert session.scalar(select(func.count()).where(OutboxMail.gave_up_at.is_not(None))) == 0


def test_two_workers_never_hold_one_mail(own_database: DatabaseUrls) -> None:
    with db.new_session() as session:
        write(session, 1)
        write(session, 2)
        session.commit()
    with db.new_session() as one, db.new_session() as two, db.new_session() as three:
        first = delivery.deliver_next(act_at(one), ShowOnly())
        second = delivery.deliver_next(act_at(two), ShowOnly())
        assert first is not None
        assert second is not None
        assert first.mail_id != second.mail_id
        assert delivery.deliver_next(act_at(three), ShowOnly()) is None


# --- the worker itself


@pytest.fixture
def worker(own_database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worker:
    monkeypatch.setattr("knelpunt.commands.worker.POLL_SECONDS", 0.05)
    return Worker(db.new_session, ShowOnly(), FolderStore(tmp_path / "files"), LINKS, tmp_path, threading.Event())


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    waiting = threading.Event()
    for _ in range(int(seconds * 20)):
        if condition():
            return True
        waiting.wait(0.05)
    return False


def test_a_worker_delivers_what_is_written_and_ends_when_asked(worker: Worker) -> None:
    thread = threading.Thread(target=worker.run)
    thread.start()
    with db.new_session() as session:
        write(session, now=datetime.now(UTC))
        session.commit()
    assert until(lambda: count_waiting() == 0)
    with db.new_session() as session:
        assert len(session.scalars(select(RunningWorker)).all()) == 1, "it says that it is there"
    worker.stopping.set()
    thread.join(2)
    assert not thread.is_alive()
    with db.new_session() as session:
        assert session.scalars(select(RunningWorker)).all() == [], "and that it ends"


def test_the_work_of_a_period_is_done_once_however_many_workers_there_are(worker: Worker, tmp_path: Path) -> None:
    with db.new_session() as session:
        events.append(session, [events.event_row("proef", recorded_at=NOW, happened_on=NOW.date())])
        session.commit()
    for _ in range(3):
        worker.run_jobs()
    with db.new_session() as session:
        runs = session.scalars(select(JobRun).order_by(JobRun.name)).all()
    jobs = ["anker", "archief", "grootboek", "grootboek-controle", "kwartalen", "open-data", "opruimen", "termijnen"]
    jobs.append("zoekwoorden")
    assert [run.name for run in runs] == jobs
    assert all(run.finished_at is not None for run in runs)
    assert (tmp_path / "event-anchors.log").read_text().count("\n") == 1


def test_quarters_of_which_nothing_was_kept_are_kept_by_a_process_of_their_own(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made"
    command = (sys.executable, "-c", f"open({str(made)!r}, 'w').close()")
    keeps = replace(worker, keeps_editions=command)
    with db.new_session() as session:
        keeps._keep_editions(session)
        assert not made.exists(), "each has its edition"
        monkeypatch.setattr(worker_module.editions, "without_edition", lambda _session: [Quarter(2026, 1)])
        keeps._keep_editions(session)
        assert made.exists()
        with pytest.raises(RuntimeError, match="2026-1"):
            replace(worker, keeps_editions=(sys.executable, "-c", "raise SystemExit(3)"))._keep_editions(session)


def test_open_data_in_the_making_holds_up_no_mail_and_is_made_again_after_a_stop(worker: Worker) -> None:
    slow = replace(worker, makes_open_data=(sys.executable, "-c", "import time; time.sleep(60)"))

    def run_of_open_data() -> JobRun | None:
        with db.new_session() as session:
            return session.scalar(select(JobRun).where(JobRun.name == "open-data"))

    thread = threading.Thread(target=slow.run_jobs)
    thread.start()
    try:
        assert until(lambda: run_of_open_data() is not None, 20)
        with db.new_session() as session:
            write(session, now=datetime.now(UTC))
            session.commit()
        assert until(lambda: count_waiting() == 0)
        assert thread.is_alive()
    finally:
        slow.stopping.set()
        thread.join(10)
    assert not thread.is_alive()
    run = run_of_open_data()
    assert run is not None
    assert (run.finished_at, run.failed_at) == (None, None)


def test_work_that_was_cut_off_is_claimed_again_after_a_while(session: Session) -> None:
    assert upkeep.claim(session, "proef", "1", NOW)
    assert not upkeep.claim(session, "proef", "1", NOW + timedelta(minutes=14))
    assert upkeep.claim(session, "proef", "1", NOW + timedelta(minutes=16))
    upkeep.finish(session, "proef", "1", NOW + timedelta(minutes=17))
    assert not upkeep.claim(session, "proef", "1", NOW + timedelta(days=9))
    assert upkeep.claim(session, "proef", "2", NOW)


def test_what_nobody_can_claim_is_known_without_claiming_it(session: Session) -> None:
    assert upkeep.claim(session, "gedaan", "1", NOW)
    upkeep.finish(session, "gedaan", "1", NOW)
    assert upkeep.claim(session, "bezig", "1", NOW)

    def left(at: datetime, period: str = "1") -> set[str]:
        return upkeep.unclaimed(session, dict.fromkeys(("gedaan", "bezig", "nieuw"), period), at)

    assert left(NOW + timedelta(minutes=14)) == {"nieuw"}
    assert left(NOW + timedelta(minutes=16)) == {"bezig", "nieuw"}, "who was at it is taken for lost"
    assert left(NOW, "2") == {"gedaan", "bezig", "nieuw"}


def test_many_things_that_are_due_hold_up_no_mail(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backlog of years takes minutes, in which people log in and wait for their code."""
    monkeypatch.setattr(worker_module, "POLL_SECONDS", 0.1)
    waiting = []

    def many_things(_context: Context, commit: Callable[[], None], _go_on: Callable[[], bool]) -> int:
        with db.new_session() as session:
            write(session, now=datetime.now(UTC))
            session.commit()
        waiting.append(count_waiting())

        def is_out_after_the_next() -> bool:
            commit()
            return count_waiting() == 0

        assert until(is_out_after_the_next), "it goes out between two of them"
        waiting.append(count_waiting())
        return 2

    monkeypatch.setattr(worker_module.scheduled, "run_due", many_things)
    worker.run_jobs()
    assert waiting == [1, 0]


def test_a_worker_waits_for_a_database_that_is_away(worker: Worker) -> None:
    calls = []

    def make_session() -> Session:
        calls.append(None)
        if len(calls) < 3:
            raise OperationalError("SELECT 1", {}, Exception("away"))
        return db.new_session()

    healed = Worker(make_session, worker.deliverer, worker.files, LINKS, worker.data_dir, threading.Event())
    thread = threading.Thread(target=healed.run)
    thread.start()
    assert until(lambda: len(calls) > 4, seconds=20)
    healed.stopping.set()
    thread.join(3)
    assert not thread.is_alive()
