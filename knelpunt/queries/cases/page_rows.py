"""What the staff page of one case shows: light frozen rows, made by ``queries.cases.page``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.deadlines import ClockRun, Suspension
from knelpunt.domain.cases.requirements import Findings
from knelpunt.domain.vocabulary import (
    ActorKind,
    AssessmentRole,
    CaseStatus,
    Channel,
    CoSignatureStatus,
    MessageKind,
    ParticipantStatus,
    ProposalStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Route,
    RuleLevel,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.queries.laws.rows import article_in_words


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """A provision weighed; ``article`` and ``instrument`` as the catalogue has them, else as the source wrote them."""

    id: int
    law_id: int
    law_key: str
    law_title: str
    provision_key: str | None
    article: str | None
    instrument: str | None
    valid_from: date | None
    valid_to: date | None
    role: AssessmentRole
    on_date: date
    reasoning: str
    basis: str
    author: str | None
    made_at: datetime

    @property
    def citation(self) -> str:
        """The law and its article, as part of a sentence."""
        return f"{self.law_title}, {article_in_words(self.article)}" if self.article else self.law_title


@dataclass(frozen=True, slots=True)
class PointedRuleRow:
    """A law or provision that the submitter points at: no assessment."""

    law_id: int
    law_key: str
    law_title: str
    provision_id: int | None
    provision_key: str | None
    article: str | None
    instrument: str | None
    on_date: date

    @property
    def citation(self) -> str:
        """The law and its article, as part of a sentence."""
        return f"{self.law_title}, {article_in_words(self.article)}" if self.article else self.law_title


@dataclass(frozen=True, slots=True)
class CoSignatureRow:
    """A second person who was asked to sign: a colleague of the organisation, or somebody beside a resident."""

    status: CoSignatureStatus
    answered_at: datetime | None
    is_colleague: bool


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """Another municipality that was asked to file along; ``organisation_id``: which organisation answered for it."""

    municipality_id: int
    organisation_id: int | None
    status: ParticipantStatus


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
    author: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class NoteRow:
    id: int
    body: str
    author: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class EventRow:
    """One act. ``actor`` is the name of the colleague, when it was one."""

    number: int
    recorded_at: datetime
    happened_on: date
    kind: str
    actor_kind: ActorKind
    actor: str | None
    status_before: CaseStatus | None
    status: CaseStatus | None
    verdict: Verdict | None
    result: Result | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One run of one clock, with the suspensions that it had."""

    id: int
    clock: Clock
    started_on: date
    length: int
    unit: Unit
    due_on: date | None
    stopped_on: date | None
    suspensions: tuple[Suspension, ...]

    @property
    def run(self) -> ClockRun:
        """The run as the arithmetic of ``domain.calendar.deadlines`` takes it."""
        return ClockRun.of(
            self.clock,
            self.started_on,
            self.length,
            self.unit,
            suspensions=self.suspensions,
            stopped_on=self.stopped_on,
        )


@dataclass(frozen=True, slots=True)
class ReviewRow:
    id: int
    step: str
    payload: Mapping[str, Any]
    status: ReviewStatus
    requested_by_id: int
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    remark: str | None


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
    sent_on: date | None
    reacted_on: date | None
    reaction: str | None


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file; ``removed_at`` and ``removed_reason`` when it was taken away and only its name is left."""

    id: int
    shown_name: str
    media_type: str
    size: int
    created_at: datetime
    removed_at: datetime | None
    removed_reason: str | None


@dataclass(frozen=True, slots=True)
class PublicTextRow:
    title: str
    question: str
    answer: str
    preview_on: date | None
    object_by: date | None
    objection: str | None
    agreed_on: date | None
    is_reviewed: bool
    version: int


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The columns of the case itself, and the names that stand beside it. Holds no contact data."""

    id: int
    reference: str
    version: int
    status: CaseStatus
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
    rule_is_unknown: bool
    law_date: date
    submitter_kind: SubmitterKind
    organisation_id: int | None
    municipality_id: int | None
    municipality_then: str | None
    province_id: int | None
    may_share: bool
    may_publish: bool
    handler_id: int | None
    in_scope: bool | None
    level: RuleLevel | None
    route: Route | None
    lead_ministry_id: int | None
    main_law_id: int | None
    no_provision_reason: str | None
    verdict_plain: str | None
    verdict_legal: str | None
    result_reason: str | None
    next_step: str | None
    got_no_reaction: bool
    due_on: date | None
    due_clock: Clock | None
    suspended_until: date | None
    channel: Channel
    source_url: str | None
    source_title: str | None
    source_note: str | None
    filed_at: datetime
    filed_on: date
    closed_on: date | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case with all that belongs to it, oldest first (events too)."""

    case: CaseFacts
    organisation: str | None
    handler: str | None
    lead_ministry: str | None
    published_on: date | None
    publication_withdrawn_on: date | None
    has_contact: bool
    is_address_verified: bool
    has_email: bool
    undelivered_on: date | None
    assessments: tuple[AssessmentRow, ...]
    pointed_rules: tuple[PointedRuleRow, ...]
    co_signatures: tuple[CoSignatureRow, ...]
    participants: tuple[ParticipantRow, ...]
    point: str | None
    messages: tuple[MessageRow, ...]
    notes: tuple[NoteRow, ...]
    events: tuple[EventRow, ...]
    clocks: tuple[ClockRow, ...]
    reviews: tuple[ReviewRow, ...]
    proposals: tuple[ProposalRow, ...]
    all_attachments: tuple[AttachmentRow, ...]
    public_text: PublicTextRow | None

    @property
    def attachments(self) -> tuple[AttachmentRow, ...]:
        """The files that are there."""
        return tuple(row for row in self.all_attachments if row.removed_at is None)

    @property
    def removed_attachments(self) -> tuple[AttachmentRow, ...]:
        """The files that were taken away."""
        return tuple(row for row in self.all_attachments if row.removed_at is not None)

    @property
    def open_review(self) -> ReviewRow | None:
        """The step that waits for a second person."""
        return next((review for review in self.reviews if review.status is ReviewStatus.OPEN), None)

    @property
    def open_question(self) -> MessageRow | None:
        """The question that the submitter has not answered yet and whose term runs."""
        return next(
            (
                message
                for message in self.messages
                if message.kind is MessageKind.QUESTION and message.answered_on is None and message.lapsed_on is None
            ),
            None,
        )

    @property
    def findings(self) -> Findings:
        """What the requirements of the workflow look at, beside the case."""
        roles = {row.role for row in self.assessments}
        return Findings(
            offers_room=AssessmentRole.OFFERS_ROOM in roles,
            blocks=AssessmentRole.BLOCKS in roles,
            has_open_question=self.open_question is not None,
            has_open_review=self.open_review is not None,
            has_public_text=self.public_text is not None,
            proposal=self.proposals[-1].status if self.proposals else None,
        )

    @property
    def proposal(self) -> ProposalRow | None:
        """The last proposal that reached the submitter."""
        return next((proposal for proposal in reversed(self.proposals) if proposal.sent_on is not None), None)
