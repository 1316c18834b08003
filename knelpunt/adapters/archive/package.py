"""Packs files into a ZIP piece by piece, so that a large package needs little memory."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

CHUNK_BYTES = 256 * 1024
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""What a ZIP says of each file, so that the same files give the same package."""


class WrongContent(Exception):
    """A stored file has another hash than its row says; the package is broken off."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a package: its bytes, or how to open them, with the SHA-256 that they must have."""

    path: str
    content: bytes = b""
    open: Callable[[], IO[bytes]] | None = None
    sha256: str = ""


class _Pipe:
    """Where the ZIP is written: keeps what was not yet sent on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def zip_pieces(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of the ZIP, in pieces.

    Raises:
        WrongContent: a stored file is not what it was.
        FileNotFoundError: a stored file is gone.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:  # type: ignore[call-overload]
        for entry in entries:
            info = zipfile.ZipInfo(entry.path, FIRST_MOMENT)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with packed.open(info, "w", force_zip64=entry.open is not None) as target:
                for chunk in _chunks(entry):
                    target.write(chunk)
                    if piece := pipe.taken():
                        yield piece
            if piece := pipe.taken():
                yield piece
    yield pipe.taken()


def _chunks(entry: Entry) -> Iterator[bytes]:
    if entry.open is None:
        yield entry.content
        return
    digest = hashlib.sha256()
    with entry.open() as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            yield chunk
    if digest.hexdigest() != entry.sha256:
        raise WrongContent(entry.path)
