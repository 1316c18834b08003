"""Comments of ministries on the text of a quarter: asked by a secret link with a term, given, and settled."""

from datetime import date

from sqlalchemy import func, select

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import DomainError, NotFound, TransitionNotAllowed
from knelpunt.domain.figures.writing import Section
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters.track import QuarterStep, require_comment_day
from knelpunt.domain.texts import Text
from knelpunt.models import MinistryContact, Organisation, QuarterComment, QuarterCommentRequest
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.quarters import mail_texts
from knelpunt.services.quarters.telling import page_of, tell_account, words_of
from knelpunt.services.quarters.writing import note, open_text

PURPOSE = "kwartaalreactie"
"""What a token is for by which a ministry comments on the text of a quarter."""
LONGEST = 5_000
MOST = 100
"""So many comments by one link: who holds it need not be who was asked."""
ENOUGH = Text("U gaf al %(most)s reacties. Mail het loket als u meer wilt zeggen.", most=MOST)
LINK_OVER = Text("Met deze link kunt u niet meer reageren.")
NOT_TAKEN_WHY = Text("Schrijf op waarom u dit niet overneemt.")


def ask(context: Context, quarter: Quarter, *, contact_id: int | None, due_on: date | None) -> QuarterCommentRequest:
    """Ask somebody at a ministry to comment, with a link that holds for the term.

    Raises:
        PermissionDenied: the actor writes no quarters.
        TransitionNotAllowed: the text is not written now.
        DomainError: it is nobody in the address book (field ``contact_id``), or the day does not fit (``due_on``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    open_text(context, quarter, QuarterStep.ASK_COMMENT)
    contact = context.session.get(MinistryContact, contact_id or 0)
    if contact is None or contact.ended_on is not None or contact.email is None:
        raise DomainError(Text("Kies iemand uit het adresboek."), field="contact_id")
    if due_on is None:
        raise DomainError(Text("Vul een datum in."), field="due_on")
    require_comment_day(due_on, context.today)
    request = QuarterCommentRequest(
        quarter=quarter.first_day,
        ministry_id=contact.ministry_id,
        email=contact.email,
        public_id=new_public_id(),
        nonce=new_nonce(),
        asked_by_id=context.actor.account_id or 0,
        asked_at=context.now,
        due_on=due_on,
    )
    context.session.add(request)
    context.session.flush()
    data: dict[str, object] = {"reactie": request.id, "ministerie": contact.ministry_id, "uiterlijk": str(due_on)}
    note(context, QuarterStep.ASK_COMMENT, quarter, data)
    text = mail_texts.comment_asked(
        quarter=words_of(quarter),
        ministry=_ministry(context, request),
        due_on=due_on,
        url=context.links.to(path_of(context, request)),
    )
    messages.queue_text(context, MailKind.QUARTER_COMMENT_ASKED, contact.email, text)
    return request


def path_of(context: Context, request: QuarterCommentRequest) -> str:
    """The address of a link, on this site."""
    return f"/kwartaalreactie/{context.links.token(PURPOSE, request.public_id, request.nonce)}"


def withdraw(context: Context, quarter: Quarter, request_id: int) -> None:
    """Ask no longer: the link stops. What was said stays.

    Raises:
        NotFound: this quarter has no such request.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    open_text(context, quarter, QuarterStep.ASK_COMMENT)
    request = context.session.get(QuarterCommentRequest, request_id, with_for_update=True)
    if request is None or request.quarter != quarter.first_day:
        raise NotFound()
    if request.withdrawn_at is None:
        request.withdrawn_at = context.now
        note(context, QuarterStep.ASK_COMMENT, quarter, {"reactie": request.id, "ingetrokken": True})


def comment(context: Context, section: Section, body: str) -> QuarterComment:
    """Say something about a section, by the link.

    Raises:
        NotFound: the actor has no link.
        DomainError: the link is over, or there are no words (field ``body``).
    """
    quarter, request = _held(context)
    if not body.strip():
        raise DomainError(Text("Schrijf uw reactie op."), field="body")
    if len(body) > LONGEST:
        raise DomainError(Text("Maak de tekst korter: ten hoogste %(most)s tekens.", most=LONGEST), field="body")
    made = select(func.count()).select_from(QuarterComment).where(QuarterComment.request_id == request.id)
    if (context.session.scalar(made) or 0) >= MOST:
        raise DomainError(ENOUGH, field="body")
    said = QuarterComment(request_id=request.id, section=section, body=body.strip(), made_at=context.now)
    context.session.add(said)
    note(context, QuarterStep.COMMENT, quarter, {"reactie": request.id, "deel": section.value})
    return said


def finish(context: Context) -> None:
    """Say that the ministry is ready; the author hears it.

    Raises:
        NotFound, DomainError: as ``comment``.
    """
    quarter, request = _held(context)
    request.done_at = context.now
    note(context, QuarterStep.COMMENT, quarter, {"reactie": request.id, "klaar": True})
    text = mail_texts.commented(
        quarter=words_of(quarter),
        ministry=_ministry(context, request),
        url=page_of(context, quarter, "tekst/reacties"),
    )
    tell_account(context, MailKind.QUARTER_COMMENTED, text, request.asked_by_id)


def settle(context: Context, quarter: Quarter, comment_id: int, *, is_taken: bool, answer: str) -> None:
    """Note what was done with a comment; one that is not taken over gets an answer.

    Raises:
        PermissionDenied, TransitionNotAllowed: as ``ask``.
        NotFound: this quarter has no such comment.
        DomainError: the answer is missing (field ``answer``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    open_text(context, quarter, QuarterStep.SETTLE_COMMENT)
    said = context.session.get(QuarterComment, comment_id, with_for_update=True)
    request = context.session.get(QuarterCommentRequest, said.request_id) if said is not None else None
    if said is None or request is None or request.quarter != quarter.first_day:
        raise NotFound()
    if not is_taken and not answer.strip():
        raise DomainError(NOT_TAKEN_WHY, field="answer")
    said.is_taken, said.answer = is_taken, answer.strip() or None
    said.settled_by_id, said.settled_at = context.actor.account_id, context.now
    note(context, QuarterStep.SETTLE_COMMENT, quarter, {"reactie": request.id, "overgenomen": is_taken})


def _held(context: Context) -> tuple[Quarter, QuarterCommentRequest]:
    """The request whose link the actor holds, locked with its text.

    Raises:
        NotFound: there is none.
        DomainError: nothing can be said by it any more.
    """
    context.actor.require(Permission.COMMENT_QUARTER)
    request_id = context.actor.comment_request_id or 0
    found = context.session.get(QuarterCommentRequest, request_id)
    if found is None:
        raise NotFound()
    quarter = quarter_of(found.quarter)
    try:
        open_text(context, quarter, QuarterStep.COMMENT)
    except TransitionNotAllowed:
        raise DomainError(LINK_OVER) from None  # what is said there is for who writes
    context.session.refresh(found, with_for_update=True)
    if found.withdrawn_at is not None or found.done_at is not None or context.today > found.due_on:
        raise DomainError(LINK_OVER)
    return quarter, found


def _ministry(context: Context, request: QuarterCommentRequest) -> str:
    return context.session.get_one(Organisation, request.ministry_id).name
