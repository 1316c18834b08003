"""Organisations that come from no register: housing corporations, school boards, initiatives and others; and which of
all got other people by a merger."""

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OrganisationKind
from knelpunt.models import Organisation
from knelpunt.queries.accounts import organisations as queries
from knelpunt.queries.core import people
from knelpunt.services.core import events, small_tables
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import require_no_numbers

ADDED_BY_HAND = (
    OrganisationKind.HOUSING_CORPORATION,
    OrganisationKind.SCHOOL_BOARD,
    OrganisationKind.INITIATIVE,
    OrganisationKind.OTHER,
)
"""Municipalities, provinces and ministries come from the reference data, with their official codes."""
NAME_MAX_CHARACTERS = 150
ABBREVIATION_MAX_CHARACTERS = 20
FIELDS = {"name": "de naam", "abbreviation": "de afkorting"}
_NAME_TAKEN = "Er is al een organisatie van deze soort met deze naam."


def add_organisation(
    context: Context, *, kind: OrganisationKind, name: str, abbreviation: str | None = None
) -> Organisation:
    """Add an organisation, so that its people can be invited.

    Raises:
        PermissionDenied: the actor may not manage accounts.
        DomainError: on the field ``kind``, ``name`` or ``abbreviation`` that is wrong.
    """
    context.actor.require(Permission.MANAGE_ACCOUNTS)
    if kind not in ADDED_BY_HAND:
        raise DomainError("Deze soort organisatie staat al in de lijst.", field="kind")
    shown_name = " ".join(name.split())
    short_name = " ".join((abbreviation or "").split()) or None
    if not shown_name:
        raise DomainError("Vul de naam in.", field="name")
    if len(shown_name) > NAME_MAX_CHARACTERS or not shown_name.isprintable():
        raise DomainError(f"Gebruik hoogstens {NAME_MAX_CHARACTERS} gewone tekens.", field="name")
    if short_name and (len(short_name) > ABBREVIATION_MAX_CHARACTERS or not short_name.isprintable()):
        raise DomainError(f"Gebruik hoogstens {ABBREVIATION_MAX_CHARACTERS} gewone tekens.", field="abbreviation")
    if queries.is_taken(context.session, kind, shown_name):
        raise DomainError(_NAME_TAKEN, field="name")
    written = {"name": shown_name, "abbreviation": short_name}
    require_no_numbers(written, people.known_at_the_desk(context.session), FIELDS)
    organisation = Organisation(kind=kind, name=shown_name, abbreviation=short_name, valid_from=context.today)
    try:
        with context.session.begin_nested():
            context.session.add(organisation)
    except IntegrityError as error:  # somebody else was a moment earlier
        raise DomainError(_NAME_TAKEN, field="name") from error
    small_tables.touch(context.session)
    events.record(
        context, AccountEvent.ORGANISATION_ADDED, subject=f"organisation:{organisation.id}", data={"kind": kind.value}
    )
    return organisation


def note_merged(context: Context, organisation_ids: Iterable[int]) -> None:
    """Keep that a merger brought these organisations accounts or cases: what is public is compared with who stands
    round their cases now."""
    context.session.execute(
        update(Organisation)
        .where(Organisation.id.in_(set(organisation_ids)))
        .values(merged_at=context.now)
        .execution_options(synchronize_session="fetch")
    )
