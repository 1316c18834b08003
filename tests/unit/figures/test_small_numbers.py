"""Nobody can work out a number that is hidden: not by taking a total apart, over tables, quarters, or forms.

The attacker of these tests knows all that is told, all sums, and what a mark means; it solves the sums exactly, and for
small cases tries every reading there is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from knelpunt.domain.figures.small_numbers import LIMIT, Mark, Number, Protected, Publications, Sum, Told

Numbers = dict[str, Number]
FEW = Mark.FEW
KEPT_BACK = Mark.KEPT_BACK


def protect(numbers: Numbers, sums: Iterable[Sum[str]]) -> Protected[str]:
    return Publications[str]().publish(numbers, sums)


def table(name: str, parts: Mapping[str, int], total: str) -> tuple[Numbers, Sum[str]]:
    numbers = {f"{name} {side}": Number(amount) for side, amount in parts.items()}
    return numbers, Sum.of(total, numbers)


def test_a_large_number_and_none_at_all_are_told():
    numbers, whole = table("wet", {"a": 12, "b": 0, "c": LIMIT}, "totaal")

    result = protect({"totaal": Number(17, limit=0), **numbers}, [whole])

    assert result == Protected({}, ())


def test_the_only_small_part_takes_another_one_with_it():
    numbers, whole = table("wet", {"a": 40, "b": 3, "c": 9}, "totaal")

    result = protect({"totaal": Number(52, limit=0), **numbers}, [whole])

    assert result.marks == {"wet b": FEW, "wet c": KEPT_BACK}


def test_two_small_parts_hide_each_other_unless_their_sum_tells_both():
    three, whole = table("wet", {"a": 40, "b": 2, "c": 1}, "totaal")
    two, other = table("wet", {"a": 40, "b": 1, "c": 1}, "totaal")

    assert set(protect({"totaal": Number(43, limit=0), **three}, [whole]).marks) == {"wet b", "wet c"}
    assert set(protect({"totaal": Number(42, limit=0), **two}, [other]).marks) == {"wet a", "wet b", "wet c"}


def test_two_numbers_that_are_as_large_as_a_small_one_can_be_do_not_say_so():
    numbers, whole = table("wet", {"a": 4, "b": 4}, "totaal")

    result = protect({"totaal": Number(8, limit=0), **numbers}, [whole])

    assert sorted(result.marks.values()) == [FEW, KEPT_BACK]


def test_the_only_part_hides_the_total_and_what_else_tells_the_total():
    of_law, by_law = table("wet", {"a": 3}, "totaal")
    of_theme, by_theme = table("thema", {"wonen": 3, "groen": 0}, "totaal")

    result = protect({"totaal": Number(3, limit=0), **of_law, **of_theme}, [by_law, by_theme])

    assert result.marks == {"totaal": KEPT_BACK, "wet a": FEW, "thema wonen": FEW}
    assert not solved({"totaal": Number(3, limit=0), **of_law, **of_theme}, [by_law, by_theme], result)


def test_what_was_told_in_an_earlier_form_stays_told_and_is_reckoned_with():
    numbers, whole = table("wet", {"a": 40, "b": 3, "c": 9}, "totaal")
    told = {"totaal": Number(52, limit=0, told=Told.SHOWN), **numbers, "wet c": Number(9, told=Told.SHOWN)}

    assert protect(told, [whole]).marks == {"wet b": FEW, "wet a": KEPT_BACK}
    everything = {**told, "wet a": Number(40, told=Told.SHOWN)}
    assert protect(everything, [whole]).exposed == ("wet b",)


def test_a_number_that_no_form_tells_still_counts_in_the_sums():
    """Nothing opened again, so that open at the end, received and handled tell each other."""
    told = {
        "open vorig": Number(30),
        "ontvangen": Number(3),
        "afgehandeld": Number(8),
        "heropend": Number(0, told=Told.NEVER),
        "heropend totaal": Number(0, told=Told.SHOWN),
        "open": Number(25),
    }
    sums = [
        Sum.of("open", ["open vorig", "ontvangen", "heropend"], minus=["afgehandeld"]),
        Sum.of("heropend totaal", ["heropend"]),
    ]

    result = protect(told, sums)

    assert result.marks["ontvangen"] is FEW
    assert len(result.marks) == 2
    assert "heropend" not in result.marks
    assert not solved(told, sums, result)


amounts = st.integers(0, 9)
small_table = st.lists(st.lists(amounts, min_size=2, max_size=3), min_size=2, max_size=2).filter(
    lambda rows: len({len(row) for row in rows}) == 1
)


@given(small_table)
@settings(max_examples=60, deadline=None)
def test_no_hidden_number_of_a_crossed_table_has_one_reading_only(rows):
    numbers, sums = crossed(rows)

    result = protect(numbers, sums)

    assert not result.exposed
    assert not solved(numbers, sums, result)
    for key, readings in tried(numbers, sums, result).items():
        assert len(readings) > 1, f"{key} can only be {readings}"


@given(st.lists(st.lists(st.integers(0, 15), min_size=3, max_size=3), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_quarters_and_what_has_run_up_do_not_tell_what_a_quarter_hides(quarters):
    """Each quarter is published in its turn, with the number since the begin; what is public stays as it was."""
    publications = Publications[str]()
    numbers: Numbers = {}
    sums: list[Sum[str]] = []
    marks: dict[str, Mark] = {}
    for place, row in enumerate(quarters):
        sides = {f"{place} {side}": amount for side, amount in enumerate(row)}
        up_to = [sum(each[side] for each in quarters[: place + 1]) for side in range(3)]
        new = {key: Number(amount) for key, amount in sides.items()} | {f"{place}": Number(sum(row), limit=0)}
        new |= {f"tot {place} {side}": Number(amount) for side, amount in enumerate(up_to)}
        new[f"tot {place}"] = Number(sum(up_to), limit=0)
        more = [Sum.of(f"{place}", sides), Sum.of(f"tot {place}", [f"tot {place} {side}" for side in range(3)])]
        for side in ("", *(f" {each}" for each in range(3))):
            before = [f"tot {place - 1}{side}"] if place else []
            more.append(Sum.of(f"tot {place}{side}", [f"{place}{side}", *before]))
        numbers |= new
        sums += more

        result = publications.publish(new, more)

        assert not result.exposed
        assert not solved(numbers, sums, result)
        assert marks.items() <= result.marks.items()
        assert not set(result.marks) - set(marks) - set(new)
        marks = dict(result.marks)


def crossed(rows: Sequence[Sequence[int]]) -> tuple[Numbers, list[Sum[str]]]:
    """A table with its totals of rows and columns and the whole."""
    numbers = {f"{i},{j}": Number(each) for i, row in enumerate(rows) for j, each in enumerate(row)}
    sums = []
    width = len(rows[0])
    for i, row in enumerate(rows):
        numbers[f"rij {i}"] = Number(sum(row))
        sums.append(Sum.of(f"rij {i}", [f"{i},{j}" for j in range(width)]))
    for j in range(width):
        numbers[f"kolom {j}"] = Number(sum(row[j] for row in rows))
        sums.append(Sum.of(f"kolom {j}", [f"{i},{j}" for i in range(len(rows))]))
    numbers["alles"] = Number(sum(map(sum, rows)), limit=0)
    sums.append(Sum.of("alles", [f"rij {i}" for i in range(len(rows))]))
    sums.append(Sum.of("alles", [f"kolom {j}" for j in range(width)]))
    return numbers, sums


def secrets(numbers: Numbers, result: Protected[str]) -> set[str]:
    return {key for key in result.marks if numbers[key].is_small}


def solved(numbers: Numbers, sums: Iterable[Sum[str]], result: Protected[str]) -> set[str]:
    """The small numbers that the sums alone tell, solved exactly: unknown is what has a mark or is never told."""
    unknown = [key for key, each in numbers.items() if key in result.marks or each.told is Told.NEVER]
    place = {key: number for number, key in enumerate(unknown)}
    rows = []
    for each in sums:
        row = [Fraction(0)] * len(unknown)
        for key, times in each.times.items():
            if key in place:
                row[place[key]] += times
        rows.append(row)
    lead = 0
    for column in range(len(unknown)):
        pivot = next((index for index in range(lead, len(rows)) if rows[index][column]), None)
        if pivot is None:
            continue
        rows[lead], rows[pivot] = rows[pivot], rows[lead]
        rows[lead] = [value / rows[lead][column] for value in rows[lead]]
        for index, row in enumerate(rows):
            if index != lead and row[column]:
                rows[index] = [a - row[column] * b for a, b in zip(row, rows[lead], strict=True)]
        lead += 1
    alone = {unknown[row.index(next(filter(None, row)))] for row in rows if sum(map(bool, row)) == 1}
    return alone & secrets(numbers, result)


def tried(numbers: Numbers, sums: Sequence[Sum[str]], result: Protected[str]) -> dict[str, set[int]]:
    """What each small hidden number can be, by trying every reading of the hidden cells of a crossed table."""
    top = max(number.amount for number in numbers.values()) + 2
    unknown = sorted(result.marks)
    checks: defaultdict[str, list[Sum[str]]] = defaultdict(list)
    for each in sums:
        inside = [key for key in unknown if key in each.times]
        if inside:
            checks[inside[-1]].append(each)
    found: dict[str, set[int]] = {key: set() for key in secrets(numbers, result)}
    values: dict[str, Any] = {key: number.amount for key, number in numbers.items() if key not in result.marks}

    def walk(index: int, left: list[int]) -> None:
        left[0] -= 1
        if left[0] < 0 or all(len(each) > 1 for each in found.values()):
            return
        if index == len(unknown):
            for key, readings in found.items():
                readings.add(values[key])
            return
        key = unknown[index]
        low, high = 1, LIMIT - 1 if result.marks[key] is FEW else top
        for value in sorted(range(low, high + 1), key=lambda each: abs(each - numbers[key].amount)):
            values[key] = value
            if all(sum(values[name] * times for name, times in each.times.items()) == 0 for each in checks[key]):
                walk(index + 1, left)
        del values[key]

    left = [100_000]
    walk(0, left)
    return found if left[0] > 0 else {}


def test_the_attacker_of_these_tests_can_solve_what_is_not_protected():
    numbers, whole = table("wet", {"a": 40, "b": 3, "c": 9}, "totaal")
    told = {"totaal": Number(52, limit=0), **numbers}

    assert solved(told, [whole], Protected({"wet b": FEW}, ())) == {"wet b"}
    assert tried(told, [whole], Protected({"wet b": FEW}, ())) == {"wet b": {3}}
