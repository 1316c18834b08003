"""Two addresses for the operator: is the process alive, and can it do its work."""

from dataclasses import asdict

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from knelpunt.extensions import db
from knelpunt.queries.core import health
from knelpunt.web.shared import installation
from knelpunt.web.shared.requests.access import public

bp = Blueprint("health", __name__)


@bp.route("/health")
@public
def alive() -> ResponseReturnValue:
    """Answer from memory only."""
    return _uncached({"status": "ok"})


@bp.route("/health/db")
@public
def database() -> ResponseReturnValue:
    """Answer 503 while this process cannot do its work: the database is away, or its schema is older than the code.

    Else 200, with the number of the migration; ``attention`` names what somebody should look at.
    """
    if db.hangs:
        return _uncached({"status": "away"}, 503)
    try:
        number = health.migration_number(db.session)
        known = installation.known_revisions()
        if number is None:
            return _uncached({"status": "no schema"}, 503)
        if number in known and number != known[-1]:
            return _uncached({"status": "old schema", "migration": number, "needed": known[-1]}, 503)
        found = asdict(health.attention(db.session))
    except SQLAlchemyError:
        db.session.rollback()
        return _uncached({"status": "away"}, 503)
    found["disk"] = not installation.room(current_app.config["KNELPUNT"].data_dir).is_enough
    names = sorted(name for name, is_so in found.items() if is_so)
    return _uncached({"status": "attention" if names else "ok", "migration": number, "attention": names})


def _uncached(values: dict[str, object], status: int = 200) -> Response:
    response = jsonify(values)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
