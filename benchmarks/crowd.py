"""Two hundred people on one machine, who read before they ask for the next page: how long they wait, and what it takes.

    python -m benchmarks.crowd [--people 200] [--minutes 10] [--pause 6] [--cases 100000]

A site of its own, two web processes and a worker, on a copy of the made-up cases of ``make bench``. Seven in ten people
look at what is public, two file and follow what they filed, one works at the desk, by the forms and links of
``benchmarks.desk_hour``. Who asks stands on the same machine, so what that takes is told as well. Ends with 1 when an
answer was a 5xx or none came, when 5 in 100 requests took more than a second, when something that was acknowledged is
not there exactly once, when memory grew by more than three in ten, or when two web processes came to hold too much.
"""

import argparse
import json
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

import psutil

from benchmarks import stage
from benchmarks.browser import NO_ANSWER
from benchmarks.desk_hour import LARGEST_GROWTH, Hour, Person, Staff, Submitter, check_words, desk_of
from benchmarks.measuring import table
from benchmarks.memory import OPEN, rollup
from benchmarks.pages import today
from benchmarks.questions import AS_TYPED, DATA
from knelpunt.domain.vocabulary import Theme, Verdict
from tests.support.site import Site, site_on

DESK, SUBMITTERS = 0.1, 0.2
"""Which part of the people; all others are visitors."""
MOST_SECONDS = 1.0
MOST_MIB = 460
"""What two web processes and the one from which they are made may come to hold; 428 was measured."""
LOOK_EVERY_SECONDS = 20.0
PUBLIC_CASE = re.compile(r'href="(/knelpunten/KNP-[\d-]+)"')
QUESTIONS = [json.loads(line)["asked"] for file in AS_TYPED for line in (DATA / file).read_text("utf-8").splitlines()]


class Visitor(Person):
    """Somebody who looks at a public list and a case of it, asks a question, or opens another page."""

    def act(self) -> None:
        match self.chance.choices(("list", "question", "page"), (4, 3, 3))[0]:
            case "list":
                chosen = self.chance.choice(({}, {"thema": self.chance.choice(list(Theme)).value},
                                             {"oordeel": self.chance.choice(list(Verdict)).value}))  # fmt: skip
                cases = PUBLIC_CASE.findall(self.get(f"/knelpunten?{urlencode(chosen)}").text)
                if cases:
                    self.get(self.chance.choice(cases))
            case "question":
                self.get(f"/antwoord?{urlencode({'q': self.chance.choice(QUESTIONS)})}")
            case "page":
                self.get(self.chance.choice(OPEN))


def crowd_of(hour: Hour, people: int) -> list[Staff | Submitter | Visitor]:
    """Everybody, the desk logged in."""
    desk, submitters = round(people * DESK), round(people * SUBMITTERS)
    found: list[Staff | Submitter | Visitor] = [*desk_of(hour, desk)]
    found += [Submitter(hour, f"bewoner {number}") for number in range(submitters)]
    return found + [Visitor(hour, f"bezoeker {number}") for number in range(people - len(found))]


class Watch:
    """What the processes of a site take from the moment on that this is made."""

    def __init__(self, site: Site, folder: Path) -> None:
        postmaster = int((folder / "data" / "postmaster.pid").read_text("ascii").split()[0])
        tops = {"web": site.web.process.pid, "worker": site.worker.process.pid, "database": postmaster}
        self._tops = {name: psutil.Process(pid) for name, pid in tops.items()} | {"sender": psutil.Process()}
        self._began = self._cpu()
        self.memory: dict[str, list[float]] = {"web": [], "worker": []}
        self.look()

    def look(self) -> None:
        """Note what the web processes and the worker hold now."""
        for name, sizes in self.memory.items():
            top = self._tops[name]
            sizes.append(sum(rollup(each.pid)["Pss"] for each in (top, *top.children(recursive=True))))

    def cpu_seconds(self) -> dict[str, float]:
        return {name: seconds - self._began[name] for name, seconds in self._cpu().items()}

    def _cpu(self) -> dict[str, float]:
        return {name: sum(_seconds(each) for each in (top, *top.children(recursive=True))) if name != "sender"
                else sum(top.cpu_times()[:2]) for name, top in self._tops.items()}  # fmt: skip


def _seconds(process: psutil.Process) -> float:
    """CPU time of a process and of those of its children that ended."""
    try:
        return sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:
        return 0.0


def run(hour: Hour, watch: Watch, people: list[Staff | Submitter | Visitor], minutes: float) -> None:
    """Let everybody act by themselves until the time is over."""
    deadline = time.monotonic() + 60 * minutes

    def stay(person: Staff | Submitter | Visitor) -> None:
        time.sleep(person.chance.uniform(0, hour.pause))  # nobody begins at the same moment
        while time.monotonic() < deadline:
            person.act()

    threads = [threading.Thread(target=stay, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    while time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_SECONDS)
        watch.look()
    for thread in threads:
        thread.join()


def judge(hour: Hour, watch: Watch, processes: int) -> list[str]:
    """Print what was found; the faults."""
    report = hour.report
    cut = quantiles(report.slow, n=100)
    statuses = ", ".join(f"{status} {count}x" for status, count in sorted(report.statuses.items()))
    print(f"{report.requests} requests in {report.seconds:.0f} s: {statuses}")
    print(
        f"seconds: half {cut[49]:.2f}, 95 in 100 {cut[94]:.2f}, 99 in 100 {cut[98]:.2f}, longest {max(report.slow):.2f}"
    )
    print(f"acts: {dict(report.done)}; refused: {dict(report.refused)}; deadlocks {report.deadlocks}")
    used = watch.cpu_seconds()
    print(table(["processes", "CPU seconds"], [[name, f"{seconds:.0f}"] for name, seconds in used.items()]))
    rows = [[name, *(f"{size:.0f}" for size in (found[0], found[len(found) // 2], found[-1], max(found)))]
            for name, found in watch.memory.items()]  # fmt: skip
    print(table(["share of memory, MiB", "begin", "half", "end", "most"], rows))
    if cut[94] > MOST_SECONDS:
        report.faults.append(f"95 in 100 requests took up to {cut[94]:.2f} s")
    if report.statuses[NO_ANSWER]:
        report.faults.append(f"{report.statuses[NO_ANSWER]} requests got no answer")
    if processes == 2 and max(watch.memory["web"]) > MOST_MIB:
        report.faults.append(f"the web processes came to hold {max(watch.memory['web']):.0f} MiB")
    for name, found in watch.memory.items():
        settled = found[len(found) // 5]
        if found[-1] > LARGEST_GROWTH * settled:
            report.faults.append(f"{name} grew from {settled:.0f} to {found[-1]:.0f} MiB")
    return report.faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--pause", type=float, default=6.0, help="seconds that people read, on average")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2, help="web processes of the site")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with (
        stage.database_server(stage.FOLDER) as server,
        stage.copy_of(server, asked.cases, today()) as urls,
        tempfile.TemporaryDirectory(prefix="knelpunt-crowd-") as folder,
        site_on(urls, Path(folder), web_processes=asked.processes) as site,
    ):
        with server.connect_as_superuser() as connection:
            # ``make bench`` turns these off, to count all work.
            connection.execute("ALTER SYSTEM RESET max_parallel_workers_per_gather")
            connection.execute("ALTER SYSTEM RESET autovacuum")
            connection.execute("SELECT pg_reload_conf()")
        hour = Hour(site, asked.seed, today())
        people = crowd_of(hour, asked.people)
        hour.report.statuses.clear()
        hour.report.slow.clear()
        hour.report.requests = 0
        hour.pause = asked.pause
        print(f"load of the machine before: {psutil.getloadavg()}", flush=True)
        watch, began = Watch(site, server.folder), time.monotonic()
        run(hour, watch, people, asked.minutes)
        hour.report.seconds = time.monotonic() - began
        print(f"load of the machine at the end: {psutil.getloadavg()}")
        with site.session() as session:
            check_words(session, hour)
        faults = judge(hour, watch, asked.processes)
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
