"""Whether the database answers, and with which schema."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def migration_number(session: Session) -> str | None:
    """The revision of the schema; None when the database has none."""
    if session.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    return session.scalar(text("SELECT version_num FROM alembic_version"))
