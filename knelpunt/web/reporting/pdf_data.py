"""The report as the PDF sets it: every number and word as text, in the order of the document."""

from datetime import date
from typing import Any

from knelpunt.domain.dutch_dates import date_in_words, date_range_in_words
from knelpunt.domain.figures import FIGURES, LATE, PERCENTILES, PRESSING
from knelpunt.web.reporting.report import Report, Table, bars, change_in_words

DASH = "–"


def pdf_data(report: Report, *, made_on: date) -> dict[str, Any]:
    """Everything that the typst source needs, ready to be JSON."""
    span = report.span
    return {
        "title": f"Knelpunten in regels, {span.quarter.number}e kwartaal {span.quarter.year}",
        "subtitle": "Cijfers voor de Tweede Kamer over regels die leefbaarheidsprojecten tegenhouden",
        "period": f"Geteld van {date_range_in_words(span.first, span.until)}",
        "made_on": f"Gemaakt op {date_in_words(made_on)}",
        "status": "Het kwartaal loopt nog: dit is een tussenstand." if span.is_running else "",
        "totals": [
            {
                "title": FIGURES[cell.figure].title,
                "sentence": FIGURES[cell.figure].sentence,
                "now": str(cell.now),
                "change": change_in_words(cell.now, cell.before),
            }
            for cell in report.totals
        ],
        "tables": [_table(table) for table in report.tables if table.rows],
        "percentiles": PERCENTILES,
        "durations": [
            {
                "title": row.definition.title,
                "sentence": row.definition.sentence,
                "cells": [
                    row.definition.title,
                    str(row.now.cases),
                    _days(row.now.median),
                    _days(row.now.ninth_decile),
                    _days(row.before.median),
                    _days(row.before.ninth_decile),
                ],
            }
            for row in report.durations
        ],
        "late": {
            "title": LATE.title,
            "sentence": LATE.sentence,
            "rows": [
                [
                    row.clock.label,
                    str(row.now.stopped),
                    str(row.now.stopped_late),
                    str(row.now.running_late),
                    str(row.before.stopped_late),
                ]
                for row in report.late
            ],
        },
        "pressing": {
            "title": PRESSING.title,
            "sentence": PRESSING.sentence,
            "rows": [[row.words, row.law, str(row.cases), str(row.municipalities)] for row in report.pressing],
        },
    }


def _table(table: Table) -> dict[str, Any]:
    heads = [words for cell in table.rows[0].cells for words in (FIGURES[cell.figure].title, "vorig kwartaal")]
    return {
        "title": table.definition.title,
        "sentence": table.definition.sentence,
        "heads": [table.sides, *heads],
        "rows": [
            [row.words, *(str(number) for cell in row.cells for number in (cell.now, cell.before))]
            for row in table.rows
        ],
        "bars": [{"words": words, "number": number} for words, number in bars(table)],
        "bars_words": FIGURES[table.rows[0].cells[0].figure].title,
    }


def _days(value: float | None) -> str:
    return DASH if value is None else f"{value:.1f}".replace(".", ",")
