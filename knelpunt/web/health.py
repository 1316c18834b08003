"""Two addresses for the operator: is the process alive, and can it do its work."""

import shutil
from dataclasses import asdict
from functools import cache

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from config import MIGRATIONS_DIR, Config
from knelpunt.extensions import db
from knelpunt.queries.core import health
from knelpunt.web.shared.requests.access import public

ROOM_BYTES = 500_000_000
"""With less than this left on the disk of the data folder, somebody should make room."""

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
        if number is None:
            return _uncached({"status": "no schema"}, 503)
        if number in known_revisions() and number != known_revisions()[-1]:
            return _uncached({"status": "old schema", "migration": number, "needed": known_revisions()[-1]}, 503)
        found = asdict(health.attention(db.session))
    except SQLAlchemyError:
        db.session.rollback()
        return _uncached({"status": "away"}, 503)
    found["disk"] = not has_room(current_app.config["KNELPUNT"])
    names = sorted(name for name, is_so in found.items() if is_so)
    return _uncached({"status": "attention" if names else "ok", "migration": number, "attention": names})


@cache
def known_revisions() -> tuple[str, ...]:
    """The revisions that this code knows, by the names of their files; a newer one is of a newer version beside it."""
    return tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS_DIR / "versions").glob("[0-9]*.py")))


def has_room(config: Config) -> bool:
    """Whether there is room left where attachments and anchors go."""
    try:
        return shutil.disk_usage(config.data_dir).free >= ROOM_BYTES
    except OSError:
        return False


def _uncached(values: dict[str, object], status: int = 200) -> Response:
    response = jsonify(values)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
