"""Whether a verdict fits the provisions that it rests on, and what is said when it does not."""

import pytest

from knelpunt.domain.cases.grounds import Grounds, RuleMaker, grounds_of, maker_of, why_not
from knelpunt.domain.vocabulary import AssessmentRole, Verdict

BLOCKS, ROOM = AssessmentRole.BLOCKS, AssessmentRole.OFFERS_ROOM


@pytest.mark.parametrize(
    ("key", "kind", "maker"),
    [
        ("omgevingswet", "wet", RuleMaker.NATION),
        ("bbl", "amvb", RuleMaker.NATION),
        ("staatssteun", "europees", RuleMaker.EU),
        ("eu", "verzamelnaam", RuleMaker.EU),
        ("lokaal", "verzamelnaam", RuleMaker.LOCAL),
    ],
)
def test_a_rule_is_of_whoever_made_it(key, kind, maker):
    assert maker_of(key, kind) is maker


@pytest.mark.parametrize(
    ("verdict", "grounds", "words"),
    [
        (Verdict.OWN_AUTHORITY, Grounds(national=1), "die ruimte biedt"),
        (Verdict.NATIONAL_RULE, Grounds(local=1), "van het Rijk die belemmert"),
        (Verdict.EU_OR_TREATY, Grounds(national=2), "van de EU of uit een verdrag"),
        (Verdict.LOCAL_RULE, Grounds(european=1), "gemeente, provincie of waterschap"),
        (Verdict.STACKED_RULES, Grounds(national=1, offers_room=True), "ten minste twee"),
        (Verdict.NOT_A_RULE, Grounds(local=1), "geen bepaling die belemmert"),
    ],
)
def test_a_verdict_that_does_not_fit_says_what_it_asks(verdict, grounds, words):
    assert words in why_not(verdict, grounds)


def test_two_rules_of_two_authorities_stack():
    grounds = grounds_of([(BLOCKS, RuleMaker.NATION), (BLOCKS, RuleMaker.LOCAL), (ROOM, RuleMaker.NATION)])

    assert grounds == Grounds(offers_room=True, national=1, local=1)
    assert why_not(Verdict.STACKED_RULES, grounds) is None
