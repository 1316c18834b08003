"""Two addresses for the operator: is the process alive, and does it reach the database."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from knelpunt.extensions import db
from knelpunt.queries.core import health
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
    """Answer with the number of the migration; 503 while the database is away or has no schema."""
    if db.hangs:
        return _uncached({"status": "away"}, 503)
    try:
        number = health.migration_number(db.session)
    except SQLAlchemyError:
        db.session.rollback()
        return _uncached({"status": "away"}, 503)
    if number is None:
        return _uncached({"status": "no schema"}, 503)
    return _uncached({"status": "ok", "migration": number})


def _uncached(values: dict[str, str], status: int = 200) -> Response:
    response = jsonify(values)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
