"""How a question to a ministry ends: answered, unanswered, sent back, taken back, or because the case is over."""

from typing import Any

from sqlalchemy import exists, select

from knelpunt.domain.cases.workflow import Transition
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus, ConsultationStatus
from knelpunt.models import Case, Consultation
from knelpunt.services.cases.workflow import advance
from knelpunt.services.consultations import links
from knelpunt.services.consultations import mail_texts as texts
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

NO_ANSWER = "een ministerie dat niet antwoordde"


def end(context: Context, case: Case, consultation: Consultation, status: ConsultationStatus, step: Transition) -> None:
    """Step 10: the run of K3 stops. With the last open question the case goes back to being handled."""
    consultation.status, consultation.ended_on = status, context.today
    consultation.more_time_until = None
    data: dict[str, Any] = {
        "raadpleging": consultation.id,
        "ministerie": consultation.ministry_id,
        "klokken": clocks.stop_run(context, case, consultation.period_id, on=context.today),
    }
    context.session.flush()
    if context.session.scalar(select(exists().where(*_open_in(case)))):
        case.updated_at = context.now
        events.record(context, step.name, case=case, data=data)
    else:
        advance(context, case, step, target=CaseStatus.IN_HANDLING, data=data, moves_clocks=False)


def end_all(context: Context, case: Case) -> list[int]:
    """The case is over: whoever was asked hears that no answer is needed any more. Which questions they were."""
    found = context.session.scalars(select(Consultation).where(*_open_in(case)).order_by(Consultation.id)).all()
    for consultation in found:
        consultation.status, consultation.ended_on = ConsultationStatus.ENDED, context.today
        consultation.more_time_until = None
        links.send_current(context, case, consultation, MailKind.CONSULTATION_OVER, texts.no_longer_needed)
    return [consultation.id for consultation in found]


def tell_submitter(context: Context, case: Case, consultation: Consultation) -> None:
    """What became of the question, without the words of the answer: those come with what the desk does with it."""
    messages.notify_submitter(
        context,
        case,
        texts.ministry_done(
            ministry=links.ministry_name(context, consultation),
            is_answered=consultation.status is ConsultationStatus.ANSWERED,
            is_theirs=consultation.status is not ConsultationStatus.NOT_THEIRS,
            is_taken_back=consultation.status is ConsultationStatus.ENDED,
        ),
    )


def tell_heads(context: Context, case: Case, what: str, *, handler_knows: bool) -> None:
    """Put something about a question to each head of the desk: on the page Meldingen, and by mail to who wants that.

    Args:
        handler_knows: who handles the case, or stands in, hears the same or did it, and hears it once.
    """
    knows: tuple[int, ...] = ()
    if handler_knows and case.handler_id is not None:
        knows = (messages.acts_in(context, case, case.handler_id),)
    messages.notify_heads(context, case, texts.consultation_news(what=what), but=knows)


def _open_in(case: Case) -> tuple[Any, ...]:
    return Consultation.case_id == case.id, Consultation.status == ConsultationStatus.OPEN
