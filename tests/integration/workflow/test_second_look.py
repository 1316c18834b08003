"""A second look at a closed case: who may do what, when it can be asked, and what comes of it."""

from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Result, SecondLookOutcome
from knelpunt.models import ClockPeriod, Contact, Event, Letter, OutboxMail, SecondLook
from knelpunt.services.cases import publication, resolution, reviews, second_looks, triage
from knelpunt.services.jobs import scheduled
from knelpunt.services.mail import letters
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import replies, second_look, suspensions
from tests.support.statements import counted

POINTS = ["U las de brief van 2019 niet.", "De buurgemeente doet het wel."]
LAST_DAY = date(2026, 12, 15)
"""Six weeks after Tuesday 3 November 2026, on which the desk of these tests closes its cases."""


@pytest.fixture
def head(make, desk):
    return make.head_of_desk(organisation=desk.ministry)


@pytest.fixture
def second(make, desk):
    return make.handler(organisation=desk.ministry)


@pytest.fixture
def closed(case_in):
    return case_in("afgesloten")


def ask(desk, case, points=POINTS):
    return second_look.ask(desk.follower(case), case.reference, points)


def name(desk, case, head, second):
    second_looks.name_handler(desk.context(head), case.reference, case.version, second.id)


def decide(desk, case, head, second, outcome, answers=("Die is nu gelezen.", "Dat is een ander plan.")):
    review = resolution.request_second_look_outcome(
        desk.context(second), case.reference, case.version, outcome=outcome, answers=answers, reason="Dit is waarom."
    )
    reviews.approve(desk.context(head), case.reference, review.id)


def last_mail(session, case, kind):
    found = select(OutboxMail.body).where(OutboxMail.case_id == case.id, OutboxMail.kind == kind)
    return session.scalars(found.order_by(OutboxMail.id.desc())).first()


def told_heads(session):
    return session.scalars(select(OutboxMail.account_id).where(OutboxMail.kind == "heroverweging_wacht")).all()


def runs(session, case, clock):
    found = select(ClockPeriod).where(ClockPeriod.case_id == case.id, ClockPeriod.clock == clock)
    return session.scalars(found.order_by(ClockPeriod.id)).all()


def test_a_request_leaves_the_first_handler_and_waits_for_the_head(session, desk, closed, head, second):
    ask(desk, closed)
    assert (closed.status, closed.handler_id, closed.due_clock) == (CaseStatus.RECONSIDERATION, None, Clock.K8)
    assert closed.due_on == LAST_DAY
    assert closed.result is Result.WITH_ONTHEFFING
    mail = last_mail(session, closed, "heroverweging_ontvangen")
    assert all(point in mail for point in POINTS)
    assert "dinsdag 15 december 2026" in mail
    assert told_heads(session) == [head.id]
    name(desk, closed, head, second)
    assert closed.handler_id == second.id
    assert second.name in last_mail(session, closed, "tweede_behandelaar")


@pytest.mark.usefixtures("head")
def test_the_heads_are_read_once_to_tell_them(connection, desk, closed):
    ask(desk, closed)
    with counted(connection) as sent:
        second_looks.tell_heads(desk.system, closed)
    assert len([each for each in sent if "accounts.role IN" in each]) == 1


def test_whoever_handled_the_case_can_do_nothing_in_it(make, session, client_as, desk, closed, head, second):
    ask(desk, closed)
    letter = make.add(Letter(case_id=closed.id, kind="bericht", subject="x", body="y", written_at=desk.now))
    context, reference = desk.context(desk.handler), closed.reference
    for act in (
        lambda: triage.add_note(context, reference, "Ik wil nog iets kwijt."),
        lambda: triage.send_message(context, reference, "Dag."),
        lambda: publication.save_public_text(context, reference, closed.version, title="T", question="V", answer="A"),
        lambda: resolution.request_second_look_outcome(
            context, reference, closed.version, outcome=SecondLookOutcome.KEPT, answers=POINTS, reason="Nee."
        ),
        lambda: letters.mark_sent(context, letter.id, desk.today),
    ):
        with pytest.raises(PermissionDenied, match="U behandelde deze zaak eerder"):
            act()
    assert letter.sent_on is None
    session.commit()
    page = client_as(desk.handler).get(f"/post/{letter.id}").get_data(as_text=True)
    assert "U behandelde deze zaak eerder" in page
    assert "Dit bericht is verstuurd" not in page
    assert "Open het adres" not in page
    name(desk, closed, head, second)
    decide(desk, closed, head, second, SecondLookOutcome.KEPT)
    triage.add_note(context, reference, "Nu kan het weer.")
    letters.mark_sent(context, letter.id, desk.today)


def test_only_somebody_without_a_part_in_the_case_looks_again(make, desk, closed, head):
    ask(desk, closed)
    for account, why in (
        (desk.handler, "werkte al aan deze zaak"),
        (head, "U beslist over de uitkomst"),
        (desk.reviewer, "kan behandelen"),
    ):
        with pytest.raises(DomainError, match=why):
            name(desk, closed, head, account)
    with pytest.raises(DomainError, match="hoofd van het loket wijst aan"):
        triage.assign(desk.context(desk.triager), closed.reference, closed.version, make.handler().id)
    with pytest.raises(PermissionDenied):
        name(desk, closed, desk.triager, make.handler())


def test_who_agreed_to_the_closing_does_not_look_again(make, desk, case_in, head, second):
    case = case_in("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    desk.write_public_text(case)
    other_head = make.head_of_desk(organisation=desk.ministry)
    reviews.approve(desk.context(other_head), case.reference, desk.ask_closing(case).id)
    ask(desk, case)
    with pytest.raises(DomainError, match="werkte al aan deze zaak"):
        name(desk, case, head, other_head)
    name(desk, case, head, second)


def test_an_outcome_that_stays_closes_the_case_again_with_an_answer_to_each_point(session, desk, closed, head, second):
    ask(desk, closed)
    name(desk, closed, head, second)
    with pytest.raises(DomainError, match="Beantwoord elk punt") as refused:
        decide(desk, closed, head, second, SecondLookOutcome.KEPT, answers=["Alleen dit."])
    assert refused.value.field == "answer_2"
    desk.later(10)
    decide(desk, closed, head, second, SecondLookOutcome.KEPT)
    assert (closed.status, closed.result, closed.due_on) == (CaseStatus.CLOSED, Result.WITH_ONTHEFFING, None)
    assert [run.stopped_on for run in runs(session, closed, Clock.K8)] == [date(2026, 11, 13)]
    mail = last_mail(session, closed, "heroverweging_uitkomst")
    for words in (*POINTS, "Die is nu gelezen.", "Dit is waarom.", "Nationale ombudsman"):
        assert words in mail
    with pytest.raises(DomainError, match="Dat kan één keer"):
        ask(desk, closed)


@pytest.mark.parametrize("outcome", [SecondLookOutcome.CHANGED, SecondLookOutcome.PARTLY])
def test_another_outcome_opens_the_case_with_a_whole_term(session, desk, closed, head, second, outcome):
    ask(desk, closed)
    name(desk, closed, head, second)
    decide(desk, closed, head, second, outcome)
    assert (closed.status, closed.result, closed.handler_id) == (CaseStatus.IN_HANDLING, None, second.id)
    assert (closed.due_clock, closed.due_on, closed.first_handler_id) == (Clock.K4, date(2027, 1, 12), None)
    assert all(run.stopped_on for run in runs(session, closed, Clock.K9))
    assert session.get_one(Contact, closed.id).ends_on == date(2029, 11, 2)
    event = session.scalars(select(Event).where(Event.kind == "heroverweging_anders")).one()
    assert (event.data["uitkomst"], event.data["was"]) == (outcome, "met_ontheffing_of_afwijking")


def test_the_first_head_cannot_decide_over_own_work(session, make, desk, closed, second):
    first_head, head = (make.head_of_desk(organisation=desk.ministry) for _ in range(2))
    closed.handler_id = first_head.id
    ask(desk, closed)
    assert told_heads(session) == [head.id]
    with pytest.raises(PermissionDenied, match="U behandelde deze zaak eerder"):
        name(desk, closed, first_head, second)
    name(desk, closed, head, second)
    review = resolution.request_second_look_outcome(
        desk.context(second), closed.reference, closed.version,
        outcome=SecondLookOutcome.KEPT, answers=POINTS, reason="Zo is het.",
    )  # fmt: skip
    for account in (first_head, desk.reviewer):
        with pytest.raises(PermissionDenied):
            reviews.approve(desk.context(account), closed.reference, review.id)
    reviews.approve(desk.context(head), closed.reference, review.id)


def test_the_only_head_hears_that_own_work_waits_for_another(session, desk, closed, head):
    closed.handler_id = head.id
    ask(desk, closed)
    assert told_heads(session) == [head.id]


def test_the_head_may_begin_one_when_the_time_of_the_submitter_is_over(session, desk, closed, head, second):
    desk.later(60)
    scheduled.run_due(desk.system, session.flush)
    resolution.start_second_look(
        desk.context(head), closed.reference, closed.version, reason="Er is nieuwe rechtspraak.", handler_id=second.id
    )
    look = session.scalars(select(SecondLook)).one()
    assert (look.by_submitter, look.points, look.named_on) == (False, ["Er is nieuwe rechtspraak."], desk.today)
    assert "Er is nieuwe rechtspraak." in last_mail(session, closed, "tweede_behandelaar")
    assert closed.due_clock is Clock.K8


@pytest.mark.parametrize(("days", "in_time"), [(42, True), (43, False)])
def test_the_last_day_counts_and_the_next_is_refused_with_that_day(desk, closed, days, in_time):
    desk.later(days)
    if in_time:
        ask(desk, closed)
        return
    with pytest.raises(DomainError) as refused:
        ask(desk, closed)
    assert refused.value.message == "U kon tot en met dinsdag 15 december 2026 een heroverweging vragen."


def test_the_time_to_ask_ends_by_itself_once(session, desk, closed):
    desk.later(42)
    scheduled.run_due(desk.system, session.flush)
    (window,) = runs(session, closed, Clock.K6)
    assert window.stopped_on is None
    desk.later(3)
    for _ in range(2):
        scheduled.run_due(desk.system, session.flush)
    assert window.stopped_on == LAST_DAY
    (event,) = session.scalars(select(Event).where(Event.kind == "tijd_voor_heroverweging_voorbij"))
    assert event.data["klokken"] == [{"klok": "K6", "wat": "stopt", "uiterlijk": "2026-12-15"}]


def test_a_letter_of_the_last_day_counts_although_it_is_typed_in_later(session, desk, closed):
    desk.later(45)
    scheduled.run_due(desk.system, session.flush)
    other = desk.context(desk.triager)
    late = OnBehalf(ReplyChannel.LETTER, date(2026, 12, 16), closed.version)
    with pytest.raises(DomainError, match="tot en met dinsdag 15 december 2026"):
        replies.write_down(other, closed.reference, Reaction.SECOND_LOOK, "Eén punt.", late)
    told = OnBehalf(ReplyChannel.LETTER, LAST_DAY, closed.version)
    replies.write_down(other, closed.reference, Reaction.SECOND_LOOK, "Eerste punt.\nTweede punt.\n", told)
    look = session.scalars(select(SecondLook)).one()
    assert (look.points, look.requested_on) == (["Eerste punt.", "Tweede punt."], LAST_DAY)
    assert runs(session, closed, Clock.K8)[0].started_on == LAST_DAY


def test_a_text_that_lies_before_the_submitter_waits_for_the_outcome(session, desk, closed):
    publication.start_preview(desk.context(desk.handler), closed.reference, closed.version)
    assert closed.publication is PublicationStatus.PREVIEW
    ask(desk, closed)
    assert closed.publication is PublicationStatus.INTERNAL


def test_withdrawing_ends_the_second_look(session, desk, closed):
    ask(desk, closed)
    submitter.withdraw(desk.follower(closed), closed.reference, "", erase_contact=False)
    look = session.scalars(select(SecondLook)).one()
    assert (look.outcome, look.ended_on, closed.first_handler_id) == (None, desk.today, None)


def test_the_term_of_a_second_look_stands_still_with_consent_and_runs_on_by_itself(session, desk, closed, head, second):
    ask(desk, closed)
    name(desk, closed, head, second)
    context = desk.context(second)
    with pytest.raises(DomainError, match="Kies een dag in de toekomst"):
        suspensions.suspend_term(context, closed.reference, closed.version, until=date(2026, 11, 3), reason="Reis.")
    suspensions.suspend_term(context, closed.reference, closed.version, until=date(2026, 11, 13), reason="Reis.")
    assert closed.due_on == date(2026, 12, 28)  # ten days later is Christmas, so the first working day after it
    assert "maandag 28 december 2026" in last_mail(session, closed, "termijn_staat_stil")
    with pytest.raises(TransitionNotAllowed, match="staat al stil"):
        suspensions.suspend_term(context, closed.reference, closed.version, until=date(2026, 11, 20), reason="Reis.")
    desk.later(3)
    decide(desk, closed, head, second, SecondLookOutcome.KEPT)
    (run,) = runs(session, closed, Clock.K8)
    assert (run.stopped_on, run.suspensions[0].until_day) == (date(2026, 11, 6), date(2026, 11, 6))


def test_a_look_that_the_head_began_leaves_the_submitter_the_own_one(make, session, desk, closed, head, second):
    resolution.start_second_look(
        desk.context(head), closed.reference, closed.version, reason="Wij twijfelen zelf.", handler_id=second.id
    )
    desk.later(30)
    decide(desk, closed, head, second, SecondLookOutcome.KEPT, answers=["Het blijft zo."])
    first, anew = runs(session, closed, Clock.K6)
    assert (first.stopped_on, anew.started_on, anew.due_on) == (date(2026, 11, 3), date(2026, 12, 3), date(2027, 1, 14))
    assert [run.stopped_on for run in runs(session, closed, Clock.K8)] == [date(2026, 12, 3)]
    assert "donderdag 14 januari 2027" in last_mail(session, closed, "heroverweging_uitkomst")
    desk.later(42)
    ask(desk, closed)
    for account in (desk.handler, second):
        with pytest.raises(DomainError, match="werkte al aan deze zaak"):
            name(desk, closed, head, account)
    third = make.handler(organisation=desk.ministry)
    name(desk, closed, head, third)
    decide(desk, closed, head, third, SecondLookOutcome.KEPT)
    with pytest.raises(DomainError, match="Dat kan één keer"):
        ask(desk, closed)


def test_a_letter_that_came_while_the_head_looked_counts_from_the_time_that_began_anew(
    session, desk, closed, head, second
):
    resolution.start_second_look(
        desk.context(head), closed.reference, closed.version, reason="Wij twijfelen zelf.", handler_id=second.id
    )
    desk.later(30)
    decide(desk, closed, head, second, SecondLookOutcome.KEPT, answers=["Het blijft zo."])
    told = OnBehalf(ReplyChannel.LETTER, date(2026, 11, 20), closed.version)
    replies.write_down(desk.context(desk.triager), closed.reference, Reaction.SECOND_LOOK, "Eerste punt.", told)
    assert runs(session, closed, Clock.K6)[-1].stopped_on == date(2026, 12, 3)
    assert runs(session, closed, Clock.K8)[-1].started_on == date(2026, 12, 3)
    event = session.scalars(select(Event).order_by(Event.number.desc()).where(Event.kind == "heroverweging_gevraagd"))
    assert event.first().data["ontvangen_op"] == "2026-11-20"


def test_a_look_that_the_head_begins_after_the_own_one_gives_no_second(make, session, desk, closed, head, second):
    ask(desk, closed)
    name(desk, closed, head, second)
    decide(desk, closed, head, second, SecondLookOutcome.KEPT)
    third = make.handler(organisation=desk.ministry)
    resolution.start_second_look(
        desk.context(head), closed.reference, closed.version, reason="Nieuwe rechtspraak.", handler_id=third.id
    )
    decide(desk, closed, head, third, SecondLookOutcome.KEPT, answers=["Het blijft zo."])
    assert len(runs(session, closed, Clock.K6)) == 1
    assert "tot en met" not in last_mail(session, closed, "heroverweging_uitkomst")
    with pytest.raises(DomainError, match="Dat kan één keer"):
        ask(desk, closed)


def test_a_case_closed_again_on_the_day_of_its_second_look_can_be_looked_at_again(desk, closed, head, second):
    ask(desk, closed)
    name(desk, closed, head, second)
    decide(desk, closed, head, second, SecondLookOutcome.KEPT)
    desk.handler = second
    resolution.reopen(desk.context(second), closed.reference, closed.version, "De regel is veranderd.")
    desk.propose(closed)
    desk.close(closed)
    ask(desk, closed, ["Ook dit einde klopt niet."])
    assert closed.status is CaseStatus.RECONSIDERATION
