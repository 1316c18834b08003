"""A mail server for tests: keeps what it gets, and can refuse, break off or be away."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Verdict = Callable[[int], str | None]
FAULTS = ("450 busy", "451 later", "552 full", "554 no", "hang up", "take and hang up")
"""Defers, refuses and drops."""


class Mailbox:
    """Keeps mails in order of arrival. ``verdict`` gets the number of the try (from 1): a text refuses, None takes."""

    def __init__(self, verdict: Verdict | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.tries = 0
        self.unconfirmed = 0
        """How many mails it took without saying so: each may come once more."""
        self._verdict = verdict or (lambda _try: None)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.tries += 1
        answer = self._verdict(self.tries)
        if answer == "hang up":
            server.transport.close()
            return "421 closing"
        if answer == "take and hang up":
            self._keep(envelope)
            self.unconfirmed += 1
            server.transport.close()
            return "421 closing"
        if answer is not None:
            return answer
        self._keep(envelope)
        return "250 OK"

    def _keep(self, envelope: Envelope) -> None:
        content: Any = envelope.content
        message = BytesParser(policy=default).parsebytes(content)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)

    @property
    def message_ids(self) -> list[str]:
        return [mail["Message-ID"].strip() for mail in self.mails]


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(mailbox: Mailbox) -> Iterator[int]:
    """The port of a server on this machine."""
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop(no_assert=True)
