"""Databases for tests: one embedded server for all runs, one template per schema, one copy per test process."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psutil
from psycopg import errors
from psycopg._preparing import PrepareManager
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection, Dialect, NullPool, create_engine, text
from sqlalchemy.orm import Session

from config import MIGRATIONS_DIR, PROJECT_DIR
from knelpunt.adapters.database import embedded_database, rights, schema
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from knelpunt.extensions import db
from knelpunt.services.laws import reference

SERVER_DIR = PROJECT_DIR / ".test-database"
TEMPLATE_PREFIX = "template_"
COPY_PREFIX = "test_"
TEMPLATES_KEPT = 6
STATEMENTS_KEPT = 500
"""So many a connection keeps prepared, where psycopg would keep a hundred."""
UNDONE_BY_TESTS = ("clock_periods", "law_change_touches", "mailbox_state")
"""The tables from which tests take rows away that the application may not."""
# What the contents of the template follow from; a change in any of these makes a new one.
SOURCES = (
    "migrations/**/*.py",
    "knelpunt/models/**/*.py",
    "knelpunt/domain/vocabulary.py",
    "knelpunt/adapters/database/rights.py",
    "tests/support/database.py",
    "knelpunt/domain/laws/*.py",
    "knelpunt/adapters/files/*.py",
    "knelpunt/services/laws/loading.py",
    "knelpunt/services/laws/reference.py",
    "knelpunt/data/**/*",
)


@contextmanager
def running_server() -> Iterator[Server]:
    """The server that all test processes on this machine share; the last one to leave stops it."""
    server = embedded_database.start(SERVER_DIR)
    try:
        _spare_the_disk(server)
        yield server
    finally:
        embedded_database.stop(server)


def _spare_the_disk(server: Server) -> None:
    """Tests survive no power cut, so nothing need be on the disk for certain."""
    with server.connect_as_superuser() as connection:
        if connection.execute("SELECT 1 FROM pg_settings WHERE name = 'fsync' AND setting = 'on'").fetchone():
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")


@contextmanager
def copy_of_template(server: Server, *, migrated: bool = True) -> Iterator[DatabaseUrls]:
    """A database of one's own, with the schema of now, or empty; dropped afterwards."""
    template = ensure_template(server) if migrated else None
    name = f"{COPY_PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    urls = embedded_database.create_database(server, name, template)
    try:
        yield urls
    finally:
        embedded_database.drop_database(server, name)


def ensure_template(server: Server) -> str:
    """The name of the template of this schema; the first process that asks builds it, the others wait."""
    name = TEMPLATE_PREFIX + _fingerprint()
    with (SERVER_DIR / "template.lock").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        names = embedded_database.database_names(server)
        if name not in names:
            _build(server, name)
            _drop_left_behind(server, names)
    return name


def _let_tests_undo(urls: DatabaseUrls) -> None:
    """Tests take rows away that the application itself may not, to make a case that lacks something."""
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"GRANT DELETE ON {', '.join(UNDONE_BY_TESTS)} TO {rights.APP_ROLE}"))


def _build(server: Server, name: str) -> None:
    draft = f"{name}_draft"
    embedded_database.drop_database(server, draft)
    urls = embedded_database.create_database(server, draft)
    schema.upgrade(MIGRATIONS_DIR, urls.owner)
    _let_tests_undo(urls)
    engine = create_engine(urls.app, poolclass=NullPool)
    with Session(engine, autoflush=False) as session:
        reference.load_reference(session)
        session.commit()
    embedded_database.rename_database(server, draft, name)


def _drop_left_behind(server: Server, names: frozenset[str]) -> None:
    """Drop the copies of runs that were killed, and the oldest templates."""
    for name in names:
        if name.startswith(COPY_PREFIX) and not psutil.pid_exists(int(name.split("_")[1])):
            embedded_database.drop_database(server, name)
    with server.connect_as_superuser() as connection:
        templates = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND NOT datistemplate ORDER BY oid DESC",
            [TEMPLATE_PREFIX],
        ).fetchall()
    for (name,) in templates[TEMPLATES_KEPT:]:
        embedded_database.drop_database(server, name)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(found for found in PROJECT_DIR.glob(pattern) if found.is_file()):
            digest.update(str(path.relative_to(PROJECT_DIR)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def another_engine() -> Iterator[None]:
    """For an application beside the one that the tests share: afterwards theirs has its engine back."""
    shared = db.engine
    try:
        yield
    finally:
        db.forget_replica()
        if db.engine is not None and db.engine is not shared:
            db.engine.dispose()
        db.engine = shared
        if shared is not None:
            db.bind(shared)


def send_command(connection: Connection, command: str) -> None:
    """Send a command that gives no rows straight to the server.

    For savepoints: every request of a test makes one, and SQLAlchemy would compile each of its commands anew.
    """
    server = connection.connection.driver_connection.pgconn
    if server.transaction_status == TransactionStatus.IDLE:
        command = f"BEGIN; {command}"
    result = server.exec_(command.encode())
    if result.status != ExecStatus.COMMAND_OK:
        raise errors.error_from_result(result)


@contextmanager
def put_back(connection: Connection) -> Iterator[None]:
    """Afterwards everything is as it was, on a connection that several tests share."""
    send_command(connection, "SAVEPOINT before_the_test")
    try:
        yield
    finally:
        send_command(connection, "ROLLBACK TO SAVEPOINT before_the_test; RELEASE SAVEPOINT before_the_test")


class KeptStatements(PrepareManager):
    """Statements stay prepared when something is rolled back, since no test makes a table anew. psycopg forgets them,
    and tests roll back all the time: then the database plans each statement each time."""

    def clear(self) -> bool:
        return False


def _send_savepoints(dialect: Dialect) -> None:
    for name, command in (
        ("do_savepoint", "SAVEPOINT"),
        ("do_rollback_to_savepoint", "ROLLBACK TO SAVEPOINT"),
        ("do_release_savepoint", "RELEASE SAVEPOINT"),
    ):
        setattr(dialect, name, partial(_send_savepoint, command))


def _send_savepoint(command: str, connection: Connection, name: str) -> None:
    send_command(connection, f"{command} {name}")


@contextmanager
def bound_connection() -> Iterator[Connection]:
    """A connection that all requests use meanwhile; they commit into savepoints, and at the end nothing is left."""
    assert db.engine is not None
    _send_savepoints(db.engine.dialect)
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver._prepared, KeptStatements):
            driver._prepared = KeptStatements()
            driver.prepared_max = STATEMENTS_KEPT
        transaction = connection.begin()
        db.bind(connection, join_transaction_mode="create_savepoint")
        try:
            yield connection
        finally:
            db.bind(db.engine, join_transaction_mode="conditional_savepoint")
            transaction.rollback()


@contextmanager
def rolled_back() -> Iterator[tuple[Connection, Session]]:
    """A bound connection, and a session of one's own on it. For fixtures that outlive one test; a test has the fixtures
    ``connection`` and ``session``."""
    with (
        bound_connection() as connection,
        Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session,
    ):
        yield connection, session
