"""Writes made-up cases into an empty database by COPY, with their events properly chained."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import chain, islice
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from benchmarks.lives import Life
from benchmarks.traces import Place, Row, Rule, World
from benchmarks.words import Writer
from knelpunt.adapters.words.search_terms import to_document
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Base
from knelpunt.services.core.events import FIRST_HASH, chained_hash

SEED = 7
YEARS = 5
CHUNK = 5000
LOOKED_AT = CHUNK
TABLES = (
    "cases",
    "contacts",
    "follow_links",
    "clock_periods",
    "clock_suspensions",
    "assessments",
    "reviews",
    "proposals",
    "messages",
    "notes",
    "public_texts",
    "published_cases",
    "events",
    "case_search",
)
STAFF = {
    Role.HANDLER: 30,
    Role.TRIAGER: 6,
    Role.REVIEWER: 6,
    Role.HEAD_OF_DESK: 1,
    Role.REPORT_AUTHOR: 1,
    Role.AUDITOR: 1,
}
COLUMNS = {table: [column.key for column in Base.metadata.tables[table].columns] for table in TABLES}


def filing_days(cases: int, today: date) -> Iterator[date]:
    """The days on which cases are filed, in order, spread evenly over the years before today."""
    span = YEARS * 365
    for number in range(cases):
        yield today - timedelta(days=span - number * span // cases)


def fill(connection: psycopg.Connection[Any], cases: int, today: date) -> None:
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
        if number % CHUNK == 0:
            _write(connection, waiting)
    _write(connection, waiting)
    events.sort(key=lambda event: event["recorded_at"])
    _copy(connection, "events", _chained(events))
    for year, last in world.numbers.items():
        connection.execute("INSERT INTO case_numbers VALUES (%s, %s)", [year, last])
    for table, ids in world.ids.items():
        name = sql.Literal(table)
        connection.execute(sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), %s)").format(name), [next(ids)])
    for definition in indexes:
        connection.execute(definition)


def _drop_indexes(connection: psycopg.Connection[Any]) -> list[bytes]:
    """Drop the plain indexes of the filled tables; how to make them again."""
    found = connection.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s) AND NOT EXISTS"
        " (SELECT FROM pg_constraint c WHERE c.conindid = format('%%I', i.indexname)::regclass)",
        [list(TABLES)],
    ).fetchall()
    for name, _definition in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition.encode() for _name, definition in found]


def _staff(connection: psycopg.Connection[Any]) -> None:
    """Accounts for the desk, and one that may file for each municipality."""
    now = datetime.now(UTC)
    desk = connection.execute("SELECT id FROM organisations WHERE kind = 'ministerie' ORDER BY id LIMIT 1").fetchone()
    places = connection.execute("SELECT id FROM organisations WHERE kind = 'gemeente' ORDER BY id").fetchall()
    people = [(role, number, desk[0]) for role, total in STAFF.items() for number in range(1, total + 1) if desk]
    people += [(Role.FILER, number, place) for number, (place,) in enumerate(places, 1)]
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY accounts (email, name, role, organisation_id, is_active, is_demo, created_at, version) FROM STDIN"
        ) as copy,
    ):
        for role, number, organisation in people:
            name = f"{role.value.replace('_', ' ').capitalize()} {number}"
            address = f"{role.value}{number}@voorbeeld.example"
            copy.write_row((address, name, role.value, organisation, True, False, now, 1))
    connection.execute("UPDATE reference_version SET version = version + 1")


def _world(connection: psycopg.Connection[Any], today: date) -> World:
    draw = random.Random(SEED)

    def people(role: Role) -> list[int]:
        return [row[0] for row in connection.execute("SELECT id FROM accounts WHERE role = %s ORDER BY id", [role])]

    places = connection.execute(
        "SELECT m.id, m.province_id, o.id, a.id FROM municipalities m LEFT JOIN organisations o"
        " ON o.municipality_id = m.id LEFT JOIN accounts a ON a.organisation_id = o.id AND a.role = 'indiener'"
        " WHERE m.valid_to IS NULL ORDER BY m.id"
    ).fetchall()
    rules = connection.execute(
        "SELECT p.id, l.id, l.key, l.citation_title, p.key, p.article, p.instrument FROM provisions p"
        " JOIN laws l ON l.id = p.law_id ORDER BY p.id"
    ).fetchall()
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


def _write(connection: psycopg.Connection[Any], waiting: dict[str, list[Row]]) -> None:
    """Write what waits, the search terms of its cases and published texts too."""
    answers = {row["case_id"]: f"{row['title']}\n{row['question']}\n{row['answer']}" for row in waiting["public_texts"]}
    terms = [
        (case["id"], "\n".join([case["reference"], case["title"], case["description"], answers.get(case["id"], "")]))
        for case in waiting["cases"]
    ]
    connection.execute("CREATE TEMP TABLE document (case_id bigint, document text) ON COMMIT DROP")
    with connection.cursor() as cursor, cursor.copy("COPY document FROM STDIN") as copy:
        for case_id, text in terms:
            copy.write_row((case_id, to_document(text)))
    connection.execute("INSERT INTO case_search SELECT case_id, to_tsvector('simple', document) FROM document")
    for row in waiting["published_cases"]:
        row["terms"] = ""
    for table in TABLES:
        if table not in ("events", "case_search"):
            _copy(connection, table, waiting[table])
    connection.execute(
        "UPDATE published_cases p SET terms = s.terms FROM case_search s"
        " WHERE s.case_id = p.case_id AND p.case_id IN (SELECT case_id FROM document)"
    )
    connection.execute("DROP TABLE document")
    waiting.clear()


def _copy(connection: psycopg.Connection[Any], table: str, rows: Iterable[Row]) -> None:
    """Copy rows; a column that none of the first ones names gets the default of the database."""
    rows = iter(rows)
    first = list(islice(rows, LOOKED_AT))
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
