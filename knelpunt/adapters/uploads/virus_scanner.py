"""Has files looked at by clamd, over its INSTREAM command, before they are kept."""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CONNECT_SECONDS = 5.0
SCAN_SECONDS = 30.0
_PIECE_BYTES = 64 * 1024
_ANSWER_MAX_BYTES = 4096


class VirusFound(Exception):
    """clamd says that the file is harmful; the text is the name that it gives to it."""


class ScannerAway(Exception):
    """clamd cannot be reached, does not answer in time, or answers something else than yes or no."""


@dataclass(frozen=True, slots=True)
class ClamdScanner:
    """clamd at a host and port, or at a Unix socket when a path is given."""

    host: str = "127.0.0.1"
    port: int = 3310
    path: Path | None = None

    def scan(self, stream: IO[bytes]) -> None:
        """Send a file from where it stands, and return when it is clean; at most ``SCAN_SECONDS`` seconds.

        Raises:
            VirusFound: it is not clean.
            ScannerAway: it could not be looked at.
        """
        deadline = time.monotonic() + SCAN_SECONDS
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\0")
                while piece := stream.read(_PIECE_BYTES):
                    connection.settimeout(_left(deadline))
                    connection.sendall(struct.pack(">I", len(piece)) + piece)
                connection.sendall(struct.pack(">I", 0))
                answer = _answer(connection, deadline)
        except OSError as error:
            raise ScannerAway(str(error)) from error
        if answer.endswith(" FOUND"):
            raise VirusFound(answer.removeprefix("stream: ").removesuffix(" FOUND"))
        if answer != "stream: OK":
            raise ScannerAway(answer or "no answer")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if self.path is None:
            with socket.create_connection((self.host, self.port), CONNECT_SECONDS) as connection:
                yield connection
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(str(self.path))
            yield connection


def _answer(connection: socket.socket, deadline: float) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER_MAX_BYTES:
        connection.settimeout(_left(deadline))
        piece = connection.recv(_ANSWER_MAX_BYTES)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("clamd took too long")
    return seconds
