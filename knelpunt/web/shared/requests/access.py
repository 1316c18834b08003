"""Who may come to which address: declared on the view, enforced in one hook, deny by default."""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.permissions import VISITOR, Actor, Permission
from knelpunt.extensions import db
from knelpunt.services.core.bounds import Visit
from knelpunt.services.core.context import Context
from knelpunt.web.shared.requests.request_language import current_language

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
PUBLIC = "public"
BY_LINK = "by_link"
SIGNED_IN = "signed_in"
BY_CLIENT = "by_client"


def requires(*permissions: Permission) -> Callable[[View], View]:
    """This view is for accounts whose role holds at least one of these permissions; others get 404."""

    def mark(view: View) -> View:
        view.access = frozenset(permissions)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """This view is for everybody."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def by_link(view: View) -> View:
    """This view is for whoever holds the secret token in its address; the view itself checks the token."""
    view.access = BY_LINK  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """This view is for every account, whatever its role."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def by_client(gate: Callable[[], None]) -> Callable[[View], View]:
    """This view is for systems of organisations, with a token. ``gate`` raises for whoever may not come in."""

    def mark(view: View) -> View:
        view.access, view.gate = BY_CLIENT, gate  # type: ignore[attr-defined]
        return view

    return mark


def framed(view: View) -> View:
    """This page may stand in a frame on any other site. It shows what everybody may read, and needs no script."""
    view.framed = True  # type: ignore[attr-defined]
    return view


def is_framed(view: Callable[..., Any] | None) -> bool:
    """Whether this view's page may stand in a frame."""
    return getattr(view, "framed", False)


def asks_factor(view: View) -> View:
    """This page is seen only by who showed the second factor lately, if the account has one."""
    view.asks_factor = True  # type: ignore[attr-defined]
    return view


def asks_who(view: View) -> View:
    """The same, and who has no second factor gives the password: an open browser alone is not enough."""
    view.asks_password = True  # type: ignore[attr-defined]
    return asks_factor(view)


def access_of(view: Callable[..., Any] | None) -> frozenset[Permission] | str | None:
    """What a view declared; None when it declared nothing, and so is closed."""
    return getattr(view, "access", None)


def current_actor() -> Actor:
    """The signed-in account as an actor, or a visitor."""
    return current_user.actor if current_user.is_authenticated else VISITOR


def now_utc() -> datetime:
    return datetime.now(UTC)


def today_in_nl() -> date:
    """The day in Europe/Amsterdam; the server's own day is wrong for up to two hours a night."""
    return nl_day(now_utc())


def act_as(actor: Actor) -> Context:
    """An act by this actor in this request's transaction, now."""
    settings = current_app.config
    return Context(db.session, actor, now_utc(), settings["LINKS"], current_language().code, settings["LOGIN_RULES"])


def current_context() -> Context:
    return act_as(current_actor())


def current_visit() -> Visit:
    """Where this request comes from, for what is bounded by internet address."""
    return Visit(request.remote_addr or "", current_app.config["KNELPUNT"].filings_per_address)


def author_key() -> str:
    """Who fills in a form, for submission keys: the account, else a random mark in this browser's session."""
    if current_user.is_authenticated:
        return f"account:{current_user.actor.account_id}"
    if "visitor" not in session:
        session["visitor"] = secrets.token_hex(16)
    return f"visitor:{session['visitor']}"


def here() -> str:
    """The address of this request, in its language, to come back to after logging in."""
    return prefix_of(current_language().code) + request.full_path.rstrip("?")


def _check_access() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    declared = access_of(view)
    if declared in (PUBLIC, BY_LINK) or (declared == BY_CLIENT and request.method == "OPTIONS"):
        return None
    if declared == BY_CLIENT:
        getattr(view, "gate")()  # noqa: B009 - set by by_client
        return None
    if declared is None:
        abort(404)
    if not current_user.is_authenticated:
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("auth.login", next=here()))
        abort(401)
    if declared != SIGNED_IN and not any(current_user.actor.can(permission) for permission in declared):
        abort(404)
    return None


def init_app(app: Flask) -> None:
    app.before_request(_check_access)
