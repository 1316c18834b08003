"""Reads the law catalogue's YAML files into plain values, and remembers in which file and on which line each stands.

``catalogue.yaml`` names the files beside it, one for each family of laws; together they are one catalogue.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CATALOGUE_FILE = Path(__file__).resolve().parents[2] / "data" / "law" / "catalogue.yaml"
SECTIONS = ("laws", "provisions")
"""What the file of a family holds; everything else stands in ``catalogue.yaml``."""
LINE_WIDTH = 110
FAMILY_HEAD = "# Onderdeel van de wettencatalogus; catalogue.yaml legt elk veld uit.\n\n"
_PLAIN_TAGS = {"null", "bool", "int", "float", "str"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reading in C takes a hundredth of the time; where PyYAML was built without it the slow reader gives the same."""

ValuePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the file, and the line in it (the first line is 1)."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """The plain values of all files together, and for each path into them the place it stands on.

    A law has got the name of its file as ``family``.
    """

    data: Any
    places: dict[ValuePath, Place]

    def place_of(self, path: ValuePath) -> Place:
        """The place of a value, or of the nearest thing round it when the value itself is missing."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(CATALOGUE_FILE.name, 1))


class CatalogueUnreadable(Exception):
    """A file is missing or is no YAML; the message says which, and where it goes wrong."""


class _KeyTwice(Exception):
    pass


@dataclass(slots=True)
class _Values:
    data: Any
    lines: dict[ValuePath, int] = field(default_factory=dict)


def read_catalogue_file(path: Path = CATALOGUE_FILE) -> CatalogueFile:
    """Read the catalogue; dates stay text, so that an incomplete date keeps the shape it was written in.

    Raises:
        CatalogueUnreadable: a missing file, text that is not UTF-8 or not YAML, a key given twice, or a file that
            does not fit with the others.
    """
    index = _read(path)
    places = {where: Place(path.name, line) for where, line in index.lines.items()}
    families = index.data.get("families") if isinstance(index.data, dict) else None
    if not isinstance(families, list):
        return CatalogueFile(index.data, places)
    data: dict[str, Any] = {**index.data, "laws": [], "provisions": []}
    for name in families:
        family = path.with_name(f"{name}.yaml")
        values = _read(family)
        _check_family(family, values)
        for section in SECTIONS:
            _append(data, places, section, family, values)
    return CatalogueFile(data, places)


def _append(data: Any, places: dict[ValuePath, Place], section: str, file: Path, values: _Values) -> None:
    first = len(data[section])
    for entry in values.data[section]:
        if section == "laws" and isinstance(entry, dict):
            entry = {**entry, "family": file.stem}
        data[section].append(entry)
    for (head, *rest), line in ((where, line) for where, line in values.lines.items() if len(where) > 1):
        if head == section and isinstance(rest[0], int):
            places[(section, first + rest[0], *rest[1:])] = Place(file.name, line)


def _check_family(file: Path, values: _Values) -> None:
    """A file holds laws and their provisions, and nothing else: else an export would put an entry elsewhere."""
    data = values.data
    if not isinstance(data, dict) or set(data) != set(SECTIONS):
        raise CatalogueUnreadable(f"{file}: moet precies deze velden hebben: {', '.join(SECTIONS)}")
    if not all(isinstance(data[section], list) for section in SECTIONS):
        raise CatalogueUnreadable(f"{file}: {' en '.join(SECTIONS)} moeten lijsten zijn")
    own = [law.get("id") for law in data["laws"] if isinstance(law, dict)]
    for number, row in enumerate(data["provisions"]):
        if isinstance(row, dict) and row.get("law") not in own:
            line = values.lines[("provisions", number)]
            raise CatalogueUnreadable(f"{file}: regel {line}: '{row.get('id')}' hoort in het bestand van haar wet")


def _read(path: Path) -> _Values:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise CatalogueUnreadable(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CatalogueUnreadable(f"{path}: geen UTF-8 (plaats {error.start})") from error
    except yaml.YAMLError as error:
        raise CatalogueUnreadable(f"{path}: {error}") from error
    values = _Values(None)
    if root is not None:
        try:
            values.data = _plain(root, (), values.lines, yaml.SafeLoader(""))
        except _KeyTwice as error:
            raise CatalogueUnreadable(f"{path}: {error}") from error
    return values


def _plain(node: yaml.Node, path: ValuePath, lines: dict[ValuePath, int], loader: yaml.SafeLoader) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in values:
                raise _KeyTwice(f"regel {key_node.start_mark.line + 1}: '{key}' staat er twee keer")
            values[key] = _plain(value_node, (*path, key), lines, loader)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return values
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, place), lines, loader) for place, item in enumerate(node.value)]
    if node.tag.rpartition(":")[2] in _PLAIN_TAGS:
        return loader.construct_object(node)
    return node.value


def catalogue_texts(index: Path, laws: list[dict[str, Any]], provisions: list[dict[str, Any]]) -> dict[str, str]:
    """The text of every file of a catalogue with these entries, by name, in the shape in which the files are kept.

    Args:
        index: the ``catalogue.yaml`` that explains the fields and names the families; it goes along as it is.
    """
    texts = {index.name: index.read_text(encoding="utf-8")}
    for name in _read(index).data["families"]:
        own = [law for law in laws if law["family"] == name]
        keys = {law["id"] for law in own}
        values = {
            "laws": [{field: value for field, value in law.items() if field != "family"} for law in own],
            "provisions": [row for row in provisions if row["law"] in keys],
        }
        text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=LINE_WIDTH)
        texts[f"{name}.yaml"] = FAMILY_HEAD + text
    return texts
