"""How long suggestions take for a case at the desk and for an outsider, with many earlier cases.

Every time is of one case: the statements, the ranking and the reasons, without the page around them. Wall time and,
because a machine may be busy, CPU time of this process and of its PostgreSQL process together.
"""

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from benchmarks.stage import ensure_filled
from config import PROJECT_DIR
from knelpunt.adapters import embedded_database
from knelpunt.domain.permissions import SYSTEM
from knelpunt.models import Case
from knelpunt.queries.case_page import read_case_file
from knelpunt.services.suggestions.desk import for_case, for_outsider

LIMIT_MS = 50.0


def measure(session: Session, asked: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and CPU milliseconds of each ask, for cases spread over the register."""
    backend = psutil.Process(session.execute(text("SELECT pg_backend_pid()")).scalar_one())
    references = session.scalars(select(Case.reference).order_by(Case.id)).all()
    chosen = references[:: max(1, len(references) // asked)][:asked]
    files = [read_case_file(session, SYSTEM, reference) for reference in chosen]
    for_case(session, files[0])
    times: dict[str, list[tuple[float, float]]] = {"desk": [], "outsider": []}
    for file in files:
        case = file.case
        for name, ask in (
            ("desk", lambda file=file: for_case(session, file)),
            (
                "outsider",
                lambda case=case: for_outsider(
                    session, case.title, case.description, case.law_date, case.submitter_kind
                ),
            ),
        ):
            wall, cpu = time.perf_counter(), _cpu(backend)
            ask()
            times[name].append((1000 * (time.perf_counter() - wall), 1000 * (_cpu(backend) - cpu)))
    return times


def _cpu(backend: psutil.Process) -> float:
    spent = backend.cpu_times()
    return time.process_time() + spent.user + spent.system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=200, help="for how many cases")
    parser.add_argument("--folder", type=Path, default=PROJECT_DIR / "var" / "bench")
    chosen = parser.parse_args()
    server = embedded_database.start(chosen.folder)
    try:
        name = ensure_filled(server, chosen.cases, datetime.now(UTC).date())
        engine = create_engine(embedded_database.ensure_database(server, name).app)
        with Session(engine) as session:
            times = measure(session, chosen.asked)
        engine.dispose()
    finally:
        embedded_database.stop(server)
    is_slow = False
    print(f"{chosen.cases} cases, {chosen.asked} asked; milliseconds")
    print(f"{'':10}{'wall median':>14}{'wall 95%':>10}{'CPU mean':>10}")
    for name, found in times.items():
        walls = sorted(wall for wall, _ in found)
        cpu = statistics.mean(cpu for _, cpu in found)
        print(f"{name:10}{statistics.median(walls):>14.1f}{walls[int(len(walls) * 0.95)]:>10.1f}{cpu:>10.1f}")
        is_slow = is_slow or cpu > LIMIT_MS
    if is_slow:
        sys.exit(1)


if __name__ == "__main__":
    main()
