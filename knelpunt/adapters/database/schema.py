"""The schema of the database: bring it to a revision, ask which one it has, compare it with the models."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from knelpunt.adapters.database.postgres import libpq_url


def upgrade(migrations_dir: Path, owner_url: str, revision: str = "head") -> None:
    """Run the migrations up to ``revision``; processes that do so at once wait for one another."""
    command.upgrade(_config(migrations_dir, owner_url), revision)


def downgrade(migrations_dir: Path, owner_url: str, revision: str) -> None:
    """Undo the migrations down to ``revision``; ``-1`` is one step."""
    command.downgrade(_config(migrations_dir, owner_url), revision)


def check(migrations_dir: Path, owner_url: str) -> None:
    """Compare the models with the schema.

    Raises:
        alembic.util.CommandError: they differ; the text names the differences.
    """
    command.check(_config(migrations_dir, owner_url))


def revisions(migrations_dir: Path) -> list[str]:
    """All revisions, oldest first; the last one is what the code needs."""
    scripts = ScriptDirectory(str(migrations_dir))
    return [script.revision for script in scripts.walk_revisions()][::-1]


def current_revision(url: str) -> str | None:
    """The revision of the database, or nothing when it has no schema yet.

    Args:
        url: address as SQLAlchemy writes it or as libpq does.
    """
    with psycopg.connect(libpq_url(url), connect_timeout=5) as connection:
        found = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if found is None or found[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])


def _config(migrations_dir: Path, owner_url: str) -> Config:
    config = Config(attributes={"owner_url": owner_url})
    config.set_main_option("script_location", str(migrations_dir).replace("%", "%%"))
    return config
