"""What a person does with a mail that came in: put it in a case, set it aside, or say what it is."""

from dataclasses import dataclass

from sqlalchemy import select

from knelpunt.adapters.mailbox.reading import read_mail
from knelpunt.adapters.uploads.sniff import shown_name
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases.replies import OnBehalf, ReplyChannel
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.incoming import SOURCE_KEPT, IncomingStatus
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Case, IncomingMail, IncomingSource, Message
from knelpunt.queries.cases import letters
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.post.incoming import Intake, land, looked_at
from knelpunt.services.submitters import reactions
from knelpunt.services.submitters.on_behalf import with_name
from knelpunt.services.submitters.reactions import CLOSED, CLOSED_FOR_ADDITIONS

ALREADY = "Een collega besloot al over deze mail."
REASON_MISSING = "Schrijf op waarom deze mail niet voor ons is."
NO_CASE = "Er is geen zaak met dit nummer."
NO_QUESTION = "Er staat geen vraag meer open bij de indiener."
SET_ASIDE = "mail_niet_voor_ons"


def put_in_case(context: Context, intake: Intake, mail_id: int, reference: str) -> Case:
    """Somebody says that this mail is the submitter's, and of which case.

    Raises:
        NotFound: no such mail.
        DomainError: a colleague decided already, or there is no such case, or it takes nothing any more (field
            ``reference``).
    """
    context.actor.require(Permission.HANDLE_CASE)
    row = _waiting(context, mail_id, locked=False)
    source = context.session.get_one(IncomingSource, row.id)
    read = read_mail(source.raw)
    with looked_at(context, intake, read) as files:
        try:
            case = open_case(context, reference.strip().upper(), Permission.HANDLE_CASE)
        except NotFound:
            raise DomainError(NO_CASE, field="reference") from None
        if case.status in CLOSED_FOR_ADDITIONS:
            raise DomainError(CLOSED, field="reference")
        row = _waiting(context, mail_id)  # behind the case, as everywhere
        land(context, intake, row, read, case, files)
        _decide(context, row, source, None)
        return case


@dataclass(frozen=True, slots=True)
class Original:
    """What a person must know of a mail that waits, besides its text. ``files`` are called as its sender did;
    ``is_bulk``: a system sent it, which gets no receipt."""

    files: tuple[str, ...] = ()
    is_bulk: bool = False


def original_of(context: Context, mail_id: int) -> Original:
    """Read a mail that waits once more, as it came in."""
    context.actor.require(Permission.HANDLE_CASE)
    source = context.session.get(IncomingSource, mail_id)
    if source is None:
        return Original()
    read = read_mail(source.raw)
    return Original(tuple(shown_name(each.name) for each in read.files), read.is_bulk)


def set_aside(context: Context, mail_id: int, reason: str) -> None:
    """This mail is not for the desk; why, for a colleague who looks later. It is gone after 30 days.

    Raises:
        NotFound: no such mail.
        DomainError: a colleague decided already, or the reason is missing (field ``reason``).
    """
    context.actor.require(Permission.HANDLE_CASE)
    row = _waiting(context, mail_id)
    if not reason.strip():
        raise DomainError(REASON_MISSING, field="reason")
    row.status, row.asks_handler = IncomingStatus.DISMISSED, False
    _decide(context, row, context.session.get(IncomingSource, row.id), reason.strip())
    events.record(context, SET_ASIDE, subject=f"mail_in:{row.id}", data={"mail": row.id})


def take_as_answer(context: Context, reference: str, mail_id: int, version: int | None) -> None:
    """This mail is the answer to the question that is open, of the day on which it came in.

    Raises:
        NotFound: the case has no such mail.
        DomainError: somebody decided already, no question is open, or the mail came in after its term.
        VersionConflict: the case changed since it was read.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    row, message = _asking(context, case, mail_id)
    question = letters.question_to_answer(context.session, case.id)
    if question is None:
        raise DomainError(NO_QUESTION)
    on_behalf = OnBehalf(ReplyChannel.MAIL, nl_day(row.arrived_at), version, message.author_id)
    row.asks_handler = False
    row.decided_at, row.decided_by_id = context.now, context.actor.account_id
    reactions.answer(
        context,
        reference,
        question.id,
        message.body,
        on_behalf=with_name(context, on_behalf),
        mailed=message,
    )


def is_no_answer(context: Context, reference: str, mail_id: int) -> None:
    """This mail answers nothing that is open: it stays with the case, and the terms go on."""
    case = open_case(context, reference, Permission.HANDLE_CASE)
    row, _ = _asking(context, case, mail_id)
    row.asks_handler = False
    row.decided_at, row.decided_by_id = context.now, context.actor.account_id
    case.updated_at = context.now
    events.record(context, EventKind.MAIL_IS_NO_ANSWER, case=case, data={"mail": row.id})


def _asking(context: Context, case: Case, mail_id: int) -> tuple[IncomingMail, Message]:
    row = context.session.scalar(
        select(IncomingMail).where(IncomingMail.id == mail_id, IncomingMail.case_id == case.id).with_for_update()
    )
    if row is None or row.reply_id is None:
        raise NotFound()
    if not row.asks_handler:
        raise DomainError(ALREADY)
    return row, context.session.get_one(Message, row.reply_id)


def _waiting(context: Context, mail_id: int, *, locked: bool = True) -> IncomingMail:
    row = None
    if 0 < mail_id < 2**63:
        row = context.session.get(IncomingMail, mail_id, with_for_update=locked or None, populate_existing=True)
    if row is None:
        raise NotFound()
    if row.status is not IncomingStatus.WAITING:
        raise DomainError(ALREADY)
    return row


def _decide(context: Context, row: IncomingMail, source: IncomingSource | None, reason: str | None) -> None:
    row.decided_at, row.decided_by_id, row.decision_reason = context.now, context.actor.account_id, reason
    if source is not None:
        source.ends_on = nl_day(context.now + SOURCE_KEPT)
