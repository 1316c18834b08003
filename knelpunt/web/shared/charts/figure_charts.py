"""The charts of the figures: lines over the quarters, and how long a clock ran beside its term."""

from collections.abc import Mapping, Sequence

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import FIGURES, Figure
from knelpunt.queries.figures.series import ClockTimes, QuarterCount
from knelpunt.web.shared.charts.charts import DurationRow, LineChart, Times, duration_row, line_chart
from knelpunt.web.shared.texts import _

YEARS_IN_FULL = 12
"""With more quarters than this, only years stand under the picture."""


def quarter_words(quarter: Quarter) -> str:
    """A quarter in full: "4e kwartaal 2026"."""
    return _("%(number)se kwartaal %(year)s", number=quarter.number, year=quarter.year)


def quarter_lines(counts: Sequence[QuarterCount], *, is_running: bool) -> LineChart:
    """The figures over the quarters; ``is_running``: the last quarter is counted so far."""
    quarters = [count.quarter for count in counts]
    if len(quarters) > YEARS_IN_FULL:
        short = [str(each.year) if each.number == 1 else "" for each in quarters]
    else:
        short = [f"{each.number}e ’{each.year % 100:02}" for each in quarters]
    return line_chart(
        [quarter_words(each) for each in quarters],
        [_series(figure, counts) for figure in Figure],
        short_labels=short,
        is_running=is_running,
    )


def _series(figure: Figure, counts: Sequence[QuarterCount]) -> tuple[str, list[int]]:
    return FIGURES[figure].title, [count.value(figure) for count in counts]


def figure_trends(counts: Sequence[QuarterCount], *, is_running: bool) -> dict[Figure, LineChart]:
    """Each figure by itself, for a small picture beside its number."""
    labels = [quarter_words(count.quarter) for count in counts]
    return {
        figure: line_chart(labels, [_series(figure, counts)], is_running=is_running, is_small=True) for figure in Figure
    }


def duration_rows(times: Mapping[Clock, ClockTimes]) -> list[DurationRow]:
    """How long each clock ran, beside its term."""
    return [
        duration_row(Times(clock.label, found.runs, found.late, found.shares, found.each, found.term))
        for clock, found in times.items()
    ]
