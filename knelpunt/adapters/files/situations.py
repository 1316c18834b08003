"""Reads the situations that ship with the project."""

from functools import lru_cache
from pathlib import Path

from knelpunt.adapters.files.reference import DATA_DIR
from knelpunt.adapters.files.yaml_file import read_yaml
from knelpunt.adapters.words.search_terms import fold
from knelpunt.domain.situations.matching import Matcher
from knelpunt.domain.situations.schema import Patterns, Situation

SITUATIONS_DIR = DATA_DIR / "situations"
WORD_GROUPS = "words.yaml"


def read_situations(folder: Path = SITUATIONS_DIR) -> tuple[list[Situation], dict[str, Patterns]]:
    """Every situation in the order of the files, and the groups of words that they share. Raises FileRefused."""
    groups = read_yaml(folder / WORD_GROUPS).shaped(dict[str, Patterns])
    paths = (path for path in sorted(folder.glob("*.yaml")) if path.name != WORD_GROUPS)
    return [one for path in paths for one in read_yaml(path).shaped(list[Situation])], groups


@lru_cache(maxsize=1)
def shipped_matcher() -> Matcher:
    """The situations that ship with the project, ready to be compared with texts."""
    return Matcher(*read_situations(), fold)
