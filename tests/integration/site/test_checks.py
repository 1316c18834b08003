"""``knelpunt check`` refuses what production may not have, and says each thing in a sentence."""

import secrets
from dataclasses import replace

import psycopg
import pytest
from click.testing import CliRunner

from config import MIGRATIONS_DIR, Config, Environment
from knelpunt.adapters.database import postgres, schema
from knelpunt.cli import cli
from knelpunt.commands import checks
from tests.support import database


@pytest.fixture
def production(database_urls, tmp_path):
    return Config(
        environment=Environment.PRODUCTION,
        secret_key=secrets.token_hex(32),
        base_url="https://knelpunt.example.nl",
        data_dir=tmp_path,
        database_url=database_urls.app,
        database_owner_url=database_urls.owner,
        trusted_proxies=1,
        smtp_host="mail.example.nl",
    )


@pytest.fixture(autouse=True)
def static_files(tmp_path, monkeypatch):
    """The fetched styles, so that the test does not depend on a reachable npm."""
    monkeypatch.setattr(checks, "STATIC_DIR", tmp_path / "static")
    for name in checks.NEEDED_STATIC:
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def problems(config):
    """What is told, but for what tests themselves may do."""
    own = [f"may DELETE {table}," for table in database.UNDONE_BY_TESTS]
    own += [f"The database runs with {setting} = off" for setting in postgres.SAFETY_SETTINGS]
    return [found for found in checks.problems(config) if not any(each in found for each in own)]


def test_a_good_installation_has_no_problems(production):
    assert problems(production) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"environment": Environment.DEMO}, "KNELPUNT_ENV is demo"),
        ({"secret_key": "changeme-changeme-changeme-changeme"}, "SECRET_KEY looks like a default"),
        ({"secret_key": "ab" * 20}, "SECRET_KEY looks like a default"),
        ({"base_url": "http://knelpunt.example.nl"}, "does not start with https"),
        ({"trusted_proxies": 0}, "KNELPUNT_TRUSTED_PROXIES is 0"),
        ({"smtp_host": None}, "SMTP_HOST is not set"),
        ({"database_url": None}, "DATABASE_URL is not set"),
        ({"database_url": "postgresql+psycopg://knelpunt_app@127.0.0.1:1/none"}, "The database cannot be asked"),
    ],
)
def test_each_danger_is_named(production, change, problem):
    assert any(problem in found for found in checks.problems(replace(production, **change)))


def test_a_database_that_does_not_flush_is_told(production):
    """The one of the tests does not: what is lost with it is made again."""
    told = [found for found in checks.problems(production) if "could get lost" in found]
    assert len(told) == len(postgres.SAFETY_SETTINGS)


def test_debug_is_refused(production, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert problems(production) == ["FLASK_DEBUG is on."]


def test_a_missing_style_and_a_missing_template_are_named(production, tmp_path, monkeypatch):
    (tmp_path / "static" / "vendor" / "theme.css").unlink()
    monkeypatch.setattr(checks, "TEMPLATE_DIR", tmp_path / "nowhere")
    found = checks.problems(production)
    assert any("vendor/theme.css is missing" in problem for problem in found)
    assert any("base.html is missing" in problem for problem in found)


def test_a_file_store_that_cannot_write_is_named(production, tmp_path):
    (tmp_path / "file").touch()
    found = checks.problems(replace(production, data_dir=tmp_path / "file"))
    assert any("Attachments cannot be kept" in problem for problem in found)


def test_the_owner_as_application_is_refused(production):
    """Whatever DATABASE_OWNER_URL says: it need not be there when the site runs."""
    assert not any("owns the tables" in each for each in checks.problems(replace(production, database_owner_url=None)))
    owner = production.database_owner_url
    found = checks.problems(replace(production, database_url=owner, database_owner_url=None))
    assert any("owns the tables" in problem for problem in found)
    assert any("may UPDATE events" in problem for problem in found)


def test_a_pooler_that_refuses_the_site_is_named(production, monkeypatch):
    def refuse(*_arguments, **_options):
        raise psycopg.OperationalError("FATAL: unsupported startup parameter: options")

    monkeypatch.setattr(checks.patience, "connect", refuse)
    assert any("KNELPUNT_DATABASE_POOLED=1" in found for found in checks.problems(production))


def test_an_older_schema_and_none_are_refused(production, database_server):
    with database.copy_of_template(database_server, migrated=False) as urls:
        older = replace(production, database_url=urls.app, database_owner_url=urls.owner)
        assert any("at revision none" in problem for problem in checks.problems(older))
        schema.upgrade(MIGRATIONS_DIR, urls.owner, "0001")
        assert any("at revision 0001" in problem for problem in checks.problems(older))


def test_a_database_that_does_not_wait_for_the_disk_is_refused(production, database_server):
    with database.copy_of_template(database_server) as urls:
        name = urls.app.partition("@/")[2].partition("?")[0]
        with psycopg.connect(urls.owner.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        careless = replace(production, database_url=urls.app, database_owner_url=urls.owner)
        assert any("synchronous_commit = off" in problem for problem in checks.problems(careless))


def test_the_command_ends_with_1_and_prints_each_problem(production, monkeypatch):
    monkeypatch.setenv("KNELPUNT_ENV", "production")
    monkeypatch.setenv("SECRET_KEY", production.secret_key)
    monkeypatch.setenv("KNELPUNT_BASE_URL", "http://knelpunt.example.nl")
    monkeypatch.setenv("DATABASE_URL", production.database_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", production.database_owner_url)
    monkeypatch.setenv("KNELPUNT_DATA_DIR", str(production.data_dir))
    result = CliRunner().invoke(cli, ["check"])
    assert result.exit_code == 1
    assert "NOT IN ORDER: KNELPUNT_BASE_URL does not start with https://" in result.output


def test_a_production_without_a_secret_does_not_even_start(monkeypatch, tmp_path):
    for name in ("SECRET_KEY", "DATABASE_URL", "KNELPUNT_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KNELPUNT_DATA_DIR", str(tmp_path))  # not that of a site that runs in this checkout
    monkeypatch.setenv("KNELPUNT_BASE_URL", "https://knelpunt.example.nl")
    result = CliRunner().invoke(cli, ["migrate"])
    assert result.exit_code == 1
    assert "SECRET_KEY is needed in production" in result.output
