"""What a submitter may see of the own case, in one statement: no notes, reviews, or names behind the desk's acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ScalarSelect, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.clocks import Clock
from knelpunt.domain.errors import NotFound
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
    Result,
    Theme,
    Verdict,
)
from knelpunt.models import (
    Account,
    Attachment,
    Case,
    ClockPeriod,
    Contact,
    Event,
    FollowLink,
    Law,
    Message,
    PointedRule,
    Proposal,
    Provision,
    PublicText,
    PublishedCase,
    ReferenceVersion,
)
from knelpunt.queries.cases import is_reference
from knelpunt.queries.reference import SESSION_KEY

Row = TypeVar("Row")

SHOWN_EVENTS = frozenset(
    {
        EventKind.FILED,
        EventKind.TAKEN_IN,
        EventKind.SUPPLEMENT_REQUESTED,
        EventKind.SUPPLEMENT_RECEIVED,
        EventKind.SUPPLEMENT_LAPSED,
        EventKind.HANDLING_STARTED,
        EventKind.VERDICT_CHANGED,
        EventKind.PROPOSED,
        EventKind.PROPOSAL_ACCEPTED,
        EventKind.PROPOSAL_REFUSED,
        EventKind.CLOSED,
        EventKind.CLOSED_LINKED,
        EventKind.REOPENED,
        EventKind.WITHDRAWN,
        EventKind.MESSAGE_SENT,
        EventKind.ADDITION_RECEIVED,
        EventKind.ATTACHMENT_ADDED,
        EventKind.ADDRESS_VERIFIED,
        EventKind.CONTACT_ERASED,
        EventKind.LINK_RENEWED,
        EventKind.PREVIEW_STARTED,
        EventKind.TEXT_AGREED,
        EventKind.TEXT_OBJECTED,
        EventKind.PUBLISHED,
        EventKind.PUBLICATION_WITHDRAWN,
    }
)
"""The acts that are part of the submitter's story; all others are the desk's own."""
_PREVIEWED = (PublicationStatus.PREVIEW, PublicationStatus.PUBLIC)
_REACHED = (ProposalStatus.SENT, ProposalStatus.ACCEPTED, ProposalStatus.REFUSED, ProposalStatus.LAPSED)


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One act. ``data`` holds ids and dates only."""

    number: int
    recorded_at: datetime
    happened_on: date
    kind: EventKind
    actor_kind: ActorKind
    by_submitter: bool
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: int
    kind: MessageKind
    from_desk: bool
    body: str
    why: str | None
    answer_by: date | None
    answered_on: date | None
    lapsed_on: date | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalRow:
    id: int
    text: str
    legal_basis: str
    legal_date: date
    conditions: str
    who_acts: str
    act_by: date
    status: ProposalStatus
    sent_on: date
    reacted_on: date | None
    reaction: str | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A law or provision that the submitter pointed at."""

    law_title: str
    article: str | None
    on_date: date


@dataclass(frozen=True, slots=True)
class FileRow:
    id: int
    shown_name: str
    size: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TextRow:
    """The public text, once it was laid before the submitter."""

    title: str
    question: str
    answer: str
    object_by: date | None
    agreed_on: date | None


@dataclass(frozen=True, slots=True)
class ClockRow:
    clock: Clock
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    id: int
    reference: str
    status: CaseStatus
    status_before_supplement: str | None
    result: Result | None
    verdict: Verdict
    publication: PublicationStatus
    title: str
    description: str
    goal: str | None
    place: str | None
    rule_words: str | None
    tried: str | None
    involved: str | None
    wanted: str | None
    theme: Theme
    refused_on: date | None
    law_date: date
    organisation_id: int | None
    municipality_id: int | None
    municipality_then: str | None
    may_share: bool
    may_publish: bool
    verdict_plain: str | None
    verdict_legal: str | None
    result_reason: str | None
    next_step: str | None
    got_no_reaction: bool
    due_on: date | None
    filed_at: datetime
    filed_on: date
    closed_on: date | None
    rule_is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class SubmitterPage:
    """One case as its submitter sees it, each list oldest first."""

    case: CaseFacts
    handler: str | None
    author: str | None
    published_on: date | None
    is_reachable: bool
    is_address_verified: bool
    has_contact: bool
    events: tuple[StoryEvent, ...]
    messages: tuple[MessageRow, ...]
    proposals: tuple[ProposalRow, ...]
    files: tuple[FileRow, ...]
    clocks: tuple[ClockRow, ...]
    public_text: TextRow | None
    rules: tuple[RuleRow, ...] = ()

    @property
    def open_question(self) -> MessageRow | None:
        """The question that waits for an answer and whose term runs."""
        return next(
            (
                message
                for message in self.messages
                if message.kind is MessageKind.QUESTION and message.answered_on is None and message.lapsed_on is None
            ),
            None,
        )

    @property
    def proposal(self) -> ProposalRow | None:
        """The last proposal that reached the submitter."""
        return self.proposals[-1] if self.proposals else None

    @property
    def contest_until(self) -> date | None:
        """The last day to ask for a second look; empty when that time does not run."""
        return next((row.due_on for row in self.clocks if row.clock is Clock.K6), None)


@dataclass(frozen=True, slots=True)
class LinkRow:
    case_id: int
    reference: str
    nonce: str


_cases, _links = Case.__table__.c, FollowLink.__table__.c
_LINK = (
    select(
        _cases.id,
        _cases.reference,
        _links.nonce,
        # Comes along, so that ``queries.reference`` need not ask for it.
        select(ReferenceVersion.__table__.c.version).scalar_subquery(),
    )
    .join_from(Case.__table__, FollowLink.__table__, _cases.id == _links.case_id)
    .where(_links.public_id == bindparam("public_id"), _links.revoked_at.is_(None))
)


def link_with(session: Session, public_id: str) -> LinkRow | None:
    """The follow link with this public number, unless it was revoked."""
    row = session.execute(_LINK, {"public_id": public_id}).one_or_none()
    if row is None:
        return None
    *columns, session.info[SESSION_KEY] = row
    return LinkRow(*columns)


def cases_of_address(session: Session, email: str, limit: int) -> list[Case]:
    """The latest cases that were filed without an account from this address, given in small letters."""
    return list(
        session.scalars(
            select(Case)
            .join(Contact, Contact.case_id == Case.id)
            .where(
                func.lower(Contact.email) == email.replace("\x00", ""),
                Contact.erased_at.is_(None),
                Case.organisation_id.is_(None),
            )
            .order_by(Case.filed_at.desc(), Case.id.desc())
            .limit(limit)
        )
    )


_COLUMNS = tuple(getattr(Case, name) for name in CaseFacts.__slots__)
_Handler = aliased(Account)
_Author = aliased(Account)


def _listed(statement: Select[*tuple[Any, ...]], name: str) -> ScalarSelect[Any]:
    """The rows of a small list as one JSON value, so that the whole page costs one statement."""
    rows = statement.correlate(Case).subquery(name)
    listed = func.coalesce(func.json_agg(literal_column(name)), literal_column("'[]'::json"))
    return select(listed).select_from(rows).scalar_subquery()


_PARTS = (
    _listed(
        select(
            Event.number,
            Event.recorded_at,
            Event.happened_on,
            Event.kind,
            Event.actor_kind,
            func.coalesce(
                (Event.actor_kind != ActorKind.SYSTEM)
                & ((Event.actor_kind != ActorKind.ACCOUNT) | (Account.organisation_id == Case.organisation_id)),
                False,
            ).label("by_submitter"),
            Event.data,
        )
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(Event.case_id == Case.id, Event.kind.in_(sorted(kind.value for kind in SHOWN_EVENTS)))
        .order_by(Event.number),
        "event_rows",
    ),
    _listed(
        select(*(getattr(Message, name) for name in MessageRow.__slots__))
        .where(Message.case_id == Case.id)
        .order_by(Message.id),
        "message_rows",
    ),
    _listed(
        select(*(getattr(Proposal, name) for name in ProposalRow.__slots__))
        .where(Proposal.case_id == Case.id, Proposal.status.in_(_REACHED), Proposal.sent_on.is_not(None))
        .order_by(Proposal.id),
        "proposal_rows",
    ),
    _listed(
        select(*(getattr(Attachment, name) for name in FileRow.__slots__))
        .where(Attachment.case_id == Case.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id),
        "file_rows",
    ),
    _listed(
        select(ClockPeriod.clock, ClockPeriod.due_on)
        .where(ClockPeriod.case_id == Case.id, ClockPeriod.stopped_on.is_(None))
        .order_by(ClockPeriod.id),
        "clock_rows",
    ),
    _listed(
        select(*(getattr(PublicText, name) for name in TextRow.__slots__)).where(
            PublicText.case_id == Case.id, Case.publication.in_(_PREVIEWED)
        ),
        "text_rows",
    ),
    _listed(
        select(Law.citation_title.label("law_title"), Provision.article, PointedRule.on_date)
        .join_from(PointedRule, Law, Law.id == PointedRule.law_id)
        .outerjoin(Provision, Provision.id == PointedRule.provision_id)
        .where(PointedRule.case_id == Case.id)
        .order_by(PointedRule.id),
        "rule_rows",
    ),
)
_NAMES = (
    _Handler.name,
    _Author.name,
    PublishedCase.published_on,
    Contact.email.is_not(None),
    Contact.verified_at.is_not(None),
    Contact.case_id.is_not(None) & Contact.erased_at.is_(None),
)
_STATEMENT = (
    select(*_COLUMNS, *_NAMES, *_PARTS)
    .select_from(Case)
    .outerjoin(_Handler, (_Handler.id == Case.handler_id) & (Case.status != CaseStatus.SUBMITTED))
    .outerjoin(_Author, _Author.id == Case.author_id)
    .outerjoin(PublishedCase, (PublishedCase.case_id == Case.id) & PublishedCase.withdrawn_on.is_(None))
    .outerjoin(Contact, Contact.case_id == Case.id)
    .where(Case.reference == bindparam("reference"))
)


def read_page(session: Session, actor: Actor, reference: str) -> SubmitterPage:
    """One case for the holder of its follow link, or for an account of the organisation that filed it.

    Raises:
        NotFound: there is no such case, or this actor may not know of it.
    """
    if not is_reference(reference):
        raise NotFound()
    row = session.execute(_STATEMENT, {"reference": reference}).one_or_none()
    if row is None:
        raise NotFound()
    case = CaseFacts(*row[: len(_COLUMNS)])
    actor.require_sight_of(case.id, case.organisation_id)
    parts_at = len(_COLUMNS) + len(_NAMES)
    handler, author, published_on, is_reachable, is_verified, has_contact = row[len(_COLUMNS) : parts_at]
    events, messages, proposals, files, clocks, texts, rules = row[parts_at:]
    return SubmitterPage(
        case=case,
        handler=handler,
        author=author,
        published_on=published_on,
        is_reachable=is_reachable,
        is_address_verified=is_verified,
        has_contact=has_contact,
        events=_read(StoryEvent, events, recorded_at=_INSTANT, happened_on=_DAY, kind=EventKind,
                     actor_kind=ActorKind),
        messages=_read(MessageRow, messages, kind=MessageKind, answer_by=_DAY, answered_on=_DAY, lapsed_on=_DAY,
                       written_at=_INSTANT),
        proposals=_read(ProposalRow, proposals, legal_date=_DAY, act_by=_DAY, status=ProposalStatus, sent_on=_DAY,
                        reacted_on=_DAY),
        files=_read(FileRow, files, created_at=_INSTANT),
        clocks=_read(ClockRow, clocks, clock=Clock, due_on=_DAY),
        public_text=next(iter(_read(TextRow, texts, object_by=_DAY, agreed_on=_DAY)), None),
        rules=_read(RuleRow, rules, on_date=_DAY),
    )  # fmt: skip


_DAY = date.fromisoformat
_INSTANT = datetime.fromisoformat


def _read(row_class: type[Row], rows: list[dict[str, Any]], **converters: Callable[[Any], Any]) -> tuple[Row, ...]:
    """Rows that came as JSON, with days, instants and closed lists made of their texts."""
    for row in rows:
        for name, convert in converters.items():
            if row[name] is not None:
                row[name] = convert(row[name])
    return tuple(row_class(**row) for row in rows)
