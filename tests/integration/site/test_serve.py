"""``knelpunt serve``: starts everything, brings back what dies, and leaves nothing behind when it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from config import PROJECT_DIR
from tests.support.site import ServedSite, served_site

BACK_WITHIN_SECONDS = 30  # 10 on a machine that does nothing else; here other tests run beside it


def wait_for_worker(site: ServedSite, killed: psutil.Process | None = None) -> psutil.Process:
    """The worker, once there is one: one that found no database is started again after a pause.

    Args:
        killed: the one whose place it took, which may itself be seen for a moment yet.
    """
    deadline = time.monotonic() + BACK_WITHIN_SECONDS
    while time.monotonic() < deadline:
        found = [child for child in site.children(" worker") if killed is None or child.pid != killed.pid]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no worker within {BACK_WITHIN_SECONDS} seconds")


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


def test_a_taken_port_is_said_the_next_start_takes_over_what_is_killed_comes_back_and_ctrl_c_ends_all(server_dir):
    with served_site(server_dir, KNELPUNT_ENV="development") as site:
        environ = {**os.environ, "KNELPUNT_ENV": "development", "PORT": str(site.port)}
        environ["KNELPUNT_DATA_DIR"] = str(server_dir / "other")
        second = subprocess.run(
            [sys.executable, "-m", "knelpunt", "serve"],
            cwd=PROJECT_DIR, env=environ, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert second.returncode == 1
        assert f"Cannot listen on 127.0.0.1:{site.port}" in second.stderr

        web = site.children("gunicorn")
        site.process.kill()
        site.process.wait(10)
        psutil.wait_procs(web, timeout=25)
        assert [process for process in web if process.is_running()] == []

    with served_site(server_dir, KNELPUNT_ENV="development", TMPDIR=str(server_dir)) as site:
        [compiled] = server_dir.glob("knelpunt-*")
        assert compiled.stat().st_mode & 0o777 == 0o700
        assert any(compiled.iterdir())
        for child in site.children("gunicorn"):
            child.kill()
        site.wait_for("/health/db", BACK_WITHIN_SECONDS)

        [worker] = site.children(" worker")
        worker.kill()
        assert wait_for_worker(site, worker).is_running()

        site.postmaster().kill()
        time.sleep(0.5)
        site.wait_for("/health/db", BACK_WITHIN_SECONDS)
        assert site.children("gunicorn")
        wait_for_worker(site)

        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(90) == 0
    assert not compiled.exists()
    assert left_running(server_dir) == []
    assert not (server_dir / "database" / "data" / "postmaster.pid").exists()
