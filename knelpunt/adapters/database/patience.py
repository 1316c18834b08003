"""How long anything waits for the database, and what happens when it hangs: an end to every wait, and one who keeps
asking in the place of all others."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors, generators
from psycopg.pq import ExecStatus, TransactionStatus

ASK_AGAIN_SECONDS = 0.5
SILENT = "the database does not answer"


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds to wait at most: for a connection, a statement, a lock, a place in the pool, and, whatever the server
    itself keeps to, for any answer at all."""

    connect: int
    statement: float
    lock: float
    pool: float
    answer: float

    @property
    def settings(self) -> dict[str, str]:
        """What the server is asked to keep to."""
        return {
            "timezone": "UTC",
            "statement_timeout": f"{self.statement * 1000:.0f}",
            "lock_timeout": f"{self.lock * 1000:.0f}",
            "idle_in_transaction_session_timeout": "60000",
        }

    @property
    def for_connection(self) -> str:
        """As libpq passes it on when it connects: it holds for the whole connection, and costs nothing."""
        return " ".join(f"-c {name}={value}" for name, value in self.settings.items())

    @property
    def for_transaction(self) -> tuple[bytes, ...]:
        """As each transaction begins, for a pooler: that refuses the other way, and the next transaction on the same
        connection may be somebody else's."""
        return b"BEGIN", *(f"SET LOCAL {name} = '{value}'".encode() for name, value in self.settings.items())


FOR_VISITORS = Waits(connect=2, statement=3.5, lock=3, pool=2, answer=4)
"""A page answers within five seconds, be it with words."""
FOR_WORK = Waits(connect=5, statement=15, lock=5, pool=30, answer=120)
"""Commands and the worker, for whom nobody waits."""


class Outage:
    """Whether the database hangs. Whoever waited in vain notes it; until a thread that keeps asking gets an answer,
    nobody else need wait."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self.is_on = False

    def note(self) -> None:
        with self._lock:
            if self.is_on:
                return
            self.is_on = True
        threading.Thread(target=self._wait_for_end, name="database-outage", daemon=True).start()

    def _wait_for_end(self) -> None:
        while True:
            time.sleep(ASK_AGAIN_SECONDS)
            with suppress(psycopg.Error):
                self._ask()
                self.is_on = False
                return


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is given up when the server falls silent, as if it had been broken.

    The server's own limits do not help when the server itself hangs, or the network between: psycopg would wait
    without end.
    """

    longest_wait: float | None = None
    begins_with: tuple[bytes, ...] = ()
    """What every transaction begins with, behind a pooler: BEGIN, and the limits."""
    when_silent: Callable[[], None] | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, self.longest_wait if timeout is None else timeout)
        except errors._WaitTimeout:
            self.pgconn.finish()
            if self.when_silent is not None:
                self.when_silent()
            raise psycopg.OperationalError(SILENT) from None

    def _start_query(self) -> Any:
        """What psycopg does before the first statement of a transaction, in one message with the limits."""
        if not self.begins_with or self.autocommit or self.pgconn.transaction_status != TransactionStatus.IDLE:
            yield from super()._start_query()
            return
        if self._pipeline:  # of many rows at once: there each command goes by itself
            for command in self.begins_with:
                yield from self._exec_command(command)
            yield from self._pipeline._sync_gen()
            return
        self.pgconn.send_query(b"; ".join(self.begins_with))
        for result in (yield from generators.execute(self.pgconn)):
            if result.status != ExecStatus.COMMAND_OK:
                raise psycopg.errors.error_from_result(result)


def connect(
    waits: Waits, when_silent: Callable[[], None] | None, *args: Any, is_pooled: bool = False, **options: Any
) -> PatientConnection:
    """Open a connection that keeps to these waits; SQLAlchemy's arguments are passed on.

    Args:
        is_pooled: it leads to a pooler (pgbouncer), which lends its connections out for a transaction each.
    """
    if not is_pooled:
        options["options"] = waits.for_connection
    try:
        connection = PatientConnection.connect(*args, **options)
    except errors.ConnectionTimeout:
        if when_silent is not None:
            when_silent()
        raise
    connection.longest_wait = waits.answer
    connection.begins_with = waits.for_transaction if is_pooled else ()
    connection.when_silent = when_silent
    return connection
