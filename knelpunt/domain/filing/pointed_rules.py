"""How a draft keeps the rules that a submitter points at: as short names, one after the other."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_CHOICES = 10
_TOKEN = re.compile(r"(wet|bepaling):([a-z0-9][a-z0-9.-]{0,59})")


class RuleKind(StrEnum):
    """A whole law, or one provision of it."""

    LAW = "wet"
    PROVISION = "bepaling"


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """One law or provision of the catalogue, by its key."""

    kind: RuleKind
    key: str

    @property
    def token(self) -> str:
        return f"{self.kind.value}:{self.key}"


def read_choice(token: str) -> RuleChoice | None:
    """One choice as it stands in a draft or a button; None for anything else."""
    found = _TOKEN.fullmatch(token)
    return RuleChoice(RuleKind(found[1]), found[2]) if found else None


def read_choices(text: str) -> tuple[RuleChoice, ...]:
    """The choices in the order in which they were made, each once."""
    found = (read_choice(token) for token in text.split())
    return tuple(dict.fromkeys(choice for choice in found if choice is not None))


def write_choices(choices: Iterable[RuleChoice]) -> str:
    return " ".join(choice.token for choice in choices)


def day_of_law(data: Mapping[str, str], today: date) -> date:
    """The day by whose law a draft is looked at: that of the refusal when there is one, else today."""
    try:
        day = date.fromisoformat(data.get("refused_on", "").strip())
    except ValueError:
        return today
    return min(day, today)
