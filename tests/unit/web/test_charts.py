"""Charts: round scales, marks where the numbers are, gaps where none may be shown."""

import re

import pytest

from knelpunt.web.shared.charts.charts import BOTTOM, MARKED_POINTS, TOP, Times, duration_row, line_chart, nice_scale

LABELS = ("1e", "2e", "3e", "4e")


@pytest.mark.parametrize(
    ("largest", "scale"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (4, (0, 1, 2, 3, 4)),
        (5, (0, 2, 4, 6)),
        (13, (0, 5, 10, 15)),
        (40, (0, 10, 20, 30, 40)),
        (41, (0, 20, 40, 60)),
        (100_000, (0, 50_000, 100_000)),
        (6.5, (0, 2, 4, 6, 8)),
    ],
)
def test_scales_are_whole_numbers_that_hold_everything(largest, scale):
    assert nice_scale(largest) == scale


def test_a_scale_never_has_more_than_five_numbers():
    for largest in range(1, 3000, 7):
        scale = nice_scale(largest)
        assert len(scale) <= 5, largest
        assert scale[-1] >= largest


def test_the_largest_number_lies_highest_and_nought_on_the_axis():
    line = line_chart(LABELS, [("Open", (0, 5, 10, 10))]).lines[0]
    assert [point.y for point in line.points] == [BOTTOM, (BOTTOM + TOP) / 2, TOP, TOP]
    assert [point.x for point in line.points] == sorted({point.x for point in line.points})


def test_lines_share_one_scale():
    small, large = line_chart(LABELS, [("Weinig", (1, 1, 1, 1)), ("Veel", (4, 4, 4, 4))]).lines
    assert small.points[0].y > large.points[0].y


def test_a_number_that_is_not_shown_leaves_a_gap():
    line = line_chart(LABELS, [("Open", (3, None, 2, 4))]).lines[0]
    assert [point.words for point in line.points] == ["1e", "3e", "4e"]
    assert len(re.findall("M", line.path)) == 2
    assert line.values == (3, None, 2, 4)


def test_nothing_and_one_number_can_be_drawn():
    assert line_chart((), [("Open", ())]).is_empty
    assert line_chart(("1e",), [("Open", (None,))]).is_empty
    one = line_chart(("1e",), [("Open", (7,))])
    assert not one.is_empty
    assert len(one.lines[0].points) == 1


def test_of_many_points_some_carry_a_mark_and_the_last_one_does():
    points = line_chart([str(n) for n in range(53)], [("Open", range(53))]).lines[0].points
    marked = [point.is_marked for point in points]
    assert sum(marked) <= MARKED_POINTS
    assert marked[-1]
    assert len(line_chart([str(n) for n in range(53)], [("Open", range(53))]).marks) <= 8


def test_each_dot_lies_apart_and_what_took_too_long_is_known():
    row = duration_row(Times("K1", 4, 1, (2, 2, 5, 9, 11), (2, 2, 5, 11), (7, 9)))
    assert len({(x, y) for x, y, _ in row.dots}) == 4
    assert [is_late for _, _, is_late in row.dots] == [False, False, False, True]
    assert row.term is not None and row.term[0] < row.term[1] < row.dots[-1][0]


def test_many_are_a_box_in_order():
    row = duration_row(Times("K4", 400, 3, (10, 20, 30, 50, 80), (), (70, 70)))
    assert not row.dots
    assert list(row.box) == sorted(row.box)
    assert all(0 <= place <= 100 for place in (*row.box, *(row.term or ()), *(tick.at for tick in row.ticks)))


def test_too_few_are_not_drawn():
    hidden = duration_row(Times("K2", 2, 0, (1, 1, 2, 3, 3), (1, 3), (7, 7), is_hidden=True))
    assert not hidden.is_drawn
    assert not duration_row(Times("K2", 0, 0)).is_drawn
