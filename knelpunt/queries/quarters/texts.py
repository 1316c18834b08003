"""The text of a quarter as its pages read it: sections, kept versions, and comments of ministries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import MOVING, LinkStatus
from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.writing import Section
from knelpunt.domain.quarters.findings import Pressing
from knelpunt.domain.quarters.track import LINK_HOLDS_AFTER, QuarterStatus, status_of
from knelpunt.models import (
    Bottleneck,
    BottleneckCase,
    Organisation,
    QuarterComment,
    QuarterCommentRequest,
    QuarterErratum,
    QuarterSeal,
    QuarterSection,
    QuarterSectionVersion,
    QuarterText,
)
from knelpunt.queries.bottlenecks.bottlenecks import MUNICIPALITIES, PROJECTS

VERSIONS_SHOWN = 100
CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Comment:
    """What a ministry says about a section."""

    id: int
    ministry: str
    section: Section
    body: str
    made_at: datetime
    is_taken: bool | None
    answer: str | None

    @property
    def is_open(self) -> bool:
        return self.is_taken is None


@dataclass(frozen=True, slots=True)
class Asked:
    """A ministry that was asked to comment."""

    id: int
    ministry: str
    asked_at: datetime
    due_on: date
    done_at: datetime | None
    withdrawn_at: datetime | None
    comments: int
    open: int


@dataclass(frozen=True, slots=True)
class ByLink:
    """A request to comment as its link opens it."""

    id: int
    nonce: str
    quarter: Quarter
    ministry: str
    due_on: date
    done_at: datetime | None
    withdrawn_at: datetime | None
    status: QuarterStatus
    waits: bool

    def is_open(self, today: date) -> bool:
        """Whether something can still be said."""
        is_written = self.status is QuarterStatus.WRITING and not self.waits
        return is_written and self.withdrawn_at is None and self.done_at is None and today <= self.due_on

    def is_over(self, today: date) -> bool:
        """Whether nothing can be read by it any more."""
        return self.withdrawn_at is not None or today > self.due_on + LINK_HOLDS_AFTER


def text_of(session: Session, quarter: Quarter) -> QuarterText | None:
    """The text of a quarter, if somebody began it."""
    return session.get(QuarterText, quarter.first_day)


def status_in(session: Session, quarter: Quarter, today: date) -> QuarterStatus:
    """Where a quarter is, in one statement."""
    first = quarter.first_day
    since = (
        select(func.count())
        .where(QuarterErratum.quarter == first, QuarterErratum.made_at > QuarterText.approved_at)
        .scalar_subquery()
    )
    row = session.execute(
        select(
            select(func.count()).where(QuarterSeal.quarter == first).scalar_subquery(),
            select(QuarterText.status).where(QuarterText.quarter == first).scalar_subquery(),
            select(since).where(QuarterText.quarter == first).scalar_subquery(),
        )
    ).one()
    return status_of(
        is_over=quarter.last_day < today, is_sealed=bool(row[0]), text_status=row[1], has_errata_since=bool(row[2])
    )


def presented_of(session: Session, quarters: Iterable[Quarter]) -> dict[Quarter, tuple[QuarterText, dict[str, str]]]:
    """The texts of these quarters that were presented, with what is written by key of the section; in two
    statements."""
    rows = select(QuarterText).where(
        QuarterText.quarter.in_([each.first_day for each in quarters]), QuarterText.status == QuarterStatus.PRESENTED
    )
    found: dict[date, tuple[QuarterText, dict[str, str]]] = {row.quarter: (row, {}) for row in session.scalars(rows)}
    if found:
        for section in session.scalars(select(QuarterSection).where(QuarterSection.quarter.in_(found))):
            found[section.quarter][1][section.section.value] = section.source
    return {quarter_of(day): each for day, each in found.items()}


def sections_of(session: Session, quarter: Quarter) -> dict[Section, QuarterSection]:
    """Every section of a text, by key."""
    rows = session.scalars(select(QuarterSection).where(QuarterSection.quarter == quarter.first_day))
    return {row.section: row for row in rows}


def sources_of(session: Session, quarter: Quarter) -> dict[str, str]:
    """What is written, by key."""
    return {key.value: row.source for key, row in sections_of(session, quarter).items()}


def versions_of(session: Session, quarter: Quarter, section: Section) -> list[QuarterSectionVersion]:
    """The kept versions of a section, newest first."""
    return list(
        session.scalars(
            select(QuarterSectionVersion)
            .where(QuarterSectionVersion.quarter == quarter.first_day, QuarterSectionVersion.section == section)
            .order_by(QuarterSectionVersion.id.desc())
            .limit(VERSIONS_SHOWN)
        )
    )


def comments_of(session: Session, quarter: Quarter, request_id: int | None = None) -> list[Comment]:
    """What ministries said, in the order in which they did; of one request, or of all."""
    statement = (
        select(
            QuarterComment.id,
            Organisation.name,
            QuarterComment.section,
            QuarterComment.body,
            QuarterComment.made_at,
            QuarterComment.is_taken,
            QuarterComment.answer,
        )
        .join(QuarterCommentRequest, QuarterCommentRequest.id == QuarterComment.request_id)
        .join(Organisation, Organisation.id == QuarterCommentRequest.ministry_id)
        .where(QuarterCommentRequest.quarter == quarter.first_day)
        .order_by(QuarterComment.id)
    )
    if request_id is not None:
        statement = statement.where(QuarterCommentRequest.id == request_id)
    return [Comment(*row) for row in session.execute(statement)]


def comment(session: Session, quarter: Quarter, comment_id: int) -> Comment | None:
    """One comment on this quarter."""
    return next((each for each in comments_of(session, quarter) if each.id == comment_id), None)


def requests_of(session: Session, quarter: Quarter) -> list[Asked]:
    """The ministries that were asked, with how many comments they gave and how many of those are open."""
    rows = session.execute(
        select(
            QuarterCommentRequest.id,
            Organisation.name,
            QuarterCommentRequest.asked_at,
            QuarterCommentRequest.due_on,
            QuarterCommentRequest.done_at,
            QuarterCommentRequest.withdrawn_at,
            func.count(QuarterComment.id),
            func.count(QuarterComment.id).filter(QuarterComment.settled_at.is_(None)),
        )
        .join(Organisation, Organisation.id == QuarterCommentRequest.ministry_id)
        .outerjoin(QuarterComment, QuarterComment.request_id == QuarterCommentRequest.id)
        .where(QuarterCommentRequest.quarter == quarter.first_day)
        .group_by(QuarterCommentRequest.id, Organisation.name)
        .order_by(QuarterCommentRequest.id)
    )
    return [Asked(*row) for row in rows]


def request_by_link(session: Session, public_id: str) -> ByLink | None:
    """The request to which the link with this public number leads; the caller checks the rest of the token."""
    row = session.execute(
        select(QuarterCommentRequest, Organisation.name, QuarterText)
        .join(Organisation, Organisation.id == QuarterCommentRequest.ministry_id)
        .join(QuarterText, QuarterText.quarter == QuarterCommentRequest.quarter)
        .where(QuarterCommentRequest.public_id == public_id)
    ).one_or_none()
    if row is None:
        return None
    asked, ministry, text = row
    return ByLink(
        asked.id,
        asked.nonce,
        quarter_of(asked.quarter),
        ministry,
        asked.due_on,
        asked.done_at,
        asked.withdrawn_at,
        text.status,
        text.asked_at is not None,
    )


def pressing(session: Session, quarter: Quarter) -> list[Pressing]:
    """The rule bottlenecks that had been signalled by the end of a quarter and whose rule has not moved, the heaviest
    first: candidates for that of the quarter."""
    new = (
        select(func.count(BottleneckCase.case_id))
        .where(
            BottleneckCase.bottleneck_id == Bottleneck.id,
            BottleneckCase.status == LinkStatus.ACCEPTED,
            func.date(func.timezone("Europe/Amsterdam", BottleneckCase.linked_at)).between(
                quarter.first_day, quarter.last_day
            ),
        )
        .correlate(Bottleneck)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Bottleneck.id,
            Bottleneck.reference,
            Bottleneck.title,
            PROJECTS,
            MUNICIPALITIES,
            Bottleneck.signalled_on,
            new,
        )
        .where(Bottleneck.status.in_(sorted(MOVING)), Bottleneck.signalled_on <= quarter.last_day)
        .order_by(PROJECTS.desc(), Bottleneck.id)
        .limit(CANDIDATES)
    )
    return [
        Pressing(id_, reference, title, projects, places, (quarter.last_day - signalled_on).days, count)
        for id_, reference, title, projects, places, signalled_on, count in rows
    ]
