"""The pictures in the PDF: the marks of the page as places that the typst source draws, each with its words.

Places are percentages of the width and height of a drawing, as in ``web/shared/charts/charts.py``.
"""

from bisect import bisect_right
from collections import defaultdict
from typing import Any

from knelpunt.domain.figures.edition import (
    LATE,
    NOW,
    SHARE_KEYS,
    TREND,
    Cell,
    Column,
    Edition,
    Row,
    Table,
    in_words,
    number_of,
)
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.domain.figures.writing import (
    Block,
    Bullets,
    Chart,
    FigureTable,
    Heading,
    Map,
    Paragraph,
    PlacedChart,
    PlacedTable,
    Quote,
    Runs,
)
from knelpunt.domain.vocabulary import BRIDGEABLE_VERDICTS, Verdict
from knelpunt.web.shared.charts.charts import DurationRow, Line, Times, duration_row, line_chart
from knelpunt.web.shared.charts.tile_map import Tile, TileGeometry, TileMap, starts_for
from knelpunt.web.shared.pages.filters import number, shortest

GROUPS = (
    ("ruimte", "V1 tot en met V4: er is ruimte"),
    ("regel", "V5 tot en met V8: een regel staat echt in de weg"),
    ("anders", "V0 en V9: nog onbeslist, of geen regel"),
)
"""How the parts of the bar of verdicts are filled, and what a filling says."""
SHADES = ("#ffffff", "#c5e2e4", "#3f8d96", "#00454e")
"""From none to many; on paper without colour each is darker than the one before."""
KEPT_BACK_SHADE = "#e9ecec"
_FULL = len("2026-3")


def block(each: Block, geometry: TileGeometry) -> dict[str, Any]:
    """A block of the text: its words, or what is placed in it with its picture."""
    match each:
        case Paragraph() | Heading():
            return {"kind": each.kind, "runs": _runs(each.runs)}
        case Bullets():
            return {"kind": each.kind, "items": [_runs(item) for item in each.items]}
        case Quote():
            return {"kind": each.kind, "items": [_runs(paragraph) for paragraph in each.paragraphs]}
        case FigureTable():
            return {"kind": each.kind, "table": _placed(each.content)}
        case Chart():
            return {"kind": each.kind, **_chart(each.content)}
        case Map():
            return {"kind": each.kind, "map": _country(each.content, geometry)}


def _runs(runs: Runs) -> list[dict[str, Any]]:
    return [
        {"text": run.text, "strong": run.is_strong, "emphasis": run.is_emphasis, "href": run.href or ""} for run in runs
    ]


def _placed(table: PlacedTable | None) -> dict[str, Any] | None:
    if table is None or not table.rows:
        return None
    return {
        "title": table.title,
        "heads": list(table.heads),
        "before": [False] * (len(table.heads) - 1),
        "words": [not table.is_number(place) for place in range(1, len(table.heads))],
        "rows": [[row[0], "", *row[1:]] for row in table.rows],
    }


def _chart(chart: PlacedChart | None) -> dict[str, Any]:
    """Lines as a picture; bars as a table that carries them."""
    if chart is None or not chart.labels:
        return {"lines": None, "table": None}
    columns = tuple(Column(each.name, each.name) for each in chart.series)
    rows = tuple(
        Row(label, label, tuple(_cell(each.values[place]) for each in chart.series))
        for place, label in enumerate(chart.labels)
    )
    table = Table(chart.name, chart.title, chart.sentence, "", columns, rows)
    if chart.is_line:
        return {"lines": {"title": chart.title, **_lines(table, is_running=False)}, "table": None}
    counts = [number_of(row.cells[0]) or 0 for row in rows]
    return {
        "lines": None,
        "table": {
            "title": chart.title,
            "heads": [chart.title.partition(":")[0], *(each.name for each in chart.series)],
            "before": [False] * len(columns),
            "rows": [[row.words, "", *map(in_words, row.cells)] for row in rows],
            "shares": [count / max(*counts, 1) * 100 for count in counts],
        },
    }


def _cell(value: float | None) -> Cell:
    return Mark.KEPT_BACK if value is None else value


def _country(chart: PlacedChart | None, geometry: TileGeometry) -> dict[str, Any] | None:
    if chart is None or not chart.labels:
        return None
    rows = tuple(Row(label, label, (_cell(chart.series[0].values[place]),)) for place, label in enumerate(chart.labels))
    columns = (Column("aantal", chart.series[0].name),)
    return province_map(Table(chart.name, chart.title, chart.sentence, "", columns, rows), geometry)


def trend(edition: Edition, table: Table) -> dict[str, Any]:
    """The lines over the quarters; the table under them holds the same numbers."""
    return _lines(table, is_running=edition.is_running)


def _lines(table: Table, *, is_running: bool) -> dict[str, Any]:
    rows = [row for row in table.rows if row.key != NOW]
    chart = line_chart(
        [row.words for row in rows],
        [(column.title, [number_of(row.cells[place]) for row in rows]) for place, column in enumerate(table.columns)],
        short_labels=[_short(row) for row in rows],
        is_running=is_running,
    )
    told = [f"{line.name} {', '.join(in_words(value) for value in line.values)}" for line in chart.lines]
    return {
        "alt": f"Lijnen van {chart.labels[0]} tot en met {chart.labels[-1]}. {'; '.join(told)}.",
        "is_running": chart.is_running,
        "lines": [_line(line) for line in chart.lines],
        "ticks": [[tick.at, tick.words] for tick in chart.ticks],
        "marks": [[mark.at, mark.words] for mark in chart.marks],
    }


def _short(row: Row) -> str:
    """A quarter under a picture: "3e ’26"."""
    if len(row.key) == _FULL:
        return f"{row.key[-1]}e ’{row.key[2:4]}"
    return row.words.replace(" kwartaal 20", " ’")


def small_trends(edition: Edition) -> dict[str, dict[str, Any]]:
    """How each figure went, as small as a word; its numbers stand in the table of ``trend``."""
    table = edition.table(TREND)
    if table is None:
        return {}
    labels, made = [row.words for row in table.rows], {}
    for place, column in enumerate(table.columns):
        values = [number_of(row.cells[place]) for row in table.rows]
        chart = line_chart(labels, [(column.title, values)], is_running=edition.is_running, is_small=True)
        told = ", ".join(f"{point.words} {shortest(point.value)}" for point in chart.lines[0].points)
        made[column.key] = {
            "alt": f"{column.title} per kwartaal: {told}",
            "is_running": chart.is_running,
            **_line(chart.lines[0]),
        }
    return made


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


def plots(edition: Edition, table: Table) -> list[dict[str, Any]]:
    """How long each clock ran beside its term; the table under it holds the same numbers."""
    late = edition.table(LATE)
    return [_plot(duration_row(_times(table, row.key, row.words, late))) for row in table.rows]


def _times(table: Table, key: str, words: str, late: Table | None) -> Times:
    runs, term = number_of(table.cell(key, "keren")), number_of(table.cell(key, "termijn"))
    shares = [number_of(table.cell(key, share)) for share in SHARE_KEYS]
    too_late = number_of(late.cell(key, "te-laat")) if late else None
    return Times(
        words=words,
        count=int(runs or 0),
        late=int(too_late or 0),
        shares=tuple(share for share in shares if share is not None) if None not in shares else (),
        term=(int(term), int(term)) if term is not None else None,
        is_hidden=runs is None,
    )


def _plot(row: DurationRow) -> dict[str, Any]:
    times = row.times
    if not row.is_drawn:
        told = "Te weinig om te tonen." if times.is_hidden else "Nog niets te meten."
        return {"words": times.words, "told": told, "is_drawn": False}
    half = f"de helft in {shortest(times.shares[2])} dagen of minder"
    late = f"{number(times.late)} te laat" if times.late else "geen te laat"
    term = f"; de termijn was {times.term[1]} dagen" if times.term else ""
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


def verdict_bar(table: Table) -> dict[str, Any] | None:
    """One bar, divided over the verdicts; None when a part of it is not told, or there is none.

    The table under it holds the same numbers.
    """
    cells = [(row.words, Verdict(row.key), row.cells[0]) for row in table.rows]
    counted = [(words, verdict, count) for words, verdict, count in cells if isinstance(count, int) and count]
    total = sum(count for _words, _verdict, count in counted)
    if not total or any(number_of(cell) is None for _words, _verdict, cell in cells):
        return None
    sums: dict[str, int] = defaultdict(int)
    for _words, verdict, count in counted:
        sums[verdict_group(verdict)] += count
    return {
        "alt": f"{table.columns[0].title} naar oordeel: "
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


def province_map(table: Table, geometry: TileGeometry) -> dict[str, Any] | None:
    """The map of hexagons with the number of each province; None when no municipality has a place on it."""
    cells = {row.words: row.cells[0] for row in table.rows}
    provinces: dict[str, list[Tile]] = defaultdict(list)
    for tile in geometry.tiles:
        provinces[tile.province].append(tile)
    if not provinces:
        return None
    counts = {province: int(number_of(cells.get(province)) or 0) for province in provinces}
    starts = starts_for(max(counts.values(), default=0))
    is_kept = {province: province in cells and number_of(cells[province]) is None for province in provinces}
    shades = {
        province: KEPT_BACK_SHADE if is_kept[province] else SHADES[bisect_right(starts, count) - 1]
        for province, count in counts.items()
    }
    tiles = "".join(
        f'<path d="{geometry.hexagon}" transform="translate({tile.x} {tile.y})" fill="{shades[tile.province]}"'
        ' stroke="#6f7f7d" stroke-width="0.6"/>'
        for tile in geometry.tiles
    )
    told = {province: cells[province] for province in sorted(provinces) if cells.get(province)}
    legend = [
        {"words": words, "shade": shade}
        for words, shade in zip(TileMap(geometry, (), (), 0, starts).legend, SHADES, strict=True)
    ]
    if any(is_kept.values()):
        legend.append({"words": "te weinig om te tonen", "shade": KEPT_BACK_SHADE})
    return {
        "alt": f"Kaart van Nederland, {table.columns[0].title.lower()} per provincie: "
        + (", ".join(f"{province} {in_words(cell)}" for province, cell in told.items()) or "geen"),
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {geometry.width} {geometry.height}">{tiles}'
        f'<path d="{geometry.borders}" fill="none" stroke="#ffffff" stroke-width="4" stroke-linecap="round"/>'
        f'<path d="{geometry.borders}" fill="none" stroke="#15211f" stroke-width="1.8" stroke-linecap="round"/></svg>',
        "ratio": geometry.height / geometry.width,
        "numbers": [
            [*_middle(provinces[province], geometry.width, geometry.height), number(int(count))]
            for province, cell in told.items()
            if (count := number_of(cell))
        ],
        "legend": legend,
    }


def _middle(tiles: list[Tile], width: float, height: float) -> tuple[float, float]:
    """The tile nearest to the middle of a province, so that its number lies on the province."""
    x = sum(tile.x for tile in tiles) / len(tiles)
    y = sum(tile.y for tile in tiles) / len(tiles)
    nearest = min(tiles, key=lambda tile: ((tile.x - x) ** 2 + (tile.y - y) ** 2, tile.name))
    return nearest.x / width * 100, nearest.y / height * 100
