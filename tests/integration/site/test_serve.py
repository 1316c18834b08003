"""``knelpunt serve``: starts everything, brings back what dies, and leaves nothing behind when it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
import pytest

from config import PROJECT_DIR
from tests.support.site import free_port

BACK_WITHIN_SECONDS = 30  # 10 on a machine that does nothing else; here other tests run beside it
START_SECONDS = 180


@dataclass
class Served:
    """One supervisor with its data folder and port."""

    data_dir: Path
    port: int
    process: subprocess.Popen[str]

    def children(self, part: str) -> list[psutil.Process]:
        """The processes under the supervisor whose command holds this word, outermost first."""
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if part in " ".join(child.cmdline()):
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found

    def postmaster(self) -> psutil.Process:
        pid_file = self.data_dir / "database" / "data" / "postmaster.pid"
        return psutil.Process(int(pid_file.read_text(encoding="ascii").split()[0]))

    def answers(self, path: str) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def wait_for(self, path: str, seconds: float) -> float:
        """Seconds until the address answers well."""
        began = time.monotonic()
        while not self.answers(path):
            assert self.process.poll() is None, "the supervisor ended"
            assert time.monotonic() - began < seconds, f"{path} does not answer after {seconds} seconds"
            time.sleep(0.1)
        return time.monotonic() - began

    def wait_for_children(self, part: str, killed: psutil.Process | None = None) -> list[psutil.Process]:
        """Its processes of this kind, once there are any: one that found no database is started again after a pause.

        Args:
            killed: one whose place they took, which may itself be seen for a moment yet.
        """
        deadline = time.monotonic() + BACK_WITHIN_SECONDS
        while time.monotonic() < deadline:
            found = [child for child in self.children(part) if killed is None or child.pid != killed.pid]
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"no {part.strip()} within {BACK_WITHIN_SECONDS} seconds")

    def wait_until_greeted(self) -> None:
        """Until the supervisor itself says that the site is up."""
        deadline = time.monotonic() + START_SECONDS
        while f"http://localhost:{self.port}" not in (self.data_dir / "out.log").read_text(encoding="utf-8"):
            assert self.process.poll() is None, "the supervisor ended"
            assert time.monotonic() < deadline, "the site did not come up"
            time.sleep(0.1)
        self.wait_for("/health/db", BACK_WITHIN_SECONDS)


def start(data_dir: Path) -> Served:
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("KNELPUNT_", "DATABASE_"))}
    environ |= {"KNELPUNT_ENV": "development", "KNELPUNT_DATA_DIR": str(data_dir), "PORT": str(port)}
    with (data_dir / "out.log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "knelpunt", "serve"],
            cwd=PROJECT_DIR,
            env=environ,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Served(data_dir, port, process)


@pytest.fixture
def served(server_dir: Path) -> Iterator[Served]:
    served = start(server_dir)
    try:
        served.wait_until_greeted()
        yield served
    finally:
        served.process.terminate()
        served.process.wait(90)


def left_running(data_dir: Path) -> list[str]:
    """Processes that still work for this data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and (
                str(data_dir) in " ".join(process.cmdline())
                or process.environ().get("KNELPUNT_DATA_DIR") == str(data_dir)
            ):
                found.append(" ".join(process.cmdline()))
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def test_what_is_killed_comes_back_and_ctrl_c_ends_everything(served):
    for child in served.children("gunicorn"):
        child.kill()
    served.wait_for("/health/db", BACK_WITHIN_SECONDS)

    [worker] = served.children(" worker")
    worker.kill()
    [another] = served.wait_for_children(" worker", worker)
    assert another.is_running()

    served.postmaster().kill()
    time.sleep(0.5)
    served.wait_for("/health/db", BACK_WITHIN_SECONDS)

    assert served.children("gunicorn")
    served.wait_for_children(" worker")
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(90) == 0
    assert left_running(served.data_dir) == []
    assert not (served.data_dir / "database" / "data" / "postmaster.pid").exists()


def test_a_taken_port_is_said_in_words_and_after_a_kill_the_next_start_takes_over(served, server_dir):
    environ = {**os.environ, "KNELPUNT_ENV": "development", "PORT": str(served.port)}
    environ["KNELPUNT_DATA_DIR"] = str(server_dir / "other")
    second = subprocess.run(
        [sys.executable, "-m", "knelpunt", "serve"],
        cwd=PROJECT_DIR, env=environ, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{served.port}" in second.stderr

    web = served.children("gunicorn")
    served.process.kill()
    served.process.wait(10)
    psutil.wait_procs(web, timeout=25)
    assert [process for process in web if process.is_running()] == []

    again = start(server_dir)
    try:
        again.wait_until_greeted()
    finally:
        again.process.terminate()
        assert again.process.wait(90) == 0
    assert left_running(server_dir) == []
