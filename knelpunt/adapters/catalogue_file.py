"""Reads the law catalogue's YAML file into plain values, and remembers on which line each value stands."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CATALOGUE_FILE = Path(__file__).resolve().parent.parent / "data" / "law" / "catalogue.yaml"
_PLAIN_TAGS = {"null", "bool", "int", "float", "str"}


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """Plain values, and for each path into them the line it stands on (the first line is 1)."""

    data: Any
    lines: dict[tuple[str | int, ...], int]

    def line_of(self, path: tuple[str | int, ...]) -> int:
        """The line of a value, or of the nearest thing round it when the value itself is missing."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class CatalogueUnreadable(Exception):
    """The file is missing or is no YAML; the message says where it goes wrong."""


def read_catalogue_file(path: Path = CATALOGUE_FILE) -> CatalogueFile:
    """Read the catalogue; dates stay text, so that an incomplete date keeps the shape it was written in.

    Raises CatalogueUnreadable for a missing file, text that is not UTF-8 or not YAML, and a key given twice.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise CatalogueUnreadable(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CatalogueUnreadable(f"{path}: geen UTF-8 (plaats {error.start})") from error
    except yaml.YAMLError as error:
        raise CatalogueUnreadable(f"{path}: {error}") from error
    lines: dict[tuple[str | int, ...], int] = {}
    data = None if root is None else _plain(root, (), lines, yaml.SafeLoader(""))
    return CatalogueFile(data, lines)


def _plain(node: yaml.Node, path: tuple[str | int, ...], lines: dict[Any, int], loader: yaml.SafeLoader) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in values:
                raise CatalogueUnreadable(f"regel {key_node.start_mark.line + 1}: '{key}' staat er twee keer")
            values[key] = _plain(value_node, (*path, key), lines, loader)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return values
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, place), lines, loader) for place, item in enumerate(node.value)]
    if node.tag.rpartition(":")[2] in _PLAIN_TAGS:
        return loader.construct_object(node)
    return node.value
