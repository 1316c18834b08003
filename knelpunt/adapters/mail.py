"""Hands one mail to the mail server. A mail that is handed over twice carries the same Message-ID both times."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Protocol

from knelpunt.domain.post.incoming import Refusal

TIMEOUT_SECONDS = 20
SENDER_NAME = "Knelpunt"
_GONE = frozenset({550, 551, 553})
"""The answers of a server that knows no such address (RFC 5321)."""
_STATUS = re.compile(rb"5\.\d{1,3}\.\d{1,3}\b")
"""What exactly was wrong, before the words of an answer (RFC 2034)."""


class DeliveryFailed(Exception):
    """The mail server did not take the mail. The text holds no address: it goes to a log and a list.

    ``is_server_away`` tells that the server could not be talked to at all, so that the next mail fails as well;
    ``is_address_gone`` that there is no such address; ``code`` what exactly the server said was wrong, if it did
    (RFC 3463).
    """

    def __init__(
        self, reason: str, *, is_server_away: bool, is_address_gone: bool = False, code: str | None = None
    ) -> None:
        super().__init__(reason)
        self.is_server_away = is_server_away
        self.is_address_gone = is_address_gone
        self.code = code


class Security(StrEnum):
    """How the connection with the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it leaves. ``written_at`` is an instant with time zone.

    ``stop_url``: where its reader stops such mails with one click (RFC 8058); None where they may not be stopped.
    ``reply_to`` and ``bounce_to``: where an answer and a report that it did not arrive are to go; None: to the sender.
    """

    message_id: str
    to_address: str
    subject: str
    body: str
    written_at: datetime
    stop_url: str | None = None
    reply_to: str | None = None
    bounce_to: str | None = None


class Deliverer(Protocol):
    def deliver(self, mail: Mail) -> None:
        """Hand over one mail; DeliveryFailed when it was not taken."""

    def rest(self) -> None:
        """There is nothing to send for now: let go of the connection."""


class ShowOnly:
    """Sends nothing: in the demo mails are read on the page with outgoing mail."""

    def deliver(self, mail: Mail) -> None:
        compose(mail, "knelpunt@localhost")

    def rest(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where the mail server is and how it wants to be spoken to."""

    host: str
    port: int
    security: Security
    user: str | None
    password: str | None
    from_address: str


class SmtpDeliverer:
    """Sends over SMTP, several mails over one connection."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def deliver(self, mail: Mail) -> None:
        message = compose(mail, self._server.from_address)
        connection = self._connected()
        try:
            connection.send_message(message, mail.bounce_to or self._server.from_address, [mail.to_address])
        except smtplib.SMTPRecipientsRefused as error:
            self._reset()
            [(code, words)] = error.recipients.values()
            status = _STATUS.match(words)
            raise DeliveryFailed(
                f"{Refusal.ADDRESS} ({code})",
                is_server_away=False,
                is_address_gone=code in _GONE,
                code=status[0].decode("ascii") if status else None,
            ) from None
        except smtplib.SMTPResponseException as error:
            self.rest()
            raise DeliveryFailed(f"{Refusal.MAIL} ({error.smtp_code})", is_server_away=False) from None
        except smtplib.SMTPNotSupportedError:
            self._reset()
            raise DeliveryFailed(Refusal.ODD_ADDRESS, is_server_away=False) from None
        except (smtplib.SMTPException, OSError) as error:
            self.rest()
            raise DeliveryFailed(f"{Refusal.BROKEN} ({type(error).__name__})", is_server_away=True) from None

    def rest(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        """The open connection, tested, or a new one: servers hang up after a while."""
        if self._connection is not None:
            try:
                if self._connection.noop()[0] == 250:
                    return self._connection
            except (smtplib.SMTPException, OSError):
                pass
            self.rest()
        try:
            self._connection = self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"{Refusal.NO_CONNECTION} ({type(error).__name__})", is_server_away=True) from None
        return self._connection

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.TLS:
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.security is Security.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if server.user is not None:
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def _reset(self) -> None:
        """Forget a half-sent mail but keep the connection."""
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self.rest()


def compose(mail: Mail, from_address: str) -> EmailMessage:
    """The mail in plain text, marked as automatic, so that no out-of-office answers it.

    Raises:
        DeliveryFailed: an address or the subject holds something that may not stand in a header.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(SENDER_NAME, addr_spec=from_address)
        message["To"] = Address(addr_spec=mail.to_address)
        message["Subject"] = mail.subject
        message["Message-ID"] = mail.message_id
        if mail.reply_to is not None:
            message["Reply-To"] = Address(SENDER_NAME, addr_spec=mail.reply_to)
    except (ValueError, MessageError):
        raise DeliveryFailed("the head of the mail is not in order", is_server_away=False) from None
    message["Date"] = format_datetime(mail.written_at)
    if mail.stop_url is not None:
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    return message
