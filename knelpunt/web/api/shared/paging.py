"""Lists that go on from a cursor: what stands behind it is ours, and may change without notice."""

import binascii
import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from knelpunt.web.api.shared.fields import Schema, number, text
from knelpunt.web.shared.problems import Fault, InvalidInput
from knelpunt.web.shared.texts import lazy_gettext

DEFAULT_LIMIT = 20
MOST = 100
LONGEST_CURSOR = 200
MAY_CHANGE = ("cursor", "limit", "fields")
"""What may be asked otherwise for the next piece of the same list."""
_NO_CURSOR = lazy_gettext("Deze cursor kennen wij niet. Begin opnieuw zonder cursor.")
_OTHER_LIST = lazy_gettext("Deze cursor hoort bij een andere lijst of bij andere filters. Begin opnieuw zonder cursor.")
_MARK = re.compile("[0-9a-f]{8}")
Place = TypeVar("Place")


class ListQuery(Schema):
    """What every list may be asked."""

    cursor = text(
        "cursor",
        "Waar de lijst verder gaat: de waarde van `next` uit het vorige antwoord. Houd de filters gelijk.",
        longest=LONGEST_CURSOR,
    )
    limit = number(
        "limit", "Hoeveel er hoogstens in het antwoord staan.", least=1, most=MOST, load_default=DEFAULT_LIMIT
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One piece of a list; ``following`` is the cursor of the piece after it."""

    items: Iterable[Any]
    following: str | None = None


def cursor_of(place: str) -> str:
    """A place in the list that this request asks for as a cursor, which is for no other list."""
    return urlsafe_b64encode(f"{_mark_of_list()}{place}".encode()).decode().rstrip("=")


def _mark_of_list() -> str:
    """The same for every piece of one list: its address with its filters. Elsewhere rows would silently be skipped."""
    asked = sorted((name, value) for name, value in request.args.items(multi=True) if name not in MAY_CHANGE)
    return hashlib.sha256(f"{request.path}?{urlencode(asked, errors='replace')}".encode()).hexdigest()[:8]


def place_in(cursor: str | None, read: Callable[[str], Place | None]) -> Place | None:
    """The place that a cursor stands for; None without a cursor. Raises InvalidInput for what is none of ours."""
    if cursor is None:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise InvalidInput(Fault("query", "cursor", _NO_CURSOR)) from None
    mark = _mark_of_list()
    if not text.startswith(mark):
        raise InvalidInput(Fault("query", "cursor", _OTHER_LIST if _MARK.match(text) else _NO_CURSOR))
    found = read(text.removeprefix(mark))
    if found is None:
        raise InvalidInput(Fault("query", "cursor", _NO_CURSOR))
    return found


def _count_in(place: str) -> int | None:
    return int(place) if place.isascii() and place.isdecimal() and len(place) < 7 else None


def offset_in(asked: dict[str, Any]) -> int:
    """How many rows came before, for a list whose cursor counts them."""
    return place_in(asked.get("cursor"), _count_in) or 0


def counted_page(items: Iterable[Any], asked: dict[str, Any], total: int) -> Page:
    """A piece of a list of which the cursor counts the rows before it."""
    end = offset_in(asked) + asked["limit"]
    return Page(items, cursor_of(str(end)) if end < total else None)


def piece_of(rows: Sequence[Any], asked: dict[str, Any]) -> Page:
    """The piece that was asked for of a list that is short enough to be read as a whole."""
    start = offset_in(asked)
    return counted_page(rows[start : start + asked["limit"]], asked, len(rows))
