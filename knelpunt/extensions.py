"""The parts that the application shares: made here, bound in create_app."""

from typing import Any

from flask import Flask, g, has_request_context, request
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from config import Config
from knelpunt.adapters.database import patience
from knelpunt.adapters.database.patience import Outage, PatientConnection, Waits
from knelpunt.adapters.database.postgres import libpq_url


class Database:
    """One engine a process and one session a request. Nothing else in the project makes either."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        self._outage: Outage | None = None
        self.make_session: sessionmaker[Session] = sessionmaker(autoflush=False, expire_on_commit=False)

    def init_app(self, app: Flask, waits: Waits) -> None:
        self.connect(app.config["KNELPUNT"], waits)
        app.teardown_appcontext(self._close)

    def connect(self, config: Config, waits: Waits) -> None:
        """Make the engine, also where there is no application; it connects when it is used."""
        url = config.database_url or ""
        options: dict[str, Any] = {
            "connect_timeout": waits.connect,
            "tcp_user_timeout": int(waits.answer * 1000),
            "application_name": "knelpunt",
            "is_pooled": config.database_is_pooled,
        }
        outage = self._outage = Outage(lambda: _ask(url, waits, options))
        self.engine = create_engine(
            url,
            pool_size=config.web_threads,
            max_overflow=5,
            pool_timeout=waits.pool,
            pool_pre_ping=False,
            connect_args=options,
        )

        @event.listens_for(self.engine, "do_connect")
        def connect(_dialect: Any, _record: Any, args: Any, settings: Any) -> PatientConnection:
            return patience.connect(waits, outage, *args, **settings)

        self.bind(self.engine)

    def dispose(self) -> None:
        """Close the connections of this process."""
        if self.engine is not None:
            self.engine.dispose()

    @property
    def hangs(self) -> bool:
        """Whether somebody waited for the database in vain, and nobody heard from it since."""
        return self._outage is not None and self._outage.is_on

    def bind(self, bind: Any, **options: Any) -> None:
        """Let sessions use another engine or connection; tests bind a connection that is rolled back."""
        self.make_session.configure(bind=bind, **options)

    @property
    def session(self) -> Session:
        """The session of this request (or console command); closed, and so rolled back, at its end."""
        session: Session | None = g.get("db_session")
        if session is None:
            session = g.db_session = self.make_session()
            g.db_only_reads = has_request_context() and request.method in ("GET", "HEAD")
        return session

    def new_session(self) -> Session:
        """A session outside a request: workers and commands close it themselves."""
        return self.make_session()

    @staticmethod
    def _close(error: BaseException | None) -> None:
        session: Session | None = g.pop("db_session", None)
        if session is None:
            return
        try:
            if g.pop("db_only_reads", False) and error is None and session.is_active:
                # There is nothing to keep, but psycopg forgets every prepared statement at a rollback, and planning
                # the same statements again for each page costs the database more than running them.
                session.expunge_all()
                session.commit()
            session.close()
        except DBAPIError:
            # The database went away after the answer was made. There is nothing left to roll back, and what was asked
            # for was read or committed: the answer still holds.
            session.invalidate()


def _ask(url: str, waits: Waits, options: Any) -> None:
    """Ask the database something over a connection of its own; raises psycopg's errors."""
    with patience.connect(waits, None, libpq_url(url), **options) as connection:
        connection.execute("SELECT 1")


db = Database()
login_manager = LoginManager()
csrf = CSRFProtect()
