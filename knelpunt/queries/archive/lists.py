"""Lists of cases to destroy or transfer, the cases on one of them, and what went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import (
    CaseStatus,
    DisposalStatus,
    Disposition,
    HoldGround,
    ListedStatus,
    Result,
    Role,
)
from knelpunt.models import Account, Case, DisposalCase, DisposalList, Retention, RetentionCategory

PAGE_SIZE = 25
CASES_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the lists are narrowed to; empty fields do not narrow."""

    status: DisposalStatus | None = None
    disposition: Disposition | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.status is not None:
            found.append(DisposalList.status == self.status)
        if self.disposition is not None:
            found.append(DisposalList.disposition == self.disposition)
        return found


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the cases on a list are narrowed to."""

    status: ListedStatus | None = None
    code: str | None = None
    reference: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.status is not None:
            found.append(DisposalCase.status == self.status)
        if self.code is not None:
            found.append(RetentionCategory.code == self.code)
        if self.reference:
            found.append(Case.reference.icontains(self.reference, autoescape=True))
        return found


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list. ``waiting`` cases stand on it, ``taken_off`` were kept, ``done`` went."""

    id: int
    disposition: Disposition
    status: DisposalStatus
    made_on: date
    first_by_id: int | None
    first_at: datetime | None
    second_by_id: int | None
    second_at: datetime | None
    receipt_reference: str | None
    receipt_on: date | None
    package_hash: str | None
    done_at: datetime | None
    digest: str | None
    version: int
    waiting: int
    taken_off: int
    done: int

    @property
    def has_package(self) -> bool:
        return self.disposition is Disposition.TRANSFER and self.status is DisposalStatus.CONFIRMED

    @property
    def waits_for_receipt(self) -> bool:
        return self.has_package and self.receipt_on is None


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One case on a list, without a word of what it was about."""

    id: int
    reference: str
    status: CaseStatus
    result: Result | None
    filed_on: date
    code: str
    category: str
    ended_on: date
    action_on: date
    listed: ListedStatus
    ground: HoldGround | None
    hold_until: date | None
    taken_off_on: date | None
    done_at: datetime | None
    counts: dict[str, Any]
    digest: str | None


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many cases of one category stand on a list or went, and between which days they ended."""

    code: str
    name: str
    holds: str
    years: int
    source: str
    source_checked_on: date | None
    public_text_stays: bool
    cases: int
    first_ended_on: date
    last_ended_on: date


def _count(status: ListedStatus) -> ColumnElement[int]:
    return (
        select(func.count())
        .where(DisposalCase.list_id == DisposalList.id, DisposalCase.status == status)
        .correlate(DisposalList)
        .scalar_subquery()
    )


_COUNTS = ("waiting", "taken_off", "done")
_ROW = (
    *(getattr(DisposalList, name) for name in ListRow.__slots__ if name not in _COUNTS),
    *(_count(status) for status in (ListedStatus.LISTED, ListedStatus.TAKEN_OFF, ListedStatus.DONE)),
)


def list_lists(session: Session, wanted: ListFilter, before: int | None = None) -> list[ListRow]:
    """Lists, the newest first; at most a page and one more, by which the caller sees that there is a next page.

    Args:
        before: the id of the last line of the page before.
    """
    statement = select(*_ROW).where(*wanted.conditions()).order_by(DisposalList.id.desc()).limit(PAGE_SIZE + 1)
    if before is not None:
        statement = statement.where(DisposalList.id < before)
    return [ListRow(*row) for row in session.execute(statement)]


def one_list(session: Session, list_id: int) -> ListRow | None:
    row = session.execute(select(*_ROW).where(DisposalList.id == list_id)).one_or_none()
    return None if row is None else ListRow(*row)


def count_to_confirm(session: Session) -> int:
    """How many lists wait for a first or a second person."""
    waits = DisposalList.status.in_([DisposalStatus.OPEN, DisposalStatus.CONFIRMED_ONCE])
    holds = (
        select(DisposalCase.id)
        .where(DisposalCase.list_id == DisposalList.id, DisposalCase.status == ListedStatus.LISTED)
        .exists()
    )
    return session.scalar(select(func.count()).select_from(DisposalList).where(waits, holds)) or 0


def coming_until(session: Session, day: date) -> int:
    """How many cases stand on no list yet and reach their day by then."""
    listed = (
        select(DisposalCase.id)
        .where(DisposalCase.case_id == Case.id, DisposalCase.status == ListedStatus.LISTED)
        .exists()
    )
    statement = (
        select(func.count())
        .select_from(Retention)
        .join(Case, Case.id == Retention.case_id)
        .where(Retention.action_on <= day, Case.archived_on.is_(None), ~listed)
    )
    return session.scalar(statement) or 0


def cases_on(
    session: Session, list_id: int, wanted: CaseFilter, after: int | None = None, limit: int | None = CASES_PAGE_SIZE
) -> list[ListedCase]:
    """The cases that stand or stood on a list, in the order in which they came on it.

    Args:
        after: the id of the last line of the page before.
        limit: one more than this is given; None gives all.
    """
    statement = (
        select(
            DisposalCase.id,
            Case.reference,
            Case.status,
            Case.result,
            Case.filed_on,
            RetentionCategory.code,
            RetentionCategory.name,
            DisposalCase.ended_on,
            DisposalCase.action_on,
            DisposalCase.status,
            DisposalCase.ground,
            Retention.hold_until,
            DisposalCase.taken_off_on,
            DisposalCase.done_at,
            DisposalCase.counts,
            DisposalCase.digest,
        )
        .join(Case, Case.id == DisposalCase.case_id)
        .join(RetentionCategory, RetentionCategory.id == DisposalCase.category_id)
        .outerjoin(Retention, Retention.case_id == Case.id)
        .where(DisposalCase.list_id == list_id, *wanted.conditions())
        .order_by(DisposalCase.id)
    )
    if after is not None:
        statement = statement.where(DisposalCase.id > after)
    if limit is not None:
        statement = statement.limit(limit + 1)
    rows: Iterable[Any] = session.execute(statement)
    return [ListedCase(*row) for row in rows]


def category_counts(session: Session, list_id: int, status: ListedStatus) -> list[CategoryCount]:
    """The cases of a list by the wording of their category."""
    shown = (
        RetentionCategory.code,
        RetentionCategory.name,
        RetentionCategory.holds,
        RetentionCategory.years,
        RetentionCategory.source,
        RetentionCategory.source_checked_on,
        RetentionCategory.public_text_stays,
    )
    statement = (
        select(*shown, func.count(), func.min(DisposalCase.ended_on), func.max(DisposalCase.ended_on))
        .select_from(DisposalCase)
        .join(RetentionCategory, RetentionCategory.id == DisposalCase.category_id)
        .where(DisposalCase.list_id == list_id, DisposalCase.status == status)
        .group_by(RetentionCategory.id)
        .order_by(RetentionCategory.code, RetentionCategory.id)
    )
    rows: Iterable[Any] = session.execute(statement)
    return [CategoryCount(*row) for row in rows]


def list_of(session: Session, case_id: int) -> int | None:
    """The list by which a case went."""
    return session.scalar(
        select(DisposalCase.list_id).where(DisposalCase.case_id == case_id, DisposalCase.status == ListedStatus.DONE)
    )


def roles_of(session: Session, account_ids: list[int]) -> dict[int, Role]:
    """The roles of accounts: a certificate names no people."""
    if not account_ids:
        return {}
    rows = session.execute(select(Account.id, Account.role).where(Account.id.in_(account_ids)))
    return {row.id: row.role for row in rows}
