"""The days that the Algemene termijnenwet (BWBR0002448, art. 3) treats as holidays, each with its name and source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

_ATW = "Algemene termijnenwet (BWBR0002448)"
_BY_LAW = f"{_ATW}, art. 3 lid 1"
_GOOD_FRIDAY = f"{_ATW}, art. 3 lid 2"
_KINGS_DAY = f"{_BY_LAW}; Besluit van 30 januari 2013, nr. 13.000173 (BWBR0032908)"
_QUEENS_DAY = f"{_BY_LAW}; Besluit van 24 april 1980 (BWBR0031338)"

FIRST_KINGS_DAY_YEAR = 2014


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday: its day, its Dutch name and the article or decree that makes it one."""

    day: date
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class EquatedDays:
    """Days that one royal decree equates with a holiday (Algemene termijnenwet, art. 3 lid 3)."""

    decree: str
    days: tuple[date, ...]


# The decrees of 2010, 2013 and 2016 were read in the text of wetten.overheid.nl. Of the other three the title, which
# sums up the days, was read; of the decree of 2019 the date and the days, as quoted by a lawyers' office.
EQUATED_DAYS = (
    EquatedDays(
        "Besluit van 7 juni 2010, nr. 10.001566 (BWBR0027755)",
        (
            date(2011, 5, 6),
            date(2011, 6, 3),
            date(2012, 5, 18),
            date(2012, 12, 24),
            date(2012, 12, 31),
            date(2013, 4, 29),
            date(2013, 5, 10),
            date(2013, 12, 27),
        ),
    ),
    EquatedDays(
        "Besluit van 17 juni 2013, nr. 13.001210 (BWBR0033679)",
        (date(2014, 5, 30), date(2015, 1, 2), date(2015, 5, 4), date(2015, 5, 15), date(2016, 5, 6)),
    ),
    EquatedDays(
        "Besluit van 24 oktober 2016, nr. 2016001827 (BWBR0038666)",
        (
            date(2017, 4, 28),
            date(2017, 5, 26),
            date(2018, 5, 11),
            date(2018, 12, 24),
            date(2018, 12, 31),
            date(2019, 5, 31),
            date(2019, 12, 27),
        ),
    ),
    EquatedDays("Besluit van 20 september 2019", (date(2020, 5, 22), date(2021, 5, 14), date(2022, 5, 27))),
    EquatedDays(
        "Besluit gelijkstelling van 28 april 2023, 19 mei 2023, 10 mei 2024, 27 december 2024 en 30 mei 2025",
        (date(2023, 4, 28), date(2023, 5, 19), date(2024, 5, 10), date(2024, 12, 27), date(2025, 5, 30)),
    ),
    EquatedDays(
        "Besluit gelijkstelling van 2 januari 2026, 15 mei 2026, 7 mei 2027, 28 april 2028 en 26 mei 2028",
        (date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)),
    ),
)

# These are the decrees for 2011 up to and including 2028; in other years one may have equated days that are not here.


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the method known as the anonymous Gregorian computus."""
    golden = year % 19
    century, rest = divmod(year, 100)
    century_leaps, century_left = divmod(century, 4)
    lunar_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century_leaps - lunar_shift + 15) % 30
    leaps, left = divmod(rest, 4)
    to_sunday = (32 + 2 * century_left + 2 * leaps - epact - left) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day_before = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day_before + 1)


def kings_day(year: int) -> Holiday:
    """The day on which the birthday of the King, or before 2014 of the Queen, is celebrated; never on a Sunday."""
    if year >= FIRST_KINGS_DAY_YEAR:
        day, name, source = date(year, 4, 27), "Koningsdag", _KINGS_DAY
    else:
        day, name, source = date(year, 4, 30), "Koninginnedag", _QUEENS_DAY
    if day.weekday() == 6:
        day -= timedelta(days=1)
    return Holiday(day, name, source)


@lru_cache(maxsize=256)
def holidays_in(year: int) -> Mapping[date, Holiday]:
    """All holidays of a year in order of date; read-only. Complete for the years 2011 to 2028 (royal decrees).

    Two holidays on one day become one with both names, as on 5 May 2016.
    Source: Algemene termijnenwet (BWBR0002448), art. 3.
    """
    easter = easter_sunday(year)
    listed = [
        Holiday(date(year, 1, 1), "Nieuwjaarsdag", _BY_LAW),
        Holiday(easter - timedelta(days=2), "Goede Vrijdag", _GOOD_FRIDAY),
        Holiday(easter + timedelta(days=1), "Tweede Paasdag", _BY_LAW),
        kings_day(year),
        Holiday(easter + timedelta(days=39), "Hemelvaartsdag", _BY_LAW),
        Holiday(date(year, 5, 5), "Bevrijdingsdag", _BY_LAW),
        Holiday(easter + timedelta(days=50), "Tweede Pinksterdag", _BY_LAW),
        Holiday(date(year, 12, 25), "Eerste Kerstdag", _BY_LAW),
        Holiday(date(year, 12, 26), "Tweede Kerstdag", _BY_LAW),
    ]
    listed += [
        Holiday(day, "dag die telt als feestdag", f"{_ATW}, art. 3 lid 3; {equated.decree}")
        for equated in EQUATED_DAYS
        for day in equated.days
        if day.year == year
    ]
    by_day: dict[date, Holiday] = {}
    for holiday in sorted(listed, key=lambda found: found.day):
        earlier = by_day.get(holiday.day)
        if earlier is not None:
            sources = earlier.source if earlier.source == holiday.source else f"{earlier.source}; {holiday.source}"
            holiday = Holiday(holiday.day, f"{earlier.name} en {holiday.name}", sources)
        by_day[holiday.day] = holiday
    return MappingProxyType(by_day)


def holiday_on(day: date) -> Holiday | None:
    """The holiday of a day, or None."""
    return holidays_in(day.year).get(day)
