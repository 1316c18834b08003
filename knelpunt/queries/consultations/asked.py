"""What somebody at a ministry sees by the link to one question: what was checked for it, and no file."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, bindparam, case, literal, select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import ConsultationStatus, RoomAnswer, Verdict
from knelpunt.models import Attachment, Case, Consultation, ConsultationLink, Law, Organisation, Provision


def shown_number() -> ColumnElement[str]:
    """By what a ministry calls a question: the number of the case, or of the question when the case is not shared."""
    own = literal("vraag ") + Consultation.id.cast(String)
    return case((Case.may_share, Case.reference), else_=own)


@dataclass(frozen=True, slots=True)
class AskedMinistry:
    """One question, by one link; ``reference`` is what a ministry may call it by."""

    link_id: int
    nonce: str
    revoked_at: datetime | None
    consultation_id: int
    status: ConsultationStatus
    question: str
    article: str
    law_on: date
    due_on: date
    room: RoomAnswer | None
    answer: str | None
    ended_on: date | None
    more_time_until: date | None
    reference: str
    verdict: Verdict | None
    verdict_plain: str | None
    ministry: str
    law_key: str | None
    provision_key: str | None
    instrument: str | None
    valid_from: date | None
    valid_to: date | None


_STATEMENT = (
    select(
        ConsultationLink.id,
        ConsultationLink.nonce,
        ConsultationLink.revoked_at,
        Consultation.id,
        Consultation.status,
        Consultation.question,
        Consultation.article,
        Consultation.law_on,
        Consultation.due_on,
        Consultation.room,
        Consultation.answer,
        Consultation.ended_on,
        Consultation.more_time_until,
        shown_number(),
        Consultation.verdict,
        Consultation.verdict_plain,
        Organisation.name,
        Law.key,
        Provision.key,
        Provision.instrument,
        Provision.valid_from,
        Provision.valid_to,
    )
    .join(Consultation, Consultation.id == ConsultationLink.consultation_id)
    .join(Case, Case.id == Consultation.case_id)
    .join(Organisation, Organisation.id == Consultation.ministry_id)
    .outerjoin(Provision, Provision.id == Consultation.provision_id)
    .outerjoin(Law, Law.id == Provision.law_id)
    .where(ConsultationLink.public_id == bindparam("public_id"))
)


def asked_by_link(session: Session, public_id: str) -> AskedMinistry | None:
    """The question to which the link with this public number leads; the caller checks the rest of the token."""
    row = session.execute(_STATEMENT, {"public_id": public_id}).one_or_none()
    return AskedMinistry(*list(row)) if row is not None else None


def file_names(session: Session, consultation_id: int) -> list[str]:
    """What the files that came with the answer are called."""
    found = select(Attachment.shown_name).where(
        Attachment.consultation_id == consultation_id, Attachment.removed_at.is_(None)
    )
    return list(session.scalars(found.order_by(Attachment.id)))
