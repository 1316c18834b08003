"""The track of a rule bottleneck: each choice has its own way, and no step can be skipped."""

import pytest

from knelpunt.domain import bottlenecks as rules
from knelpunt.domain.bottlenecks import BottleneckChoice as C
from knelpunt.domain.bottlenecks import BottleneckStatus as S
from knelpunt.domain.bottlenecks import BottleneckStep as Step
from knelpunt.domain.errors import TransitionNotAllowed


def names(status, choice=None):
    return [rule.step for rule in rules.steps_from(status, choice)]


def test_before_the_choice_only_the_start_of_the_track_is_known():
    assert rules.track(None) == (S.SIGNALLED, S.IN_ANALYSIS, S.CHOSEN)
    assert names(S.SIGNALLED) == [Step.ANALYSE, Step.MERGE, Step.REPORT]
    assert names(S.IN_ANALYSIS) == [Step.CHOOSE, Step.KEEP_RULE, Step.MERGE, Step.REPORT]


@pytest.mark.parametrize("choice", [choice for choice in C if choice is not C.KEPT])
def test_every_choice_but_keeping_the_rule_leads_to_its_evaluation(choice):
    status, passed = S.CHOSEN, [S.CHOSEN]
    while True:
        onward = [r for r in rules.steps_from(status, choice) if r.target and r.target not in (S.MERGED, S.JUSTIFIED)]
        if not onward:
            break
        assert len(onward) == 1, f"{choice} has two ways on from {status}"
        status = onward[0].target
        passed.append(status)
    assert tuple(passed) == rules.track(choice)[2:]
    assert status is S.EVALUATED


def test_a_bill_passes_consultation_and_parliament_and_guidance_neither():
    assert S.CONSULTATION in rules.track(C.BILL)
    assert S.IN_PARLIAMENT in rules.track(C.BILL)
    assert set(rules.track(C.GUIDANCE)).isdisjoint({S.CONSULTATION, S.IN_PARLIAMENT})
    with pytest.raises(TransitionNotAllowed):
        rules.rule_for(Step.CONSULT, S.IN_PREPARATION, C.GUIDANCE)
    with pytest.raises(TransitionNotAllowed):
        rules.rule_for(Step.BRING_INTO_FORCE, S.IN_PREPARATION, C.BILL)


def test_news_is_owed_in_every_state_but_the_ends():
    assert frozenset(S) - rules.OPEN == {S.EVALUATED, S.JUSTIFIED, S.MERGED}
    assert all(Step.REPORT in names(status, C.BILL) for status in rules.OPEN)
    assert not any(names(status, C.BILL) for status in (S.JUSTIFIED, S.MERGED))


def test_what_was_said_of_a_rule_in_force_can_be_taken_back_also_after_its_evaluation_and_nothing_else():
    taken_back = {status for status in S if Step.ERRATUM in names(status, C.BILL)}
    assert taken_back == {S.IN_FORCE, S.EVALUATED}
    assert set(names(S.EVALUATED, C.BILL)) == {Step.ERRATUM}
    assert {Step.BRING_INTO_FORCE, Step.ERRATUM} == rules.NEEDS_SECOND


def test_every_state_and_step_has_its_words():
    assert set(rules.STATUS_WORDS) == set(S)
    assert {rule.step for rule in rules.RULES} | {Step.SIGNAL, Step.CORRECT} == set(Step), "these two start anywhere"


def test_a_list_says_how_far_a_bottleneck_is_as_far_as_that_is_known():
    assert rules.how_far(S.SIGNALLED, None) == (1, None)
    assert rules.how_far(S.IN_PREPARATION, C.REGULATION) == (4, len(rules.track(C.REGULATION)))
    place, stations = rules.how_far(S.EVALUATED, C.BILL)
    assert place == stations
    assert rules.how_far(S.MERGED, C.BILL) is None
