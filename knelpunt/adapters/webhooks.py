"""Sends a request to an address that somebody gave us, and nowhere else.

The name is looked up once, every address that it has is checked, and the connection is made with a checked address: a
second look-up cannot lead elsewhere. Redirects are not followed, the body of the answer is read no further than was
asked, and one clock runs over the whole try.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

import structlog

from knelpunt.adapters.log_lines import describe
from knelpunt.domain.errors import DomainError
from knelpunt.domain.identity.subscriptions import Target, TryOutcome

SECONDS = 10.0
"""How long one try may take, from looking up the name to the head of the answer."""
LONGEST_PAUSE_SECONDS = 24 * 3600
_METADATA = ipaddress.ip_address("168.63.129.16")
"""A public number at which a cloud answers its own machines alone."""
_WRAPPED = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "::/96"))
_SPECIAL = tuple(ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24"))
_BUSY = (408, 425, 429)
Lookup = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request. ``retry_after``: for how many seconds the receiver asks to be left alone.

    ``detail`` and ``offered`` are what a case system refused, and which types it has; ``has_made``: something new is
    there since this try.
    """

    outcome: TryOutcome
    milliseconds: int
    status: int | None = None
    retry_after: int | None = None
    allowed_origin: str | None = None
    body: bytes = field(default=b"", repr=False)
    detail: str | None = None
    offered: Mapping[str, Sequence[str]] | None = None
    has_made: bool = False


class _Failed(Exception):
    def __init__(self, outcome: TryOutcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


def is_on_the_internet(address: str) -> bool:
    """Whether an address belongs to a machine that anybody can reach: no private network, no machine of ours, no
    group of machines, no service of a cloud for its own machines; nor such an address in the clothes of another."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            return found.sixtofour is None and is_on_the_internet(str(inner))
        if found.is_site_local or any(found in network for network in _WRAPPED):
            return False
    elif any(found in network for network in _SPECIAL):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found == _METADATA)


def look_up(name: str, port: int) -> Sequence[str]:
    """Every address of a name, as the system knows it."""
    return [str(each[4][0]) for each in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Poster:
    """Sends requests to where they may go.

    Attributes:
        seconds: for one try.
        trusted: who is believed to be who they say; None: whom the system believes.
    """

    target: Target = field(default_factory=Target)
    seconds: float = SECONDS
    look_up: Lookup = look_up
    trusted: ssl.SSLContext | None = field(default=None, repr=False)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = 0) -> Answer:
        """Send one request; whatever goes wrong is in the answer. ``most``: how much of its body is read."""
        began = time.monotonic()
        try:
            return self._send(method, url, headers, body, began, most)
        except _Failed as failed:
            return Answer(failed.outcome, _since(began))
        except Exception as error:  # one odd address must not stop all others
            structlog.get_logger().error("request not made", **describe(error))
            return Answer(TryOutcome.FAULT, _since(began))

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes, began: float, most: int) -> Answer:
        try:
            parts = urlsplit(self.target.checked(url))
        except DomainError:
            raise _Failed(TryOutcome.FORBIDDEN) from None
        connection = _Connection(parts, self._addresses(parts, began), self.trusted, began + self.seconds)
        cut = threading.Timer(max(self.seconds - (time.monotonic() - began), 0.01), connection.cut)
        cut.daemon = True
        cut.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body or None, {**headers, "User-Agent": "Knelpunt", "Connection": "close"})
            with connection.getresponse() as answer:
                told = answer.read(most) if most else b""
                return Answer(
                    _outcome(answer.status),
                    _since(began),
                    answer.status,
                    _seconds(answer.getheader("Retry-After")),
                    answer.getheader("WebHook-Allowed-Origin"),
                    told,
                )
        except (OSError, HTTPException, ValueError) as error:
            is_late = connection.is_cut or isinstance(error, TimeoutError)
            raise _Failed(TryOutcome.TOO_SLOW if is_late else TryOutcome.NO_ANSWER) from None
        finally:
            cut.cancel()
            connection.close()

    def _addresses(self, parts: SplitResult, began: float) -> Sequence[str]:
        if self.target.is_loopback(parts):
            return ("127.0.0.1",)
        host, port = parts.hostname or "", parts.port or 443
        found: list[str] = []
        # The look-up of the system takes as long as it likes, and cannot be stopped.
        asking = threading.Thread(target=lambda: found.extend(_looked_up(self.look_up, host, port)), daemon=True)
        asking.start()
        asking.join(max(self.seconds - (time.monotonic() - began), 0.01))
        if asking.is_alive():
            raise _Failed(TryOutcome.TOO_SLOW)
        if not found:
            raise _Failed(TryOutcome.NO_ANSWER)
        if not all(is_on_the_internet(each) for each in found):
            raise _Failed(TryOutcome.FORBIDDEN)
        return tuple(dict.fromkeys(found))


class _Connection(HTTPConnection):
    """One connection with one of the checked addresses, by the name in the address of the receiver."""

    def __init__(
        self, parts: SplitResult, addresses: Sequence[str], trusted: ssl.SSLContext | None, deadline: float
    ) -> None:
        is_tls = parts.scheme == "https"
        self.default_port = 443 if is_tls else 80
        super().__init__(parts.hostname or "", parts.port)
        self._deadline = deadline
        self._addresses = addresses
        self._trusted = (trusted or ssl.create_default_context()) if is_tls else None
        self.is_cut = False

    def connect(self) -> None:
        """Connect with the first address that answers."""
        last: OSError = OSError("no address")
        for address in self._addresses:
            if self.is_cut:
                break
            try:
                left = max(self._deadline - time.monotonic(), 0.01)
                self.sock = socket.create_connection((address, self.port), left)
            except OSError as error:
                last = error
                continue
            if self._trusted is not None:
                wrapped = self._trusted.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
                self.sock = wrapped  # before anything is waited for, so that it can be cut
                if self.is_cut:  # in the moment before
                    raise TimeoutError
                wrapped.do_handshake()
            return
        raise last

    def cut(self) -> None:
        """The time is over: whatever waits on this connection ends."""
        self.is_cut = True
        held = self.sock
        if held is not None:
            with suppress(OSError):
                socket.socket.shutdown(held, socket.SHUT_RDWR)  # past TLS, which would wait its turn


def _looked_up(ask: Lookup, host: str, port: int) -> Sequence[str]:
    try:
        return ask(host, port)
    except (OSError, UnicodeError):
        return ()


def _outcome(status: int) -> TryOutcome:
    if 200 <= status < 300:
        return TryOutcome.TAKEN
    if 300 <= status < 400:
        return TryOutcome.REDIRECTED
    if status == 410:
        return TryOutcome.GONE
    return TryOutcome.BUSY if status >= 500 or status in _BUSY else TryOutcome.REFUSED


def _seconds(asked: str | None) -> int | None:
    """How long a receiver asks to wait, at most a day; a day and hour in words is not read."""
    if asked is None or not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    return min(int(asked), LONGEST_PAUSE_SECONDS)


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
