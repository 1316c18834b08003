"""What somebody at a ministry does by the link in a mail: answer, send back, ask more time, hand it on."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select, true

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.consultations import (
    MOST_LINKS,
    MOST_MORE_TIME,
    OPPOSITE,
    LinkState,
    is_within,
    link_state,
)
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.laws.articles import article_key
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import ConsultationStatus, EventKind, RoomAnswer
from knelpunt.models import Case, Consultation, ConsultationLink, Disagreement, Event, MinistryContact
from knelpunt.queries.core import cases
from knelpunt.services.consultations import links
from knelpunt.services.consultations import mail_texts as texts
from knelpunt.services.consultations.ending import end, tell_heads, tell_submitter
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

NOT_NOW = {
    LinkState.DONE: "Deze vraag is al beantwoord of niet meer nodig.",
    LinkState.HANDED_ON: "Deze vraag is doorgegeven aan een collega. Met uw link kan dit niet meer.",
    LinkState.EXPIRED: "De tijd om met deze link te antwoorden is voorbij.",
    LinkState.CASE_OVER: "Het loket heeft geen antwoord meer nodig. De vraag of de melding is ingetrokken.",
}
"""Why nothing can be done by a link, in the words that its page shows."""
REOPENINGS = (EventKind.REOPENED, EventKind.SECOND_LOOK_CHANGED)
"""By these a case is handled anew; what ministries said before counts no longer against what they say now."""


def answer(
    context: Context,
    room: RoomAnswer,
    reasons: str,
    *,
    keep_files: Callable[[Case, Consultation], object] | None = None,
) -> None:
    """Step 10: whether there is room, with the reasons. Two answers that differ are put to the head of the desk.

    Args:
        keep_files: keeps the files that came along, with the case locked and before anything else is written.
    Raises:
        NotFound: the actor has no link to a question.
        DomainError: the link can no longer be used, or the reasons are missing (field ``answer``).
    """
    _link, consultation, case = _held(context)
    steps.CONSULTATION_ANSWERED.check_from(case.status)
    if not reasons.strip():
        raise DomainError("Leg uit waarom.", field="answer")
    if keep_files is not None:
        keep_files(case, consultation)
    consultation.room, consultation.answer = room, reasons.strip()
    end(context, case, consultation, ConsultationStatus.ANSWERED, steps.CONSULTATION_ANSWERED)
    _note_disagreement(context, case, consultation)
    tell_submitter(context, case, consultation)
    _tell_handler(context, case, "een antwoord")


def send_back(context: Context, whom_to_ask: str) -> None:
    """Step 10: it is not theirs, and whom the desk can ask instead, by name or in words.

    Raises:
        NotFound, DomainError: as ``answer``.
    """
    _link, consultation, case = _held(context)
    steps.CONSULTATION_RETURNED.check_from(case.status)
    if not whom_to_ask.strip():
        raise DomainError("Schrijf op wie het loket kan vragen.", field="answer")
    consultation.answer = whom_to_ask.strip()
    end(context, case, consultation, ConsultationStatus.NOT_THEIRS, steps.CONSULTATION_RETURNED)
    tell_submitter(context, case, consultation)
    _tell_handler(context, case, "een vraag die bij een ander hoort")


def ask_more_time(context: Context, until: date, reason: str) -> None:
    """Ask for another last day; it holds once the handler agrees.

    Raises:
        NotFound, DomainError: as ``answer``, or the day does not fit (field ``until``).
    """
    _link, consultation, case = _held(context)
    steps.CONSULTATION_ANSWERED.check_from(case.status)
    if consultation.more_time_until is not None:
        raise DomainError("U vroeg al meer tijd. Het loket moet daar nog over beslissen.")
    if until <= max(consultation.due_on, context.today):
        raise DomainError("Kies een dag na de laatste dag die nu geldt.", field="until")
    if until > context.today + MOST_MORE_TIME:
        raise DomainError("Kies een dag binnen zes weken.", field="until")
    if not reason.strip():
        raise DomainError("Schrijf op waarom u meer tijd nodig hebt.", field="reason")
    consultation.more_time_until, consultation.more_time_reason = until, reason.strip()
    case.updated_at = context.now
    data = {"raadpleging": consultation.id, "gevraagd_tot": until.isoformat()}
    events.record(context, EventKind.MORE_TIME_ASKED, case=case, data=data)
    _tell_handler(context, case, "een verzoek om meer tijd")


def hand_on(context: Context, email: str) -> None:
    """Give the question to a colleague within the same ministry: a new link goes there, and the own one ends.

    Raises:
        NotFound, DomainError: as ``answer``; or the address is none, is the own one, or is of elsewhere
            (field ``email``).
    """
    link, consultation, case = _held(context)
    steps.CONSULTATION_ANSWERED.check_from(case.status)
    try:
        address = messages.checked_address(email)
    except DomainError as error:
        raise DomainError(error.message, field="email") from None
    if address.casefold() == (link.email or "").casefold():
        raise DomainError("Dit is uw eigen adres.", field="email")
    known = context.session.scalars(
        select(MinistryContact.email).where(
            MinistryContact.ministry_id == consultation.ministry_id, MinistryContact.ended_on.is_(None)
        )
    )
    if not is_within(address, [each for each in known if each]):
        raise DomainError(
            "Dit adres is niet van uw ministerie. Hoort de vraag ergens anders? Stuur haar dan terug.", field="email"
        )
    handed_on = context.session.scalar(select(func.count()).where(ConsultationLink.consultation_id == consultation.id))
    if (handed_on or 0) > MOST_LINKS:
        raise DomainError("Deze vraag is al vaak doorgegeven. Neem contact op met het loket.", field="email")
    link.revoked_at = context.now
    new = links.make(context, consultation, address)
    data = {"raadpleging": consultation.id, "van_link": link.id, "link": new.id}
    events.record(context, EventKind.CONSULTATION_HANDED_ON, case=case, data=data)
    links.send(context, case, new, consultation, MailKind.CONSULTATION_ASKED, texts.asked)


def _held(context: Context) -> tuple[ConsultationLink, Consultation, Case]:
    """The link of the actor with its question and its case, locked for this act and read afresh.

    Raises:
        PermissionDenied: the actor came by no such link.
        NotFound: the link is gone.
        DomainError: it can no longer be used.
    """
    context.actor.require(Permission.ANSWER_CONSULTATION)
    found = context.session.get(ConsultationLink, context.actor.consultation_link_id or 0)
    consultation = context.session.get(Consultation, found.consultation_id) if found is not None else None
    if found is None or consultation is None:
        raise NotFound()
    case = cases.get_by_id_for_update(context.session, consultation.case_id)
    context.session.refresh(found)
    context.session.refresh(consultation)
    state = link_state(
        consultation.status,
        consultation.due_on,
        consultation.ended_on,
        context.today,
        is_revoked=found.revoked_at is not None,
    )
    if state is not LinkState.OPEN:
        raise DomainError(NOT_NOW[state])
    return found, consultation, case


def _note_disagreement(context: Context, case: Case, consultation: Consultation) -> None:
    """Put two answers that cannot both be followed to the head of the desk, also while another such matter waits.

    They are of two ministries and about one rule, and both questions were asked since the case was last reopened.
    """
    opposite = OPPOSITE.get(consultation.room) if consultation.room is not None else None
    if opposite is None:
        return
    reopened_at = context.session.scalar(
        select(func.max(Event.recorded_at)).where(Event.case_id == case.id, Event.kind.in_(REOPENINGS))
    )
    answered = context.session.scalars(
        select(Consultation)
        .where(
            Consultation.case_id == case.id,
            Consultation.status == ConsultationStatus.ANSWERED,
            Consultation.room == opposite,
            Consultation.ministry_id != consultation.ministry_id,
            Consultation.asked_at >= reopened_at if reopened_at is not None else true(),
        )
        .order_by(Consultation.id.desc())
    )
    earlier = next((each for each in answered if _is_one_rule(each, consultation)), None)
    if earlier is None:
        return
    found = Disagreement(case_id=case.id, first_id=earlier.id, second_id=consultation.id, noticed_at=context.now)
    context.session.add(found)
    context.session.flush()
    data = {"verschil": found.id, "raadplegingen": [earlier.id, consultation.id]}
    events.record(context, EventKind.MINISTRIES_DISAGREED, case=case, data=data)
    tell_heads(context, case, "twee ministeries die elkaar tegenspreken", handler_knows=False)


def _is_one_rule(one: Consultation, other: Consultation) -> bool:
    if one.provision_id is not None and one.provision_id == other.provision_id:
        return True
    return article_key(one.article) == article_key(other.article)


def _tell_handler(context: Context, case: Case, what: str) -> None:
    messages.notify_handler(context, case, texts.consultation_news(what=what))
