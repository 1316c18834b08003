"""How much work each page is: statements, CPU time and wall time, beside the same page bare and with fewer cases.

    .venv/bin/python -m benchmarks.pages [--rounds 15] [--folder var/bench] [--only "work list"]

Explained in ``benchmarks/README.md``. Ends with 1 when a page costs more than its limit.
"""

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks import capture, servers, stage
from benchmarks.bare_filing import recorded
from benchmarks.capture import InProcess, Plan, Visit, check_filed, filing_form, new_draft
from benchmarks.servers import Served
from benchmarks.targets import FILING, FILING_GROWTH, FILING_LIMIT, READ_PAGES, Address, Connection, WrongAnswer
from config import PROJECT_DIR
from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.database.embedded_database import DatabaseUrls, Server

SIZES = (100, 1_000, 100_000)
SMALL, LARGE = SIZES[1], SIZES[2]
FILINGS_A_ROUND = 8
WARM_UP_ROUNDS = 3


@dataclass(slots=True)
class Measured:
    """One page on one server: by round CPU seconds a request, and every wall time."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Subject:
    """A server with whom it is asked as, and what it is asked for each page."""

    served: Served
    staff: Visit
    visitor: Visit
    connection: Connection
    addresses: dict[str, list[Address]]
    private: frozenset[str]

    def ask_all(self, page: str) -> list[float]:
        """Every address of a page once, checked; the wall times."""
        if page == FILING:
            return [self._file() for _ in range(FILINGS_A_ROUND)]
        seconds = []
        for address in self.addresses[page]:
            answer = self.served.ask(address.path, self.staff if page in self.private else None)
            if answer.status != 200:
                raise WrongAnswer(f"{self.served.name}: {address.path} answers {answer.status}")
            address.check(answer.body)
            seconds.append(answer.seconds)
        return seconds

    def _file(self) -> float:
        key = new_draft(self.connection)
        answer = self.served.ask(f"/melden/{key}/controle", self.visitor, filing_form(self.visitor))
        check_filed(self.connection, key, answer.status, answer.location)
        return answer.seconds

    def measure(self, page: str, into: Measured) -> None:
        before = self.served.cpu_seconds()
        seconds = self.ask_all(page)
        into.cpu.append((self.served.cpu_seconds() - before) / len(seconds))
        into.wall.extend(seconds)


def make_plan(process: InProcess, today: date) -> Plan:
    """Everything that the bare pages need to know of Knelpunt's."""
    process.file()
    plan = Plan(filing=process.file())
    plan.filed = recorded(plan.filing)
    name = process.connection.execute("SELECT name FROM accounts WHERE role = 'hoofd_loket' LIMIT 1").fetchone()
    for target in READ_PAGES:
        for address in target.addresses(process.connection, process.links, today):
            body, plan.statements[address.path] = process.get(address, is_private=target.is_private)
            start = body.index(">", body.index("<main")) + 1
            before = body[:start].replace(name[0] if name else "", "%NAME%")
            plan.frames[target.name] = (before, body[body.index("</main>") :])
    return plan


def count(server: Server, today: date, folder: Path) -> dict[str, dict[int, str]]:
    """The number of statements of each page, by the number of cases."""
    counts: dict[str, dict[int, str]] = defaultdict(dict)
    for size in SIZES:
        with stage.copy_of(server, size, today) as urls, capture.running(urls.app, folder) as process:
            for page, number in capture.count_statements(process).items():
                counts[page][size] = number
    return counts


def measure(server: Server, today: date, folder: Path, pages: list[str], rounds: int) -> dict[str, dict[str, Measured]]:
    """Every page on every server, in turn; by page and server."""
    results: dict[str, dict[str, Measured]] = {page: defaultdict(Measured) for page in pages}
    with ExitStack() as stack:
        subjects = _subjects(server, today, folder, stack)
        # Filing comes last, because it changes what the other pages show.
        for group in ([page for page in pages if page != FILING], [page for page in pages if page == FILING]):
            _measure_group(subjects, group, rounds, results)
    return results


def _measure_group(
    subjects: list[Subject], pages: list[str], rounds: int, results: dict[str, dict[str, Measured]]
) -> None:
    for subject in subjects:
        for page in pages:
            for _ in range(WARM_UP_ROUNDS):
                subject.ask_all(page)
        subject.served.find_processes(subject.connection)
    for number in range(rounds):
        for page in pages:
            for subject in subjects if number % 2 else reversed(subjects):
                subject.measure(page, results[page][subject.served.name])


def _subjects(server: Server, today: date, folder: Path, stack: ExitStack) -> list[Subject]:
    """Knelpunt with many cases, the bare pages with the same, and Knelpunt with few."""
    urls = {size: stack.enter_context(stage.copy_of(server, size, today)) for size in (SMALL, LARGE)}
    plan_file = folder / "plan"
    prepared: dict[int, tuple[Visit, Visit, dict[str, list[Address]]]] = {}
    for size, ways in urls.items():
        with capture.running(ways.app, folder) as process:
            if size == LARGE:
                make_plan(process, today).save(plan_file)
            addresses = {
                target.name: target.addresses(process.connection, process.links, today) for target in READ_PAGES
            }
            prepared[size] = (process.staff, process.visitor, addresses)

    def subject(served: Served, size: int) -> Subject:
        connection = stack.enter_context(server.connect_as_superuser(stage.copy_name(size)))
        private = frozenset(target.name for target in READ_PAGES if target.is_private)
        staff, visitor, addresses = prepared[size]
        return Subject(served, staff, visitor, connection, addresses, private)

    def knelpunt(ways: DatabaseUrls, size: int) -> Subject:
        name = f"knelpunt {size}"
        return subject(stack.enter_context(servers.knelpunt(ways, name, stage.copy_name(size), folder)), size)

    bare = stack.enter_context(servers.bare(urls[LARGE], stage.copy_name(LARGE), plan_file, folder))
    return [knelpunt(urls[LARGE], LARGE), subject(bare, LARGE), knelpunt(urls[SMALL], SMALL)]


def _ratio(over: Measured, under: Measured) -> float:
    return statistics.median(one / other for one, other in zip(over.cpu, under.cpu, strict=True))


def table(results: dict[str, dict[str, Measured]], counts: dict[str, dict[int, str]]) -> tuple[list[str], list[str]]:
    """The results as lines of Markdown, and what is over its limit in words."""
    limits = {target.name: (target.limit, target.growth) for target in READ_PAGES}
    limits[FILING] = (FILING_LIMIT, FILING_GROWTH)
    heads = ["page", *(f"statements at {size:,}" for size in SIZES), "CPU ms", "bare, CPU ms", "times bare", "may be",
             f"times {SMALL:,} cases", "may be", "wall ms, half", "wall ms, 95 in 100"]  # fmt: skip
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    faults = []
    for page, by_server in results.items():
        large, bare, small = by_server[f"knelpunt {LARGE}"], by_server["bare"], by_server[f"knelpunt {SMALL}"]
        limit, growth_limit = limits[page]
        times, growth = _ratio(large, bare), _ratio(large, small)
        if times > limit:
            faults.append(f"{page}: {times:.2f} times bare, {limit} allowed")
        if growth_limit and growth > growth_limit:
            faults.append(f"{page}: {growth:.2f} times as much as with {SMALL} cases, {growth_limit} allowed")
        if len(set(counts[page].values())) > 1:
            faults.append(f"{page}: the number of statements depends on the number of cases")
        wall = statistics.quantiles(large.wall, n=20)
        cells = [page, *(counts[page].get(size, "") for size in SIZES)]
        cells += [f"{statistics.median(each.cpu) * 1000:.1f}" for each in (large, bare)]
        cells += [f"{times:.2f}", f"{limit:g}", f"{growth:.2f}", f"{growth_limit:g}" if growth_limit else ""]
        cells += [f"{wall[9] * 1000:.0f}", f"{wall[18] * 1000:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines, faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--folder", type=Path, default=PROJECT_DIR / "var" / "bench")
    parser.add_argument("--only", action="append", help="measure this page; may be given more than once")
    parser.add_argument("--skip-counts", action="store_true", help="do not count statements")
    asked = parser.parse_args()
    today = datetime.now(UTC).date()
    known = [*(target.name for target in READ_PAGES), FILING]
    pages = [page for page in known if not asked.only or page in asked.only]
    server = embedded_database.start(asked.folder)
    try:
        with tempfile.TemporaryDirectory(prefix="knelpunt-bench-") as name:
            with server.connect_as_superuser() as connection:
                # Helpers of a query would be other processes, whose work nobody weighs.
                connection.execute("ALTER SYSTEM SET max_parallel_workers_per_gather = 0")
                connection.execute("ALTER SYSTEM SET autovacuum = off")
                connection.execute("SELECT pg_reload_conf()")
            counts = defaultdict(dict) if asked.skip_counts else count(server, today, Path(name))
            results = measure(server, today, Path(name), pages, asked.rounds)
    finally:
        embedded_database.stop(server)
    lines, faults = table(results, counts)
    print("\n".join(lines))
    if faults:
        print("\n" + "\n".join(faults))
        sys.exit(1)


if __name__ == "__main__":
    main()
