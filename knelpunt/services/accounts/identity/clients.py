"""Keys by which the systems of an organisation act for it: made, renewed, revoked, and exchanged for tokens."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from sqlalchemy import Select, delete, select, update

from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.identity.clients import (
    MOST_CLIENTS,
    TOKEN_TERM,
    check_end,
    check_name,
    check_scopes,
    last_day_of_nobody,
    moment_of_warning,
    new_client_id,
    subject_of,
)
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Actor, ApiScope, Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import ActorKind, OrganisationKind
from knelpunt.models import ApiClient, ApiToken, EventSubscription, Organisation
from knelpunt.queries.accounts import clients as queries
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.accounts import throttle
from knelpunt.services.accounts.administrators import require_confirmed
from knelpunt.services.accounts.sessions import hash_token, new_token
from knelpunt.services.accounts.throttle import Ticket
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages, subscriptions
from knelpunt.services.mail.texts import MailText

CHANGED = Text("Iemand anders heeft deze koppeling intussen gewijzigd.")


@dataclass(frozen=True, slots=True)
class Made:
    """A client with its secret, which is known only now."""

    client: ApiClient
    secret: str


def make(context: Context, *, name: str, scopes: Collection[ApiScope], ends_on: date) -> Made:
    """Make a key for a system of the actor's own organisation; all its administrators hear of it.

    Raises:
        PermissionDenied: the actor does not manage an organisation.
        DomainError: on the field ``name``, ``scopes`` or ``ends_on``, or there are very many already.
    """
    context.actor.require(Permission.MANAGE_ORGANISATION)
    if ApiScope.REPORTING in scopes:
        raise DomainError("Dit kan alleen een ministerie krijgen.", field="scopes")
    return _make(context, context.actor.organisation_id, name, scopes, ends_on)


def make_for_ministry(context: Context, organisation_id: int | None, *, name: str, ends_on: date) -> Made:
    """Make a key by which a system of a ministry reads cases and clocks for reporting, and does nothing.

    Raises:
        PermissionDenied: the actor is no confirmed administrator of the site.
        DomainError: on the field ``organisation_id``, ``name`` or ``ends_on``.
    """
    context.actor.require(Permission.MANAGE_ACCOUNTS)
    require_confirmed(context)
    ministry = context.session.get(Organisation, organisation_id) if organisation_id is not None else None
    if ministry is None or ministry.kind is not OrganisationKind.MINISTRY:
        raise DomainError("Kies een ministerie uit de lijst.", field="organisation_id")
    return _make(context, ministry.id, name, (ApiScope.REPORTING,), ends_on)


def _make(
    context: Context, organisation_id: int | None, name: str, scopes: Collection[ApiScope], ends_on: date
) -> Made:
    shown_name, wanted = check_name(name), check_scopes(scopes)
    check_end(ends_on, context.today)
    # Locked, so that two at once cannot both take the last place or the same name.
    organisation = context.session.get(Organisation, organisation_id, with_for_update=True)
    if organisation is None or (organisation.valid_to is not None and organisation.valid_to < context.today):
        raise NotFound()
    if queries.has_name(context.session, organisation.id, shown_name, context.today):
        raise DomainError("U hebt al een koppeling met deze naam. Kies een andere naam.", field="name")
    if queries.count_holding(context.session, organisation.id, context.today) >= MOST_CLIENTS:
        raise DomainError(f"U hebt al {MOST_CLIENTS} koppelingen. Trek er eerst een in.")
    secret = new_token()
    client = ApiClient(
        organisation_id=organisation.id,
        name=shown_name,
        client_id=new_client_id(),
        secret_hash=hash_token(secret),
        scopes=wanted,
        ends_on=ends_on,
        made_by_id=context.actor.account_id,
        made_at=context.now,
    )
    context.session.add(client)
    context.session.flush()
    _note(context, AccountEvent.CLIENT_MADE, client)
    _tell(context, client, MailKind.CLIENT_MADE, texts.client_made(**_about(context, client), is_new=True))
    return Made(client, secret)


def renew(context: Context, client_id: int, version: int, *, ends_on: date) -> Made:
    """Give a client a new secret and a later end. The old secret and all tokens stop at once.

    Raises:
        NotFound: there is none that this actor may renew, or it was revoked.
        VersionConflict: it changed since it was read.
        DomainError: on the field ``ends_on``.
    """
    client = _own(context, client_id, version)
    if not _is_for_reporting(client):
        context.actor.require(Permission.MANAGE_ORGANISATION)
    check_end(ends_on, context.today)
    secret = new_token()
    client.secret_hash, client.ends_on = hash_token(secret), ends_on
    _end_tokens(context, [client.id])
    _note(context, AccountEvent.CLIENT_RENEWED, client)
    _tell(context, client, MailKind.CLIENT_MADE, texts.client_made(**_about(context, client), is_new=False))
    return Made(client, secret)


def revoke(context: Context, client_id: int, version: int) -> ApiClient:
    """End a key and its tokens at once; by its organisation, or by an administrator of the site.

    Raises:
        NotFound: there is none that this actor may end, or it was revoked already.
        VersionConflict: it changed since it was read.
    """
    client = _own(context, client_id, version)
    _end(context, client, texts.client_revoked(**_about(context, client)))
    return client


def hold_of_organisations(context: Context, organisations: Select[int]) -> None:
    """Lock what ``end_of_organisations`` ends, for who has more to do before it: whoever holds the chain waits for no
    row, and others lock in this order too. What refers to these rows is not held up."""
    theirs = (Organisation.id, Organisation.id), (ApiClient.id, ApiClient.organisation_id)
    for number, organisation in (*theirs, (EventSubscription.id, EventSubscription.organisation_id)):
        held = select(number).where(organisation.in_(organisations)).order_by(number)
        context.session.execute(held.with_for_update(key_share=True))


def end_of_organisations(context: Context, organisations: Select[int]) -> None:
    """End the keys of organisations that go up in another one: a key opens the cases of its own organisation only, and
    its new one says itself which systems come in. For the worker, on the day of a merger."""
    clients = context.session.scalars(
        select(ApiClient)
        .where(ApiClient.organisation_id.in_(organisations), ApiClient.revoked_at.is_(None))
        .order_by(ApiClient.id)
        .with_for_update(key_share=True)
    )
    for client in clients.all():
        _end(context, client, texts.client_ended_by_merger(**_about(context, client)))
    subscriptions.end_of_organisations(context, organisations)


def is_secret(secret_hash: str, secret: str) -> bool:
    """Whether this is the secret of which a hash is kept."""
    return hmac.compare_digest(secret_hash, hash_token(secret))


def give_token(context: Context, client_id: int, secret_hash: str, scopes: Collection[ApiScope], ticket: Ticket) -> str:
    """A token for a client that showed the secret of this hash. The caller has asked whether it may have these scopes.

    Raises:
        NotFound: the client was revoked, or got another secret, at this very moment.
    """
    client = context.session.get(ApiClient, client_id, with_for_update={"key_share": True}, populate_existing=True)
    if client is None or client.revoked_at is not None or client.secret_hash != secret_hash:
        raise NotFound()
    throttle.forgive(context.session, ticket)
    if client.last_used_on != context.today:
        # Past the version of the row: somebody who renews it meanwhile did not miss anything.
        context.session.execute(
            update(ApiClient)
            .where(ApiClient.id == client_id)
            .values(last_used_on=context.today)
            .execution_options(synchronize_session=False)
        )
    token = new_token()
    context.session.add(
        ApiToken(
            token_hash=hash_token(token),
            client_id=client_id,
            scopes=check_scopes(scopes),
            created_at=context.now,
            expires_at=context.now + TOKEN_TERM,
        )
    )
    context.session.flush()
    return token


def actor_with(context: Context, token: str) -> Actor | None:
    """Who acts with this token; None when it opens nothing (any more)."""
    row = queries.with_token(context.session, hash_token(token), context.now, context.today)
    if row is None:
        return None
    return Actor(
        ActorKind.CLIENT,
        organisation_id=row.organisation_id,
        joined_case_ids=row.joined_case_ids,
        client_id=row.client_id,
        scopes=row.scopes,
    )


def ending(context: Context) -> Select[int]:
    """The keys of which the end is near, and those of organisations that nobody manages."""
    return queries.ending(context.today, last_day_of_nobody(context.today))


def warn(context: Context, client_id: int) -> None:
    """Tell the administrators that a key ends, once for each moment; one that was missed goes out with the next run.

    A key that nobody looks after ends as soon as that; the administrators of the site hear of it.
    """
    client = context.session.get(ApiClient, client_id, with_for_update=True, populate_existing=True)
    if client is None or client.revoked_at is not None or client.ends_on < context.today:
        return
    is_of_nobody, soon = queries.is_of_nobody(context.session, client.id), last_day_of_nobody(context.today)
    if client.ends_on > soon:
        if not is_of_nobody:
            return
        client.ends_on = soon
        _note(context, AccountEvent.CLIENT_SHORTENED, client)
    of_site = context.links.to("/beheer/koppelingen")
    if is_of_nobody:
        text = texts.client_of_nobody(**_about(context, client), url=of_site)
    else:
        url = of_site if _is_for_reporting(client) else context.links.to("/onze-organisatie/koppelingen")
        text = texts.client_ending(**_about(context, client), url=url)
    once = moment_of_warning(client.ends_on, context.today)
    _tell(context, client, MailKind.CLIENT_ENDING, text, once=once)


def _own(context: Context, client_id: int, version: int) -> ApiClient:
    everywhere = context.actor.can(Permission.MANAGE_ACCOUNTS)
    if everywhere:
        require_confirmed(context)
    elif not context.actor.can(Permission.MANAGE_ORGANISATION):
        raise PermissionDenied("U mag geen koppelingen beheren.")
    client = context.session.get(ApiClient, client_id, with_for_update=True, populate_existing=True)
    if client is None or client.revoked_at is not None:
        raise NotFound()
    if not everywhere and client.organisation_id != context.actor.organisation_id:
        raise NotFound()
    if client.version != version:
        raise VersionConflict(CHANGED)
    return client


def _is_for_reporting(client: ApiClient) -> bool:
    return ApiScope.REPORTING.value in client.scopes


def _end(context: Context, client: ApiClient, text: MailText) -> None:
    client.revoked_at, client.revoked_by_id = context.now, context.actor.account_id
    subscriptions.end_of_client(context, client.id)
    _end_tokens(context, [client.id])
    _note(context, AccountEvent.CLIENT_REVOKED, client)
    _tell(context, client, MailKind.CLIENT_REVOKED, text)


def _end_tokens(context: Context, client_ids: Collection[int]) -> None:
    context.session.flush()
    context.session.execute(delete(ApiToken).where(ApiToken.client_id.in_(client_ids)))


def _note(context: Context, kind: AccountEvent, client: ApiClient) -> None:
    data = {
        "organisation_id": client.organisation_id,
        "rechten": client.scopes,
        "tot_en_met": client.ends_on.isoformat(),
    }
    events.record(context, kind, subject=subject_of(client.id), data=data)


class _About(TypedDict):
    """What every mail about a client says."""

    name: str
    organisation: str
    ends_on: date


def _about(context: Context, client: ApiClient) -> _About:
    organisation = context.session.get_one(Organisation, client.organisation_id)
    return {"name": client.name, "organisation": organisation.name, "ends_on": client.ends_on}


def _tell(context: Context, client: ApiClient, kind: MailKind, text: MailText, *, once: str | None = None) -> None:
    """Mail all who manage the organisation; of a system of a ministry, and where nobody manages it, all administrators
    of the site."""
    once_key = f"{client.id}:{once}" if once else None
    organisation_id = None if _is_for_reporting(client) else client.organisation_id
    messages.queue_to_administrators(context, organisation_id, kind, text, once=once_key, or_site=True)
