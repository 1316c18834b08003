"""What comes next in a case, and what each step of the desk waits for: read from the workflow table, by the same facts
by which the services refuse."""

from dataclasses import dataclass

from knelpunt.domain.cases.workflow import TRANSITIONS, Party, Requirement, Transition, steps_from
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, EventKind

S = CaseStatus
MAIN_LINE = (S.SUBMITTED, S.IN_TRIAGE, S.IN_HANDLING, S.PROPOSED, S.CLOSED)
"""The states through which most cases go."""
_STANDS_BESIDE = {
    S.AWAITING_SUPPLEMENT: S.SUBMITTED,
    S.WITH_MINISTRY: S.IN_HANDLING,
    S.RECONSIDERATION: S.CLOSED,
}
"""States beside the main line, and from where on a step of it can be called later."""
_LATER = (
    EventKind.TAKEN_IN,
    EventKind.HANDLING_STARTED,
    EventKind.PROPOSED,
    EventKind.CLOSED,
)
"""The steps of the desk along the main line."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A step of the desk and what the case still lacks for it.

    ``from_state``: the state that the case must reach first; None when the step starts where the case is.
    """

    step: Transition
    lacks: tuple[Requirement, ...] = ()
    from_state: CaseStatus | None = None


def likely_step(status: CaseStatus) -> Transition | None:
    """The step of the desk by which most cases leave this state: the first in the table that takes the case further.
    None when the case is over or somebody else is to act."""
    if status not in OPEN_STATUSES or status is S.WITH_MINISTRY:
        return None
    return next(
        (step for step in steps_from(status) if step.party is Party.STAFF and not step.suspends),
        None,
    )


def coming_from(status: CaseStatus, facts: frozenset[Requirement]) -> list[Coming]:
    """Every step that the desk can take from this state, in the order of the table but the likely one first."""
    likely = likely_step(status)
    found = [step for step in steps_from(status) if step.party is Party.STAFF]
    return [Coming(step, step.lacks(facts)) for step in sorted(found, key=lambda step: step is not likely)]


def coming_later(status: CaseStatus) -> list[Coming]:
    """The steps of the main line that start in a state which this open case has still to reach."""
    if status not in OPEN_STATUSES or status is S.RECONSIDERATION:
        return []
    now = MAIN_LINE.index(_STANDS_BESIDE.get(status, status))
    found = []
    for step in TRANSITIONS:
        if step.name not in _LATER or status in step.sources:
            continue
        (source,) = step.sources
        if MAIN_LINE.index(source) > now or source is _STANDS_BESIDE.get(status):
            found.append(Coming(step, from_state=source))
    return sorted(found, key=lambda each: MAIN_LINE.index(each.from_state or S.SUBMITTED))
