"""The whole database as one stream by PostgreSQL's own programs, and back; and a sum of its rows to compare both by."""

import hashlib
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.database.postgres import libpq_url

CHUNK_BYTES = 1024 * 1024
HEAD_LINES = 40
UNKNOWN_BEFORE_17 = b"SET transaction_timeout"
"""The one line that pg_restore writes for newer servers only, without looking which one it writes for."""
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
SEQUENCES = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
SAME_TEXT_EVERYWHERE = """
SET SESSION timezone = 'UTC'; SET SESSION datestyle = 'ISO, YMD'; SET SESSION intervalstyle = 'postgres';
SET SESSION bytea_output = 'hex'; SET SESSION extra_float_digits = 1;
SET SESSION statement_timeout = 0; SET SESSION idle_in_transaction_session_timeout = 0
"""


class DumpError(RuntimeError):
    """PostgreSQL's program refused; the text is what it said, without the contents of rows."""


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and a sum of all of them in which their order does not matter."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that belongs with the database: its random name, its size and what it holds."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of the database, kept open: the dump, the sums and the list of files are all of this moment."""

    connection: psycopg.Connection[Any]
    name: str

    def revision(self) -> str:
        row = self.connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return "" if row is None else str(row[0])

    def sums(self) -> dict[str, TableSum]:
        return sums(self.connection)

    def sequences(self) -> dict[str, int]:
        return dict(self.connection.execute(SEQUENCES).fetchall())

    def files(self) -> list[FileRow]:
        return files(self.connection)


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection in which a value has the same text on any server, and no wait ends early."""
    with psycopg.connect(libpq_url(url), connect_timeout=5, application_name="knelpunt-backup") as connection:
        connection.execute(SAME_TEXT_EVERYWHERE)
        connection.commit()
        yield connection


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Hold one moment of the database fast, while others go on writing."""
    with connected(url) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None  # noqa: S101 - a function always has a value
        yield Snapshot(connection, row[0])


def files(connection: psycopg.Connection[Any]) -> list[FileRow]:
    """Every file that a row vouches for."""
    rows = connection.execute(
        "SELECT stored_name, size, sha256 FROM attachments WHERE removed_at IS NULL"
        " UNION ALL SELECT stored_name, size, sha256 FROM import_runs WHERE stored_name IS NOT NULL ORDER BY 1"
    )
    return [FileRow(*row) for row in rows]


def tables(connection: psycopg.Connection[Any]) -> list[str]:
    return [name for (name,) in connection.execute(TABLES)]


def sums(connection: psycopg.Connection[Any]) -> dict[str, TableSum]:
    """Read every row of every table once, in bounded memory."""
    return {table: _sum(connection, table) for table in tables(connection)}


def _sum(connection: psycopg.Connection[Any], table: str) -> TableSum:
    rows, total, rest = 0, 0, b""
    statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in copy:
            *lines, rest = (rest + bytes(piece)).split(b"\n")  # a row is a line: a line break in a text is escaped
            for line in lines:
                rows += 1
                total += int.from_bytes(hashlib.sha256(line).digest())
    return TableSum(rows, f"{total % 2**256:064x}")


def different(expected: dict[str, TableSum], found: dict[str, TableSum]) -> Iterator[str]:
    """What differs, a line a table; nothing of what the rows say."""
    for table in sorted({*expected, *found}):
        here, there = found.get(table), expected.get(table)
        if here is None or there is None:
            yield f"table {table} is {'missing' if here is None else 'not of the backup'}"
        elif here.rows != there.rows:
            yield f"table {table} has {here.rows} rows; the backup has {there.rows}"
        elif here != there:
            yield f"table {table} has as many rows, and at least one is another"


@contextmanager
def dumped(url: str, name: str) -> Iterator[IO[bytes]]:
    """The database at the moment of a snapshot, as pg_dump's own kind of file.

    Raises:
        DumpError: pg_dump did not come to its end; what was read until then is no dump.
    """
    options = ("--format=custom", f"--snapshot={name}", "--no-owner", "--no-privileges")
    with _program("pg_dump", *options, url=url, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        yield process.stdout


def load(url: str, write: Callable[[IO[bytes]], None]) -> None:
    """Bring a dump into an empty database, all of it or nothing.

    Args:
        write: writes the dump to the file that it is given.
    Raises:
        DumpError: the server refused it.
    """
    psql = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse")
    with _program("psql", *psql, url=url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as loader:
        assert loader.stdin is not None  # noqa: S101 - asked for above
        try:
            _as_statements(write, loader.stdin)
            loader.stdin.close()
        except BrokenPipeError:  # psql ended first: its own reason counts
            loader.wait()


def _as_statements(write: Callable[[IO[bytes]], None], target: IO[bytes]) -> None:
    """Let pg_restore make statements of a dump. Whatever is raised here, psql must not take for the end of them."""
    options = ("--file=-", "--no-owner", "--no-privileges", "--no-comments")
    feeder = _Feeder(write)
    try:
        with _program("pg_restore", *options, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
            assert reader.stdin is not None and reader.stdout is not None  # noqa: S101 - asked for above
            feeder.target = reader.stdin
            feeder.start()
            _pass_on(reader.stdout, target)
            feeder.join()
    except DumpError:
        if feeder.error is None:
            raise
    if feeder.error is not None:
        raise feeder.error


class _Feeder(threading.Thread):
    """Writes a dump to a program, while its answer is read."""

    def __init__(self, write: Callable[[IO[bytes]], None]) -> None:
        super().__init__(name="dump", daemon=True)
        self._write = write
        self.target: IO[bytes] | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        assert self.target is not None  # noqa: S101 - set before the start
        try:
            with self.target:
                self._write(self.target)
        except BrokenPipeError:  # the program ended: it says why
            return
        except Exception as error:
            self.error = error


def _pass_on(source: IO[bytes], target: IO[bytes]) -> None:
    for _ in range(HEAD_LINES):
        line = source.readline()
        if not line.startswith(UNKNOWN_BEFORE_17):
            target.write(line)
    while piece := source.read(CHUNK_BYTES):
        target.write(piece)
    target.flush()


@contextmanager
def _program(name: str, *options: str, url: str | None = None, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs. The password goes by its environment: anybody may read a command line."""
    environ = {**os.environ, "LC_ALL": "C"}
    command = [str(embedded_database.programs() / name), *options]
    if url is not None:
        address: dict[str, Any] = conninfo_to_dict(libpq_url(url))
        if password := address.pop("password", None):
            environ["PGPASSWORD"] = password
        command.append(f"--dbname={make_conninfo(**address)}")
    with tempfile.TemporaryFile("w+b") as said:
        process = subprocess.Popen(command, env=environ, stderr=said, **pipes)
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None and not pipe.closed:
                    with suppress(BrokenPipeError):
                        pipe.close()
            status = process.wait()
        if status != 0:
            said.seek(0)
            raise DumpError(_in_words(name, status, said.read().decode("utf-8", "replace")))


def _in_words(name: str, status: int, said: str) -> str:
    """What a program complained of. Lines with details are left out: they quote rows."""
    lines = [line for line in said.splitlines() if "error:" in line.lower() or "fatal:" in line.lower()]
    return f"{name} ended with {status}. {' '.join(lines[:3])}".strip()
