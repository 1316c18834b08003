"""Retention categories: those that hold, their earlier wordings, and proposals that wait."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import CategoryStatus, Disposition
from knelpunt.models import Case, Retention, RetentionCategory


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One wording of a category; ``cases`` is how many cases are kept by it now."""

    id: int
    code: str
    name: str
    holds: str
    years: int
    disposition: Disposition
    public_text_stays: bool
    source: str
    source_checked_on: date | None
    valid_from: date
    valid_to: date | None
    status: CategoryStatus
    proposed_by_id: int | None
    proposed_at: datetime | None
    decided_by_id: int | None
    decided_at: datetime | None
    remark: str | None
    version: int
    cases: int


_COUNT = (
    select(func.count())
    .select_from(Retention)
    .join(Case, Case.id == Retention.case_id)
    .where(Retention.category_id == RetentionCategory.id, Case.archived_on.is_(None))
    .correlate(RetentionCategory)
    .scalar_subquery()
)
_ROW = (*(getattr(RetentionCategory, name) for name in CategoryRow.__slots__ if name != "cases"), _COUNT)
_ORDER = (RetentionCategory.code, RetentionCategory.valid_from.desc(), RetentionCategory.id.desc())


def wordings(session: Session) -> list[CategoryRow]:
    """Every wording, by category, the newest first."""
    return [CategoryRow(*row) for row in session.execute(select(*_ROW).order_by(*_ORDER))]


def one_wording(session: Session, category_id: int) -> CategoryRow | None:
    row = session.execute(select(*_ROW).where(RetentionCategory.id == category_id)).one_or_none()
    return None if row is None else CategoryRow(*row)


def newest(session: Session, code: str) -> CategoryRow | None:
    """The wording of a category that began last of those that hold."""
    statement = select(*_ROW).where(RetentionCategory.code == code, RetentionCategory.status == CategoryStatus.IN_FORCE)
    row = session.execute(statement.order_by(*_ORDER).limit(1)).one_or_none()
    return None if row is None else CategoryRow(*row)


def in_force(session: Session, day: date) -> list[CategoryRow]:
    """The categories as they hold on a day."""
    statement = (
        select(*_ROW)
        .where(
            RetentionCategory.status == CategoryStatus.IN_FORCE,
            RetentionCategory.valid_from <= day,
            or_(RetentionCategory.valid_to.is_(None), RetentionCategory.valid_to >= day),
        )
        .order_by(*_ORDER)
    )
    return [CategoryRow(*row) for row in session.execute(statement)]
