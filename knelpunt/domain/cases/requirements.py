"""Which requirements of the workflow table a case meets, from what stands in the case and beside it."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.grounds import Grounds, why_not
from knelpunt.domain.cases.workflow import Requirement
from knelpunt.domain.vocabulary import ProposalStatus, Verdict


class CaseToJudge(Protocol):
    """What the requirements look at: a case as a row to act on, or as the columns that a page has read."""

    @property
    def id(self) -> int: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def handler_id(self) -> int | None: ...
    @property
    def in_scope(self) -> bool | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def due_clock(self) -> Clock | None: ...


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands beside a case: the rules weighed, what is open, and what became of the proposal made last.

    ``ministries_disagree``: of the ministries that were asked one sees room and another none, and nobody decided.
    ``is_offered``: to another organisation, which has not answered yet. ``is_under_rule``: the owner of a rule
    bottleneck that still runs took the case in.
    """

    grounds: Grounds
    has_open_question: bool
    has_open_review: bool
    has_public_text: bool
    proposal: ProposalStatus | None
    ministries_disagree: bool = False
    is_offered: bool = False
    is_under_rule: bool = False


def met(case: CaseToJudge, found: Findings, today: date) -> frozenset[Requirement]:
    """The requirements that this case meets today (Europe/Amsterdam)."""
    fits = why_not(case.verdict, found.grounds) is None
    reaction_term_is_over = case.due_clock is Clock.CLOSING or (case.due_on is not None and case.due_on < today)
    held = {
        Requirement.HANDLER_NAMED: case.handler_id is not None,
        Requirement.IN_SCOPE_ANSWERED: case.in_scope is not None,
        Requirement.NO_OPEN_QUESTION: not found.has_open_question,
        Requirement.NO_OPEN_REVIEW: not found.has_open_review,
        Requirement.VERDICT_DECIDED: case.verdict is not Verdict.UNDECIDED,
        Requirement.VERDICT_FITS: fits,
        # The room may stand in the ruimtewijzer that was the proposal. While that waits, no link that gives it goes.
        Requirement.VERDICT_STANDS: case.verdict.is_bridgeable or (fits and case.verdict is not Verdict.UNDECIDED),
        Requirement.PROPOSAL_ANSWERED: found.proposal is ProposalStatus.ACCEPTED
        or (found.proposal is ProposalStatus.SENT and reaction_term_is_over),
        Requirement.PUBLIC_TEXT_WRITTEN: found.has_public_text,
        Requirement.MINISTRIES_AGREE: not found.ministries_disagree,
        Requirement.RULE_ACCEPTED: found.is_under_rule,
        Requirement.NOT_OFFERED: not found.is_offered,
    }
    return frozenset(requirement for requirement, holds in held.items() if holds)
