"""Reads the law catalogue's YAML files into plain values, and remembers in which file and on which line each stands.

``catalogue.yaml`` names the files beside it, one for each family of laws; together they are one catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knelpunt.adapters.files.yaml_file import YamlFile, read_yaml
from knelpunt.domain.laws.schema import FamilyFields, IndexFields
from knelpunt.domain.shapes import FieldPath, FileRefused

CATALOGUE_FILE = Path(__file__).resolve().parents[2] / "data" / "law" / "catalogue.yaml"
SECTIONS = ("laws", "provisions")
"""What the file of a family holds; everything else stands in ``catalogue.yaml``."""
LINE_WIDTH = 110
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""Writing in C takes a fifth of the time, and gives the same."""
FAMILY_HEAD = "# Onderdeel van de wettencatalogus; catalogue.yaml legt elk veld uit.\n\n"


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """The plain values of all files together, each law with the name of its file as ``family``."""

    data: Any
    index: YamlFile
    families: list[tuple[YamlFile, Mapping[str, int]]] = field(default_factory=list)
    """The files of laws, and where the entries of each begin in ``laws`` and in ``provisions``."""

    def place_of(self, path: FieldPath) -> str:
        """The file and line of a value, or of the nearest thing round it when the value itself is missing."""
        section, *rest = path or ("",)
        for file, first in reversed(self.families):
            if rest and section in first and isinstance(rest[0], int) and rest[0] >= first[str(section)]:
                return file.place_of((section, rest[0] - first[str(section)], *rest[1:]))
        return self.index.place_of(path)


def read_catalogue_file(path: Path = CATALOGUE_FILE) -> CatalogueFile:
    """Read the catalogue.

    Raises:
        FileRefused: a file cannot be read, or does not fit with the others.
    """
    index = read_yaml(path)
    if not isinstance(index.data, dict) or "families" not in index.data:
        return CatalogueFile(index.data, index)
    file = CatalogueFile({**index.data, "laws": [], "provisions": []}, index)
    for name in index.shaped(IndexFields).families:
        family = read_yaml(path.with_name(f"{name}.yaml"))
        file.families.append((family, {section: len(file.data[section]) for section in SECTIONS}))
        _add(file.data, family)
    return file


def _add(data: dict[str, Any], file: YamlFile) -> None:
    """A file holds laws and their provisions, and nothing else: else an export would put an entry elsewhere."""
    family = file.shaped(FamilyFields)
    own = [law.get("id") for law in family.laws]
    for number, row in enumerate(family.provisions):
        if row.get("law") not in own:
            place = file.place_of(("provisions", number))
            raise FileRefused(f"{place}: '{row.get('id')}' hoort in het bestand van haar wet")
    data["laws"] += [{**law, "family": file.path.stem} for law in family.laws]
    data["provisions"] += family.provisions


def catalogue_texts(index: Path, laws: list[dict[str, Any]], provisions: list[dict[str, Any]]) -> dict[str, str]:
    """The text of every file of a catalogue with these entries, by name, in the shape in which the files are kept.

    Args:
        index: the ``catalogue.yaml`` that explains the fields and names the families; it goes along as it is.
    """
    texts = {index.name: index.read_text(encoding="utf-8")}
    for name in read_yaml(index).data["families"]:
        own = [law for law in laws if law["family"] == name]
        keys = {law["id"] for law in own}
        values = {
            "laws": [{field: value for field, value in law.items() if field != "family"} for law in own],
            "provisions": [row for row in provisions if row["law"] in keys],
        }
        text = yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE_WIDTH)
        texts[f"{name}.yaml"] = FAMILY_HEAD + text
    return texts
