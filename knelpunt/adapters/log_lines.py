"""One line of JSON for each thing that is logged: numbers and kinds, never addresses, names or texts."""

import errno
import traceback
from typing import Any

import psycopg
import structlog
from structlog.typing import Processor


def _frames(error: BaseException) -> list[str]:
    """Where a fault arose, innermost last. Its message is left out: it may hold what somebody typed."""
    return [
        f"{frame.filename.rsplit('/', 3)[-1]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def describe(error: BaseException) -> dict[str, Any]:
    """What a log line may say of a fault: its kind, the code of the database or the system, and where it arose."""
    seen: dict[str, Any] = {"error": type(error).__name__, "at": _frames(error)[-12:]}
    original = getattr(error, "orig", error)  # what SQLAlchemy wraps
    if isinstance(original, psycopg.Error):
        seen["database_error"], seen["sqlstate"] = type(original).__name__, original.sqlstate
    if isinstance(error, OSError) and error.errno is not None:
        seen["errno"], seen["errno_name"] = error.errno, errno.errorcode.get(error.errno)
    if isinstance(error, ExceptionGroup):
        seen["count"], seen["errors"] = len(error.exceptions), [describe(each) for each in error.exceptions[:5]]
    return seen


def configure(*steps: Processor) -> None:
    """Let every log line be one line of JSON on standard output. Also for commands and the worker.

    Args:
        steps: what else sees each line before it is written.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            *steps,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
