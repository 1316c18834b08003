"""What happens once a second person agrees. Each decision is plain data, so that it can wait in a review."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from knelpunt.domain import workflow as steps
from knelpunt.domain.bottlenecks import OPEN as OPEN_BOTTLENECKS
from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.clocks import Clock
from knelpunt.domain.errors import PermissionDenied, TransitionNotAllowed
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.guides import ANSWERING
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import ProposalStatus, Result, Route, RuleLevel, Verdict
from knelpunt.domain.workflow import Transition
from knelpunt.models import Bottleneck, BottleneckCase, Case, Contact, Guide, Proposal, PublicText, Review
from knelpunt.queries import handling
from knelpunt.services import clocks, events, joint_mail, messages
from knelpunt.services.act import Act
from knelpunt.services.workflow import advance, check

CONTACT_KEPT_AFTER_CLOSING = timedelta(days=400)
"""Long enough for the question of aftercare twelve months after closing (clock K9), then the contact is erased."""
WROTE_TEXT = "U schreef de openbare tekst van deze zaak. Een ander moet hem toetsen."
_BESIDES_REVIEW = frozenset({steps.Requirement.NO_OPEN_REVIEW})


@dataclass(frozen=True, slots=True)
class VerdictDecision:
    """A verdict in plain and in legal words, with the level of the rule, the route and who leads."""

    verdict: str
    plain: str
    legal: str
    level: str
    route: str
    lead_ministry_id: int | None
    no_provision_reason: str | None


@dataclass(frozen=True, slots=True)
class GuideAnswerDecision(VerdictDecision):
    """A verdict that there is room, with the ruimtewijzer that shows it and the proposal that sends it."""

    guide_id: int
    proposal_id: int


@dataclass(frozen=True, slots=True)
class ProposalDecision:
    """The proposal that waits; its text stands in its own row."""

    proposal_id: int


@dataclass(frozen=True, slots=True)
class ClosingDecision:
    result: str
    reason: str
    next_step: str


@dataclass(frozen=True, slots=True)
class LinkedClosingDecision:
    """The case ends for now: the submitter hears of the rule bottleneck from here on."""

    bottleneck_id: int
    reason: str
    next_step: str


@dataclass(frozen=True, slots=True)
class PublicTextDecision:
    """The public text in the version that the second person reads."""

    version: int


Decision = (
    VerdictDecision
    | GuideAnswerDecision
    | ProposalDecision
    | ClosingDecision
    | LinkedClosingDecision
    | PublicTextDecision
)


def payload_of(decision: Decision) -> dict[str, Any]:
    """The decision as it waits in a review."""
    return asdict(decision)


def take(act: Act, case: Case, review: Review) -> None:
    """Carry out what was agreed."""
    payload = review.payload
    match review.step:
        case EventKind.HANDLING_STARTED:
            _start_handling(act, case, review, VerdictDecision(**payload))
        case EventKind.VERDICT_CHANGED:
            _change_verdict(act, case, review, VerdictDecision(**payload))
        case EventKind.ANSWERED_WITH_GUIDE:
            _answer_with_guide(act, case, review, GuideAnswerDecision(**payload))
        case EventKind.PROPOSED:
            _send_proposal(act, case, review, ProposalDecision(**payload))
        case EventKind.CLOSED:
            _close(act, case, review, ClosingDecision(**payload))
        case EventKind.CLOSED_LINKED:
            _close_linked(act, case, review, LinkedClosingDecision(**payload))
        case EventKind.PUBLIC_TEXT_SAVED:
            _approve_public_text(act, case, PublicTextDecision(**payload))
        case other:
            raise ValueError(f"no decision is known for step {other}")


def drop(act: Act, review: Review) -> None:
    """Clear what waited for a review that did not lead to its step."""
    if review.step in (EventKind.PROPOSED, EventKind.ANSWERED_WITH_GUIDE):
        proposal = act.session.get_one(Proposal, review.payload["proposal_id"])
        proposal.status = ProposalStatus.DROPPED


def _give_verdict(case: Case, decision: VerdictDecision) -> None:
    case.verdict = Verdict(decision.verdict)
    case.verdict_plain = decision.plain
    case.verdict_legal = decision.legal
    case.level = RuleLevel(decision.level)
    case.route = Route(decision.route)
    case.lead_ministry_id = decision.lead_ministry_id
    case.no_provision_reason = decision.no_provision_reason


def _start_handling(act: Act, case: Case, review: Review, decision: VerdictDecision) -> None:
    check(act, case, steps.START_HANDLING, besides=_BESIDES_REVIEW)
    _give_verdict(case, decision)
    advance(act, case, steps.START_HANDLING, data={"toetsing": review.id})
    messages.notify_submitter(
        act, case, MailKind.VERDICT, plain=decision.plain, legal=decision.legal, next_date=case.due_on
    )


def _change_verdict(act: Act, case: Case, review: Review, decision: VerdictDecision) -> None:
    _give_verdict(case, decision)
    case.updated_at = act.now
    events.record(act, EventKind.VERDICT_CHANGED, case=case, data={"toetsing": review.id})
    messages.notify_submitter(
        act, case, MailKind.VERDICT_CHANGED, plain=decision.plain, legal=decision.legal, next_date=case.due_on
    )


def _answer_with_guide(act: Act, case: Case, review: Review, decision: GuideAnswerDecision) -> None:
    """Step 8: asks again whether the page is still public, because a review may have waited for days."""
    check(act, case, steps.ANSWER_WITH_GUIDE, besides=_BESIDES_REVIEW)
    guide = act.session.get_one(Guide, decision.guide_id, populate_existing=True, with_for_update={"read": True})
    if guide.status not in ANSWERING:
        raise TransitionNotAllowed("De ruimtewijzer is niet meer openbaar.")
    _give_verdict(case, decision)
    _send(act, case, review, steps.ANSWER_WITH_GUIDE, decision.proposal_id, {"ruimtewijzer": guide.id})


def _send_proposal(act: Act, case: Case, review: Review, decision: ProposalDecision) -> None:
    check(act, case, steps.PROPOSE, besides=_BESIDES_REVIEW)
    _send(act, case, review, steps.PROPOSE, decision.proposal_id, {})


def _send(act: Act, case: Case, review: Review, step: Transition, proposal_id: int, data: dict[str, Any]) -> None:
    """Take the step by which a proposal goes to the submitter."""
    proposal = act.session.get_one(Proposal, proposal_id)
    proposal.status = ProposalStatus.SENT
    proposal.sent_on = act.today
    advance(act, case, step, data={"toetsing": review.id, "voorstel": proposal.id, **data})
    messages.notify_submitter(
        act,
        case,
        MailKind.PROPOSAL,
        text=proposal.text,
        legal_basis=proposal.legal_basis,
        legal_date=proposal.legal_date,
        conditions=proposal.conditions,
        who_acts=proposal.who_acts,
        act_by=proposal.act_by,
        react_by=case.due_on,
    )
    joint_mail.tell_participants(act, case, MailKind.PROPOSAL)


def _close(act: Act, case: Case, review: Review, decision: ClosingDecision) -> None:
    check(act, case, steps.CLOSE, besides=_BESIDES_REVIEW)
    proposal = handling.latest_proposal(act.session, case.id)
    if proposal is not None and proposal.status is ProposalStatus.SENT:
        proposal.status = ProposalStatus.LAPSED
    _end(act, case, Result(decision.result), decision.reason, decision.next_step)
    advance(act, case, steps.CLOSE, data={"toetsing": review.id})
    _tell_closed(act, case, decision.reason, decision.next_step)


def _close_linked(act: Act, case: Case, review: Review, decision: LinkedClosingDecision) -> None:
    """Step 14: asks again whether the owner still has the case, because a review may have waited for days."""
    check(act, case, steps.CLOSE_LINKED, besides=_BESIDES_REVIEW)
    bottleneck = act.session.get_one(
        Bottleneck, decision.bottleneck_id, populate_existing=True, with_for_update={"read": True}
    )
    link = act.session.get(BottleneckCase, (bottleneck.id, case.id))
    if link is None or link.status is not LinkStatus.ACCEPTED or bottleneck.status not in OPEN_BOTTLENECKS:
        raise TransitionNotAllowed("De zaak hoort niet meer bij een regelknelpunt dat nog loopt.")
    _end(act, case, Result.LINKED_TO_BOTTLENECK, decision.reason, decision.next_step)
    advance(act, case, steps.CLOSE_LINKED, data={"toetsing": review.id, "regelknelpunt": bottleneck.id})
    _tell_closed(act, case, decision.reason, decision.next_step)


def _end(act: Act, case: Case, result: Result, reason: str, next_step: str) -> None:
    """What holds at the end of every case: one result with its reason, and the day until which the contact is kept."""
    case.result = result
    case.result_reason = reason
    case.next_step = next_step
    case.closed_on = act.today
    _read_text(act, act.session.get_one(PublicText, case.id))
    contact = act.session.get(Contact, case.id)
    if contact is not None:
        contact.ends_on = act.today + CONTACT_KEPT_AFTER_CLOSING


def _tell_closed(act: Act, case: Case, reason: str, next_step: str) -> None:
    result = case.result.value.replace("_", " ") if case.result else ""
    messages.notify_submitter(
        act,
        case,
        MailKind.CLOSED,
        result=result,
        reason=reason,
        next_step=next_step,
        contest_until=clocks.due_day(act.session, case, Clock.K6),
    )
    joint_mail.tell_participants(act, case, MailKind.CLOSED)


def _approve_public_text(act: Act, case: Case, decision: PublicTextDecision) -> None:
    text = act.session.get_one(PublicText, case.id)
    if text.version == decision.version:
        _read_text(act, text)
        case.updated_at = act.now


def _read_text(act: Act, text: PublicText) -> None:
    """The second person agrees with the public text too; whoever wrote it is no second person for it."""
    if text.written_by_id != act.actor.account_id:
        text.reviewed_by_id = act.actor.account_id
    elif text.reviewed_by_id is None:
        raise PermissionDenied(WROTE_TEXT)
