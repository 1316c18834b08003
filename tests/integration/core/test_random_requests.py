"""Odd requests to every address by every role: no answer fails, shows the inside, or lets markup through."""

import random
import time
from urllib.parse import unquote_to_bytes

import pytest
from flask.testing import FlaskClient

from benchmarks.browser import Answer, fields_in
from benchmarks.random_requests import VISITOR, Generator, Report, Request
from knelpunt.domain.vocabulary import Role
from tests.support.database import send_command
from tests.support.world import World

REQUESTS = 300
SEED = 20261124


class Sender:
    """Sends requests into the application; what they change is undone, so that each meets the same rows."""

    def __init__(self, app, connection, world):
        self.app, self.connection, self.world = app, connection, world

    def __call__(self, request):
        browser = FlaskClient(self.app)
        if request.who != VISITOR:
            with browser.session_transaction() as cookie:
                cookie["_user_id"] = self.world.tokens[request.who]
        headers = dict(request.headers)
        kind = headers.pop("Content-Type", None)
        send_command(self.connection, "SAVEPOINT asked")
        started = time.process_time()
        try:
            path, _, query = request.target.partition("?")
            answer = browser.open(
                query_string=query,
                environ_overrides={"PATH_INFO": unquote_to_bytes(path).decode("latin-1")},
                method=request.method,
                headers=headers,
                data=request.body,
                content_type=kind,
                buffered=True,
            )
            body = answer.get_data()
            answer.close()
        finally:
            # Its own session may outlive what is sent while it is made, so SQLAlchemy does not count this one.
            send_command(self.connection, "ROLLBACK TO SAVEPOINT asked; RELEASE SAVEPOINT asked")
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status_code, found, body, time.process_time() - started)


# Werkzeug leaves the file of a form that ends in the middle to the garbage collector.
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_odd_request_breaks_anything(app, session, connection, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
    known = {name: [str(value) for value in values.values()] for name, values in world.numbers.items()}
    known["session_id"] = [str(number) for number in world.sessions.values()]
    send = Sender(app, connection, world)
    generator = Generator(random.Random(SEED), app, known, {VISITOR: None, **{role: role for role in Role}})
    report = Report()
    for _ in range(REQUESTS):
        request = generator.make(send)
        report.add(request, send(request))
    assert report.faults == []
    assert report.statuses[200] > REQUESTS // 10, "most requests never got past the door"
    assert report.statuses[422] > 0, "no form was read"


def test_a_page_tells_which_fields_its_form_has():
    page = b"""<form method="get"><input name="q"></form><form method="post"><input name="title" value="x">
        <select name="theme"><option value="a">A</option><option value="b">B</option></select></form>"""
    assert fields_in(page) == {"title": ["x"], "theme": ["a", "b"]}


def test_faults_are_seen():
    request = Request(VISITOR, "GET", "/")
    report = Report()
    report.add(request, Answer(500, {}, b"", 6.0))
    report.add(request, Answer(200, {"content-type": "text/html"}, b"<script>knelpuntproef</script>", 0.1))
    report.add(request, Answer(400, {"content-type": "text/html"}, b"Traceback", 0.1))
    report.add(request, Answer(302, {"location": "//evil.example"}, b"", 0.1))
    first, second, third, fourth = report.faults
    assert "status 500" in first
    assert "took 6.0 s" in first
    assert "content-security-policy" in first
    assert "markup came back" in second
    assert "Traceback" in third
    assert "leads to //evil.example" in fourth
