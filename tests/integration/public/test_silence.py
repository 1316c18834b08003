"""How many cases had no reply in time stands on a public page, and the goal beside it."""

from datetime import timedelta

import pytest

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import ClockPeriod
from knelpunt.queries.public.silence import silence


@pytest.fixture
def run(make):
    def add(clock, *, started, due, stopped=None, status=CaseStatus.SUBMITTED, case=None):
        case = case or make.case(status)
        today = make.today
        return make.add(
            ClockPeriod(
                case_id=case.id,
                clock=clock,
                started_on=today - timedelta(days=started),
                length=5,
                unit=Unit.WORKING_DAYS,
                due_on=today - timedelta(days=due),
                stopped_on=None if stopped is None else today - timedelta(days=stopped),
            )
        )

    return add


def test_a_case_that_waits_past_its_term_counts_once_and_one_in_time_does_not(make, session, run):
    late = make.case(CaseStatus.IN_HANDLING)
    run(Clock.K1, started=9, due=4, stopped=3, case=late)
    run(Clock.K4, started=3, due=1, case=late)
    run(Clock.K2, started=5, due=-3)
    run(Clock.K5, started=30, due=4, status=CaseStatus.PROPOSED)
    run(Clock.K1, started=9, due=2, stopped=2)
    found = silence(session, make.today)
    assert found.now == 1
    assert len(found.quarters) == 4
    assert found.quarters[0].quarter == quarter_of(make.today)
    assert sum(each.silent for each in found.quarters) >= 1
    assert all(each.in_time + each.silent == each.owed for each in found.quarters)


def test_today_is_still_in_time_and_what_was_withdrawn_waits_no_more(make, session, run):
    run(Clock.K1, started=7, due=0)
    run(Clock.K1, started=9, due=4, status=CaseStatus.WITHDRAWN)
    assert silence(session, make.today).now == 0


def test_the_page_says_how_many_and_that_the_goal_is_none(client):
    moved = client.get("/over/op-tijd")
    assert moved.status_code == 301
    assert moved.headers["Location"].endswith("/over/wat-wij-beloven")
    assert "Het doel is nul." in client.get("/over/wat-wij-beloven").get_data(as_text=True)
    assert "/over/wat-wij-beloven" in client.get("/").get_data(as_text=True)
