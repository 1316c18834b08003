"""Sends odd requests to every address in the name of every role, and judges each answer.

    .venv/bin/python -m benchmarks.random_requests [--requests 20000] [--seed 20261124 …] [--clients 2]

Starts a site with a data folder of its own, filled with the demo. Each address that takes a body gets one of every
kind first (a form, JSON, multipart, another type), in the name of somebody who may come there; the rest is left to
chance. Ends with 1 when an answer was a 5xx, showed something of the inside, let markup through, lacked one of the
fixed headers, or took longer than five seconds. Addresses for systems are asked with the key of the demonstration, and
get bodies after the contract of the API.
"""

import argparse
import json
import random
import re
import string
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from threading import Lock
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from benchmarks import odd_api
from benchmarks.browser import Answer, Browser, fields_in
from benchmarks.odd_api import SYSTEM
from knelpunt.application import create_app
from knelpunt.domain.permissions import ROLE_PERMISSIONS
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, LoginSession
from knelpunt.services.accounts.sessions import hash_token, new_token
from knelpunt.web.shared.requests.access import BY_CLIENT, access_of, now_utc
from tests.support import database
from tests.support.asker import cookies_of
from tests.support.site import Site, running_site

SLOWEST_SECONDS = 5.0
VISITOR = "visitor"
ACCOUNTS: dict[str, Role] = {
    "triage": Role.TRIAGER,
    "behandelaar": Role.HANDLER,
    "toetser": Role.REVIEWER,
    "hoofd": Role.HEAD_OF_DESK,
    "gemeente": Role.FILER,
    "gemeente-medewerker": Role.MEMBER,
    "gemeente-beheer": Role.ORGANISATION_ADMIN,
    "regelknelpunt": Role.BOTTLENECK_OWNER,
    "kwartaal": Role.REPORT_AUTHOR,
    "beheer": Role.ADMINISTRATOR,
    "audit": Role.AUDITOR,
}
"""The demo account of each role."""
PROBE = "<script>knelpuntproef</script>"
ATTRIBUTE_PROBE = '"onmouseover="knelpuntproef'
"""Markup that must never come back as it was sent."""
INSIDE = re.compile(r"Traceback|sqlalchemy|psycopg|werkzeug|jinja2|site-packages|SELECT .{1,200} FROM ", re.I)
REFUSED_BEFORE_THE_SITE = (414, 431)
"""What the web server answers by itself, to an address or a header that is too long."""
FRAMED = re.compile(r"(/en)?/insluiten/")
FRAMING = ("content-security-policy", "x-frame-options")
FIXED_HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "",
    "permissions-policy": "",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "",
}
"""What every answer carries, with a part of the value where that matters."""
_QUERY_NAMES = """
    q zoek na voor thema indiener oordeel provincie gemeente wet op domein ruimte geldt lijst sorteer richting staat
    status behandelaar organisatie uitkomst openbaar van tot cijfer per waarde te-laat loopt next let-op soort rol
    account zaak pagina filters
"""
QUERY_NAMES = tuple(_QUERY_NAMES.split())
_HIDDEN_COLUMNS = """
    id status verdict result organisation_id author_id role handler_id erased_at version submission_key basis csrf_token
    action is_active published_on reference
"""
HIDDEN_COLUMNS = tuple(_HIDDEN_COLUMNS.split())
"""Names of columns and fields that a form does not offer and somebody may post."""
ODD_TEXTS: tuple[str, ...] = (
    # numbers, and words for nothing
    "", " ", "0", "-1", "1", "99999999999999999999", "9" * 400, "1e999", "NaN", "0x10", "١٢٣", "²", "½", "True",
    "None", "[]", "{}", "ja", "nee",
    # days, quarters, case numbers
    "0000-00-00", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "31-12-0000", "2026-4",
    "0000-1", "9999-4", "2026-99999999999999999999", "-2026-1", "KNP-2026-00001", "KNP-0000-00000",
    "KNP-9999-99999999999999999999",
    # signs that are no letters, ends of lines, half letters, letters that go on and on
    "\x00", "a\x00b", "\x1b[31m", "\x7f", "\x85", "\r\nX-Proef: ja", "a\r\nBcc: ander@proef.example", "\ud800",
    "a\udfffb", "\ufeff", "\ufffe", "\u202egpj.exe", "\u2028", "e\u0301" * 50, "🏚" * 30, "x" * 300, "de " * 700,
    "x" * 30_000, "\n" * 2_000,
    # markup, templates, formats, SQL, search operators, formulas
    PROBE, ATTRIBUTE_PROBE, "{{7*7}}", "{% raise %}", "%s%n%x", "%00", "' OR 1=1 --", "\\", "a:* & !b | (",
    "!!!&&|||<->:*", "=1+1", "@SUM(A1)", "AAAA==", "eyJhIjoxfQ", "WzEsMl0",
    # paths and addresses
    "../../etc/passwd", "..\\..\\", "//evil.example", "/\\evil.example", "javascript:alert(1)",
    "https://evil.example/", "a@b", "a@proef.example", 'x"y@proef.example', "a@proef.example\nBcc: b@proef.example",
    "ander@" + "x" * 250 + ".example",
)  # fmt: skip
ODD_PATHS = (
    "/%00", "/%ff%fe", "/%ed%a0%80", "/..%2f..%2fetc%2fpasswd", "//evil.example", "/static/..%2f..%2fconfig.py",
    "/bestanden/x/..%2f..%2f..%2fconfig.py", "/bestanden/x/" + "a" * 3000, "/.env", "/.git/config",
    "/zaken/" + "9" * 2000, "/zaken/%0d%0aX-Proef:%20ja", "/beheer/accounts/99999999999999999999",
    "/beheer/accounts/0", "/beheer/accounts/-1", "/kwartalen/0000-1.pdf", "/kwartalen/99999-1.csv",
    "/?" + "a=1&" * 2000, "/;jsessionid=1", "/%2e%2e/%2e%2e/",
)  # fmt: skip
ODD_HEADERS: tuple[dict[str, str], ...] = (
    {}, {}, {}, {}, {"Host": "evil.example"}, {"Accept-Language": "x" * 2000}, {"Accept": ";;;q=,,,/"},
    {"Accept-Encoding": "gzip;q=NaN, *;q="}, {"Range": "bytes=99999999999999999999-0"},
    {"If-Modified-Since": "Mon, 00 Jan 0000 00:00:00 GMT"}, {"If-None-Match": '"' + "x" * 500}, {"If-Range": "\xff"},
    {"Cookie": "knelpunt=.eJx; knelpunt=a.b.c"}, {"Cookie": "knelpunt=\xff\xfe" + "x" * 3000},
    {"X-Forwarded-For": "x" * 500}, {"X-Forwarded-Host": "evil.example"}, {"X-Request-ID": PROBE},
    {"Referer": "//evil.example/\xff"}, {"User-Agent": PROBE}, {"Authorization": "Basic \xff"},
    {"Content-Encoding": "gzip"},
)  # fmt: skip
OTHER_METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROEF")
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
OTHER_KINDS = (
    "application/json", "application/json; charset=utf-16", "application/vnd.api+json", "text/xml", "text/plain",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=proef",
    "application/octet-stream", "", "x", "\xff",
)  # fmt: skip
ODD_JSON = (
    "", '"x"', "[[[[]]]]", "1e308", '{"title": 5}', "{}", "[]", "null", "{", '{"title": ["x", {"a": null}]}',
    '{"titel": "a", "titel": "b"}',
    '[["title", ["x"]]]', '{"csrf_token": 1, "submission_key": []}', "[" * 3000, '"\\ud800"', "NaN", "\ufeff{}",
)  # fmt: skip
"""What is no form: of every shape that JSON has, and some that it has not."""


class BodyKind(StrEnum):
    """What a request carries."""

    FORM = "form"
    JSON = "JSON"
    MULTIPART = "multipart"
    OTHER = "of another type"


Aim = tuple[str, str, str, BodyKind]
"""An address, a method and an endpoint, to be sent a body of a kind."""
KEPT_OUT = re.compile(r"/(uitzetten|rol)\b|/koppelingen/\d+/(intrekken|vernieuwen)")
"""Posting here would take an account or a key away from the ones who ask."""
CHANGING = ("POST", "PATCH", "DELETE")
FIRST_PAGES = ("/", "/welkom", "/knelpunten", "/wetten", "/werkvoorraad?lijst=alle", "/onze-zaken")


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``target`` is the address as it goes over the line, ``who`` a role or VISITOR."""

    who: str
    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    endpoint: str = ""

    @property
    def kind(self) -> BodyKind | None:
        """The kind of its body; None without one."""
        if not self.body:
            return None
        told = self.headers.get("Content-Type", "")
        known = {FORM: BodyKind.FORM, JSON: BodyKind.JSON, "multipart/form-data": BodyKind.MULTIPART}
        return known.get(told.partition(";")[0], BodyKind.OTHER)

    def __str__(self) -> str:
        return f"{self.who} {self.method} {self.target[:300]} {dict(self.headers)} {self.body[:600]!r}"


Send = Callable[[Request], Answer]


def faults_of(answer: Answer, patience: float = SLOWEST_SECONDS, *, is_framed: bool = False) -> list[str]:
    """Everything that is wrong with an answer to an odd request; ``is_framed`` where others may put it in a frame."""
    faults = []
    if answer.status >= 500:
        faults.append(f"status {answer.status}")
    if answer.seconds > patience:
        faults.append(f"took {answer.seconds:.1f} s")
    is_ours = answer.status not in REFUSED_BEFORE_THE_SITE
    faults += [
        f"header {name} is {answer.headers.get(name)!r}"
        for name, part in FIXED_HEADERS.items()
        if is_ours and part not in answer.headers.get(name, "\0") and not (is_framed and name in FRAMING)
    ]
    if "x-proef" in answer.headers:
        faults.append("a header was injected")
    if re.match(r"(https?:)?[/\\]{2}(?!localhost|127\.0\.0\.1)", answer.location):
        faults.append(f"leads to {answer.location[:100]}")
    if answer.headers.get("content-type", "").startswith("text/html"):
        if PROBE in answer.text or ATTRIBUTE_PROBE in answer.text:
            faults.append("markup came back as it was sent")
        if "\0" in answer.text:
            faults.append("a NUL in the page")
    if answer.status >= 400 and (found := INSIDE.search(answer.text)):
        faults.append(f"shows {found[0]!r}")
    return faults


class Generator:
    """Makes odd requests out of the addresses of the application and what is known to fit their parts."""

    def __init__(
        self, chance: random.Random, app: Flask, known: Mapping[str, Sequence[str]], parties: Mapping[str, Role | None]
    ) -> None:
        """``parties`` tells what role somebody has."""
        self.chance, self.known, self.parties = chance, known, parties
        self.addresses = sorted(
            (rule.rule, method, rule.endpoint)
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) & {"GET", *CHANGING}
        )
        self.contract = odd_api.Contract()
        self._forms: dict[tuple[str, str], dict[str, list[str]]] = {}
        self.fitting = {endpoint: self._may_come(app, endpoint) for _, _, endpoint in self.addresses}

    def _may_come(self, app: Flask, endpoint: str) -> list[str]:
        """Those to whom the address is open; everybody where that depends on the row."""
        declared = access_of(app.view_functions[endpoint])
        if declared == BY_CLIENT and SYSTEM in self.parties:
            return [SYSTEM]
        if not isinstance(declared, frozenset):
            return list(self.parties)
        return [who for who, role in self.parties.items() if role is not None and ROLE_PERMISSIONS[role] & declared]

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def text(self) -> str:
        """An odd text; now and then two joined, or a row of letters from anywhere in Unicode."""
        if self._happens(0.9):
            return "".join(self.chance.choices(ODD_TEXTS, k=2 if self._happens(0.1) else 1))
        letters = string.printable if self._happens(0.5) else [chr(self.chance.randrange(0x11_0000)) for _ in range(20)]
        return "".join(self.chance.choices(letters, k=self.chance.randrange(1, 40)))

    def quoted(self, text: str) -> str:
        """The text as a part of an address. Lone surrogates go as the bytes they would have."""
        return quote(text.encode("utf-8", errors="surrogatepass")[:4000], safe="")

    def path(self, rule: str) -> str:
        """An address of this shape: each part mostly one that exists, sometimes an odd one."""

        def part(found: re.Match[str]) -> str:
            name = found[1].rpartition(":")[2]
            fitting = self.known.get(f"{rule.split('/')[1]}:{name}") or self.known.get(name)
            if fitting and self._happens(0.9):
                return self.quoted(self.chance.choice(fitting))
            return self.quoted(self.text()) or "x"

        return re.sub(r"<([^>]+)>", part, rule)

    def query(self) -> str:
        """A query string with odd values, unknown and doubled names, or one that is no query at all."""
        if self._happens(0.3):
            return ""
        if self._happens(0.1):
            return "?" + self.quoted(self.text()) + "&&=&a&%zz=%"
        names = [
            self.chance.choice(QUERY_NAMES) if self._happens(0.9) else self.text()
            for _ in range(self.chance.randrange(1, 5))
        ]
        names += names[:1] if self._happens(0.2) else []
        return "?" + "&".join(f"{self.quoted(name)}={self.quoted(self.text())}" for name in names)[:6000]

    def target(self, rule: str) -> str:
        """An address of this shape, now and then with something behind it, and a query; sometimes one of no shape."""
        if self._happens(0.04):
            return self.chance.choice(ODD_PATHS)
        behind = self.quoted(self.text()) if self._happens(0.03) else ""
        return (self.path(rule) + behind + self.query())[: 8_000 if self._happens(0.2) else 3_900]

    def form(self, fields: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        """The values of a form: some as offered, some odd, some left out, doubled or not asked for."""
        oddness = self.chance.choice((0.1, 0.3, 0.8))
        pairs = []
        for name, offered in fields.items():
            if name == "csrf_token":
                pairs.append((name, offered[0] if offered and self._happens(0.97) else self.text()))
            elif not self._happens(oddness):
                pairs.append((name, self.chance.choice(offered) if any(offered) else "Een gewone zin over het plan."))
            elif self._happens(0.85):
                pairs.append((name, self.text()))
        if self._happens(0.2):
            pairs.append((self.chance.choice(HIDDEN_COLUMNS), self.text()))
        if pairs and self._happens(0.15):
            pairs.append((self.chance.choice(pairs)[0], self.text()))
        return pairs

    def aims(self) -> list[Aim]:
        """Every address that takes a body, with every kind of body, in an order of chance."""
        every = [(*address, kind) for address in self.addresses if address[1] != "GET" for kind in BodyKind]
        return self.chance.sample(every, len(every))

    def body(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, bytes]:
        """What kind of body the form goes in, and its bytes; sometimes the two do not agree, or the end is missing."""
        if self._happens(0.15):
            return self.other_body(pairs)
        return self.form_body(pairs) if self._happens(0.6) else self.multipart_body(pairs)

    def body_of(self, kind: BodyKind, pairs: Sequence[tuple[str, str]]) -> tuple[str, bytes]:
        """A body of one kind."""
        if kind is BodyKind.FORM:
            return FORM, self.form_body(pairs)[1]
        if kind is BodyKind.MULTIPART:
            return self.multipart_body(pairs)
        told = JSON if kind is BodyKind.JSON else self.chance.choice(("text/plain", "application/octet-stream", "x"))
        return told, self.other_body(pairs)[1] or b"x"

    def form_body(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, bytes]:
        """As a browser sends a form, now and then under another name."""
        raw = [(name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass")) for name, value in pairs]
        return FORM if self._happens(0.92) else self.chance.choice(OTHER_KINDS), urlencode(raw).encode()

    def multipart_body(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, bytes]:
        """As a browser sends a form with files; sometimes its end is missing."""
        boundary = "proef" * (40 if self._happens(0.08) else 1)
        parts = [(f'form-data; name="{name}"', value) for name, value in pairs]
        if self._happens(0.7):
            name = self.text().replace('"', "%22")
            field = self.chance.choice(("attachments", "attachments", "bestand"))
            parts.append((f'form-data; name="{field}"; filename="{name}"', self.text()))
        text = "".join(f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n{value}\r\n" for head, value in parts)
        text += "" if self._happens(0.14) else f"--{boundary}--\r\n"
        return f"multipart/form-data; boundary={boundary}", text.encode("utf-8", "surrogatepass")

    def other_body(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, bytes]:
        """A body that is no form: JSON, now and then with what the form asks, or bytes of another type."""
        if self._happens(0.3):
            return JSON, json.dumps(dict(pairs) if self._happens(0.5) else pairs).encode()
        text = self.chance.choice(ODD_JSON) if self._happens(0.7) else self.text()
        kind = JSON if self._happens(0.6) else self.chance.choice(OTHER_KINDS)
        return kind, text.encode("utf-8", "surrogatepass")

    def make(self, send: Send, aim: Aim | None = None) -> Request:
        """One request. For one that posts, the page is mostly asked for first, to know its fields."""
        if aim is not None:
            return self._aimed(send, *aim)
        rule, method, endpoint = self.chance.choice(self.addresses)
        who = self.chance.choice(self.fitting[endpoint] if self._happens(0.85) else list(self.parties))
        target, headers = self.target(rule), self.chance.choice(ODD_HEADERS)
        if self._happens(0.1):
            method = self.chance.choice(OTHER_METHODS)
        if rule.startswith(odd_api.BASE):
            return self._to_api(rule, Request(who, method, target, headers, endpoint=endpoint))
        if method not in ("POST", "PUT", "PATCH"):
            return Request(who, method, target, headers, endpoint=endpoint)
        fields = self._fields(send, who, rule, target) if self._happens(0.9) else {}
        kind, body = self.body(self.form(fields or {name: [""] for name in HIDDEN_COLUMNS}))
        headers = {**headers, "Content-Type": kind}
        if fields.get("csrf_token") and self._happens(0.3 if kind.startswith(FORM) else 0.8):
            headers["X-CSRFToken"] = fields["csrf_token"][0]
        return Request(who, method, target, headers, body, endpoint)

    def _fields(self, send: Send, who: str, rule: str, target: str) -> dict[str, list[str]]:
        """The fields of a page, asked for; half the time as they stood on the page of this shape that was read last,
        with a submission key that nobody used."""
        held = self._forms.get((who, rule))
        if held and self._happens(0.5):
            fresh = {"submission_key": [str(uuid4())]} if "submission_key" in held else {}
            return {**held, **fresh}
        found = self._forms[who, rule] = fields_in(send(Request(who, "GET", target)).body)
        return found

    def _aimed(self, send: Send, rule: str, method: str, endpoint: str, kind: BodyKind) -> Request:
        """A body of this kind for this address, by somebody who may come there, with the tokens that let it in."""
        who, target = self.chance.choice(self.fitting[endpoint] or list(self.parties)), self.path(rule)
        if rule.startswith(odd_api.BASE):
            return self._to_api(rule, Request(who, method, target, endpoint=endpoint), kind)
        fields = fields_in(send(Request(who, "GET", target)).body)
        told, body = self.body_of(kind, self.form(fields or {name: [""] for name in HIDDEN_COLUMNS}))
        token = {"X-CSRFToken": fields["csrf_token"][0]} if fields.get("csrf_token") else {}
        return Request(who, method, target, {"Content-Type": told, **token}, body, endpoint)

    def _to_api(self, rule: str, asked: Request, kind: BodyKind | None = None) -> Request:
        """What was asked as a request to the API: mostly JSON or a file as the contract has it, with parts that are
        odd."""
        asked = replace(asked, headers={**asked.headers, **odd_api.headers_of(self.chance)})
        is_upload = rule.startswith(odd_api.UPLOADS)
        if is_upload:
            asked = replace(asked, headers={**asked.headers, **odd_api.tus_headers_of(self.chance)})
        if asked.method in ("GET", "HEAD", "OPTIONS"):
            return asked
        told, schema = self.contract.body_of(rule, asked.method)
        is_fitting = kind is BodyKind.JSON or (kind is None and self._happens(0.7))
        if is_fitting and told == JSON and not is_upload and self._happens(0.85):
            made = self.contract.value(schema, self.chance, self.text, self.chance.choice((0.0, 0.05, 0.2, 0.6)))
            body = json.dumps(made).encode()
        elif is_fitting and is_upload and self._happens(0.85):
            if told != odd_api.PIECE:
                return asked
            body = self.text().encode("utf-8", "replace")
        else:
            pairs = [(name, self.text()) for name in schema.get("properties", HIDDEN_COLUMNS)]
            own = BodyKind.JSON if told == JSON else BodyKind.MULTIPART
            told, body = self.body_of(kind or (own if is_fitting else self.chance.choice(list(BodyKind))), pairs)
        return replace(asked, headers={**asked.headers, "Content-Type": told}, body=body)


@dataclass
class Report:
    """What came of it."""

    patience: float = SLOWEST_SECONDS
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    parties: Counter[str] = field(default_factory=Counter)
    endpoints: set[str] = field(default_factory=set)
    by_key: Counter[int] = field(default_factory=Counter)

    def add(self, request: Request, answer: Answer) -> None:
        self.statuses[answer.status] += 1
        self.slowest = max(self.slowest, answer.seconds)
        self.kinds[request.kind or "without"] += 1
        self.parties[request.who] += 1
        self.endpoints.add(request.endpoint)
        if request.who == SYSTEM:
            self.by_key[answer.status] += 1
        found = faults_of(answer, self.patience, is_framed=bool(FRAMED.match(request.target)))
        if found:
            self.faults.append(f"{'; '.join(found)}: {request}")
            print(self.faults[-1], flush=True)

    def add_all(self, other: "Report") -> None:
        self.statuses += other.statuses
        self.faults += other.faults
        self.slowest = max(self.slowest, other.slowest)
        self.kinds += other.kinds
        self.parties += other.parties
        self.endpoints |= other.endpoints
        self.by_key += other.by_key


class Crowd:
    """Sends the requests of all parties to a site over the line, each with a browser of its own."""

    def __init__(self, host: str, port: int, sign_in: Callable[[str], Mapping[str, str]]) -> None:
        """``sign_in`` gives the cookies of a new session of an account."""
        self.sign_in = sign_in
        self.browsers = {who: Browser(port, host) for who in (VISITOR, *ACCOUNTS, SYSTEM)}
        self.token = ""

    def __call__(self, request: Request) -> Answer:
        browser = self.browsers[request.who]
        if request.who == SYSTEM:
            return self._by_key(browser, request)
        if request.who != VISITOR and not browser.cookies:
            browser.cookies.update(self.sign_in(request.who))
        answer = browser.ask(request.method, request.target, request.headers, request.body)
        is_out = answer.status == 401 or answer.location.startswith("/inloggen")
        if is_out and "Cookie" not in request.headers:
            browser.cookies.clear()
        return answer

    def _by_key(self, browser: Browser, request: Request) -> Answer:
        """With the key, which is exchanged for a new token where the last one is over."""
        self.token = self.token or odd_api.token_for(browser)
        headers = {"Authorization": f"Bearer {self.token}", **request.headers}
        answer = browser.ask(request.method, request.target, headers, request.body)
        if answer.status == 401 and "Authorization" not in request.headers:
            self.token = ""
        return answer


class Known:
    """What fits the parts of addresses: from the links on pages and from where answers lead."""

    def __init__(self, app: Flask) -> None:
        self.parts: dict[str, list[str]] = {}
        self._addresses = app.url_map.bind("localhost")

    def learn(self, address: str) -> bool:
        """Take the parts of one address, as ``name`` and as ``first part of the address:name``."""
        try:
            endpoint, parts = self._addresses.match(address, method="GET")
        except HTTPException:
            return False
        for name, value in parts.items():
            for key in (name, f"{address.split('/')[1]}:{name}"):
                values = self.parts.setdefault(key, [])
                if str(value) not in values and len(values) < 200:
                    values.append(str(value))
        return endpoint != "assets_file"

    def explore(self, send: Send, parties: Sequence[str], pages: int = 20) -> None:
        """Look round in the name of each party."""
        for who in parties:
            queue, seen = [*FIRST_PAGES], set[str]()
            while queue and len(seen) < pages:
                page = queue.pop(0)
                if page not in seen:
                    seen.add(page)
                    links = re.findall(r'(?:href|action)="(/[^"#?]*)', send(Request(who, "GET", page)).text)
                    queue += [link for link in links if self.learn(link)]
            if who == SYSTEM:
                for address in odd_api.addresses_in(lambda path: send(Request(SYSTEM, "GET", path)).text):
                    self.learn(address)


class Stage:
    """A site with the demo, its parties, and what is known of its addresses."""

    def __init__(self, site: Site) -> None:
        self.site, self.app = site, create_app(site.config)
        self.parties: dict[str, Role | None] = {VISITOR: None, **ACCOUNTS, SYSTEM: None}
        self.known = Known(self.app)
        self.known.explore(self.crowd(), list(self.parties))

    def crowd(self) -> Crowd:
        return Crowd(self.site.config.host, self.site.config.port, self._sign_in)

    def _sign_in(self, who: str) -> Mapping[str, str]:
        """Who logs in by hand waits for a new code each time; a session is made as a log-in makes one."""
        token, now = new_token(), now_utc()
        with self.site.session() as session:
            account = select(Account.id).where(Account.email == f"{who}@demo.knelpunt.example")
            session.add(
                LoginSession(
                    token_hash=hash_token(token),
                    account_id=session.scalars(account).one(),
                    created_at=now,
                    last_seen_at=now,
                    second_factor_at=now,
                )
            )
        return {self.app.config["SESSION_COOKIE_NAME"]: cookies_of(self.app, {who: token})[who]}

    def run(self, *, requests: int, seed: int, clients: int, patience: float) -> Report:
        """Send the requests from several clients at once."""
        report, lock = Report(patience), Lock()

        def client(number: int) -> None:
            send = self.crowd()
            generator = Generator(random.Random(seed * 1000 + number), self.app, self.known.parts, self.parties)
            aims = iter(Generator(random.Random(seed), self.app, {}, self.parties).aims()[number::clients])
            for _ in range(requests // clients):
                request = generator.make(send, next(aims, None))
                if request.method not in CHANGING or not KEPT_OUT.search(request.target):
                    answer = send(request)
                    with lock:
                        report.add(request, answer)
                        self.known.learn(urlsplit(answer.location).path)

        with ThreadPoolExecutor(clients) as threads:
            list(threads.map(client, range(clients)))
        return report


@contextmanager
def _stage() -> Iterator[Stage]:
    with (
        tempfile.TemporaryDirectory(prefix="knelpunt-random-") as folder,
        database.running_server() as server,
        running_site(server, Path(folder)) as site,
    ):
        site.fill_demo()
        yield Stage(site)


def main() -> int:
    """Ends with 0 when no answer was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, nargs="+", default=[20261124], help="the requests are divided over them")
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--patience", type=float, default=SLOWEST_SECONDS, help="how many seconds an answer may take")
    options = parser.parse_args()
    report = Report(options.patience)
    with _stage() as stage:
        for seed in options.seed:
            share = options.requests // len(options.seed)
            report.add_all(stage.run(requests=share, seed=seed, clients=options.clients, patience=options.patience))
            print(f"seed {seed}: {report.statuses.total()} answers and {len(report.faults)} faults so far", flush=True)
    print(f"{report.statuses.total()} answers ({_counted(report.statuses)}), the slowest {report.slowest:.2f} s")
    kinds = ", ".join(f"{kind}: {count}" for kind, count in report.kinds.most_common())
    print(f"bodies: {kinds}; parties: {len(report.parties)}; addresses: {len(report.endpoints)}")
    print(f"with a key: {_counted(report.by_key)}")
    print(f"{len(report.faults)} faults")
    return 1 if report.faults or not report.statuses else 0


def _counted(statuses: Mapping[int, int]) -> str:
    return ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))


if __name__ == "__main__":
    sys.exit(main())
