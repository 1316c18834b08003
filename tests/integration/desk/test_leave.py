"""Being away: somebody stands in, sees the cases, gets the mails, and both names stand on what is done."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Aftercare, ClockPeriod, Event, LeaveCover, Letter, Notification, OutboxMail
from knelpunt.queries.figures.dashboards import day_of
from knelpunt.services import accounts
from knelpunt.services.accounts import leave
from knelpunt.services.cases import reviews, second_looks, triage
from knelpunt.services.jobs import reminders, scheduled
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import second_look
from tests.support.forms import fill
from tests.support.statements import counted


@pytest.fixture
def colleague(desk):
    return desk.make.handler(organisation=desk.ministry)


def away(desk, colleague, *, first=0, last=4, who=None, by=None):
    who = who or desk.handler
    today = nl_day(desk.now)
    return leave.register(
        desk.context(by or who),
        account_id=who.id,
        covered_by_id=colleague.id,
        first_day=today + timedelta(days=first),
        last_day=today + timedelta(days=last),
    )


def mailed(session, kind):
    statement = select(OutboxMail.account_id).where(OutboxMail.kind == kind)
    return session.scalars(statement.order_by(OutboxMail.id)).all()


def test_who_stands_in_hears_it_and_gets_the_mails_of_the_cases(session, desk, colleague):
    case = desk.bring("in_behandeling")
    away(desk, colleague)
    assert mailed(session, MailKind.LEAVE_COVER) == [colleague.id]
    submitter.add(desk.follower(case), case.reference, "Er is een nieuwe brief.")
    assert mailed(session, MailKind.SUBMITTER_REACTED) == [colleague.id]
    desk.later(5)
    submitter.add(desk.follower(case), case.reference, "En nog een.")
    assert mailed(session, MailKind.SUBMITTER_REACTED) == [colleague.id, desk.handler.id]


def test_both_names_stand_on_what_is_done(session, desk, colleague, client_as):
    desk.now = desk.now.now(desk.now.tzinfo)
    case = desk.bring("in_behandeling")
    away(desk, colleague)
    triage.send_message(desk.context(colleague), case.reference, "Wij zijn bezig.")
    triage.send_message(desk.context(desk.triager), case.reference, "Nog een bericht.")
    said = session.scalars(select(Event.data).where(Event.kind == "bericht_verstuurd").order_by(Event.number)).all()
    assert [data.get("waarneming_voor") for data in said] == [desk.handler.id, None]
    page = client_as(colleague).get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert f"{colleague.name}, als waarnemer van {desk.handler.name}" in page
    assert "Neemt nu waar" in page


def test_the_cases_stand_on_the_pages_of_who_stands_in(desk, colleague, client_as):
    desk.now = desk.now.now(desk.now.tzinfo)
    case = desk.bring("in_behandeling")
    client = client_as(colleague)
    lists = "/werkvoorraad?lijst=mijn"
    assert "Waarneming" not in client.get(lists).get_data(as_text=True)
    away(desk, colleague)
    assert "Waarneming" in client.get(lists).get_data(as_text=True)
    assert case.reference not in client.get(lists).get_data(as_text=True)
    assert case.reference in client.get("/werkvoorraad?lijst=waarneming").get_data(as_text=True)
    assert f"U neemt waar voor {desk.handler.name}" in client.get("/vandaag").get_data(as_text=True)


def test_leave_is_told_on_a_page_and_taken_back(session, desk, colleague, client_as):
    desk.now = desk.now.now(desk.now.tzinfo)
    client, today = client_as(desk.handler), nl_day(desk.now)
    typed = {"first_day": today.isoformat(), "last_day": (today + timedelta(days=3)).isoformat()}
    page = client.get("/afwezigheid")
    answer = client.post("/afwezigheid", data=fill(page, "covered_by_id", covered_by_id=colleague.id, **typed))
    assert answer.status_code == 303
    (row,) = session.scalars(select(LeaveCover)).all()
    assert colleague.name in client.get("/afwezigheid").get_data(as_text=True)
    again = client.post("/afwezigheid", data=fill(page, "covered_by_id", covered_by_id=colleague.id, **typed))
    assert again.status_code == 303, "the second click gets the first answer"
    stranger = client_as(desk.make.handler(organisation=desk.ministry))
    back = f"/afwezigheid/{row.id}/intrekken"
    assert stranger.post(back).status_code == 404
    assert client.post(back).status_code == 303
    session.refresh(row)
    assert row.taken_back_at is not None
    assert mailed(session, MailKind.LEAVE_COVER) == [colleague.id, colleague.id]
    with pytest.raises(DomainError, match="voorbij of ingetrokken"):
        leave.take_back(desk.context(desk.handler), row.id)


@pytest.mark.parametrize(("first", "last", "field"), [(-1, 2, "first_day"), (3, 2, "last_day"), (0, 500, "last_day")])
def test_days_that_cannot_be_right_are_refused_at_their_field(session, desk, colleague, first, last, field):
    with pytest.raises(DomainError) as refused:
        away(desk, colleague, first=first, last=last)
    assert refused.value.field == field
    assert session.scalars(select(LeaveCover)).all() == []


def test_nobody_stands_in_who_is_away_or_may_not(desk, colleague):
    third = desk.make.handler(organisation=desk.ministry)
    away(desk, third, who=colleague, first=2, last=3)
    away(desk, colleague)  # goes on to the third
    with pytest.raises(DomainError) as refused:
        away(desk, desk.handler, who=third, first=3, last=5)
    assert refused.value.field == "covered_by_id"
    for nobody in (desk.reviewer, third):
        with pytest.raises(DomainError) as refused:
            away(desk, nobody, who=third, first=10, last=12)
        assert refused.value.field == "covered_by_id"
    with pytest.raises(DomainError, match="al een afwezigheid"):
        away(desk, colleague, first=4, last=9)


def test_only_who_assigns_cases_says_it_for_another(desk, colleague):
    with pytest.raises(NotFound):
        away(desk, colleague, by=colleague)
    with pytest.raises(PermissionDenied):
        away(desk, colleague, by=desk.reviewer)
    assert away(desk, colleague, by=desk.triager).registered_by_id == desk.triager.id


def test_the_day_list_reads_as_many_statements_with_leave_as_without(desk, colleague, client_as, connection):
    desk.now = desk.now.now(desk.now.tzinfo)
    desk.bring("in_behandeling")
    client = client_as(colleague)
    client.get("/vandaag")
    with counted(connection) as without:
        client.get("/vandaag")
    away(desk, colleague)
    client.get("/vandaag")
    with counted(connection) as with_leave:
        client.get("/vandaag")
    assert len(with_leave) == len(without)


def test_for_a_head_only_another_head_stands_in(desk, colleague):
    head, other = (desk.make.head_of_desk(organisation=desk.ministry) for _ in range(2))
    for nobody in (colleague, desk.triager):
        with pytest.raises(DomainError, match="mag minder") as refused:
            away(desk, nobody, who=head)
        assert refused.value.field == "covered_by_id"
    assert away(desk, other, who=head).covered_by_id == other.id


def test_the_only_head_stands_in_for_nobody(desk):
    head = desk.make.head_of_desk(organisation=desk.ministry)
    with pytest.raises(DomainError, match="enige hoofd") as refused:
        away(desk, head)
    assert refused.value.field == "covered_by_id"
    desk.make.head_of_desk(organisation=desk.ministry)
    assert away(desk, head).covered_by_id == head.id


@pytest.mark.parametrize("change", ["closed", "another role"])
def test_a_leave_ends_when_who_stands_in_cannot_any_more(session, desk, colleague, change):
    case = desk.bring("in_behandeling")
    row = away(desk, colleague)
    if change == "closed":
        accounts.deactivate(desk.as_(SYSTEM), colleague.id, colleague.version)
    else:
        accounts.change_role(desk.as_(SYSTEM), colleague.id, colleague.version, Role.REVIEWER)
    assert row.taken_back_at is not None
    assert mailed(session, MailKind.LEAVE_COVER) == [colleague.id, desk.handler.id]
    submitter.add(desk.follower(case), case.reference, "Er is een nieuwe brief.")
    assert mailed(session, MailKind.SUBMITTER_REACTED) == [desk.handler.id]


def test_no_mail_is_lost_when_the_account_of_who_stands_in_is_closed_otherwise(session, desk, colleague):
    case = desk.bring("in_behandeling")
    away(desk, colleague)
    colleague.is_active = False
    submitter.add(desk.follower(case), case.reference, "Er is een nieuwe brief.")
    assert mailed(session, MailKind.SUBMITTER_REACTED) == [desk.handler.id]


@pytest.mark.parametrize("is_away", [True, False])
def test_a_head_who_handles_a_case_hears_once_of_a_late_term_when_nobody_stands_in(session, desk, is_away):
    case = desk.bring("in_behandeling")
    head, cover = (desk.make.head_of_desk(organisation=desk.ministry) for _ in range(2))
    case.handler_id = head.id
    if is_away:
        away(desk, cover, who=head)
    cover.is_active = False
    run = session.scalars(
        select(ClockPeriod).where(ClockPeriod.case_id == case.id, ClockPeriod.clock == Clock.K4)
    ).one()
    run.due_on = nl_day(desk.now) - timedelta(days=1)
    session.flush()
    reminders.tell_of_late_clock(desk.system, run.id)
    assert mailed(session, MailKind.CLOCK_OVER) == [head.id]


def test_who_handled_a_case_first_does_not_stand_in_when_it_is_looked_at_again(session, desk, colleague):
    case, head = desk.bring("afgesloten"), desk.make.head_of_desk(organisation=desk.ministry)
    second_look.ask(desk.follower(case), case.reference, ["U las de brief niet."])
    away(desk, desk.handler, who=colleague)
    second_looks.name_handler(desk.context(head), case.reference, case.version, colleague.id)
    assert mailed(session, MailKind.SECOND_LOOK_GIVEN) == [colleague.id]


def test_who_stands_in_for_the_handler_is_no_second_person(session, desk):
    case = desk.bring("in_behandeling")
    review = desk.ask_proposal(case)
    head, other = (desk.make.head_of_desk(organisation=desk.ministry) for _ in range(2))
    away(desk, head)
    with pytest.raises(PermissionDenied, match="neemt nu waar"):
        reviews.approve(desk.context(head), case.reference, review.id)
    today = nl_day(desk.now)
    waiting = [day_of(session, desk.make.actor(each), today, covered).reviews for each, covered in (
        (head, frozenset({desk.handler.id})), (other, frozenset()),
    )]  # fmt: skip
    assert [[row.reference for row in rows] for rows in waiting] == [[], [case.reference]]
    reviews.approve(desk.context(other), case.reference, review.id)


def test_a_wish_to_open_a_case_again_stands_with_who_stands_in(session, desk, colleague):
    case, today = desk.bring("afgesloten"), nl_day(desk.now)
    run = session.scalars(select(ClockPeriod.id).where(ClockPeriod.clock == Clock.K9).limit(1)).one()
    desk.make.add(
        Aftercare(
            case_id=case.id, period_id=run, months=3, public_id="a", nonce="b", asked_on=today, asks_reopening=True
        )
    )
    actor = desk.make.actor(colleague)
    assert day_of(session, actor, today).to_decide == ()
    (row,) = day_of(session, actor, today, frozenset({desk.handler.id})).to_decide
    assert row.reference == case.reference


@pytest.mark.parametrize(("first", "last"), [(1, 6), (4, 40)], ids=["stood in then", "stands in later"])
def test_who_stood_in_when_the_handler_was_told_hears_it_once_and_each_other_head_too(desk, make, session, first, last):
    head, other = (make.head_of_desk(organisation=desk.ministry) for _each in range(2))
    case = desk.bring("in_behandeling")
    make.add(Letter(case_id=case.id, kind="voorstel", subject="x", body="y", written_at=desk.now))
    away(desk, head, first=first, last=last)
    for _day in range(25):
        desk.later(1)
        scheduled.run_due(desk.system, session.flush)
    first_told = head if first == 1 else desk.handler
    for kind in (MailKind.LETTER_LIES, MailKind.CLOCK_OVER):
        mails = session.scalars(select(OutboxMail.account_id).where(OutboxMail.kind == kind)).all()
        notes = session.scalars(select(Notification.account_id).where(Notification.kind == kind)).all()
        if kind is MailKind.LETTER_LIES:
            assert sorted(mails) == sorted({first_told.id, head.id, other.id})
        assert sorted(notes) == sorted(mails) == sorted(set(mails))
