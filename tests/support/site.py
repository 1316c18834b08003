"""A whole site for a test: its own database, real web and worker processes, a port of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from config import PROJECT_DIR, Config, Environment
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from knelpunt.commands import site as commands
from knelpunt.commands.supervisor import Child
from knelpunt.installation import links_of, sealer_of
from knelpunt.models import Account
from knelpunt.services.accounts.identity import factors
from knelpunt.services.core.context import Context
from tests.support import database
from tests.support.factories import Factory
from tests.support.mail_server import free_port
from tests.support.sign_on import file_of_providers

START_SECONDS = 180
STOP_SECONDS = 20
SETTINGS = ("KNELPUNT_", "SMTP_", "IMAP_", "DATABASE_", "PG")


@dataclass
class Site:
    """A running site; ``web`` and ``worker`` can be killed and started again."""

    config: Config
    children: list[Child] = field(default_factory=list)
    provider_port: int = 0
    """Where a provider to log in at would be; a test that needs one starts it."""

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

    def give_phone(self, make: Factory, account: Account) -> None:
        """Let an account show a code at log-in, as if it was set up before."""
        context = Context(make.session, make.actor(account), make.now, links_of(self.config))
        factors.set_up_for_demo(context, sealer_of(self.config), [account.id])

    def fill_demo(self) -> None:
        """The demo accounts and cases, and the real cases, as ``make run`` has them."""
        command = [sys.executable, "-m", "knelpunt", "demo"]
        subprocess.run(command, env=dict(self.web.environ), check=True, stdout=subprocess.DEVNULL)

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.web.is_running, "the web server ended while it was starting"
            if _answers(self.config.port, "/health"):
                return
            time.sleep(0.1)
        raise AssertionError("the site did not come up")


@contextmanager
def running_site(server: Server, data_dir: Path, *, start: bool = True, web_processes: int = 1) -> Iterator[Site]:
    """A site with reference data and nothing else, stopped and dropped at the end."""
    with (
        database.copy_of_template(server) as urls,
        site_on(urls, data_dir, start=start, web_processes=web_processes) as site,
    ):
        yield site


@contextmanager
def site_on(urls: DatabaseUrls, data_dir: Path, *, start: bool = True, web_processes: int = 1) -> Iterator[Site]:
    """A site on a database that is there already, stopped at the end."""
    port, provider_port = free_port(), free_port()
    config = Config(
        environment=Environment.DEMO,
        secret_key="a key that is only for tests, 32 characters",
        base_url=f"http://localhost:{port}",  # passkeys belong to a name, never to a number
        data_dir=data_dir,
        host="127.0.0.1",
        port=port,
        database_url=urls.app,
        oidc_file=file_of_providers(data_dir, f"http://localhost:{provider_port}"),
        web_processes=web_processes,
        filings_per_address=1_000_000,
        api_requests_per_minute=1_000_000,
    )
    site = Site(config, commands.children(config), provider_port)
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


@dataclass
class ServedSite:
    """``knelpunt serve`` as an operator starts it, with a data folder and a port of its own."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        return (self.data_dir / "site.log").read_text(encoding="utf-8", errors="replace")

    def children(self, part: str) -> list[psutil.Process]:
        """The processes under the supervisor whose command holds this word, outermost first."""
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if part in " ".join(child.cmdline()):
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found

    def postmaster(self) -> psutil.Process:
        pid_file = self.data_dir / "database" / "data" / "postmaster.pid"
        return psutil.Process(int(pid_file.read_text(encoding="ascii").split()[0]))

    def wait_for(self, path: str, seconds: float) -> float:
        """Seconds until the address answers well."""
        began = time.monotonic()
        while not _answers(self.port, path):
            assert self.process.poll() is None, f"the supervisor ended: {self.log[-3000:]}"
            assert time.monotonic() - began < seconds, f"{path} does not answer after {seconds} seconds"
            time.sleep(0.05)
        return time.monotonic() - began

    def wait_until_greeted(self) -> None:
        """Until the supervisor itself says that the site is up."""
        deadline = time.monotonic() + START_SECONDS
        while f"http://localhost:{self.port}" not in self.log:
            assert self.process.poll() is None, f"the supervisor ended: {self.log[-3000:]}"
            assert time.monotonic() < deadline, "the site did not come up"
            time.sleep(0.1)
        self.wait_for("/health/db", START_SECONDS)


def start_serving(data_dir: Path, **settings: str) -> ServedSite:
    """Start the supervisor; its log is kept in the data folder."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    environ = {**kept, "KNELPUNT_DATA_DIR": str(data_dir), "PORT": str(port), **settings}
    with (data_dir / "site.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "knelpunt", "serve"],
            cwd=PROJECT_DIR, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    return ServedSite(data_dir, port, process)


@contextmanager
def served_site(data_dir: Path, **settings: str) -> Iterator[ServedSite]:
    """A site that is up, and stopped as an operator stops it."""
    site = start_serving(data_dir, **settings)
    try:
        site.wait_until_greeted()
        yield site
    finally:
        site.process.terminate()
        site.process.wait(90)


def _environ(config: Config) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)},
        "KNELPUNT_ENV": config.environment.value,
        "KNELPUNT_DATA_DIR": str(config.data_dir),
        "KNELPUNT_BASE_URL": config.base_url,
        "SECRET_KEY": config.secret_key,
        "DATABASE_URL": config.database_url or "",
        "KNELPUNT_OIDC_FILE": str(config.oidc_file or ""),
        "KNELPUNT_FILINGS_PER_ADDRESS": str(config.filings_per_address),
        "KNELPUNT_API_REQUESTS": str(config.api_requests_per_minute),
        "HOST": config.host,
        "PORT": str(config.port),
    }


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
