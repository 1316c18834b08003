"""A link to set a new password: who gets one, how often, how long, and where it leads."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import password_bytes
from knelpunt.models import AccountToken, CalendarAddress, Event, LoginAttempt, OutboxMail

PASSWORD = "vier losse woorden samen"
NEW = "vijf heel andere woorden"
HASH = passwords.hash_password(password_bytes(PASSWORD))


@pytest.fixture
def colleague(make):
    return make.filer(email="loket@gemeente.example", password_hash=HASH)


def ask(client, email="loket@gemeente.example", **more):
    return client.post("/wachtwoord-vergeten", data={"email": email}, **more)


def mailed(session):
    return session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()


def link(session):
    return mailed(session)[-1].body.split("http://localhost")[1].split()[0]


def test_the_link_sets_a_new_password_once(client, session, colleague):
    session.add(CalendarAddress(account_id=colleague.id, public_id="x" * 12, nonce="x", made_at=datetime.now(UTC)))
    session.commit()
    ask(client)
    path = link(session)
    assert client.get(path).status_code == 200

    assert client.post(path, data={"password": NEW, "repeated": NEW}).location == "/inloggen"

    assert passwords.matches(session.get_one(type(colleague), colleague.id).password_hash, password_bytes(NEW))
    assert client.get(path).status_code == 404
    assert client.post(path, data={"password": PASSWORD, "repeated": PASSWORD}).status_code == 404
    assert mailed(session)[-1].kind == "wachtwoord_gewijzigd"
    last = session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()
    assert (last.kind, last.subject) == ("wachtwoord_hersteld", f"account:{colleague.id}")
    assert session.scalar(select(CalendarAddress)) is None


def test_using_one_link_makes_the_others_worthless(client, session, colleague):
    ask(client)
    first = link(session)
    ask(client)
    second = link(session)
    assert first != second
    client.post(second, data={"password": NEW, "repeated": NEW})
    assert client.get(first).status_code == 404


def test_the_link_works_for_an_hour(client, session, colleague):
    ask(client)
    path = link(session)
    session.execute(update(AccountToken).values(expires_at=datetime.now(UTC) + timedelta(seconds=30)))
    assert client.get(path).status_code == 200
    session.execute(update(AccountToken).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert client.get(path).status_code == 404
    assert client.post(path, data={"password": NEW, "repeated": NEW}).status_code == 404
    kept = session.scalars(select(AccountToken)).one()
    assert kept.used_at is None


def test_it_is_an_hour_that_is_promised(client, session, colleague):
    ask(client)
    kept = session.scalars(select(AccountToken)).one()
    assert kept.expires_at - kept.created_at == timedelta(hours=1)
    assert "1 uur" in mailed(session)[-1].body


def test_a_closed_account_cannot_use_the_link_that_it_had(client, session, colleague):
    ask(client)
    path = link(session)
    colleague.is_active = False
    session.flush()
    assert client.get(path).status_code == 404
    assert client.post(path, data={"password": NEW, "repeated": NEW}).status_code == 404


@pytest.mark.parametrize("email", ["niemand@gemeente.example", "uitgezet@gemeente.example", "geen adres", "a@b.c"])
def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, session, make, colleague, email):
    make.filer(email="uitgezet@gemeente.example", password_hash=HASH, is_active=False)
    known, unknown = ask(client), ask(client, email)
    assert (unknown.status_code, unknown.location) == (known.status_code, known.location)
    assert len(mailed(session)) == 1
    assert session.scalar(select(func.count()).select_from(AccountToken)) == 1
    assert session.scalar(select(func.count()).where(Event.kind == "wachtwoordherstel_gevraagd")) == 1


def test_known_and_unknown_addresses_cost_the_same_statements(client, session, connection, colleague):
    statements = []
    event.listen(
        connection, "before_cursor_execute", lambda *given: statements.append(given[2].split("sa_savepoint")[0])
    )

    def cost(email):
        statements.clear()
        ask(client, email)
        return [text for text in statements if not text.startswith(("RELEASE", "ROLLBACK"))]

    known, unknown = cost("loket@gemeente.example"), cost("niemand@gemeente.example")
    assert len(known) > 8
    # Somebody to stand in is looked for, and the end of the event chain, since what stood in was taken back.
    assert len(unknown) == len(known) + 2


def test_an_address_is_mailed_three_times_a_quarter_of_an_hour(client, session, colleague):
    for _ in range(5):
        assert ask(client).location == "/wachtwoord-vergeten/verstuurd"
    assert len(mailed(session)) == 3
    for attempt in session.scalars(select(LoginAttempt)):
        attempt.at -= timedelta(minutes=16)
    session.flush()
    ask(client)
    assert len(mailed(session)) == 4


def test_asking_for_links_does_not_lock_the_account(client, session, colleague):
    for _ in range(20):
        ask(client)
    assert client.post("/inloggen", data={"email": colleague.email, "password": PASSWORD}).status_code == 302


def test_a_locked_account_can_get_in_by_its_mailbox(client, session, colleague):
    for _ in range(10):
        client.post("/inloggen", data={"email": colleague.email, "password": "een heel ander woord"})
    ask(client)
    client.post(link(session), data={"password": NEW, "repeated": NEW})
    assert client.post("/inloggen", data={"email": colleague.email, "password": NEW}).status_code == 302


def test_a_forged_host_does_not_change_the_link(client, session, colleague):
    ask(client, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    body = mailed(session)[-1].body
    assert "http://localhost/wachtwoord/" in body
    assert "evil" not in body


def test_only_a_hash_of_the_token_is_kept(client, session, colleague):
    ask(client)
    token = link(session).rpartition("/")[2]
    kept = session.scalars(select(AccountToken.token_hash)).one()
    assert token not in kept
    assert len(kept) == 64


@pytest.mark.parametrize("token", ["x", "é" * 44, "%00", "%ED%A0%80", "a" * 5000, "..", "'--", "%2e%2e%2fbeheer"])
@pytest.mark.parametrize("page", ["wachtwoord", "uitnodiging"])
def test_an_odd_token_is_no_page(client, page, token):
    assert client.get(f"/{page}/{token}").status_code == 404
    assert client.post(f"/{page}/{token}", data={"password": NEW, "repeated": NEW}).status_code == 404


@pytest.mark.parametrize(
    "token", ["x", "é" * 44, "a" * 43 + "é", "%00" * 44, "%ED%A0%80", "a" * 44, "A" * 32, "f" * 32]
)
@pytest.mark.parametrize("page", ["volgen", "melden", "volgen/{}/intrekken", "melden/{}/controle"])
def test_an_odd_token_of_a_case_or_draft_is_no_page(client, session, page, token):
    path = page.format(token) if "{}" in page else f"{page}/{token}"
    assert client.get(f"/{path}").status_code == 404


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"password": "kort", "repeated": "kort"}, "ten minste 12 tekens"),
        ({"password": NEW, "repeated": "iets anders"}, "niet gelijk"),
        ({"password": "loket@gemeente.example", "repeated": "loket@gemeente.example"}, "dit is uw e-mailadres"),
        ({"password": "wachtwoord123", "repeated": "wachtwoord123"}, "te makkelijk te raden"),
        ({"password": "a\x00bcdefghijklm", "repeated": "a\x00bcdefghijklm"}, "onzichtbaar teken"),
        ({}, "Kies een wachtwoord"),
    ],
)
def test_a_refused_password_leaves_the_link_usable(client, session, colleague, form, words):
    ask(client)
    path = link(session)
    answer = client.post(path, data=form)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert client.post(path, data={"password": NEW, "repeated": NEW}).status_code == 302


def test_fields_that_are_not_on_the_form_change_nothing(client, session, colleague):
    ask(client)
    role, organisation = colleague.role, colleague.organisation_id
    client.post(
        link(session),
        data={"password": NEW, "repeated": NEW, "role": "beheerder", "organisation_id": "1", "email": "x@y.example"},
    )
    session.refresh(colleague)
    assert (colleague.role, colleague.organisation_id) == (role, organisation)
    assert colleague.email == "loket@gemeente.example"
