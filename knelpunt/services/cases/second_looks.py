"""A second look at a closed case (heroverweging): how it begins, who takes it, and what comes of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.workflow import Transition
from knelpunt.domain.errors import DomainError, TransitionNotAllowed
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.vocabulary import CaseStatus, EventKind, SecondLookOutcome
from knelpunt.models import Account, Case, PublicText, SecondLook
from knelpunt.queries.cases import handling
from knelpunt.services.cases.mail_texts import second_looks as texts
from knelpunt.services.cases.workflow import advance, keep_contact_after_closing, keep_contact_while_open, open_case
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_mail
from knelpunt.services.mail import messages

NO_SECOND_LOOK = "Deze zaak is niet in heroverweging."
NO_HANDLER = "Kies iemand die zaken kan behandelen."
HAD_A_PART = "Deze collega werkte al aan deze zaak. Kies een ander."
DECIDES = "U beslist over de uitkomst. Kies daarom een ander."


@dataclass(frozen=True, slots=True)
class SecondLookDecision:
    """An answer to each point, the outcome, and why."""

    second_look_id: int
    outcome: SecondLookOutcome
    answers: list[str]
    reason: str

    @property
    def step(self) -> Transition:
        """The step that this outcome takes."""
        return steps.KEEP_OUTCOME if self.outcome is SecondLookOutcome.KEPT else steps.CHANGE_OUTCOME


def begin(
    context: Context,
    case: Case,
    step: Transition,
    points: list[str],
    *,
    on: date,
    handler: Account | None = None,
    data: dict[str, Any] | None = None,
    on_behalf: bool = False,
) -> SecondLook:
    """Step 15: the case goes to somebody else; whoever handled it can do nothing in it meanwhile.

    Args:
        on: the day of the request, from which K8 counts.
        handler: who takes it; None until the head of desk names somebody.
    """
    look = SecondLook(
        case_id=case.id,
        by_submitter=step is steps.ASK_SECOND_LOOK,
        points=points,
        requested_on=on,
        requested_at=context.now,
        closing_handler_id=case.handler_id,
        closing_reviewer_id=handling.closing_reviewer(context.session, case.id),
        named_on=context.today if handler is not None else None,
    )
    context.session.add(look)
    context.session.flush()
    case.first_handler_id, case.handler_id = case.handler_id, None if handler is None else handler.id
    keep_contact_while_open(context, case)
    effects = clocks.stop(context, case, Clock.K6, on=on)
    effects += clocks.start(context, case, Clock.K8, on=on)
    given = {"heroverweging": look.id, "klokken": effects, **(data or {})}
    advance(context, case, step, data=given, moves_clocks=False, on_behalf=on_behalf)
    return look


def name_handler(context: Context, reference: str, version: int, handler_id: int) -> None:
    """The head of desk names who looks at the case again, or somebody else in that place; the submitter hears who.

    Raises:
        TransitionNotAllowed: the case is not looked at again.
        DomainError: this account had a part in the case, or cannot take it (field ``handler_id``).
    """
    case = open_case(context, reference, Permission.LEAD_SECOND_LOOK, version=version)
    look = open_look(context, case)
    handler = second_handler(context, case, handler_id)
    if case.handler_id == handler_id:
        raise DomainError("Deze collega behandelt de zaak al.", field="handler_id")
    before, case.handler_id, case.updated_at = case.handler_id, handler_id, context.now
    look.named_on = context.today
    data = {"heroverweging": look.id, "behandelaar": handler_id, "daarvoor": before}
    events.record(context, EventKind.SECOND_HANDLER_NAMED, case=case, data=data)
    tell_of_handler(context, case, handler)


def tell_of_handler(context: Context, case: Case, handler: Account, *, reason: str = "") -> None:
    """Tell the submitter who looks at the case again, and that colleague that it is there."""
    messages.notify_submitter(
        context,
        case,
        texts.second_handler(handler_name=handler.name, next_date=case.due_on, reason=reason),
    )
    messages.notify_colleague(context, case, texts.second_look_given(), handler.id)


def tell_heads(context: Context, case: Case) -> None:
    """Tell each head of desk that a case waits for a second handler.

    Not the one who handled it, unless there is no other: then that one knows that another head is needed.
    """
    waits = texts.second_look_waits(next_date=case.due_on)
    messages.notify_heads(context, case, waits, but=(case.first_handler_id,), needs_one=True)


def open_look(context: Context, case: Case) -> SecondLook:
    """The second look that goes on in a case. Raises TransitionNotAllowed when there is none."""
    look = context.session.scalar(
        select(SecondLook).where(SecondLook.case_id == case.id, SecondLook.ended_on.is_(None)).limit(1)
    )
    if look is None or case.status is not CaseStatus.RECONSIDERATION:
        raise TransitionNotAllowed(NO_SECOND_LOOK)
    return look


def second_handler(context: Context, case: Case, handler_id: int) -> Account:
    """The account that takes a second look. Raises DomainError when it may not (field ``handler_id``)."""
    account = context.session.get(Account, handler_id)
    if account is None or not account.is_active or Permission.HANDLE_CASE not in ROLE_PERMISSIONS[account.role]:
        raise DomainError(NO_HANDLER, field="handler_id")
    if account.id in handling.had_a_part(context.session, case.id):
        raise DomainError(HAD_A_PART, field="handler_id")
    if account.id == context.actor.account_id:
        raise DomainError(DECIDES, field="handler_id")
    return account


def conclude(context: Context, case: Case, decision: SecondLookDecision, review_id: int) -> None:
    """Step 16, second half: the outcome stays, or the case is handled again; each point gets its answer.

    When the head of desk began it and the outcome stays, the submitter has the whole time (K6) again: the one second
    look for which a submitter may ask is still there.
    """
    look = context.session.get_one(SecondLook, decision.second_look_id)
    look.outcome, look.answers, look.reason = decision.outcome, decision.answers, decision.reason
    look.ended_on = context.today
    ended_with = case.result
    case.first_handler_id = None
    if decision.outcome is SecondLookOutcome.KEPT:
        keep_contact_after_closing(context, case)
    else:
        text = context.session.get(PublicText, case.id)
        if text is not None:
            text.next_step = None
        case.result = case.result_reason = case.next_step = case.closed_on = None
    data: dict[str, Any] = {
        "toetsing": review_id,
        "heroverweging": look.id,
        "uitkomst": decision.outcome.value,
        "was": ended_with.value if ended_with else None,
    }
    window = None
    if (
        decision.outcome is SecondLookOutcome.KEPT
        and not look.by_submitter
        and not handling.submitter_had_second_look(context.session, case.id)
    ):
        effects = clocks.stop(context, case, Clock.K8, on=context.today)
        window = clocks.start_run(context, case, Clock.K6, on=context.today)
        data["klokken"] = [*effects, *clocks.begun([window])]
    advance(context, case, decision.step, data=data, moves_clocks=window is None)
    messages.notify_submitter(
        context,
        case,
        texts.outcome(
            outcome=decision.outcome,
            points=list(zip(look.points, decision.answers, strict=True)),
            reason=decision.reason,
            next_date=case.due_on,
            ask_until=None if window is None else window.due_on,
        ),
    )
    joint_mail.tell_participants(context, case, MailKind.SECOND_LOOK_OUTCOME)


def end_with_case(context: Context, case: Case) -> None:
    """The submitter withdrew the case: a second look that goes on ends without an outcome."""
    case.first_handler_id = None
    look = context.session.scalar(
        select(SecondLook).where(SecondLook.case_id == case.id, SecondLook.ended_on.is_(None)).limit(1)
    )
    if look is not None:
        look.ended_on = context.today
