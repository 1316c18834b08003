"""A session is dead within one request after whatever ends it, and lives no longer than its limits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, update

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import password_bytes
from knelpunt.domain.identity.factors import LoginRules
from knelpunt.domain.links import Links
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Event, LoginSession, OutboxMail
from knelpunt.services import accounts
from knelpunt.services.core.context import Context

PASSWORD = "vier losse woorden samen"
NEW = "vijf heel andere woorden"
HASH = passwords.hash_password(password_bytes(PASSWORD))


@pytest.fixture
def context(session, make):
    """An act by an account, in the test's own session."""

    def by(account=None):
        return Context(session, make.actor(account), datetime.now(UTC), Links("http://localhost", "k" * 32))

    return by


def is_signed_in(client):
    return client.get("/mijn-account").status_code == 200


def age(session, account, **columns):
    session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(**columns))


def test_logging_out_ends_this_session_and_no_other(make, client_as):
    account = make.filer()
    here, elsewhere = client_as(account), client_as(account)

    assert here.post("/uitloggen").location == "/"

    assert not is_signed_in(here)
    assert is_signed_in(elsewhere)


def test_a_stolen_cookie_is_worthless_after_logging_out(make, client_as, client):
    mine = client_as(make.filer())
    with mine.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    mine.post("/uitloggen")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert not is_signed_in(client)


def test_logging_out_everywhere_ends_all(make, client_as):
    account = make.filer()
    here, elsewhere, other = client_as(account), client_as(account), client_as(make.filer())

    assert here.post("/mijn-account/overal-uitloggen").status_code == 302

    assert not is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(other)


def test_another_session_can_be_ended_from_the_list(make, client_as, session):
    account = make.filer()
    here, elsewhere = client_as(account), client_as(account)
    last = session.scalars(select(LoginSession.id).order_by(LoginSession.id.desc())).first()

    assert here.post(f"/mijn-account/sessies/{last}/beeindigen").location == "/mijn-account/sessies"

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_from_the_day_a_session_of_a_password_only_is_no_open_one(app, make, client_as, session, monkeypatch):
    account = make.organisation_admin()
    page = [client_as(account) for _ in range(3)][-1]
    ended, left, _here = session.scalars(select(LoginSession).order_by(LoginSession.id)).all()
    ended.second_factor_at = left.second_factor_at = None
    ended.ended_at = ended.last_seen_at = ended.created_at = make.now - timedelta(days=2)
    session.flush()
    for day, is_open in ((make.today + timedelta(days=1), True), (make.today, False)):
        monkeypatch.setitem(app.config, "LOGIN_RULES", LoginRules(administrators_from=day))
        shown = page.get("/mijn-account/sessies").get_data(as_text=True)
        assert (f"/sessies/{left.id}/beeindigen" in shown) is is_open
        assert shown.count("Niet afgemaakt") == (0 if is_open else 1), "what ended before the day was whole then"


def test_somebody_elses_session_cannot(make, client_as, session):
    here, other = client_as(make.filer()), client_as(make.filer())
    last = session.scalars(select(LoginSession.id).order_by(LoginSession.id.desc())).first()

    assert here.post(f"/mijn-account/sessies/{last}/beeindigen").status_code == 404

    assert is_signed_in(other)


def test_a_new_password_ends_all_sessions_and_rotates_this_one(make, client_as, session):
    account = make.filer(password_hash=HASH)
    here, elsewhere = client_as(account), client_as(account)
    with here.session_transaction() as cookie:
        before = cookie["_user_id"]

    answer = here.post("/mijn-account/wachtwoord", data={"current": PASSWORD, "password": NEW, "repeated": NEW})

    assert answer.location == "/mijn-account"
    with here.session_transaction() as cookie:
        assert cookie["_user_id"] != before
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert passwords.matches(session.get_one(type(account), account.id).password_hash, password_bytes(NEW))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"current": "een heel ander woord", "password": NEW, "repeated": NEW}, "niet uw huidige wachtwoord"),
        ({"current": PASSWORD, "password": "kort", "repeated": "kort"}, "ten minste 12 tekens"),
        ({"current": PASSWORD, "password": NEW, "repeated": NEW + "x"}, "niet gelijk"),
        ({"current": PASSWORD, "password": PASSWORD, "repeated": PASSWORD}, "een ander wachtwoord dan uw huidige"),
        ({}, "huidige wachtwoord"),
    ],
)
def test_a_refused_password_changes_nothing(make, client_as, form, words):
    account = make.filer(password_hash=HASH)
    here, elsewhere = client_as(account), client_as(account)
    answer = here.post("/mijn-account/wachtwoord", data=form)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert is_signed_in(elsewhere)
    assert account.password_hash == HASH


def test_guessing_the_current_password_is_throttled_too(make, client_as):
    here = client_as(make.filer(password_hash=HASH))
    for _ in range(10):
        here.post("/mijn-account/wachtwoord", data={"current": "een heel ander", "password": NEW, "repeated": NEW})
    answer = here.post("/mijn-account/wachtwoord", data={"current": PASSWORD, "password": NEW, "repeated": NEW})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("how", ["role", "deactivate", "reset"])
def test_what_others_do_ends_the_session_too(make, client_as, session, context, how):
    account = make.filer(password_hash=HASH)
    client = client_as(account)
    assert is_signed_in(client)
    if how == "role":
        accounts.change_role(context(), account.id, account.version, Role.MEMBER)
    elif how == "deactivate":
        accounts.deactivate(context(), account.id, account.version)
    else:
        accounts.request_reset(context(), account.email, accounts.count_reset(session, account.email, "", make.now))
        token = mailed_token(session, account)
        accounts.reset_password(context(), token, NEW)
    assert not is_signed_in(client)


def mailed_token(session, account):
    body = session.scalars(
        select(OutboxMail.body).where(OutboxMail.account_id == account.id).order_by(OutboxMail.id)
    ).first()
    return body.split("/wachtwoord/")[1].split()[0]


@pytest.mark.parametrize(
    ("role", "idle", "total", "alive"),
    [
        (Role.TRIAGER, timedelta(minutes=29), timedelta(hours=11), True),
        (Role.TRIAGER, timedelta(minutes=31), timedelta(hours=1), False),
        (Role.TRIAGER, timedelta(0), timedelta(hours=12, minutes=1), False),
        (Role.FILER, timedelta(hours=7), timedelta(days=6), True),
        (Role.FILER, timedelta(hours=8, minutes=1), timedelta(hours=9), False),
        (Role.FILER, timedelta(0), timedelta(days=7, minutes=1), False),
    ],
)
def test_a_session_grows_too_old(make, client_as, session, role, idle, total, alive):
    account = make.account(role)
    client = client_as(account)
    now = datetime.now(UTC)
    age(session, account, last_seen_at=now - idle, created_at=now - total)
    assert is_signed_in(client) is alive


def test_use_is_noted_once_a_minute_even_when_the_page_rolls_back(make, client_as, session):
    account = make.filer()
    client = client_as(account)
    earlier = datetime.now(UTC) - timedelta(minutes=5)
    age(session, account, last_seen_at=earlier)

    assert client.post("/mijn-account/wachtwoord", data={}).status_code == 422

    seen = session.scalar(select(LoginSession.last_seen_at).where(LoginSession.account_id == account.id))
    assert seen > earlier + timedelta(minutes=4)
    client.get("/mijn-account")
    assert session.scalar(select(LoginSession.last_seen_at).where(LoginSession.account_id == account.id)) == seen


def test_who_is_signed_in_costs_one_statement(make, client_as, session, connection):
    client = client_as(make.filer())
    statements = []
    event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
    client.get("/inloggen")
    asked = [text for text in statements if text.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT"))]
    assert len(asked) == 1, asked
    assert "login_sessions" in asked[0]


def test_a_visitor_costs_none(client, session, connection):
    statements = []
    event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert client.get("/inloggen").status_code == 200
    assert [text for text in statements if "SAVEPOINT" not in text] == []


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "\x00", "a" * 5000, 5, None, ["a"], {"a": 1}])
def test_an_odd_token_in_a_cookie_is_nobody(client, token):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert client.get("/mijn-account").status_code == 302


def test_a_forged_remember_cookie_is_ignored(make, client_as):
    client = client_as(make.filer())
    client.set_cookie("remember_token", "1|abcdef")
    assert is_signed_in(client)


def test_events_say_who_went_in_and_out(make, client_as, session):
    account = make.filer()
    client_as(account).post("/uitloggen")
    last = session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()
    assert (last.kind, last.subject, last.actor_id) == ("uitgelogd", f"account:{account.id}", account.id)


@pytest.mark.parametrize("path", ["/static/images/mark.svg", "/health"])
def test_files_and_signs_of_life_ask_nothing_about_the_account(make, client_as, connection, path):
    client = client_as(make.filer())
    statements = []
    event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
    client.get(path)
    assert [text for text in statements if "SAVEPOINT" not in text] == []
