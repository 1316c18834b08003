"""How what is placed in a text is drawn on a page: for templates/reporting/writing/written_text.html."""

import re
from dataclasses import dataclass

from knelpunt.domain.figures.writing import PlacedChart, PlacedTable
from knelpunt.queries.core.reference import Reference
from knelpunt.web.shared.charts.charts import LineChart, line_chart
from knelpunt.web.shared.charts.tile_map import Tile, TileGeometry, geometry_of, starts_for

_QUARTER = re.compile(r"^(\d)e kwartaal \d\d(\d\d)$")
Bar = tuple[str, int | float | None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Turns placed tables, charts and the map into what the components draw."""

    names: Reference

    def lines(self, chart: PlacedChart) -> LineChart:
        """A chart of lines."""
        short = [_QUARTER.sub(r"\1e ’\2", words) for words in chart.labels]
        return line_chart(chart.labels, [(each.name, each.values) for each in chart.series], short_labels=short)

    def bars(self, chart: PlacedChart) -> list[Bar]:
        """A chart of bars: each label with its number, or nothing where that is not told."""
        return list(zip(chart.labels, chart.series[0].values, strict=True)) if chart.series else []

    def heads(self, table: PlacedTable) -> list[dict[str, str | bool]]:
        """The heads of a table."""
        return [{"text": words, "number": table.is_number(place)} for place, words in enumerate(table.heads)]

    @property
    def geometry(self) -> TileGeometry:
        """The municipalities, to shade their provinces on."""
        return geometry_of(self.names)

    def shaded(self, chart: PlacedChart) -> list[list[Tile]]:
        """The tiles of each shade, none first; a province whose number is not told has the lightest shade."""
        values = dict(self.bars(chart))
        starts = starts_for(int(max((value or 0 for value in values.values()), default=0)))
        shades: list[list[Tile]] = [[] for _start in starts]
        for tile in self.geometry.tiles:
            value = values.get(tile.province, 0)
            shades[1 if value is None else sum(value >= start for start in starts) - 1].append(tile)
        return shades
