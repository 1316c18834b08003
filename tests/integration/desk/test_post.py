"""A submitter without an e-mail address: filed at the desk, told on paper or by telephone, and no term rests on it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.calendar.working_days import add_working_days, working_days_between
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.errors import DomainError
from knelpunt.domain.filing.rules import FilingIncomplete
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus, Channel, EventKind, MessageKind, PublicationStatus
from knelpunt.models import Case, ClockPeriod, Contact, Event, FollowLink, Letter, Message, OutboxMail, PublicText
from knelpunt.services.cases import publication, resolution, triage
from knelpunt.services.core import clocks
from knelpunt.services.filing import intake
from knelpunt.services.jobs import scheduled
from knelpunt.services.mail import letters
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import replies
from tests.support.desk import FILING
from tests.support.forms import fill

ADDRESS = "Kerkweg 1\n1234 AB Ergens"


def file_on_paper(desk, **contact):
    context = desk.context(desk.triager)
    data = {"municipality_id": str(desk.make.municipality().id), **FILING, "contact_email": "", **contact}
    draft = intake.create_draft_at_desk(context, data)
    return intake.file_case(context, draft.key, draft.version)


def proposed_on_paper(desk):
    case = file_on_paper(desk, contact_address=ADDRESS)
    desk.take_in(case)
    desk.weigh(case)
    desk.start_handling(case)
    desk.propose(case)
    return case


def written(session, case):
    return session.scalars(select(Letter).where(Letter.case_id == case.id).order_by(Letter.id)).all()


def run_timers(desk):
    scheduled.run_due(desk.system, desk.session.flush)


def ask(desk, case, days=28):
    triage.request_supplement(
        desk.context(desk.triager), case.reference, case.version, question="Welk plan geldt?", why="Dat telt.",
        answer_by=(desk.now + timedelta(days=days)).date(),
    )  # fmt: skip
    return desk.session.scalars(select(Message).where(Message.kind == MessageKind.QUESTION)).one()


def test_the_desk_and_the_receipt_say_letter_where_there_is_no_mail(desk, client_as):
    on_paper, by_mail = file_on_paper(desk, contact_address=ADDRESS), desk.file()
    client = client_as(desk.triager)
    for case, form in ((on_paper, "een brief of een telefoontje"), (by_mail, "een mail")):
        page = client.get(f"/zaken/{case.reference}/aanvulling").get_data(as_text=True)
        assert f"De indiener krijgt {form} met uw vraag," in page
    receipt = client.get(f"/melden/{on_paper.draft_key}/ontvangen").get_data(as_text=True)
    assert "een brief of een telefoontje met onze vraag" in receipt and "krijgt u een mail" not in receipt


def test_the_receipt_lies_ready_on_paper_and_nothing_is_mailed(desk, session):
    case = file_on_paper(desk, contact_address=ADDRESS, contact_name="Bewoner")
    contact = session.get_one(Contact, case.id)
    assert (contact.postal_address, contact.email, case.channel) == (ADDRESS, None, Channel.DESK)
    (letter,) = written(session, case)
    assert letter.kind == MailKind.RECEIPT
    assert case.reference in letter.body
    assert "Bel of schrijf het loket" in letter.body
    assert "/volgen/" in letter.body
    assert session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).all() == []


@pytest.mark.parametrize("contact", [{"contact_phone": "06 12345678"}, {"contact_address": ADDRESS}])
def test_a_telephone_number_or_a_postal_address_is_enough_at_the_desk_only(desk, session, contact):
    assert written(session, file_on_paper(desk, **contact))
    with pytest.raises(FilingIncomplete) as refused:
        desk.file(contact_email="", **contact)
    assert set(refused.value.problems) == {"contact_email"}
    with pytest.raises(FilingIncomplete):
        file_on_paper(desk)


def test_a_resident_cannot_leave_a_postal_address(desk, session):
    case = desk.file(contact_address=ADDRESS)
    assert session.get_one(Contact, case.id).postal_address is None


def test_every_message_waits_in_the_list_until_it_is_marked(client_as, desk, session):
    case = file_on_paper(desk, contact_address=ADDRESS, contact_name="Bewoner")
    staff = client_as(desk.handler)
    page = staff.get("/post").get_data(as_text=True)
    assert case.reference in page
    assert "Ontvangstbevestiging" in page
    (letter,) = written(session, case)
    closed = staff.get(f"/post/{letter.id}").get_data(as_text=True)
    assert "Kerkweg" not in closed
    secret = letter.body.split("/volgen/")[1].split()[0]
    assert len(secret) > 20
    assert secret not in closed
    opened = staff.post(f"/post/{letter.id}", data=fill(staff.get(f"/post/{letter.id}"), f"/post/{letter.id}"))
    assert "Kerkweg 1" in opened.get_data(as_text=True)
    assert secret in opened.get_data(as_text=True)
    kinds = session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)).all()
    assert kinds[-1] == EventKind.CONTACT_OPENED
    answer = staff.post(f"/post/{letter.id}/verstuurd", data=fill(opened, "sent_on"))
    assert answer.location == "/post"
    assert case.reference not in staff.get("/post").get_data(as_text=True).split("Bekijk wat al weg is")[1]
    assert case.reference in staff.get("/post?toon=verstuurd").get_data(as_text=True)
    assert secret not in staff.get(f"/post/{letter.id}").get_data(as_text=True)
    session.refresh(letter)
    assert letter.sent_by_id == desk.handler.id
    event = session.scalars(select(Event).where(Event.kind == EventKind.LETTER_SENT)).one()
    assert (event.actor_id, event.data["brief"]) == (desk.handler.id, letter.id)
    again = staff.post(f"/post/{letter.id}/verstuurd", data={"sent_on": "2026-11-25"})
    assert again.status_code == 422


@pytest.mark.parametrize("path", ["/post/999999", "/post/99999999999999999999", "/post/999999/verstuurd"])
def test_a_message_that_is_not_there_is_not_found(client_as, desk, path):
    assert client_as(desk.handler).post(path, data={"sent_on": "2026-11-25"}).status_code == 404


def test_a_day_that_cannot_be_right_is_refused(desk, session):
    case = file_on_paper(desk, contact_address=ADDRESS)
    (letter,) = written(session, case)
    for day in (desk.today - timedelta(days=1), desk.today + timedelta(days=1)):
        with pytest.raises(DomainError, match="Vul een dag in"):
            letters.mark_sent(desk.context(desk.handler), letter.id, day)
    assert letter.sent_on is None


def test_a_question_on_paper_lapses_only_after_the_term_from_the_day_it_went(desk, session):
    case = file_on_paper(desk, contact_address=ADDRESS)
    desk.take_in(case)
    question = ask(desk, case)
    due, asked_on = question.answer_by, nl_day(desk.now)
    desk.later(40)
    run_timers(desk)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT  # the letter still lies here
    letter = next(each for each in written(session, case) if each.kind == MailKind.QUESTION)
    letters.mark_sent(desk.context(desk.handler), letter.id, nl_day(desk.now))
    session.refresh(question)
    assert question.answer_by == add_working_days(nl_day(desk.now), working_days_between(asked_on, due))
    assert case.suspended_until == question.answer_by
    desk.later((question.answer_by - nl_day(desk.now)).days)
    run_timers(desk)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT
    desk.later(1)
    run_timers(desk)
    session.refresh(case)
    assert case.status is CaseStatus.IN_TRIAGE


def reminded(session, case):
    kinds = {MailKind.REMINDER_HALFWAY, MailKind.REMINDER_LAST, MailKind.REACTION_REMINDER}
    return [each for each in written(session, case) if each.kind in kinds]


def days_of_reminders(desk, session, case, days):
    """On which days a letter that reminds is written, in so many days from tomorrow."""
    found, known = [], len(reminded(session, case))
    for _day in range(days):
        desk.later(1)
        run_timers(desk)
        if len(reminded(session, case)) > known:
            found.append(nl_day(desk.now))
            known = len(reminded(session, case))
    return found


def test_a_letter_that_nobody_posts_is_raised_to_the_handler_and_then_to_the_head(desk, session, make):
    head = make.head_of_desk(organisation=desk.ministry)
    case = file_on_paper(desk, contact_address=ADDRESS)
    desk.take_in(case)
    letters.mark_sent(desk.context(desk.handler), written(session, case)[0].id, nl_day(desk.now))
    told = []
    for _day in range(40):  # from Wednesday 4 November
        desk.later(1)
        run_timers(desk)
        told += [(nl_day(desk.now), to) for to in lying(session) if to not in [each for _, each in told]]
    assert told == [(date(2026, 11, 6), desk.handler.email), (date(2026, 11, 11), head.email)]
    assert len(lying(session)) == 2
    (body,) = session.scalars(select(OutboxMail.body).where(OutboxMail.to_address == head.email, *ABOUT_LYING))
    assert "geschreven op dinsdag 3 november 2026" in body


def test_a_letter_of_a_case_without_a_handler_is_raised_to_the_head_at_once(desk, session, make):
    head = make.head_of_desk(organisation=desk.ministry)
    case = file_on_paper(desk, contact_address=ADDRESS)
    desk.later(3)
    run_timers(desk)
    assert lying(session) == [head.email]
    assert [each.sent_on for each in written(session, case)] == [None]


ABOUT_LYING = (OutboxMail.kind == MailKind.LETTER_LIES,)


def lying(session):
    return list(session.scalars(select(OutboxMail.to_address).where(*ABOUT_LYING).order_by(OutboxMail.id)))


def test_a_letter_that_lies_too_long_shows_on_the_day_and_in_the_list(desk, session, client_as):
    (letter,) = written(session, file_on_paper(desk, contact_address=ADDRESS))
    handler = client_as(desk.handler)
    for days, is_late in ((0, False), (9, True)):
        letter.written_at = datetime.now(UTC) - timedelta(days=days)
        session.flush()
        day, post = (" ".join(handler.get(each).get_data(as_text=True).split()) for each in ("/vandaag", "/post"))
        assert ("1 bericht ligt hier al meer dan 2 werkdagen" in day) is is_late
        assert ("te laat" in post) is is_late


def test_a_question_that_was_posted_late_is_half_way_only_when_half_of_the_time_from_that_day_is_over(desk, session):
    case = file_on_paper(desk, contact_address=ADDRESS)
    desk.take_in(case)
    question = ask(desk, case)
    desk.later(40)
    letter = next(each for each in written(session, case) if each.kind == MailKind.QUESTION)
    posted_on = nl_day(desk.now)
    letters.mark_sent(desk.context(desk.handler), letter.id, posted_on)
    session.refresh(question)
    run_timers(desk)
    assert reminded(session, case) == []
    length = (question.answer_by - posted_on).days
    assert days_of_reminders(desk, session, case, length) == [
        question.answer_by - timedelta(days=length // 2), question.answer_by - timedelta(days=2)
    ]  # fmt: skip


def test_a_proposal_that_was_posted_late_is_half_way_counted_from_that_day(desk, session):
    case = proposed_on_paper(desk)
    desk.later(30)
    letter = next(each for each in written(session, case) if each.kind == MailKind.PROPOSAL)
    posted_on = nl_day(desk.now)
    letters.mark_sent(desk.context(desk.handler), letter.id, posted_on)
    run_timers(desk)
    assert reminded(session, case) == []
    due_on = clocks.due_day(session, case, Clock.K5)
    length = (due_on - posted_on).days
    assert days_of_reminders(desk, session, case, length) == [
        due_on - timedelta(days=length // 2), due_on - timedelta(days=2)
    ]  # fmt: skip


def test_the_last_day_that_a_late_letter_gives_is_a_working_day(desk, session):
    desk.now = datetime(2027, 3, 1, 10, tzinfo=UTC)
    case = file_on_paper(desk, contact_address=ADDRESS)
    desk.take_in(case)
    question = ask(desk, case, days=24)
    assert question.answer_by == date(2027, 3, 25)
    desk.later(3)
    letter = next(each for each in written(session, case) if each.kind == MailKind.QUESTION)
    letters.mark_sent(desk.context(desk.handler), letter.id, nl_day(desk.now))
    # Three working days more, after Good Friday and Easter Monday: 30 and 31 March and 1 April.
    assert question.answer_by == case.suspended_until == date(2027, 4, 1)


def test_the_term_to_react_to_a_proposal_counts_from_the_day_the_letter_went(desk, session):
    case = proposed_on_paper(desk)
    desk.write_public_text(case)
    due = case.due_on
    desk.later(30)
    run_timers(desk)
    assert MailKind.PROPOSAL_LAPSED not in [each.kind for each in written(session, case)]
    with pytest.raises(DomainError, match="nog niet verstuurd"):
        desk.ask_closing(case)
    letter = next(each for each in written(session, case) if each.kind == MailKind.PROPOSAL)
    letters.mark_sent(desk.context(desk.handler), letter.id, nl_day(desk.now))
    session.refresh(case)
    assert case.due_on > due + timedelta(days=28)
    run = session.scalars(
        select(ClockPeriod).where(ClockPeriod.case_id == case.id, ClockPeriod.clock == Clock.K5)
    ).one()
    assert run.due_on == case.due_on
    effects = session.scalars(select(Event.data).where(Event.kind == EventKind.LETTER_SENT)).one()["klokken"]
    assert effects == [{"klok": "K5", "wat": "schuift op", "uiterlijk": case.due_on.isoformat()}]
    with pytest.raises(DomainError):
        resolution.request_closing(
            desk.context(desk.handler), case.reference, case.version, result="onbekend", reason="", next_step=""
        )


@pytest.mark.parametrize("is_late", [False, True])
def test_that_nothing_came_is_not_posted_after_the_reaction_was_written_down(desk, session, is_late):
    case = proposed_on_paper(desk)
    for letter in written(session, case):
        letters.mark_sent(desk.context(desk.handler), letter.id, nl_day(desk.now))
    received = nl_day(desk.now) + timedelta(days=30 if is_late else 5)
    for _day in range(30):
        desk.later(1)
        run_timers(desk)
    waits = [each for each in written(session, case) if each.sent_on is None]
    assert {each.kind for each in waits} == {MailKind.REACTION_REMINDER, MailKind.PROPOSAL_LAPSED}
    lapsed = next(each for each in waits if each.kind == MailKind.PROPOSAL_LAPSED)
    assert "Bel of schrijf ons." in lapsed.body and "op de pagina van uw melding" not in lapsed.body
    told = OnBehalf(ReplyChannel.LETTER, received, case.version)
    replies.write_down(desk.context(desk.handler), case.reference, Reaction.ACCEPT, "Prima.", told)
    session.expire_all()
    assert all(each.dropped_at is not None for each in waits)
    assert [each.kind for each in written(session, case) if each.dropped_at is None][-1] == MailKind.PROPOSAL_ACCEPTED


@pytest.mark.parametrize(("kind", "begins"), [(MailKind.PROPOSAL, True), (MailKind.RECEIPT, False)])
def test_a_letter_that_lies_here_tells_of_a_term_only_where_one_begins_with_it(desk, session, make, kind, begins):
    case = desk.bring("in_behandeling")
    make.add(Letter(case_id=case.id, kind=kind, subject="x", body="y", written_at=desk.now))
    desk.later(6)
    run_timers(desk)
    body = session.scalars(select(OutboxMail.body).where(*ABOUT_LYING)).one()
    assert ("De termijn van de indiener begint pas als het bericht weg is." in body) is begins


def test_the_time_to_contest_counts_from_the_day_the_closing_letter_went(desk, session):
    case = proposed_on_paper(desk)
    desk.close(case)
    due_on = clocks.due_day(session, case, Clock.K6)
    desk.later(7)
    letter = next(each for each in written(session, case) if each.kind == MailKind.CLOSED)
    letters.mark_sent(desk.context(desk.handler), letter.id, nl_day(desk.now))
    assert clocks.due_day(session, case, Clock.K6) == due_on + timedelta(days=7)


def test_a_text_becomes_public_only_after_its_letter_went_and_the_term_from_that_day(desk, session):
    case = proposed_on_paper(desk)
    desk.close(case)
    handler = desk.handler
    publication.start_preview(desk.context(handler), case.reference, case.version)
    object_by, shown_on = session.get_one(PublicText, case.id).object_by, nl_day(desk.now)
    desk.later(30)
    with pytest.raises(DomainError, match="nog niet verstuurd"):
        publication.publish(desk.context(handler), case.reference, case.version)
    letter = next(each for each in written(session, case) if each.kind == MailKind.PREVIEW)
    letters.mark_sent(desk.context(handler), letter.id, nl_day(desk.now))
    moved = session.get_one(PublicText, case.id).object_by
    assert moved == add_working_days(nl_day(desk.now), working_days_between(shown_on, object_by))
    desk.later((moved - nl_day(desk.now)).days)
    with pytest.raises(DomainError, match="kan nog bezwaar maken"):
        publication.publish(desk.context(handler), case.reference, case.version)
    publication.publish(desk.later(1).context(handler), case.reference, case.version)
    assert case.publication is PublicationStatus.PUBLIC


def test_a_text_that_is_taken_back_before_its_letter_went_leaves_no_letter_behind(desk, session, client_as):
    case = proposed_on_paper(desk)
    desk.close(case)
    handler = desk.handler
    publication.start_preview(desk.context(handler), case.reference, case.version)
    session.commit()
    page = client_as(handler).get(f"/zaken/{case.reference}/inzage-stoppen").get_data(as_text=True)
    assert "de indiener hoort niets" in page
    publication.stop_preview(desk.context(handler), case.reference, case.version)
    first = next(each for each in written(session, case) if each.kind == MailKind.PREVIEW)
    session.refresh(first)
    assert first.dropped_at is not None
    assert MailKind.PREVIEW_STOPPED not in [each.kind for each in written(session, case)]
    with pytest.raises(DomainError, match="ingetrokken"):
        letters.mark_sent(desk.context(handler), first.id, nl_day(desk.now))
    session.commit()
    page = client_as(handler).get(f"/post/{first.id}").get_data(as_text=True)
    assert "Dit bericht is ingetrokken en gaat niet meer weg." in page
    assert "Dit bericht is verstuurd" not in page

    publication.start_preview(desk.context(handler), case.reference, case.version)
    second = written(session, case)[-1]
    letters.mark_sent(desk.context(handler), second.id, nl_day(desk.now))
    publication.publish(desk.later(60).context(handler), case.reference, case.version)
    assert case.publication is PublicationStatus.PUBLIC


def test_a_question_whose_letter_lies_here_ends_when_the_case_is_withdrawn(desk, session):
    case = file_on_paper(desk, contact_address=ADDRESS)
    desk.take_in(case)
    ask(desk, case)
    desk.later(3)
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
    letter = next(each for each in written(session, case) if each.kind == MailKind.QUESTION)
    letters.mark_sent(desk.context(desk.handler), letter.id, nl_day(desk.now))
    assert case.suspended_until is None


def test_a_letter_that_went_the_same_day_moves_nothing(desk, session):
    case = file_on_paper(desk, contact_address=ADDRESS)
    desk.take_in(case)
    question = ask(desk, case)
    due = question.answer_by
    letter = next(each for each in written(session, case) if each.kind == MailKind.QUESTION)
    letters.mark_sent(desk.context(desk.handler), letter.id, nl_day(desk.now))
    session.refresh(question)
    assert question.answer_by == due


def test_erasing_the_contact_empties_address_and_letters(desk, session, client_as):
    case = file_on_paper(desk, contact_address=ADDRESS, contact_phone="06 12345678", contact_name="Bewoner")
    submitter.erase_contact(desk.follower(case), case.reference)
    contact = session.get_one(Contact, case.id)
    assert (contact.postal_address, contact.phone, contact.name) == (None, None, None)
    (letter,) = written(session, case)
    session.refresh(letter)
    assert letter.body is None
    assert letter.dropped_at is not None
    assert case.reference not in client_as(desk.handler).get("/post").get_data(as_text=True)
    with pytest.raises(DomainError, match="gewist") as refused:
        letters.mark_sent(desk.context(desk.handler), letter.id, nl_day(desk.now))
    page = client_as(desk.handler).get(f"/post/{letter.id}").get_data(as_text=True)
    assert str(refused.value) in page
    assert "ingetrokken" not in page


def test_who_gets_an_address_later_gets_mails_from_then_on(client_as, desk, session):
    case = file_on_paper(desk, contact_phone="06 12345678")
    staff = client_as(desk.handler)
    path = f"/zaken/{case.reference}/adres"
    assert "Noteer een e-mailadres" in staff.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert staff.post(path, data=fill(staff.get(path), "email", email="nieuw@proef.example")).status_code == 303
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).one()
    assert mail.kind == MailKind.ADDRESS_CHANGED


def test_the_desk_files_by_form_for_somebody_without_mail(client_as, desk, session):
    client = client_as(desk.triager)
    first = client.get("/zaken/nieuw")
    step = client.post("/zaken/nieuw", data=fill(first, "title", title="Een bankje op de stoep")).location
    key = step.split("/")[2]
    page = client.get(f"/melden/{key}/plaats")
    client.post(
        f"/melden/{key}/plaats", data=fill(page, "municipality_id", municipality_id=desk.make.municipality().name)
    )
    page = client.get(f"/melden/{key}/belemmering")
    client.post(
        f"/melden/{key}/belemmering", data=fill(page, "description", description="Het mag niet van de gemeente.")
    )
    page = client.get(f"/melden/{key}/contact")
    assert "Postadres" in page.get_data(as_text=True)
    answer = client.post(f"/melden/{key}/contact", data=fill(page, "contact_address", contact_address=ADDRESS))
    assert answer.location.endswith("/controle")
    check = client.get(answer.location)
    assert "Kerkweg 1 1234 AB Ergens" in check.get_data(as_text=True)
    filed = client.post(answer.location, data=fill(check, "version", consents_seen="y"))
    receipt = client.get(filed.location).get_data(as_text=True)
    assert "Per post of telefoon" in receipt
    assert "/post" in receipt
    case = session.scalars(select(Case).where(Case.title == "Een bankje op de stoep")).one()
    assert case.author_id == desk.triager.id
    assert session.scalars(select(FollowLink).where(FollowLink.case_id == case.id)).one()
