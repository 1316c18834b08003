"""Browsers in which somebody logged in before: others who guess at the account do not lock them out."""

import hmac
import secrets

from flask import Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from knelpunt.domain.accounts import DEVICE_COOKIE, attempt_key, normalise_email
from knelpunt.domain.identity.browsers import browser_words
from knelpunt.services.accounts import Browser

KEPT_SECONDS = 180 * 24 * 3600
MOST_ACCOUNTS = 5
"""How many accounts one browser is known by; the last ones stay."""
_SALT = "known-device"


def known_device(email: str) -> str | None:
    """The mark of this browser, when this account logged in here in the last half year."""
    mark = _mark_of(email)
    return next((number for owner, number in _read() if hmac.compare_digest(owner, mark)), None)


def this_browser(email: str) -> Browser:
    """This browser in words, and whether the account logged in here before."""
    return Browser(browser_words(request.headers.get("User-Agent")), known_device(email) is not None)


def remember_device(email: str) -> None:
    """Let this browser be known by this account from its next request on."""
    mark = _mark_of(email)
    others = [pair for pair in _read() if pair[0] != mark]
    g.known_devices = [*others, (mark, known_device(email) or secrets.token_hex(16))][-MOST_ACCOUNTS:]


def give_mark(response: Response) -> Response:
    """Put the mark in a cookie of its own, which outlives logging out. It names no account and gives no right."""
    if "known_devices" in g:
        config = current_app.config["KNELPUNT"]
        response.set_cookie(
            _cookie_name(),
            _serializer().dumps(g.known_devices),
            max_age=KEPT_SECONDS,
            secure=config.is_https,
            httponly=True,
            samesite="Lax",
        )
    return response


def _mark_of(email: str) -> str:
    return attempt_key("device", normalise_email(email))


def _read() -> list[tuple[str, str]]:
    try:
        pairs = _serializer().loads(request.cookies.get(_cookie_name(), ""), max_age=KEPT_SECONDS)
    except BadSignature:
        return []
    return [(owner, number) for owner, number in pairs]


def _cookie_name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}{DEVICE_COOKIE}"


def _serializer() -> URLSafeTimedSerializer:
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt=_SALT)  # signs with the last
