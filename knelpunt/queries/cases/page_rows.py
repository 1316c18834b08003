"""What the staff page of one case shows: light frozen rows, made by ``queries.cases.page``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.deadlines import ClockRun, Suspension
from knelpunt.domain.cases.grounds import Grounds, grounds_of, maker_of
from knelpunt.domain.cases.publication import TextFacts, is_as_shown, objection_waits, shown_beside
from knelpunt.domain.cases.referrals import WAITING
from knelpunt.domain.cases.requirements import Findings
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    CaseStatus,
    Channel,
    ConsentSource,
    ConsultationStatus,
    CoSignatureStatus,
    Disposition,
    HoldGround,
    MessageKind,
    ParticipantStatus,
    Priority,
    ReferralStatus,
    Result,
    ReviewStatus,
    RoomAnswer,
    Route,
    RuleLevel,
    SubmitterKind,
    Verdict,
)
from knelpunt.queries.cases import submitter_rows as shown
from knelpunt.queries.cases.submitter_rows import AftercareRow, ProposalRow, SecondLookRow, open_question


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow(shown.RuleRow):
    """A provision weighed; ``article`` and ``instrument`` as the catalogue has them, else as the source wrote them."""

    id: int
    law_id: int
    law_key: str
    law_kind: str
    provision_key: str | None
    instrument: str | None
    valid_from: date | None
    valid_to: date | None
    role: AssessmentRole
    reasoning: str
    basis: str
    author: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PointedRuleRow(shown.RuleRow):
    """A law or provision that the submitter points at: no assessment."""

    law_id: int
    law_key: str
    provision_id: int | None
    provision_key: str | None
    instrument: str | None


@dataclass(frozen=True, slots=True)
class CoSignatureRow:
    """A second person who was asked to sign: a colleague of the organisation, or somebody beside a resident."""

    status: CoSignatureStatus
    answered_at: datetime | None
    is_colleague: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRow(shown.ParticipantRow):
    """Another municipality that was asked to file along; ``organisation_id``: which organisation answered for it."""

    organisation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow(shown.MessageRow):
    author: str | None


@dataclass(frozen=True, slots=True)
class MailedRow:
    """A mail that came in about a case; a person has yet to say whether it is the answer to what is open.

    ``reply_id`` is its message with the case; None while it waits, because it came from another address.
    """

    id: int
    reply_id: int | None
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class NoteRow:
    """An internal note; ``mentioned`` are the names of the colleagues that it names."""

    id: int
    body: str
    author: str | None
    written_at: datetime
    mentioned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something that a colleague or a team has to do in this case; ``assignee`` is the name of either."""

    id: int
    checklist_id: int | None
    words: str
    assignee_id: int | None
    team_id: int | None
    assignee: str | None
    due_on: date | None
    made_by: str | None
    done_by: str | None
    done_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class PresenceRow:
    """When a colleague last had this case open."""

    account_id: int
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow(shown.ActRow):
    """One act. ``actor`` is the name of the colleague, when it was one."""

    actor: str | None
    status_before: CaseStatus | None
    status: CaseStatus | None
    verdict: Verdict | None
    result: Result | None


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One run of one clock, with the suspensions that it had; ``fell_away``: it stopped without what it was for."""

    id: int
    clock: Clock
    started_on: date
    length: int
    unit: Unit
    due_on: date | None
    stopped_on: date | None
    fell_away: bool
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
    pass_reason: str | None


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """One question to a ministry; ``official`` is empty once the address book forgot who it was."""

    id: int
    ministry: str
    official: str | None
    status: ConsultationStatus
    question: str
    article: str
    law_key: str | None
    provision_key: str | None
    law_on: date
    asked_by: str | None
    asked_at: datetime
    due_on: date
    room: RoomAnswer | None
    answer: str | None
    ended_on: date | None
    more_time_until: date | None
    more_time_reason: str | None
    raised_on: date | None
    is_handed_on: bool

    @property
    def is_open(self) -> bool:
        return self.status is ConsultationStatus.OPEN


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A case that was offered to another organisation."""

    id: int
    status: ReferralStatus
    consent: ConsentSource | None
    organisation: str
    receiver_name: str | None
    reason: str
    asked_by: str | None
    asked_at: datetime
    answer_by: date | None
    ended_on: date | None
    contact: str | None
    refusal: str | None


@dataclass(frozen=True, slots=True)
class DisagreementRow:
    """Two ministries that do not agree, and what the head of the desk decided."""

    id: int
    first_id: int
    second_id: int
    decision: RoomAnswer | None
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow(shown.FileRow):
    """A file; with ``consultation_id`` it came from a ministry, and is for the desk alone."""

    media_type: str
    consultation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTextRow(shown.TextRow):
    preview_on: date | None
    objection: str | None
    kept_back_on: date | None
    is_reviewed: bool
    passed: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRow:
    """Until when the case is kept, and by which category; ``list_id`` is the list that it stands on."""

    case_id: int
    category: str
    years: int
    disposition: Disposition
    ended_on: date
    action_on: date
    chosen_by: str | None
    reason: str | None
    hold_ground: HoldGround | None
    hold_until: date | None
    hold_reason: str | None
    list_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts(shown.CaseFacts):
    """The columns of the case itself: those that the submitter sees, and the desk's own. Holds no contact data."""

    version: int
    submitter_kind: SubmitterKind
    province_id: int | None
    handler_id: int | None
    first_handler_id: int | None
    in_scope: bool | None
    level: RuleLevel | None
    route: Route | None
    lead_ministry_id: int | None
    main_law_id: int | None
    no_provision_reason: str | None
    suspended_until: date | None
    channel: Channel
    source_url: str | None
    source_title: str | None
    source_note: str | None
    import_undone_on: date | None
    priority: Priority
    priority_reason: str | None
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
    gone_on: date | None
    """Since when nobody is known to have the address to which mails to the submitter go."""
    has_failure: bool
    """Whether a mail reached nobody, and nobody settled that yet."""
    is_under_rule: bool
    labels: tuple[tuple[int, str], ...]
    """The labels of the case by name, each with its id; those that are out of use too."""
    assessments: tuple[AssessmentRow, ...]
    pointed_rules: tuple[PointedRuleRow, ...]
    co_signatures: tuple[CoSignatureRow, ...]
    participants: tuple[ParticipantRow, ...]
    point: str | None
    messages: tuple[MessageRow, ...]
    mailed: tuple[MailedRow, ...]
    notes: tuple[NoteRow, ...]
    events: tuple[EventRow, ...]
    clocks: tuple[ClockRow, ...]
    reviews: tuple[ReviewRow, ...]
    proposals: tuple[ProposalRow, ...]
    all_attachments: tuple[AttachmentRow, ...]
    public_text: PublicTextRow | None
    consultations: tuple[ConsultationRow, ...]
    disagreements: tuple[DisagreementRow, ...]
    referrals: tuple[ReferralRow, ...]
    second_looks: tuple[SecondLookRow, ...] = ()
    aftercare: tuple[AftercareRow, ...] = ()
    retention: RetentionRow | None = None
    tasks: tuple[TaskRow, ...] = ()
    presences: tuple[PresenceRow, ...] = ()

    @property
    def second_look(self) -> SecondLookRow | None:
        """The second look that goes on."""
        return next((each for each in self.second_looks if each.ended_on is None), None)

    @property
    def open_tasks(self) -> tuple[TaskRow, ...]:
        """The tasks that are not done, what is due first on top."""
        waiting = (each for each in self.tasks if each.done_at is None)
        return tuple(sorted(waiting, key=lambda each: (each.due_on or date.max, each.id)))

    @property
    def done_tasks(self) -> tuple[TaskRow, ...]:
        """The tasks that are done, the last one first."""
        return tuple(sorted((each for each in self.tasks if each.done_at), key=lambda each: each.id, reverse=True))

    @property
    def attachments(self) -> tuple[AttachmentRow, ...]:
        """The files that are there, but for those of ministries."""
        return tuple(row for row in self.all_attachments if row.removed_at is None and row.consultation_id is None)

    def files_of(self, consultation_id: int) -> tuple[AttachmentRow, ...]:
        """The files that came with the answer to one question to a ministry."""
        return tuple(row for row in self.all_attachments if row.consultation_id == consultation_id)

    @property
    def open_referral(self) -> ReferralRow | None:
        """The offer to another organisation that waits for consent or for an answer."""
        return next((each for each in self.referrals if each.status in WAITING), None)

    @property
    def open_disagreement(self) -> DisagreementRow | None:
        """The difference between ministries that waits longest for the head of the desk."""
        return next(iter(self.open_disagreements), None)

    @property
    def open_disagreements(self) -> tuple[DisagreementRow, ...]:
        """The differences between ministries that wait for the head of the desk, the oldest first."""
        return tuple(each for each in self.disagreements if each.decided_at is None)

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
        return open_question(self.messages)

    @property
    def unanswered_question(self) -> MessageRow | None:
        """The last question, if nobody answered it; one that lapsed can still be answered by what came in time."""
        last = next((each for each in reversed(self.messages) if each.kind is MessageKind.QUESTION), None)
        return last if last is not None and last.answered_on is None else None

    @property
    def grounds(self) -> Grounds:
        """What a verdict about this case rests on."""
        return grounds_of((row.role, maker_of(row.law_key, row.law_kind)) for row in self.assessments)

    @property
    def findings(self) -> Findings:
        """What the requirements of the workflow look at, beside the case."""
        return Findings(
            grounds=self.grounds,
            has_open_question=self.open_question is not None,
            has_open_review=self.open_review is not None,
            has_public_text=self.public_text is not None,
            proposal=self.proposals[-1].status if self.proposals else None,
            ministries_disagree=self.open_disagreement is not None,
            is_offered=self.open_referral is not None,
            is_under_rule=self.is_under_rule,
        )

    @property
    def text_facts(self) -> TextFacts:
        """What the steps of the public text look at."""
        text = self.public_text
        return TextFacts(
            self.case.status,
            self.case.publication,
            self.case.may_publish,
            is_written=text is not None,
            is_reviewed=text is not None and text.is_reviewed,
            has_open_review=self.open_review is not None,
            is_shown_as_it_is=text is None or is_as_shown(text.shown, self.beside_text),
            is_objected=objection_waits(text),
        )

    @property
    def beside_text(self) -> dict[str, Any]:
        """What would go public beside the text now."""
        joined = (each.municipality_id for each in self.participants if each.status is ParticipantStatus.JOINED)
        return shown_beside(self.case, joined, self.assessments)

    @property
    def proposal(self) -> ProposalRow | None:
        """The last proposal that reached the submitter."""
        return next((proposal for proposal in reversed(self.proposals) if proposal.sent_on is not None), None)
