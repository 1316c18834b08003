"""Naming the municipalities that will be asked to file along, while a draft is being written."""

from knelpunt.domain.errors import DomainError
from knelpunt.domain.filing.joint_filing import MOST_PARTNERS, Partner, read_partners, write_partners
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import SubmitterKind
from knelpunt.models import Draft, Municipality
from knelpunt.services.core.context import Context
from knelpunt.services.filing.intake import open_draft, save_draft
from knelpunt.services.mail import messages

FIELD = "partners"
ONLY_MUNICIPALITIES = Text("Samen melden kan alleen als uw organisatie een gemeente is.")


def name_partner(context: Context, key: str, municipality_id: int | None, email: str) -> Draft:
    """Name a municipality, or give one that was named another address.

    Raises:
        DomainError: no municipality of today, the own one, a wrong address, or too many (field ``municipality``,
            ``email``).
        NotFound: as ``open_draft``.
    """
    draft = open_draft(context, key)
    if draft.kind is not SubmitterKind.MUNICIPALITY or draft.organisation_id is None:
        raise DomainError(ONLY_MUNICIPALITIES)
    municipality = context.session.get(Municipality, municipality_id) if municipality_id is not None else None
    if municipality is None or municipality.valid_to is not None:
        raise DomainError(Text("Kies een gemeente uit de lijst."), field="municipality")
    if str(municipality.id) == draft.data.get("municipality_id"):
        raise DomainError(Text("Dit is de gemeente van de melding zelf. Kies een andere."), field="municipality")
    try:
        address = messages.checked_address(email)
    except DomainError as error:
        raise DomainError(error.message, field="email") from None
    others = [each for each in read_partners(draft.data.get(FIELD, "")) if each.municipality_id != municipality.id]
    if len(others) >= MOST_PARTNERS:
        raise DomainError(
            Text("U kunt hooguit %(most_partners)s gemeenten vragen.", most_partners=MOST_PARTNERS),
            field="municipality",
        )
    return save_draft(
        context, key, draft.version, {FIELD: write_partners([*others, Partner(municipality.id, address)])}
    )


def drop_partner(context: Context, key: str, municipality_id: int) -> Draft:
    """Ask a municipality no more; silent when it was not named."""
    draft = open_draft(context, key)
    left = [each for each in read_partners(draft.data.get(FIELD, "")) if each.municipality_id != municipality_id]
    return save_draft(context, key, draft.version, {FIELD: write_partners(left)})
