"""Mails that somebody of the desk or a ministry missed: an administrator sees them, and settles them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from knelpunt.adapters.mail import DeliveryFailed, MailServer, Security, SmtpDeliverer
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.incoming import Refusal, why_not_delivered
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, DeliveryFailure, Event, OutboxMail
from knelpunt.queries.accounts import outgoing
from knelpunt.queries.accounts.outgoing import MailFilter, MailState
from knelpunt.services.mail import delivery, failures, messages
from knelpunt.services.mail.delivery import ATTEMPTS_TO_NOBODY, MAX_ATTEMPTS
from knelpunt.services.post.incoming import Taken
from tests.support.forms import fill
from tests.support.incoming import MAILBOX, READ, a_report
from tests.support.mail_server import Mailbox, running

BOX = "postbus@ministerie.example"
REFUSAL = DeliveryFailed(f"{Refusal.MAIL} (554)", is_server_away=False)


class Server:
    """A mail server that refuses every mail, or takes it."""

    refuses = True

    def deliver(self, _mail):
        if self.refuses:
            raise REFUSAL

    def rest(self):
        return


class Refuses(Mailbox):
    """An old server: a number, and no code that says why."""

    async def handle_RCPT(self, *_asked: object) -> str:
        return "550 Mailbox unavailable or blocked"


def text(answer):
    return answer.get_data(as_text=True)


def give_up(desk, mail):
    mail.attempts = MAX_ATTEMPTS - 1
    desk.session.flush()
    while delivery.deliver_next(desk.system, Server()) is not None:
        pass
    assert mail.gave_up_at == desk.now


def written(desk, address, *, account=None, case=None, kind=MailKind.BOTTLENECK_CASE_WAITS):
    desk.session.execute(update(OutboxMail).values(sent_at=desk.now))
    found = messages.queue(
        desk.system, kind, to_address=address, subject="Er wacht een zaak", body="U beslist.",
        account_id=account.id if account else None, case=case,
    )  # fmt: skip
    desk.session.flush()
    return found


def missed(session):
    return [each.id for each in outgoing.list_mails(session, MailFilter(state=MailState.MISSED))]


@pytest.mark.parametrize("is_about_case", [True, False])
def test_what_a_colleague_missed_is_a_task_of_an_administrator_and_not_of_the_case(desk, session, is_about_case):
    case = desk.file()
    mail = written(desk, desk.handler.email, account=desk.handler, case=case if is_about_case else None)
    give_up(desk, mail)
    assert missed(session) == [mail.id]
    assert session.scalars(select(DeliveryFailure)).all() == []


def test_what_nobody_at_the_address_could_read_is_missed_too(desk, session):
    session.execute(update(Account).where(Account.id == desk.handler.id).values(gone_at=desk.now))
    mail = written(desk, desk.handler.email, account=desk.handler)
    assert delivery.deliver_next(desk.system, Server()).outcome is delivery.Outcome.GAVE_UP
    assert missed(session) == [mail.id]


@pytest.mark.parametrize("code", ["5.1.1", "5.2.2"])
def test_what_came_back_from_a_colleague_is_missed(desk, session, take, code):
    mail = written(desk, desk.handler.email, account=desk.handler)
    mail.sent_at = desk.now
    session.flush()
    assert take(a_report(READ.bounce_to(mail.id), mail.message_id, status=code)) is Taken.BOUNCE
    assert missed(session) == [mail.id]


@pytest.mark.parametrize(
    "kind", [MailKind.CONSULTATION_LIST, MailKind.QUARTER_COMMENT_ASKED, MailKind.QUARTER_COMMENT_REMINDER]
)
def test_what_a_ministry_missed_is_a_task_too(desk, session, kind):
    mail = written(desk, BOX, kind=kind)
    give_up(desk, mail)
    assert missed(session) == [mail.id]


def test_what_the_submitter_or_a_follower_missed_is_none_of_an_administrator(desk, session, make):
    case, filer = desk.file(), make.account(Role.FILER)
    give_up(desk, written(desk, "initiatief@proef.example", case=case, kind=MailKind.MESSAGE))
    give_up(desk, written(desk, filer.email, account=filer, kind=MailKind.DAILY_DIGEST))
    give_up(desk, written(desk, "volger@proef.example", kind=MailKind.TOPIC_NEWS))
    assert missed(session) == []
    assert session.scalar(select(func.count()).select_from(DeliveryFailure)) == 1


def test_an_administrator_sees_it_on_the_page_of_the_state_and_settles_all_of_one_reader(
    desk, session, make, client_as
):
    first = written(desk, desk.handler.email, account=desk.handler)
    give_up(desk, first)
    second = written(desk, desk.handler.email.upper(), account=desk.handler)
    give_up(desk, second)
    other = written(desk, BOX, kind=MailKind.CONSULTATION_LIST)
    give_up(desk, other)
    administrator = client_as(make.administrator())
    session.commit()
    state = text(administrator.get("/beheer/toestand"))
    assert "Een collega of een ministerie kreeg een mail niet." in state
    assert "3 gemist door loket of ministerie" in text(administrator.get("/beheer"))
    listed = text(administrator.get("/beheer/uitgaande-post?stand=gemist"))
    assert all(f"/beheer/uitgaande-post/{each.id}" in listed for each in (first, second, other))
    assert "adresboek" in text(administrator.get(f"/beheer/uitgaande-post/{other.id}"))
    page = administrator.get(f"/beheer/uitgaande-post/{first.id}")
    assert f"/beheer/accounts/{desk.handler.id}" in text(page)
    assert "Waarom niet bezorgd" in text(page)
    done = administrator.post(f"/beheer/uitgaande-post/{first.id}/geregeld", data=fill(page, "csrf_token"))
    assert "voor 2 e-mails aan hetzelfde adres" in text(administrator.get(done.location))
    assert missed(session) == [other.id]
    data = session.scalars(select(Event.data).where(Event.kind == failures.MISSED_SETTLED)).all()
    assert data == [{"mails": [first.id, second.id]}]
    again = administrator.post(f"/beheer/uitgaande-post/{first.id}/geregeld", data=fill(page, "csrf_token"))
    assert again.status_code == 422
    failures.settle_missed(desk.context(make.administrator()), other.id)
    session.commit()
    assert "Een collega of een ministerie kreeg een mail niet." not in text(administrator.get("/beheer/toestand"))


def test_only_who_reads_outgoing_mail_settles_it(desk, session, make):
    mail = written(desk, BOX, kind=MailKind.CONSULTATION_LIST)
    with pytest.raises(PermissionDenied):
        failures.settle_missed(desk.context(desk.handler), mail.id)
    administrator = desk.context(make.administrator())
    with pytest.raises(DomainError, match="al geregeld"):
        failures.settle_missed(administrator, mail.id)
    with pytest.raises(NotFound):
        failures.settle_missed(administrator, mail.id + 1_000_000)


def test_a_mail_that_is_tried_again_is_missed_only_when_it_fails_again(desk, session, make):
    mail = written(desk, BOX, kind=MailKind.CONSULTATION_LIST)
    give_up(desk, mail)
    assert delivery.retry(desk.context(make.administrator()), mail.id)
    assert missed(session) == []
    give_up(desk, mail)
    assert missed(session) == [mail.id]


# --- in words


def test_an_old_server_that_says_550_alone_makes_a_task_within_two_hours_and_marks_no_address(desk, session, client_as):
    case = desk.file()
    mail, *others = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).all()
    for each in others:
        each.sent_at = desk.now
    began = desk.now
    with running(Refuses()) as port:
        server = SmtpDeliverer(MailServer("127.0.0.1", port, Security.NONE, None, None, MAILBOX))
        for _ in range(ATTEMPTS_TO_NOBODY):
            delivery.deliver_next(desk.system, server)
            desk.now = max(desk.now, mail.next_try_at)
        server.rest()
    assert mail.gave_up_at is not None
    assert mail.gave_up_at - began < timedelta(hours=2)
    session.commit()
    page = text(client_as(desk.triager).get(f"/zaken/{case.reference}/niet-bezorgd"))
    assert "weigert dit e-mailadres en zegt niet waarom" in page
    assert "bestaat niet." not in page


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        ("5.1.1", None, "Dit e-mailadres bestaat niet."),
        ("5.1.8", None, "Er is iets mis met het e-mailadres."),
        ("5.2.2", None, "Het postvak van de ontvanger is vol."),
        ("5.7.1", "the server refused the address (550)", "De mailserver van de ontvanger wil deze mail niet hebben."),
        ("5.0.0", None, ""),
        ("550", None, ""),
        (None, "the server refused the mail (554)", "De mailserver weigert deze mail."),
        (None, "no connection (TimeoutError)", "De mailserver was niet te bereiken."),
        (None, "the connection broke (SMTPServerDisconnected)", "De verbinding met de mailserver brak steeds af."),
        (None, "a fault of our own (ValueError)", ""),
        (None, None, ""),
    ],
)
def test_why_a_mail_reached_nobody_is_told_as_far_as_it_is_known(code, error, words):
    assert why_not_delivered(code, error) == words
