"""A submitter who does not agree with how a case ended asks for a second look (step 15)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.cases.second_looks import checked_points
from knelpunt.domain.errors import DomainError
from knelpunt.domain.texts import Text
from knelpunt.models import Case, ClockPeriod, SecondLook
from knelpunt.queries.cases import handling
from knelpunt.services.cases import publication, resolution, second_looks
from knelpunt.services.cases.mail_texts import second_looks as texts
from knelpunt.services.cases.workflow import check
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.submitters.on_behalf import day_of, kept, open_for

NO_TIME = Text("Voor deze melding loopt geen termijn om een heroverweging te vragen.")
ASKED_BEFORE = Text("Een andere behandelaar bekeek deze melding al opnieuw. Dat kan één keer.")


def ask(
    context: Context,
    reference: str,
    points: Iterable[str | None],
    *,
    field: str = "point_1",
    on_behalf: OnBehalf | None = None,
) -> SecondLook:
    """Ask that somebody else looks at the case again, and say what was missed.

    Args:
        points: what was missed; each gets an answer of its own.
        field: where the form says that there is none.
    Raises:
        TransitionNotAllowed: the case is not closed.
        DomainError: the six weeks are over, this was asked and decided already, or there is no point.
    """
    case = open_for(context, reference, on_behalf)
    check(context, case, steps.ASK_SECOND_LOOK)
    day = day_of(context, on_behalf, case.closed_on or case.filed_on)
    counts_from = _counts_from(context, case, day)
    given = checked_points(points, field)
    lay_before_submitter = resolution.withdraw_preview(context, case)
    look = second_looks.begin(
        context,
        case,
        steps.ASK_SECOND_LOOK,
        given,
        on=counts_from,
        data=kept(on_behalf),
        on_behalf=on_behalf is not None,
    )
    messages.notify_submitter(
        context, case, texts.second_look_received(points=given, next_date=case.due_on, on_behalf=on_behalf)
    )
    if lay_before_submitter:
        publication.tell_preview_ended(context, case)
    second_looks.tell_heads(context, case)
    return look


def _counts_from(context: Context, case: Case, day: date) -> date:
    """The day from which K8 counts: that of the request. Of a letter that came while the desk itself looked again, the
    day on which the time to ask began anew. The last day counts, also for a letter of that day that is typed in later.

    Raises:
        DomainError: it is too late, or there is nothing to ask any more.
    """
    window = context.session.scalar(
        select(ClockPeriod)
        .where(ClockPeriod.case_id == case.id, ClockPeriod.clock == Clock.K6)
        .options(selectinload(ClockPeriod.suspensions))
        .order_by(ClockPeriod.id.desc())
        .limit(1)
    )
    if window is None or window.due_on is None:
        raise DomainError(NO_TIME)
    if handling.submitter_had_second_look(context.session, case.id):
        raise DomainError(ASKED_BEFORE)
    if day > window.due_on:
        raise DomainError(Text("U kon tot en met %(last_day)s een heroverweging vragen.", last_day=window.due_on))
    return max(day, window.started_on)
