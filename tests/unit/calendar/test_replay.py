"""The day-by-day arithmetic of a clock, against days written out by hand."""

from datetime import date

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.deadlines import ClockRun, Suspension, due_on
from knelpunt.domain.calendar.replay import replay

TODAY = date(2026, 11, 24)


def lines(run, today=TODAY):
    """Each day as (month-day, weekday, number or None, reason)."""
    return [(f"{each.day:%m-%d}", each.weekday, each.number, each.reason) for each in replay(run, today)]


def test_working_days_over_christmas_are_explained():
    run = ClockRun.of(Clock.K1, date(2026, 12, 22), 5, Unit.WORKING_DAYS)
    assert lines(run) == [
        ("12-22", "dinsdag", None, "dag van de gebeurtenis telt niet mee"),
        ("12-23", "woensdag", 1, ""),
        ("12-24", "donderdag", 2, ""),
        ("12-25", "vrijdag", None, "Eerste Kerstdag"),
        ("12-26", "zaterdag", None, "Tweede Kerstdag"),
        ("12-27", "zondag", None, "zondag"),
        ("12-28", "maandag", 3, ""),
        ("12-29", "dinsdag", 4, ""),
        ("12-30", "woensdag", 5, "laatste dag van de termijn"),
    ]


def test_an_end_on_a_sunday_is_shown_to_move_on():
    # Fourteen days after Sun 13 Dec.
    shown = lines(ClockRun.of(Clock.K3, date(2026, 12, 13), 14, Unit.CALENDAR_DAYS))
    assert shown[:2] == [
        ("12-13", "zondag", None, "dag van de gebeurtenis telt niet mee"),
        ("12-14", "maandag", 1, ""),
    ]
    assert shown[-3:] == [
        ("12-26", "zaterdag", 13, ""),
        ("12-27", "zondag", 14, "einde valt op zondag: schuift op (art. 1 Algemene termijnenwet)"),
        ("12-28", "maandag", None, "laatste dag van de termijn: hierheen is het einde opgeschoven"),
    ]


def test_an_end_on_good_friday_names_every_day_it_passes():
    assert lines(ClockRun.of(Clock.K3, date(2026, 3, 20), 14, Unit.CALENDAR_DAYS))[-5:] == [
        ("04-03", "vrijdag", 14, "einde valt op Goede Vrijdag: schuift op (art. 1 Algemene termijnenwet)"),
        ("04-04", "zaterdag", None, "zaterdag"),
        ("04-05", "zondag", None, "zondag"),
        ("04-06", "maandag", None, "Tweede Paasdag"),
        ("04-07", "dinsdag", None, "laatste dag van de termijn: hierheen is het einde opgeschoven"),
    ]


def test_a_suspension_gives_its_reason():
    still = Suspension.after_request(date(2026, 11, 5), "wachten op aanvulling", ended_on=date(2026, 11, 9))
    run = ClockRun.of(Clock.K1, date(2026, 11, 2), 5, Unit.WORKING_DAYS, suspensions=[still])
    assert lines(run)[3:] == [
        ("11-05", "donderdag", 3, ""),
        ("11-06", "vrijdag", None, "klok stond stil: wachten op aanvulling"),
        ("11-07", "zaterdag", None, "klok stond stil: wachten op aanvulling"),
        ("11-08", "zondag", None, "klok stond stil: wachten op aanvulling"),
        ("11-09", "maandag", None, "klok stond stil: wachten op aanvulling"),
        ("11-10", "dinsdag", 4, ""),
        ("11-11", "woensdag", 5, "laatste dag van de termijn"),
    ]


def test_a_clock_that_stands_still_is_shown_up_to_today():
    still = Suspension.after_request(date(2026, 11, 20), "wachten op aanvulling")
    run = ClockRun.of(Clock.K2, date(2026, 11, 18), 10, Unit.WORKING_DAYS, suspensions=[still])
    assert lines(run) == [
        ("11-18", "woensdag", None, "dag van de gebeurtenis telt niet mee"),
        ("11-19", "donderdag", 1, ""),
        ("11-20", "vrijdag", 2, ""),
        ("11-21", "zaterdag", None, "klok stond stil: wachten op aanvulling"),
        ("11-22", "zondag", None, "klok stond stil: wachten op aanvulling"),
        ("11-23", "maandag", None, "klok stond stil: wachten op aanvulling"),
        ("11-24", "dinsdag", None, "klok stond stil: wachten op aanvulling"),
    ]
    # On the day of the question the standing still has not begun.
    assert lines(run, date(2026, 11, 20))[-1] == ("11-20", "vrijdag", 2, "")


def test_an_end_that_waits_for_an_answer_is_shown_up_to_today():
    # Fourteen days after Sat 7 Nov end on Sat 21 Nov; asked on Sun 22 Nov.
    still = Suspension.after_request(date(2026, 11, 22), "op verzoek")
    run = ClockRun.of(Clock.K4, date(2026, 11, 7), 14, Unit.CALENDAR_DAYS, suspensions=[still])
    assert lines(run)[-4:] == [
        ("11-21", "zaterdag", 14, "einde valt op zaterdag: schuift op (art. 1 Algemene termijnenwet)"),
        ("11-22", "zondag", None, "zondag"),
        ("11-23", "maandag", None, "klok stond stil: op verzoek"),
        ("11-24", "dinsdag", None, "klok stond stil: op verzoek"),
    ]
    assert due_on(run) is None


def test_a_term_with_too_few_working_days_is_shown_to_grow():
    # Three days after Thu 24 Dec hold no working day.
    assert lines(ClockRun.of(Clock.K3, date(2026, 12, 24), 3, Unit.CALENDAR_DAYS)) == [
        ("12-24", "donderdag", None, "dag van de gebeurtenis telt niet mee"),
        ("12-25", "vrijdag", 1, ""),
        ("12-26", "zaterdag", 2, ""),
        (
            "12-27",
            "zondag",
            3,
            "minder dan twee werkdagen in de termijn: die wordt langer (art. 2 Algemene termijnenwet)",
        ),
        ("12-28", "maandag", None, "toegevoegde werkdag (art. 2 Algemene termijnenwet)"),
        ("12-29", "dinsdag", None, "laatste dag van de termijn: hierheen is het einde opgeschoven"),
    ]


def test_a_long_term_is_shown_to_stay_where_it_ends():
    last = replay(ClockRun.of(Clock.K9, date(2025, 12, 27), 12, Unit.MONTHS), TODAY)[-1]
    assert (last.day, last.counts, last.number) == (date(2026, 12, 27), True, 365)
    assert (
        last.reason == "laatste dag van de termijn: zo'n lange termijn schuift niet op (art. 4 Algemene termijnenwet)"
    )


def test_a_long_term_that_ends_on_an_ordinary_day_needs_no_explanation():
    last = replay(ClockRun.of(Clock.K9, date(2025, 11, 24), 12, Unit.MONTHS), TODAY)[-1]
    assert (last.day, last.reason) == (TODAY, "laatste dag van de termijn")


def test_the_days_after_a_stop_are_shown_as_such():
    run = ClockRun.of(Clock.K1, date(2026, 11, 2), 5, Unit.WORKING_DAYS, stopped_on=date(2026, 11, 4))
    assert [(number, reason) for _, _, number, reason in lines(run)] == [
        (None, "dag van de gebeurtenis telt niet mee"),
        (1, ""),
        (2, "klok gestopt"),
        (3, "klok was al gestopt"),
        (4, "klok was al gestopt"),
        (None, "zaterdag"),
        (None, "zondag"),
        (5, "laatste dag van de termijn"),
    ]


def test_a_term_of_nothing_is_one_day():
    assert lines(ClockRun.of(Clock.K0, TODAY, 0, Unit.CALENDAR_DAYS)) == [
        ("11-24", "dinsdag", None, "deze termijn eindigt op de dag zelf")
    ]
