"""Acts on several cases at once: prepared, shown, confirmed, and carried out one case at a time.

Each case is acted on in a transaction of its own, by the service that does it for one case. So one that changed since
the preview, or that refuses for another reason, is passed over with that reason, and the others go on. The page of
the act carries it out as far as it gets in some seconds; the worker does the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from knelpunt.domain import bottlenecks as rules
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import HANDLED_IT_FIRST, ROLE_PERMISSIONS, Actor, Permission
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    BulkKind,
    BulkOutcome,
    CaseStatus,
    Priority,
    Reach,
)
from knelpunt.models import Account, Bottleneck, BulkAct, BulkCase, Case, Label
from knelpunt.queries.accounts.accounts import is_last_head
from knelpunt.queries.core.cases import visible_to
from knelpunt.queries.worklist.bulk import Standing, standing_of
from knelpunt.services.bottlenecks import links
from knelpunt.services.cases import triage
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core.context import Context, as_account
from knelpunt.services.mail import messages
from knelpunt.services.worklist import marks

MOST = 200
UNDO_WITHIN = timedelta(minutes=15)
PERMISSION = dict.fromkeys(BulkKind, Permission.HANDLE_CASE) | {BulkKind.ASSIGN: Permission.ASSIGN_CASE}
MAIL_KIND = {BulkKind.MESSAGE: MailKind.MESSAGE, BulkKind.ASSIGN: MailKind.HANDLER_NAMED}
MOVED_ON = "In deze zaak gebeurde daarna al iets anders."
CHANGED = "Deze zaak veranderde na het voorbeeld."
OTHER_REACH = "Hoe de indiener bericht krijgt, veranderde na het voorbeeld."
NOBODY_READS = "Er zijn geen contactgegevens meer. Niemand leest dit bericht."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done to each case. ``body``: the message, or the reason."""

    kind: BulkKind
    handler_id: int | None = None
    label_id: int | None = None
    bottleneck: str | None = None
    priority: Priority | None = None
    body: str = ""


def prepare(context: Context, wanted: Wanted, case_ids: Sequence[int]) -> BulkAct:
    """Write down what would be done to which case, and which cases are left out and why; nothing is done yet.

    Raises:
        PermissionDenied: this actor may not do this.
        DomainError: there is no case or there are too many, or what is to be done is not possible for any.
    """
    context.actor.require(PERMISSION[wanted.kind])
    if context.actor.account_id is None:
        raise NotFound()
    if not case_ids:
        raise DomainError("Kies ten minste één zaak.")
    if len(case_ids) > MOST:
        raise DomainError(f"Kies hoogstens {MOST} zaken tegelijk.")
    bottleneck_id = _checked(context, wanted)
    standing = standing_of(context.session, context.actor, case_ids, wanted.label_id, bottleneck_id)
    act = BulkAct(
        kind=wanted.kind,
        author_id=context.actor.account_id,
        handler_id=wanted.handler_id,
        label_id=wanted.label_id,
        bottleneck_id=bottleneck_id,
        priority=wanted.priority,
        body=wanted.body.strip() or None,
        prepared_at=context.now,
    )
    context.session.add(act)
    context.session.flush()
    for place, case in enumerate(standing):
        reach = _reach(context, wanted.kind, case.id, case.status)
        context.session.add(
            BulkCase(
                bulk_id=act.id,
                case_id=case.id,
                place=place,
                version=case.version,
                left_out=_why_not(context.actor, wanted, case, reach),
                reach=reach,
            )
        )
    context.session.flush()
    return act


def _checked(context: Context, wanted: Wanted) -> int | None:
    """What is to be done is possible at all; the id of the rule bottleneck, where that is what it is about."""
    session = context.session
    match wanted.kind:
        case BulkKind.ASSIGN:
            account = session.get(Account, wanted.handler_id or 0)
            if account is None or not account.is_active or not _may(account, Permission.HANDLE_CASE):
                raise DomainError("Kies iemand die zaken kan behandelen.", field="handler_id")
            if is_last_head(session, account):
                raise DomainError(triage.ONLY_HEAD, field="handler_id")
        case BulkKind.LABEL:
            label = session.get(Label, wanted.label_id or 0)
            if label is None or label.ended_at is not None:
                raise DomainError("Kies een label uit de lijst.", field="label_id")
        case BulkKind.LINK:
            found = session.scalar(select(Bottleneck).where(Bottleneck.reference == (wanted.bottleneck or "")))
            if found is None or found.status not in rules.OPEN:
                raise DomainError("Kies een regelknelpunt dat nog loopt.", field="bottleneck")
            return found.id
        case BulkKind.PRIORITY:
            if wanted.priority is None:
                raise DomainError("Maak een keuze.", field="priority")
            if not wanted.body.strip():
                raise DomainError(marks.WITHOUT_REASON, field="body")
        case BulkKind.MESSAGE:
            if not wanted.body.strip():
                raise DomainError("Schrijf een bericht.", field="body")
    return None


def _may(account: Account, permission: Permission) -> bool:
    return permission in ROLE_PERMISSIONS[account.role]


def _reach(context: Context, kind: BulkKind, case_id: int, status: CaseStatus) -> Reach | None:
    """How the submitter hears of it; None when nothing is told."""
    if kind not in MAIL_KIND or (kind is BulkKind.ASSIGN and status is CaseStatus.SUBMITTED):
        return None
    return messages.reach_of(context, context.session.get_one(Case, case_id), MAIL_KIND[kind])


def _why_not(actor: Actor, wanted: Wanted, case: Standing, reach: Reach | None) -> str | None:
    """Why a case is left out; the services refuse the same when it comes to it."""
    if case.first_handler_id is not None and case.first_handler_id == actor.account_id:
        return HANDLED_IT_FIRST
    is_over = case.status not in OPEN_STATUSES
    match wanted.kind:
        case BulkKind.ASSIGN if is_over:
            return triage.CASE_IS_OVER
        case BulkKind.ASSIGN if case.status is CaseStatus.RECONSIDERATION:
            return triage.NAMED_BY_THE_HEAD
        case BulkKind.ASSIGN if case.handler_id == wanted.handler_id:
            return "Deze collega behandelt de zaak al."
        case BulkKind.LABEL if case.has_label:
            return marks.HAS_LABEL
        case BulkKind.LINK if case.status not in links.CAN_BE_LINKED:
            return links.NOT_OPEN
        case BulkKind.LINK if case.is_linked:
            return "Deze zaak hoort al bij dit regelknelpunt."
        case BulkKind.LINK if not case.shares_law and not wanted.body.strip():
            return "De zaak deelt geen wet met dit regelknelpunt, en u schreef geen reden op."
        case BulkKind.PRIORITY if is_over:
            return triage.CASE_IS_OVER
        case BulkKind.PRIORITY if case.priority is wanted.priority:
            return marks.HAS_PRIORITY
        case BulkKind.MESSAGE if reach is Reach.NOBODY:
            return NOBODY_READS
    return None


def confirm(context: Context, bulk_id: int) -> BulkAct:
    """Begin with what the preview showed. A second time nothing happens.

    Raises:
        NotFound: it is not the actor's.
        PermissionDenied: the actor may not do this any more.
    """
    act = _own(context, bulk_id)
    context.actor.require(PERMISSION[act.kind])
    if act.confirmed_at is None:
        act.confirmed_at = context.now
        context.session.flush()
    return act


def undo(context: Context, bulk_id: int) -> BulkAct:
    """Begin with putting back what was done. A second time nothing happens.

    Raises:
        NotFound: it is not the actor's.
        DomainError: it is too late, it is not finished yet, or it cannot be put back.
    """
    act = _own(context, bulk_id)
    context.actor.require(PERMISSION[act.kind])
    if act.undone_at is not None:
        return act
    if not can_be_undone(act.kind, act.confirmed_at, act.finished_at, context.now):
        raise DomainError("Terugdraaien kan niet meer.")
    act.undone_at, act.finished_at = context.now, None
    context.session.flush()
    return act


def can_be_undone(kind: BulkKind, confirmed_at: datetime | None, finished_at: datetime | None, now: datetime) -> bool:
    """Whether an act that is finished can still be put back: all but a message, for a quarter of an hour."""
    is_finished = confirmed_at is not None and finished_at is not None
    return is_finished and kind is not BulkKind.MESSAGE and now <= (finished_at or now) + UNDO_WITHIN


def _own(context: Context, bulk_id: int) -> BulkAct:
    act = context.session.scalar(
        select(BulkAct).where(BulkAct.id == bulk_id).with_for_update().execution_options(populate_existing=True)
    )
    if act is None or act.author_id != context.actor.account_id:
        raise NotFound()
    return act


def at_work(session: Session) -> Sequence[int]:
    """The acts that were confirmed, or are put back, and are not finished."""
    return session.scalars(
        select(BulkAct.id).where(BulkAct.confirmed_at.is_not(None), BulkAct.finished_at.is_(None)).order_by(BulkAct.id)
    ).all()


def carry_out(
    context: Context, bulk_id: int, commit: Callable[[], None], go_on: Callable[[], bool] = lambda: True
) -> None:
    """Do what was confirmed, a transaction a case, until it is finished or ``go_on`` says no.

    Any number may work on one act at once: each takes cases that no other has in hand.
    """
    while True:
        act = context.session.get_one(BulkAct, bulk_id, populate_existing=True)
        if act.confirmed_at is None or act.finished_at is not None:
            return
        row = context.session.scalar(_waiting(act).limit(1).with_for_update(skip_locked=True))
        if row is None:
            if not context.session.scalar(select(exists(_waiting(act)))):
                act.finished_at = context.now
            commit()
            return
        if not go_on():
            return
        _one(as_account(context, act.author_id), act, row)
        commit()


def _waiting(act: BulkAct) -> Select[BulkCase]:
    rows = select(BulkCase).where(BulkCase.bulk_id == act.id).order_by(BulkCase.place)
    if act.undone_at is not None:
        return rows.where(BulkCase.outcome == BulkOutcome.DONE, BulkCase.undo_outcome.is_(None))
    return rows.where(BulkCase.left_out.is_(None), BulkCase.outcome.is_(None))


def _one(context: Context, act: BulkAct, row: BulkCase) -> None:
    """Act on one case, or say why not."""
    reference = context.session.scalar(select(Case.reference).where(Case.id == row.case_id, visible_to(context.actor)))
    outcome, remark = BulkOutcome.DONE, None
    try:
        with context.session.begin_nested():
            if act.undone_at is None:
                _do(context, act, row, reference or "")
            else:
                _put_back(context, act, row, reference or "")
    except (VersionConflict, StaleDataError):
        outcome, remark = BulkOutcome.SKIPPED, MOVED_ON if act.undone_at else CHANGED
    except DomainError as error:
        outcome, remark = BulkOutcome.SKIPPED, str(error.message)
    if act.undone_at is not None:
        row.undo_outcome, row.undo_remark = outcome, remark
        return
    row.outcome, row.remark = outcome, remark
    if outcome is BulkOutcome.DONE:
        row.version_after = context.session.get_one(Case, row.case_id, populate_existing=True).version


def _do(context: Context, act: BulkAct, row: BulkCase, reference: str) -> None:
    body = act.body or ""
    if act.kind is BulkKind.LINK:
        # A bottleneck is locked before its cases, so the service is the first to lock the case.
        bottleneck = context.session.get_one(Bottleneck, act.bottleneck_id)
        links.propose_link(context, reference, row.version, bottleneck.reference, body)
        return
    case = open_case(context, reference, PERMISSION[act.kind], version=row.version)
    if _reach(context, act.kind, case.id, case.status) is not row.reach:
        raise DomainError(OTHER_REACH)
    match act.kind:
        case BulkKind.ASSIGN:
            row.handler_before_id = case.handler_id
            triage.assign(context, reference, row.version, act.handler_id or 0)
        case BulkKind.LABEL:
            marks.add_label(context, reference, row.version, act.label_id or 0)
        case BulkKind.PRIORITY:
            row.priority_before, row.reason_before = case.priority, case.priority_reason
            marks.set_priority(context, reference, row.version, act.priority or Priority.NORMAL, body)
        case BulkKind.MESSAGE:
            triage.send_message(context, reference, body)


def _put_back(context: Context, act: BulkAct, row: BulkCase, reference: str) -> None:
    version = row.version_after or 0
    match act.kind:
        case BulkKind.ASSIGN:
            triage.hand_back(context, reference, version, row.handler_before_id)
        case BulkKind.LABEL:
            marks.remove_label(context, reference, version, act.label_id or 0)
        case BulkKind.LINK:
            links.take_back_link(context, reference, version, act.bottleneck_id or 0)
        case BulkKind.PRIORITY:
            marks.put_priority_back(
                context, reference, version, row.priority_before or Priority.NORMAL, row.reason_before
            )
