"""Reads the filters of a list from its address; what cannot be read counts as not filled in."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for

TEXT_MAX_CHARACTERS = 200
FIRST_YEAR = 1900
LAST_YEAR = 2100

Member = TypeVar("Member", bound=StrEnum)


def text_arg(name: str) -> str:
    """Typed text, without blanks around it and without letters that the database cannot compare."""
    typed = request.args.get(name, "")[:TEXT_MAX_CHARACTERS]
    return "".join(letter for letter in typed if letter.isprintable()).strip()


def id_arg(name: str) -> int | None:
    """The number of a row."""
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def enum_arg(name: str, kind: type[Member]) -> Member | None:
    """One member of a closed list."""
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


def day_arg(name: str) -> date | None:
    """A day that a person could mean."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def address(**changes: object) -> str:
    """This list's address with other filters; None takes one away. Filters that are not known are dropped."""
    known: dict[str, Any] = {name: value for name, value in request.args.items() if value and name not in changes}
    known.update({name: str(value) for name, value in changes.items() if value is not None})
    return url_for(request.endpoint or "", **(request.view_args or {}), **known)


def chips(shown: Iterable[tuple[str, str, str]], paging: str) -> list[tuple[str, str]]:
    """What is on, for the filter panel: (words, address without that filter), from (filter, value, words)."""
    return [(words, address(**{name: None, paging: None})) for name, value, words in shown if value]
