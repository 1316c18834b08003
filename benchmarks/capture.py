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
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from psycopg.types.json import Jsonb
from sqlalchemy import event
from werkzeug.test import Client, TestResponse

from benchmarks.targets import FILING, READ_PAGES, Address, Connection, WrongAnswer
from config import Config, Environment
from knelpunt import create_app
from knelpunt.adapters.database.postgres import libpq_url
from knelpunt.domain.filing.rules import DRAFT_FIELDS
from knelpunt.extensions import db

SECRET_KEY = "only for measuring, and not a secret"  # a fixed key, so that every server reads the same cookie
BASE_URL = "https://knelpunt.example"
COOKIE = "__Host-knelpunt"
Statement = tuple[str, Any]


@dataclass(slots=True)
class Plan:
    """What the bare pages run: the statements of each address, and what each page looks like around its facts."""

    statements: dict[str, list[Statement]] = field(default_factory=dict)
    filing: list[Statement] = field(default_factory=list)
    filed: dict[str, Any] = field(default_factory=dict)
    frames: dict[str, tuple[str, str]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(self))


@dataclass(slots=True)
class Visit:
    """Somebody's cookie, and the form token that goes with it."""

    cookie: str
    csrf_token: str


class InProcess:
    """Knelpunt on one database, in this process."""

    def __init__(self, url: str, folder: Path) -> None:
        config = Config(
            environment=Environment.PRODUCTION,
            secret_key=SECRET_KEY,
            base_url=BASE_URL,
            data_dir=folder,
            database_url=url,
        )
        self.app: Flask = create_app(config)
        self.links = self.app.config["LINKS"]
        self.connection: Connection = psycopg.connect(libpq_url(url), autocommit=True)
        self._statements: list[Statement] = []
        if db.engine is None:
            raise RuntimeError("the application made no engine")
        self._engine = db.engine
        event.listen(self._engine, "before_cursor_execute", self._note)
        self.staff = self._visit({"_user_id": self._sign_in()})
        self.visitor = self._visit({"visitor": "0" * 32})

    def close(self) -> None:
        self._engine.dispose()
        self.connection.close()

    def _note(self, _conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        self._statements.append((statement, parameters))

    def _sign_in(self) -> str:
        """A session of the head of the desk that is not written again while we measure."""
        token = secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        self.connection.execute(
            "INSERT INTO login_sessions (token_hash, account_id, created_at, last_seen_at)"
            " SELECT %s, id, %s, %s FROM accounts WHERE role = 'hoofd_loket' ORDER BY id LIMIT 1",
            [hashlib.sha256(token.encode()).hexdigest(), now, now + timedelta(hours=1)],
        )
        return token

    def _visit(self, values: dict[str, str]) -> Visit:
        """A signed cookie with these values and a form token."""
        raw = hashlib.sha1(secrets.token_bytes(64)).hexdigest()
        with self.app.test_request_context():
            from_app = SecureCookieSessionInterface().get_signing_serializer(self.app)
            if from_app is None:
                raise RuntimeError("the application has no key")
            cookie = from_app.dumps({**values, "csrf_token": raw})
        with self.app.test_request_context(headers={"Cookie": f"{COOKIE}={cookie}"}):
            return Visit(f"{COOKIE}={cookie}", generate_csrf())

    def get(self, address: Address, *, is_private: bool) -> tuple[str, list[Statement]]:
        """The page and its statements; the second time, when the small tables are known."""
        for _ in range(2):
            response = self._open(address.path, self.staff if is_private else None)
        if response.status_code != 200:
            raise WrongAnswer(f"{address.path} answers {response.status_code}")
        body = response.get_data(as_text=True)
        address.check(body)
        return body, self._statements

    def _open(self, path: str, visit: Visit | None, form: dict[str, str] | None = None) -> TestResponse:
        self._statements = []
        headers = {"Cookie": visit.cookie} if visit else {}
        client = Client(self.app, use_cookies=False)
        if form is None:
            return client.get(path, headers=headers, base_url=BASE_URL)
        return client.post(path, headers={**headers, "Referer": f"{BASE_URL}{path}"}, base_url=BASE_URL, data=form)

    def file(self) -> list[Statement]:
        """File one prepared draft; its statements."""
        key = new_draft(self.connection)
        response = self._open(f"/melden/{key}/controle", self.visitor, filing_form(self.visitor))
        check_filed(self.connection, key, response.status_code, response.location or "")
        return self._statements


def new_draft(connection: Connection) -> str:
    """A resident's draft that can be filed as it is; its key."""
    key = secrets.token_hex(16)
    texts = connection.execute(
        "SELECT title, description, goal, place, tried, municipality_id FROM cases WHERE length(description) > 600"
        " ORDER BY id LIMIT 1"
    ).fetchone()
    if texts is None:
        raise RuntimeError("there is no case to copy the words of")
    names = ("title", "description", "goal", "place", "tried", "municipality_id")
    data = {name: str(text) for name, text in zip(names, texts, strict=True)}
    data |= {"theme": "wonen", "contact_name": "Indiener", "contact_email": f"indiener-{key}@voorbeeld.example"}
    if not data.keys() <= DRAFT_FIELDS:
        raise RuntimeError("a draft has other fields than this")
    now = datetime.now(UTC)
    connection.execute(
        "INSERT INTO drafts (key, kind, data, created_at, updated_at, version)"
        " VALUES (%s, 'bewonersinitiatief', %s, %s, %s, 1)",
        [key, Jsonb(data), now, now],
    )
    return key


def filing_form(visit: Visit) -> dict[str, str]:
    """What the button of the last page sends."""
    return {
        "csrf_token": visit.csrf_token,
        "submission_key": secrets.token_hex(16),
        "version": "1",
        "may_share": "y",
        "may_publish": "y",
        "consents_seen": "y",
    }


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


@contextmanager
def running(url: str, folder: Path) -> Iterator[InProcess]:
    """Knelpunt on this database for the length of a block."""
    process = InProcess(url, folder)
    try:
        yield process
    finally:
        process.close()


def count_statements(process: InProcess) -> dict[str, str]:
    """How many statements each page takes, over all of its addresses: one number, or the least and the most."""
    counts: dict[str, str] = {}
    for target in READ_PAGES:
        seen = {
            len(process.get(address, is_private=target.is_private)[1])
            for address in target.addresses(process.connection, process.links, datetime.now(UTC).date())
        }
        counts[target.name] = "-".join(str(number) for number in sorted({min(seen), max(seen)}))
    process.file()
    counts[FILING] = str(len(process.file()))
    return counts
