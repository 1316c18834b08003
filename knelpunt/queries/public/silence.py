"""How many cases had no reply in time: public, because the goal is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.ledger import OWED_CLOCKS, FactKind, unknown_to
from knelpunt.domain.vocabulary import OPEN_STATUSES
from knelpunt.models import Case, ClockPeriod
from knelpunt.queries.figures.counts import Span, clock_sets
from knelpunt.queries.figures.ledger import report_of, sealed_contents

QUARTERS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class SilentQuarter:
    """One quarter: cases to which the desk owed a reply, and those of them that had it late or not yet."""

    quarter: Quarter
    owed: int
    silent: int

    @property
    def in_time(self) -> int:
        """The cases of which every reply that was owed came in time."""
        return self.owed - self.silent


@dataclass(frozen=True, slots=True)
class Silence:
    """Cases that wait now for a reply whose term is over, and the last quarters, the running one first."""

    now: int
    quarters: tuple[SilentQuarter, ...]


def silence(session: Session, today: date) -> Silence:
    """Count the cases without a reply in time, in two statements. A case counts once a quarter, however often.

    A quarter that was sealed is told as it was sealed.
    """
    quarter = quarter_of(today)
    quarters = [quarter.back(count) for count in range(QUARTERS_SHOWN)]
    cases = func.count(ClockPeriod.case_id.distinct())
    columns = []
    for each in quarters:
        stopped, stopped_late, running_late = clock_sets(Span.of(each, today))
        columns += [cases.filter(or_(stopped, running_late)), cases.filter(or_(stopped_late, running_late))]
    waits = and_(ClockPeriod.stopped_on.is_(None), ClockPeriod.due_on < today, Case.status.in_(OPEN_STATUSES))
    first = quarters[-1].first_day
    row = session.execute(
        select(cases.filter(waits), *columns)
        .join(Case, Case.id == ClockPeriod.case_id)
        .where(
            ClockPeriod.clock.in_(OWED_CLOCKS),
            or_(ClockPeriod.stopped_on >= first, ClockPeriod.stopped_on.is_(None)),
        )
    ).one()
    counted = zip(quarters, row[1::2], row[2::2], strict=True)
    return Silence(row[0], tuple(_sealed(session, [SilentQuarter(*each) for each in counted])))


def _sealed(session: Session, counted: list[SilentQuarter]) -> Iterator[SilentQuarter]:
    sealed = sealed_contents(session, counted[-1].quarter, counted[0].quarter)
    for each in counted:
        content = sealed.get(each.quarter)
        if content is None or FactKind.OWED in unknown_to(content["regels"]):
            yield each
        else:
            owed = report_of(content).now.owed
            yield SilentQuarter(each.quarter, owed.owed, owed.silent)
