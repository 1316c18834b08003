"""Dates and terms in Dutch words."""

from datetime import date, timedelta

import pytest

from knelpunt.domain.calendar.clocks import Unit, days_left_in_words, length_in_words
from knelpunt.domain.texts import date_in_words, date_range_in_words, weekday_in_words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 24), "dinsdag 24 november 2026"),
        (date(2024, 2, 29), "donderdag 29 februari 2024"),
        (date(2026, 1, 1), "donderdag 1 januari 2026"),
        (date(2026, 3, 29), "zondag 29 maart 2026"),
        (date(2026, 4, 27), "maandag 27 april 2026"),
        (date(2026, 5, 6), "woensdag 6 mei 2026"),
        (date(2026, 6, 20), "zaterdag 20 juni 2026"),
        (date(2026, 7, 3), "vrijdag 3 juli 2026"),
        (date(2026, 8, 31), "maandag 31 augustus 2026"),
        (date(2026, 9, 15), "dinsdag 15 september 2026"),
        (date(2026, 10, 25), "zondag 25 oktober 2026"),
        (date(2026, 12, 25), "vrijdag 25 december 2026"),
    ],
)
def test_a_date_is_written_with_weekday_and_month(day, words):
    assert date_in_words(day) == words
    assert words.startswith(weekday_in_words(day))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), "dinsdag 24 november 2026"),
        (date(2026, 11, 24), date(2026, 11, 27), "dinsdag 24 tot en met vrijdag 27 november 2026"),
        (date(2026, 11, 30), date(2026, 12, 4), "maandag 30 november tot en met vrijdag 4 december 2026"),
        (date(2026, 12, 28), date(2027, 1, 4), "maandag 28 december 2026 tot en met maandag 4 januari 2027"),
        # The same month of another year is not the same month.
        (date(2025, 11, 24), date(2026, 11, 24), "maandag 24 november 2025 tot en met dinsdag 24 november 2026"),
    ],
)
def test_a_stretch_says_month_and_year_only_where_they_change(first, last, words):
    assert date_range_in_words(first, last) == words


def test_a_stretch_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        date_range_in_words(date(2026, 11, 25), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("days", "unit", "words"),
    [
        (3, Unit.WORKING_DAYS, "nog 3 werkdagen"),
        (1, Unit.WORKING_DAYS, "nog 1 werkdag"),
        (0, Unit.WORKING_DAYS, "vandaag"),
        (-1, Unit.WORKING_DAYS, "1 werkdag te laat"),
        (-2, Unit.WORKING_DAYS, "2 werkdagen te laat"),
        (14, Unit.CALENDAR_DAYS, "nog 14 dagen"),
        (1, Unit.CALENDAR_DAYS, "nog 1 dag"),
        (-1, Unit.CALENDAR_DAYS, "1 dag te laat"),
        (40, Unit.WEEKS, "nog 40 dagen"),
        (-3, Unit.MONTHS, "3 dagen te laat"),
        (0, Unit.MONTHS, "vandaag"),
    ],
)
def test_time_left_is_counted_down_in_days(days, unit, words):
    assert days_left_in_words(days, unit) == words


@pytest.mark.parametrize(
    ("length", "unit", "words"),
    [
        (10, Unit.WORKING_DAYS, "10 werkdagen"),
        (1, Unit.WORKING_DAYS, "1 werkdag"),
        (14, Unit.CALENDAR_DAYS, "14 dagen"),
        (10, Unit.WEEKS, "10 weken"),
        (1, Unit.WEEKS, "1 week"),
        (3, Unit.MONTHS, "3 maanden"),
        (1, Unit.MONTHS, "1 maand"),
        (0, Unit.CALENDAR_DAYS, "0 dagen"),
    ],
)
def test_the_length_of_a_term_has_its_own_unit(length, unit, words):
    assert length_in_words(length, unit) == words


def test_no_two_days_of_a_year_read_alike():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert len({date_in_words(day) for day in days}) == 365
