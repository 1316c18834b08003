"""A term that stands still because the submitter asked for it (K5), or agreed (K8); it runs on by itself."""

from datetime import date, timedelta

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.deadlines import Suspension
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.errors import DomainError, TransitionNotAllowed
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import CaseStatus, EventKind
from knelpunt.services.cases.mail_texts import second_looks as texts
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

LONGEST_WORKING_DAYS = 60
ON_REQUEST = {CaseStatus.PROPOSED: Clock.K5, CaseStatus.RECONSIDERATION: Clock.K8}
"""Which term may stand still on request of the submitter, by the state of the case."""
NO_TERM = "Er loopt hier nu geen termijn die op verzoek kan stilstaan."
_ONE_DAY = timedelta(days=1)


def suspend_term(context: Context, reference: str, version: int, *, until: date, reason: str) -> None:
    """Let the term of the submitter's reaction, or of a second look, stand still from tomorrow up to a day.

    Args:
        until: the last day on which it stands still (Europe/Amsterdam); from the next day it runs on by itself.
        reason: why, and that the submitter asked for it or agreed; the submitter reads this.
    Raises:
        TransitionNotAllowed: no such term runs here, or it is over.
        DomainError: the day is not within sixty working days, or there is no reason.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    clock = ON_REQUEST.get(case.status)
    run = next((each for each in clocks.running(context.session, case) if each.clock is clock), None)
    if clock is None or run is None or run.due_on is None or run.due_on < context.today:
        raise TransitionNotAllowed(NO_TERM)
    if not clocks.term_rule(context.session, clock, case.filed_on).may_be_suspended:
        raise TransitionNotAllowed(NO_TERM)
    if any(row.until_day is None or row.until_day > context.today for row in run.suspensions):
        raise TransitionNotAllowed("Deze termijn staat al stil.")
    if not context.today < until <= add_working_days(context.today, LONGEST_WORKING_DAYS):
        raise DomainError("Kies een dag in de toekomst, binnen 60 werkdagen.", field="until")
    if not reason.strip():
        raise DomainError("Schrijf op waarom de termijn stilstaat.", field="reason")
    effects = clocks.leave_out(context, case, clock, Suspension(context.today + _ONE_DAY, until, reason.strip()))
    case.updated_at = context.now
    data = {"klok": clock.value, "tot_en_met": until.isoformat(), "klokken": effects}
    events.record(context, EventKind.TERM_SUSPENDED, case=case, data=data)
    messages.notify_submitter(
        context,
        case,
        texts.term_suspended(
            clock=clock.label,
            reason=reason.strip(),
            until=until,
            next_date=clocks.due_day(context.session, case, clock),
            is_your_turn=clock is Clock.K5,
        ),
    )
