"""How long a check of the event chain takes.

    .venv/bin/python benchmarks/event_chain.py [--events 1000000]

Works in a database of its own, in a temporary folder.
"""

import argparse
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from config import MIGRATIONS_DIR
from knelpunt.adapters.database import embedded_database, schema
from knelpunt.services.core import events

CHUNK = 10_000
START = datetime(2026, 1, 1, tzinfo=UTC)


def fill(session: Session, count: int) -> None:
    """Append events of the usual size."""
    for first in range(0, count, CHUNK):
        events.append(
            session,
            [
                events.event_row(
                    "notitie_toegevoegd",
                    recorded_at=START + timedelta(seconds=number),
                    happened_on=date(2026, 1, 1),
                    data={"notitie": number, "tot": "2026-02-01"},
                )
                for number in range(first, min(first + CHUNK, count))
            ],
        )
        session.commit()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    count = parser.parse_args().events
    with tempfile.TemporaryDirectory(prefix="knelpunt-bench-") as folder:
        server = embedded_database.start(Path(folder))
        try:
            urls = embedded_database.ensure_database(server, "bench")
            schema.upgrade(MIGRATIONS_DIR, urls.owner)
            engine = create_engine(urls.app)
            with Session(engine) as session:
                started = time.perf_counter()
                fill(session, count)
                print(f"appended {count} events in {time.perf_counter() - started:.1f} s")
                started, busy = time.perf_counter(), time.process_time()
                report = events.verify(session)
                seconds, own_seconds = time.perf_counter() - started, time.process_time() - busy
                print(
                    f"verified {report.count} events in {seconds:.1f} s ({own_seconds:.1f} s of it on the processor): "
                    f"{report.fault or 'all in order'}"
                )
            engine.dispose()
        finally:
            embedded_database.stop(server)


if __name__ == "__main__":
    main()
