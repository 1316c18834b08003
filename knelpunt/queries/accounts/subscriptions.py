"""Subscriptions to events: those of an organisation, one of them, and the log of its tries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.identity.subscriptions import Covers, State, TryOutcome
from knelpunt.models import ApiClient, EventSubscription, EventTry, Organisation, OutboxEvent

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One subscription, as its pages and the API show it. ``client``: the connection that made it, if one did.

    ``parked``: how many events were given up, until they are sent again. ``ends_on``: its last day, as nobody manages
    the organisation.
    """

    id: int
    public_id: str
    url: str
    covers: tuple[Covers, ...]
    client: str | None
    made_at: datetime
    allowed_at: datetime | None
    old_until: datetime | None
    failing_since: datetime | None
    next_try_at: datetime
    switched_off_at: datetime | None
    ends_on: date | None
    ended_at: datetime | None
    waiting: int
    parked: int
    zgw: Mapping[str, Any] | None
    version: int

    @property
    def is_mirror(self) -> bool:
        """Whether cases are mirrored there, in place of events that are sent."""
        return self.zgw is not None

    @property
    def state(self) -> State:
        """How it stands."""
        if self.ended_at is not None:
            return State.ENDED
        if self.switched_off_at is not None:
            return State.OFF
        if self.failing_since is not None:
            return State.FAILS
        return State.WORKS if self.allowed_at is not None else State.WAITS


@dataclass(frozen=True, slots=True)
class TryRow:
    """One try. Without an event it asked whether events may be sent. ``can_resend``: the event is not on its way."""

    id: int
    tried_at: datetime
    outcome: TryOutcome
    status: int | None
    milliseconds: int
    detail: str | None
    outbox_event_id: int | None
    event_id: str | None
    kind: str | None
    subject: str | None
    can_resend: bool


def list_subscriptions(session: Session, organisation_id: int, *, has_mirror: bool = False) -> list[SubscriptionRow]:
    """The subscriptions of an organisation that go on, the newest first; there are never many.

    Args:
        has_mirror: with its case system, which is set on a page and not by the API.
    """
    statement = _rows().where(EventSubscription.organisation_id == organisation_id)
    if not has_mirror:
        statement = statement.where(EventSubscription.zgw.is_(None))
    statement = statement.where(EventSubscription.ended_at.is_(None)).order_by(EventSubscription.id.desc())
    return [_row(each) for each in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class SubscriptionOf:
    """A subscription among those of all organisations."""

    organisation: str
    row: SubscriptionRow


_STANDS = {
    State.OFF: EventSubscription.switched_off_at.is_not(None),
    State.FAILS: and_(EventSubscription.failing_since.is_not(None), EventSubscription.switched_off_at.is_(None)),
    State.WORKS: and_(
        EventSubscription.allowed_at.is_not(None),
        EventSubscription.failing_since.is_(None),
        EventSubscription.switched_off_at.is_(None),
    ),
    State.WAITS: and_(
        EventSubscription.allowed_at.is_(None),
        EventSubscription.failing_since.is_(None),
        EventSubscription.switched_off_at.is_(None),
    ),
}
"""``SubscriptionRow.state`` in SQL."""


def all_subscriptions(session: Session, state: State | None, after: int | None) -> list[SubscriptionOf]:
    """The subscriptions of all organisations that go on, the newest first; at most a page and one more."""
    statement = (
        _rows()
        .add_columns(Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == EventSubscription.organisation_id)
        .where(EventSubscription.ended_at.is_(None))
        .order_by(EventSubscription.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if state is not None:
        statement = statement.where(_STANDS[state])
    if after is not None:
        statement = statement.where(EventSubscription.id < after)
    found = []
    for each in session.execute(statement):
        values = dict(each._mapping)
        found.append(SubscriptionOf(values.pop("organisation"), _of(values)))
    return found


def one_subscription(
    session: Session, organisation_id: int | None, *, number: int | None = None, public_id: str | None = None
) -> SubscriptionRow | None:
    """A subscription of this organisation that goes on, by its number or by its public id; a mirror by number alone."""
    by_name = (EventSubscription.public_id == public_id) & EventSubscription.zgw.is_(None)
    which = by_name if number is None else EventSubscription.id == number
    statement = _rows().where(
        which, EventSubscription.organisation_id == organisation_id, EventSubscription.ended_at.is_(None)
    )
    row = session.execute(statement).one_or_none()
    return _row(row) if row is not None else None


def mirror_of(session: Session, organisation_id: int | None) -> SubscriptionRow | None:
    """The case system in which the cases of this organisation are mirrored."""
    row = session.execute(
        _rows().where(
            EventSubscription.organisation_id == organisation_id,
            EventSubscription.ended_at.is_(None),
            EventSubscription.zgw.is_not(None),
        )
    ).one_or_none()
    return _row(row) if row is not None else None


def list_tries(
    session: Session,
    subscription_id: int,
    *,
    outcome: TryOutcome | None = None,
    after: int | None = None,
    size: int = PAGE_SIZE,
) -> list[TryRow]:
    """The tries of a subscription, the latest first; at most a page and one more.

    Args:
        after: the id of the last one of the page before.
    """
    statement = (
        select(
            EventTry.id,
            EventTry.tried_at,
            EventTry.outcome,
            EventTry.status,
            EventTry.milliseconds,
            EventTry.detail,
            OutboxEvent.id.label("outbox_event_id"),
            OutboxEvent.event_id,
            OutboxEvent.kind,
            OutboxEvent.subject,
            func.coalesce(OutboxEvent.sent_at, OutboxEvent.gave_up_at).is_not(None).label("can_resend"),
        )
        .outerjoin(OutboxEvent, OutboxEvent.id == EventTry.event_id)
        .where(EventTry.subscription_id == subscription_id)
        .order_by(EventTry.id.desc())
        .limit(size + 1)
    )
    if outcome is not None:
        statement = statement.where(EventTry.outcome == outcome)
    if after is not None:
        statement = statement.where(EventTry.id < after)
    return [TryRow(**each._mapping) for each in session.execute(statement)]


def _rows() -> Select[*tuple[Any, ...]]:
    undelivered = (
        select(func.count())
        .where(OutboxEvent.subscription_id == EventSubscription.id, OutboxEvent.sent_at.is_(None))
    )  # fmt: skip
    waiting = undelivered.where(OutboxEvent.gave_up_at.is_(None)).scalar_subquery()
    parked = undelivered.where(OutboxEvent.gave_up_at.is_not(None)).scalar_subquery()
    return select(
        EventSubscription.id,
        EventSubscription.public_id,
        EventSubscription.url,
        EventSubscription.covers,
        ApiClient.name.label("client"),
        EventSubscription.made_at,
        EventSubscription.allowed_at,
        EventSubscription.old_until,
        EventSubscription.failing_since,
        EventSubscription.next_try_at,
        EventSubscription.switched_off_at,
        EventSubscription.ends_on,
        EventSubscription.ended_at,
        waiting.label("waiting"),
        parked.label("parked"),
        EventSubscription.zgw,
        EventSubscription.version,
    ).outerjoin(ApiClient, ApiClient.id == EventSubscription.client_id)


def _row(row: Row[*tuple[Any, ...]]) -> SubscriptionRow:
    return _of(dict(row._mapping))


def _of(values: dict[str, Any]) -> SubscriptionRow:
    return SubscriptionRow(**{**values, "covers": tuple(Covers(each) for each in values["covers"])})
