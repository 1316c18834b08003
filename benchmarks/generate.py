"""Makes up cases: a database full of them, or a file for ``knelpunt import-cases``. Same number and day, same cases.

.venv/bin/python -m benchmarks.generate --cases 100000 --jsonl cases.jsonl
.venv/bin/python -m benchmarks.generate --cases 100000 --folder var/bench     (prints how to reach the database)
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks import stage
from benchmarks.fill import SEED, TABLES, filing_days
from benchmarks.words import Writer
from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.files import reference as reference_files


def lines(cases: int, today: date) -> Iterator[dict[str, object]]:
    """Lines of history as ``docs/import.md`` describes them."""
    draw = random.Random(SEED)
    writer = Writer(draw)
    names = [record.name for record in reference_files.municipalities() if record.valid_to is None]
    outcomes = ["experiment granted", "resolved within existing rules", "rejected or perceived only", "open"]
    for number, filed_on in enumerate(filing_days(cases, today), 1):
        closed_on = min(filed_on + timedelta(days=draw.randint(10, 200)), today)
        yield {
            "id": str(number),
            "title": writer.title(),
            "description": writer.story(9),
            "submitter_kind": "municipality",
            "municipality": draw.choice(names),
            "filed_on": filed_on.isoformat(),
            "closed_on": closed_on.isoformat(),
            "outcome": draw.choice(outcomes),
            "label": {"law": "omgevingswet", "instrument": writer.text(1)[:100]},
            "blocking": [{"law": "omgevingswet", "article": None, "basis": "inferred"}],
            "source": {"url": f"https://voorbeeld.example/{number}", "title": "Verzonnen geval"},
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--today", type=date.fromisoformat, default=date.today())
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--jsonl", type=Path)
    where.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    started = time.perf_counter()
    if asked.jsonl:
        with asked.jsonl.open("w", encoding="utf-8") as file:
            for line in lines(asked.cases, asked.today):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    else:
        server = embedded_database.start(asked.folder)
        try:
            name = stage.ensure_filled(server, asked.cases, asked.today)
            print(f"database {name}: {server.url(name)}")
            rows: dict[str, int] = defaultdict(int)
            with server.connect_as_superuser(name) as connection:
                for table in TABLES:
                    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                    rows[table] = found[0] if found else 0
            print(", ".join(f"{table} {count}" for table, count in rows.items()))
        finally:
            embedded_database.stop(server)
    print(f"{asked.cases} cases in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
