"""Rule bottlenecks as pages read them. What is public here is public by nature: nothing of a case but its published
record is shown, and the weight is a count."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.bottlenecks import (
    MOVING,
    OPEN,
    BottleneckChoice,
    BottleneckStatus,
    LinkStatus,
)
from knelpunt.domain.errors import NotFound
from knelpunt.domain.vocabulary import AssessmentRole, Role
from knelpunt.models import (
    Account,
    Assessment,
    Bottleneck,
    BottleneckCase,
    BottleneckProvision,
    Case,
    Law,
    Provision,
)
from knelpunt.queries.bottlenecks.news import LAST_NEWS

PAGE_SIZE = 20
_REFERENCE = re.compile(r"RK-\d{4}-\d{4,6}")


class BottleneckOrder(StrEnum):
    """How a list of bottlenecks is sorted."""

    RECENT = "nieuws"
    WEIGHT = "gewicht"
    WAITING = "wacht"


class Phase(StrEnum):
    """The states of a bottleneck, as a visitor narrows a list."""

    MOVING = "loopt"
    IN_FORCE = "in-werking"
    ENDED = "klaar"


PHASES = {
    Phase.MOVING: MOVING,
    Phase.IN_FORCE: frozenset({BottleneckStatus.IN_FORCE, BottleneckStatus.EVALUATED}),
    Phase.ENDED: frozenset({BottleneckStatus.JUSTIFIED, BottleneckStatus.MERGED}),
}


@dataclass(frozen=True, slots=True)
class BottleneckFilter:
    """What a list is narrowed to; ``words`` is a query for ``to_tsquery('simple', …)``."""

    words: str | None = None
    phase: Phase | None = None
    law_id: int | None = None
    ministry_id: int | None = None
    owner_id: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            found.append(Bottleneck.terms.op("@@")(func.to_tsquery(literal_column("'simple'"), self.words)))
        if self.phase:
            found.append(Bottleneck.status.in_(sorted(PHASES[self.phase])))
        if self.ministry_id is not None:
            found.append(Bottleneck.ministry_id == self.ministry_id)
        if self.owner_id is not None:
            found.append(Bottleneck.owner_id == self.owner_id)
        if self.law_id is not None:
            under = select(BottleneckProvision.bottleneck_id).join(
                Provision, Provision.id == BottleneckProvision.provision_id
            )
            found.append(Bottleneck.id.in_(under.where(Provision.law_id == self.law_id)))
        return found


@dataclass(frozen=True, slots=True)
class BottleneckRow:
    """One line of a list. ``projects`` and ``municipalities`` are its weight: distinct cases taken in, and places."""

    id: int
    reference: str
    title: str
    problem: str
    status: BottleneckStatus
    choice: BottleneckChoice | None
    ministry_id: int | None
    waiting_for: str | None
    signalled_on: date
    news_due_on: date | None
    in_force_on: date | None
    projects: int
    municipalities: int
    last_news_on: date | None


@dataclass(frozen=True, slots=True)
class BottleneckFacts:
    """Everything a page shows of one bottleneck itself."""

    id: int
    reference: str
    title: str
    problem: str
    status: BottleneckStatus
    choice: BottleneckChoice | None
    choice_reason: str | None
    waiting_for: str | None
    ministry_id: int | None
    owner_id: int | None
    signalled_on: date
    owner_due_on: date
    consultation_until: date | None
    in_force_on: date | None
    solving_provision_id: int | None
    merged_into: str | None
    merged_into_title: str | None
    news_due_on: date | None
    version: int
    projects: int
    municipalities: int
    corrections: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class LinkedProvision:
    """A provision under a bottleneck."""

    provision_id: int
    key: str
    law_key: str
    law_title: str
    article: str
    instrument: str
    role: AssessmentRole


def is_bottleneck_reference(text: str) -> bool:
    """Whether a text from an address can be the number of a rule bottleneck."""
    return len(text) <= 20 and text.isascii() and _REFERENCE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The bottleneck that another one became, or that one itself."""

    id: int
    reference: str
    title: str
    status: BottleneckStatus


_itself = select(Bottleneck.id.label("root_id"), Bottleneck.id.label("member_id")).cte("families", recursive=True)
_merged = aliased(Bottleneck)
FAMILIES = _itself.union(
    select(_itself.c.root_id, _merged.id).join(_itself, _merged.merged_into_id == _itself.c.member_id)
)
"""For every bottleneck (``root_id``) itself and all that went up into it (``member_id``)."""


def goes_on_as(session: Session, bottleneck_id: int) -> GoesOn:
    """Where a bottleneck goes on: the last of those that it went up into, one after another."""
    steps = (Bottleneck.id, Bottleneck.merged_into_id)
    first = select(*steps).where(Bottleneck.id == bottleneck_id).cte("way", recursive=True)
    way = first.union(select(*steps).join(first, Bottleneck.id == first.c.merged_into_id))
    row = session.execute(
        select(Bottleneck.id, Bottleneck.reference, Bottleneck.title, Bottleneck.status)
        .join(way, way.c.id == Bottleneck.id)
        .where(Bottleneck.merged_into_id.is_(None))
    ).one()
    return GoesOn(*row)


def _weight(counted: Any) -> ScalarSelect[int]:
    """How many of these there are over the cases that were taken in, also by what went up into the bottleneck."""
    return (
        select(func.count(counted.distinct()))
        .select_from(BottleneckCase)
        .join(Case, Case.id == BottleneckCase.case_id)
        .join(FAMILIES, FAMILIES.c.member_id == BottleneckCase.bottleneck_id)
        .where(FAMILIES.c.root_id == Bottleneck.id, BottleneckCase.status == LinkStatus.ACCEPTED)
        .correlate(Bottleneck)
        .scalar_subquery()
    )


PROJECTS = _weight(Case.id)
MUNICIPALITIES = _weight(Case.municipality_id)

_ROW: tuple[Any, ...] = (
    Bottleneck.id,
    Bottleneck.reference,
    Bottleneck.title,
    Bottleneck.problem,
    Bottleneck.status,
    Bottleneck.choice,
    Bottleneck.ministry_id,
    Bottleneck.waiting_for,
    Bottleneck.signalled_on,
    Bottleneck.news_due_on,
    Bottleneck.in_force_on,
    PROJECTS.label("projects"),
    MUNICIPALITIES.label("municipalities"),
    LAST_NEWS.label("last_news_on"),
)
_INTO = aliased(Bottleneck)
_FACTS: tuple[Any, ...] = (
    Bottleneck.id,
    Bottleneck.reference,
    Bottleneck.title,
    Bottleneck.problem,
    Bottleneck.status,
    Bottleneck.choice,
    Bottleneck.choice_reason,
    Bottleneck.waiting_for,
    Bottleneck.ministry_id,
    Bottleneck.owner_id,
    Bottleneck.signalled_on,
    Bottleneck.owner_due_on,
    Bottleneck.consultation_until,
    Bottleneck.in_force_on,
    Bottleneck.solving_provision_id,
    _INTO.reference,
    _INTO.title,
    Bottleneck.news_due_on,
    Bottleneck.version,
    PROJECTS,
    MUNICIPALITIES,
    Bottleneck.corrections,
)


def list_bottlenecks(
    session: Session,
    wanted: BottleneckFilter,
    order: BottleneckOrder = BottleneckOrder.RECENT,
    start: int = 0,
    most: int = PAGE_SIZE,
) -> tuple[list[BottleneckRow], int]:
    """One page, and how many there are in all. There are tens of them to some hundreds, so pages have numbers.

    Args:
        start: how many come before.
    """
    statement = select(*_ROW).where(*wanted.conditions())
    match order:
        case BottleneckOrder.WEIGHT:
            statement = statement.order_by(literal_column("projects").desc(), Bottleneck.id.desc())
        case BottleneckOrder.WAITING:
            statement = statement.order_by(Bottleneck.news_due_on.asc().nulls_last(), Bottleneck.id)
        case _:
            statement = statement.order_by(Bottleneck.updated_at.desc(), Bottleneck.id.desc())
    rows = session.execute(statement.limit(most).offset(start))
    total = session.scalar(select(func.count()).select_from(Bottleneck).where(*wanted.conditions())) or 0
    return [BottleneckRow(*row) for row in rows], total


def bottleneck(session: Session, reference: str) -> BottleneckFacts:
    """One bottleneck by its number.

    Raises:
        NotFound: there is none.
    """
    if not is_bottleneck_reference(reference):
        raise NotFound()
    row = session.execute(
        select(*_FACTS).outerjoin(_INTO, _INTO.id == Bottleneck.merged_into_id).where(Bottleneck.reference == reference)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return BottleneckFacts(*row)


def provisions_of(session: Session, found: BottleneckFacts) -> tuple[LinkedProvision, ...]:
    """The provisions under a bottleneck; the one that solved it is not among them."""
    rows = session.execute(
        select(
            Provision.id,
            Provision.key,
            Law.key,
            Law.citation_title,
            Provision.article,
            Provision.instrument,
            BottleneckProvision.role,
        )
        .join(BottleneckProvision, BottleneckProvision.provision_id == Provision.id)
        .join(Law, Law.id == Provision.law_id)
        .where(BottleneckProvision.bottleneck_id == found.id)
        .order_by(BottleneckProvision.role, Law.position, Provision.position)
    )
    return tuple(LinkedProvision(*row) for row in rows)


def open_choices(session: Session) -> list[tuple[str, str]]:
    """The bottlenecks that still run, to choose from: number, and number with title."""
    running = select(Bottleneck.reference, Bottleneck.title).where(Bottleneck.status.in_(sorted(OPEN)))
    rows = session.execute(running.order_by(func.lower(Bottleneck.title), Bottleneck.id))
    return [(row.reference, f"{row.title} ({row.reference})") for row in rows]


def shares_law(session: Session, bottleneck_id: int, case_id: int) -> bool:
    """Whether a provision weighed in a case is one of the bottleneck's, or of the same law."""
    laws = (
        select(Provision.law_id)
        .join(BottleneckProvision, BottleneckProvision.provision_id == Provision.id)
        .where(BottleneckProvision.bottleneck_id == bottleneck_id)
    )
    weighed = select(Assessment.id).where(
        Assessment.case_id == case_id, Assessment.withdrawn_at.is_(None), Assessment.law_id.in_(laws)
    )
    return session.scalar(weighed.limit(1)) is not None


def bottlenecks_of_case(session: Session, case_id: int) -> tuple[tuple[str, str, LinkStatus], ...]:
    """Number, title and link of each bottleneck that a case is under."""
    rows = session.execute(
        select(Bottleneck.reference, Bottleneck.title, BottleneckCase.status)
        .join(BottleneckCase, BottleneckCase.bottleneck_id == Bottleneck.id)
        .where(BottleneckCase.case_id == case_id)
        .order_by(Bottleneck.id)
    )
    return tuple((row.reference, row.title, row.status) for row in rows)


def provisions_weighed(session: Session, case_id: int) -> list[tuple[int, AssessmentRole]]:
    """The provisions of the catalogue that are linked to a case, those that block first."""
    rows = session.execute(
        select(Assessment.provision_id, Assessment.role)
        .where(Assessment.case_id == case_id, Assessment.withdrawn_at.is_(None), Assessment.provision_id.is_not(None))
        .order_by(Assessment.role, Assessment.id)
    )
    return [(row.provision_id, row.role) for row in rows]


def owner_choices(session: Session) -> list[tuple[int, str]]:
    """The people who may own a bottleneck, by name."""
    rows = session.execute(
        select(Account.id, Account.name)
        .where(Account.role == Role.BOTTLENECK_OWNER, Account.is_active)
        .order_by(func.lower(Account.name), Account.id)
    )
    return [(row.id, row.name) for row in rows]
