"""How a case goes, told from the workflow's own table: per state what it means and what can come next."""

from collections.abc import Iterator
from dataclasses import dataclass

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.workflow import TRANSITIONS, Party, Transition, steps_from
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus
from knelpunt.web.shared.labels.labels import label, step_label
from knelpunt.web.shared.texts import _, lazy_gettext

_DONE_BY = {
    Party.STAFF: lazy_gettext("Het loket doet dit"),
    Party.SUBMITTER: lazy_gettext("U doet dit"),
    Party.MINISTRY: lazy_gettext("Het ministerie doet dit"),
    Party.OTHER_DOOR: lazy_gettext("De andere instantie doet dit"),
    Party.SYSTEM: lazy_gettext("Dit gebeurt vanzelf als de termijn voorbij is"),
}
_MAIN_LINE = (
    CaseStatus.DRAFT,
    CaseStatus.SUBMITTED,
    CaseStatus.IN_TRIAGE,
    CaseStatus.AWAITING_SUPPLEMENT,
    CaseStatus.IN_HANDLING,
    CaseStatus.PROPOSED,
)
_WAITS_ON_SUBMITTER = frozenset({CaseStatus.DRAFT, CaseStatus.AWAITING_SUPPLEMENT, CaseStatus.PROPOSED})


_BESIDE = (
    Clock.K7,
    Clock.CLOSING,
    Clock.SUPPLEMENT,
    Clock.PREVIEW,
    Clock.SHARING,
    Clock.REFERRAL,
    Clock.AFTER_REFUSAL,
    Clock.OWNER,
    Clock.DRAFT,
    Clock.GUIDE,
    Clock.CLAIM,
)
"""Clocks that begin outside the table of steps."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What can happen in a state: what is done, by whom, where it leads, and which clocks it starts and stops."""

    title: str
    who: str
    leads_to: str
    is_reviewed: bool
    clocks: str


@dataclass(frozen=True, slots=True)
class State:
    """One state with what can come next. ``kind`` says whose turn it is: submitter, desk or end."""

    status: CaseStatus
    kind: str
    steps: tuple[NextStep, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way that most cases go, with the clocks that start there."""

    status: CaseStatus
    kind: str
    clocks: tuple[Clock, ...]


def main_line() -> list[Stage]:
    """From draft to closed: the steps of the table that lead on, without questions, refusals and withdrawing."""
    stages, status, started = [], CaseStatus.DRAFT, frozenset[Clock]()
    while True:
        stages.append(Stage(status, _kind_of(status), tuple(sorted(started))))
        seen = {stage.status for stage in stages} | {
            CaseStatus.WITHDRAWN,
            CaseStatus.RECONSIDERATION,
            CaseStatus.ARCHIVED,
        }
        onward = [step for step in steps_from(status) if step.target and not step.suspends and step.target not in seen]
        if not onward:
            return stages
        step = onward[0]
        status, started = step.target or status, step.starts


def states() -> list[State]:
    """Every state that the workflow can reach, in the order in which a case meets them."""
    reached = {CaseStatus.DRAFT, *(step.target for step in TRANSITIONS)}
    order = [*_MAIN_LINE, *(status for status in CaseStatus if status not in _MAIN_LINE)]
    return [_state(status) for status in order if status in reached]


def _state(status: CaseStatus) -> State:
    return State(status, _kind_of(status), tuple(_step(step) for step in steps_from(status)))


def _kind_of(status: CaseStatus) -> str:
    """Whose turn it is."""
    if status in _WAITS_ON_SUBMITTER:
        return "submitter"
    return "desk" if status in OPEN_STATUSES else "end"


def _step(step: Transition) -> NextStep:
    return NextStep(
        title=step_label(step.name.value),
        who=_DONE_BY[step.party],
        leads_to=label(step.target) if step.target else _("Terug naar waar de zaak was"),
        is_reviewed=step.is_reviewed,
        clocks=" ".join(_effects(step)),
    )


def _effects(step: Transition) -> Iterator[str]:
    if step.stops == frozenset(Clock):
        yield _("Alle klokken stoppen.")
    elif step.stops:
        yield _("Stopt: %(stops)s.", stops=_names(step.stops))
    if step.suspends:
        yield _("De klok staat stil vanaf de volgende dag.")
    if step.resumes:
        yield _("De klok loopt weer.")
    if step.starts:
        yield _("Begint: %(starts)s.", starts=_names(step.starts))


def _names(clocks: frozenset[Clock]) -> str:
    return ", ".join(label(clock).lower() for clock in sorted(clocks))


def clocks_in_use() -> tuple[Clock, ...]:
    """The clocks that a step of a case starts or an acceptance does, the terms of the submitter and of others, and the
    rule's."""
    started = {clock for step in TRANSITIONS for clock in step.starts}
    return tuple(clock for clock in Clock if clock in started or clock in _BESIDE)
