"""One quarter as tables: the page, the CSV and the PDF are all made from this, so that no number can differ."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.term_changes import LONGEST
from knelpunt.domain.figures import places
from knelpunt.domain.figures.definitions import (
    AFTER_CLOSING,
    BALANCE,
    CLOCK_TIMES,
    DIMENSIONS,
    DURATIONS,
    FIGURES,
    IN_OWN_ORDER,
    LATE,
    PRESSING,
    STEPS,
    Definition,
    Dimension,
    Figure,
    Meaning,
    Step,
)
from knelpunt.domain.figures.ledger import Effect, FactKind
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.vocabulary import (
    AftercareAnswer,
    EventKind,
    Result,
    SecondLookOutcome,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.figures import counts as figures
from knelpunt.queries.figures.afterwards import Afterwards, moments_of
from knelpunt.queries.figures.counts import WHOLE, Duration, Lateness, QuarterFigures, Reading, Span
from knelpunt.queries.figures.lists import rules_named
from knelpunt.queries.figures.quarter import quarter_report
from knelpunt.queries.figures.sealing import Seal, seal_of
from knelpunt.queries.figures.series import SHARES, ClockTimes, QuarterCount
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.web.reporting.more import More, make_more, more_rows
from knelpunt.web.shared.labels.labels import label

NO_VALUE = {
    Dimension.LAW: "Nog geen wet gekoppeld",
    Dimension.PROVISION: "Geen bepaling gekoppeld",
    Dimension.PROVINCE: "Geen provincie bekend",
}
SPLIT_FIGURES = (Figure.RECEIVED, Figure.HANDLED, Figure.OPEN)
CSV_HEADS = ("cijfer", "uitsplitsing", "waarde", "dit kwartaal", "vorig kwartaal", "code")
SIGNS_IN_WORDS = {"": "", "+": "plus ", "−": "min ", "=": "is "}
"""In a spreadsheet a cell that begins with the sign itself would be a formula."""
BARS_SHOWN = 10
ROWS_SHOWN = 10
FEW_MORE = 2
"""So many rows beyond those that are shown are shown as well: they are no reason to go to a page of their own."""
CLOSED_LISTS: dict[Dimension, type[StrEnum]] = {
    Dimension.THEME: Theme,
    Dimension.URBANITY: Urbanity,
    Dimension.SUBMITTER: SubmitterKind,
    Dimension.VERDICT: Verdict,
    Dimension.RESULT: Result,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of one figure with that of the quarter before; ``year``, where asked, is that of a year earlier."""

    figure: Figure
    now: int
    before: int
    year: int | None = None

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers that it has, those of now first."""
        return (self.now, self.before) if self.year is None else (self.now, self.before, self.year)


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A line of the sum from what was open at the begin to what is open at the end.

    ``query`` is the part of an address that asks for its cases; those of ``is_begin`` stand with the quarter before.
    """

    words: str
    sign: str
    now: int
    before: int
    query: str
    is_begin: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    words: str
    value: str
    """The side as it stands in an address."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``every``: how many rows there are; ``rows`` are all of them, or the first that the page of a quarter shows."""

    dimension: Dimension
    definition: Definition
    rows: tuple[Row, ...]
    every: int

    @property
    def titles(self) -> dict[Figure, str]:
        """What the figures of its columns are called within a sentence."""
        return {cell.figure: str(FIGURES[cell.figure].title).lower() for cell in self.rows[0].cells}

    @property
    def sides(self) -> str:
        """What stands in the first column: the title without "per"."""
        words = self.definition.title.removeprefix("Per ")
        return words[0].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class DurationRow:
    definition: Definition
    now: Duration
    before: Duration


@dataclass(frozen=True, slots=True)
class LateRow:
    clock: Clock
    now: Lateness
    before: Lateness


@dataclass(frozen=True, slots=True)
class Pressing:
    rule: figures.PressingRule
    words: str
    law: str
    cases: int
    municipalities: int


@dataclass(frozen=True, slots=True)
class AfterLine:
    """A number about cases that were closed, with that of the quarter before.

    ``what`` tells it apart, in the ledger and in the address that asks for the cases behind it; ``place`` does where
    small numbers are hidden.
    """

    what: str
    place: str
    words: str
    now: int
    before: int

    @property
    def query(self) -> str:
        return after_query(self.what)


@dataclass(frozen=True, slots=True)
class Report:
    """A quarter up to a day, beside the quarter before as a whole."""

    span: Span
    totals: tuple[Cell, ...]
    balance: tuple[BalanceLine, ...]
    tables: tuple[Table, ...]
    durations: tuple[DurationRow, ...]
    late: tuple[LateRow, ...]
    pressing: tuple[Pressing, ...]
    quarters: tuple[QuarterCount, ...]
    """The quarter and those before it, oldest first."""
    times: dict[Clock, ClockTimes]
    after: tuple[AfterLine, ...] = ()
    more: More = field(default_factory=More)
    seal: Seal | None = None
    """Of a sealed quarter the figures are those of the seal, whatever was noted later."""


def make_report(
    session: Session, span: Span, reading: Reading = WHOLE, *, first_rows: bool = False, with_year: bool = False
) -> Report:
    """Count a quarter and the one before it, and put names to the numbers.

    Args:
        reading: what is told; of the rest there are no tables, even where it was counted or sealed all the same.
        first_rows: of a long split only the first rows are wanted; the others are then not named.
        with_year: the splits are told of the same quarter a year earlier too.
    """
    names = reference(session)
    seal = None if span.is_running or span.is_cut else seal_of(session, span.quarter)
    counted = seal.report if seal else quarter_report(session, span, reading)
    now, before, quarters = counted.now, counted.before, tuple(counted.quarters)
    year = counted.year if with_year else None
    sides = {each: _Sides(each, now, before, year) for each in Dimension if each in reading.splits}
    wanted = {dimension: each.first() if first_rows else list(each.amounts) for dimension, each in sides.items()}
    provisions = {}
    if Dimension.PROVISION in wanted:
        named = {side for side in wanted[Dimension.PROVISION] if side is not None}
        provisions = provision_words(session, named, names)
    return Report(
        span=span,
        totals=tuple(Cell(figure, now.counts[figure].total, before.counts[figure].total) for figure in Figure),
        balance=_balance(quarters),
        tables=tuple(
            each.table(wanted[dimension], namer(dimension, names, provisions), first_rows=first_rows)
            for dimension, each in sides.items()
        ),
        durations=(
            DurationRow(DURATIONS["gross"], now.gross, before.gross),
            DurationRow(DURATIONS["net"], now.net, before.net),
        ),
        late=tuple(LateRow(clock, now.late[clock], before.late[clock]) for clock in now.late if reading.beside),
        pressing=tuple(
            Pressing(
                rule=rule,
                words=_rule_words(rule, names),
                law=names.law_names[rule.law_id],
                cases=rule.cases,
                municipalities=rule.municipalities,
            )
            for rule in counted.pressing
            if reading.beside
        ),
        quarters=quarters,
        times=counted.times,
        after=tuple(after_lines(counted.after, counted.after_before)) if reading.beside else (),
        more=make_more(counted, names) if reading.beside else More(),
        seal=seal,
    )


EFFECT_WORDS = {
    Effect.VERDICT: "Nieuw einde: alleen een ander oordeel",
    Effect.RESULT: "Nieuw einde: alleen een ander resultaat",
    Effect.BOTH: "Nieuw einde: ander oordeel en resultaat",
    Effect.NEITHER: "Nieuw einde: niets anders",
}


def after_query(what: str) -> str:
    """The part of an address that asks for the cases in which something happened after closing."""
    return urlencode({"feit": FactKind.AFTER.value, "wat": what})


def after_words(what: str) -> str:
    """What such a number is called.

    Raises:
        KeyError: there is none.
    """
    moments = range(1, LONGEST[Unit.MONTHS] + 1)
    none, no_effects = dict.fromkeys(SecondLookOutcome, 0), dict.fromkeys(Effect, 0)
    every = Afterwards(0, 0, 0, none, dict.fromkeys(moments, 0), {}, no_effects)
    return {line.what: line.words for line in after_lines(every, every)}[what]


def after_lines(now: Afterwards, before: Afterwards) -> Iterator[AfterLine]:
    """What happened to cases that were closed, line by line."""
    what, words = f"{EventKind.SECOND_LOOK_ASKED}:", "Heroverweging gevraagd door de indiener"
    yield AfterLine(what, places.SECOND_LOOK_ASKED, words, now.asked, before.asked)
    what, words = f"{EventKind.SECOND_LOOK_STARTED}:", "Heroverweging begonnen door het loket"
    yield AfterLine(what, places.SECOND_LOOK_BEGUN, words, now.begun_by_head, before.begun_by_head)
    for outcome in SecondLookOutcome:
        place, words = places.second_look(outcome), f"Na heroverweging: {label(outcome).lower()}"
        yield AfterLine(outcome.value, place, words, now.outcomes[outcome], before.outcomes[outcome])
    if now.effects is not None:
        for effect, words in EFFECT_WORDS.items():
            was = (before.effects or {}).get(effect, 0)
            yield AfterLine(effect.told, places.effect(effect), words, now.effects[effect], was)
    what, words = f"{EventKind.CONTEST_ENDED}:", "Tijd om een heroverweging te vragen ging voorbij"
    yield AfterLine(what, places.SECOND_LOOK_UNASKED, words, now.unasked, before.unasked)
    for months in moments_of(now, before):
        what, words = f"{EventKind.AFTERCARE_ASKED}:{months}", f"Ging het project door? Gevraagd na {months} maanden"
        counts = (each.questions.get(months, 0) for each in (now, before))
        yield AfterLine(what, places.aftercare_asked(months), words, *counts)
        for answer in AftercareAnswer:
            what = f"{EventKind.AFTERCARE_ANSWERED}:{months}:{answer}"
            words = f"Antwoord na {months} maanden: {label(answer).lower()}"
            counts = (each.answers.get((months, answer), 0) for each in (now, before))
            yield AfterLine(what, places.aftercare(months, answer), words, *counts)


def _balance(quarters: Sequence[QuarterCount]) -> tuple[BalanceLine, ...]:
    """The sum of the last quarter with that of the one before; history without an end only where there is any."""
    earliest, before, now = quarters[-3:]
    received, handled = FIGURES[Figure.RECEIVED].title, FIGURES[Figure.HANDLED].title
    query = {step: f"stap={step.value}" for step in Step}
    is_open = f"cijfer={Figure.OPEN.value}"
    lines = [
        BalanceLine("Open aan het begin", "", before.open, earliest.open, is_open, is_begin=True),
        BalanceLine(received, "+", now.received, before.received, f"cijfer={Figure.RECEIVED.value}"),
        BalanceLine(STEPS[Step.REOPENED].title, "+", now.reopened, before.reopened, query[Step.REOPENED]),
        BalanceLine(handled, "−", now.handled, before.handled, f"cijfer={Figure.HANDLED.value}"),
    ]
    if now.no_end or before.no_end:
        lines.append(BalanceLine(STEPS[Step.NO_END].title, "−", now.no_end, before.no_end, query[Step.NO_END]))
    lines.append(BalanceLine("Open aan het eind", "=", now.open, before.open, is_open))
    return tuple(lines)


def steps_told(report: Report) -> list[Definition]:
    """What the lines of the sum mean that are no figure themselves."""
    shown = {line.words for line in report.balance}
    return [definition for definition in STEPS.values() if definition.title in shown]


class _Sides:
    """The sides of one split in a quarter and those beside it, with how many cases this quarter has of each."""

    def __init__(
        self, dimension: Dimension, now: QuarterFigures, before: QuarterFigures, year: QuarterFigures | None
    ) -> None:
        self.dimension = dimension
        self._figures = [figure for figure in SPLIT_FIGURES if dimension in now.counts[figure].by]
        self._now, self._before = (
            [quarter.counts[figure].by[dimension] for figure in self._figures] for quarter in (now, before)
        )
        self._year = [year.counts[figure].by[dimension] for figure in self._figures] if year else None
        beside = (*self._before, *(self._year or ()))
        sides = dict.fromkeys(side for counted in (*self._now, *beside) for side in counted)
        self.amounts: dict[Any, int] = {side: sum(counted.get(side, 0) for counted in self._now) for side in sides}

    @property
    def _is_long(self) -> bool:
        return len(self.amounts) > ROWS_SHOWN + FEW_MORE and self.dimension not in IN_OWN_ORDER

    def first(self) -> list[Any]:
        """The sides that may stand in the first rows: names decide between those with as many cases as the last."""
        if not self._is_long:
            return list(self.amounts)
        least = sorted(self.amounts.values(), reverse=True)[ROWS_SHOWN - 1]
        return [side for side, amount in self.amounts.items() if amount >= least]

    def table(self, wanted: Iterable[Any], words: Callable[[Any], str], *, first_rows: bool) -> Table:
        rows = sorted((self._row(side, words(side)) for side in wanted), key=_order(self.dimension))
        shown = rows[:ROWS_SHOWN] if first_rows and self._is_long else rows
        return Table(self.dimension, DIMENSIONS[self.dimension], tuple(shown), len(self.amounts))

    def _row(self, side: Any, words: str) -> Row:
        without: list[dict[Any, int] | None] = [None] * len(self._figures)
        counted = zip(self._figures, self._now, self._before, self._year or without, strict=True)
        cells = tuple(
            Cell(figure, now.get(side, 0), before.get(side, 0), None if year is None else year.get(side, 0))
            for figure, now, before, year in counted
        )
        return Row(words, address_value(side), cells)


def _order(dimension: Dimension) -> Callable[[Row], tuple[Any, ...]]:
    """Most first; verdicts and classes in their own order."""
    if dimension in IN_OWN_ORDER:
        return lambda row: (row.value,)
    return lambda row: (-sum(cell.now for cell in row.cells), row.words.casefold(), row.value)


def provision_words(session: Session, ids: Collection[int], names: Reference) -> dict[int, str]:
    """What provisions are called in a table."""
    return {rule.provision_id or 0: _rule_words(rule, names) for rule in rules_named(session, ids)}


def namer(dimension: Dimension, names: Reference, provisions: Mapping[int, str]) -> Callable[[Any], str]:
    """What a side of a dimension is called on the screen."""

    def words(value: Any) -> str:
        if value is None:
            return NO_VALUE.get(dimension, "Niet bekend")
        if dimension is Dimension.LAW:
            return names.law_names[value]
        if dimension is Dimension.PROVISION:
            return provisions.get(value, "Een bepaling die niet meer in de catalogus staat")
        if dimension is Dimension.PROVINCE:
            return names.province_names[value]
        text = label(value)
        return f"{value.value}: {text}" if dimension is Dimension.VERDICT else text

    return words


def address_value(value: Any) -> str:
    """A side as it stands in an address."""
    if value is None:
        return figures.NONE
    return value.value if isinstance(value, StrEnum) else str(value)


def value_from_address(dimension: Dimension, text: str) -> Any:
    """The side that an address means.

    Raises:
        ValueError: it means none.
    """
    if text == figures.NONE:
        return None
    if dimension in CLOSED_LISTS:
        return CLOSED_LISTS[dimension](text)
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise ValueError(text)
    return int(text)


def _rule_words(rule: figures.PressingRule, names: Reference) -> str:
    law = names.laws.get(rule.law_id)
    short = (law.abbreviation or law.citation_title) if law else names.law_names[rule.law_id]
    article = f", {article_in_words(rule.article)}" if rule.article else ""
    return f"{short}{article}{f' ({rule.instrument})' if rule.instrument else ''}"


def change_in_words(now: float, before: float) -> str:
    """The change since the quarter before: "3 meer", "evenveel"."""
    if now == before:
        return "evenveel als vorig kwartaal"
    return f"{_number(abs(now - before))} {'meer' if now > before else 'minder'} dan vorig kwartaal"


def direction(meaning: Meaning, now: float, before: float) -> str:
    """What a change means: ``gunstig``, ``ongunstig`` or ``neutraal``."""
    if now == before or meaning is Meaning.NEUTRAL:
        return Meaning.NEUTRAL.value
    rises = now > before
    return Meaning.GOOD.value if rises == (meaning is Meaning.GOOD) else Meaning.BAD.value


def _number(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}".replace(".", ",")


def bars(table: Table) -> list[tuple[str, int]]:
    """What the picture of a table shows: the first figure of its first rows."""
    return [(row.words, row.cells[0].now) for row in table.rows[:BARS_SHOWN] if row.cells[0].now]


def heads(table: Table) -> list[dict[str, str | bool]]:
    """The heads of a table's number columns: each figure, and the same in the quarters beside it."""
    found: list[dict[str, str | bool]] = []
    for cell in table.rows[0].cells:
        found.append({"text": FIGURES[cell.figure].title, "number": True})
        found.append({"text": "vorig kwartaal", "number": True})
        if cell.year is not None:
            found.append({"text": "een jaar eerder", "number": True})
    return found


def csv_rows(report: Report, names: Reference) -> Iterator[tuple[str | int | None, ...]]:
    """The report as lines: figure, split, side, this quarter, the quarter before, and the code of a province or the key
    of a law."""
    for line in _csv_lines(report, names):
        yield (*line, *[None] * (len(CSV_HEADS) - len(line)))


def _csv_lines(report: Report, names: Reference) -> Iterator[tuple[str | int | None, ...]]:
    for cell in report.totals:
        yield (FIGURES[cell.figure].title, "totaal", None, cell.now, cell.before)
    for line in report.balance:
        yield (BALANCE.title, f"{SIGNS_IN_WORDS[line.sign]}{line.words}", None, line.now, line.before)
    for table in report.tables:
        for row in table.rows:
            code = _code_of(table, row, names)
            for cell in row.cells:
                yield (FIGURES[cell.figure].title, table.definition.title, row.words, cell.now, cell.before, code)
    for duration in report.durations:
        for measure, now, before in (
            ("mediaan in dagen", duration.now.median, duration.before.median),
            ("90e percentiel in dagen", duration.now.ninth_decile, duration.before.ninth_decile),
        ):
            yield (duration.definition.title, measure, None, _decimal(now), _decimal(before))
    for late in report.late:
        for measure, count, earlier in (
            ("gestopt", late.now.stopped, late.before.stopped),
            ("te laat gestopt", late.now.stopped_late, late.before.stopped_late),
            ("loopt te laat", late.now.running_late, late.before.running_late),
        ):
            yield (LATE.title, measure, late.clock.label, count, earlier)
        shares = (_decimal(each.share_within) for each in (late.now, late.before))
        yield (LATE.title, "binnen de termijn in procenten", late.clock.label, *shares)
    for clock, times in report.times.items():
        for share, days in zip(SHARES, times.shares, strict=False):
            yield (CLOCK_TIMES.title, f"{share * 100:.0f}e percentiel in dagen", clock.label, _decimal(days), None)
    for after in report.after:
        yield (AFTER_CLOSING.title, after.words, None, after.now, after.before)
    for title, split, side, now, before in more_rows(report.more):
        numbers = (_decimal(each) if isinstance(each, float) else each for each in (now, before))
        yield (title, split, side, *numbers)
    for rule in report.pressing:
        yield (PRESSING.title, rule.law, rule.words, rule.cases, None)


def _code_of(table: Table, row: Row, names: Reference) -> str | None:
    """What another system knows this side by: provinces have a national code, laws the key of the catalogue."""
    if not row.value.isdecimal():
        return None
    if table.dimension is Dimension.PROVINCE:
        province = names.provinces.get(int(row.value))
        return province.code if province else None
    if table.dimension is Dimension.LAW:
        law = names.laws.get(int(row.value))
        return law.key if law else None
    return None


def _decimal(value: float | None) -> str | None:
    """A number with a decimal comma, as a Dutch spreadsheet reads it."""
    return None if value is None else f"{value:.1f}".replace(".", ",")
