"""A case in which an organisation files along: another municipality leads, is at turn, and is named as the one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.mail_kinds import MailChoice, MailKind
from knelpunt.domain.vocabulary import CaseStatus, EventKind, MessageKind, ParticipantStatus
from knelpunt.models import CaseParticipant, Message, OutboxMail
from knelpunt.services.cases import reviews, triage
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.core.small_tables import touch
from knelpunt.services.filing import joint_mail
from knelpunt.services.submitters import reactions as submitter
from tests.support.desk import CLOSING, PROPOSAL, Desk
from tests.support.forms import fill
from tests.support.page import parse_page


def participant(make, case, organisation, status):
    return make.add(
        CaseParticipant(
            case_id=case.id,
            municipality_id=organisation.municipality_id,
            organisation_id=organisation.id,
            status=status,
            asked_at=make.now,
            ends_on=make.today + timedelta(days=30),
        )
    )


@pytest.fixture
def lead(make):
    return make.organisation()


@pytest.fixture
def us(make):
    return make.organisation()


@pytest.fixture
def joined(make, session, lead, us):
    """A case of another municipality, in which this one files along."""

    def join(status=CaseStatus.SUBMITTED, **columns):
        case = make.case(status, organisation_id=lead.id, municipality_id=lead.municipality_id, **columns)
        participant(make, case, us, ParticipantStatus.JOINED)
        touch(session)
        return case

    return join


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def test_the_list_says_who_leads_and_who_is_at_turn(client_as, make, lead, us, joined):
    theirs = joined(CaseStatus.AWAITING_SUPPLEMENT, title="Onze buren meldden dit")
    ours = make.case(CaseStatus.AWAITING_SUPPLEMENT, organisation_id=us.id, title="Dit meldden wij zelf")
    client = client_as(make.filer(us))
    everything = read(client, "/onze-zaken")
    assert f"Wij doen mee met {lead.name}" in everything
    assert f"{lead.name} is aan zet" in everything
    assert everything.count("wij zijn aan zet") == 1
    turn = read(client, "/onze-zaken?lijst=aan-zet")
    assert ours.title in turn
    assert theirs.title not in turn
    assert theirs.title in read(client_as(make.filer(lead)), "/onze-zaken?lijst=aan-zet")


def test_the_overview_does_not_count_it_as_waiting_for_us(client_as, make, us, joined):
    joined(CaseStatus.PROPOSED, due_on=date(2026, 12, 8), due_clock=Clock.K5)
    page = parse_page(read(client_as(make.filer(us)), "/onze-zaken/overzicht"))
    rows = [row for table in page.all("table") for row in table.rows()]
    assert ["Een gemeente waarmee u samen meldt", "1"] in rows
    assert ["Uw organisatie", "0"] in rows


def test_the_case_page_says_that_the_lead_is_at_turn_and_answers(client_as, make, lead, us, joined):
    case = joined(CaseStatus.AWAITING_SUPPLEMENT, status_before_supplement="in_triage")
    make.add(
        Message(
            case_id=case.id,
            kind=MessageKind.QUESTION,
            from_desk=True,
            body="Welk plan is het?",
            answer_by=date(2026, 12, 8),
            written_at=make.now,
        )
    )
    page = read(client_as(make.filer(us)), f"/onze-zaken/{case.reference}")
    assert f"{lead.name} is aan zet" in page
    assert f"{lead.name} antwoordt uiterlijk op dinsdag 8 december 2026." in page
    assert f"Antwoorden doet {lead.name}." in page
    assert "U bent aan zet" not in page
    assert "een collega die mag indienen" not in page
    assert "U bent aan zet" in read(client_as(make.filer(lead)), f"/onze-zaken/{case.reference}")


def test_the_story_names_the_lead_and_speaks_of_our_municipality(client_as, make, session, app, lead, us):
    case = make.case(organisation_id=lead.id, municipality_id=lead.municipality_id)
    asked = participant(make, case, us, ParticipantStatus.ASKED)
    context = Context(session, make.actor(make.filer(lead)), make.now, app.config["LINKS"])
    events.record(context, EventKind.FILED, case=case)
    touch(session)
    ours, path = client_as(make.filer(us)), f"/onze-zaken/samen/{asked.id}"
    ours.post(path, data={**fill(ours.get(path), "submission_key"), "action": "doet-mee"})
    page = read(ours, f"/onze-zaken/{case.reference}")
    assert f"{lead.name} diende de melding in" in page
    assert "Uw gemeente doet mee" in parse_page(page).names("paragraph")
    for words in ("U diende de melding in", "U vertelde wat u tegenhoudt", "Een andere gemeente doet mee"):
        assert words not in page
    theirs = read(client_as(make.filer(lead)), f"/onze-zaken/{case.reference}")
    assert "U diende de melding in" in theirs
    assert "Een andere gemeente doet mee" in theirs


def test_stopping_is_offered_on_the_case_and_asks_first(client_as, make, session, lead, us, joined):
    case = joined()
    row = session.scalars(select(CaseParticipant)).one()
    ours, stop = client_as(make.filer(us)), f"/onze-zaken/samen/{row.id}/stoppen"
    assert f'href="{stop}"' in read(ours, f"/onze-zaken/{case.reference}")
    assert "Stop met meedoen" not in read(client_as(make.member(us)), f"/onze-zaken/{case.reference}")
    assert "Ja, wij stoppen met meedoen" in read(ours, stop)
    assert row.status is ParticipantStatus.JOINED
    answer = ours.post(stop, data=fill(ours.get(stop), "submission_key"))
    assert answer.location == f"/onze-zaken/samen/{row.id}"
    session.refresh(row)
    assert row.status is ParticipantStatus.DECLINED
    assert ours.get(f"/onze-zaken/{case.reference}").status_code == 404
    assert ours.get(stop).location == f"/onze-zaken/samen/{row.id}"


def mails_to(session, account):
    rows = session.scalars(select(OutboxMail).where(OutboxMail.to_address == account.email).order_by(OutboxMail.id))
    return [(mail.kind, mail.body) for mail in rows]


def test_the_lead_hears_who_joins_stops_and_declines(client_as, make, session, lead, us):
    author = make.filer(lead)
    case = make.case(organisation_id=lead.id, municipality_id=lead.municipality_id, author_id=author.id)
    row = participant(make, case, us, ParticipantStatus.ASKED)
    ours, path = client_as(make.filer(us)), f"/onze-zaken/samen/{row.id}"
    for action in ("doet-mee", "doet-niet-mee", "doet-niet-mee"):
        ours.post(path, data={**fill(ours.get(path), "submission_key"), "action": action})
    told = mails_to(session, author)
    assert [kind for kind, _ in told] == [MailKind.JOINT_ANSWERED] * 2
    assert f"{us.name} doet mee met uw melding." in told[0][1]
    assert f"{us.name} doet niet meer mee met uw melding." in told[1][1]


def test_who_joined_hears_that_it_goes_on_once_an_act(make, session, app, lead, us, joined):
    handler, author, ours = make.triager(), make.filer(lead), make.filer(us)
    make.filer(us), make.member(us)
    case = joined(handler_id=handler.id, author_id=author.id, in_scope=True)
    asked = make.organisation()
    colleague = make.filer(asked)
    participant(make, case, asked, ParticipantStatus.ASKED)
    context = Context(session, make.actor(handler), make.now, app.config["LINKS"])
    triage.take_in(context, case.reference, case.version)
    session.flush()
    triage.request_supplement(
        context,
        case.reference,
        case.version,
        question="Welk plan is het?",
        why="Dat bepaalt de regel.",
        answer_by=add_working_days(make.today, 15),
    )
    told = mails_to(session, ours)
    assert [kind for kind, _ in told] == [MailKind.JOINT_NEWS] * 2
    assert "Het loket heeft de melding opgepakt." in told[0][1]
    assert f"Het loket stelde {lead.name} een vraag. {lead.name} geeft het antwoord." in told[1][1]
    for _, body in told:
        assert f"/onze-zaken/{case.reference}" in body
        assert "/mijn-account/mail" in body
        assert handler.name not in body
        assert "Welk plan is het?" not in body
    assert mails_to(session, colleague) == []
    assert [kind for kind, _ in mails_to(session, author)] == [MailKind.HANDLER_NAMED, MailKind.QUESTION]
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 4


def test_another_handler_is_no_news_to_who_joined(make, session, app, lead, us, joined):
    head, ours = make.head_of_desk(), make.filer(us)
    case = joined(CaseStatus.IN_TRIAGE, handler_id=make.handler().id, author_id=make.filer(lead).id)
    context = Context(session, make.actor(head), make.now, app.config["LINKS"])
    triage.assign(context, case.reference, case.version, make.handler().id)
    assert mails_to(session, ours) == []
    assert session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)).all() == [
        MailKind.ASSIGNED, MailKind.HANDLER_NAMED
    ]  # fmt: skip


def test_who_wants_no_more_mail_than_needed_hears_no_news(make, session, app, lead, us, joined):
    handler = make.triager()
    make.filer(us, mail_choice=MailChoice.NEEDED)
    case = joined(handler_id=handler.id, author_id=make.filer(lead).id, in_scope=True)
    triage.take_in(Context(session, make.actor(handler), make.now, app.config["LINKS"]), case.reference, case.version)
    assert MailKind.JOINT_NEWS not in session.scalars(select(OutboxMail.kind)).all()


def test_who_joined_hears_of_a_withdrawal(make, session, app, lead, us, joined):
    author, ours = make.filer(lead), make.filer(us)
    case = joined(author_id=author.id)
    context = Context(session, make.actor(author), make.now, app.config["LINKS"])
    submitter.withdraw(context, case.reference, "", erase_contact=False)
    ((kind, body),) = mails_to(session, ours)
    assert kind == MailKind.JOINT_NEWS
    assert f"{lead.name} trok de melding in." in body


def test_news_goes_to_who_joined_and_to_a_colleague_once_that_account_is_closed(make, session, app, lead, us, joined):
    author, colleague, joiner = make.filer(lead), make.filer(us), make.filer(us)
    case = joined(author_id=author.id)
    session.scalars(select(CaseParticipant)).one().answered_by_id = joiner.id
    context = Context(session, make.actor(author), make.now, app.config["LINKS"])
    for is_active in (True, False):
        joiner.is_active = is_active
        session.flush()
        joint_mail.tell_participants(context, case, MailKind.WITHDRAWN)
    told = session.scalars(select(OutboxMail.to_address).order_by(OutboxMail.id)).all()
    assert told == [joiner.email, colleague.email]


def test_who_joined_hears_of_the_proposal_and_of_the_end(make, session, lead, us):
    desk = Desk(session, make)
    author, ours = make.filer(lead), make.filer(us)
    case = desk.bring("in_behandeling")
    case.organisation_id, case.author_id = lead.id, author.id
    participant(make, case, us, ParticipantStatus.JOINED)
    desk.propose(case)
    submitter.accept_proposal(desk.context(author), case.reference)
    desk.write_public_text(case)
    reviews.approve(desk.context(desk.reviewer), case.reference, desk.ask_closing(case).id)
    told = mails_to(session, ours)
    assert [kind for kind, _ in told] == [MailKind.JOINT_NEWS] * 2
    assert f"Het loket deed een voorstel. {lead.name} zegt of het helpt." in told[0][1]
    assert "Het loket sloot de melding af." in told[1][1]
    for _, body in told:
        assert PROPOSAL["text"] not in body
        assert CLOSING["reason"] not in body
