"""Writes thousands of rows at once with PostgreSQL's COPY, in the transaction of the session."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session


def copy_rows(session: Session, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns. Defaults of the mapped classes are not filled in; give every column.

    Closed lists go in as their stored value, dicts and lists as JSON.
    """
    if not rows:
        return
    columns = list(rows[0])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver = session.connection().connection.driver_connection
    if driver is None:
        raise RuntimeError("The session has no connection.")
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_plain(row[name]) for name in columns])


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict | list):
        return Jsonb(value)
    return value
