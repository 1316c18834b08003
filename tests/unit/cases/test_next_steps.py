"""What comes next: the main line first, and for every step of the desk what it waits for."""

import pytest

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.next_steps import coming_from, coming_later, likely_step
from knelpunt.domain.cases.workflow import Party, Requirement
from knelpunt.domain.vocabulary import CaseStatus as S
from knelpunt.domain.vocabulary import EventKind

ALL = frozenset(Requirement)


@pytest.mark.parametrize(
    ("status", "likely"),
    [
        (S.SUBMITTED, steps.TAKE_IN),
        (S.IN_TRIAGE, steps.START_HANDLING),
        (S.IN_HANDLING, steps.PROPOSE),
        (S.PROPOSED, steps.CLOSE),
        (S.RECONSIDERATION, steps.KEEP_OUTCOME),
        (S.WITH_MINISTRY, None),
        (S.AWAITING_SUPPLEMENT, None),
        (S.CLOSED, None),
        (S.WITHDRAWN, None),
    ],
)
def test_the_likely_step_takes_a_case_along_the_main_line(status, likely):
    assert likely_step(status) is likely


@pytest.mark.parametrize("status", S)
def test_every_step_of_the_desk_waits_for_exactly_what_the_table_requires(status):
    nothing = {each.step.name: each.lacks for each in coming_from(status, frozenset())}
    assert nothing == {
        step.name: step.requires for step in steps.TRANSITIONS if status in step.sources and step.party is Party.STAFF
    }
    assert all(each.lacks == () for each in coming_from(status, ALL))


@pytest.mark.parametrize("status", S)
def test_the_likely_step_stands_first(status):
    found = coming_from(status, ALL)
    if likely_step(status) is not None:
        assert found[0].step is likely_step(status)


@pytest.mark.parametrize(
    ("status", "later"),
    [
        (S.SUBMITTED, [EventKind.HANDLING_STARTED, EventKind.PROPOSED, EventKind.CLOSED]),
        (S.IN_TRIAGE, [EventKind.PROPOSED, EventKind.CLOSED]),
        (S.WITH_MINISTRY, [EventKind.PROPOSED, EventKind.CLOSED]),
        (S.PROPOSED, []),
        (S.CLOSED, []),
    ],
)
def test_what_comes_later_names_the_state_that_it_waits_for(status, later):
    found = coming_later(status)
    assert [each.step.name for each in found] == later
    assert all(each.from_state in each.step.sources for each in found)
