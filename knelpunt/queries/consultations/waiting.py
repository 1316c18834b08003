"""What waits for the head of the desk: ministries that kept silent, and ministries that do not agree."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, func, literal, null, select, union_all
from sqlalchemy.orm import Session

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
    """Both, the longest waiting first. One statement."""
    is_handled = Case.status.in_((CaseStatus.WITH_MINISTRY, CaseStatus.IN_HANDLING))
    silent = (
        select(
            Case.reference,
            Case.title,
            Organisation.name.label("ministry"),
            Consultation.due_on.label("day"),
            (Consultation.status == ConsultationStatus.OPEN).label("is_open"),
        )
        .join(Case, Case.id == Consultation.case_id)
        .join(Organisation, Organisation.id == Consultation.ministry_id)
        .where(
            Consultation.raised_on.is_not(None),
            Consultation.status.in_((ConsultationStatus.OPEN, ConsultationStatus.UNANSWERED)),
            is_handled,
        )
        .order_by(Consultation.due_on, Consultation.id)
        .limit(SHOWN)
        .subquery()
    )
    disagreeing = (
        select(
            Case.reference,
            Case.title,
            null().label("ministry"),
            func.timezone("Europe/Amsterdam", Disagreement.noticed_at).cast(Date).label("day"),
            literal(False).label("is_open"),
        )
        .join(Case, Case.id == Disagreement.case_id)
        .where(Disagreement.decided_at.is_(None), is_handled)
        .order_by(Disagreement.id)
        .limit(SHOWN)
        .subquery()
    )
    rows = session.execute(union_all(select(silent), select(disagreeing)).order_by("day", "reference")).all()
    return ForHead(
        tuple(SilentMinistry(*row) for row in rows if row.ministry is not None),
        tuple(DisagreeingCase(row.reference, row.title, row.day) for row in rows if row.ministry is None),
    )
