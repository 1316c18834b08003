"""How much memory the web processes hold after people used the site, each page of memory counted once.

    python -m benchmarks.memory

A site of its own with the demo and two web processes; a visitor and a triager ask some
two hundred and forty pages.
"Share" is the proportional set size (PSS): what processes have together is divided among them, so that the sum is what
the machine really gives. "Own" is what a process shares with nobody. Ends with 1 above the limit.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import psutil

from benchmarks.desk_hour import CASE, Hour, Person, log_in
from benchmarks.measuring import table
from benchmarks.questions import AS_TYPED, DATA
from knelpunt.services.demo.loading import DEMO_DOMAIN, DEMO_PASSWORD
from tests.support import database
from tests.support.site import STOP_SECONDS, Site, running_site

LIMIT_MIB = 160
ROUNDS = 60
OPEN = ("/", "/knelpunten", "/knelpunten?weergave=kaart", "/wetten", "/wetten/ow", "/wetten/wbmgp?dag=2013-11-22",
        "/ruimtewijzers", "/regelknelpunten", "/cijfers", "/melden", "/melden/bewoner", "/over/werkwijze",
        "/api/v1/knelpunten", "/en/", "/kwartalen")  # fmt: skip
DESK = ("/vandaag", "/werkvoorraad", "/werkvoorraad?lijst=alle")


def use(site: Site, seed: int) -> Mapping[int, int]:
    """Ask pages as a visitor and at the desk; how many answers had each status."""
    with site.factory() as make:
        hour = Hour(site, seed, make.today)
    chance = random.Random(seed)
    visitor, triager = Person(hour, "bezoeker"), Person(hour, "triage")
    log_in(triager, f"triage@{DEMO_DOMAIN}", DEMO_PASSWORD)
    questions = [
        json.loads(line)["asked"] for file in AS_TYPED for line in (DATA / file).read_text("utf-8").splitlines()
    ]
    cases = sorted(set(CASE.findall(triager.get("/werkvoorraad?lijst=alle").text)))
    for _round in range(ROUNDS):
        visitor.get(chance.choice(OPEN))
        visitor.get(f"/antwoord?{urlencode({'q': chance.choice(questions)})}")
        triager.get(chance.choice(DESK))
        triager.get(f"/zaken/{chance.choice(cases)}{chance.choice(('', '/voorstellen'))}")
    return hour.report.statuses


def rollup(pid: int) -> dict[str, float]:
    """What the kernel counts for a process, in MiB, by its name for it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]
    return {name: int(value.split()[0]) / 1024 for name, _, value in (line.partition(":") for line in lines)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    with (
        tempfile.TemporaryDirectory(prefix="knelpunt-memory-") as folder,
        database.running_server() as server,
        running_site(server, Path(folder), web_processes=2) as site,
    ):
        site.fill_demo()
        site.web.ask_to_stop()  # the processes of a site on which nothing was changed since it was started
        site.web.stop(time.monotonic() + STOP_SECONDS)
        site.web.start()
        site.wait_until_up()
        print(dict(use(site, seed)))
        top = psutil.Process(site.web.process.pid)
        found = [rollup(each.pid) for each in (top, *top.children(recursive=True))]
    names = ("the first process", *(f"web process {number}" for number in range(1, len(found))))
    rows = [(name, f"{one['Pss']:.0f}", f"{one['Rss']:.0f}", f"{one['Private_Dirty']:.0f}")
            for name, one in zip(names, found, strict=True)]  # fmt: skip
    total = sum(one["Pss"] for one in found)
    print(table(("process", "share, MiB", "all that it sees, MiB", "own, MiB"), rows))
    print(f"together {total:.0f} MiB, of which the web processes {total - found[0]['Pss']:.0f}; limit {LIMIT_MIB}")
    return int(total > LIMIT_MIB)


if __name__ == "__main__":
    sys.exit(main())
