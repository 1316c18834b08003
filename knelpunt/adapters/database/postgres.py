"""Questions to any PostgreSQL, embedded or not."""

import psycopg

SAFETY_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes")


def libpq_url(url: str) -> str:
    """A SQLAlchemy address as PostgreSQL's own library reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def unflushed_settings(url: str) -> list[str]:
    """The settings of any PostgreSQL, embedded or not, that would let an acknowledged commit get lost.

    Args:
        url: address as SQLAlchemy writes it or as libpq does.
    """
    with psycopg.connect(libpq_url(url), connect_timeout=5) as connection:
        rows = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [list(SAFETY_SETTINGS)]
        ).fetchall()
    # synchronous_commit has stronger values than "on"; only "off" and "local" promise less.
    return [f"{name} = {setting}" for name, setting in rows if setting in {"off", "local"}]
