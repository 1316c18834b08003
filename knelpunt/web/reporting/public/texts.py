"""The text that was presented with a quarter, with the figures that everybody may read and no others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Dimension
from knelpunt.domain.figures.edition import (
    AFTER,
    BALANCE,
    DURATIONS,
    LATE,
    NOW,
    PRESSING,
    PROVINCE,
    TOTALS,
    Cell,
    Edition,
    Table,
    in_words,
)
from knelpunt.domain.figures.letter import placed
from knelpunt.domain.figures.writing import (
    Block,
    Chart,
    FigureTable,
    Map,
    Paragraph,
    Placed,
    PlacedChart,
    PlacedFigure,
    PlacedTable,
    Run,
    WrittenSection,
)
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.queries.quarters import texts
from knelpunt.web.reporting.writing.written import written_of

TABLES = {
    "totalen": TOTALS,
    "balans": BALANCE,
    "doorlooptijd": DURATIONS,
    "klokken": LATE,
    "na het afsluiten": AFTER,
    "knellende regels": PRESSING,
}
"""What a writer calls a table, where an edition calls it otherwise."""
NOT_SPLIT = "er zijn te weinig zaken om te splitsen."
DURATION_CELLS = {"doorlooptijd": ("bruto", 1), "doorlooptijd 90": ("bruto", 2), "nettotijd": ("netto", 1),
                  "nettotijd 90": ("netto", 2)}  # fmt: skip
UNTOLD = "niet getoond"


@dataclass(frozen=True, slots=True)
class PublicText:
    """The sections of a presented text, and the number of its paper in parliament, once there is one."""

    sections: tuple[WrittenSection, ...]
    paper: str


def presented(session: Session, quarter: Quarter, edition: Edition) -> PublicText | None:
    """The text of a quarter as everybody reads it; None until it is presented."""
    row = texts.text_of(session, quarter)
    if row is None or row.status is not QuarterStatus.PRESENTED:
        return None
    sections = written_of(session, quarter).with_figures(lambda each: public_placed(each, edition))
    shown = (replace(each, blocks=tuple(_shown(each.blocks))) for each in sections)
    return PublicText(tuple(each for each in shown if each.blocks), row.paper or "")


def _shown(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without what has nothing to show; of a table that is not split it says so."""
    for block in blocks:
        match block:
            case FigureTable() if block.content is None or not block.content.rows:
                if block.content and block.name in _dimensions():
                    yield Paragraph((Run(f"{block.content.title}: {NOT_SPLIT}"),), block.line)
            case Chart() | Map() if block.content is None or not block.content.labels:
                continue
            case _:
                yield block


def public_placed(all_of: Placed, edition: Edition) -> Placed:
    """What may be placed, with the values of the edition: a text tells no number that no form tells."""
    figures = {name: replace(each, value=_value(each, edition)) for name, each in all_of.figures.items()}
    tables = {name: _table(name, each, edition) for name, each in all_of.tables.items()}
    charts = {name: _chart(each, edition.table(name)) for name, each in all_of.charts.items()}
    country = _chart(all_of.map, edition.table(PROVINCE)) if all_of.map else None
    return Placed(figures, tables, charts, country)


def _value(figure: PlacedFigure, edition: Edition) -> str:
    if figure.name in DURATION_CELLS:
        row_key, place = DURATION_CELLS[figure.name]
        row = _row(edition.table(DURATIONS), row_key)
        return in_words(row[place]) if row else UNTOLD
    if figure.name in _rows_by_words(edition):
        return in_words(_rows_by_words(edition)[figure.name])
    if figure.name.startswith("knellende regel "):
        return _pressing(figure.name, edition)
    if not figure.place:
        return figure.value
    column, _, side = figure.place.partition(", ")
    dimension, _, key = side.partition(" ")
    table = edition.table(dimension if side else TOTALS)
    if table is None or all(each.key != column for each in table.columns):
        return UNTOLD
    cell = table.cell(key or NOW, column)
    return in_words(0 if cell is None else cell)


def _rows_by_words(edition: Edition) -> Mapping[str, Cell]:
    """What happened after closing, by the name that a writer uses."""
    table = edition.table(AFTER)
    return {row.words.replace(":", "").casefold(): row.cells[0] for row in table.rows} if table else {}


def _pressing(name: str, edition: Edition) -> str:
    table, words = edition.table(PRESSING), name.split()
    rank = int(words[2]) - 1
    if table is None or rank >= len(table.rows):
        return UNTOLD
    return in_words(table.rows[rank].cells[1 if words[-1] == "gemeenten" else 0])


def _row(table: Table | None, key: str) -> tuple[Cell, ...] | None:
    return next((row.cells for row in table.rows if row.key == key), None) if table else None


def _table(name: str, shown: PlacedTable, edition: Edition) -> PlacedTable:
    key = TABLES.get(name, name)
    table = edition.table(key)
    if table is not None:
        return replace(placed(edition, table), name=name)
    if key in TABLES.values() or name in _dimensions():
        return replace(shown, rows=())
    return shown


def _dimensions() -> frozenset[str]:
    return frozenset(Dimension)


def _chart(chart: PlacedChart, table: Table | None) -> PlacedChart:
    if chart.name not in _dimensions():
        return chart
    rows = list(_told(table)) if table else []
    series = tuple(replace(each, values=tuple(value for _words, value in rows)) for each in chart.series[:1])
    return replace(chart, labels=tuple(words for words, _value in rows), series=series)


def _told(table: Table) -> Iterator[tuple[str, int | float | None]]:
    for row in table.rows:
        cell = row.cells[0]
        if cell:
            yield row.words, cell if isinstance(cell, int | float) else None
