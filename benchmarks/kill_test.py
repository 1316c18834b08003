"""Files cases with attachments while web server, worker and database are killed, and counts what is left afterwards.

    .venv/bin/python -m benchmarks.kill_test [--submissions 10000] [--kills 50] [--clients 4] [--back-within 10]

Starts `knelpunt serve` with a data folder of its own. Each filing is done as a browser does it, page by page; a request
that gets no answer, or a 503, is sent again with the same submission key, as a person would. Ends with 1 when anything
that was acknowledged is lost, doubled or different, when a mail is missing, or when the site is not back within 10 s.
"""

import argparse
import hashlib
import os
import queue
import random
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import psutil
from sqlalchemy import NullPool, create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import PROJECT_DIR
from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.database.embedded_database import Server
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.commands.environment import DATABASE_NAME
from knelpunt.models import Attachment, Case, OutboxMail
from knelpunt.services.core import events
from tests.support import files
from tests.support.mail_server import Mailbox, free_port, running

GIVE_UP_SECONDS = 120.0
START_SECONDS = 90.0
MUNICIPALITY = "Zwolle"
TARGETS = ("web server", "web process", "worker", "database", "database process")
_HIDDEN = re.compile(r'<input(?=[^>]*type="hidden")(?=[^>]*name="([^"]+)")(?=[^>]*value="([^"]*)")')
_REFERENCE = re.compile(r"KNP-[0-9]{4}-[0-9]{5,}")


@dataclass
class Filed:
    """One acknowledged filing: what the receipt page said, and what was sent with it."""

    number: int
    reference: str
    attachments: dict[str, str]
    """SHA-256 by name."""


@dataclass
class Report:
    """What a run found. ``faults`` and ``late`` are empty when all is well."""

    submissions: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    sent_again: int = 0
    slowest_return: float = 0.0
    seconds: float = 0.0
    mails: int = 0
    mails_doubled: int = 0
    faults: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    """Returns that took too long: these depend on how busy the machine is."""

    def __str__(self) -> str:
        killed = ", ".join(f"{count} x {name}" for name, count in sorted(self.kills.items()))
        lines = [
            f"{self.submissions} filings acknowledged in {self.seconds:.0f} s over {self.requests} requests,",
            f"{self.sent_again} of them sent again; killed: {killed or 'nothing'}.",
            f"Back after at most {self.slowest_return:.1f} s. {self.mails} receipts arrived, "
            f"{self.mails_doubled} of them twice (same Message-ID).",
            *(f"LATE: {late}" for late in self.late),
            *(f"FAULT: {fault}" for fault in self.faults[:50]),
            f"{len(self.faults)} faults, {len(self.late)} late returns.",
        ]
        return "\n".join(lines)


class Refused(Exception):
    """An answer that no retry can change."""


class Browser:
    """One visitor: keeps its cookies, and sends a request again until it gets an answer."""

    def __init__(self, port: int, report: Report, lock: threading.Lock) -> None:
        self._port, self._report, self._lock = port, report, lock
        self._cookies: dict[str, str] = {}
        self._connection: HTTPConnection | None = None

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, {})[1]

    def post(self, path: str, fields: dict[str, str], upload: tuple[str, bytes] | None = None) -> str:
        """Send a form; the path of the redirect that answers it."""
        if upload is None:
            body, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        else:
            body, content_type = _multipart(fields, "attachments", *upload)
        status, answer = self._ask("POST", path, body, {"Content-Type": content_type})
        if status not in (302, 303):
            raise Refused(f"POST {path.rpartition('/')[2]} answered {status}")
        return re.sub(r"^https?://[^/]+", "", answer)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str]:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        first = True
        while time.monotonic() < deadline:
            with self._lock:
                self._report.requests += 1
                self._report.sent_again += not first
            first = False
            try:
                status, answer = self._send(method, path, body, headers)
            except (OSError, HTTPException):
                self.close()
                time.sleep(0.2)
                continue
            if status not in (502, 503, 504):
                if status >= 400:
                    raise Refused(f"{method} {path.rpartition('/')[2]} answered {status}")
                return status, answer
            time.sleep(0.2)
        raise Refused(f"{method} {path.rpartition('/')[2]} got no answer in {GIVE_UP_SECONDS:.0f} s")

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str]:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, path, body, {**headers, "Cookie": cookies})
        response = self._connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response.status, response.headers.get("Location") or text


def _multipart(fields: dict[str, str], name: str, filename: str, content: bytes) -> tuple[bytes, str]:
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
    )
    return b"".join([*parts, content, f"\r\n--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def title_of(number: int) -> str:
    return f"Proefmelding {number:06d}"


def address_of(number: int) -> str:
    return f"proef{number}@kill.example"


def file_one(browser: Browser, number: int, chance: random.Random) -> Filed:
    """File one case as a resident does; done when the receipt page shows its number."""

    def fill(path: str, upload: tuple[str, bytes] | None = None, **values: str) -> str:
        """Open a page, fill in its form and send it with whatever hidden fields the page has."""
        hidden = dict(_HIDDEN.findall(browser.get(path)))
        if "submission_key" not in hidden:
            raise Refused(f"no form on {path.rpartition('/')[2]}")
        return browser.post(path, {**hidden, **values}, upload)

    key = fill("/melden/bewoner", title=title_of(number)).split("/")[2]
    fill(f"/melden/{key}/plaats", municipality_id=MUNICIPALITY)
    content = files.pdf(f"{number} ") + chance.randbytes(chance.choice((100, 20_000, 300_000))) + b"\n%%EOF\n"
    name = f"bijlage-{number}.pdf"
    fill(f"/melden/{key}/belemmering", (name, content), description="Een regel houdt ons tegen.")
    fill(f"/melden/{key}/contact", contact_email=address_of(number))
    fill(f"/melden/{key}/controle", consents_seen="y")
    reference = _REFERENCE.search(browser.get(f"/melden/{key}/ontvangen"))
    if reference is None:
        raise Refused("the receipt page shows no number")
    return Filed(number, reference[0], {name: hashlib.sha256(content).hexdigest()})


# --- the site, and what is killed of it


@dataclass
class Site:
    """`knelpunt serve` with a folder of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/health/db")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def wait_until_up(self, seconds: float) -> float:
        """How long it took until web server and database answer."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if self.process.poll() is not None:
                raise RuntimeError(f"the site ended: {(self.folder / 'site.log').read_text()[-3000:]}")
            if self.answers():
                return time.monotonic() - started
            time.sleep(0.05)
        return seconds

    def target(self, name: str, chance: random.Random) -> int | None:
        """The number of one process to kill; None when there is none at the moment."""
        with suppress(psutil.NoSuchProcess, FileNotFoundError, ValueError, IndexError):
            if name.startswith("database"):
                pid_file = self.folder / "database" / "data" / "postmaster.pid"
                postmaster = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
                found = [postmaster] if name == "database" else postmaster.children()
            else:
                children = psutil.Process(self.process.pid).children()
                web = [child for child in children if any("gunicorn" in part for part in child.cmdline())]
                worker = [child for child in children if child not in web and "worker" in child.cmdline()]
                found = {"web server": web, "worker": worker}.get(name) or web[0].children()
            return chance.choice(found).pid
        return None

    @contextmanager
    def session(self, server: Server) -> Iterator[Session]:
        engine = create_engine(server.url(DATABASE_NAME), poolclass=NullPool)
        with Session(engine) as session:
            yield session
        engine.dispose()


@contextmanager
def running_site(folder: Path, mail_port: int) -> Iterator[Site]:
    """Start the site as an operator does, and stop it the same way."""
    port = free_port()
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KNELPUNT_", "SMTP_", "DATABASE_", "PG"))
    }
    environ |= {
        "KNELPUNT_ENV": "test",
        "KNELPUNT_DATA_DIR": str(folder),
        "KNELPUNT_MAIL_FROM": "loket@kill.example",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_port),
        "SMTP_SECURITY": "none",
    }
    with (folder / "site.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "knelpunt", "serve"],
            cwd=PROJECT_DIR, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        site = Site(folder, port, process)
        try:
            if site.wait_until_up(START_SECONDS) >= START_SECONDS:
                raise RuntimeError("the site did not start")
            yield site
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()


def kill(site: Site, name: str, chance: random.Random, report: Report, back_within: float) -> None:
    """Kill one process, and measure until the site is back."""
    pid = site.target(name, chance)
    if pid is None:
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        report.kills[name] += 1
    time.sleep(0.1)
    took = site.wait_until_up(GIVE_UP_SECONDS) + 0.1
    report.slowest_return = max(report.slowest_return, took)
    if took > back_within:
        report.late.append(f"after killing the {name} the site was back after {took:.1f} s")


# --- one run


def run(
    folder: Path,
    *,
    submissions: int,
    kills: int,
    clients: int,
    seed: int,
    back_within: float,
    say: Callable[[str], None],
) -> Report:
    """File, kill, and check; everything is in the report.

    Args:
        back_within: seconds after a kill within which web server and database must answer again.
    """
    report, lock = Report(), threading.Lock()
    mailbox = Mailbox()
    filed: list[Filed] = []
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(submissions):
        todo.put(number)

    def visit(port: int, visitor: int) -> None:
        chance = random.Random(f"{seed}-{visitor}")
        while True:
            try:
                number = todo.get_nowait()
            except queue.Empty:
                return
            browser = Browser(port, report, lock)
            try:
                done = file_one(browser, number, chance)
                with lock:
                    filed.append(done)
            except Refused as refused:
                with lock:
                    report.faults.append(f"filing {number}: {refused}")
            finally:
                browser.close()

    with running(mailbox) as mail_port, running_site(folder, mail_port) as site:
        started = time.monotonic()
        visitors = [threading.Thread(target=visit, args=(site.port, number)) for number in range(clients)]
        for visitor in visitors:
            visitor.start()
        chance = random.Random(seed)
        for number in range(kills):
            share = submissions * (number + 0.3 + 0.4 * chance.random()) / kills
            while len(filed) < share and any(visitor.is_alive() for visitor in visitors):
                time.sleep(0.02)
            kill(site, TARGETS[number % len(TARGETS)], chance, report, back_within)
            say(f"{number + 1} of {kills} kills, {len(filed)} of {submissions} filed, {len(report.faults)} faults")
        for visitor in visitors:
            visitor.join()
        report.submissions = len(filed)
        report.seconds = time.monotonic() - started
        check(site, filed, mailbox, report)
    return report


def check(site: Site, filed: list[Filed], mailbox: Mailbox, report: Report) -> None:
    """Compare what was acknowledged with what is there."""
    server = embedded_database.start(site.folder / "database")
    try:
        _wait_for_mails(site, server, report)
        _compare(site, server, filed, mailbox, report)
    finally:
        embedded_database.stop(server)


def _compare(site: Site, server: Server, filed: list[Filed], mailbox: Mailbox, report: Report) -> None:
    with site.session(server) as session:
        cases = session.execute(select(Case.id, Case.title, Case.reference).order_by(Case.id)).all()
        attached = session.execute(
            select(Attachment.case_id, Attachment.shown_name, Attachment.stored_name, Attachment.sha256).order_by(
                Attachment.id
            )
        ).all()
        mails = session.execute(select(OutboxMail.case_id, OutboxMail.message_id).order_by(OutboxMail.id)).all()
        chain = events.verify(session)
    report.faults += [f"the event chain: {chain.fault}"] if chain.fault else []
    titles = Counter(case.title for case in cases)
    report.faults += [f"{title} stands there {count} times" for title, count in titles.items() if count > 1]
    by_title = {case.title: case for case in cases}
    by_case: dict[int, list] = defaultdict(list)
    for row in attached:
        by_case[row.case_id].append(row)
    store = FolderStore(site.folder / "attachments")
    for each in filed:
        case = by_title.get(title_of(each.number))
        if case is None or case.reference != each.reference:
            report.faults.append(f"filing {each.number} was acknowledged as {each.reference} and is not there")
            continue
        found = {}
        for row in by_case[case.id]:
            with suppress(FileNotFoundError), store.open(row.stored_name) as file:
                found[row.shown_name] = hashlib.sha256(file.read()).hexdigest()
        if found != each.attachments or len(by_case[case.id]) != len(each.attachments):
            report.faults.append(f"the attachments of filing {each.number} differ")
    _check_mails(cases, mails, mailbox, report)


def _check_mails(cases: list, mails: list, mailbox: Mailbox, report: Report) -> None:
    arrived: dict[str, list[str]] = defaultdict(list)
    for mail in mailbox.mails:
        arrived[str(mail["To"])].append(str(mail["Message-ID"]).strip())
    written: dict[int, list[str]] = defaultdict(list)
    for mail in mails:
        written[mail.case_id].append(mail.message_id)
    for case in cases:
        number = int(case.title.rpartition(" ")[2])
        got = arrived[address_of(number)]
        report.mails += bool(got)
        report.mails_doubled += len(got) > 1
        if len(written[case.id]) != 1:
            report.faults.append(f"filing {number} has {len(written[case.id])} receipts in the outbox")
        if set(got) != set(written[case.id]):
            report.faults.append(f"filing {number}: the receipts that arrived are not those that were written")


def _wait_for_mails(site: Site, server: Server, report: Report) -> None:
    deadline = time.monotonic() + GIVE_UP_SECONDS
    waiting = -1
    while time.monotonic() < deadline:
        with suppress(DBAPIError), site.session(server) as session:
            waiting = session.scalar(select(func.count()).where(OutboxMail.sent_at.is_(None))) or 0
            if waiting == 0:
                return
        time.sleep(0.2)
    report.faults.append(f"{waiting} mails were still waiting after {GIVE_UP_SECONDS:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--back-within", type=float, default=10.0, help="seconds")
    parser.add_argument("--keep", type=Path, help="an empty folder for data and log, which stays afterwards")
    options = vars(parser.parse_args())
    kept: Path | None = options.pop("keep")
    with nullcontext(kept) if kept else tempfile.TemporaryDirectory(prefix="knelpunt-kill-") as folder:
        report = run(Path(folder), **options, say=print)
    print(report)
    return 1 if report.faults or report.late else 0


if __name__ == "__main__":
    sys.exit(main())
