"""A mail that may be the answer holds what rests on silence, until somebody says what it is."""

from datetime import date, timedelta

from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Event, IncomingMail, OutboxMail
from knelpunt.services.jobs import scheduled
from knelpunt.services.post import deciding
from tests.support.incoming import a_mail, to


def mailed(session, kind):
    return session.scalars(select(OutboxMail.body).where(OutboxMail.kind == kind).order_by(OutboxMail.id)).all()


def the_mail(session):
    return session.scalars(select(IncomingMail)).one()


def events_of(session, kind):
    return session.scalars(select(Event).where(Event.kind == kind)).all()


def run_timers(desk, session):
    scheduled.run_due(desk.system, session.flush)


def test_the_term_to_close_begins_when_somebody_said_that_a_mail_was_no_reaction(desk, session, take):
    case = desk.bring("voorstel")
    desk.later(12)  # Sunday 15 November; the last day to react is the 17th
    take(a_mail(to(case)))
    desk.later(40)
    run_timers(desk, session)
    assert case.due_clock is Clock.K5
    deciding.is_no_answer(desk.context(desk.handler), case.reference, the_mail(session).id)
    session.flush()
    run_timers(desk, session)
    # Ten working days from Christmas.
    assert (desk.today, case.due_clock, case.due_on) == (date(2026, 12, 25), Clock.CLOSING, date(2027, 1, 11))
    (told,) = mailed(session, MailKind.PROPOSAL_LAPSED)
    assert "tot en met dinsdag 17 november 2026" in told
    assert "uiterlijk op maandag 11 januari 2027" in told


def test_a_mail_that_came_in_while_the_worker_was_on_its_way_holds_the_term_to_react(desk, session, take):
    case = desk.bring("voorstel")
    desk.later(18)
    (case_id,) = session.scalars(scheduled._lapsed_proposals(desk.system)).all()
    take(a_mail(to(case)), at=desk.now - timedelta(days=6))
    scheduled._end_time_to_react(desk.system, case_id)
    assert case.due_clock is Clock.K5
    assert events_of(session, EventKind.REACTION_ENDED) == []
    assert mailed(session, MailKind.PROPOSAL_LAPSED) == []
