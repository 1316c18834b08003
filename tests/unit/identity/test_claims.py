"""Which rule lets somebody in, by what a provider says."""

import pytest

from knelpunt.domain.errors import DomainError
from knelpunt.domain.identity.claims import GIVEN_BY_RULE, Condition, Rule, outcome
from knelpunt.domain.vocabulary import Role

CLAIMS = {
    "groups": ["knelpunt-lezers", "alle-medewerkers"],
    "oin": "00000001234567890000",
    "kvk": 12345678,
    "is_admin": True,
    "realm_access": {"roles": ["indiener"]},
    "https://zwolle.example/team": "wonen",
    "niets": None,
}


@pytest.mark.parametrize(
    ("claim", "value", "holds"),
    [
        ("groups", "knelpunt-lezers", True),
        ("groups", "knelpunt", False),
        ("oin", "00000001234567890000", True),
        ("kvk", "12345678", True),
        ("is_admin", "True", False),
        ("realm_access.roles", "indiener", True),
        ("https://zwolle.example/team", "wonen", True),
        ("niets", "None", False),
        ("bestaat.niet", "", False),
        ("groups.roles", "x", False),
    ],
)
def test_a_condition_compares_text_alone_or_in_a_list(claim, value, holds):
    assert Condition(claim, value).holds(CLAIMS) is holds


def rule(number, organisation_id, role, *conditions):
    return Rule(number, tuple(Condition(*each) for each in conditions), organisation_id, role)


def test_all_conditions_must_hold():
    both = rule(1, 5, Role.FILER, ("oin", "00000001234567890000"), ("groups", "knelpunt-indieners"))
    with pytest.raises(DomainError):
        outcome([both], CLAIMS)
    assert outcome([both, rule(2, 5, Role.MEMBER, ("groups", "knelpunt-lezers"))], CLAIMS).id == 2


def test_nothing_comes_of_no_rule_or_of_rules_that_contradict():
    one, same = rule(1, 5, Role.MEMBER, ("kvk", "12345678")), rule(2, 5, Role.MEMBER, ("groups", "alle-medewerkers"))
    assert outcome([one, same], CLAIMS).id == 1
    for rules in ([], [rule(3, 5, Role.FILER)], [one, rule(4, 6, Role.MEMBER, ("kvk", "12345678"))]):
        with pytest.raises(DomainError):
            outcome(rules, CLAIMS)
    with pytest.raises(DomainError):
        outcome([one, rule(5, 5, Role.FILER, ("kvk", "12345678"))], CLAIMS)


def test_no_rule_makes_an_administrator_of_the_site():
    assert set(Role) - set(GIVEN_BY_RULE) == {Role.ADMINISTRATOR}
