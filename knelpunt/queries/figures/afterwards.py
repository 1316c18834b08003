"""What happens to cases after they were closed, in a quarter: second looks, and whether the projects went ahead.

Counted from events, so that a past quarter can be counted again. Days are days in Europe/Amsterdam.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import AftercareAnswer, EventKind, SecondLookOutcome
from knelpunt.models import Aftercare, Event
from knelpunt.queries.figures.counts import Span

MOMENTS = (3, 12)
"""After how many months the question of aftercare has been put from the start; a report tells these always."""
_ACTS = (
    EventKind.SECOND_LOOK_ASKED,
    EventKind.SECOND_LOOK_STARTED,
    EventKind.SECOND_LOOK_KEPT,
    EventKind.SECOND_LOOK_CHANGED,
    EventKind.CONTEST_ENDED,
)


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Second looks by who began them and by outcome; aftercare by moment, asked and answered.

    ``unasked``: cases whose time to ask for a second look went by.
    """

    asked: int
    begun_by_head: int
    unasked: int
    outcomes: dict[SecondLookOutcome, int]
    questions: dict[int, int]
    answers: dict[tuple[int, AftercareAnswer], int]


def moments_of(*quarters: Afterwards) -> list[int]:
    """After how many months the question was put or answered in any of these quarters, and the usual ones."""
    found = set(MOMENTS)
    for each in quarters:
        found |= {*each.questions, *(months for months, _answer in each.answers)}
    return sorted(found)


def facts_told(what: str) -> list[str]:
    """Which facts stand behind a number as an address names it: an outcome counts by whichever act it came."""
    return [f"{kind}:{what}" for kind in _ACTS] if what in set(SecondLookOutcome) else [what]


def afterwards(session: Session, span: Span) -> Afterwards:
    """Count what happened after closing, in two statements."""
    in_span = Event.happened_on.between(span.first, span.until)
    outcome = Event.data["uitkomst"].as_string()
    acts: dict[tuple[str, str | None], int] = {
        (kind, what): count
        for kind, what, count in session.execute(
            select(Event.kind, outcome, func.count())
            .where(in_span, Event.kind.in_([kind.value for kind in _ACTS]))
            .group_by(Event.kind, outcome)
        )
    }

    def count(kind: EventKind) -> int:
        return sum(number for (each, _outcome), number in acts.items() if each == kind)

    questions, answers = _aftercare(session, in_span)
    return Afterwards(
        asked=count(EventKind.SECOND_LOOK_ASKED),
        begun_by_head=count(EventKind.SECOND_LOOK_STARTED),
        unasked=count(EventKind.CONTEST_ENDED),
        outcomes={
            each: sum(number for (_kind, what), number in acts.items() if what == each.value)
            for each in SecondLookOutcome
        },
        questions=questions,
        answers=answers,
    )


def _aftercare(session: Session, in_span: Any) -> tuple[dict[int, int], dict[tuple[int, AftercareAnswer], int]]:
    """How many were asked, and the last answer of each who answered, by moment."""
    about = Event.data["nazorg"].as_integer()
    asked = select(about.label("about"), literal(None).label("answer")).where(
        in_span, Event.kind == EventKind.AFTERCARE_ASKED.value, about.is_not(None)
    )
    answered = (
        select(about.label("about"), Event.data["antwoord"].as_string().label("answer"))
        .ext(distinct_on(about))
        .where(in_span, Event.kind == EventKind.AFTERCARE_ANSWERED.value)
        .order_by(about, Event.number.desc())
        .subquery()
    )
    acts = union_all(asked, select(answered.c.about, answered.c.answer)).subquery("acts")
    rows = session.execute(
        select(Aftercare.months, acts.c.answer, func.count())
        .join_from(acts, Aftercare, Aftercare.id == acts.c.about)
        .group_by(Aftercare.months, acts.c.answer)
    ).all()
    questions = {months: number for months, answer, number in rows if answer is None}
    answers = {(months, AftercareAnswer(answer)): number for months, answer, number in rows if answer is not None}
    return questions, answers
