"""What waits for the head of the desk: ministries that kept silent, and ministries that do not agree."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import CaseStatus, ConsultationStatus
from knelpunt.models import Case, Consultation, Disagreement, Organisation

SHOWN = 10
NOTED_SHOWN = timedelta(days=7)
"""How long the head still sees that the handler went on without an answer."""


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
    """The first of both; ``more`` is how many there are besides."""

    silent: tuple[SilentMinistry, ...]
    disagreeing: tuple[DisagreeingCase, ...]
    more: int


def for_head(session: Session, today: date) -> ForHead:
    """Both, what is open first, then the longest waiting. What a handler noted goes after a week. One statement."""
    is_handled = Case.status.in_((CaseStatus.WITH_MINISTRY, CaseStatus.IN_HANDLING))
    is_open = Consultation.status == ConsultationStatus.OPEN
    silent = (
        select(
            Case.reference,
            Case.title,
            Organisation.name.label("ministry"),
            Consultation.due_on.label("day"),
            is_open.label("is_open"),
            func.count().over().label("total"),
        )
        .join(Case, Case.id == Consultation.case_id)
        .join(Organisation, Organisation.id == Consultation.ministry_id)
        .where(
            Consultation.raised_on.is_not(None),
            or_(
                is_open,
                (Consultation.status == ConsultationStatus.UNANSWERED) & (Consultation.ended_on > today - NOTED_SHOWN),
            ),
            is_handled,
        )
        .order_by(is_open.desc(), Consultation.due_on, Consultation.id)
        .limit(SHOWN)
        .subquery()
    )
    disagreeing = (
        select(
            Case.reference,
            Case.title,
            null().label("ministry"),
            func.timezone("Europe/Amsterdam", func.min(Disagreement.noticed_at)).cast(Date).label("day"),
            literal(False).label("is_open"),
            func.count().over().label("total"),
        )
        .join(Case, Case.id == Disagreement.case_id)
        .where(Disagreement.decided_at.is_(None), is_handled)
        .group_by(Case.id)
        .order_by(func.min(Disagreement.id))
        .limit(SHOWN)
        .subquery()
    )
    both = union_all(select(silent), select(disagreeing)).subquery()
    found = session.execute(select(both).order_by(both.c.is_open.desc(), both.c.day, both.c.reference)).all()
    silent_rows = [row for row in found if row.ministry is not None]
    disagreeing_rows = [row for row in found if row.ministry is None]
    return ForHead(
        tuple(SilentMinistry(row.reference, row.title, row.ministry, row.day, row.is_open) for row in silent_rows),
        tuple(DisagreeingCase(row.reference, row.title, row.day) for row in disagreeing_rows),
        more=sum(rows[0].total - len(rows) for rows in (silent_rows, disagreeing_rows) if rows),
    )
