"""Organisations: lists to choose from and to manage."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models import Account, Organisation

PAGE_SIZE = 50
COUNT_LIMIT = 1000


def is_unmanaged(organisation_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """That nobody manages an organisation."""
    manages = exists().where(
        Account.organisation_id == organisation_id, Account.role == Role.ORGANISATION_ADMIN, Account.is_active
    )
    return ~manages


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """What a list of organisations is narrowed to; empty fields do not narrow."""

    text: str = ""
    kind: OrganisationKind | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.text:
            found.append(
                or_(
                    Organisation.name.icontains(self.text, autoescape=True),
                    Organisation.abbreviation.icontains(self.text, autoescape=True),
                    Organisation.code == self.text.upper(),
                )
            )
        if self.kind is not None:
            found.append(Organisation.kind == self.kind)
        return found


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of a list of organisations; ``accounts`` counts the active ones."""

    id: int
    kind: OrganisationKind
    name: str
    abbreviation: str | None
    code: str | None
    accounts: int


def list_organisations(
    session: Session, wanted: OrganisationFilter, after: int | None = None, limit: int = PAGE_SIZE
) -> list[OrganisationRow]:
    """Organisations by name; at most ``limit`` and one more, by which the caller sees that there is a next page.

    Args:
        after: the id of the last line of the page before.
    """
    accounts = (
        select(func.count())
        .select_from(Account)
        .where(Account.organisation_id == Organisation.id, Account.is_active)
        .correlate(Organisation)
        .scalar_subquery()
    )
    by_name = func.lower(Organisation.name)
    statement = (
        select(
            Organisation.id,
            Organisation.kind,
            Organisation.name,
            Organisation.abbreviation,
            Organisation.code,
            accounts,
        )
        .where(*wanted.conditions())
        .order_by(by_name, Organisation.id)
        .limit(limit + 1)
    )
    if after is not None:
        last_name = select(func.lower(Organisation.name)).where(Organisation.id == after).scalar_subquery()
        statement = statement.where(tuple_(by_name, Organisation.id) > tuple_(last_name, after))
    return [OrganisationRow(*row) for row in session.execute(statement)]


def count_organisations(session: Session, wanted: OrganisationFilter) -> int:
    """How many there are, counted to one more than ``COUNT_LIMIT``."""
    some = select(Organisation.id).where(*wanted.conditions()).limit(COUNT_LIMIT + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def choices(session: Session) -> list[tuple[int, str]]:
    """Every organisation that did not end, as (id, name), by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.valid_to.is_(None))
        .order_by(func.lower(Organisation.name), Organisation.id)
    )
    return [(row.id, row.name) for row in rows]


def is_taken(session: Session, kind: OrganisationKind, name: str) -> bool:
    """Whether an organisation of this kind has this name already, whatever its capitals."""
    found = session.scalar(
        select(Organisation.id).where(Organisation.kind == kind, func.lower(Organisation.name) == name.lower()).limit(1)
    )
    return found is not None
