"""What the page of a submitter shows of the own case: light frozen rows, made by ``queries.cases.submitter_page``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    CoSignatureStatus,
    EventKind,
    MessageKind,
    ParticipantStatus,
    ProposalStatus,
    PublicationStatus,
    Result,
    Theme,
    Verdict,
)
from knelpunt.queries.laws.rows import article_in_words

SHOWN_EVENTS = frozenset(
    {
        EventKind.FILED,
        EventKind.TAKEN_IN,
        EventKind.SUPPLEMENT_REQUESTED,
        EventKind.SUPPLEMENT_RECEIVED,
        EventKind.SUPPLEMENT_LAPSED,
        EventKind.LAPSE_TAKEN_BACK,
        EventKind.HANDLING_STARTED,
        EventKind.VERDICT_CHANGED,
        EventKind.ANSWERED_WITH_GUIDE,
        EventKind.PROPOSED,
        EventKind.PROPOSAL_ACCEPTED,
        EventKind.PROPOSAL_REFUSED,
        EventKind.CLOSED,
        EventKind.CLOSED_LINKED,
        EventKind.REOPENED,
        EventKind.RULE_CHANGED,
        EventKind.WITHDRAWN,
        EventKind.MESSAGE_SENT,
        EventKind.ADDITION_RECEIVED,
        EventKind.ATTACHMENT_ADDED,
        EventKind.ATTACHMENT_REMOVED,
        EventKind.ADDRESS_VERIFIED,
        EventKind.ADDRESS_CHANGE_ASKED,
        EventKind.ADDRESS_CHANGED,
        EventKind.ADDRESS_CORRECTED,
        EventKind.MAIL_CHOSEN,
        EventKind.LETTER_SENT,
        EventKind.PARTNER_JOINED,
        EventKind.PARTNER_DECLINED,
        EventKind.CO_SIGNATURE_ASKED,
        EventKind.CO_SIGNED,
        EventKind.CO_SIGNATURE_RETURNED,
        EventKind.CO_SIGNATURE_VOIDED,
        EventKind.CONTACT_ERASED,
        EventKind.LINK_RENEWED,
        EventKind.PREVIEW_STARTED,
        EventKind.PREVIEW_STOPPED,
        EventKind.TEXT_AGREED,
        EventKind.TEXT_OBJECTED,
        EventKind.PUBLISHED,
        EventKind.PUBLICATION_CORRECTED,
        EventKind.PUBLICATION_WITHDRAWN,
    }
)
"""The acts that are part of the submitter's story; all others are the desk's own."""


@dataclass(frozen=True, slots=True)
class ActRow:
    number: int
    recorded_at: datetime
    happened_on: date
    kind: str
    actor_kind: ActorKind
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoryEvent(ActRow):
    """One act. ``data`` holds ids and dates only."""

    kind: EventKind
    by_submitter: bool


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


AnyMessage = TypeVar("AnyMessage", bound=MessageRow)


def open_question(messages: Iterable[AnyMessage]) -> AnyMessage | None:
    """The question that waits for an answer and whose term runs."""
    questions = (each for each in messages if each.kind is MessageKind.QUESTION)
    return next((each for each in questions if each.answered_on is None and each.lapsed_on is None), None)


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
class RuleRow:
    """A law or provision that the submitter pointed at."""

    law_title: str
    article: str | None
    on_date: date

    @property
    def citation(self) -> str:
        """The law and its article, as part of a sentence."""
        return f"{self.law_title}, {article_in_words(self.article)}" if self.article else self.law_title


@dataclass(frozen=True, slots=True)
class CoSignerRow:
    """A second person who was asked to sign. ``name`` is that of a colleague; of others it is not read here."""

    status: CoSignatureStatus
    name: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """Another municipality that was asked to file along."""

    id: int
    municipality_id: int
    status: ParticipantStatus


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file; ``removed_at`` and ``removed_reason`` when the desk took it away: then only its name is left."""

    id: int
    shown_name: str
    size: int
    created_at: datetime
    removed_at: datetime | None = None
    removed_reason: str | None = None


@dataclass(frozen=True, slots=True)
class TextRow:
    """The public text, once it was laid before the submitter."""

    title: str
    question: str
    answer: str
    next_step: str | None
    shown: Mapping[str, Any] | None
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
    mail_choice: MailChoice
    events: tuple[StoryEvent, ...]
    messages: tuple[MessageRow, ...]
    proposals: tuple[ProposalRow, ...]
    all_files: tuple[FileRow, ...]
    clocks: tuple[ClockRow, ...]
    public_text: TextRow | None
    rules: tuple[RuleRow, ...] = ()
    co_signers: tuple[CoSignerRow, ...] = ()
    masked_address: str = ""
    participants: tuple[ParticipantRow, ...] = ()
    lead: str | None = None
    point: str | None = None

    @property
    def files(self) -> tuple[FileRow, ...]:
        """The files that are there."""
        return tuple(file for file in self.all_files if file.removed_at is None)

    @property
    def removed_files(self) -> tuple[FileRow, ...]:
        """The files that the desk took away."""
        return tuple(file for file in self.all_files if file.removed_at is not None)

    @property
    def open_question(self) -> MessageRow | None:
        """The question that waits for an answer and whose term runs."""
        return open_question(self.messages)

    @property
    def proposal(self) -> ProposalRow | None:
        """The last proposal that reached the submitter."""
        return self.proposals[-1] if self.proposals else None

    @property
    def contest_until(self) -> date | None:
        """The last day to ask for a second look; empty when that time does not run."""
        return next((row.due_on for row in self.clocks if row.clock is Clock.K6), None)
