"""Web servers to measure: started with one process each, asked over HTTP, and weighed by the CPU time they used."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psutil

from benchmarks.capture import BASE_URL, SECRET_KEY, Visit
from benchmarks.targets import Connection
from config import PROJECT_DIR
from knelpunt.adapters.database.embedded_database import DatabaseUrls
from knelpunt.adapters.database.postgres import libpq_url
from tests.support.mail_server import free_port

START_SECONDS = 30.0
SETTLE_SECONDS = 0.004
"""After an answer the process still closes what it opened; that belongs to the request."""


@dataclass(slots=True)
class Answer:
    status: int
    location: str
    body: str
    seconds: float


@dataclass(slots=True)
class Served:
    """A server with one web process and, once asked something, one process of the database."""

    name: str
    port: int
    database: str
    application: str
    web: psutil.Process
    processes: list[int] = field(default_factory=list)

    def ask(self, path: str, visit: Visit | None = None, form: Mapping[str, str] | None = None) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": BASE_URL.removeprefix("https://")}
        if visit is not None:
            headers["Cookie"] = visit.cookie
        started = time.perf_counter()
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": BASE_URL + path}
            connection.request("POST", path, urlencode(form), headers)
        response = connection.getresponse()
        body = response.read().decode()
        seconds = time.perf_counter() - started
        connection.close()
        return Answer(response.status, response.headers.get("Location", ""), body, seconds)

    def find_processes(self, connection: Connection) -> None:
        """Which processes work for this server: its own, and those of the database that it is connected to."""
        backends = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name = %s AND pid <> pg_backend_pid()",
            [self.database, self.application],
        ).fetchall()
        self.processes = [self.web.children()[0].pid, *(pid for (pid,) in backends)]

    def cpu_seconds(self) -> float:
        """CPU time of these processes since they began, to the nanosecond."""
        time.sleep(SETTLE_SECONDS)
        total = 0
        for pid in self.processes:
            for task in Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        return total / 1e9


@contextmanager
def knelpunt(urls: DatabaseUrls, name: str, database: str, folder: Path) -> Iterator[Served]:
    """Knelpunt as in production, but with one process that takes one request at a time."""
    environ = {
        "KNELPUNT_ENV": "production",
        "KNELPUNT_BASE_URL": BASE_URL,
        "KNELPUNT_DATA_DIR": str(folder),
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": urls.app.replace("+psycopg", ""),
    }
    with _started("knelpunt.wsgi:app", environ, folder) as (port, process):
        yield Served(name, port, database, "knelpunt", process)


@contextmanager
def bare(urls: DatabaseUrls, database: str, plan: Path, folder: Path) -> Iterator[Served]:
    """The bare pages on the same database, under the same server."""
    environ = {"BARE_DATABASE_URL": libpq_url(urls.app), "BARE_PLAN": str(plan)}
    with _started("benchmarks.bare:app", environ, folder) as (port, process):
        yield Served("bare", port, database, "bare", process)


@contextmanager
def _started(app: str, environ: Mapping[str, str], folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    log = folder / f"{app.split('.', maxsplit=1)[0]}-{port}.log"
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--worker-class", "sync",
               "--workers", "1", "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT_DIR, env={**os.environ, **environ}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait(port, process, log)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/geen-pagina")
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"a server did not start: {log.read_text(errors='replace')[-2000:]}")
