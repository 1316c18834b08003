"""What colleagues are told of: in the transaction of the act, on a page, and once a working day in one mail."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import NotificationChoice
from knelpunt.domain.vocabulary import Role
from knelpunt.models import NoteMention, Notification, OutboxMail
from knelpunt.services.cases import resolution, reviews, triage
from knelpunt.services.collaboration import notes, notifications
from knelpunt.services.jobs import upkeep
from knelpunt.services.submitters import reactions as submitter
from tests.support.page import parse_page
from tests.support.statements import counted

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""Nine o'clock in the Netherlands."""


def test_who_is_named_in_a_note_is_told_and_the_note_shows_it(desk, case, told, mails_to, client_as, session):
    handle = desk.reviewer.email.partition("@")[0]
    notes.write(desk.context(desk.handler), case.reference, f"Kijk jij mee, @{handle}?", (desk.triager.id,))
    for account in (desk.reviewer, desk.triager):
        assert told(account) == mails_to(account) == ["genoemd_in_notitie"]
    text = client_as(desk.handler).get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert desk.reviewer.name in text[text.index("Genoemd:") :]


def test_nobody_is_named_who_may_not_read_the_case(desk, case, make, session):
    outsider = make.filer()
    for account in (outsider, make.administrator(), make.handler(is_active=False)):
        for body, chosen in ((f"@{account.email.partition('@')[0]}", ()), ("Kijk mee.", (account.id,))):
            with pytest.raises(DomainError):
                notes.write(desk.context(desk.handler), case.reference, body, chosen)
    assert session.scalars(select(NoteMention)).all() == []


def test_a_handle_that_is_nobody_keeps_what_was_typed(desk, case, client_as):
    answer = client_as(desk.handler).post(
        f"/zaken/{case.reference}/notitie", data={"body": "Dag @niemandhier", "mentioned_id": ""}
    )
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "@niemandhier’ is geen collega" in text
    assert "Dag @niemandhier" in text


def test_assigning_and_asking_a_review_tell_the_right_people(desk, case, make, told):
    other = make.handler()
    triage.assign(desk.context(desk.triager), case.reference, case.version, other.id)
    assert told(other) == ["zaak_toegewezen"]
    waiting = desk.bring("in_triage")
    desk.weigh(waiting)
    review = desk.ask_verdict(waiting)
    assert told(desk.reviewer) == ["toets_gevraagd"]
    assert "toets_gevraagd" not in told(desk.triager) + told(desk.handler)
    reviews.approve(desk.context(desk.reviewer), waiting.reference, review.id)


def test_a_review_that_is_decided_is_unread_for_nobody(desk, make, session):
    second = make.reviewer()
    case = desk.bring("in_triage")
    desk.weigh(case)
    review = desk.ask_verdict(case)
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    rows = session.scalars(select(Notification).where(Notification.account_id == second.id)).all()
    assert [row.read_at is not None for row in rows] == [True]


def test_a_reaction_of_the_submitter_is_told_to_the_handler(desk, told):
    case = desk.bring("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    assert "reactie_indiener" in told(desk.handler)


def test_a_case_that_a_colleague_opens_again_is_told_to_its_handler_and_not_to_who_does_it(desk, make, told, mails_to):
    case = desk.bring("afgesloten")
    resolution.reopen(desk.context(make.handler()), case.reference, case.version, "De regel is veranderd.")
    assert told(desk.handler)[-1:] == mails_to(desk.handler)[-1:] == ["heropend_bij_u"]
    own = desk.bring("afgesloten")
    resolution.reopen(desk.context(desk.handler), own.reference, own.version, "De regel is veranderd.")
    assert mails_to(desk.handler).count("heropend_bij_u") == 1


def test_a_withdrawal_is_told_to_the_handler_also_when_the_contact_is_erased(desk, told, mails_to):
    case = desk.bring("in_behandeling")
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=True)
    assert told(desk.handler)[-1:] == mails_to(desk.handler)[-1:] == ["reactie_indiener"]
    body = select(OutboxMail.body).where(OutboxMail.kind == "reactie_indiener")
    assert "de intrekking van de melding" in desk.session.scalars(body).one()


@pytest.mark.parametrize("leaves", ["closes", "other work"])
def test_what_a_submitter_writes_after_the_handler_left_is_told_to_the_heads(desk, make, told, leaves):
    heads = [make.head_of_desk(), make.head_of_desk()]
    case = desk.bring("afgesloten")
    before = {each.id: told(each) for each in heads}
    submitter.add(desk.follower(case), case.reference, "De vergunning is er.")
    assert {each.id: told(each) for each in heads} == before
    if leaves == "closes":
        desk.handler.is_active = False
    else:
        desk.handler.role = Role.AUDITOR
    desk.session.flush()
    submitter.add(desk.follower(case), case.reference, "Toch niet.")
    assert [told(each)[len(before[each.id]) :] for each in heads] == [["reactie_indiener"]] * 2


def test_an_act_that_is_refused_tells_nobody(desk, case, told):
    with pytest.raises(DomainError):
        triage.assign(desk.context(desk.triager), case.reference, case.version, desk.handler.id)
    assert told(desk.handler) == []


@pytest.mark.parametrize(
    ("choice", "mails"), [(None, 1), (NotificationChoice.EACH, 1), (NotificationChoice.DIGEST, 0),
                          (NotificationChoice.NONE, 0)]
)  # fmt: skip
def test_who_wants_no_mail_of_each_gets_none_but_is_told(desk, case, told, mails_to, choice, mails):
    desk.reviewer.notification_choice = choice
    notes.write(desk.context(desk.handler), case.reference, "Kijk mee.", (desk.reviewer.id,))
    assert len(mails_to(desk.reviewer)) == mails
    assert told(desk.reviewer) == ["genoemd_in_notitie"]


def digests(session, account):
    return session.scalars(
        select(OutboxMail).where(OutboxMail.account_id == account.id, OutboxMail.kind == "dagelijks_overzicht")
    ).all()


def send_all(desk, session):
    for account_id in session.scalars(notifications.due_digests(desk.system)).all():
        notifications.send_digest(desk.system, account_id)


def test_the_digest_goes_once_a_working_day_and_never_empty(desk, case, session):
    desk.now, desk.reviewer.notification_choice = MONDAY, NotificationChoice.DIGEST
    send_all(desk, session)
    assert digests(session, desk.reviewer) == []
    for _ in range(2):
        notes.write(desk.context(desk.handler), case.reference, "Kijk mee.", (desk.reviewer.id,))
        send_all(desk, session)
        send_all(desk, session)
    (mail,) = digests(session, desk.reviewer)
    assert f"{desk.handler.name} noemde u in een notitie ({case.reference})" in mail.body
    assert "Kijk mee." not in mail.body
    desk.later(1)
    send_all(desk, session)
    assert len(digests(session, desk.reviewer)) == 2


def test_a_worker_that_is_killed_twice_sends_one_digest(desk, case, session):
    desk.now, desk.reviewer.notification_choice = MONDAY, NotificationChoice.DIGEST
    notes.write(desk.context(desk.handler), case.reference, "Kijk mee.", (desk.reviewer.id,))
    for _ in range(2):
        killed = session.begin_nested()
        send_all(desk, session)
        killed.rollback()
    assert digests(session, desk.reviewer) == []
    send_all(desk, session)
    assert len(digests(session, desk.reviewer)) == 1


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 11, 29, 9, 0, tzinfo=UTC), datetime(2026, 12, 25, 9, 0, tzinfo=UTC),
     datetime(2026, 11, 30, 5, 30, tzinfo=UTC)],
    ids=["Sunday", "Christmas", "half past six"],
)  # fmt: skip
def test_no_digest_goes_on_a_day_off_or_before_the_desk_opens(desk, case, session, moment):
    desk.reviewer.notification_choice = NotificationChoice.DIGEST
    notes.write(desk.context(desk.handler), case.reference, "Kijk mee.", (desk.reviewer.id,))
    desk.now = moment
    send_all(desk, session)
    assert digests(session, desk.reviewer) == []


def test_the_page_counts_marks_one_and_marks_all(desk, case, client_as, session):
    for _ in range(3):
        notes.write(desk.context(desk.handler), case.reference, "Kijk mee.", (desk.reviewer.id,))
    client = client_as(desk.reviewer)
    page = parse_page(client.get("/meldingen"))
    assert page.text.count("noemde u in een notitie") == 3
    assert "3 ongelezen meldingen" in page.text
    number = session.scalar(select(Notification.id).where(Notification.account_id == desk.reviewer.id).limit(1))
    opened = client.post(f"/meldingen/{number}")
    assert (opened.status_code, opened.location) == (303, f"/zaken/{case.reference}#notities")
    assert "2 ongelezen meldingen" in parse_page(client.get("/meldingen")).text
    client.post("/meldingen/gelezen")
    assert "Alles is gelezen" in parse_page(client.get("/meldingen")).text
    assert parse_page(client.get("/meldingen?toon=alles")).text.count("noemde u in een notitie") == 3


def test_nobody_opens_what_another_was_told_of(desk, case, client_as, session):
    notes.write(desk.context(desk.handler), case.reference, "Kijk mee.", (desk.reviewer.id,))
    number = session.scalar(select(Notification.id).where(Notification.account_id == desk.reviewer.id))
    assert client_as(desk.triager).post(f"/meldingen/{number}").status_code == 404


def test_the_page_costs_the_same_for_much_as_for_little_and_turns(desk, case, make, client_as, connection):
    other = make.handler()
    rows = {desk.reviewer.id: 60, other.id: 1}
    for account_id, count in rows.items():
        for _ in range(count):
            make.add(
                Notification(
                    account_id=account_id, kind="reactie_indiener", case_id=case.id, created_at=desk.now,
                    ends_on=desk.today,
                )
            )  # fmt: skip

    def cost(account):
        client = client_as(account)
        client.get("/meldingen")
        with counted(connection) as sent:
            assert client.get("/meldingen").status_code == 200
        return len(sent)

    assert cost(desk.reviewer) == cost(other)
    client, seen, href = client_as(desk.reviewer), 0, "/meldingen"
    while href:
        page = parse_page(client.get(href))
        seen += page.text.count("De indiener heeft gereageerd")
        href = page.next_href
    assert seen == 60


def test_an_account_chooses_and_what_is_old_goes(desk, case, client_as, session):
    client = client_as(desk.reviewer)
    assert client.post("/mijn-account/meldingen", data={"choice": "dagelijks"}).status_code == 302
    session.refresh(desk.reviewer)
    assert desk.reviewer.notification_choice is NotificationChoice.DIGEST
    notes.write(desk.context(desk.handler), case.reference, "Kijk mee.", (desk.reviewer.id,))
    upkeep.sweep_tables(session, desk.now + timedelta(days=89))
    assert session.scalars(select(Notification)).all()
    upkeep.sweep_tables(session, desk.now + timedelta(days=92))
    assert session.scalars(select(Notification)).all() == []


def test_an_account_of_an_organisation_has_no_such_page(make, client_as):
    for role in (Role.FILER, Role.ADMINISTRATOR):
        assert client_as(make.account(role)).get("/meldingen").status_code == 404
