"""A worker is killed again and again while the mail server defers, drops and refuses, and while mail comes in: of what
goes out and of what comes in nothing is lost and nothing counts twice. A mail goes again only where the server took it
without saying so, or the worker was killed before it could mark it."""

import random
import signal
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import delete, func, select, update

from knelpunt.adapters.database.embedded_database import Server
from knelpunt.domain.links import Links
from knelpunt.models import IncomingMail, MailboxState, Message, OutboxMail
from tests.support.imap_server import PASSWORD, USER, ImapServer, running_imap
from tests.support.incoming import MAILBOX, a_mail
from tests.support.mail_server import FAULTS, Mailbox, running
from tests.support.site import Site, running_site

MAILS, REPLIES, KILLS = 24, 8, 4
LONGEST_SECONDS = 540


def test_killed_workers_and_a_faulty_server_lose_and_double_nothing(database_server: Server, server_dir: Path) -> None:
    chance = random.Random(20261130)
    mailbox = Mailbox(lambda attempt: chance.choice(FAULTS) if attempt % 3 == 0 else None)
    with (
        running(mailbox) as smtp_port,
        running_imap() as imap,
        running_site(database_server, server_dir, start=False) as site,
    ):
        site.worker.environ = {
            **site.worker.environ,
            "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(smtp_port), "SMTP_SECURITY": "none",
            "IMAP_HOST": "127.0.0.1", "IMAP_PORT": str(imap.port), "IMAP_SECURITY": "none",
            "IMAP_USER": USER, "IMAP_PASSWORD": PASSWORD, "KNELPUNT_REPLY_ADDRESS": MAILBOX,
        }  # fmt: skip
        case_id, ids = write(site)
        address = Links(site.url, site.config.secret_key, mailbox=MAILBOX).reply_to(case_id)
        for number in range(REPLIES):
            sender = f"buurt{number % 2}@proef.example"
            imap.put(a_mail(address or "", sender, body=f"Bericht {number}", message_id=f"<{number}@proef.example>"))
        kills, deadline = 0, time.monotonic() + LONGEST_SECONDS
        while not is_done(site, imap):
            assert time.monotonic() < deadline, "it does not come to an end"
            if not site.worker.is_running:
                site.worker.start()
            seen = mailbox.tries
            wait_for_work(mailbox, seen)
            if kills < KILLS and mailbox.tries > seen and site.worker.process is not None:
                site.worker.process.send_signal(signal.SIGKILL)
                site.worker.process.wait()
                kills += 1
            hurry(site)
        assert kills == KILLS
        taken = Counter(mailbox.message_ids)
        assert set(taken) >= ids, "a mail was lost"
        twice = taken.total() - len(taken)
        assert twice <= mailbox.unconfirmed + kills, "a mail went out twice without cause"
        with site.session() as session:
            assert session.scalar(select(func.count()).where(OutboxMail.gave_up_at.is_not(None))) == 0
            known = set(session.scalars(select(OutboxMail.message_id)))
            assert set(taken) <= known, "a mail went out under another id, and would count twice"
            landed = session.scalars(select(Message.body).where(Message.case_id == case_id)).all()
            assert sorted(landed) == sorted(f"Bericht {number}" for number in range(0, REPLIES, 2))
            assert session.scalar(select(func.count()).select_from(IncomingMail)) == REPLIES


def write(site: Site) -> tuple[int, set[str]]:
    """A case, and mails that wait: the id of the one, the ids of the others."""
    with site.factory() as make:
        case = make.case(email="buurt0@proef.example")
        ids = {f"<{number}@knelpunt.example>" for number in range(MAILS)}
        for number, message_id in enumerate(sorted(ids)):
            mail = OutboxMail(
                message_id=message_id,
                kind="bericht",
                to_address=f"buurt{number}@proef.example",
                subject="Bericht",
                body="Wij spraken de gemeente.\n",
                created_at=make.now,
                next_try_at=make.now,
                attempts=0,
            )
            make.add(mail)
        return case.id, ids


def is_done(site: Site, imap: ImapServer) -> bool:
    with site.session() as session:
        waiting = session.scalar(select(func.count()).where(OutboxMail.sent_at.is_(None)))
    return waiting == 0 and imap.count() == 0


def wait_for_work(mailbox: Mailbox, seen: int) -> None:
    """Until the server was tried a few times more, or for a while."""
    until = time.monotonic() + 5
    while mailbox.tries < seen + 4 and time.monotonic() < until:
        time.sleep(0.02)


def hurry(site: Site) -> None:
    """As if the pauses between two tries, and the minute between two looks in the mailbox, were over."""
    with site.session() as session:
        waits = update(OutboxMail).where(OutboxMail.sent_at.is_(None))
        session.execute(waits.values(next_try_at=OutboxMail.created_at, attempts=0))
        session.execute(delete(MailboxState))
