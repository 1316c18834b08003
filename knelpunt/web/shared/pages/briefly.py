"""Keeps what is the same for every visitor for some minutes, so that a busy page does not count it each time."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

Value = TypeVar("Value")
KEPT_SECONDS = 300


class Briefly(Generic[Value]):
    """Remembers one value per database and key. Only for what is public and may be some minutes old.

    Two threads that find nothing both count: that does no harm and needs no lock.
    """

    def __init__(self, seconds: float = KEPT_SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._now = seconds, now
        self._kept: WeakKeyDictionary[Engine | Connection, tuple[float, Hashable, Value]] = WeakKeyDictionary()

    def get(self, database: Engine | Connection, key: Hashable, count: Callable[[], Value]) -> Value:
        """The value that was counted last for this key, or else a new one."""
        found = self._kept.get(database)
        now = self._now()
        if found is not None and found[0] > now and found[1] == key:
            return found[2]
        value = count()
        self._kept[database] = (now + self._seconds, key, value)
        return value
