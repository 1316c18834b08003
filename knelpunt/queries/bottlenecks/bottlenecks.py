"""Rule bottlenecks as pages read them. What is public here is public by nature: nothing of a case but its published
record is shown, and the weight is a count."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal_column, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.bottlenecks import (
    MOVING,
    OPEN,
    SOLVED,
    BottleneckChoice,
    BottleneckStatus,
    LinkStatus,
)
from knelpunt.domain.errors import NotFound
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, Role
from knelpunt.models import (
    Account,
    Assessment,
    Bottleneck,
    BottleneckCase,
    BottleneckNews,
    BottleneckProvision,
    Case,
    Law,
    Provision,
    PublishedCase,
)
from knelpunt.queries.bottlenecks.families import taken_in

PAGE_SIZE = 20
NEWS_SHOWN = 50
CASES_SHOWN = 20
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


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One public message. ``moved`` is true when the state changed with it; ``taken_back_on`` is the day of the erratum
    that says that it was not true."""

    id: int
    on_day: date
    status: BottleneckStatus
    body: str
    source_url: str | None
    moved: bool
    is_erratum: bool
    taken_back_on: date | None
    corrections: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class PublishedUnder:
    """A published case under a bottleneck."""

    reference: str
    title: str
    municipality_id: int | None
    municipality_then: str | None


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case under a bottleneck, for staff."""

    reference: str
    title: str
    status: CaseStatus
    municipality_id: int | None
    link: LinkStatus
    reason: str | None
    why: str | None
    found_at: datetime | None
    linked_by_id: int | None


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
_erratum = aliased(BottleneckNews)
_before = func.lag(BottleneckNews.status).over(partition_by=BottleneckNews.bottleneck_id, order_by=BottleneckNews.id)
IS_MOVE = BottleneckNews.status.is_distinct_from(_before)
"""Whether a bottleneck got another state with what was told, as SQL over all that was told of it."""
TAKEN_BACK_ON = (
    select(func.min(_erratum.on_day))
    .where(
        _erratum.bottleneck_id == BottleneckNews.bottleneck_id,
        _erratum.corrects_id.is_not(None),
        _erratum.id > BottleneckNews.id,
        BottleneckNews.status.in_(sorted(SOLVED)),
    )
    .correlate(BottleneckNews)
    .scalar_subquery()
)
"""The day of the erratum after a message that said that a bottleneck is in force; empty for any other message."""
LAST_NEWS = (
    select(func.max(BottleneckNews.on_day))
    .where(BottleneckNews.bottleneck_id == Bottleneck.id)
    .correlate(Bottleneck)
    .scalar_subquery()
)


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


def news_of(session: Session, bottleneck_id: int) -> tuple[NewsItem, ...]:
    """What was told about a bottleneck, the latest first."""
    of_this = select_news().where(BottleneckNews.bottleneck_id == bottleneck_id).limit(NEWS_SHOWN)
    return tuple(NewsItem(*row) for row in session.execute(of_this))


def select_news(*more: ColumnElement[Any]) -> Select[Any]:
    """The columns of a ``NewsItem``, and more after them, the latest first."""
    return select(
        BottleneckNews.id,
        BottleneckNews.on_day,
        BottleneckNews.status,
        BottleneckNews.body,
        BottleneckNews.source_url,
        IS_MOVE,
        BottleneckNews.corrects_id.is_not(None),
        TAKEN_BACK_ON,
        BottleneckNews.corrections,
        *more,
    ).order_by(BottleneckNews.id.desc())


def published_under(session: Session, bottleneck_id: int) -> tuple[PublishedUnder, ...]:
    """The published cases under a bottleneck and under what went up into it, the latest first."""
    rows = session.execute(
        select(
            PublishedCase.reference, PublishedCase.title, PublishedCase.municipality_id, PublishedCase.municipality_then
        )
        .where(PublishedCase.case_id.in_(taken_in(bottleneck_id)), PublishedCase.withdrawn_on.is_(None))
        .order_by(PublishedCase.published_on.desc(), PublishedCase.case_id.desc())
        .limit(CASES_SHOWN)
    )
    return tuple(PublishedUnder(*row) for row in rows)


def cases_under(session: Session, bottleneck_id: int) -> tuple[LinkedCase, ...]:
    """Every case under a bottleneck, those that wait for its owner first; for staff only."""
    rows = session.execute(
        select(
            Case.reference,
            Case.title,
            Case.status,
            Case.municipality_id,
            BottleneckCase.status,
            BottleneckCase.reason,
            BottleneckCase.why,
            BottleneckCase.found_at,
            BottleneckCase.linked_by_id,
        )
        .join(BottleneckCase, BottleneckCase.case_id == Case.id)
        .where(BottleneckCase.bottleneck_id == bottleneck_id)
        .order_by(
            BottleneckCase.found_at.is_not(None).desc(),
            (BottleneckCase.status == LinkStatus.PROPOSED).desc(),
            BottleneckCase.linked_at.desc(),
            Case.id.desc(),
        )
        .limit(200)
    )
    return tuple(LinkedCase(*row) for row in rows)


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


WAITING_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One bottleneck. ``since`` is the day on which it came into this state; ``waiting_cases`` are those that its
    owner has not decided about; ``owner_due_on`` is the last day to name a ministry, while there is none. Days are days
    in Europe/Amsterdam."""

    reference: str
    title: str
    status: BottleneckStatus
    choice: BottleneckChoice | None
    waiting_for: str | None
    ministry_id: int | None
    owner_id: int | None
    owner_due_on: date | None
    since: date
    news_due_on: date | None
    waiting_cases: int

    def is_late(self, today: date) -> bool:
        """Whether news, or the name of a ministry, should have come before today."""
        return any(day is not None and day < today for day in (self.news_due_on, self.owner_due_on))


SINCE = (
    select(func.min(BottleneckNews.on_day))
    .where(
        BottleneckNews.bottleneck_id == Bottleneck.id,
        BottleneckNews.status == Bottleneck.status,
        TAKEN_BACK_ON.is_(None),
    )
    .correlate(Bottleneck)
    .scalar_subquery()
)
"""No step but an erratum leads back, so the first true news in this state is the one that came with the step."""
_WAITING_CASES = (
    select(func.count())
    .select_from(BottleneckCase)
    .where(BottleneckCase.bottleneck_id == Bottleneck.id, BottleneckCase.status == LinkStatus.PROPOSED)
    .correlate(Bottleneck)
    .scalar_subquery()
)
_OWNER_DUE_ON = when((Bottleneck.status == BottleneckStatus.SIGNALLED, Bottleneck.owner_due_on))
_DUE_ON = func.least(Bottleneck.news_due_on, _OWNER_DUE_ON)
_WAITING_ROW: tuple[Any, ...] = (
    Bottleneck.reference,
    Bottleneck.title,
    Bottleneck.status,
    Bottleneck.choice,
    Bottleneck.waiting_for,
    Bottleneck.ministry_id,
    Bottleneck.owner_id,
    _OWNER_DUE_ON,
    func.coalesce(SINCE, Bottleneck.signalled_on),
    Bottleneck.news_due_on,
    _WAITING_CASES,
)


@dataclass(frozen=True, slots=True)
class WaitingList:
    """One page, how many there are in all, and how many of those are late."""

    rows: tuple[WaitingRow, ...]
    total: int
    late: int


def waiting(session: Session, today: date, ministry_id: int | None = None, page: int = 1) -> WaitingList:
    """The bottlenecks of which the rule has not moved yet, those that are late first.

    Args:
        ministry_id: of this ministry only; None for all.
    """
    wanted: list[ColumnElement[bool]] = [Bottleneck.status.in_(sorted(MOVING))]
    if ministry_id is not None:
        wanted.append(Bottleneck.ministry_id == ministry_id)
    return _list(session, today, wanted, page)


def of_owner(session: Session, today: date, owner_id: int | None, page: int = 1) -> WaitingList:
    """The bottlenecks over which news is owed, those that are late first.

    Args:
        owner_id: of this account only; None for all, also those without an owner.
    """
    wanted: list[ColumnElement[bool]] = [Bottleneck.status.in_(sorted(OPEN))]
    if owner_id is not None:
        wanted.append(Bottleneck.owner_id == owner_id)
    return _list(session, today, wanted, page)


def _list(session: Session, today: date, wanted: list[ColumnElement[bool]], page: int) -> WaitingList:
    counts = session.execute(
        select(func.count(), func.count().filter(_DUE_ON.op("<")(today))).select_from(Bottleneck).where(*wanted)
    ).one()
    rows = session.execute(
        select(*_WAITING_ROW)
        .where(*wanted)
        .order_by(_DUE_ON.asc().nulls_last(), Bottleneck.id)
        .limit(WAITING_PAGE_SIZE)
        .offset((page - 1) * WAITING_PAGE_SIZE)
    )
    return WaitingList(tuple(WaitingRow(*row) for row in rows), *counts)
