"""Reads a mail as it came in: who, what, which files, and whether a person wrote it. Never raises over odd mail."""

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import AddressHeader
from email.message import EmailMessage, Message
from email.utils import getaddresses

from knelpunt.adapters.mailbox.html_text import text_of

ADDRESS_HEADERS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
LOGO_BYTES = 20_000
"""A smaller picture inside the text of a mail is taken for a logo in a signature."""
MOST_PARTS = 200
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_BULK = frozenset({"bulk", "junk", "list"})
"""What ticket systems call the answers that people type in them, and machines what they write themselves."""
_ANSWERS_ITSELF = frozenset({"auto_reply", "auto-reply"})
_MACHINES = re.compile(r"^(mailer-daemon|postmaster)@", re.IGNORECASE)
_AWAY = re.compile(
    r"^\W*(?:automatisch(?:e)? (?:antwoord|reactie|reply)|afwezigheids(?:bericht|melding|assistent)|automatic reply"
    r"|auto(?:matic|mated)?[- ]?(?:reply|response)|out[- ]of[- ](?:the )?office|automatische antwort"
    r"|abwesenheitsnotiz|réponse automatique)\b",
    re.IGNORECASE,
)
"""How a mail program begins the subject of what it answers by itself. A person who answers begins with "Re:"."""
_STILL_TRIES = re.compile(
    r"\b(?:delay(?:ed)?|vertraag|vertraging|warning|waarschuwing|still trying|will retry)", re.IGNORECASE
)
_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
"""A signature says who wrote a mail; it is no file that somebody sent."""


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Returned:
    """A report that a mail of ours was not delivered, or not yet: as RFC 3464 has it, or in the words of a server.

    ``message_ids`` are of the mail that it is about; ``code`` is the status of the other server, such as 5.1.1, where
    it says so for machines.
    """

    has_failed: bool
    code: str | None
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What stands in a mail. Addresses are in small letters; ``answers`` are the mails that it replies to.

    ``is_automatic``: a machine wrote it. ``is_bulk``: it came out of a system, and a person may have written it there.
    """

    message_id: str | None
    digest: str
    sender: str | None
    recipients: tuple[str, ...]
    answers: tuple[str, ...]
    subject: str
    text: str
    files: tuple[MailFile, ...] = ()
    is_automatic: bool = False
    is_bulk: bool = False
    returned: Returned | None = None
    is_damaged: bool = field(default=False)


def read_mail(raw: bytes) -> ReadMail:
    """Read a mail of any kind. That some of it cannot be read is said with ``is_damaged``; the rest is there."""
    digest = hashlib.sha256(raw).hexdigest()
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        return _read(message, digest)
    except Exception:  # a mail may hold anything, and each fault in it comes out of another corner of the parser
        return _read_plainly(raw, digest)


def _read(message: EmailMessage | Message, digest: str) -> ReadMail:
    parts = list(_leaves(message))
    text, is_damaged = _text(parts)
    returned = _returned(message) or _returned_in_words(message, parts, text)
    files = () if returned else tuple(_files(parts))
    return ReadMail(
        message_id=_first_id(_header(message, "Message-ID")),
        digest=_content_digest(message, text, files) or digest,
        sender=next(iter(_addresses(message, "From")), None),
        recipients=tuple(address for name in ADDRESS_HEADERS for address in _addresses(message, name)),
        answers=_ids(" ".join((_header(message, "In-Reply-To"), _header(message, "References")))),
        subject=" ".join(_header(message, "Subject").split()),
        text=text,
        files=files,
        is_automatic=_is_automatic(message),
        is_bulk=_precedence(message) in _BULK,
        returned=returned,
        is_damaged=is_damaged or len(parts) >= MOST_PARTS,
    )


def _read_plainly(raw: bytes, digest: str) -> ReadMail:
    """The little that can be told of a mail on which the parser stumbled."""
    head = raw[:65_536].decode("utf-8", "replace")
    found = re.search(r"^Message-ID:\s*(<[^<>\s]{1,900}>)", head, re.IGNORECASE | re.MULTILINE)
    sender = re.search(r"^From:.*?([^\s<>\"]+@[^\s<>\"]+)", head, re.IGNORECASE | re.MULTILINE)
    return ReadMail(
        message_id=found[1] if found else None,
        digest=digest,
        sender=sender[1].lower() if sender else None,
        recipients=(),
        answers=(),
        subject="",
        text="",
        is_damaged=True,
    )


def _header(message: Message, name: str) -> str:
    """All values of a header as one text; a header that cannot be read counts as empty."""
    try:
        return " ".join(str(value) for value in message.get_all(name, ()))
    except Exception:
        return ""


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(text)))


def _first_id(text: str) -> str | None:
    return next(iter(_ids(text)), None)


def _addresses(message: Message, name: str) -> list[str]:
    try:
        values = message.get_all(name, ())
        found = [each.addr_spec for value in values if isinstance(value, AddressHeader) for each in value.addresses]
        found += [address for _, address in getaddresses([str(v) for v in values if not isinstance(v, AddressHeader)])]
    except Exception:
        return []
    return [address.lower() for address in found if "@" in address]


def _leaves(message: Message) -> Iterator[tuple[Message, bool]]:
    """The parts that hold something, with whether each stands inside a text with pictures. Mails inside a mail are one
    part. Without recursion: a mail can be nested deeper than Python counts."""
    waiting: list[tuple[Message, bool]] = [(message, False)]
    count = 0
    while waiting and count < MOST_PARTS:
        part, is_related = waiting.pop(0)
        count += 1
        if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
            inside = part.get_content_subtype() == "related"
            children = [(each, inside or is_related) for each in part.get_payload() if isinstance(each, Message)]
            waiting[:0] = children
        else:
            yield part, is_related


def _text(parts: list[tuple[Message, bool]]) -> tuple[str, bool]:
    """What was written, from the plain text, else from the HTML; and whether something of it could not be read."""
    plain: list[str] = []
    html: list[str] = []
    is_damaged = False
    for part, _ in parts:
        if part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html"):
            continue
        words, is_odd = _decoded(part)
        is_damaged = is_damaged or is_odd
        (plain if kind == "text/plain" else html).append(words)
    text = "\n\n".join(each for each in plain if each.strip())
    if not text:
        text = "\n\n".join(text_of(each) for each in html)
    return text.strip(), is_damaged


def _decoded(part: Message) -> tuple[str, bool]:
    """The text of a part, whatever its charset is called; and whether letters of it were lost."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return "", True
    named = part.get_content_charset() or "utf-8"
    for charset in dict.fromkeys((named, "utf-8")):
        with suppress(LookupError, UnicodeDecodeError, ValueError):
            return payload.decode(charset), False
    mended = payload.decode("utf-8", "replace")
    lost = mended.count("\N{REPLACEMENT CHARACTER}")
    if (
        sum(not letter.isascii() for letter in mended) >= 2 * lost
    ):  # most of it is UTF-8, of which something was cut off
        return mended, True
    with suppress(UnicodeDecodeError):
        return payload.decode("windows-1252"), False
    return mended, True


def _files(parts: list[tuple[Message, bool]]) -> Iterator[MailFile]:
    number = 0
    for part, is_related in parts:
        kind, name = part.get_content_type(), part.get_filename()
        is_attached = part.get_content_disposition() == "attachment" or bool(name)
        if kind in _SIGNATURES or (not is_attached and kind in ("text/plain", "text/html")):
            continue
        content = _content(part)
        if not content:
            continue
        if is_related and kind.startswith("image/") and len(content) < LOGO_BYTES:
            continue
        number += 1
        yield MailFile(" ".join((name or _name_for(kind, number)).split()), content)


def _name_for(kind: str, number: int) -> str:
    """A name for a part that has none; the ending follows its kind, and what is in it decides all the same."""
    endings = {"message/rfc822": "eml", "image/jpeg": "jpg", "text/calendar": "ics"}
    return f"bijlage-{number}.{endings.get(kind, kind.rpartition('/')[2][:12] or 'bin')}"


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        try:
            return b"".join(bytes(each) for each in part.get_payload() if isinstance(each, Message))
        except Exception:
            return b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_automatic(message: Message) -> bool:
    """Whether a machine wrote this: RFC 3834, and what came before it."""
    said = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if said and said != "no":
        return True
    if _precedence(message) in _ANSWERS_ITSELF:
        return True
    if any(_header(message, name) for name in ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "List-Id")):
        return True
    if message.get_content_type() == "multipart/report" or _AWAY.match(_header(message, "Subject")):
        return True
    return_path = message.get("Return-Path")
    if return_path is not None and str(return_path).strip() in ("<>", ""):
        return True
    return any(_MACHINES.match(address) for address in _addresses(message, "From"))


def _precedence(message: Message) -> str:
    return _header(message, "Precedence").strip().lower()


def _returned(message: Message) -> Returned | None:
    """The report about a mail of ours, when this is one."""
    if message.get_content_type() != "multipart/report" or not isinstance(message.get_payload(), list):
        return None
    actions: list[str] = []
    codes: list[str] = []
    ids: list[str] = []
    for part in list(message.get_payload())[:10]:
        if not isinstance(part, Message):
            continue
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in part.get_payload() if isinstance(part.get_payload(), list) else ():
                if isinstance(block, Message):
                    actions.append(_header(block, "Action").strip().lower())
                    codes += _CODE.findall(_header(block, "Status"))
        elif kind == "message/rfc822":
            for inner in part.get_payload() if isinstance(part.get_payload(), list) else ():
                if isinstance(inner, Message):
                    ids += _ids(_header(inner, "Message-ID"))
        elif kind == "text/rfc822-headers":
            head = email.message_from_string(_decoded(part)[0])
            ids += _ids(_header(head, "Message-ID"))
    if not any(actions):
        return None
    return Returned("failed" in actions, next(iter(codes), None), tuple(dict.fromkeys(ids)))


def _returned_in_words(message: Message, parts: list[tuple[Message, bool]], text: str) -> Returned | None:
    """The same of a server that writes it for people only, and quotes the mail that it is about."""
    subject = _header(message, "Subject")
    is_answer = _header(message, "Auto-Submitted").lower().startswith("auto-replied") or _AWAY.match(subject)
    if is_answer or message.get_param("report-type") not in (None, "delivery-status"):
        return None
    if not any(_MACHINES.match(address) for address in _addresses(message, "From")):
        return None
    quoted = [text, *(_content(part).decode("ascii", "replace") for part, _ in parts if _is_quoted(part))]
    return Returned(_STILL_TRIES.search(subject) is None, None, _ids("\n".join(quoted)))


def _is_quoted(part: Message) -> bool:
    return part.get_content_type() in ("message/rfc822", "text/rfc822-headers")


def _content_digest(message: Message, text: str, files: tuple[MailFile, ...]) -> str:
    """What tells two mails apart whatever way they came: the same mail over two roads has other lines on top."""
    summed = hashlib.sha256()
    for word in (_header(message, "From"), _header(message, "Date"), _header(message, "Subject"), text):
        summed.update(word.encode("utf-8", "replace") + b"\0")
    for each in files:
        summed.update(hashlib.sha256(each.content).digest())
    return summed.hexdigest()
