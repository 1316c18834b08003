"""The people round a case, and a counter of statements."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event


@pytest.fixture
def statements(connection: Connection):
    """``with statements() as sent:`` collects what goes to the database, savepoints left out."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            if "SAVEPOINT" not in statement:
                sent.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return collect
