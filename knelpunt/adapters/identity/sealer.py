"""Seals small secrets with a key that lies outside the database, so that a copy of the database opens nothing."""

import base64
import hashlib
import importlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any


@cache
def _library() -> Any:
    """Six megabytes, for who seals something."""
    return importlib.import_module("cryptography.fernet")


class Sealer:
    """Makes text unreadable to who has not the key, and notices any change in it.

    It seals with the first key, and opens what any of them sealed.
    """

    def __init__(self, key: str, *older: str) -> None:
        self._keys = (key, *older)

    @cached_property
    def _fernets(self) -> list[Any]:
        """One for each key. Made, and its library loaded, when something is sealed or opened: most workers never do."""
        return [
            _library().Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"knelpunt-sealer:" + each.encode()).digest()))
            for each in self._keys
        ]

    @cached_property
    def _fernet(self) -> Any:
        return _library().MultiFernet(self._fernets)

    def renewed(self, sealed: str) -> str | None:
        """The same under the newest key; None when no key opens it, and itself when the newest key sealed it."""
        try:
            token = sealed.encode("ascii")
        except UnicodeError:
            return None
        try:
            self._fernets[0].decrypt(token)
            return sealed
        except _library().InvalidToken:
            pass
        try:
            renewed: str = self._fernet.rotate(token).decode("ascii")
            return renewed
        except _library().InvalidToken:
            return None

    def seal(self, text: str, now: datetime) -> str:
        """The sealed form of a text; each time another."""
        sealed: str = self._fernet.encrypt_at_time(text.encode(), int(now.timestamp())).decode("ascii")
        return sealed

    def open(self, sealed: str, *, now: datetime | None = None, term: timedelta | None = None) -> str | None:
        """The text; None when it was changed, sealed with another key, or longer ago than ``term``."""
        try:
            token = sealed.encode("ascii")
            if term is None or now is None:
                opened: bytes = self._fernet.decrypt(token)
            else:
                opened = self._fernet.decrypt_at_time(token, int(term.total_seconds()), int(now.timestamp()))
            return opened.decode()
        except (_library().InvalidToken, UnicodeError):
            return None

    def seal_values(self, purpose: str, values: Mapping[str, Any], now: datetime) -> str:
        """Plain values for one purpose, to be given back by a form."""
        return self.seal(json.dumps([purpose, dict(values)]), now)

    def open_values(self, purpose: str, sealed: str, *, now: datetime, term: timedelta) -> dict[str, Any] | None:
        """The values; None when they were sealed for something else, changed, or longer ago than ``term``."""
        opened = self.open(sealed, now=now, term=term)
        if opened is None:
            return None
        kept_purpose, values = json.loads(opened)
        return dict(values) if kept_purpose == purpose else None
