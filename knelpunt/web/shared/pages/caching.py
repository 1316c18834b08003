"""Keeps what is the same for every visitor for some minutes, so that a busy page does not count it each time."""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import ParamSpec, TypeVar

from cachetools import LRUCache, cached

from knelpunt.extensions import db

Asked = ParamSpec("Asked")
Value = TypeVar("Value")
KEPT_SECONDS = 300


def period(timer: Callable[[], float] = time.time) -> int:
    """The number of these five minutes: what is counted in them is shown till their end, by every process."""
    return int(timer() // KEPT_SECONDS)


def cached_for_minutes(count: Callable[Asked, Value], timer: Callable[[], float] = time.time) -> Callable[Asked, Value]:
    """Remember what a function counts in a database. Only for what is public and may be some minutes old.

    A text may not: it is asked with the version of what is public, so that no page with a new mark shows an old one.
    Two threads that find nothing both count: that does no harm, and nobody waits for the other.
    """

    def now_in_this_database(*asked: Hashable) -> Hashable:
        return db.session.get_bind(), period(timer), *asked

    return cached(LRUCache(maxsize=4), key=now_in_this_database, lock=Lock())(count)
