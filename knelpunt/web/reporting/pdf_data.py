"""An edition as the PDF sets it: every number and word as text, in the order of the document."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from knelpunt.domain.figures.definitions import PERCENTILES
from knelpunt.domain.figures.edition import (
    BALANCE,
    BEFORE,
    CLOCKS,
    DURATIONS,
    HIDDEN_SENTENCE,
    NOW,
    PRESSING,
    PROVINCE,
    TOTALS,
    TREND,
    VERDICT,
    Cell,
    Edition,
    Table,
    change,
    finding,
    number_of,
    reconstructed_sentence,
    says,
)
from knelpunt.domain.figures.letter import ABOUT, DOCUMENT_TITLE, SUBTITLE
from knelpunt.domain.figures.writing import WrittenSection
from knelpunt.domain.texts import date_in_words
from knelpunt.web.reporting import pdf_charts
from knelpunt.web.shared.charts.tile_map import TileGeometry

TREND_TITLE = "Over de kwartalen"
RUNNING = "Het kwartaal loopt nog: dit is een tussenstand."
DRAWN = "Bij elke tekening staan dezelfde getallen in een tabel. De tekeningen zijn ook zonder kleur te lezen."


def day_of(edition: Edition) -> date:
    """The day that the file carries."""
    return edition.sealed_on or edition.until


def pdf_data(
    edition: Edition,
    geometry: TileGeometry,
    address: str,
    sections: tuple[WrittenSection, ...] = (),
    status: str = "",
) -> dict[str, Any]:
    """Everything that the typst source needs, ready to be JSON.

    Args:
        status: what every page says of the document, such as that it is a draft.
    """
    status = status or (RUNNING if edition.is_running else "")
    headline, told = finding(edition)
    totals, balance, trend = (edition.table(key) for key in (TOTALS, BALANCE, TREND))
    rest = [table for table in edition.tables if table.key not in (TOTALS, BALANCE, TREND)]
    return {
        "title": f"{DOCUMENT_TITLE}, {edition.title}",
        "over": DOCUMENT_TITLE,
        "name": edition.title,
        "subtitle": SUBTITLE,
        "headline": headline,
        "told": told,
        "counted": f"{edition.counted}.",
        "dated": _dated(edition),
        "status": status,
        "notes": [*([status] if status else []), *_notes(edition)],
        "sections": [
            {"title": section.title, "blocks": [pdf_charts.block(each, geometry) for each in section.blocks]}
            for section in sections
        ],
        "figures-title": "Alle cijfers" if sections else "De cijfers",
        "tiles": _tiles(edition, totals) if totals else [],
        "tables": [
            *([_plain_table(edition, totals)] if totals and len(totals.rows) > 1 else []),
            *([_plain_table(edition, balance)] if balance else []),
        ],
        "trend": _trend(edition, trend or totals),
        "splits": [_table(edition, table, geometry) for table in rest],
        "corrections": [
            [str(each.number), each.words, each.sealed_as, each.should_be, each.reason] for each in edition.corrections
        ],
        "definitions": [
            {"title": table.title, "sentence": table.sentence} for table in edition.tables if table.sentence
        ],
        "percentiles": PERCENTILES if edition.table(DURATIONS) else "",
        "about": [*ABOUT, DRAWN],
        "seals": list(edition.seals),
        "address": address,
    }


def _dated(edition: Edition) -> str:
    if edition.paper:
        return f"Aangeboden aan de Tweede Kamer: Kamerstuk {edition.paper}."
    return f"Vastgelegd op {date_in_words(edition.sealed_on)}." if edition.sealed_on else ""


def _notes(edition: Edition) -> list[str]:
    notes = []
    if edition.is_reconstructed:
        notes.append(reconstructed_sentence(edition))
    if edition.has_hidden:
        notes.append(HIDDEN_SENTENCE)
    return notes


def _tiles(edition: Edition, totals: Table) -> list[dict[str, Any]]:
    small = pdf_charts.small_trends(edition)
    return [
        {
            "title": column.title,
            "now": edition.shown(totals, totals.rows[0], column),
            "change": change(totals.cell(NOW, column.key), totals.cell(BEFORE, column.key)),
            "trend": small.get(column.key),
        }
        for column in totals.columns
    ]


def _trend(edition: Edition, table: Table | None) -> dict[str, Any] | None:
    rows = [row for row in table.rows if row.key != NOW] if table else []
    if table is None or len(rows) < 2:
        return None
    told = _plain_table(edition, table)
    return {**pdf_charts.trend(edition, table), **told, "title": TREND_TITLE, "is-told": table.key == TREND}


def _plain_table(edition: Edition, table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "says": says(edition, table),
        "is-shown": not table.is_all_hidden,
        "is-split": bool(table.dimension),
        "heads": [table.side, *(column.title for column in table.columns)],
        "before": [column.is_before for column in table.columns],
        "rows": [
            [row.words, row.note, *(edition.shown(table, row, column) for column in table.columns)]
            for row in table.rows
        ],
    }


def _table(edition: Edition, table: Table, geometry: TileGeometry) -> dict[str, Any]:
    shares = _shares([row.cells[0] for row in table.rows])
    has_bars = any(shares) and (bool(table.dimension) or table.key == PRESSING)
    return {
        **_plain_table(edition, table),
        "shares": shares if has_bars else [],
        "verdicts": pdf_charts.verdict_bar(table) if table.dimension == VERDICT else None,
        "map": pdf_charts.province_map(table, geometry)
        if table.dimension == PROVINCE and not table.is_all_hidden
        else None,
        "plots": pdf_charts.plots(edition, table) if table.key == CLOCKS else [],
    }


def _shares(cells: Sequence[Cell]) -> list[float]:
    """How long the bar of each number is, in percent of the longest; 0 of a number that is not told."""
    counts = [number_of(cell) or 0 for cell in cells]
    return [count / max(*counts, 1) * 100 for count in counts]
