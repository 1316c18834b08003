"""The schema that the migrations make is the schema of the models, and every step can be taken back."""

import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from config import MIGRATIONS_DIR, PROJECT_DIR
from knelpunt.adapters.database import schema
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from tests.support import database

MIGRATE = """
import os
import sys
from pathlib import Path
from knelpunt import models
from knelpunt.adapters.database import schema
children = []
for _ in range(int(sys.argv[3])):
    child = os.fork()
    if child == 0:
        children = []
        break
    children.append(child)
schema.upgrade(Path(sys.argv[1]), sys.argv[2])
sys.exit(any(os.waitpid(child, 0)[1] for child in children))
"""
"""Migrates, with so many other processes at the same time; ends with 1 when one of them fails."""


@pytest.fixture
def empty_database(database_server: Server) -> Iterator[DatabaseUrls]:
    with database.copy_of_template(database_server, migrated=False) as urls:
        yield urls


def columns(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 2"
        ).fetchall()


def test_the_models_equal_the_migrations(empty_database):
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner)
    schema.check(MIGRATIONS_DIR, empty_database.owner)
    assert schema.current_revision(empty_database.app) == schema.revisions(MIGRATIONS_DIR)[-1]


def test_a_table_of_files_is_rewritten_once_for_both_columns():
    """Each stored column that the database reckons rewrites all rows while nobody can read them."""
    script = ScriptDirectory(str(MIGRATIONS_DIR)).get_revision("0122")
    sent = StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": sent})
    with Operations.context(context):
        script.module.upgrade()
    assert sent.getvalue().count("ALTER TABLE") == 1
    assert sent.getvalue().count("STORED") == 2


def test_every_step_goes_down_and_up_again(empty_database):
    """One step at a time up and down, and up once more in one go: each command reads all steps anew."""
    revisions = schema.revisions(MIGRATIONS_DIR)
    shapes = [columns(empty_database.owner)]
    for revision in revisions:
        schema.upgrade(MIGRATIONS_DIR, empty_database.owner, revision)
        shapes.append(columns(empty_database.owner))
    for revision, before in zip(reversed(revisions), reversed(shapes[:-1]), strict=True):
        schema.downgrade(MIGRATIONS_DIR, empty_database.owner, "-1")
        assert columns(empty_database.owner) == before, f"{revision} leaves something behind when it is undone"
    assert columns(empty_database.owner) == []
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner)
    assert columns(empty_database.owner) == shapes[-1], "the steps make something else the second time"


def test_the_history_is_one_line_of_numbers():
    revisions = schema.revisions(MIGRATIONS_DIR)
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


def test_four_processes_that_migrate_at_once_do_not_collide(empty_database):
    first = migrating(empty_database, others=3)
    _, errors = first.communicate(timeout=240)
    assert first.returncode == 0, errors
    assert schema.current_revision(empty_database.app) == schema.revisions(MIGRATIONS_DIR)[-1]


def test_a_migration_that_is_killed_half_way_can_be_run_again(empty_database):
    with psycopg.connect(empty_database.owner.replace("+psycopg", "")) as blocker:
        half_way = schema.revisions(MIGRATIONS_DIR)[len(schema.revisions(MIGRATIONS_DIR)) // 2]
        schema.upgrade(MIGRATIONS_DIR, empty_database.owner, half_way)
        blocker.execute("LOCK TABLE alembic_version IN SHARE MODE")  # the next revision cannot be written down
        migration = migrating(empty_database)
        wait_until_blocked(empty_database.owner)
        migration.kill()
        migration.communicate(timeout=10)
    assert schema.current_revision(empty_database.app) == half_way
    schema.upgrade(MIGRATIONS_DIR, empty_database.owner)
    schema.check(MIGRATIONS_DIR, empty_database.owner)
    assert schema.current_revision(empty_database.app) == schema.revisions(MIGRATIONS_DIR)[-1]


def migrating(urls: DatabaseUrls, *, others: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MIGRATE, str(MIGRATIONS_DIR), urls.owner, str(others)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=PROJECT_DIR)


def wait_until_blocked(url: str) -> None:
    deadline = time.monotonic() + 120  # importing the site takes long on a busy machine
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        while time.monotonic() < deadline:
            waiting = connection.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())"
            ).fetchone()
            if waiting and waiting[0]:
                return
            time.sleep(0.05)
    raise AssertionError("the migration never came to the lock")
