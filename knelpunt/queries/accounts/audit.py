"""The event chain as an auditor reads it: newest first, narrowed down, page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.calendar.timezone import nl_day, start_of_nl_day
from knelpunt.domain.privacy.requests import PrivacyEvent
from knelpunt.domain.vocabulary import ActorKind, CaseStatus, EventKind
from knelpunt.models import Account, Case, Event

PAGE_SIZE = 50
ROWS_AT_ONCE = 500


class Insight(StrEnum):
    """What an auditor asks first: who saw what, and who was in."""

    CONTACT = "contactgegevens"
    LOG_IN = "inloggen"
    DOWNLOAD = "downloads"


KINDS_OF: Mapping[Insight, tuple[str, ...]] = {
    Insight.CONTACT: (EventKind.CONTACT_OPENED, PrivacyEvent.OPENED, PrivacyEvent.SEARCHED),
    Insight.LOG_IN: (
        AccountEvent.LOGGED_IN,
        AccountEvent.LOGGED_OUT,
        AccountEvent.LOGGED_OUT_EVERYWHERE,
        AccountEvent.PROVIDER_LOGGED_OUT,
        AccountEvent.FACTOR_CONFIRMED,
        AccountEvent.RECOVERY_CODE_USED,
    ),
    Insight.DOWNLOAD: (AccountEvent.LIST_DOWNLOADED, EventKind.DATA_EXPORTED, PrivacyEvent.EXPORTED),
}
"""The kinds of events that tell it."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the list is narrowed to; empty fields do not narrow. Days are those of recording, in Europe/Amsterdam."""

    reference: str = ""
    kind: str = ""
    first_day: date | None = None
    day_after: date | None = None
    actor: str = ""
    actor_kind: ActorKind | None = None
    insight: Insight | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL. ``actor`` is the number of an account, or its whole e-mail address."""
        found: list[ColumnElement[bool]] = []
        if self.reference:
            case_id = select(Case.id).where(Case.reference == self.reference.upper()).scalar_subquery()
            found.append(Event.case_id == case_id)
        if self.kind:
            found.append(Event.kind == self.kind)
        if self.insight is not None:
            found.append(Event.kind.in_(KINDS_OF[self.insight]))
        if self.first_day is not None:
            found.append(Event.recorded_at >= start_of_nl_day(self.first_day))
        if self.day_after is not None:
            found.append(Event.recorded_at < start_of_nl_day(self.day_after))
        if self.actor:
            if self.actor.isascii() and self.actor.isdigit() and len(self.actor) < 19:
                found.append(Event.actor_id == int(self.actor))
            else:
                account_id = select(Account.id).where(Account.email == self.actor.lower()).scalar_subquery()
                found.append(Event.actor_id == account_id)
        if self.actor_kind is not None:
            found.append(Event.actor_kind == self.actor_kind)
        return found


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event, with the number of its case and the name of its actor as they are now."""

    number: int
    recorded_at: datetime
    happened_on: date
    kind: str
    subject: str | None
    actor_kind: ActorKind
    actor_id: int | None
    status_before: CaseStatus | None
    status: CaseStatus | None
    data: dict[str, Any]
    hash: str
    reference: str | None
    actor_name: str | None

    @property
    def counts_for(self) -> date | None:
        """The legal day of the act, when it is another than the day on which it was written down."""
        return self.happened_on if self.happened_on != nl_day(self.recorded_at) else None


_COLUMNS = (
    Event.number,
    Event.recorded_at,
    Event.happened_on,
    Event.kind,
    Event.subject,
    Event.actor_kind,
    Event.actor_id,
    Event.status_before,
    Event.status,
    Event.data,
    Event.hash,
)


def stream_events(session: Session, wanted: AuditFilter) -> Iterator[AuditRow]:
    """Every event that the filters leave, the newest first, read a part at a time."""
    statement = _select(wanted).execution_options(yield_per=ROWS_AT_ONCE)
    return (AuditRow(**row) for row in session.execute(statement).mappings())


def _select(wanted: AuditFilter) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS, Case.reference.label("reference"), Account.name.label("actor_name"))
        .outerjoin(Case, Case.id == Event.case_id)
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(*wanted.conditions())
        .order_by(Event.number.desc())
    )


def list_events(
    session: Session, wanted: AuditFilter, before: int | None = None, limit: int = PAGE_SIZE
) -> list[AuditRow]:
    """Events, the newest first; at most ``limit`` and one more, by which the caller sees that there is a next page.

    Args:
        before: the number of the last event of the page before.
    """
    statement = _select(wanted).limit(limit + 1)
    if before is not None:
        statement = statement.where(Event.number < before)
    return [AuditRow(**row) for row in session.execute(statement).mappings()]


def kinds(session: Session) -> list[str]:
    """Every kind of event that occurs, by name: one step through the index per kind, however many events there are."""
    first = select(Event.kind).order_by(Event.kind).limit(1).cte("kinds", recursive=True)
    following = (
        select(Event.kind)
        .where(Event.kind > first.c.kind)
        .order_by(Event.kind)
        .limit(1)
        .correlate(first)
        .scalar_subquery()
    )
    walked = first.union_all(select(following).where(first.c.kind.is_not(None)))
    return list(session.scalars(select(walked.c.kind).where(walked.c.kind.is_not(None)).order_by(walked.c.kind)))
