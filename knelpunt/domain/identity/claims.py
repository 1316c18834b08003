"""What a provider says of somebody, and which organisation and role follow from it by the rules of the site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from knelpunt.domain.errors import DomainError
from knelpunt.domain.vocabulary import Role

NO_RULE = (
    "Uw organisatie heeft u herkend, maar er is geen regel die u toegang geeft. Vraag uw organisatie of het loket."
)
MORE_RULES = "Uw gegevens passen bij meer dan één regel. Vraag een beheerder van het loket om dat op te lossen."
CLAIM_MAX, VALUE_MAX, REASON_MAX = 80, 200, 500
GIVEN_BY_RULE = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
"""Nobody becomes an administrator of the site because somebody else's system says so."""


class NoRule(DomainError):
    """No rule fits what a provider says of somebody."""


class SignOnRuleStatus(StrEnum):
    """Where a rule stands. Stored values never change."""

    PROPOSED = "voorgesteld"
    HOLDS = "geldt"
    REFUSED = "afgewezen"
    ENDED = "beëindigd"


@dataclass(frozen=True, slots=True)
class Condition:
    """A provider must say this. A dot leads into what stands inside another: ``realm_access.roles``."""

    claim: str
    value: str

    def holds(self, claims: Mapping[str, Any]) -> bool:
        """Whether the value stands there, alone or in a list. Only text and numbers compare; true and false do not."""
        found = _looked_up(claims, self.claim)
        each = found if isinstance(found, list | tuple) else [found]
        return any(_as_text(one) == self.value for one in each)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who meets all conditions belongs to this organisation, in this role."""

    id: int
    conditions: tuple[Condition, ...]
    organisation_id: int
    role: Role

    def holds(self, claims: Mapping[str, Any]) -> bool:
        return bool(self.conditions) and all(each.holds(claims) for each in self.conditions)


def outcome(rules: Iterable[Rule], claims: Mapping[str, Any]) -> Rule:
    """The rule by which somebody comes in. Two that lead to the same place are as good as one.

    Raises:
        NoRule: none holds.
        DomainError: they lead to different places. A guess would open somebody else's cases.
    """
    holding = [rule for rule in rules if rule.holds(claims)]
    if not holding:
        raise NoRule(NO_RULE)
    if len({(rule.organisation_id, rule.role) for rule in holding}) > 1:
        raise DomainError(MORE_RULES)
    return holding[0]


def _looked_up(claims: Mapping[str, Any], name: str) -> Any:
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)
