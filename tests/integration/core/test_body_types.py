"""A body that is no form is refused on every route, whatever it holds and however it comes; never with a fault."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from knelpunt.domain.vocabulary import Role
from tests.support import database
from tests.support.asker import Asker, cookies_of
from tests.support.rights import REACHED, RULES, VISITOR
from tests.support.world import World

PARTS = 4
"""A thousand requests in one test would keep one process busy while the others have nothing left to do."""
JSON = "application/json"
BODIES = (
    (JSON, b'"x"'),
    (JSON, b"[[[[]]]]"),
    (JSON, b"1e308"),
    (JSON, b'{"title": 5}'),
    (JSON, b"{"),
    (JSON, b""),
    ("application/vnd.api+json", b'[["title", ["x"]]]'),
    ("text/xml", b"<a/>"),
    ("text/plain", b"title=x"),
    ("", b"title=x"),
    ("x", b"\xff\x00"),
)
BROKEN_FORMS = (
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    ("multipart/form-data; boundary=proef", b"--proef\r\nContent-Disposition: form-data; name"),
    ("multipart/form-data; boundary=proef", b'--proef\r\nContent-Disposition: form-data; name="title"\r\n\r\nx'),
    ("multipart/form-data; boundary=proef; charset=rot13", b"--proef--\r\n"),
    ("application/x-www-form-urlencoded; charset=utf-32", b"title=%ff%fe"),
    ("application/x-www-form-urlencoded", b"%=&&=&title&title=\xff\x00"),
)


@pytest.fixture(scope="module")
def asker(app: Flask) -> Iterator[Asker]:
    with database.rolled_back() as (connection, session):
        world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
        yield Asker(app, connection, world, cookies_of(app, world.tokens))


def statuses(asker, who, path, bodies):
    """What each of these bodies gets, as (kind of body, body, status)."""
    for kind, body in bodies:
        browser = FlaskClient(asker.app)
        if who in asker.cookies:
            browser.set_cookie(asker.app.config["SESSION_COOKIE_NAME"], asker.cookies[who])
        savepoint = asker.connection.begin_nested()
        answer = browser.post(path, data=body, content_type=kind, headers={"X-CSRFToken": "x"}, buffered=True)
        answer.close()
        savepoint.rollback()
        yield kind, body, answer.status_code


def some_of(bodies, number):
    """Two of them, other ones for each route: one guard reads them for all routes."""
    return [bodies[(2 * number + turn) % len(bodies)] for turn in range(2)]


def asked_by(rule, asker):
    """Somebody who may post here, with an address that is theirs."""
    for who in (VISITOR, *Role):
        for relation in asker.relations(rule):
            if rule.allows(who, relation) and relation in REACHED[rule.where]:
                return who, asker.path(who, rule, relation)
    raise AssertionError(f"nobody may post to {rule.path}")


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_route_reads_a_body_that_is_no_form(asker, monkeypatch, part):
    monkeypatch.setitem(asker.app.config, "PROPAGATE_EXCEPTIONS", False)
    wrong = []
    for number, rule in list(enumerate(rule for rule in RULES if "POST" in rule.methods.split()))[part::PARTS]:
        who, path = asked_by(rule, asker)
        wrong += [
            (path, *got) for got in statuses(asker, who, path, some_of(BODIES, number)) if got[-1] not in (400, 415)
        ]
        wrong += [(path, *got) for got in statuses(asker, who, path, some_of(BROKEN_FORMS, number)) if got[-1] >= 500]
    assert wrong == []


def test_a_token_in_a_header_changes_nothing_about_it(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    page = client.get("/melden/bewoner").get_data(as_text=True)
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    assert token
    answer = client.post("/melden/bewoner", json={"title": 5}, headers={"X-CSRFToken": token})
    assert answer.status_code == 415
    assert "neemt alleen formulieren aan" in answer.get_data(as_text=True)


def test_a_stranger_is_not_told_more_by_another_body(client):
    assert client.post("/zaken/KNP-2026-00001/notitie", json={}).status_code == 401
    assert client.post("/bestaat-niet", json={}).status_code == 404
