"""Cases under a rule bottleneck: put there by the desk, taken in by its owner, and closed because of it (step 14).

A bottleneck is locked before its cases, here as in the steps of its track: a case never comes under one that ends at
the same moment, and two acts never wait for each other.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain import bottlenecks as rules
from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TransitionNotAllowed
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, EventKind
from knelpunt.models import Bottleneck, BottleneckCase, BottleneckProposal, Case, Review
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.queries.bottlenecks.bottlenecks import is_bottleneck_reference
from knelpunt.queries.core import cases
from knelpunt.services.bottlenecks import mail as bottleneck_mail
from knelpunt.services.bottlenecks import mail_texts as bottleneck_texts
from knelpunt.services.bottlenecks import redaction
from knelpunt.services.bottlenecks.redaction import NOTHING_STANDING, Standing
from knelpunt.services.bottlenecks.track import may_move
from knelpunt.services.cases import reviews
from knelpunt.services.cases.decisions import LinkedClosingDecision, payload_of
from knelpunt.services.cases.workflow import (
    ask_about_open_tasks,
    open_case,
    open_for_step,
    refuse_archived,
)
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

CAN_BE_LINKED = OPEN_STATUSES | {CaseStatus.CLOSED}
"""A case that waits for a rule, or that was closed because of it."""
NOT_OPEN = "Deze zaak is niet meer open."
SHARES_NOTHING = (
    "De zaak deelt geen bepaling en geen wet met dit regelknelpunt. Kies een ander, of schrijf op waarom zij er hoort."
)
NOBODY_NAMED = "In de openbare teksten wijst niets meer naar iemand uit deze zaak. U hoeft niets te doen."
RUNS_NO_LONGER = "Dit regelknelpunt loopt niet meer. U kunt er geen zaak meer bij opnemen."


def propose_link(
    context: Context,
    reference: str,
    version: int,
    bottleneck_reference: str,
    why: str = "",
    *,
    agreed: BottleneckProposal | None = None,
) -> BottleneckCase:
    """Put a case under a rule bottleneck. Whoever owns the bottleneck hears so, and takes it in or says why not.

    An owner takes in at once what that person puts there, unless the bottleneck says something in public that points at
    people round the case: then another than who put it there decides.

    Args:
        why: why it belongs there, for a case that shares no provision and no law with the bottleneck.
        agreed: the signal from this case that a second person agreed to, with what it says of people.
    Raises:
        DomainError: there is no such bottleneck that still runs, the case is under it already, it was withdrawn, or it
            shares no law and nothing says why it belongs there.
    """
    bottleneck = _held(context, bottleneck_reference)
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    if case.status not in CAN_BE_LINKED:
        raise TransitionNotAllowed(NOT_OPEN)
    if bottleneck is None or bottleneck.status not in rules.OPEN:
        raise DomainError("Kies een regelknelpunt dat nog loopt.", field="bottleneck")
    link = context.session.get(BottleneckCase, (bottleneck.id, case.id), with_for_update=True)
    if link is not None and link.status is not LinkStatus.REFUSED:
        raise DomainError("Deze zaak hoort al bij dit regelknelpunt.", field="bottleneck")
    require_shared(context, bottleneck, case, why)
    if link is None:
        link = BottleneckCase(bottleneck_id=bottleneck.id, case_id=case.id)
        context.session.add(link)
    is_own = may_move(context.actor.role, context.actor.account_id, bottleneck.owner_id)
    link.status, link.why, link.reason = LinkStatus.PROPOSED, why.strip() or None, None
    link.linked_by_id, link.linked_at = context.actor.account_id, context.now
    link.passed, link.pass_reason, link.passed_by_id = [], None, None
    link.looked_at, link.found_at = context.now, None
    if agreed is not None and agreed.pass_reason:
        redaction.let_stand(context.session, link, agreed.decided_by_id, agreed.pass_reason)
    names_somebody = bool(redaction.standing_of_link(context.session, link).found)
    if is_own := is_own and not names_somebody:
        link.status = LinkStatus.ACCEPTED
    link.decided_by_id, link.decided_at = (context.actor.account_id, context.now) if is_own else (None, None)
    case.updated_at = context.now
    if not is_own:
        bottleneck_mail.tell_case_waits(context, bottleneck, link, names_somebody=names_somebody)
    events.record(
        context,
        EventKind.BOTTLENECK_LINKED,
        case=case,
        data={"regelknelpunt": bottleneck.id, "stand": link.status.value},
    )
    return link


def take_back_link(context: Context, reference: str, version: int, bottleneck_id: int) -> None:
    """Take back that a case was put under a rule bottleneck, by who did so.

    Raises:
        VersionConflict: something happened in the case since.
        NotFound: the actor did not put it there, or it stands there no longer.
    """
    context.session.execute(select(Bottleneck.id).where(Bottleneck.id == bottleneck_id).with_for_update(read=True))
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    link = context.session.get(BottleneckCase, (bottleneck_id, case.id), with_for_update=True)
    if link is None or link.linked_by_id != context.actor.account_id or link.status is LinkStatus.REFUSED:
        raise NotFound()
    context.session.delete(link)
    case.updated_at = context.now
    events.record(context, EventKind.BOTTLENECK_UNLINKED, case=case, data={"regelknelpunt": bottleneck_id})


def decide_link(
    context: Context,
    bottleneck_reference: str,
    case_reference: str,
    *,
    accepted: bool,
    reason: str = "",
    pass_reason: str = "",
) -> None:
    """The owner of the bottleneck takes a case in, or says why it belongs elsewhere; who handles the case hears so.

    Args:
        pass_reason: why what the bottleneck says in public of the people round the case may stay there; needed to take
            in a case when it says something, and then nobody takes in what that person put there.
    Raises:
        PermissionDenied: the actor neither owns the bottleneck nor heads the desk, or put the case there where another
            has to decide.
        DomainError: it was decided already, a reason is missing, or the bottleneck takes no cases in any more.
    """
    bottleneck, case, link = _to_decide(context, bottleneck_reference, case_reference)
    if link.status is not LinkStatus.PROPOSED:
        raise DomainError("Over deze zaak is al besloten.")
    if accepted and bottleneck.status not in rules.OPEN:
        raise DomainError(RUNS_NO_LONGER)
    if not accepted and not reason.strip():
        raise DomainError("Schrijf op waarom deze zaak hier niet hoort.", field="reason")
    kept = _let_stand(context, link, pass_reason) if accepted else {}
    link.status = LinkStatus.ACCEPTED if accepted else LinkStatus.REFUSED
    link.reason = reason.strip() or None
    link.decided_by_id, link.decided_at = context.actor.account_id, context.now
    link.looked_at = context.now
    case.updated_at = context.now
    told = bottleneck_texts.case_decided(
        reference=bottleneck.reference,
        is_taken_in=accepted,
        page=f"{bottleneck_mail.page_of(context, bottleneck)}#zaken",
    )
    if case.handler_id is not None:
        messages.notify_handler(context, case, told)
    else:
        messages.notify_colleague(context, case, told, link.linked_by_id)
    events.record(
        context,
        EventKind.BOTTLENECK_LINK_DECIDED,
        case=case,
        data={"regelknelpunt": bottleneck.id, "stand": link.status, **({"gevonden": kept} if kept else {})},
    )


def let_names_stand(context: Context, bottleneck_reference: str, case_reference: str, pass_reason: str) -> None:
    """Say why what is public may point at people round a case that was taken in, and of whom the data changed since.

    Raises:
        PermissionDenied: as ``decide_link`` does.
        DomainError: the case was not taken in, nothing points at anybody any more, or the reason is missing.
    """
    bottleneck, case, link = _to_decide(context, bottleneck_reference, case_reference)
    if link.status is not LinkStatus.ACCEPTED:
        raise DomainError("Deze zaak is niet bij het regelknelpunt opgenomen.")
    kept = _let_stand(context, link, pass_reason)
    if not kept:
        raise DomainError(NOBODY_NAMED)
    link.looked_at = case.updated_at = context.now
    data = {"regelknelpunt": bottleneck.id, "stand": link.status, "gevonden": kept}
    events.record(context, EventKind.BOTTLENECK_LINK_DECIDED, case=case, data=data)


def _to_decide(
    context: Context, bottleneck_reference: str, case_reference: str
) -> tuple[Bottleneck, Case, BottleneckCase]:
    """All that a decision about a case under a bottleneck locks, for who may take it."""
    context.actor.require(Permission.MOVE_BOTTLENECK)
    bottleneck = _held(context, bottleneck_reference)
    if bottleneck is None:
        raise NotFound()
    if not may_move(context.actor.role, context.actor.account_id, bottleneck.owner_id):
        raise PermissionDenied("Alleen de eigenaar en het hoofd van het loket beslissen hierover.")
    case = cases.get_for_update(context.session, case_reference)
    context.actor.refuse_first_handler(case.first_handler_id)
    refuse_archived(case)
    link = context.session.get(BottleneckCase, (bottleneck.id, case.id), with_for_update=True)
    if link is None:
        raise NotFound()
    return bottleneck, case, link


def _let_stand(context: Context, link: BottleneckCase, pass_reason: str) -> dict[str, int]:
    """Let stand what points at the people round a case, by another than who put it there and with a reason."""
    told = redaction.standing_of_link(context.session, link).told
    if not told:
        return {}
    if link.linked_by_id == context.actor.account_id:
        raise PermissionDenied(redaction.NOT_THE_LINKER)
    if not pass_reason.strip():
        raise DomainError(f"{' '.join(told)} {redaction.ALREADY_PUBLIC}", field="pass_reason")
    return redaction.let_stand(context.session, link, context.actor.account_id, pass_reason)


def request_linked_closing(
    context: Context,
    reference: str,
    version: int,
    *,
    bottleneck_reference: str,
    reason: str,
    next_step: str,
    why: str = "",
    leaves_tasks: bool = False,
) -> Review:
    """Step 14, first half: lay the end of a case that waits for its rule before a second person.

    Args:
        why: why the case belongs there, when it shares no law with the bottleneck; left out, what was said before.
        leaves_tasks: the actor knows that tasks of this case are not done.
    Raises:
        TransitionNotAllowed: a question is open, the verdict does not fit, or there is no public text.
        DomainError: the owner of the bottleneck has not taken the case in, or it shares no law and nothing says why.
    """
    case = open_for_step(context, reference, version, steps.CLOSE_LINKED)
    bottleneck = _one(context, bottleneck_reference)
    if bottleneck is None or not is_taken_in(context, bottleneck, case):
        raise DomainError("De eigenaar van dit regelknelpunt heeft de zaak nog niet aanvaard.", field="bottleneck")
    link = context.session.get_one(BottleneckCase, (bottleneck.id, case.id))
    link.why = why.strip() or link.why
    require_shared(context, bottleneck, case, link.why or "")
    ask_about_open_tasks(context, case, leaves_tasks=leaves_tasks)
    decision = LinkedClosingDecision(bottleneck.id, reason, next_step, link.why)
    return reviews.request(context, case, EventKind.CLOSED_LINKED, payload_of(decision))


def standing_of(session: Session, bottleneck_id: int, case_reference: str) -> Standing:
    """What is public of a bottleneck, points at people round a case that waits there, and nobody let stand."""
    link = session.scalar(
        select(BottleneckCase)
        .join(Case, Case.id == BottleneckCase.case_id)
        .where(BottleneckCase.bottleneck_id == bottleneck_id, Case.reference == case_reference)
    )
    return NOTHING_STANDING if link is None else redaction.standing_of_link(session, link)


def others_who_decide(context: Context, bottleneck_id: int, case_reference: str) -> list[str]:
    """The names of those who may let stand what points at people round a case, for who put it there: the owner of the
    bottleneck, or the other heads of desk."""
    bottleneck = context.session.get_one(Bottleneck, bottleneck_id)
    linked_by = (
        select(BottleneckCase.linked_by_id)
        .join(Case, Case.id == BottleneckCase.case_id)
        .where(BottleneckCase.bottleneck_id == bottleneck_id, Case.reference == case_reference)
    )
    deciding = bottleneck_mail.who_decides(context, bottleneck, besides=context.session.scalar(linked_by))
    return [account.name for account in deciding]


def require_shared(context: Context, bottleneck: Bottleneck, case: Case, why: str) -> None:
    """Raise when a case shares no provision and no law with a bottleneck, and nothing says why it belongs there."""
    if not why.strip() and not queries.shares_law(context.session, bottleneck.id, case.id):
        raise DomainError(SHARES_NOTHING, field="why")


def is_taken_in(context: Context, bottleneck: Bottleneck, case: Case) -> bool:
    """Whether the owner of the bottleneck has taken the case in, and the bottleneck still runs."""
    link = context.session.get(BottleneckCase, (bottleneck.id, case.id))
    return link is not None and link.status is LinkStatus.ACCEPTED and bottleneck.status in rules.OPEN


def _held(context: Context, reference: str) -> Bottleneck | None:
    """The bottleneck, kept as it is until the end of this act; more cases can come under it at once."""
    if not is_bottleneck_reference(reference):
        return None
    return context.session.scalar(
        select(Bottleneck)
        .where(Bottleneck.reference == reference)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )


def _one(context: Context, reference: str) -> Bottleneck | None:
    if not is_bottleneck_reference(reference):
        return None
    return context.session.scalar(select(Bottleneck).where(Bottleneck.reference == reference))
