"""What the desk did with one case: its last proposal, who had a part in its end, what it asked afterwards, and an
objection that waits for it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.bottlenecks import OPEN, LinkStatus
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    CaseStatus,
    EventKind,
    PublicationStatus,
    ReviewStatus,
    SecondLookOutcome,
)
from knelpunt.models import (
    Aftercare,
    Bottleneck,
    BottleneckCase,
    Case,
    Event,
    Proposal,
    PublicText,
    Review,
    SecondLook,
)
from knelpunt.queries.cases.submitter_rows import AftercareRow
from knelpunt.queries.core.json_rows import columns


def under_running_rule(case_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether the owner of a rule bottleneck that still runs took this case in, as SQL."""
    link, rule = BottleneckCase.__table__.c, Bottleneck.__table__.c
    return exists().where(
        link.case_id == case_id,
        link.status == LinkStatus.ACCEPTED,
        rule.id == link.bottleneck_id,
        rule.status.in_(sorted(OPEN)),
    )


def objection_waits() -> ColumnElement[bool]:
    """Whether a submitter objected to the public text of a case that is over, and the desk neither laid it there anew
    nor said that it will not be made public, as SQL."""
    case, public = Case.__table__.c, PublicText.__table__.c
    waiting = select(public.case_id).where(public.objection.is_not(None), public.kept_back_on.is_(None))
    return and_(
        case.id.in_(waiting),
        case.status.in_([CaseStatus.CLOSED, CaseStatus.WITHDRAWN]),
        case.publication == PublicationStatus.INTERNAL,
    )


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
    """Who handled a case that was closed, who agreed to its end, and who looked at it again since without changing
    that: none of them looks at it again."""
    looks = session.execute(
        select(SecondLook.closing_handler_id, SecondLook.closing_reviewer_id, SecondLook.ended_on).where(
            SecondLook.case_id == case_id, or_(SecondLook.ended_on.is_(None), _kept_since_closing())
        )
    ).all()
    found = {account_id for handler_id, reviewer_id, _ended_on in looks for account_id in (handler_id, reviewer_id)}
    if all(ended_on is not None for *_people, ended_on in looks):
        handler_id = session.scalar(select(Case.handler_id).where(Case.id == case_id))
        found |= {handler_id, closing_reviewer(session, case_id)}
    return found


def submitter_had_second_look(session: Session, case_id: int) -> bool:
    """Whether the one second look for which a submitter may ask at this end of a case took place."""
    looks = select(SecondLook.id).where(SecondLook.case_id == case_id, SecondLook.by_submitter, _kept_since_closing())
    return session.scalar(select(looks.exists())) or False


def _kept_since_closing() -> ColumnElement[bool]:
    """Second looks that left the end of now as it was: the case was not closed again from an open state since.

    Events tell it and not days: a case can be reopened and closed again on the day of the second look.
    """
    kept, closed = aliased(Event), aliased(Event)
    closed_again = exists().where(
        kept.case_id == SecondLook.case_id,
        kept.kind == EventKind.SECOND_LOOK_KEPT.value,
        kept.data["heroverweging"].as_integer() == SecondLook.id,
        closed.case_id == SecondLook.case_id,
        closed.number > kept.number,
        closed.status == CaseStatus.CLOSED,
        closed.status_before.in_(sorted(OPEN_STATUSES - {CaseStatus.RECONSIDERATION})),
    )
    return and_(SecondLook.outcome == SecondLookOutcome.KEPT, ~closed_again)


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
