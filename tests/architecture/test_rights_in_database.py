"""The application's role may do with each table what its code does, and nothing beside it.

That it may do enough, every other test shows: they all run in its name.
"""

import ast
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import inspect

from config import MIGRATIONS_DIR, PROJECT_DIR
from knelpunt import models
from knelpunt.adapters.database import rights, schema
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from knelpunt.services.archive.destruction import REMOVED
from tests.support import database

ONE_BY_ONE = {
    "attachments", "bottleneck_cases", "bottleneck_followers", "case_labels", "case_links", "figure_facts",
    "figure_totals", "guide_followers", "ledger_builds", "saved_views", "subscriptions", "teams",
}  # fmt: skip
"""Deleted as an object, or for several models by one statement."""


@pytest.fixture(scope="module")
def migrated(database_server: Server) -> Iterator[DatabaseUrls]:
    with database.copy_of_template(database_server, migrated=False) as urls:
        schema.upgrade(MIGRATIONS_DIR, urls.owner)
        yield urls


def deleted_in_code() -> set[str]:
    """The table of each model of which the code writes a DELETE."""
    found = set()
    for path in (PROJECT_DIR / "knelpunt").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_delete = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "delete"
            if is_delete and isinstance(node.args[0], ast.Name) and hasattr(models, node.args[0].id):
                found.add(inspect(getattr(models, node.args[0].id)).local_table.name)
    return found | {inspect(model).local_table.name for model in REMOVED}


def test_the_tables_that_may_be_deleted_from_are_those_of_which_the_code_deletes():
    assert deleted_in_code() | ONE_BY_ONE == rights.DELETED


def test_the_database_gives_just_these_rights(migrated: DatabaseUrls):
    with psycopg.connect(migrated.app.replace("+psycopg", "")) as connection:
        given = connection.execute(
            "SELECT tablename, string_agg(given, ', ' ORDER BY place) FROM pg_tables,"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES'])"
            " WITH ORDINALITY AS each (given, place)"
            " WHERE schemaname = 'public' AND has_table_privilege(tablename, given) GROUP BY 1"
        ).fetchall()
        assert connection.execute(rights.TOO_MANY).fetchall() == []
    assert dict(given) == {
        table: rights.rights_on(table) for table in (*models.Base.metadata.tables, "alembic_version")
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM alembic_version",
        "DELETE FROM cases",
        "DELETE FROM laws",
        "DELETE FROM events",
        "UPDATE events SET kind = 'x'",
        "TRUNCATE drafts",
    ],
)
def test_what_the_code_never_does_is_refused(migrated: DatabaseUrls, statement: str):
    with (
        psycopg.connect(migrated.app.replace("+psycopg", "")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_too_many_rights_are_told(migrated: DatabaseUrls):
    with psycopg.connect(migrated.owner.replace("+psycopg", "")) as owner:
        owner.execute(f"GRANT DELETE ON laws TO {rights.APP_ROLE}")
        owner.commit()
        with psycopg.connect(migrated.app.replace("+psycopg", "")) as connection:
            assert connection.execute(rights.TOO_MANY).fetchall() == [("laws", "DELETE")]
        schema.upgrade(MIGRATIONS_DIR, migrated.owner)
        with psycopg.connect(migrated.app.replace("+psycopg", "")) as connection:
            assert connection.execute(rights.TOO_MANY).fetchall() == []
