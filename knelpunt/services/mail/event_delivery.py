"""Delivers the events of the outbox, as mails are: claims one, hands it over, marks it. The caller commits after each.

Of one subject an event waits until those before it are gone. What an address refuses waits by itself; when the address
does not answer, everything that goes there waits. After some two days in which nothing arrived it is switched off.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.webhooks import Answer, Poster
from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.identity.subscriptions import (
    HITS_ONE_EVENT,
    TryOutcome,
    envelope,
    headers_of,
    source_of,
    subject_of,
)
from knelpunt.models import ApiClient, Case, EventSubscription, EventTry, Organisation, OutboxEvent
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.core.subscribers import API, going
from knelpunt.services.mail.delivery import MAX_ATTEMPTS, PAUSES
from knelpunt.services.mail.subscriptions import host_of, switch_off

SCHEMA = f"{API}/openapi.json#/components/schemas/EventData"
LONG = sum(PAUSES, timedelta())
"""Without one event taken in so long, an address is given up."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What events are sent with. ``oin``: the number of the organisation that this site belongs to."""

    poster: Poster
    sealer: Sealer
    oin: str | None = None


@dataclass(frozen=True, slots=True)
class EventDelivery:
    """One try; without an event it asked whether events may be sent."""

    subscription_id: int
    outcome: TryOutcome
    event_id: int | None = None


def deliver_next(context: Context, sender: Sender) -> EventDelivery | None:
    """Try what has waited longest: ask an address for its permission, or hand over an event; None when nothing is due.

    The row stays locked until the caller commits, so that no other worker takes it. A worker that is killed before
    that leaves the event waiting: it is sent again, with the same id.
    """
    asking = _claim_new(context)
    if asking is not None:
        return _ask(context, sender, asking)
    event = _claim(context)
    if event is None:
        return None
    subscription = context.session.get_one(EventSubscription, event.subscription_id)
    if _is_of_another(context.session, event, subscription):
        event.gave_up_at = context.now
        return EventDelivery(subscription.id, TryOutcome.FORBIDDEN, event.id)
    answer = _send(context, sender, subscription, event)
    _log(context, subscription, answer, event)
    event.attempts += 1
    if answer.outcome is TryOutcome.TAKEN:
        event.sent_at = context.now
        _keep(context.session, subscription, failures=0, failing_since=None)
        return EventDelivery(subscription.id, answer.outcome, event.id)
    event.next_try_at = context.now + _pause(event.attempts)
    failing_since = _failed(context, subscription, answer)
    if subscription.switched_off_at is None and event.attempts >= MAX_ATTEMPTS:
        if context.now - failing_since >= LONG:
            switch_off(context, subscription)
        else:
            _give_up(context, subscription, event)
    context.session.flush()
    return EventDelivery(subscription.id, answer.outcome, event.id)


def _claim_new(context: Context) -> EventSubscription | None:
    """A subscription whose address was not asked yet, or did not allow it. No full lock: events refer to the row."""
    return context.session.scalars(
        select(EventSubscription)
        .join(Organisation, Organisation.id == EventSubscription.organisation_id)
        .outerjoin(ApiClient, ApiClient.id == EventSubscription.client_id)
        .where(
            EventSubscription.allowed_at.is_(None),
            EventSubscription.switched_off_at.is_(None),
            EventSubscription.next_try_at <= context.now,
            going(context.now, context.today),
        )
        .order_by(EventSubscription.next_try_at, EventSubscription.id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True, of=EventSubscription)
    ).one_or_none()


def _claim(context: Context) -> OutboxEvent | None:
    earlier = aliased(OutboxEvent)
    return context.session.scalars(
        select(OutboxEvent)
        .join(EventSubscription, EventSubscription.id == OutboxEvent.subscription_id)
        .join(Organisation, Organisation.id == EventSubscription.organisation_id)
        .outerjoin(ApiClient, ApiClient.id == EventSubscription.client_id)
        .where(
            OutboxEvent.sent_at.is_(None),
            OutboxEvent.gave_up_at.is_(None),
            OutboxEvent.next_try_at <= context.now,
            EventSubscription.allowed_at.is_not(None),
            EventSubscription.switched_off_at.is_(None),
            EventSubscription.next_try_at <= context.now,
            going(context.now, context.today),
            ~exists().where(
                earlier.subscription_id == OutboxEvent.subscription_id,
                earlier.topic == OutboxEvent.topic,
                earlier.id < OutboxEvent.id,
                earlier.sent_at.is_(None),
                earlier.gave_up_at.is_(None),
            ),
        )
        .order_by(OutboxEvent.next_try_at, OutboxEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=OutboxEvent)
    ).one_or_none()


def _is_of_another(session: Session, event: OutboxEvent, subscription: EventSubscription) -> bool:
    """Whether the case went to another organisation since; its public answer is for everybody."""
    if event.case_id is None or not event.topic.startswith("zaak:"):
        return False
    return session.scalar(select(Case.organisation_id).where(Case.id == event.case_id)) != subscription.organisation_id


def _ask(context: Context, sender: Sender, subscription: EventSubscription) -> EventDelivery:
    """Ask an address whether events may be sent there, as CloudEvents has it, so that nobody floods a stranger."""
    origin = host_of(context.links.base_url)
    answer = sender.poster.send("OPTIONS", subscription.url, {"WebHook-Request-Origin": origin})
    if answer.outcome in (TryOutcome.TAKEN, TryOutcome.REFUSED) and not (
        answer.outcome is TryOutcome.TAKEN and answer.allowed_origin in (origin, "*")
    ):
        answer = Answer(TryOutcome.NOT_ALLOWED, answer.milliseconds, answer.status)
    _log(context, subscription, answer, None)
    if answer.outcome is TryOutcome.TAKEN:
        _keep(context.session, subscription, allowed_at=context.now, failures=0, failing_since=None)
    else:
        _failed(context, subscription, answer)
    return EventDelivery(subscription.id, answer.outcome)


def _send(context: Context, sender: Sender, subscription: EventSubscription, event: OutboxEvent) -> Answer:
    sealed = [subscription.sealed_secret]
    if subscription.old_sealed_secret and subscription.old_until and subscription.old_until > context.now:
        sealed.append(subscription.old_sealed_secret)
    opened = [secret for secret in map(sender.sealer.open, sealed) if secret is not None]
    if not opened:
        return Answer(TryOutcome.FAULT, 0)
    body = envelope(
        source=source_of(context.links.base_url, sender.oin),
        schema=context.links.to(SCHEMA),
        event_id=event.event_id,
        kind=event.kind,
        subject=event.subject,
        at=event.created_at,
        data=event.data,
    )
    head = headers_of(event.event_id, context.now, body, opened)
    head["WebHook-Request-Origin"] = host_of(context.links.base_url)
    return sender.poster.send("POST", subscription.url, head, body)


def _log(context: Context, subscription: EventSubscription, answer: Answer, event: OutboxEvent | None) -> None:
    context.session.add(
        EventTry(
            subscription_id=subscription.id,
            event_id=event.id if event is not None else None,
            tried_at=context.now,
            milliseconds=answer.milliseconds,
            status=answer.status,
            outcome=answer.outcome,
        )
    )
    context.session.flush()


def _failed(context: Context, subscription: EventSubscription, answer: Answer) -> datetime:
    """Note a failure with the address; since when it fails. An address that is gone, or away for days, goes off."""
    session, now = context.session, context.now
    session.refresh(subscription, with_for_update={"key_share": True})
    since = subscription.failing_since or now
    if subscription.switched_off_at is not None or subscription.ended_at is not None:
        return since
    if answer.outcome in HITS_ONE_EVENT:
        _keep(session, subscription, failing_since=since)
        return since
    failures = subscription.failures + 1
    pause = max(_pause(failures), timedelta(seconds=answer.retry_after or 0))
    _keep(session, subscription, failures=failures, failing_since=since, next_try_at=now + pause)
    if failures >= MAX_ATTEMPTS or answer.outcome is TryOutcome.GONE:
        switch_off(context, subscription)
    return since


def _keep(session: Session, subscription: EventSubscription, **values: int | datetime | None) -> None:
    """Write how it goes with an address, past the version of its row: who changes it meanwhile missed nothing."""
    session.execute(
        update(EventSubscription).where(EventSubscription.id == subscription.id).values(**values),
        execution_options={"synchronize_session": False},
    )
    session.expire(subscription)


def _pause(failures: int) -> timedelta:
    return PAUSES[min(failures, len(PAUSES)) - 1]


def _give_up(context: Context, subscription: EventSubscription, event: OutboxEvent) -> None:
    """Stop trying one event that is refused while others are taken, and say so in the chain."""
    event.gave_up_at = context.now
    data = {"case_id": event.case_id, "gebeurtenis": event.id}
    events.record(context, AccountEvent.EVENT_GIVEN_UP, subject=subject_of(subscription.id), data=data)
