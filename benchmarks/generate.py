"""Makes up cases: a database full of them, or a file for ``knelpunt import-cases``. Same number and day, same cases.

.venv/bin/python -m benchmarks.generate --cases 100000 --jsonl cases.jsonl
.venv/bin/python -m benchmarks.generate --cases 100000 --folder var/bench     (prints how to reach the database)

With ``--verify`` it also checks the event chain of that database, and says how long that takes.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks import stage
from benchmarks.words import Writer
from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.files import reference as reference_files
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.services.core import events

OUTCOMES = ["experiment granted", "resolved within existing rules", "rejected or perceived only", "open"]


def lines(cases: int, today: date) -> Iterator[dict[str, object]]:
    """Lines of history as ``docs/import.md`` describes them."""
    draw = random.Random(stage.SEED)
    writer = Writer(draw)
    names = [record.name for record in reference_files.municipalities() if record.valid_to is None]
    for number, filed_on in enumerate(stage.filing_days(cases, today), 1):
        closed_on = min(filed_on + timedelta(days=draw.randint(10, 200)), today)
        yield {
            "id": str(number),
            "title": writer.title(),
            "description": writer.story(9),
            "submitter_kind": "municipality",
            "municipality": draw.choice(names),
            "filed_on": filed_on.isoformat(),
            "closed_on": closed_on.isoformat(),
            "outcome": draw.choice(OUTCOMES),
            "label": {"law": "omgevingswet", "instrument": writer.text(1)[:100]},
            "blocking": [{"law": "omgevingswet", "article": None, "basis": "inferred"}],
            "source": {"url": f"https://voorbeeld.example/{number}", "title": "Verzonnen geval"},
        }


def make_database(folder: Path, cases: int, today: date, *, verify: bool) -> None:
    with stage.database_server(folder) as server:
        name = stage.ensure_filled(server, cases, today)
        print(f"database {name}: {server.url(name)}")
        if verify:
            started, busy = time.perf_counter(), time.process_time()
            with stage.session_of(embedded_database.ensure_database(server, name)) as session:
                report = events.verify(session)
            seconds, own = time.perf_counter() - started, time.process_time() - busy
            print(
                f"verified {report.count} events in {seconds:.1f} s ({own:.1f} s of it on the processor): "
                f"{report.fault or 'all in order'}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--today", type=date.fromisoformat, default=nl_day(datetime.now(UTC)))
    parser.add_argument("--verify", action="store_true", help="check the event chain of the database")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--jsonl", type=Path)
    where.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    started = time.perf_counter()
    if chosen.folder:
        make_database(chosen.folder, chosen.cases, chosen.today, verify=chosen.verify)
    else:
        with chosen.jsonl.open("w", encoding="utf-8") as file:
            for line in lines(chosen.cases, chosen.today):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(f"{chosen.cases} cases in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
