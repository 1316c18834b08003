"""The web server's worker process: it waits for nobody for ever, and says in words what it cannot read."""

import ctypes
import errno
import gc
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from flask import Flask
from gunicorn.workers.gthread import TConn, ThreadWorker
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.exc import SQLAlchemyError

from knelpunt.adapters.words.glossary import elsewhere, everyday, glossary, spoken, ways_of_asking
from knelpunt.adapters.words.pieces import shipped_points
from knelpunt.adapters.words.spelling import dictionary
from knelpunt.domain.languages import DUTCH, OTHERS
from knelpunt.extensions import db
from knelpunt.services.search.search import knowledge
from knelpunt.services.suggestions.desk import known
from knelpunt.services.suggestions.shipped import shipped_engine
from knelpunt.web.shared.requests.access import today_in_nl

IDLE_SECONDS = 15.0
"""How long a thread waits for the next piece of a request, or for a client to take the next piece of an answer."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Names of settings in malloc.h."""
HEALTH = b"GET /health "
PEEK_SECONDS = 0.05
LEAVE_SECONDS, LEAVE_IDLE_SECONDS, MOST_LEAVING = 60.0, 2.0, 16
"""How long is read on from who has the answer: in all, and after the last piece. And how many do so at once."""
RECEIVE_SECONDS = 300.0
"""How long a whole request may take to come in: 20 MB over a line of 1 Mbit/s needs half of it."""
FIRST_PAGES = ("/", "/en/", "/antwoord?q=wonen", "/wetten")
"""Asked once before there are visitors: what a first page makes for later ones is then made for all processes."""

UNREADABLE = b"""<!doctype html>
<html lang="nl">
<head><meta charset="utf-8"><title>Dit verzoek klopt niet</title></head>
<body><h1>Dit verzoek klopt niet</h1><p>Wij kunnen niet lezen wat er is verstuurd. Begin opnieuw bij de startpagina.</p>
<p><a href="/">Naar de startpagina</a></p></body>
</html>
"""
_UNREADABLE_HEADERS = (
    "Connection: close\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    f"Content-Length: {len(UNREADABLE)}\r\n"
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: same-origin\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n\r\n"
).encode()


class PatientSocket(socket.socket):
    """A connection that is given up when the other side falls silent, as if it had been broken.

    Gunicorn's threads wait without end: as many telephones that lose their connection halfway an upload as there are
    threads would stop the site.
    """

    _give_up_at = float("inf")
    is_given_up = False

    def setblocking(self, flag: bool, /) -> None:
        """Gunicorn asks for waiting at the begin of each request, and for not waiting between two requests."""
        if flag:
            self._give_up_at = time.monotonic() + RECEIVE_SECONDS
        self.settimeout(IDLE_SECONDS if flag else 0.0)

    def recv(self, *args: Any) -> bytes:
        if time.monotonic() > self._give_up_at:
            raise self._broken("the request took too long to come in")
        try:
            return super().recv(*args)
        except TimeoutError:
            raise self._broken("the client stopped sending") from None

    def sendall(self, *args: Any) -> None:
        try:
            super().sendall(*args)
        except TimeoutError:
            raise self._broken("the client stopped reading") from None

    def _broken(self, reason: str) -> ConnectionResetError:
        """What Gunicorn and Werkzeug take for a client that left: the first says nothing, the second answers 400."""
        self.is_given_up = True
        return ConnectionResetError(errno.ECONNRESET, reason)


class PatientWorker(ThreadWorker):
    """Gunicorn's worker with threads, on connections of the kind above."""

    def load_wsgi(self) -> None:
        """Take requests at once, and read beside them what could not be read before the fork, or has changed since."""
        super().load_wsgi()
        if isinstance(self.wsgi, Flask):
            threading.Thread(target=read_ahead, args=(self.wsgi,), name="read-ahead", daemon=True).start()

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """The threads for pages, and one more that asks whoever comes while all of them are at work what it is for."""
        self.in_hand, self.counting = 0, threading.Lock()
        self.doorman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="doorman")
        self.porter = ThreadPoolExecutor(max_workers=MOST_LEAVING, thread_name_prefix="porter")
        self.leaving = threading.BoundedSemaphore(MOST_LEAVING)
        pool: ThreadPoolExecutor = super().get_thread_pool()
        return pool

    def enqueue_req(self, conn: TConn) -> None:
        """Give a request to a thread. When they all wait for something, the operator still hears at once that the
        process is alive."""
        with self.counting:
            is_busy = self.in_hand >= self.cfg.threads
        if is_busy:
            self.doorman.submit(self._show_in, conn)
        else:
            self._hand_over(conn, self.tpool)

    def _show_in(self, conn: TConn) -> None:
        self._hand_over(conn, self.doorman if _asks_for_health(conn.sock) else self.tpool)

    def _hand_over(self, conn: TConn, pool: ThreadPoolExecutor) -> None:
        with self.counting:
            self.in_hand += 1
        pool.submit(self.handle, conn).add_done_callback(lambda done: self._handed_back(conn, done))

    def _handed_back(self, conn: TConn, done: "Future[Any]") -> None:
        with self.counting:
            self.in_hand -= 1
        self.method_queue.defer(self.finish_request, conn, done)

    def finish_request(self, conn: TConn, done: "Future[Any]") -> None:
        """Keep a connection for its next request, or see it out on a thread of its own.

        Gunicorn sees it out in the thread that takes new connections, where who does not hang up holds up everybody,
        and reads 64 kB at most: who first sends a file of 11 MB in whole never gets to read that it is too large.
        """
        if done.cancelled() or done.exception() is not None or done.result():
            super().finish_request(conn, done)
            return
        self.nr_conns -= 1
        if not getattr(conn.sock, "is_given_up", False) and self.leaving.acquire(blocking=False):
            self.porter.submit(self._see_out, conn.sock)
        else:
            conn.close()

    def _see_out(self, connection: socket.socket) -> None:
        """Say that the answer is over, and read on what is still sent, as long as it comes; nothing of it is kept."""
        piece, until = bytearray(64 * 1024), time.monotonic() + LEAVE_SECONDS
        try:
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(LEAVE_IDLE_SECONDS)
            while self.alive and time.monotonic() < until and connection.recv_into(piece):
                pass
        except OSError:
            pass  # it left, or fell silent
        finally:
            connection.close()
            self.leaving.release()

    def accept(self, listener: Any) -> None:
        """Take a new connection and give it to a thread."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED):
                return  # another process was first, or the client left already
            raise
        self.nr_conns += 1
        connection = PatientSocket(fileno=accepted.detach())
        self.enqueue_req(TConn(self.cfg, connection, client, listener.getsockname()))

    def handle_error(self, request: Any, connection: Any, address: Any, error: BaseException) -> None:
        """Answer what never became a request, such as an address that is too long."""
        super().handle_error(request, _InWords(connection), address, error)


def _asks_for_health(connection: socket.socket) -> bool:
    """Whether a request that is there already begins as the operator's does; its bytes stay for who reads it."""
    try:
        connection.settimeout(PEEK_SECONDS)
        return connection.recv(len(HEALTH), socket.MSG_PEEK) == HEALTH
    except OSError:
        return False


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates as an earlier start compiled them. One that cannot be kept is compiled by the next start again."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def load_before_fork(app: Flask, compiled: str | None = None) -> None:
    """Load what comes from files and what first pages are made with, so that all processes have it together.

    It stays where it is: a collector that wrote in it would give each process a copy of its own. What reading left
    free goes back to the machine first, and no connection goes along.

    Args:
        compiled: a folder with the templates that an earlier start of the same version compiled; what is not there yet
            is put there.
    """
    if compiled is not None:
        app.jinja_env.bytecode_cache = CompiledTemplates(compiled)
    dictionary()
    everyday()
    elsewhere()
    spoken()
    shipped_points()
    for is_english in (False, True):
        ways_of_asking("", is_english=is_english)
    for language in (DUTCH, *OTHERS):
        glossary(language)
    shipped_engine()  # of no use itself: the matcher, the examples, the catalogue and the stems of their words are kept
    read_ahead(app)
    _ask_first_pages(app)
    db.dispose()
    gc.collect()
    _give_back()
    gc.freeze()


def _give_back() -> None:
    """Let the C library give back what is done with, now and in the processes that are made of this one."""
    with suppress(AttributeError, OSError, TypeError):  # another C library than that of Linux has no such things
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)  # each thread would keep what hardly any of them needs at the same moment
        library.mallopt(M_MMAP_THRESHOLD, 64 * 1024)  # what is large goes back when it is done with
        library.mallopt(M_TRIM_THRESHOLD, 128 * 1024)
        library.malloc_trim(0)


def read_ahead(app: Flask) -> None:
    """Make what first pages, answers and suggestions are made with. A database that is not ready yet is no fault: each
    process tries again, and then the first page does."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    with app.app_context(), suppress(SQLAlchemyError, ValueError):
        knowledge(db.session, today_in_nl())
        known(db.session)


def _ask_first_pages(app: Flask) -> None:
    for path in FIRST_PAGES:
        with app.test_request_context(path, base_url=app.config["KNELPUNT"].base_url):
            app.full_dispatch_request()


class _InWords:
    """A connection over which Gunicorn's own error pages go out as ours: its status, our words and headers."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def sendall(self, page: bytes) -> None:
        status_line = page.partition(b"\r\n")[0]
        self._connection.sendall(status_line + b"\r\n" + _UNREADABLE_HEADERS + UNREADABLE)
