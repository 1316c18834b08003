"""How long it takes to find: suggestions, similar cases and the one search box, with many earlier cases.

Every time is of one ask: the statements, the ranking and the reasons, without the page around them. Wall time and,
because a machine may be busy, CPU time of this process and of its PostgreSQL process together. Cases are spread over
the register; the questions of the search box are those of the test set, and titles of cases.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import yaml
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from benchmarks.stage import ensure_filled
from config import PROJECT_DIR
from knelpunt.adapters.database import embedded_database
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.permissions import VISITOR, Actor
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.models import Case
from knelpunt.queries.cases.page import CaseFile, read_case_file
from knelpunt.queries.public.similar import similar_cases
from knelpunt.queries.search.related import similar_files
from knelpunt.services.core.search_index import words_to_share
from knelpunt.services.search.search import find
from knelpunt.services.suggestions.desk import for_case

LIMIT_MS = 50.0
QUESTIONS = PROJECT_DIR / "tests" / "integration" / "search" / "queries.yaml"
NO_CASE = 0
DESK = Actor(ActorKind.ACCOUNT, role=Role.TRIAGER)
Ask = Callable[[], object]
Times = dict[str, list[tuple[float, float]]]


def asks_about(session: Session, file: CaseFile) -> Iterator[tuple[str, Ask]]:
    """What is asked for one case, with who asks it."""
    case = file.case
    words = words_to_share(case.title, case.description)
    yield "suggestions", lambda: for_case(session, file)
    yield "similar cases, desk", lambda: similar_files(session, DESK, case.reference, words)
    yield "similar cases, outsider", lambda: similar_cases(session, NO_CASE, words, theme=case.theme, law_id=None)


def asks_of(session: Session, question: str) -> Iterator[tuple[str, Ask]]:
    """One question in the search box."""
    today = nl_day(datetime.now(UTC))
    yield "search box, desk", lambda: find(session, DESK, question, today)
    yield "search box, outsider", lambda: find(session, VISITOR, question, today)


def measure(session: Session, asked: int) -> Times:
    """Wall and CPU milliseconds of each ask, after one of each kind to warm up."""
    backend = psutil.Process(session.execute(text("SELECT pg_backend_pid()")).scalar_one())
    references = session.scalars(select(Case.reference).order_by(Case.id)).all()
    chosen = references[:: max(1, len(references) // asked)][:asked]
    files = [read_case_file(session, DESK, reference) for reference in chosen]
    questions = [question for question, _ in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]
    questions += [file.case.title for file in files[: len(questions)]]
    asks = [ask for file in files for ask in asks_about(session, file)]
    asks += [ask for question in questions for ask in asks_of(session, question)]
    for _, warm_up in dict(asks).items():
        warm_up()
    times: Times = defaultdict(list)
    for name, ask in asks:
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
    print(f"{'':24}{'asks':>6}{'wall median':>14}{'wall 95%':>10}{'CPU mean':>10}")
    for name, found in times.items():
        walls = sorted(wall for wall, _ in found)
        cpu = statistics.mean(cpu for _, cpu in found)
        middle, late = statistics.median(walls), walls[int(len(walls) * 0.95)]
        print(f"{name:24}{len(found):>6}{middle:>14.1f}{late:>10.1f}{cpu:>10.1f}")
        is_slow = is_slow or cpu > LIMIT_MS
    if is_slow:
        sys.exit(1)


if __name__ == "__main__":
    main()
