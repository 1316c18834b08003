"""The ruimtewijzers as the desk works on them: every state, what waits, who wrote what, and what they answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.errors import NotFound
from knelpunt.domain.guides.track import ClaimOutcome, GuideEvent, GuideOrigin, GuideStatus, GuideText, is_slug
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, PublicationStatus, Theme
from knelpunt.models import (
    Account,
    Assessment,
    Case,
    Event,
    Guide,
    GuideClaim,
    GuideDeflection,
    GuideVersion,
    Law,
    Municipality,
    Proposal,
    Provision,
    PublicText,
)
from knelpunt.queries.guides.review import waits_for_review

PAGE_SIZE = 50
DEFLECTED_DAYS = 90
EVENTS_SHOWN = 100
_guides = Guide.__table__.c
_versions = GuideVersion.__table__.c
_LATEST = and_(_versions.guide_id == _guides.id, _versions.number == _guides.latest_number)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One guide in the list of the desk. ``deflected`` is how often it answered somebody in the last 90 days."""

    slug: str
    question: str
    status: GuideStatus
    theme: Theme
    review_due_on: date | None
    updated_at: datetime
    has_new_version: bool
    is_reviewed: bool
    deflected: int
    claimed: int


@dataclass(frozen=True, slots=True)
class DeskList:
    rows: tuple[DeskRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class DeskGuide:
    """A guide with its version in hand, for the page on which it is worked on. ``version`` is for its forms."""

    guide_id: int
    slug: str
    status: GuideStatus
    version: int
    latest_number: int
    published_number: int | None
    review_due_on: date | None
    recheck_reason: str | None
    expired_reason: str | None
    case_id: int | None
    passed: list[dict[str, Any]]
    case_reference: str | None
    origin: GuideOrigin
    written_by_id: int | None
    written_by: str | None
    written_at: datetime
    reviewed_by: str | None
    reviewed_on: date | None
    review_remark: str | None
    published_on: date | None
    waits_for_review: bool
    text: GuideText


@dataclass(frozen=True, slots=True)
class GuideAct:
    """One event about a guide."""

    kind: str
    recorded_at: datetime
    actor: str | None


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    count: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A use of a guide as the own organisation sees it."""

    id: int
    slug: str
    question: str
    project: str
    starts_on: date
    claimed_on: date
    ask_on: date
    outcome: ClaimOutcome | None
    outcome_reason: str | None
    organisation_id: int


@dataclass(frozen=True, slots=True)
class MadeOfCase:
    """The guide that was made of a case."""

    slug: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class CaseForGuide:
    """What a closed case gives to a draft: only what was written for the public, the proposal and confirmed rules."""

    case_id: int
    reference: str
    theme: Theme
    law_date: date
    question: str
    answer: str
    proposal: str
    conditions: str
    who_acts: str
    source_title: str | None
    source_url: str | None
    title: str
    place: str | None
    municipality_code: str | None
    closed_on: date | None
    is_public: bool
    rules: list[dict[str, Any]]


_is_waiting = case(
    (_guides.status == GuideStatus.RECHECK, 0),
    (_guides.status.in_([GuideStatus.DRAFT, GuideStatus.REVIEWED]), 1),
    (_guides.status == GuideStatus.EXPIRED, 3),
    else_=2,
)


def list_for_desk(session: Session, status: GuideStatus | None, today: date, page: int = 1) -> DeskList:
    """One page of all guides: first what waits for a recheck or a review, then what changed last; in one statement."""
    since = today - timedelta(days=DEFLECTED_DAYS)
    deflected = (
        select(func.count())
        .where(GuideDeflection.guide_id == _guides.id, GuideDeflection.on_day > since)
        .correlate(Guide.__table__)
        .scalar_subquery()
    )
    claimed = select(func.count()).where(GuideClaim.guide_id == _guides.id).correlate(Guide.__table__).scalar_subquery()
    where: list[ColumnElement[bool]] = [] if status is None else [_guides.status == status]
    found = session.execute(
        select(
            _guides.slug,
            _versions.question,
            _guides.status,
            _versions.theme,
            _guides.review_due_on,
            _guides.updated_at,
            func.coalesce(_guides.latest_number != _guides.published_number, False),
            _versions.reviewed_on.is_not(None),
            deflected,
            claimed,
            func.count().over(),
        )
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, _LATEST)
        .where(*where)
        .order_by(_is_waiting, _guides.updated_at.desc(), _guides.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    rows = tuple(DeskRow(*row[:-1]) for row in found)
    return DeskList(rows, found[0][-1] if found else 0)


def counts_by_status(session: Session) -> dict[GuideStatus, int]:
    """How many guides are in each state."""
    rows = session.execute(select(Guide.status, func.count()).group_by(Guide.status))
    return {row[0]: row[1] for row in rows}


def deflections_by_day(session: Session, since: date) -> list[DayCount]:
    """How often a guide answered somebody, for each day on which one did, the latest first."""
    rows = session.execute(
        select(GuideDeflection.on_day, func.count())
        .where(GuideDeflection.on_day > since)
        .group_by(GuideDeflection.on_day)
        .order_by(GuideDeflection.on_day.desc())
    )
    return [DayCount(*row) for row in rows]


def read_for_desk(session: Session, slug: str) -> DeskGuide:
    """A guide with its version in hand, in one statement. Raises NotFound."""
    if not is_slug(slug):
        raise NotFound()
    writer, reviewer = aliased(Account), aliased(Account)
    row = session.execute(
        select(
            _guides.id,
            *(_guides[name] for name in ("slug", "status", "version", "latest_number", "published_number")),
            *(_guides[name] for name in ("review_due_on", "recheck_reason", "expired_reason", "case_id")),
            _versions.passed,
            Case.reference,
            _versions.origin,
            _versions.written_by_id,
            writer.name,
            _versions.written_at,
            reviewer.name,
            *(_versions[name] for name in ("reviewed_on", "review_remark", "published_on")),
            waits_for_review(),
            *(_versions[name] for name in GuideText.__slots__),
        )
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, _LATEST)
        .outerjoin(Case, Case.id == _guides.case_id)
        .outerjoin(writer, writer.id == _versions.written_by_id)
        .outerjoin(reviewer, reviewer.id == _versions.reviewed_by_id)
        .where(_guides.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound()
    names = DeskGuide.__slots__[:-1]
    return DeskGuide(**dict(zip(names, row, strict=False)), text=GuideText(*row[len(names) :]))


def acts_on(session: Session, guide_id: int) -> list[GuideAct]:
    """What was done with a guide, the latest first."""
    rows = session.execute(
        select(Event.kind, Event.recorded_at, Account.name)
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(Event.kind.in_(list(GuideEvent)), Event.subject == f"ruimtewijzer:{guide_id}")
        .order_by(Event.number.desc())
        .limit(EVENTS_SHOWN)
    )
    return [GuideAct(*row) for row in rows]


_CLAIM = (
    GuideClaim.id,
    _guides.slug,
    _versions.question,
    GuideClaim.project,
    GuideClaim.starts_on,
    GuideClaim.claimed_on,
    GuideClaim.ask_on,
    GuideClaim.outcome,
    GuideClaim.outcome_reason,
    GuideClaim.organisation_id,
)
_CLAIMED = and_(_versions.guide_id == _guides.id, _versions.number == GuideClaim.guide_number)


def claims_of(session: Session, organisation_id: int | None) -> list[ClaimRow]:
    """What the own organisation said that it would do, the latest first."""
    rows = session.execute(
        select(*_CLAIM)
        .select_from(GuideClaim)
        .join(Guide.__table__, _guides.id == GuideClaim.guide_id)
        .join(GuideVersion.__table__, _CLAIMED)
        .where(GuideClaim.organisation_id == organisation_id)
        .order_by(GuideClaim.claimed_on.desc(), GuideClaim.id.desc())
    )
    return [ClaimRow(*row) for row in rows]


def claim_of(session: Session, claim_id: int, organisation_id: int | None) -> ClaimRow:
    """One of them. Raises NotFound for another organisation's."""
    row = session.execute(
        select(*_CLAIM)
        .select_from(GuideClaim)
        .join(Guide.__table__, _guides.id == GuideClaim.guide_id)
        .join(GuideVersion.__table__, _CLAIMED)
        .where(GuideClaim.id == claim_id, GuideClaim.organisation_id == organisation_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return ClaimRow(*row)


def case_for_guide(session: Session, reference: str) -> CaseForGuide | None:
    """What a closed case gives to a draft: its public text, its last proposal, and the rules a person confirmed.

    None when it is not over, or nothing was written for the public.
    """
    row = session.execute(
        select(
            Case.id,
            Case.reference,
            Case.theme,
            Case.law_date,
            PublicText.question,
            PublicText.answer,
            Case.source_title,
            Case.source_url,
            PublicText.title,
            Municipality.name.label("place"),
            Municipality.code.label("municipality_code"),
            Case.closed_on,
            (Case.publication == PublicationStatus.PUBLIC).label("is_public"),
        )
        .join(PublicText, PublicText.case_id == Case.id)
        .outerjoin(Municipality, Municipality.id == Case.municipality_id)
        .where(Case.reference == reference, Case.status.in_([CaseStatus.CLOSED, CaseStatus.ARCHIVED]))
    ).one_or_none()
    if row is None:
        return None
    proposal = session.execute(
        select(Proposal.text, Proposal.conditions, Proposal.who_acts)
        .where(Proposal.case_id == row.id)
        .order_by(Proposal.id.desc())
        .limit(1)
    ).one_or_none()
    return CaseForGuide(
        case_id=row.id,
        reference=row.reference,
        theme=row.theme,
        law_date=row.law_date,
        question=row.question,
        answer=row.answer,
        proposal=proposal.text if proposal else "",
        conditions=proposal.conditions if proposal else "",
        who_acts=proposal.who_acts if proposal else "",
        source_title=row.source_title,
        source_url=row.source_url,
        title=row.title,
        place=row.place,
        municipality_code=row.municipality_code,
        closed_on=row.closed_on,
        is_public=row.is_public,
        rules=_confirmed_rules(session, row.id),
    )


def made_of_case(session: Session, case_id: int) -> MadeOfCase | None:
    """The guide that was made of a case, the first when there are more."""
    row = session.execute(
        select(Guide.slug, Guide.published_number.is_not(None))
        .where(Guide.case_id == case_id)
        .order_by(Guide.id)
        .limit(1)
    ).one_or_none()
    return MadeOfCase(*row) if row else None


def _confirmed_rules(session: Session, case_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            Law.key,
            Law.citation_title,
            Provision.key.label("provision"),
            Provision.article.label("provision_article"),
            Provision.instrument,
            Assessment.article,
            Assessment.role,
            Assessment.on_date,
        )
        .join(Law, Law.id == Assessment.law_id)
        .outerjoin(Provision, Provision.id == Assessment.provision_id)
        .where(Assessment.case_id == case_id, Assessment.withdrawn_at.is_(None))
        .order_by(Assessment.id)
    )
    return [
        {
            "law": row.key,
            "title": row.citation_title,
            "provision": row.provision,
            "article": row.provision_article or row.article,
            "instrument": row.instrument,
            "role": AssessmentRole(row.role).value,
            "on_date": row.on_date.isoformat(),
        }
        for row in rows
    ]
