"""One line of JSON per request and per fault: numbers and names of endpoints, never addresses, names or texts."""

import errno
import re
import time
import traceback
import uuid
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def _frames(error: BaseException) -> list[str]:
    """Where a fault arose, innermost last. Its message is left out: it may hold what somebody typed."""
    return [
        f"{frame.filename.rsplit('/', 3)[-1]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def describe(error: BaseException) -> dict[str, Any]:
    """What a log line may say of a fault: its kind, the code of the database or the system, and where it arose."""
    seen: dict[str, Any] = {"error": type(error).__name__, "at": _frames(error)[-12:]}
    if isinstance(error, SQLAlchemyError):
        original = getattr(error, "orig", None)
        seen["database_error"] = type(original).__name__ if original else None
        seen["sqlstate"] = getattr(original, "sqlstate", None)
    if isinstance(error, OSError) and error.errno is not None:
        seen["errno"], seen["errno_name"] = error.errno, errno.errorcode.get(error.errno)
    return seen


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


def configure() -> None:
    """Let every log line be one line of JSON on standard output. Also for commands and the worker."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )


def init_app(app: Flask) -> None:
    configure()
    app.log_exception = _log_exception  # type: ignore[method-assign] # Flask's own would write the message out
    app.before_request(_begin)
    app.after_request(_end)
