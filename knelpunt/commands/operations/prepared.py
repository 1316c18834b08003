"""What a command begins with: its settings, and the database that runs when no other is named.

Nothing here loads the site: that is for who needs it (``commands.environment``).
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import click

from config import Config, ConfigError, data_dir_of
from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.database.embedded_database import DatabaseServerError, Server

DATABASE_NAME = "knelpunt"
RUNNING_SITE = "running-site.json"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A configuration with both database addresses, and the embedded server behind them when there is one."""

    config: Config
    server: Server | None

    @property
    def owner_url(self) -> str:
        """For migrations; the address of the application where the operator named no other one."""
        return self.config.database_owner_url or self.app_url

    @property
    def app_url(self) -> str:
        assert self.config.database_url is not None  # noqa: S101 - prepared() sets it
        return self.config.database_url


@contextmanager
def prepared(config: Config) -> Iterator[Prepared]:
    """Start or join the embedded database unless DATABASE_URL names another one; leave it afterwards.

    Raises:
        DatabaseServerError: the embedded server does not start.
    """
    if config.database_url is not None:
        yield Prepared(config, None)
        return
    config.data_dir.mkdir(parents=True, exist_ok=True)
    server = embedded_database.start(config.embedded_database_dir)
    try:
        urls = embedded_database.ensure_database(server, DATABASE_NAME)
        yield Prepared(replace(config, database_url=urls.app, database_owner_url=urls.owner), server)
    finally:
        embedded_database.stop(server)


def read_config() -> Config:
    """The settings of the environment; where it names none, those of the site that `make run` runs here."""
    try:
        return Config.from_environment(_with_running_site(os.environ))
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def telling_commands(config: Config) -> Iterator[None]:
    """While this site runs, let other commands in the same checkout know what it was started with."""
    path = config.data_dir / RUNNING_SITE
    settings = {"KNELPUNT_ENV": config.environment.value, "HOST": config.host, "PORT": str(config.port)}
    path.write_text(json.dumps(settings), encoding="utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _with_running_site(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, and what it leaves open of a site with an embedded database that runs on its data folder."""
    if any(environ.get(name) for name in ("KNELPUNT_ENV", "DATABASE_URL", "SECRET_KEY")):
        return environ
    data_dir = data_dir_of(environ)
    try:
        found = json.loads((data_dir / RUNNING_SITE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return environ
    if not embedded_database.serves(data_dir / "database"):
        return environ  # it was killed, and could not take its note away
    click.echo(f"Using the {found['KNELPUNT_ENV']} site that runs on {data_dir}.", err=True)
    return {**found, **environ}


@contextmanager
def database() -> Iterator[Prepared]:
    """The configuration of this command with its database running."""
    try:
        with prepared(read_config()) as ready:
            yield ready
    except DatabaseServerError as error:
        raise click.ClickException(str(error)) from error
