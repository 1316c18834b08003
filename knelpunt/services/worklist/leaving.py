"""A colleague leaves, or gets work in which no cases are handled: no case stays without somebody who handles it."""

from collections.abc import Sequence

from sqlalchemy import select

from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, EventKind, Role
from knelpunt.models import Account, Case
from knelpunt.queries.accounts.accounts import is_last_head
from knelpunt.services import accounts
from knelpunt.services.accounts import records, resting
from knelpunt.services.cases.mail_texts import reviews as review_texts
from knelpunt.services.cases.mail_texts import steps as texts
from knelpunt.services.cases.triage import ONLY_HEAD
from knelpunt.services.collaboration import tasks
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.worklist import views

NAME_ANOTHER = "Deze collega behandelt nog open zaken. Kies aan wie zij gaan."

STILL_OPEN = "Dit account staat aan. Zet het eerst uit."


def close_account(context: Context, account_id: int, version: int, handler_id: int | None) -> int:
    """Close an account of the desk and hand its open cases and tasks on; how many cases there were.

    A second look goes to nobody: the head of the desk names who takes it, and finds it among the cases without an
    owner. So does a case that the new handler may not touch.

    Raises:
        DomainError: there are open cases and nobody to take them, or who is named cannot handle cases; or something
            else rests on this account.
        NotFound, VersionConflict: as for ``accounts.deactivate``.
    """
    _require_no_obstacle(context, records.manageable(context, account_id, version), None)
    accounts.deactivate(context, account_id, version)
    return _take_work(context, account_id, handler_id)


def block(context: Context, account_id: int, version: int) -> None:
    """Close an account at once, whatever rests on it: it may be in the wrong hands. Open cases stay where they are,
    with its tasks, until ``hand_over``; without any, each task goes to who handles the case. Each head of desk hears
    what waits.

    Raises:
        NotFound, VersionConflict, DomainError: as for ``accounts.deactivate``.
    """
    account = records.manageable(context, account_id, version)
    rested = resting.on(context, account, None)
    accounts.deactivate(context, account_id, version)
    resting.tell(context, account, rested)
    if not rested.cases:
        _take_work(context, account_id, None)


def hand_over(context: Context, account_id: int, version: int, handler_id: int | None) -> int:
    """Hand on the open cases and tasks of an account that was closed with them; how many cases there were.

    Raises:
        DomainError: as for ``close_account``, or the account is open.
        NotFound, VersionConflict: as for ``accounts.deactivate``.
    """
    account = records.manageable(context, account_id, version)
    if account.is_active:
        raise DomainError(STILL_OPEN)
    return _take_work(context, account_id, handler_id)


def change_role(context: Context, account_id: int, version: int, role: Role, handler_id: int | None) -> int:
    """Give an account another role; where no cases are handled in that one, hand its open cases on, and its tasks where
    none are done. How many cases went.

    Raises:
        DomainError: as for ``close_account``, or the role cannot be given.
        NotFound, VersionConflict: as for ``accounts.change_role``.
    """
    _require_no_obstacle(context, records.manageable(context, account_id, version), role)
    accounts.change_role(context, account_id, version, role)
    may = ROLE_PERMISSIONS[role]
    handed_on = 0 if Permission.HANDLE_CASE in may else _hand_on(context, account_id, handler_id)
    if Permission.WRITE_NOTE not in may:
        tasks.hand_on(context, account_id, handler_id)
    return handed_on


def obstacles_to_closing(context: Context, account_id: int) -> list[str]:
    """What has to go to somebody else before this account is closed; nothing of one that is closed."""
    account = context.session.get(Account, account_id)
    return resting.on(context, account, None).first if account is not None and account.is_active else []


def left_on(context: Context, account_id: int) -> list[str]:
    """What rested on an account when it was closed, and waits yet; nothing of one that is open."""
    account = context.session.get(Account, account_id)
    return resting.on(context, account, None).left if account is not None and not account.is_active else []


def _require_no_obstacle(context: Context, account: Account, role: Role | None) -> None:
    found = resting.on(context, account, role).first if account.is_active else []
    if found:
        raise DomainError(" ".join(found), field="role" if role is not None else None)


def let_go(context: Context, account_id: int) -> int:
    """Take the open cases from somebody who may not handle any more and named nobody, because a provider said so; how
    many there were. They go to nobody: the head of the desk finds them among the cases without an owner."""
    account = context.session.get_one(Account, account_id, populate_existing=True)
    if account.is_active and Permission.HANDLE_CASE in ROLE_PERMISSIONS[account.role]:
        return 0
    cases = _handled_by(context, account_id)
    for case in cases:
        case.handler_id, case.updated_at = None, context.now
        events.record(
            context, EventKind.HANDLER_ASSIGNED, case=case, data={"behandelaar": None, "daarvoor": account_id}
        )
    if not account.is_active:
        views.forget_those_of(context, account_id)
    if not account.is_active or Permission.WRITE_NOTE not in ROLE_PERMISSIONS[account.role]:
        tasks.hand_on(context, account_id, None)
    return len(cases)


def _take_work(context: Context, account_id: int, handler_id: int | None) -> int:
    """Give the open cases and tasks of an account that is closed to others; how many cases there were."""
    views.forget_those_of(context, account_id)
    handed_on = _hand_on(context, account_id, handler_id)
    tasks.hand_on(context, account_id, handler_id)
    return handed_on


def _handled_by(context: Context, account_id: int) -> Sequence[Case]:
    """The open cases of a handler, locked."""
    return context.session.scalars(
        select(Case)
        .where(Case.handler_id == account_id, Case.status.in_(sorted(OPEN_STATUSES)))
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _hand_on(context: Context, account_id: int, handler_id: int | None) -> int:
    cases = _handled_by(context, account_id)
    if not cases:
        return 0
    handler = _next_handler(context, account_id, handler_id)
    for case in cases:
        is_kept_out = case.status is CaseStatus.RECONSIDERATION or case.first_handler_id == handler.id
        case.handler_id, case.updated_at = None if is_kept_out else handler.id, context.now
        events.record(
            context,
            EventKind.HANDLER_ASSIGNED,
            case=case,
            data={"behandelaar": case.handler_id, "daarvoor": account_id},
        )
        if case.handler_id is not None:
            messages.notify_colleague(context, case, review_texts.assigned(), case.handler_id)
        if case.handler_id is not None and case.status is not CaseStatus.SUBMITTED:
            messages.notify_submitter(
                context, case, texts.handler_named(handler_name=handler.name, next_date=case.due_on)
            )
    return len(cases)


def _next_handler(context: Context, account_id: int, handler_id: int | None) -> Account:
    handler = context.session.get(Account, handler_id) if handler_id is not None else None
    if handler is None or handler.id == account_id:
        raise DomainError(NAME_ANOTHER, field="handler_id")
    if not handler.is_active or Permission.HANDLE_CASE not in ROLE_PERMISSIONS[handler.role]:
        raise DomainError("Kies iemand die zaken kan behandelen.", field="handler_id")
    if is_last_head(context.session, handler):
        raise DomainError(ONLY_HEAD, field="handler_id")
    return handler
