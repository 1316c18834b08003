"""Which quarters are public, what their editions hold, and which published cases stand behind a public figure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.edition import Edition, edition_of
from knelpunt.domain.vocabulary import Channel
from knelpunt.models import Case, Provision, PublishedCase, QuarterEdition, QuarterErratum, QuarterSeal
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.ledger import QuarterReport, report_of
from knelpunt.queries.figures.lists import PAGE_SIZE, Counted, facts_behind


@lru_cache(maxsize=500)
def _read(content: str) -> Edition:
    """An edition as it was kept; reading it once is enough, because it never changes."""
    return edition_of(json.loads(content))


@dataclass(frozen=True, slots=True)
class PublicQuarter:
    """A sealed quarter: when it was sealed and when it last changed, which is when its last correction came."""

    quarter: Quarter
    sealed_at: datetime
    changed_at: datetime
    is_reconstructed: bool
    errata: int


@dataclass(frozen=True, slots=True)
class BehindFigure:
    """A published case that counts in a figure."""

    cursor: int
    reference: str
    title: str
    municipality_id: int | None
    municipality_then: str | None
    law_id: int | None


def public_quarters(session: Session) -> list[PublicQuarter]:
    """Every sealed quarter, the newest first; in one statement."""
    last = func.max(QuarterErratum.made_at)
    rows = session.execute(
        select(
            QuarterSeal.quarter,
            QuarterSeal.sealed_at,
            func.greatest(QuarterSeal.sealed_at, func.coalesce(last, QuarterSeal.sealed_at)),
            QuarterSeal.is_reconstructed,
            func.count(QuarterErratum.number),
        )
        .outerjoin(QuarterErratum, QuarterErratum.quarter == QuarterSeal.quarter)
        .group_by(QuarterSeal.quarter)
        .order_by(QuarterSeal.quarter.desc())
    )
    return [PublicQuarter(quarter_of(day), *rest) for day, *rest in rows]


def kept_editions(session: Session, quarters: Iterable[Quarter]) -> dict[Quarter, Edition]:
    """The editions of these quarters as they were kept; in one statement."""
    days = [quarter.first_day for quarter in quarters]
    rows = session.execute(
        select(QuarterEdition.quarter, QuarterEdition.content).where(QuarterEdition.quarter.in_(days))
    )
    return {quarter_of(day): _read(content) for day, content in rows}


def all_editions(session: Session) -> dict[Quarter, Edition]:
    """Every edition that was kept, the newest first; in one statement."""
    rows = session.execute(
        select(QuarterEdition.quarter, QuarterEdition.content).order_by(QuarterEdition.quarter.desc())
    )
    return {quarter_of(day): _read(content) for day, content in rows}


def without_edition(session: Session) -> list[Quarter]:
    """The sealed quarters of which no edition was kept, oldest first."""
    days = session.scalars(
        select(QuarterSeal.quarter)
        .where(QuarterSeal.quarter.not_in(select(QuarterEdition.quarter)))
        .order_by(QuarterSeal.quarter)
    )
    return [quarter_of(day) for day in days]


def sealed_reports(session: Session, until: Quarter) -> list[QuarterReport]:
    """The figures of each quarter that two persons sealed, oldest first, up to and including one; in one statement."""
    rows = session.scalars(
        select(QuarterSeal.content)
        .where(~QuarterSeal.is_reconstructed, QuarterSeal.quarter <= until.first_day)
        .order_by(QuarterSeal.quarter)
    )
    return [report_of(json.loads(content)) for content in rows]


def laws_of_provisions(session: Session) -> dict[int, int]:
    """The law of each provision."""
    return dict(session.execute(select(Provision.id, Provision.law_id)).all())


def errata_of(session: Session, quarter: Quarter) -> list[QuarterErratum]:
    """The corrections of a quarter by number."""
    return list(
        session.scalars(
            select(QuarterErratum).where(QuarterErratum.quarter == quarter.first_day).order_by(QuarterErratum.number)
        )
    )


def published_behind(
    session: Session, quarter: Quarter, part: Counted, *, before: int | None = None
) -> list[BehindFigure]:
    """The published cases behind a figure, the newest first: one more than a page, so that the caller sees that more
    follow."""
    counted = facts_behind(Span.of(quarter, quarter.last_day), part).subquery("counted")
    statement = (
        select(
            PublishedCase.case_id,
            PublishedCase.reference,
            PublishedCase.title,
            PublishedCase.municipality_id,
            PublishedCase.municipality_then,
            PublishedCase.main_law_id,
        )
        .join(counted, counted.c.case_id == PublishedCase.case_id)
        .where(PublishedCase.withdrawn_on.is_(None))
        .order_by(PublishedCase.case_id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        statement = statement.where(PublishedCase.case_id < before)
    return [BehindFigure(*row) for row in session.execute(statement)]


def first_own_quarter(session: Session) -> Quarter | None:
    """The first quarter in which a case came in by the desk itself; None while there is none."""
    day: date | None = session.scalar(select(func.min(Case.filed_on)).where(Case.channel != Channel.IMPORT))
    return quarter_of(day) if day else None
