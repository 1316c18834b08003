"""The report as the PDF sets it: every number and word as text, in the order of the document."""

from datetime import date
from typing import Any

from knelpunt.domain.figures.definitions import AFTER_CLOSING, BALANCE, FIGURES, LATE, PERCENTILES, PRESSING, Dimension
from knelpunt.domain.texts import date_in_words, date_range_in_words
from knelpunt.queries.core.reference import Reference
from knelpunt.web.reporting import pdf_charts
from knelpunt.web.reporting.pdf_charts import DASH
from knelpunt.web.reporting.report import Report, Table, change_in_words, steps_told
from knelpunt.web.shared.pages.filters import decimal, number

TITLE = "Knelpunten in regels"
ABOUT = (
    "Gemeenten en bewoners melden bij Knelpunt waar een regel hun project voor een leefbare buurt tegenhoudt. Het "
    "loket zoekt uit wat er op die dag in de wet stond. Het laat weten welke ruimte er is en wie die kan geven.",
    "Alle cijfers zijn geteld uit wat er in de zaken is gebeurd, tot en met de laatste getelde dag. Naast elk cijfer "
    "staat dat van het kwartaal ervoor. Bij elk cijfer staat wat er is geteld.",
    "Bij elke tekening staan dezelfde getallen in een tabel. De tekeningen zijn ook zonder kleur te lezen.",
)
FIRST_ASKED = (Dimension.VERDICT, Dimension.RESULT)
"""What a reader of the document asks first: what stood in the way, and how it ended."""


def pdf_data(report: Report, names: Reference, *, made_on: date) -> dict[str, Any]:
    """Everything that the typst source needs, ready to be JSON."""
    span = report.span
    trends = pdf_charts.small_trends(report)
    tables = sorted(report.tables, key=lambda table: table.dimension not in FIRST_ASKED)
    quarter = f"{span.quarter.number}e kwartaal {span.quarter.year}"
    return {
        "title": f"{TITLE}, {quarter}",
        "title-lines": [f"{TITLE},", quarter],
        "subtitle": "Cijfers voor de Tweede Kamer over regels die leefbaarheidsprojecten tegenhouden",
        "period": f"Geteld van {date_range_in_words(span.first, span.until)}",
        "made_on": f"Gemaakt op {date_in_words(made_on)}",
        "status": "Het kwartaal loopt nog: dit is een tussenstand." if span.is_running else "",
        "about": ABOUT,
        "totals": [
            {
                "title": FIGURES[cell.figure].title,
                "sentence": FIGURES[cell.figure].sentence,
                "now": number(cell.now),
                "change": change_in_words(cell.now, cell.before),
                "trend": trends[cell.figure],
            }
            for cell in report.totals
        ],
        "balance": {
            "title": BALANCE.title,
            "sentence": BALANCE.sentence,
            "rows": [
                [f"{line.sign} {line.words}".strip(), number(line.now), number(line.before)] for line in report.balance
            ],
            "steps": [{"title": step.title, "sentence": step.sentence} for step in steps_told(report)],
        },
        "trend": pdf_charts.trend(report),
        "tables": [_table(table, names) for table in tables if table.rows],
        "percentiles": PERCENTILES,
        "durations": [
            {
                "title": row.definition.title,
                "sentence": row.definition.sentence,
                "cells": [
                    row.definition.title,
                    number(row.now.cases),
                    _days(row.now.median),
                    _days(row.now.ninth_decile),
                    _days(row.before.median),
                    _days(row.before.ninth_decile),
                ],
            }
            for row in report.durations
        ],
        "clocks": pdf_charts.clock_times(report),
        "late": {
            "title": LATE.title,
            "sentence": LATE.sentence,
            "rows": [
                [
                    row.clock.label,
                    number(row.now.stopped),
                    number(row.now.stopped_late),
                    number(row.now.running_late),
                    number(row.before.stopped_late),
                ]
                for row in report.late
            ],
        },
        "after": {
            "title": AFTER_CLOSING.title,
            "sentence": AFTER_CLOSING.sentence,
            "rows": [[line.words, number(line.now), number(line.before)] for line in report.after],
        },
        "pressing": {
            "title": PRESSING.title,
            "sentence": PRESSING.sentence,
            "rows": [[row.words, row.law, number(row.cases), number(row.municipalities)] for row in report.pressing],
            "shares": _shares([row.cases for row in report.pressing]),
        },
    }


def _table(table: Table, names: Reference) -> dict[str, Any]:
    return {
        "title": table.definition.title,
        "sentence": table.definition.sentence,
        "side": table.sides,
        "figures": [FIGURES[cell.figure].title for cell in table.rows[0].cells],
        "rows": [
            [row.words, *(number(count) for cell in row.cells for count in (cell.now, cell.before))]
            for row in table.shown
        ],
        "shares": _shares([row.cells[0].now for row in table.shown]),
        "verdicts": pdf_charts.verdict_bar(table) if table.dimension is Dimension.VERDICT else None,
        "map": pdf_charts.province_map(table, names) if table.dimension is Dimension.PROVINCE else None,
    }


def _shares(counts: list[int]) -> list[float]:
    """How long the bar of each number is, in percent of the longest."""
    return [count / max(*counts, 1) * 100 for count in counts]


def _days(value: float | None) -> str:
    return DASH if value is None else decimal(value)
