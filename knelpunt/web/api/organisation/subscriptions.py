"""Subscriptions of an organisation to events."""

from typing import Any

from flask import Response, current_app

from knelpunt.domain.errors import NotFound
from knelpunt.domain.identity.subscriptions import URL_MAX_CHARACTERS, Covers, State, TryOutcome
from knelpunt.domain.permissions import ApiScope
from knelpunt.extensions import db
from knelpunt.installation import target_of
from knelpunt.queries.accounts import subscriptions as queries
from knelpunt.queries.accounts.subscriptions import SubscriptionRow
from knelpunt.services.mail import subscriptions as service
from knelpunt.web.api.organisation.access import (
    ERRORS,
    client,
    context,
    empties,
    endpoint,
    fields_named,
    keyed,
    once,
    says_where,
)
from knelpunt.web.api.shared.fields import Schema, choice, flag, moment, number, text
from knelpunt.web.api.shared.paging import ListQuery, Page, cursor_of, piece_of, place_in
from knelpunt.web.api.shared.resources import JSON, Resource
from knelpunt.web.shared.api_version import BASE
from knelpunt.web.shared.requests.bodies import FORM_TYPES, takes

subscriptions = Resource("api_subscriptions", "/abonnementen", "Abonnementen", "Waarheen gebeurtenissen gaan.")
_NAMES = {"url": "adres", "covers": "over"}
_ACTING = (*ERRORS, 409, 413, 415, 422)


class SubscriptionInput(Schema):
    """Where events go, and which."""

    url = text("adres", "Begint met https://, poort 443 of 8443.", required=True, longest=URL_MAX_CHARACTERS)
    own = flag("eigen", "Wat er gebeurt in de eigen zaken.", load_default=True)
    public = flag("openbaar", "Wat er openbaar wordt.", load_default=False)


class Subscription(Schema):
    """A subscription."""

    id = text("sleutel", "Sleutel van het abonnement.")
    url = text("adres", "Waarheen gebeurtenissen gaan.")
    own = flag("eigen", "Wat er gebeurt in de eigen zaken.")
    public = flag("openbaar", "Wat er openbaar wordt.")
    state = choice("stand", State, "Hoe het ermee staat.")
    made_at = moment("gemaaktOp", "Wanneer het is gemaakt.")
    failing_since = moment("hapertSinds", "Sinds wanneer niets aankomt.", nullable=True)
    waiting = number("wachtend", "Hoeveel gebeurtenissen wachten.")


class MadeSubscription(Subscription):
    """A subscription with its secret, which is shown once."""

    secret = text("geheim", "Hiermee controleert u de handtekening (whsec_…). Het staat alleen in dit antwoord.")


class Try(Schema):
    """One try to hand over an event."""

    tried_at = moment("op", "Wanneer.")
    outcome = choice("uitkomst", TryOutcome, "Hoe het ging.")
    status = number("status", "Wat uw systeem antwoordde.", nullable=True)
    milliseconds = number("milliseconden", "Hoelang het duurde.")
    event_id = text("gebeurtenis", "De id van de gebeurtenis. Leeg: wij vroegen om toestemming.", nullable=True)
    kind = text("type", "Wat er gebeurde.", nullable=True)


@endpoint(subscriptions, "", ApiScope.SUBSCRIPTIONS)
@subscriptions.lists(Subscription, ListQuery, about="Uw abonnementen, het nieuwste eerst.", errors=ERRORS)
def subscription_list(asked: dict[str, Any]) -> Page:
    """The subscriptions of the organisation."""
    rows = queries.list_subscriptions(db.session, client().organisation_id or 0)
    return piece_of([_shown(each) for each in rows], asked)


@endpoint(subscriptions, "", ApiScope.SUBSCRIPTIONS, "POST")
@takes(JSON)
@subscriptions.gives(MadeSubscription, about="Maak een abonnement.", status=201, errors=_ACTING, has_mark=False)
@keyed(subscriptions)
@subscriptions.arguments(SubscriptionInput, location="json")
def new_subscription(asked: dict[str, Any]) -> dict[str, Any]:
    """Let events go to an address."""
    covers = [each for each, is_asked in ((Covers.OWN, asked["own"]), (Covers.PUBLIC, asked["public"])) if is_asked]

    def make() -> str:
        with fields_named(_NAMES):
            made = service.make(
                context(),
                current_app.config["SEALER"],
                target_of(current_app.config["KNELPUNT"]),
                url=asked["url"],
                covers=covers,
            )
        return made.subscription.public_id

    public_id = once(make)
    says_where(f"{BASE}/abonnementen/{public_id}")
    return _with_secret(public_id)


@endpoint(subscriptions, "/<string:public_id>", ApiScope.SUBSCRIPTIONS)
@subscriptions.gives(Subscription, about="Eén abonnement.", errors=ERRORS)
def one_subscription(public_id: str) -> dict[str, Any]:
    """One subscription."""
    return _shown(_row(public_id))


@endpoint(subscriptions, "/<string:public_id>", ApiScope.SUBSCRIPTIONS, "DELETE")
@empties(subscriptions, "Stop een abonnement.", (409,))
def end_subscription(public_id: str) -> Response:
    """Send nothing more to this address."""
    service.end(context(), _row(public_id).id)
    return Response(status=204)


@endpoint(subscriptions, "/<string:public_id>/pogingen", ApiScope.SUBSCRIPTIONS)
@subscriptions.lists(Try, ListQuery, about="Wat wij dertig dagen lang stuurden, het laatste eerst.", errors=ERRORS)
def subscription_tries(asked: dict[str, Any], public_id: str) -> Page:
    """The log of a subscription."""
    after = place_in(asked.get("cursor"), _number_in)
    rows = queries.list_tries(db.session, _row(public_id).id, after=after, size=asked["limit"])
    shown, more = rows[: asked["limit"]], len(rows) > asked["limit"]
    names = ["tried_at", "outcome", "status", "milliseconds", "event_id", "kind"]
    items = [{name: getattr(each, name) for name in names} for each in shown]
    return Page(items, cursor_of(str(shown[-1].id)) if more else None)


@endpoint(subscriptions, "/<string:public_id>/proeven", ApiScope.SUBSCRIPTIONS, "POST")
@empties(subscriptions, "Stuur een proefbericht.", (409, 422))
@keyed(subscriptions)
@takes(JSON, *FORM_TYPES)
def try_subscription(public_id: str) -> Response:
    """Send an event in which nothing happened."""

    def send() -> str:
        service.send_test(context(), _row(public_id).id)
        return public_id

    once(send)
    return Response(status=204)


@endpoint(subscriptions, "/<string:public_id>/geheimen", ApiScope.SUBSCRIPTIONS, "POST")
@subscriptions.gives(
    MadeSubscription,
    about="Maak een nieuw geheim. Twee dagen lang tekenen wij met het oude en het nieuwe.",
    status=201,
    errors=(*ERRORS, 409, 422),
    has_mark=False,
)
@keyed(subscriptions)
@takes(JSON, *FORM_TYPES)
def new_secret(public_id: str) -> dict[str, Any]:
    """Sign with a new secret."""

    def renew() -> str:
        row = _row(public_id)
        service.renew(context(), current_app.config["SEALER"], row.id, row.version)
        return public_id

    return _with_secret(once(renew))


def _number_in(place: str) -> int | None:
    return int(place) if place.isascii() and place.isdigit() and len(place) < 19 else None


def _row(public_id: str) -> SubscriptionRow:
    row = queries.one_subscription(db.session, client().organisation_id, public_id=public_id)
    if row is None:
        raise NotFound()
    return row


def _with_secret(public_id: str) -> dict[str, Any]:
    made = service.secret_of(context(), current_app.config["SEALER"], public_id)
    return {**_shown(_row(public_id)), "secret": made.secret}


def _shown(row: SubscriptionRow) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("url", "state", "made_at", "failing_since", "waiting")}
    return {"id": row.public_id, **plain, "own": Covers.OWN in row.covers, "public": Covers.PUBLIC in row.covers}
