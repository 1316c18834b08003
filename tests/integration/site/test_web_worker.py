"""Clients that stop halfway keep no thread from others; what is no HTTP is answered in words."""

import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse

import pytest

from config import PROJECT_DIR
from knelpunt.commands import web_worker
from tests.support.html import faults_in
from tests.support.mail_server import free_port
from tests.support.site import START_SECONDS

THREADS = 2
MOST_BYTES = 200_000
SERVER = """
import sys
from gunicorn.app.wsgiapp import run
from knelpunt.commands import web_worker
web_worker.IDLE_SECONDS, web_worker.RECEIVE_SECONDS = 0.5, 3.0
sys.argv = ["gunicorn", *sys.argv[1:]]
run()
"""
HALF_A_BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc"
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


def hello(environ, start_response):
    """A site of one page, which reads what it is sent, unless that is too large."""
    if int(environ.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        start_response("413 Too Large", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [b"groot"]
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "3")])
    return [b"dag"]


@pytest.fixture(scope="module")
def port():
    port = free_port()
    command = [
        *(sys.executable, "-c", SERVER, f"{__name__}:hello", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", f"{web_worker.__name__}.PatientWorker", "--threads", str(THREADS)),
        *("--log-level", "critical", "--no-control-socket", "--graceful-timeout", "1"),
    ]
    with subprocess.Popen(command, cwd=PROJECT_DIR) as process:
        try:
            deadline = time.monotonic() + START_SECONDS
            while answer(port) != b"dag":
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()  # else a server that came up too late is waited for without end


def answer(port):
    """What the page says; nothing while the server does not answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    except (OSError, HTTPException):
        return b""
    finally:
        connection.close()


@pytest.mark.parametrize("half", [HALF_A_BODY, HALF_A_HEAD], ids=["body", "head"])
def test_clients_that_fall_silent_are_given_up(port, half):
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(THREADS * 3)]
    for each in silent:
        each.sendall(half)
    assert answer(port) == b"dag"
    for each in silent:
        each.close()


def test_a_client_that_sends_a_letter_at_a_time_is_given_up(port):
    with closing(socket.create_connection(("127.0.0.1", port))) as slow:
        slow.sendall(HALF_A_BODY)
        began = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - began < 30:
                time.sleep(0.2)
                slow.sendall(b"x")
    assert answer(port) == b"dag"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n<script>: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n", 400),
        (b"<script> / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    ],
    ids=["long-address", "long-header", "odd-header", "negative-length", "odd-method"],
)
def test_what_is_no_http_is_answered_in_words_and_shows_nothing(port, sent, status):
    with closing(socket.create_connection(("127.0.0.1", port))) as connection:
        connection.sendall(sent)
        answer = HTTPResponse(connection)
        answer.begin()
        page = answer.read().decode()
    assert answer.status == status
    assert faults_in(page) == []
    assert "Dit verzoek klopt niet" in page
    assert "script" not in page
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
        assert answer.headers[name], name


def test_a_connection_serves_one_request_after_another(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=15)
    for _ in range(3):
        connection.request("POST", "/", body=b"x" * 100_000)
        assert connection.getresponse().read() == b"dag"
    connection.close()


@pytest.mark.parametrize("after", ["keep-alive", "close"])
@pytest.mark.parametrize("megabytes", [1, 40])
def test_who_sends_a_large_file_before_reading_reads_that_it_is_too_large(port, megabytes, after):
    with closing(HTTPConnection("127.0.0.1", port, timeout=15)) as connection:
        connection.request("POST", "/", b"x" * (megabytes * 1_000_000), {"Connection": after})
        got = connection.getresponse()
        assert (got.status, got.read()) == (413, b"groot")


def test_clients_that_do_not_hang_up_hold_up_nobody(port):
    held = []
    try:
        for _ in range(web_worker.MOST_LEAVING + 4):
            client = socket.create_connection(("127.0.0.1", port), timeout=15)
            held.append(client)
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            client.recv(1000)
        began = time.monotonic()
        assert [answer(port) for _ in range(4)] == [b"dag"] * 4
        assert time.monotonic() - began < web_worker.LEAVE_IDLE_SECONDS
    finally:
        for client in held:
            client.close()


def test_a_web_server_that_is_started_again_compiles_no_template(app, tmp_path, monkeypatch):
    """What an earlier start kept is taken as it is; what is broken or cannot be kept is compiled, and stops nothing."""
    compiled, compile_one = [], app.jinja_env.compile
    monkeypatch.setattr(
        app.jinja_env, "compile", lambda *given, **more: compiled.append(1) or compile_one(*given, **more)
    )
    monkeypatch.setattr(app.jinja_env, "bytecode_cache", None)
    every = len(app.jinja_env.list_templates())

    def started_in(folder):
        compiled.clear()
        monkeypatch.setattr(app.jinja_env, "cache", {})
        web_worker.load_before_fork(app, str(folder))
        return len(compiled)

    assert (started_in(tmp_path), started_in(tmp_path)) == (every, 0)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == every
    kept[0].write_bytes(b"j2")
    assert (started_in(tmp_path), started_in(tmp_path)) == (1, 0)
    assert started_in(tmp_path / "not-there") == every
