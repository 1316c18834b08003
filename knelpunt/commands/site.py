"""The processes that make up the site on one machine: the web server and the worker."""

import os
import sys
from collections.abc import Mapping

from config import Config
from knelpunt.commands import web_worker
from knelpunt.commands.supervisor import Child

REQUEST_SECONDS = 60
GRACEFUL_SECONDS = 15


def children(config: Config) -> list[Child]:
    """The web server first: its answer tells that the site is up."""
    environ = _environ(config)
    return [
        Child("the web server", web_command(config), environ=environ),
        Child("the worker", [sys.executable, "-m", "knelpunt", "worker"], environ=environ),
    ]


def web_command(config: Config) -> list[str]:
    """The same server as in production, in the foreground."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    return [
        *(sys.executable, "-m", "gunicorn", "knelpunt.wsgi:app"),
        *("--bind", f"{host}:{config.port}"),
        *("--worker-class", f"{web_worker.__name__}.{web_worker.PatientWorker.__name__}"),
        *("--workers", str(config.web_processes), "--threads", str(config.web_threads)),
        *("--timeout", str(REQUEST_SECONDS), "--graceful-timeout", str(GRACEFUL_SECONDS)),
        # Imported once and then forked: a process that was killed is back at once.
        *("--preload", "--log-level", "warning", "--no-control-socket"),
    ]


def _environ(config: Config) -> Mapping[str, str]:
    """What this process was given, plus the addresses of the database that it started.

    The owner's address stays here: neither the web server nor the worker may change the schema.
    """
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    environ["DATABASE_URL"] = config.database_url or ""
    return environ
