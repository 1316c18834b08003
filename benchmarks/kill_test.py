"""Files cases with attachments while web server, worker and database are killed, and counts what is left afterwards.

    .venv/bin/python -m benchmarks.kill_test [--submissions 10000] [--kills 50] [--clients 4] [--back-within 10]

Starts `knelpunt serve` with a data folder of its own. Each filing is done as a browser does it, page by page; a request
that gets no answer, or a 503, is sent again with the same submission key, as a person would. Ends with 1 when anything
that was acknowledged is lost, doubled or different, when a mail is missing, or when the site is not back within 10 s.
"""

import argparse
import hashlib
import io
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil
from sqlalchemy import Engine, NullPool, create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from benchmarks.browser import NO_ANSWER, Answer, Browser, fields_in
from knelpunt.adapters.database import embedded_database
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.commands.operations.prepared import DATABASE_NAME
from knelpunt.models import Attachment, Case, OutboxMail
from knelpunt.services.core import events
from tests.support import files
from tests.support.mail_server import Mailbox, running
from tests.support.site import ServedSite, served_site

GIVE_UP_SECONDS = 120.0
TARGETS = ("web server", "web process", "worker", "database", "database process")
CARRIED_ALONG = ("csrf_token", "submission_key", "version", "basis")
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


class Visitor:
    """One resident, who sends a request again until it gets an answer."""

    def __init__(self, port: int, report: Report, lock: threading.Lock) -> None:
        self._browser, self._report, self._lock = Browser(port), report, lock

    def ask(self, method: str, path: str, kind: str = "", body: bytes = b"") -> Answer:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        again = False
        while time.monotonic() < deadline:
            with self._lock:
                self._report.requests += 1
                self._report.sent_again += again
            answer = self._browser.ask(method, path, {"Content-Type": kind} if kind else {}, body)
            if answer.status < 400:
                return answer
            if answer.status not in (502, 503, 504, NO_ANSWER):
                raise Refused(f"{method} {path.rpartition('/')[2]} answered {answer.status}")
            again = True
            time.sleep(0.2)
        raise Refused(f"{method} {path.rpartition('/')[2]} got no answer in {GIVE_UP_SECONDS:.0f} s")

    def fill(self, path: str, attachment: FileStorage | None = None, **values: str) -> str:
        """Open a page, fill in its form and send it with what the page carries along; where the answer leads."""
        fields = fields_in(self.ask("GET", path).body)
        if "submission_key" not in fields:
            raise Refused(f"no form on {path.rpartition('/')[2]}")
        values |= {name: fields[name][0] for name in CARRIED_ALONG if name in fields}
        if attachment is None:
            kind, body = "application/x-www-form-urlencoded", urlencode(values).encode()
        else:
            mark, body = encode_multipart({**values, "attachments": attachment})
            kind = f"multipart/form-data; boundary={mark}"
        answer = self.ask("POST", path, kind, body)
        if answer.status not in (302, 303):
            raise Refused(f"POST {path.rpartition('/')[2]} answered {answer.status}")
        return re.sub(r"^https?://[^/]+", "", answer.location)

    def file(self, number: int, chance: random.Random) -> Filed:
        """File one case as a resident does; done when the receipt page shows its number."""
        key = self.fill("/melden/bewoner", title=title_of(number)).split("/")[2]
        self.fill(f"/melden/{key}/plaats", municipality_id="Zwolle")
        content = files.pdf(f"{number} ") + chance.randbytes(chance.choice((100, 20_000, 300_000))) + b"\n%%EOF\n"
        name = f"bijlage-{number}.pdf"
        attachment = FileStorage(io.BytesIO(content), name)
        self.fill(f"/melden/{key}/belemmering", attachment, description="Een regel houdt ons tegen.")
        self.fill(f"/melden/{key}/contact", contact_email=address_of(number))
        self.fill(f"/melden/{key}/controle", consents_seen="y")
        reference = _REFERENCE.search(self.ask("GET", f"/melden/{key}/ontvangen").text)
        if reference is None:
            raise Refused("the receipt page shows no number")
        return Filed(number, reference[0], {name: hashlib.sha256(content).hexdigest()})


def title_of(number: int) -> str:
    return f"Proefmelding {number:06d}"


def address_of(number: int) -> str:
    return f"proef{number}@kill.example"


def kill(site: ServedSite, name: str, chance: random.Random, report: Report, back_within: float) -> None:
    """Kill one process, if it is there at the moment, and measure until the site is back."""
    try:
        if name.startswith("database"):
            postmaster = site.postmaster()
            found = [postmaster] if name == "database" else postmaster.children()
        else:
            web = site.children("gunicorn")
            found = {"web server": web[:1], "web process": web[1:]}.get(name) or site.children(" worker")
        chance.choice(found).kill()
    except (psutil.NoSuchProcess, FileNotFoundError, ValueError, IndexError):
        return
    report.kills[name] += 1
    time.sleep(0.1)
    took = site.wait_for("/health/db", GIVE_UP_SECONDS) + 0.1
    report.slowest_return = max(report.slowest_return, took)
    if took > back_within:
        report.late.append(f"after killing the {name} the site was back after {took:.1f} s")


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
    report, lock, mailbox = Report(), threading.Lock(), Mailbox()
    filed: list[Filed] = []
    started = time.monotonic()

    def visit(number: int) -> None:
        try:
            done = Visitor(site.port, report, lock).file(number, random.Random(f"{seed}-{number}"))
            with lock:
                filed.append(done)
        except Refused as refused:
            with lock:
                report.faults.append(f"filing {number}: {refused}")

    with running(mailbox) as mail_port:
        mail = {"KNELPUNT_MAIL_FROM": "loket@kill.example", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mail_port)}
        settings = {"KNELPUNT_ENV": "test", "SMTP_SECURITY": "none", "KNELPUNT_FILINGS_PER_ADDRESS": "1000000"}
        # What one address may send in an hour follows from this: with the usual five it is full after some 900 filings.
        settings["KNELPUNT_ATTACHMENTS_PER_CASE"] = "200"
        with served_site(folder, **settings, **mail) as site:
            with ThreadPoolExecutor(clients) as visitors:
                visits = [visitors.submit(visit, number) for number in range(submissions)]
                chance = random.Random(seed)
                for number in range(kills):
                    share = submissions * (number + 0.3 + 0.4 * chance.random()) / kills
                    while len(filed) < share and not all(each.done() for each in visits):
                        time.sleep(0.02)
                    kill(site, TARGETS[number % len(TARGETS)], chance, report, back_within)
                    progress = f"{number + 1} of {kills} kills, {len(filed)} of {submissions} filed"
                    say(f"{progress}, {len(report.faults)} faults")
            for each in visits:
                each.result()
            report.submissions, report.seconds = len(filed), time.monotonic() - started
            check(site, filed, mailbox, report)
    return report


def check(site: ServedSite, filed: list[Filed], mailbox: Mailbox, report: Report) -> None:
    """Compare what was acknowledged with what is there."""
    server = embedded_database.start(site.data_dir / "database")
    engine = create_engine(server.url(DATABASE_NAME), poolclass=NullPool)
    try:
        _wait_for_mails(engine, report)
        with Session(engine) as session:
            _compare(session, FolderStore(site.data_dir / "attachments"), filed, mailbox, report)
    finally:
        engine.dispose()
        embedded_database.stop(server)


def _wait_for_mails(engine: Engine, report: Report) -> None:
    deadline = time.monotonic() + GIVE_UP_SECONDS
    waiting = -1
    while time.monotonic() < deadline:
        with suppress(DBAPIError), Session(engine) as session:
            waiting = session.scalar(select(func.count()).where(OutboxMail.sent_at.is_(None))) or 0
            if waiting == 0:
                return
        time.sleep(0.2)
    report.faults.append(f"{waiting} mails were still waiting after {GIVE_UP_SECONDS:.0f} s")


def _compare(session: Session, store: FolderStore, filed: list[Filed], mailbox: Mailbox, report: Report) -> None:
    cases = session.execute(select(Case.id, Case.title, Case.reference)).all()
    attached, written, arrived = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in session.execute(select(Attachment.case_id, Attachment.shown_name, Attachment.stored_name)):
        attached[row.case_id].append(row)
    for case_id, message_id in session.execute(select(OutboxMail.case_id, OutboxMail.message_id)):
        written[case_id].append(message_id)
    for mail in mailbox.mails:
        arrived[str(mail["To"])].append(str(mail["Message-ID"]).strip())

    chain = events.verify(session)
    report.faults += [f"the event chain: {chain.fault}"] if chain.fault else []
    titles = Counter(case.title for case in cases)
    report.faults += [f"{title} stands there {count} times" for title, count in titles.items() if count > 1]
    by_title = {case.title: case for case in cases}
    for each in filed:
        case = by_title.get(title_of(each.number))
        if case is None or case.reference != each.reference:
            report.faults.append(f"filing {each.number} was acknowledged as {each.reference} and is not there")
            continue
        found = {}
        for row in attached[case.id]:
            with suppress(FileNotFoundError), store.open(row.stored_name) as file:
                found[row.shown_name] = hashlib.sha256(file.read()).hexdigest()
        if found != each.attachments or len(attached[case.id]) != len(each.attachments):
            report.faults.append(f"the attachments of filing {each.number} differ")
    for case in cases:
        number = int(case.title.rpartition(" ")[2])
        got = arrived[address_of(number)]
        report.mails += bool(got)
        report.mails_doubled += len(got) > 1
        if len(written[case.id]) != 1:
            report.faults.append(f"filing {number} has {len(written[case.id])} receipts in the outbox")
        if set(got) != set(written[case.id]):
            report.faults.append(f"filing {number}: the receipts that arrived are not those that were written")


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
