"""How a run of a clock stands, in the words of the case page."""

from datetime import date

import pytest

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.queries.cases.page_rows import ClockRow
from knelpunt.web.desk.case.view import clock_line

STARTED, DUE = date(2026, 9, 1), date(2026, 10, 13)


def line(clock, today, stopped_on=None, *, fell_away=False):
    return clock_line(ClockRow(1, clock, STARTED, 6, Unit.WEEKS, DUE, stopped_on, fell_away, ()), today)


@pytest.mark.parametrize(
    ("clock", "today", "state", "words"),
    [
        (Clock.K6, date(2026, 10, 13), "soon", "vandaag"),
        (Clock.K6, date(2026, 10, 14), "none", "voorbij"),
        (Clock.K8, date(2026, 10, 14), "late", "1 dag te laat"),
    ],
)
def test_a_window_ends_and_a_term_gets_late(clock, today, state, words):
    found = line(clock, today)
    assert (found.state, found.state_words) == (state, words)


def test_a_term_that_stopped_late_stays_late():
    assert line(Clock.K8, date(2026, 12, 1), stopped_on=date(2026, 10, 20)).state_words == "te laat"
    assert line(Clock.K8, date(2026, 12, 1), stopped_on=date(2026, 10, 13)).state_words == "op tijd"


def test_a_term_that_fell_away_was_not_kept_in_time():
    found = line(Clock.CLOSING, date(2026, 12, 1), stopped_on=date(2026, 9, 20), fell_away=True)
    assert (found.state, found.state_words) == ("none", "vervallen")


@pytest.mark.parametrize("stopped_on", [date(2026, 9, 20), date(2026, 10, 13), date(2026, 10, 20)])
def test_aftercare_that_stopped_was_nobodys_term(stopped_on):
    found = line(Clock.K9, date(2026, 12, 1), stopped_on=stopped_on)
    assert (found.state, found.state_words) == ("none", "klaar")
