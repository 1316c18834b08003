"""What the calendar does with questions to ministries: reminders, telling that no answer came, and the lists."""

from datetime import timedelta
from functools import partial

from sqlalchemy import Select, select

from knelpunt.domain.calendar.timezone import nl_day, start_of_nl_day
from knelpunt.domain.calendar.working_days import reminder_days
from knelpunt.domain.cases.consultations import list_period
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import ConsultationStatus, EventKind
from knelpunt.models import Case, Consultation, MinistryContact, Organisation
from knelpunt.queries.consultations.asked import shown_number
from knelpunt.queries.core import cases
from knelpunt.services.consultations import links
from knelpunt.services.consultations import mail_texts as texts
from knelpunt.services.consultations.ending import NO_ANSWER, tell_heads
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

LAST_DAYS = 2
"""From so many days before the end a reminder is the last one."""


def due_reminders(context: Context) -> Select[int]:
    """The questions whose term still runs."""
    return _open().where(Consultation.due_on >= context.today)


def remind(context: Context, consultation_id: int) -> None:
    """Remind half-way and two days before the end, each once; what was missed goes out with the next run."""
    consultation, case = _locked(context, consultation_id)
    if consultation.status is not ConsultationStatus.OPEN:
        return
    days = reminder_days(nl_day(consultation.asked_at), consultation.due_on)
    passed = [day for day in days if day <= context.today]
    if not passed:
        return
    is_last = consultation.due_on - passed[-1] <= timedelta(days=LAST_DAYS)
    links.send_current(
        context,
        case,
        consultation,
        MailKind.CONSULTATION_REMINDER,
        partial(texts.reminder, is_last=is_last),
        once_key=f"raadpleging:{consultation.id}:{passed[-1].isoformat()}",
    )


def silent(context: Context) -> Select[int]:
    """The questions whose term is over and of which the head of the desk did not hear yet."""
    return _open().where(Consultation.due_on < context.today, Consultation.raised_on.is_(None))


def raise_to_head(context: Context, consultation_id: int) -> None:
    """Note that no answer came in time: the handler and each head of the desk hear it.

    What to do with that is for a person.
    """
    consultation, case = _locked(context, consultation_id)
    if consultation.status is not ConsultationStatus.OPEN or consultation.raised_on is not None:
        return
    if consultation.due_on >= context.today:
        return
    consultation.raised_on = context.today
    case.updated_at = context.now
    data = {"raadpleging": consultation.id, "ministerie": consultation.ministry_id}
    events.record(context, EventKind.CONSULTATION_RAISED, case=case, data=data)
    messages.notify_colleague(context, case, texts.consultation_news(what=NO_ANSWER), case.handler_id)
    tell_heads(context, case, NO_ANSWER, handler_knows=True)


def boxes(context: Context) -> Select[int]:
    """The boxes of the ministries where something waits since before these fourteen days began."""
    began = start_of_nl_day(list_period(context.today))
    return (
        select(MinistryContact.id)
        .where(
            MinistryContact.is_fallback,
            MinistryContact.ended_on.is_(None),
            MinistryContact.ministry_id.in_(
                select(Consultation.ministry_id).where(
                    Consultation.status == ConsultationStatus.OPEN, Consultation.asked_at < began
                )
            ),
        )
        .order_by(MinistryContact.id)
    )


def send_list(context: Context, contact_id: int) -> None:
    """Mail the box of a ministry what waits there, once in fourteen days. It holds no link and no name."""
    box = context.session.get_one(MinistryContact, contact_id, populate_existing=True)
    if box.email is None or box.ended_on is not None:
        return
    rows = context.session.execute(
        select(shown_number().label("reference"), Consultation.article, Consultation.asked_at, Consultation.due_on)
        .join(Case, Case.id == Consultation.case_id)
        .where(Consultation.ministry_id == box.ministry_id, Consultation.status == ConsultationStatus.OPEN)
        .order_by(Consultation.due_on, Consultation.id)
    ).all()
    waiting = [
        texts.Waiting(row.reference, row.article, nl_day(row.asked_at), row.due_on, row.due_on < context.today)
        for row in rows
    ]
    if not waiting:
        return
    ministry = context.session.get_one(Organisation, box.ministry_id)
    messages.queue_text(
        context,
        MailKind.CONSULTATION_LIST,
        box.email,
        texts.waiting_list(ministry=ministry.name, waiting=waiting),
        once_key=f"raadplegingen:{ministry.id}:{list_period(context.today).isoformat()}",
    )


def _open() -> Select[int]:
    return select(Consultation.id).where(Consultation.status == ConsultationStatus.OPEN).order_by(Consultation.id)


def _locked(context: Context, consultation_id: int) -> tuple[Consultation, Case]:
    consultation = context.session.get_one(Consultation, consultation_id)
    case = cases.get_by_id_for_update(context.session, consultation.case_id)
    context.session.refresh(consultation)
    return consultation, case
