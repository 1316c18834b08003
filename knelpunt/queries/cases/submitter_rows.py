"""What the page of a submitter shows of the own case: light frozen rows, made by ``queries.cases.submitter_page``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.referrals import WAITING
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.vocabulary import (
    ActorKind,
    AftercareAnswer,
    CaseStatus,
    ConsultationStatus,
    CoSignatureStatus,
    Disposition,
    EventKind,
    MessageKind,
    ParticipantStatus,
    ProposalStatus,
    PublicationStatus,
    ReferralStatus,
    Result,
    SecondLookOutcome,
    Theme,
    Verdict,
)
from knelpunt.queries.laws.rows import article_in_words


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
class MinistryRow:
    """A ministry that was asked something: which, since when and until when, and whether it still has to answer."""

    id: int
    ministry: str
    status: ConsultationStatus
    asked_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A case that was offered to another organisation, or will be when its submitter agrees."""

    id: int
    status: ReferralStatus
    organisation: str
    reason: str
    answer_by: date | None


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
    version: int


@dataclass(frozen=True, slots=True)
class SecondLookRow:
    """One second look at the case; ``answers`` stand in the order of ``points``, and are empty until there are any."""

    id: int
    by_submitter: bool
    points: tuple[str, ...]
    requested_on: date
    named_on: date | None
    outcome: SecondLookOutcome | None
    answers: tuple[str, ...]
    reason: str | None
    ended_on: date | None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each point with its answer; empty while there is none."""
        return [(point, self.answers[at] if at < len(self.answers) else "") for at, point in enumerate(self.points)]


@dataclass(frozen=True, slots=True)
class AftercareRow:
    """The question whether the project went ahead, and the answer."""

    id: int
    months: int
    public_id: str
    nonce: str
    asked_on: date
    answer: AftercareAnswer | None
    words: str | None
    answered_on: date | None
    asks_reopening: bool
    settled_on: date | None

    @property
    def waits_for_desk(self) -> bool:
        """Whether the submitter asked to open the case again, and nobody decided on it."""
        return self.asks_reopening and self.settled_on is None


@dataclass(frozen=True, slots=True)
class ClockRow:
    clock: Clock
    due_on: date | None
    stopped_on: date | None = None


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
    due_clock: Clock | None
    filed_at: datetime
    filed_on: date
    closed_on: date | None
    rule_is_unknown: bool = False
    archived_on: date | None = None
    archived_as: Disposition | None = None


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
    gone_on: date | None = None
    """Since when nobody is known to have the address to which mails about the case go."""
    participants: tuple[ParticipantRow, ...] = ()
    lead: str | None = None
    point: str | None = None
    ministries: tuple[MinistryRow, ...] = ()
    offers: tuple[OfferRow, ...] = ()

    @property
    def offer(self) -> OfferRow | None:
        """The offer that waits for the submitter's consent or for the other organisation."""
        return next((each for each in self.offers if each.status in WAITING), None)

    second_looks: tuple[SecondLookRow, ...] = ()
    aftercare: tuple[AftercareRow, ...] = ()

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
    def proposal_waits(self) -> bool:
        """Whether the submitter can react to the last proposal."""
        is_sent = self.proposal is not None and self.proposal.status is ProposalStatus.SENT
        return is_sent and self.case.status is CaseStatus.PROPOSED

    @property
    def contest_until(self) -> date | None:
        """The last day to ask for a second look; empty when that time does not run."""
        return next((row.due_on for row in self.clocks if row.clock is Clock.K6 and row.stopped_on is None), None)

    @property
    def last_day_to_contest(self) -> date | None:
        """The same, also when it is over."""
        return next((row.due_on for row in reversed(self.clocks) if row.clock is Clock.K6), None)

    @property
    def second_look(self) -> SecondLookRow | None:
        """The last second look, whatever came of it."""
        return self.second_looks[-1] if self.second_looks else None
