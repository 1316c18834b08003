"""Keeps the web server, the worker and the embedded database running, and stops all that it started."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from types import FrameType

from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.database.embedded_database import DatabaseServerError, Server

CHECK_EVERY_SECONDS = 0.25
START_SECONDS = 60
STOP_SECONDS = 20
LONGEST_PAUSE_SECONDS = 8.0
STEADY_SECONDS = 30  # a child that lasted this long starts with a clean slate when it dies
_PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


class Stop(BaseException):
    """Somebody asked this process to end; a BaseException, so that no error handling on the way swallows it."""


class StartFailed(RuntimeError):
    """The site did not come up; the text says why."""


@dataclass
class Child:
    """One process that is started again whenever it dies, each time after a longer pause."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    environ: Mapping[str, str] = field(default_factory=dict)

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which ends the children in order.
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(_die_with, os.getpid()) if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads here yet
        )
        self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep_running(self, say: Say) -> None:
        """Start the process when it is not there and its pause is over."""
        if self.is_running or self.process is None:
            return
        lasted = time.monotonic() - self.started_at
        if lasted > STEADY_SECONDS:
            self.pause = 0.0
        if lasted < self.pause:
            return
        say(f"{self.name} ended ({self.process.returncode}); starting it again")
        self.pause = min(max(1.0, self.pause * 2), LONGEST_PAUSE_SECONDS)
        self._end_left_behind(self.process.pid)
        self.start()

    @staticmethod
    def _end_left_behind(group: int) -> None:
        """End what a killed process had started: it holds the port on which the next one wants to listen."""
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running:
            self.process.terminate()

    def stop(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._end_left_behind(self.process.pid)


def require_free_port(host: str, port: int) -> None:
    """Raise StartFailed when another program listens where the site must."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartFailed(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port: PORT=8001 make run"
            ) from error


def run_first(command: list[str], environ: Mapping[str, str]) -> str:
    """Run what must be done before anything is served, in a process of its own: what it needs goes with it.

    Returns what it told on standard output.

    Raises:
        StartFailed: it did not come to its end; it said itself why.
    """
    done = subprocess.run(
        command,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=partial(_die_with, os.getpid()) if sys.platform == "linux" else None,
    )
    if done.returncode:
        raise StartFailed("The site was not started; the reason stands above.")
    return done.stdout


def supervise(
    children: list[Child], server: Server | None, *, host: str, port: int, say: Say, ready: Callable[[], None]
) -> None:
    """Run the children until SIGINT, SIGTERM or SIGHUP; the first is the web server, whose answer is waited for.

    Raises:
        StartFailed: the web server gave no answer.
    """
    try:
        for child in children:
            child.start()
        _wait_for_answer(children[0], host, port)
        ready()
        while True:
            time.sleep(CHECK_EVERY_SECONDS)
            _keep_database_running(server, say)
            for child in children:
                child.keep_running(say)
    finally:
        # A second Ctrl-C must not leave processes behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            child.stop(deadline)


def stop_on_signals() -> None:
    """Let every way of asking this process to end take the same orderly path."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def stop_when_asked() -> threading.Event:
    """An event that is set by SIGTERM, SIGINT or SIGHUP; work in hand is finished first."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    return stopping


def _keep_database_running(server: Server | None, say: Say) -> None:
    if server is None or embedded_database.is_running(server):
        return
    say("the database ended; starting it again")
    try:
        embedded_database.revive(server)
    except DatabaseServerError as error:
        say(f"the database does not start: {error}")


def _wait_for_answer(web: Child, host: str, port: int) -> None:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not web.is_running:
            raise StartFailed("The web server ended while it was starting; the reason stands above.")
        connection = HTTPConnection(reachable, port, timeout=2)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise StartFailed(f"The web server gave no answer within {START_SECONDS} seconds.")


def _die_with(parent: int) -> None:
    """In the child, on Linux: be told to end when the supervisor is killed, so that nothing is left behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
