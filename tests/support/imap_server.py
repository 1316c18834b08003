"""A real IMAP server (pymap) in a process of its own, with one mailbox in memory."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from knelpunt.adapters.mail import Security
from knelpunt.adapters.mailbox.imap import MailboxServer
from tests.support.mail_server import free_port

USER, PASSWORD = "loket", "vier losse demo woorden"
START_SECONDS = 180


@dataclass(frozen=True)
class ImapServer:
    """A mailbox that starts empty."""

    port: int

    def server(self, max_bytes: int = 1_000_000) -> MailboxServer:
        return MailboxServer("127.0.0.1", self.port, Security.NONE, USER, PASSWORD, max_bytes)

    def put(self, *mails: bytes) -> None:
        """Deliver mails, as a mail server does."""
        with self._open() as connection:
            for raw in mails:
                assert connection.append("INBOX", "", "", raw)[0] == "OK"

    def count(self, folder: str = "INBOX") -> int:
        """How many mails lie in a folder; one that is not there has none."""
        with self._open() as connection:
            status, answer = connection.select(folder, readonly=True)
            return int(answer[0] or 0) if status == "OK" else 0

    def _open(self) -> imaplib.IMAP4:
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        connection.login(USER, PASSWORD)
        return connection


@contextmanager
def running_imap() -> Iterator[ImapServer]:
    """A server on this machine, stopped at the end."""
    port = free_port()
    command = [sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-tls", "dict", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = ImapServer(port)
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                server.count()
                break
            except (OSError, imaplib.IMAP4.error):
                assert process.poll() is None, "the IMAP server ended while it was starting"
                assert time.monotonic() < deadline, "the IMAP server did not come up"
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(20)
