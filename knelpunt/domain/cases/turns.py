"""Whose turn it is in a case, for every list, page and answer that says so."""

from enum import StrEnum

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus


class Turn(StrEnum):
    """Who has to do something now."""

    SUBMITTER = "indiener"
    DESK = "loket"
    MINISTRY = "ministerie"
    NOBODY = "niemand"


def waits_for_submitter(status: CaseStatus, due_clock: Clock | None, *, is_asked_to_share: bool) -> bool:
    """Whether a case waits for who filed it: for an answer, for a reaction to a proposal, or for whether it may be
    shared. A proposal waits as long as its own clock runs; once there is a reaction the desk is to close the case."""
    if is_asked_to_share or status is CaseStatus.AWAITING_SUPPLEMENT:
        return True
    return status is CaseStatus.PROPOSED and due_clock not in (None, Clock.CLOSING)


def turn_of(status: CaseStatus, *, waits: bool) -> Turn:
    """Whose turn it is in a case that waits for who filed it, or not."""
    if waits:
        return Turn.SUBMITTER
    if status not in OPEN_STATUSES:
        return Turn.NOBODY
    return Turn.MINISTRY if status is CaseStatus.WITH_MINISTRY else Turn.DESK
