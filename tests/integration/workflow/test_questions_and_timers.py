"""Questions to the submitter, clocks that stand still, and what the calendar does by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound, OperationalError

from knelpunt.adapters.log_lines import describe
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.errors import DomainError, NotFound, TransitionNotAllowed
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import CaseStatus, EventKind, Result
from knelpunt.models import Case, ClockPeriod, Contact, Draft, Event, Message, OutboxMail
from knelpunt.services.cases import triage
from knelpunt.services.filing import intake
from knelpunt.services.jobs import scheduled
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import replies

QUESTION = {"question": "Welk plan geldt hier?", "why": "Zonder plan kunnen wij de regel niet vinden."}


def ask(desk, case, answer_by):
    triage.request_supplement(desk.context(desk.handler), case.reference, case.version, answer_by=answer_by, **QUESTION)


def question_of(session, case):
    return session.scalars(select(Message).where(Message.case_id == case.id, Message.kind == "vraag")).one()


def run_timers(session, desk):
    return scheduled.run_due(desk.system, session.flush)


def mails(session, case):
    return list(session.scalars(select(OutboxMail.kind).where(OutboxMail.case_id == case.id).order_by(OutboxMail.id)))


def clock(session, case, wanted):
    rows = session.scalars(
        select(ClockPeriod).where(ClockPeriod.case_id == case.id, ClockPeriod.clock == wanted).order_by(ClockPeriod.id)
    )
    return rows.all()[-1]


def test_the_clock_stands_still_from_the_next_day_and_the_due_date_moves_by_the_days(session, desk, case_in):
    case = case_in("in_triage")
    assert case.due_on == date(2026, 11, 17)
    desk.later(1)
    ask(desk, case, date(2026, 11, 18))
    assert (case.status, case.due_on, case.suspended_until) == (
        CaseStatus.AWAITING_SUPPLEMENT,
        None,
        date(2026, 11, 18),
    )
    desk.later(6)
    submitter.answer(desk.follower(case), case.reference, question_of(session, case).id, "Het plan van 2019.")
    assert (case.status, case.suspended_until) == (CaseStatus.IN_TRIAGE, None)
    # 4 November was used; 5, 6, 9 and 10 November stood still: four working days, from 17 to 23 November.
    assert case.due_on == date(2026, 11, 23)
    assert clock(session, case, Clock.K2).due_on == date(2026, 11, 23)
    assert not case.got_no_reaction


def test_an_answer_on_the_day_of_the_question_leaves_every_day_to_the_clock(session, desk, case_in):
    case = case_in("in_triage")
    due_on = case.due_on
    ask(desk, case, date(2026, 11, 20))
    submitter.answer(desk.follower(case), case.reference, question_of(session, case).id, "Het plan van 2019.")
    run = clock(session, case, Clock.K2)
    assert (case.due_on, run.due_on) == (due_on, due_on)
    (stretch,) = run.suspensions
    assert (stretch.from_day, stretch.until_day) == (date(2026, 11, 4), date(2026, 11, 3))


@pytest.mark.parametrize(
    ("days", "due_on"), [(0, date(2026, 11, 17)), (6, date(2026, 11, 23))], ids=["the same day", "six days later"]
)
def test_withdrawing_ends_the_question_and_what_stood_still(session, desk, case_in, days, due_on):
    case = case_in("in_triage")
    ask(desk, case, date(2026, 11, 20))
    today = desk.later(days).now.date()
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
    assert (case.status, case.result, case.closed_on) == (CaseStatus.WITHDRAWN, Result.WITHDRAWN, today)
    assert (case.suspended_until, case.status_before_supplement, case.due_on) == (None, None, None)
    question = question_of(session, case)
    assert (question.answered_on, question.lapsed_on) == (None, today)
    run = clock(session, case, Clock.K2)
    assert (run.stopped_on, run.due_on, run.suspensions[0].until_day) == (today, due_on, today)
    before = mails(session, case)
    desk.later(30)
    run_timers(session, desk)
    assert mails(session, case) == before
    with pytest.raises(DomainError, match="niets meer toevoegen"):
        submitter.answer(desk.follower(case), case.reference, question.id, "Toch nog.")


def test_no_question_beside_a_step_that_waits_for_a_second_person(session, desk, case_in):
    case = case_in("in_triage")
    desk.weigh(case)
    desk.ask_verdict(case)
    with pytest.raises(TransitionNotAllowed, match="wacht al een stap op een tweede persoon"):
        ask(desk, case, date(2026, 11, 20))
    assert (case.status, case.due_clock) == (CaseStatus.IN_TRIAGE, Clock.K2)


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2026, 11, 16), False),
        (date(2026, 11, 17), True),  # the tenth working day
        (date(2027, 1, 28), True),  # the sixtieth
        (date(2027, 1, 29), False),
    ],
)
def test_a_term_that_is_too_short_or_too_long_is_refused(desk, case_in, day, fits):
    case = case_in("in_triage")
    if fits:
        ask(desk, case, day)
        assert case.suspended_until == day
        return
    with pytest.raises(DomainError) as refused:
        ask(desk, case, day)
    assert refused.value.field == "answer_by"
    assert case.status is CaseStatus.IN_TRIAGE


@pytest.mark.parametrize(
    ("asked_on", "given", "kept"),
    [
        (date(2026, 11, 3), date(2026, 11, 21), date(2026, 11, 23)),  # a Saturday
        (date(2027, 3, 1), date(2027, 3, 26), date(2027, 3, 30)),  # Good Friday, and then Easter
        (date(2026, 12, 1), date(2026, 12, 25), date(2026, 12, 28)),  # Christmas before a weekend
    ],
)
def test_a_last_day_without_work_moves_on(session, desk, case_in, asked_on, given, kept):
    case = case_in("in_triage")
    desk.now = datetime(asked_on.year, asked_on.month, asked_on.day, 11, tzinfo=UTC)
    ask(desk, case, given)
    assert (case.suspended_until, question_of(session, case).answer_by) == (kept, kept)
    assert date_in_words(kept) in session.scalars(select(OutboxMail.body).where(OutboxMail.kind == "vraag")).one()


def test_what_fails_keeps_nothing_else_waiting_and_is_told_at_the_end(session, desk, case_in, monkeypatch):
    case, other = case_in("in_triage"), case_in("in_triage")
    ask(desk, case, date(2026, 11, 20))
    titles = [case.title, other.title]
    desk.now = datetime(2026, 11, 23, 11, tzinfo=UTC)

    def fail(context, case_id):
        context.session.get_one(Case, case_id).title = "Half gedaan"
        context.session.flush()
        raise ValueError(case_id)

    # Mergers come before everything else.
    monkeypatch.setattr(scheduled.mergers, "due", lambda _context: select(Case.id).order_by(Case.id))
    monkeypatch.setattr(scheduled.mergers, "carry_out", fail)
    with pytest.raises(ExceptionGroup) as failed:
        scheduled.run_due(desk.system, session.commit)
    assert [error.args for error in failed.value.exceptions] == [(case.id,), (other.id,)]
    told = describe(failed.value)
    assert (told["count"], [each["error"] for each in told["errors"]]) == (2, ["ValueError", "ValueError"])
    assert [case.title, other.title] == titles
    assert question_of(session, case).lapsed_on == date(2026, 11, 20)
    assert case.status is CaseStatus.IN_TRIAGE


def test_what_cannot_even_be_found_keeps_nothing_else_waiting(session, desk, case_in, monkeypatch):
    case = case_in("in_triage")
    ask(desk, case, date(2026, 11, 20))
    desk.now = datetime(2026, 11, 23, 11, tzinfo=UTC)
    session.commit()
    monkeypatch.setattr(scheduled.mergers, "due", lambda context: [context.session.get_one(Case, 0)])
    with pytest.raises(ExceptionGroup) as failed:
        scheduled.run_due(desk.system, session.commit)
    assert [type(error) for error in failed.value.exceptions] == [NoResultFound]
    assert question_of(session, case).lapsed_on == date(2026, 11, 20)


def test_a_database_that_is_lost_ends_the_run_at_once(session, desk, case_in, monkeypatch):
    case = case_in("in_triage")
    ask(desk, case, date(2026, 11, 20))
    desk.now = datetime(2026, 11, 23, 11, tzinfo=UTC)

    def lose(_context, _case_id):
        raise OperationalError("", None, Exception())

    monkeypatch.setattr(scheduled.mergers, "due", lambda _context: select(Case.id))
    monkeypatch.setattr(scheduled.mergers, "carry_out", lose)
    with pytest.raises(OperationalError):
        scheduled.run_due(desk.system, session.commit)
    assert question_of(session, case).lapsed_on is None


def test_reminders_go_out_half_way_and_two_days_before_each_once(session, desk, case_in):
    case = case_in("in_triage")
    ask(desk, case, date(2026, 11, 23))
    before = mails(session, case)
    for _day in range(20):
        desk.later(1)
        run_timers(session, desk)
        run_timers(session, desk)
    assert mails(session, case)[len(before) :] == [
        "herinnering_halverwege",
        "herinnering_laatste",
    ]


def test_a_term_that_ran_out_says_no_reaction_and_never_an_answer(session, desk, case_in):
    case = case_in("in_triage")
    ask(desk, case, date(2026, 11, 17))
    desk.later(14)
    run_timers(session, desk)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT, "the last day itself is still in time"
    desk.later(3)
    run_timers(session, desk)
    assert (case.status, case.got_no_reaction) == (CaseStatus.IN_TRIAGE, True)
    kinds = session.scalars(select(Event.kind).where(Event.case_id == case.id)).all()
    assert EventKind.SUPPLEMENT_LAPSED in kinds
    assert EventKind.SUPPLEMENT_RECEIVED not in kinds
    assert question_of(session, case).answered_on is None
    # The clock ran again from 18 November: ten working days were left, whenever the worker came by.
    assert case.due_on == date(2026, 12, 1)
    assert mails(session, case)[-1] == "geen_reactie"
    with pytest.raises(DomainError, match="voorbij"):
        submitter.answer(desk.follower(case), case.reference, question_of(session, case).id, "Te laat.")
    ask(desk, case, date(2026, 12, 10))
    assert not case.got_no_reaction, "the next question may well be answered"


def test_an_answer_that_comes_while_the_timer_looks_is_an_answer(session, desk, case_in):
    case = case_in("in_triage")
    ask(desk, case, date(2026, 11, 17))
    desk.later(15)
    question = question_of(session, case)

    def answer_first():
        if question.answered_on is None:
            told = OnBehalf(ReplyChannel.TELEPHONE, date(2026, 11, 17), case.version)
            replies.write_down(desk.context(desk.handler), case.reference, Reaction.ANSWER, "Het plan van 2019.", told)
        session.flush()

    scheduled.run_due(desk.system, answer_first)
    assert (case.status, case.got_no_reaction, question.lapsed_on) == (CaseStatus.IN_TRIAGE, False, None)
    assert "geen_reactie" not in mails(session, case)


def test_an_answer_after_the_last_day_is_late_also_when_no_timer_said_so_yet(session, desk, case_in):
    case = case_in("in_triage")
    ask(desk, case, date(2026, 11, 17))
    desk.later(15)
    with pytest.raises(DomainError, match="voorbij"):
        submitter.answer(desk.follower(case), case.reference, question_of(session, case).id, "Te laat.")
    told = OnBehalf(ReplyChannel.LETTER, date(2026, 11, 18), case.version)
    with pytest.raises(DomainError, match="liep tot en met dinsdag 17 november 2026") as refused:
        replies.write_down(desk.context(desk.handler), case.reference, Reaction.ANSWER, "Te laat.", told)
    assert refused.value.field == "received_on"
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT
    run_timers(session, desk)
    assert (case.status, case.got_no_reaction, case.due_on) == (CaseStatus.IN_TRIAGE, True, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("received", "due_on"), [(date(2026, 11, 17), date(2026, 12, 1)), (date(2026, 11, 12), date(2026, 11, 26))]
)
def test_a_lapse_is_taken_back_when_the_answer_was_here_in_time(session, desk, case_in, received, due_on):
    case = case_in("in_triage")
    ask(desk, case, date(2026, 11, 17))
    desk.later(15)
    run_timers(session, desk)
    assert case.got_no_reaction
    told = OnBehalf(ReplyChannel.LETTER, received, case.version)
    replies.write_down(desk.context(desk.handler), case.reference, Reaction.ANSWER, "Het plan van 2019.", told)
    question = question_of(session, case)
    assert (question.answered_on, question.lapsed_on) == (received, None)
    assert (case.status, case.got_no_reaction, case.due_on) == (CaseStatus.IN_TRIAGE, False, due_on)
    stretch = clock(session, case, Clock.K2).suspensions[0]
    assert (stretch.from_day, stretch.until_day) == (date(2026, 11, 4), received)
    event = session.scalars(select(Event).where(Event.kind == EventKind.LAPSE_TAKEN_BACK)).one()
    assert (event.data["vraag"], event.data["ontvangen_op"]) == (question.id, received.isoformat())
    assert mails(session, case)[-1] == "antwoord_ontvangen"


def test_only_a_question_is_answered(session, desk, case_in):
    case = case_in("in_triage")
    notice = triage.send_message(desk.context(desk.handler), case.reference, "Wij zijn bezig.")
    with pytest.raises(NotFound):
        submitter.answer(desk.follower(case), case.reference, notice.id, "Dank.")


def test_a_lapsed_reaction_term_decides_nothing(session, desk, case_in):
    case = case_in("voorstel")
    desk.later(20)
    run_timers(session, desk)
    run_timers(session, desk)
    assert case.status is CaseStatus.PROPOSED
    assert mails(session, case).count("voorstel_geen_reactie") == 1
    submitter.accept_proposal(desk.follower(case), case.reference)
    assert (case.due_clock, case.due_on) == (Clock.CLOSING, date(2026, 12, 7))


def test_a_contact_is_erased_the_day_after_its_end_and_not_before(session, desk):
    case = desk.file()
    contact = session.get(Contact, case.id)
    contact.ends_on = date(2027, 3, 1)
    session.flush()
    desk.now = datetime(2027, 3, 1, 22, 0, tzinfo=UTC)
    run_timers(session, desk)
    assert session.get(Contact, case.id).email is not None
    desk.now = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    run_timers(session, desk)
    assert session.get(Contact, case.id).email is None
    assert session.scalars(select(OutboxMail.to_address).where(OutboxMail.case_id == case.id)).all() == [None]


def test_a_draft_that_was_saved_after_a_warning_is_warned_anew(session, desk):
    draft = intake.create_draft(desk.as_(VISITOR), {"title": "Half verhaal", "contact_email": "half@proef.example"})
    desk.later(61)
    run_timers(session, desk)
    intake.save_draft(desk.as_(VISITOR), draft.key, draft.version, {"title": "Heel verhaal"})
    desk.later(61)
    run_timers(session, desk)
    assert session.get(Draft, draft.id) is not None
    warnings = select(OutboxMail.to_address).where(OutboxMail.kind == "concept_verloopt")
    assert session.scalars(warnings).all() == ["half@proef.example"] * 2


def test_a_draft_is_warned_after_sixty_days_and_gone_after_ninety(session, desk):
    context = desk.as_(VISITOR)
    draft = intake.create_draft(context, {"title": "Half verhaal", "contact_email": "half@proef.example"})
    desk.later(60)
    run_timers(session, desk)
    assert session.get(Draft, draft.id).warned_at is None
    desk.now += timedelta(minutes=1)
    run_timers(session, desk)
    run_timers(session, desk)
    warned = session.scalars(select(OutboxMail.to_address).where(OutboxMail.kind == "concept_verloopt")).all()
    assert warned == ["half@proef.example"]
    desk.later(29)
    run_timers(session, desk)
    assert session.scalar(select(Draft.id).where(Draft.id == draft.id)) == draft.id
    desk.later(1)
    run_timers(session, desk)
    assert session.scalar(select(Draft.id).where(Draft.id == draft.id)) is None
