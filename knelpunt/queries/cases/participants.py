"""Municipalities that file together: the questions that wait for one, and one question to answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import ParticipantStatus, Theme
from knelpunt.models import Case, CaseParticipant, Organisation
from knelpunt.queries.core.reference import reference


@dataclass(frozen=True, slots=True)
class JointQuestion:
    """The question to one municipality. It tells no more of the case than decision 0009 allows."""

    id: int
    status: ParticipantStatus
    asked_at: datetime
    title: str
    reference: str
    theme: Theme
    lead: str
    lead_id: int


_QUESTION = (
    select(
        CaseParticipant.id,
        CaseParticipant.status,
        CaseParticipant.asked_at,
        Case.title,
        Case.reference,
        Case.theme,
        Organisation.name,
        Organisation.id,
    )
    .join(Case, Case.id == CaseParticipant.case_id)
    .join(Organisation, Organisation.id == Case.organisation_id)
)


def _places_of(session: Session, organisation_id: int) -> list[int]:
    """The municipality of an organisation, and those that went up in it."""
    names = reference(session)
    organisation = names.organisations.get(organisation_id)
    own = organisation.municipality_id if organisation is not None else None
    return [id_ for id_ in names.municipalities if names.is_one_place(id_, own)]


def question(session: Session, participant_id: int, organisation_id: int) -> JointQuestion | None:
    """The question with this number, when it is for the municipality of this organisation."""
    row = session.execute(
        _QUESTION.where(
            CaseParticipant.id == participant_id,
            CaseParticipant.municipality_id.in_(_places_of(session, organisation_id)),
        )
    ).one_or_none()
    return JointQuestion(*row) if row is not None else None


def open_questions(session: Session, organisation_id: int) -> list[JointQuestion]:
    """What the municipality of an organisation was asked and did not answer, oldest first. Not by itself,
    after a merger."""
    rows = session.execute(
        _QUESTION.where(
            CaseParticipant.status == ParticipantStatus.ASKED,
            CaseParticipant.municipality_id.in_(_places_of(session, organisation_id)),
            Case.organisation_id != organisation_id,
        ).order_by(CaseParticipant.id)
    )
    return [JointQuestion(*row) for row in rows]
