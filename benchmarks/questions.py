"""Whether people find what they ask for: the questions of the test sets, in Dutch and in English, with what they mean.

Asked of the shipped catalogue, ruimtewijzers and real cases, in a database of its own. The eighty of ``tests/data``
were written before any search was asked, with typing errors, dialect and English, and many that nothing here answers.
"""

import argparse
import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import yaml
from sqlalchemy import select
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
from knelpunt.models import Case
from knelpunt.queries.search.alike import alike
from knelpunt.queries.search.candidates import EVERY_CASE
from knelpunt.queries.search.suggestions import REAL_CASES_SET
from knelpunt.services.core.context import Context
from knelpunt.services.guides.loading import load_guides
from knelpunt.services.history.importing import ImportOptions, import_lines
from knelpunt.services.search.answers import answer, read
from knelpunt.services.search.search import Kind, find

FOLDER = PROJECT_DIR / "tests" / "integration" / "search"
ENGLISH = language_of("en")
SETS = {
    "Dutch": ("queries.yaml", DUTCH),
    "English": ("queries_en.yaml", ENGLISH),
    "English, asked later": ("queries_en_later.yaml", ENGLISH),
}
FIRST = 5
DATA = PROJECT_DIR / "tests" / "data"
SHOWN = 3
KINDS = {"/ruimtewijzers/": Kind.GUIDE, "/wetten/": Kind.RULE, "/knelpunten?": Kind.PLACE}
"""What a question wants by the start of the address; what has no address is a case."""
SCRATCH = "questions"
GUIDES = "/ruimtewijzers/"
NUMBERED = (
    *("third", "fourth", "fifth", "sixth", "seventh", "eighth"),
    *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
)
AS_TYPED = ("questions.jsonl", "questions-later.jsonl", *(f"questions-{each}.jsonl" for each in NUMBERED))


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


@dataclass(slots=True)
class Asked:
    """What came of questions as people type them: how many have an answer here, how often a right one was first and
    among the first three, how much that was shown is about something else, and how often nothing was shown for what
    has no answer."""

    answerable: int = 0
    first: int = 0
    found: int = 0
    shown: int = 0
    unrelated: int = 0
    unanswerable: int = 0
    quiet: int = 0
    missed: list[tuple[str, list[str]]] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.answerable} with an answer: first {self.first / self.answerable:.2f}, in the first {SHOWN} "
            f"{self.found / self.answerable:.2f}, unrelated {self.unrelated / max(1, self.shown):.2f} of {self.shown}; "
            f"{self.unanswerable} without: nothing shown {self.quiet / max(1, self.unanswerable):.2f}"
        )


def ask_all(session: Session, today: date, file: str = "questions.jsonl") -> Asked:
    """Ask the start page each of the questions as people type them."""
    counts = Asked()
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        language = ENGLISH if question["language"] == "en" else DUTCH
        found = answer(session, question["asked"], language, today)
        shown = [f"{GUIDES}{row.slug}" for row in found.guides] + [law.path for law in found.laws]
        right, known = question["right"], {*question["right"], *question["related"]}
        if not right:
            counts.unanswerable += 1
            counts.quiet += not shown
        else:
            counts.answerable += 1
            counts.first += bool(shown) and shown[0] in right
            counts.found += not set(right).isdisjoint(shown[:SHOWN])
            counts.shown += len(shown)
            counts.unrelated += sum(path not in known for path in shown)
        if (right and set(right).isdisjoint(shown[:SHOWN])) or (shown and not right):
            counts.missed.append((question["asked"], shown))
    return counts


@dataclass(slots=True)
class AlikeTally:
    """Of texts with truly similar cases, for how many one was found; and how much that was shown is not similar."""

    texts: int = 0
    found: int = 0
    shown: int = 0
    unlike: int = 0

    def __str__(self) -> str:
        return (
            f"similar cases: found for {self.found} of {self.texts}, {self.unlike} of {self.shown} shown are not alike"
        )


def compare_all(session: Session, today: date) -> AlikeTally:
    """Look for cases like each of the texts, among all cases and as the desk does."""
    rows = session.execute(select(Case.id, Case.import_key).where(Case.import_key.is_not(None)))
    keys = {row.id: row.import_key for row in rows}
    counts = AlikeTally()
    for line in (DATA / "similar-texts.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        words = read(session, f"{one['title']}\n{one['description']}", DUTCH, today).queries
        likes = [
            str(keys[each.case_id]).removeprefix(REAL_CASES_SET) for each in alike(session, EVERY_CASE, words, SHOWN)
        ]
        counts.texts += bool(one["similar"])
        counts.found += not set(one["similar"]).isdisjoint(likes)
        counts.shown += len(likes)
        counts.unlike += len(set(likes) - set(one["similar"]))
    return counts


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
    """Ask each question as a visitor, of the kind of thing that is wanted only."""
    counts = Tally(asked=len(asked))
    for question in asked:
        kind = next((kind for start, kind in KINDS.items() if question.wanted.startswith(start)), Kind.CASE)
        groups = find(session, VISITOR, question.asked, today, kind, language).groups
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
            for file in AS_TYPED:
                typed = ask_all(session, nl_day(now), file)
                print(f"As people type them ({file}): {typed}")
                for asked, shown in typed.missed if chosen.missed else ():
                    print(f"  {asked}: {', '.join(shown)}")
            print(compare_all(session, nl_day(now)))
        embedded_database.drop_database(server, SCRATCH)


if __name__ == "__main__":
    main()
