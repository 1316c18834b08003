"""What the submitter does: answer, add, react to a proposal, withdraw, look at the public text.

Where an act takes ``on_behalf``, somebody at the desk may write it down for a submitter who said it by telephone or
letter.
"""

from datetime import date
from typing import Any

from sqlalchemy import delete, update

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.links import new_nonce
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text, date_in_words
from knelpunt.domain.vocabulary import (
    CaseStatus,
    EventKind,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
    Result,
)
from knelpunt.models import (
    AddressChange,
    Aftercare,
    Case,
    CasePoint,
    Contact,
    FollowLink,
    Message,
    Proposal,
    PublicText,
    Review,
)
from knelpunt.queries.cases import handling, letters
from knelpunt.queries.core import cases
from knelpunt.services.cases import publication, reviews, second_looks
from knelpunt.services.cases.workflow import advance, check, open_case
from knelpunt.services.consultations import ending
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_mail, signatures
from knelpunt.services.mail import letters as post
from knelpunt.services.mail import messages
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import mail_texts as texts
from knelpunt.services.submitters.on_behalf import day_of, kept, open_for

OTHER_PROPOSAL = Text("Er is intussen een ander voorstel. Lees dat eerst.")
OTHER_TEXT = Text("De openbare tekst is intussen gewijzigd. Lees hem eerst opnieuw.")
NO_PROPOSAL = Text("Er ligt geen voorstel waarop u kunt reageren.")
NO_TEXT = Text("Er ligt geen tekst die u kunt bekijken.")
TOO_LATE = Text("De tijd om te antwoorden is voorbij. U kunt wel iets toevoegen aan uw melding.")
CLOSED = Text("Aan deze melding kunt u niets meer toevoegen.")
_SECOND_LOOK = Text("Dit is al gebeurd.")
CLOSED_FOR_ADDITIONS = frozenset({CaseStatus.WITHDRAWN, CaseStatus.ARCHIVED})


def answer(
    context: Context,
    reference: str,
    message_id: int,
    body: str,
    *,
    on_behalf: OnBehalf | None = None,
    mailed: Message | None = None,
) -> Message:
    """Step 5: answer the desk's question; the clocks run again from the day after the answer came in.

    Where the desk writes down an answer that reached it in time, a lapse that was stated meanwhile is taken back.

    Args:
        mailed: the message that is the answer, when the submitter mailed it; the caller found it to be of this case.
    Raises:
        DomainError: the question was answered already, or the term was over on the day of the answer.
    """
    case = open_for(context, reference, on_behalf)
    question = context.session.get(Message, message_id)
    if question is None or question.case_id != case.id or question.kind is not MessageKind.QUESTION:
        raise NotFound()
    if question.answered_on is not None:
        raise DomainError(Text("Deze vraag is al beantwoord."))
    if case.status in CLOSED_FOR_ADDITIONS:
        raise DomainError(CLOSED)
    has_lapsed = question.lapsed_on is not None
    if not has_lapsed:
        check(context, case, steps.RECEIVE_SUPPLEMENT)
    day = day_of(context, on_behalf, nl_day(question.written_at))
    _require_in_time(context, question, day, on_behalf)
    message = _write(context, case, MessageKind.ANSWER, body) if mailed is None else mailed
    message.kind = MessageKind.ANSWER
    question.answered_on = day
    post.ask_of_no_mail(context, case)
    data = {"bericht": message.id, "vraag": question.id, **kept(on_behalf)}
    if has_lapsed:
        _take_back_lapse(context, case, question, day, data)
    else:
        resume_from_supplement(
            context, case, steps.RECEIVE_SUPPLEMENT, data=data, resumes_on=day, on_behalf=on_behalf is not None
        )
    messages.notify_submitter(
        context, case, texts.answer_received(next_date=case.due_on, on_behalf=on_behalf, written=message.body)
    )
    _tell_handler(context, case, "antwoord op een vraag")
    return message


def _require_in_time(context: Context, question: Message, day: date, on_behalf: OnBehalf | None) -> None:
    """Raise DomainError when the term was over on the day of the answer, whether or not the worker said so yet."""
    if question.answer_by is None or day <= question.answer_by:
        return
    if question.lapsed_on is None and letters.has_unsent(context.session, question.case_id, MailKind.QUESTION):
        return  # the letter lies here yet, so that its term has not begun
    if on_behalf is None:
        raise DomainError(TOO_LATE)
    last_day = date_in_words(question.answer_by)
    raise DomainError(f"De tijd om te antwoorden liep tot en met {last_day}. Kies een toevoeging.", field="received_on")


def _take_back_lapse(context: Context, case: Case, question: Message, day: date, data: dict[str, Any]) -> None:
    """The answer was here in time: nobody failed to answer, and the clocks ran again from the day after it."""
    lapsed_on, question.lapsed_on = question.lapsed_on, None
    case.got_no_reaction, case.updated_at = False, context.now
    if lapsed_on is not None:
        data = {**data, "klokken": clocks.end_wait_earlier(context, case, lapsed_on, day)}
    events.record(context, EventKind.LAPSE_TAKEN_BACK, case=case, data=data)


def resume_from_supplement(
    context: Context,
    case: Case,
    step: steps.Transition,
    *,
    data: dict[str, Any],
    resumes_on: date | None = None,
    on_behalf: bool = False,
) -> None:
    """Go back to the state from which the question was asked.

    Args:
        resumes_on: last day of the suspension, where that is not today.
        on_behalf: the desk writes down what the submitter told it.
    """
    step.check_from(case.status)
    if case.status_before_supplement is None:
        raise DomainError(Text("Deze zaak wacht niet op een aanvulling."))
    target = CaseStatus(case.status_before_supplement)
    case.status_before_supplement = None
    case.suspended_until = None
    case.got_no_reaction = step is steps.SUPPLEMENT_LAPSED
    advance(context, case, step, target=target, data=data, resumes_on=resumes_on, on_behalf=on_behalf)


def add(context: Context, reference: str, body: str, *, on_behalf: OnBehalf | None = None) -> Message:
    """Add something to the case at any time; moves nothing."""
    case = open_for(context, reference, on_behalf)
    if case.status in CLOSED_FOR_ADDITIONS:
        raise DomainError(CLOSED)
    day_of(context, on_behalf, case.filed_on)
    message = _write(context, case, MessageKind.ADDITION, body)
    events.record(context, EventKind.ADDITION_RECEIVED, case=case, data={"bericht": message.id, **kept(on_behalf)})
    _tell_handler(context, case, "een toevoeging")
    return message


def accept_proposal(
    context: Context,
    reference: str,
    *,
    seen: int | None = None,
    on_behalf: OnBehalf | None = None,
    remark: str = "",
) -> None:
    """Step 13a: the proposal helps. K5 stops, and the term in which the desk closes the case begins.

    A reaction after the term counts as well; the term to close then begins anew from that day. Where it would be over
    already, because the reaction was written down so much later, it begins today.

    Args:
        seen: which proposal was read, when that is told.
    Raises:
        VersionConflict: another proposal came since.
    """
    case = open_for(context, reference, on_behalf)
    proposal = _open_proposal(context, case, seen)
    day = day_of(context, on_behalf, proposal.sent_on or case.filed_on)
    cancelled = reviews.cancel_open(context, case, EventKind.CLOSED)  # its words are about a submitter who kept silent
    proposal.status, proposal.reacted_on, proposal.reaction = ProposalStatus.ACCEPTED, day, remark.strip() or None
    case.updated_at = context.now
    effects = _note_reaction(context, case, proposal, day)
    effects += clocks.start(context, case, Clock.CLOSING, on=_begin_of(context, case, Clock.CLOSING, day))
    data = {"voorstel": proposal.id, "klokken": effects, **kept(on_behalf)}
    events.record(context, EventKind.PROPOSAL_ACCEPTED, case=case, data=data)
    messages.notify_submitter(
        context, case, texts.proposal_accepted(next_date=case.due_on, on_behalf=on_behalf, written=remark.strip())
    )
    _tell_handler(context, case, "aanvaarding van het voorstel", cancelled)


def _begin_of(context: Context, case: Case, clock: Clock, day: date) -> date:
    """Nobody is promised a letter by a day that went by."""
    ends_on = clocks.last_day(context.session, clock, case.filed_on, day)
    return day if ends_on >= context.today else context.today


def refuse_proposal(
    context: Context, reference: str, reason: str, *, seen: int | None = None, on_behalf: OnBehalf | None = None
) -> None:
    """Step 12: the proposal does not work, and why. K4 goes on with what was left, at least 2 weeks from that day;
    from today, where that would be over already because the refusal was written down so much later.

    ``seen`` as for ``accept_proposal``.
    """
    case = open_for(context, reference, on_behalf)
    proposal = _open_proposal(context, case, seen)
    day = day_of(context, on_behalf, proposal.sent_on or case.filed_on)
    if not reason.strip():
        raise DomainError(Text("Schrijf op waarom het voorstel niet werkt."), field="reason")
    cancelled = reviews.cancel_open(context, case)
    proposal.status, proposal.reacted_on, proposal.reaction = ProposalStatus.REFUSED, day, reason.strip()
    earlier = clocks.last_stopped(context.session, case, Clock.K4)
    effects = _note_reaction(context, case, proposal, day)
    if earlier is not None:
        effects += clocks.restart_after_refusal(context, case, earlier, on=day)
    else:  # answered with a ruimtewijzer out of triage: the time for a solution begins only now
        effects += clocks.start(context, case, Clock.K4, on=_begin_of(context, case, Clock.K4, day))
    advance(
        context,
        case,
        steps.REFUSE_PROPOSAL,
        data={"voorstel": proposal.id, "klokken": effects, **kept(on_behalf)},
        moves_clocks=False,
        on_behalf=on_behalf is not None,
    )
    messages.notify_submitter(
        context, case, texts.proposal_refused(next_date=case.due_on, on_behalf=on_behalf, written=proposal.reaction)
    )
    _tell_handler(context, case, "een reactie op het voorstel", cancelled)


def _note_reaction(context: Context, case: Case, proposal: Proposal, day: date) -> clocks.Effects:
    """Stop K5 on the day of the reaction, or the term to close that began when it ran out. Where the reaction turns out
    to have been here in time, that is said in an event: K5 did not run out, and what began by it counts no day."""
    post.ask_of_no_mail(context, case)
    post.drop_about_silence(context, case)
    running = next((run for run in clocks.running(context.session, case) if run.clock is Clock.K5), None)
    if running is not None:
        if running.due_on is not None and not letters.has_unsent(context.session, case.id, MailKind.PROPOSAL):
            day = min(day, running.due_on)  # it ran out, whether or not the worker said so yet
        return clocks.stop(context, case, Clock.K5, on=day)
    ended = clocks.last_stopped(context.session, case, Clock.K5)
    if ended is None or ended.stopped_on is None or day > ended.stopped_on:
        return clocks.let_fall_away(context, case, Clock.CLOSING, on=day)
    effects = clocks.end_earlier(context, case, Clock.K5, on=day, follower=Clock.CLOSING)
    data = {"voorstel": proposal.id, "klokken": effects}
    events.record(context, EventKind.LAPSE_TAKEN_BACK, case=case, data=data)
    return []


def withdraw(context: Context, reference: str, reason: str, *, erase_contact: bool) -> None:
    """Step 18: take the case back, with a choice about the contact data. Only the submitter can, never the desk."""
    case = open_case(context, reference, steps.WITHDRAW.permission)
    check(context, case, steps.WITHDRAW)
    if erase_contact:
        cases.hold_mails(context.session, [case.id])  # before the contact, which the step below may change
    reviews.cancel_open(context, case)
    if reason.strip():
        _write(context, case, MessageKind.ADDITION, reason)
    post.ask_of_no_mail(context, case)
    post.drop_about_silence(context, case)
    second_looks.end_with_case(context, case)
    case.result, case.closed_on = Result.WITHDRAWN, context.today
    case.suspended_until = None
    case.status_before_supplement = None
    question = letters.open_question(context.session, case.id)
    if question is not None:
        question.lapsed_on = context.today
    contact = context.session.get(Contact, case.id)
    asked = ending.end_all(context, case)
    offers.end_waiting(context, case)
    data = {"gegevens_gewist": erase_contact, **({"raadplegingen": asked} if asked else {})}
    advance(context, case, steps.WITHDRAW, data=data)
    ends_on = contact.ends_on if contact is not None and not erase_contact else None
    is_erased = erase_contact and contact is not None
    messages.notify_submitter(context, case, texts.withdrawn(contact_ends_on=ends_on, is_erased=is_erased))
    if is_erased and contact is not None:
        erase_contact_data(context, case, contact)
    mail = texts.submitter_reacted(what="de intrekking van de melding")
    if case.handler_id is not None:
        messages.notify_handler(context, case, mail)
    joint_mail.tell_participants(context, case, MailKind.WITHDRAWN)


def erase_contact_data(context: Context, case: Case, contact: Contact) -> None:
    """Overwrite the contact in place, also in the outbox; the event says that, not what. The follow link dies."""
    cases.hold_mails(context.session, [case.id])
    contact.name = contact.email = contact.phone = contact.postal_address = None
    contact.undelivered_at = contact.gone_at = None
    contact.erased_at = context.now
    case.updated_at = context.now
    signatures.erase_people(context, case)
    context.session.execute(delete(CasePoint).where(CasePoint.case_id == case.id))
    messages.forget_mails(context, case)
    context.session.execute(delete(AddressChange).where(AddressChange.case_id == case.id))
    context.session.execute(
        update(FollowLink)
        .where(FollowLink.case_id == case.id, FollowLink.revoked_at.is_(None))
        .values(revoked_at=context.now)
    )
    context.session.execute(update(Aftercare).where(Aftercare.case_id == case.id).values(nonce=new_nonce()))
    effects: list[dict[str, object]] = []
    if case.organisation_id is None:
        offers.end_waiting(context, case)
        effects = clocks.stop(context, case, Clock.K9, on=context.today)
    events.record(context, EventKind.CONTACT_ERASED, case=case, data={"klokken": effects} if effects else None)


def erase_contact(context: Context, reference: str) -> None:
    """Have the contact data of a case erased, at any time (AVG art. 17); the follow link stops working with it.

    Raises:
        DomainError: they were erased already, or there never were any.
    """
    case = open_case(context, reference, Permission.WITHDRAW_CASE)
    contact = context.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None:
        raise DomainError(Text("Bij deze melding staan geen contactgegevens meer."))
    erase_contact_data(context, case, contact)


def verify_address(context: Context, case: Case) -> None:
    """The holder of the follow link says that the address is theirs; a second time changes nothing.

    The caller holds the lock on the case, before that of its contact and the chain.
    """
    contact = context.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None or contact.verified_at is not None:
        return
    contact.verified_at = context.now
    events.record(context, EventKind.ADDRESS_VERIFIED, case=case)


def agree_to_text(context: Context, reference: str, *, seen: int | None = None) -> None:
    """The public text is fine; it may be published before the ten working days are over.

    Args:
        seen: which version of the text was read, when that is told.
    Raises:
        VersionConflict: the text changed since, or was laid before the submitter anew.
    """
    case, text = _text_in_preview(context, reference)
    if text.agreed_on is not None:
        raise DomainError(_SECOND_LOOK)
    _require_read(text, seen)
    text.agreed_on = context.today
    case.updated_at = context.now
    post.ask_of_no_mail(context, case)
    events.record(context, EventKind.TEXT_AGREED, case=case)
    _tell_handler(context, case, "akkoord met de openbare tekst")


def object_to_text(
    context: Context, reference: str, objection: str, *, seen: int | None = None, on_behalf: OnBehalf | None = None
) -> None:
    """Something must change in the public text: it goes back to the desk, and is not published as it is.

    ``seen`` as for ``agree_to_text``.
    """
    case, text = _text_in_preview(context, reference, on_behalf)
    _require_read(text, seen)
    day_of(context, on_behalf, text.preview_on or case.filed_on)
    if not objection.strip():
        raise DomainError(Text("Schrijf op wat er anders moet."), field="objection")
    text.objection, text.kept_back_on = objection.strip(), None
    publication.end_preview(case, text)
    post.ask_of_no_mail(context, case)
    post.drop_waiting(context, case, MailKind.PREVIEW)
    message = _write(context, case, MessageKind.OBJECTION, objection)
    events.record(context, EventKind.TEXT_OBJECTED, case=case, data={"bericht": message.id, **kept(on_behalf)})
    _tell_handler(context, case, "bezwaar tegen de openbare tekst")


def _text_in_preview(context: Context, reference: str, on_behalf: OnBehalf | None = None) -> tuple[Case, PublicText]:
    case = open_for(context, reference, on_behalf)
    text = context.session.get(PublicText, case.id)
    if case.publication is not PublicationStatus.PREVIEW or text is None:
        raise DomainError(NO_TEXT)
    return case, text


def _require_read(text: PublicText, seen: int | None) -> None:
    if seen is not None and seen != text.version:
        raise VersionConflict(OTHER_TEXT)


def _open_proposal(context: Context, case: Case, seen: int | None = None) -> Proposal:
    proposal = handling.latest_proposal(context.session, case.id)
    is_here = case.status in steps.REFUSE_PROPOSAL.sources
    if not is_here or proposal is None or proposal.status is not ProposalStatus.SENT:
        raise DomainError(NO_PROPOSAL)
    if seen is not None and seen != proposal.id:
        raise VersionConflict(OTHER_PROPOSAL)
    return proposal


def _write(context: Context, case: Case, kind: MessageKind, body: str) -> Message:
    if not body.strip():
        raise DomainError(Text("Schrijf iets op."), field="body")
    message = Message(
        case_id=case.id,
        kind=kind,
        from_desk=False,
        body=body.strip(),
        author_id=context.actor.account_id,
        written_at=context.now,
    )
    context.session.add(message)
    case.updated_at = context.now
    context.session.flush()
    return message


def _tell_handler(context: Context, case: Case, what: str, cancelled: Review | None = None) -> None:
    """Tell the handler, who need not hear what he or she wrote down. That a review was cancelled hears who asked for it
    as well."""
    if cancelled is not None:
        what = f"{what}. De toetsing die nog wachtte, is ingetrokken"
    mail = texts.submitter_reacted(what=what)
    if cancelled is not None and cancelled.requested_by_id not in (context.actor.account_id, case.handler_id):
        messages.notify_colleague(context, case, mail, cancelled.requested_by_id)
    if context.actor.account_id is not None and context.actor.account_id == case.handler_id:
        return
    messages.notify_handler(context, case, mail)
