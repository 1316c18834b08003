"""Incomplete dates, how a rule stood on a day, and lines of successors."""

from datetime import date

import pytest

from knelpunt.domain.laws.dates import (
    Standing,
    first_day,
    held_on,
    incomplete_in_words,
    last_day,
    reachable,
    standing,
    typed_day,
)


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31), "2019"),
        ("2019-07", date(2019, 7, 1), date(2019, 7, 31), "juli 2019"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "februari 2020"),
        ("2023-12-31", date(2023, 12, 31), date(2023, 12, 31), "31 december 2023"),
    ],
)
def test_an_incomplete_date_counts_generously_and_is_told_no_more_exactly_than_it_was_written(text, first, last, words):
    assert (first_day(text), last_day(text), incomplete_in_words(text)) == (first, last, words)


@pytest.mark.parametrize("text", ["", "0000", "0000-01-01", "1799", "2200", "2019-13", "2019-02-30", "19-07", "2019-7"])
def test_what_is_no_date_is_refused_in_words(text):
    with pytest.raises(ValueError, match="'"):
        last_day(text)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2019-07-01", date(2019, 7, 1)),
        ("1-7-2019", date(2019, 7, 1)),
        (" 01/07/2019 ", date(2019, 7, 1)),
        ("1.7.2019", date(2019, 7, 1)),
        ("29-2-2024", date(2024, 2, 29)),
    ],
)
def test_a_day_may_be_typed_the_dutch_way(typed, day):
    assert typed_day(typed) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2019",
        "2019-07",
        "29-2-2023",
        "0000-01-01",
        "1-1-0000",
        "9999999-01-01",
        "31-31-2019",
        "x" * 9000,
        "２０１９-07-01",
    ],
)
def test_what_is_no_day_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match="dag, maand en jaar in, in cijfers: 1 7 2026"):
        typed_day(typed)


def test_both_ends_of_a_period_belong_to_it_and_an_empty_end_is_open():
    first, last = date(2010, 3, 31), date(2023, 12, 31)
    assert held_on(first, last, first)
    assert held_on(first, last, last)
    assert not held_on(first, last, date(2010, 3, 30))
    assert not held_on(first, last, date(2024, 1, 1))
    assert held_on(None, None, date(1900, 1, 1))


@pytest.mark.parametrize(
    ("period", "day", "known", "expected"),
    [
        ((date(2010, 3, 31), date(2023, 12, 31)), date(2019, 6, 1), {}, Standing.HELD),
        ((date(2010, 3, 31), date(2023, 12, 31)), date(2010, 3, 30), {}, Standing.NOT_YET),
        ((date(2010, 3, 31), date(2023, 12, 31)), date(2024, 1, 1), {}, Standing.ENDED),
        ((date(2015, 1, 1), None), date(2011, 1, 1), {"start_is_known": False}, Standing.UNCERTAIN),
        (
            (date(2015, 1, 1), None),
            date(2001, 1, 1),
            {"start_is_known": False, "law_from": date(2006, 1, 1)},
            Standing.NOT_YET,
        ),
        ((None, date(2025, 8, 31)), date(2020, 1, 1), {"start_is_known": False}, Standing.UNCERTAIN),
        ((None, date(2025, 8, 31)), date(2025, 9, 1), {"start_is_known": False}, Standing.ENDED),
        ((date(2015, 1, 1), None), date(2016, 1, 1), {"end_is_known": False}, Standing.UNCERTAIN),
        ((date(2015, 1, 1), None), date(2014, 1, 1), {"end_is_known": False}, Standing.NOT_YET),
    ],
)
def test_what_is_not_known_is_never_told_as_a_fact(period, day, known, expected):
    assert standing(*period, day, **known) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2010, 3, 30), Standing.NOT_YET),
        (date(2010, 3, 31), Standing.HELD),
        (date(2023, 12, 31), Standing.HELD),
        (date(2024, 1, 1), Standing.ENDED),
    ],
)
@pytest.mark.parametrize("law_from", [None, date(2010, 3, 31)])
def test_a_rule_holds_on_its_first_and_on_its_last_day(day, expected, law_from):
    assert standing(date(2010, 3, 31), date(2023, 12, 31), day, law_from=law_from) is expected


def test_a_rule_whose_start_is_not_known_holds_from_its_earliest_text():
    assert standing(date(2015, 1, 1), None, date(2015, 1, 1), start_is_known=False) is Standing.HELD
    assert standing(date(2015, 1, 1), None, date(2014, 12, 31), start_is_known=False) is Standing.UNCERTAIN


def test_a_line_of_successors_is_followed_to_its_end_and_a_circle_is_harmless():
    links = {"a": ["b", "c"], "b": ["d"], "d": ["a", "c"]}
    assert reachable("a", lambda key: links.get(key, ())) == {"b": 1, "c": 1, "d": 2}
