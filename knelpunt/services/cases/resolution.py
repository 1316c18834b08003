"""Towards an end: the proposal to the submitter, closing with result, reason and next step, and opening again."""

from datetime import date

from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.second_looks import checked_answers, checked_points
from knelpunt.domain.errors import DomainError, TransitionNotAllowed
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import Channel, EventKind, ProposalStatus, PublicationStatus, Result, SecondLookOutcome
from knelpunt.models import Aftercare, Case, Note, Proposal, PublicText, Review
from knelpunt.queries.cases import handling
from knelpunt.services.cases import publication, reviews, second_looks
from knelpunt.services.cases.decisions import ClosingDecision, ProposalDecision, payload_of, require_silence
from knelpunt.services.cases.mail_texts import aftercare as aftercare_texts
from knelpunt.services.cases.mail_texts import reviews as review_texts
from knelpunt.services.cases.mail_texts import steps as texts
from knelpunt.services.cases.second_looks import SecondLookDecision
from knelpunt.services.cases.workflow import (
    advance,
    ask_about_open_tasks,
    keep_contact_while_open,
    open_case,
    open_for_step,
)
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

NOBODY_ASKED = "De indiener heeft niet gevraagd om de zaak opnieuw te openen, of daarover is al besloten."
RESULTS_AT_CLOSING = tuple(result for result in Result if result not in (Result.WITHDRAWN, Result.LINKED_TO_BOTTLENECK))
"""Withdrawing is the submitter's own; a link with a rule bottleneck needs its owner."""


def request_proposal(
    context: Context,
    reference: str,
    version: int,
    *,
    text: str,
    legal_basis: str,
    legal_date: date,
    conditions: str,
    who_acts: str,
    act_by: date,
) -> Review:
    """Step 11, first half: write the proposal and lay it before a second person.

    Args:
        legal_date: the day by whose law the basis holds.
        act_by: the day by which whoever acts will have acted.
    """
    case = open_for_step(context, reference, version, steps.PROPOSE)
    if act_by <= context.today:
        raise DomainError("Kies een dag in de toekomst.", field="act_by")
    proposal = Proposal(
        case_id=case.id,
        text=text,
        legal_basis=legal_basis,
        legal_date=legal_date,
        conditions=conditions,
        who_acts=who_acts,
        act_by=act_by,
        status=ProposalStatus.IN_REVIEW,
    )
    context.session.add(proposal)
    context.session.flush()
    return reviews.request(context, case, EventKind.PROPOSED, payload_of(ProposalDecision(proposal.id)))


def request_closing(
    context: Context,
    reference: str,
    version: int,
    *,
    result: Result,
    reason: str,
    next_step: str,
    leaves_tasks: bool = False,
) -> Review:
    """Step 13, first half: lay the end of the case, with its public text, before a second person.

    Args:
        leaves_tasks: the actor knows that tasks of this case are not done.
    Raises:
        TransitionNotAllowed: the submitter did not react and the term still runs, a question is open, or there is no
            public text.
    """
    case = open_for_step(context, reference, version, steps.CLOSE)
    require_silence(context, case)
    if result not in RESULTS_AT_CLOSING:
        raise DomainError("Dit resultaat kan hier niet.", field="result")
    ask_about_open_tasks(context, case, leaves_tasks=leaves_tasks)
    end_time_to_react(context, case)
    return reviews.request(context, case, EventKind.CLOSED, payload_of(ClosingDecision(result, reason, next_step)))


def end_time_to_react(context: Context, case: Case) -> Proposal | None:
    """State that the term to react to the proposal went by, and tell the submitter; None where it did not.

    K5 stopped on its last day. The term to close runs from today, the day on which the desk can act: however late this
    is stated, nobody is promised a day that went by. Nothing is decided: a person closes the case, with a second one,
    and a late reaction counts until then. The caller found that nothing lies here that may be the reaction.
    """
    proposal = handling.latest_proposal(context.session, case.id)
    react_by = case.due_on
    if proposal is None or proposal.status is not ProposalStatus.SENT:
        return None
    if case.due_clock is not Clock.K5 or react_by is None or react_by >= context.today:
        return None
    effects = clocks.stop(context, case, Clock.K5, on=react_by)
    effects += clocks.start(context, case, Clock.CLOSING, on=context.today)
    events.record(context, EventKind.REACTION_ENDED, case=case, data={"voorstel": proposal.id, "klokken": effects})
    messages.notify_submitter(
        context,
        case,
        texts.proposal_lapsed(react_by=react_by, next_date=case.due_on),
        once_key=f"reactietijd-voorbij:{proposal.id}",
    )
    return proposal


def reopen(context: Context, reference: str, version: int, reason: str) -> Case:
    """Step 17: open a closed case again, because the rule changed or the project is still stuck. K4 starts anew.

    The result and its reason stay in the events; what was published stays public until there is a new answer, and a
    text that lies before the submitter or a second person goes back to the desk.

    Raises:
        TransitionNotAllowed: the case is not closed, or has no handler.
        DomainError: there is no reason.
    """
    case = open_for_step(context, reference, version, steps.REOPEN)
    if context.actor.account_id is None or not reason.strip():
        raise DomainError("Schrijf op waarom de zaak opnieuw open gaat.", field="reason")
    ended_with = case.result
    note = Note(case_id=case.id, body=reason.strip(), author_id=context.actor.account_id, written_at=context.now)
    context.session.add(note)
    context.session.flush()
    lay_before_submitter = withdraw_preview(context, case)
    keep_contact_while_open(context, case)
    settle_wish(context, case)
    text = context.session.get(PublicText, case.id)
    if text is not None:
        text.next_step = None
    case.result = case.result_reason = case.next_step = case.closed_on = None
    advance(context, case, steps.REOPEN, data={"notitie": note.id, "was": ended_with.value if ended_with else None})
    messages.notify_submitter(context, case, texts.reopened(reason=reason.strip(), next_date=case.due_on))
    if lay_before_submitter:
        publication.tell_preview_ended(context, case)
    if case.handler_id != context.actor.account_id:
        messages.notify_handler(context, case, review_texts.reopened_for_you())
    return case


def settle_wish(context: Context, case: Case) -> date | None:
    """What a submitter asked in aftercare, to open the case again, is decided; the day on which it was asked."""
    asked = context.session.scalars(
        select(Aftercare).where(Aftercare.case_id == case.id, Aftercare.asks_reopening, Aftercare.settled_on.is_(None))
    ).all()
    for row in asked:
        row.settled_on = context.today
    return max((row.answered_on or row.asked_on for row in asked), default=None)


def decline_reopening(context: Context, reference: str, version: int, reason: str) -> Case:
    """Leave a case closed although its project is still stuck, and tell the submitter why.

    Raises:
        DomainError: nobody asked to open it again, or there is no reason.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    if not reason.strip():
        raise DomainError("Schrijf op waarom de zaak gesloten blijft.", field="reason")
    asked_on = settle_wish(context, case)
    if asked_on is None or case.status not in steps.REOPEN.sources:
        raise TransitionNotAllowed(NOBODY_ASKED)
    case.updated_at = context.now
    note = Note(case_id=case.id, body=reason.strip(), author_id=context.actor.account_id, written_at=context.now)
    context.session.add(note)
    context.session.flush()
    events.record(context, EventKind.REOPENING_DECLINED, case=case, data={"notitie": note.id})
    messages.notify_submitter(
        context, case, aftercare_texts.reopening_declined(asked_on=asked_on, reason=reason.strip())
    )
    return case


def start_second_look(context: Context, reference: str, version: int, *, reason: str, handler_id: int) -> Case:
    """Step 15 by the head of desk, who names at once who looks at the case again.

    Raises:
        TransitionNotAllowed: the case is not closed.
        DomainError: there is no reason, or this colleague had a part in the case or cannot take it.
    """
    case = open_for_step(context, reference, version, steps.START_SECOND_LOOK)
    if case.channel is Channel.IMPORT:
        raise TransitionNotAllowed("Deze zaak is ingelezen uit een bron. Er is niemand die haar eerst behandelde.")
    points = checked_points([reason], "reason")
    handler = second_looks.second_handler(context, case, handler_id)
    lay_before_submitter = withdraw_preview(context, case)
    second_looks.begin(
        context, case, steps.START_SECOND_LOOK, points, on=context.today, handler=handler,
        data={"behandelaar": handler.id},
    )  # fmt: skip
    second_looks.tell_of_handler(context, case, handler, reason=points[0])
    if lay_before_submitter:
        publication.tell_preview_ended(context, case)
    return case


def withdraw_preview(context: Context, case: Case) -> bool:
    """What is said of a case that opens again, or is looked at again, is taken back: from a second person and from the
    submitter. Says whether a text lay before the submitter, who hears so behind the news of the step itself. A mail
    that may be an objection waits for a person all the same."""
    reviews.cancel_open(context, case)
    if case.publication is not PublicationStatus.PREVIEW:
        return False
    publication.end_preview(case, context.session.get_one(PublicText, case.id))
    return True


def request_second_look_outcome(
    context: Context, reference: str, version: int, *, outcome: SecondLookOutcome, answers: list[str], reason: str
) -> Review:
    """Step 16, first half: lay an answer to each point, and the outcome, before the head of desk.

    Raises:
        DomainError: a point has no answer (field ``answer_1`` and so on), or there is no reason.
        TransitionNotAllowed: the case is not looked at again, or nobody was named for it.
    """
    step = steps.KEEP_OUTCOME if outcome is SecondLookOutcome.KEPT else steps.CHANGE_OUTCOME
    case = open_for_step(context, reference, version, step)
    look = second_looks.open_look(context, case)
    given = checked_answers(look.points, answers)
    if not reason.strip():
        raise DomainError("Schrijf op waarom dit de uitkomst is.", field="reason")
    return reviews.request(
        context, case, step.name, payload_of(SecondLookDecision(look.id, outcome, given, reason.strip()))
    )
