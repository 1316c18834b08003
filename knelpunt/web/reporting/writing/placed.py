"""What a text about a quarter may place: each number, table and chart of its report, by the name that a writer uses."""

from collections.abc import Iterator

from knelpunt.domain.figures.definitions import (
    AFTER_CLOSING,
    BALANCE,
    FIGURES,
    LATE,
    PRESSING,
    STEPS,
    TREND,
    Definition,
    Dimension,
    Figure,
    Step,
)
from knelpunt.domain.figures.small_numbers import LIMIT, Mark
from knelpunt.domain.figures.writing import Placed, PlacedChart, PlacedFigure, PlacedTable, Series
from knelpunt.web.reporting.parts import rule_query
from knelpunt.web.reporting.report import BARS_SHOWN, DurationRow, Report, Table
from knelpunt.web.shared.charts.figure_charts import quarter_words
from knelpunt.web.shared.pages.filters import number, shortest

BEFORE, YEAR_AGO = "vorig kwartaal", "een jaar eerder"
QUARTERS_A_YEAR = 4
QUARTER = Definition("Kwartaal", "Het kwartaal waar dit overzicht over gaat.", FIGURES[Figure.RECEIVED].rise_is)
UNKNOWN = "–"


def placed_of(report: Report) -> Placed:
    """Every number, table and chart of a report by its name."""
    figures = {each.name: each for each in _figures(report)}
    tables = {each.name: each for each in _tables(report)}
    charts = {each.name: each for each in _charts(report)}
    return Placed(figures, tables, charts, charts.get(Dimension.PROVINCE.value))


def is_small(count: int) -> bool:
    """Whether a part of a figure could point at somebody, so that its number is not told."""
    return 0 < count < LIMIT


def told(count: int) -> str:
    """A part of a figure as everybody may read it."""
    return Mark.FEW.words() if is_small(count) else number(count)


def _figures(report: Report) -> Iterator[PlacedFigure]:
    words = quarter_words(report.span.quarter)
    yield PlacedFigure("kwartaal", f"het {words}", QUARTER.title, QUARTER.sentence)
    yield PlacedFigure("aantal kwartalen", number(len(report.quarters)), TREND.title, TREND.sentence)
    for cell in report.totals:
        definition, name = FIGURES[cell.figure], cell.figure.value
        query = f"cijfer={name}"
        yield PlacedFigure(name, number(cell.now), definition.title, definition.sentence, query, name)
        yield _other(f"{name} {BEFORE}", cell.before, definition)
        if len(report.quarters) > QUARTERS_A_YEAR:
            earlier = report.quarters[-1 - QUARTERS_A_YEAR].value(cell.figure)
            yield _other(f"{name} {YEAR_AGO}", earlier, definition)
    if report.quarters:
        step = STEPS[Step.REOPENED]
        query = f"stap={Step.REOPENED.value}"
        reopened = number(report.quarters[-1].reopened)
        yield PlacedFigure(Step.REOPENED.value, reopened, step.title, step.sentence, query)
    for table in report.tables:
        for row in table.rows:
            for cell in row.cells:
                name = f"{cell.figure.value}, {table.dimension.value} {row.words}".casefold()
                title = f"{FIGURES[cell.figure].title}, {row.words}"
                query = f"cijfer={cell.figure.value}&per={table.dimension.value}&waarde={row.value}"
                place = f"{cell.figure.value}, {table.dimension.value} {row.value}"
                yield PlacedFigure(name, told(cell.now), title, table.definition.sentence, query, place)
    for duration in report.durations:
        yield from _duration(duration)
    for line in report.after:
        name = line.words.replace(":", "").casefold()
        yield PlacedFigure(name, told(line.now), line.words, AFTER_CLOSING.sentence)
    for rank, rule in enumerate(report.pressing, 1):
        name, title = f"knellende regel {rank}", f"{PRESSING.title}: {rule.words}"
        yield PlacedFigure(name, told(rule.cases), title, PRESSING.sentence, rule_query(rule.rule))
        yield PlacedFigure(f"{name} gemeenten", told(rule.municipalities), title, PRESSING.sentence)


def _other(name: str, value: int, definition: Definition) -> PlacedFigure:
    """A number of another quarter, which the list of this one does not hold."""
    return PlacedFigure(name, number(value), f"{definition.title}, {name.split(maxsplit=1)[1]}", definition.sentence)


def _duration(row: DurationRow) -> Iterator[PlacedFigure]:
    name, title, sentence = row.definition.title.casefold(), row.definition.title, row.definition.sentence
    found = ((name, row.now.median), (f"{name} 90", row.now.ninth_decile), (f"{name} {BEFORE}", row.before.median))
    for what, value in found:
        if value is not None:
            yield PlacedFigure(what, shortest(value), title, sentence)


def _tables(report: Report) -> Iterator[PlacedTable]:
    yield PlacedTable(
        "totalen",
        "In één oogopslag",
        " ".join(FIGURES[cell.figure].sentence for cell in report.totals),
        ("Zaken", "Dit kwartaal", "Vorig kwartaal"),
        tuple((FIGURES[cell.figure].title, number(cell.now), number(cell.before)) for cell in report.totals),
    )
    yield PlacedTable(
        "balans",
        BALANCE.title,
        BALANCE.sentence,
        ("Zaken", "Dit kwartaal", "Vorig kwartaal"),
        tuple((f"{each.sign} {each.words}".strip(), number(each.now), number(each.before)) for each in report.balance),
    )
    for table in report.tables:
        if table.rows:
            yield _split(table)
    yield PlacedTable(
        "doorlooptijd",
        "Doorlooptijd",
        " ".join(row.definition.sentence for row in report.durations),
        ("Hoe lang", "Zaken", "Mediaan in dagen", "90e percentiel in dagen"),
        tuple(
            (row.definition.title, number(row.now.cases), _days(row.now.median), _days(row.now.ninth_decile))
            for row in report.durations
        ),
    )
    yield PlacedTable(
        "klokken",
        LATE.title,
        LATE.sentence,
        ("Klok", "Gestopt", "Te laat gestopt", "Loopt te laat"),
        tuple(
            (
                row.clock.label,
                number(row.now.stopped),
                number(row.now.stopped_late),
                number(row.now.running_late),
            )
            for row in report.late
        ),
    )
    yield PlacedTable(
        "na het afsluiten",
        AFTER_CLOSING.title,
        AFTER_CLOSING.sentence,
        ("Wat", "Dit kwartaal", "Vorig kwartaal"),
        tuple((line.words, told(line.now), told(line.before)) for line in report.after),
    )
    yield PlacedTable(
        "knellende regels",
        PRESSING.title,
        PRESSING.sentence,
        ("Regel", "Zaken", "Gemeenten"),
        tuple((rule.words, told(rule.cases), told(rule.municipalities)) for rule in report.pressing),
    )


def _split(table: Table) -> PlacedTable:
    return PlacedTable(
        table.dimension.value,
        table.definition.title,
        table.definition.sentence,
        (table.sides, *(FIGURES[cell.figure].title for cell in table.rows[0].cells)),
        tuple((row.words, *(told(cell.now) for cell in row.cells)) for row in table.rows),
    )


def _days(value: float | None) -> str:
    return UNKNOWN if value is None else shortest(value)


def _charts(report: Report) -> Iterator[PlacedChart]:
    yield PlacedChart(
        "kwartalen",
        TREND.title,
        TREND.sentence,
        tuple(quarter_words(each.quarter) for each in report.quarters),
        tuple(
            Series(FIGURES[figure].title, tuple(each.value(figure) for each in report.quarters)) for figure in Figure
        ),
        is_line=True,
    )
    for table in report.tables:
        rows = [row for row in table.rows if row.cells[0].now]
        shown = rows if table.dimension is Dimension.PROVINCE else rows[:BARS_SHOWN]
        if not shown:
            continue
        yield PlacedChart(
            table.dimension.value,
            f"{table.definition.title}: {FIGURES[table.rows[0].cells[0].figure].title.lower()}",
            table.definition.sentence,
            tuple(row.words for row in shown),
            (
                Series(
                    FIGURES[table.rows[0].cells[0].figure].title,
                    tuple(None if is_small(row.cells[0].now) else row.cells[0].now for row in shown),
                ),
            ),
        )
