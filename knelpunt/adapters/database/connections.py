"""The connections of a process: one engine, a second one to a replica where there is one, and sessions on them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from knelpunt.adapters.database import patience
from knelpunt.adapters.database.patience import Outage, PatientConnection, Waits
from knelpunt.adapters.database.postgres import libpq_url

REPLICA_REST_SECONDS = 10.0
"""How long nobody asks a replica that did not answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database is. ``read_url``: a copy of it that follows; ``is_pooled``: both lead to a pooler."""

    url: str
    read_url: str | None = None
    is_pooled: bool = False
    pool_size: int = 4


class Connections:
    """One engine a process, and who asks for a session gets it here. Nothing else in the project makes either."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        self._replica: Engine | None = None
        self._replica_rests_until = 0.0
        self._outage: Outage | None = None
        self.make_session: sessionmaker[Session] = sessionmaker(autoflush=False, expire_on_commit=False)

    def forget_replica(self) -> None:
        """Read everything from the database itself from now on."""
        if self._replica is not None:
            self._replica.dispose()
        self._replica, self._replica_rests_until = None, 0.0

    def connect(self, place: Place, waits: Waits) -> None:
        """Make the engines; they connect when they are used."""
        options = _options(place, waits)
        outage = self._outage = Outage(lambda: _ask(place.url, waits, options))
        self.engine = _engine(place.url, place, waits, outage.note)
        self.forget_replica()
        if place.read_url is not None:
            # One that was started again is noticed before a page is made with it.
            self._replica = _engine(place.read_url, place, waits, self._rest_replica, pool_pre_ping=True)
        self.bind(self.engine)

    def dispose(self) -> None:
        """Close the connections of this process."""
        for engine in (self.engine, self._replica):
            if engine is not None:
                engine.dispose()

    @property
    def hangs(self) -> bool:
        """Whether somebody waited for the database in vain, and nobody heard from it since."""
        return self._outage is not None and self._outage.is_on

    def bind(self, bind: Any, **options: Any) -> None:
        """Let sessions use another engine or connection; tests bind a connection that is rolled back."""
        self.make_session.configure(bind=bind, **options)

    def new_session(self) -> Session:
        """A session that its maker closes."""
        return self.make_session()

    def new_reading_session(self) -> Session:
        """A session for what may be some seconds old: on the replica, and on the database itself where there is none
        or it does not answer."""
        if self._replica is None or time.monotonic() < self._replica_rests_until:
            return self.make_session()
        session = self.make_session(bind=self._replica)
        try:
            session.connection()
        except (DBAPIError, PoolTimeoutError):
            session.invalidate()
            self._rest_replica()
            return self.make_session()
        return session

    def _rest_replica(self) -> None:
        self._replica_rests_until = time.monotonic() + REPLICA_REST_SECONDS
        structlog.get_logger().warning("replica away", wait_seconds=REPLICA_REST_SECONDS)


def fix_moment(session: Session) -> None:
    """Let a session see the database as it is at its next question, until its transaction ends: what others do
    meanwhile, it does not see. For long reading that holds one thing against another, before a transaction begins.

    Raises:
        InvalidRequestError: a transaction has begun.
    """
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _options(place: Place, waits: Waits) -> dict[str, Any]:
    return {
        "connect_timeout": waits.connect,
        "tcp_user_timeout": int(waits.answer * 1000),
        "application_name": "knelpunt",
        "is_pooled": place.is_pooled,
    }


def _engine(url: str, place: Place, waits: Waits, when_silent: Callable[[], None], **options: Any) -> Engine:
    engine = create_engine(
        url,
        pool_size=place.pool_size,
        max_overflow=5,
        pool_timeout=waits.pool,
        connect_args=_options(place, waits),
        **options,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, settings: Any) -> PatientConnection:
        return patience.connect(waits, when_silent, *args, **settings)

    return engine


def _ask(url: str, waits: Waits, options: Any) -> None:
    """Ask the database something over a connection of its own; raises psycopg's errors."""
    with patience.connect(waits, None, libpq_url(url), **options) as connection:
        connection.execute("SELECT 1")
