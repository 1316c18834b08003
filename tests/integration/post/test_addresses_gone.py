"""Addresses that nobody has: what marks them, what waits then, and what has mails go there again."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from knelpunt.adapters.mail import DeliveryFailed, Mail, MailServer, Security, SmtpDeliverer
from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import ALWAYS_TRIED, MailKind, NotificationChoice
from knelpunt.domain.post.incoming import ADDRESS_GONE, Settled, UsedAgain
from knelpunt.domain.vocabulary import EventKind, Role
from knelpunt.models import Account, Contact, DeliveryFailure, DigestItem, Event, Organisation, OutboxMail
from knelpunt.queries.cases.page import read_case_file
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.accounts import Ticket, passwords
from knelpunt.services.collaboration import notifications as collaboration
from knelpunt.services.core import events, notifications
from knelpunt.services.mail import addresses_gone, delivery, failures, messages
from knelpunt.services.mail.delivery import ATTEMPTS_TO_NOBODY, MAX_ATTEMPTS, Outcome
from knelpunt.services.post import digests
from knelpunt.services.post.incoming import Taken
from knelpunt.services.submitters import addresses, links, reactions
from knelpunt.web.desk.case.timeline import Others, timeline_of
from tests.support.forms import fill
from tests.support.incoming import MAILBOX, READ, a_mail, a_report, to
from tests.support.mail_server import Mailbox, running
from tests.support.page import parse_page
from tests.support.statements import counted

ADDRESS = "initiatief@proef.example"
"""Where the cases of this desk are filed from."""
ELSEWHERE = frozenset({"5.2.2", "5.7.1", "5.4.4", "5.0.0"})
"""A full box, a refusal for what it says, no way there, and no reason: the address may be fine."""
ALLOWED, TOO_OFTEN = Ticket(True, True, ""), Ticket(True, False, "")


class Server:
    """A mail server that takes every mail, or refuses with one answer."""

    def __init__(self, refusal: DeliveryFailed | None = None) -> None:
        self.refusal, self.mails = refusal, []

    def deliver(self, mail: Mail) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.mails.append(mail)

    def rest(self) -> None:
        return


class Refuses(Mailbox):
    """Knows no address, and says so in these words."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    async def handle_RCPT(self, *_asked: object) -> str:
        return self.words


def mails_of(session, case):
    return session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id).order_by(OutboxMail.id)).all()


def send_all(desk, server=None):
    """Deliver what is due; what became of each mail, by its id."""
    server = server or Server()
    done = {}
    while (each := delivery.deliver_next(desk.system, server)) is not None:
        done[each.mail_id] = each.outcome
    return done


def gone(session, case):
    session.expire_all()
    return session.get_one(Contact, case.id).gone_at


def kinds(session, case):
    return session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)).all()


def open_failures(session, case):
    found = select(DeliveryFailure).where(DeliveryFailure.case_id == case.id, DeliveryFailure.settled_at.is_(None))
    return session.scalars(found.order_by(DeliveryFailure.id)).all()


def returned(desk, take, case, code="5.1.1"):
    """The first mail of a case came back with a code."""
    mail = mails_of(desk.session, case)[0]
    assert take(a_report(READ.bounce_to(mail.id), mail.message_id, status=code)) is Taken.BOUNCE
    return mail


def gone_case(desk, take):
    """A case of which all mails went, and the first came back: nobody has the address."""
    case = desk.file()
    send_all(desk)
    returned(desk, take, case)
    return case


def told(desk, case, kind=MailKind.MESSAGE, **more):
    """One more mail to the submitter."""
    return messages.queue(
        desk.system, kind, to_address=ADDRESS, subject="Nieuws", body="Er is nieuws.", case=case, **more
    )


def history(desk, case):
    """The titles and details in the timeline of the desk."""
    file = read_case_file(desk.session, desk.make.actor(desk.handler), case.reference)
    items = timeline_of(file, small_tables(desk.session), {}, Others({}, {}))
    return [(each.title, each.details) for each in items]


# --- what marks an address


@pytest.mark.parametrize("code", sorted(ADDRESS_GONE | ELSEWHERE))
def test_a_report_marks_an_address_only_when_it_says_that_there_is_none(desk, session, take, code):
    case = desk.file()
    returned(desk, take, case, code)
    assert (gone(session, case) is not None) is (code in ADDRESS_GONE)
    assert kinds(session, case).count(EventKind.ADDRESS_GONE) == (code in ADDRESS_GONE)
    assert len(open_failures(session, case)) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("550 5.1.1 no such user", "5.1.1"),
        ("550 5.1.10 null mx", "5.1.10"),
        ("553 5.1.3 bad address", "5.1.3"),
        ("550 5.2.1 mailbox disabled", "5.2.1"),
        ("552 5.2.2 mailbox full", "5.2.2"),
        ("550 5.7.1 looks like spam", "5.7.1"),
        ("550 no such user", None),
        ("550 5.1.11 something new", "5.1.11"),
    ],
)
def test_a_server_that_refuses_an_address_marks_it_once_the_mail_is_given_up(desk, session, words, code):
    case = desk.file()
    mail, *others = mails_of(session, case)
    for each in others:
        each.sent_at = desk.now
    mail.attempts = MAX_ATTEMPTS - 1
    with running(Refuses(words)) as port:
        server = SmtpDeliverer(MailServer("127.0.0.1", port, Security.NONE, None, None, MAILBOX))
        done = delivery.deliver_next(desk.system, server)
        server.rest()
    assert done.outcome is Outcome.GAVE_UP
    [failure] = open_failures(session, case)
    assert (failure.code, failure.is_returned, failure.gone_at) == (code, False, None)
    assert (gone(session, case) is not None) is (code in ADDRESS_GONE)


def test_a_server_that_refuses_once_marks_nothing_yet(desk, session):
    case = desk.file()
    refusal = DeliveryFailed("no", is_server_away=False, is_address_gone=True, code="5.1.1")
    assert set(send_all(desk, Server(refusal)).values()) == {Outcome.POSTPONED}
    assert gone(session, case) is None
    for _ in range(ATTEMPTS_TO_NOBODY):
        desk.now += timedelta(hours=2)
        send_all(desk, Server(refusal))
    assert gone(session, case) is not None


@pytest.mark.parametrize("raw", ["token", "message id", "answer", "delayed"])
def test_what_is_no_report_about_a_mail_of_ours_marks_nothing(desk, session, take, raw):
    case = desk.file()
    mail = mails_of(session, case)[0]
    forged = READ.bounce_to(mail.id).replace("@", "0@")
    taken = take(
        {
            "token": a_report(forged, "<van-een-ander@x.example>"),
            "message id": a_report(MAILBOX, "<van-een-ander@x.example>"),
            "answer": a_mail(to(case), "postmaster@elders.example", "550 5.1.1 no such user", Auto_Submitted="no"),
            "delayed": a_report(READ.bounce_to(mail.id), mail.message_id, action="delayed", status="4.4.1"),
        }[raw]
    )
    assert taken is not Taken.BOUNCE
    assert gone(session, case) is None
    assert EventKind.ADDRESS_GONE not in kinds(session, case)


def test_other_cases_of_the_address_are_marked_and_each_tells_so(desk, session, take):
    case, same, other = (
        desk.file(),
        desk.file(contact_email="Initiatief@PROEF.example"),
        desk.file(contact_email="iemand@anders.example"),
    )
    returned(desk, take, case)
    assert gone(session, case) == gone(session, same) == desk.now
    assert gone(session, other) is None
    assert [kinds(session, each).count(EventKind.ADDRESS_GONE) for each in (case, same, other)] == [1, 1, 0]
    [data] = session.scalars(select(Event.data).where(Event.case_id == same.id, Event.kind == EventKind.ADDRESS_GONE))
    assert data == {"mail_id": mails_of(session, case)[0].id}, "numbers, and no address"
    assert events.verify(session).fault is None


def test_an_erased_contact_is_left_alone_and_an_address_that_was_replaced_too(desk, session, take):
    erased, moved = desk.file(), desk.file()
    old = mails_of(session, moved)[0]
    reactions.erase_contact(desk.follower(erased), erased.reference)
    addresses.correct(desk.context(desk.handler), moved.reference, "goed@proef.example")
    assert take(a_report(READ.bounce_to(old.id), old.message_id)) is Taken.BOUNCE
    assert (gone(session, erased), gone(session, moved)) == (None, None)


def test_an_international_domain_is_one_address_however_it_is_written(desk, session, take):
    typed = desk.file(contact_email="buurt@bücher.example")
    [mail] = {each.to_address for each in mails_of(session, typed)}
    assert mail == "buurt@xn--bcher-kva.example"
    send_all(desk)
    returned(desk, take, typed)
    assert gone(session, typed) is not None
    later = messages.queue(
        desk.system, MailKind.MESSAGE, to_address="buurt@bücher.example", subject="S", body="B", case=typed
    )
    assert send_all(desk) == {later.id: Outcome.GAVE_UP}


def test_the_account_with_the_address_is_marked(desk, session, make):
    account = make.account(Role.HANDLER, email=ADDRESS)
    mail = messages.queue(
        desk.system, MailKind.DAILY_DIGEST, to_address=ADDRESS, subject="S", body="B", account_id=account.id
    )
    before = account.version
    failures.note(desk.system, mail, is_returned=True, code="5.1.1")
    session.refresh(account)
    assert (account.gone_at, account.version) == (desk.now, before)


# --- what waits then


def test_a_later_mail_is_not_sent_and_extends_the_task_of_its_case(desk, session, take):
    case = gone_case(desk, take)
    since = gone(session, case)
    desk.later(3)
    first, second = told(desk, case), told(desk, case, MailKind.QUESTION)
    server = Server()
    assert send_all(desk, server) == {first.id: Outcome.GAVE_UP, second.id: Outcome.GAVE_UP}
    assert server.mails == []
    rows = [(each.mail_id, each.gone_at, each.is_returned) for each in open_failures(session, case)]
    assert rows[1:] == [(first.id, since, False), (second.id, since, False)]
    assert (first.attempts, first.sent_at, first.body is not None) == (0, None, True)
    assert kinds(session, case).count(EventKind.ADDRESS_GONE) == 1
    assert history(desk, case)[0] == ("Een e-mail kwam niet aan", ("Niet verstuurd: dit e-mailadres bestaat niet.",))


def test_a_mail_of_another_case_with_the_address_becomes_a_task_there(desk, session, take):
    case, other = desk.file(), desk.file()
    send_all(desk)
    returned(desk, take, case)
    assert open_failures(session, other) == []
    mail = told(desk, other)
    assert send_all(desk) == {mail.id: Outcome.GAVE_UP}
    assert [each.mail_id for each in open_failures(session, other)] == [mail.id]


@pytest.mark.parametrize("kind", MailKind)
def test_what_must_always_be_tried_is_sent_and_leaves_the_mark(desk, session, take, kind):
    case = gone_case(desk, take)
    mail, server = told(desk, case, kind), Server()
    done = send_all(desk, server)
    assert done == {mail.id: Outcome.SENT if kind in ALWAYS_TRIED else Outcome.GAVE_UP}
    assert [each.message_id for each in server.mails] == ([mail.message_id] if kind in ALWAYS_TRIED else [])
    assert gone(session, case) is not None


def test_a_mail_about_the_case_to_somebody_else_goes(desk, session, take):
    case = gone_case(desk, take)
    mail = messages.queue(
        desk.system, MailKind.CO_SIGN_ASKED, to_address="iemand@anders.example", subject="S", body="B", case=case
    )
    assert send_all(desk) == {mail.id: Outcome.SENT}


@pytest.mark.parametrize("is_about_case", [True, False])
def test_to_a_colleague_whose_address_is_gone_nothing_goes_and_the_case_has_no_task(desk, session, is_about_case):
    session.execute(update(Account).where(Account.id == desk.handler.id).values(gone_at=desk.now))
    case = desk.file()
    send_all(desk)
    mail = messages.queue(
        desk.system, MailKind.DAILY_DIGEST, to_address=desk.handler.email, subject="S", body="B",
        account_id=desk.handler.id, case=case if is_about_case else None,
    )  # fmt: skip
    server = Server()
    assert send_all(desk, server) == {mail.id: Outcome.GAVE_UP}
    assert (server.mails, mail.last_error) == ([], delivery.NOBODY_THERE)
    assert open_failures(session, case) == []


def test_a_mail_to_the_organisation_that_filed_becomes_a_task(desk, session, make):
    account = make.filer()
    case = make.case(organisation_id=account.organisation_id, author_id=account.id)
    session.execute(update(Account).where(Account.id == account.id).values(gone_at=desk.now))
    mail = messages.queue(
        desk.system, MailKind.MESSAGE, to_address=account.email, subject="S", body="B", account_id=account.id, case=case
    )
    assert send_all(desk) == {mail.id: Outcome.GAVE_UP}
    assert [each.mail_id for each in open_failures(session, case)] == [mail.id]
    addresses.try_again(desk.context(desk.handler), case.reference)
    session.expire_all()
    assert account.gone_at is None
    assert send_all(desk) == {mail.id: Outcome.SENT}


def test_delivery_asks_the_database_nothing_more_for_it(desk, session, connection):
    desk.file()
    session.flush()
    with counted(connection) as sent:
        delivery.deliver_next(desk.system, Server())
    assert sum("gone_at" in each for each in sent if each.lstrip().startswith("SELECT")) <= 2
    assert sum("FROM outbox" in each for each in sent) == 1


@pytest.mark.parametrize("of", ["day", "week"])
def test_the_mail_of_the_day_or_week_waits_for_an_account_until_its_address_is_there(desk, session, make, of):
    account = desk.handler if of == "day" else make.filer()
    kind = MailKind.DAILY_DIGEST if of == "day" else MailKind.WEEKLY
    account.notification_choice, account.gone_at = NotificationChoice.DIGEST, desk.now
    case = desk.file()
    if of == "day":
        notifications.note(desk.context(desk.reviewer), case, MailKind.ASSIGNED, account.id)
    else:
        session.add(
            DigestItem(
                case_id=case.id, account_id=account.id, kind=MailKind.MESSAGE, subject="S", body="B",
                written_at=desk.now,
            )
        )  # fmt: skip
    session.flush()
    desk.later(7)
    work = {"day": (collaboration.due_digests, collaboration.send_digest), "week": (digests.due, digests.send)}[of]

    def sent():
        for number in session.scalars(work[0](desk.system)).all():
            work[1](desk.system, number)
        return session.scalars(select(OutboxMail.account_id).where(OutboxMail.kind == kind)).all()

    assert sent() == []
    addresses_gone.clear_account(desk.system, account.email, UsedAgain.MAIL_CAME)
    assert sent() == [account.id]


# --- what has mails go there again


def test_another_address_by_the_desk_clears_it_and_settles(desk, session, take):
    case = gone_case(desk, take)
    addresses.correct(desk.context(desk.handler), case.reference, "goed@proef.example")
    assert gone(session, case) is None
    assert open_failures(session, case) == []
    assert set(send_all(desk).values()) == {Outcome.SENT}
    assert ("E-mailadres hersteld door het loket", ()) in history(desk, case)


def test_the_warning_to_an_old_address_that_comes_back_is_no_new_task(desk, session, take):
    case = gone_case(desk, take)
    session.get_one(Contact, case.id).verified_at = desk.now
    addresses.correct(desk.context(desk.handler), case.reference, "goed@proef.example")
    send_all(desk)
    warning = next(each for each in mails_of(session, case) if each.kind == MailKind.ADDRESS_CHANGING)
    assert warning.to_address == ADDRESS
    report = a_report(READ.bounce_to(warning.id), warning.message_id).replace(b"<melding-", b"<tweede-melding-")
    assert take(report) is Taken.BOUNCE
    assert open_failures(session, case) == []
    noted = session.scalars(select(DeliveryFailure).where(DeliveryFailure.mail_id == warning.id)).one()
    assert (noted.code, noted.outcome) == ("5.1.1", Settled.ADDRESS)
    assert gone(session, case) is None
    assert kinds(session, case).count(EventKind.MAIL_FAILED) == 2


def test_another_address_by_the_submitter_clears_it_once_it_is_confirmed(desk, session, take):
    case = gone_case(desk, take)
    assert addresses.ask_change(desk.follower(case), case.reference, "nieuw@proef.example", ALLOWED)
    assert gone(session, case) is not None
    confirm = next(each for each in mails_of(session, case) if each.kind == MailKind.ADDRESS_CONFIRM)
    assert send_all(desk)[confirm.id] is Outcome.SENT
    token = next(word for word in confirm.body.split() if "/volgen/adres/" in word).rpartition("/")[2]
    addresses.confirm_change(desk.as_(desk.follower(case).actor), token)
    assert gone(session, case) is None


def test_the_same_address_given_anew_is_tried_again(desk, session, take):
    case = gone_case(desk, take)
    later = told(desk, case)
    send_all(desk)
    assert not addresses.ask_change(desk.follower(case), case.reference, f" {ADDRESS.upper()} ", ALLOWED)
    assert gone(session, case) is None
    assert later.id in send_all(desk)
    with pytest.raises(DomainError, match="hebben wij al"):
        addresses.ask_change(desk.follower(case), case.reference, ADDRESS, ALLOWED)


def test_the_desk_tries_the_address_again_and_what_failed_goes_once_more(desk, session, take):
    case, other = gone_case(desk, take), desk.file()
    session.execute(update(Contact).where(Contact.case_id == other.id).values(gone_at=desk.now))
    first, later = mails_of(session, case)[0], told(desk, case)
    send_all(desk)
    addresses.try_again(desk.context(desk.handler), case.reference)
    assert (gone(session, case), gone(session, other)) == (None, None)
    assert open_failures(session, case) == []
    server = Server()
    assert send_all(desk, server) == {first.id: Outcome.SENT, later.id: Outcome.SENT}
    assert {each.message_id for each in server.mails} == {first.message_id, later.message_id}
    settled = session.scalars(select(DeliveryFailure).where(DeliveryFailure.case_id == case.id)).all()
    assert {(each.outcome, each.settled_by_id) for each in settled} == {(Settled.RESENT, desk.handler.id)}
    found = history(desk, case)
    assert found[0] == (
        "Mails gaan weer naar dit e-mailadres",
        (UsedAgain.BY_DESK.words, "Wat niet aankwam, is opnieuw verstuurd."),
    )
    assert not any("anders bereikt" in title for title, _ in found)
    with pytest.raises(DomainError, match="gaan al naar dit adres"):
        addresses.try_again(desk.context(desk.handler), case.reference)


def test_what_comes_back_again_is_marked_and_a_task_again(desk, session, take):
    case = gone_case(desk, take)
    addresses.try_again(desk.context(desk.handler), case.reference)
    send_all(desk)
    desk.later(1)
    mail = mails_of(session, case)[0]
    again = a_report(READ.bounce_to(mail.id), mail.message_id).replace(b"<melding-", b"<tweede-melding-")
    assert take(again) is Taken.BOUNCE
    assert gone(session, case) == desk.now
    assert [each.mail_id for each in open_failures(session, case)] == [mail.id]


def test_what_was_emptied_since_stays_a_task(desk, session, take):
    case = gone_case(desk, take)
    mail = mails_of(session, case)[0]
    mail.body = None
    session.flush()
    addresses.try_again(desk.context(desk.handler), case.reference)
    assert gone(session, case) is None
    assert [each.mail_id for each in open_failures(session, case)] == [mail.id]
    assert "Wat niet aankwam, is opnieuw verstuurd." not in history(desk, case)[0][1]


@pytest.mark.parametrize("is_to_case", [True, False])
def test_a_mail_from_the_address_clears_it(desk, session, take, is_to_case):
    case = gone_case(desk, take)
    taken = take(a_mail(to(case) if is_to_case else MAILBOX, ADDRESS.title()))
    assert taken is (Taken.LANDED if is_to_case else Taken.WAITS)
    assert gone(session, case) is None
    last = session.scalars(select(Event).where(Event.kind == EventKind.ADDRESS_USED_AGAIN)).one()
    assert (last.case_id, last.data) == (case.id, {"waarom": UsedAgain.MAIL_CAME.value})
    assert len(open_failures(session, case)) == 1, "somebody must still see to what did not arrive"


def test_an_answer_by_itself_clears_nothing(desk, session, take):
    case = gone_case(desk, take)
    assert take(a_mail(to(case), ADDRESS, "Dit adres bestaat niet meer.", Auto_Submitted="auto-replied")) is (
        Taken.IGNORED
    )
    assert take(a_mail(to(case), "iemand@anders.example", message_id="<2@x.example>")) is Taken.WAITS
    assert gone(session, case) is not None


def test_who_asks_for_a_link_says_that_the_address_is_there(desk, session, take):
    case = gone_case(desk, take)
    links.send_links_again(desk.system, ADDRESS.upper(), TOO_OFTEN)
    assert gone(session, case) is not None, "asked for too often"
    links.send_links_again(desk.system, ADDRESS.upper(), ALLOWED)
    assert gone(session, case) is None


@pytest.mark.parametrize("act", [links.renew_link, links.confirm_address])
def test_the_holder_of_the_link_has_mails_go_there_again(desk, session, take, act):
    case = gone_case(desk, take)
    act(desk.follower(case), case.reference)
    assert gone(session, case) is None
    assert kinds(session, case).count(EventKind.ADDRESS_USED_AGAIN) == 1
    act(desk.follower(case), case.reference)
    assert kinds(session, case).count(EventKind.ADDRESS_USED_AGAIN) == 1


def test_a_new_password_by_link_clears_the_account(desk, session, make):
    account = make.account(Role.HANDLER)

    def mark():
        session.execute(update(Account).where(Account.id == account.id).values(gone_at=desk.now))

    mark()
    passwords.request_reset(desk.system, "niemand@anders.example", ALLOWED)
    session.refresh(account)
    assert account.gone_at is not None
    passwords.request_reset(desk.system, account.email, ALLOWED)
    session.refresh(account)
    assert account.gone_at is None
    mark()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.PASSWORD_RESET)).one()
    token = next(word for word in mail.body.split() if "/wachtwoord/" in word).rpartition("/")[2]
    passwords.reset_password(desk.system, token, "een lang en nieuw wachtwoord")
    session.refresh(account)
    assert account.gone_at is None


def test_an_administrator_who_tries_one_mail_again_has_mails_go_there(desk, session, make, take):
    case = gone_case(desk, take)
    mail = told(desk, case)
    assert send_all(desk) == {mail.id: Outcome.GAVE_UP}
    assert delivery.retry(desk.context(make.account(Role.ADMINISTRATOR)), mail.id)
    assert gone(session, case) is None
    assert send_all(desk) == {mail.id: Outcome.SENT}


def test_with_the_contact_the_mark_goes(desk, session, take):
    case = gone_case(desk, take)
    reactions.erase_contact(desk.follower(case), case.reference)
    assert gone(session, case) is None


def test_two_marks_and_two_clears_tell_it_once(desk, session, take):
    case = desk.file()
    for mail in mails_of(session, case):
        addresses_gone.mark(desk.system, mail, case)
        addresses_gone.mark(desk.system, mail, case)
    for _ in range(2):
        addresses_gone.clear(desk.system, ADDRESS, UsedAgain.MAIL_CAME)
    assert kinds(session, case).count(EventKind.ADDRESS_GONE) == 1
    assert kinds(session, case).count(EventKind.ADDRESS_USED_AGAIN) == 1
    assert events.verify(session).fault is None


# --- what the pages say


def words(page):
    return parse_page(page).text


def follow_path(app, desk, case):
    context = dataclasses.replace(desk.system, links=app.config["LINKS"])
    path = messages.follow_url(context, case).removeprefix(context.links.base_url)
    desk.session.flush()
    return path


def test_the_desk_reads_since_when_and_tries_it_again(desk, session, take, client_as):
    case = gone_case(desk, take)
    day = "dinsdag 3 november 2026"
    told(desk, case)
    send_all(desk)
    client = client_as(desk.handler)
    shown = client.get(f"/zaken/{case.reference}")
    page = words(shown)
    assert parse_page(shown).leads_to(f"/zaken/{case.reference}/niet-bezorgd")
    assert f"Het e-mailadres van de indiener bestaat niet. Dat meldde een andere server. Sinds {day}" in page
    settle = client.get(f"/zaken/{case.reference}/niet-bezorgd")
    assert f"Niet verstuurd: dit e-mailadres bestaat niet. Wij weten dat sinds {day}." in words(settle)
    assert f"/zaken/{case.reference}/adres/opnieuw" in settle.text
    assert f"/zaken/{case.reference}/adres" in settle.text
    form = client.get(f"/zaken/{case.reference}/adres/opnieuw")
    answer = client.post(f"/zaken/{case.reference}/adres/opnieuw", data=fill(form, "version"))
    assert answer.status_code == 303
    assert gone(session, case) is None
    shown = client.get(answer.location)
    after = words(shown)
    assert not parse_page(shown).leads_to(f"/zaken/{case.reference}/niet-bezorgd"), "nothing is left to settle"
    assert "Het e-mailadres van de indiener bestaat niet" not in after
    assert "Een collega liet het adres opnieuw proberen." in after
    assert "gaan al naar dit adres" in words(client.get(f"/zaken/{case.reference}/adres/opnieuw"))


@pytest.mark.parametrize(
    ("language", "said", "link"),
    [
        ("nl", "Sinds dinsdag 3 november 2026 krijgt u van ons geen mail.", "Geef een ander e-mailadres op"),
        ("en", "Since Tuesday 3 November 2026 you get no e-mail from us.", "Give another e-mail address"),
    ],
)
def test_the_submitter_reads_that_mails_do_not_arrive_and_gives_the_address_anew(
    app, desk, session, take, client, language, said, link
):
    case = gone_case(desk, take)
    case.language = language
    path = follow_path(app, desk, case)
    page = client.get(path)
    assert said in words(page)
    assert f"i•••@{ADDRESS.partition('@')[2]}" in words(page)
    address, *_in_the_list = [href for name, href in parse_page(page).links() if name == link]
    answer = client.post(address, data=fill(client.get(address), "email", email=ADDRESS))
    assert answer.status_code == 302
    assert gone(session, case) is None
    assert said not in words(client.get(path))


def test_the_organisation_reads_it_at_its_case_and_who_has_the_account_there(desk, session, make, client_as):
    account = make.filer()
    other = make.filer(session.get_one(Organisation, account.organisation_id))
    case = make.case(organisation_id=account.organisation_id, author_id=account.id)
    for each in (account, other):
        assert "komen niet aan" not in words(client_as(each).get(f"/onze-zaken/{case.reference}"))
    session.execute(update(Account).where(Account.id == account.id).values(gone_at=desk.now))
    for each in (account, other):
        page = words(client_as(each).get(f"/onze-zaken/{case.reference}"))
        assert "Sinds dinsdag 3 november 2026 sturen wij geen mail." in page
    assert "komen niet aan" not in words(client_as(other).get("/mijn-account"))
    client = client_as(account)
    page = client.get("/mijn-account")
    assert "Sinds dinsdag 3 november 2026 sturen wij u geen mail" in words(page)
    assert client.post("/mijn-account/adres-opnieuw", data=fill(page, "adres-opnieuw")).status_code == 302
    session.refresh(account)
    assert account.gone_at is None
    assert "komen niet aan" not in words(client.get("/mijn-account"))


@pytest.mark.parametrize("path", ["/beheer/accounts", "/onze-organisatie/collegas"])
def test_who_manages_the_account_reads_it_and_tries_it_again(desk, session, make, client_as, path):
    account = make.filer()
    town = session.get_one(Organisation, account.organisation_id)
    manager = make.administrator() if path.startswith("/beheer") else make.organisation_admin(town)
    client = client_as(manager)
    assert "komen niet aan" not in words(client.get(f"{path}/{account.id}"))
    session.execute(update(Account).where(Account.id == account.id).values(gone_at=desk.now))
    page = client.get(f"{path}/{account.id}")
    assert "Sinds dinsdag 3 november 2026 gaan er geen mails heen" in words(page)
    form = fill(page, "adres-opnieuw")
    stale = client.post(f"{path}/{account.id}/adres-opnieuw", data={**form, "version": "99"})
    assert stale.status_code in {409, 422}
    assert client.post(f"{path}/{account.id}/adres-opnieuw", data=form).status_code == 302
    session.refresh(account)
    assert account.gone_at is None
    kind = session.scalars(select(Event.kind).where(Event.subject == f"account:{account.id}").order_by(Event.number))
    assert kind.all()[-1] == AccountEvent.ADDRESS_USED_AGAIN
