"""What a quarter tells besides its sets of cases, as tables: the page, the CSV and other forms are made from these."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.figures.definitions import (
    BRIDGEABLE,
    CONSULTED,
    DURATIONS,
    FIGURES,
    PLACES,
    RULES_ON_TRACK,
    SILENT,
    SINCE_BEGIN,
    TREND,
    WITHOUT_FILING,
    Definition,
    Dimension,
    Figure,
)
from knelpunt.domain.figures.ledger import Consulted, FactKind, Owed
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.vocabulary import ACTUAL_VERDICTS, BRIDGEABLE_VERDICTS, Verdict
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.figures.beside import GuideUse
from knelpunt.queries.figures.counts import MinistryAnswers, QuarterFigures
from knelpunt.queries.figures.ledger import QuarterReport
from knelpunt.web.shared.labels.labels import label

CLAIM_WORDS = {
    ClaimOutcome.WORKED: "Gelukt met de ruimtewijzer",
    ClaimOutcome.PARTLY: "Deels gelukt",
    ClaimOutcome.FAILED: "Niet gelukt",
}
Value = int | float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: this quarter, the one before, the same a year earlier. ``query`` asks for its cases in an address."""

    words: str
    now: Value
    before: Value = None
    year: Value = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """A table of lines. ``is_compared``: whether the other quarters are told too."""

    name: str
    definition: Definition
    lines: tuple[Line, ...]
    is_compared: bool = True


@dataclass(frozen=True, slots=True)
class MinistryLine:
    ministry_id: int
    words: str
    now: MinistryAnswers
    before: MinistryAnswers


@dataclass(frozen=True, slots=True)
class RuleLine:
    status: BottleneckStatus
    count: int
    age: float | None


@dataclass(frozen=True, slots=True)
class More:
    """All tables of this kind; ``ministries`` and ``rules`` have columns of their own."""

    tables: tuple[Lines, ...] = ()
    ministries: tuple[MinistryLine, ...] = ()
    rules: tuple[RuleLine, ...] = ()


def make_more(counted: QuarterReport, names: Reference) -> More:
    """Put words to the numbers. A quarter that was sealed by older rules tells only what those knew."""
    tables = [_compared(counted), _mix(counted)]
    if counted.version < 2:
        return More(tuple(tables))
    return More(
        (*tables, _silent(counted), _places(counted, names), _since(counted), _guides(counted)),
        tuple(_ministries(counted, names)),
        tuple(
            RuleLine(status, step.count, step.age)
            for status in BottleneckStatus
            if (step := counted.beside.rules.get(status))
        ),
    )


def _line(
    words: str, counted: QuarterReport, value: Callable[[QuarterFigures], Value], query: str | None = None
) -> Line:
    """The same number of three quarters."""
    year = value(counted.year) if counted.year else None
    return Line(words, value(counted.now), value(counted.before), year, query)


def _compared(counted: QuarterReport) -> Lines:
    def total(figure: Figure) -> Callable[[QuarterFigures], int]:
        return lambda each: each.counts[figure].total

    lines = [_line(FIGURES[figure].title, counted, total(figure)) for figure in Figure]
    gross, net = DURATIONS["gross"].title, DURATIONS["net"].title
    lines += [
        _line(f"{gross}, mediaan in dagen", counted, lambda each: each.gross.median),
        _line(f"{gross}, 90e percentiel in dagen", counted, lambda each: each.gross.ninth_decile),
        _line(f"{net}, mediaan in dagen", counted, lambda each: each.net.median),
        _line(f"{net}, 90e percentiel in dagen", counted, lambda each: each.net.ninth_decile),
    ]
    return Lines("vergelijking", TREND, tuple(lines))


def _mix(counted: QuarterReport) -> Lines:
    def line(words: str, verdicts: frozenset[Verdict]) -> Line:
        def handled(each: QuarterFigures) -> int:
            by = each.counts[Figure.HANDLED].by[Dimension.VERDICT]
            return sum(by.get(verdict, 0) for verdict in verdicts)

        return _line(words, counted, handled)

    return Lines(
        "overbrugbaar",
        BRIDGEABLE,
        (
            line("Overbrugbaar: er is ruimte", BRIDGEABLE_VERDICTS),
            line("Echt: een regel houdt het tegen", ACTUAL_VERDICTS),
            line(label(Verdict.NOT_A_RULE), frozenset({Verdict.NOT_A_RULE})),
            line(label(Verdict.UNDECIDED), frozenset({Verdict.UNDECIDED})),
        ),
    )


def _silent(counted: QuarterReport) -> Lines:
    query = f"feit={FactKind.OWED}&wat="
    return Lines(
        "stil",
        SILENT,
        (
            _line("Het loket was een antwoord schuldig", counted, lambda each: each.owed.owed),
            _line("Elk antwoord op tijd", counted, lambda each: each.owed.in_time, f"{query}{Owed.IN_TIME}"),
            _line("Een antwoord te laat of nog niet", counted, lambda each: each.owed.silent, f"{query}{Owed.SILENT}"),
        ),
    )


def municipalities_on(names: Reference, day: date) -> int:
    """How many municipalities there were on a day, as far as the list goes back."""
    return sum(
        (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or row.valid_to >= day)
        for row in names.municipalities.values()
    )


def _places(counted: QuarterReport, names: Reference) -> Lines:
    def share(each: QuarterFigures) -> float | None:
        every = municipalities_on(names, each.span.until)
        return each.municipalities / every * 100 if every else None

    return Lines(
        "gemeenten",
        PLACES,
        (
            _line("Gemeenten met een melding", counted, lambda each: each.municipalities),
            _line("Deel van alle gemeenten, in procenten", counted, share),
        ),
    )


def _since(counted: QuarterReport) -> Lines:
    since = counted.beside.since
    lines = (
        Line(FIGURES[Figure.RECEIVED].title, since.received),
        Line(FIGURES[Figure.HANDLED].title, since.handled),
        Line("Gemeenten met een melding", since.municipalities),
    )
    return Lines("sinds-het-begin", SINCE_BEGIN, lines, is_compared=False)


def _guides(counted: QuarterReport) -> Lines:
    now, before = counted.beside.guides, counted.beside.guides_before

    def both(count: str) -> tuple[int, int]:
        return getattr(now, count), getattr(before, count)

    def outcome(use: GuideUse, which: ClaimOutcome) -> int:
        return use.outcomes.get(which, 0)

    return Lines(
        "geholpen",
        WITHOUT_FILING,
        (
            Line("Een ruimtewijzer beantwoordde de vraag", *both("answered")),
            Line("Een gemeente gebruikte een ruimtewijzer", *both("claimed")),
            *(Line(words, outcome(now, each), outcome(before, each)) for each, words in CLAIM_WORDS.items()),
        ),
    )


def _ministries(counted: QuarterReport, names: Reference) -> Iterator[MinistryLine]:
    now, before = counted.now.consulted, counted.before.consulted
    nothing = MinistryAnswers()
    found = [
        MinistryLine(id_, names.ministry_names[id_], now.get(id_, nothing), before.get(id_, nothing))
        for id_ in {*now, *before}
    ]
    yield from sorted(found, key=lambda each: (-each.now.ended, -each.now.asked, each.words))


def ministry_query(ministry_id: int, what: Consulted) -> str:
    """The part of an address that asks for the cases in which a ministry was asked something."""
    return f"feit={FactKind.CONSULTED}&wat={ministry_id}:{what}"


def more_rows(more: More) -> Iterator[tuple[str, str, str | None, Value, Value]]:
    """The tables as lines: figure, split, side, this quarter, the quarter before."""
    for table in more.tables:
        for line in table.lines:
            yield (table.definition.title, line.words, None, line.now, line.before)
    for each in more.ministries:
        for words, count in (("gesteld", "asked"), ("op tijd", "in_time"), ("te laat", "late"), ("geen", "no_answer")):
            yield (CONSULTED.title, words, each.words, getattr(each.now, count), getattr(each.before, count))
    for rule in more.rules:
        yield (RULES_ON_TRACK.title, label(rule.status), None, rule.count, None)
