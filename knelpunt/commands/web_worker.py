"""The web server's worker process, which does not wait for ever for somebody who stopped sending."""

import errno
import socket
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

IDLE_SECONDS = 15.0
"""How long a thread waits for the next piece of a request, or for a client to take the next piece of an answer."""
RECEIVE_SECONDS = 300.0
"""How long a whole request may take to come in: 20 MB over a line of 1 Mbit/s needs half of it."""


class PatientSocket(socket.socket):
    """A connection that is given up when the other side falls silent, as if it had been broken.

    Gunicorn's threads wait without end: as many telephones that lose their connection halfway an upload as there are
    threads would stop the site.
    """

    _give_up_at = float("inf")

    def setblocking(self, flag: bool, /) -> None:
        """Gunicorn asks for waiting at the begin of each request, and for not waiting between two requests."""
        if flag:
            self._give_up_at = time.monotonic() + RECEIVE_SECONDS
        self.settimeout(IDLE_SECONDS if flag else 0.0)

    def recv(self, *args: Any) -> bytes:
        if time.monotonic() > self._give_up_at:
            raise _broken("the request took too long to come in")
        try:
            return super().recv(*args)
        except TimeoutError:
            raise _broken("the client stopped sending") from None

    def sendall(self, *args: Any) -> None:
        try:
            super().sendall(*args)
        except TimeoutError:
            raise _broken("the client stopped reading") from None


class PatientWorker(ThreadWorker):
    """Gunicorn's worker with threads, on connections of the kind above."""

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


def _broken(reason: str) -> ConnectionResetError:
    """What Gunicorn and Werkzeug take for a client that left: the first says nothing, the second answers 400."""
    return ConnectionResetError(errno.ECONNRESET, reason)
