"""What waits for the head of the desk: ministries that kept silent, and ministries that do not agree."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.vocabulary import CaseStatus, ConsultationStatus
from knelpunt.models import Case, Consultation, Disagreement, Organisation

SHOWN = 10


@dataclass(frozen=True, slots=True)
class SilentMinistry:
    """A question without an answer whose case is still handled; ``is_open``: the handler has not gone on yet."""

    reference: str
    title: str
    ministry: str
    due_on: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class DisagreeingCase:
    """A case in which ministries do not agree, since a day."""

    reference: str
    title: str
    since: date


@dataclass(frozen=True, slots=True)
class ForHead:
    silent: tuple[SilentMinistry, ...]
    disagreeing: tuple[DisagreeingCase, ...]


def for_head(session: Session) -> ForHead:
    """Both, the longest waiting first. Two statements."""
    silent = session.execute(
        select(Case.reference, Case.title, Organisation.name, Consultation.due_on, Consultation.status)
        .join(Case, Case.id == Consultation.case_id)
        .join(Organisation, Organisation.id == Consultation.ministry_id)
        .where(
            Consultation.raised_on.is_not(None),
            Consultation.status.in_((ConsultationStatus.OPEN, ConsultationStatus.UNANSWERED)),
            Case.status.in_((CaseStatus.WITH_MINISTRY, CaseStatus.IN_HANDLING)),
        )
        .order_by(Consultation.due_on, Consultation.id)
        .limit(SHOWN)
    )
    disagreeing = session.execute(
        select(Case.reference, Case.title, Disagreement.noticed_at)
        .join(Case, Case.id == Disagreement.case_id)
        .where(
            Disagreement.decided_at.is_(None),
            Case.status.in_((CaseStatus.WITH_MINISTRY, CaseStatus.IN_HANDLING)),
        )
        .order_by(Disagreement.id)
        .limit(SHOWN)
    )
    return ForHead(
        tuple(
            SilentMinistry(reference, title, ministry, due_on, status is ConsultationStatus.OPEN)
            for reference, title, ministry, due_on, status in silent
        ),
        tuple(DisagreeingCase(reference, title, nl_day(at)) for reference, title, at in disagreeing),
    )
