"""What somebody was told of: read, and once a working day in one mail to who wants it so."""

from datetime import timedelta

from sqlalchemy import Select, false, select, update

from knelpunt.domain.calendar.timezone import AMSTERDAM
from knelpunt.domain.calendar.working_days import is_ordinary_day
from knelpunt.domain.collaboration.notifications import told
from knelpunt.domain.errors import NotFound
from knelpunt.domain.mail_kinds import MailKind, NotificationChoice
from knelpunt.domain.permissions import Permission
from knelpunt.models import Account, Case, Notification, Task
from knelpunt.queries.collaboration import notifications as queries
from knelpunt.queries.collaboration.tasks import waits
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import reference
from knelpunt.services.collaboration import mail_texts as texts
from knelpunt.services.collaboration import tasks
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

FIRST_HOUR = 7
"""From this hour (Europe/Amsterdam) the mail of the day goes out."""
LINES_IN_MAIL = 20
TOLD_WITHIN = timedelta(days=7)
"""A worker that was away for longer does not tell any more that a task was due; the page of the day does."""


def mark_read(context: Context, notification_id: int) -> tuple[MailKind, str]:
    """Somebody opens what they were told of: its kind, and the number of its case.

    Raises:
        NotFound: there is no such notification for this account.
    """
    row = context.session.execute(
        select(Notification, Case.reference)
        .join(Case, Case.id == Notification.case_id)
        .where(Notification.id == notification_id, Notification.account_id == context.actor.account_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    notification, number = row
    notification.read_at = notification.read_at or context.now
    return MailKind(notification.kind), number


def mark_all_read(context: Context) -> None:
    """Nothing is unread any more for this account."""
    context.session.execute(
        update(Notification)
        .where(Notification.account_id == context.actor.account_id, Notification.read_at.is_(None))
        .values(read_at=context.now)
    )


def choose(context: Context, choice: NotificationChoice) -> None:
    """How somebody at the desk wants to hear by mail."""
    context.actor.require(Permission.READ_CASES)
    context.session.get_one(Account, context.actor.account_id).notification_choice = choice


def due_digests(context: Context) -> Select[int]:
    """The accounts to mail now: on working days from seven o'clock on."""
    is_time = is_ordinary_day(context.today) and context.now.astimezone(AMSTERDAM).hour >= FIRST_HOUR
    waiting = queries.waiting_for_digest()
    return waiting if is_time else waiting.where(false())


def send_digest(context: Context, account_id: int) -> None:
    """One mail with what is new; a second one on the same day is not made, and what came since waits a day."""
    account = context.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    rows = queries.unmailed(context.session, account_id)
    if not rows:
        return
    names = reference(context.session).staff_names
    lines = [
        f"{told(row.kind, names[row.actor_id] if row.actor_id else None)} ({row.reference})"
        for row in rows[:LINES_IN_MAIL]
    ]
    text = texts.daily_digest(
        lines=lines,
        more=len(rows) - len(lines),
        url=context.links.to("/meldingen"),
        choose_url=context.links.to("/mijn-account/meldingen"),
    )
    sent = messages.queue_text(
        context,
        MailKind.DAILY_DIGEST,
        account.email,
        text,
        account_id=account_id,
        once_key=f"dagoverzicht:{account_id}:{context.today.isoformat()}",
    )
    if sent is not None:
        context.session.execute(
            update(Notification).where(Notification.id.in_([row.id for row in rows])).values(mailed_at=context.now)
        )


def due_tasks(context: Context) -> Select[int]:
    """Open tasks whose last day is there."""
    return (
        select(Task.id)
        .join(Case, Case.id == Task.case_id)
        .where(waits(), Task.due_on.between(context.today - TOLD_WITHIN, context.today))
        .order_by(Task.id)
    )


def tell_due(context: Context, task_id: int) -> None:
    """Tell who has a task, or stands in, or the members of the team that has it, that its last day is there: once for
    each day that it was given."""
    task = context.session.get(Task, task_id, populate_existing=True)
    if task is None or task.done_at is not None or task.due_on is None or task.due_on > context.today:
        return
    case = cases.get_by_id_for_update(context.session, task.case_id)
    key = f"taak:{task.id}:{task.due_on.isoformat()}"
    given_to = tasks.For(task.assignee_id, task.team_id)
    tasks.tell_those(context, case, given_to, texts.task_due(due_on=task.due_on), once_key=key)
