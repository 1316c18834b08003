"""Triage and handling by the desk: who handles it, whether it belongs here, questions, the verdict, notes."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock, length_in_words
from knelpunt.domain.calendar.working_days import add_working_days, moved_on
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.grounds import why_not
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    CaseStatus,
    EventKind,
    MessageKind,
    OrganisationKind,
    RuleLevel,
)
from knelpunt.models import Account, Assessment, Case, Contact, Message, Note, Organisation, Review
from knelpunt.queries.accounts.accounts import is_last_head
from knelpunt.services.cases import reviews
from knelpunt.services.cases.decisions import VerdictDecision, payload_of
from knelpunt.services.cases.mail_texts import reviews as review_texts
from knelpunt.services.cases.mail_texts import steps as texts
from knelpunt.services.cases.workflow import advance, grounds, open_case, open_for_step
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_mail
from knelpunt.services.mail import messages

LONGEST_SUPPLEMENT_WORKING_DAYS = 60
PROVISION_OR_REASON = "Koppel ten minste één bepaling, of leg uit waarom er geen is."
ONLY_HEAD = (
    "Dit is het enige hoofd van het loket. Vraagt de indiener later een heroverweging, dan is er niemand die daarover "
    "kan beslissen. Kies een ander als behandelaar."
)
CASE_IS_OVER = "Deze zaak is niet meer open."
NAMED_BY_THE_HEAD = "Deze zaak is in heroverweging. Het hoofd van het loket wijst aan wie haar opnieuw bekijkt."


def earliest_answer_day(context: Context, case: Case) -> date:
    """The earliest last day that a submitter may be given: the supplement term of the case's filing day."""
    return clocks.last_day(context.session, Clock.SUPPLEMENT, case.filed_on, context.today)


def _supplement_term(context: Context, case: Case) -> str:
    rule = clocks.term_rule(context.session, Clock.SUPPLEMENT, case.filed_on)
    return length_in_words(rule.length, rule.unit)


def assign(context: Context, reference: str, version: int, handler_id: int) -> None:
    """Name the handler of a case, or another one.

    Raises:
        DomainError: the account may not handle cases, it is the only head of desk, or the case is over.
    """
    case = open_case(context, reference, Permission.ASSIGN_CASE, version=version)
    _require_open(case)
    if case.status is CaseStatus.RECONSIDERATION:
        raise DomainError(NAMED_BY_THE_HEAD)
    account = context.session.get(Account, handler_id)
    if account is None or not _can_handle(account):
        raise DomainError("Kies iemand die zaken kan behandelen.", field="handler_id")
    if is_last_head(context.session, account):
        raise DomainError(ONLY_HEAD, field="handler_id")
    if case.handler_id == handler_id:
        raise DomainError("Deze collega behandelt de zaak al.", field="handler_id")
    before, case.handler_id, case.updated_at = case.handler_id, handler_id, context.now
    events.record(context, EventKind.HANDLER_ASSIGNED, case=case, data={"behandelaar": handler_id, "daarvoor": before})
    if handler_id != context.actor.account_id:
        messages.notify_colleague(context, case, review_texts.assigned(), handler_id)
    if case.status is not CaseStatus.SUBMITTED:
        messages.notify_submitter(context, case, texts.handler_named(handler_name=account.name, next_date=case.due_on))


def hand_back(context: Context, reference: str, version: int, handler_id: int | None) -> None:
    """Take back that a handler was named: the one before (None: nobody) has the case again.

    Raises:
        VersionConflict: something happened in the case since.
        DomainError: the case is over, or the one before can handle nothing any more.
    """
    case = open_case(context, reference, Permission.ASSIGN_CASE, version=version)
    _require_open(case)
    account = context.session.get(Account, handler_id) if handler_id is not None else None
    if handler_id is not None and not _can_handle(account):
        raise DomainError("Wie de zaak eerder behandelde, kan dat nu niet meer.")
    before, case.handler_id, case.updated_at = case.handler_id, handler_id, context.now
    events.record(context, EventKind.HANDLER_ASSIGNED, case=case, data={"behandelaar": handler_id, "daarvoor": before})
    if account is not None and case.status is not CaseStatus.SUBMITTED:
        messages.notify_submitter(context, case, texts.handler_named(handler_name=account.name, next_date=case.due_on))


def _can_handle(account: Account | None) -> bool:
    return account is not None and account.is_active and Permission.HANDLE_CASE in ROLE_PERMISSIONS[account.role]


def set_scope(context: Context, reference: str, version: int, in_scope: bool, reason: str) -> None:
    """Record whether the case belongs at this desk; the reason is kept as an internal note."""
    case = open_case(context, reference, Permission.TRIAGE_CASE, version=version)
    _require_open(case)
    if not in_scope and not reason.strip():
        raise DomainError("Leg uit waarom de melding niet bij dit loket hoort.", field="reason")
    case.in_scope, case.updated_at = in_scope, context.now
    events.record(context, EventKind.SCOPE_ANSWERED, case=case, data={"hoort_hier": in_scope})
    if reason.strip():
        _note(context, case, reason)


def take_in(context: Context, reference: str, version: int) -> None:
    """Step 3: a person took the case; the submitter hears who.

    Raises:
        DomainError: the handler became the only head of desk since.
    """
    case = open_for_step(context, reference, version, steps.TAKE_IN)
    handler = context.session.get_one(Account, case.handler_id)
    if is_last_head(context.session, handler):
        raise DomainError(ONLY_HEAD)
    advance(context, case, steps.TAKE_IN)
    messages.notify_submitter(context, case, texts.handler_named(handler_name=handler.name, next_date=case.due_on))
    joint_mail.tell_participants(context, case, MailKind.HANDLER_NAMED)


def request_supplement(
    context: Context, reference: str, version: int, *, question: str, why: str, answer_by: date
) -> None:
    """Step 4: ask the submitter to complete the case. Running clocks stand still from tomorrow.

    Args:
        answer_by: last day to answer (Europe/Amsterdam), not before the term that the desk keeps. A Saturday, Sunday
            or holiday moves on to the next working day (Algemene termijnenwet, art. 1).
    Raises:
        DomainError: the term is too short or too long, or a question is open already.
    """
    case = open_for_step(context, reference, version, steps.REQUEST_SUPPLEMENT)
    earliest = earliest_answer_day(context, case)
    if answer_by < earliest:
        raise DomainError(f"Geef de indiener ten minste {_supplement_term(context, case)}.", field="answer_by")
    if answer_by > max(earliest, add_working_days(context.today, LONGEST_SUPPLEMENT_WORKING_DAYS)):
        raise DomainError("Kies een dag binnen 60 werkdagen.", field="answer_by")
    answer_by = moved_on(answer_by)
    message = Message(
        case_id=case.id,
        kind=MessageKind.QUESTION,
        from_desk=True,
        body=question,
        why=why,
        answer_by=answer_by,
        author_id=context.actor.account_id,
        written_at=context.now,
    )
    context.session.add(message)
    context.session.flush()
    case.status_before_supplement = case.status.value
    case.suspended_until = answer_by
    case.got_no_reaction = False
    advance(
        context,
        case,
        steps.REQUEST_SUPPLEMENT,
        data={"bericht": message.id, "antwoord_uiterlijk": answer_by.isoformat()},
    )
    messages.notify_submitter(context, case, texts.question(question=question, why=why, answer_by=answer_by))
    joint_mail.tell_participants(context, case, MailKind.QUESTION)


def request_handling(context: Context, reference: str, version: int, wanted: VerdictDecision) -> Review:
    """Step 7, first half: lay the triage verdict before a second person."""
    case = open_for_step(context, reference, version, steps.START_HANDLING)
    decision = _checked(context, case, wanted)
    return reviews.request(context, case, EventKind.HANDLING_STARTED, payload_of(decision))


def request_verdict_change(context: Context, reference: str, version: int, wanted: VerdictDecision) -> Review:
    """Lay another verdict before a second person, while the case is handled."""
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    if case.status not in (CaseStatus.IN_HANDLING, CaseStatus.WITH_MINISTRY, CaseStatus.PROPOSED):
        raise DomainError("Een oordeel wijzigen kan zolang de zaak in behandeling is.")
    reviews.require_none_open(context, case)
    decision = _checked(context, case, wanted)
    return reviews.request(context, case, EventKind.VERDICT_CHANGED, payload_of(decision))


def add_note(context: Context, reference: str, body: str) -> Note:
    """Write an internal note; no submitter ever sees it."""
    case = open_case(context, reference, Permission.WRITE_NOTE)
    note = _note(context, case, body)
    events.record(context, EventKind.NOTE_ADDED, case=case, data={"notitie": note.id})
    return note


def send_message(context: Context, reference: str, body: str) -> Message:
    """Write to the submitter without asking something."""
    case = open_case(context, reference, Permission.HANDLE_CASE)
    message = Message(
        case_id=case.id,
        kind=MessageKind.NOTICE,
        from_desk=True,
        body=body,
        author_id=context.actor.account_id,
        written_at=context.now,
    )
    context.session.add(message)
    context.session.flush()
    case.updated_at = context.now
    events.record(context, EventKind.MESSAGE_SENT, case=case, data={"bericht": message.id})
    messages.notify_submitter(context, case, texts.message(body=body))
    return message


def open_contact(context: Context, reference: str) -> Contact:
    """Show how to reach the submitter; that somebody looked is an event.

    Raises:
        NotFound: there is no contact, or it was erased.
    """
    case = open_case(context, reference, Permission.READ_CONTACT)
    contact = context.session.scalar(select(Contact).where(Contact.case_id == case.id, Contact.erased_at.is_(None)))
    if contact is None:
        raise NotFound("Bij deze zaak staan geen contactgegevens.")
    events.record(context, EventKind.CONTACT_OPENED, case=case)
    return contact


def _checked(context: Context, case: Case, wanted: VerdictDecision) -> VerdictDecision:
    reason = (wanted.no_provision_reason or "").strip() or None
    has_provision = context.session.scalar(
        select(Assessment.id).where(Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None)).limit(1)
    )
    if has_provision is None and reason is None:
        raise DomainError(PROVISION_OR_REASON, field="no_provision_reason")
    if wanted.lead_ministry_id is not None:
        ministry = context.session.get(Organisation, wanted.lead_ministry_id)
        if ministry is None or ministry.kind is not OrganisationKind.MINISTRY:
            raise DomainError("Kies een ministerie uit de lijst.", field="lead_ministry_id")
    elif wanted.level in (RuleLevel.STATE, RuleLevel.EU):
        raise DomainError("Kies het ministerie dat voorop gaat.", field="lead_ministry_id")
    if obstacle := why_not(wanted.verdict, grounds(context.session, case.id)):
        raise DomainError(obstacle, field="verdict")
    return replace(wanted, no_provision_reason=reason)


def _note(context: Context, case: Case, body: str) -> Note:
    if context.actor.account_id is None:
        raise DomainError("Alleen een medewerker kan een notitie schrijven.")
    note = Note(case_id=case.id, body=body.strip(), author_id=context.actor.account_id, written_at=context.now)
    context.session.add(note)
    case.updated_at = context.now
    context.session.flush()
    return note


def _require_open(case: Case) -> None:
    if case.status not in OPEN_STATUSES:
        raise DomainError(CASE_IS_OVER)
