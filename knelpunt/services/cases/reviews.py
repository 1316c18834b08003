"""Four eyes: a step waits until a second person agrees, gives it back, or the first one takes it back."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.leave import acting_for
from knelpunt.domain.cases.workflow import MISSING, Requirement
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import EventKind, ReviewStatus
from knelpunt.models import Bottleneck, Case, Review
from knelpunt.queries.cases import second_person
from knelpunt.queries.core.reference import reference
from knelpunt.services.cases import decisions, redaction
from knelpunt.services.cases.mail_texts import reviews as texts
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import events, notifications
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

STEP_WORDS = {
    EventKind.HANDLING_STARTED: "het oordeel na de eerste beoordeling",
    EventKind.VERDICT_CHANGED: "een ander oordeel",
    EventKind.ANSWERED_WITH_GUIDE: "het antwoord met een ruimtewijzer",
    EventKind.PROPOSED: "het voorstel aan de indiener",
    EventKind.CLOSED: "het afsluiten van de zaak",
    EventKind.CLOSED_LINKED: "het afsluiten van de zaak bij een regelknelpunt",
    EventKind.PUBLIC_TEXT_SAVED: "de openbare tekst",
    EventKind.SECOND_LOOK_KEPT: "de uitkomst van de heroverweging: het antwoord blijft",
    EventKind.SECOND_LOOK_CHANGED: "de uitkomst van de heroverweging: de zaak gaat weer open",
}
"""What waits, in the words of a mail or a heading."""
SAME_PERSON = "De toetser is een ander dan wie de stap vroeg, en een ander dan de behandelaar."
STANDS_IN = "U neemt nu waar voor wie deze zaak behandelt. Een ander moet daarom toetsen."
BROUGHT_UNDER_RULE = (
    "U bracht deze zaak onder bij het regelknelpunt. Een ander moet daarom toetsen of zij daarmee kan sluiten."
)


ONLY_THE_HEAD = "Over de uitkomst van een heroverweging beslist het hoofd van het loket."


def request(context: Context, case: Case, step: EventKind, payload: dict[str, Any]) -> Review:
    """Lay a step before a second person; what the first one filled in is kept with it."""
    if context.actor.account_id is None:
        raise PermissionDenied("Alleen een medewerker kan een toetsing vragen.")
    review = Review(
        case_id=case.id,
        step=step,
        payload=payload,
        status=ReviewStatus.OPEN,
        requested_by_id=context.actor.account_id,
        requested_at=context.now,
    )
    context.session.add(review)
    case.updated_at = context.now
    context.session.flush()
    events.record(context, EventKind.REVIEW_REQUESTED, case=case, data={"toetsing": review.id, "stap": step})
    mail = texts.review_asked(step=STEP_WORDS[step])
    for account_id in second_person.reviewers(context.session):
        if why_not_second(context.session, case.id, case.handler_id, review, account_id, context.today) is None:
            messages.notify_colleague(context, case, mail, account_id, goes_to_cover=False)
    return review


def is_one_open(context: Context, case: Case) -> bool:
    """Whether a step of this case waits for a second person."""
    waiting = select(Review.id).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN)
    return context.session.scalar(waiting) is not None


def require_none_open(context: Context, case: Case) -> None:
    """Raise when a step of this case waits for a second person already."""
    if is_one_open(context, case):
        raise DomainError(MISSING[Requirement.NO_OPEN_REVIEW])


class WaitingStep(Protocol):
    """What is read of a step that waits: a row of the table, or of a page."""

    @property
    def step(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def requested_by_id(self) -> int: ...


def why_not_second(
    session: Session, case_id: int, handler_id: int | None, review: WaitingStep, account_id: int | None, today: date
) -> str | None:
    """Why this account is no second person for a step that waits; None when it is one.

    A second person did not ask for the step, and neither handles the case nor stands in today for who does. Closing
    under a rule bottleneck takes a third one besides (step 14): who put the case under it or took it in, decided what
    the closing rests on. Over a second look the head of desk decides. A list asks the same of many steps at once:
    ``second_person.may_be_second``.
    """
    if account_id is None or second_person.is_part_of_step(review.requested_by_id, handler_id, account_id):
        return SAME_PERSON
    if handler_id is not None and acting_for(reference(session).leaves, handler_id, today) == account_id:
        return STANDS_IN
    if review.step in second_person.FOR_THE_HEAD and not second_person.is_head(session, case_id, account_id):
        return ONLY_THE_HEAD
    if review.step == EventKind.CLOSED_LINKED:
        bottleneck_id = review.payload["bottleneck_id"]
        if second_person.brought_under_rule(session, case_id, bottleneck_id, account_id):
            return BROUGHT_UNDER_RULE
    return None


def approve(context: Context, reference: str, review_id: int, remark: str | None = None, pass_reason: str = "") -> None:
    """Agree, and so take the step that was asked for.

    Args:
        pass_reason: why what points at a person may stand in the public text all the same.

    Raises:
        PermissionDenied: the actor may not review, or is no second person for this step.
        DomainError: the review was decided already, the step no longer fits, or something points at a person.
    """
    _hold_bottleneck(context, review_id)
    case, review = _open_review(context, reference, review_id, Permission.REVIEW_CASE)
    _require_second(context, case, review)
    decisions.check_fits(context, case, review)
    let_stand = redaction.let_stand(context, case, review, pass_reason)
    _decide(context, case, review, ReviewStatus.APPROVED, remark)
    data: dict[str, Any] = {"toetsing": review.id, "stap": review.step}
    if let_stand:
        data["toch_openbaar"] = let_stand
    events.record(context, EventKind.REVIEW_APPROVED, case=case, data=data)
    decisions.take(context, case, review)


def give_back(context: Context, reference: str, review_id: int, remark: str) -> None:
    """Give a step back to who asked for it, with the reason.

    Raises:
        PermissionDenied: the actor may not review, or is no second person for this step.
    """
    case, review = _open_review(context, reference, review_id, Permission.REVIEW_CASE)
    _require_second(context, case, review)
    if not remark.strip():
        raise DomainError("Schrijf op waarom u dit teruggeeft.", field="remark")
    _decide(context, case, review, ReviewStatus.RETURNED, remark)
    decisions.drop(context, review)
    events.record(context, EventKind.REVIEW_RETURNED, case=case, data={"toetsing": review.id, "stap": review.step})
    messages.notify_colleague(
        context, case, texts.review_given_back(step=STEP_WORDS[EventKind(review.step)]), review.requested_by_id
    )


def cancel(context: Context, reference: str, review_id: int) -> None:
    """Take back a step that waits; for whoever asked for it."""
    case, review = _open_review(context, reference, review_id, Permission.HANDLE_CASE)
    if review.requested_by_id != context.actor.account_id:
        raise PermissionDenied("Alleen wie de toetsing vroeg, kan haar intrekken.")
    _cancel(context, case, review)


def cancel_open(context: Context, case: Case, step: EventKind | None = None) -> Review | None:
    """End a review that still waits, because the case moves on without it; that review, when there was one.

    Args:
        step: only one of this step.
    """
    review = context.session.scalar(
        select(Review).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN).limit(1)
    )
    if review is None or step not in (None, review.step):
        return None
    _cancel(context, case, review)
    return review


def _cancel(context: Context, case: Case, review: Review) -> None:
    _decide(context, case, review, ReviewStatus.CANCELLED, None)
    decisions.drop(context, review)
    events.record(context, EventKind.REVIEW_CANCELLED, case=case, data={"toetsing": review.id, "stap": review.step})


def _open_review(context: Context, reference: str, review_id: int, permission: Permission) -> tuple[Case, Review]:
    case = open_case(context, reference, permission)
    review = context.session.scalar(select(Review).where(Review.id == review_id, Review.case_id == case.id))
    if review is None:
        raise NotFound()
    if review.status is not ReviewStatus.OPEN:
        raise DomainError("Over deze stap is al besloten.")
    return case, review


def _hold_bottleneck(context: Context, review_id: int) -> None:
    """Lock the rule bottleneck that a closing rests on before its case: the order of every act that touches both."""
    waiting = select(Review.payload["bottleneck_id"].as_integer()).where(
        Review.id == review_id, Review.step == EventKind.CLOSED_LINKED
    )
    context.session.execute(select(Bottleneck.id).where(Bottleneck.id.in_(waiting)).with_for_update(read=True))


def _require_second(context: Context, case: Case, review: Review) -> None:
    reason = why_not_second(context.session, case.id, case.handler_id, review, context.actor.account_id, context.today)
    if reason is not None:
        raise PermissionDenied(reason)


def _decide(context: Context, case: Case, review: Review, status: ReviewStatus, remark: str | None) -> None:
    review.status = status
    review.decided_by_id = context.actor.account_id
    review.decided_at = context.now
    review.remark = remark.strip() if remark and remark.strip() else None
    notifications.settle(context, case, MailKind.REVIEW_ASKED)
    case.updated_at = context.now
    context.session.flush()
