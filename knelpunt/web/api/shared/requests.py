"""What holds for every request to the API, before its view and after it."""

from flask import Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from knelpunt.web.api.shared.limits import add_limit_headers, count_address
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared import problems
from knelpunt.web.shared.api_version import API_VERSION
from knelpunt.web.shared.requests.access import PUBLIC, access_of

BODY_MAX_BYTES = 200_000
SHOWN_TO_SCRIPTS = "API-Version, ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": SHOWN_TO_SCRIPTS,
    "Cross-Origin-Resource-Policy": "cross-origin",
}
CORS_BEFOREHAND = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def _is_public() -> bool:
    """Whether this is an address for everybody."""
    return access_of(current_app.view_functions.get(request.endpoint or "")) == PUBLIC


def _is_shown_to_scripts() -> bool:
    """Whether scripts of other sites may read this: what is public in the contract, so not where secrets are sent to.
    An address that does not exist tells them so."""
    return request.endpoint is None or (
        _is_public() and isinstance(current_app.blueprints.get(request.blueprint or ""), Resource)
    )


def _check() -> ResponseReturnValue | None:
    if not problems.is_asked() or request.method == "OPTIONS":
        return None
    if _is_public():
        count_address()
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes", None) == {"application/json"}:
        request.max_content_length = BODY_MAX_BYTES
    wanted, others = request.accept_mimetypes, getattr(view, "produces", ())
    if wanted and wanted.best_match(["application/json", problems.PROBLEM_JSON, *others]) is None:
        abort(406)
    return None


def _add_headers(response: Response) -> Response:
    if not problems.is_asked():
        return response
    response.headers["API-Version"] = API_VERSION
    add_limit_headers(response)
    if _is_shown_to_scripts():
        response.headers.update(CORS)
        if request.method == "OPTIONS":
            response.headers.update(CORS_BEFOREHAND)
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
    return response


def init_app(app: Flask) -> None:
    """Bind what comes before and after the views; before what confirms a page (304), so that it is counted too."""
    app.before_request(_check)
    app.after_request(_add_headers)
