"""Changes of the law as the desk reads them: the list, one change, and what it may touch. For staff only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.errors import NotFound
from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.vocabulary import CaseStatus, Result
from knelpunt.models import Bottleneck, Case, Guide, GuideVersion, Law, LawChange, LawChangeTouch, Provision
from knelpunt.queries.laws.rows import article_in_words

PAGE_SIZE = 20
CASES_ON_PAGE = 50


@dataclass(frozen=True, slots=True)
class LawChangeFilter:
    """What the list is narrowed to; empty fields do not narrow."""

    waiting_only: bool = False
    law_id: int | None = None
    kind: LawChangeKind | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.waiting_only:
            found.append(
                exists().where(LawChangeTouch.change_id == LawChange.id, LawChangeTouch.status == TouchStatus.OPEN)
            )
        if self.law_id is not None:
            found.append(LawChange.law_id == self.law_id)
        if self.kind is not None:
            found.append(LawChange.kind == self.kind)
        return found


@dataclass(frozen=True, slots=True)
class LawChangeRow:
    """One change. ``waiting`` counts what nobody has decided yet, ``touches`` everything that it may touch."""

    id: int
    kind: LawChangeKind
    law_id: int
    law_key: str
    law_title: str
    provision_key: str | None
    article: str | None
    instrument: str | None
    bottleneck: str | None
    bottleneck_title: str | None
    on_day: date | None
    summary: str
    source_url: str | None
    noticed_on: date
    taken_back_on: date | None
    waiting: int
    touches: int

    @property
    def provision(self) -> str:
        """Law, article and what it is called; empty for a change of the whole law."""
        if self.article is None:
            return ""
        return f"{self.law_title}, {article_in_words(self.article)}: {self.instrument}"


@dataclass(frozen=True, slots=True)
class TouchedCase:
    """A case that a change may touch."""

    touch_id: int
    touch: TouchStatus
    reference: str
    title: str
    status: CaseStatus
    result: Result | None
    municipality_id: int | None
    handler_id: int | None


@dataclass(frozen=True, slots=True)
class TouchedPage:
    """A ruimtewijzer or rule bottleneck that a change may touch, with the address of its page."""

    touch_id: int
    touch: TouchStatus
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class WaitingBatch:
    """What of a change waits for a decision, as far as one act decides it: the ones up to ``last_id``, by kind.

    ``waiting`` counts all that wait, ``closed_cases`` those of the cases that would open again.
    """

    waiting: int
    last_id: int | None
    cases: int
    closed_cases: int
    guides: int
    bottlenecks: int

    @property
    def count(self) -> int:
        return self.cases + self.guides + self.bottlenecks


_touches = LawChangeTouch.change_id == LawChange.id
_WAITING = (
    select(func.count())
    .select_from(LawChangeTouch)
    .where(_touches, LawChangeTouch.status == TouchStatus.OPEN)
    .correlate(LawChange)
    .scalar_subquery()
)
_ALL = select(func.count()).select_from(LawChangeTouch).where(_touches).correlate(LawChange).scalar_subquery()
_ROW: tuple[Any, ...] = (
    LawChange.id,
    LawChange.kind,
    LawChange.law_id,
    Law.key,
    Law.citation_title,
    Provision.key,
    Provision.article,
    Provision.instrument,
    Bottleneck.reference,
    Bottleneck.title,
    LawChange.on_day,
    LawChange.summary,
    LawChange.source_url,
    LawChange.noticed_on,
    LawChange.taken_back_on,
    _WAITING,
    _ALL,
)
_STATEMENT = (
    select(*_ROW)
    .join(Law, Law.id == LawChange.law_id)
    .outerjoin(Provision, Provision.id == LawChange.provision_id)
    .outerjoin(Bottleneck, Bottleneck.id == LawChange.bottleneck_id)
)


def list_changes(session: Session, wanted: LawChangeFilter, page: int = 1) -> tuple[list[LawChangeRow], int]:
    """One page, the latest first, and how many there are in all."""
    rows = session.execute(
        _STATEMENT.where(*wanted.conditions())
        .order_by(LawChange.noticed_on.desc(), LawChange.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    total = session.scalar(select(func.count()).select_from(LawChange).where(*wanted.conditions())) or 0
    return [LawChangeRow(*row) for row in rows], total


def waiting_statement() -> Select[int]:
    """How many changes touch something of which nobody has said yet whether it counts, as a statement."""
    return select(func.count()).select_from(LawChange).where(*LawChangeFilter(waiting_only=True).conditions())


def law_change(session: Session, change_id: int) -> LawChangeRow:
    """One change. Raises NotFound."""
    row = session.execute(_STATEMENT.where(LawChange.id == change_id)).one_or_none()
    if row is None:
        raise NotFound()
    return LawChangeRow(*row)


def touched_cases(
    session: Session, change_id: int, *, waiting_only: bool, after: int | None = None
) -> tuple[list[TouchedCase], int | None]:
    """The cases that a change may touch, a page at a time, with the place from which the next page goes on.

    Args:
        after: the touch id of the last line of the page before.
    """
    columns: tuple[Any, ...] = (
        LawChangeTouch.id,
        LawChangeTouch.status,
        Case.reference,
        Case.title,
        Case.status,
        Case.result,
        Case.municipality_id,
        Case.handler_id,
    )
    statement = (
        select(*columns)
        .join(Case, Case.id == LawChangeTouch.case_id)
        .where(LawChangeTouch.change_id == change_id)
        .order_by(LawChangeTouch.id)
        .limit(CASES_ON_PAGE + 1)
    )
    if waiting_only:
        statement = statement.where(LawChangeTouch.status == TouchStatus.OPEN)
    if after is not None:
        statement = statement.where(LawChangeTouch.id > after)
    rows = [TouchedCase(*row) for row in session.execute(statement)]
    shown = rows[:CASES_ON_PAGE]
    return shown, shown[-1].touch_id if len(rows) > CASES_ON_PAGE else None


def waiting_batch(session: Session, change_id: int, most: int) -> WaitingBatch:
    """The first ``most`` things that wait for a decision on a change, counted by kind."""
    is_waiting = (LawChangeTouch.change_id == change_id) & (LawChangeTouch.status == TouchStatus.OPEN)
    first = (
        select(LawChangeTouch.id, LawChangeTouch.case_id, LawChangeTouch.guide_id, LawChangeTouch.bottleneck_id)
        .where(is_waiting)
        .order_by(LawChangeTouch.id)
        .limit(most)
        .subquery()
    )
    row = session.execute(
        select(
            select(func.count()).select_from(LawChangeTouch).where(is_waiting).scalar_subquery(),
            func.max(first.c.id),
            func.count(first.c.case_id),
            func.count().filter(Case.status == CaseStatus.CLOSED),
            func.count(first.c.guide_id),
            func.count(first.c.bottleneck_id),
        )
        .select_from(first)
        .outerjoin(Case, Case.id == first.c.case_id)
    ).one()
    return WaitingBatch(*row)


def waiting_up_to(session: Session, change_id: int, last_id: int, most: int) -> list[int]:
    """The touches of a change, in order, that wait for a decision and stood in a batch that ends with ``last_id``."""
    return list(
        session.scalars(
            select(LawChangeTouch.id)
            .where(
                LawChangeTouch.change_id == change_id,
                LawChangeTouch.status == TouchStatus.OPEN,
                LawChangeTouch.id <= last_id,
            )
            .order_by(LawChangeTouch.id)
            .limit(most)
        )
    )


def touched_pages(session: Session, change_id: int, *, waiting_only: bool) -> tuple[TouchedPage, ...]:
    """The ruimtewijzers and rule bottlenecks that a change may touch."""
    wanted = [LawChangeTouch.change_id == change_id]
    if waiting_only:
        wanted.append(LawChangeTouch.status == TouchStatus.OPEN)
    guides = session.execute(
        select(LawChangeTouch.id, LawChangeTouch.status, GuideVersion.question, Guide.slug)
        .join(Guide, Guide.id == LawChangeTouch.guide_id)
        .join(
            GuideVersion,
            (GuideVersion.guide_id == Guide.id)
            & (GuideVersion.number == func.coalesce(Guide.published_number, Guide.latest_number)),
        )
        .where(*wanted)
        .order_by(LawChangeTouch.id)
    )
    bottlenecks = session.execute(
        select(LawChangeTouch.id, LawChangeTouch.status, Bottleneck.title, Bottleneck.reference)
        .join(Bottleneck, Bottleneck.id == LawChangeTouch.bottleneck_id)
        .where(*wanted)
        .order_by(LawChangeTouch.id)
    )
    return (
        *(TouchedPage(id_, status, title, f"/ruimtewijzers/{slug}") for id_, status, title, slug in guides),
        *(TouchedPage(id_, status, title, f"/regelknelpunten/{number}") for id_, status, title, number in bottlenecks),
    )
