"""Whether people find what they ask for: the questions of the test sets, in Dutch and in English, with what they mean.

Asked of the shipped catalogue, ruimtewijzers and real cases, in a database of its own.
"""

import argparse
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from benchmarks import stage
from config import PROJECT_DIR
from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.files.cases import read_lines
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.languages import DUTCH, Language, language_of
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM, VISITOR
from knelpunt.services.core.context import Context
from knelpunt.services.guides.loading import load_guides
from knelpunt.services.history.importing import ImportOptions, import_lines
from knelpunt.services.search.answers import answer
from knelpunt.services.search.search import find

FOLDER = PROJECT_DIR / "tests" / "integration" / "search"
ENGLISH = language_of("en")
SETS = {
    "Dutch": ("queries.yaml", DUTCH),
    "English": ("queries_en.yaml", ENGLISH),
    "English, asked later": ("queries_en_later.yaml", ENGLISH),
}
FIRST = 5
SCRATCH = "questions"
GUIDES = "/ruimtewijzers/"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and what must be found: the start of an address, or the title of a case."""

    asked: str
    wanted: str


@dataclass(slots=True)
class Tally:
    """How often the right one was the first of its kind and among the first five, and among the answers to a question
    of the start page, which only ruimtewijzers are asked for."""

    asked: int = 0
    first: int = 0
    found: int = 0
    answerable: int = 0
    answered: int = 0
    missed: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.asked} questions: first {self.first / self.asked:.2f}, in the first {FIRST} "
            f"{self.found / self.asked:.2f}, answered on the start page {self.answered / max(1, self.answerable):.2f}"
        )


def questions(name: str) -> list[Question]:
    """The questions of one file."""
    listed = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return [Question(str(asked), str(wanted)) for asked, wanted in listed]


def load(session: Session, now: datetime) -> None:
    """What the questions are asked of, but for the reference data."""
    load_guides(Context(session, SYSTEM, now, Links("http://localhost", "k" * 32)))
    import_lines(read_lines(REAL_CASES), lambda: nullcontext(session), ImportOptions("real-cases", now, publish=True))
    session.flush()


def tally(session: Session, asked: Sequence[Question], language: Language, today: date) -> Tally:
    """Ask each question as a visitor."""
    counts = Tally(asked=len(asked))
    for question in asked:
        groups = find(session, VISITOR, question.asked, today, language=language).groups
        places = [
            place
            for group in groups
            for place, hit in enumerate(group.hits[:FIRST])
            if (hit.path if question.wanted.startswith("/") else hit.title).startswith(question.wanted)
        ]
        counts.first += 0 in places
        counts.found += bool(places)
        is_answered = True
        if question.wanted.startswith(GUIDES):
            found = answer(session, question.asked, language, today).guides
            is_answered = any(f"{GUIDES}{row.slug}".startswith(question.wanted) for row in found)
            counts.answerable += 1
            counts.answered += is_answered
        if not (places and is_answered):
            shown = [hit.path for group in groups for hit in group.hits[:FIRST]]
            counts.missed.append((question.asked, question.wanted, shown))
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=stage.FOLDER)
    parser.add_argument("--missed", action="store_true", help="show what was not found")
    chosen = parser.parse_args()
    now = datetime.now(UTC)
    with stage.database_server(chosen.folder) as server:
        with stage.session_of(stage.new_database(server, SCRATCH)) as session:
            load(session, now)
            for name, (file, language) in SETS.items():
                counts = tally(session, questions(file), language, nl_day(now))
                print(f"{name}: {counts}")
                for asked, wanted, shown in counts.missed if chosen.missed else ():
                    print(f"  {asked} -> {wanted}: {', '.join(shown)}")
        embedded_database.drop_database(server, SCRATCH)


if __name__ == "__main__":
    main()
