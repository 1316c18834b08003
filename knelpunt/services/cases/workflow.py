"""Takes the steps of the workflow table: the only code that writes ``Case.status``."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, bindparam, delete, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.archive.retention import ARCHIVED
from knelpunt.domain.cases.grounds import EU_LAW, LOCAL_LAW, Grounds
from knelpunt.domain.cases.referrals import WAITING
from knelpunt.domain.cases.requirements import CaseToJudge, Findings, met
from knelpunt.domain.cases.workflow import Requirement, Transition
from knelpunt.domain.errors import DomainError, TransitionNotAllowed, VersionConflict
from knelpunt.domain.filing.rules import CONTACT_KEPT
from knelpunt.domain.laws.schema import LawKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import (
    ENDED_STATUSES,
    OPEN_STATUSES,
    AssessmentRole,
    CaseStatus,
    ListedStatus,
    MessageKind,
    ReviewStatus,
)
from knelpunt.models import (
    Assessment,
    Case,
    Contact,
    Disagreement,
    DisposalCase,
    Law,
    Message,
    Proposal,
    PublicText,
    Referral,
    Retention,
    Review,
)
from knelpunt.queries.cases.handling import under_running_rule
from knelpunt.queries.collaboration.tasks import count_open
from knelpunt.queries.core import cases
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context

CONTACT_KEPT_AFTER_CLOSING = timedelta(days=400)
"""Long enough for the question of aftercare twelve months after closing (clock K9), then the contact is erased."""
TASKS_OPEN = "Bij deze zaak staan nog taken open. Rond ze af, of vink aan dat u toch afsluit."


def open_case(
    context: Context,
    reference: str,
    permission: Permission,
    *,
    version: int | None = None,
    even_archived: bool = False,
) -> Case:
    """The case, locked for this act.

    Args:
        version: what the form showed; left out where a second look at the state is enough.
        even_archived: whether the act may still be done when the words of the case are gone.
    Raises:
        NotFound: no such case, or not for this actor to know of.
        PermissionDenied: the actor's role lacks the permission, or the actor handled the case that somebody else looks
            at again now.
        TransitionNotAllowed: the case is in the archive.
        VersionConflict: somebody changed the case since this actor read it.
    """
    case = cases.get_for_update(context.session, reference)
    context.actor.require_part_in(case.id, case.organisation_id)
    context.actor.require(permission)
    context.actor.refuse_first_handler(case.first_handler_id)
    if not even_archived:
        refuse_archived(case)
    if version is not None and case.version != version:
        raise VersionConflict(Text("Iemand anders heeft deze zaak intussen gewijzigd."))
    return case


def refuse_archived(case: Case) -> None:
    """Raise TransitionNotAllowed for a case whose words were destroyed or handed to an archive."""
    if case.archived_on is not None:
        raise TransitionNotAllowed(ARCHIVED)


def open_for_step(context: Context, reference: str, version: int, step: Transition) -> Case:
    """The case, locked for a step that starts where it is and lacks nothing that the table asks. Raises as
    ``open_case`` and ``check`` do."""
    case = open_case(context, reference, step.permission, version=version)
    check(context, case, step)
    return case


def facts(session: Session, case: CaseToJudge, today: date) -> frozenset[Requirement]:
    """Which requirements of the workflow table this case meets today, in one statement."""
    offers_room, national, european, local, *rest = session.execute(_FINDINGS, {"case_id": case.id}).one()
    return met(case, Findings(Grounds(offers_room, national, european, local), *rest), today)


def grounds(session: Session, case_id: int) -> Grounds:
    """What a verdict about this case rests on now."""
    return Grounds(*session.execute(_GROUNDS, {"case_id": case_id}).one())


_CASE_ID = bindparam("case_id", type_=BigInteger)
_ACTIVE = (Assessment.case_id == _CASE_ID, Assessment.withdrawn_at.is_(None))
_EUROPEAN = or_(Law.key == EU_LAW, Law.kind == LawKind.EUROPEAN)


def _blocking(*where: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many provisions block, of those that some authority made."""
    return (
        select(func.count())
        .select_from(Assessment)
        .join(Law, Law.id == Assessment.law_id)
        .where(*_ACTIVE, Assessment.role == AssessmentRole.BLOCKS, *where)
        .scalar_subquery()
    )


_WEIGHED = (
    exists().where(*_ACTIVE, Assessment.role == AssessmentRole.OFFERS_ROOM),
    _blocking(Law.key != LOCAL_LAW, not_(_EUROPEAN)),
    _blocking(_EUROPEAN),
    _blocking(Law.key == LOCAL_LAW),
)
_GROUNDS = select(*_WEIGHED)
_FINDINGS = select(
    *_WEIGHED,
    exists().where(
        Message.case_id == _CASE_ID,
        Message.kind == MessageKind.QUESTION,
        Message.answered_on.is_(None),
        Message.lapsed_on.is_(None),
    ),
    exists().where(Review.case_id == _CASE_ID, Review.status == ReviewStatus.OPEN),
    exists().where(PublicText.case_id == _CASE_ID),
    select(Proposal.status).where(Proposal.case_id == _CASE_ID).order_by(Proposal.id.desc()).limit(1).scalar_subquery(),
    exists().where(Disagreement.case_id == _CASE_ID, Disagreement.decided_at.is_(None)),
    exists().where(Referral.case_id == _CASE_ID, Referral.status.in_(sorted(WAITING))),
    under_running_rule(_CASE_ID),
)
"""Made once: building a statement of this size costs more than running it."""


def check(context: Context, case: Case, step: Transition, *, besides: frozenset[Requirement] = frozenset()) -> None:
    """Raise unless the step starts here and nothing that it requires is missing.

    Args:
        besides: requirements that the caller itself takes care of.
    """
    step.check_from(case.status)
    missing = step.missing(facts(context.session, case, context.today) | besides) if step.requires else []
    if missing:
        raise TransitionNotAllowed(" ".join(missing))


def ask_about_open_tasks(context: Context, case: Case, *, leaves_tasks: bool) -> None:
    """Raise DomainError while tasks of a case that is to be closed are not done, unless that was said to be right."""
    if not leaves_tasks and count_open(context.session, case.id):
        raise DomainError(TASKS_OPEN, field="leaves_tasks")


def _permission(step: Transition) -> Permission:
    return step.second_permission if step.is_reviewed else step.permission


def keep_contact_after_closing(context: Context, case: Case) -> None:
    """A case is over: its contact is kept for as long as somebody may have to be asked how it went."""
    contact = context.session.get(Contact, case.id)
    if contact is not None:
        contact.ends_on = context.today + CONTACT_KEPT_AFTER_CLOSING


def keep_contact_while_open(context: Context, case: Case) -> None:
    """A case that was over goes on: its contact is kept as for any other that is open."""
    contact = context.session.get(Contact, case.id)
    if contact is not None:
        contact.ends_on = max(contact.ends_on, case.filed_on + CONTACT_KEPT)


def advance(
    context: Context,
    case: Case,
    step: Transition,
    *,
    target: CaseStatus | None = None,
    data: dict[str, Any] | None = None,
    resumes_on: date | None = None,
    moves_clocks: bool = True,
    on_behalf: bool = False,
) -> None:
    """Take one step: the state, the clocks and the event. What the step requires was checked before.

    A reviewed step is taken by the second person; the first one's right was checked when it was asked for.

    Args:
        on_behalf: the desk writes the step down for the submitter, who told it by telephone or letter.
    """
    context.actor.require(step.permission_on_behalf if on_behalf else _permission(step))
    step.check_from(case.status)
    before = case.status
    arrives = step.target or target
    if arrives is None:
        raise ValueError(f"step {step.name} needs a target")
    case.status = arrives
    case.updated_at = context.now
    if before in ENDED_STATUSES and arrives in OPEN_STATUSES:
        _take_end_date_away(context.session, case)
    effects = clocks.apply_step(context, case, step, resumes_on=resumes_on) if moves_clocks else []
    events.record(context, step.name, case=case, status_before=before, data={"klokken": effects, **(data or {})})


def _take_end_date_away(session: Session, case: Case) -> None:
    """The case is open again: it has no end date, and leaves the list that it may stand on. The case is locked."""
    session.execute(
        delete(DisposalCase).where(DisposalCase.case_id == case.id, DisposalCase.status == ListedStatus.LISTED)
    )
    session.execute(delete(Retention).where(Retention.case_id == case.id))
