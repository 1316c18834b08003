"""Four eyes: a step waits until a second person agrees, gives it back, or the first one takes it back."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import ReviewStatus
from knelpunt.domain.workflow import MISSING, Requirement
from knelpunt.models import Bottleneck, Case, Guide, Review
from knelpunt.queries import second_person
from knelpunt.services import decisions, events, messages
from knelpunt.services.act import Act
from knelpunt.services.workflow import open_case

STEP_WORDS = {
    EventKind.HANDLING_STARTED: "het oordeel na de eerste beoordeling",
    EventKind.VERDICT_CHANGED: "een ander oordeel",
    EventKind.ANSWERED_WITH_GUIDE: "het antwoord met een ruimtewijzer",
    EventKind.PROPOSED: "het voorstel aan de indiener",
    EventKind.CLOSED: "het afsluiten van de zaak",
    EventKind.CLOSED_LINKED: "het afsluiten van de zaak bij een regelknelpunt",
    EventKind.PUBLIC_TEXT_SAVED: "de openbare tekst",
}
"""What waits, in the words of a mail or a heading."""
SAME_PERSON = "De toetser is een ander dan wie de stap vroeg, en een ander dan de behandelaar."
BROUGHT_UNDER_RULE = (
    "U bracht deze zaak onder bij het regelknelpunt. Een ander moet daarom toetsen of zij daarmee kan sluiten."
)


def request(act: Act, case: Case, step: EventKind, payload: dict[str, Any]) -> Review:
    """Lay a step before a second person; what the first one filled in is kept with it."""
    if act.actor.account_id is None:
        raise PermissionDenied("Alleen een medewerker kan een toetsing vragen.")
    review = Review(
        case_id=case.id,
        step=step,
        payload=payload,
        status=ReviewStatus.OPEN,
        requested_by_id=act.actor.account_id,
        requested_at=act.now,
    )
    act.session.add(review)
    case.updated_at = act.now
    act.session.flush()
    events.record(act, EventKind.REVIEW_REQUESTED, case=case, data={"toetsing": review.id, "stap": step})
    return review


def require_none_open(act: Act, case: Case) -> None:
    """Raise when a step of this case waits for a second person already."""
    if act.session.scalar(select(Review.id).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN)):
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
    session: Session, case_id: int, handler_id: int | None, review: WaitingStep, account_id: int | None
) -> str | None:
    """Why this account is no second person for a step that waits; None when it is one.

    A second person did not ask for the step and does not handle the case. Closing under a rule bottleneck takes a third
    one besides (step 14): who put the case under it or took it in, decided what the closing rests on. A list asks the
    same of many steps at once: ``second_person.may_be_second``.
    """
    if account_id is None or second_person.is_part_of_step(review.requested_by_id, handler_id, account_id):
        return SAME_PERSON
    if review.step == EventKind.CLOSED_LINKED:
        bottleneck_id = review.payload["bottleneck_id"]
        if second_person.brought_under_rule(session, case_id, bottleneck_id, account_id):
            return BROUGHT_UNDER_RULE
    return None


def approve(act: Act, reference: str, review_id: int, remark: str | None = None) -> None:
    """Agree, and so take the step that was asked for.

    Raises:
        PermissionDenied: the actor may not review, or is no second person for this step.
        DomainError: the review was decided already, or the step no longer fits.
    """
    _hold_bottleneck(act, review_id)
    case, review = _open_review(act, reference, review_id, Permission.REVIEW_CASE)
    _require_second(act, case, review)
    _hold_guide(act, review)
    _decide(act, case, review, ReviewStatus.APPROVED, remark)
    events.record(act, EventKind.REVIEW_APPROVED, case=case, data={"toetsing": review.id, "stap": review.step})
    decisions.take(act, case, review)


def give_back(act: Act, reference: str, review_id: int, remark: str) -> None:
    """Give a step back to who asked for it, with the reason.

    Raises:
        PermissionDenied: the actor may not review, or is no second person for this step.
    """
    case, review = _open_review(act, reference, review_id, Permission.REVIEW_CASE)
    _require_second(act, case, review)
    if not remark.strip():
        raise DomainError("Schrijf op waarom u dit teruggeeft.", field="remark")
    _decide(act, case, review, ReviewStatus.RETURNED, remark)
    decisions.drop(act, review)
    events.record(act, EventKind.REVIEW_RETURNED, case=case, data={"toetsing": review.id, "stap": review.step})
    messages.notify_colleague(
        act, case, MailKind.REVIEW_GIVEN_BACK, review.requested_by_id, step=STEP_WORDS[EventKind(review.step)]
    )


def cancel(act: Act, reference: str, review_id: int) -> None:
    """Take back a step that waits; for whoever asked for it."""
    case, review = _open_review(act, reference, review_id, Permission.HANDLE_CASE)
    if review.requested_by_id != act.actor.account_id:
        raise PermissionDenied("Alleen wie de toetsing vroeg, kan haar intrekken.")
    _cancel(act, case, review)


def cancel_open(act: Act, case: Case) -> None:
    """End a review that still waits, because the case moves on without it."""
    review = act.session.scalar(
        select(Review).where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN).limit(1)
    )
    if review is not None:
        _cancel(act, case, review)


def _cancel(act: Act, case: Case, review: Review) -> None:
    _decide(act, case, review, ReviewStatus.CANCELLED, None)
    decisions.drop(act, review)
    events.record(act, EventKind.REVIEW_CANCELLED, case=case, data={"toetsing": review.id, "stap": review.step})


def _open_review(act: Act, reference: str, review_id: int, permission: Permission) -> tuple[Case, Review]:
    case = open_case(act, reference, permission)
    review = act.session.scalar(select(Review).where(Review.id == review_id, Review.case_id == case.id))
    if review is None:
        raise NotFound()
    if review.status is not ReviewStatus.OPEN:
        raise DomainError("Over deze stap is al besloten.")
    return case, review


def _hold_bottleneck(act: Act, review_id: int) -> None:
    """Lock the rule bottleneck that a closing rests on before its case: the order of every act that touches both."""
    waiting = select(Review.payload["bottleneck_id"].as_integer()).where(
        Review.id == review_id, Review.step == EventKind.CLOSED_LINKED
    )
    act.session.execute(select(Bottleneck.id).where(Bottleneck.id.in_(waiting)).with_for_update(read=True))


def _hold_guide(act: Act, review: Review) -> None:
    """Lock the ruimtewijzer that an answer rests on before the event: nothing is waited for with the chain in hand."""
    if review.step == EventKind.ANSWERED_WITH_GUIDE:
        act.session.execute(select(Guide.id).where(Guide.id == review.payload["guide_id"]).with_for_update(read=True))


def _require_second(act: Act, case: Case, review: Review) -> None:
    reason = why_not_second(act.session, case.id, case.handler_id, review, act.actor.account_id)
    if reason is not None:
        raise PermissionDenied(reason)


def _decide(act: Act, case: Case, review: Review, status: ReviewStatus, remark: str | None) -> None:
    review.status = status
    review.decided_by_id = act.actor.account_id
    review.decided_at = act.now
    review.remark = remark.strip() if remark and remark.strip() else None
    case.updated_at = act.now
    act.session.flush()
