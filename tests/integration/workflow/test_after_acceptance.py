"""After a proposal was accepted a term to close runs; before that, the submitter's term may stand still."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.errors import DomainError, TransitionNotAllowed
from knelpunt.domain.vocabulary import CaseStatus, EventKind, ProposalStatus, ReviewStatus
from knelpunt.models import ClockPeriod, Event, FollowLink, OutboxMail, Proposal
from knelpunt.services.cases import reviews
from knelpunt.services.cases.mail_texts import steps
from knelpunt.services.jobs import scheduled
from knelpunt.services.mail import messages
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import replies, suspensions
from tests.support.page import parse_page


def mail(session, case, kind):
    return session.scalars(select(OutboxMail.body).where(OutboxMail.case_id == case.id, OutboxMail.kind == kind)).one()


def test_ten_working_days_to_close_run_from_the_acceptance_until_the_closing(session, desk, case_in):
    case = case_in("voorstel")
    desk.later(2)  # Thursday 5 November
    submitter.accept_proposal(desk.follower(case), case.reference)
    assert (case.status, case.due_clock, case.due_on) == (CaseStatus.PROPOSED, Clock.CLOSING, date(2026, 11, 19))
    assert "donderdag 19 november 2026" in mail(session, case, "voorstel_aanvaard")
    desk.write_public_text(case)
    desk.later(4)
    reviews.approve(desk.context(desk.reviewer), case.reference, desk.ask_closing(case).id)
    run = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.CLOSING)).one()
    assert (run.stopped_on, case.due_on) == (date(2026, 11, 9), None)


def test_an_accepted_proposal_never_counts_as_one_without_a_reaction(session, desk, case_in):
    case = case_in("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    desk.later(60)
    scheduled.run_due(desk.system, session.flush)
    kinds = session.scalars(select(OutboxMail.kind).where(OutboxMail.case_id == case.id)).all()
    assert "voorstel_geen_reactie" not in kinds


def test_the_term_to_react_stands_still_on_request_and_runs_on_by_itself(session, desk, case_in):
    case = case_in("voorstel")
    assert case.due_on == date(2026, 11, 17)
    suspensions.suspend_term(
        desk.context(desk.handler), case.reference, case.version, until=date(2026, 11, 10), reason="U bent op reis."
    )
    # 4 to 10 November stand still, five working days; ten count from the 11th.
    assert case.due_on == date(2026, 11, 24)
    told = mail(session, case, "termijn_staat_stil")
    assert "U bent op reis." in told
    assert "dinsdag 24 november 2026" in told
    desk.later(20)  # Monday 23 November: the last day but one
    scheduled.run_due(desk.system, session.flush)
    submitter.refuse_proposal(desk.follower(case), case.reference, "Het is te duur.")
    assert case.status is CaseStatus.IN_HANDLING


def test_a_term_that_is_over_or_was_reacted_to_does_not_stand_still(desk, case_in):
    over = case_in("voorstel")
    desk.later(30)
    answered = desk.file()
    with pytest.raises(TransitionNotAllowed, match="geen termijn"):
        suspensions.suspend_term(
            desk.context(desk.handler), over.reference, over.version, until=date(2026, 12, 10), reason="Reis."
        )
    with pytest.raises(TransitionNotAllowed, match="geen termijn"):
        suspensions.suspend_term(
            desk.context(desk.handler), answered.reference, answered.version, until=date(2026, 12, 10), reason="Reis."
        )


def test_an_accepted_proposal_waits_for_the_desk_and_not_for_the_submitter(session, desk, case_in, client_as):
    case = case_in("voorstel")
    staff = client_as(desk.handler)
    waiting = "/werkvoorraad?lijst=wacht-op-indiener"
    assert case.reference in staff.get(waiting).get_data(as_text=True)
    submitter.accept_proposal(desk.follower(case), case.reference)
    session.flush()
    assert case.reference not in staff.get(waiting).get_data(as_text=True)
    page = staff.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "Het loket is aan zet" in page
    assert "Afsluiten na het voorstel" in page


def test_ten_working_days_to_close_run_when_nobody_reacts_and_are_escalated(session, desk, case_in, make, client_as):
    case = case_in("voorstel")
    head = make.head_of_desk(organisation=desk.ministry)
    desk.later(18)  # Saturday 21 November: the last day was Tuesday the 17th
    scheduled.run_due(desk.system, session.flush)
    assert (case.status, case.due_clock, case.due_on) == (CaseStatus.PROPOSED, Clock.CLOSING, date(2026, 12, 4))
    assert "uiterlijk op vrijdag 4 december 2026" in mail(session, case, "voorstel_geen_reactie")
    assert "af te sluiten is vrijdag 4 december 2026" in mail(session, case, "termijn_voorbij")
    assert "Het loket is aan zet" in client_as(desk.handler).get(f"/zaken/{case.reference}").get_data(as_text=True)
    desk.later(14)
    scheduled.run_due(desk.system, session.flush)
    scheduled.run_due(desk.system, session.flush)
    late = session.scalars(select(OutboxMail.to_address).where(OutboxMail.kind == "loket_te_laat")).all()
    assert sorted(late) == sorted([desk.handler.email, head.email])


def test_the_submitter_reads_until_when_the_desk_closes_and_can_still_react(session, desk, case_in, client):
    case = case_in("voorstel")
    desk.later(18)
    scheduled.run_due(desk.system, session.flush)
    case.due_on = nl_day(datetime.now(UTC)) + timedelta(days=3)  # the page lives today
    session.flush()
    link = session.scalars(select(FollowLink).where(FollowLink.case_id == case.id)).first()
    links = client.application.config["LINKS"]
    page = parse_page(client.get(links.follow(link.public_id, link.nonce).removeprefix(links.base_url)))
    assert "De tijd om op ons voorstel te reageren is voorbij. Reageren kan tot wij afsluiten." in page.text
    assert "U krijgt onze afsluitende brief uiterlijk op" in page.text and "Het loket is aan zet" in page.text
    assert "U bent aan zet" not in page.text
    assert page.all("button", "Ja, dit helpt. Ik neem het voorstel aan")


def test_a_case_without_a_reaction_closes_and_says_so(session, desk, case_in):
    case = case_in("voorstel")
    desk.later(18)
    scheduled.run_due(desk.system, session.flush)
    desk.write_public_text(case)
    reviews.approve(desk.context(desk.reviewer), case.reference, desk.ask_closing(case).id)
    assert case.status is CaseStatus.CLOSED
    assert session.scalars(select(Proposal.status)).one() is ProposalStatus.LAPSED


def test_a_late_refusal_ends_the_term_to_close(session, desk, case_in):
    case = case_in("voorstel")
    desk.later(18)
    scheduled.run_due(desk.system, session.flush)
    submitter.refuse_proposal(desk.follower(case), case.reference, "Het is te duur.")
    assert (case.status, case.due_clock) == (CaseStatus.IN_HANDLING, Clock.K4)
    run = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.CLOSING)).one()
    assert run.stopped_on == date(2026, 11, 21)


@pytest.mark.parametrize("reaction", [Reaction.ACCEPT, Reaction.REFUSE])
def test_a_letter_that_was_in_time_takes_the_lapse_back(session, desk, case_in, reaction):
    case = case_in("voorstel")
    desk.later(15)
    scheduled.run_due(desk.system, session.flush)
    received = date(2026, 11, 16)
    told = OnBehalf(ReplyChannel.LETTER, received, case.version)
    replies.write_down(desk.context(desk.handler), case.reference, reaction, "Hierom.", told)
    k5 = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.K5)).one()
    assert k5.stopped_on == received
    runs = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.CLOSING).order_by(ClockPeriod.id)).all()
    assert (runs[0].started_on, runs[0].stopped_on) == (date(2026, 11, 18), date(2026, 11, 18))
    session.scalars(select(Event).where(Event.kind == EventKind.LAPSE_TAKEN_BACK)).one()
    if reaction is Reaction.ACCEPT:
        assert (runs[1].started_on, case.due_clock, case.due_on) == (received, Clock.CLOSING, date(2026, 11, 30))
    else:
        assert case.due_clock is Clock.K4


@pytest.mark.parametrize("worker_came", [True, False])
def test_a_late_acceptance_counts_the_same_whether_or_not_the_worker_came_first(session, desk, case_in, worker_came):
    case = case_in("voorstel")
    desk.later(20)  # Monday 23 November; the last day was the 17th
    if worker_came:
        scheduled.run_due(desk.system, session.flush)
    submitter.accept_proposal(desk.follower(case), case.reference)
    k5 = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.K5)).one()
    assert (k5.stopped_on, case.due_clock, case.due_on) == (date(2026, 11, 17), Clock.CLOSING, date(2026, 12, 7))


def test_a_late_refusal_counts_before_the_worker_came_too(session, desk, case_in):
    case = case_in("voorstel")
    desk.later(20)
    submitter.refuse_proposal(desk.follower(case), case.reference, "Het is te duur.")
    k5 = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.K5)).one()
    assert (k5.stopped_on, case.status, case.due_clock) == (date(2026, 11, 17), CaseStatus.IN_HANDLING, Clock.K4)
    assert session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.CLOSING)).all() == []


def test_who_was_told_of_the_end_before_there_was_a_day_hears_of_the_day(session, desk, case_in):
    """Before 0.5.0 no term ran from there, and the mail named no day."""
    case = case_in("voorstel")
    proposal = session.scalars(select(Proposal)).one()
    old = steps.proposal_lapsed(react_by=case.due_on, next_date=None)
    messages.notify_submitter(desk.system, case, old, once_key=f"voorstel-geen-reactie:{proposal.id}")
    desk.later(78)  # 20 January
    scheduled.run_due(desk.system, session.flush)
    assert (case.due_clock, case.due_on) == (Clock.CLOSING, date(2027, 2, 3))
    told = select(OutboxMail.body).where(OutboxMail.kind == "voorstel_geen_reactie").order_by(OutboxMail.id)
    _old, new = session.scalars(told).all()
    assert "uiterlijk op woensdag 3 februari 2027" in new


def test_an_acceptance_that_was_written_down_very_late_promises_no_day_that_went_by(session, desk, case_in):
    case = case_in("voorstel")
    received = desk.today + timedelta(days=1)
    desk.later(40)
    told = OnBehalf(ReplyChannel.LETTER, received, case.version)
    replies.write_down(desk.context(desk.handler), case.reference, Reaction.ACCEPT, "Prima.", told)
    assert (desk.today, case.due_clock, case.due_on) == (date(2026, 12, 13), Clock.CLOSING, date(2026, 12, 28))


def test_a_refusal_that_was_written_down_very_late_promises_no_day_that_went_by(session, desk, case_in):
    case = case_in("voorstel")
    run = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.K4)).one()
    run.started_on -= timedelta(days=120)  # nothing is left of it, so that the least counts
    received = desk.today + timedelta(days=1)
    desk.later(40)
    told = OnBehalf(ReplyChannel.LETTER, received, case.version)
    replies.write_down(desk.context(desk.handler), case.reference, Reaction.REFUSE, "Te duur.", told)
    assert (desk.today, case.due_clock, case.due_on) == (date(2026, 12, 13), Clock.K4, date(2026, 12, 28))
    assert "maandag 28 december 2026" in mail(session, case, "voorstel_niet_aanvaard")


def test_a_refusal_that_was_written_down_late_goes_on_from_its_own_day_while_that_can_be_kept(desk, session, case_in):
    case = case_in("voorstel")
    run = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.K4)).one()
    run.started_on -= timedelta(days=120)
    received = desk.today + timedelta(days=1)
    desk.later(6)
    told = OnBehalf(ReplyChannel.LETTER, received, case.version)
    replies.write_down(desk.context(desk.handler), case.reference, Reaction.REFUSE, "Te duur.", told)
    assert (case.due_clock, case.due_on) == (Clock.K4, received + timedelta(days=14))


def test_asking_to_close_before_the_worker_came_ends_the_time_to_react_first(session, desk, case_in):
    case = case_in("voorstel")
    desk.later(40)  # Sunday 13 December; the last day was 17 November
    desk.write_public_text(case)
    review = desk.ask_closing(case)
    assert (case.due_clock, case.due_on) == (Clock.CLOSING, date(2026, 12, 28))
    assert "tot en met dinsdag 17 november 2026" in mail(session, case, "voorstel_geen_reactie")
    scheduled.run_due(desk.system, session.flush)
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    runs = session.scalars(select(ClockPeriod).where(ClockPeriod.clock.in_((Clock.K5, Clock.CLOSING)))).all()
    assert {run.clock: run.stopped_on for run in runs} == {
        Clock.K5: date(2026, 11, 17), Clock.CLOSING: date(2026, 12, 13)
    }  # fmt: skip
    session.scalars(select(Event).where(Event.kind == EventKind.REACTION_ENDED)).one()
    mail(session, case, "voorstel_geen_reactie")


@pytest.mark.parametrize("by_desk", [False, True])
def test_an_acceptance_ends_the_closing_on_silence_that_waited(session, desk, make, case_in, by_desk):
    case = case_in("voorstel")
    desk.write_public_text(case)
    desk.later(18)
    scheduled.run_due(desk.system, session.flush)
    review = desk.ask_closing(case)
    review.requested_by_id = make.handler(organisation=desk.ministry).id
    session.flush()
    if by_desk:
        told = OnBehalf(ReplyChannel.TELEPHONE, desk.today, case.version)
        replies.write_down(desk.context(desk.handler), case.reference, Reaction.ACCEPT, "Prima.", told)
    else:
        submitter.accept_proposal(desk.follower(case), case.reference)
    assert review.status is ReviewStatus.CANCELLED
    with pytest.raises(DomainError, match="al besloten"):
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    assert session.scalars(select(Proposal.status)).one() is ProposalStatus.ACCEPTED
    bodies = session.scalars(select(OutboxMail.body).where(OutboxMail.kind == "reactie_indiener")).all()
    assert len([body for body in bodies if "De toetsing die nog wachtte, is ingetrokken." in body]) == 2 - by_desk


def test_a_late_letter_of_before_the_worker_came_ends_the_term_on_the_day_on_which_it_began(session, desk, case_in):
    case = case_in("voorstel")
    desk.later(20)  # Monday 23 November; the last day was the 17th
    scheduled.run_due(desk.system, session.flush)
    told = OnBehalf(ReplyChannel.LETTER, date(2026, 11, 19), case.version)
    replies.write_down(desk.context(desk.handler), case.reference, Reaction.REFUSE, "Te duur.", told)
    run = session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.CLOSING)).one()
    assert (run.started_on, run.stopped_on, run.fell_away) == (date(2026, 11, 23), date(2026, 11, 23), True)
