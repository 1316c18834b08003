"""Whom the desk can ask at each ministry, kept by an administrator; and the box of a ministry for what waits there."""

from sqlalchemy import select

from knelpunt.domain.accounts import NAME_MAX_CHARACTERS, AccountEvent
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OrganisationKind
from knelpunt.models import MinistryContact, Organisation
from knelpunt.queries.consultations.contacts import waiting_at
from knelpunt.services.consultations import mail_texts as texts
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages


def add(context: Context, *, ministry_id: int, name: str, email: str, is_fallback: bool) -> MinistryContact:
    """Add somebody at a ministry, or its box.

    Raises:
        PermissionDenied: the actor does not keep the address book.
        DomainError: on the field ``ministry_id``, ``name``, ``email`` or ``is_fallback`` that is wrong.
    """
    context.actor.require(Permission.MANAGE_ADDRESS_BOOK)
    # Held, so that two administrators cannot both name the box of one ministry.
    ministry = context.session.get(Organisation, ministry_id, with_for_update=True)
    if ministry is None or ministry.kind is not OrganisationKind.MINISTRY:
        raise DomainError("Kies een ministerie uit de lijst.", field="ministry_id")
    contact = MinistryContact(ministry_id=ministry.id, is_fallback=is_fallback)
    _fill(context, contact, name, email)
    context.session.add(contact)
    _record(context, contact)
    return contact


def change(context: Context, contact_id: int, version: int, *, name: str, email: str, is_fallback: bool) -> None:
    """Change a name or an address. Links that went out before stay with the old address.

    Raises:
        NotFound: nobody in use has this number.
        VersionConflict: somebody else changed it.
        DomainError: as ``add``.
    """
    contact = _held(context, contact_id, version)
    contact.is_fallback = is_fallback
    _fill(context, contact, name, email)
    _record(context, contact)


def remove(context: Context, contact_id: int, version: int) -> None:
    """Take somebody out; name and address are emptied a month later.

    What was asked before stays. Its handler hears of it, and can take the question back.
    """
    contact = _held(context, contact_id, version)
    contact.ended_on = context.today
    _record(context, contact)
    for case in waiting_at(context.session, contact_id):
        news = texts.consultation_news(what="een ambtenaar die niet meer in het adresboek staat")
        messages.notify_colleague(context, case, news, case.handler_id)


def _held(context: Context, contact_id: int, version: int) -> MinistryContact:
    context.actor.require(Permission.MANAGE_ADDRESS_BOOK)
    ministry = select(MinistryContact.ministry_id).where(MinistryContact.id == contact_id)
    context.session.execute(select(Organisation.id).where(Organisation.id.in_(ministry)).with_for_update())
    contact = context.session.get(MinistryContact, contact_id, populate_existing=True)
    if contact is None or contact.ended_on is not None:
        raise NotFound()
    if contact.version != version:
        raise VersionConflict("Iemand anders heeft dit adres intussen gewijzigd.")
    return contact


def _fill(context: Context, contact: MinistryContact, name: str, email: str) -> None:
    shown = " ".join(name.split())
    if not shown:
        raise DomainError("Vul een naam in.", field="name")
    if len(shown) > NAME_MAX_CHARACTERS or not shown.isprintable():
        raise DomainError(f"Gebruik hoogstens {NAME_MAX_CHARACTERS} gewone tekens.", field="name")
    try:
        address = messages.checked_address(email)
    except DomainError as error:
        raise DomainError(error.message, field="email") from None
    others = [
        each
        for each in context.session.scalars(
            select(MinistryContact).where(
                MinistryContact.ministry_id == contact.ministry_id, MinistryContact.ended_on.is_(None)
            )
        )
        if each.id != contact.id
    ]
    if any((each.email or "").casefold() == address.casefold() for each in others):
        raise DomainError("Dit adres staat al bij dit ministerie.", field="email")
    if contact.is_fallback and any(each.is_fallback for each in others):
        raise DomainError("Dit ministerie heeft al een postbus. Haal die eerst weg.", field="is_fallback")
    if (contact.name, contact.email) != (shown, address):
        contact.name, contact.email, contact.changed_at = shown, address, context.now


def _record(context: Context, contact: MinistryContact) -> None:
    context.session.flush()
    events.record(
        context,
        AccountEvent.ADDRESS_BOOK_CHANGED,
        subject=f"ministry_contact:{contact.id}",
        data={"ministerie": contact.ministry_id, "in_gebruik": contact.ended_on is None},
    )
