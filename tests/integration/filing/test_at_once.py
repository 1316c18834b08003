"""The button pressed several times at the same moment, over connections of their own: one draft, one case."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from knelpunt.extensions import db
from tests.support.forms import fill

PLAN = {"title": "Van de oude school een buurthuis maken"}
ROUNDS = 3
CLICKS = 6


def browser_like(app, client):
    """Another connection of the same browser: the same cookies."""
    copy = app.test_client()
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    copy.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
    return copy


def counts():
    with db.engine.connect() as connection:
        return tuple(
            connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("drafts", "cases", "outbox")
        )


def at_once(clients, path, data):
    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(lambda client: client.post(path, data=data), clients))


@pytest.mark.usefixtures("own_database")
def test_clicks_at_once_make_one_draft_and_one_case(app):
    for number in range(1, ROUNDS + 1):
        client = app.test_client()
        first = fill(client.get("/melden/bewoner"), "title", **PLAN)
        answers = at_once([browser_like(app, client) for _ in range(CLICKS)], "/melden/bewoner", first)
        assert {answer.status_code for answer in answers} <= {302, 303}
        assert len({answer.location for answer in answers}) == 1
        key = answers[0].location.split("/")[2]
        assert counts()[0] == 1

        for slug, holding, typed in (
            ("plaats", "municipality_id", {"municipality_id": "Zwolle"}),
            ("belemmering", "description", {"description": "Het mag niet."}),
            ("contact", "contact_email", {"contact_email": "buurt@proef.example"}),
        ):
            path = f"/melden/{key}/{slug}"
            assert client.post(path, data=fill(client.get(path), holding, **typed)).status_code == 302
        last = fill(client.get(f"/melden/{key}/controle"), "version", consents_seen="y")
        same = [browser_like(app, client) for _ in range(CLICKS - 2)]
        strangers = [app.test_client() for _ in range(2)]  # the session was lost in between
        answers = at_once([*same, *strangers], f"/melden/{key}/controle", last)
        assert {(answer.status_code in (302, 303), answer.location) for answer in answers} == {
            (True, f"/melden/{key}/ontvangen")
        }
        assert counts() == (0, number, number)
