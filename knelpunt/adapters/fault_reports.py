"""Tells a Sentry-compatible server of faults: what the log says of them, and nothing else.

The report is made of the line of the log, which holds numbers and kinds. The library's own reading of requests, local
variables and source is off: what people typed must not leave the site.
"""

import importlib
from collections.abc import Mapping, MutableMapping
from typing import Any

KEPT = frozenset({"request_id", "endpoint", "job", "sqlstate", "database_error", "errno_name", "outcome"})
"""What else of a line goes along, as tags: numbers, and names that the code gave."""
_LEVELS = frozenset({"error", "critical"})


def start(address: str, version: str, environment: str, **options: Any) -> None:
    """Send what is logged as an error from now on, in the background.

    Raises:
        ModuleNotFoundError: the extra ``sentry`` is not installed.
        ValueError: the address (DSN) is none.
    """
    sentry: Any = importlib.import_module("sentry_sdk")
    try:
        sentry.init(
            dsn=address,
            release=f"knelpunt@{version}",
            environment=environment,
            server_name="knelpunt",
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
            before_send=_only_ours,
            **options,
        )
    except importlib.import_module("sentry_sdk.utils").BadDsn as error:
        raise ValueError("no address of a project") from error


def report(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A step of the log: hands on an error, and leaves the line as it is."""
    if line.get("level") in _LEVELS:
        importlib.import_module("sentry_sdk").capture_event(_event_of(line))
    return line


def _event_of(line: Mapping[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = {
        "level": line["level"],
        "logger": "knelpunt",
        "message": str(line.get("event", "")),
        "tags": {name: str(line[name]) for name in sorted(KEPT & line.keys()) if line[name] is not None},
    }
    if "error" in line:
        frames = [_frame(place) for place in line.get("at", ())]
        event["exception"] = {"values": [{"type": str(line["error"]), "stacktrace": {"frames": frames}}]}
    return event


def _frame(place: str) -> dict[str, Any]:
    """From "web/cases/routes.py:12 show", as the log names a place in the code."""
    where, _, function = place.partition(" ")
    file, _, number = where.rpartition(":")
    return {"filename": file, "lineno": int(number), "function": function}


_SENT = frozenset(
    {"level", "logger", "message", "tags", "exception", "event_id", "timestamp", "platform", "release", "environment"}
    | {"server_name", "sdk"}
)


def _only_ours(event: dict[str, Any], _hint: Any) -> dict[str, Any]:
    """The last gate: whatever the library added of its own does not go out."""
    return {name: value for name, value in event.items() if name in _SENT}
