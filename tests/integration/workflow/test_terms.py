"""Terms are dated: a case keeps those of the day on which it was filed."""

from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.errors import DomainError
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import ClockPeriod, PublicText, TermRule
from knelpunt.queries.laws.term_rules import terms_of
from knelpunt.services.cases import publication, triage
from tests.support.desk import Desk

LAST_DAY = date(2026, 11, 3)
"""Of the old terms: the day on which the desk files its first case."""
LONGER = 5
OLD = {Clock.K0: 0, Clock.K1: 5, Clock.K2: 10, Clock.K4: 10, Clock.K5: 10, Clock.K6: 6, Clock.CLOSING: 10}


@pytest.fixture
def new_terms(session):
    """From the day after, each term is longer, and no clock stands still for a question."""
    for rule in session.scalars(select(TermRule).where(TermRule.clock != Clock.K0)).all():
        rule.valid_to = LAST_DAY
        session.add(
            TermRule(
                clock=rule.clock, length=rule.length + LONGER, unit=rule.unit, may_be_suspended=False,
                valid_from=date(2026, 11, 4), source="Proef.",
            )
        )  # fmt: skip
    session.flush()


@pytest.fixture(params=[0, 1], ids=["filed on the last day of the old terms", "filed on the first day of the new"])
def filed(request, new_terms, session, desk: Desk):
    """A case that is handled two days later, and how much longer its terms are."""
    case = desk.later(request.param).file()
    desk.later(2)
    return case, request.param * LONGER


def test_every_clock_has_the_term_of_the_filing_day(session, desk, filed):
    case, longer = filed
    desk.take_in(case)
    desk.weigh(case)
    desk.start_handling(case)
    desk.propose(case)
    desk.close(case)
    lengths = select(ClockPeriod.clock, ClockPeriod.length).where(ClockPeriod.case_id == case.id)
    expected = {clock: length + (longer if clock is not Clock.K0 else 0) for clock, length in OLD.items()}
    runs = session.execute(lengths.where(ClockPeriod.clock != Clock.K9)).all()
    assert dict(runs) == expected
    aftercare = select(ClockPeriod.length).where(ClockPeriod.case_id == case.id, ClockPeriod.clock == Clock.K9)
    assert set(session.scalars(aftercare)) == {3 + longer, 12 + longer}
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    assert session.get_one(PublicText, case.id).object_by == add_working_days(desk.today, 10 + longer)


@pytest.mark.parametrize(("day", "length"), [(LAST_DAY, 10), (date(2026, 11, 4), 10 + LONGER)])
def test_the_terms_of_a_day_are_told_as_they_hold_on_it(session, new_terms, day, length):
    assert [term.length for term in terms_of(session, day)[Clock.K2]] == [length]


def test_a_question_gives_the_time_of_the_filing_day_and_stops_what_it_stopped_then(session, desk, filed):
    case, longer = filed
    desk.take_in(case)
    due_on, earliest = case.due_on, add_working_days(desk.today, 10 + longer)

    def ask(answer_by):
        question = {"question": "Welk plan?", "why": "Dat telt.", "answer_by": answer_by}
        triage.request_supplement(desk.context(desk.handler), case.reference, case.version, **question)

    with pytest.raises(DomainError, match="ten minste"):
        ask(add_working_days(desk.today, 9 + longer))
    ask(earliest)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT
    assert case.due_on == (None if not longer else due_on)
