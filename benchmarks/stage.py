"""Databases full of made-up cases: one kept for each number of cases, and a copy of it for each run.

The cases are written by COPY, with their events properly chained. Same number and day, same cases.
"""

import hashlib
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import chain, islice
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from benchmarks.cases import Life, Place, Row, Rule, World
from benchmarks.words import Writer
from config import MIGRATIONS_DIR, PROJECT_DIR
from knelpunt.adapters.database import embedded_database, schema
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from knelpunt.adapters.words.search_terms import to_document
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Base
from knelpunt.services.core.events import FIRST_HASH, chained_hash
from knelpunt.services.figures.ledger import rebuild
from knelpunt.services.laws import reference

Connection = psycopg.Connection[Any]
LISTS = (
    "INSERT INTO similar_cases (case_id, others, due_at) SELECT case_id, coalesce(array_agg(case_id) OVER (ORDER BY"
    " case_id ROWS BETWEEN 1 FOLLOWING AND 6 FOLLOWING), '{}'), now() + interval '3 days' FROM published_cases"
    " WHERE withdrawn_on IS NULL"
)
"""What is like a case is never found of made-up ones, whose words are drawn: the next ones stand in for it."""
FOLDER = PROJECT_DIR / "var" / "bench"
SOURCES = ("migrations/**/*.py", "knelpunt/data/**/*", "benchmarks/cases.py", "benchmarks/stage.py",
           "benchmarks/words.py", "knelpunt/adapters/words/search_terms.py")  # fmt: skip
"""What the contents of a kept database follow from; a change in any of these makes a new one."""
SEED = 7
YEARS = 5
CHUNK = 5000
WRITTEN = ("cases", "contacts", "follow_links", "clock_periods", "clock_suspensions", "assessments", "reviews",
           "proposals", "messages", "notes", "public_texts", "published_cases")  # fmt: skip
TABLES = (*WRITTEN, "events", "case_search")
COLUMNS = {table: [column.key for column in Base.metadata.tables[table].columns] for table in TABLES}
STAFF = {
    Role.HANDLER: 30,
    Role.TRIAGER: 6,
    Role.REVIEWER: 6,
    Role.HEAD_OF_DESK: 1,
    Role.REPORT_AUTHOR: 1,
    Role.AUDITOR: 1,
}


@contextmanager
def database_server(folder: Path) -> Iterator[Server]:
    server = embedded_database.start(folder)
    try:
        yield server
    finally:
        embedded_database.stop(server)


@contextmanager
def session_of(urls: DatabaseUrls) -> Iterator[Session]:
    """A session as the application's role; what it writes is kept when somebody commits it."""
    engine = create_engine(urls.app, poolclass=NullPool)
    with Session(engine, autoflush=False) as session:
        yield session
    engine.dispose()


def new_database(server: Server, name: str) -> DatabaseUrls:
    """A database with the schema and the reference data of now; an earlier one of this name is dropped."""
    embedded_database.drop_database(server, name)
    urls = embedded_database.create_database(server, name)
    schema.upgrade(MIGRATIONS_DIR, urls.owner)
    with session_of(urls) as session:
        reference.load_reference(session)
        session.commit()
    return urls


def ensure_filled(server: Server, cases: int, today: date) -> str:
    """The name of the database with this many cases; made when it is not there. One of another day is dropped."""
    prefix = f"cases_{cases}_"
    name = prefix + _fingerprint(today)
    names = embedded_database.database_names(server)
    if name in names:
        return name
    for other in names:
        if other.startswith(prefix):
            embedded_database.drop_database(server, other)
    new_database(server, f"{name}_draft")
    with server.connect_as_superuser(f"{name}_draft") as connection, connection.transaction():
        fill(connection, cases, today)
    _make_ledger(server, f"{name}_draft")
    with server.connect_as_superuser(f"{name}_draft") as connection:
        connection.execute("VACUUM ANALYZE")
    embedded_database.rename_database(server, f"{name}_draft", name)
    return name


def _make_ledger(server: Server, name: str) -> None:
    """The figures of rows that no act of the site made, as ``knelpunt figures rebuild`` makes them; says how long."""
    started = time.perf_counter()
    with session_of(embedded_database.ensure_database(server, name)) as session:
        done = list(rebuild(session, datetime.now(UTC)))
    print(f"ledger of {done[-1] if done else 0} cases in {time.perf_counter() - started:.0f} s")


def copy_name(cases: int) -> str:
    """What this process calls its copy."""
    return f"run_{cases}_{os.getpid()}"


@contextmanager
def copy_of(server: Server, cases: int, today: date) -> Iterator[DatabaseUrls]:
    """A copy of one's own of the database with this many cases; dropped afterwards."""
    name = copy_name(cases)
    embedded_database.drop_database(server, name)
    urls = embedded_database.create_database(server, name, ensure_filled(server, cases, today))
    try:
        yield urls
    finally:
        embedded_database.drop_database(server, name)


def _fingerprint(today: date) -> str:
    digest = hashlib.sha256(today.isoformat().encode())
    for pattern in SOURCES:
        for path in sorted(found for found in PROJECT_DIR.glob(pattern) if found.is_file()):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


# --- filling


def filing_days(cases: int, today: date) -> Iterator[date]:
    """The days on which cases are filed, in order, spread evenly over the years before today."""
    span = YEARS * 365
    for number in range(cases):
        yield today - timedelta(days=span - number * span // cases)


def fill(connection: Connection, cases: int, today: date) -> None:
    """Fill a database that holds the reference data only. The connection is the superuser's, in a transaction.

    Indexes are dropped first and made again at the end; foreign keys are not checked row by row.
    """
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET maintenance_work_mem = '512MB'")
    indexes = _drop_indexes(connection)
    _staff(connection)
    world = _world(connection, today)
    events: list[Row] = []
    waiting: dict[str, list[Row]] = defaultdict(list)
    for number, filed_on in enumerate(filing_days(cases, today), 1):
        life = Life(world, filed_on)
        waiting["cases"].append(life.case)
        for table, rows in life.rows.items():
            waiting[table].extend(rows)
        events.extend(life.events)
        if number % CHUNK == 0 or number == cases:
            _write(connection, waiting)
    events.sort(key=lambda event: event["recorded_at"])
    _copy(connection, "events", _chained(events))
    for year, last in world.numbers.items():
        connection.execute("INSERT INTO case_numbers VALUES (%s, %s)", [year, last])
    for table, ids in world.ids.items():
        if "id" in COLUMNS[table]:
            connection.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, next(ids)])
    for definition in indexes:
        connection.execute(definition)
    connection.execute(LISTS)


def _drop_indexes(connection: Connection) -> list[bytes]:
    """Drop the plain indexes of the filled tables; how to make them again."""
    found = connection.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s) AND NOT EXISTS"
        " (SELECT FROM pg_constraint c WHERE c.conindid = format('%%I', i.indexname)::regclass)",
        [list(TABLES)],
    ).fetchall()
    for name, _definition in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition.encode() for _name, definition in found]


def _staff(connection: Connection) -> None:
    """Accounts for the desk, and one that may file for each municipality."""
    organisations = "SELECT id FROM organisations WHERE kind = %s ORDER BY id"
    desk = connection.execute(organisations, ["ministerie"]).fetchall()[0][0]
    places = connection.execute(organisations, ["gemeente"]).fetchall()
    people = [(role, number, desk) for role, total in STAFF.items() for number in range(1, total + 1)]
    people += [(Role.FILER, number, place) for number, (place,) in enumerate(places, 1)]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO accounts (email, name, role, organisation_id, is_active, is_demo, created_at, version)"
            " VALUES (%s, %s, %s, %s, true, false, %s, 1)",
            [
                (
                    f"{role.value}{number}@voorbeeld.example",
                    f"{role.value.replace('_', ' ').capitalize()} {number}",
                    role.value,
                    organisation,
                    datetime.now(UTC),
                )
                for role, number, organisation in people
            ],
        )
    connection.execute("UPDATE reference_version SET version = version + 1")


def _world(connection: Connection, today: date) -> World:
    draw = random.Random(SEED)

    def people(role: Role) -> list[int]:
        return [row[0] for row in connection.execute("SELECT id FROM accounts WHERE role = %s ORDER BY id", [role])]

    places = connection.execute(
        "SELECT m.id, m.province_id, o.id, a.id FROM municipalities m LEFT JOIN organisations o"
        " ON o.municipality_id = m.id LEFT JOIN accounts a ON a.organisation_id = o.id AND a.role = 'indiener'"
        " WHERE m.valid_to IS NULL ORDER BY m.id"
    )
    rules = connection.execute(
        "SELECT p.id, l.id, l.key, l.citation_title, p.key, p.article, p.instrument FROM provisions p"
        " JOIN laws l ON l.id = p.law_id ORDER BY p.id"
    )
    return World(
        today=today,
        random=draw,
        writer=Writer(draw),
        places=[Place(*row) for row in places],
        rules=[Rule(*row) for row in rules],
        handlers=people(Role.HANDLER),
        triagers=people(Role.TRIAGER),
        reviewers=people(Role.REVIEWER),
    )


def _write(connection: Connection, waiting: dict[str, list[Row]]) -> None:
    """Write what waits, the search terms of its cases and published texts too."""
    answers = {row["case_id"]: f"{row['title']}\n{row['question']}\n{row['answer']}" for row in waiting["public_texts"]}
    connection.execute("CREATE TEMP TABLE document (case_id bigint, document text) ON COMMIT DROP")
    with connection.cursor() as cursor, cursor.copy("COPY document FROM STDIN") as copy:
        for case in waiting["cases"]:
            words = [case["reference"], case["title"], case["description"], answers.get(case["id"], "")]
            copy.write_row((case["id"], to_document("\n".join(words))))
    connection.execute("INSERT INTO case_search SELECT case_id, to_tsvector('simple', document) FROM document")
    for row in waiting["published_cases"]:
        row["terms"] = ""
    for table in WRITTEN:
        _copy(connection, table, waiting[table])
    connection.execute(
        "UPDATE published_cases p SET terms = s.terms FROM case_search s"
        " WHERE s.case_id = p.case_id AND p.case_id IN (SELECT case_id FROM document)"
    )
    connection.execute("DROP TABLE document")
    waiting.clear()


def _copy(connection: Connection, table: str, rows: Iterable[Row]) -> None:
    """Copy rows; a column that none of the first ones names gets the default of the database."""
    rows = iter(rows)
    first = list(islice(rows, CHUNK))
    columns = [name for name in COLUMNS[table] if any(name in row for row in first)]
    if not first:
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in chain(first, rows):
            copy.write_row([_plain(row.get(name)) for name in columns])


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return Jsonb(value) if isinstance(value, dict | list) else value


def _chained(events: list[Row]) -> Iterator[Row]:
    """The events in their order, each with its number, the hash before it and its own."""
    previous = FIRST_HASH
    for number, event in enumerate(events, 1):
        event["number"], event["previous_hash"] = number, previous
        previous = event["hash"] = chained_hash(event)
        yield event
