"""A quarter whole: read from the ledger, or counted from the events; and where the two differ."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures import places as named
from knelpunt.domain.figures.definitions import Figure
from knelpunt.models import Case
from knelpunt.queries.figures import beside, ledger, sealing
from knelpunt.queries.figures.afterwards import afterwards
from knelpunt.queries.figures.counts import WHOLE, QuarterFigures, Reading, Span, pressing_rules, quarter_figures
from knelpunt.queries.figures.ledger import QuarterReport
from knelpunt.queries.figures.series import ClockTimes, QuarterCount, clock_times, counts_by_quarter, recent_quarters


def quarter_report(session: Session, span: Span, reading: Reading = WHOLE) -> QuarterReport:
    """The figures of a quarter beside those of the one before and of a year earlier, as sealed where they were sealed:
    from the ledger, which is as live as the events.

    What only the events can tell is counted from them: up to a day in the past, or while the ledger is made anew.
    """
    if span.is_cut or not ledger.is_built(session):
        report = counted_report(session, span)
    else:
        report = ledger.read_report(session, span, reading)
    return sealing.beside_sealed(session, report)


def counted_report(session: Session, span: Span) -> QuarterReport:
    """The same from the events alone; costs more with every case there is."""
    before, year = (Span.of(each, each.last_day) for each in ledger.compared(span.quarter)[1:])
    now = _figures(session, span)
    return QuarterReport(
        now=now,
        before=_figures(session, before),
        quarters=recent_quarters(session, span, now.counts[Figure.OPEN].total),
        pressing=pressing_rules(session, span),
        times=clock_times(session, span),
        after=afterwards(session, span),
        after_before=afterwards(session, before),
        year=_figures(session, year),
        beside=beside.beside(session, span, beside.counted_since(session, span)),
    )


def _figures(session: Session, span: Span) -> QuarterFigures:
    return replace(
        quarter_figures(session, span),
        consulted=beside.consulted(session, span),
        owed=beside.owed_answers(session, span),
        municipalities=beside.municipalities_of(session, span),
    )


def all_quarters(session: Session, first: Quarter, today: date) -> list[QuarterCount]:
    """Every quarter from the first to that of today with its three figures, oldest first."""
    if ledger.is_built(session):
        return ledger.quarter_counts(session, first, quarter_of(today))
    return counts_by_quarter(session, first, today)


def recent_counts(session: Session, span: Span) -> list[QuarterCount]:
    """The quarter of a span, up to now, and those before it: two years together."""
    if ledger.is_built(session):
        return ledger.quarter_counts(session, ledger.two_years_to(span.quarter), span.quarter)
    return counts_by_quarter(session, ledger.two_years_to(span.quarter), span.until)


def recent_times(session: Session, span: Span) -> dict[Clock, ClockTimes]:
    """How long the runs of clocks took that stopped in a quarter up to now; one statement more while it is counted."""
    return ledger.read_times(session, span.quarter) if ledger.is_built(session) else clock_times(session, span)


def quarters_of_cases(session: Session, today: date) -> list[Quarter]:
    """The quarters from the first in which a case came in to that of today."""
    quarter = quarter_of(session.scalar(select(func.min(Case.filed_on))) or today)
    quarters = []
    while quarter.first_day <= today:
        quarters.append(quarter)
        quarter = quarter.next()
    return quarters


def differences(session: Session, quarter: Quarter, today: date) -> Iterator[str]:
    """What the ledger says of a quarter that the events do not: each as quarter, place, and both numbers.

    Both are read one after the other: where people are at work meanwhile, the session should see one moment.
    """
    span = Span.of(quarter, today)
    told, counted = places_of(ledger.read_report(session, span)), places_of(counted_report(session, span))
    for place in sorted({*told, *counted}):
        if told.get(place) != counted.get(place):
            yield f"{quarter}, {place}: grootboek {told.get(place, 0)}, gebeurtenissen {counted.get(place, 0)}"


def all_differences(session: Session, today: date) -> Iterator[str]:
    """The differences of every quarter."""
    for quarter in quarters_of_cases(session, today):
        yield from differences(session, quarter, today)


def places_of(report: QuarterReport) -> dict[str, Any]:
    """Every number of a report by its place, in words; of the quarter before its own report tells."""
    places: dict[str, Any] = {}
    for figure, count in report.now.counts.items():
        places[figure.value] = count.total
        for dimension, sides in count.by.items():
            for side, amount in sides.items():
                if amount:
                    places[f"{figure.value}, {dimension.value} {side}"] = amount
    for name, duration in ((named.GROSS, report.now.gross), (named.NET, report.now.net)):
        places[named.duration(name)] = tuple(
            _rounded(each) for each in (duration.cases, duration.median, duration.ninth_decile)
        )
    for clock, late in report.now.late.items():
        places[f"klok {clock.value}"] = (late.stopped, late.stopped_late, late.running_late)
    for ministry_id, answers in report.now.consulted.items():
        places[f"raadpleging {ministry_id}"] = (answers.asked, answers.in_time, answers.late, answers.no_answer)
    places[named.OWED] = (report.now.owed.owed, report.now.owed.silent)
    places[named.MUNICIPALITIES] = report.now.municipalities
    since = report.beside.since
    places["sinds het begin"] = (since.received, since.handled, since.municipalities)
    guides = report.beside.guides
    places["wegwijs"] = (guides.answered, guides.claimed)
    places |= {named.guide_use(outcome): number for outcome, number in guides.outcomes.items()}
    places |= {f"regelknelpunt {step.value}": (rules.count, rules.age) for step, rules in report.beside.rules.items()}
    for clock, times in report.times.items():
        shares = tuple(_rounded(each) for each in times.shares)
        places[f"looptijd {clock.value}"] = (times.runs, times.late, shares, times.each, times.term)
    for each in report.quarters:
        places[f"over de kwartalen, {each.quarter}"] = (
            each.received, each.handled, each.open, each.reopened, each.no_end
        )  # fmt: skip
    for place, rule in enumerate(report.pressing, 1):
        places[f"knellende regel {place:02}"] = rule
    after = report.after
    places["na het afsluiten"] = (after.asked, after.begun_by_head, after.unasked)
    places |= {named.second_look(outcome): amount for outcome, amount in after.outcomes.items() if amount}
    places |= {named.effect(each): amount for each, amount in (after.effects or {}).items() if amount}
    places |= {named.aftercare_asked(months): amount for months, amount in after.questions.items()}
    places |= {named.aftercare(months, answer): amount for (months, answer), amount in after.answers.items()}
    return places


def _rounded(value: float | None) -> float | None:
    """Two ways to add the same fractions may differ in the last bit."""
    return None if value is None else round(value, 6)
