"""Fixtures: a database copy per test process, one rolled-back connection per test, and clients that check pages."""

import fcntl
import gc
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, create_engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Config, Environment
from knelpunt.adapters import passwords
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from knelpunt.adapters.database.patience import FOR_WORK
from knelpunt.application import create_app
from knelpunt.extensions import db
from knelpunt.models import Account
from knelpunt.services.figures import ledger
from tests.support import database, html, login, sign_on
from tests.support.asker import Asker, cookies_of
from tests.support.every_page import Seen, every_page
from tests.support.factories import Factory
from tests.support.world import World

ClientAs = Callable[[Account], "PageClient"]


COSTLY, passwords._HASHER = passwords._HASHER, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""What a site hashes passwords with. In tests each would cost more than all else that a test does."""


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: a test that waits for a server or a clock leaves one idle."""
    return (os.cpu_count() or 1) + 1


class PageClient(FlaskClient):
    """A browser's part in a test: sends the test's rows first, forgets them after, and checks each page it gets."""

    test_session: Session | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.test_session is not None:
            self.test_session.flush()
            ledger.settle(self.test_session)
        kwargs.setdefault("buffered", True)  # reads the whole answer and closes files that it was sent from
        response = super().open(*args, **kwargs)
        if self.test_session is not None:
            self.test_session.expire_all()
        is_redirect = 300 <= response.status_code < 400
        if response.mimetype == "text/html" and not is_redirect and response.data:
            faults = html.faults_in(response.get_data(as_text=True))
            assert not faults, f"{response.request.path} ({response.status_code}): {'; '.join(faults)}"
        return response


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    with database.running_server() as server:
        yield server


@pytest.fixture
def server_dir() -> Iterator[Path]:
    """A folder for a database server. Not pytest's own: each new run of pytest closes that to the server's user."""
    with tempfile.TemporaryDirectory(prefix="knelpunt-test-") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def database_urls(database_server: Server) -> Iterator[DatabaseUrls]:
    """The database of this test process: everything migrated, with the reference data, no accounts and no cases."""
    with database.copy_of_template(database_server) as urls:
        yield urls


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def test_config(database_urls: DatabaseUrls, data_dir: Path) -> Config:
    return Config(
        oidc_file=sign_on.file_of_providers(data_dir),
        environment=Environment.TEST,
        secret_key="a key that is only for tests, 32 characters",
        base_url="http://localhost",
        data_dir=data_dir,
        database_url=database_urls.app,
        database_owner_url=database_urls.owner,
        api_requests_per_minute=1_000_000,
    )


@pytest.fixture(scope="session")
def app(test_config: Config, run_folder: Path) -> Iterator[Flask]:
    app = create_app(test_config, FOR_WORK)
    for name in ("templates", "shapes"):
        (run_folder / name).mkdir(exist_ok=True)
    # One process compiles a template, and finds a page of some shape in order, for all of them.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(run_folder / "templates"))
    html.share(run_folder / "shapes")
    gc.collect()
    gc.freeze()  # what stays to the end need not be walked at each collection
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = PageClient
    yield app
    assert db.engine is not None
    db.engine.dispose()


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """The one connection of a test. Requests commit into savepoints on it; at the end all of it is rolled back."""
    with database.bound_connection() as connection:
        yield connection


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """The test's own session: another one than the request's, so that a forgotten commit shows."""
    with Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session


@pytest.fixture
def in_turn(subtests: pytest.Subtests, connection: Connection, session: Session) -> Callable[..., Any]:
    """``with in_turn(name):`` one of several cases that begin alike, where the beginning is what takes time. Each is
    told by its name when it fails, and leaves all as it was before it."""

    @contextmanager
    def one(name: object) -> Iterator[None]:
        session.flush()
        with subtests.test(str(name)), database.put_back(connection):
            yield
        session.expire_all()

    return one


@pytest.fixture
def make(session: Session) -> Factory:
    """Makes rows; flushes and never commits."""
    return Factory(session)


@pytest.fixture
def client(app: Flask, session: Session) -> PageClient:
    """A visitor who is not logged in."""
    return _client(app, session)


@pytest.fixture
def client_as(app: Flask, session: Session) -> ClientAs:
    """``client_as(account)``: a browser in which that account is logged in; each call is another browser."""

    def log_in(account: Account) -> PageClient:
        client = _client(app, session)
        login.log_in(app, client, session, account)
        return client

    return log_in


def _client(app: Flask, session: Session) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.test_session = session
    return client


@pytest.fixture(scope="session")
def pages(app: Flask, run_folder: Path) -> list[Seen]:
    """Every page of the site, made by the test process that asks first, and read by the others."""
    kept = run_folder / "every-page.pickle"
    with (run_folder / "every-page.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_every_page(app)))
    made: list[Seen] = pickle.loads(kept.read_bytes())
    return made


def _every_page(app: Flask) -> list[Seen]:
    with database.rolled_back() as (connection, session):
        world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
        return every_page(Asker(app, connection, world, cookies_of(app, world.tokens)), session)


@pytest.fixture
def own_database(app: Flask, database_server: Server) -> Iterator[DatabaseUrls]:
    """A real database for this one test, for what needs several connections at once; commits are commits."""
    with database.copy_of_template(database_server) as urls, database.another_engine():
        db.engine = create_engine(urls.app, pool_size=8)
        db.bind(db.engine)
        yield urls
