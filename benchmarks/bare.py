"""The same pages bare: the SQL that Knelpunt runs, executed by hand, and joined strings. No ORM, templates or forms.

What an honest site does at each request all the same is done here too: the signed cookie is read, the session looked
up (by the first of the statements), every text escaped, the form token checked, a filing written in one transaction.
The unchanging parts of a page and the names of the small tables are made once, at the start. Started by
``benchmarks.pages`` with gunicorn; BARE_DATABASE_URL and BARE_PLAN say where the data and the SQL are.
"""

import hashlib
import hmac
import json
import os
import pickle
import re
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from flask import Flask, abort, redirect, request, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from benchmarks.capture import BASE_URL, COOKIE, SECRET_KEY, Plan
from benchmarks.targets import TARGETS, Connection
from knelpunt.adapters.words.search_terms import to_document
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Result, SubmitterKind, Theme, Verdict
from knelpunt.web.shared.labels import labels

PLAN: Plan = pickle.loads(Path(os.environ["BARE_PLAN"]).read_bytes())
app = Flask(__name__, static_folder=None)
app.config.update(SECRET_KEY=SECRET_KEY, SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_SECURE=True)
_signer = URLSafeTimedSerializer(SECRET_KEY, salt="wtf-csrf-token")
Rows = list[Any]


@cache
def connection() -> Connection:
    """The one of this process, which takes one request at a time; every statement is prepared at its second use."""
    return psycopg.connect(
        os.environ["BARE_DATABASE_URL"], autocommit=True, prepare_threshold=1, application_name="bare"
    )


@app.get("/<path:_path>")
def page(_path: str) -> ResponseReturnValue:
    path = request.full_path.removesuffix("?")
    if path not in PLAN.pages:
        abort(404)
    kind, statements = PLAN.pages[path]
    run = connection().execute
    results = [run(statement, values).fetchall() for statement, values in statements]
    name = ""
    if TARGETS[kind].is_private:
        token = session.get("_user_id")
        if token is None or not results[0]:
            abort(401)
        if hashlib.sha256(token.encode()).hexdigest() not in statements[0][1].values():
            abort(401)
        name = str(results.pop(0)[0][4])
    before, after = PLAN.frames[kind]
    return "".join([before.replace("%NAME%", escape(name)), *DRAWN[kind](results), after])


@app.post("/melden/<string:key>/controle")
def file(key: str) -> ResponseReturnValue:
    form = request.form
    try:
        given = _signer.loads(form["csrf_token"])
    except BadData:
        abort(400)
    if not hmac.compare_digest(given, session["csrf_token"]) or form["consents_seen"] != "y":
        abort(400)
    filing = Filing(key, form["submission_key"])
    with connection().transaction():
        for statement, values in PLAN.filing:
            filing.run(statement, values)
    return redirect(f"/melden/{key}/ontvangen", 302)


# --- pages

MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
HEADS = ["Zaak", "Plaats", "Wet", "Staat", "Behandelaar", "Termijn", "Ingediend", "Gewijzigd"]
HEAD = f"<thead><tr>{''.join(f'<th>{head}</th>' for head in HEADS)}</tr></thead>"
LISTS = {
    name: {member.value: escape(labels.label(member)) for member in members}
    for name, members in (
        ("staat", CaseStatus),
        ("oordeel", Verdict),
        ("resultaat", Result),
        ("indiener", SubmitterKind),
        ("thema", Theme),
        ("publicatie", PublicationStatus),
    )
}
WORDS = {value: words for listed in LISTS.values() for value, words in listed.items()}


def names(statement: str) -> dict[Any, str]:
    return {key: escape(name) for key, name in connection().execute(statement).fetchall()}


PLACES = names("SELECT id, name FROM municipalities ORDER BY name")
LAWS = names("SELECT id, citation_title FROM laws ORDER BY citation_title")
PEOPLE = names("SELECT id, name FROM accounts WHERE role <> 'indiener' ORDER BY name")
PROVINCES = names("SELECT id, name FROM provinces ORDER BY name")
CODES = names("SELECT code, name FROM municipalities WHERE valid_to IS NULL ORDER BY name")
KEYS = names("SELECT key, citation_title FROM laws ORDER BY citation_title")


def filters(lists: dict[str, dict[Any, str]]) -> str:
    selects = "".join(
        f'<label>{name}<select name="{name}"><option value="">Alle</option>'
        + "".join(f'<option value="{value}">{words}</option>' for value, words in options.items())
        + "</select></label>"
        for name, options in lists.items()
    )
    return f'<form method="get">{selects}<input type="date" name="van"><input type="date" name="tot">'


FILTER = filters({**LISTS, "wet": KEYS, "gemeente": CODES, "provincie": PROVINCES, "behandelaar": PEOPLE})
PUBLIC_LISTS = {name: LISTS[name] for name in ("oordeel", "indiener", "thema")}
PUBLIC_FILTER = filters({**PUBLIC_LISTS, "wet": LAWS, "gemeente": PLACES, "provincie": PROVINCES})


def day(value: date | datetime | None) -> str:
    return "" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def text(value: Any) -> str:
    """Any value as escaped text; a stored word of a closed list in the words of the screen."""
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    found = WORDS.get(value) if isinstance(value, str) else None
    return found or escape(str(value))


def amount(value: Any) -> str:
    return f"{value:,}".replace(",", ".") if isinstance(value, int | Decimal) else text(value)


def facts(pairs: Iterable[tuple[Any, Any]]) -> str:
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{text(value)}</dd>" for name, value in pairs if value) + "</dl>"


def _pairs(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value if isinstance(value, list) else [value])


def parts(results: list[Rows]) -> Iterable[str]:
    """Every value of every row: single ones as facts, each list that came as JSON as a section of fact sheets."""
    for row in chain.from_iterable(results):
        yield facts((str(place), value) for place, value in enumerate(row) if not isinstance(value, list | dict))
        for place, value in enumerate(row):
            if isinstance(value, list | dict):
                inner = value if isinstance(value, list) else [value]
                sheets = (facts(_pairs(each)) for each in inner)
                yield f"<section><h2>{place}</h2>{''.join(sheets) if inner else '<p>Geen.</p>'}</section>"


def search_box() -> str:
    return f'<input name="q" value="{escape(request.args.get("q", ""))}"><button>Toon</button></form>'


def work_list(results: list[Rows]) -> Iterable[str]:
    *tabs, rows, views = results
    yield from parts([*tabs, views])
    yield f"<h1>Zaken</h1>{FILTER}{search_box()}<p>{rows[0][-1] if rows else 0} zaken</p><table>{HEAD}<tbody>"
    for row in rows[:25]:
        place = PLACES[row[9]] if row[9] else text(row[10])
        law = LAWS[row[12]] if row[12] else "geen"
        handler = PEOPLE[row[13]] if row[13] else "niemand"
        number = escape(row[1])
        yield (
            f'<tr><th scope="row"><a href="/zaken/{number}">{escape(row[2])}</a> <span>{number}</span></th>'
            f"<td>{place}</td><td>{law}</td><td>{text(row[3])} {row[4]}</td><td>{handler}</td>"
            f"<td>{day(row[17] or row[19])}</td><td>{day(row[15])}</td><td>{day(row[20])}</td></tr>"
        )
    yield "</tbody></table>"
    if len(rows) > 25:
        yield f'<a href="?{escape(urlencode(request.args))}&amp;na={rows[24][0]}">Volgende</a>'


def quarter(results: list[Rows]) -> Iterable[str]:
    name = request.path.split("/")[2]
    yield f"<h1>{name[-1]}e kwartaal {name[:4]}</h1>"
    yield from tables(results)


def tables(results: list[Rows]) -> Iterable[str]:
    """Every value of every row, with what the numbers of a column are together."""
    for rows in results:
        lines = ("<tr>" + "".join(f"<td>{amount(value)}</td>" for value in row) + "</tr>" for row in rows)
        sums = (sum(value for value in column if isinstance(value, int)) for column in zip(*rows, strict=True))
        foot = "".join(f"<td>{amount(number)}</td>" for number in sums)
        yield f"<table><tbody>{''.join(lines)}</tbody><tfoot><tr>{foot}</tr></tfoot></table>"


def quarter_list(results: list[Rows]) -> Iterable[str]:
    """Fifty cases; the one after them only says that there is another page."""
    return ["<h1>Zaken van een cijfer</h1>", *parts([rows[:50] for rows in results])]


def follow(results: list[Rows]) -> Iterable[str]:
    token = request.path.rpartition("/")[2]
    signed = f"volgen:{token[:12]}:{results.pop(0)[0][2]}".encode()
    if not hmac.compare_digest(token[12:], hmac.new(SECRET_KEY.encode(), signed, hashlib.sha256).hexdigest()[:32]):
        abort(404)
    links = "".join(f'<a href="/volgen/{token}/{what}">{what}</a>' for what in ("toevoegen", "intrekken", "link"))
    return ["<h1>Uw melding</h1>", *parts(results), links]


DRAWN: dict[str, Callable[[list[Rows]], Iterable[str]]] = {
    "work list": work_list,
    "search": work_list,
    "case page": lambda results: ["<h1>Zaak</h1>", *parts(results)],
    "quarter": quarter,
    "quarter's parts": quarter,
    "quarter's cases": quarter_list,
    "dashboard": lambda results: ["<h1>Bureau</h1>", *tables(results)],
    "public list": lambda results: [f"<h1>Knelpunten</h1>{PUBLIC_FILTER}{search_box()}", *parts(results)],
    "public case": lambda results: ["<h1>Knelpunt</h1>", *parts(results)],
    "follow page": follow,
}


# --- filing: the statements of Knelpunt's own filing, with this filing's values in their places

_WHICH = re.compile(r"(case_id|cases_id|pk|draft_id|drafts_id|id|primary_keys)(_\d+|__\d+)?")
_OF_CASE = frozenset({"case_id", "cases_id", "pk"})
_OF_DRAFT = frozenset({"draft_id", "drafts_id", "id"})


def recorded() -> dict[str, Any]:
    """What was one filing's own in the statements that were written down: its numbers, keys and addresses."""
    found: dict[str, Any] = {}
    for statement, values in PLAN.filing:
        match " ".join(statement.split()[:3]):
            case "INSERT INTO cases":
                found |= {name: values[name] for name in ("reference", "draft_key")}
            case "INSERT INTO submissions":
                found["submission_key"] = values["key"]
            case "INSERT INTO follow_links":
                found |= {name: values[name] for name in ("case_id", "public_id", "nonce")}
            case "DELETE FROM drafts":
                (found["draft_id"],) = values.values()
            case "INSERT INTO outbox":
                found["message_id"] = values["message_id"]
            case "UPDATE submissions SET":
                found["location"] = values["location"]
    return found


THEN = recorded()


class Filing:
    """One filing on its way: what was learned so far takes the place of what was recorded."""

    def __init__(self, key: str, submission_key: str) -> None:
        self.public_id, self.nonce = secrets.token_hex(6), secrets.token_hex(16)
        self.now = datetime.now(UTC)
        self.texts: dict[Any, Any] = {
            THEN["draft_key"]: key,
            THEN["submission_key"]: submission_key,
            THEN["public_id"]: self.public_id,
            THEN["nonce"]: self.nonce,
            THEN["message_id"]: f"<{secrets.token_hex(16)}@knelpunt.example>",
            THEN["location"]: f"/melden/{key}/ontvangen",
        }
        self.case_id = self.draft_id = self.period_id = self.number = 0
        self.reference = self.previous = ""

    def run(self, statement: str, values: Any) -> None:
        if isinstance(values, list):
            connection().cursor().executemany(statement, [self._filled(each) for each in values])
            return
        new = self._filled(values)
        if statement.startswith("INSERT INTO case_search"):
            new["documents"] = [to_document(f"{self.reference}\n{self.title}\n{self.description}")]
            new["ids"] = [self.case_id]
        elif statement.startswith("INSERT INTO outbox"):
            signed = f"volgen:{self.public_id}:{self.nonce}".encode()
            mark = hmac.new(SECRET_KEY.encode(), signed, hashlib.sha256).hexdigest()[:32]
            body = re.sub(r"https://\S+/volgen/\w+", f"{BASE_URL}/volgen/{self.public_id}{mark}", values["body"])
            new["body"] = body.replace(THEN["reference"], self.reference)
            new["subject"] = values["subject"].replace(THEN["reference"], self.reference)
        elif statement.startswith("INSERT INTO events"):
            new |= {"number": self.number + 1, "previous_hash": self.previous}
            content = {name: str(value) for name, value in new.items() if name != "hash"}
            new["hash"] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        cursor = connection().execute(statement, new)
        if cursor.description is not None:
            self._learn(statement, new, cursor.fetchone())

    def _filled(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: self._value(name, value) for name, value in values.items()}

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            return self.reference if value == THEN["reference"] else self.texts.get(value, value)
        if isinstance(value, datetime):
            return self.now
        which = _WHICH.fullmatch(name) if isinstance(value, int) else None
        if which is None:
            return value
        if which[1] in _OF_CASE and value == THEN["case_id"]:
            return self.case_id
        if which[1] in _OF_DRAFT and value == THEN["draft_id"]:
            return self.draft_id
        return self.period_id if which[1] == "primary_keys" else value

    def _learn(self, statement: str, values: Any, row: Any) -> None:
        if statement.startswith("SELECT drafts.id"):
            self.draft_id = row[0]
        elif statement.startswith("INSERT INTO case_numbers"):
            self.reference = f"KNP-{self.now.year}-{row[0]:05d}"
        elif statement.startswith("INSERT INTO cases"):
            self.case_id, self.title, self.description = row[0], values["title"], values["description"]
        elif statement.startswith("INSERT INTO clock_periods"):
            self.period_id = row[0]
        elif statement.startswith("SELECT events.number"):
            self.number, self.previous = row[0], row[1]
