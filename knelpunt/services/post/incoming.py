"""Takes in one mail: into its case, to a person who looks at it, or past. The caller commits after each mail, and only
then has it moved out of the mailbox; so one that is taken in twice is seen by its Message-ID."""

import hashlib
import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from knelpunt.adapters.mailbox.imap import Fetched
from knelpunt.adapters.mailbox.reading import MailFile, ReadMail, read_mail
from knelpunt.adapters.uploads.sniff import shown_name
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError
from knelpunt.domain.filing.rules import without_control_characters
from knelpunt.domain.post.incoming import (
    MOST_A_DAY,
    NO_TEXT,
    SOURCE_KEPT,
    SUBJECT_MAX_CHARACTERS,
    TEXT_MAX_CHARACTERS,
    IncomingReason,
    IncomingStatus,
    UsedAgain,
)
from knelpunt.domain.post.quotes import new_text, own_words
from knelpunt.domain.vocabulary import CaseStatus, EventKind, MessageKind, ProposalStatus, PublicationStatus
from knelpunt.models import Account, Case, Contact, IncomingMail, IncomingSource, Message, OutboxMail
from knelpunt.queries.accounts.accounts import ANSWERING_ROLES
from knelpunt.queries.cases import handling, letters
from knelpunt.queries.core import cases
from knelpunt.services.cases import attachments
from knelpunt.services.cases.attachments import AttachmentRules, Look
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import addresses_gone, failures, messages
from knelpunt.services.post import mail_texts as texts
from knelpunt.services.submitters import mail_texts as submitter_texts
from knelpunt.services.submitters.reactions import CLOSED_FOR_ADDITIONS

MESSAGE_ID_MAX_CHARACTERS = 900


@dataclass(frozen=True, slots=True)
class Intake:
    """Where the files of a mail go, and how much may come in."""

    files: FileStore
    rules: AttachmentRules


class Taken(StrEnum):
    """What became of one mail, for the log."""

    LANDED = auto()
    WAITS = auto()
    IGNORED = auto()
    BOUNCE = auto()
    TWICE = auto()


def take_in(context: Context, intake: Intake, fetched: Fetched) -> Taken:
    """Take in one mail as it lies in the mailbox."""
    read = read_mail(fetched.raw)
    row = _claim(context, fetched, read)
    if row is None:
        return Taken.TWICE
    if read.returned is not None:
        return _note_returned(context, row, read)
    case_id, waits = _case_named(context, read)
    reason = _passed_over(context, read, case_id)
    if reason is not None:
        row.status, row.reason = IncomingStatus.IGNORED, reason
        return Taken.IGNORED
    with looked_at(context, intake, read if case_id is not None else None) as files:
        case = None
        if case_id is not None:
            case, waits = _destination(context, fetched, read, case_id)
            if waits is None and read.is_bulk:
                waits = IncomingReason.AUTOMATIC
        if row.reason is not None:
            waits = row.reason  # the same Message-ID as another mail: no machine tells which is right
        if case is None or waits is not None:
            _let_wait(context, row, fetched, read, waits or IncomingReason.UNKNOWN_SENDER, case)
        else:
            land(context, intake, row, read, case, files)
            keep_source(context, row, fetched.raw, ends=True)
        if read.sender is not None:
            addresses_gone.clear(context, read.sender, UsedAgain.MAIL_CAME)
        return Taken.WAITS if row.status is IncomingStatus.WAITING else Taken.LANDED


def looked_at(context: Context, intake: Intake, read: ReadMail | None) -> AbstractContextManager[list[Look]]:
    """The files of a mail, before the case that it is for is locked."""
    sent = [(io.BytesIO(file.content), file.name) for file in read.files] if read is not None else []
    return attachments.looked_at(context, intake.files, intake.rules, sent)


def keep_unreadable(context: Context, fetched: Fetched) -> None:
    """Keep a mail on which ``take_in`` stumbled, for a person to look at."""
    digest = hashlib.sha256(fetched.raw).hexdigest()
    row = _insert(context, fetched, f"<{digest}@onleesbaar>", digest)
    if row is not None:
        row.reason = IncomingReason.UNREADABLE
        keep_source(context, row, fetched.raw, ends=False)


def land(
    context: Context, intake: Intake, row: IncomingMail, read: ReadMail, case: Case, files: Sequence[Look]
) -> None:
    """Put what was written, and the files that may be kept, with the case; tell the handler and the submitter.

    The caller holds the lock on the case. Nothing is decided by it: where something is open with the submitter, the
    handler says whether this is the answer. A system that sent the mail gets no receipt: it might answer that one too.
    """
    sender = account_of(context, case, read.sender)
    message = Message(
        case_id=case.id,
        kind=MessageKind.MAIL,
        from_desk=False,
        body=words_of(read) or NO_TEXT,
        author_id=sender.id if sender is not None else None,
        written_at=row.arrived_at,
    )
    context.session.add(message)
    context.session.flush()
    row.status, row.reason, row.case_id, row.reply_id = IncomingStatus.LANDED, None, case.id, message.id
    row.from_address = row.subject = row.body = None
    row.asks_handler = is_something_open(context, case, row.arrived_at)
    case.updated_at = context.now
    data = {"bericht": message.id, "mail": row.id, "ontvangen_op": nl_day(row.arrived_at).isoformat()}
    events.record(context, EventKind.MAIL_RECEIVED, case=case, data=data)
    kept = 0
    for file, look in zip(read.files, files, strict=True):
        refusal = _keep_file(context, intake, case, file, look, sender)
        if refusal is None:
            kept += 1
        else:
            row.refused_files = [*row.refused_files, refusal]
    if not read.is_bulk:
        messages.notify_submitter(
            context,
            case,
            texts.mail_received(files=kept, refused=row.refused_files, is_asked=row.asks_handler),
            once_key=f"mail-ontvangen:{row.id}",
        )
    messages.notify_handler(context, case, submitter_texts.submitter_reacted(what="een e-mail"))


def words_of(read: ReadMail) -> str:
    """What is new in a mail, as it may stand in the database."""
    return new_text(without_control_characters(read.text))[:TEXT_MAX_CHARACTERS]


def account_of(context: Context, case: Case, address: str | None) -> Account | None:
    """The colleague with this address who may answer for the organisation that filed the case."""
    if case.organisation_id is None or address is None:
        return None
    return context.session.scalar(
        select(Account).where(
            func.lower(Account.email) == address,
            Account.organisation_id == case.organisation_id,
            Account.is_active,
            Account.role.in_(ANSWERING_ROLES),
        )
    )


def keep_source(context: Context, row: IncomingMail, raw: bytes, *, ends: bool) -> None:
    """Keep the mail as it came in; until somebody decided about it, without an end."""
    ends_on = nl_day(context.now + SOURCE_KEPT) if ends else None
    context.session.add(IncomingSource(mail_id=row.id, raw=raw, ends_on=ends_on))
    context.session.flush()


def _claim(context: Context, fetched: Fetched, read: ReadMail) -> IncomingMail | None:
    """The row of this mail; None when it was taken in before. Another mail with the same id is one of its own."""
    message_id = read.message_id or f"<{read.digest}@zonder-kenmerk>"
    message_id = without_control_characters(message_id)[:MESSAGE_ID_MAX_CHARACTERS]
    row = _insert(context, fetched, message_id, read.digest)
    if row is not None:
        return row
    known = context.session.scalar(select(IncomingMail.digest).where(IncomingMail.message_id == message_id))
    if known == read.digest:
        return None
    row = _insert(context, fetched, f"{message_id}#{read.digest[:32]}", read.digest)
    if row is not None:
        row.reason = IncomingReason.SAME_ID
    return row


def _insert(context: Context, fetched: Fetched, message_id: str, digest: str) -> IncomingMail | None:
    """A second worker with the same mail waits here until the first one's transaction ends."""
    arrived_at = min(fetched.arrived_at or context.now, context.now)
    statement = (
        insert(IncomingMail)
        .values(
            message_id=message_id,
            digest=digest,
            arrived_at=arrived_at,
            taken_at=context.now,
            status=IncomingStatus.WAITING,
            refused_files=[],
        )
        .on_conflict_do_nothing(index_elements=["message_id"])
        .returning(IncomingMail)
    )
    return context.session.scalars(statement).one_or_none()


def _note_returned(context: Context, row: IncomingMail, read: ReadMail) -> Taken:
    """A report of another server: of a mail of ours that failed, an item for a person; all others are passed over."""
    returned = read.returned
    mail = _mail_returned(context, read)
    if returned is None or mail is None:
        row.status, row.reason = IncomingStatus.IGNORED, IncomingReason.STRAY_BOUNCE
        return Taken.IGNORED
    row.case_id = mail.case_id
    if not returned.has_failed:
        row.status, row.reason = IncomingStatus.IGNORED, IncomingReason.DELAYED
        return Taken.IGNORED
    row.status, row.reason = IncomingStatus.BOUNCE, None
    failures.note(context, mail, is_returned=True, code=returned.code)
    return Taken.BOUNCE


def _mail_returned(context: Context, read: ReadMail) -> OutboxMail | None:
    """The mail of ours that a report is about: by the tag in the address to which it came, else by its Message-ID."""
    for address in read.recipients:
        tag = context.links.tagged(address)
        if tag is not None and tag.mail_id is not None:
            return context.session.get(OutboxMail, tag.mail_id)
    ids = read.returned.message_ids if read.returned is not None else ()
    if not ids:
        return None
    return context.session.scalar(select(OutboxMail).where(OutboxMail.message_id.in_(ids)).limit(1))


def _passed_over(context: Context, read: ReadMail, case_id: int | None) -> IncomingReason | None:
    """Why no person need see this mail. Of what came out of a system only an answer to us, with words of its own, may
    have been typed by somebody."""
    if read.sender is not None and context.links.is_own(read.sender):
        return IncomingReason.OWN_MAIL
    if read.is_automatic or (read.is_bulk and (case_id is None or not own_words(read.text))):
        return IncomingReason.AUTOMATIC
    return None


def _destination(
    context: Context, fetched: Fetched, read: ReadMail, case_id: int
) -> tuple[Case | None, IncomingReason | None]:
    """The case that a mail names, locked, and why it must wait for a person all the same."""
    case = context.session.get(Case, case_id)
    if case is None:
        return None, IncomingReason.UNKNOWN_SENDER
    case = cases.get_by_id_for_update(context.session, case_id)
    if not fetched.is_whole or len(read.text) > TEXT_MAX_CHARACTERS:
        return case, IncomingReason.TOO_LARGE
    if read.is_damaged:
        return case, IncomingReason.UNREADABLE
    if case.status in CLOSED_FOR_ADDITIONS:
        return case, IncomingReason.CASE_OVER
    if reason := _why_not_from_submitter(context, case, read.sender):
        return case, reason
    a_day_ago = context.now - timedelta(days=1)
    recent = select(func.count()).where(
        IncomingMail.case_id == case.id, IncomingMail.taken_at > a_day_ago, IncomingMail.reply_id.is_not(None)
    )
    if (context.session.scalar(recent) or 0) >= MOST_A_DAY:
        return case, IncomingReason.TOO_MANY
    return case, None


def _case_named(context: Context, read: ReadMail) -> tuple[int | None, IncomingReason | None]:
    """By the tag in the address, else by a mail of ours that it answers. A forged tag leads nowhere."""
    tags = [tag for tag in map(context.links.tagged, read.recipients) if tag is not None]
    if any(tag.is_forged for tag in tags):
        return None, IncomingReason.BAD_TOKEN
    for tag in tags:
        if tag.case_id is not None:
            return tag.case_id, None
    if read.answers:
        answered = select(OutboxMail.case_id).where(
            OutboxMail.message_id.in_(read.answers), OutboxMail.case_id.is_not(None)
        )
        return context.session.scalar(answered.order_by(OutboxMail.id.desc()).limit(1)), None
    return None, IncomingReason.UNKNOWN_SENDER


def _why_not_from_submitter(context: Context, case: Case, sender: str | None) -> IncomingReason | None:
    if case.organisation_id is not None:
        return None if account_of(context, case, sender) is not None else IncomingReason.OTHER_ADDRESS
    contact = context.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None or not contact.email:
        return IncomingReason.NOBODY_KNOWN
    return None if contact.email.lower() == sender else IncomingReason.OTHER_ADDRESS


def _let_wait(
    context: Context, row: IncomingMail, fetched: Fetched, read: ReadMail, reason: IncomingReason, case: Case | None
) -> None:
    row.status, row.reason = IncomingStatus.WAITING, reason
    row.case_id = case.id if case is not None else None
    row.from_address = without_control_characters(read.sender or "")[:SUBJECT_MAX_CHARACTERS] or None
    row.subject = without_control_characters(read.subject)[:SUBJECT_MAX_CHARACTERS] or None
    row.body = words_of(read) or None
    row.asks_handler = case is not None and is_something_open(context, case, row.arrived_at)
    keep_source(context, row, fetched.raw, ends=False)


def is_something_open(context: Context, case: Case, arrived_at: datetime) -> bool:
    """Whether the submitter owes an answer to which this may be it: a question whose term had not ended when the mail
    came in, a proposal, or a public text to look at."""
    question = letters.question_to_answer(context.session, case.id)
    if (
        question is not None
        and case.status not in CLOSED_FOR_ADDITIONS
        and question.written_at <= arrived_at
        and (question.answer_by is None or nl_day(arrived_at) <= question.answer_by)
    ):
        return True
    if case.status is CaseStatus.PROPOSED:
        proposal = handling.latest_proposal(context.session, case.id)
        return proposal is not None and proposal.status is ProposalStatus.SENT
    return case.publication is PublicationStatus.PREVIEW


def _keep_file(
    context: Context, intake: Intake, case: Case, file: MailFile, look: Look, sender: Account | None
) -> str | None:
    """Why a file of a mail was not kept, in words; None when it was."""
    try:
        attachments.keep(
            context,
            intake.rules,
            look,
            case=case,
            is_mailed=True,
            mailed_by=sender.id if sender is not None else None,
        )
    except DomainError as refused:
        name = shown_name(file.name)
        return refused.message if name in refused.message else f"{name}: {refused.message}"
    return None
