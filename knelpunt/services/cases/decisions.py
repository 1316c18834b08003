"""What happens once a second person agrees. Each decision is plain data, so that it can wait in a review."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import msgspec

from knelpunt.domain.bottlenecks import OPEN as OPEN_BOTTLENECKS
from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.grounds import why_not
from knelpunt.domain.cases.publication import LACKING, OVER, TextRequirement
from knelpunt.domain.cases.words import RESULT
from knelpunt.domain.cases.workflow import Transition
from knelpunt.domain.errors import PermissionDenied, TransitionNotAllowed
from knelpunt.domain.guides.track import ANSWERING
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import EventKind, ProposalStatus, PublicationStatus, Result, Route, RuleLevel, Verdict
from knelpunt.models import Bottleneck, BottleneckCase, Case, Guide, Proposal, PublicText, Review
from knelpunt.queries.cases import handling, letters
from knelpunt.queries.post import incoming
from knelpunt.services.cases import published_record, redaction, second_looks
from knelpunt.services.cases.mail_texts import publication as publication_texts
from knelpunt.services.cases.mail_texts import reviews as review_texts
from knelpunt.services.cases.mail_texts import steps as texts
from knelpunt.services.cases.second_looks import SecondLookDecision
from knelpunt.services.cases.workflow import advance, check, grounds, keep_contact_after_closing
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_mail
from knelpunt.services.mail import letters as post
from knelpunt.services.mail import messages

MAY_BE_REACTION = "Er kwam een mail die misschien de reactie is. Zeg eerst wat die mail is, in de zaak of bij de post."
WROTE_TEXT = "U schreef de openbare tekst van deze zaak. Een ander moet hem toetsen."


@dataclass(frozen=True, slots=True)
class VerdictDecision:
    """A verdict in plain and in legal words, with the level of the rule, the route and who leads."""

    verdict: Verdict
    plain: str
    legal: str
    level: RuleLevel
    route: Route
    lead_ministry_id: int | None = None
    no_provision_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
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
    result: Result
    reason: str
    next_step: str


@dataclass(frozen=True, slots=True)
class LinkedClosingDecision:
    """The case ends for now: the submitter hears of the rule bottleneck from here on.

    ``why`` says why the case belongs there although it shares no law with it; for the second person.
    """

    bottleneck_id: int
    reason: str
    next_step: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class PublicTextDecision:
    """The public text in the version that the second person reads; of one that is public, what changed in it."""

    version: int
    change: str | None = None


Decision = (
    VerdictDecision
    | GuideAnswerDecision
    | ProposalDecision
    | ClosingDecision
    | LinkedClosingDecision
    | PublicTextDecision
    | SecondLookDecision
)
AnyDecision = TypeVar("AnyDecision", bound=Decision)
_CASE_COLUMNS = {"plain": "verdict_plain", "legal": "verdict_legal"}
"""Where the case keeps a field of a verdict under another name."""


def payload_of(decision: Decision) -> dict[str, Any]:
    """The decision as it waits in a review."""
    payload: dict[str, Any] = msgspec.to_builtins(decision)
    return payload


def decision_in(payload: Mapping[str, Any], kind: type[AnyDecision]) -> AnyDecision:
    """The decision that waits in a review."""
    return msgspec.convert(payload, kind)


def take(context: Context, case: Case, review: Review) -> None:
    """Carry out what was agreed."""
    payload = review.payload
    match review.step:
        case EventKind.HANDLING_STARTED:
            _start_handling(context, case, review, decision_in(payload, VerdictDecision))
        case EventKind.VERDICT_CHANGED:
            _change_verdict(context, case, review, decision_in(payload, VerdictDecision))
        case EventKind.ANSWERED_WITH_GUIDE:
            _answer_with_guide(context, case, review, decision_in(payload, GuideAnswerDecision))
        case EventKind.PROPOSED:
            _send_proposal(context, case, review, decision_in(payload, ProposalDecision))
        case EventKind.CLOSED:
            _close(context, case, review, decision_in(payload, ClosingDecision))
        case EventKind.CLOSED_LINKED:
            _close_linked(context, case, review, decision_in(payload, LinkedClosingDecision))
        case EventKind.SECOND_LOOK_KEPT | EventKind.SECOND_LOOK_CHANGED:
            second_looks.conclude(context, case, decision_in(payload, SecondLookDecision), review.id)
        case EventKind.PUBLIC_TEXT_SAVED:
            _approve_public_text(context, case, review, decision_in(payload, PublicTextDecision))
        case other:
            raise ValueError(f"no decision is known for step {other}")


def check_fits(context: Context, case: Case, review: Review) -> None:
    """Raise unless what was asked still fits, before anything is written: a review may have waited for days."""
    step = steps.step_named(review.step)
    if step is not None:
        check(context, case, step, besides=frozenset({steps.Requirement.NO_OPEN_REVIEW}))
    match review.step:
        case EventKind.HANDLING_STARTED | EventKind.VERDICT_CHANGED:
            verdict = decision_in(review.payload, VerdictDecision).verdict
            if obstacle := why_not(verdict, grounds(context.session, case.id)):
                raise TransitionNotAllowed(obstacle)
        case EventKind.ANSWERED_WITH_GUIDE:
            guide = context.session.get_one(
                Guide, review.payload["guide_id"], populate_existing=True, with_for_update={"read": True}
            )
            if guide.status not in ANSWERING:
                raise TransitionNotAllowed("De ruimtewijzer is niet meer openbaar.")
        case EventKind.CLOSED:
            require_silence(context, case)
        case EventKind.CLOSED_LINKED:
            bottleneck = context.session.get_one(
                Bottleneck, review.payload["bottleneck_id"], populate_existing=True, with_for_update={"read": True}
            )
            link = context.session.get(BottleneckCase, (bottleneck.id, case.id))
            if link is None or link.status is not LinkStatus.ACCEPTED or bottleneck.status not in OPEN_BOTTLENECKS:
                raise TransitionNotAllowed("De zaak hoort niet meer bij een regelknelpunt dat nog loopt.")
        case EventKind.PUBLIC_TEXT_SAVED:
            if case.status not in OVER:
                raise TransitionNotAllowed(LACKING[TextRequirement.CASE_OVER])
    if review.step in (EventKind.CLOSED, EventKind.CLOSED_LINKED, EventKind.PUBLIC_TEXT_SAVED):
        text = context.session.get_one(PublicText, case.id)
        if text.written_by_id == context.actor.account_id and text.reviewed_by_id is None:
            raise PermissionDenied(WROTE_TEXT)


def require_silence(context: Context, case: Case) -> None:
    """Raise TransitionNotAllowed where a case would end for want of a reaction, while the submitter does not know the
    proposal, or a mail lies here that may be the reaction."""
    proposal = handling.latest_proposal(context.session, case.id)
    if proposal is None or proposal.status is not ProposalStatus.SENT:
        return
    if letters.has_unsent(context.session, case.id, MailKind.PROPOSAL):
        raise TransitionNotAllowed("De brief met het voorstel is nog niet verstuurd. De indiener kent het dus niet.")
    if incoming.mail_asks(context.session, case.id):
        raise TransitionNotAllowed(MAY_BE_REACTION)


def drop(context: Context, review: Review) -> None:
    """Clear what waited for a review that did not lead to its step."""
    if review.step in (EventKind.PROPOSED, EventKind.ANSWERED_WITH_GUIDE):
        proposal = context.session.get_one(Proposal, review.payload["proposal_id"])
        proposal.status = ProposalStatus.DROPPED


def _give_verdict(case: Case, decision: VerdictDecision) -> None:
    for field in fields(VerdictDecision):
        setattr(case, _CASE_COLUMNS.get(field.name, field.name), getattr(decision, field.name))


def _start_handling(context: Context, case: Case, review: Review, decision: VerdictDecision) -> None:
    _give_verdict(case, decision)
    advance(context, case, steps.START_HANDLING, data={"toetsing": review.id})
    messages.notify_submitter(
        context, case, texts.verdict(plain=decision.plain, legal=decision.legal, next_date=case.due_on)
    )


def _change_verdict(context: Context, case: Case, review: Review, decision: VerdictDecision) -> None:
    _give_verdict(case, decision)
    case.updated_at = context.now
    events.record(context, EventKind.VERDICT_CHANGED, case=case, data={"toetsing": review.id})
    messages.notify_submitter(
        context, case, texts.verdict_changed(plain=decision.plain, legal=decision.legal, next_date=case.due_on)
    )


def _answer_with_guide(context: Context, case: Case, review: Review, decision: GuideAnswerDecision) -> None:
    _give_verdict(case, decision)
    _send(context, case, review, steps.ANSWER_WITH_GUIDE, decision.proposal_id, {"ruimtewijzer": decision.guide_id})


def _send_proposal(context: Context, case: Case, review: Review, decision: ProposalDecision) -> None:
    _send(context, case, review, steps.PROPOSE, decision.proposal_id, {})


def _send(
    context: Context, case: Case, review: Review, step: Transition, proposal_id: int, data: dict[str, Any]
) -> None:
    """Take the step by which a proposal goes to the submitter."""
    proposal = context.session.get_one(Proposal, proposal_id)
    proposal.status = ProposalStatus.SENT
    proposal.sent_on = context.today
    advance(context, case, step, data={"toetsing": review.id, "voorstel": proposal.id, **data})
    messages.notify_submitter(
        context,
        case,
        texts.proposal(
            text=proposal.text,
            legal_basis=proposal.legal_basis,
            legal_date=proposal.legal_date,
            conditions=proposal.conditions,
            who_acts=proposal.who_acts,
            act_by=proposal.act_by,
            react_by=clocks.due_day(context.session, case, Clock.K5),
        ),
    )
    joint_mail.tell_participants(context, case, MailKind.PROPOSAL)


def _close(context: Context, case: Case, review: Review, decision: ClosingDecision) -> None:
    proposal = handling.latest_proposal(context.session, case.id)
    if proposal is not None and proposal.status is ProposalStatus.SENT:
        proposal.status = ProposalStatus.LAPSED
    _end(context, case, decision.result, decision.reason, decision.next_step)
    advance(context, case, steps.CLOSE, data={"toetsing": review.id})
    _tell_closed(context, case, decision.reason, decision.next_step)


def _close_linked(context: Context, case: Case, review: Review, decision: LinkedClosingDecision) -> None:
    _end(context, case, Result.LINKED_TO_BOTTLENECK, decision.reason, decision.next_step)
    advance(context, case, steps.CLOSE_LINKED, data={"toetsing": review.id, "regelknelpunt": decision.bottleneck_id})
    _tell_closed(context, case, decision.reason, decision.next_step)


def _end(context: Context, case: Case, result: Result, reason: str, next_step: str) -> None:
    """What holds at the end of every case: one result with its reason, and the day until which the contact is kept."""
    case.result = result
    case.result_reason = reason
    case.next_step = next_step
    case.closed_on = context.today
    post.ask_of_no_mail(context, case)
    post.drop_about_silence(context, case)
    text = context.session.get_one(PublicText, case.id)
    text.next_step = text.next_step or next_step
    _read_text(context, text)
    keep_contact_after_closing(context, case)


def _tell_closed(context: Context, case: Case, reason: str, next_step: str) -> None:
    result = RESULT[case.result] if case.result else ""
    messages.notify_submitter(
        context,
        case,
        texts.closed(
            result=result,
            reason=reason,
            next_step=next_step,
            contest_until=clocks.due_day(context.session, case, Clock.K6),
        ),
    )
    joint_mail.tell_participants(context, case, MailKind.CLOSED)


def _approve_public_text(context: Context, case: Case, review: Review, decision: PublicTextDecision) -> None:
    """The text may go to the submitter; one that is public already is replaced at once, and says what changed."""
    text = context.session.get_one(PublicText, case.id)
    _read_text(context, text)
    case.updated_at = context.now
    is_public = case.publication is PublicationStatus.PUBLIC and decision.change is not None
    if is_public:
        beside = published_record.beside(context, case)
        redaction.require_clear(context, case, text, beside)
        published_record.write_published(context, case, text, beside, decision.change)
        events.record(
            context,
            EventKind.PUBLICATION_CORRECTED,
            case=case,
            data={"versie": text.version, "toetsing": review.id},
        )
        messages.notify_submitter(
            context,
            case,
            publication_texts.publication_corrected(
                change=decision.change or "", public_url=context.links.to(f"/knelpunten/{case.reference}")
            ),
        )
    told = review_texts.text_reviewed(is_public=is_public, may_publish=case.may_publish)
    for account_id in dict.fromkeys((review.requested_by_id, case.handler_id)):
        messages.notify_colleague(context, case, told, account_id)


def _read_text(context: Context, text: PublicText) -> None:
    """The second person agrees with the public text too; whoever wrote it is no second person for it."""
    if text.written_by_id != context.actor.account_id:
        text.reviewed_by_id = context.actor.account_id
