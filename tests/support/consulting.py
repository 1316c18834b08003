"""Ministries round the desk: whom it can ask, and what they do by their links."""

from sqlalchemy import select

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind, OrganisationKind, RoomAnswer
from knelpunt.models import Case, Consultation, ConsultationLink, MinistryContact, Organisation, OutboxMail
from knelpunt.services.consultations import answering, asking, links
from knelpunt.services.core.context import Context
from knelpunt.services.jobs import scheduled
from tests.support.desk import Desk

QUESTION = "Laat dit artikel een buurthuis toe?"
ARTICLE = "Proefwet, artikel 12"


class Ministries:
    """Questions of one desk, and the officials who get them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def contact(
        self, email: str, ministry: Organisation | None = None, *, is_fallback: bool = False
    ) -> MinistryContact:
        """Somebody in the address book; at the ministry of the desk, unless another is given."""
        return self.desk.make.add(
            MinistryContact(
                ministry_id=(ministry or self.desk.ministry).id,
                name=email.partition("@")[0].title(),
                email=email,
                is_fallback=is_fallback,
            )
        )

    def another(self) -> Organisation:
        """Another ministry than that of the desk."""
        return self.desk.make.organisation(OrganisationKind.MINISTRY)

    def ask(
        self,
        case: Case,
        email: str = "jansen@bouw.example",
        ministry: Organisation | None = None,
        *,
        question: str = QUESTION,
        article: str = ARTICLE,
    ) -> Consultation:
        contact = self.desk.session.scalar(select(MinistryContact).where(MinistryContact.email == email))
        if contact is None:
            contact = self.contact(email, ministry)
        return asking.ask(
            self.desk.context(self.desk.handler),
            case.reference,
            case.version,
            contact_id=contact.id,
            question=question,
            article=article,
        )

    def link_of(self, consultation: Consultation) -> ConsultationLink:
        """The link that can be used now."""
        found = select(ConsultationLink).where(
            ConsultationLink.consultation_id == consultation.id, ConsultationLink.revoked_at.is_(None)
        )
        return self.desk.session.scalars(found).one()

    def path_of(self, consultation: Consultation) -> str:
        return links.path_of(self.desk.system, self.link_of(consultation))

    def official(self, link: ConsultationLink) -> Context:
        return self.desk.as_(Actor(ActorKind.ANSWER_LINK, consultation_link_id=link.id))

    def answer(self, consultation: Consultation, room: RoomAnswer = RoomAnswer.ROOM, reasons: str = "Daarom.") -> None:
        answering.answer(self.official(self.link_of(consultation)), room, reasons)

    def run_timers(self) -> None:
        scheduled.run_due(self.desk.system, self.desk.session.flush)

    def mails_to(self, address: str) -> list[str]:
        """The kinds of the mails to an address, oldest first."""
        found = select(OutboxMail.kind).where(OutboxMail.to_address == address).order_by(OutboxMail.id)
        return list(self.desk.session.scalars(found))
