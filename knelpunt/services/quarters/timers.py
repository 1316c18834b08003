"""What the calendar does about quarters: reminds ministries that were asked, and owners of commitments."""

from datetime import timedelta

from sqlalchemy import Select, select

from knelpunt.domain.calendar.timezone import nl_day, quarter_of
from knelpunt.domain.calendar.working_days import reminder_days
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.quarters.commitments import OPEN, REMINDED_BEFORE, reminder_due
from knelpunt.domain.quarters.track import DAY_TEXTS, QuarterStatus
from knelpunt.models import Commitment, QuarterCommentRequest, QuarterText
from knelpunt.queries.quarters import planning
from knelpunt.queries.quarters.planning import DueDay
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.quarters import mail_texts
from knelpunt.services.quarters.comments import path_of
from knelpunt.services.quarters.telling import tell_account, tell_sealers, words_of


def open_requests(context: Context) -> Select[int]:
    """The requests to comment whose term runs and that are not answered."""
    return (
        select(QuarterCommentRequest.id)
        .join(QuarterText, QuarterText.quarter == QuarterCommentRequest.quarter)
        .where(
            QuarterText.status == QuarterStatus.WRITING,
            QuarterCommentRequest.done_at.is_(None),
            QuarterCommentRequest.withdrawn_at.is_(None),
            QuarterCommentRequest.due_on >= context.today,
        )
        .order_by(QuarterCommentRequest.id)
    )


def remind(context: Context, request_id: int) -> None:
    """Remind half-way and two days before the end, each once."""
    request = context.session.get_one(QuarterCommentRequest, request_id, populate_existing=True, with_for_update=True)
    if request.done_at is not None or request.withdrawn_at is not None or request.email is None:
        return
    passed = [day for day in reminder_days(nl_day(request.asked_at), request.due_on) if day <= context.today]
    if not passed:
        return
    quarter = quarter_of(request.quarter)
    text = mail_texts.comment_reminder(
        quarter=words_of(quarter), due_on=request.due_on, url=context.links.to(path_of(context, request))
    )
    messages.queue_text(
        context,
        MailKind.QUARTER_COMMENT_REMINDER,
        request.email,
        text,
        once_key=f"kwartaalreactie:{request.id}:{passed[-1].isoformat()}",
    )


def due_days(context: Context) -> list[DueDay]:
    """The reference dates that come near or are over, of steps that were not taken."""
    return planning.due_days(context.session, context.today)


def remind_of_day(context: Context, due: DueDay) -> None:
    """Remind who seals a week before a reference date, and once when it is over."""
    is_late = due.due_on < context.today
    text = mail_texts.day_reminder(
        quarter=words_of(due.quarter),
        what=DAY_TEXTS[due.what],
        due_on=due.due_on,
        is_late=is_late,
        url=context.links.to(due.path),
    )
    when = "over" if is_late else "voor"
    key = f"kwartaaldag:{due.quarter}:{due.what}:{due.due_on.isoformat()}:{when}"
    tell_sealers(context, MailKind.QUARTER_DAY_REMINDER, text, besides=[], once_key=key)


def due_commitments(context: Context) -> Select[int]:
    """The commitments whose last day comes near, or is over."""
    return (
        select(Commitment.id)
        .where(
            Commitment.status.in_(sorted(OPEN)),
            Commitment.due_on <= context.today + timedelta(days=max(REMINDED_BEFORE)),
        )
        .order_by(Commitment.id)
    )


def remind_of_commitment(context: Context, commitment_id: int) -> None:
    """Remind the owner 60, 30 and 7 days ahead and once when it is over; without an owner, who looks after them."""
    row = context.session.get_one(Commitment, commitment_id, populate_existing=True)
    if row.due_on is None or row.status not in OPEN:
        return
    is_late = row.due_on < context.today
    days = reminder_due(row.due_on, context.today)
    text = mail_texts.commitment_reminder(
        title=row.title,
        due_on=row.due_on,
        is_late=is_late,
        url=context.links.to(f"/toezeggingen/{row.id}"),
    )
    key = f"toezegging:{row.id}:{row.due_on.isoformat()}:{'over' if is_late else days}"
    if row.owner_id is not None:
        tell_account(context, MailKind.COMMITMENT_REMINDER, text, row.owner_id, once_key=key)
    else:
        tell_sealers(context, MailKind.COMMITMENT_REMINDER, text, besides=[], once_key=key)
