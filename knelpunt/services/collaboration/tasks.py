"""Tasks on a case: set out, changed, done. The submitter never hears of them."""

from datetime import date

from sqlalchemy import select

from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Account, Case, Checklist, Task
from knelpunt.queries.collaboration.tasks import OVER
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.collaboration import mail_texts as texts
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

NOBODY = "Kies een collega die aan zaken werkt."
IN_THE_PAST = "Kies een dag vanaf vandaag."
CASE_IS_OVER = "In deze zaak kan geen taak meer worden klaargezet."
ALREADY_THERE = "De taken van deze checklist staan al open bij deze zaak."


def add(context: Context, reference: str, *, words: str, assignee_id: int, due_on: date | None) -> Task:
    """Set out one task; who gets it is told, unless that is the actor.

    Raises:
        DomainError: the case is over, the day has passed, or the account does not work on cases.
    """
    case = _open(context, reference)
    _check_day(context, due_on)
    return _add(context, case, words, _assignee(context, assignee_id), due_on)


def add_checklist(context: Context, reference: str, checklist_id: int, assignee_id: int) -> int:
    """Set out the lines of a checklist as tasks; how many.

    Raises:
        NotFound: there is no such checklist in use.
        DomainError: its tasks stand open already, the case is over, or the account does not work on cases.
    """
    case = _open(context, reference)
    found = context.session.get(Checklist, checklist_id)
    if found is None or found.ended_on is not None:
        raise DomainError("Kies een checklist uit de lijst.", field="checklist_id")
    again = select(Task.id).where(Task.case_id == case.id, Task.checklist_id == checklist_id, Task.done_at.is_(None))
    if context.session.scalar(again.limit(1)) is not None:
        raise DomainError(ALREADY_THERE, field="checklist_id")
    assignee = _assignee(context, assignee_id)
    due_on = add_working_days(context.today, found.working_days) if found.working_days is not None else None
    for line in found.lines:
        _add(context, case, line, assignee, due_on, checklist_id=found.id, tells=False)
    _tell(context, case, assignee.id, due_on)
    return len(found.lines)


def change(
    context: Context,
    reference: str,
    task_id: int,
    version: int,
    *,
    words: str,
    assignee_id: int,
    due_on: date | None,
) -> None:
    """Change what a task says, who has it and by when.

    Raises:
        NotFound: there is no such task in this case.
        VersionConflict: somebody changed it since this actor read it.
        DomainError: it is done, the day has passed, or the account does not work on cases.
    """
    case, task = _task(context, reference, task_id)
    if task.version != version:
        raise VersionConflict(Text("Iemand anders heeft deze taak intussen gewijzigd."))
    if task.done_at is not None:
        raise DomainError("Deze taak is al gedaan.")
    if due_on != task.due_on:
        _check_day(context, due_on)
    assignee = _assignee(context, assignee_id)
    is_new_here = task.assignee_id != assignee.id
    task.words, task.assignee_id, task.due_on = words.strip(), assignee.id, due_on
    events.record(context, EventKind.TASK_CHANGED, case=case, data={"taak": task.id})
    if is_new_here:
        _tell(context, case, assignee.id, due_on)


def set_done(context: Context, reference: str, task_id: int, *, is_done: bool) -> None:
    """Mark a task as done, or as not done after all; a second click changes nothing.

    Raises:
        NotFound: there is no such task in this case.
    """
    case, task = _task(context, reference, task_id)
    if (task.done_at is not None) is is_done:
        return
    task.done_at = context.now if is_done else None
    task.done_by_id = context.actor.account_id if is_done else None
    kind = EventKind.TASK_DONE if is_done else EventKind.TASK_REOPENED
    events.record(context, kind, case=case, data={"taak": task.id})


def _open(context: Context, reference: str) -> Case:
    case = open_case(context, reference, Permission.WRITE_NOTE)
    if case.status in OVER:
        raise DomainError(CASE_IS_OVER)
    return case


def _task(context: Context, reference: str, task_id: int) -> tuple[Case, Task]:
    case = open_case(context, reference, Permission.WRITE_NOTE)
    task = context.session.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.case_id != case.id:
        raise NotFound()
    return case, task


def _add(
    context: Context,
    case: Case,
    words: str,
    assignee: Account,
    due_on: date | None,
    *,
    checklist_id: int | None = None,
    tells: bool = True,
) -> Task:
    task = Task(
        case_id=case.id,
        checklist_id=checklist_id,
        words=words.strip(),
        assignee_id=assignee.id,
        due_on=due_on,
        made_by_id=context.actor.account_id,
        made_at=context.now,
    )
    context.session.add(task)
    context.session.flush()
    events.record(context, EventKind.TASK_ADDED, case=case, data={"taak": task.id})
    if tells:
        _tell(context, case, assignee.id, due_on)
    return task


def _tell(context: Context, case: Case, assignee_id: int, due_on: date | None) -> None:
    if assignee_id != context.actor.account_id:
        messages.notify_colleague(context, case, texts.task_given(due_on=due_on), assignee_id)


def _assignee(context: Context, account_id: int) -> Account:
    account = context.session.get(Account, account_id)
    if account is None or not account.is_active or Permission.WRITE_NOTE not in ROLE_PERMISSIONS[account.role]:
        raise DomainError(NOBODY, field="assignee_id")
    return account


def _check_day(context: Context, due_on: date | None) -> None:
    if due_on is not None and due_on < context.today:
        raise DomainError(IN_THE_PAST, field="due_on")
