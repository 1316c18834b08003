"""The pages of subscriptions: made with a secret that is shown once, tried, renewed, switched on and stopped."""

import re

import pytest
from sqlalchemy import select

from knelpunt.adapters.passwords import hash_password
from knelpunt.domain.identity.subscriptions import State, TryOutcome
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import EventSubscription, EventTry, OutboxEvent, OutboxMail
from knelpunt.queries.accounts.subscriptions import all_subscriptions
from tests.support.login import log_in
from tests.support.statements import counted

BASE = "/onze-organisatie/koppelingen/abonnementen"
URL = "https://zaken.voorbeeld.nl/knelpunt"


@pytest.fixture
def admin(make):
    return make.organisation_admin()


@pytest.fixture
def page(app, client, session, admin):
    log_in(app, client, session, admin)
    return client


def made(page, session, **changes):
    answer = page.post(f"{BASE}/nieuw", data={"url": URL, "covers": ["eigen", "openbaar"], **changes})
    session.expire_all()
    return answer


def the_one(session):
    return session.scalars(select(EventSubscription)).one()


def test_the_secret_is_shown_once_and_kept_sealed(app, page, session):
    answer = made(page, session)
    assert answer.status_code == 200
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.text).group()
    subscription = the_one(session)
    assert app.config["SEALER"].open(subscription.sealed_secret) == secret
    listed = page.get("/onze-organisatie/koppelingen").text
    shown = page.get(f"{BASE}/{subscription.id}").text
    assert "zaken.voorbeeld.nl" in listed
    assert "Wacht op toestemming" in listed
    assert URL in shown
    assert "whsec_" not in listed + shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": ""}, "Vul een adres in"),
        ({"url": "http://zaken.voorbeeld.nl/"}, "begint met https://"),
        ({"url": "https://10.0.0.1/"}, "geen IP-adres"),
        ({"url": "https://zaken.voorbeeld.nl:22/"}, "een van deze poorten: 443, 8443."),
        ({"covers": []}, "ten minste één soort"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(page, session, changes, words):
    answer = made(page, session, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    if changes.get("url"):
        assert f'value="{changes["url"]}"' in answer.text
    assert session.scalars(select(EventSubscription)).first() is None


def test_a_test_an_event_once_more_and_a_switch(page, session, make):
    made(page, session)
    subscription = the_one(session)
    here = f"{BASE}/{subscription.id}"
    assert page.post(f"{here}/proef").status_code == 303
    event = session.scalars(select(OutboxEvent)).one()
    event.sent_at = make.now
    session.add(
        EventTry(
            subscription_id=subscription.id, event_id=event.id, tried_at=make.now, milliseconds=12, status=500,
            outcome=TryOutcome.BUSY,
        )
    )  # fmt: skip
    session.commit()
    shown = page.get(here).text
    assert "nl.knelpunt.proef" in shown
    assert "(500)" in shown
    assert "nl.knelpunt.proef" not in page.get(f"{here}?uitkomst=gelukt").text
    assert page.post(f"{here}/opnieuw/{event.id}").status_code == 303
    session.expire_all()
    assert event.sent_at is None
    assert page.post(f"{here}/opnieuw/999999").status_code == 404
    assert page.post(f"{here}/aan", data={"version": subscription.version}).status_code == 422
    subscription.switched_off_at = make.now
    session.commit()
    assert "Zet het abonnement aan" in page.get(here).text
    assert page.post(f"{here}/aan", data={"version": subscription.version - 1}).status_code == 409
    assert page.post(f"{here}/aan", data={"version": subscription.version}).status_code == 303
    session.expire_all()
    assert subscription.switched_off_at is None


def test_it_says_that_something_goes_out_only_once_the_address_allowed_it(page, session, make):
    made(page, session)
    subscription = the_one(session)
    here = f"{BASE}/{subscription.id}"
    assert "gaf nog geen toestemming" in page.post(f"{here}/proef", follow_redirects=True).text
    event = session.scalars(select(OutboxEvent)).one()
    again = f"{here}/opnieuw/{event.id}"
    assert "gaf nog geen toestemming" in page.post(again, follow_redirects=True).text
    subscription.allowed_at = make.now
    session.commit()
    assert "gaat er opnieuw uit" in page.post(again, follow_redirects=True).text
    assert [each.row.id for each in all_subscriptions(session, State.WORKS, None)] == [subscription.id]
    subscription.switched_off_at = make.now
    session.commit()
    assert all_subscriptions(session, State.WORKS, None) == []
    (off,) = all_subscriptions(session, State.OFF, None)
    assert (off.row.state, off.row.id) == (State.OFF, subscription.id)
    assert "dagenlang" not in page.get(here).text
    on = page.post(f"{here}/aan", data={"version": subscription.version}, follow_redirects=True).text
    assert "vragen uw systeem om toestemming" in on


def test_the_mail_about_a_new_one_and_about_a_new_secret_say_which(page, session):
    made(page, session)
    subscription = the_one(session)
    page.post(f"{BASE}/{subscription.id}/vernieuwen", data={"version": subscription.version})
    subjects = session.scalars(
        select(OutboxMail.subject).where(OutboxMail.kind == MailKind.SUBSCRIPTION_MADE).order_by(OutboxMail.id)
    ).all()
    assert subjects == ["Nieuw abonnement", "Nieuwe sleutel voor een abonnement"]


def test_a_new_secret_and_the_end(page, session):
    made(page, session)
    subscription = the_one(session)
    here = f"{BASE}/{subscription.id}"
    assert page.post(f"{here}/vernieuwen", data={"version": 99}).status_code == 409
    assert "whsec_" in page.post(f"{here}/vernieuwen", data={"version": subscription.version}).text
    session.expire_all()
    assert page.post(f"{here}/stoppen", data={"version": subscription.version}).status_code == 303
    assert page.get(here).status_code == 404
    assert "zaken.voorbeeld.nl" not in page.get("/onze-organisatie/koppelingen").text


def test_the_log_goes_on_page_after_page(page, session, make, connection):
    made(page, session)
    subscription = the_one(session)
    here = f"{BASE}/{subscription.id}"
    with counted(connection) as empty:
        page.get(here)
    for _ in range(55):
        session.add(
            EventTry(
                subscription_id=subscription.id, tried_at=make.now, milliseconds=1, outcome=TryOutcome.NO_ANSWER,
            )
        )  # fmt: skip
    session.commit()
    with counted(connection) as full:
        first = page.get(here).text
    assert len(full) == len(empty)
    onward = re.search(r"\?na=\d+", first).group()
    assert first.count("Vraag om toestemming") == 50
    assert page.get(f"{here}{onward}").text.count("Vraag om toestemming") == 5


def test_who_has_no_second_factor_sees_the_form_and_gives_the_password_with_it(app, client, session, make):
    password = "een lang wachtwoord voor de proef"
    log_in(
        app,
        client,
        session,
        make.organisation_admin(password_hash=hash_password(password.encode())),
        is_confirmed=False,
    )
    asked = {"url": URL, "covers": ["eigen"]}
    assert client.get(f"{BASE}/nieuw").status_code == 200
    refused = client.post(f"{BASE}/nieuw", data=asked)
    assert refused.status_code == 403
    assert URL in refused.text
    assert session.scalars(select(EventSubscription)).first() is None
    done = client.post(f"{BASE}/nieuw", data={**asked, "stap_code": password})
    assert done.status_code == 200
    assert "whsec_" in done.text


def test_who_manages_the_site_sees_that_one_ends_because_nobody_looks_after_it(app, page, session, make, client_as):
    made(page, session)
    manager = client_as(make.administrator())
    words = "deze organisatie heeft geen beheerder"
    assert words not in manager.get("/beheer/koppelingen/abonnementen").text
    the_one(session).ends_on = make.today
    session.commit()
    assert words in manager.get("/beheer/koppelingen/abonnementen").text
