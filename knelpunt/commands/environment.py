"""The configuration of a command, with the embedded database running when no other one is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from config import Config
from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.database.embedded_database import Server

DATABASE_NAME = "knelpunt"


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
