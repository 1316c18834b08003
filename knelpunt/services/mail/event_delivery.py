"""Delivers the events of the outbox: claims one, hands it over, marks it. The caller commits a claim and a mark.

Nothing is locked while an address answers: a claim holds an address for some time, so that it gets one try at a time.
Of one subject an event waits until those before it are gone. What an address refuses waits by itself; when the address
does not answer, everything that goes there waits. After some two days in which nothing arrived it is switched off.
Where cases are mirrored, an event brings its case up to date there; what is wrong with that case waits for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, exists, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.log_lines import describe
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.adapters.webhooks import Answer, Poster
from knelpunt.adapters.zgw.mirror import Dossier, mirror, probe
from knelpunt.adapters.zgw.talk import Connection
from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.identity.subscriptions import (
    HITS_ONE_EVENT,
    TryOutcome,
    envelope,
    headers_of,
    source_of,
    subject_of,
)
from knelpunt.domain.identity.zgw import goes_without_content
from knelpunt.domain.vocabulary import ParticipantStatus
from knelpunt.models import (
    ApiClient,
    Case,
    CaseParticipant,
    EventSubscription,
    EventTry,
    Organisation,
    OutboxEvent,
)
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.core.subscribers import SCHEMA, going
from knelpunt.services.mail import zgw as mirrors
from knelpunt.services.mail.delivery import MAX_ATTEMPTS, PAUSES
from knelpunt.services.mail.subscriptions import host_of, switch_off

LONG = sum(PAUSES, timedelta())
"""Without one event taken in so long, an address is given up."""
LEASE = timedelta(seconds=60)
"""For so long an address belongs to the worker that claimed it: longer than a try takes."""
SLOW_MILLISECONDS = 1000
REST = 4
"""An address that answers slowly is left alone for so many times as long as it took, so that others have their turn."""
SET_ASIDE = timedelta(minutes=30)
Kept = int | datetime | dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Sender:
    """What events are sent with. ``oin``: the number of the organisation that this site belongs to; ``files``: where
    the files of mirrored cases lie, without which none is mirrored."""

    poster: Poster
    sealer: Sealer
    oin: str | None = None
    files: FileStore | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """One request that is ready to go; without an event it asks whether events may be sent.

    ``head`` is empty when it could not be written, by a fault of our own.

    Attributes:
        mirror: the case system that a case goes to, in place of the request.
        last_event_id: the last event of that case that it answers too.
        version: of its settings; what was tried with older ones says nothing of these.
        busy_until: the end of the claim; another one means that the address was claimed again meanwhile.
    """

    subscription_id: int
    event_id: int | None
    url: str
    origin: str
    head: Mapping[str, str]
    body: bytes = b""
    mirror: Connection | None = None
    dossier: Dossier | None = None
    last_event_id: int = 0
    version: int = 0
    busy_until: datetime | None = None


def claim(context: Context, sender: Sender) -> Ready | None:
    """What goes out first: a question for permission, or an event; None when nothing is due.

    Once the caller commits, nobody else tries this address until ``mark``, or until a minute is over: a worker that is
    killed in between leaves the event waiting, and it is sent again with the same id.
    """
    session = context.session
    while (found := _next(context)) is not None:
        (subscription, event_id), event = found, None
        if event_id is not None:
            event = session.get(OutboxEvent, event_id, populate_existing=True)
            if event is None or event.sent_at is not None or event.gave_up_at is not None:
                return None
            if _is_of_another(session, event, subscription):
                _drop(context, event)
                continue
        ready = replace(_ready(context, sender, subscription, event), busy_until=context.now + LEASE)
        _keep(session, subscription, busy_until=ready.busy_until)
        return ready
    return None


def hand_over(ready: Ready, sender: Sender) -> Answer:
    """Send what was claimed; outside any transaction, for it may take long."""
    if not ready.head:
        return Answer(TryOutcome.FAULT, 0)
    if ready.mirror is not None and ready.dossier is not None:
        return mirror(sender.poster, ready.mirror, ready.dossier)
    if ready.mirror is not None:
        return probe(sender.poster, ready.mirror)
    if ready.event_id is not None:
        return sender.poster.send("POST", ready.url, ready.head, ready.body)
    # Asked as CloudEvents has it, so that nobody floods a stranger.
    answer = sender.poster.send("OPTIONS", ready.url, ready.head)
    is_allowed = answer.outcome is TryOutcome.TAKEN and answer.allowed_origin in (ready.origin, "*")
    if answer.outcome in (TryOutcome.TAKEN, TryOutcome.REFUSED) and not is_allowed:
        return Answer(TryOutcome.NOT_ALLOWED, answer.milliseconds, answer.status)
    return answer


def mark(context: Context, ready: Ready, answer: Answer) -> None:
    """Write down how a try went, and when the next one is; ``now`` is the end of the try.

    The subscription is locked before the event, as in every act of its organisation: who ended it meanwhile is obeyed.
    """
    session = context.session
    lock = {"key_share": True}
    subscription = session.get(EventSubscription, ready.subscription_id, with_for_update=lock, populate_existing=True)
    event = None
    if ready.event_id is not None:
        event = session.get(OutboxEvent, ready.event_id, with_for_update=lock, populate_existing=True)
    if subscription is None or (event is None and ready.event_id is not None):
        return
    _log(context, subscription, answer, event)
    if subscription.busy_until == ready.busy_until:
        _keep(session, subscription, busy_until=context.now)
    if subscription.zgw is not None and subscription.version != ready.version:
        return
    if answer.offered is not None and subscription.zgw is not None:
        _keep(session, subscription, zgw={**subscription.zgw, "offered": dict(answer.offered)})
    if subscription.ended_at is not None or subscription.switched_off_at is not None:
        return
    if event is not None and goes_without_content(answer.detail):
        mirrors.tell_without_content(context, subscription)
    if answer.outcome is TryOutcome.TAKEN:
        _taken(context, subscription, event, answer)
        if event is not None and subscription.zgw is not None:
            mirrors.mark_all(context, event, ready.last_event_id)
        return
    if answer.outcome is TryOutcome.PARTLY and event is not None:  # it goes on at once, and has not failed
        _keep(session, subscription, failures=0, failing_since=None, next_try_at=context.now + _rest(answer))
        return
    since = _failed(context, subscription, answer, is_question=event is None)
    if event is None or event.gave_up_at is not None:
        return
    event.attempts += not answer.has_made
    event.next_try_at = context.now + _pause(max(event.attempts, 1))
    if answer.outcome is TryOutcome.PARKED:
        _give_up(context, subscription, event)
        return
    if subscription.switched_off_at is None and event.attempts >= MAX_ATTEMPTS:
        if context.now - since >= LONG:
            switch_off(context, subscription)
        else:
            _give_up(context, subscription, event)
    session.flush()


def set_aside(context: Context, ready: Ready) -> None:
    """Leave an address alone for half an hour: by a fault of our own it could not be written down how a try went. Not
    when it was claimed again meanwhile."""
    context.session.execute(
        update(EventSubscription)
        .where(EventSubscription.id == ready.subscription_id, EventSubscription.busy_until == ready.busy_until)
        .values(busy_until=context.now, next_try_at=context.now + SET_ASIDE),
        execution_options={"synchronize_session": False},
    )


def _next(context: Context) -> Row[EventSubscription, int | None] | None:
    """The address that was tried longest ago of those for which something is due, and its event; without one it was
    not asked yet, or did not allow it. No full lock: events refer to the row."""
    earlier = aliased(OutboxEvent)
    first = (
        select(OutboxEvent.id)
        .where(
            EventSubscription.allowed_at.is_not(None),
            OutboxEvent.subscription_id == EventSubscription.id,
            OutboxEvent.sent_at.is_(None),
            OutboxEvent.gave_up_at.is_(None),
            OutboxEvent.next_try_at <= context.now,
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
        .lateral("first")
    )
    return context.session.execute(
        select(EventSubscription, first.c.id)
        .select_from(EventSubscription)
        .join(Organisation, Organisation.id == EventSubscription.organisation_id)
        .outerjoin(ApiClient, ApiClient.id == EventSubscription.client_id)
        .outerjoin(first, true())
        .where(
            EventSubscription.switched_off_at.is_(None),
            EventSubscription.next_try_at <= context.now,
            or_(EventSubscription.busy_until.is_(None), EventSubscription.busy_until <= context.now),
            going(context.now, context.today),
            or_(EventSubscription.allowed_at.is_(None), first.c.id.is_not(None)),
        )
        .order_by(EventSubscription.busy_until.nulls_first(), EventSubscription.id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True, of=EventSubscription)
        .execution_options(populate_existing=True)
    ).first()


def _is_of_another(session: Session, event: OutboxEvent, subscription: EventSubscription) -> bool:
    """Whether the case went to another organisation since, or this one stopped filing along; its public answer is for
    everybody. Of a case whose words are gone nothing is left to mirror."""
    if event.case_id is None or not event.topic.startswith("zaak:"):
        return False
    found = session.execute(select(Case.organisation_id, Case.archived_on).where(Case.id == event.case_id)).first()
    if found is None:
        return True
    if found.organisation_id != subscription.organisation_id:
        joined = select(CaseParticipant.id).where(
            CaseParticipant.case_id == event.case_id,
            CaseParticipant.organisation_id == subscription.organisation_id,
            CaseParticipant.status == ParticipantStatus.JOINED,
        )
        return subscription.zgw is not None or session.scalar(joined) is None
    return subscription.zgw is not None and found.archived_on is not None


def _drop(context: Context, event: OutboxEvent) -> None:
    """Send nothing more about this case to the organisation that it left."""
    context.session.execute(
        update(OutboxEvent)
        .where(
            OutboxEvent.subscription_id == event.subscription_id,
            OutboxEvent.topic == event.topic,
            OutboxEvent.sent_at.is_(None),
            OutboxEvent.gave_up_at.is_(None),
        )
        .values(gave_up_at=context.now),
        execution_options={"synchronize_session": False},
    )


def _ready(context: Context, sender: Sender, subscription: EventSubscription, event: OutboxEvent | None) -> Ready:
    origin = host_of(context.links.base_url)
    asks = {"WebHook-Request-Origin": origin}
    if subscription.zgw is not None:
        empty = Ready(subscription.id, None, subscription.url, origin, {}, version=subscription.version)
        return _mirrored(context, sender, subscription, event, empty)
    if event is None:
        return Ready(subscription.id, None, subscription.url, origin, asks)
    try:
        head, body = _written(context, sender, subscription, event)
    except Exception:  # one odd event must not stop all the others
        return Ready(subscription.id, event.id, subscription.url, origin, {})
    return Ready(subscription.id, event.id, subscription.url, origin, {**head, **asks} if head else {}, body)


def _mirrored(
    context: Context, sender: Sender, subscription: EventSubscription, event: OutboxEvent | None, ready: Ready
) -> Ready:
    """The same for a case system; a fault of ours hits one case, or the question."""
    connection = mirrors.connection(context, sender.sealer, subscription)
    if connection is None or event is None or event.case_id is None:
        return replace(ready, mirror=connection, head={"Accept": "application/json"} if connection else {})
    ready = replace(ready, event_id=event.id)
    if sender.files is None:
        return ready
    last = mirrors.last_event(context.session, event)  # before the case is read: what comes in between is not in it
    try:
        dossier = mirrors.dossier(context, sender.files, event.case_id)
    except Exception as error:  # one odd case must not stop all the others
        structlog.get_logger().error("case not read for its mirror", event_id=event.id, **describe(error))
        return ready
    head = {"Accept": "application/json"}
    return replace(ready, head=head, mirror=connection, dossier=dossier, last_event_id=last)


def _written(
    context: Context, sender: Sender, subscription: EventSubscription, event: OutboxEvent
) -> tuple[Mapping[str, str], bytes]:
    """Head and body of an event; no head when no key opens the secret."""
    sealed = [subscription.sealed_secret]
    if subscription.old_sealed_secret and subscription.old_until and subscription.old_until > context.now:
        sealed.append(subscription.old_sealed_secret)
    opened = [secret for secret in map(sender.sealer.open, sealed) if secret is not None]
    if not opened:
        return {}, b""
    body = envelope(
        source=source_of(context.links.base_url, sender.oin),
        schema=context.links.to(SCHEMA),
        event_id=event.event_id,
        kind=event.kind,
        subject=event.subject,
        at=event.created_at,
        data=event.data,
    )
    return headers_of(event.event_id, context.now, body, opened), body


def _log(context: Context, subscription: EventSubscription, answer: Answer, event: OutboxEvent | None) -> None:
    context.session.add(
        EventTry(
            subscription_id=subscription.id,
            event_id=event.id if event is not None else None,
            tried_at=context.now,
            milliseconds=answer.milliseconds,
            status=answer.status,
            outcome=answer.outcome,
            detail=answer.detail,
        )
    )
    context.session.flush()


def _taken(context: Context, subscription: EventSubscription, event: OutboxEvent | None, answer: Answer) -> None:
    values: dict[str, Kept] = {
        "failures": 0,
        "failing_since": None,
        "next_try_at": context.now + _rest(answer),
    }
    if event is None:
        values["allowed_at"] = context.now
    else:
        event.attempts += 1
        event.sent_at, event.gave_up_at = context.now, None
    _keep(context.session, subscription, **values)
    context.session.flush()


def _failed(context: Context, subscription: EventSubscription, answer: Answer, *, is_question: bool) -> datetime:
    """Note a failure with the address; since when it fails. An address that is gone, or away for days, goes off."""
    session, now = context.session, context.now
    since = subscription.failing_since or now
    if subscription.next_try_at > now:
        return since
    if answer.outcome in HITS_ONE_EVENT and not is_question:
        _keep(session, subscription, failing_since=since, next_try_at=now + _rest(answer))
        return since
    failures = subscription.failures + 1
    pause = max(_pause(failures), _rest(answer), timedelta(seconds=answer.retry_after or 0))
    _keep(session, subscription, failures=failures, failing_since=since, next_try_at=now + pause)
    is_away = failures >= MAX_ATTEMPTS and now - since >= LONG
    if is_away or answer.outcome is TryOutcome.GONE:
        switch_off(context, subscription)
    return since


def _keep(session: Session, subscription: EventSubscription, **values: Kept) -> None:
    """Write how it goes with an address, past the version of its row: who changes it meanwhile missed nothing."""
    session.execute(
        update(EventSubscription).where(EventSubscription.id == subscription.id).values(**values),
        execution_options={"synchronize_session": False},
    )
    session.expire(subscription)


def _rest(answer: Answer) -> timedelta:
    took = answer.milliseconds
    return timedelta(milliseconds=took * REST if took > SLOW_MILLISECONDS else 0)


def _pause(failures: int) -> timedelta:
    return PAUSES[min(failures, len(PAUSES)) - 1]


def _give_up(context: Context, subscription: EventSubscription, event: OutboxEvent) -> None:
    """Stop trying one event that is refused while others are taken, and say so in the chain."""
    event.gave_up_at = context.now
    data = {"case_id": event.case_id, "gebeurtenis": event.id}
    events.record(context, AccountEvent.EVENT_GIVEN_UP, subject=subject_of(subscription.id), data=data)
    if subscription.zgw is not None:
        mirrors.tell_parked(context, subscription)
