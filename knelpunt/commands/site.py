"""The processes that make up the site on one machine: the web server and the worker."""

import os
import sys
from collections.abc import Mapping

import click

from config import Config
from knelpunt.commands import supervisor
from knelpunt.commands.operations.prepared import Prepared, database, read_config, telling_commands
from knelpunt.commands.supervisor import Child, StartFailed, Stop

REQUEST_SECONDS = 60
GRACEFUL_SECONDS = 15
WEB_WORKER = "knelpunt.commands.web_worker.PatientWorker"
"""By its name: this process never loads the web server."""


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
        with database() as ready, telling_commands(config):
            told = supervisor.run_first([sys.executable, "-m", "knelpunt", "prepare"], _environ_of_owner(ready))
            supervisor.supervise(
                children(ready.config),
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


def _environ_of_owner(ready: Prepared) -> Mapping[str, str]:
    return {**_environ(ready.config), "DATABASE_OWNER_URL": ready.owner_url}


def _greet(config: Config, told: str) -> None:
    click.echo(f"\nKnelpunt is running at {config.base_url}   (Ctrl-C stops it)\n")
    if told:
        click.echo(told)
