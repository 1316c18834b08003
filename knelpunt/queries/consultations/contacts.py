"""The address book of the ministries."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import ConsultationStatus, OrganisationKind
from knelpunt.models import Case, Consultation, MinistryContact, Organisation


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody at a ministry, or its box."""

    id: int
    ministry_id: int
    ministry: str
    name: str | None
    email: str | None
    is_fallback: bool
    version: int


_IN_USE = (
    select(
        MinistryContact.id,
        MinistryContact.ministry_id,
        Organisation.name.label("ministry"),
        MinistryContact.name,
        MinistryContact.email,
        MinistryContact.is_fallback,
        MinistryContact.version,
    )
    .join(Organisation, Organisation.id == MinistryContact.ministry_id)
    .where(MinistryContact.ended_on.is_(None))
    .order_by(Organisation.name, MinistryContact.is_fallback, MinistryContact.name, MinistryContact.id)
)


def contacts(session: Session) -> list[ContactRow]:
    """Whom the desk can ask, by ministry; the box of a ministry comes last."""
    return [ContactRow(*row) for row in session.execute(_IN_USE)]


def contact(session: Session, contact_id: int) -> ContactRow | None:
    """One of them; None when nobody in use has this number."""
    row = session.execute(_IN_USE.where(MinistryContact.id == contact_id)).one_or_none()
    return ContactRow(*row) if row is not None else None


def waiting_at(session: Session, contact_id: int) -> list[Case]:
    """The cases of the questions that this contact was asked and that are still open."""
    return list(
        session.scalars(
            select(Case)
            .where(
                Case.id.in_(
                    select(Consultation.case_id).where(
                        Consultation.contact_id == contact_id, Consultation.status == ConsultationStatus.OPEN
                    )
                )
            )
            .order_by(Case.id)
        )
    )


def contact_options(session: Session) -> Iterable[tuple[int, str]]:
    """The same as a list to choose from."""
    for each in contacts(session):
        yield each.id, f"{each.ministry}: {each.name}{' (postbus)' if each.is_fallback else ''}"


def ministries_without_box(session: Session) -> list[str]:
    """The names of ministries that exist today and have no box for what waits there."""
    has_box = exists().where(
        MinistryContact.ministry_id == Organisation.id,
        MinistryContact.is_fallback,
        MinistryContact.ended_on.is_(None),
    )
    return list(
        session.scalars(
            select(Organisation.name)
            .where(Organisation.kind == OrganisationKind.MINISTRY, Organisation.valid_to.is_(None), ~has_box)
            .order_by(Organisation.name)
        )
    )
