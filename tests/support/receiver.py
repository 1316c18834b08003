"""A system that receives events, for tests: keeps what it gets, and can refuse, redirect, be late or hang up."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Verdict = Callable[[int], int | str | tuple[int, Mapping[str, str]]]
"""Gets the number of the try (from 1): a status, a status with headers, or what it does in place of answering."""


@dataclass(frozen=True)
class Got:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """Keeps what it took, and counts all tries. Permission is given to whoever asks, unless ``allows`` says otherwise.

    ``late``: how many seconds a late answer takes.
    """

    def __init__(self, verdict: Verdict | None = None, allows: str | None = "*", late: float = 0.5) -> None:
        self.taken: list[Got] = []
        self.asked: list[Got] = []
        self.tries = 0
        self.port = 0
        self.allows, self.late = allows, late
        self.verdict: Verdict = verdict or (lambda _try: 204)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/gebeurtenissen"

    @property
    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.taken]

    def answer(self, got: Got) -> tuple[int, Mapping[str, str]] | tuple[int, Mapping[str, str], bytes] | None:
        """What is answered, maybe with a body; None: nothing, the line goes dead."""
        if got.method == "OPTIONS":
            self.asked.append(got)
            return 200, {"WebHook-Allowed-Origin": self.allows} if self.allows else {}
        self.tries += 1
        verdict = self.verdict(self.tries)
        if verdict == "hang up":
            return None
        if verdict == "take and hang up":
            self.taken.append(got)
            return None
        if verdict == "late":
            self.taken.append(got)
            time.sleep(self.late)
            return 204, {}
        status, headers = verdict if isinstance(verdict, tuple) else (verdict, {})
        if 200 <= int(status) < 300:
            self.taken.append(got)
        return int(status), headers


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    """The receiver, at a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            # The names of headers count in any case.
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.answer(Got(self.command, self.path, headers, body))
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            for name, value in answer[1].items():
                self.send_header(name, value)
            self.end_headers()
            for body in answer[2:]:
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = _handle

        def log_message(self, *_args: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: Any) -> None:
            """Who asked went away."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
