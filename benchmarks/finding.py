"""How long it takes to find: suggestions, similar cases and the one search box, with many earlier cases.

Every time is of one ask: the statements, the ranking and the reasons, without the page around them. Wall time and,
because a machine may be busy, CPU time of this process and of its PostgreSQL process together. Cases are spread over
the register; the questions of the search box are those of the test set, and titles of cases. Ends with 1 when an ask
takes more than 50 ms of CPU on average.
"""

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks import stage
from benchmarks.measuring import cpu_seconds, table
from benchmarks.questions import questions
from knelpunt.adapters.database import embedded_database
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.permissions import VISITOR, Actor
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.models import Case
from knelpunt.queries.cases.page import CaseFile, read_case_file
from knelpunt.queries.public.similar import similar_cases
from knelpunt.queries.search.related import similar_files
from knelpunt.services.search.answers import read
from knelpunt.services.search.search import find
from knelpunt.services.suggestions.desk import for_case

LIMIT_MS = 50.0
DESK = Actor(ActorKind.ACCOUNT, role=Role.TRIAGER)
Asks = Iterator[tuple[str, Callable[[], object]]]


def asks_about(session: Session, file: CaseFile) -> Asks:
    """What is asked for one case, with who asks it."""
    case = file.case
    words = read(session, f"{case.title}\n{case.description}", DUTCH, nl_day(datetime.now(UTC))).queries
    yield "suggestions", lambda: for_case(session, file)
    yield "similar cases, desk", lambda: similar_files(session, DESK, case.id, words)
    yield "similar cases, outsider", lambda: similar_cases(session, words, theme=case.theme)


def asks_of(session: Session, question: str) -> Asks:
    """One question in the search box."""
    today = nl_day(datetime.now(UTC))
    yield "search box, desk", lambda: find(session, DESK, question, today)
    yield "search box, outsider", lambda: find(session, VISITOR, question, today)


def measure(session: Session, asked: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and CPU milliseconds of each ask, after one of each kind to warm up."""
    processes = [os.getpid(), session.execute(text("SELECT pg_backend_pid()")).scalar_one()]
    references = session.scalars(select(Case.reference).order_by(Case.id)).all()
    chosen = references[:: max(1, len(references) // asked)][:asked]
    files = [read_case_file(session, DESK, reference) for reference in chosen]
    typed = [question.asked for question in questions("queries.yaml")]
    typed += [file.case.title for file in files[: len(typed)]]
    asks = [ask for file in files for ask in asks_about(session, file)]
    asks += [ask for question in typed for ask in asks_of(session, question)]
    for warm_up in dict(asks).values():
        warm_up()
    times = defaultdict(list)
    for name, ask in asks:
        wall, cpu = time.perf_counter(), cpu_seconds(processes)
        ask()
        times[name].append((1000 * (time.perf_counter() - wall), 1000 * (cpu_seconds(processes) - cpu)))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=200, help="for how many cases")
    parser.add_argument("--folder", type=Path, default=stage.FOLDER)
    chosen = parser.parse_args()
    with stage.database_server(chosen.folder) as server:
        name = stage.ensure_filled(server, chosen.cases, nl_day(datetime.now(UTC)))
        with stage.session_of(embedded_database.ensure_database(server, name)) as session:
            times = measure(session, chosen.asked)
    rows, slowest = [], 0.0
    for name, found in times.items():
        walls, cpu = sorted(wall for wall, _ in found), mean(cpu for _, cpu in found)
        slowest = max(slowest, cpu)
        figures = (median(walls), walls[int(len(walls) * 0.95)], cpu)
        rows.append([name, str(len(found)), *(f"{figure:.1f}" for figure in figures)])
    print(f"{chosen.cases} cases, {chosen.asked} asked; milliseconds\n")
    print(table(["what", "asks", "wall, half", "wall, 95 in 100", "CPU, mean"], rows))
    sys.exit(slowest > LIMIT_MS)


if __name__ == "__main__":
    main()
