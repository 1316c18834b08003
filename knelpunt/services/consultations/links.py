"""The secret links by which officials answer: made for one question and one address, and put into mails."""

from collections.abc import Callable

from sqlalchemy import select

from knelpunt.domain.cases.consultations import link_ends_on
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Case, Consultation, ConsultationLink, Organisation
from knelpunt.services.consultations.mail_texts import Asked
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import MailText

PURPOSE = "raadplegen"
"""What a token is for that answers the question of the desk to a ministry."""


def make(context: Context, consultation: Consultation, email: str) -> ConsultationLink:
    """A new link to one question, for one address."""
    link = ConsultationLink(
        consultation_id=consultation.id,
        email=email,
        public_id=new_public_id(),
        nonce=new_nonce(),
        created_at=context.now,
    )
    context.session.add(link)
    context.session.flush()
    return link


def path_of(context: Context, link: ConsultationLink) -> str:
    """The address of a link, on this site."""
    return f"/raadplegen/{context.links.token(PURPOSE, link.public_id, link.nonce)}"


def send(
    context: Context,
    case: Case,
    link: ConsultationLink,
    consultation: Consultation,
    kind: MailKind,
    write: Callable[[Asked], MailText],
    *,
    once_key: str | None = None,
) -> None:
    """Mail the official of this link about the question.

    The mail stands apart from those about the case to its submitter: it goes out also when the contact is erased.
    """
    if link.email is None:
        return
    asked = Asked(
        reference=case.reference if case.may_share else f"vraag {consultation.id}",
        ministry=ministry_name(context, consultation),
        due_on=consultation.due_on,
        link_ends_on=link_ends_on(consultation.due_on),
        url=context.links.to(path_of(context, link)),
    )
    messages.queue_text(context, kind, link.email, write(asked), once_key=once_key)


def send_current(
    context: Context,
    case: Case,
    consultation: Consultation,
    kind: MailKind,
    write: Callable[[Asked], MailText],
    *,
    once_key: str | None = None,
) -> None:
    """Mail whoever has the question now."""
    link = context.session.scalar(
        select(ConsultationLink)
        .where(ConsultationLink.consultation_id == consultation.id, ConsultationLink.revoked_at.is_(None))
        .order_by(ConsultationLink.id.desc())
        .limit(1)
    )
    if link is not None:
        send(context, case, link, consultation, kind, write, once_key=once_key)


def ministry_name(context: Context, consultation: Consultation) -> str:
    return context.session.get_one(Organisation, consultation.ministry_id).name
