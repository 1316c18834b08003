"""What the desk did with one case: its last proposal, who had a part in its end, and what it asked afterwards."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import EventKind, ReviewStatus
from knelpunt.models import Aftercare, Case, Proposal, Review, SecondLook
from knelpunt.queries.cases.submitter_rows import AftercareRow
from knelpunt.queries.core.json_rows import columns


def latest_proposal(session: Session, case_id: int) -> Proposal | None:
    """The proposal made last, whatever became of it."""
    return session.scalar(select(Proposal).where(Proposal.case_id == case_id).order_by(Proposal.id.desc()).limit(1))


def closing_reviewer(session: Session, case_id: int) -> int | None:
    """Who agreed that the case was closed, the last time that it was."""
    return session.scalar(
        select(Review.decided_by_id)
        .where(
            Review.case_id == case_id,
            Review.step.in_((EventKind.CLOSED.value, EventKind.CLOSED_LINKED.value)),
            Review.status == ReviewStatus.APPROVED,
        )
        .order_by(Review.id.desc())
        .limit(1)
    )


def had_a_part(session: Session, case_id: int) -> set[int | None]:
    """Who handled a case that was closed, and who agreed to its end: neither looks at it again."""
    look = session.execute(
        select(SecondLook.closing_handler_id, SecondLook.closing_reviewer_id)
        .where(SecondLook.case_id == case_id, SecondLook.ended_on.is_(None))
        .limit(1)
    ).one_or_none()
    if look is not None:
        return set(look)
    handler_id = session.scalar(select(Case.handler_id).where(Case.id == case_id))
    return {handler_id, closing_reviewer(session, case_id)}


@dataclass(frozen=True, slots=True)
class AskedAfterwards:
    """A question of aftercare, with the case that it is about."""

    case_id: int
    reference: str
    title: str
    language: str
    question: AftercareRow


_ASKED = (
    select(Case.id, Case.reference, Case.title, Case.language, *columns(AftercareRow, Aftercare))
    .join_from(Aftercare, Case, Case.id == Aftercare.case_id)
    .where(Aftercare.public_id == bindparam("public_id"))
)


def asked_afterwards(session: Session, public_id: str) -> AskedAfterwards | None:
    """The question whose link has this public number."""
    row = session.execute(_ASKED, {"public_id": public_id}).one_or_none()
    if row is None:
        return None
    case_id, reference, title, language, *question = row
    return AskedAfterwards(case_id, reference, title, language, AftercareRow(*question))
