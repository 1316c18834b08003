"""A mail that may be the answer holds what rests on silence, until somebody says what it is."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import working_days_between
from knelpunt.domain.errors import DomainError, TransitionNotAllowed
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus, EventKind, PublicationStatus
from knelpunt.models import Event, IncomingMail, OutboxMail
from knelpunt.services.cases import publication, resolution, reviews, triage
from knelpunt.services.jobs import scheduled
from knelpunt.services.post import deciding
from knelpunt.services.submitters import reactions as submitter
from tests.support.incoming import a_mail, to
from tests.support.statements import counted


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


def test_no_case_closes_on_silence_while_a_mail_may_be_the_reaction(desk, session, take):
    case = desk.bring("voorstel")
    desk.write_public_text(case)
    desk.later(18)
    run_timers(desk, session)
    review = desk.ask_closing(case)
    take(a_mail(to(case)))
    with pytest.raises(TransitionNotAllowed, match="misschien de reactie"):
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    reviews.cancel(desk.context(desk.handler), case.reference, review.id)
    with pytest.raises(TransitionNotAllowed, match="misschien de reactie"):
        desk.ask_closing(case)
    deciding.is_no_answer(desk.context(desk.handler), case.reference, the_mail(session).id)
    session.flush()
    reviews.approve(desk.context(desk.reviewer), case.reference, desk.ask_closing(case).id)
    assert case.status is CaseStatus.CLOSED


def test_a_closing_that_was_asked_before_the_worker_came_is_held_by_a_mail_of_in_time(desk, session, take):
    case = desk.bring("voorstel")
    desk.write_public_text(case)
    desk.later(3)
    take(a_mail(to(case)))
    desk.later(40)
    with pytest.raises(TransitionNotAllowed, match="misschien de reactie"):
        desk.ask_closing(case)
    assert (case.status, case.due_clock) == (CaseStatus.PROPOSED, Clock.K5)


def test_no_preview_ends_in_silence_while_a_mail_may_be_the_objection(desk, session, take, make):
    make.head_of_desk(organisation=desk.ministry)
    case = desk.bring("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    desk.later(3)
    take(a_mail(to(case), body="Ik wil dit niet openbaar."))
    for _day in range(30):
        desk.later(1)
        run_timers(desk, session)
    assert mailed(session, MailKind.TERM_OVER) == []
    assert mailed(session, MailKind.REACTION_REMINDER) == []
    with pytest.raises(DomainError, match="misschien bezwaar"):
        publication.publish(desk.context(desk.handler), case.reference, case.version)
    deciding.is_no_answer(desk.context(desk.handler), case.reference, the_mail(session).id)
    session.flush()
    run_timers(desk, session)
    assert "maakte geen bezwaar" in mailed(session, MailKind.TERM_OVER)[0]
    publication.publish(desk.context(desk.handler), case.reference, case.version)
    assert case.publication is PublicationStatus.PUBLIC


def test_nobody_is_reminded_of_a_proposal_while_a_mail_may_be_the_reaction(desk, session, take):
    case = desk.bring("voorstel")
    desk.later(3)
    take(a_mail(to(case)))
    for _day in range(11):
        desk.later(1)
        run_timers(desk, session)
    assert mailed(session, MailKind.REACTION_REMINDER) == []


def test_a_mail_that_waits_in_the_list_of_mails_is_raised_as_such(desk, session, take):
    case = desk.bring("voorstel")
    take(a_mail(to(case), sender="vreemde@elders.example"))
    desk.later(6)
    run_timers(desk, session)
    (told,) = mailed(session, MailKind.MAIL_ASKS)
    assert "De mail staat nog niet in de zaak." in told
    assert "Lees de mail in de zaak" not in told


def told_of_it(session):
    """How many mails went out about a mail that holds something."""
    return len(mailed(session, MailKind.MAIL_ASKS))


def test_what_a_mail_holds_is_told_again_every_two_weeks(desk, session, take, make):
    make.head_of_desk()
    case = desk.bring("voorstel")
    take(a_mail(to(case)))
    arrived, told, rises = desk.today, 0, []
    for _day in range(60):
        desk.later(1)
        run_timers(desk, session)
        if told_of_it(session) > told:
            rises.append((working_days_between(arrived, desk.today), told_of_it(session) - told))
            told = told_of_it(session)
    # The handler after more than two working days, the head after more than five, and both again after each ten.
    assert rises == [(3, 1), (6, 1), (10, 2), (20, 2), (30, 2), (40, 2)]


def test_who_put_a_mail_in_a_case_has_days_of_its_own_to_decide(desk, session, take, make, intake):
    make.head_of_desk()
    case = desk.bring("voorstel")
    take(a_mail(to(case), sender="vreemde@elders.example"))
    desk.later(9)
    run_timers(desk, session)
    before = told_of_it(session)
    deciding.put_in_case(desk.context(desk.handler), intake, the_mail(session).id, case.reference)
    session.flush()
    assert the_mail(session).asks_handler
    run_timers(desk, session)
    desk.later(1)
    run_timers(desk, session)
    assert told_of_it(session) == before
    desk.later(5)
    run_timers(desk, session)
    assert told_of_it(session) == before + 1


def test_a_case_is_locked_before_the_mail_that_goes_into_it(desk, session, take, connection, intake):
    case = desk.bring("voorstel")
    take(a_mail(to(case), sender="vreemde@elders.example"))
    with counted(connection) as sent:
        deciding.put_in_case(desk.context(desk.handler), intake, the_mail(session).id, case.reference)
        session.flush()
    locks = [" ".join(each.split()) for each in sent if "FOR UPDATE" in each]
    of_case, of_mail = (
        next(place for place, each in enumerate(locks) if f"FROM {table} " in each)
        for table in ("cases", "incoming_mails")
    )
    assert of_case < of_mail


def test_nobody_is_reminded_of_a_question_to_which_a_mail_came_in_meanwhile(desk, session, take):
    case = desk.file()
    desk.take_in(case)
    triage.request_supplement(
        desk.context(desk.triager), case.reference, case.version, question="Welk plan geldt?", why="Dat telt.",
        answer_by=(desk.now + timedelta(days=28)).date(),
    )  # fmt: skip
    desk.later(15)
    (question,) = session.scalars(scheduled._open_questions(desk.system)).all()
    take(a_mail(to(case)))
    scheduled._remind_of_question(desk.system, question)
    assert mailed(session, MailKind.REMINDER_HALFWAY) == []


def test_no_text_is_taken_back_from_under_a_mail_that_may_be_an_objection(desk, session, take):
    case = desk.bring("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    take(a_mail(to(case), body="Ik wil dit niet openbaar."))
    with pytest.raises(DomainError, match="misschien bezwaar"):
        publication.stop_preview(desk.context(desk.handler), case.reference, case.version)
    assert (case.publication, the_mail(session).asks_handler) == (PublicationStatus.PREVIEW, True)
    deciding.is_no_answer(desk.context(desk.handler), case.reference, the_mail(session).id)
    session.flush()
    publication.stop_preview(desk.context(desk.handler), case.reference, case.version)
    assert case.publication is PublicationStatus.INTERNAL


def test_a_mail_that_may_be_an_objection_waits_for_a_person_also_when_its_case_opens_again(desk, session, take):
    case = desk.bring("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    take(a_mail(to(case), body="Ik wil dit niet openbaar."))
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is gewijzigd.")
    session.flush()
    assert case.publication is PublicationStatus.INTERNAL
    desk.later(6)
    run_timers(desk, session)
    assert the_mail(session).asks_handler
    assert len(mailed(session, MailKind.MAIL_ASKS)) == 1


def test_who_agreed_and_wrote_again_is_read_before_the_text_is_public(desk, session, take):
    case = desk.bring("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    take(a_mail(to(case), body="Toch liever niet."))
    with pytest.raises(DomainError, match="misschien bezwaar"):
        publication.publish(desk.context(desk.handler), case.reference, case.version)
    deciding.is_no_answer(desk.context(desk.handler), case.reference, the_mail(session).id)
    session.flush()
    publication.publish(desk.context(desk.handler), case.reference, case.version)
    assert case.publication is PublicationStatus.PUBLIC


@pytest.mark.parametrize("ends", ["withdraw", "close", "object"])
def test_a_case_that_waits_for_nothing_asks_of_no_mail(desk, session, take, ends):
    case = desk.bring("voorstel" if ends in ("withdraw", "close") else "afgesloten")
    if ends == "close":
        submitter.accept_proposal(desk.follower(case), case.reference)
        desk.write_public_text(case)
    if case.status is CaseStatus.CLOSED:
        publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    take(a_mail(to(case)))
    the_mail(session).asks_handler = True
    session.flush()
    if ends == "withdraw":
        submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
    elif ends == "close":
        reviews.approve(desk.context(desk.reviewer), case.reference, desk.ask_closing(case).id)
    else:
        submitter.object_to_text(desk.follower(case), case.reference, "Mijn straat staat erin.")
    session.flush()
    session.expire_all()
    assert not the_mail(session).asks_handler
    desk.later(6)
    run_timers(desk, session)
    assert mailed(session, MailKind.MAIL_ASKS) == []


def test_a_mail_about_something_that_is_over_is_raised_to_nobody(desk, session, take):
    case = desk.bring("afgesloten")
    take(a_mail(to(case)))
    the_mail(session).asks_handler = True  # as one that was held by an older version
    desk.later(6)
    run_timers(desk, session)
    assert mailed(session, MailKind.MAIL_ASKS) == []
    assert session.scalar(select(func.count()).where(IncomingMail.asks_handler)) == 0
