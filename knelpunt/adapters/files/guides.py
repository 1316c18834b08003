"""Reads the ruimtewijzers that ship with the project."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knelpunt.adapters.files.reference import DATA_DIR

GUIDES_DIR = DATA_DIR / "guides"


@dataclass(frozen=True, slots=True)
class GuideRecord:
    """One guide as its file has it. ``digest`` changes with any word of it."""

    file: str
    fields: dict[str, Any]

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def guide_records(folder: Path = GUIDES_DIR) -> list[GuideRecord]:
    """Every guide, in the order of the files and within them."""
    records = []
    for path in sorted(folder.glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            records += [GuideRecord(path.name, fields) for fields in yaml.safe_load(file)]
    return records
