"""Counts statements, so that a page is proved to ask as many questions for much as for little."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event


@pytest.fixture
def statements(connection: Connection) -> Callable[[], AbstractContextManager[list[str]]]:
    """``with statements() as seen:`` collects the SELECT statements of what happens inside."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        yield seen
        event.remove(connection, "before_cursor_execute", note)

    return counting
