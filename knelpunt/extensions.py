"""The parts that the site shares: made here, bound in create_app."""

from collections.abc import Callable

from flask import Flask, g, has_request_context, request
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from knelpunt.adapters.database.connections import Connections, Place
from knelpunt.adapters.database.patience import Waits


class Database(Connections):
    """The connections of the site, with one session a request."""

    may_lag: Callable[[], bool] = staticmethod(lambda: False)
    """Whether this request is answered with what may be some seconds old."""

    def init_app(self, app: Flask, place: Place, waits: Waits) -> None:
        self.connect(place, waits)
        app.teardown_appcontext(self._close)

    @property
    def session(self) -> Session:
        """The session of this request (or console command); closed, and so rolled back, at its end."""
        session: Session | None = g.get("db_session")
        if session is None:
            is_request = has_request_context()
            session = g.db_session = (
                self.new_reading_session() if is_request and self.may_lag() else self.make_session()
            )
            g.db_only_reads = is_request and request.method in ("GET", "HEAD")
        return session

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


db = Database()
login_manager = LoginManager()
csrf = CSRFProtect()
