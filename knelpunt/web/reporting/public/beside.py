"""What the public was told a quarter and a year before, put beside the tables of a quarter."""

from dataclasses import replace

from knelpunt.domain.figures.definitions import IN_OWN_ORDER
from knelpunt.domain.figures.edition import AFTER as AFTER_TABLE
from knelpunt.domain.figures.edition import (
    BEFORE,
    MIX,
    NOW,
    TOTALS,
    YEAR_AGO,
    Adds,
    Cell,
    Column,
    Edition,
    Row,
    Table,
    counts_effects,
    tells_more_than_totals,
)
from knelpunt.domain.figures.edition import DURATIONS as DURATION_TABLE
from knelpunt.domain.figures.edition import LATE as LATE_TABLE
from knelpunt.domain.figures.places import EFFECTS

BESIDE = {
    **dict.fromkeys((AFTER_TABLE, MIX, "stil", "gemeenten", "geholpen"), ("", "")),
    DURATION_TABLE: ("mediaan", "Mediaan: "),
    LATE_TABLE: ("te-laat", "Te laat: "),
}
"""Tables beside which the quarter before and the year before stand, of one column; with what begins its head there."""


def beside(edition: Edition, before: Edition | None, year_ago: Edition | None) -> Edition:
    """The same with what the public was told of the quarter before, and of the same quarter a year earlier."""

    def table(own: Table) -> Table:
        if own.key == TOTALS:
            rows = list(own.rows)
            for key, words, other in ((BEFORE, "Vorig kwartaal", before), (YEAR_AGO, "Een jaar eerder", year_ago)):
                found = other.table(TOTALS) if other else None
                if found:
                    rows.append(Row(key, words, tuple(found.cell(NOW, column.key) for column in own.columns)))
            return replace(own, rows=tuple(rows))
        then = before.table(own.key) if before else None
        if own.key in BESIDE:
            return _with_others(own, before, year_ago)
        if then is None or not own.dimension:
            return own
        columns, pairs = [], list(own.columns)
        for column in pairs:
            columns += [
                column,
                Column(f"{column.key}-vorig", "Vorig kwartaal", Adds.NEVER, column.figure, is_before=True),
            ]
        rows = [
            replace(
                row,
                cells=tuple(
                    cell
                    for column, now in zip(pairs, row.cells, strict=True)
                    for cell in (now, _then(then, row.key, column.key))
                ),
            )
            for row in own.rows
        ]
        return replace(own, columns=tuple(columns), rows=tuple(rows))

    return replace(edition, tables=tuple(table(each) for each in edition.tables))


OTHERS = ("vorig", "jaar")
"""How the columns of the quarter before and of a year earlier end."""


def with_year(edition: Edition, split: str, before: Edition | None, year_ago: Edition | None) -> Edition:
    """The same with a split beside what the public was told of each figure a year earlier, and the corrections of both
    other quarters beside their figures. A side that had cases then and has none now has a line as well."""
    own, was, then = (each.table(split) if each else None for each in (edition, before, year_ago))
    if own is None:
        return edition
    corrections = [
        replace(each, column=f"{each.column}-{end}")
        for end, other in zip(OTHERS, (before, year_ago), strict=True)
        for each in (other.corrections if other else ())
        if each.table == split
    ]
    table = _with_year(_with_gone(own, was, then), then) if then else own
    tables = tuple(table if each.key == split else each for each in edition.tables)
    return replace(edition, tables=tables, corrections=(*edition.corrections, *corrections))


def _with_gone(own: Table, before: Table | None, year_ago: Table) -> Table:
    """A split with the sides that had cases a year earlier. That there are none now is told by the edition, which gives
    every side a line of which it hides that."""
    there = {row.key for row in own.rows}
    rows = list(own.rows)
    for gone in year_ago.rows:
        if gone.key not in there:
            cells = (_gone(before, gone.key, column) for column in own.columns)
            rows.append(replace(gone, cells=tuple(cells)))
    if own.key in IN_OWN_ORDER:
        rows.sort(key=lambda row: row.key)
    return replace(own, rows=tuple(rows))


def _gone(before: Table | None, side: str, column: Column) -> Cell:
    """What stands in the line of a side without cases."""
    if not column.is_before:
        return 0
    return _then(before, side, column.key.removesuffix("-vorig")) if before else None


def _with_year(own: Table, year_ago: Table) -> Table:
    columns: list[Column] = []
    cells: list[list[Cell]] = [[] for _row in own.rows]
    for place, column in enumerate(own.columns):
        columns.append(column)
        for row, filled in zip(own.rows, cells, strict=True):
            filled.append(row.cells[place])
        key = column.key.removesuffix("-vorig")
        is_last = place + 1 == len(own.columns) or own.columns[place + 1].key != f"{key}-vorig"
        if is_last and any(each.key == key for each in year_ago.columns):
            columns.append(Column(f"{key}-jaar", "Een jaar eerder", Adds.NEVER, column.figure, is_before=True))
            for row, filled in zip(own.rows, cells, strict=True):
                filled.append(_then(year_ago, row.key, key))
    rows = tuple(replace(row, cells=tuple(filled)) for row, filled in zip(own.rows, cells, strict=True))
    return replace(own, columns=tuple(columns), rows=rows)


def _told_then(then: Edition | None, own: Table) -> Table | None:
    """A table of an earlier edition; nothing when it tells none. That of what happened after closings is left out where
    nothing did: here it has no rows then, unless the quarter tells its totals alone or was put together afterwards."""
    found = then.table(own.key) if then else None
    is_full = then and not then.is_reconstructed and tells_more_than_totals(then)
    return replace(own, rows=()) if found is None and is_full and own.key == AFTER_TABLE else found


def _with_others(own: Table, before: Edition | None, year_ago: Edition | None) -> Table:
    """A table with what was told of one of its columns in the quarter before, and in the same a year earlier."""
    name, begin = BESIDE[own.key]
    column = next(each for each in own.columns if each.key == (name or own.columns[0].key))
    for key, title, other in zip(OTHERS, ("Vorig kwartaal", "Een jaar eerder"), (before, year_ago), strict=True):
        told = _told_then(other, own)
        if other is None or told is None:
            continue
        words = f"{begin}{small(title)}" if begin else title
        then = Column(f"{column.key}-{key}", words, Adds.NEVER, is_before=True)
        untold = frozenset() if counts_effects(other, other.table(own.key)) else EFFECTS
        rows = (
            replace(row, cells=(*row.cells, None if row.key in untold else _then(told, row.key, column.key)))
            for row in own.rows
        )
        own = replace(own, columns=(*own.columns, then), rows=tuple(rows))
    return own


def _then(table: Table, row: str, column: str) -> Cell:
    """What was told of a row: none where the table did not name it; nothing where it had no such column, and where
    that could not be measured or was not counted yet."""
    if all(each.key != column for each in table.columns):
        return None
    return table.cell(row, column) if any(each.key == row for each in table.rows) else 0


def small(sentence: str) -> str:
    """A sentence as it goes on after a colon."""
    return sentence[0].lower() + sentence[1:]
