"""Takes files in, says who may have them, and keeps files and rows the same."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads.photo_metadata import PHOTO_TYPES, without_metadata
from knelpunt.adapters.uploads.sniff import FileRefused, media_type_of, shown_name
from knelpunt.adapters.uploads.store import PART, SPOOL_BYTES, FileStore, FileTooLarge, StoredFile
from knelpunt.adapters.uploads.virus_scanner import ClamdScanner, ScannerAway, VirusFound
from knelpunt.domain.errors import DomainError, NotFound, StorageFull
from knelpunt.domain.permissions import Actor, Permission, Relation
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Attachment, Case, Consultation, Draft, ImportRun, OpenDataFile, Upload
from knelpunt.queries.cases import attachments
from knelpunt.services.cases.mail_texts import files as texts
from knelpunt.services.cases.workflow import open_case, refuse_archived
from knelpunt.services.core import bounds, events, stored_files
from knelpunt.services.core.bounds import Bound, Visit
from knelpunt.services.core.context import Context
from knelpunt.services.filing import signatures
from knelpunt.services.mail import messages

FIELD = "attachments"
TOO_MANY_BYTES = Text(
    "Vanaf uw internetadres kwamen het afgelopen uur al veel bestanden. Uw tekst is bewaard. Voeg het bestand over een "
    "uur toe, of na het versturen van uw melding."
)
TAKEN_AWAY = "Weggehaald op verzoek van iemand die erin voorkomt."
LOOKS = 3
"""So many times the files that a case may have are looked at in one go; refused ones cost a scan too."""
ORPHANS_KEPT = timedelta(days=1)
YOUNG = timedelta(hours=1)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class AttachmentRules:
    """How much may come in: bytes a file, files a case, and bytes of visitors' drafts together; and what looks for
    viruses, when something does."""

    max_bytes: int
    max_per_case: int
    scanner: ClamdScanner | None = None
    draft_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A file that may be kept: no virus, of a kind that may come in, and its bytes written. ``sent`` is how many came,
    which of a photo are more than are kept."""

    shown_name: str
    media_type: str
    sent: int
    stored: StoredFile


Look = LookedAt | DomainError
"""What came of looking at a file: why it cannot be kept, to be said once it is known that it would be."""


@contextmanager
def looked_at(
    context: Context,
    files: FileStore,
    rules: AttachmentRules,
    sent: Sequence[tuple[IO[bytes], str]],
    visit: Visit | None = None,
) -> Iterator[list[Look]]:
    """Look at files and write their bytes, before anything is locked for the act that keeps them: a scanner or a disk
    may take long, and who holds a case, or the chain of events, holds up others. What the act does not keep goes.

    Args:
        sent: each file and its name, as it came. When as many as a case may have are good, or three times as many
            were looked at, no more are.
        visit: where a visitor comes from; who sent too much lately need send no more.
    """
    looks: list[Look] = []
    try:
        for stream, filename in sent:
            try:
                good = sum(isinstance(look, LookedAt) for look in looks)
                if good >= rules.max_per_case or len(looks) >= LOOKS * rules.max_per_case:
                    raise _too_many(rules)
                _stay(context.session)
                looks.append(_look_at(context, files, rules, stream, filename, visit))
            except DomainError as refused:
                looks.append(refused)
        yield looks
    finally:
        for look in looks:
            if isinstance(look, LookedAt):
                stored_files.discard_unless_kept(context.session, files, look.stored.name)


def _stay(session: Session) -> None:
    """Let the database hear from a transaction that is open: it ends one that says nothing for a minute, and a scanner
    may take half a minute for each file."""
    if session.in_transaction():
        session.execute(select(1))


def _look_at(
    context: Context, files: FileStore, rules: AttachmentRules, stream: IO[bytes], filename: str, visit: Visit | None
) -> LookedAt:
    media_type, sent = _checked(stream, filename, rules)
    if visit is not None:
        bounds.require_room(context.session, _quota(rules, visit), context.now, sent)
    with _clean(stream, filename, media_type) as kept:
        stored = keep_bytes(context.session, files, rules, kept, filename)
    stream.seek(0)  # others read it too: of a form that comes twice it is asked whether the file is the same
    return LookedAt(shown_name(filename), media_type, sent, stored)


def store(
    context: Context, files: FileStore, rules: AttachmentRules, stream: IO[bytes], filename: str, **where: Any
) -> Attachment:
    """Look at one file and keep it at once, where nothing is locked yet. Arguments and errors as for ``keep``.

    Args:
        stream: can be sought in.
        filename: as the browser sent it.
    """
    with looked_at(context, files, rules, [(stream, filename)], where.get("visit")) as [look]:
        return keep(context, rules, look, **where)


def keep(
    context: Context,
    rules: AttachmentRules,
    look: Look,
    *,
    draft: Draft | None = None,
    case: Case | None = None,
    consultation: Consultation | None = None,
    mailed_by: int | None = None,
    is_mailed: bool = False,
    visit: Visit | None = None,
) -> Attachment:
    """Keep one file with a draft or a case, a photo without what it says of place and device.

    When the transaction is rolled back the file goes too.

    Args:
        draft: one that the caller has found to be the actor's.
        consultation: the question to a ministry of this case that the file answers; the caller has found it to be the
            actor's. The file is for the desk alone.
        is_mailed: it came with a mail of the submitter, or of the account ``mailed_by`` for an organisation.
        visit: where a visitor comes from, with whose draft the file is kept.
    Raises:
        TooManyAttempts: much was sent from there in the last hour.
        StorageFull: the disk is full, or the files of visitors' drafts take up all the room that they have.
        StorageAway: what files lie on does not answer.
        NotFound, PermissionDenied: the actor may not add to this case.
        DomainError: the file, or the number of files, is not allowed; the text says why.
    """
    if (draft is None) == (case is None):
        raise ValueError("a file belongs to a draft or to a case")
    context.session.flush()
    if consultation is not None:
        context.actor.require(Permission.ANSWER_CONSULTATION)
    elif case is not None:
        _require_right_to_add(context.actor, case)
    _require_room(context.session, rules, draft=draft, case=case, consultation=consultation)
    if isinstance(look, DomainError):
        raise look
    if visit is not None:
        _require_quota(context, rules, visit, look.sent)
    stored = stored_files.keep(context.session, look.stored)
    attachment = Attachment(
        case_id=case.id if case else None,
        draft_id=draft.id if draft else None,
        consultation_id=consultation.id if consultation else None,
        stored_name=stored.name,
        shown_name=look.shown_name,
        media_type=look.media_type,
        size=stored.size,
        sha256=stored.sha256,
        author_id=mailed_by if is_mailed else context.actor.account_id,
        created_at=context.now,
    )
    context.session.add(attachment)
    context.session.flush()
    if draft is not None:
        signatures.void_after_edit(context, draft)
    if case is not None:
        kind = EventKind.ATTACHMENT_ADDED if consultation is None else EventKind.CONSULTATION_FILE_ADDED
        by_mail = {"per_mail": True} if is_mailed else {}
        events.record(context, kind, case=case, data={"attachment_id": attachment.id, **by_mail})
    return attachment


def keep_bytes(
    session: Session, files: FileStore, rules: AttachmentRules, stream: IO[bytes], filename: str
) -> StoredFile:
    """Look at the bytes for viruses, and keep them. When the transaction is rolled back they go too.

    Raises:
        StorageFull, StorageAway: they cannot be kept now.
        DomainError: there are too many, or there is a virus in them.
    """
    _scan(stream, filename, rules.scanner)
    try:
        return stored_files.put(session, files, stream, rules.max_bytes, field=FIELD)
    except FileTooLarge:
        raise _too_large(filename, rules) from None


def attachment_for(session: Session, actor: Actor, attachment_id: int) -> Attachment:
    """One file to give out: for the desk, the organisation whose case or draft it is, or the follower of its case.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = attachments.find_for(session, actor, attachment_id)
    if found is None:
        raise NotFound()
    return found


def attachment_of_draft(session: Session, draft: Draft, attachment_id: int) -> Attachment:
    """One file of a draft that the caller has found to be the visitor's.

    Raises:
        NotFound: the draft has no such file.
    """
    for found in attachments.of_draft(session, draft.id):
        if found.id == attachment_id:
            return found
    raise NotFound()


def remove_from_draft(context: Context, files: FileStore, draft: Draft, attachment_id: int) -> None:
    """Take a file out of a draft that the caller has found to be the actor's; silent when it is gone already."""
    try:
        attachment = attachment_of_draft(context.session, draft, attachment_id)
    except NotFound:
        return
    context.session.delete(attachment)
    context.session.flush()
    signatures.void_after_edit(context, draft)
    stored_files.delete_after_commit(context.session, files, attachment.stored_name)


def tell_of_added(context: Context, case: Case, added: Sequence[Attachment]) -> None:
    """Mail the submitter which files the desk put with the case."""
    if added:
        messages.notify_submitter(context, case, texts.file_added(names=[each.shown_name for each in added]))


def remove_from_case(context: Context, files: FileStore, reference: str, attachment_id: int, reason: str) -> Attachment:
    """Take a file away from a case. Its row stays with name and hash and the reason, and the submitter is told.

    Raises:
        NotFound: the case has no such file.
        DomainError: no reason is given (field ``reason``).
    """
    case = open_case(context, reference, Permission.HANDLE_CASE)
    attachment = attachments.find_for(context.session, context.actor, attachment_id)
    if attachment is None or attachment.case_id != case.id:
        raise NotFound()
    if not reason.strip():
        raise DomainError(Text("Schrijf op waarom het bestand weg moet."), field="reason")
    attachment.removed_at, attachment.removed_by_id = context.now, context.actor.account_id
    attachment.removed_reason = reason.strip()
    case.updated_at = context.now
    data = {"attachment_id": attachment.id, "sha256": attachment.sha256}
    events.record(context, EventKind.ATTACHMENT_REMOVED, case=case, data=data)
    messages.notify_submitter(
        context, case, texts.file_removed(name=attachment.shown_name, reason=attachment.removed_reason)
    )
    stored_name = attachment.stored_name
    stored_files.delete_after_commit(context.session, files, stored_name)
    return attachment


def take_away(context: Context, files: FileStore, attachment: Attachment) -> None:
    """Take a file away because somebody in it asked for that; who it is about is not told. The caller has decided."""
    attachment.removed_at, attachment.removed_by_id = context.now, context.actor.account_id
    attachment.removed_reason = TAKEN_AWAY
    stored_files.delete_after_commit(context.session, files, attachment.stored_name)


def remove_all_of_case(session: Session, files: FileStore, case: Case) -> None:
    """Take away every file of a case with its row, because the term of keeping is over.

    The files go after the commit; one that a killed process left behind has no row then, and the sweeper removes it.
    """
    rows = session.execute(delete(Attachment).where(Attachment.case_id == case.id).returning(Attachment.stored_name))
    for (name,) in rows.all():
        stored_files.delete_after_commit(session, files, name)


def open_file(files: FileStore, attachment: Attachment) -> IO[bytes]:
    """The bytes of a file, to be closed by the caller.

    Raises:
        NotFound: the file is gone, which is also logged: the sweeper reports it to the operator.
        StorageAway: what files lie on does not answer.
    """
    try:
        return stored_files.open_file(files, attachment.stored_name)
    except FileNotFoundError:
        structlog.get_logger().error("attachment without file", attachment_id=attachment.id)
        raise NotFound() from None


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep found: files without a row that it removed, and ids of rows whose file is gone."""

    removed_files: int
    rows_without_file: tuple[int, ...]


def sweep(session: Session, files: FileStore, now: datetime) -> SweepReport:
    """Compare files with rows: remove files without row older than a day, report rows without file."""
    present = dict(files.list_all())
    old = [name for name, written_at in present.items() if written_at < now - ORPHANS_KEPT]
    rows = session.execute(
        select(Attachment.id, Attachment.stored_name, Attachment.created_at)
        .where(Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    ).all()
    known = {row.stored_name for row in rows} | set(session.scalars(select(OpenDataFile.stored_name)))
    known |= set(session.scalars(select(func.jsonb_array_elements_text(Upload.pieces))))
    known |= set(session.scalars(select(ImportRun.stored_name).where(ImportRun.stored_name.is_not(None))))
    orphans = [name for name in old if name.removesuffix(PART) not in known or name.endswith(PART)]
    for name in orphans:
        files.delete(name)
    lost = [row.id for row in rows if row.stored_name not in present and row.created_at < now - YOUNG]
    return SweepReport(len(orphans), tuple(lost))


# --- checks


def _require_right_to_add(actor: Actor, case: Case) -> None:
    relation = actor.require_part_in(case.id, case.organisation_id)
    actor.require(Permission.HANDLE_CASE if relation is Relation.STAFF else Permission.ANSWER_AS_SUBMITTER)
    actor.refuse_first_handler(case.first_handler_id)
    refuse_archived(case)


def _require_room(
    session: Session,
    rules: AttachmentRules,
    *,
    draft: Draft | None,
    case: Case | None,
    consultation: Consultation | None,
) -> None:
    """Count with the owner's row locked, so that two files at once cannot both take the last place.

    What a ministry sends is counted apart: a full case keeps nobody from answering, and an answer fills no case.
    """
    if case is not None:
        session.execute(select(Case.id).where(Case.id == case.id).with_for_update())
        consultation_id = consultation.id if consultation is not None else None
        count = attachments.count_of(session, case_id=case.id, consultation_id=consultation_id)
    else:
        assert draft is not None  # noqa: S101 - store() has one of the two
        session.execute(select(Draft.id).where(Draft.id == draft.id).with_for_update())
        count = attachments.count_of(session, draft_id=draft.id)
    if count >= rules.max_per_case:
        raise _too_many(rules)


def _too_many(rules: AttachmentRules) -> DomainError:
    words = Text(
        "Er kunnen hooguit %(max_per_case)s bestanden bij een melding, en die zijn er al.",
        max_per_case=rules.max_per_case,
    )
    return DomainError(words, field=FIELD)


def _quota(rules: AttachmentRules, visit: Visit) -> Bound:
    """From one internet address two full drafts an hour."""
    most = 2 * rules.max_per_case * rules.max_bytes
    return Bound("bytes", visit.network, most, bounds.HOUR, TOO_MANY_BYTES, field=FIELD)


def _require_quota(context: Context, rules: AttachmentRules, visit: Visit, size: int) -> None:
    """Bound what visitors can fill: from one internet address, and in all."""
    bounds.count(context.session, _quota(rules, visit), context.now, size)
    if rules.draft_bytes is not None and attachments.bytes_of_visitors(context.session) + size > rules.draft_bytes:
        structlog.get_logger().error("no room for the files of drafts", most_bytes=rules.draft_bytes)
        raise StorageFull(stored_files.NO_ROOM, field=FIELD)


def _checked(stream: IO[bytes], filename: str, rules: AttachmentRules) -> tuple[str, int]:
    """The media type and the size, after refusing what is too large before it is read, and what is not allowed."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > rules.max_bytes:
        raise _too_large(filename, rules)
    try:
        return media_type_of(stream, filename), size
    except FileRefused as refused:
        raise DomainError(
            Text("%(filename)s: %(reason)s", filename=shown_name(filename), reason=refused.args[0]), field=FIELD
        ) from None


@contextmanager
def _clean(stream: IO[bytes], filename: str, media_type: str) -> Iterator[IO[bytes]]:
    """The bytes to keep: of a photo only the picture."""
    if media_type not in PHOTO_TYPES:
        yield stream
        return
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as picture:
        try:
            without_metadata(stream, picture, media_type)
        except FileRefused as refused:
            raise DomainError(
                Text("%(filename)s: %(reason)s", filename=shown_name(filename), reason=refused.args[0]), field=FIELD
            ) from None
        picture.seek(0)
        yield picture


def _scan(stream: IO[bytes], filename: str, scanner: ClamdScanner | None) -> None:
    """Have the file looked at and leave it at its beginning; without a scanner nothing is done."""
    if scanner is None:
        return
    try:
        scanner.scan(stream)
    except VirusFound:
        raise DomainError(
            Text("%(filename)s: in dit bestand zit een virus. Wij bewaren het niet.", filename=shown_name(filename)),
            field=FIELD,
        ) from None
    except ScannerAway as away:
        structlog.get_logger().error("virus scanner away", reason=str(away))
        raise DomainError(
            Text(
                "%(filename)s: wij kunnen bestanden nu niet op virussen controleren. Daarom bewaren wij "
                "het niet. Probeer het later opnieuw.",
                filename=shown_name(filename),
            ),
            field=FIELD,
        ) from None
    stream.seek(0)


def _too_large(filename: str, rules: AttachmentRules) -> DomainError:
    most = Text("Een bestand mag hooguit %(value)s MB zijn.", value=rules.max_bytes // MEGABYTE)
    return DomainError(
        Text("%(filename)s: het bestand is te groot. %(most)s", filename=shown_name(filename), most=most), field=FIELD
    )
