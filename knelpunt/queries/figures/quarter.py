"""A quarter whole: read from the ledger, or counted from the events; and where the two differ."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.definitions import Figure
from knelpunt.models import Case
from knelpunt.queries.figures import ledger
from knelpunt.queries.figures.afterwards import afterwards
from knelpunt.queries.figures.counts import Span, pressing_rules, quarter_figures
from knelpunt.queries.figures.ledger import QuarterReport
from knelpunt.queries.figures.series import QuarterCount, clock_times, counts_by_quarter, recent_quarters


def quarter_report(session: Session, span: Span) -> QuarterReport:
    """The figures of a quarter beside those of the one before: from the ledger, which is as live as the events.

    What only the events can tell is counted from them: up to a day in the past, or while the ledger is made anew.
    """
    if span.is_cut or not ledger.is_built(session):
        return counted_report(session, span)
    return ledger.read_report(session, span)


def counted_report(session: Session, span: Span) -> QuarterReport:
    """The same from the events alone; costs more with every case there is."""
    before = Span.of(span.quarter.previous(), span.quarter.previous().last_day)
    now = quarter_figures(session, span)
    return QuarterReport(
        now=now,
        before=quarter_figures(session, before),
        quarters=recent_quarters(session, span, now.counts[Figure.OPEN].total),
        pressing=pressing_rules(session, span),
        times=clock_times(session, span),
        after=afterwards(session, span),
        after_before=afterwards(session, before),
    )


def all_quarters(session: Session, first: Quarter, today: date) -> list[QuarterCount]:
    """Every quarter from the first to that of today with its three figures, oldest first."""
    if ledger.is_built(session):
        return ledger.quarter_counts(session, first, quarter_of(today))
    return counts_by_quarter(session, first, today)


def differences(session: Session, quarter: Quarter, today: date) -> Iterator[str]:
    """What the ledger says of a quarter that the events do not: each as quarter, place, and both numbers."""
    span = Span.of(quarter, today)
    told, counted = places_of(ledger.read_report(session, span)), places_of(counted_report(session, span))
    for place in sorted({*told, *counted}):
        if told.get(place) != counted.get(place):
            yield f"{quarter}, {place}: grootboek {told.get(place, 0)}, gebeurtenissen {counted.get(place, 0)}"


def all_differences(session: Session, today: date) -> Iterator[str]:
    """The differences of every quarter from the first in which a case came in."""
    first_day = session.scalar(select(func.min(Case.filed_on)))
    quarter = quarter_of(first_day or today)
    while quarter.first_day <= today:
        yield from differences(session, quarter, today)
        quarter = quarter.next()


def places_of(report: QuarterReport) -> dict[str, Any]:
    """Every number of a report by its place, in words; of the quarter before its own report tells."""
    places: dict[str, Any] = {}
    for figure, count in report.now.counts.items():
        places[figure.value] = count.total
        for dimension, sides in count.by.items():
            for side, amount in sides.items():
                if amount:
                    places[f"{figure.value}, {dimension.value} {side}"] = amount
    for name, duration in (("bruto", report.now.gross), ("netto", report.now.net)):
        places[f"doorlooptijd {name}"] = tuple(
            _rounded(each) for each in (duration.cases, duration.median, duration.ninth_decile)
        )
    for clock, late in report.now.late.items():
        places[f"klok {clock.value}"] = (late.stopped, late.stopped_late, late.running_late)
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
    places |= {f"heroverweging {outcome.value}": amount for outcome, amount in after.outcomes.items() if amount}
    places |= {f"nazorg gevraagd na {months}": amount for months, amount in after.questions.items()}
    places |= {f"nazorg {months}, {answer.value}": amount for (months, answer), amount in after.answers.items()}
    return places


def _rounded(value: float | None) -> float | None:
    """Two ways to add the same fractions may differ in the last bit."""
    return None if value is None else round(value, 6)
