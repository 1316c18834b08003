"""How much memory and time the files of all open data take, and what the API costs beside the pages (``api.py``).

    python -m benchmarks.open_data --cases 100000

Ends with 1 when the process that makes them took more than 300 MiB, or the API more than it may.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import stage
from benchmarks.measuring import most_mib
from knelpunt.adapters.database import embedded_database
from knelpunt.domain.calendar.timezone import nl_day

LIMIT_MIB = 300
NAME = "open_data"
LOOKED_EVERY = 0.05


def main() -> int:
    """Make the files once and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000, help="how many cases, of which each is public")
    parser.add_argument("--folder", type=Path, default=stage.FOLDER)
    asked = parser.parse_args()
    with (
        stage.database_server(asked.folder) as server,
        tempfile.TemporaryDirectory(prefix="knelpunt-open-data-") as home,
    ):
        urls = stage.new_database(server, NAME)
        try:
            with server.connect_as_superuser(NAME) as connection, connection.transaction():
                stage.fill(connection, asked.cases, nl_day(datetime.now(UTC)))
                _make_public(connection)
            environ = {**os.environ, "DATABASE_URL": urls.app, "KNELPUNT_DATA_DIR": home, "KNELPUNT_ENV": "development"}
            started, mib = time.perf_counter(), 0.0
            work = subprocess.Popen([sys.executable, "-m", "knelpunt", "make-open-data"], env=environ)
            while work.poll() is None:  # once it ended nobody can ask any more
                mib = max(mib, most_mib(work.pid))
                time.sleep(LOOKED_EVERY)
            seconds = time.perf_counter() - started
            costs = subprocess.run([sys.executable, "-m", "benchmarks.api"], env=environ, check=False).returncode
        finally:
            embedded_database.drop_database(server, NAME)
    print(f"{asked.cases} cases: {seconds:.0f} s, {mib:.0f} MiB at most (limit {LIMIT_MIB})")
    return int(work.returncode != 0 or mib > LIMIT_MIB or costs != 0)


def _make_public(connection: object) -> None:
    """Publish every case that is not, with the texts of one that is."""
    names = "title, question, answer, verdict, result, next_step, theme, submitter_kind"
    connection.execute(  # type: ignore[attr-defined]
        f"INSERT INTO published_cases (case_id, reference, {names}, municipality_id, joined_municipalities, provisions,"
        f" law_date, filed_on, published_on, corrections, terms, updated_at)"
        f" SELECT c.id, c.reference, {', '.join(f'p.{name.strip()}' for name in names.split(','))}, c.municipality_id,"
        " '[]', '[]', c.filed_on, c.filed_on, c.filed_on, '[]', '', now() FROM cases c,"
        " (SELECT * FROM published_cases LIMIT 1) p WHERE NOT EXISTS"
        " (SELECT FROM published_cases q WHERE q.case_id = c.id)"
    )


if __name__ == "__main__":
    sys.exit(main())
