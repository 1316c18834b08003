"""API clients of organisations: the list, one of them, and who stands behind a secret or a token."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import ApiScope
from knelpunt.models import Account, ApiClient, ApiToken, Organisation
from knelpunt.queries.accounts.organisations import is_unmanaged
from knelpunt.queries.core.cases import joined_cases

PAGE_SIZE = 50


class ClientState(StrEnum):
    """How a client stands on a day."""

    HOLDS = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client, as its pages show it. ``made_by`` is empty for who is gone, and in a demonstration."""

    id: int
    organisation_id: int
    organisation: str
    name: str
    client_id: str
    scopes: tuple[ApiScope, ...]
    ends_on: date
    made_by: str | None
    made_at: datetime
    last_used_on: date | None
    revoked_at: datetime | None
    version: int

    def holds(self, today: date) -> bool:
        """Whether its secret still opens something."""
        return self.revoked_at is None and self.ends_on >= today


@dataclass(frozen=True, slots=True)
class KnownClient:
    """What is asked of a client before it gets a token."""

    id: int
    client_id: str
    organisation_id: int
    secret_hash: str
    scopes: tuple[ApiScope, ...]


@dataclass(frozen=True, slots=True)
class TokenRow:
    """On whose behalf a token speaks, and for what; ``joined_case_ids``: where the organisation files along."""

    client_id: int
    organisation_id: int
    scopes: frozenset[ApiScope]
    joined_case_ids: frozenset[int]


def holding(today: date) -> ColumnElement[bool]:
    """Which clients hold on a day; joined with their organisations."""
    return and_(
        ApiClient.revoked_at.is_(None),
        ApiClient.ends_on >= today,
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today),
    )


def list_clients(
    session: Session,
    today: date,
    organisation_id: int | None = None,
    state: ClientState | None = None,
    text: str = "",
    after: int | None = None,
) -> list[ClientRow]:
    """Clients, the newest first; at most a page and one more.

    Args:
        organisation_id: of one organisation; without, of all.
        text: part of its name, its own id, or the name of its organisation.
        after: the id of the last one of the page before.
    """
    statement = _rows().order_by(ApiClient.id.desc()).limit(PAGE_SIZE + 1)
    if organisation_id is not None:
        statement = statement.where(ApiClient.organisation_id == organisation_id)
    if state is not None:
        statement = statement.where(holding(today) if state is ClientState.HOLDS else ~holding(today))
    if text:
        statement = statement.where(
            or_(
                ApiClient.name.icontains(text, autoescape=True),
                ApiClient.client_id == text,
                Organisation.name.icontains(text, autoescape=True),
            )
        )
    if after is not None:
        statement = statement.where(ApiClient.id < after)
    return [_row(each) for each in session.execute(statement)]


def one_client(session: Session, client_id: int, organisation_id: int | None = None) -> ClientRow | None:
    """One client, of this organisation when one is given; None when there is none."""
    statement = _rows().where(ApiClient.id == client_id)
    if organisation_id is not None:
        statement = statement.where(ApiClient.organisation_id == organisation_id)
    row = session.execute(statement).one_or_none()
    return _row(row) if row is not None else None


def known_client(session: Session, client_id: str, today: date) -> KnownClient | None:
    """The client with this id that still holds."""
    row = session.execute(
        select(ApiClient.id, ApiClient.client_id, ApiClient.organisation_id, ApiClient.secret_hash, ApiClient.scopes)
        .join(Organisation, Organisation.id == ApiClient.organisation_id)
        .where(ApiClient.client_id == client_id, holding(today))
    ).one_or_none()
    return KnownClient(*row[:4], _scopes(row.scopes)) if row is not None else None


def with_token(session: Session, token_hash: str, now: datetime, today: date) -> TokenRow | None:
    """Who holds this token; None when it is unknown or over, or its client holds no longer."""
    row = session.execute(
        select(ApiClient.id, ApiClient.organisation_id, ApiToken.scopes, joined_cases(ApiClient.organisation_id))
        .join(ApiClient, ApiClient.id == ApiToken.client_id)
        .join(Organisation, Organisation.id == ApiClient.organisation_id)
        .where(ApiToken.token_hash == token_hash, ApiToken.expires_at > now, holding(today))
    ).one_or_none()
    if row is None:
        return None
    client_id, organisation_id, scopes, joined = row
    return TokenRow(client_id, organisation_id, frozenset(_scopes(scopes)), frozenset(joined or ()))


def count_holding(session: Session, organisation_id: int, today: date) -> int:
    """How many an organisation has that hold."""
    return session.scalar(_of(organisation_id, today, func.count())) or 0


def has_name(session: Session, organisation_id: int, name: str, today: date) -> bool:
    """Whether one that holds has this name already, whatever its capitals."""
    found = _of(organisation_id, today, ApiClient.id).where(func.lower(ApiClient.name) == name.lower()).limit(1)
    return session.scalar(found) is not None


def of_nobody() -> ColumnElement[bool]:
    """Which clients are of organisations that nobody manages any more. Those for reporting are managed by the site."""
    return and_(is_unmanaged(ApiClient.organisation_id), ~ApiClient.scopes.bool_op("?")(ApiScope.REPORTING.value))


def is_of_nobody(session: Session, client_id: int) -> bool:
    """Whether nobody manages the organisation of this client."""
    return bool(session.scalar(select(ApiClient.id).where(ApiClient.id == client_id, of_nobody())))


def ending(today: date, last_day: date) -> Select[int]:
    """The clients that hold and end up to and including a day, and those that nobody looks after."""
    return (
        select(ApiClient.id)
        .join(Organisation, Organisation.id == ApiClient.organisation_id)
        .where(holding(today), or_(ApiClient.ends_on <= last_day, of_nobody()))
        .order_by(ApiClient.id)
    )


def _of(organisation_id: int, today: date, what: Any) -> Select[int]:
    return (
        select(what)
        .select_from(ApiClient)
        .join(Organisation, Organisation.id == ApiClient.organisation_id)
        .where(ApiClient.organisation_id == organisation_id, holding(today))
    )


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ApiClient.id,
            ApiClient.organisation_id,
            Organisation.name.label("organisation"),
            ApiClient.name,
            ApiClient.client_id,
            ApiClient.scopes,
            ApiClient.ends_on,
            Account.name.label("made_by"),
            ApiClient.made_at,
            ApiClient.last_used_on,
            ApiClient.revoked_at,
            ApiClient.version,
        )
        .join(Organisation, Organisation.id == ApiClient.organisation_id)
        .outerjoin(Account, Account.id == ApiClient.made_by_id)
    )


def _row(row: Row[*tuple[Any, ...]]) -> ClientRow:
    values = dict(row._mapping)
    return ClientRow(**{**values, "scopes": _scopes(values["scopes"])})


def _scopes(kept: list[str]) -> tuple[ApiScope, ...]:
    """The scopes that this version still knows."""
    return tuple(scope for scope in ApiScope if scope.value in kept)
