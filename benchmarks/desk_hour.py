"""A busy hour of the desk over HTTP: staff, submitters, officials and other organisations, all at once.

    .venv/bin/python -m benchmarks.desk_hour [--acts 4000] [--minutes 60] [--staff 20] [--submitters 200] [--threads 6]

Starts a site of its own on 127.0.0.1, with a database and a worker. Everybody opens pages as a person does, follows
what they offer, and fills in the forms. Two people now and then send the same form at the same moment. Ends with 1 when
an answer was a 5xx, the database knew a deadlock, something that was acknowledged is not there exactly once, two people
overwrote each other, an open case has no owner or no term, the event chain does not verify, or memory grew.
"""

import argparse
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.browser import DEMO_CODE, NO_ANSWER, Answer, Browser, fields_in
from knelpunt.adapters.passwords import hash_password
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, OrganisationKind, Role
from knelpunt.models import Case, Event, Message, MinistryContact, Note, OutboxMail
from knelpunt.services.core import events
from knelpunt.web.desk.steps.page import PREVIEW
from knelpunt.web.desk.steps.routes import CITE
from tests.support import database
from tests.support.site import Site, running_site

PASSWORD = "een lang wachtwoord voor de proef"
STAFF = (Role.TRIAGER, Role.HANDLER, Role.REVIEWER, Role.HANDLER, Role.HEAD_OF_DESK)
"""The roles of the desk, in turn."""
LARGEST_GROWTH = 1.3
"""How much larger the processes may be at the end than after the first fifth of the acts."""
SHOWN = 40
MOVED_ON = (302, 303)
"""What a form answers that was done."""
CASE = re.compile(r"/zaken/(KNP-\d{4}-\d+)")
_PART_OF_DAY = re.compile(r"-(?:dag|maand|jaar)$")
_LINK = re.compile(r'href="([^"]+)"')
_SECRET = {
    "follow": re.compile(r"/volgen/\w+"),
    "official": re.compile(r"/raadplegen/\w+"),
    "door": re.compile(r"/overnemen/\w+"),
}
STEPS = {
    "toewijzen": 6, "binnen-bereik": 6, "in-triage": 30, "aanvulling": 4, "behandeling-starten": 30, "voorstel": 30,
    "openbare-tekst": 8, "afsluiten": 30, "ter-inzage": 20, "publiceren": 20, "toetsing": 60, "notitie": 10,
    "bericht": 6, "ministerie-vragen": 8, "andere-instantie": 4, "heropenen": 1, "reactie-opschrijven": 6,
    "tweede-behandelaar": 30, "heroverweging-blijft": 20, "heroverweging-anders": 5, "termijn-stilzetten": 2,
    "oordeel-wijzigen": 2, "klokken": 2, "geen-antwoord": 10, "meer-tijd": 20,
}  # fmt: skip
"""Pages of a case and how often somebody chooses them."""
REACTIONS = {
    "toevoegen": 10, "aannemen": 20, "niet-aannemen": 6, "delen": 20, "akkoord": 20, "bezwaar": 4, "heroverweging": 8,
    "intrekken": 1, "antwoord": 40,
}  # fmt: skip
CHOSEN = {
    "verdict": "V9", "level": "geen_regel", "in_scope": "ja", "besluit": "akkoord", "lead_ministry_id": "",
    "consents_seen": "y", "may_publish": "y", "may_share": "y", "understood": "y", "erase_contact": "nee",
    "result": "door_andere_uitvoeringspraktijk", "assessment_id": "", "consent": "telefoon",
}  # fmt: skip
"""What people choose where the choice decides how far a case comes."""


@dataclass
class Report:
    """What happened. ``faults`` is empty when all is well."""

    acts: int = 0
    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    races: Counter[str] = field(default_factory=Counter)
    slow: list[float] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)
    load: tuple[float, float, float] = (0, 0, 0)
    seconds: float = 0
    deadlocks: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        times = sorted(self.slow) or [0.0]
        lines = [
            f"{self.acts} acts, {self.requests} requests in {self.seconds / 60:.1f} minutes; load of the machine "
            f"{self.load[0]:.1f} (1 minute), {psutil.cpu_count()} processors",
            f"answers: {', '.join(f'{status} {count}x' for status, count in sorted(self.statuses.items()))}",
            f"time of a request: median {times[len(times) // 2]:.2f} s, 95% {times[int(0.95 * (len(times) - 1))]:.2f} "
            f"s, longest {times[-1]:.2f} s",
            f"same form at the same moment: {dict(self.races)}; deadlocks: {self.deadlocks}",
            f"cases: {', '.join(f'{state} {count}' for state, count in self.states.most_common())}",
            "| act | done | refused |",
            "| --- | ---: | ---: |",
            *(f"| {name} | {self.done[name]} | {self.refused[name]} |" for name in sorted({*self.done, *self.refused})),
            "| process | memory after a fifth, MB | at the end, MB |",
            "| --- | ---: | ---: |",
            *(f"| {name} | {found[0]:.0f} | {found[-1]:.0f} |" for name, found in self.memory.items()),
            *(f"FAULT: {fault}" for fault in self.faults[:SHOWN]),
            f"{len(self.faults)} faults",
        ]
        return "\n".join(lines)


class Hour:
    """What all people of the desk share: the site, the report, and what was acknowledged."""

    def __init__(self, site: Site, seed: int, today: date) -> None:
        self.site, self.seed, self.today = site, seed, today
        self.report, self.lock = Report(), threading.Lock()
        self.notes: list[str] = []
        self.additions: list[str] = []
        self.references: list[str] = []
        self.pause = 0.0
        """How many seconds people read, on average, before they ask for the next page."""

    def note(self, answer: Answer, where: str) -> None:
        with self.lock:
            self.report.requests += 1
            self.report.statuses[answer.status] += 1
            self.report.slow.append(answer.seconds)
            if answer.status >= 500:
                self.report.faults.append(f"{where} answered {answer.status}: {answer.text[:120]!r}")

    def count(self, what: Counter[str], name: str) -> None:
        with self.lock:
            what[name] += 1

    def link_in_mail(self, kind: str, chance: random.Random, address: str | None = None) -> str | None:
        """A secret link from a mail that went out; to one address, or any of its kind."""
        wanted = select(OutboxMail.body).where(OutboxMail.body.is_not(None)).order_by(OutboxMail.id.desc()).limit(40)
        if address is not None:
            wanted = wanted.where(OutboxMail.to_address == address)
        else:
            mail = "raadpleging_gevraagd" if kind == "official" else "overdracht_gevraagd"
            wanted = wanted.where(OutboxMail.kind == mail)
        with self.site.session() as session:
            found = [match[0] for body in session.scalars(wanted) if (match := _SECRET[kind].search(body or ""))]
        return chance.choice(found) if found else None


class Person:
    """Somebody with a browser, who fills in what a page asks."""

    def __init__(self, hour: Hour, name: str) -> None:
        self.hour, self.name = hour, name
        self.chance = random.Random(f"{hour.seed} {name}")
        self.browser = Browser(hour.site.config.port)
        self.busy = threading.Lock()
        self.number = 0

    def _read(self) -> None:
        if self.hour.pause:
            time.sleep(self.chance.expovariate(1 / self.hour.pause))

    def get(self, path: str) -> Answer:
        self._read()
        answer = self.browser.ask("GET", path)
        self.hour.note(answer, f"GET {_plain(path)}")
        return answer

    def post(self, path: str, values: dict[str, str]) -> Answer:
        self._read()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.browser.ask("POST", path, kind, urlencode(values).encode())
        self.hour.note(answer, f"POST {_plain(path)}")
        return answer

    def words(self) -> str:
        """Words that stand nowhere else, so that it can be seen whether they were kept once."""
        self.number += 1
        return f"Proef {self.name.replace(' ', '-')}-{self.number} van het loket."

    def filled(self, page: Answer, **typed: str) -> dict[str, str]:
        """The form on a page, filled in."""
        values: dict[str, str] = {}
        for asked, offered in fields_in(page.body).items():
            name = _PART_OF_DAY.sub("", asked)  # a day may be sent whole as well
            options = [each for each in offered if each]
            if name in ("attachments", "bestand", PREVIEW, CITE):
                continue
            if name in CHOSEN and (CHOSEN[name] in offered or not offered):
                values[name] = CHOSEN[name]
            elif name in ("csrf_token", "submission_key", "version", "review_id"):
                values[name] = offered[0]
            elif name in ("answer_by", "act_by", "until"):
                values[name] = (self.hour.today + timedelta(days=self.chance.choice((18, 25, 40)))).isoformat()
            elif name in ("legal_date", "received_on"):
                values[name] = self.hour.today.isoformat()
            elif name.endswith("email"):
                values[name] = f"{self.name.replace(' ', '-')}@elders.example"
            elif len(options) > 1 or name.endswith("_id"):
                values[name] = self.chance.choice(options) if options else ""
            elif options:
                values[name] = options[0]
            else:
                values[name] = "Zo zit het."
        return {**values, **typed}


def _plain(path: str) -> str:
    """An address without secrets and numbers, for the report."""
    return re.sub(r"/(?:volgen|raadplegen|overnemen)/\w{12,}", "/…", re.sub(r"KNP-\d+-\d+", "KNP", path))


def log_in(person: Person, email: str, password: str = PASSWORD) -> None:
    page = person.get("/inloggen")
    values = {**person.filled(page), "email": email, "password": password}
    answer = person.post("/inloggen", values)
    if answer.status not in MOVED_ON:
        person.hour.report.faults.append(f"{person.name} could not log in: {answer.status}")
    page = person.get("/inloggen/code")
    shown = DEMO_CODE.search(page.body)
    if shown:
        person.post("/inloggen/code", {**person.filled(page), "code": shown.group(1).decode()})


class Staff(Person):
    """Somebody at the desk."""

    def act(self) -> None:
        """Open a list, a case of it, and do one of the things that the page offers."""
        hour = self.hour
        listed = self.get(
            self.chance.choice(("/vandaag", "/werkvoorraad?lijst=alle", "/werkvoorraad", "/werkvoorraad"))
        )
        found = [*dict.fromkeys(CASE.findall(listed.text))]
        with hour.lock:
            known = hour.references[-400:]
        if not found or self.chance.random() < 0.6:
            found = known
        if not found:
            return
        reference = self.chance.choice(found)
        page = self.get(f"/zaken/{reference}")
        path = self._chosen(reference, page)
        if path is None:
            return
        if self.chance.random() < 0.03 and path.rpartition("/")[2] in ("notitie", "toewijzen", "bericht"):
            self._race(path)
            return
        name = urlsplit(path).path.rpartition("/")[2]
        form = self.get(path)
        if form.status != 200 or b"submission_key" not in form.body:
            return
        typed = {"body": self.words()} if name in ("notitie", "bericht") else {}
        answer = self.post(path, self.filled(form, **typed))
        is_done = answer.status in MOVED_ON
        hour.count(hour.report.done if is_done else hour.report.refused, name)
        if is_done and name == "notitie":
            with hour.lock:
                hour.notes.append(typed["body"])

    def _chosen(self, reference: str, page: Answer) -> str | None:
        offered = {}
        for href in _LINK.findall(page.text):
            path = href.replace("&amp;", "&")
            name = urlsplit(path).path.rpartition("/")[2]
            if path.startswith(f"/zaken/{reference}/") and name in STEPS:
                offered[path] = STEPS[name]
        if not offered:
            return None
        return self.chance.choices([*offered], [*offered.values()])[0]

    def _race(self, path: str) -> None:
        """Send one form twice at the same moment: what has one version may be done once."""
        forms = [self.filled(self.get(path)) for _ in range(2)]
        if not all("submission_key" in form for form in forms):
            return
        if "body" in forms[0]:
            forms = [forms[0], dict(forms[0])]
            forms[0]["body"] = forms[1]["body"] = self.words()
        name = path.rpartition("/")[2]
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda form: self.post(path, form), forms))
        done = sum(answer.status in MOVED_ON for answer in answers)
        self.hour.count(self.hour.report.races, f"{name}: {done} of 2 done")
        if name == "toewijzen" and done > 1:
            with self.hour.lock:
                self.hour.report.faults.append("two people assigned a case from the same version")
        if name == "notitie":
            with self.hour.lock:
                self.hour.notes.append(forms[0]["body"])


class Submitter(Person):
    """A resident, who files and then follows the case."""

    reference: str | None = None

    @property
    def address(self) -> str:
        return f"{self.name.replace(' ', '-')}@druk.example"

    def act(self) -> None:
        if self.reference is None:
            self._file()
            return
        link = self.hour.link_in_mail("follow", self.chance, self.address)
        if link is None:
            return
        page = self.get(link)
        if page.status != 200:
            return
        offered = {}
        for href in _LINK.findall(page.text):
            parts = urlsplit(href).path.split("/")
            name = "antwoord" if "antwoord" in parts else parts[-1]
            if href.startswith(f"{link}/") and name in REACTIONS:
                offered[href] = REACTIONS[name]
        if not offered:
            return
        path = self.chance.choices([*offered], [*offered.values()])[0]
        form = self.get(path)
        if form.status != 200 or b"submission_key" not in form.body:
            return
        words = self.words()
        name = urlsplit(path).path.rpartition("/")[2]
        typed = {"body": words} if name == "toevoegen" else {}
        answer = self.post(path, self.filled(form, **typed))
        is_done = answer.status in MOVED_ON
        name = f"submitter: {'antwoord' if name.isdigit() else name}"
        self.hour.count(self.hour.report.done if is_done else self.hour.report.refused, name)
        if is_done and "body" in typed:
            with self.hour.lock:
                self.hour.additions.append(words)

    def _file(self) -> None:
        start = self.post("/melden/bewoner", {**self.filled(self.get("/melden/bewoner")), "title": self.words()})
        key = [*urlsplit(start.location).path.split("/"), "", "", ""][2]
        if start.status not in MOVED_ON or not key:
            return
        steps = (
            ("plaats", {"municipality_id": "Zwolle"}),
            ("belemmering", {"description": "Een regel houdt ons plan tegen."}),
            ("contact", {"contact_email": self.address}),
            ("controle", {"consents_seen": "y", "may_publish": "ja", "may_share": "ja"}),
        )
        for name, typed in steps:
            path = f"/melden/{key}/{name}"
            carried = {
                each: values[0]
                for each, values in fields_in(self.get(path).body).items()
                if each in ("csrf_token", "submission_key", "version", "draft_version")
            }
            if self.post(path, {**carried, **typed}).status not in MOVED_ON:
                self.hour.count(self.hour.report.refused, f"file: {name}")
                return
        found = re.search(r"KNP-\d{4}-\d+", self.get(f"/melden/{key}/ontvangen").text)
        if found is None:
            self.hour.report.faults.append("a receipt page shows no number")
            return
        self.reference = found[0]
        self.hour.count(self.hour.report.done, "file")
        with self.hour.lock:
            self.hour.references.append(found[0])


class Outsider(Person):
    """An official of a ministry, or somebody at another organisation, with a link from a mail."""

    def act(self) -> None:
        kind = self.chance.choice(("official", "official", "door"))
        link = self.hour.link_in_mail(kind, self.chance)
        if link is None:
            return
        ways = ("", "/niet-van-ons", "/meer-tijd") if kind == "official" else ("", "/niet")
        path = link + self.chance.choices(ways, [8, *[1] * (len(ways) - 1)])[0]
        form = self.get(path)
        if form.status != 200 or b"submission_key" not in form.body:
            return
        answer = self.post(path, self.filled(form))
        is_done = answer.status in MOVED_ON
        self.hour.count(self.hour.report.done if is_done else self.hour.report.refused, f"{kind}{path[len(link) :]}")


def desk_of(hour: Hour, staff: int) -> list[Staff]:
    """The people of the desk, each logged in; and the officials whom they may ask."""
    hashed = hash_password(PASSWORD)
    accounts: list[tuple[str, str]] = []
    with hour.site.factory() as make:
        ministry = make.ministry()
        for number in range(staff):
            role = STAFF[number % len(STAFF)]
            account = make.account(role, ministry, password_hash=hashed)
            hour.site.give_phone(make, account)
            accounts.append((f"{role.value} {number}", account.email))
        other = make.organisation(OrganisationKind.MINISTRY)
        for number, where in enumerate((ministry, other, ministry)):
            address = f"ambtenaar{number}@druk.example"
            make.add(
                MinistryContact(ministry_id=where.id, name=f"Ambtenaar {number}", email=address, is_fallback=False)
            )
    desk = [Staff(hour, name) for name, _email in accounts]
    for person, (_name, email) in zip(desk, accounts, strict=True):
        log_in(person, email)
    return desk


def people_of(hour: Hour, staff: int, submitters: int) -> list[Callable[[], None]]:
    """Everybody as an act to take, in the weight with which they act: the desk does most."""
    desk = desk_of(hour, staff)
    residents = [Submitter(hour, f"bewoner {number}") for number in range(submitters)]
    outsiders = [Outsider(hour, f"buiten {number}") for number in range(8)]
    chance = random.Random(hour.seed)

    def one() -> None:
        pool = chance.choices((desk, residents, outsiders), (12, 7, 1))[0]
        person = chance.choice(pool)
        with person.busy:
            person.act()

    return [one]


def memory_of(site: Site) -> dict[str, float]:
    """How much memory the web server and the worker hold, in MB, with all processes under them."""
    found = {}
    for name, child in (("web", site.web), ("worker", site.worker)):
        top = psutil.Process(child.process.pid)
        found[name] = sum(each.memory_info().rss for each in (top, *top.children(recursive=True))) / 2**20
    return found


def run(site: Site, *, acts: int, minutes: float, staff: int, submitters: int, threads: int, seed: int) -> Report:
    """Let everybody act until the number of acts or the time is over."""
    with site.factory() as make:
        hour = Hour(site, seed, make.today)
    report = hour.report
    (act,) = people_of(hour, staff, submitters)
    began = time.monotonic()
    deadline = began + 60 * minutes
    kept_at = {max(1, acts * share // 5) for share in range(1, 6)}

    def work(_number: int) -> None:
        while time.monotonic() < deadline:
            with hour.lock:
                if report.acts >= acts:
                    return
                report.acts += 1
                must_measure = report.acts in kept_at
            act()
            if must_measure:
                for name, size in memory_of(site).items():
                    report.memory.setdefault(name, []).append(size)

    with ThreadPoolExecutor(threads) as people:
        for each in [people.submit(work, number) for number in range(threads)]:
            each.result()
    report.seconds = time.monotonic() - began
    report.load = psutil.getloadavg()
    for name, size in memory_of(site).items():
        report.memory.setdefault(name, []).append(size)
    check(hour)
    return report


def check(hour: Hour) -> None:
    """Compare what was acknowledged with what is there, and look for cases that nobody looks after."""
    report = hour.report
    with hour.site.session() as session:
        chain = events.verify(session)
        report.faults += [f"the event chain: {chain.fault}"] if chain.fault else []
        check_words(session, hour)
        report.states = Counter(dict(session.execute(select(Case.status, func.count()).group_by(Case.status)).all()))
        silent = session.scalars(
            select(Case.reference).where(
                Case.status.in_(sorted(OPEN_STATUSES)), Case.due_on.is_(None), Case.suspended_until.is_(None)
            )
        )
        report.faults += [f"{reference} is open and no term runs" for reference in silent]
        without_owner = select(Case.reference).where(
            Case.handler_id.is_(None),
            Case.status.in_(sorted(OPEN_STATUSES - {CaseStatus.SUBMITTED, CaseStatus.RECONSIDERATION})),
            func.coalesce(Case.status_before_supplement, "") != CaseStatus.SUBMITTED,
        )
        report.faults += [f"{reference} is handled by nobody" for reference in session.scalars(without_owner)]
        unacknowledged = set(session.scalars(select(Case.reference))) - set(hour.references)
        lost = set(hour.references) - set(session.scalars(select(Case.reference)))
        report.faults += [f"{reference} was acknowledged and is not there" for reference in sorted(lost)]
        report.done["filed without an answer that came through"] = len(unacknowledged)
        numbers = session.execute(select(func.count(), func.max(Event.number)).select_from(Event)).one()
        if numbers[0] != (numbers[1] or 0):
            report.faults.append("the events are not numbered without gaps")
    for name, sizes in report.memory.items():
        if len(sizes) > 1 and sizes[-1] > LARGEST_GROWTH * sizes[0]:
            report.faults.append(f"the {name} process grew from {sizes[0]:.0f} to {sizes[-1]:.0f} MB")
    if report.statuses[NO_ANSWER]:
        report.faults.append(f"{report.statuses[NO_ANSWER]} requests got no answer")


def check_words(session: Session, hour: Hour) -> None:
    """That what people wrote is there exactly once, and that the database knew no deadlock."""
    report = hour.report
    deadlocks = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    report.deadlocks = session.scalar(deadlocks) or 0
    if report.deadlocks:
        report.faults.append(f"{report.deadlocks} deadlocks")
    for what, words, table in (("note", hour.notes, Note), ("addition", hour.additions, Message)):
        kept = Counter(session.scalars(select(table.body).where(table.body.in_(words))))
        for each in dict.fromkeys(words):
            if kept[each] != 1:
                report.faults.append(f"a {what} that was acknowledged stands there {kept[each]} times: {each}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--acts", type=int, default=4_000)
    parser.add_argument("--minutes", type=float, default=60.0, help="stop after so many minutes, whatever was done")
    parser.add_argument("--staff", type=int, default=20)
    parser.add_argument("--submitters", type=int, default=200)
    parser.add_argument("--threads", type=int, default=6, help="how many people do something at the same moment")
    parser.add_argument("--processes", type=int, default=2, help="web processes of the site")
    parser.add_argument("--seed", type=int, default=1)
    options = vars(parser.parse_args())
    processes = options.pop("processes")
    with (
        tempfile.TemporaryDirectory(prefix="knelpunt-desk-") as folder,
        database.running_server() as server,
        running_site(server, Path(folder), web_processes=processes) as site,
    ):
        report = run(site, **options)
    print(report)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
