"""The schema of the database: bring it to a revision, ask which one it has, compare it with the models."""

import re
from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import errors
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError

from knelpunt.adapters.database.postgres import libpq_url


class MayNotChange(RuntimeError):
    """The role may not change the schema; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: what it is for, and whether code of before it may miss or spoil something after it.

    A step says that itself (``needs_stop``) where its words do not show it.
    """

    revision: str
    purpose: str
    takes_away: bool


def upgrade(migrations_dir: Path, owner_url: str, revision: str = "head") -> None:
    """Run the migrations up to ``revision``; processes that do so at once wait for one another.

    Raises:
        MayNotChange: the role is not the owner's.
    """
    try:
        command.upgrade(_config(migrations_dir, owner_url), revision)
    except ProgrammingError as error:
        if not isinstance(error.orig, errors.InsufficientPrivilege):
            raise
        raise MayNotChange(
            f"The role {make_url(owner_url).username} may not change the schema. Set DATABASE_OWNER_URL, the same "
            "database as the role that owns it, for this command only."
        ) from error


def steps(migrations_dir: Path, current: str | None) -> list[Step]:
    """The migrations that a database at a revision still needs, oldest first."""
    scripts = ScriptDirectory(str(migrations_dir)).iterate_revisions("head", current or "base")
    return [
        Step(
            script.revision,
            str(script.doc),
            getattr(script.module, "needs_stop", False) or _takes_away(Path(script.path).read_text(encoding="utf-8")),
        )
        for script in scripts
        if script.revision != current
    ][::-1]


def _takes_away(source: str) -> bool:
    """Whether ``upgrade`` drops, renames or demands something that older code reads or leaves out, or lets a column be
    empty that older code takes for filled.

    Said too often rather than too little: SQL that is written out counts by its words.
    """
    body = source.partition("def upgrade()")[2].partition("def downgrade()")[0]
    if re.search(r"drop_(column|table)|rename_table|new_column_name|alter_column\([^)]*nullable=", body):
        return True
    if re.search(r"\b(DROP (COLUMN|TABLE|VIEW)|RENAME|SET NOT NULL)\b", body):
        return True
    added = re.findall(r"add_column\((.*?)\n    \)|add_column\(([^\n]*)\)\n", body, re.DOTALL)
    return any("nullable=False" in "".join(each) and "server_default" not in "".join(each) for each in added)


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
