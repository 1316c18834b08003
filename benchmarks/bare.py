"""The same pages bare: the SQL that Knelpunt runs, executed by hand, and joined strings. No ORM, templates or forms.

What an honest site does at each request all the same is done here too: the signed cookie is read, the session looked
up (by the first of the statements), every text escaped, the form token checked, a filing written in one transaction.
Started by ``benchmarks.pages`` with gunicorn; BARE_DATABASE_URL and BARE_PLAN say where the data and the SQL are.
"""

import hashlib
import hmac
import os
import pickle
import threading
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, Response, abort, redirect, request, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer
from psycopg.rows import tuple_row

from benchmarks import bare_pages
from benchmarks.bare_filing import file_case
from benchmarks.capture import COOKIE, SECRET_KEY, Plan

URL = os.environ["BARE_DATABASE_URL"]
PLAN: Plan = pickle.loads(Path(os.environ["BARE_PLAN"]).read_bytes())
DRAWN = bare_pages.Drawn(URL, PLAN.frames)
app = Flask(__name__, static_folder=None)
app.config.update(SECRET_KEY=SECRET_KEY, SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_SECURE=True)
_local = threading.local()
_signer = URLSafeTimedSerializer(SECRET_KEY, salt="wtf-csrf-token")


def connection() -> psycopg.Connection[Any]:
    """One connection a thread; every statement is prepared at its second use."""
    found: psycopg.Connection[Any] | None = getattr(_local, "connection", None)
    if found is None:
        found = _local.connection = psycopg.connect(
            URL, autocommit=True, prepare_threshold=1, application_name="bare", row_factory=tuple_row
        )
    return found


def results() -> list[list[Any]]:
    """The rows of every statement of this address."""
    path = request.full_path.removesuffix("?")
    statements = PLAN.statements.get(path)
    if statements is None:
        abort(404)
    run = connection().execute
    return [run(statement, values).fetchall() for statement, values in statements]


def signed_in(rows: list[list[Any]]) -> str:
    """The name of whoever holds the cookie; the session was looked up by the first statement."""
    token = session.get("_user_id")
    if token is None or not rows[0]:
        abort(401)
    statement = PLAN.statements[request.full_path.removesuffix("?")][0]
    if hashlib.sha256(token.encode()).hexdigest() not in statement[1].values():
        abort(401)
    return str(rows[0][0][4])


def page(text: str) -> Response:
    return Response(text, mimetype="text/html")


@app.get("/werkvoorraad")
def work_list() -> ResponseReturnValue:
    rows = results()
    return page(DRAWN.work_list(signed_in(rows), rows[-1], request.args))


@app.get("/zaken/<string:reference>")
def case_page(reference: str) -> ResponseReturnValue:
    rows = results()
    return page(DRAWN.case(signed_in(rows), rows[1:]))


@app.get("/kwartalen/<string:name>")
def quarter(name: str) -> ResponseReturnValue:
    rows = results()
    return page(DRAWN.quarter(signed_in(rows), name, rows[1:]))


@app.get("/knelpunten")
def public_list() -> ResponseReturnValue:
    return page(DRAWN.public_list(results(), request.args))


@app.get("/knelpunten/<string:reference>")
def public_case(reference: str) -> ResponseReturnValue:
    return page(DRAWN.public_case(results()))


@app.get("/volgen/<string:token>")
def follow(token: str) -> ResponseReturnValue:
    rows = results()
    link = rows[0][0]
    text = f"volgen:{token[:12]}:{link[2]}".encode()
    if not hmac.compare_digest(token[12:], hmac.new(SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()[:32]):
        abort(404)
    return page(DRAWN.follow(rows[1:], token))


@app.post("/melden/<string:key>/controle")
def file(key: str) -> ResponseReturnValue:
    form = request.form
    try:
        given = _signer.loads(form["csrf_token"])
    except BadData:
        abort(400)
    if not hmac.compare_digest(given, session["csrf_token"]) or form["consents_seen"] != "y":
        abort(400)
    file_case(connection(), PLAN, key, form["submission_key"])
    return redirect(f"/melden/{key}/ontvangen", 302)
