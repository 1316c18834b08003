"""The embedded server starts, is shared, stops, and heals after anything was killed."""

import os
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from knelpunt.adapters.database import embedded_database, postgres
from knelpunt.adapters.database.embedded_database import DatabaseServerError, Server

HOLD = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from knelpunt.adapters.database import embedded_database, postgres
    embedded_database.start(Path(sys.argv[1]))
    print("started", flush=True)
    time.sleep(120)
    """
)


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))


def write_a_row(server: Server) -> None:
    urls = embedded_database.ensure_database(server, "knelpunt")
    with connect(urls.owner) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id serial PRIMARY KEY)")
    with connect(urls.app) as connection:
        connection.execute("INSERT INTO kept DEFAULT VALUES")


def rows(server: Server) -> int:
    with connect(server.urls("knelpunt").app) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert found is not None
    return int(found[0])


def test_the_data_survive_a_stop_and_a_start(server_dir):
    server = embedded_database.start(server_dir / "database")
    write_a_row(server)
    assert embedded_database.stop(server) is True
    assert not (server_dir / "database" / "data" / "postmaster.pid").exists()

    server = embedded_database.start(server_dir / "database")
    assert rows(server) == 1
    embedded_database.stop(server)


def test_the_application_may_use_the_tables_but_not_change_them(server_dir):
    server = embedded_database.start(server_dir / "database")
    write_a_row(server)
    with connect(server.urls("knelpunt").app) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER TABLE kept ADD COLUMN more integer")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("TRUNCATE kept")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE own (id integer)")
    embedded_database.stop(server)


def test_the_extensions_for_search_are_there(server_dir):
    server = embedded_database.start(server_dir / "database")
    with connect(embedded_database.ensure_database(server, "knelpunt").owner) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION unaccent")
        assert connection.execute("SELECT unaccent(lower('É'))").fetchone() == ("e",)
    embedded_database.stop(server)


def test_a_commit_is_flushed_to_disk_and_the_check_says_when_it_is_not(server_dir):
    server = embedded_database.start(server_dir / "database")
    urls = embedded_database.ensure_database(server, "knelpunt")
    assert postgres.unflushed_settings(urls.app) == []
    with server.connect_as_superuser() as connection:
        connection.execute("ALTER ROLE knelpunt_app SET synchronous_commit = off")
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    assert set(postgres.unflushed_settings(urls.app)) == {"fsync = off", "synchronous_commit = off"}
    embedded_database.stop(server)


def test_who_leaves_first_does_not_stop_the_server_for_the_other(server_dir):
    first = embedded_database.start(server_dir / "database")
    second = embedded_database.start(server_dir / "database")
    write_a_row(second)
    assert embedded_database.stop(first) is False
    assert rows(second) == 1
    assert embedded_database.stop(second) is True


def test_eight_that_start_at_once_get_one_server(server_dir):
    with ThreadPoolExecutor(8) as pool:
        servers = list(pool.map(lambda _: embedded_database.start(server_dir / "database"), range(8)))
    process = postmaster(server_dir / "database")
    assert [embedded_database.stop(server) for server in servers] == [False] * 7 + [True]
    process.wait(5)
    assert not process.is_running()


def test_a_server_whose_starter_was_killed_is_joined_and_stopped(server_dir):
    folder = server_dir / "database"
    with subprocess.Popen([sys.executable, "-c", HOLD, folder], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "started\n"
        starter.kill()
    left_running = postmaster(folder)

    server = embedded_database.start(folder)

    assert postmaster(folder).pid == left_running.pid
    assert embedded_database.stop(server) is True


@pytest.mark.parametrize("children_too", [False, True])
def test_what_was_committed_survives_a_killed_server(server_dir, children_too):
    folder = server_dir / "database"
    server = embedded_database.start(folder)
    write_a_row(server)
    process = postmaster(folder)
    children = process.children() if children_too else []
    for victim in [process, *children]:
        victim.kill()

    again = embedded_database.start(folder)

    assert postmaster(folder).pid != process.pid
    assert rows(again) == 1
    embedded_database.stop(server)
    assert embedded_database.stop(again) is True


def test_a_server_that_dies_in_use_can_be_revived(server_dir):
    server = embedded_database.start(server_dir / "database")
    write_a_row(server)
    assert embedded_database.is_running(server)
    postmaster(server_dir / "database").kill()
    deadline = time.monotonic() + 10
    while embedded_database.is_running(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not embedded_database.is_running(server)

    embedded_database.revive(server)

    assert rows(server) == 1
    assert embedded_database.stop(server) is True


@pytest.mark.parametrize("content", ["OURS\n", "1\n", "", "geen getal\n"])
def test_a_stale_pid_file_is_cleared_away(server_dir, content):
    folder = server_dir / "database"
    embedded_database.stop(embedded_database.start(folder))
    (folder / "data" / "postmaster.pid").write_text(content.replace("OURS", str(os.getpid())))

    server = embedded_database.start(folder)

    assert "postgres" in postmaster(folder).name()
    embedded_database.stop(server)


def test_a_first_start_that_was_cut_off_is_done_again(server_dir):
    folder = server_dir / "database"
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "rest").touch()
    server = embedded_database.start(folder)
    write_a_row(server)
    assert rows(server) == 1
    embedded_database.stop(server)


def test_a_path_too_long_for_a_socket_still_works(server_dir):
    folder = server_dir / ("m" * 60) / ("n" * 60)
    server = embedded_database.start(folder)
    write_a_row(server)
    assert rows(server) == 1
    embedded_database.stop(server)


def test_data_of_another_version_are_refused_with_what_to_do(server_dir):
    folder = server_dir / "database"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseServerError, match="of PostgreSQL 14"):
        embedded_database.start(folder)


def test_a_copy_has_the_rows_of_its_template(server_dir):
    server = embedded_database.start(server_dir / "database")
    write_a_row(server)
    urls = embedded_database.create_database(server, "copy", template="knelpunt")
    with connect(urls.app) as connection:
        assert connection.execute("INSERT INTO kept DEFAULT VALUES RETURNING id").fetchone() == (2,)
    embedded_database.drop_database(server, "copy")
    assert "copy" not in embedded_database.database_names(server)
    embedded_database.stop(server)
