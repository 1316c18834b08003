"""Tasks on a case: set out, changed, done. The submitter never hears of them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Account, Case, Checklist, Task, Team
from knelpunt.queries.collaboration.tasks import OVER, waits
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.collaboration import mail_texts as texts
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import CaseMail

NOBODY = "Kies een collega die aan zaken werkt."
NOT_FOR_ONE = "Kies een collega of een team, en niet allebei."
NO_MEMBERS = "Kies een team waar iemand in zit."
IN_THE_PAST = "Kies een dag vanaf vandaag."
CASE_IS_OVER = "In deze zaak kan geen taak meer worden klaargezet."
ALREADY_THERE = "De taken van deze checklist staan al open bij deze zaak."


@dataclass(frozen=True, slots=True)
class For:
    """Who a task is for: a colleague, or a team of which any member may do it."""

    assignee_id: int | None = None
    team_id: int | None = None


def add(context: Context, reference: str, *, words: str, given_to: For, due_on: date | None) -> Task:
    """Set out one task; who gets it is told, unless that is the actor.

    Raises:
        DomainError: the case is over, the day has passed, or the task is not for one colleague or one team.
    """
    case = _open(context, reference)
    _check_day(context, due_on)
    _check_for(context, given_to)
    return _add(context, case, words, given_to, due_on)


def add_checklist(context: Context, reference: str, checklist_id: int, given_to: For) -> int:
    """Set out the lines of a checklist as tasks; how many.

    Raises:
        NotFound: there is no such checklist in use.
        DomainError: its tasks stand open already, the case is over, or they are not for one colleague or one team.
    """
    case = _open(context, reference)
    found = context.session.get(Checklist, checklist_id)
    if found is None or found.ended_on is not None:
        raise DomainError("Kies een checklist uit de lijst.", field="checklist_id")
    again = select(Task.id).where(Task.case_id == case.id, Task.checklist_id == checklist_id, Task.done_at.is_(None))
    if context.session.scalar(again.limit(1)) is not None:
        raise DomainError(ALREADY_THERE, field="checklist_id")
    _check_for(context, given_to)
    due_on = add_working_days(context.today, found.working_days) if found.working_days is not None else None
    for line in found.lines:
        _add(context, case, line, given_to, due_on, checklist_id=found.id, tells=False)
    _tell(context, case, given_to, due_on)
    return len(found.lines)


def change(
    context: Context,
    reference: str,
    task_id: int,
    version: int,
    *,
    words: str,
    given_to: For,
    due_on: date | None,
) -> None:
    """Change what a task says, who has it and by when.

    Raises:
        NotFound: there is no such task in this case.
        VersionConflict: somebody changed it since this actor read it.
        DomainError: it is done, the day has passed, or it is not for one colleague or one team.
    """
    case, task = _task(context, reference, task_id)
    if task.version != version:
        raise VersionConflict(Text("Iemand anders heeft deze taak intussen gewijzigd."))
    if task.done_at is not None:
        raise DomainError("Deze taak is al gedaan.")
    if due_on != task.due_on:
        _check_day(context, due_on)
    is_new_here = given_to != For(task.assignee_id, task.team_id)
    if is_new_here:
        _check_for(context, given_to)
    task.words, task.due_on = words.strip(), due_on
    task.assignee_id, task.team_id = given_to.assignee_id, given_to.team_id
    events.record(context, EventKind.TASK_CHANGED, case=case, data={"taak": task.id})
    if is_new_here:
        _tell(context, case, given_to, due_on)


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


def hand_on(context: Context, account_id: int, successor_id: int | None) -> None:
    """Give what a colleague who leaves still has to do to who handles the case, or else to this successor; they hear
    so. A task in a case of nobody stays where it is when there is no successor: the page of the case shows it."""
    rows = context.session.execute(
        select(Task, Case)
        .join(Case, Case.id == Task.case_id)
        .where(Task.assignee_id == account_id, waits())
        .order_by(Case.id, Task.id)
        .with_for_update()
    )
    for task, case in rows.all():
        heir_id = successor_id if case.handler_id in (None, account_id) else case.handler_id
        if heir_id is not None:
            task.assignee_id = heir_id
            events.record(context, EventKind.TASK_CHANGED, case=case, data={"taak": task.id})
            _tell(context, case, For(heir_id), task.due_on)


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
    given_to: For,
    due_on: date | None,
    *,
    checklist_id: int | None = None,
    tells: bool = True,
) -> Task:
    task = Task(
        case_id=case.id,
        checklist_id=checklist_id,
        words=words.strip(),
        assignee_id=given_to.assignee_id,
        team_id=given_to.team_id,
        due_on=due_on,
        made_by_id=context.actor.account_id,
        made_at=context.now,
    )
    context.session.add(task)
    context.session.flush()
    events.record(context, EventKind.TASK_ADDED, case=case, data={"taak": task.id})
    if tells:
        _tell(context, case, given_to, due_on)
    return task


def _tell(context: Context, case: Case, given_to: For, due_on: date | None) -> None:
    tell_those(context, case, given_to, texts.task_given(due_on=due_on))


def tell_those(context: Context, case: Case, given_to: For, mail: CaseMail, *, once_key: str | None = None) -> None:
    """Tell who has a task, or every member of the team that has it, so that nobody need stand in; never the actor.

    Args:
        once_key: by which a second telling is known; with a team each member has an own one.
    """
    if given_to.team_id is None:
        if given_to.assignee_id != context.actor.account_id:
            messages.notify_colleague(context, case, mail, given_to.assignee_id, once_key=once_key)
        return
    for account_id in small_tables(context.session).members_of(given_to.team_id):
        if account_id not in (context.actor.account_id, case.first_handler_id):
            key = None if once_key is None else f"{once_key}:{account_id}"
            messages.notify_colleague(context, case, mail, account_id, once_key=key, goes_to_cover=False)


def _check_for(context: Context, given_to: For) -> None:
    if (given_to.assignee_id is None) is (given_to.team_id is None):
        raise DomainError(NOT_FOR_ONE, field="assignee_id")
    if given_to.team_id is not None:
        held = select(Team.id).where(Team.id == given_to.team_id).with_for_update(read=True)
        if context.session.scalar(held) is None or not small_tables(context.session).members_of(given_to.team_id):
            raise DomainError(NO_MEMBERS, field="team_id")
        return
    account = context.session.get(Account, given_to.assignee_id)
    if account is None or not account.is_active or Permission.WRITE_NOTE not in ROLE_PERMISSIONS[account.role]:
        raise DomainError(NOBODY, field="assignee_id")


def _check_day(context: Context, due_on: date | None) -> None:
    if due_on is not None and due_on < context.today:
        raise DomainError(IN_THE_PAST, field="due_on")
