"""Reads the demo stories that ship with the project."""

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta, Struct

from knelpunt.adapters.files.reference import DATA_DIR
from knelpunt.adapters.files.yaml_file import read_yaml
from knelpunt.domain.shapes import Text

DEMO_CASES = DATA_DIR / "demo" / "cases.yaml"
DEMO_RULES = DATA_DIR / "demo" / "rules.yaml"
Story = TypeVar("Story", "DemoCase", "DemoRule")


class DemoStep(Struct, frozen=True):
    """One act in a story. ``ago``: how many working days before today; ``values``: what the act needs besides."""

    do: Text
    ago: Annotated[int, Meta(ge=0, description="moet een aantal werkdagen zijn")]
    values: dict[str, Any]


class DemoCase(Struct, frozen=True):
    """A demo case: who files it, in which municipality, what is typed, and what then happens."""

    by: Literal["bewoners", "gemeente"]
    municipality: Text
    values: dict[str, Any]
    story: list[DemoStep]

    @property
    def fields(self) -> dict[str, str]:
        """What is typed, by field of the form."""
        return {name: str(value) for name, value in self.values.items()}


class DemoRule(Struct, frozen=True):
    """What happens to a rule bottleneck, a law or a ruimtewijzer; ``name`` is how cases speak of it."""

    name: Text
    story: list[DemoStep]


class _Story(Struct, frozen=True):
    story: list[dict[str, Any]]


def demo_cases(path: Path = DEMO_CASES) -> list[DemoCase]:
    """The demo cases in the order of the file. Raises FileRefused."""
    return _stories(path, DemoCase)


def demo_rules(path: Path = DEMO_RULES) -> list[DemoRule]:
    """The stories about rules in the order of the file. Raises FileRefused."""
    return _stories(path, DemoRule)


def _stories(path: Path, kind: type[Story]) -> list[Story]:
    file = read_yaml(path)
    file.shaped(list[_Story])
    for entry in file.data:
        entry["values"] = _besides(entry, kind)
        entry["story"] = [{**step, "values": _besides(step, DemoStep)} for step in entry["story"]]
    return file.shaped(list[kind])  # type: ignore[valid-type]


def _besides(entry: dict[str, Any], kind: type[Struct]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in kind.__struct_fields__}
