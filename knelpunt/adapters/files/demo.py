"""Reads the demo stories that ship with the project."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from knelpunt.adapters.files.reference import DATA_DIR

DEMO_CASES = DATA_DIR / "demo" / "cases.yaml"
DEMO_RULES = DATA_DIR / "demo" / "rules.yaml"


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One act in a story. ``ago``: how many working days before today."""

    do: str
    ago: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A demo case: who files it, where, what is typed, and what then happens."""

    by_municipality: bool
    municipality_code: str
    fields: dict[str, str]
    story: tuple[DemoStep, ...]


@dataclass(frozen=True, slots=True)
class DemoRule:
    """What happens to a rule bottleneck, a law or a ruimtewijzer; ``name`` is how cases speak of it."""

    name: str
    story: tuple[DemoStep, ...]


def demo_cases() -> list[DemoCase]:
    """The demo cases in the order of the file."""
    with DEMO_CASES.open(encoding="utf-8") as file:
        return [_case(entry) for entry in yaml.safe_load(file)]


def demo_rules() -> list[DemoRule]:
    """The stories about rules in the order of the file."""
    with DEMO_RULES.open(encoding="utf-8") as file:
        return [DemoRule(entry["name"], _story(entry["story"])) for entry in yaml.safe_load(file)]


def _case(entry: dict[str, Any]) -> DemoCase:
    fields = {name: str(value) for name, value in entry.items() if name not in ("by", "municipality", "story")}
    return DemoCase(entry["by"] == "gemeente", entry["municipality"], fields, _story(entry["story"]))


def _story(steps: Iterable[dict[str, Any]]) -> tuple[DemoStep, ...]:
    return tuple(
        DemoStep(step["do"], step["ago"], {name: step[name] for name in step if name not in ("do", "ago")})
        for step in steps
    )
