"""The holidays of the Algemene termijnenwet, against dates from the calendar and the decrees."""

from datetime import date, timedelta

import pytest

from knelpunt.domain.calendar.holidays import EQUATED_DAYS, easter_sunday, holiday_on, holidays_in, kings_day

EASTER = [
    "1818-03-22",  # as early as it can be
    "1943-04-25",  # as late as it can be
    "2013-03-31",
    "2014-04-20",
    "2015-04-05",
    "2016-03-27",
    "2017-04-16",
    "2018-04-01",
    "2019-04-21",
    "2020-04-12",
    "2021-04-04",
    "2022-04-17",
    "2023-04-09",
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2027-03-28",
    "2028-04-16",
    "2030-04-21",
    "2038-04-25",
    "2285-03-22",
]
FULL_MOONS = (
    "04-14", "04-03", "03-23", "04-11", "03-31", "04-18", "04-08", "03-28", "04-16", "04-05",
    "03-25", "04-13", "04-02", "03-22", "04-10", "03-30", "04-17", "04-07", "03-27",
)  # fmt: skip
"""The paschal full moon of each golden number, 1900 to 2199: Book of Common Prayer, "To find Easter Day"."""

DAYS_OF_2026 = {
    date(2026, 1, 1): "Nieuwjaarsdag",
    date(2026, 1, 2): "dag die telt als feestdag",
    date(2026, 4, 3): "Goede Vrijdag",
    date(2026, 4, 6): "Tweede Paasdag",
    date(2026, 4, 27): "Koningsdag",
    date(2026, 5, 5): "Bevrijdingsdag",
    date(2026, 5, 14): "Hemelvaartsdag",
    date(2026, 5, 15): "dag die telt als feestdag",
    date(2026, 5, 25): "Tweede Pinksterdag",
    date(2026, 12, 25): "Eerste Kerstdag",
    date(2026, 12, 26): "Tweede Kerstdag",
}


def test_easter_falls_on_the_day_of_the_almanac_and_else_on_the_sunday_after_the_paschal_full_moon():
    for day in map(date.fromisoformat, EASTER):
        assert easter_sunday(day.year) == day
    for year in range(1900, 2200):
        moon = date.fromisoformat(f"{year}-{FULL_MOONS[year % 19]}")
        assert easter_sunday(year) == moon + timedelta(days=7 - (moon.weekday() + 1) % 7)


def test_the_year_2026_has_these_holidays_and_no_others():
    assert {day: holiday.name for day, holiday in holidays_in(2026).items()} == DAYS_OF_2026
    assert list(holidays_in(2026)) == sorted(DAYS_OF_2026)


@pytest.mark.parametrize(
    ("year", "day", "name"),
    [
        (2005, date(2005, 4, 30), "Koninginnedag"),
        (2006, date(2006, 4, 29), "Koninginnedag"),  # 30 April 2006 was a Sunday
        (2013, date(2013, 4, 30), "Koninginnedag"),
        (2014, date(2014, 4, 26), "Koningsdag"),  # 27 April 2014 was a Sunday
        (2015, date(2015, 4, 27), "Koningsdag"),
        (2025, date(2025, 4, 26), "Koningsdag"),  # 27 April 2025 was a Sunday
        (2026, date(2026, 4, 27), "Koningsdag"),
    ],
)
def test_the_birthday_of_the_king_is_never_celebrated_on_a_sunday(year, day, name):
    holiday = kings_day(year)
    assert (holiday.day, holiday.name) == (day, name)
    assert holiday_on(day) == holiday


def test_the_sunday_that_was_skipped_and_the_old_30_april_are_no_holidays():
    assert holiday_on(date(2025, 4, 27)) is None
    assert holiday_on(date(2014, 4, 30)) is None


def test_5_may_counts_in_every_year_not_once_in_five():
    assert [holiday_on(date(year, 5, 5)).name for year in (2021, 2022, 2023, 2024)] == ["Bevrijdingsdag"] * 4


def test_two_holidays_on_one_day_are_one_with_both_names():
    # Easter 2016 was on 27 March; 39 days later is 5 May.
    assert holiday_on(date(2016, 5, 5)).name == "Hemelvaartsdag en Bevrijdingsdag"
    assert holiday_on(date(2016, 5, 5)).source == "Algemene termijnenwet (BWBR0002448), art. 3 lid 1"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2013-12-27", "Friday after Christmas"),
        ("2015-05-04", "Monday before Liberation Day"),
        ("2018-12-24", "Monday before Christmas"),
        ("2018-12-31", "Monday before New Year"),
        ("2019-12-27", "Friday after Christmas"),
        ("2020-05-22", "Friday after Ascension"),
        ("2023-04-28", "Friday after King's Day"),
        ("2024-12-27", "Friday after Christmas"),
        ("2025-05-30", "Friday after Ascension"),
        ("2027-05-07", "Friday after Ascension"),
        ("2028-04-28", "Friday after King's Day"),
    ],
)
def test_a_day_equated_by_royal_decree_counts_and_names_the_decree(day, why):
    holiday = holiday_on(date.fromisoformat(day))
    assert holiday is not None, why
    assert holiday.source.startswith("Algemene termijnenwet (BWBR0002448), art. 3 lid 3; Besluit ")


@pytest.mark.parametrize("day", ["2022-05-06", "2026-12-24", "2026-12-31", "2026-05-04"])
def test_a_day_that_no_decree_names_is_an_ordinary_day(day):
    assert holiday_on(date.fromisoformat(day)) is None


@pytest.mark.parametrize("year", range(2011, 2029))
def test_the_friday_after_ascension_is_equated_in_every_year_of_the_decrees(year):
    equated = {day for decree in EQUATED_DAYS for day in decree.days}
    assert date.fromordinal(easter_sunday(year).toordinal() + 40) in equated


def test_equated_days_fall_on_a_monday_or_a_friday():
    assert {day.weekday() for decree in EQUATED_DAYS for day in decree.days} == {0, 4}


def test_every_holiday_has_a_name_and_names_the_act():
    for year in range(2011, 2030):
        for day, holiday in holidays_in(year).items():
            assert holiday.day == day
            assert holiday.name
            assert holiday.source.startswith("Algemene termijnenwet (BWBR0002448), art. 3 lid ")


def test_the_holidays_of_a_year_cannot_be_changed_by_a_caller():
    with pytest.raises(TypeError):
        holidays_in(2026)[date(2026, 7, 1)] = None
