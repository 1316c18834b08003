"""What the submitter does: answer, add, react to a proposal, withdraw, look at the public text.

Where an act takes ``told``, somebody at the desk may write it down for a submitter who said it by telephone or letter.
"""

from datetime import date
from typing import Any

from sqlalchemy import delete, update

from knelpunt.domain import workflow as steps
from knelpunt.domain.clocks import Clock
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.replies import Told
from knelpunt.domain.texts import Text
from knelpunt.domain.timezone import nl_day
from knelpunt.domain.vocabulary import (
    CaseStatus,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
    Result,
)
from knelpunt.models import AddressChange, Case, CasePoint, Contact, FollowLink, Message, Proposal, PublicText
from knelpunt.queries import handling
from knelpunt.services import clocks, events, joint_mail, messages, reviews, signatures
from knelpunt.services.act import Act
from knelpunt.services.told import day_of, kept, open_for
from knelpunt.services.workflow import advance, open_case

NO_PROPOSAL = Text("Er ligt geen voorstel waarop u kunt reageren.")
NO_TEXT = Text("Er ligt geen tekst die u kunt bekijken.")
_SECOND_LOOK = Text("Dit is al gebeurd.")
CLOSED_FOR_ADDITIONS = frozenset({CaseStatus.WITHDRAWN, CaseStatus.ARCHIVED})


def answer(act: Act, reference: str, message_id: int, body: str, *, told: Told | None = None) -> Message:
    """Step 5: answer the desk's question; the clocks run again from the day after the answer came in.

    Raises:
        DomainError: the question was answered already, or the term lapsed.
    """
    case = open_for(act, reference, told)
    question = act.session.get(Message, message_id)
    if question is None or question.case_id != case.id or question.kind is not MessageKind.QUESTION:
        raise NotFound()
    if question.answered_on is not None:
        raise DomainError(Text("Deze vraag is al beantwoord."))
    if question.lapsed_on is not None:
        raise DomainError(Text("De tijd om te antwoorden is voorbij. U kunt wel iets toevoegen aan uw melding."))
    question.answered_on = day_of(act, told, nl_day(question.written_at))
    message = _write(act, case, MessageKind.ANSWER, body)
    resume_from_supplement(
        act,
        case,
        steps.RECEIVE_SUPPLEMENT,
        data={"bericht": message.id, "vraag": question.id, **kept(told)},
        resumes_on=question.answered_on,
        on_behalf=told is not None,
    )
    messages.notify_submitter(
        act, case, MailKind.ANSWER_RECEIVED, next_date=case.due_on, told=told, written=message.body
    )
    _tell_handler(act, case, "antwoord op een vraag")
    return message


def resume_from_supplement(
    act: Act,
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
    if case.status_before_supplement is None:
        raise DomainError(Text("Deze zaak wacht niet op een aanvulling."))
    target = CaseStatus(case.status_before_supplement)
    case.status_before_supplement = None
    case.suspended_until = None
    case.got_no_reaction = step is steps.SUPPLEMENT_LAPSED
    advance(act, case, step, target=target, data=data, resumes_on=resumes_on, on_behalf=on_behalf)


def add(act: Act, reference: str, body: str, *, told: Told | None = None) -> Message:
    """Add something to the case at any time; moves nothing."""
    case = open_for(act, reference, told)
    if case.status in CLOSED_FOR_ADDITIONS:
        raise DomainError(Text("Aan deze melding kunt u niets meer toevoegen."))
    day_of(act, told, case.filed_on)
    message = _write(act, case, MessageKind.ADDITION, body)
    events.record(act, EventKind.ADDITION_RECEIVED, case=case, data={"bericht": message.id, **kept(told)})
    _tell_handler(act, case, "een toevoeging")
    return message


def accept_proposal(act: Act, reference: str, *, told: Told | None = None, remark: str = "") -> None:
    """The proposal helps: K5 stops, and the desk closes the case. A reaction after the term counts as well."""
    case = open_for(act, reference, told)
    proposal = _open_proposal(act, case)
    day = day_of(act, told, proposal.sent_on or case.filed_on)
    proposal.status, proposal.reacted_on, proposal.reaction = ProposalStatus.ACCEPTED, day, remark.strip() or None
    case.updated_at = act.now
    effects = clocks.stop(act, case, Clock.K5, on=day)
    data = {"voorstel": proposal.id, "klokken": effects, **kept(told)}
    events.record(act, EventKind.PROPOSAL_ACCEPTED, case=case, data=data)
    messages.notify_submitter(act, case, MailKind.PROPOSAL_ACCEPTED, told=told, written=remark.strip())
    _tell_handler(act, case, "aanvaarding van het voorstel")


def refuse_proposal(act: Act, reference: str, reason: str, *, told: Told | None = None) -> None:
    """Step 12: the proposal does not work, and why. K4 goes on with what was left, at least 2 weeks from that day."""
    case = open_for(act, reference, told)
    proposal = _open_proposal(act, case)
    day = day_of(act, told, proposal.sent_on or case.filed_on)
    if not reason.strip():
        raise DomainError(Text("Schrijf op waarom het voorstel niet werkt."), field="reason")
    reviews.cancel_open(act, case)
    proposal.status, proposal.reacted_on, proposal.reaction = ProposalStatus.REFUSED, day, reason.strip()
    earlier = clocks.last_stopped(act.session, case, Clock.K4)
    effects = clocks.stop(act, case, Clock.K5, on=day)
    if earlier is not None:
        effects += clocks.restart_after_refusal(act, case, earlier, on=day)
    else:  # answered with a ruimtewijzer out of triage: the time for a solution begins only now
        effects += clocks.start(act, case, Clock.K4, on=day)
    advance(
        act,
        case,
        steps.REFUSE_PROPOSAL,
        data={"voorstel": proposal.id, "klokken": effects, **kept(told)},
        moves_clocks=False,
        on_behalf=told is not None,
    )
    messages.notify_submitter(
        act, case, MailKind.PROPOSAL_REFUSED, next_date=case.due_on, told=told, written=proposal.reaction
    )
    _tell_handler(act, case, "een reactie op het voorstel")


def withdraw(act: Act, reference: str, reason: str, *, erase_contact: bool) -> None:
    """Step 18: take the case back, with a choice about the contact data. Only the submitter can, never the desk."""
    case = open_case(act, reference, Permission.WITHDRAW_CASE)
    steps.WITHDRAW.check_from(case.status)
    reviews.cancel_open(act, case)
    if reason.strip():
        _write(act, case, MessageKind.ADDITION, reason)
    case.result, case.closed_on = Result.WITHDRAWN, act.today
    case.suspended_until = None
    case.status_before_supplement = None
    contact = act.session.get(Contact, case.id)
    advance(act, case, steps.WITHDRAW, data={"gegevens_gewist": erase_contact})
    ends_on = contact.ends_on if contact is not None and not erase_contact else None
    is_erased = erase_contact and contact is not None
    messages.notify_submitter(act, case, MailKind.WITHDRAWN, contact_ends_on=ends_on, is_erased=is_erased)
    if is_erased and contact is not None:
        erase_contact_data(act, case, contact)
    joint_mail.tell_participants(act, case, MailKind.WITHDRAWN)


def erase_contact_data(act: Act, case: Case, contact: Contact) -> None:
    """Overwrite the contact in place, also in the outbox; the event says that, not what. The follow link dies."""
    contact.name = contact.email = contact.phone = contact.postal_address = None
    contact.undelivered_at = None
    contact.erased_at = act.now
    case.updated_at = act.now
    signatures.erase_people(act, case)
    act.session.execute(delete(CasePoint).where(CasePoint.case_id == case.id))
    messages.forget_mails(act, case)
    act.session.execute(delete(AddressChange).where(AddressChange.case_id == case.id))
    act.session.execute(
        update(FollowLink)
        .where(FollowLink.case_id == case.id, FollowLink.revoked_at.is_(None))
        .values(revoked_at=act.now)
    )
    events.record(act, EventKind.CONTACT_ERASED, case=case)


def erase_contact(act: Act, reference: str) -> None:
    """Have the contact data of a case erased, at any time (AVG art. 17); the follow link stops working with it.

    Raises:
        DomainError: they were erased already, or there never were any.
    """
    case = open_case(act, reference, Permission.WITHDRAW_CASE)
    contact = act.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None:
        raise DomainError(Text("Bij deze melding staan geen contactgegevens meer."))
    erase_contact_data(act, case, contact)


def verify_address(act: Act, case: Case) -> None:
    """The holder of the follow link says that the address is theirs; a second time changes nothing."""
    contact = act.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None or contact.verified_at is not None:
        return
    contact.verified_at = act.now
    events.record(act, EventKind.ADDRESS_VERIFIED, case=case)


def agree_to_text(act: Act, reference: str) -> None:
    """The public text is fine; it may be published before the ten working days are over."""
    case, text = _text_in_preview(act, reference)
    if text.agreed_on is not None:
        raise DomainError(_SECOND_LOOK)
    text.agreed_on = act.today
    case.updated_at = act.now
    events.record(act, EventKind.TEXT_AGREED, case=case)


def object_to_text(act: Act, reference: str, objection: str, *, told: Told | None = None) -> None:
    """Something must change in the public text: it goes back to the desk, and is not published as it is."""
    case, text = _text_in_preview(act, reference, told)
    day_of(act, told, text.preview_on or case.filed_on)
    if not objection.strip():
        raise DomainError(Text("Schrijf op wat er anders moet."), field="objection")
    text.objection, text.agreed_on = objection.strip(), None
    text.preview_on = text.object_by = None
    case.publication = PublicationStatus.INTERNAL
    message = _write(act, case, MessageKind.OBJECTION, objection)
    events.record(act, EventKind.TEXT_OBJECTED, case=case, data={"bericht": message.id, **kept(told)})
    _tell_handler(act, case, "bezwaar tegen de openbare tekst")


def _text_in_preview(act: Act, reference: str, told: Told | None = None) -> tuple[Case, PublicText]:
    case = open_for(act, reference, told)
    text = act.session.get(PublicText, case.id)
    if case.publication is not PublicationStatus.PREVIEW or text is None:
        raise DomainError(NO_TEXT)
    return case, text


def _open_proposal(act: Act, case: Case) -> Proposal:
    proposal = handling.latest_proposal(act.session, case.id)
    if case.status is not CaseStatus.PROPOSED or proposal is None or proposal.status is not ProposalStatus.SENT:
        raise DomainError(NO_PROPOSAL)
    return proposal


def _write(act: Act, case: Case, kind: MessageKind, body: str) -> Message:
    if not body.strip():
        raise DomainError(Text("Schrijf iets op."), field="body")
    message = Message(
        case_id=case.id,
        kind=kind,
        from_desk=False,
        body=body.strip(),
        author_id=act.actor.account_id,
        written_at=act.now,
    )
    act.session.add(message)
    case.updated_at = act.now
    act.session.flush()
    return message


def _tell_handler(act: Act, case: Case, what: str) -> None:
    """Mail the handler, who need not hear what he or she wrote down."""
    if act.actor.account_id is not None and act.actor.account_id == case.handler_id:
        return
    messages.notify_colleague(act, case, MailKind.SUBMITTER_REACTED, case.handler_id, what=what)
