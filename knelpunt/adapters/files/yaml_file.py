"""Reads a YAML file into plain values, and remembers on which line each of them stands."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from knelpunt.domain.shapes import FieldPath, FileRefused, InvalidData, shaped, shown

Shape = TypeVar("Shape")

_PLAIN_TAGS = {"null", "bool", "int", "float", "str"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reading in C takes a hundredth of the time; where PyYAML was built without it the slow reader gives the same."""


@dataclass(slots=True)
class YamlFile:
    """The plain values of a file, and for each path into them its line (the first is 1)."""

    path: Path
    data: Any = None
    lines: dict[FieldPath, int] = field(default_factory=dict)

    def place_of(self, path: FieldPath) -> str:
        """The file and line of a value, or of the nearest thing round it when the value itself is missing."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.path.name} regel {self.lines.get(path, 1)}"

    def shaped(self, shape: type[Shape]) -> Shape:
        """The values in the shape that they must have. Raises FileRefused."""
        try:
            return shaped(self.data, shape)
        except InvalidData as error:
            lines = [f"{self.place_of(fault.path)}: {fault.sentence}" for fault in error.faults]
            raise FileRefused("\n".join(lines)) from error


class _Unfit(Exception):
    """Something that YAML allows and that no file here may hold."""

    def __init__(self, node: yaml.Node, text: str) -> None:
        super().__init__(f"regel {node.start_mark.line + 1}: {text}")


def read_yaml(path: Path) -> YamlFile:
    """Read a file; dates stay text, so that an incomplete date keeps the shape it was written in.

    Raises:
        FileRefused: a missing file, text that is not UTF-8 or not YAML, a field given twice, a reference to another
            part of the file, or values within values without end.
    """
    file = YamlFile(path)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
        if root is not None:
            file.data = _Reader(file.lines).plain(root, ())
    except OSError as error:
        raise FileRefused(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FileRefused(f"{path}: geen UTF-8 (plaats {error.start})") from error
    except RecursionError:
        raise FileRefused(f"{path}: er staan te veel waarden in elkaar") from None
    except (yaml.YAMLError, _Unfit) as error:
        raise FileRefused(f"{path}: {error}") from error
    return file


class _Reader:
    def __init__(self, lines: dict[FieldPath, int]) -> None:
        self._lines = lines
        self._scalars = yaml.SafeLoader("")
        self._seen: set[int] = set()

    def plain(self, node: yaml.Node, path: FieldPath) -> Any:
        self._lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self._seen:
            raise _Unfit(node, "een deel dat op meer plaatsen geldt (& en *) mag niet")
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, place)) for place, item in enumerate(node.value)]
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in values:
                raise _Unfit(key_node, f"'{shown(key)}' staat er twee keer")
            values[key] = self.plain(value_node, (*path, key))
            self._lines[(*path, key)] = key_node.start_mark.line + 1
        return values

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag.rpartition(":")[2] not in _PLAIN_TAGS:
            return node.value
        try:
            return self._scalars.construct_object(node)
        except (ValueError, LookupError):
            raise _Unfit(node, f"'{shown(node.value)}' is geen {node.tag.rpartition(':')[2]}") from None
