"""Where somebody was: the list that a case was opened from, so that the case can lead back to it."""

from flask import session, url_for

from knelpunt.domain.permissions import Actor, Permission

_KEY = "werkvoorraad"
_LONGEST = 600
"""The place is kept in the cookie, which has to stay small; a longer address is not remembered."""


def remember_list(query: str) -> None:
    """Keep the query string of the list that is shown; the cookie is only written when it changed."""
    if len(query) <= _LONGEST and session.get(_KEY, "") != query:
        session[_KEY] = query


def list_of(actor: Actor) -> tuple[str, str]:
    """What somebody came from to a case, in words, and its address: an owner of rules has no work list."""
    if actor.can(Permission.READ_CASES):
        return "Werkvoorraad", list_address()
    return "Mijn regelknelpunten", url_for("bottlenecks.own")


def list_address() -> str:
    """The address of the list that was shown last, page and filters included."""
    query = session.get(_KEY, "")
    path = url_for("desk.worklist")
    return f"{path}?{query}" if isinstance(query, str) and query else path
