"""One line of JSON per request and per fault: numbers and names of endpoints, never addresses, names or texts."""

import re
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request

from knelpunt.adapters.log_lines import configure, describe

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def _request_id(app: Flask) -> str:
    """The number of this request: the proxy's when a trusted proxy stands in front, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    if app.config["KNELPUNT"].trusted_proxies and _REQUEST_ID.fullmatch(given):
        return given
    return uuid.uuid4().hex


def request_id() -> str:
    """The number of this request, to be quoted to the help desk."""
    return g.get("request_id", "")


def actor_id() -> int | None:
    """The account that was found in this request; None when nobody was, or nobody asked."""
    return g.account.actor.account_id if "account" in g else None


def log_fault(error: BaseException) -> None:
    """Write down a fault, so that it can be found by the number that the visitor sees."""
    structlog.get_logger().error("fault", request_id=request_id(), endpoint=request.endpoint, **describe(error))


def _log_exception(exc_info: Any) -> None:
    """What Flask calls for a fault that no handler took."""
    log_fault(exc_info[1])


def _begin() -> None:
    g.request_id = _request_id(current_app._get_current_object())  # type: ignore[attr-defined]
    g.request_started = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if request.endpoint not in ("static", "assets_file"):
        structlog.get_logger().info(
            "request",
            request_id=request_id(),
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            duration_ms=round((time.perf_counter() - g.get("request_started", time.perf_counter())) * 1000, 1),
            actor_id=actor_id(),
        )
    return response


def init_app(app: Flask) -> None:
    configure()
    app.log_exception = _log_exception  # type: ignore[method-assign] # Flask's own would write the message out
    app.before_request(_begin)
    app.after_request(_end)
