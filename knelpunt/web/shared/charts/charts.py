"""Where the marks of a chart lie. A chart holds its numbers too, so that picture and table are drawn from one thing.

Places are percentages of the width and height of the drawing: text keeps its size on any screen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

LEFT, RIGHT, TOP, BOTTOM = 7.0, 96.0, 12.0, 82.0
STEPS = 4
"""A scale has at most so many steps above zero."""
MARKED_POINTS = 16
"""With more points than this, only some carry a mark, and the line does the rest."""
LABELS_SHOWN = 8
STACK = 11.0
"""How far apart two dots of the same length of time lie, in percent of the height."""
DOT_ROWS = 5

Value = float | None
"""None: too few to show, or not known. It leaves a gap in the line and a dash in the table."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on a scale, in percent, with its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Point:
    """One number of a line; ``is_marked``: whether it carries a mark."""

    x: float
    y: float
    words: str
    value: float
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One series. ``path`` is the ``d`` of an SVG path in a drawing of 100 by 100; ``area`` closes it at zero."""

    name: str
    values: tuple[Value, ...]
    path: str
    area: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over the same labels. ``is_running``: the last label is not over yet."""

    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    is_running: bool

    @property
    def is_empty(self) -> bool:
        """There is nothing to draw."""
        return not any(line.points for line in self.lines)


def line_chart(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Value]]],
    *,
    short_labels: Sequence[str] | None = None,
    is_running: bool = False,
    is_small: bool = False,
) -> LineChart:
    """Lines, all on one scale that begins at zero.

    Args:
        short_labels: what stands under the picture; "" leaves one out.
        is_small: no words stand in the picture, so that the line may take its whole width.
    """
    shown = short_labels or labels
    scale = nice_scale(max((value for _, values in series for value in values if value is not None), default=0))
    x_of = _spread(len(labels), 2.0 if is_small else LEFT, RIGHT)

    def y_of(value: float) -> float:
        return round(BOTTOM - value / scale[-1] * (BOTTOM - TOP), 2)

    every = max(1, ceil(sum(1 for words in shown if words) / LABELS_SHOWN))
    named = [place for place, words in enumerate(shown) if words]
    kept = set(named[(len(named) - 1) % every :: every])
    return LineChart(
        labels=tuple(labels),
        lines=tuple(_line(name, tuple(values), labels, x_of, y_of) for name, values in series),
        ticks=tuple(Tick(y_of(value), str(value)) for value in scale),
        marks=tuple(Tick(x_of(place), shown[place]) for place in named if place in kept),
        is_running=is_running,
    )


def nice_scale(largest: float) -> tuple[int, ...]:
    """Whole numbers from zero to the first one that is not below ``largest``, in steps of 1, 2 or 5 times a power."""
    rough = max(largest, 1) / STEPS
    power = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
    return tuple(range(0, ceil(max(largest, 1) / step) * step + 1, step))


def _spread(count: int, first: float, last: float) -> Callable[[int], float]:
    """Places at equal distances; a single one stands in the middle."""
    if count < 2:
        return lambda _place: (first + last) / 2
    return lambda place: round(first + (last - first) * place / (count - 1), 2)


def _line(
    name: str,
    values: tuple[Value, ...],
    labels: Sequence[str],
    x_of: Callable[[int], float],
    y_of: Callable[[float], float],
) -> Line:
    every = ceil(len(values) / MARKED_POINTS) or 1
    points: list[Point] = []
    path = area = ""
    pieces: list[list[Point]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            pieces.append([])
            continue
        is_marked = (len(values) - 1 - place) % every == 0
        point = Point(x_of(place), y_of(value), labels[place], value, is_marked)
        points.append(point)
        pieces[-1].append(point)
    for piece in filter(None, pieces):
        drawn = "L".join(f"{point.x} {point.y}" for point in piece)
        path += f"M{drawn}"
        area += f"M{piece[0].x} {y_of(0)}L{drawn}L{piece[-1].x} {y_of(0)}Z"
    return Line(name, values, path, area, tuple(points))


@dataclass(frozen=True, slots=True)
class Times:
    """What a duration plot shows of one thing that takes time; all in the same unit.

    ``shares`` are the 10th, 25th, 50th, 75th and 90th percentile; ``each`` is every case, when they are few; ``term``
    is from how much to how much it was allowed to take. ``is_hidden``: there are too few to show without pointing at
    one.
    """

    words: str
    count: int
    late: int
    shares: tuple[float, ...] = ()
    each: tuple[int, ...] = ()
    term: tuple[int, int] | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class DurationRow:
    """One row of the plot, on a scale of its own: percentages of the width, and for dots of the height."""

    times: Times
    dots: tuple[tuple[float, float, bool], ...]
    """x, y, and whether it took longer than the longest term."""
    box: tuple[float, ...]
    term: tuple[float, float] | None
    ticks: tuple[Tick, ...]

    @property
    def is_drawn(self) -> bool:
        return bool(self.dots or self.box)


def duration_row(times: Times) -> DurationRow:
    """Where the dots, or the box of many, and the term of one row lie."""
    if times.is_hidden or not times.count:
        return DurationRow(times, (), (), None, ())
    longest = max((*times.shares[-1:], *times.each, *(times.term or ())), default=1)
    scale = nice_scale(longest * 1.04)

    def x_of(value: float) -> float:
        return round(3 + value / scale[-1] * 94, 2)

    dots: list[tuple[float, float, bool]] = []
    seen: dict[int, int] = {}
    for value in times.each:
        height = seen[value] = seen.get(value, -1) + 1
        is_late = times.term is not None and value > times.term[1]
        dots.append((x_of(value), round(62 - STACK * (height % DOT_ROWS), 2), is_late))
    return DurationRow(
        times=times,
        dots=tuple(dots),
        box=() if times.each else tuple(map(x_of, times.shares)),
        term=None if times.term is None else (x_of(times.term[0]), x_of(times.term[1])),
        ticks=tuple(Tick(x_of(value), str(value)) for value in scale),
    )
