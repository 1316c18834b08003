"""The headers that every answer carries: what a browser may load, run, frame, remember and pass on; and compression."""

import gzip
import io
import secrets
from functools import cache
from typing import TypeVar

from flask import Flask, Response, current_app, g, request
from werkzeug.wrappers import Response as WerkzeugResponse

from knelpunt.web.shared.requests.access import BY_LINK, PUBLIC, access_of, is_framed

Answer = TypeVar("Answer", bound=WerkzeugResponse)
HSTS_SECONDS = 2 * 365 * 24 * 3600
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
IN_A_FRAME = {"script-src": "'none'", "connect-src": "'none'", "frame-ancestors": "*"}
"""What differs for a page that may stand in a frame on another site."""
FRAMED_STATUSES = frozenset({200, 304, 404})
CLOSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
COMPRESSED = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/ld+json",
        "application/xml",
        "text/html",
        "text/plain",
    }
)
LEAST_BYTES = 1000
LEVEL = 5
MOST_PADDING = 100


def content_security_policy(is_https: bool, in_a_frame: bool = False) -> str:
    """The policy in one line; over TLS it also lifts stray http addresses to https."""
    policy = CONTENT_SECURITY_POLICY | IN_A_FRAME if in_a_frame else CONTENT_SECURITY_POLICY
    parts = [f"{name} {value}" for name, value in policy.items()]
    return "; ".join([*parts, "upgrade-insecure-requests"] if is_https else parts)


def read_anywhere(response: Answer) -> Answer:
    """The response, which scripts of other sites may read: open data, a feed, or how to show a page of ours."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _is_private() -> bool:
    """Whether this answer is for one person only, and so may be kept by no browser or proxy.

    A signed-in person's answers are, those of who is half way in, and all that is reached by a secret link.
    """
    if request.endpoint not in (None, "static"):
        declared = access_of(current_app.view_functions.get(request.endpoint or ""))
        if declared != PUBLIC:
            return True
    return "account" in g or "half_way" in g


@cache
def _always(is_https: bool, by_link: bool, in_a_frame: bool) -> tuple[tuple[str, str], ...]:
    """The headers that do not depend on the request, but for how the page is reached."""
    wanted = {
        "Content-Security-Policy": content_security_policy(is_https, in_a_frame),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # The address of a page behind a secret link is the secret.
        "Referrer-Policy": "no-referrer" if by_link else "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED_FEATURES),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if in_a_frame else "same-origin",
    }
    if in_a_frame:
        del wanted["X-Frame-Options"]  # it cannot say "anywhere"
    if is_https:
        wanted["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}; includeSubDomains"
    return tuple(wanted.items())


def add_headers(response: Response) -> Response:
    """Set what is not set yet; a view that serves a file may have set stricter values of its own."""
    endpoint = request.endpoint
    view = current_app.view_functions.get(endpoint or "")
    by_link = access_of(view) == BY_LINK
    in_a_frame = is_framed(view) and response.status_code in FRAMED_STATUSES
    for name, value in _always(current_app.config["KNELPUNT"].is_https, by_link, in_a_frame):
        response.headers.setdefault(name, value)
    if endpoint not in ("static", "assets_file"):
        response.headers.setdefault("Cache-Control", "no-cache" if request.method in ("GET", "HEAD") else "no-store")
        if by_link:
            response.headers.setdefault("X-Robots-Tag", "noindex")
    if _is_private():
        # Stronger than what a view or a file answer set by itself.
        response.headers["Cache-Control"] = "no-store"
    return response


def compressed(content: bytes) -> bytes:
    """In the format of gzip, with up to a hundred letters more for a name of the file, which nobody reads.

    Who can let somebody's browser ask a page again and again, and sees how long each answer is, could find out what
    stands in it beside his own words (BREACH). The length is another one each time, which makes that dearer.
    """
    packed = io.BytesIO()
    name = "k" * secrets.randbelow(MOST_PADDING)
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()


def _compress(response: Response) -> Response:
    """What is sent while it is read is left to the proxy, and so is what others compressed or pass on as it is."""
    if response.mimetype not in COMPRESSED or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    # Not "at most 0": a weight that is no number is no permission either.
    if not request.accept_encodings["gzip"] > 0 or "Content-Encoding" in response.headers:
        return response
    content = response.get_data()
    if len(content) >= LEAST_BYTES:
        response.set_data(compressed(content))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    app.after_request(_compress)  # bound before what changes the text of an answer, so it comes after it
    app.after_request(add_headers)
