"""Subscriptions to events: made, tried, renewed, switched on again and ended by an organisation, or by its system."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, update

from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.identity.clients import last_day_of_nobody, moment_of_warning
from knelpunt.domain.identity.subscriptions import (
    MOST_SUBSCRIPTIONS,
    OLD_SECRET_TERM,
    TEST_TYPE,
    Covers,
    Target,
    check_covers,
    new_secret,
    subject_of,
)
from knelpunt.domain.links import new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.models import ApiClient, EventSubscription, Organisation, OutboxEvent
from knelpunt.queries.accounts.organisations import is_unmanaged
from knelpunt.services.core import events, subscribers
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.mail import subscription_texts as texts

CHANGED = Text("Iemand anders heeft dit abonnement intussen gewijzigd.")
_WAITS = (OutboxEvent.sent_at.is_(None), OutboxEvent.gave_up_at.is_(None))
_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Made:
    """A subscription with its secret, which is shown only now."""

    subscription: EventSubscription
    secret: str


def make(context: Context, sealer: Sealer, target: Target, *, url: str, covers: Collection[Covers]) -> Made:
    """Let events go to an address of the actor's own organisation, once that address allowed it.

    Raises:
        PermissionDenied: the actor does not manage subscriptions.
        DomainError: on the field ``url`` or ``covers``, or there are very many already.
    """
    context.actor.require(Permission.MANAGE_SUBSCRIPTIONS)
    address, wanted = target.checked(url), check_covers(covers)
    # Locked, so that two at once cannot both take the last place or the same address.
    organisation = context.session.get(Organisation, context.actor.organisation_id, with_for_update=True)
    if organisation is None or (organisation.valid_to is not None and organisation.valid_to < context.today):
        raise NotFound()
    held = (EventSubscription.organisation_id == organisation.id, EventSubscription.ended_at.is_(None))
    if context.session.scalar(select(EventSubscription.id).where(*held, EventSubscription.url == address).limit(1)):
        raise DomainError("U hebt al een abonnement met dit adres.", field="url")
    if (context.session.scalar(select(func.count()).where(*held)) or 0) >= MOST_SUBSCRIPTIONS:
        raise DomainError(f"U hebt al {MOST_SUBSCRIPTIONS} abonnementen. Stop er eerst een.")
    secret = new_secret()
    subscription = EventSubscription(
        public_id=new_public_id(),
        organisation_id=organisation.id,
        client_id=context.actor.client_id,
        url=address,
        covers=wanted,
        sealed_secret=sealer.seal(secret, context.now),
        made_by_id=context.actor.account_id,
        made_at=context.now,
        next_try_at=context.now,
    )
    context.session.add(subscription)
    context.session.flush()
    note(context, AccountEvent.SUBSCRIPTION_MADE, subscription)
    text = texts.subscription_made(host=host_of(address), organisation=organisation.name, is_new=True)
    messages.queue_to_administrators(context, organisation.id, MailKind.SUBSCRIPTION_MADE, text)
    return Made(subscription, secret)


def renew(context: Context, sealer: Sealer, subscription_id: int, version: int) -> Made:
    """Give a subscription a new secret. For two days events are signed with the old one too.

    Of a secret that is replaced within those days nobody knows whether it arrived: the one before it keeps signing.

    Raises:
        NotFound: there is none of the own organisation, or it has ended.
        VersionConflict: it changed since it was read.
    """
    subscription = own(context, subscription_id, version)
    if subscription.zgw is not None:  # there the other side gives the secret
        raise NotFound()
    secret = new_secret()
    if subscription.old_sealed_secret is None or (subscription.old_until or context.now) <= context.now:
        subscription.old_sealed_secret = subscription.sealed_secret
    subscription.old_until = context.now + OLD_SECRET_TERM
    subscription.sealed_secret = sealer.seal(secret, context.now)
    note(context, AccountEvent.SUBSCRIPTION_RENEWED, subscription)
    organisation = context.session.get_one(Organisation, subscription.organisation_id)
    text = texts.subscription_made(host=host_of(subscription.url), organisation=organisation.name, is_new=False)
    messages.queue_to_administrators(context, organisation.id, MailKind.SUBSCRIPTION_MADE, text)
    return Made(subscription, secret)


def secret_of(context: Context, sealer: Sealer, public_id: str) -> Made:
    """The secret again, for a system that asks with the same request: the first answer may not have arrived.

    Raises:
        NotFound: as for ``renew``, or no key opens it any more.
    """
    number = context.session.scalar(select(EventSubscription.id).where(EventSubscription.public_id == public_id))
    subscription = own(context, number or 0)
    secret = sealer.open(subscription.sealed_secret)
    if secret is None:
        raise NotFound()
    return Made(subscription, secret)


def send_test(context: Context, subscription_id: int) -> None:
    """Send an event in which nothing happened, at once; one at a time.

    Raises:
        NotFound: as for ``renew``.
        DomainError: a test waits already, or the subscription is switched off.
    """
    subscription = own(context, subscription_id)
    if subscription.zgw is not None:
        raise NotFound()
    if subscription.switched_off_at is not None:
        raise DomainError("Dit abonnement staat uit. Zet het eerst weer aan.")
    waiting = select(OutboxEvent.id).where(
        OutboxEvent.subscription_id == subscription.id, OutboxEvent.kind == TEST_TYPE, *_WAITS
    )
    if context.session.scalar(waiting.limit(1)) is None:
        subscribers.tell_test(context, subscription)
    elif subscription.next_try_at <= context.now:
        raise DomainError("Er is al een proefbericht onderweg. Kijk zo nog eens bij de laatste pogingen.")
    try_now(context, subscription)


def send_again(context: Context, subscription_id: int, event_id: int) -> None:
    """Send an event once more, with the same id; what waits is tried at once.

    Raises:
        NotFound: there is no such event of a subscription of the own organisation.
        DomainError: the subscription is switched off.
    """
    subscription = own(context, subscription_id)
    event = context.session.get(OutboxEvent, event_id, with_for_update={"key_share": True}, populate_existing=True)
    if event is None or event.subscription_id != subscription.id:
        raise NotFound()
    if subscription.switched_off_at is not None:
        raise DomainError("Dit abonnement staat uit. Zet het eerst weer aan.")
    event.sent_at = event.gave_up_at = None
    event.attempts, event.next_try_at = 0, context.now
    try_now(context, subscription)


def switch_on(context: Context, subscription_id: int, version: int) -> None:
    """Go on where it stopped: the address is asked for its permission anew, then gets all that waits, in order.

    Raises:
        NotFound, VersionConflict: as for ``renew``.
        DomainError: it is not switched off.
    """
    subscription = own(context, subscription_id, version)
    if subscription.switched_off_at is None:
        raise DomainError("Dit abonnement staat al aan.")
    subscription.switched_off_at = subscription.failing_since = subscription.allowed_at = None
    subscription.failures, subscription.next_try_at = 0, context.now
    context.session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.subscription_id == subscription.id, *_WAITS)
        .values(attempts=0, next_try_at=context.now),
        execution_options=_QUIETLY,
    )
    note(context, AccountEvent.SUBSCRIPTION_ON, subscription)


def end(context: Context, subscription_id: int, version: int | None = None) -> None:
    """Send nothing more to this address.

    Raises:
        NotFound, VersionConflict: as for ``renew``.
    """
    subscription = own(context, subscription_id, version)
    _stop(context, subscription)
    note(context, AccountEvent.SUBSCRIPTION_ENDED, subscription)


def end_of_client(context: Context, client_id: int) -> None:
    """End what a connection made, because the connection ended."""
    _end_all(context, EventSubscription.client_id == client_id)


def end_of_organisations(context: Context, organisations: Select[int]) -> None:
    """End the subscriptions of organisations that go up in another one, which says itself where its events go."""
    _end_all(context, EventSubscription.organisation_id.in_(organisations))


def unmanaged(context: Context) -> Select[int]:
    """The subscriptions of which the end has to be set, told or taken back: what was made on a page, where nobody
    manages the organisation or nobody did. What a key made ends with the key."""
    is_of_nobody = is_unmanaged(EventSubscription.organisation_id)
    # What is off sends nothing, and what belonged to an organisation that is over is ended as such.
    goes_on = EventSubscription.switched_off_at.is_(None) & or_(
        Organisation.valid_to.is_(None), Organisation.valid_to > context.today
    )
    return (
        select(EventSubscription.id)
        .join(Organisation, Organisation.id == EventSubscription.organisation_id)
        .where(
            EventSubscription.ended_at.is_(None),
            EventSubscription.client_id.is_(None),
            or_(is_of_nobody & goes_on, ~is_of_nobody & EventSubscription.ends_on.is_not(None)),
        )
        .order_by(EventSubscription.id)
    )


def warn_unmanaged(context: Context, subscription_id: int) -> None:
    """Let a subscription that nobody looks after go on for so many days, as a key does, and tell the administrators of
    the site, once for each moment. It just goes on when somebody manages the organisation again."""
    subscription = context.session.get(
        EventSubscription, subscription_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if subscription is None or subscription.ended_at is not None:
        return
    if not context.session.scalar(select(is_unmanaged(literal(subscription.organisation_id)))):
        if subscription.ends_on is not None:
            subscription.ends_on = None
            note(context, AccountEvent.SUBSCRIPTION_GOES_ON, subscription)
        return
    if subscription.switched_off_at is not None:
        return  # since it was found: nothing goes there, so nothing is announced
    if subscription.ends_on is None:
        subscription.ends_on = last_day_of_nobody(context.today)
        note(context, AccountEvent.SUBSCRIPTION_SHORTENED, subscription)
    if subscription.ends_on < context.today:
        return  # it ends as what belonged to something that is over
    organisation = context.session.get_one(Organisation, subscription.organisation_id)
    text = texts.subscription_of_nobody(
        host=host_of(subscription.url),
        organisation=organisation.name,
        ends_on=subscription.ends_on,
        url=context.links.to("/beheer/koppelingen/abonnementen"),
    )
    once = f"{subscription.id}:{moment_of_warning(subscription.ends_on, context.today)}"
    messages.queue_to_administrators(context, None, MailKind.SUBSCRIPTION_OFF, text, once=once)


def orphans(context: Context) -> Select[int]:
    """The subscriptions that go on, and whose connection, organisation or own time is over."""
    return (
        select(EventSubscription.id)
        .join(Organisation, Organisation.id == EventSubscription.organisation_id)
        .outerjoin(ApiClient, ApiClient.id == EventSubscription.client_id)
        .where(
            EventSubscription.ended_at.is_(None),
            or_(
                Organisation.valid_to < context.today,
                ApiClient.ends_on < context.today,
                EventSubscription.ends_on < context.today,
            ),
        )
        .order_by(EventSubscription.id)
    )


def end_orphan(context: Context, subscription_id: int) -> None:
    """End a subscription with what it belonged to, with the others of the same."""
    subscription = context.session.get_one(EventSubscription, subscription_id, populate_existing=True)
    client = None
    if subscription.client_id is not None:  # locked: who renews it at this moment keeps its subscriptions
        client = context.session.get_one(
            ApiClient, subscription.client_id, with_for_update={"key_share": True}, populate_existing=True
        )
    if client is not None and client.ends_on < context.today:
        end_of_client(context, client.id)
    gone = (Organisation.id == subscription.organisation_id, Organisation.valid_to < context.today)
    end_of_organisations(context, select(Organisation.id).where(*gone))
    over = (EventSubscription.id == subscription_id) & (EventSubscription.ends_on < context.today)
    _end_all(context, over & is_unmanaged(EventSubscription.organisation_id), is_of_nobody=True)


def switch_off(context: Context, subscription: EventSubscription) -> None:
    """Stop trying, and tell who manages the organisation. For the worker; what happens meanwhile is kept a while."""
    subscription.switched_off_at = context.now
    note(context, AccountEvent.SUBSCRIPTION_OFF, subscription)
    organisation = context.session.get_one(Organisation, subscription.organisation_id)
    text = texts.subscription_off(
        host=host_of(subscription.url),
        organisation=organisation.name,
        url=context.links.to(page_of(subscription.id)),
    )
    messages.queue_to_administrators(context, organisation.id, MailKind.SUBSCRIPTION_OFF, text)


def own(context: Context, subscription_id: int, version: int | None = None) -> EventSubscription:
    """A subscription of the actor's organisation that goes on, locked; without a version, whichever it is."""
    context.actor.require(Permission.MANAGE_SUBSCRIPTIONS)
    # Events refer to the row: a full lock would make every act of the organisation wait.
    subscription = context.session.get(
        EventSubscription, subscription_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if (
        subscription is None
        or subscription.ended_at is not None
        or subscription.organisation_id != context.actor.organisation_id
    ):
        raise NotFound()
    if version is not None and subscription.version != version:
        raise VersionConflict(CHANGED)
    return subscription


def page_of(subscription_id: int) -> str:
    """Where its administrator sees how it goes."""
    return f"/onze-organisatie/koppelingen/abonnementen/{subscription_id}"


def host_of(url: str) -> str:
    """The name of a server, without the rest of the address, which may hold what others need not read."""
    return urlsplit(url).hostname or ""


def renew_seals(context: Context, sealer: Sealer) -> tuple[int, list[int]]:
    """Seal the secrets anew with the newest key: how many, and the subscriptions whose secret no key opens."""
    renewed, lost = 0, []
    held = select(EventSubscription).where(EventSubscription.ended_at.is_(None)).order_by(EventSubscription.id)
    for row in context.session.scalars(held.with_for_update(key_share=True)):
        sealed = sealer.renewed(row.sealed_secret)
        if sealed is None:
            lost.append(row.id)
            continue
        old = sealer.renewed(row.old_sealed_secret) if row.old_sealed_secret else None
        renewed += sealed != row.sealed_secret
        row.sealed_secret, row.old_sealed_secret = sealed, old
    return renewed, lost


def ask_now(context: Context, subscription: EventSubscription) -> None:
    """Have the address asked anew for its permission, at its next turn, and before anything else goes there."""
    try_now(context, subscription, allowed_at=None)


def try_now(context: Context, subscription: EventSubscription, **more: None) -> None:
    """Let the address wait no longer; past the version of the row, as the worker does."""
    context.session.execute(
        update(EventSubscription)
        .where(EventSubscription.id == subscription.id)
        .values(next_try_at=context.now, **more),
        execution_options=_QUIETLY,
    )
    context.session.expire(subscription)


def _end_all(context: Context, which: ColumnElement[bool], *, is_of_nobody: bool = False) -> None:
    found = (
        select(EventSubscription)
        .where(which, EventSubscription.ended_at.is_(None))
        .order_by(EventSubscription.id)
        .with_for_update(key_share=True)
    )
    ended = context.session.scalars(found).all()
    for subscription in ended:
        _stop(context, subscription)
    # Only now the chain, for which all others wait: nothing is waited for any more.
    for subscription in ended:
        note(context, AccountEvent.SUBSCRIPTION_ENDED, subscription)
        organisation = context.session.get_one(Organisation, subscription.organisation_id)
        text = texts.subscription_ended(
            host=host_of(subscription.url), organisation=organisation.name, is_of_nobody=is_of_nobody
        )
        messages.queue_to_administrators(context, organisation.id, MailKind.SUBSCRIPTION_OFF, text, or_site=True)


def _stop(context: Context, subscription: EventSubscription) -> None:
    subscription.ended_at, subscription.ended_by_id = context.now, context.actor.account_id
    subscription.sealed_secret, subscription.old_sealed_secret = "", None
    context.session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.subscription_id == subscription.id, *_WAITS)
        .values(gave_up_at=context.now),
        execution_options=_QUIETLY,
    )


def note(context: Context, kind: AccountEvent, subscription: EventSubscription) -> None:
    """Write in the chain what happened to a subscription."""
    data = {"organisation_id": subscription.organisation_id, "over": subscription.covers}
    events.record(context, kind, subject=subject_of(subscription.id), data=data)
