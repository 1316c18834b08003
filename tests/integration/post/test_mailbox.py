"""The mailbox is read over IMAP, from a real server; whatever is killed in between, nothing is lost or doubled."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.adapters.mail import Security, ShowOnly
from knelpunt.adapters.mailbox.imap import ImapMailbox, MailboxAway, MailboxServer
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.commands.worker import Worker
from knelpunt.domain.post.incoming import IncomingStatus
from knelpunt.models import Attachment, IncomingMail, MailboxState, Message
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.post import incoming
from tests.support.files import pdf
from tests.support.imap_server import ImapServer, running_imap
from tests.support.incoming import MAILBOX, READ, a_mail
from tests.support.mail_server import free_port


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    with running_imap() as server:
        yield server


@pytest.fixture
def empty(imap: ImapServer) -> ImapServer:
    """The same server with nothing that waits."""
    mailbox = ImapMailbox(imap.server())
    for uid in mailbox.waiting():
        mailbox.file_away(uid)
    mailbox.tidy(date(2100, 1, 1))
    mailbox.rest()
    return imap


class Killed(BaseException):
    """Ends a worker as a kill does: no handler sees it as an error."""


@pytest.fixture
def worker(connection, tmp_path):
    """``worker(mailbox)`` makes one whose sessions are those of the test."""

    def make(mailbox) -> Worker:
        return Worker(
            make_session=lambda: Session(connection, join_transaction_mode="create_savepoint"),
            deliverer=ShowOnly(),
            files=FolderStore(tmp_path),
            links=READ,
            data_dir=tmp_path,
            stopping=threading.Event(),
            mailbox=mailbox,
            rules=AttachmentRules(1_000_000, 5),
        )

    return make


def read_anew(worker: Worker, session: Session) -> None:
    """One round, as if a minute had gone by."""
    session.query(MailboxState).delete()
    session.flush()
    worker.read_mailbox()
    session.expire_all()


def test_a_mail_is_fetched_unread_and_filed_away(empty: ImapServer) -> None:
    raw = a_mail()
    empty.put(raw)
    mailbox = ImapMailbox(empty.server())
    [uid] = mailbox.waiting()
    got = mailbox.fetch(uid)
    assert got is not None
    assert (got.raw, got.is_whole) == (raw, True)
    assert got.arrived_at is not None
    assert abs((datetime.now(UTC) - got.arrived_at).total_seconds()) < 120
    assert mailbox.waiting() == [uid]
    mailbox.file_away(uid)
    assert mailbox.waiting() == []
    assert mailbox.fetch(uid) is None
    assert (empty.count(), empty.count("Verwerkt")) == (0, 1)
    assert mailbox.tidy(date(2000, 1, 1)) == 0
    assert mailbox.tidy(date(2100, 1, 1)) == 1
    assert empty.count("Verwerkt") == 0
    mailbox.rest()


def test_of_a_mail_that_is_too_large_only_the_beginning_is_fetched(empty: ImapServer) -> None:
    empty.put(a_mail(body="a" * 60 + "\n" + ("b" * 70 + "\n") * 8000))
    mailbox = ImapMailbox(empty.server(max_bytes=300_000))
    got = mailbox.fetch(mailbox.waiting()[0])
    mailbox.rest()
    assert got is not None
    assert not got.is_whole
    assert len(got.raw) < 300_000
    assert b"Hierbij" not in got.raw and b"aaaa" in got.raw


def test_a_server_that_is_away_is_said_without_an_address() -> None:
    for server in (
        MailboxServer("127.0.0.1", free_port(), Security.NONE, "loket", "x", 1000),
        MailboxServer("127.0.0.1", free_port(), Security.TLS, "loket", "x", 1000),
    ):
        with pytest.raises(MailboxAway, match="no connection") as told:
            ImapMailbox(server).waiting()
        assert "loket" not in str(told.value)


def test_a_wrong_password_is_told_to_the_administrator(
    imap, worker, session, make, client_as, app, monkeypatch
) -> None:
    wrong = MailboxServer("127.0.0.1", imap.port, Security.NONE, "loket", "fout", 1000)
    read_anew(worker(ImapMailbox(wrong)), session)
    assert "no connection" in session.scalars(select(MailboxState.error)).one()
    monkeypatch.setitem(app.config, "LINKS", READ)
    page = client_as(make.administrator()).get("/beheer/binnenkomende-post").get_data(as_text=True)
    assert "Het postvak is niet te lezen" in page
    assert MAILBOX in page


def test_without_a_mailbox_the_page_says_that_nothing_is_read(make, client_as) -> None:
    page = client_as(make.administrator()).get("/beheer/binnenkomende-post").get_data(as_text=True)
    assert "Er wordt geen mail gelezen" in page


def test_the_worker_takes_in_what_waits_and_counts_it(empty, worker, session, make) -> None:
    case = make.case(email="initiatief@proef.example")
    to = READ.reply_to(case.id)
    empty.put(
        a_mail(to, files=(("a.pdf", pdf(), "application/pdf"),)),
        a_mail(to, message_id="<ziek@x.example>", Auto_Submitted="auto-replied"),
        b"\0\xff kapot",
        a_mail(to, message_id="<2@proef.example>", body="Nog iets."),
    )
    read_anew(worker(ImapMailbox(empty.server())), session)
    bodies = session.scalars(select(Message.body).where(Message.case_id == case.id).order_by(Message.id)).all()
    assert bodies == ["Hierbij de tekening.", "Nog iets."]
    counts = dict(session.execute(select(IncomingMail.status, func.count()).group_by(IncomingMail.status)).all())
    assert counts == {IncomingStatus.LANDED: 2, IncomingStatus.IGNORED: 1, IncomingStatus.WAITING: 1}
    assert (empty.count(), empty.count("Verwerkt")) == (0, 4)
    state = session.scalars(select(MailboxState)).one()
    assert state.worked_at is not None
    assert state.error is None


def test_one_worker_a_minute_reads(empty, worker, session) -> None:
    read_anew(worker(ImapMailbox(empty.server())), session)
    empty.put(a_mail())
    worker(ImapMailbox(empty.server())).read_mailbox()
    assert empty.count() == 1


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_killed_in_between_nothing_is_lost_and_nothing_doubled(
    empty, worker, session, make, monkeypatch, moment
) -> None:
    case = make.case(email="initiatief@proef.example")
    empty.put(a_mail(READ.reply_to(case.id), files=(("a.pdf", pdf(), "application/pdf"),)))
    mailbox = ImapMailbox(empty.server())

    def killed(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        if moment == "after the commit":
            patched.setattr(mailbox, "file_away", killed)
        else:
            patched.setattr(incoming, "keep_source", lambda *_args, **_more: killed())
        with pytest.raises(Killed):
            read_anew(worker(mailbox), session)
    assert empty.count() == 1
    for _ in range(2):
        read_anew(worker(ImapMailbox(empty.server())), session)
    assert session.scalar(select(func.count()).select_from(Message).where(Message.case_id == case.id)) == 1
    assert session.scalar(select(func.count()).select_from(Attachment).where(Attachment.case_id == case.id)) == 1
    assert empty.count() == 0


def test_a_fault_of_our_own_over_one_mail_stops_no_other(empty, worker, session, make, monkeypatch) -> None:
    case = make.case(email="initiatief@proef.example")
    empty.put(a_mail(READ.reply_to(case.id), body="Deze gaat fout."), a_mail(message_id="<2@x.example>"))
    real = incoming.land

    def stumble(context, intake, row, read, found):
        real(context, intake, row, read, found)
        raise RuntimeError("a fault")

    monkeypatch.setattr(incoming, "land", stumble)
    read_anew(worker(ImapMailbox(empty.server())), session)
    rows = session.scalars(select(IncomingMail).order_by(IncomingMail.id)).all()
    assert [row.status for row in rows] == [IncomingStatus.WAITING] * 2
    assert session.scalars(select(Message).where(Message.case_id == case.id)).all() == []
    assert empty.count() == 0
