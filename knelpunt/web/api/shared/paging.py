"""Lists that go on from a cursor: what stands behind it is ours, and may change without notice."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from knelpunt.web.api.shared.fields import Schema, number, text
from knelpunt.web.shared.problems import Fault, InvalidInput
from knelpunt.web.shared.texts import lazy_gettext

DEFAULT_LIMIT = 20
MOST = 100
LONGEST_CURSOR = 200
_NO_CURSOR = lazy_gettext("Deze cursor kennen wij niet. Begin opnieuw zonder cursor.")
Place = TypeVar("Place")


class ListQuery(Schema):
    """What every list may be asked."""

    cursor = text(
        "cursor", "Waar de lijst verder gaat: de waarde van `next` uit het vorige antwoord.", longest=LONGEST_CURSOR
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
    """A place in a list as a cursor."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_in(cursor: str | None, read: Callable[[str], Place | None]) -> Place | None:
    """The place that a cursor stands for; None without a cursor. Raises InvalidInput for what is none of ours."""
    if cursor is None:
        return None
    try:
        found = read(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except (binascii.Error, ValueError):
        found = None
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
