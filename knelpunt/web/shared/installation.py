"""What this process knows of the installation itself: its version, the schemas it can work with, and its disk."""

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config import MIGRATIONS_DIR

ROOM_BYTES = 500_000_000
"""With less than this left on the disk of the data folder, somebody should make room."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left on the disk of the data folder."""

    free: int
    total: int

    @property
    def is_enough(self) -> bool:
        return self.free >= ROOM_BYTES


@cache
def known_revisions() -> tuple[str, ...]:
    """The revisions that this code knows, by the names of their files; a newer one is of a newer version beside it."""
    return tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS_DIR / "versions").glob("[0-9]*.py")))


def room(data_dir: Path) -> Room:
    """Room where attachments and anchors go; none when the folder cannot be asked."""
    try:
        usage = shutil.disk_usage(data_dir)
    except OSError:
        return Room(0, 0)
    return Room(usage.free, usage.total)
