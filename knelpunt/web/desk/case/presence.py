"""Who else has a case open: noted when a page about it is read, and said on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import request, url_for

from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.collaboration import presence
from knelpunt.web.shared.requests.access import current_context


class Seen(Protocol):
    """When a colleague last had a case open."""

    @property
    def account_id(self) -> int: ...
    @property
    def seen_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Present:
    """Who else reads this now, in words, and where to ask again."""

    words: str
    address: str


def note_reader(file: CaseFile) -> Present:
    """Note that this reader has the case open, and say who else has."""
    words = note_and_say(file.case.id, file.presences)
    return Present(words, url_for("desk.present", reference=file.case.reference))


def note_and_say(case_id: int, seen: Iterable[Seen]) -> str:
    """Note it in a transaction of its own, at most once a minute, and only when a page is read: a form that comes in
    has its own transaction."""
    context, rows = current_context(), list(seen)
    own = next((each.seen_at for each in rows if each.account_id == context.actor.account_id), None)
    if request.method == "GET" and presence.touch(context, case_id, own):
        db.session.commit()
    names = small_tables(db.session).staff_names
    others = [
        names[each.account_id]
        for each in rows
        if each.account_id != context.actor.account_id and context.now - each.seen_at < presence.SHOWN_FOR
    ]
    return in_words(sorted(others))


def in_words(names: list[str]) -> str:
    """Who reads a case now; empty when nobody does."""
    if len(names) < 2:
        return f"{names[0]} leest dit nu ook." if names else ""
    return f"{', '.join(names[:-1])} en {names[-1]} lezen dit nu ook."
