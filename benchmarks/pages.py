"""How much work each page is: statements, CPU time and wall time, beside the same page bare and with fewer cases.

    .venv/bin/python -m benchmarks.pages [--rounds 15] [--folder var/bench] [--only "work list"]

Explained in ``benchmarks/README.md``. Ends with 1 when a page costs more than its limit.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

import psutil

from benchmarks import capture, stage
from benchmarks.browser import NO_ANSWER, Answer, Browser
from benchmarks.capture import BASE_URL, FILINGS_AN_HOUR, SECRET_KEY, InProcess, Visit, check_filed, new_draft
from benchmarks.measuring import cpu_seconds, table
from benchmarks.targets import TARGETS, Address, Connection, WrongAnswer
from config import PROJECT_DIR
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server
from knelpunt.adapters.database.postgres import libpq_url
from knelpunt.domain.calendar.timezone import nl_day
from tests.support.mail_server import free_port

SIZES = (100, 1_000, 100_000)
HEADS = ["page", *(f"statements at {size:,}" for size in SIZES), "CPU ms", "bare, CPU ms", "times bare", "may be",
         f"times {SIZES[1]:,} cases", "may be", "wall ms, half", "wall ms, 95 in 100"]  # fmt: skip
FILINGS_A_ROUND = 8
WARM_UP_ROUNDS = 3
START_SECONDS = 180.0
"""On a busy machine a server takes long to start; how long does not count."""
SETTLE_SECONDS = 0.004
"""After an answer the process still closes what it opened; that belongs to the request."""


@dataclass(slots=True)
class Measured:
    """One page on one server: by round CPU seconds a request, and every wall time."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Subject:
    """A server with one web process and, once asked something, one process of the database; and whom it is asked as."""

    browser: Browser
    web: psutil.Process
    prepared: InProcess
    addresses: dict[str, list[Address]]
    connection: Connection
    application: str
    processes: list[int] = field(default_factory=list)

    def ask(self, path: str, visit: Visit | None = None, form: dict[str, str] | None = None) -> Answer:
        headers = {"Host": BASE_URL.removeprefix("https://"), **({"Cookie": visit.cookie} if visit else {})}
        if form is None:
            return self.browser.ask("GET", path, headers)
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": BASE_URL + path}
        return self.browser.ask("POST", path, headers, urlencode(form).encode())

    def ask_all(self, page: str) -> list[float]:
        """Every address of a page once, or some filings, checked; the wall times."""
        if page not in self.addresses:
            return [self._file() for _ in range(FILINGS_A_ROUND)]
        seconds = []
        for address in self.addresses[page]:
            answer = self.ask(address.path, self.prepared.staff if TARGETS[page].is_private else None)
            if answer.status != 200:
                raise WrongAnswer(f"{self.application}: {address.path} answers {answer.status}")
            address.check(answer.text)
            seconds.append(answer.seconds)
        return seconds

    def _file(self) -> float:
        key, visitor = new_draft(self.connection), self.prepared.visitor
        answer = self.ask(f"/melden/{key}/controle", visitor, visitor.filing_form())
        check_filed(self.connection, key, answer.status, answer.location)
        return answer.seconds

    def find_processes(self) -> None:
        """Which processes work for this server: its own, and those of the database that it is connected to."""
        backends = self.connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
            [self.application],
        ).fetchall()
        self.processes = [self.web.children()[0].pid, *(pid for (pid,) in backends)]

    def cpu_seconds(self) -> float:
        time.sleep(SETTLE_SECONDS)
        return cpu_seconds(self.processes)

    def measure(self, page: str, into: Measured) -> None:
        before = self.cpu_seconds()
        seconds = self.ask_all(page)
        into.cpu.append((self.cpu_seconds() - before) / len(seconds))
        into.wall.extend(seconds)


@contextmanager
def served(app: str, environ: dict[str, str], folder: Path) -> Iterator[tuple[Browser, psutil.Process]]:
    """An application under gunicorn, with one process that takes one request at a time."""
    port = free_port()
    log = folder / f"{app.split('.', maxsplit=1)[0]}-{port}.log"
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--worker-class", "sync",
               "--workers", "1", "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT_DIR, env={**os.environ, **environ}, stdout=output, stderr=output
        )
    try:
        until = time.monotonic() + START_SECONDS
        while Browser(port).ask("GET", "/geen-pagina").status == NO_ANSWER:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"a server did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        yield Browser(port), psutil.Process(process.pid)
    except WrongAnswer:
        print(app, log.read_text(errors="replace")[-2000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait(20)


def count(server: Server, folder: Path) -> dict[str, dict[int, str]]:
    """The number of statements of each page, by the number of cases."""
    counts: dict[str, dict[int, str]] = defaultdict(dict)
    for size in SIZES:
        with stage.copy_of(server, size, today()) as urls, capture.running(urls.app, folder) as process:
            for page, number in process.count_statements().items():
                counts[page][size] = number
    return counts


def measure(server: Server, folder: Path, pages: list[str], rounds: int) -> dict[str, list[Measured]]:
    """Every page on every server, in turn; by page, in the order of ``subjects``."""
    with ExitStack() as stack:
        found = subjects(server, folder, stack)
        results = {page: [Measured() for _ in found] for page in pages}
        # Filing comes last, because it changes what the other pages show.
        for group in ([page for page in pages if page != "filing"], [page for page in pages if page == "filing"]):
            for subject in found:
                for page in group * WARM_UP_ROUNDS:
                    subject.ask_all(page)
                subject.find_processes()
            for number in range(rounds):
                for page in group:
                    for subject, into in list(zip(found, results[page], strict=True))[:: 1 if number % 2 else -1]:
                        subject.measure(page, into)
    return results


def subjects(server: Server, folder: Path, stack: ExitStack) -> list[Subject]:
    """Knelpunt with many cases, the bare pages with the same, and Knelpunt with few."""
    prepared: dict[int, tuple[DatabaseUrls, InProcess, dict[str, list[Address]]]] = {}
    for size in SIZES[1:]:
        urls = stack.enter_context(stage.copy_of(server, size, today()))
        with capture.running(urls.app, folder) as process:
            process.plan().save(folder / "plan")  # of the last one, with many cases, which the bare pages have too
            prepared[size] = (urls, process, process.addresses())

    def subject(size: int, app: str, name: str, environ: dict[str, str]) -> Subject:
        browser, web = stack.enter_context(served(app, environ, folder))
        connection = stack.enter_context(server.connect_as_superuser(stage.copy_name(size)))
        return Subject(browser, web, *prepared[size][1:], connection, name)

    def knelpunt(size: int) -> Subject:
        environ = {"KNELPUNT_ENV": "production", "KNELPUNT_BASE_URL": BASE_URL, "KNELPUNT_DATA_DIR": str(folder)}
        environ |= {"SECRET_KEY": SECRET_KEY, "KNELPUNT_LINK_KEY": SECRET_KEY}
        environ |= {"KNELPUNT_FILINGS_PER_ADDRESS": str(FILINGS_AN_HOUR)}
        environ |= {"DATABASE_URL": prepared[size][0].app.replace("+psycopg", "")}
        return subject(size, "knelpunt.wsgi:app", "knelpunt", environ)

    _, few, many = SIZES
    where = {"BARE_DATABASE_URL": libpq_url(prepared[many][0].app), "BARE_PLAN": str(folder / "plan")}
    return [knelpunt(many), subject(many, "benchmarks.bare:app", "bare", where), knelpunt(few)]


def judged(results: dict[str, list[Measured]], counts: dict[str, dict[int, str]]) -> tuple[list[list[str]], list[str]]:
    """The results as rows of a table, and what is over its limit in words."""

    def ratio(over: Measured, under: Measured) -> float:
        return median(one / other for one, other in zip(over.cpu, under.cpu, strict=True))

    rows, faults = [], []
    for page, (large, bare, small) in results.items():
        target, times, growth = TARGETS[page], ratio(large, bare), ratio(large, small)
        if times > target.limit:
            faults.append(f"{page}: {times:.2f} times bare, {target.limit} allowed")
        if target.growth and growth > target.growth:
            faults.append(f"{page}: {growth:.2f} times as much as with {SIZES[1]} cases, {target.growth} allowed")
        if len(set(counts[page].values())) > 1:
            faults.append(f"{page}: the number of statements depends on the number of cases")
        wall = quantiles(large.wall, n=20)
        cells = [page, *(counts[page].get(size, "") for size in SIZES)]
        cells += [f"{median(each.cpu) * 1000:.1f}" for each in (large, bare)]
        cells += [f"{times:.2f}", f"{target.limit:g}", f"{growth:.2f}", f"{target.growth:g}" if target.growth else ""]
        rows.append([*cells, f"{wall[9] * 1000:.0f}", f"{wall[18] * 1000:.0f}"])
    return rows, faults


def today() -> date:
    return nl_day(datetime.now(UTC))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--folder", type=Path, default=stage.FOLDER)
    parser.add_argument("--only", action="append", choices=TARGETS, help="this page; may be given more than once")
    parser.add_argument("--skip-counts", action="store_true", help="do not count statements")
    chosen = parser.parse_args()
    pages = [page for page in TARGETS if page in (chosen.only or TARGETS)]
    with stage.database_server(chosen.folder) as server, tempfile.TemporaryDirectory(prefix="knelpunt-bench-") as name:
        with server.connect_as_superuser() as connection:
            # Helpers of a query would be other processes, whose work nobody weighs.
            connection.execute("ALTER SYSTEM SET max_parallel_workers_per_gather = 0")
            connection.execute("ALTER SYSTEM SET autovacuum = off")
            connection.execute("SELECT pg_reload_conf()")
        counts = defaultdict(dict) if chosen.skip_counts else count(server, Path(name))
        results = measure(server, Path(name), pages, chosen.rounds)
    rows, faults = judged(results, counts)
    print(table(HEADS, rows))
    if faults:
        print("\n" + "\n".join(faults))
        sys.exit(1)


if __name__ == "__main__":
    main()
