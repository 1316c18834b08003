"""The figures of a quarter from the totals of the ledger: the same numbers as counted from the events, in few reads."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.ledger import (
    ALL,
    EFFECT,
    FACT_OF_FIGURE,
    GROSS,
    LASTING,
    LATE,
    MEASURED_CLOCKS,
    NET,
    PLACE,
    RULE,
    SINCE_BEGIN,
    TERM,
    TIMED_CLOCKS,
    TOTAL,
    VERSION,
    WHAT,
    Consulted,
    Effect,
    FactKind,
    Owed,
    percentile,
    rule_of,
    unknown_to,
)
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.vocabulary import (
    AftercareAnswer,
    EventKind,
    Result,
    SecondLookOutcome,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models import ClockPeriod, FigureFact, FigureTotal, LedgerBuild, Provision, QuarterSeal
from knelpunt.models.figures.ledger import PRESSED_PROVISION, PRESSED_UNTIL
from knelpunt.queries.figures.afterwards import Afterwards
from knelpunt.queries.figures.beside import Beside, GuideUse, RuleStep, SinceBegin, beside, owed_answers
from knelpunt.queries.figures.counts import (
    PRESSING_RULES,
    WHOLE,
    Count,
    Days,
    Duration,
    Lateness,
    MinistryAnswers,
    OwedAnswers,
    PressingRule,
    QuarterFigures,
    Reading,
    Span,
    clock_sets,
)
from knelpunt.queries.figures.series import FEW_RUNS, NO_TIMES, QUARTERS_SHOWN, SHARES, ClockTimes, QuarterCount

_total = FigureTotal.__table__.c
_fact = FigureFact.__table__.c
_SIDES: dict[Dimension, Any] = {
    Dimension.LAW: int,
    Dimension.PROVISION: int,
    Dimension.THEME: Theme,
    Dimension.PROVINCE: int,
    Dimension.URBANITY: Urbanity,
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
    year: QuarterFigures | None = None
    """The same quarter a year earlier."""
    beside: Beside = field(default_factory=Beside)
    version: int = VERSION
    """By which rules it was counted; of the first, what came later is not told."""


def read_report(session: Session, span: Span, reading: Reading = WHOLE) -> QuarterReport:
    """Read a quarter, counted to its end or to now, beside the one before, the same a year earlier and two years of
    quarters. What was sealed of those is left to ``queries.figures.quarter``.

    Of what is not read nothing is told: no split has a side, and no clock runs late.
    """
    sums = _sums(session, compared(span.quarter)[: 3 if reading.year else 2], reading)
    counted_live = span.is_running and reading.beside
    return _report(
        span,
        sums,
        _running_late(session, span) if counted_live else sums[0][FactKind.RUNS_LATE, TOTAL],
        owed_answers(session, span) if counted_live else None,
        quarter_counts(session, two_years_to(span.quarter), span.quarter),
        _pressing(session, span.quarter, sums[0][FactKind.PRESSED, RULE]),
        beside(session, span, _since(session, span.quarter)) if reading.beside else Beside(),
    )


def compared(quarter: Quarter) -> tuple[Quarter, Quarter, Quarter]:
    """A quarter, the one before, and the same a year earlier."""
    return quarter, quarter.previous(), quarter.year_before()


def _report(
    span: Span,
    sums: Sequence[Sums],
    running: Counter[str],
    owed: OwedAnswers | None,
    quarters: list[QuarterCount],
    pressing: list[PressingRule],
    more: Beside,
    version: int = VERSION,
) -> QuarterReport:
    quarter_figures = [
        _figures(Span.of(quarter, quarter.last_day), of_quarter, of_quarter[FactKind.RUNS_LATE, TOTAL])
        for quarter, of_quarter in zip(compared(span.quarter)[1:], sums[1:], strict=False)
    ]
    now = _figures(span, sums[0], running)
    return QuarterReport(
        now=now if owed is None else replace(now, owed=owed),
        before=quarter_figures[0],
        quarters=quarters,
        pressing=pressing,
        times={clock: _times(sums[0], clock) for clock in TIMED_CLOCKS},
        after=_afterwards(sums[0], version),
        after_before=_afterwards(sums[1], version),
        year=quarter_figures[1] if len(quarter_figures) > 1 else None,
        beside=more,
        version=version,
    )


def content_of(session: Session, quarter: Quarter) -> dict[str, Any]:
    """What a seal of a quarter that is over holds of the ledger: its totals, those of the quarter before and of the
    same quarter a year earlier (as sealed, where they are), two years of quarters, and the rules that pressed most.
    Plain values, in an order that depends on nothing else."""
    span = Span.of(quarter, quarter.last_day)
    now, *others = _sums(session, compared(quarter), WHOLE)
    sealed = sealed_contents(session, two_years_to(quarter), quarter.previous())
    earlier = [with_sealed(sums, sealed.get(each)) for each, sums in zip(compared(quarter)[1:], others, strict=True)]
    every = [now, *earlier]
    places = sorted({(*where, side) for sums in every for where in list(sums) for side in sums[where]})
    more = beside(session, span, _since(session, quarter))
    return {
        "kwartaal": str(quarter),
        "regels": VERSION,
        "totalen": [[kind, split, side, *(sums[kind, split][side] for sums in every)] for kind, split, side in places],
        "kwartalen": [
            [str(each.quarter), each.received, each.handled, each.open, each.reopened, each.no_end]
            for each in as_sealed(quarter_counts(session, two_years_to(quarter), quarter), sealed)
        ],
        "knellend": [list(astuple(rule)) for rule in _pressing(session, quarter, now[FactKind.PRESSED, RULE])],
        "sinds": list(astuple(more.since)),
        "wegwijs": [
            [use.answered, use.claimed, {outcome.value: number for outcome, number in use.outcomes.items()}]
            for use in (more.guides, more.guides_before)
        ],
        "regelknelpunten": [[step.value, rules.count, rules.age] for step, rules in more.rules.items()],
    }


def report_of(content: Mapping[str, Any]) -> QuarterReport:
    """The figures that a content holds, on any machine, without the database."""
    quarter = Quarter.parse(content["kwartaal"])
    sums = _sums_of(content)
    return _report(
        Span.of(quarter, quarter.last_day),
        sums,
        sums[0][FactKind.RUNS_LATE, TOTAL],
        None,
        [QuarterCount(Quarter.parse(each), *numbers) for each, *numbers in content["kwartalen"]],
        [PressingRule(*rule) for rule in content["knellend"]],
        _beside_of(content),
        content["regels"],
    )


def _sums_of(content: Mapping[str, Any]) -> list[Sums]:
    width = max((len(row) for row in content["totalen"]), default=5) - 3
    sums: list[Sums] = [defaultdict(Counter) for _ in range(width)]
    for kind, split, side, *amounts in content["totalen"]:
        for of_quarter, amount in zip(sums, amounts, strict=True):
            if amount:
                of_quarter[kind, split][side] = amount
    return sums


def _beside_of(content: Mapping[str, Any]) -> Beside:
    if "sinds" not in content:
        return Beside()
    guides, guides_before = (
        GuideUse(answered, claimed, {ClaimOutcome(outcome): number for outcome, number in outcomes.items()})
        for answered, claimed, outcomes in content["wegwijs"]
    )
    rules = {BottleneckStatus(step): RuleStep(count, age) for step, count, age in content["regelknelpunten"]}
    return Beside(SinceBegin(*content["sinds"]), guides, guides_before, rules)


def sealed_contents(session: Session, first: Quarter, last: Quarter) -> dict[Quarter, Mapping[str, Any]]:
    """What was sealed of the quarters from the first to the last."""
    rows = session.execute(
        select(QuarterSeal.quarter, QuarterSeal.content).where(
            QuarterSeal.quarter.between(first.first_day, last.first_day)
        )
    )
    return {quarter_of(day): json.loads(content) for day, content in rows}


def with_sealed(sums: Sums, content: Mapping[str, Any] | None) -> Sums:
    """The totals of a quarter as they were sealed; of what its rules did not know yet, as they are now."""
    if content is None:
        return sums
    as_they_were = _sums_of(content)[0]
    new = unknown_to(content["regels"])
    as_they_were |= {where: each for where, each in sums.items() if not new.isdisjoint(where)}
    return as_they_were


def as_sealed(counts: list[QuarterCount], sealed: Mapping[Quarter, Mapping[str, Any]]) -> list[QuarterCount]:
    """Quarters along time, those that were sealed as they were."""
    return [
        QuarterCount(each.quarter, *sealed[each.quarter]["kwartalen"][-1][1:]) if each.quarter in sealed else each
        for each in counts
    ]


def quarter_counts(session: Session, first: Quarter, last: Quarter) -> list[QuarterCount]:
    """Each quarter from the first to the last with its three figures, in one statement."""
    kinds = (FactKind.RECEIVED, FactKind.HANDLED, FactKind.OPEN, FactKind.REOPENED, FactKind.NO_END)
    counts: defaultdict[date, Counter[FactKind]] = defaultdict(Counter)
    for kind, day, amount in session.execute(
        select(_total.kind, _total.quarter, _total.amount).where(
            _total.kind.in_(kinds), _total.split == TOTAL, _total.quarter >= first.first_day
        )
    ):
        counts[day][kind] += amount
    open_then = counts[ALL][FactKind.OPEN] - sum(
        of[FactKind.OPEN] for day, of in counts.items() if last.first_day < day < ALL
    )
    found: list[QuarterCount] = []
    quarter = last
    while quarter >= first:
        of = counts[quarter.first_day]
        received, handled = of[FactKind.RECEIVED], of[FactKind.HANDLED]
        found.append(QuarterCount(quarter, received, handled, open_then, of[FactKind.REOPENED], of[FactKind.NO_END]))
        open_then -= of[FactKind.OPEN]
        quarter = quarter.previous()
    return found[::-1]


def answers_of(
    session: Session, ministry_id: int, quarters: Sequence[Quarter]
) -> list[tuple[Quarter, MinistryAnswers]]:
    """How one ministry answered in each of these quarters, in one statement."""
    days = [quarter.first_day for quarter in quarters]
    sums: dict[date, Sums] = {day: defaultdict(Counter) for day in days}
    for day, side, amount in session.execute(
        select(_total.quarter, _total.side, _total.amount).where(
            _total.kind == FactKind.CONSULTED,
            _total.split == WHAT,
            _total.quarter.in_(days),
            _total.side.startswith(f"{ministry_id}:"),
        )
    ):
        sums[day][FactKind.CONSULTED, WHAT][side] += amount
    return [(quarter, _consulted(sums[quarter.first_day]).get(ministry_id, MinistryAnswers())) for quarter in quarters]


def read_times(session: Session, quarter: Quarter) -> dict[Clock, ClockTimes]:
    """How long the runs of clocks took that stopped in a quarter, in one statement."""
    sums: Sums = defaultdict(Counter)
    for split, side, amount in session.execute(
        select(_total.split, _total.side, _total.amount).where(
            _total.kind == FactKind.STOPPED, _total.quarter == quarter.first_day
        )
    ):
        if amount:
            sums[FactKind.STOPPED, split][side] += amount
    return {clock: _times(sums, clock) for clock in TIMED_CLOCKS}


def two_years_to(quarter: Quarter) -> Quarter:
    """The first of the quarters that stand along time up to this one."""
    return quarter.back(QUARTERS_SHOWN - 1)


_DAYS = tuple(bindparam(name, type_=Date) for name in ("now", "before", "year"))
_KINDS, _SPLITS = (bindparam(name, type_=ARRAY(String)) for name in ("kinds", "splits"))
_IS_READ = and_(_total.kind == func.any(_KINDS), _total.split == func.any(_SPLITS))
_RUNS_UP = or_(*(and_(_total.kind == kind, _total.split == split) for kind, split in sorted(SINCE_BEGIN)))
# The sides of a total as one JSON: some thousands of them as rows of their own cost more than all else on the page.
_HAPPENED = (
    select(_total.kind, _total.split, _total.quarter, func.json_object_agg(_total.side, _total.amount))
    .where(_IS_READ, _total.quarter.in_(_DAYS), _total.amount != 0)
    .group_by(_total.kind, _total.split, _total.quarter)
)
"""What quarters tell of what happened in them."""


def _back_to(day: BindParameter[date]) -> ColumnElement[int]:
    """What stands in all quarters together, without those after a day."""
    return func.sum(case((_total.quarter == ALL, _total.amount), (_total.quarter > day, -_total.amount), else_=0))


_SIDES_STOOD = (
    select(_total.kind, _total.split, _total.side, *(_back_to(day).label(day.key) for day in _DAYS))
    .where(_IS_READ, _total.quarter > _DAYS[-1])
    .group_by(_total.kind, _total.split, _total.side)
    .subquery("sides")
    .c
)
_STOOD = select(
    _SIDES_STOOD.kind,
    _SIDES_STOOD.split,
    *(
        func.json_object_agg(_SIDES_STOOD.side, _SIDES_STOOD[day.key]).filter(_SIDES_STOOD[day.key] != 0)
        for day in _DAYS
    ),
).group_by(_SIDES_STOOD.kind, _SIDES_STOOD.split)
"""How things stood at the end of quarters, told from how they stand now, back."""
_SIDES_SINCE = (
    select(_total.kind, _total.split, _back_to(_DAYS[0]).label("amount"))
    .where(_RUNS_UP, _total.quarter > _DAYS[0])
    .group_by(_total.kind, _total.split, _total.side)
    .subquery("sides")
    .c
)
_SINCE = select(
    _SIDES_SINCE.kind, _SIDES_SINCE.split, func.sum(_SIDES_SINCE.amount), func.count().filter(_SIDES_SINCE.amount != 0)
).group_by(_SIDES_SINCE.kind, _SIDES_SINCE.split)


def _since(session: Session, quarter: Quarter) -> SinceBegin:
    """What had run up by the end of a quarter."""
    rows = session.execute(_SINCE, {_DAYS[0].key: quarter.first_day})
    found = {(kind, split): (int(amount), sides) for kind, split, amount, sides in rows}
    received, handled = (found.get((kind, TOTAL), (0, 0))[0] for kind in (FactKind.RECEIVED, FactKind.HANDLED))
    return SinceBegin(received, handled, found.get((FactKind.RECEIVED, PLACE), (0, 0))[1])


def _sums(session: Session, quarters: Sequence[Quarter], reading: Reading) -> list[Sums]:
    """The totals of quarters by kind and split, in two statements.

    Args:
        quarters: as ``compared`` gives them, the earliest last; that of a year earlier may be left out.
    """
    days = [quarter.first_day for quarter in quarters]
    asked: dict[str, Any] = {each.key: day for each, day in zip(_DAYS, (*days, days[-1]), strict=False)}
    asked[_SPLITS.key] = sorted(reading.every_split)
    sums: dict[date, Sums] = {day: defaultdict(Counter) for day in days}
    for kind, split, day, sides in session.execute(_HAPPENED, asked | {_KINDS.key: sorted(reading.kinds - LASTING)}):
        sums[day][kind, split] = Counter(sides)
    for kind, split, *stood in session.execute(_STOOD, asked | {_KINDS.key: sorted(reading.kinds & LASTING)}):
        for day, sides in zip(days, stood, strict=False):
            if sides:
                sums[day][kind, split] = Counter(sides)
    return list(sums.values())


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
        consulted=_consulted(sums),
        owed=OwedAnswers(sums[FactKind.OWED, WHAT].total(), sums[FactKind.OWED, WHAT][Owed.SILENT]),
        municipalities=len([side for side, amount in sums[FactKind.RECEIVED, PLACE].items() if amount]),
    )


def _consulted(sums: Sums) -> dict[int, MinistryAnswers]:
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for side, amount in sums[FactKind.CONSULTED, WHAT].items():
        ministry, _colon, what = side.partition(":")
        found[int(ministry)][what] += amount
    return {
        id_: MinistryAnswers(*(found[id_][what] for what in Consulted)) for id_ in sorted(found) if found[id_].total()
    }


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


_SPAN = Days.of()
_RUNNING_LATE = (
    select(ClockPeriod.clock, func.count())
    .where(ClockPeriod.clock.in_(MEASURED_CLOCKS), clock_sets(_SPAN)[2], ClockPeriod.stopped_on.is_(None))
    .group_by(ClockPeriod.clock)
)


def _running_late(session: Session, span: Span) -> Counter[str]:
    """Which runs are late today follows from the calendar, not from an act: of a quarter that runs they are counted."""
    rows = session.execute(_RUNNING_LATE, {_SPAN.until.key: span.until})
    return Counter({str(clock): count for clock, count in rows})


_ASKED = (
    func.unnest(
        bindparam("law_ids", type_=ARRAY(BigInteger)),
        bindparam("provision_ids", type_=ARRAY(BigInteger)),
        bindparam("articles", type_=ARRAY(String)),
        bindparam("cases", type_=ARRAY(Integer)),
    )
    .table_valued(
        column("law_id", BigInteger),
        column("provision_id", BigInteger),
        column("article", String),
        column("cases", Integer),
        name="asked",
    )
    .render_derived()
)
_PRESSED = (
    select(func.count(_fact.municipality_id.distinct()).label("places"))
    .where(
        _fact.kind == FactKind.PRESSED,
        _fact.law_id == _ASKED.c.law_id,
        literal_column(PRESSED_PROVISION) == func.coalesce(_ASKED.c.provision_id, 0),
        literal_column(PRESSED_UNTIL) > bindparam("day", type_=Date),
        _fact.quarter <= bindparam("day", type_=Date),
        func.coalesce(_fact.article, "") == func.coalesce(_ASKED.c.article, ""),
    )
    .lateral("pressed")
)
_PLACES_PRESSED = select(
    _ASKED.c.law_id,
    _ASKED.c.provision_id,
    func.coalesce(Provision.article, _ASKED.c.article),
    Provision.instrument,
    _ASKED.c.cases,
    _PRESSED.c.places,
).select_from(_ASKED.join(_PRESSED, true()).outerjoin(Provision, Provision.id == _ASKED.c.provision_id))


def _pressing(session: Session, quarter: Quarter, cases: Counter[str]) -> list[PressingRule]:
    """The rules that most cases are about; how many municipalities those lie in is read for them alone."""
    last = sorted(cases.values(), reverse=True)[PRESSING_RULES - 1 : PRESSING_RULES]
    most = [(*rule_of(side), count) for side, count in cases.items() if count >= (last[0] if last else 1)]
    if not most:
        return []
    names = ("law_ids", "provision_ids", "articles", "cases")
    columns = dict(zip(names, map(list, zip(*most, strict=True)), strict=True))
    rows = session.execute(_PLACES_PRESSED, {**columns, "day": quarter.first_day})
    return sorted((PressingRule(*row) for row in rows), key=_rank)[:PRESSING_RULES]


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


def _afterwards(sums: Sums, version: int) -> Afterwards:
    acts, effects = sums[FactKind.AFTER, WHAT], sums[FactKind.AFTER, EFFECT]

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
        effects=None if EFFECT in unknown_to(version) else {each: effects[each.told] for each in Effect},
    )
