"""What happens to cases after they were closed, in a quarter: second looks, and whether the projects went ahead.

Counted from events, so that a past quarter can be counted again. Days are days in Europe/Amsterdam.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, literal, literal_column, select, text, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from knelpunt.domain.figures.ledger import Effect
from knelpunt.domain.vocabulary import OPEN_STATUSES, AftercareAnswer, CaseStatus, EventKind, SecondLookOutcome
from knelpunt.models import Aftercare, Event
from knelpunt.models.event import IS_CROSSING
from knelpunt.queries.figures.counts import IS_COUNTED, Span

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

    ``unasked``: cases whose time to ask for a second look went by. ``effects``: what was different when a case ended
    again after a second look that changed its outcome; None where that was not counted yet.
    """

    asked: int
    begun_by_head: int
    unasked: int
    outcomes: dict[SecondLookOutcome, int]
    questions: dict[int, int]
    answers: dict[tuple[int, AftercareAnswer], int]
    effects: dict[Effect, int] | None = None


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
    """Count what happened after closing, in three statements."""
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
        effects=_effects(session, span),
    )


def _effects(session: Session, span: Span) -> dict[Effect, int]:
    """Each end after a second look that changed something, held against the end before it."""
    looks = select(Event.case_id, Event.number).where(Event.kind == EventKind.SECOND_LOOK_CHANGED.value, IS_COUNTED)
    looked = looks.subquery("looked")

    def before(column: Any) -> Any:
        return func.lag(column).over(partition_by=Event.case_id, order_by=Event.number)

    ends = (
        select(
            Event.case_id,
            Event.number,
            Event.happened_on,
            Event.status,
            before(Event.number).label("before"),
            Event.verdict.is_distinct_from(before(Event.verdict)).label("other_verdict"),
            Event.result.is_distinct_from(before(Event.result)).label("other_result"),
        )
        .where(Event.case_id.in_(select(looked.c.case_id)), text(IS_CROSSING), Event.status.not_in(OPEN_STATUSES))
        .subquery("ends")
    )
    effect = case(
        (and_(ends.c.other_verdict, ends.c.other_result), Effect.BOTH.value),
        (ends.c.other_verdict, Effect.VERDICT.value),
        (ends.c.other_result, Effect.RESULT.value),
        else_=Effect.NEITHER.value,
    )
    is_of_look = (
        select(looked.c.number)
        .where(looked.c.case_id == ends.c.case_id, looked.c.number.between(ends.c.before, ends.c.number))
        .correlate(ends)
        .exists()
    )
    rows = session.execute(
        select(effect.label("effect"), func.count())
        .where(ends.c.happened_on.between(span.first, span.until), ends.c.status != CaseStatus.WITHDRAWN, is_of_look)
        .group_by(literal_column("effect"))
    )
    return dict.fromkeys(Effect, 0) | {Effect(name): number for name, number in rows}


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
