"""Reads the demo stories that ship with the project."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from knelpunt.adapters.files.reference import DATA_DIR
from knelpunt.adapters.yaml_file import read_yaml
from knelpunt.domain.shapes import Text

DEMO_CASES = DATA_DIR / "demo" / "cases.yaml"
DEMO_RULES = DATA_DIR / "demo" / "rules.yaml"


class StepFields(Struct, frozen=True):
    """What every act of a story has; its other fields are what the act needs."""

    do: Text
    ago: Annotated[int, Meta(ge=0, description="moet een aantal werkdagen zijn")]


class RuleStory(Struct, frozen=True):
    name: Text
    story: list[StepFields]


class CaseStory(Struct, frozen=True):
    """What every case of the demo has; its other fields are what is typed in the form."""

    by: Literal["bewoners", "gemeente"]
    municipality: Text
    title: Text
    story: list[StepFields]


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


def demo_cases(path: Path = DEMO_CASES) -> list[DemoCase]:
    """The demo cases in the order of the file. Raises FileRefused."""
    return [_case(entry) for entry in _entries(path, CaseStory)]


def demo_rules(path: Path = DEMO_RULES) -> list[DemoRule]:
    """The stories about rules in the order of the file. Raises FileRefused."""
    return [DemoRule(entry["name"], _story(entry)) for entry in _entries(path, RuleStory)]


def _entries(path: Path, kind: type[Struct]) -> list[dict[str, Any]]:
    file = read_yaml(path)
    file.shaped(list[kind])  # type: ignore[valid-type]
    entries: list[dict[str, Any]] = file.data
    return entries


def _case(entry: dict[str, Any]) -> DemoCase:
    fields = {name: str(value) for name, value in entry.items() if name not in ("by", "municipality", "story")}
    return DemoCase(entry["by"] == "gemeente", entry["municipality"], fields, _story(entry))


def _story(entry: dict[str, Any]) -> tuple[DemoStep, ...]:
    return tuple(DemoStep(step["do"], step["ago"], step) for step in entry["story"])
