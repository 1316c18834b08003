"""What a quarter tells besides its cases: questions to ministries, answers that were owed, what guides and rules did.

Counted from the rows themselves. Of cases the ledger keeps the same; guides and rule bottlenecks are few, and are read
here for the page too.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import SOLVED, BottleneckStatus, LinkStatus
from knelpunt.domain.calendar.timezone import start_of_nl_day
from knelpunt.domain.figures.definitions import Figure
from knelpunt.domain.figures.ledger import OWED_CLOCKS
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.vocabulary import OPEN_STATUSES, ConsultationStatus, EventKind
from knelpunt.models import (
    Bottleneck,
    BottleneckCase,
    BottleneckNews,
    Case,
    ClockPeriod,
    Consultation,
    Event,
    GuideClaim,
    GuideDeflection,
)
from knelpunt.models.event import IS_CROSSING
from knelpunt.queries.figures.counts import (
    IS_COUNTED,
    Days,
    MinistryAnswers,
    OwedAnswers,
    Span,
    clock_sets,
    day_after,
    members_of,
)


@dataclass(frozen=True, slots=True)
class SinceBegin:
    """What has run up to the end of a quarter. A case that ended in two quarters was handled twice."""

    received: int = 0
    handled: int = 0
    municipalities: int = 0


@dataclass(frozen=True, slots=True)
class GuideUse:
    """Who was helped by a guide without filing, what municipalities used for a project of theirs, and how it went."""

    answered: int = 0
    claimed: int = 0
    outcomes: dict[ClaimOutcome, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleStep:
    """Rule bottlenecks that stand at one step, and their age in days from the first case about them (median)."""

    count: int
    age: float | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What a report tells besides the cases; ``guides_before`` is of the quarter before."""

    since: SinceBegin = SinceBegin()
    guides: GuideUse = GuideUse()
    guides_before: GuideUse = GuideUse()
    rules: dict[BottleneckStatus, RuleStep] = field(default_factory=dict)


def consulted(session: Session, span: Span) -> dict[int, MinistryAnswers]:
    """Questions by ministry, in one statement."""
    first, end = start_of_nl_day(span.first), start_of_nl_day(day_after(span.until))
    asked = and_(Consultation.asked_at >= first, Consultation.asked_at < end)
    ended = Consultation.ended_on.between(span.first, span.until)
    answered = and_(ended, Consultation.status.in_([ConsultationStatus.ANSWERED, ConsultationStatus.NOT_THEIRS]))
    is_late = Consultation.ended_on > Consultation.due_on
    rows = session.execute(
        select(
            Consultation.ministry_id,
            func.count().filter(asked),
            func.count().filter(answered, ~is_late),
            func.count().filter(answered, is_late),
            func.count().filter(ended, Consultation.status == ConsultationStatus.UNANSWERED),
        )
        .where(or_(asked, ended))
        .group_by(Consultation.ministry_id)
    )
    found = {ministry_id: MinistryAnswers(*counts) for ministry_id, *counts in rows}
    return {id_: each for id_, each in sorted(found.items()) if each != MinistryAnswers()}


def _owed() -> Select[int, int]:
    cases = func.count(ClockPeriod.case_id.distinct())
    stopped, stopped_late, running_late = clock_sets(_DAYS)
    return select(cases.filter(or_(stopped, running_late)), cases.filter(or_(stopped_late, running_late))).where(
        ClockPeriod.clock.in_(OWED_CLOCKS),
        or_(ClockPeriod.stopped_on >= _DAYS.first, ClockPeriod.stopped_on.is_(None)),
    )


_DAYS = Days.of()
_OWED = _owed()


def owed_answers(session: Session, span: Span) -> OwedAnswers:
    """Cases to which the desk owed an answer, in one statement. A case counts once, however often."""
    return OwedAnswers(*session.execute(_OWED, _DAYS.given(span)).one())


def municipalities_of(session: Session, span: Span) -> int:
    """From how many municipalities something came in."""
    members = members_of(Figure.RECEIVED, span)
    return session.execute(
        select(func.count(Case.municipality_id.distinct())).join(members, members.c.case_id == Case.id)
    ).scalar_one()


def counted_since(session: Session, span: Span) -> SinceBegin:
    """What has run up to the last day of a span, counted from every event."""
    until = and_(Event.happened_on <= span.until, IS_COUNTED)
    filed = select(Event.case_id).where(Event.kind == EventKind.FILED.value, until).subquery()
    received, municipalities = session.execute(
        select(func.count(), func.count(Case.municipality_id.distinct())).join_from(
            filed, Case, Case.id == filed.c.case_id
        )
    ).one()
    ended = (
        select(Event.case_id, func.extract("year", Event.happened_on), func.extract("quarter", Event.happened_on))
        .where(until, text(IS_CROSSING), Event.status.not_in(OPEN_STATUSES))
        .distinct()
        .subquery()
    )
    return SinceBegin(received, session.execute(select(func.count()).select_from(ended)).scalar_one(), municipalities)


def _guides() -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """How often a guide answered, and what municipalities did with guides: for a span and the one before it."""
    spans = (_DAYS, _DAYS_BEFORE)
    on_day, claimed_on, answered_on = GuideDeflection.on_day, GuideClaim.claimed_on, GuideClaim.answered_on
    claims = []
    for span in spans:
        claims.append(func.count().filter(claimed_on.between(span.first, span.until)))
        in_span = answered_on.between(span.first, span.until)
        claims += [func.count().filter(in_span, GuideClaim.outcome == outcome) for outcome in ClaimOutcome]
    first, last = _DAYS_BEFORE.first, _DAYS.until
    return (
        select(*(func.count().filter(on_day.between(span.first, span.until)) for span in spans)).where(
            on_day.between(first, last)
        ),
        select(*claims).where(or_(claimed_on.between(first, last), answered_on.between(first, last))),
    )


_DAYS_BEFORE = Days.of("before_")
_ANSWERED, _CLAIMS = _guides()


def guide_use(session: Session, span: Span, before: Span) -> tuple[GuideUse, GuideUse]:
    """What guides did in a span and in the one before it, in two statements."""
    asked = _DAYS.given(span) | _DAYS_BEFORE.given(before)
    answered = session.execute(_ANSWERED, asked).one()
    claims = session.execute(_CLAIMS, asked).one()
    half = 1 + len(ClaimOutcome)
    return (
        GuideUse(answered[0], claims[0], _outcomes(claims[1:half])),
        GuideUse(answered[1], claims[half], _outcomes(claims[half + 1 :])),
    )


def _outcomes(numbers: Iterable[int]) -> dict[ClaimOutcome, int]:
    return {outcome: number for outcome, number in zip(ClaimOutcome, numbers, strict=True) if number}


def _rules() -> Select[Any]:
    told = (
        select(BottleneckNews.bottleneck_id, BottleneckNews.status)
        .ext(distinct_on(BottleneckNews.bottleneck_id))
        .where(BottleneckNews.on_day <= _DAYS.until)
        .order_by(BottleneckNews.bottleneck_id, BottleneckNews.id.desc())
        .subquery()
    )
    first_case = (
        select(BottleneckCase.bottleneck_id, func.min(Case.filed_on).label("filed_on"))
        .join(Case, Case.id == BottleneckCase.case_id)
        .where(BottleneckCase.status == LinkStatus.ACCEPTED)
        .group_by(BottleneckCase.bottleneck_id)
        .subquery()
    )
    return (
        select(told.c.status, Bottleneck.in_force_on, Bottleneck.signalled_on, first_case.c.filed_on)
        .select_from(Bottleneck)
        .outerjoin(told, told.c.bottleneck_id == Bottleneck.id)
        .outerjoin(first_case, first_case.c.bottleneck_id == Bottleneck.id)
        .where(Bottleneck.signalled_on <= _DAYS.until)
    )


_RULES = _rules()


def rule_steps(session: Session, span: Span) -> dict[BottleneckStatus, RuleStep]:
    """Where the rule bottlenecks stood on the last day of a span, by what was told of each; in one statement."""
    rows = session.execute(_RULES, {_DAYS.until.key: span.until})
    ages: defaultdict[BottleneckStatus, list[int]] = defaultdict(list)
    for status, in_force_on, signalled_on, filed_on in rows:
        step = BottleneckStatus.SIGNALLED if status is None else status
        end = in_force_on if step in SOLVED and in_force_on is not None else span.until
        ages[step].append(max((end - min(signalled_on, filed_on or signalled_on)).days, 0))
    return {step: RuleStep(len(ages[step]), float(median(ages[step]))) for step in BottleneckStatus if ages[step]}


def beside(session: Session, span: Span, since: SinceBegin) -> Beside:
    """What is read beside the ledger, in three statements."""
    before = Span.of(span.quarter.previous(), span.quarter.previous().last_day)
    guides, guides_before = guide_use(session, span, before)
    return Beside(since, guides, guides_before, rule_steps(session, span))
