"""Fetches mails over IMAP. A mail stays in the mailbox until the caller, after its commit, has it filed away."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from knelpunt.adapters.mail import Security

TIMEOUT_SECONDS = 30
MOST_AT_ONCE = 50
"""So many mails in one round; the rest comes with the next."""
LARGE_MAIL_BYTES = 262_144
"""So much is read of a mail that is too large: its head, and most likely its text."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "[^"]+"')


class MailboxAway(Exception):
    """The mailbox could not be read. The text holds no address: it goes to a log and a page."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as it lies in the mailbox. ``arrived_at`` is an instant with time zone, None when the server does not
    say; ``is_whole``: all of it was read."""

    uid: str
    raw: bytes
    arrived_at: datetime | None
    is_whole: bool


class Mailbox(Protocol):
    """Where mails come in."""

    def waiting(self) -> list[str]:
        """The mails that wait, oldest first. Raises MailboxAway."""

    def fetch(self, uid: str) -> Fetched | None:
        """One mail, which stays unread; None when it is gone. Raises MailboxAway."""

    def file_away(self, uid: str) -> None:
        """Move a mail out of the way, because it is kept elsewhere now. Raises MailboxAway."""

    def tidy(self, before: date) -> int:
        """Remove what was filed away before this day; how many. Raises MailboxAway."""

    def rest(self) -> None:
        """There is nothing to fetch for now: let go of the connection."""


@dataclass(frozen=True, slots=True)
class MailboxServer:
    """Where the mailbox is and how it wants to be spoken to. Mails wait in ``folder``, and go to ``done_folder``."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    max_bytes: int
    folder: str = "INBOX"
    done_folder: str = "Verwerkt"


class ImapMailbox:
    """A mailbox over IMAP4rev1."""

    def __init__(self, server: MailboxServer) -> None:
        self._server = server
        self._connection: imaplib.IMAP4 | None = None
        self._can: frozenset[str] = frozenset()

    def waiting(self) -> list[str]:
        with self._talking(self._server.folder) as connection:
            return self._search(connection, "UNDELETED")[:MOST_AT_ONCE]

    def fetch(self, uid: str) -> Fetched | None:
        with self._talking() as connection:
            facts = self._fetched(connection, uid, "(RFC822.SIZE INTERNALDATE)")
            size = _SIZE.search(facts[0])
            if size is None:
                return None
            is_whole = int(size[1]) <= self._server.max_bytes
            part = "BODY.PEEK[]" if is_whole else f"BODY.PEEK[]<0.{LARGE_MAIL_BYTES}>"
            _, raw = self._fetched(connection, uid, f"({part})")
            if raw is None:
                return None
            return Fetched(uid, raw, _instant(facts[0]), is_whole)

    def file_away(self, uid: str) -> None:
        server = self._server
        with self._talking() as connection:
            if not self._moved(connection, uid):
                connection.create(_quoted(server.done_folder))
                if not self._moved(connection, uid):
                    raise MailboxAway("a mail could not be filed away")

    def tidy(self, before: date) -> int:
        """A mail that was filed away keeps the day on which it arrived."""
        connection = self._connected()
        with self._faults():
            if connection.select(_quoted(self._server.done_folder))[0] != "OK":
                return 0  # nothing was filed away yet
        with self._talking(self._server.done_folder) as connection:
            found = self._search(connection, "BEFORE", imaplib.Time2Internaldate(_midnight(before))[1:12].strip())
            for uid in found:
                connection.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
            if found:
                connection.expunge()
        self.rest()
        return len(found)

    def rest(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Tell whatever goes wrong as one thing, and begin anew next time."""
        try:
            yield
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            self.rest()
            raise MailboxAway(f"the mailbox could not be read ({type(error).__name__})") from None

    @contextmanager
    def _talking(self, folder: str | None = None) -> Iterator[imaplib.IMAP4]:
        """The connection, in this folder when one is named."""
        connection = self._connected()
        with self._faults():
            if folder is not None and connection.select(_quoted(folder))[0] != "OK":
                self.rest()
                raise MailboxAway("the folder is not there")
            yield connection

    def _connected(self) -> imaplib.IMAP4:
        if self._connection is None:
            try:
                self._connection = self._open()
            except (imaplib.IMAP4.error, OSError) as error:
                raise MailboxAway(f"no connection ({type(error).__name__})") from None
        return self._connection

    def _open(self) -> imaplib.IMAP4:
        server = self._server
        connection: imaplib.IMAP4
        if server.security is Security.TLS:
            context = ssl.create_default_context()
            connection = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
        else:
            connection = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.security is Security.STARTTLS:
                connection.starttls(ssl.create_default_context())
            connection.login(server.user, server.password)
            # Asked after logging in: many a server says less before.
            answer = connection.capability()[1]
            self._can = frozenset(b" ".join(part for part in answer if part).decode("ascii", "replace").upper().split())
            connection.select(_quoted(server.folder))
        except BaseException:
            connection.shutdown()
            raise
        return connection

    def _moved(self, connection: imaplib.IMAP4, uid: str) -> bool:
        """By MOVE where the server knows it, else by copying and deleting; a mail that is gone was moved before."""
        done = _quoted(self._server.done_folder)
        if "MOVE" in self._can:
            return bool(connection.uid("MOVE", uid, done)[0] == "OK")
        if connection.uid("COPY", uid, done)[0] != "OK":
            return False
        connection.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
        if "UIDPLUS" in self._can:
            connection.uid("EXPUNGE", uid)
        else:
            connection.expunge()
        return True

    @staticmethod
    def _search(connection: imaplib.IMAP4, *criteria: str) -> list[str]:
        _, found = connection.uid("SEARCH", *criteria)
        return sorted((uid for uid in (found[0] or b"").decode("ascii").split()), key=int)

    @staticmethod
    def _fetched(connection: imaplib.IMAP4, uid: str, what: str) -> tuple[bytes, bytes | None]:
        """What the server says of a mail, and the literal that came with it."""
        _, answer = connection.uid("FETCH", uid, what)
        said, literal = b"", None
        for part in answer or ():
            if isinstance(part, tuple):
                said, literal = said + part[0], part[1]
            elif isinstance(part, bytes):
                said += part
        return said, literal


def _instant(said: bytes) -> datetime | None:
    """INTERNALDATE as an instant in UTC."""
    found = _DATE.search(said)
    parts = imaplib.Internaldate2tuple(found[0]) if found else None
    if parts is None:
        return None
    return datetime(*parts[:6]).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _quoted(folder: str) -> str:
    """A folder as IMAP wants it; names outside ASCII are in its own UTF-7, which the operator writes."""
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
