"""A database that hangs (stopped, not gone): pages answer in words within seconds, and all is well by itself after."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from benchmarks.browser import Answer, Browser
from tests.support.site import ServedSite, served_site

WITHIN_SECONDS = 5.0
AT_ONCE = 30
"""More than there are threads: those who come later must not wait for those who came first."""


@pytest.fixture
def site(server_dir: Path) -> Iterator[ServedSite]:
    with served_site(server_dir, KNELPUNT_ENV="development", KNELPUNT_WEB_PROCESSES="1") as site:
        yield site


@contextmanager
def hung(site: ServedSite) -> Iterator[None]:
    """Every process of the database stands still; connections to it stay open, and new ones are let in unanswered."""
    postmaster = site.postmaster()
    processes = [postmaster, *postmaster.children(recursive=True)]
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in reversed(processes):
            if psutil.pid_exists(process.pid):
                os.kill(process.pid, signal.SIGCONT)


def ask(site: ServedSite, path: str) -> Answer:
    return Browser(site.port).ask("GET", path)


def test_a_hung_database_holds_nobody(site):
    paths = ["/knelpunten?q=tuin", "/wetten?op=2024-01-01", "/melden/" + "a" * 32, "/health/db"]
    for path in paths:
        ask(site, path)  # so that there are connections to hang on
    with hung(site), ThreadPoolExecutor(AT_ONCE + 1) as people:
        asked = [people.submit(ask, site, paths[number % len(paths)]) for number in range(AT_ONCE)]
        time.sleep(0.5)
        alive = [people.submit(ask, site, "/health").result() for _ in range(3)]
        answers = [each.result() for each in asked]
        later = [ask(site, path) for path in paths]
    assert [answer.status for answer in alive] == [200] * 3
    assert max(answer.seconds for answer in alive) < 1, "answered from memory, by a thread that waits for nothing"
    assert {answer.status for answer in answers + later} == {503}
    assert max(answer.seconds for answer in answers) < WITHIN_SECONDS
    assert max(answer.seconds for answer in later) < 1, "nobody waits again for what others waited for in vain"
    page = next(answer for answer in later if answer.headers["content-type"].startswith("text/html"))
    assert "Even geduld" in page.text and int(page.headers["retry-after"]) > 0

    began = time.monotonic()
    while ask(site, paths[0]).status != 200:
        assert time.monotonic() - began < 10, "the site does not recover by itself"
        time.sleep(0.1)
    assert {ask(site, path).status for path in paths[:2] + paths[3:]} == {200}
