"""The pictures in the PDF: the marks of the page as places that the typst source draws, each with its words.

Places are percentages of the width and height of a drawing, as in ``web/shared/charts/charts.py``.
"""

from bisect import bisect_right
from collections import defaultdict
from typing import Any

from knelpunt.domain.figures.definitions import CLOCK_TIMES, FIGURES, TREND, Figure
from knelpunt.domain.vocabulary import BRIDGEABLE_VERDICTS, Verdict
from knelpunt.queries.core.reference import Reference
from knelpunt.web.reporting.report import Report, Table
from knelpunt.web.shared.charts.charts import DurationRow, Line
from knelpunt.web.shared.charts.figure_charts import duration_rows, figure_trends, quarter_lines
from knelpunt.web.shared.charts.tile_map import Tile, TileMap, geometry_of, starts_for
from knelpunt.web.shared.pages.filters import number, shortest

DASH = "–"
TIME_HEADS = ("Klok", "Aantal", "10%", "25%", "Mediaan", "75%", "90%", "Termijn", "Te laat")
GROUPS = (
    ("ruimte", "V1 tot en met V4: er is ruimte"),
    ("regel", "V5 tot en met V8: een regel staat echt in de weg"),
    ("anders", "V0 en V9: nog onbeslist, of geen regel"),
)
"""How the parts of the bar of verdicts are filled, and what a filling says."""
SHADES = ("#ffffff", "#c5e2e4", "#3f8d96", "#00454e")
"""From none to many; on paper without colour each is darker than the one before."""


def trend(report: Report) -> dict[str, Any]:
    """The lines over the quarters, with the table that holds the same numbers."""
    chart = quarter_lines(report.quarters, is_running=report.span.is_running)
    last = len(chart.labels) - 1
    told = [f"{line.name} {', '.join(shortest(point.value) for point in line.points)}" for line in chart.lines]
    return {
        "title": TREND.title,
        "sentence": TREND.sentence,
        "alt": f"Lijnen van {chart.labels[0]} tot en met {chart.labels[-1]}. {'; '.join(told)}.",
        "is_running": chart.is_running,
        "lines": [_line(line) for line in chart.lines],
        "ticks": [[tick.at, tick.words] for tick in chart.ticks],
        "marks": [[mark.at, mark.words] for mark in chart.marks],
        "heads": ["Kwartaal", *(line.name for line in chart.lines)],
        "rows": [
            [
                f"{words}{', tot nu toe' if chart.is_running and place == last else ''}",
                *(DASH if (value := line.values[place]) is None else shortest(value) for line in chart.lines),
            ]
            for place, words in enumerate(chart.labels)
        ],
    }


def small_trends(report: Report) -> dict[Figure, dict[str, Any]]:
    """How each figure went, as small as a word; its numbers stand in the table of ``trend``."""
    charts = figure_trends(report.quarters, is_running=report.span.is_running)
    return {
        figure: {
            "alt": f"{FIGURES[figure].title} per kwartaal: "
            + ", ".join(f"{point.words} {shortest(point.value)}" for point in chart.lines[0].points),
            "is_running": chart.is_running,
            **_line(chart.lines[0]),
        }
        for figure, chart in charts.items()
    }


def _line(line: Line) -> dict[str, Any]:
    """A line as pieces between its gaps, and the points that carry a mark."""
    pieces = [
        [[float(along) for along in place.split()] for place in piece.split("L")]
        for piece in line.path.split("M")
        if piece
    ]
    return {
        "name": line.name,
        "pieces": pieces,
        "points": [[point.x, point.y] for point in line.points if point.is_marked],
    }


def clock_times(report: Report) -> dict[str, Any]:
    """How long each clock ran beside its term, with the table that holds the same numbers."""
    rows = duration_rows(report.times)
    return {
        "title": CLOCK_TIMES.title,
        "sentence": CLOCK_TIMES.sentence,
        "plots": [_plot(row) for row in rows],
        "heads": TIME_HEADS,
        "rows": [_times(row) for row in rows],
        "each": [f"{row.times.words}: {', '.join(map(str, row.times.each))} dagen." for row in rows if row.times.each],
    }


def _plot(row: DurationRow) -> dict[str, Any]:
    times = row.times
    if not row.is_drawn:
        return {"words": times.words, "told": "Nog niets te meten.", "is_drawn": False}
    half = f"de helft in {shortest(times.shares[2])} dagen of minder"
    late = f"{number(times.late)} te laat" if times.late else "geen te laat"
    term = f"; de termijn was {_term(row)} dagen" if times.term else ""
    return {
        "words": times.words,
        "told": f"{number(times.count)} keer, {half}, {late}",
        "alt": f"{times.words}: {half}, negen van de tien in {shortest(times.shares[4])}{term}; {late}.",
        "is_drawn": True,
        "term": row.term,
        "box": row.box,
        "dots": row.dots,
        "ticks": [[tick.at, tick.words] for tick in row.ticks],
    }


def _times(row: DurationRow) -> list[str]:
    times = row.times
    shares = [shortest(share) for share in times.shares] or [DASH] * 5
    return [times.words, number(times.count), *shares, _term(row), number(times.late)]


def _term(row: DurationRow) -> str:
    if row.times.term is None:
        return DASH
    shortest_term, longest = row.times.term
    return str(longest) if shortest_term == longest else f"{shortest_term}{DASH}{longest}"


def verdict_bar(table: Table) -> dict[str, Any] | None:
    """One bar, divided over the verdicts; None when nothing was handled. The table under it holds the same numbers."""
    counted = [(row.words, Verdict(row.value), row.cells[0].now) for row in table.rows if row.cells[0].now]
    total = sum(count for _words, _verdict, count in counted)
    if not total:
        return None
    sums: dict[str, int] = defaultdict(int)
    for _words, verdict, count in counted:
        sums[verdict_group(verdict)] += count
    return {
        "alt": f"{FIGURES[table.rows[0].cells[0].figure].title} naar oordeel: "
        + ", ".join(f"{words} {number(count)}" for words, _verdict, count in counted),
        "parts": [
            {
                "code": verdict.value,
                "number": number(count),
                "share": count / total * 100,
                "group": verdict_group(verdict),
            }
            for _words, verdict, count in counted
        ],
        "groups": [{"group": group, "words": words, "number": number(sums[group])} for group, words in GROUPS],
    }


def verdict_group(verdict: Verdict) -> str:
    """What the filling of a part of the bar says of a verdict."""
    if verdict in BRIDGEABLE_VERDICTS:
        return "ruimte"
    return "anders" if verdict in (Verdict.UNDECIDED, Verdict.NOT_A_RULE) else "regel"


def province_map(table: Table, names: Reference) -> dict[str, Any] | None:
    """The map of hexagons with the number of each province; None when no municipality has a place on it."""
    geometry = geometry_of(names)
    counts = {row.words: row.cells[0].now for row in table.rows}
    provinces: dict[str, list[Tile]] = defaultdict(list)
    for tile in geometry.tiles:
        provinces[tile.province].append(tile)
    if not provinces:
        return None
    starts = starts_for(max((counts.get(province, 0) for province in provinces), default=0))
    shades = {province: SHADES[bisect_right(starts, counts.get(province, 0)) - 1] for province in provinces}
    tiles = "".join(
        f'<path d="{geometry.hexagon}" transform="translate({tile.x} {tile.y})" fill="{shades[tile.province]}"'
        ' stroke="#6f7f7d" stroke-width="0.6"/>'
        for tile in geometry.tiles
    )
    told = {province: counts[province] for province in sorted(provinces) if counts.get(province)}
    return {
        "alt": f"Kaart van Nederland, {FIGURES[table.rows[0].cells[0].figure].title.lower()} per provincie: "
        + (", ".join(f"{province} {number(count)}" for province, count in told.items()) or "geen"),
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {geometry.width} {geometry.height}">{tiles}'
        f'<path d="{geometry.borders}" fill="none" stroke="#ffffff" stroke-width="4" stroke-linecap="round"/>'
        f'<path d="{geometry.borders}" fill="none" stroke="#15211f" stroke-width="1.8" stroke-linecap="round"/></svg>',
        "ratio": geometry.height / geometry.width,
        "numbers": [
            [*_middle(provinces[province], geometry.width, geometry.height), number(count)]
            for province, count in told.items()
        ],
        "legend": [
            {"words": words, "shade": shade}
            for words, shade in zip(TileMap(geometry, (), (), 0, starts).legend, SHADES, strict=True)
        ],
    }


def _middle(tiles: list[Tile], width: float, height: float) -> tuple[float, float]:
    """The tile nearest to the middle of a province, so that its number lies on the province."""
    x = sum(tile.x for tile in tiles) / len(tiles)
    y = sum(tile.y for tile in tiles) / len(tiles)
    nearest = min(tiles, key=lambda tile: ((tile.x - x) ** 2 + (tile.y - y) ** 2, tile.name))
    return nearest.x / width * 100, nearest.y / height * 100
