"""Triage and handling by the desk: who handles it, whether it belongs here, questions, the verdict, notes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from knelpunt.domain import workflow as steps
from knelpunt.domain.clocks import Clock
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    CaseStatus,
    MessageKind,
    OrganisationKind,
    Route,
    RuleLevel,
    Verdict,
)
from knelpunt.domain.working_days import add_working_days
from knelpunt.models import Account, Assessment, Case, Contact, Message, Note, Organisation, Review
from knelpunt.services import clocks, events, joint_mail, messages, reviews
from knelpunt.services.act import Act
from knelpunt.services.decisions import VerdictDecision, payload_of
from knelpunt.services.workflow import advance, check, open_case

LONGEST_SUPPLEMENT_WORKING_DAYS = 60
PROVISION_OR_REASON = "Koppel ten minste één bepaling, of leg uit waarom er geen is."
CASE_IS_OVER = "Deze zaak is niet meer open."


@dataclass(frozen=True, slots=True)
class TriageVerdict:
    """A verdict as somebody at the desk fills it in."""

    verdict: Verdict
    plain: str
    legal: str
    level: RuleLevel
    route: Route
    lead_ministry_id: int | None = None
    no_provision_reason: str | None = None


def earliest_answer_day(act: Act, case: Case) -> date:
    """The earliest last day that a submitter may be given: the supplement term of the case's filing day."""
    rule = clocks.term_rule(act.session, Clock.SUPPLEMENT, case.filed_on)
    return add_working_days(act.today, rule.length)


def assign(act: Act, reference: str, version: int, handler_id: int) -> None:
    """Name the handler of a case, or another one.

    Raises:
        DomainError: the account may not handle cases, or the case is over.
    """
    case = open_case(act, reference, Permission.ASSIGN_CASE, version=version)
    _require_open(case)
    account = act.session.get(Account, handler_id)
    if account is None or not account.is_active or Permission.HANDLE_CASE not in ROLE_PERMISSIONS[account.role]:
        raise DomainError("Kies iemand die zaken kan behandelen.", field="handler_id")
    if case.handler_id == handler_id:
        raise DomainError("Deze collega behandelt de zaak al.", field="handler_id")
    before, case.handler_id, case.updated_at = case.handler_id, handler_id, act.now
    events.record(act, EventKind.HANDLER_ASSIGNED, case=case, data={"behandelaar": handler_id, "daarvoor": before})
    if case.status is not CaseStatus.SUBMITTED:
        messages.notify_submitter(act, case, MailKind.HANDLER_NAMED, handler_name=account.name, next_date=case.due_on)


def set_scope(act: Act, reference: str, version: int, in_scope: bool, reason: str) -> None:
    """Record whether the case belongs at this desk; the reason is kept as an internal note."""
    case = open_case(act, reference, Permission.TRIAGE_CASE, version=version)
    _require_open(case)
    if not in_scope and not reason.strip():
        raise DomainError("Leg uit waarom de melding niet bij dit loket hoort.", field="reason")
    case.in_scope, case.updated_at = in_scope, act.now
    events.record(act, EventKind.SCOPE_ANSWERED, case=case, data={"hoort_hier": in_scope})
    if reason.strip():
        _note(act, case, reason)


def take_in(act: Act, reference: str, version: int) -> None:
    """Step 3: a person took the case; the submitter hears who."""
    case = open_case(act, reference, Permission.TRIAGE_CASE, version=version)
    check(act, case, steps.TAKE_IN)
    advance(act, case, steps.TAKE_IN)
    handler = act.session.get_one(Account, case.handler_id)
    messages.notify_submitter(act, case, MailKind.HANDLER_NAMED, handler_name=handler.name, next_date=case.due_on)
    joint_mail.tell_participants(act, case, MailKind.HANDLER_NAMED)


def request_supplement(act: Act, reference: str, version: int, *, question: str, why: str, answer_by: date) -> None:
    """Step 4: ask the submitter to complete the case. Running clocks stand still from tomorrow.

    Args:
        answer_by: last day to answer (Europe/Amsterdam), at least 10 working days ahead.
    Raises:
        DomainError: the term is too short or too long, or a question is open already.
    """
    case = open_case(act, reference, Permission.HANDLE_CASE, version=version)
    check(act, case, steps.REQUEST_SUPPLEMENT)
    earliest = earliest_answer_day(act, case)
    if answer_by < earliest:
        raise DomainError("Geef de indiener ten minste 10 werkdagen.", field="answer_by")
    if answer_by > add_working_days(act.today, LONGEST_SUPPLEMENT_WORKING_DAYS):
        raise DomainError("Kies een dag binnen 60 werkdagen.", field="answer_by")
    message = Message(
        case_id=case.id,
        kind=MessageKind.QUESTION,
        from_desk=True,
        body=question,
        why=why,
        answer_by=answer_by,
        author_id=act.actor.account_id,
        written_at=act.now,
    )
    act.session.add(message)
    act.session.flush()
    case.status_before_supplement = case.status.value
    case.suspended_until = answer_by
    case.got_no_reaction = False
    advance(
        act,
        case,
        steps.REQUEST_SUPPLEMENT,
        data={"bericht": message.id, "antwoord_uiterlijk": answer_by.isoformat()},
    )
    messages.notify_submitter(act, case, MailKind.QUESTION, question=question, why=why, answer_by=answer_by)
    joint_mail.tell_participants(act, case, MailKind.QUESTION)


def request_handling(act: Act, reference: str, version: int, wanted: TriageVerdict) -> Review:
    """Step 7, first half: lay the triage verdict before a second person."""
    case = open_case(act, reference, Permission.TRIAGE_CASE, version=version)
    check(act, case, steps.START_HANDLING)
    decision = _verdict_decision(act, case, wanted)
    return reviews.request(act, case, EventKind.HANDLING_STARTED, payload_of(decision))


def request_verdict_change(act: Act, reference: str, version: int, wanted: TriageVerdict) -> Review:
    """Lay another verdict before a second person, while the case is handled."""
    case = open_case(act, reference, Permission.HANDLE_CASE, version=version)
    if case.status not in (CaseStatus.IN_HANDLING, CaseStatus.WITH_MINISTRY, CaseStatus.PROPOSED):
        raise DomainError("Een oordeel wijzigen kan zolang de zaak in behandeling is.")
    reviews.require_none_open(act, case)
    decision = _verdict_decision(act, case, wanted)
    return reviews.request(act, case, EventKind.VERDICT_CHANGED, payload_of(decision))


def add_note(act: Act, reference: str, body: str) -> Note:
    """Write an internal note; no submitter ever sees it."""
    case = open_case(act, reference, Permission.WRITE_NOTE)
    note = _note(act, case, body)
    events.record(act, EventKind.NOTE_ADDED, case=case, data={"notitie": note.id})
    return note


def send_message(act: Act, reference: str, body: str) -> Message:
    """Write to the submitter without asking something."""
    case = open_case(act, reference, Permission.HANDLE_CASE)
    message = Message(
        case_id=case.id,
        kind=MessageKind.NOTICE,
        from_desk=True,
        body=body,
        author_id=act.actor.account_id,
        written_at=act.now,
    )
    act.session.add(message)
    act.session.flush()
    case.updated_at = act.now
    events.record(act, EventKind.MESSAGE_SENT, case=case, data={"bericht": message.id})
    messages.notify_submitter(act, case, MailKind.MESSAGE, body=body)
    return message


def open_contact(act: Act, reference: str) -> Contact:
    """Show how to reach the submitter; that somebody looked is an event.

    Raises:
        NotFound: there is no contact, or it was erased.
    """
    case = open_case(act, reference, Permission.READ_CONTACT)
    contact = act.session.scalar(select(Contact).where(Contact.case_id == case.id, Contact.erased_at.is_(None)))
    if contact is None:
        raise NotFound("Bij deze zaak staan geen contactgegevens.")
    events.record(act, EventKind.CONTACT_OPENED, case=case)
    return contact


def _verdict_decision(act: Act, case: Case, wanted: TriageVerdict) -> VerdictDecision:
    reason = (wanted.no_provision_reason or "").strip() or None
    has_provision = act.session.scalar(
        select(Assessment.id).where(Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None)).limit(1)
    )
    if has_provision is None and reason is None:
        raise DomainError(PROVISION_OR_REASON, field="no_provision_reason")
    if wanted.lead_ministry_id is not None:
        ministry = act.session.get(Organisation, wanted.lead_ministry_id)
        if ministry is None or ministry.kind is not OrganisationKind.MINISTRY:
            raise DomainError("Kies een ministerie uit de lijst.", field="lead_ministry_id")
    elif wanted.level in (RuleLevel.STATE, RuleLevel.EU):
        raise DomainError("Kies het ministerie dat voorop gaat.", field="lead_ministry_id")
    return VerdictDecision(
        wanted.verdict.value,
        wanted.plain,
        wanted.legal,
        wanted.level.value,
        wanted.route.value,
        wanted.lead_ministry_id,
        reason,
    )


def _note(act: Act, case: Case, body: str) -> Note:
    if act.actor.account_id is None:
        raise DomainError("Alleen een medewerker kan een notitie schrijven.")
    note = Note(case_id=case.id, body=body.strip(), author_id=act.actor.account_id, written_at=act.now)
    act.session.add(note)
    case.updated_at = act.now
    act.session.flush()
    return note


def _require_open(case: Case) -> None:
    if case.status not in OPEN_STATUSES:
        raise DomainError(CASE_IS_OVER)
