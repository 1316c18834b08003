"""What an operator types: refused in one line, and aimed at the site that runs here."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from config import MIGRATIONS_DIR, Config, Environment
from knelpunt.adapters.database import embedded_database, patience, schema
from knelpunt.adapters.database.embedded_database import Server
from knelpunt.adapters.database.patience import Waits
from knelpunt.cli import cli
from knelpunt.commands.operations import prepared
from tests.support import database

LIMITS = ("statement_timeout", "lock_timeout", "timezone")
SHORT = Waits(connect=2, statement=0.2, lock=1, pool=2, answer=4)


def test_migrating_as_the_application_is_refused_in_one_line(
    database_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNELPUNT_ENV", "test")
    monkeypatch.setenv("KNELPUNT_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with database.copy_of_template(database_server, migrated=False) as urls:
        monkeypatch.setenv("DATABASE_URL", urls.app)
        for revision in ("none", "0001"):
            result = CliRunner().invoke(cli, ["migrate"])
            assert result.exit_code == 1
            [line] = result.output.splitlines()
            assert "The role knelpunt_app may not change the schema. Set DATABASE_OWNER_URL" in line
            if revision == "none":
                schema.upgrade(MIGRATIONS_DIR, urls.owner, "0001")


def test_the_plan_names_the_steps_that_a_running_site_may_stumble_over(
    database_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {step.revision: step for step in schema.steps(MIGRATIONS_DIR, None)}
    assert list(found) == schema.revisions(MIGRATIONS_DIR)
    assert not found["0001"].takes_away, "a new table is in nobody's way"
    assert not found["0074"].takes_away, "nor is a column with a default"
    assert found["0062"].takes_away is False
    assert found["0087"].takes_away, "it says so itself: old code writes past it"
    assert schema._takes_away('def upgrade():\n    op.drop_column("cases", "title")\n\ndef downgrade():\n    pass')
    assert not schema._takes_away('def upgrade():\n    pass\n\ndef downgrade():\n    op.drop_column("cases", "title")')
    assert schema._takes_away('def upgrade():\n    op.add_column("a", sa.Column("b", sa.Date(), nullable=False))\n')
    assert schema._takes_away('def upgrade():\n    op.execute("ALTER TABLE a ALTER b SET NOT NULL")\n')
    monkeypatch.setenv("KNELPUNT_ENV", "test")
    monkeypatch.setenv("KNELPUNT_DATA_DIR", str(tmp_path))
    with database.copy_of_template(database_server) as urls:
        monkeypatch.setenv("DATABASE_URL", urls.owner)
        assert CliRunner().invoke(cli, ["migrate", "--plan"]).output == ""


def test_commands_of_a_checkout_find_the_site_that_runs_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("KNELPUNT_ENV", "DATABASE_URL", "SECRET_KEY", "PORT", "HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KNELPUNT_DATA_DIR", str(tmp_path))
    running = Config(Environment.DEMO, "x" * 32, "http://localhost:8123", tmp_path, port=8123)
    with prepared.telling_commands(running):
        monkeypatch.setattr(embedded_database, "serves", lambda _folder: True)
        found = prepared.read_config()
        assert (found.environment, found.base_url) == (Environment.DEMO, "http://localhost:8123")
        assert "Using the demo site" in capsys.readouterr().err
        monkeypatch.setattr(embedded_database, "serves", lambda _folder: False)
        with pytest.raises(Exception, match="set KNELPUNT_ENV=demo instead"):
            prepared.read_config()
    monkeypatch.setattr(embedded_database, "serves", lambda _folder: True)
    with pytest.raises(Exception, match="KNELPUNT_ENV=demo"):
        prepared.read_config()


@pytest.mark.parametrize("is_pooled", [False, True])
def test_every_wait_ends_behind_a_pooler_as_well(database_urls, is_pooled: bool) -> None:
    engine = create_engine(
        database_urls.app, pool_size=1, max_overflow=0, creator=lambda: patience.connect(
            SHORT, None, database_urls.app.replace("+psycopg", ""), is_pooled=is_pooled
        ),
    )  # fmt: skip
    with engine.connect() as connection:
        for _ in range(2):  # in each transaction anew
            shown = [connection.scalar(text(f"SELECT current_setting('{name}')")) for name in LIMITS]
            assert shown == ["200ms", "1s", "UTC"]
            connection.commit()
        started = time.monotonic()
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT pg_sleep(5)"))
        assert time.monotonic() - started < 3
        connection.rollback()
        assert connection.scalar(text("SELECT 1")) == 1
        driver = connection.connection.driver_connection
        assert driver is not None
        connection.rollback()
        driver.autocommit = True
        [(left,)] = driver.execute("SELECT current_setting('statement_timeout')").fetchall()
        assert left == ("0" if is_pooled else "200ms"), "what is lent out carries nobody's limits"
        driver.autocommit = False
    engine.dispose()


def test_the_note_of_a_running_site_holds_no_secret(tmp_path: Path) -> None:
    with prepared.telling_commands(Config(Environment.DEMO, "geheim" * 6, "http://localhost", tmp_path)):
        text_ = (tmp_path / prepared.RUNNING_SITE).read_text()
        assert "geheim" not in text_
        assert set(json.loads(text_)) == {"KNELPUNT_ENV", "HOST", "PORT"}
