"""Who is a second person for a step that waits (four eyes): the rule for a page, and the same rule for a list."""

from sqlalchemy import ColumnElement, Exists, and_, exists, not_, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Account, BottleneckCase, Case, Review

_case = Case.__table__.c
_review = Review.__table__.c
_link = BottleneckCase.__table__.c
_account = Account.__table__.c
FOR_THE_HEAD = frozenset({EventKind.SECOND_LOOK_KEPT.value, EventKind.SECOND_LOOK_CHANGED.value})
"""The steps over which only the head of desk decides, who did not handle the case before."""
_HEADS = roles_with(Permission.LEAD_SECOND_LOOK)
_REVIEWERS = roles_with(Permission.REVIEW_CASE)


def reviewers(session: Session) -> list[int]:
    """The active accounts that may be a second person for some step."""
    return list(
        session.scalars(
            select(_account.id).where(_account.is_active, _account.role.in_(_REVIEWERS)).order_by(_account.id)
        )
    )


def is_part_of_step(requested_by_id: int, handler_id: int | None, account_id: int) -> bool:
    """Whether this account asked for the step or handles the case, and so is no second person."""
    return account_id in (requested_by_id, handler_id)


def brought_under_rule(session: Session, case_id: int, bottleneck_id: int, account_id: int) -> bool:
    """Whether this account put the case under the rule bottleneck, or took it in there."""
    brought = _brought(account_id).where(_link.case_id == case_id, _link.bottleneck_id == bottleneck_id)
    return session.scalar(select(brought)) or False


def is_head(session: Session, case_id: int, account_id: int) -> bool:
    """Whether this account may decide over a second look at this case."""
    return session.scalar(select(_may_lead(account_id)).where(_case.id == case_id)) or False


def _may_lead(account_id: int | None) -> ColumnElement[bool]:
    is_one = exists().where(_account.id == account_id, _account.role.in_(_HEADS))
    return and_(_case.first_handler_id.is_distinct_from(account_id), is_one)


def may_be_second(account_id: int | None, covered: frozenset[int] = frozenset()) -> ColumnElement[bool]:
    """The same as a condition on reviews that are joined with their cases: those for which this account is the second
    person.

    Args:
        covered: the colleagues for whom this account stands in today, so that their cases are its own.
    """
    under_rule = _brought(account_id).where(
        _link.case_id == _review.case_id, _link.bottleneck_id == _review.payload["bottleneck_id"].as_integer()
    )
    own = [each for each in (account_id, *sorted(covered)) if each is not None]
    return and_(
        _review.requested_by_id != account_id,
        or_(_case.handler_id.is_(None), _case.handler_id.not_in(own)),
        or_(_review.step != EventKind.CLOSED_LINKED.value, not_(under_rule)),
        or_(_review.step.not_in(sorted(FOR_THE_HEAD)), _may_lead(account_id)),
    )


def _brought(account_id: int | None) -> Exists:
    return exists().where(or_(_link.linked_by_id == account_id, _link.decided_by_id == account_id))
