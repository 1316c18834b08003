"""Clocks that stand still: expected dates written by hand, the comment shows the counting."""

from datetime import date

import pytest

from knelpunt.domain.calendar.clocks import Clock, Term, Unit
from knelpunt.domain.calendar.deadlines import (
    ClockRun,
    Suspension,
    days_left,
    due_on,
    gross_days,
    is_late,
    is_suspended,
    net_days,
    projected_due_on,
    resume_with_minimum,
)

WAITING = "wachten op aanvulling"
START = date(2026, 11, 2)  # a Monday; ten working days on is Mon 16 Nov, five is Mon 9 Nov
LEAST = Term(Clock.AFTER_REFUSAL, 2, Unit.WEEKS, date(2013, 11, 1))


def november(day):
    return date(2026, 11, day)


def december(day):
    return date(2026, 12, day)


def asked(requested_on, ended_on=None):
    return Suspension.after_request(requested_on, WAITING, ended_on=ended_on)


def ten_working_days(*suspensions, stopped_on=None, started_on=START):
    return ClockRun.of(Clock.K2, started_on, 10, Unit.WORKING_DAYS, suspensions=suspensions, stopped_on=stopped_on)


def five_working_days(*suspensions):
    return ClockRun.of(Clock.K1, START, 5, Unit.WORKING_DAYS, suspensions=suspensions)


def test_a_request_stops_the_clock_from_the_next_day_until_the_answer():
    # Asked Thu 5, answered Tue 10. 3 (1), 4 (2), 5 (3), Fri 6 to Tue 10 still, 11 (4), 12 (5), 13 (6), 16 (7), 17 (8),
    # 18 (9), 19 (10): three working days later than Mon 16.
    run = ten_working_days(asked(november(5), november(10)))
    assert due_on(run) == november(19)
    assert [day for day in range(2, 20) if is_suspended(run, november(day))] == [6, 7, 8, 9, 10]


@pytest.mark.parametrize(("day", "last_still_day"), [(4, 5), (5, 5), (6, 6), (10, 10)])
def test_what_ends_a_suspension_is_its_last_day_and_on_the_day_of_the_request_it_stood_still_no_day(
    day, last_still_day
):
    still = asked(november(5)).ended(november(day))
    assert (still.from_day, still.until_day) == (november(6), november(last_still_day))
    assert [each for each in range(2, 20) if still.covers(november(each))] == list(range(6, last_still_day + 1))
    assert still.ended(november(19)) == still


def test_a_clock_in_weeks_moves_by_the_calendar_days_it_stood_still():
    # Ten weeks after Mon 31 Aug is Mon 9 Nov (30 + 31 + 9 = 70). Still from Fri 2 to Fri 16 Oct: 15 days. Tue 24 Nov.
    run = ClockRun.of(
        Clock.K4, date(2026, 8, 31), 10, Unit.WEEKS, suspensions=[asked(date(2026, 10, 1), date(2026, 10, 16))]
    )
    assert due_on(run) == november(24)


def test_an_end_that_was_moved_onto_a_weekend_moves_on():
    # The same term, still from Tue 6 to Sat 10 Oct: 5 days. Mon 9 Nov becomes Sat 14 Nov, and so Mon 16 Nov.
    run = ClockRun.of(
        Clock.K4, date(2026, 8, 31), 10, Unit.WEEKS, suspensions=[asked(date(2026, 10, 5), date(2026, 10, 10))]
    )
    assert due_on(run) == november(16)


def test_a_clock_in_months_moves_by_calendar_days_and_past_kings_day():
    # Three months after 15 Jan is 15 Apr; still from 2 to 11 Feb, 10 days: Sat 25 Apr. Sun 26 x, King's Day Mon 27 x.
    run = ClockRun.of(
        Clock.K9, date(2026, 1, 15), 3, Unit.MONTHS, suspensions=[asked(date(2026, 2, 1), date(2026, 2, 11))]
    )
    assert due_on(run) == date(2026, 4, 28)


def test_a_suspension_over_christmas_moves_by_working_days_only():
    # Start Mon 14 Dec; 15 (1), 16 (2), 17 (3), 18 (4); asked Fri 18, answered Mon 4 Jan; 5 (5), 6 (6), 7 (7), 8 (8),
    # 11 (9), Tue 12 Jan (10). Without it: Tue 29 Dec. The still days hold nine working days: 21, 22, 23, 24, 28, 29,
    # 30, 31 December and 4 January.
    run = ten_working_days(asked(december(18), date(2027, 1, 4)), started_on=december(14))
    assert due_on(run) == date(2027, 1, 12)
    assert due_on(ten_working_days(started_on=december(14))) == december(29)


def test_two_suspensions_add_up():
    # Still Wed 4, Thu 5 and Tue 10, Wed 11. 3 (1), 6 (2), 9 (3), 12 (4), 13 (5), 16 (6), 17, 18, 19, 20 (10).
    run = ten_working_days(asked(november(3), november(5)), asked(november(9), november(11)))
    assert due_on(run) == november(20)


def test_the_order_in_which_suspensions_are_given_does_not_matter():
    run = ten_working_days(asked(november(9), november(11)), asked(november(3), november(5)))
    assert due_on(run) == november(20)


def test_days_that_two_suspensions_share_count_once():
    # Still 4 to 6 and 5 to 10: the working days 4, 5, 6, 9 and 10. Five after Mon 16 Nov is Mon 23 Nov.
    run = ten_working_days(asked(november(3), november(6)), asked(november(4), november(10)))
    assert due_on(run) == november(23)
    # From Tue 3 Nov to Mon 23 Nov are 21 days, 7 of them still.
    assert net_days(run, november(23)) == 14


def test_an_answer_on_the_day_of_the_question_moves_nothing():
    run = ten_working_days(asked(november(5), november(5)))
    assert due_on(run) == november(16)
    assert not is_suspended(run, november(5))
    assert not is_suspended(run, november(6))


def test_a_suspension_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        asked(november(5), november(4))


def test_a_clock_that_stops_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it started"):
        ten_working_days(stopped_on=date(2026, 11, 1))


def test_a_question_on_the_day_of_the_start_leaves_the_whole_term():
    # Asked and started Mon 2, answered Wed 4: 5 (1), 6 (2), 9 (3), 10 (4), 11 (5).
    assert due_on(five_working_days(asked(november(2), november(4)))) == november(11)


def test_a_suspension_from_before_the_start_counts_from_the_start():
    # Answered Wed 4: as above.
    assert due_on(five_working_days(asked(date(2026, 10, 20), november(4)))) == november(11)


def test_a_late_clock_that_is_suspended_stays_late():
    # Five working days end on Mon 9 Nov. The question goes out on Thu 12 Nov.
    run = five_working_days(asked(november(12)))
    assert due_on(run) == november(9)
    assert is_suspended(run, november(20))
    assert is_late(run, november(12))
    assert is_late(run, november(20))
    answered = five_working_days(asked(november(12), november(25)))
    assert due_on(answered) == november(9)
    assert is_late(answered, november(26))


def test_a_question_on_the_last_day_comes_when_the_term_is_used_up():
    # The clock would stand still from Tue 10 Nov; by then the five days have run.
    run = five_working_days(asked(november(9)))
    assert due_on(run) == november(9)
    assert not is_late(run, november(9))
    assert is_late(run, november(10))


def test_a_question_on_the_day_before_the_last_leaves_one_day():
    # 3 (1), 4 (2), 5 (3), 6 (4); asked Fri 6, answered Fri 13; Sat x, Sun x, Mon 16 (5).
    assert due_on(five_working_days(asked(november(6), november(13)))) == november(16)


def test_a_question_in_the_weekend_onto_which_a_term_ends_still_stops_the_clock():
    # 14 days after Sat 31 Oct is Sat 14 Nov, moved to Mon 16. Asked on Sun 15, answered Wed 18: Thu 19 Nov.
    term = (Clock.K4, date(2026, 10, 31), 14, Unit.CALENDAR_DAYS)
    assert due_on(ClockRun.of(*term)) == november(16)
    assert due_on(ClockRun.of(*term, suspensions=[asked(november(15), november(18))])) == november(19)
    assert due_on(ClockRun.of(*term, suspensions=[asked(november(15))])) is None


def test_moving_on_passes_over_a_suspension_behind_a_weekend():
    # 14 days after Sat 31 Oct is Sat 14 Nov. Still Mon 16 and Tue 17, and again Wed 18 to Fri 20: Mon 23 Nov.
    suspensions = [asked(november(15), november(17)), asked(november(17), november(20))]
    run = ClockRun.of(Clock.K4, date(2026, 10, 31), 14, Unit.CALENDAR_DAYS, suspensions=suspensions)
    assert due_on(run) == november(23)


def test_an_open_suspension_has_no_due_date_but_a_projected_one():
    run = ten_working_days(asked(november(5)))
    assert due_on(run) is None
    assert not is_late(run, date(2027, 6, 1))
    # If the answer came on Tue 10 Nov: Thu 19 Nov, as counted above. On the day of the question: Mon 16 Nov.
    assert projected_due_on(run, november(10)) == november(19)
    assert projected_due_on(run, november(5)) == november(16)


def test_a_clock_stopped_while_it_stood_still_has_a_due_date_again():
    # Withdrawn on Tue 10 Nov, while waiting since Fri 6: as if answered on that day.
    run = ten_working_days(asked(november(5)), stopped_on=november(10))
    assert due_on(run) == november(19)
    assert not is_suspended(run, november(11))
    assert not is_late(run, date(2027, 6, 1))


def test_a_stopped_clock_is_judged_on_the_day_it_stopped():
    in_time, late = ten_working_days(stopped_on=november(16)), ten_working_days(stopped_on=november(17))
    assert not is_late(in_time, december(24))
    assert is_late(late, december(24))
    assert not is_late(late, november(16))


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (november(2), 10),
        (november(3), 9),
        (november(13), 1),
        (november(14), 1),  # Saturday: only Monday is left
        (november(16), 0),
        (november(17), -1),
        (november(21), -4),  # Saturday: 17, 18, 19 and 20 have gone by
        (date(2026, 10, 30), 10),  # before the start
    ],
)
def test_days_left_are_counted_in_working_days(today, left):
    assert days_left(ten_working_days(), today) == left


def test_the_weekend_after_the_last_day_is_late_by_one():
    # Five working days after Fri 30 Oct end on Fri 6 Nov.
    run = ClockRun.of(Clock.K1, date(2026, 10, 30), 5, Unit.WORKING_DAYS)
    assert is_late(run, november(7))
    assert [days_left(run, november(day)) for day in (6, 7, 8, 9, 10)] == [0, -1, -1, -1, -2]


@pytest.mark.parametrize(
    ("today", "left"), [(november(2), 14), (november(10), 6), (november(16), 0), (november(20), -4)]
)
def test_days_left_of_a_term_in_days_are_calendar_days(today, left):
    assert days_left(ClockRun.of(Clock.K3, START, 14, Unit.CALENDAR_DAYS), today) == left


def test_a_clock_that_stands_still_keeps_what_it_has_left():
    # After Thu 5 Nov three of the ten working days are used.
    run = ten_working_days(asked(november(5)))
    assert [days_left(run, day) for day in (november(5), november(6), november(30))] == [7, 7, 7]
    answered = ten_working_days(asked(november(5), november(30)))
    assert [days_left(answered, day) for day in (november(20), november(30), december(1))] == [7, 7, 6]


def test_gross_time_runs_on_and_net_time_stands_still():
    # From Mon 2 to Thu 19 Nov are 17 days; Fri 6 to Tue 10 are five of them.
    run = ten_working_days(asked(november(5), november(10)), stopped_on=november(19))
    assert gross_days(run, december(24)) == 17
    assert net_days(run, december(24)) == 12
    assert gross_days(run, november(8)) == 6
    assert net_days(run, november(8)) == 3
    assert gross_days(run, START) == net_days(run, START) == 0
    assert gross_days(run, date(2026, 10, 1)) == net_days(run, date(2026, 10, 1)) == 0


def test_net_time_of_a_clock_that_still_stands_still():
    run = ten_working_days(asked(november(5)))
    assert (gross_days(run, november(30)), net_days(run, november(30))) == (28, 3)


def test_after_a_refusal_the_solution_clock_has_at_least_two_weeks():
    # Ten weeks after Mon 31 Aug end on Mon 9 Nov; proposed on Wed 4 Nov, 5 days are left. Refused on Fri 20 Nov:
    # 14 days, Fri 4 Dec.
    first = ClockRun.of(Clock.K4, date(2026, 8, 31), 10, Unit.WEEKS, stopped_on=november(4))
    left = days_left(first, november(20))
    assert left == 5
    again = resume_with_minimum(left, november(20), LEAST)
    assert (again.clock, again.started_on, due_on(again)) == (Clock.K4, november(20), december(4))


def test_after_a_refusal_the_solution_clock_keeps_what_it_had_left():
    # 30 days after Fri 20 Nov is Sun 20 Dec, moved to Mon 21 Dec.
    assert due_on(resume_with_minimum(30, november(20), LEAST)) == december(21)


def test_after_a_refusal_a_late_solution_clock_has_two_weeks_too():
    assert due_on(resume_with_minimum(-40, november(20), LEAST)) == december(4)
