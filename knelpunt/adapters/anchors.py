"""Anchors of the event chain: a number and a hash, noted at every commit outside the database."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE_NAME = "event-anchors.log"
TAIL_BYTES = 4096
_ANCHOR = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


class BadAnchor(ValueError):
    """A text that is no anchor; the message shows which."""


@dataclass(frozen=True, slots=True)
class Log:
    """What was read: hashes by number, and how many lines were no anchor (a disk that was full, a power cut)."""

    anchors: dict[int, str]
    unreadable: int


def note(folder: Path, now: datetime, number: int, last_hash: str, *, flush: bool = True) -> None:
    """Add one line to the log in one piece; several processes may do so at once.

    Args:
        flush: let it reach the disk first. Without it a power cut takes the last lines along, never a wrong one.
    """
    line = f"{now.astimezone(UTC).isoformat(timespec='seconds')} {number}:{last_hash}\n".encode("ascii")
    handle = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line)
        if flush:
            os.fsync(handle)
    finally:
        os.close(handle)


def last(folder: Path) -> tuple[int, datetime] | None:
    """The number of the newest anchor of the log and when it was noted; nothing when there is none."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            lines = file.read().decode("ascii", "replace").splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        noted, _, text = line.rpartition(" ")
        match = _ANCHOR.fullmatch(text)
        with suppress(ValueError):
            if match is not None:
                return int(match[1]), datetime.fromisoformat(noted)
    return None


def read(given: Iterable[str], log: Path) -> Log:
    """The anchors that were typed and those of a log.

    Raises:
        BadAnchor: a text that was typed is none, or two of them contradict each other.
    """
    found: dict[int, str] = {}
    for text in given:
        if not _add(found, text.strip()):
            raise BadAnchor(f"{text!r} is no anchor; one looks like 120:<64 letters and digits>.")
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    unreadable = [line for line in lines if line.strip() and not _add(found, line.rpartition(" ")[2])]
    return Log(found, len(unreadable))


def _add(found: dict[int, str], text: str) -> bool:
    """Add an anchor to those that were found; False when the text is none."""
    match = _ANCHOR.fullmatch(text)
    if match is None:
        return False
    number, noted = int(match[1]), match[2]
    if found.setdefault(number, noted) != noted:
        raise BadAnchor(f"There are two different anchors for event {number}.")
    return True
