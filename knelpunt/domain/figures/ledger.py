"""The ledger: the facts of a case that the figures add up, each in the quarter in which it counts.

Facts follow from the acts of a case, its assessments and the runs of its clocks. A fact of a moment (received, ended)
stands in one quarter. A fact that lasts (open, pressed by a rule) stands from its first quarter up to, and not in,
``until``, and says how things were at the end of each of those quarters. Days are days in Europe/Amsterdam.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    AssessmentRole,
    CaseStatus,
    ConsultationStatus,
    EventKind,
    Result,
    SubmitterKind,
    Theme,
    Verdict,
)

State = TypeVar("State", bound=Hashable)
VERSION = 4
"""Goes up when the same acts give other facts; a ledger of an older version is made again."""
MEASURED_CLOCKS = (Clock.K1, Clock.K2, Clock.K3, Clock.K4, Clock.K5, Clock.CLOSING, Clock.K8)
TIMED_CLOCKS = (Clock.K1, Clock.K2, Clock.K4)
"""The clocks of the desk itself, in the order in which a case meets them."""
OWED_CLOCKS = (Clock.K1, Clock.K2, Clock.K4, Clock.CLOSING, Clock.K8)
"""The terms in which the desk itself owes an answer."""
AFTER_CLOSING = (
    EventKind.SECOND_LOOK_ASKED,
    EventKind.SECOND_LOOK_STARTED,
    EventKind.SECOND_LOOK_KEPT,
    EventKind.SECOND_LOOK_CHANGED,
    EventKind.CONTEST_ENDED,
    EventKind.AFTERCARE_ASKED,
    EventKind.AFTERCARE_ANSWERED,
)
"""The acts after closing that a quarter counts."""
TOTAL, GROSS, NET, LATE, TERM, RULE, WHAT = "totaal", "bruto", "netto", "te-laat", "termijn", "regel", "wat"
PLACE, EFFECT = "gemeente", "gevolg"
"""By what totals are kept besides the dimensions of a figure; ``LATE`` and ``TERM`` are kept by clock."""


class FactKind(StrEnum):
    """What a fact says of its case."""

    RECEIVED = "ontvangen"
    HANDLED = "afgehandeld"
    OPEN = "open"
    REOPENED = "heropend"
    NO_END = "zonder-einde"
    PRESSED = "knelt"
    STOPPED = "klok-gestopt"
    RUNS_LATE = "klok-loopt-te-laat"
    AFTER = "na-het-afsluiten"
    CONSULTED = "raadpleging"
    OWED = "antwoord-verschuldigd"


class Consulted(StrEnum):
    """What became of a question to a ministry, or that it was put. ``IN_TIME`` and ``LATE`` are answers."""

    ASKED = "gesteld"
    IN_TIME = "op-tijd"
    LATE = "te-laat"
    NO_ANSWER = "geen-antwoord"


class Owed(StrEnum):
    """Whether the desk told somebody what it owed before the last day; one answer that stayed away makes it silent."""

    IN_TIME = "op-tijd"
    SILENT = "stil"


class Effect(StrEnum):
    """What was different when a case ended again after a second look that changed its outcome, whole or in part."""

    VERDICT = "oordeel"
    RESULT = "resultaat"
    BOTH = "oordeel-en-resultaat"
    NEITHER = "geen-van-beide"

    @classmethod
    def between(cls, before: "Act", now: "Act") -> "Effect":
        """Hold the end of a case against the one before it."""
        if before.verdict != now.verdict:
            return cls.BOTH if before.result != now.result else cls.VERDICT
        return cls.RESULT if before.result != now.result else cls.NEITHER

    @property
    def told(self) -> str:
        """What its fact is called."""
        return f"heroverweging_gevolg:{self.value}"


_EFFECTS = frozenset(each.told for each in Effect)
FACT_OF_FIGURE = {
    Figure.RECEIVED: FactKind.RECEIVED,
    Figure.HANDLED: FactKind.HANDLED,
    Figure.OPEN: FactKind.OPEN,
}
FIRST_QUARTER = Quarter(2013, 4)
"""The letter that the desk goes back to dates from this quarter; older history is counted in no quarter."""
LASTING = frozenset({FactKind.OPEN, FactKind.PRESSED, FactKind.RUNS_LATE, FactKind.OWED})
SINCE_BEGIN = frozenset({(FactKind.RECEIVED, TOTAL), (FactKind.RECEIVED, PLACE), (FactKind.HANDLED, TOTAL)})
"""What is also told from the begin on."""
ALL = date(9999, 1, 1)
"""Where the total of every quarter together stands, of what lasts and of what is told from the begin on. A quarter of
the last years is told from there back, so that it costs the same however long there are quarters."""
NEW_IN: Mapping[int, frozenset[str]] = {
    2: frozenset({FactKind.CONSULTED, FactKind.OWED, Dimension.PROVISION, PLACE}),
    3: frozenset({Dimension.URBANITY}),
    4: frozenset({EFFECT}),
}
"""The kinds and splits that each version of these rules brought, and that seals of an older one do not have."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. ``quarter`` and ``until`` are first days of quarters.

    ``days`` are calendar days: of a case from filing to its end, of a run without those it stood still; ``net`` are a
    case's days without those a clock stood still; ``term`` is a run's term in calendar days. ``what`` tells acts after
    closing apart, and says of a question which ministry and what became of it.
    """

    kind: FactKind
    quarter: date
    until: date | None = None
    on_day: date | None = None
    law_id: int | None = None
    provision_id: int | None = None
    article: str | None = None
    municipality_id: int | None = None
    verdict: Verdict | None = None
    result: Result | None = None
    clock: Clock | None = None
    is_late: bool | None = None
    days: int | None = None
    net: int | None = None
    term: int | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What an event of the case says to the ledger; ``outcome`` and ``about`` are those of an act after closing."""

    number: int
    day: date
    kind: str
    status_before: CaseStatus | None
    status: CaseStatus | None
    verdict: Verdict | None = None
    result: Result | None = None
    outcome: str | None = None
    about: int | None = None

    @property
    def opens(self) -> bool | None:
        """Whether the case came among the open ones; None when it neither came there nor left."""
        if self.status is None or self.status_before is None:
            return None
        is_open = self.status in OPEN_STATUSES
        return is_open if is_open != (self.status_before in OPEN_STATUSES) else None


@dataclass(frozen=True, slots=True)
class NamedRule:
    """An assessment; ``made_on`` is None for history, of which it is known from the begin."""

    id: int
    law_id: int
    provision_id: int | None
    article: str | None
    role: AssessmentRole
    made_on: date | None
    withdrawn_on: date | None

    def holds(self, day: date) -> bool:
        """Whether it was known at the end of a day."""
        return (self.made_on is None or self.made_on <= day) and (self.withdrawn_on is None or self.withdrawn_on > day)

    @property
    def rule(self) -> tuple[int, int | None, str | None]:
        """The rule it names: a provision, or a law with an article in words."""
        return self.law_id, self.provision_id, self.article if self.provision_id is None else None


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a clock with the stretches in which it stood still, each with its first and last day."""

    clock: Clock
    started_on: date
    due_on: date | None
    stopped_on: date | None
    still: tuple[tuple[date, date | None], ...] = ()

    def days_to(self, day: date) -> int:
        """Calendar days from the start to a day, without those on which it stood still."""
        stood = sum((min(last or day, day) - first).days + 1 for first, last in self.still if first <= day)
        return (day - self.started_on).days - stood


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a ministry."""

    ministry_id: int
    asked_on: date
    due_on: date
    status: ConsultationStatus
    ended_on: date | None

    @property
    def outcome(self) -> Consulted | None:
        """What became of it; None while it is open, and when it was taken back."""
        match self.status:
            case ConsultationStatus.ANSWERED | ConsultationStatus.NOT_THEIRS:
                is_late = self.ended_on is not None and self.ended_on > self.due_on
                return Consulted.LATE if is_late else Consulted.IN_TIME
            case ConsultationStatus.UNANSWERED:
                return Consulted.NO_ANSWER
            case _:
                return None


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """All of a case that facts follow from. ``acts`` in the order of their numbers."""

    case_id: int
    is_imported: bool
    filed_on: date
    theme: Theme
    province_id: int | None
    municipality_id: int | None
    urbanity: Urbanity | None
    submitter: SubmitterKind
    acts: tuple[Act, ...] = ()
    rules: tuple[NamedRule, ...] = ()
    runs: tuple[Run, ...] = ()
    questions: tuple[Question, ...] = ()
    moments: dict[int, int] = field(default_factory=dict)
    """After how many months each question of aftercare was put, by its number."""

    def counts_under(self, day: date) -> tuple[int | None, int | None]:
        """The law and provision under which the case counts: of the rule that blocks first, else of the one that gives
        room first."""
        held = [rule for rule in self.rules if rule.holds(day)]
        first = min(held, key=lambda rule: (rule.role is not AssessmentRole.BLOCKS, rule.id), default=None)
        return (first.law_id, first.provision_id) if first else (None, None)

    def blocked_by(self, day: date) -> frozenset[tuple[int, int | None, str | None]]:
        """The rules that block at the end of a day."""
        return frozenset(rule.rule for rule in self.rules if rule.role is AssessmentRole.BLOCKS and rule.holds(day))

    def open_since(self, day: date) -> date | None:
        """The day on which the case last opened or ended, if it is open at the end of a day; None when it is not."""
        crossings = [act for act in self.acts if act.opens is not None and act.day <= day]
        if sum(1 if act.opens else -1 for act in crossings) != 1:
            return None
        return max(act.day for act in crossings)


def facts_of(history: CaseHistory) -> list[Fact]:
    """Every fact of a case."""
    return [
        *_received(history),
        *_ended(history),
        *_lasting(history),
        *_runs(history),
        *_after_closing(history),
        *_effects(history),
        *_consulted(history),
        *_owed(history),
    ]


def _received(history: CaseHistory) -> Iterator[Fact]:
    for act in history.acts:
        if act.kind != EventKind.FILED:
            continue
        quarter = quarter_of(act.day)
        law_id, provision_id = history.counts_under(quarter.last_day)
        yield Fact(
            FactKind.RECEIVED,
            quarter.first_day,
            on_day=act.day,
            law_id=law_id,
            provision_id=provision_id,
            municipality_id=history.municipality_id,
        )
        if act.opens is None:
            yield Fact(FactKind.NO_END, quarter.first_day, on_day=act.day)


def _ended(history: CaseHistory) -> Iterator[Fact]:
    """A case counts once for each quarter in which it ended, by its last end; and when it opened again between."""
    by_quarter: dict[Quarter, list[Act]] = {}
    for act in history.acts:
        if act.opens is not None:
            by_quarter.setdefault(quarter_of(act.day), []).append(act)
    for quarter, acts in by_quarter.items():
        ends = [act for act in acts if not act.opens]
        again = [act for act in acts if act.opens and act.kind != EventKind.FILED]
        for act in again[: len(again) - len(ends) + bool(ends)]:
            yield Fact(FactKind.REOPENED, quarter.first_day, on_day=act.day)
        if not ends:
            continue
        last = ends[-1]
        stood = sum(
            (until - first).days + 1
            for run in history.runs
            for first, until in run.still
            if until is not None and until <= last.day
        )
        law_id, provision_id = history.counts_under(quarter.last_day)
        gross = None if history.is_imported else (last.day - history.filed_on).days
        yield Fact(
            FactKind.HANDLED,
            quarter.first_day,
            on_day=last.day,
            law_id=law_id,
            provision_id=provision_id,
            verdict=last.verdict,
            result=last.result,
            days=gross,
            net=None if gross is None else gross - stood,
        )


def _lasting(history: CaseHistory) -> Iterator[Fact]:
    """That the case is open under a law, and that rules press: they block it while it is open or was just received."""
    crossed = [quarter_of(act.day) for act in history.acts if act.opens is not None]
    filed = [quarter_of(act.day) for act in history.acts if act.kind == EventKind.FILED]
    begin = min((*crossed, *filed), default=None)
    if begin is None:
        return
    known = [quarter_of(day) for rule in history.rules for day in (rule.made_on, rule.withdrawn_on) if day is not None]
    moments = sorted({*crossed, *filed, *(each.next() for each in filed), *(each for each in known if each > begin)})

    def opened(quarter: Quarter) -> set[tuple[int | None, int | None, date]]:
        since = history.open_since(quarter.last_day)
        return set() if since is None else {(*history.counts_under(quarter.last_day), since)}

    def pressed(quarter: Quarter) -> set[tuple[int, int | None, str | None]]:
        concerned = quarter in filed or history.open_since(quarter.last_day) is not None
        return set(history.blocked_by(quarter.last_day)) if concerned else set()

    for (law_id, provision_id, since), first, until in _stretches(moments, opened):
        yield Fact(FactKind.OPEN, first, until, on_day=since, law_id=law_id, provision_id=provision_id)
    for (of_law, of_provision, article), first, until in _stretches(moments, pressed):
        yield Fact(
            FactKind.PRESSED,
            first,
            until,
            on_day=history.filed_on,
            law_id=of_law,
            provision_id=of_provision,
            article=article,
            municipality_id=history.municipality_id,
        )


def _stretches(
    moments: Iterable[Quarter], states: Callable[[Quarter], set[State]]
) -> Iterator[tuple[State, date, date | None]]:
    """How long each state lasted: its first quarter, and the first in which it is over.

    Args:
        moments: the quarters in which something can change, oldest first.
    """
    since: dict[State, date] = {}
    for quarter in moments:
        now = states(quarter)
        for state in [each for each in since if each not in now]:
            yield state, since.pop(state), quarter.first_day
        for state in now:
            since.setdefault(state, quarter.first_day)
    for state, first in since.items():
        yield state, first, None


def _runs(history: CaseHistory) -> Iterator[Fact]:
    for run in history.runs:
        if run.clock not in MEASURED_CLOCKS:
            continue
        if run.stopped_on is not None:
            is_timed = run.clock in TIMED_CLOCKS
            yield Fact(
                FactKind.STOPPED,
                quarter_of(run.stopped_on).first_day,
                on_day=run.stopped_on,
                clock=run.clock,
                is_late=run.due_on is not None and run.due_on < run.stopped_on,
                days=run.days_to(run.stopped_on) if is_timed else None,
                term=run.days_to(run.due_on) if is_timed and run.due_on is not None else None,
            )
        if run.due_on is not None:
            first = _first_late(run, run.due_on)
            over = None if run.stopped_on is None else quarter_of(run.stopped_on)
            if over is None or first < over:
                until = None if over is None else over.first_day
                yield Fact(FactKind.RUNS_LATE, first.first_day, until, on_day=run.due_on, clock=run.clock)


def _first_late(run: Run, due_on: date) -> Quarter:
    """The first quarter at whose end the run would be late: when its last day was before that of the quarter."""
    first = quarter_of(due_on)
    return max(first if due_on < first.last_day else first.next(), quarter_of(run.started_on))


def _owed(history: CaseHistory) -> Iterator[Fact]:
    """In which quarters the desk owed an answer in the case, and whether one stayed away past its last day."""
    runs = [run for run in history.runs if run.clock in OWED_CLOCKS]
    moments: set[Quarter] = set()
    for run in runs:
        if run.stopped_on is not None:
            moments |= {quarter_of(run.stopped_on), quarter_of(run.stopped_on).next()}
        if run.due_on is not None:
            moments.add(_first_late(run, run.due_on))

    def owed(quarter: Quarter) -> set[Owed]:
        day = quarter.last_day
        stopped = [run for run in runs if run.stopped_on is not None and quarter_of(run.stopped_on) == quarter]
        is_silent = any(run.due_on is not None and run.due_on < run.stopped_on for run in stopped if run.stopped_on)
        is_silent |= any(
            run.started_on <= day
            and run.due_on is not None
            and run.due_on < day
            and (run.stopped_on is None or run.stopped_on > day)
            for run in runs
        )
        return {Owed.SILENT} if is_silent else {Owed.IN_TIME} if stopped else set()

    for what, first, until in _stretches(sorted(moments), owed):
        yield Fact(FactKind.OWED, first, until, what=what)


def _consulted(history: CaseHistory) -> Iterator[Fact]:
    """Each question to a ministry in the quarter in which it was put, and in that in which it ended."""
    for each in history.questions:
        asked = f"{each.ministry_id}:{Consulted.ASKED}"
        yield Fact(FactKind.CONSULTED, quarter_of(each.asked_on).first_day, on_day=each.asked_on, what=asked)
        if each.outcome is not None and each.ended_on is not None:
            what = f"{each.ministry_id}:{each.outcome}"
            yield Fact(FactKind.CONSULTED, quarter_of(each.ended_on).first_day, on_day=each.ended_on, what=what)


def _after_closing(history: CaseHistory) -> Iterator[Fact]:
    """Second looks and aftercare; who gives another answer in the same quarter counts with the last."""
    answers: dict[tuple[Quarter, int], Act] = {}
    for act in history.acts:
        quarter = quarter_of(act.day)
        if act.kind == EventKind.AFTERCARE_ANSWERED:
            if act.about is not None and act.outcome is not None and act.about in history.moments:
                answers[quarter, act.about] = act
        elif act.kind == EventKind.AFTERCARE_ASKED:
            if act.about in history.moments:
                what = f"{act.kind}:{history.moments[act.about]}"
                yield Fact(FactKind.AFTER, quarter.first_day, on_day=act.day, what=what)
        elif act.kind in AFTER_CLOSING:
            yield Fact(FactKind.AFTER, quarter.first_day, on_day=act.day, what=f"{act.kind}:{act.outcome or ''}")
    for (quarter, about), act in answers.items():
        what = f"{act.kind}:{history.moments[about]}:{act.outcome}"
        yield Fact(FactKind.AFTER, quarter.first_day, on_day=act.day, what=what)


def _effects(history: CaseHistory) -> Iterator[Fact]:
    """What came of second looks that changed an outcome, when the case ends again; not when it was withdrawn."""
    last: Act | None = None
    looked = False
    for act in history.acts:
        looked = looked or act.kind == EventKind.SECOND_LOOK_CHANGED
        if act.opens is not False:
            continue
        if looked and last is not None and act.status is not CaseStatus.WITHDRAWN:
            what = Effect.between(last, act).told
            yield Fact(FactKind.AFTER, quarter_of(act.day).first_day, on_day=act.day, what=what)
        last, looked = act, False


Cell = tuple[str, str, date, str]
"""Where a total stands: kind of fact, by what it is split, first day of the quarter or ``ALL``, and side (empty for
none)."""


def cells_of(history: CaseHistory, facts: Iterable[Fact]) -> Counter[Cell]:
    """How much each total gets from facts of a case: what lasts is added where it begins, taken off where it ends."""
    amounts: Counter[Cell] = Counter()
    for fact in facts:
        for split, each in _sides(history, fact):
            side = "" if each is None else str(each)
            amounts[fact.kind, split, fact.quarter, side] += 1
            if fact.until is not None:
                amounts[fact.kind, split, fact.until, side] -= 1
            elif fact.kind in LASTING or (fact.kind, split) in SINCE_BEGIN:
                amounts[fact.kind, split, ALL, side] += 1
    return amounts


def _sides(history: CaseHistory, fact: Fact) -> Iterator[tuple[str, Any]]:
    match fact.kind:
        case FactKind.RECEIVED | FactKind.HANDLED | FactKind.OPEN:
            yield TOTAL, None
            yield Dimension.LAW, fact.law_id
            yield Dimension.PROVISION, fact.provision_id
            yield Dimension.THEME, history.theme
            yield Dimension.PROVINCE, history.province_id
            yield Dimension.URBANITY, history.urbanity
            yield Dimension.SUBMITTER, history.submitter
            if fact.kind is FactKind.RECEIVED and fact.municipality_id is not None:
                yield PLACE, fact.municipality_id
            if fact.kind is FactKind.HANDLED:
                yield Dimension.VERDICT, fact.verdict
                yield Dimension.RESULT, fact.result
                if fact.days is not None:
                    yield GROSS, fact.days
                    yield NET, fact.net
        case FactKind.REOPENED | FactKind.NO_END:
            yield TOTAL, None
        case FactKind.PRESSED:
            yield RULE, rule_side(fact.law_id, fact.provision_id, fact.article)
        case FactKind.STOPPED:
            yield TOTAL, fact.clock
            if fact.is_late:
                yield LATE, fact.clock
            if fact.days is not None:
                yield f"{GROSS}:{fact.clock}", fact.days
            if fact.term is not None:
                yield f"{TERM}:{fact.clock}", fact.term
        case FactKind.RUNS_LATE:
            yield TOTAL, fact.clock
        case FactKind.AFTER if fact.what in _EFFECTS:
            yield EFFECT, fact.what
        case FactKind.AFTER | FactKind.CONSULTED | FactKind.OWED:
            yield WHAT, fact.what


def unknown_to(version: int) -> frozenset[str]:
    """The kinds and splits that a version of these rules did not have yet."""
    return frozenset().union(*(new for since, new in NEW_IN.items() if version < since))


def rule_side(law_id: int | None, provision_id: int | None, article: str | None) -> str:
    """A rule as a side: law, provision and article in words."""
    return f"{law_id}|{provision_id or ''}|{article or ''}"


def rule_of(side: str) -> tuple[int, int | None, str | None]:
    """The rule that a side means."""
    law_id, provision_id, article = side.split("|", 2)
    return int(law_id), int(provision_id) if provision_id else None, article or None


def percentile(days: Counter[int], share: float) -> float | None:
    """The percentile of a set of days told by how often each occurs, between two of them where it falls there."""
    count = days.total()
    if not count:
        return None
    place = share * (count - 1)
    below, above = _at(days, int(place)), _at(days, min(int(place) + 1, count - 1))
    return below + (place - int(place)) * (above - below)


def _at(days: Counter[int], place: int) -> int:
    for value in sorted(days):
        place -= days[value]
        if place < 0:
            return value
    raise IndexError(place)
