"""Another reading of a table is found whenever there is one, and is one."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

import pytest

from knelpunt.domain.figures.readings import Ranges

Sums = list[dict[int, int]]
MAY = ((0,), (0, 1), (-1, 0), (-1, 0, 1), (-1, 0, 1))
"""The steps that a number may take."""


def ranges(sums: Sums, may: Mapping[int, Sequence[int]]) -> Ranges:
    in_sums: defaultdict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(sums):
        for key in each:
            in_sums[key].append(place)
    return Ranges(sums, in_sums, lambda key, step: step in may[key])


def crossed(height: int, width: int) -> Sums:
    """A table of cells, with the totals of its rows and columns and the whole."""
    cells = [[row * width + column for column in range(width)] for row in range(height)]
    size = height * width
    rows, columns, whole = (
        range(size, size + height),
        range(size + height, size + height + width),
        size + height + width,
    )
    parts = [
        *zip(rows, cells, strict=True),
        *zip(columns, zip(*cells, strict=True), strict=True),
        (whole, rows),
        (whole, columns),
    ]
    return [{**dict.fromkeys(each, 1), total: -1} for total, each in parts]


def readings(height: int, width: int, may: Mapping[int, Sequence[int]]) -> list[tuple[int, ...]]:
    """Every reading there is, by trying all steps of the cells, from which the totals follow."""
    found = []
    for cells in product(*(may[key] for key in range(height * width))):
        rows = [sum(cells[row * width : (row + 1) * width]) for row in range(height)]
        columns = [sum(cells[column::width]) for column in range(width)]
        steps = (*cells, *rows, *columns, sum(rows))
        if all(step in may[key] for key, step in enumerate(steps)):
            found.append(steps)
    return found


def is_reading(steps: Mapping[int, int], sums: Sums, may: Mapping[int, Sequence[int]]) -> bool:
    return all(step in may[key] for key, step in steps.items()) and not any(
        sum(times * steps.get(key, 0) for key, times in each.items()) for each in sums
    )


def free(_key: int, _step: int) -> tuple[int, int]:
    return 0, 0


def test_the_step_that_was_tried_first_counts_in_the_reading():
    may = {0: (-1, 0, 1), 1: (-1, 0, 1), 2: (0,)}

    assert ranges([{0: 1, 1: 1, 2: -1}], may).reading_with(0, free) == {0: 1, 1: -1}


@pytest.mark.parametrize("size", [(1, 3), (2, 2), (2, 3), (3, 2), (3, 3)])
def test_a_reading_is_found_whenever_there_is_one(size):
    chance, sums = random.Random(str(size)), crossed(*size)
    found: Counter[bool] = Counter()
    for _ in range(60):
        may = {key: chance.choice(MAY) for each in sums for key in each}
        weights = {key: (chance.randint(0, 1), chance.randint(0, 9)) for key in may}
        all_there_are, room = readings(*size, may), ranges(sums, may)
        for key in may:
            reading = room.reading_with(key, lambda key, _step, weights=weights: weights[key])
            is_there = any(each[key] for each in all_there_are)
            assert (reading is not None) is is_there, (may, key)
            assert reading is None or (reading[key] and is_reading(reading, sums, may)), (may, key)
            assert room.can_move(key) or not is_there, (may, key)
            found[is_there] += 1
    assert min(found[True], found[False]) > 50, found


def test_a_number_twice_in_a_sum_weighs_twice():
    may = {0: (-1, 0, 1), 1: (-1, 0, 1), 2: (-1, 0, 1)}

    reading = ranges([{0: 2, 1: 1, 2: -1}], may).reading_with(0, free)

    assert reading is not None
    assert is_reading(reading, [{0: 2, 1: 1, 2: -1}], may)
