"""Which quarters are public, what their editions hold, and which published cases stand behind a public figure."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, select, text, true
from sqlalchemy.orm import Session, aliased, undefer

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.edition import PROVINCE, Edition, Row, Table, edition_of
from knelpunt.domain.figures.sealing import FileStatus
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.privacy.requests import WordsGone
from knelpunt.domain.quarters.track import QuarterStatus, QuarterStep
from knelpunt.models import (
    Case,
    Event,
    Guide,
    GuideClaim,
    GuideVersion,
    Provision,
    PublishedCase,
    QuarterEdition,
    QuarterErratum,
    QuarterFile,
    QuarterSeal,
    QuarterText,
)
from knelpunt.models.case import IS_OWN
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.ledger import QuarterReport, report_of
from knelpunt.queries.figures.lists import PAGE_SIZE, Counted, facts_behind

Kept = TypeVar("Kept", Edition, QuarterReport)

_known: dict[str, Edition] = {}
"""Every edition that this process read, by its digest: one more for each quarter that is sealed."""
_reports: dict[str, QuarterReport] = {}
"""The same of the reports that were sealed."""


@dataclass(frozen=True, slots=True)
class PublicQuarter:
    """A sealed quarter: when it was sealed and when it last changed, by a correction or by what became of its text.

    ``paper`` is the number in parliament of the text that was presented, or nothing.
    """

    quarter: Quarter
    sealed_at: datetime
    changed_at: datetime
    is_reconstructed: bool
    paper: str
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
    told = (
        select(Event.subject, func.max(Event.recorded_at).label("at"))
        .where(Event.kind.in_([QuarterStep.PRESENT, QuarterStep.NUMBER, WordsGone.QUARTER]))
        .group_by(Event.subject)
        .subquery("told")
    )
    is_presented = QuarterText.status == QuarterStatus.PRESENTED
    rows = session.execute(
        select(
            QuarterSeal.quarter,
            QuarterSeal.sealed_at,
            func.greatest(QuarterSeal.sealed_at, func.max(QuarterErratum.made_at), told.c.at),  # passes over NULL
            QuarterSeal.is_reconstructed,
            func.coalesce(QuarterText.paper, ""),
            func.count(QuarterErratum.number),
        )
        .outerjoin(QuarterErratum, QuarterErratum.quarter == QuarterSeal.quarter)
        .outerjoin(QuarterText, and_(QuarterText.quarter == QuarterSeal.quarter, is_presented))
        .outerjoin(told, told.c.subject == func.concat("kwartaal:", func.to_char(QuarterSeal.quarter, "YYYY-Q")))
        .group_by(QuarterSeal.quarter, QuarterText.paper, told.c.at)
        .order_by(QuarterSeal.quarter.desc())
    )
    return [PublicQuarter(quarter_of(day), *rest) for day, *rest in rows]


def kept_editions(session: Session, quarters: Iterable[Quarter]) -> dict[Quarter, Edition]:
    """The editions of these quarters as they were kept."""
    return _editions(session, QuarterEdition.quarter.in_([quarter.first_day for quarter in quarters]))


def all_editions(session: Session) -> dict[Quarter, Edition]:
    """Every edition that was kept, the newest first."""
    return _editions(session, true())


def _editions(session: Session, which: ColumnElement[bool]) -> dict[Quarter, Edition]:
    """In one statement, and in one more where this process did not read all of them before: they never change."""
    kept = session.execute(
        select(QuarterEdition.quarter, QuarterEdition.sha256).where(which).order_by(QuarterEdition.quarter.desc())
    ).all()
    _read_new(session, QuarterEdition, _known, [sha256 for _day, sha256 in kept], edition_of)
    return {quarter_of(day): _known[sha256] for day, sha256 in kept}


def _read_new(
    session: Session,
    model: type[QuarterSeal | QuarterEdition],
    known: dict[str, Kept],
    digests: Iterable[str],
    read: Callable[[Any], Kept],
) -> None:
    """Read what this process did not read before; it never changes."""
    if new := [sha256 for sha256 in digests if sha256 not in known]:
        rows = session.execute(select(model.sha256, model.content).where(model.sha256.in_(new)))
        known.update((sha256, read(json.loads(content))) for sha256, content in rows)


def files_of(session: Session, quarter: Quarter) -> dict[str, QuarterFile]:
    """The forms of a quarter that were asked for as files, without their bytes, by form."""
    rows = session.scalars(select(QuarterFile).where(QuarterFile.quarter == quarter.first_day))
    return {row.form: row for row in rows}


def file_of(session: Session, quarter: Quarter, form: str) -> QuarterFile | None:
    """One of them with its bytes."""
    statement = select(QuarterFile).where(QuarterFile.quarter == quarter.first_day, QuarterFile.form == form)
    return session.scalar(statement.options(undefer(QuarterFile.content)))


def made_forms(session: Session) -> dict[Quarter, dict[str, QuarterFile]]:
    """The forms of all quarters that are there as files, without their bytes, by quarter and form."""
    found: dict[Quarter, dict[str, QuarterFile]] = {}
    for row in session.scalars(select(QuarterFile).where(QuarterFile.status == FileStatus.READY)):
        found.setdefault(quarter_of(row.quarter), {})[row.form] = row
    return found


def without_edition(session: Session) -> list[Quarter]:
    """The sealed quarters of which no edition was kept, oldest first."""
    days = session.scalars(
        select(QuarterSeal.quarter)
        .where(QuarterSeal.quarter.not_in(select(QuarterEdition.quarter)))
        .order_by(QuarterSeal.quarter)
    )
    return [quarter_of(day) for day in days]


def is_told_later(session: Session, quarter: Quarter) -> bool:
    """Whether a later quarter of the desk was published while nothing was kept of this one. That later edition hides
    what gave this one away by the rules of its day; by those of today this one might tell just that."""
    later = (
        select(QuarterEdition.quarter)
        .join(QuarterSeal, QuarterSeal.quarter == QuarterEdition.quarter)
        .where(QuarterEdition.quarter > quarter.first_day, ~QuarterSeal.is_reconstructed)
    )
    return session.scalar(later.limit(1)) is not None


def sealed_reports(session: Session, until: Quarter) -> list[QuarterReport]:
    """The figures of each quarter that two persons sealed, oldest first, up to and including one.

    Without those that were sealed after a later one: of those the totals alone are told.
    """
    later = aliased(QuarterSeal)
    is_in_between = (
        select(later.quarter)
        .where(later.quarter > QuarterSeal.quarter, later.sealed_at < QuarterSeal.sealed_at, ~later.is_reconstructed)
        .exists()
    )
    digests = session.scalars(
        select(QuarterSeal.sha256)
        .where(~QuarterSeal.is_reconstructed, QuarterSeal.quarter <= until.first_day, ~is_in_between)
        .order_by(QuarterSeal.quarter)
    ).all()
    _read_new(session, QuarterSeal, _reports, digests, report_of)
    return [_reports[sha256] for sha256 in digests]


def laws_of_provisions(session: Session) -> dict[int, int]:
    """The law of each provision."""
    return dict(session.execute(select(Provision.id, Provision.law_id)).all())


def all_errata(session: Session) -> dict[Quarter, list[QuarterErratum]]:
    """The corrections of every quarter that has any, by number; in one statement."""
    found: defaultdict[Quarter, list[QuarterErratum]] = defaultdict(list)
    for row in session.scalars(select(QuarterErratum).order_by(QuarterErratum.quarter, QuarterErratum.number)):
        found[quarter_of(row.quarter)].append(row)
    return found


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


def guides_behind(session: Session, quarter: Quarter, outcome: ClaimOutcome | None) -> list[tuple[str, str]]:
    """The public guides that municipalities began to use in a quarter, or of which they told this outcome in it: the
    name in the address and the question, in the order of the question."""
    day, span = (
        (GuideClaim.claimed_on if outcome is None else GuideClaim.answered_on),
        Span.of(quarter, quarter.last_day),
    )
    used = select(GuideClaim.guide_id).where(day.between(span.first, span.until))
    if outcome is not None:
        used = used.where(GuideClaim.outcome == outcome)
    return [
        (slug, question)
        for slug, question in session.execute(
            select(Guide.slug, GuideVersion.question)
            .join(
                GuideVersion,
                and_(GuideVersion.guide_id == Guide.id, GuideVersion.number == Guide.published_number),
            )
            .where(Guide.id.in_(used))
            .order_by(GuideVersion.question, Guide.id)
        )
    ]


FIRST_OWN_DAY = select(func.min(Case.filed_on)).where(text(IS_OWN))
"""The first day on which a case came in at the desk itself."""


def first_own_quarter(session: Session) -> Quarter | None:
    """The quarter of that day; None while there is no such case."""
    day: date | None = session.scalar(FIRST_OWN_DAY)
    return quarter_of(day) if day else None


def code_of(names: Reference, table: Table, row: Row) -> str | None:
    """The national code of what a line of a table is about; only provinces have one."""
    is_one = table.dimension == PROVINCE and row.key.isdecimal()
    province = names.provinces.get(int(row.key)) if is_one else None
    return province.code if province else None
