"""``knelpunt laws``: the catalogue of the database back to its files, and what differs between the two."""

from collections.abc import Mapping
from pathlib import Path


def write_files(folder: Path, texts: Mapping[str, str]) -> list[str]:
    """Write each file whole or not at all, and only where it differs; the names of those that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        target = folder / name
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        draft = folder / f".{name}.part"
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        written.append(name)
    return written
