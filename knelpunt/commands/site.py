"""The processes that make up the site on one machine: the web server and the worker."""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

import click

from config import Config
from knelpunt.commands import supervisor
from knelpunt.commands.operations.prepared import Prepared, database, read_config, telling_commands
from knelpunt.commands.supervisor import Child, StartFailed, Stop

REQUEST_SECONDS = 60
GRACEFUL_SECONDS = 15
WEB_WORKER = "knelpunt.commands.web_worker.PatientWorker"
"""By its name: this process never loads the web server."""
COMPILED_TEMPLATES = "KNELPUNT_COMPILED_TEMPLATES"
"""Names the folder in which a web server keeps its templates compiled for the next one, should it be killed: compiling
them is two fifths of what a start takes. ``knelpunt serve`` sets it; the folder goes when it ends."""


def children(config: Config, compiled: str | None = None) -> list[Child]:
    """The web server first: its answer tells that the site is up.

    Args:
        compiled: the folder for compiled templates; None where there is no room for one.
    """
    environ = _environ(config)
    of_web = environ if compiled is None else {**environ, COMPILED_TEMPLATES: compiled}
    return [
        Child("the web server", web_command(config), environ=of_web),
        Child("the worker", [sys.executable, "-m", "knelpunt", "worker"], environ=environ),
    ]


def web_command(config: Config) -> list[str]:
    """The same server as in production, in the foreground."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    return [
        *(sys.executable, "-m", "gunicorn", "knelpunt.wsgi:app"),
        *("--bind", f"{host}:{config.port}"),
        *("--worker-class", WEB_WORKER),
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


@click.command("serve")
def command() -> None:
    """Run everything on this machine: database, migrations, reference data, web server and worker."""
    supervisor.stop_on_signals()
    try:
        config = read_config()
        supervisor.require_free_port(config.host, config.port)
        with database() as ready, telling_commands(config), folder_of_compiled() as compiled:
            told = supervisor.run_first([sys.executable, "-m", "knelpunt", "prepare"], _environ_of_owner(ready))
            supervisor.supervise(
                children(ready.config, compiled),
                ready.server,
                host=config.host,
                port=config.port,
                say=lambda text: click.echo(f"[knelpunt] {text}", err=True),
                ready=lambda: _greet(config, told),
            )
    except StartFailed as error:
        raise click.ClickException(str(error)) from error
    except Stop:
        click.echo("Stopped.")


@contextmanager
def folder_of_compiled() -> Iterator[str | None]:
    """A folder that only this user can read and write; None where none can be made, which is no reason not to start."""
    with ExitStack() as stack:
        folder = None
        with suppress(OSError):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="knelpunt-", ignore_cleanup_errors=True))
        yield folder


def _environ_of_owner(ready: Prepared) -> Mapping[str, str]:
    return {**_environ(ready.config), "DATABASE_OWNER_URL": ready.owner_url}


def _greet(config: Config, told: str) -> None:
    click.echo(f"\nKnelpunt is running at {config.base_url}   (Ctrl-C stops it)\n")
    if told:
        click.echo(told)
