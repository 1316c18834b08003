"""Aftercare (clock K9): one question three and twelve months after a case was closed, and the answer."""

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import AftercareAnswer, CaseStatus, Channel, EventKind
from knelpunt.models import Aftercare, Case, ClockPeriod
from knelpunt.queries.cases import letters
from knelpunt.queries.core import cases
from knelpunt.services.cases.mail_texts import aftercare as aftercare_texts
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.submitters import mail_texts as texts
from knelpunt.services.submitters.on_behalf import day_of, kept, open_for

PURPOSE = "nazorg"
"""What the token of the link is made for."""
SETTLED = Text("Het loket heeft al besloten over uw verzoek. Voeg iets toe aan uw melding als er iets nieuws is.")


def due_questions(context: Context) -> Select[int]:
    """Runs of K9 that have come to their day, in cases that are closed."""
    return (
        select(ClockPeriod.id)
        .join(Case, Case.id == ClockPeriod.case_id)
        .where(
            ClockPeriod.clock == Clock.K9,
            ClockPeriod.stopped_on.is_(None),
            ClockPeriod.due_on <= context.today,
            Case.status == CaseStatus.CLOSED,
            Case.channel != Channel.IMPORT,
            ~letters.unsent(Case.id, MailKind.CLOSED),
        )
        .order_by(ClockPeriod.id)
    )


def ask_when_due(context: Context, period_id: int) -> None:
    """Ask once for each moment. When the later moment has come as well, only that question is put."""
    period = context.session.get_one(ClockPeriod, period_id)
    case = cases.get_by_id_for_update(context.session, period.case_id)
    context.session.refresh(period)
    if period.stopped_on is not None or case.status is not CaseStatus.CLOSED:
        return
    effects = clocks.stop(context, case, Clock.K9, on=context.today, only=period.id)
    if context.session.scalar(select(_later(context, period).exists())):
        events.record(context, EventKind.AFTERCARE_SKIPPED, case=case, data={"klokken": effects})
        return
    row = Aftercare(
        case_id=case.id,
        period_id=period.id,
        months=period.length,
        public_id=new_public_id(),
        nonce=new_nonce(),
        asked_on=context.today,
    )
    context.session.add(row)
    context.session.flush()
    events.record(context, EventKind.AFTERCARE_ASKED, case=case, data={"klokken": effects, "nazorg": row.id})
    messages.notify_submitter(
        context,
        case,
        aftercare_texts.question(
            months=row.months,
            yes=url_of(context, row, case.language, AftercareAnswer.YES),
            busy=url_of(context, row, case.language, AftercareAnswer.BUSY),
            stuck=url_of(context, row, case.language, AftercareAnswer.STUCK),
            no=url_of(context, row, case.language, AftercareAnswer.NO),
        ),
        once_key=f"nazorg:{period.id}",
    )


def _later(context: Context, period: ClockPeriod) -> Select[int]:
    other = aliased(ClockPeriod)
    return select(other.id).where(
        other.case_id == period.case_id,
        other.clock == Clock.K9,
        other.stopped_on.is_(None),
        other.due_on <= context.today,
        other.due_on > period.due_on,
    )


def url_of(context: Context, row: Aftercare, language: str, given: AftercareAnswer) -> str:
    """The address of the page on which this question is answered without an account, with an answer filled in."""
    token = context.links.token(PURPOSE, row.public_id, row.nonce)
    return context.links.to(f"{prefix_of(language)}/nazorg/{token}?antwoord={given}")


def answer(
    context: Context,
    reference: str,
    aftercare_id: int,
    *,
    given: AftercareAnswer,
    words: str,
    asks_reopening: bool = False,
    on_behalf: OnBehalf | None = None,
) -> Aftercare:
    """What became of the project. A later answer replaces an earlier one, until the desk decided on it.

    Args:
        asks_reopening: the project is stuck and the desk should go on with it; means nothing with another answer.
    Raises:
        NotFound: the question is none of this case.
        DomainError: the desk decided already whether it opens the case again.
    """
    case = open_for(context, reference, on_behalf)
    row = context.session.get(Aftercare, aftercare_id, with_for_update=True, populate_existing=True)
    if row is None or row.case_id != case.id:
        raise NotFound()
    if row.settled_on is not None:
        raise DomainError(SETTLED)
    row.answered_on = day_of(context, on_behalf, row.asked_on)
    row.answer, row.words = given, words.strip() or None
    row.asks_reopening = asks_reopening and given is AftercareAnswer.STUCK and case.status is CaseStatus.CLOSED
    case.updated_at = context.now
    data = {"nazorg": row.id, "antwoord": given.value, "heropenen": row.asks_reopening, **kept(on_behalf)}
    events.record(context, EventKind.AFTERCARE_ANSWERED, case=case, data=data)
    if context.actor.account_id is None or context.actor.account_id != case.handler_id:
        what = "een verzoek om de zaak opnieuw te openen" if row.asks_reopening else "het antwoord op de nazorgvraag"
        messages.notify_handler(context, case, texts.submitter_reacted(what=what))
    return row
