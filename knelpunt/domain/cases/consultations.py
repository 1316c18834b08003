"""The rules of a question to a ministry: how long its link holds, what may be asked of it, and who may get it."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum, auto

from knelpunt.domain.vocabulary import ConsultationStatus, RoomAnswer

LINK_HOLDS_AFTER = timedelta(days=28)
"""How long after the last day of the term an answer can still be given by the link."""
MOST_MORE_TIME = timedelta(days=42)
"""How far ahead a new last day may lie."""
MOST_LINKS = 10
"""How often one question is handed on, at most: each time a mail goes to an address that somebody typed."""
LIST_DAYS = 14
_FIRST_MONDAY = date(2001, 1, 1)
OPPOSITE = {RoomAnswer.ROOM: RoomAnswer.NO_ROOM, RoomAnswer.NO_ROOM: RoomAnswer.ROOM}
"""Two answers that cannot both be followed."""


class LinkState(StrEnum):
    """What somebody finds who opens a link."""

    OPEN = auto()
    DONE = auto()
    HANDED_ON = auto()
    EXPIRED = auto()
    CASE_OVER = auto()


def link_ends_on(due_on: date) -> date:
    """The last day on which a link can be used, for a question with this last day."""
    return due_on + LINK_HOLDS_AFTER


def link_state(
    status: ConsultationStatus, due_on: date, ended_on: date | None, today: date, *, is_revoked: bool
) -> LinkState:
    """What can be done by a link today. An answer can be read back for as long as it could be given."""
    if is_revoked:
        return LinkState.HANDED_ON
    if status is ConsultationStatus.ENDED:
        return LinkState.CASE_OVER
    if status is not ConsultationStatus.OPEN:
        return LinkState.EXPIRED if ended_on is not None and today > link_ends_on(ended_on) else LinkState.DONE
    return LinkState.EXPIRED if today > link_ends_on(due_on) else LinkState.OPEN


def domain_of(address: str) -> str:
    """The part of a mail address behind the @, to compare."""
    return address.rpartition("@")[2].casefold()


def is_within(address: str, addresses: Iterable[str]) -> bool:
    """Whether an address is of the same mail domain as one of these; a part of such a domain is another one."""
    return domain_of(address) in {domain_of(each) for each in addresses}


def list_period(today: date) -> date:
    """The Monday on which the fourteen days began in which this day falls: once in each a list is sent."""
    return today - timedelta(days=(today - _FIRST_MONDAY).days % LIST_DAYS)
