"""What a text about a quarter may place: each figure, table and chart of its public edition, by the name that a writer
uses. So a text tells no number that the public quarter does not tell."""

from collections.abc import Iterator

from knelpunt.domain.figures import definitions
from knelpunt.domain.figures.definitions import DIMENSIONS, FIGURES, STEPS, Dimension, Figure, Step
from knelpunt.domain.figures.edition import (
    AFTER,
    BALANCE,
    BEFORE,
    DURATIONS,
    LATE,
    NOW,
    PRESSING,
    TOTALS,
    TREND,
    YEAR_AGO,
    Cell,
    Edition,
    Table,
    in_words,
    number_of,
)
from knelpunt.domain.figures.letter import placed as placed_table
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.domain.figures.writing import Placed, PlacedChart, PlacedFigure, PlacedTable, Series

PERIODS = {NOW: "", BEFORE: " vorig kwartaal", YEAR_AGO: " een jaar eerder"}
MEASURES = {"mediaan": "", "p90": " 90", "zaken": " zaken"}
TABLE_NAMES = {
    PRESSING: "knellende regels",
    BALANCE: "balans",
    LATE: "klokken",
    TREND: "kwartalen",
    "regelknelpunten": "regelknelpunten per stap",
}
"""Tables whose name in a text is another than their key."""
EXPECTED = {
    TOTALS: "In één oogopslag",
    BALANCE: definitions.BALANCE.title,
    DURATIONS: "Doorlooptijd",
    LATE: definitions.LATE.title,
    PRESSING: definitions.PRESSING.title,
    **{each.value: DIMENSIONS[each].title for each in Dimension},
}
"""Tables that a text may always place; one with too little to show stands there empty."""
SIGNS = "+−= "
"""What stands before a row of the balance."""
TOO_LITTLE = "Er is te weinig om te tonen."


def placed_of(edition: Edition) -> Placed:
    """Every figure, table and chart of an edition by its name."""
    figures = {each.name: each for each in _figures(edition)}
    tables = {each.name: each for each in _tables(edition)}
    charts = {each.name: each for each in _charts(edition)}
    return Placed(figures, tables, charts, charts[Dimension.PROVINCE.value])


def _figures(edition: Edition) -> Iterator[PlacedFigure]:
    yield PlacedFigure("kwartaal", f"het {edition.title}", "Kwartaal", "Het kwartaal waar dit overzicht over gaat.")
    trend = edition.table(TREND)
    if trend is not None:
        yield _figure("aantal kwartalen", len(trend.rows), trend.title, trend.sentence)
    for table in edition.tables:
        if table.key == TOTALS:
            yield from _totals(table)
        elif table.key == BALANCE:
            yield from _reopened(table)
            yield from _others(table, without=STEPS[Step.REOPENED].title, is_side=False)
        elif table.key == DURATIONS:
            for row in table.rows:
                for column, words in MEASURES.items():
                    name = f"{row.words.casefold()}{words}"
                    yield _figure(name, table.cell(row.key, column), row.words, table.sentence)
        elif table.key == AFTER:
            for row in table.rows:
                yield _figure(_plain(row.words), row.cells[0], row.words, table.sentence)
        elif table.key == PRESSING:
            for rank, row in enumerate(table.rows, 1):
                name = f"knellende regel {rank}"
                yield _figure(name, row.cells[0], row.words, table.sentence, row.key)
                yield _figure(f"{name} gemeenten", row.cells[1], row.words, table.sentence)
        elif table.dimension:
            yield from _sides(table)
        elif table.key != TREND:
            yield from _others(table)


def _totals(table: Table) -> Iterator[PlacedFigure]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            definition = FIGURES[Figure(column.key)]
            is_now = row.key == NOW
            yield _figure(
                f"{column.key}{PERIODS[row.key]}",
                cell,
                definition.title if is_now else f"{definition.title},{PERIODS[row.key]}",
                definition.sentence,
                f"cijfer={column.figure}" if is_now else "",
                column.key if is_now else "",
            )


def _reopened(table: Table) -> Iterator[PlacedFigure]:
    step = STEPS[Step.REOPENED]
    for row in table.rows:
        if row.words.endswith(step.title):
            query = f"stap={Step.REOPENED.value}"
            yield _figure(Step.REOPENED.value, row.cells[0], step.title, step.sentence, query)


def _sides(table: Table) -> Iterator[PlacedFigure]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if column.is_before or not column.figure:
                continue
            yield _figure(
                side_name(column.key, table.key, row.words),
                cell,
                f"{column.title}, {row.words}",
                table.sentence,
                f"cijfer={column.figure}&per={table.dimension}&waarde={row.key}",
                f"{column.key}, {table.dimension} {row.key}",
            )


def _others(table: Table, *, without: str | None = None, is_side: bool = True) -> Iterator[PlacedFigure]:
    """The figures of a table with rows of its own: named as it, its row, and its column where there are more.

    Args:
        without: what a row says that has a name of its own.
    """
    own = [each for each in table.columns if not each.is_before]
    for row in table.rows:
        if without is not None and row.words.endswith(without):
            continue
        for column in own:
            words = f"{table.title}, {row.words.lstrip(SIGNS)}" + (f", {column.title}" if len(own) > 1 else "")
            yield _figure(_plain(words), table.cell(row.key, column.key), words, table.sentence, is_side=is_side)


def side_name(figure: str, dimension: str, words: str) -> str:
    """How a writer names one side of a split."""
    return _plain(f"{figure}, {dimension} {words}")


def _plain(words: str) -> str:
    """Words as a name: without marks that mean something in the markup."""
    return " ".join(words.casefold().replace(":", "").replace("=", "").split())


def _figure(
    name: str, cell: Cell, title: str, sentence: str, query: str = "", place: str = "", *, is_side: bool = False
) -> PlacedFigure:
    is_told = cell is not None and not isinstance(cell, Mark)
    return PlacedFigure(name, in_words(cell), title, sentence, query, place, is_told, is_side)


def _tables(edition: Edition) -> Iterator[PlacedTable]:
    for key, title in EXPECTED.items():
        if edition.table(key) is None:
            yield PlacedTable(_table_name(key), title, TOO_LITTLE, (title,), ())
    for table in edition.tables:
        found = placed_table(edition, table)
        yield PlacedTable(_table_name(table.key), found.title, found.sentence, found.heads, found.rows)


def _table_name(key: str) -> str:
    return TABLE_NAMES.get(key, key.replace("-", " "))


def _charts(edition: Edition) -> Iterator[PlacedChart]:
    for dimension in Dimension:
        table = edition.table(dimension.value)
        if table is None:
            title = DIMENSIONS[dimension].title
            yield PlacedChart(dimension.value, title, TOO_LITTLE, (), ())
        else:
            first = table.columns[0]
            yield PlacedChart(
                dimension.value,
                f"{table.title}: {first.title.lower()}",
                table.sentence,
                tuple(row.words for row in table.rows),
                (Series(first.title, tuple(number_of(row.cells[0]) for row in table.rows)),),
            )
    trend = edition.table(TREND)
    if trend is not None:
        yield PlacedChart(
            TABLE_NAMES[TREND],
            trend.title,
            trend.sentence,
            tuple(row.words for row in trend.rows),
            tuple(
                Series(column.title, tuple(number_of(row.cells[place]) for row in trend.rows))
                for place, column in enumerate(trend.columns)
            ),
            is_line=True,
        )
