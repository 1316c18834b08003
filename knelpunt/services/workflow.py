"""Takes the steps of the workflow table: the only code that writes ``Case.status``."""

from datetime import date
from typing import Any, Protocol

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from knelpunt.domain.errors import TransitionNotAllowed, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import (
    BRIDGEABLE_VERDICTS,
    AssessmentRole,
    CaseStatus,
    MessageKind,
    ProposalStatus,
    ReviewStatus,
    Verdict,
)
from knelpunt.domain.workflow import Requirement, Transition
from knelpunt.models import Assessment, Case, Message, Proposal, PublicText, Review
from knelpunt.queries import cases
from knelpunt.services import clocks, events
from knelpunt.services.act import Act


def open_case(act: Act, reference: str, permission: Permission, *, version: int | None = None) -> Case:
    """The case, locked for this act.

    Args:
        version: what the form showed; left out where a second look at the state is enough.
    Raises:
        NotFound: no such case, or not for this actor to know of.
        PermissionDenied: the actor's role lacks the permission.
        VersionConflict: somebody changed the case since this actor read it.
    """
    case = cases.get_for_update(act.session, reference)
    act.actor.require_sight_of(case.id, case.organisation_id)
    act.actor.require(permission)
    if version is not None and case.version != version:
        raise VersionConflict("Iemand anders heeft deze zaak intussen gewijzigd.")
    return case


class CaseToJudge(Protocol):
    """What ``facts`` looks at: a case as a row to act on, or as the columns that a page has read."""

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


def facts(session: Session, case: CaseToJudge, today: date) -> frozenset[Requirement]:
    """Which requirements of the workflow table this case meets today, in one statement."""
    active = (Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None))
    latest_proposal = (
        select(Proposal.status).where(Proposal.case_id == case.id).order_by(Proposal.id.desc()).limit(1)
    ).scalar_subquery()
    open_question = exists().where(
        Message.case_id == case.id,
        Message.kind == MessageKind.QUESTION,
        Message.answered_on.is_(None),
        Message.lapsed_on.is_(None),
    )
    row = session.execute(
        select(
            exists().where(*active, Assessment.role == AssessmentRole.OFFERS_ROOM).label("room"),
            exists().where(*active, Assessment.role == AssessmentRole.BLOCKS).label("rule"),
            open_question.label("question"),
            exists().where(Review.case_id == case.id, Review.status == ReviewStatus.OPEN).label("review"),
            exists().where(PublicText.case_id == case.id).label("text"),
            latest_proposal.label("proposal"),
        )
    ).one()
    if case.verdict in (Verdict.UNDECIDED, Verdict.NOT_A_RULE):
        named = True
    else:
        named = row.room if case.verdict in BRIDGEABLE_VERDICTS else row.rule
    reaction_term_is_over = case.due_on is not None and case.due_on < today
    held = {
        Requirement.HANDLER_NAMED: case.handler_id is not None,
        Requirement.IN_SCOPE_ANSWERED: case.in_scope is not None,
        Requirement.NO_OPEN_QUESTION: not row.question,
        Requirement.NO_OPEN_REVIEW: not row.review,
        Requirement.VERDICT_DECIDED: case.verdict is not Verdict.UNDECIDED,
        Requirement.ROOM_OR_RULE_NAMED: named,
        Requirement.PROPOSAL_ANSWERED: row.proposal == ProposalStatus.ACCEPTED
        or (row.proposal == ProposalStatus.SENT and reaction_term_is_over),
        Requirement.PUBLIC_TEXT_WRITTEN: row.text,
    }
    return frozenset(requirement for requirement, holds in held.items() if holds)


def check(act: Act, case: Case, step: Transition, *, besides: frozenset[Requirement] = frozenset()) -> None:
    """Raise unless the step starts here and nothing that it requires is missing.

    Args:
        besides: requirements that the caller itself takes care of.
    """
    step.check_from(case.status)
    missing = step.missing(facts(act.session, case, act.today) | besides)
    if missing:
        raise TransitionNotAllowed(" ".join(missing))


def advance(
    act: Act,
    case: Case,
    step: Transition,
    *,
    target: CaseStatus | None = None,
    data: dict[str, Any] | None = None,
    resumes_on: date | None = None,
    moves_clocks: bool = True,
) -> None:
    """Take one step: the state, the clocks and the event. What the step requires was checked before.

    A reviewed step is taken by the second person; the first one's right was checked when it was asked for.
    """
    act.actor.require(Permission.REVIEW_CASE if step.is_reviewed else step.permission)
    step.check_from(case.status)
    before = case.status
    arrives = step.target or target
    if arrives is None:
        raise ValueError(f"step {step.name} needs a target")
    case.status = arrives
    case.updated_at = act.now
    effects = clocks.apply_step(act, case, step, resumes_on=resumes_on) if moves_clocks else []
    events.record(act, step.name, case=case, status_before=before, data={"klokken": effects, **(data or {})})
