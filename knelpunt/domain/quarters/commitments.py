"""What was promised to the Kamer, or asked by it: a toezegging or a motie, from noted to fulfilled, as one table."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knelpunt.domain.errors import DomainError, TransitionNotAllowed
from knelpunt.domain.texts import Text


class CommitmentKind(StrEnum):
    PROMISE = "toezegging"
    MOTION = "motie"


class CommitmentStatus(StrEnum):
    """Where a commitment is."""

    NOTED = "geregistreerd"
    PLANNED = "gepland"
    UNDER_WAY = "in_uitvoering"
    REPORTED = "gemeld"
    FULFILLED = "voldaan"
    PARTLY = "deels_voldaan"


class CommitmentStep(StrEnum):
    """What can be done with a commitment; the stored kind of the event."""

    NOTE = "toezegging_geregistreerd"
    CHANGE = "toezegging_gewijzigd"
    PLAN = "toezegging_gepland"
    BEGIN = "toezegging_in_uitvoering"
    REPORT = "toezegging_gemeld"
    FULFIL = "toezegging_voldaan"
    FULFIL_PARTLY = "toezegging_deels_voldaan"
    NEW_TERM = "toezegging_nieuwe_termijn"


@dataclass(frozen=True, slots=True)
class CommitmentTransition:
    """One row of the table. ``asks_day``: a new last day is needed."""

    step: CommitmentStep
    words: Text
    before: frozenset[CommitmentStatus]
    after: CommitmentStatus
    asks_day: bool = False


_S = CommitmentStatus
ENDED = frozenset({_S.FULFILLED, _S.PARTLY})
OPEN = frozenset(CommitmentStatus) - ENDED
TRANSITIONS: dict[CommitmentStep, CommitmentTransition] = {
    each.step: each
    for each in (
        CommitmentTransition(CommitmentStep.PLAN, Text("Plan"), frozenset({_S.NOTED}), _S.PLANNED, asks_day=True),
        CommitmentTransition(CommitmentStep.BEGIN, Text("Begin met uitvoeren"), frozenset({_S.PLANNED}), _S.UNDER_WAY),
        CommitmentTransition(CommitmentStep.REPORT, Text("Meld aan de Kamer"), frozenset({_S.UNDER_WAY}), _S.REPORTED),
        CommitmentTransition(CommitmentStep.FULFIL, Text("Voldaan"), frozenset({_S.REPORTED}), _S.FULFILLED),
        CommitmentTransition(CommitmentStep.FULFIL_PARTLY, Text("Deels voldaan"), frozenset({_S.REPORTED}), _S.PARTLY),
        CommitmentTransition(
            CommitmentStep.NEW_TERM,
            Text("Geef een nieuwe termijn"),
            frozenset({_S.PLANNED, _S.UNDER_WAY, _S.REPORTED}),
            _S.UNDER_WAY,
            asks_day=True,
        ),
    )
}
STATUS_TEXTS: dict[CommitmentStatus, Text] = {
    _S.NOTED: Text("Geregistreerd"),
    _S.PLANNED: Text("Gepland"),
    _S.UNDER_WAY: Text("In uitvoering"),
    _S.REPORTED: Text("Gemeld aan de Kamer"),
    _S.FULFILLED: Text("Voldaan"),
    _S.PARTLY: Text("Deels voldaan"),
}
KIND_TEXTS: dict[CommitmentKind, Text] = {
    CommitmentKind.PROMISE: Text("Toezegging"),
    CommitmentKind.MOTION: Text("Motie"),
}
REMINDED_BEFORE = (60, 30, 7)
"""So many days before the last day its owner is reminded."""


def steps_from(status: CommitmentStatus) -> list[CommitmentTransition]:
    """What can be done now, in the order of the table."""
    return [row for row in TRANSITIONS.values() if status in row.before]


def require(
    step: CommitmentStep, status: CommitmentStatus, *, due_on: date | None, today: date
) -> CommitmentTransition:
    """The row of a step that may be taken now, with the day that it asks.

    Raises:
        TransitionNotAllowed: it may not be taken now.
        DomainError: the day is missing, or lies behind us (field ``due_on``).
    """
    row = TRANSITIONS.get(step)
    if row is None or status not in row.before:
        raise TransitionNotAllowed(Text("Dat kan nu niet. De status is: %(status)s.", status=STATUS_TEXTS[status]))
    if row.asks_day and (due_on is None or due_on <= today):
        raise DomainError(Text("Kies een dag na vandaag."), field="due_on")
    return row


def reminder_due(due_on: date, today: date) -> int | None:
    """Which reminder is due: so many days ahead; one that was missed goes out late, as the nearest. None: none yet."""
    passed = [days for days in REMINDED_BEFORE if due_on - timedelta(days=days) <= today]
    return min(passed, default=None)
