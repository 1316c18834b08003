"""The figures of a quarter from the totals of the ledger: the same numbers as counted from the events, in few reads."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.ledger import (
    FACT_OF_FIGURE,
    GROSS,
    LASTING,
    LATE,
    MEASURED_CLOCKS,
    NET,
    RULE,
    TERM,
    TIMED_CLOCKS,
    TOTAL,
    VERSION,
    WHAT,
    FactKind,
    percentile,
    rule_of,
)
from knelpunt.domain.vocabulary import (
    AftercareAnswer,
    EventKind,
    Result,
    SecondLookOutcome,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models import ClockPeriod, FigureFact, FigureTotal, LedgerBuild, Provision
from knelpunt.queries.figures.afterwards import Afterwards
from knelpunt.queries.figures.counts import (
    PRESSING_RULES,
    Count,
    Duration,
    Lateness,
    PressingRule,
    QuarterFigures,
    Span,
    clock_sets,
)
from knelpunt.queries.figures.series import FEW_RUNS, NO_TIMES, QUARTERS_SHOWN, SHARES, ClockTimes, QuarterCount

_total = FigureTotal.__table__.c
_fact = FigureFact.__table__.c
_SIDES: dict[Dimension, Any] = {
    Dimension.LAW: int,
    Dimension.THEME: Theme,
    Dimension.PROVINCE: int,
    Dimension.SUBMITTER: SubmitterKind,
    Dimension.VERDICT: Verdict,
    Dimension.RESULT: Result,
}
Sums = dict[tuple[str, str], Counter[str]]


def is_built(session: Session) -> bool:
    """Whether the ledger is whole, by the rules of today. Until then figures are counted from the events."""
    return session.scalar(select(LedgerBuild.version)) == VERSION


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """All that the page of a quarter shows; ``before`` is the whole quarter before it."""

    now: QuarterFigures
    before: QuarterFigures
    quarters: list[QuarterCount]
    pressing: list[PressingRule]
    times: dict[Clock, ClockTimes]
    after: Afterwards
    after_before: Afterwards


def read_report(session: Session, span: Span) -> QuarterReport:
    """Read a quarter, counted to its end or to now, with the one before it and two years of it; in five statements."""
    quarter, before = span.quarter, span.quarter.previous()
    sums = _sums(session, quarter, before)
    running = _running_late(session, span) if span.is_running else sums[0][FactKind.RUNS_LATE, TOTAL]
    quarters = quarter_counts(session, _back(quarter), quarter)
    pressing = _pressing(session, quarter, sums[0][FactKind.PRESSED, RULE])
    return _report(span, sums, running, quarters, pressing)


def _report(
    span: Span,
    sums: tuple[Sums, Sums],
    running: Counter[str],
    quarters: list[QuarterCount],
    pressing: list[PressingRule],
) -> QuarterReport:
    now_sums, before_sums = sums
    before = span.quarter.previous()
    return QuarterReport(
        now=_figures(span, now_sums, running),
        before=_figures(Span.of(before, before.last_day), before_sums, before_sums[FactKind.RUNS_LATE, TOTAL]),
        quarters=quarters,
        pressing=pressing,
        times={clock: _times(now_sums, clock) for clock in TIMED_CLOCKS},
        after=_afterwards(now_sums),
        after_before=_afterwards(before_sums),
    )


def content_of(session: Session, quarter: Quarter) -> dict[str, Any]:
    """What a seal of a quarter that is over holds of the ledger: its totals and those of the quarter before, two years
    of quarters, and the rules that pressed most. Plain values, in an order that depends on nothing else."""
    now_sums, before_sums = _sums(session, quarter, quarter.previous())
    places = sorted(
        {(*where, side) for sums in (now_sums, before_sums) for where in list(sums) for side in sums[where]}
    )
    return {
        "kwartaal": str(quarter),
        "regels": VERSION,
        "totalen": [
            [kind, split, side, now_sums[kind, split][side], before_sums[kind, split][side]]
            for kind, split, side in places
        ],
        "kwartalen": [
            [str(each.quarter), each.received, each.handled, each.open, each.reopened, each.no_end]
            for each in quarter_counts(session, _back(quarter), quarter)
        ],
        "knellend": [list(astuple(rule)) for rule in _pressing(session, quarter, now_sums[FactKind.PRESSED, RULE])],
    }


def report_of(content: Mapping[str, Any]) -> QuarterReport:
    """The figures that a content holds, on any machine, without the database."""
    quarter = Quarter.parse(content["kwartaal"])
    sums: tuple[Sums, Sums] = (defaultdict(Counter), defaultdict(Counter))
    for kind, split, side, *amounts in content["totalen"]:
        for of_quarter, amount in zip(sums, amounts, strict=True):
            if amount:
                of_quarter[kind, split][side] = amount
    return _report(
        Span.of(quarter, quarter.last_day),
        sums,
        sums[0][FactKind.RUNS_LATE, TOTAL],
        [QuarterCount(Quarter.parse(each), *numbers) for each, *numbers in content["kwartalen"]],
        [PressingRule(*rule) for rule in content["knellend"]],
    )


def quarter_counts(session: Session, first: Quarter, last: Quarter) -> list[QuarterCount]:
    """Each quarter from the first to the last with its three figures, in one statement."""
    kinds = (FactKind.RECEIVED, FactKind.HANDLED, FactKind.OPEN, FactKind.REOPENED, FactKind.NO_END)
    counts: defaultdict[date, Counter[FactKind]] = defaultdict(Counter)
    open_now = 0
    for kind, day, amount in session.execute(
        select(_total.kind, _total.quarter, _total.amount).where(
            _total.kind.in_(kinds),
            _total.split == TOTAL,
            _total.quarter <= last.first_day,
            or_(_total.kind == FactKind.OPEN, _total.quarter >= first.first_day),
        )
    ):
        if day < first.first_day:
            open_now += amount
        else:
            counts[day][kind] += amount
    found: list[QuarterCount] = []
    quarter = first
    while quarter <= last:
        of = counts[quarter.first_day]
        open_now += of[FactKind.OPEN]
        received, handled = of[FactKind.RECEIVED], of[FactKind.HANDLED]
        found.append(QuarterCount(quarter, received, handled, open_now, of[FactKind.REOPENED], of[FactKind.NO_END]))
        quarter = quarter.next()
    return found


def _back(quarter: Quarter) -> Quarter:
    for _ in range(QUARTERS_SHOWN - 1):
        quarter = quarter.previous()
    return quarter


def _sums(session: Session, quarter: Quarter, before: Quarter) -> tuple[Sums, Sums]:
    """The totals of two quarters by kind and split: of what lasts all up to the quarter, else those in it."""
    lasts = _total.kind.in_(sorted(LASTING))
    day, earlier = quarter.first_day, before.first_day
    rows = session.execute(
        select(
            _total.kind,
            _total.split,
            _total.side,
            func.sum(_total.amount).filter(or_(lasts, _total.quarter == day)),
            func.sum(_total.amount).filter(_total.quarter <= earlier),
        )
        .where(or_(and_(lasts, _total.quarter <= day), _total.quarter.in_([day, earlier])))
        .group_by(_total.kind, _total.split, _total.side)
    )
    sums: tuple[Sums, Sums] = (defaultdict(Counter), defaultdict(Counter))
    for kind, split, side, *amounts in rows:
        for of_quarter, amount in zip(sums, amounts, strict=True):
            if amount:
                of_quarter[kind, split][side] = int(amount)
    return sums


def _figures(span: Span, sums: Sums, running: Counter[str]) -> QuarterFigures:
    return QuarterFigures(
        span=span,
        counts={figure: _count(figure, sums) for figure in Figure},
        gross=_duration(sums[FactKind.HANDLED, GROSS]),
        net=_duration(sums[FactKind.HANDLED, NET]),
        late={
            clock: Lateness(sums[FactKind.STOPPED, TOTAL][clock], sums[FactKind.STOPPED, LATE][clock], running[clock])
            for clock in MEASURED_CLOCKS
        },
    )


def _count(figure: Figure, sums: Sums) -> Count:
    kind = FACT_OF_FIGURE[figure]
    by: dict[Dimension, dict[Any, int]] = {
        dimension: {_SIDES[dimension](side) if side else None: amount for side, amount in sums[kind, dimension].items()}
        for dimension in Dimension
        if figure is Figure.HANDLED or dimension not in (Dimension.VERDICT, Dimension.RESULT)
    }
    return Count(sums[kind, TOTAL][""], by)


def _duration(days: Counter[str]) -> Duration:
    counted = Counter({int(side): amount for side, amount in days.items()})
    return Duration(counted.total(), percentile(counted, 0.5), percentile(counted, 0.9))


def _running_late(session: Session, span: Span) -> Counter[str]:
    """Which runs are late today follows from the calendar, not from an act: of a quarter that runs they are counted."""
    _stopped, _stopped_late, running_late = clock_sets(span)
    rows = session.execute(
        select(ClockPeriod.clock, func.count())
        .where(ClockPeriod.clock.in_(MEASURED_CLOCKS), running_late, ClockPeriod.stopped_on.is_(None))
        .group_by(ClockPeriod.clock)
    )
    return Counter({str(clock): count for clock, count in rows})


def _pressing(session: Session, quarter: Quarter, cases: Counter[str]) -> list[PressingRule]:
    """The rules that most cases are about; how many municipalities those lie in is read for them alone."""
    last = sorted(cases.values(), reverse=True)[PRESSING_RULES - 1 : PRESSING_RULES]
    most = {rule_of(side): count for side, count in cases.items() if count >= (last[0] if last else 1)}
    if not most:
        return []
    places = func.count(_fact.municipality_id.distinct())
    rows = session.execute(
        select(_fact.law_id, _fact.provision_id, _fact.article, Provision.article, Provision.instrument, places)
        .select_from(FigureFact.__table__.outerjoin(Provision, Provision.id == _fact.provision_id))
        .where(
            _fact.kind == FactKind.PRESSED,
            _fact.quarter <= quarter.first_day,
            or_(_fact.until.is_(None), _fact.until > quarter.first_day),
            _fact.law_id.in_({law_id for law_id, _provision, _article in most}),
        )
        .group_by(_fact.law_id, _fact.provision_id, _fact.article, Provision.article, Provision.instrument)
    )
    rules = [
        PressingRule(law_id, provision_id, of_provision or article, instrument, count, places)
        for law_id, provision_id, article, of_provision, instrument, places in rows
        if (count := most.get((law_id, provision_id, article or None), 0))
    ]
    return sorted(rules, key=_rank)[:PRESSING_RULES]


def _rank(rule: PressingRule) -> tuple[Any, ...]:
    """The most cases first, then the most places, in the order in which the events are counted."""
    provision_id, article = rule.provision_id, rule.article
    by_rule = (rule.law_id, provision_id is None, provision_id or 0, article is None, article or "")
    return -rule.cases, -rule.municipalities, *by_rule


def _times(sums: Sums, clock: Clock) -> ClockTimes:
    days = Counter({int(side): amount for side, amount in sums[FactKind.STOPPED, f"{GROSS}:{clock}"].items()})
    terms = [int(side) for side in sums[FactKind.STOPPED, f"{TERM}:{clock}"]]
    if not days:
        return NO_TIMES
    few = days.total() <= FEW_RUNS
    return ClockTimes(
        runs=days.total(),
        late=sums[FactKind.STOPPED, LATE][clock],
        shares=tuple(percentile(days, share) or 0.0 for share in SHARES),
        each=tuple(sorted(days.elements())) if few else (),
        term=(min(terms), max(terms)) if terms else None,
    )


def _afterwards(sums: Sums) -> Afterwards:
    acts = sums[FactKind.AFTER, WHAT]

    def count(kind: EventKind) -> int:
        return sum(amount for what, amount in acts.items() if what.startswith(f"{kind}:"))

    told = [(what.split(":"), amount) for what, amount in acts.items()]
    looks = [(parts[1], amount) for parts, amount in told if not parts[0].startswith("nazorg")]
    return Afterwards(
        asked=count(EventKind.SECOND_LOOK_ASKED),
        begun_by_head=count(EventKind.SECOND_LOOK_STARTED),
        unasked=count(EventKind.CONTEST_ENDED),
        outcomes={each: sum(amount for outcome, amount in looks if outcome == each) for each in SecondLookOutcome},
        questions={int(parts[1]): amount for parts, amount in told if parts[0] == EventKind.AFTERCARE_ASKED},
        answers={
            (int(parts[1]), AftercareAnswer(parts[2])): amount
            for parts, amount in told
            if parts[0] == EventKind.AFTERCARE_ANSWERED
        },
    )
