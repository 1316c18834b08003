"""The people round a case, and a counter of statements."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event

from tests.support.desk import Desk


@pytest.fixture
def desk(session, make) -> Desk:
    return Desk(session, make)


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


@pytest.fixture
def post(session, client_as):
    """``post(account, case, "toewijzen", handler_id=…)`` fills in the version that the page shows now."""

    def send(account, case, step, **data):
        session.refresh(case)
        data.setdefault("version", str(case.version))
        return client_as(account).post(f"/zaken/{case.reference}/{step}", data=data)

    return send
