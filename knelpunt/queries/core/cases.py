"""The case: whose cases an actor may see, and one case by its number, to read or to act on."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, false, func, or_, select, true
from sqlalchemy import text as sql
from sqlalchemy.orm import InstrumentedAttribute, Session

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import ActorKind, ParticipantStatus
from knelpunt.models import Case, CaseParticipant, OutboxMail

REFERENCE_MAX_LENGTH = 40
_participants = CaseParticipant.__table__.c


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Which cases this actor may know of: staff all, a follower the one, others none; an organisation its own, and
    those in which it files along; an owner of rule bottlenecks those that are under one of them."""
    if actor.kind is ActorKind.SYSTEM or actor.can(Permission.READ_CASES):
        return true()
    if actor.can(Permission.READ_CASES_OF_OWN_RULES):
        return Case.id.in_(sorted(actor.rule_case_ids))
    if actor.kind is ActorKind.SUBMITTER_LINK and actor.case_id is not None:
        return Case.id == actor.case_id
    if actor.can(Permission.READ_OWN_CASES) and actor.organisation_id is not None:
        own = Case.organisation_id == actor.organisation_id
        return own | Case.id.in_(sorted(actor.joined_case_ids)) if actor.joined_case_ids else own
    return false()


def joined_cases(organisation_id: InstrumentedAttribute[int]) -> ScalarSelect[Any]:
    """The cases of others in which an organisation files along, as an array in one column; null for none."""
    # As text, so that the planner knows that the index on those who joined holds them all.
    is_joined = sql(f"case_participants.status = '{ParticipantStatus.JOINED}'")
    joined = select(func.array_agg(_participants.case_id)).where(_participants.organisation_id == organisation_id)
    return joined.where(is_joined).scalar_subquery()


def is_reference(text: str) -> bool:
    """Whether a text from an address can be a case number at all; what cannot never reaches the database."""
    return 0 < len(text) <= REFERENCE_MAX_LENGTH and text.isascii() and text.isprintable()


def get_by_reference(session: Session, reference: str) -> Case:
    """The case with this number, to read; the caller asks whether the actor may see it.

    Raises:
        NotFound: there is no such case.
    """
    return _one(session, reference, lock=False)


def get_for_update(session: Session, reference: str) -> Case:
    """The case with this number, locked until the transaction ends and read afresh.

    Raises:
        NotFound: there is no such case.
    """
    return _one(session, reference, lock=True)


def get_by_id_for_update(session: Session, case_id: int) -> Case:
    """The case with this id, locked until the transaction ends and read afresh; for work that a timer found."""
    return session.scalars(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def hold_mails(session: Session, case_ids: Iterable[int], *others: ColumnElement[bool]) -> None:
    """Lock the mails about these cases, and ``others``, in the order in which they were written.

    Whoever empties mails and a contact does this between the lock of the case and that of the contact. Who delivers a
    mail has that one locked, and then notes at the contact that it arrived: the other way round both wait for ever.
    """
    which = or_(OutboxMail.case_id.in_(sorted(case_ids)), *others)
    session.execute(select(OutboxMail.id).where(which).order_by(OutboxMail.id).with_for_update())


def _one(session: Session, reference: str, *, lock: bool) -> Case:
    if not is_reference(reference):
        raise NotFound()
    statement = select(Case).where(Case.reference == reference)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    case = session.scalars(statement).one_or_none()
    if case is None:
        raise NotFound()
    return case
