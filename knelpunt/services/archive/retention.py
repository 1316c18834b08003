"""Gives each case that is over its category and its end date; lets the desk choose another category."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.archive.retention import REASON_MAX_CHARACTERS, action_day, usual_code
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import (
    ENDED_STATUSES,
    CategoryStatus,
    Channel,
    ConsultationStatus,
    EventKind,
    ListedStatus,
    PublicationStatus,
    ReviewStatus,
)
from knelpunt.models import (
    Aftercare,
    Case,
    ClockPeriod,
    Consultation,
    DisposalCase,
    DisposalList,
    Retention,
    RetentionCategory,
    Review,
    SecondLook,
)
from knelpunt.queries.cases.handling import objection_waits
from knelpunt.queries.core import cases
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

AT_ARCHIVE = "Het archief heeft het pakket met deze zaak al."
NOT_OVER = "De zaak is nog niet voorbij. Zij krijgt haar bewaartermijn als er niets meer loopt."


def nothing_began() -> tuple[ColumnElement[bool], ...]:
    """That nothing waits in a case that is over of what may begin in one, also since it got its end date, as SQL."""
    return (
        Case.status.in_(sorted(ENDED_STATUSES)),
        Case.publication != PublicationStatus.PREVIEW,
        ~objection_waits(),
        ~exists().where(Review.case_id == Case.id, Review.status == ReviewStatus.OPEN),
        ~exists().where(
            Aftercare.case_id == Case.id, Aftercare.asks_reopening.is_(True), Aftercare.settled_on.is_(None)
        ),
    )


def without_category(context: Context) -> Select[int]:
    """The cases that are over, with nothing that still runs, and have no end date yet.

    History that was brought in comes from public sources, which keep it themselves (decision 0006).
    """
    return (
        select(Case.id)
        .outerjoin(Retention, Retention.case_id == Case.id)
        .where(
            Retention.case_id.is_(None),
            Case.closed_on.is_not(None),
            Case.channel != Channel.IMPORT,
            *nothing_began(),
            ~exists().where(ClockPeriod.case_id == Case.id, ClockPeriod.stopped_on.is_(None)),
            ~exists().where(SecondLook.case_id == Case.id, SecondLook.ended_on.is_(None)),
            ~exists().where(Consultation.case_id == Case.id, Consultation.status == ConsultationStatus.OPEN),
        )
        .order_by(Case.id)
    )


def set_category(context: Context, case_id: int) -> None:
    """Give a case that is over the category of its ending; looked at again with the lock."""
    case = cases.get_by_id_for_update(context.session, case_id)
    if context.session.scalar(without_category(context).where(Case.id == case_id)) is None:
        return
    ended_on = _ended_on(case)
    category = category_on(context.session, usual_code(case.status, case.result), ended_on)
    if category is None:
        return
    retention = Retention(
        case_id=case.id,
        category_id=category.id,
        ended_on=ended_on,
        action_on=action_day(ended_on, category.years),
    )
    context.session.add(retention)
    events.record(context, EventKind.RETENTION_SET, case=case, data=_data(category, retention))


def choose_category(context: Context, reference: str, version: int, code: str, reason: str) -> Retention:
    """Keep a case by another category than the usual one, with the reason.

    Raises:
        DomainError: the case is not over, an archive has it already, there is no such category, it has that one
            already, or no reason is given.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    retention = context.session.get(Retention, case.id, with_for_update=True, populate_existing=True)
    if retention is None:
        raise DomainError(NOT_OVER)
    if context.session.scalar(_at_archive().where(DisposalCase.case_id == case.id)) is not None:
        raise DomainError(AT_ARCHIVE)
    category = category_on(context.session, code, retention.ended_on)
    if category is None:
        raise DomainError("Kies een categorie die op die dag gold.", field="code")
    if category.id == retention.category_id:
        raise DomainError("De zaak heeft deze categorie al.", field="code")
    if not reason.strip():
        raise DomainError("Schrijf op waarom deze categorie past.", field="reason")
    retention.category_id, retention.reason = category.id, reason.strip()[:REASON_MAX_CHARACTERS]
    retention.action_on = action_day(retention.ended_on, category.years)
    retention.chosen_by_id = context.actor.account_id
    case.updated_at = context.now
    _take_off_lists(context.session, [case.id])
    events.record(context, EventKind.RETENTION_CHOSEN, case=case, data=_data(category, retention))
    return retention


def follow_new_wording(context: Context, category: RetentionCategory) -> int:
    """Let the cases that ended while this wording holds follow it; how many did. Those that waited on a list leave it,
    and come on one again on their new day; what an archive has already goes its way."""
    of_code = select(RetentionCategory.id).where(RetentionCategory.code == category.code)
    rows = context.session.scalars(
        select(Retention)
        .join(Case, Case.id == Retention.case_id)
        .where(
            Retention.category_id.in_(of_code),
            Retention.category_id != category.id,
            Retention.ended_on >= category.valid_from,
            Case.archived_on.is_(None),
            Retention.case_id.not_in(_at_archive()),
        )
        .order_by(Retention.case_id)
        .with_for_update(of=Retention)
    ).all()
    for retention in rows:
        retention.category_id = category.id
        retention.action_on = action_day(retention.ended_on, category.years)
    context.session.flush()
    _take_off_lists(context.session, [row.case_id for row in rows])
    return len(rows)


def category_on(session: Session, code: str, day: date) -> RetentionCategory | None:
    """The wording of a category that held on a day."""
    return session.scalar(
        select(RetentionCategory)
        .where(
            RetentionCategory.code == code,
            RetentionCategory.status == CategoryStatus.IN_FORCE,
            RetentionCategory.valid_from <= day,
            or_(RetentionCategory.valid_to.is_(None), RetentionCategory.valid_to >= day),
        )
        .order_by(RetentionCategory.valid_from.desc(), RetentionCategory.id.desc())
        .limit(1)
    )


def _ended_on(case: Case) -> date:
    if case.closed_on is None:
        raise ValueError(f"case {case.id} has no last day")
    return case.closed_on


def _at_archive() -> Select[int]:
    """The cases of which an archive has the package, and that the worker is about to empty."""
    return (
        select(DisposalCase.case_id)
        .join(DisposalList, DisposalList.id == DisposalCase.list_id)
        .where(DisposalCase.status == ListedStatus.LISTED, DisposalList.receipt_on.is_not(None))
    )


def _take_off_lists(session: Session, case_ids: Sequence[int]) -> None:
    """What waits on a list waits there by its former term."""
    session.execute(
        delete(DisposalCase).where(DisposalCase.case_id.in_(case_ids), DisposalCase.status == ListedStatus.LISTED)
    )


def _data(category: RetentionCategory, retention: Retention) -> dict[str, object]:
    return {"categorie": category.code, "bewaren_tot": retention.action_on.isoformat()}
