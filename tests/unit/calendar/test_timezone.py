"""Days and quarters in Europe/Amsterdam, round the nights in which the clock changes."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from knelpunt.domain.calendar.timezone import Quarter, nl_day, quarter_of, start_of_nl_day


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # Winter: one hour ahead of UTC.
        ("2026-11-24T22:59:59", "2026-11-24"),
        ("2026-11-24T23:00:00", "2026-11-25"),
        # Summer: two hours ahead.
        ("2026-07-01T21:59:59", "2026-07-01"),
        ("2026-07-01T22:00:00", "2026-07-02"),
        # 29 March 2026 begins in winter time and ends in summer time: 23 hours.
        ("2026-03-28T22:59:59", "2026-03-28"),
        ("2026-03-28T23:00:00", "2026-03-29"),
        ("2026-03-29T00:59:59", "2026-03-29"),
        ("2026-03-29T01:00:00", "2026-03-29"),
        ("2026-03-29T21:59:59", "2026-03-29"),
        ("2026-03-29T22:00:00", "2026-03-30"),
        # 25 October 2026 begins in summer time and ends in winter time: 25 hours, with half past two twice.
        ("2026-10-24T21:59:59", "2026-10-24"),
        ("2026-10-24T22:00:00", "2026-10-25"),
        ("2026-10-25T00:30:00", "2026-10-25"),
        ("2026-10-25T01:30:00", "2026-10-25"),
        ("2026-10-25T22:59:59", "2026-10-25"),
        ("2026-10-25T23:00:00", "2026-10-26"),
        # The year turns an hour before it does in UTC.
        ("2026-12-31T23:00:00", "2027-01-01"),
    ],
)
def test_an_instant_falls_on_the_day_of_the_clock_in_amsterdam(instant, day):
    assert nl_day(utc(instant)) == date.fromisoformat(day)


def test_an_instant_from_elsewhere_falls_on_the_same_day():
    tokyo = timezone(timedelta(hours=9))
    assert nl_day(datetime(2026, 11, 25, 7, 59, tzinfo=tokyo)) == date(2026, 11, 24)
    assert nl_day(datetime(2026, 11, 25, 8, 0, tzinfo=tokyo)) == date(2026, 11, 25)


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        nl_day(datetime(2026, 11, 24, 12, 0))


@pytest.mark.parametrize(
    ("day", "start", "hours"),
    [
        ("2026-11-24", "2026-11-23T23:00:00", 24),
        ("2026-03-29", "2026-03-28T23:00:00", 23),
        ("2026-10-25", "2026-10-24T22:00:00", 25),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam_and_lasts_its_own_hours(day, start, hours):
    begin = start_of_nl_day(date.fromisoformat(day))
    assert begin == utc(start)
    assert begin.utcoffset() == timedelta(0)
    assert start_of_nl_day(date.fromisoformat(day) + timedelta(days=1)) - begin == timedelta(hours=hours)


def test_the_first_and_last_instant_of_a_day_fall_on_it():
    day = date(2026, 1, 1)
    while day.year == 2026:
        begin, end = start_of_nl_day(day), start_of_nl_day(day + timedelta(days=1))
        assert nl_day(begin) == nl_day(end - timedelta(microseconds=1)) == day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-1", "2026-01-01", "2026-03-31"),
        ("2026-2", "2026-04-01", "2026-06-30"),
        ("2026-3", "2026-07-01", "2026-09-30"),
        ("2026-4", "2026-10-01", "2026-12-31"),
        ("2024-1", "2024-01-01", "2024-03-31"),
    ],
)
def test_a_quarter_has_its_first_and_last_day(text, first, last):
    quarter = Quarter.parse(text)
    assert (quarter.first_day, quarter.last_day) == (date.fromisoformat(first), date.fromisoformat(last))
    assert str(quarter) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-",
        "2026-0",
        "2026-5",
        "2026-04",
        "2026-4 ",
        " 2026-4",
        "2026-4\n",
        "2026-4\x00",
        "2026–4",
        "26-4",
        "02026-4",
        "-2026-4",
        "2009-4",
        "2101-1",
        "9999-4",
        "0000-1",
        "٢٠٢٦-4",
        "２０２６-４",
        "2026-4\ud800",
        "1" * 10_000 + "-1",
    ],
)
def test_anything_else_is_no_quarter(text):
    with pytest.raises(ValueError, match="a quarter looks like"):
        Quarter.parse(text)


def test_the_quarters_at_both_ends_are_accepted_and_their_neighbours_are_not_linked():
    first, last = Quarter.parse("2010-1"), Quarter.parse("2100-4")
    assert first.is_addressable and last.is_addressable
    assert str(first.previous()) == "2009-4" and not first.previous().is_addressable
    assert str(last.next()) == "2101-1" and not last.next().is_addressable


def test_quarters_follow_one_another_without_gap_or_overlap():
    quarter = Quarter.parse("2010-1")
    while quarter.is_addressable:
        following = quarter.next()
        assert following.previous() == quarter
        assert quarter < following
        assert quarter.last_day + timedelta(days=1) == following.first_day
        quarter = following


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_so_many_quarters_back_is_as_many_steps_back(number):
    start = step = Quarter(2026, number)
    for count in range(10):
        assert start.back(count) == step
        assert step.back(-count) == start
        step = step.previous()


def test_every_day_is_in_its_own_quarter_only():
    for number, month, day in [
        (1, 1, 1),
        (1, 3, 31),
        (2, 4, 1),
        (2, 6, 30),
        (3, 7, 1),
        (3, 9, 30),
        (4, 10, 1),
        (4, 12, 31),
    ]:
        found = quarter_of(date(2026, month, day))
        assert found == Quarter(2026, number)
        assert date(2026, month, day) in found
        assert date(2026, month, day) not in found.next()
        assert date(2026, month, day) not in found.previous()


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_year_has_four_quarters(number):
    with pytest.raises(ValueError, match="quarters 1 to 4"):
        Quarter(2026, number)
