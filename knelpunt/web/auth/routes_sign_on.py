"""Logging in at a provider: the way there and back, what it says when somebody logged out there, and logging out."""

import hmac
import secrets
from datetime import UTC, datetime

import structlog
from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from knelpunt.adapters.identity.oidc import OidcClient, OidcFault, Said
from knelpunt.adapters.identity.providers import Provider
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import SYSTEM
from knelpunt.extensions import csrf, db
from knelpunt.services.accounts.identity import sign_on
from knelpunt.services.accounts.identity.once import spend
from knelpunt.services.accounts.identity.sign_on import Ended, Visitor
from knelpunt.services.worklist import leaving
from knelpunt.web.auth import devices
from knelpunt.web.auth import factor_pages as pages
from knelpunt.web.auth import signed_in as person
from knelpunt.web.auth.blueprint import bp
from knelpunt.web.shared.requests.access import act_as, current_context, now_utc, public
from knelpunt.web.shared.requests.own_paths import own_path

WAY_OUT = "weg-naar-buiten"
"""Where the cookie keeps the address at which a provider ends its own session."""
_BEGUN = "naar-organisatie"
"""Where the cookie keeps what was sent along to the provider; only the browser that began may end it."""
AWAY = "Wij kunnen uw organisatie nu niet bereiken. Probeer het later nog eens, of log in met uw wachtwoord."
NOT_TRUE = "Inloggen via uw organisatie is niet gelukt. Probeer het nog een keer."
SOMEBODY_ELSE = (
    "Er is niets bevestigd. Dat was een ander account, of uw organisatie vroeg niet opnieuw om een tweede stap."
)


def offered() -> list[Provider]:
    """The providers that the log-in page names."""
    return [client.provider for client in _clients().values()]


@bp.route("/inloggen/organisatie/<string:provider_slug>")
@public
def to_provider(provider_slug: str) -> ResponseReturnValue:
    """Send the browser to the provider. What must come back unchanged stays in the browser's own signed cookie."""
    client = _client(provider_slug)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    is_again = "opnieuw" in request.args
    try:
        address = client.way_there(_back(provider_slug), state=state, nonce=nonce, verifier=verifier, is_again=is_again)
    except OidcFault as fault:
        return _refused(provider_slug, str(fault), AWAY)
    session[_BEGUN] = {
        "provider": provider_slug,
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": own_path(request.args.get("next")),
        "again": is_again,
        "at": now_utc().timestamp(),
    }
    return redirect(address)


@bp.route("/inloggen/organisatie/<string:provider_slug>/terug")
@public
def from_provider(provider_slug: str) -> ResponseReturnValue:
    """The browser comes back with a code. This GET changes something, because the standard has it so: only together
    with the cookie of the browser that was sent out, once."""
    client, begun = _client(provider_slug), session.pop(_BEGUN, None)
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not isinstance(begun, dict) or begun.get("provider") != provider_slug or not code or len(code) > 4000:
        return _refused(provider_slug, "nobody was sent there from this browser, or no code came back", NOT_TRUE)
    if not hmac.compare_digest(state.encode(), str(begun["state"]).encode()):
        return _refused(provider_slug, "the state is another", NOT_TRUE)
    if not spend(current_context(), "naar-organisatie", str(begun["nonce"])):
        return _refused(provider_slug, "this way was gone before", NOT_TRUE)
    db.session.commit()
    try:
        said = client.redeem(
            _back(provider_slug), code, nonce=str(begun["nonce"]), verifier=str(begun["verifier"]), now=now_utc()
        )
    except OidcFault as fault:
        return _refused(provider_slug, str(fault), NOT_TRUE)
    visitor = _visitor(client, said)
    try:
        if begun["again"]:
            return _confirm(visitor, datetime.fromtimestamp(begun["at"], UTC))
        return _enter(visitor, said, own_path(begun["next"]))
    except Ended as ended:
        leaving.let_go(act_as(SYSTEM), ended.account_id)
        db.session.commit()
        return _refused(provider_slug, "no rule holds any more: the account was closed", ended.message)
    except DomainError as error:
        db.session.rollback()
        return _refused(provider_slug, "not let in", str(error.message))


@bp.route("/inloggen/organisatie/<string:provider_slug>/uitgelogd", methods=["POST"])
@csrf.exempt
@public
def logged_out_there(provider_slug: str) -> ResponseReturnValue:
    """The provider itself says that somebody logged out there (OpenID Connect Back-Channel Logout)."""
    client = _client(provider_slug)
    token = request.form.get("logout_token", "")
    if not token:
        return _plain("a logout token is missing", 422)
    try:
        said = client.logged_out(token, now_utc())
    except OidcFault as fault:
        structlog.get_logger().warning("logout token refused", provider=provider_slug, reason=str(fault))
        return _plain("this logout token does not hold", 400)
    sign_on.log_out(
        act_as(current_context().actor), provider_slug, subject=said.subject, session=said.session, number=said.number
    )
    db.session.commit()
    return _plain("", 200)


@bp.route("/uitgelogd")
@public
def logged_out() -> ResponseReturnValue:
    """After logging out here: on to the provider, by itself or by a link. A form may not lead a browser out of the
    site, a page may."""
    address = session.pop(WAY_OUT, None)
    answer = make_response(render_template("auth/logged_out.html", address=address))
    if isinstance(address, str):
        answer.headers["Refresh"] = f"0;url={address}"
    return answer


def _confirm(visitor: Visitor, begun_at: datetime) -> ResponseReturnValue:
    """Somebody who is in already showed a second factor at the provider, for a grave act here."""
    row = pages.this_row() if current_user.is_authenticated else None
    is_done = row is not None and sign_on.confirm(
        current_context(), visitor, row.account_id, row.session_id, begun_at=begun_at
    )
    if not is_done:
        db.session.rollback()
        return _refused(visitor.provider, "somebody else, or no second factor of now", SOMEBODY_ELSE)
    db.session.commit()
    return render_template("auth/confirmed_there.html")


def _enter(visitor: Visitor, said: Said, wanted: str | None) -> ResponseReturnValue:
    email = visitor.claims.get("email")
    entered = sign_on.come_in(
        act_as(current_context().actor), visitor, devices.this_browser(email if isinstance(email, str) else "")
    )
    leaving.let_go(act_as(SYSTEM), entered.account_id)  # the role may be another one now
    person.sign_in(entered.token)
    db.session.commit()
    session[person.PROVIDER_TOKEN] = pages.sealer().seal(said.id_token, now_utc()) if len(said.id_token) < 1500 else ""
    if person.half_way():
        return redirect(url_for("auth.second_step", next=wanted))
    devices.remember_device(entered.email)
    return redirect(wanted or url_for("auth.welcome"))


def _visitor(client: OidcClient, said: Said) -> Visitor:
    return Visitor(
        provider=client.provider.slug,
        subject=said.subject,
        claims=said.claims,
        session=said.session,
        is_strong=client.is_strong(said.claims),
        authenticated_at=said.authenticated_at,
        trusts_email=client.provider.trusts_email,
    )


def _refused(provider_slug: str, reason: str, words: str) -> ResponseReturnValue:
    structlog.get_logger().warning("sign-on refused", provider=provider_slug, reason=reason)
    flash(words, "error")
    return redirect(url_for("auth.login"))


def _plain(words: str, status: int) -> ResponseReturnValue:
    return words, status, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


def _clients() -> dict[str, OidcClient]:
    found: dict[str, OidcClient] = current_app.config["SIGN_ON"]
    return found


def _client(provider_slug: str) -> OidcClient:
    client = _clients().get(provider_slug)
    if client is None:
        raise NotFound()
    return client


def _back(provider_slug: str) -> str:
    """Where the provider sends the browser back to; made of the site's own address, never of the request."""
    address: str = current_app.config["LINKS"].to(f"/inloggen/organisatie/{provider_slug}/terug")
    return address
