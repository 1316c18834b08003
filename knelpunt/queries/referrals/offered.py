"""What another organisation sees of a case that is offered to it, and how it reaches the submitter once it took it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.vocabulary import ReferralStatus
from knelpunt.models import Account, Case, Contact, Municipality, Organisation, Referral
from knelpunt.queries.accounts.accounts import answering_account


@dataclass(frozen=True, slots=True)
class OfferedCase:
    """One offer by its link. Contact data are for who took the case over: those of the contact, or of who answers for
    the organisation that filed (``submitter``)."""

    id: int
    nonce: str
    status: ReferralStatus
    organisation: str
    reason: str
    answer_by: date | None
    ended_on: date | None
    contact: str | None
    reference: str
    title: str
    description: str
    goal: str | None
    rule_words: str | None
    tried: str | None
    wanted: str | None
    municipality: str | None
    submitter: str | None
    name: str | None
    email: str | None
    phone: str | None


_Answering = aliased(Account)
_STATEMENT = (
    select(
        Referral.id,
        Referral.nonce,
        Referral.status,
        Referral.organisation,
        Referral.reason,
        Referral.answer_by,
        Referral.ended_on,
        Referral.contact,
        Case.reference,
        Case.title,
        Case.description,
        Case.goal,
        Case.rule_words,
        Case.tried,
        Case.wanted,
        Municipality.name,
        Organisation.name,
        func.coalesce(_Answering.name, Contact.name),
        func.coalesce(_Answering.email, Contact.email),
        Contact.phone,
    )
    .join(Case, Case.id == Referral.case_id)
    .outerjoin(Municipality, Municipality.id == Case.municipality_id)
    .outerjoin(Organisation, Organisation.id == Case.organisation_id)
    .outerjoin(Contact, Contact.case_id == Case.id)
    .outerjoin(_Answering, _Answering.id == answering_account(Case.organisation_id, Case.author_id))
    .where(Referral.public_id == bindparam("public_id"))
)


def offered_by_link(session: Session, public_id: str) -> OfferedCase | None:
    """The offer to which the link with this public number leads; the caller checks the rest of the token."""
    row = session.execute(_STATEMENT, {"public_id": public_id}).one_or_none()
    return OfferedCase(*list(row)) if row is not None else None
