"""Which mails a submitter gets: each kind by each choice, by link, in an account, and with one click from a mail."""

import re

import pytest
from sqlalchemy import select

from knelpunt.adapters.mail import Mail, compose
from knelpunt.domain.links import ACCOUNT, CASE
from knelpunt.domain.mail_kinds import MailChoice, MailKind, can_be_switched_off, is_wanted
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Account, Contact, DigestItem, Event, OutboxMail
from knelpunt.services.cases import triage
from knelpunt.services.cases.mail_texts import steps as texts
from knelpunt.services.jobs import scheduled
from knelpunt.services.mail import delivery, messages
from knelpunt.services.submitters import mail_choices
from knelpunt.services.submitters import reactions as submitter
from tests.support.forms import fill
from tests.support.mail_texts import SUBMITTER_TEXTS
from tests.unit.mail.test_mail_texts import VALUES

NEEDED = {
    MailKind.RECEIPT,
    MailKind.FOLLOW_LINK,
    MailKind.QUESTION,
    MailKind.ANSWER_RECEIVED,
    MailKind.NO_REACTION,
    MailKind.PROPOSAL,
    MailKind.CLOSED,
    MailKind.PREVIEW,
    MailKind.WITHDRAWN,
}
ON_MY_TURN = {
    MailKind.REMINDER_HALFWAY,
    MailKind.REMINDER_LAST,
    MailKind.REACTION_REMINDER,
    MailKind.PROPOSAL_LAPSED,
    MailKind.AFTERCARE,
}


def mails(session, case, kind=None):
    wanted = select(OutboxMail).where(OutboxMail.case_id == case.id).order_by(OutboxMail.id)
    return session.scalars(wanted.where(OutboxMail.kind == kind) if kind else wanted).all()


def events(session, case_id):
    wanted = select(Event.data).where(Event.kind == EventKind.MAIL_CHOSEN, Event.case_id == case_id)
    return session.scalars(wanted.order_by(Event.number)).all()


@pytest.mark.parametrize("choice", [None, *MailChoice])
@pytest.mark.parametrize("kind", SUBMITTER_TEXTS)
def test_each_kind_of_mail_goes_out_or_not_by_the_choice(desk, session, kind, choice):
    case = desk.file()
    session.get_one(Contact, case.id).mail_choice = choice
    before = len(mails(session, case, kind))
    sent = messages.notify_submitter(desk.context(desk.handler), case, SUBMITTER_TEXTS[kind](**VALUES[kind]))
    expected = (
        choice in (None, MailChoice.ALL)
        or not can_be_switched_off(kind)
        or (choice in (MailChoice.MY_TURN, MailChoice.WEEKLY) and kind in ON_MY_TURN)
    )
    waits = choice is MailChoice.WEEKLY and can_be_switched_off(kind) and kind not in ON_MY_TURN
    assert len(session.scalars(select(DigestItem).where(DigestItem.case_id == case.id)).all()) == waits
    assert (sent is not None) is expected
    assert len(mails(session, case, kind)) == before + expected
    if sent is not None:
        stops = "Kies zelf welke u krijgt" if can_be_switched_off(kind) else "Daarom kunt u hem niet uitzetten."
        assert stops in sent.body


def test_once_a_week_one_mail_holds_what_happened_and_nothing_is_empty_or_twice(desk, session):
    case, other = desk.bring("in_triage"), desk.file()
    session.get_one(Contact, case.id).mail_choice = MailChoice.WEEKLY
    for words in ("Wij spraken de gemeente.", "De provincie denkt mee."):
        triage.send_message(desk.context(desk.handler), case.reference, words)
    scheduled.run_due(desk.system, session.flush)
    assert mails(session, case, MailKind.WEEKLY) == mails(session, case, MailKind.MESSAGE) == []
    desk.later(7 - desk.today.weekday())
    for _ in range(2):
        scheduled.run_due(desk.system, session.flush)
    [mail] = mails(session, case, MailKind.WEEKLY)
    assert "Wij spraken de gemeente." in mail.body
    assert "De provincie denkt mee." in mail.body
    assert "Kies zelf welke u krijgt" in mail.body
    assert mail.body.count("Beste indiener") == 1
    scheduled.run_due(desk.later(7).system, session.flush)
    assert len(mails(session, case, MailKind.WEEKLY)) == 1
    assert mails(session, other, MailKind.WEEKLY) == []


@pytest.mark.parametrize(("choice", "is_sent"), [(MailChoice.NEEDED, 0), (MailChoice.MY_TURN, 0), (MailChoice.ALL, 1)])
def test_what_waits_for_monday_goes_by_what_was_chosen_last(desk, session, choice, is_sent):
    case = desk.bring("in_triage")
    session.get_one(Contact, case.id).mail_choice = MailChoice.WEEKLY
    triage.send_message(desk.context(desk.handler), case.reference, "Wij spraken de gemeente.")
    mail_choices.choose_for_case(desk.follower(case), case.reference, choice)
    scheduled.run_due(desk.later(7).system, session.flush)
    assert len(mails(session, case, MailKind.WEEKLY)) == is_sent
    assert session.scalars(select(DigestItem)).all() == []


def test_a_colleague_stops_the_mail_of_the_week_with_one_click(desk, session, make):
    filer = make.filer()
    case = desk.bring("in_triage")
    case.organisation_id, case.author_id, filer.mail_choice = filer.organisation_id, filer.id, MailChoice.WEEKLY
    session.flush()
    triage.send_message(desk.context(desk.handler), case.reference, "Wij spraken de gemeente.")
    scheduled.run_due(desk.later(7).system, session.flush)
    weekly = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.WEEKLY)).one()
    url = delivery.stop_url(desk.system, weekly)
    mail_choices.stop(desk.as_(VISITOR), url.split("/")[-2])
    assert filer.mail_choice is MailChoice.NEEDED


def test_erasing_takes_what_waits_for_monday_along(desk, session):
    case = desk.bring("in_triage")
    session.get_one(Contact, case.id).mail_choice = MailChoice.WEEKLY
    triage.send_message(desk.context(desk.handler), case.reference, "Wij spraken de gemeente.")
    submitter.erase_contact(desk.follower(case), case.reference)
    scheduled.run_due(desk.later(14).system, session.flush)
    assert mails(session, case, MailKind.WEEKLY) == []
    assert session.scalars(select(DigestItem)).all() == []


def test_what_holds_a_term_or_ends_the_case_is_never_switched_off():
    assert [kind for kind in NEEDED if not is_wanted(kind, MailChoice.NEEDED)] == []
    assert {kind for kind in SUBMITTER_TEXTS if can_be_switched_off(kind)} >= ON_MY_TURN | {MailKind.MESSAGE}


def test_the_choice_of_a_resident_is_one_event_and_holds_at_once(client, desk, session, path_to):
    case = desk.bring("in_triage")
    path = path_to(case)
    page = client.get(f"{path}/mail")
    answer = client.post(f"{path}/mail", data=fill(page, "choice", choice="alleen_nodig"))
    assert answer.location == path
    assert "Alleen wat nodig is" in client.get(path).get_data(as_text=True)
    assert events(session, case.id) == [{"keuze": "alleen_nodig"}]
    triage.send_message(desk.context(desk.handler), case.reference, "Wij spraken de gemeente.")
    assert mails(session, case, "bericht") == []
    client.post(f"{path}/mail", data=fill(client.get(f"{path}/mail"), "choice", choice="alleen_nodig"))
    assert len(events(session, case.id)) == 1


@pytest.mark.parametrize("choice", ["", "niets", "alles\x00"])
def test_another_choice_is_refused(client, desk, session, path_to, choice):
    case = desk.file()
    path = f"{path_to(case)}/mail"
    assert client.post(path, data={**fill(client.get(path), "submission_key"), "choice": choice}).status_code == 422
    assert session.get_one(Contact, case.id).mail_choice is None


def test_an_erased_contact_chooses_nothing(client, desk, path_to):
    case = desk.file()
    path = path_to(case)
    submitter.erase_contact(desk.follower(case), case.reference)
    assert client.get(f"{path}/mail").status_code == 404


def test_a_member_chooses_for_the_own_account_only(client_as, make, desk, session):
    organisation = make.organisation()
    filer, colleague = make.filer(organisation), make.filer(organisation)
    case = make.case(organisation_id=filer.organisation_id, author_id=filer.id)
    client = client_as(filer)
    assert "Kies welke mails u krijgt" in client.get("/mijn-account").get_data(as_text=True)
    page = client.get("/mijn-account/mail")
    answer = client.post("/mijn-account/mail", data=fill(page, "choice", choice="mijn_beurt"))
    assert answer.location == "/mijn-account"
    assert session.get_one(Account, filer.id).mail_choice is MailChoice.MY_TURN
    assert session.get_one(Account, colleague.id).mail_choice is None
    context = desk.context(desk.handler)
    assert messages.notify_submitter(context, case, texts.message(body="Nieuws.")) is None
    sent = messages.notify_submitter(context, case, texts.reminder_last(**VALUES[MailKind.REMINDER_LAST]))
    assert sent is not None
    assert "/mijn-account/mail" in sent.body
    event = session.scalars(select(Event).where(Event.kind == EventKind.MAIL_CHOSEN)).one()
    assert (event.subject, event.actor_id, event.data) == (f"account:{filer.id}", filer.id, {"keuze": "mijn_beurt"})


def test_staff_have_no_mails_to_choose(client_as, make):
    assert client_as(make.handler()).get("/mijn-account/mail").status_code == 404


def test_one_click_from_a_mail_stops_what_may_stop(app, client, desk, session):
    case = desk.bring("in_triage")
    triage.send_message(desk.context(desk.handler), case.reference, "Wij spraken de gemeente.")
    (mail,) = mails(session, case, "bericht")
    context = desk.as_(VISITOR)
    context = type(context)(context.session, context.actor, context.now, app.config["LINKS"])
    letter = compose(
        Mail(
            mail.message_id, mail.to_address, mail.subject, mail.body, mail.created_at, delivery.stop_url(context, mail)
        ),
        "knelpunt@localhost",
    )
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<http://localhost(/mail/\w+/afmelden)>", letter["List-Unsubscribe"])[1]
    assert client.get(path).status_code == 200
    assert session.get_one(Contact, case.id).mail_choice is None
    app.config["WTF_CSRF_ENABLED"] = True  # a mail program has no form, and so no mark
    try:
        answers = [client.post(path, data={"List-Unsubscribe": "One-Click"}) for _ in range(2)]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    # A mail program need not follow a redirect (RFC 8058, 3.1); the button on the page leads to a page of its own.
    assert [answer.status_code for answer in answers] == [200, 200]
    assert client.post(path).location == "/mail/afgemeld"
    assert session.get_one(Contact, case.id).mail_choice is MailChoice.NEEDED
    assert events(session, case.id) == [{"keuze": "alleen_nodig"}]


def test_mails_that_are_needed_have_no_way_to_stop_them(desk, session):
    case = desk.file()
    (receipt,) = mails(session, case)
    assert delivery.stop_url(desk.system, receipt) is None
    assert "Wilt u minder mails" not in receipt.body
    letter = compose(Mail("<a@b>", "a@b.example", "Proef", "Proef", desk.now), "knelpunt@localhost")
    assert "List-Unsubscribe" not in letter
    assert "Content-Language" not in letter, "a mail goes out in the language of its reader"


def test_a_wrong_token_stops_nothing(client, desk, session, make, app):
    case = desk.file()
    links = app.config["LINKS"]
    right = links.unsubscribe(CASE, case.id).split("/")[-2]
    account = links.unsubscribe(ACCOUNT, make.filer().id).split("/")[-2]
    wrong = [right[:-1] + ("0" if right[-1] != "0" else "1"), ACCOUNT + right[1:], CASE + account[1:], "z", "é" * 45]
    for token in wrong:
        assert client.get(f"/mail/{token}/afmelden").status_code == 404
        assert client.post(f"/mail/{token}/afmelden").status_code == 404
    assert session.get_one(Contact, case.id).mail_choice is None
    assert client.post(f"/mail/{account}/afmelden").status_code == 302


def test_a_choice_needs_the_right_to_the_case(desk, make):
    case = desk.file()
    with pytest.raises(Exception, match="bestaat niet"):
        mail_choices.choose_for_case(desk.follower(make.case()), case.reference, MailChoice.NEEDED)
