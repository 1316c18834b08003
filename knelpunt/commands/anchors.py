"""Anchors of the event chain: a number and a hash, noted day by day where the application cannot rewrite them."""

import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

FILE_NAME = "event-anchors.log"
_ANCHOR = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


class BadAnchor(ValueError):
    """A text that is no anchor; the message shows which."""


def note(folder: Path, now: datetime, number: int, last_hash: str) -> None:
    """Add one line to the log and flush it to the disk."""
    with (folder / FILE_NAME).open("a", encoding="ascii") as file:
        file.write(f"{now.astimezone(UTC).isoformat(timespec='seconds')} {number}:{last_hash}\n")
        file.flush()
        os.fsync(file.fileno())


def read(given: Iterable[str], log: Path) -> dict[int, str]:
    """The anchors that were typed and those of a log, as number and hash.

    Raises:
        BadAnchor: a text is none, or two of them contradict each other.
    """
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    found: dict[int, str] = {}
    for text in [*given, *(line.rpartition(" ")[2] for line in lines if line.strip())]:
        match = _ANCHOR.fullmatch(text.strip())
        if match is None:
            raise BadAnchor(f"{text!r} is no anchor; one looks like 120:<64 letters and digits>.")
        number, noted = int(match[1]), match[2]
        if found.setdefault(number, noted) != noted:
            raise BadAnchor(f"There are two different anchors for event {number}.")
    return found
