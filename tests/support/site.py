"""A whole site for a test: its own database, real web and worker processes, a port of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from config import PROJECT_DIR, Config, Environment
from knelpunt.adapters.database.embedded_database import Server
from knelpunt.commands import site as commands
from knelpunt.commands.supervisor import Child
from tests.support import database
from tests.support.factories import Factory

START_SECONDS = 180
STOP_SECONDS = 20


@dataclass
class Site:
    """A running site; ``web`` and ``worker`` can be killed and started again."""

    config: Config
    children: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.config.base_url

    @property
    def web(self) -> Child:
        return self.children[0]

    @property
    def worker(self) -> Child:
        return self.children[1]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session on the site's database, committed at the end."""
        engine = create_engine(self.config.database_url or "", poolclass=NullPool)
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.commit()
        engine.dispose()

    @contextmanager
    def factory(self) -> Iterator[Factory]:
        """Makes rows that the site sees as soon as the block ends."""
        with self.session() as session:
            yield Factory(session)

    def fill_demo(self) -> None:
        """The demo accounts and cases, and the real cases, as ``make run`` has them."""
        command = [sys.executable, "-m", "knelpunt", "demo"]
        subprocess.run(command, env=dict(self.web.environ), check=True, stdout=subprocess.DEVNULL)

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.web.is_running, "the web server ended while it was starting"
            connection = HTTPConnection(self.config.host, self.config.port, timeout=2)
            try:
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()
        raise AssertionError("the site did not come up")


@contextmanager
def running_site(server: Server, data_dir: Path, *, start: bool = True) -> Iterator[Site]:
    """A site with reference data and nothing else, stopped and dropped at the end."""
    port = free_port()
    with database.copy_of_template(server) as urls:
        config = Config(
            environment=Environment.DEMO,
            secret_key="a key that is only for tests, 32 characters",
            base_url=f"http://127.0.0.1:{port}",
            data_dir=data_dir,
            host="127.0.0.1",
            port=port,
            database_url=urls.app,
            web_processes=1,
        )
        site = Site(config, commands.children(config))
        for child in site.children:
            child.environ = {**_environ(config), "PYTHONPATH": str(PROJECT_DIR)}
        try:
            if start:
                for child in site.children:
                    child.start()
                site.wait_until_up()
            yield site
        finally:
            for child in site.children:
                child.ask_to_stop()
            deadline = time.monotonic() + STOP_SECONDS
            for child in site.children:
                child.stop(deadline)


def _environ(config: Config) -> dict[str, str]:
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("KNELPUNT_", "SMTP_", "DATABASE_"))
    }
    return {
        **environ,
        "KNELPUNT_ENV": config.environment.value,
        "KNELPUNT_DATA_DIR": str(config.data_dir),
        "KNELPUNT_BASE_URL": config.base_url,
        "SECRET_KEY": config.secret_key,
        "DATABASE_URL": config.database_url or "",
        "HOST": config.host,
        "PORT": str(config.port),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
