"""Reads the ruimtewijzers that ship with the project."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knelpunt.adapters.files.reference import DATA_DIR
from knelpunt.adapters.files.yaml_file import read_yaml

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
    """Every guide, in the order of the files and within them. Raises FileRefused for a file that holds no guides."""
    paths = sorted(folder.glob("*.yaml"))
    return [GuideRecord(path.name, fields) for path in paths for fields in read_yaml(path).shaped(list[dict[str, Any]])]
