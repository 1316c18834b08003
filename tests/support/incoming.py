"""Mails as people and machines send them, for tests of what comes in."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from knelpunt.adapters.mailbox.imap import Fetched
from knelpunt.domain.links import Links
from knelpunt.models import Case

MAILBOX = "loket@knelpunt.example"
READ = Links("http://localhost", "a key for the tests of the main line", mailbox=MAILBOX)
"""The addresses of a site that reads its mail."""


def to(case: Case) -> str:
    """The address to which the submitter of a case replies."""
    return READ.reply_to(case.id)


def a_mail(
    to: str = MAILBOX,
    sender: str = "initiatief@proef.example",
    body: str = "Hierbij de tekening.",
    message_id: str = "<1@proef.example>",
    files: tuple[tuple[str, bytes, str], ...] = (),
    **headers: str,
) -> bytes:
    """One mail; ``files`` are names, contents and kinds, headers are written with a _ for a -."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = f"Bewoner <{sender}>", to, message_id
    mail["Subject"] = headers.pop("subject", "Re: Wij hebben een vraag over uw melding")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    for name, content, kind in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, main, sub, filename=name)
    return mail.as_bytes()


def fetched(raw: bytes, arrived_at: datetime | None = None, *, is_whole: bool = True) -> Fetched:
    return Fetched("1", raw, arrived_at or datetime(2026, 11, 3, 10, tzinfo=UTC), is_whole)


def a_report(to: str, original_id: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A report of another server about a mail of ours (RFC 3464)."""
    return f"""Return-Path: <>\r
From: MAILER-DAEMON@elders.example\r
To: {to}\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <melding-{status}-{action}@elders.example>\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"\r
\r
--grens\r
Content-Type: text/plain; charset=us-ascii\r
\r
I'm sorry to have to inform you that your message could not be delivered.\r
--grens\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; elders.example\r
\r
Final-Recipient: rfc822; initiatief@proef.example\r
Action: {action}\r
Status: {status}\r
Diagnostic-Code: smtp; 550 5.1.1 no such user\r
\r
--grens\r
Content-Type: message/rfc822\r
\r
From: Knelpunt <{MAILBOX}>\r
To: initiatief@proef.example\r
Message-ID: {original_id}\r
Subject: Wij hebben een vraag\r
\r
Beste indiener,\r
--grens--\r
""".encode("ascii")
