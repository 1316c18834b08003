"""Two rules in one address, ``wetten=chw~ow``: a list then holds the cases that name both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knelpunt.extensions import db
from knelpunt.queries.laws.stacking import RuleLevel, StackedRule, named_rules
from knelpunt.web.shared.texts import _

SEPARATOR = "~"
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


@dataclass(frozen=True, slots=True)
class RulePairs:
    """Two laws or two provisions that a list asks for; ``value`` is how they stand in the address."""

    level: RuleLevel
    rules: tuple[StackedRule, StackedRule]

    @property
    def name(self) -> str:
        return self.level.value

    @property
    def value(self) -> str:
        return SEPARATOR.join(self.keys)

    @property
    def entry(self) -> str:
        """What such a rule is called in the public record of a case."""
        return "law" if self.level is RuleLevel.LAWS else "provision"

    @property
    def keys(self) -> list[str]:
        return [rule.key for rule in self.rules]

    @property
    def words(self) -> str:
        first, second = self.rules
        return _("Noemt samen: %(first)s en %(second)s", first=first.citation, second=second.citation)


def read_together(arguments: Mapping[str, str]) -> RulePairs | None:
    """The pair in an address; None when there is none, or the catalogue does not know both. One statement if any."""
    for level in RuleLevel:
        keys = arguments.get(level.value, "").split(SEPARATOR, 2)
        if len(keys) == 2 and keys[0] != keys[1] and all(_KEY.fullmatch(key) for key in keys):
            found = {rule.key: rule for rule in named_rules(db.session, level, keys)}
            if len(found) == 2:
                return RulePairs(level, (found[keys[0]], found[keys[1]]))
    return None
