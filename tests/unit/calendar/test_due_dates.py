"""A table of terms. Each expected date was written by hand from the Algemene termijnenwet; the comment shows how.

Where a row counts working days, the comment lists them. "x" is a day that does not count.
"""

from datetime import date

import pytest

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.deadlines import ClockRun, due_on, is_late

WORKING, DAYS, WEEKS, MONTHS = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS

TABLE = [
    # An ordinary week: Tue 24 Nov is the event; Wed 25 (1), Thu 26 (2), Fri 27 (3), Mon 30 (4), Tue 1 Dec (5).
    ("2026-11-24", 5, WORKING, "2026-12-01"),
    # An event on a Saturday: Mon 30 (1), Tue 1 (2), Wed 2 (3), Thu 3 (4), Fri 4 Dec (5).
    ("2026-11-28", 5, WORKING, "2026-12-04"),
    # An event on a holiday: Fri 25 Dec; Sat x, Sun x, Mon 28 (1), Tue 29 (2), Wed 30 (3), Thu 31 (4), Fri 1 Jan x,
    # Sat x, Sun x, Mon 4 Jan (5).
    ("2026-12-25", 5, WORKING, "2027-01-04"),
    # Christmas and New Year: Thu 17 Dec; 18 (1), 21 (2), 22 (3), 23 (4), 24 (5), Fri 25 x, Sat 26 x, Sun 27 x, 28 (6),
    # 29 (7), 30 (8), 31 (9), Fri 1 Jan x, Sat x, Sun x, Mon 4 Jan (10).
    ("2026-12-17", 10, WORKING, "2027-01-04"),
    # Christmas with the equated Friday of 2024: Mon 23 Dec; 24 (1), Wed 25 x, Thu 26 x, Fri 27 x (decree), Sat x,
    # Sun x, 30 (2), 31 (3), Wed 1 Jan x, 2 (4), 3 (5).
    ("2024-12-23", 5, WORKING, "2025-01-03"),
    # Six weeks after Fri 13 Nov is Fri 25 Dec, Christmas; Sat 26 x, Sun 27 x; Mon 28 Dec.
    ("2026-11-13", 6, WEEKS, "2026-12-28"),
    # 14 days after Thu 18 Dec 2025 is New Year's Day; Fri 2 Jan is equated; Sat x, Sun x; Mon 5 Jan.
    ("2025-12-18", 14, DAYS, "2026-01-05"),
    # King's Day on a Monday: Wed 22 Apr; 23 (1), 24 (2), Sat x, Sun x, Mon 27 x, 28 (3), 29 (4), 30 (5).
    ("2026-04-22", 5, WORKING, "2026-04-30"),
    # King's Day 2025 is Sat 26 April, because the 27th is a Sunday; Monday the 28th is an ordinary day:
    # Wed 23 Apr; 24 (1), 25 (2), Sat x, Sun x, 28 (3), 29 (4), 30 (5).
    ("2025-04-23", 5, WORKING, "2025-04-30"),
    # 14 days after Sat 12 Apr 2025 is Sat 26 April, King's Day; Sun x; Mon 28.
    ("2025-04-12", 14, DAYS, "2025-04-28"),
    # The same in 2014, when 30 April was no longer a holiday: Thu 24 Apr; 25 (1), 28 (2), 29 (3), 30 (4), 1 May (5).
    ("2014-04-24", 5, WORKING, "2014-05-01"),
    # King's Day on a Thursday with the equated Friday: 14 days after 13 Apr 2023 is Thu 27; Fri 28 x; Mon 1 May.
    ("2023-04-13", 14, DAYS, "2023-05-01"),
    # Queen's Day: 14 days after Tue 16 Apr 2013 is Tue 30 April; Wed 1 May.
    ("2013-04-16", 14, DAYS, "2013-05-01"),
    # The Monday before it was equated: 14 days after Mon 15 Apr 2013 is Mon 29 x; Tue 30 x; Wed 1 May.
    ("2013-04-15", 14, DAYS, "2013-05-01"),
    # Liberation Day: 14 days after Tue 21 Apr 2026 is Tue 5 May; Wed 6 May.
    ("2026-04-21", 14, DAYS, "2026-05-06"),
    # Liberation Day on a Sunday gives no Monday: 14 days after Sun 21 Apr 2024 is Sun 5 May; Mon 6 May.
    ("2024-04-21", 14, DAYS, "2024-05-06"),
    # Ascension: 14 days after Thu 30 Apr 2026 is Thu 14 May; Fri 15 is equated; Sat x, Sun x; Mon 18 May.
    ("2026-04-30", 14, DAYS, "2026-05-18"),
    # Liberation Day and Ascension in one term: Mon 4 May; Tue 5 x, 6 (1), 7 (2), 8 (3), 11 (4), 12 (5), 13 (6),
    # Thu 14 x, Fri 15 x, 18 (7), 19 (8), 20 (9), 21 (10).
    ("2026-05-04", 10, WORKING, "2026-05-21"),
    # In 2016 both fell on Thu 5 May and Fri 6 was equated: Wed 4 May; 5 x, 6 x, 9 (1), 10 (2), 11 (3), 12 (4), 13 (5).
    ("2016-05-04", 5, WORKING, "2016-05-13"),
    # Good Friday: 14 days after Fri 20 Mar is Fri 3 Apr; Sat x, Easter x, Easter Monday x; Tue 7 Apr.
    ("2026-03-20", 14, DAYS, "2026-04-07"),
    # Good Friday and Easter Monday in between: Mon 30 Mar; 31 (1), 1 (2), 2 (3), Fri 3 x, Mon 6 x, 7 (4), 8 (5).
    ("2026-03-30", 5, WORKING, "2026-04-08"),
    # Whit Monday: ten weeks after Mon 16 Mar is Mon 25 May (15 + 30 + 25 = 70 days); Tue 26 May.
    ("2026-03-16", 10, WEEKS, "2026-05-26"),
    # An end on a Saturday: 14 days after Sat 14 Nov is Sat 28 Nov; Mon 30 Nov.
    ("2026-11-14", 14, DAYS, "2026-11-30"),
    # An end on a Sunday: six weeks after Sun 1 Nov is Sun 13 Dec; Mon 14 Dec.
    ("2026-11-01", 6, WEEKS, "2026-12-14"),
    # An end on an ordinary day stays: 14 days after Tue 10 Nov is Tue 24 Nov.
    ("2026-11-10", 14, DAYS, "2026-11-24"),
    # The night that is an hour short (29 March 2026) and the one that is an hour long (25 October) are one day each.
    ("2026-03-16", 14, DAYS, "2026-03-30"),
    ("2026-10-12", 14, DAYS, "2026-10-26"),
    ("2026-03-27", 5, WORKING, "2026-04-07"),  # 30 (1), 31 (2), 1 (3), 2 (4), Fri 3 x, Mon 6 x, Tue 7 (5)
    ("2026-10-23", 1, WORKING, "2026-10-26"),
    # A leap day counts as a day: 14 days after Thu 15 Feb 2024 is Thu 29 Feb.
    ("2024-02-15", 14, DAYS, "2024-02-29"),
    # Mon 26 Feb 2024; 27 (1), 28 (2), 29 (3), 1 Mar (4), Mon 4 Mar (5).
    ("2024-02-26", 5, WORKING, "2024-03-04"),
    # Months keep the day of the month, or the last day there is: 31 Jan gives Sat 28 Feb 2026, moved to Mon 2 Mar.
    ("2026-01-31", 1, MONTHS, "2026-03-02"),
    # 31 Jan gives Tue 29 Feb in a leap year.
    ("2028-01-31", 1, MONTHS, "2028-02-29"),
    # 30 Nov and three months gives Sun 28 Feb 2027, moved to Mon 1 Mar.
    ("2026-11-30", 3, MONTHS, "2027-03-01"),
    # Three months is not more than three (art. 4 onderdeel a): Sun 27 Dec moves to Mon 28 Dec.
    ("2026-09-27", 3, MONTHS, "2026-12-28"),
    # Four months is more: Sun 27 Dec stays. So does a term of twelve months.
    ("2026-08-27", 4, MONTHS, "2026-12-27"),
    ("2025-12-27", 12, MONTHS, "2026-12-27"),
    # Twelve months after a leap day ends on Fri 28 Feb.
    ("2024-02-29", 12, MONTHS, "2025-02-28"),
    # 90 days is not more than 90: 28 Sep + 2 + 31 + 30 + 27 is Sun 27 Dec, moved to Mon 28 Dec. 91 days stays.
    ("2026-09-28", 90, DAYS, "2026-12-28"),
    ("2026-09-27", 91, DAYS, "2026-12-27"),
    # Twelve weeks after Sun 4 Oct is Sun 27 Dec (27 + 30 + 27 = 84), moved to Mon 28 Dec. Thirteen weeks stays.
    ("2026-10-04", 12, WEEKS, "2026-12-28"),
    ("2026-09-27", 13, WEEKS, "2026-12-27"),
    # Art. 2, an example from a law blog on the three days of the buyer of a house: Tue 19 Dec 2017 gives Fri 22 Dec.
    ("2017-12-19", 3, DAYS, "2017-12-22"),
    # A day later it ends on Sat 23 Dec; Sun x, Christmas Mon x and Tue x; Wed 27 Dec.
    ("2017-12-20", 3, DAYS, "2017-12-27"),
    # Thu 10 Sep: Fri 11 is the only working day of the three; a second is added: Mon 14 Sep.
    ("2026-09-10", 3, DAYS, "2026-09-14"),
    # Thu 24 Dec: Fri 25, Sat 26 and Sun 27 are none; two are added: Mon 28 and Tue 29 Dec.
    ("2026-12-24", 3, DAYS, "2026-12-29"),
    # Two days is less than three: Sat 26 Dec only moves on to Mon 28 Dec.
    ("2026-12-24", 2, DAYS, "2026-12-28"),
    # Four days after Thu 2 Apr are Good Friday, Sat, Easter and Easter Monday; added: Tue 7 and Wed 8 Apr.
    ("2026-04-02", 4, DAYS, "2026-04-08"),
    # A term of nothing ends on the day itself, on a Sunday too.
    ("2026-11-22", 0, DAYS, "2026-11-22"),
]


@pytest.mark.parametrize(("started_on", "length", "unit", "expected"), TABLE)
def test_a_term_ends_on_the_day_that_the_law_says(started_on, length, unit, expected):
    run = ClockRun.of(Clock.K2, date.fromisoformat(started_on), length, unit)
    assert due_on(run) == date.fromisoformat(expected)


@pytest.mark.parametrize(("started_on", "length", "unit", "expected"), TABLE)
def test_the_last_day_is_in_time_and_the_next_is_late(started_on, length, unit, expected):
    run = ClockRun.of(Clock.K2, date.fromisoformat(started_on), length, unit)
    last = date.fromisoformat(expected)
    assert not is_late(run, last)
    assert is_late(run, date.fromordinal(last.toordinal() + 1))
