"""How much one asker may ask: counted in this process, by minute, and told in the headers of every answer.

It keeps one asker from taking everybody's time; it is no proof against many. A process counts for itself, so that no
request writes to the database: with more processes somebody may get more, never less than is promised.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from cachetools import TTLCache
from flask import Response, current_app, g, request

from knelpunt.domain.accounts import network_of
from knelpunt.domain.errors import TooManyAttempts
from knelpunt.web.shared.texts import lazy_gettext

MINUTE = 60
MOST_ASKERS = 20_000


@dataclass(frozen=True, slots=True)
class Left:
    """What an asker has left in this minute."""

    most: int
    remaining: int
    seconds: int


class Counter:
    """Counts in whole minutes."""

    def __init__(self) -> None:
        self._used: TTLCache[tuple[str, str, int], int] = TTLCache(MOST_ASKERS, ttl=2 * MINUTE)
        self._lock = Lock()

    def count(self, kind: str, asker: str, most: int) -> Left:
        """Count one more of a kind for an asker; nothing is left when it was one too many."""
        now = time.time()
        minute = int(now // MINUTE)
        with self._lock:
            used = self._used[kind, asker, minute] = self._used.get((kind, asker, minute), 0) + 1
        return Left(most, most - used, max(1, (minute + 1) * MINUTE - int(now)))


counter = Counter()


def limit(kind: str, asker: str, most: int) -> None:
    """Count this request, and note for its headers what is left.

    Raises:
        TooManyAttempts: it is one too many in this minute.
    """
    left = g.api_left = counter.count(kind, asker, most)
    if left.remaining < 0:
        raise TooManyAttempts(
            lazy_gettext("U vraagt te veel achter elkaar. Zie Retry-After."),
            retry_after=timedelta(seconds=left.seconds),
        )


def count_address() -> None:
    """Count this request for the address that it comes from. Raises TooManyAttempts as ``limit``."""
    limit("address", network_of(request.remote_addr or ""), current_app.config["KNELPUNT"].api_requests_per_minute)


def add_limit_headers(response: Response) -> Response:
    """Tell what is left."""
    left: Left | None = g.get("api_left")
    if left is not None:
        response.headers["RateLimit-Limit"] = str(left.most)
        response.headers["RateLimit-Remaining"] = str(max(0, left.remaining))
        response.headers["RateLimit-Reset"] = str(left.seconds)
    return response
