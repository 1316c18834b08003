"""Runs pages inside this process: counts their statements, and writes down which SQL they run."""

import hashlib
import pickle
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from psycopg.types.json import Jsonb
from sqlalchemy import event
from werkzeug.test import Client, TestResponse

from benchmarks.targets import TARGETS, Address, Connection, WrongAnswer
from config import Config, Environment
from knelpunt.adapters.database.postgres import libpq_url
from knelpunt.application import create_app
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.filing.rules import DRAFT_FIELDS
from knelpunt.extensions import db

FILINGS_AN_HOUR = 9_999
SECRET_KEY = "only for measuring, and not a secret"  # a fixed key, so that every server reads the same cookie
BASE_URL = "https://knelpunt.example"
COOKIE = "__Host-knelpunt"
Statement = tuple[str, Any]


@dataclass(slots=True)
class Plan:
    """What the bare pages run: the name and the statements of each address, and how each page begins and ends."""

    pages: dict[str, tuple[str, list[Statement]]] = field(default_factory=dict)
    frames: dict[str, tuple[str, str]] = field(default_factory=dict)
    filing: list[Statement] = field(default_factory=list)

    def save(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(self))


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's cookie, and the form token that goes with it."""

    cookie: str
    csrf_token: str

    def filing_form(self) -> dict[str, str]:
        """What the button of the last page of filing sends."""
        kept = {"csrf_token": self.csrf_token, "submission_key": secrets.token_hex(16), "version": "1"}
        return {**kept, "may_share": "y", "may_publish": "y", "consents_seen": "y"}


class InProcess:
    """Knelpunt on one database, in this process."""

    def __init__(self, url: str, folder: Path) -> None:
        where = {"data_dir": folder, "database_url": url, "base_url": BASE_URL}
        keys = {"secret_key": SECRET_KEY, "link_key": SECRET_KEY}
        self.app = create_app(Config(Environment.PRODUCTION, **keys, **where, filings_per_address=FILINGS_AN_HOUR))
        self.connection: Connection = psycopg.connect(libpq_url(url), autocommit=True)
        self._statements: list[Statement] = []
        event.listen(db.engine, "before_cursor_execute", self._note)
        self.staff = self._visit({"_user_id": self._sign_in()})
        self.visitor = self._visit({"visitor": "0" * 32})

    def addresses(self) -> dict[str, list[Address]]:
        """The addresses of each page that is read, by what the database holds now."""
        today, links = nl_day(datetime.now(UTC)), self.app.config["LINKS"]
        return {
            name: list(target.addresses(self.connection, links, today))
            for name, target in TARGETS.items()
            if target.addresses is not None
        }

    def _note(self, _conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        self._statements.append((statement, parameters))

    def _sign_in(self) -> str:
        """A session of the head of the desk that is not written again while we measure."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        self.connection.execute(
            "INSERT INTO login_sessions (token_hash, account_id, created_at, last_seen_at, second_factor_at)"
            " SELECT %s, id, %s, %s, %s FROM accounts WHERE role = 'hoofd_loket' ORDER BY id LIMIT 1",
            [hashlib.sha256(token.encode()).hexdigest(), now, now + timedelta(hours=1), now],
        )
        return token

    def _visit(self, values: dict[str, str]) -> Visit:
        """A signed cookie with these values and a form token."""
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        raw = hashlib.sha1(secrets.token_bytes(64)).hexdigest()
        cookie = f"{COOKIE}={signer.dumps({**values, 'csrf_token': raw})}"
        with self.app.test_request_context(headers={"Cookie": cookie}):
            return Visit(cookie, generate_csrf())

    def _open(self, path: str, visit: Visit | None, **posted: Any) -> TestResponse:
        self._statements = []
        headers = {"Referer": f"{BASE_URL}{path}", **({"Cookie": visit.cookie} if visit else {})}
        method = "POST" if posted else "GET"
        return Client(self.app, use_cookies=False).open(
            path, method=method, headers=headers, base_url=BASE_URL, **posted
        )

    def get(self, address: Address, *, is_private: bool) -> tuple[str, list[Statement]]:
        """The page and its statements; the second time, when the small tables are known."""
        for _ in range(2):
            response = self._open(address.path, self.staff if is_private else None)
        if response.status_code != 200:
            raise WrongAnswer(f"{address.path} answers {response.status_code}")
        body = response.get_data(as_text=True)
        address.check(body)
        return body, self._statements

    def file(self) -> list[Statement]:
        """File one prepared draft; its statements, the second time."""
        for _ in range(2):
            key = new_draft(self.connection)
            response = self._open(f"/melden/{key}/controle", self.visitor, data=self.visitor.filing_form())
            check_filed(self.connection, key, response.status_code, response.location or "")
        return self._statements

    def count_statements(self) -> dict[str, str]:
        """How many statements each page takes, over all of its addresses: one number, or the least and the most."""
        counts, addresses = {}, self.addresses()
        for name, target in TARGETS.items():
            found = [self.get(each, is_private=target.is_private)[1] for each in addresses.get(name, ())]
            sizes = {len(statements) for statements in found or [self.file()]}
            counts[name] = "-".join(str(number) for number in sorted({min(sizes), max(sizes)}))
        return counts

    def plan(self) -> Plan:
        """Everything that the bare pages need to know of Knelpunt's. It files before it looks what the pages show."""
        plan = Plan(filing=self.file())
        [(name,)] = self.connection.execute("SELECT name FROM accounts WHERE role = 'hoofd_loket' LIMIT 1").fetchall()
        for page, addresses in self.addresses().items():
            for address in addresses:
                body, statements = self.get(address, is_private=TARGETS[page].is_private)
                plan.pages[address.path] = (page, statements)
                start = body.index(">", body.index("<main")) + 1
                plan.frames[page] = (body[:start].replace(name, "%NAME%"), body[body.index("</main>") :])
        return plan


@contextmanager
def running(url: str, folder: Path) -> Iterator[InProcess]:
    """Knelpunt on this database for the length of a block."""
    process = InProcess(url, folder)
    try:
        yield process
    finally:
        db.engine.dispose()
        process.connection.close()


def new_draft(connection: Connection) -> str:
    """A resident's draft that can be filed as it is; its key."""
    key, now = secrets.token_hex(16), datetime.now(UTC)
    names = ("title", "description", "goal", "place", "tried", "municipality_id")
    [texts] = connection.execute(
        f"SELECT {', '.join(names)} FROM cases WHERE length(description) > 600 ORDER BY id LIMIT 1"
    ).fetchall()
    data = {name: str(text) for name, text in zip(names, texts, strict=True)}
    data |= {"theme": "wonen", "contact_name": "Indiener", "contact_email": f"indiener-{key}@voorbeeld.example"}
    if not data.keys() <= DRAFT_FIELDS:
        raise RuntimeError("a draft has other fields than this")
    connection.execute(
        "INSERT INTO drafts (key, kind, data, created_at, updated_at, version)"
        " VALUES (%s, 'bewonersinitiatief', %s, %s, %s, 1)",
        [key, Jsonb(data), now, now],
    )
    return key


def check_filed(connection: Connection, key: str, status: int, location: str) -> None:
    """That a draft became a whole case.

    Raises:
        WrongAnswer: something of it is missing.
    """
    row = connection.execute(
        "SELECT c.reference, (SELECT count(*) FROM clock_periods p WHERE p.case_id = c.id),"
        " (SELECT count(*) FROM contacts o WHERE o.case_id = c.id),"
        " (SELECT count(*) FROM follow_links l WHERE l.case_id = c.id),"
        " (SELECT count(*) FROM case_search s WHERE s.case_id = c.id AND s.terms IS NOT NULL),"
        " (SELECT count(*) FROM outbox m WHERE m.case_id = c.id AND m.body LIKE '%%' || c.reference || '%%'),"
        " (SELECT count(*) FROM events e WHERE e.case_id = c.id),"
        " (SELECT count(*) FROM drafts d WHERE d.key = c.draft_key) FROM cases c WHERE c.draft_key = %s",
        [key],
    ).fetchone()
    if status not in (302, 303) or not location.endswith(f"/melden/{key}/ontvangen"):
        raise WrongAnswer(f"filing answers {status} {location}")
    if row is None or tuple(row[1:]) != (2, 1, 1, 1, 1, 1, 0):
        raise WrongAnswer(f"a filed case is not whole: {row}")
