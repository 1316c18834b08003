"""Two texts beside each other, line by line."""

import difflib
from collections.abc import Iterator


def compared(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The lines of two texts, each with what became of it: "same", "gone" or "new"."""
    for line in difflib.ndiff(old.splitlines(), new.splitlines()):
        if line[:2] in ("  ", "- ", "+ "):
            yield {"  ": "same", "- ": "gone", "+ ": "new"}[line[:2]], line[2:]
