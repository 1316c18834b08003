"""Aftercare: one question three and twelve months after closing, once, and what comes of the answer."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.replies import OnBehalf, ReplyChannel
from knelpunt.domain.errors import DomainError
from knelpunt.domain.vocabulary import AftercareAnswer, CaseStatus, Channel
from knelpunt.models import Aftercare, ClockPeriod, Letter, OutboxMail
from knelpunt.services.cases import resolution
from knelpunt.services.filing import intake
from knelpunt.services.jobs import scheduled
from knelpunt.services.submitters import aftercare, second_look
from knelpunt.services.submitters import reactions as submitter
from tests.support.desk import FILING


def at(desk, *day):
    desk.now = datetime(*day, 8, 0, tzinfo=UTC)
    return desk


def run_timers(session, desk, times=2):
    for _ in range(times):
        scheduled.run_due(desk.system, session.flush)


def questions(session, case):
    return session.scalars(select(Aftercare).where(Aftercare.case_id == case.id).order_by(Aftercare.id)).all()


def mails(session, case):
    found = select(OutboxMail).where(OutboxMail.case_id == case.id, OutboxMail.kind == "nazorg")
    return session.scalars(found.order_by(OutboxMail.id)).all()


def answer(desk, case, row, given, **more):
    return aftercare.answer(desk.follower(case), case.reference, row.id, given=given, words="Zo ging het.", **more)


def test_the_question_goes_out_on_its_day_once_for_each_moment(session, desk, case_in):
    """Closed on 3 November 2026: the moments are 3 February and 3 November 2027, with both changes of the clock in
    between."""
    case = case_in("afgesloten")
    for day, asked in (
        ((2027, 2, 2), []),
        ((2027, 2, 3), [3]),
        ((2027, 3, 29), [3]),
        ((2027, 10, 31), [3]),
        ((2027, 11, 2), [3]),
        ((2027, 11, 3), [3, 12]),
        ((2027, 12, 1), [3, 12]),
    ):
        run_timers(session, at(desk, *day))
        assert [row.months for row in questions(session, case)] == asked
        assert len(mails(session, case)) == len(asked)
    first, second = mails(session, case)
    assert "3 maanden geleden" in first.body
    assert "Een jaar geleden" in second.body
    assert "?antwoord=nog_vast" in first.body
    runs = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.K9).order_by(ClockPeriod.id)).all()
    assert [run.stopped_on for run in runs] == [date(2027, 2, 3), date(2027, 11, 3)]


def test_a_moment_in_the_weekend_moves_on_for_three_months_and_not_for_twelve(session, desk, case_in):
    at(desk, 2026, 11, 5)  # 5 February 2027 is a Friday, 5 November 2027 as well
    at(desk, 2026, 11, 6)  # 6 February and 6 November 2027 are Saturdays
    case_in("afgesloten")
    due = session.scalars(
        select(ClockPeriod.due_on).where(ClockPeriod.clock == Clock.K9).order_by(ClockPeriod.length)
    ).all()
    assert due == [date(2027, 2, 8), date(2027, 11, 6)]


def test_who_missed_the_first_moment_is_asked_only_the_second(session, desk, case_in):
    case = case_in("afgesloten")
    run_timers(session, at(desk, 2027, 11, 4))
    assert [row.months for row in questions(session, case)] == [12]
    assert len(mails(session, case)) == 1


def test_nobody_is_asked_whose_case_is_not_closed_by_the_desk(session, desk, case_in, make):
    withdrawn, erased, imported = case_in("in_behandeling"), case_in("afgesloten"), case_in("afgesloten")
    submitter.withdraw(desk.follower(withdrawn), withdrawn.reference, "", erase_contact=False)
    submitter.erase_contact(desk.follower(erased), erased.reference)
    imported.channel = Channel.IMPORT
    session.flush()
    run_timers(session, at(desk, 2027, 2, 3))
    assert session.scalars(select(Aftercare)).all() == []


def test_a_case_that_is_looked_at_again_is_asked_when_it_is_closed(session, desk, case_in):
    case = case_in("afgesloten")
    second_look.ask(desk.follower(case), case.reference, ["Kijk nog eens."])
    run_timers(session, at(desk, 2027, 2, 3))
    assert questions(session, case) == []


def test_who_has_no_mail_address_gets_a_letter_and_tells_the_desk(session, desk):
    data = {
        "municipality_id": str(desk.make.municipality().id),
        **FILING,
        "contact_email": "",
        "contact_address": "Kerkweg 1",
    }
    draft = intake.create_draft_at_desk(desk.context(desk.triager), data)
    case = intake.file_case(desk.context(desk.triager), draft.key, draft.version)
    desk.take_in(case)
    desk.weigh(case)
    desk.start_handling(case)
    desk.propose(case)
    desk.close(case)
    for letter in session.scalars(select(Letter).where(Letter.case_id == case.id)):
        letter.sent_on = desk.today
    session.flush()
    run_timers(session, at(desk, 2027, 2, 3))
    letter = session.scalars(select(Letter).where(Letter.case_id == case.id, Letter.kind == "nazorg")).one()
    assert "Bel of schrijf" in letter.body
    (row,) = questions(session, case)
    told = OnBehalf(ReplyChannel.TELEPHONE, date(2027, 2, 3), case.version)
    aftercare.answer(
        desk.context(desk.triager), case.reference, row.id, given=AftercareAnswer.YES, words="", on_behalf=told
    )
    assert (row.answer, row.answered_on) == (AftercareAnswer.YES, date(2027, 2, 3))


def asked(session, desk, case_in):
    case = case_in("afgesloten")
    run_timers(session, at(desk, 2027, 2, 3))
    (row,) = questions(session, case)
    return case, row


def test_a_later_answer_replaces_an_earlier_one(session, desk, case_in):
    case, row = asked(session, desk, case_in)
    answer(desk, case, row, AftercareAnswer.BUSY, asks_reopening=True)
    assert not row.asks_reopening  # only who is stuck can ask for that
    answer(desk, case, row, AftercareAnswer.NO)
    assert (row.answer, row.words) == (AftercareAnswer.NO, "Zo ging het.")
    kinds = session.scalars(select(OutboxMail.kind).where(OutboxMail.account_id == desk.handler.id)).all()
    assert kinds.count("reactie_indiener") >= 2


def test_who_is_stuck_asks_for_reopening_and_the_desk_opens_the_case(session, desk, case_in):
    case, row = asked(session, desk, case_in)
    answer(desk, case, row, AftercareAnswer.STUCK, asks_reopening=True)
    assert (row.asks_reopening, row.settled_on, case.status) == (True, None, CaseStatus.CLOSED)
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "Het project zit nog vast.")
    assert (case.status, row.settled_on) == (CaseStatus.IN_HANDLING, date(2027, 2, 3))
    with pytest.raises(DomainError, match="al besloten"):
        answer(desk, case, row, AftercareAnswer.YES)
    run_timers(session, at(desk, 2027, 11, 3))
    assert len(questions(session, case)) == 1


def test_or_tells_why_it_stays_closed(session, desk, case_in):
    case, row = asked(session, desk, case_in)
    with pytest.raises(DomainError, match="heeft niet gevraagd"):
        resolution.decline_reopening(desk.context(desk.handler), case.reference, case.version, "Nee.")
    answer(desk, case, row, AftercareAnswer.STUCK, asks_reopening=True)
    resolution.decline_reopening(desk.context(desk.handler), case.reference, case.version, "De regel is hetzelfde.")
    assert (case.status, row.settled_on) == (CaseStatus.CLOSED, date(2027, 2, 3))
    told = session.scalars(select(OutboxMail.body).where(OutboxMail.kind == "heropening_afgewezen")).one()
    assert "De regel is hetzelfde." in told
