"""Logging in: what it starts, what it tells nobody, and when it stops answering."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type
from sqlalchemy import func, select

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import attempt_key, password_bytes
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Event, LoginAttempt, LoginSession
from tests.conftest import COSTLY

PASSWORD = "vier losse woorden samen"
HASH = passwords.hash_password(password_bytes(PASSWORD))


@pytest.fixture
def colleague(make):
    return make.filer(email="loket@gemeente.example", password_hash=HASH)


def log_in(client, email="loket@gemeente.example", password=PASSWORD, path="/inloggen", **more):
    return client.post(path, data={"email": email, "password": password}, **more)


def words(answer):
    """The page without the tokens that differ each time."""
    return answer.get_data(as_text=True)


def test_the_right_password_starts_a_session(client, session, colleague):
    answer = log_in(client)

    assert answer.status_code == 302
    kept = session.scalars(select(LoginSession).where(LoginSession.account_id == colleague.id)).one()
    assert kept.ended_at is None
    assert client.get("/mijn-account").status_code == 200
    event = session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()
    assert (event.kind, event.subject, event.actor_id) == ("ingelogd", f"account:{colleague.id}", colleague.id)


def test_the_cookie_holds_no_hash_and_the_database_no_token(client, session, colleague):
    log_in(client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
        assert set(cookie) <= {"_user_id", "_fresh", "_id", "csrf_token", "_flashes"}  # _id: of the browser
    stored = session.scalars(select(LoginSession.token_hash)).all()
    assert token not in stored
    assert all(len(each) == 64 for each in stored)


def test_capitals_and_blanks_in_the_address_do_not_matter(client, colleague):
    assert log_in(client, email="  Loket@Gemeente.EXAMPLE ").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("loket@gemeente.example", "een heel ander wachtwoord"),
        ("niemand@gemeente.example", PASSWORD),
        ("uitgezet@gemeente.example", PASSWORD),
        ("zonder@gemeente.example", PASSWORD),
    ],
)
def test_whatever_is_wrong_the_words_are_the_same(client, make, colleague, email, password):
    make.filer(email="uitgezet@gemeente.example", password_hash=HASH, is_active=False)
    make.filer(email="zonder@gemeente.example", password_hash=None)

    answer = log_in(client, email, password)

    assert answer.status_code == 422
    assert words(answer).replace(email, "") == words(log_in(client, "iemand@elders.example", "onzin onzin")).replace(
        "iemand@elders.example", ""
    )
    assert client.get("/mijn-account").status_code == 302


def test_known_and_unknown_addresses_cost_one_hash_each(client, colleague, monkeypatch):
    asked = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda stored, given: asked.append(stored) or real(stored, given))
    log_in(client, password="een heel ander wachtwoord")
    log_in(client, email="niemand@gemeente.example")
    assert asked == [HASH, None]
    assert passwords.matches(None, password_bytes("nobody has this password")) is False


def test_the_eleventh_try_is_refused_even_with_the_right_password(client, session, colleague):
    for _ in range(10):
        assert log_in(client, password="een heel ander wachtwoord").status_code == 422
    locked = log_in(client)
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) == 15 * 60
    assert "Er is te vaak een verkeerd wachtwoord ingevuld" in words(locked)
    counted = session.scalar(select(func.count()).select_from(LoginAttempt))
    assert counted == 31  # 10 of the account from here, 10 of the account from everywhere, 11 of the address


def test_a_stranger_elsewhere_does_not_lock_a_colleague_out(client, colleague):
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    for _ in range(11):
        refused = log_in(client, password="een heel ander wachtwoord", **elsewhere)
    assert refused.status_code == 429
    assert log_in(client).status_code == 302


def test_a_lock_says_the_same_of_an_account_that_does_not_exist(client, colleague):
    said = set()
    for email in (colleague.email, "niemand@gemeente.example"):
        for _ in range(11):
            answer = log_in(client, email, "een heel ander wachtwoord")
        said.add((answer.status_code, words(answer).replace(email, ""), answer.headers["Retry-After"]))
    assert len(said) == 1


def test_a_browser_that_is_known_is_not_locked_by_the_guesses_of_others(app, client, session, colleague):
    assert log_in(client).status_code == 302
    client.post("/uitloggen")
    other = app.test_client()
    other.test_session = session
    for _ in range(11):
        log_in(other, password="een heel ander wachtwoord")
    assert log_in(other).status_code == 429
    assert log_in(client).status_code == 302

    client.post("/uitloggen")
    answers = [log_in(client, password="een heel ander wachtwoord").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429], "a known browser may not guess without end either"


def test_many_addresses_together_do_not_guess_without_end(app, client, session, colleague):
    assert log_in(client).status_code == 302
    other = app.test_client()
    other.test_session = session
    for number in range(100):
        source = {"REMOTE_ADDR": f"198.51.100.{number}"}
        assert log_in(other, password="een heel ander wachtwoord", environ_overrides=source).status_code == 422
    assert log_in(other, environ_overrides={"REMOTE_ADDR": "203.0.113.1"}).status_code == 429
    assert log_in(client).status_code == 302


def test_a_mark_of_a_browser_that_was_made_up_or_is_anothers_is_not_believed(client, make, colleague):
    make.filer(email="collega@gemeente.example", password_hash=HASH)
    assert log_in(client, email="collega@gemeente.example").status_code == 302
    for _ in range(10):
        log_in(client, password="een heel ander wachtwoord")
    assert log_in(client).status_code == 429
    client.set_cookie("knelpunt-toestel", "eyJhIjoxfQ.x.y")
    assert log_in(client).status_code == 429


def test_another_account_is_not_locked_out_with_it(client, make, colleague):
    make.filer(email="collega@gemeente.example", password_hash=HASH)
    for _ in range(10):
        log_in(client, password="een heel ander wachtwoord")
    assert log_in(client, email="collega@gemeente.example").status_code == 302


def test_the_wait_is_over_after_a_quarter_of_an_hour(client, session, colleague):
    for _ in range(10):
        log_in(client, password="een heel ander wachtwoord")
    for attempt in session.scalars(select(LoginAttempt)):
        attempt.at -= timedelta(minutes=15, seconds=1)
    session.flush()
    assert log_in(client).status_code == 302


def test_a_right_password_clears_the_count_of_the_account_only(client, session, colleague):
    for _ in range(9):
        log_in(client, password="een heel ander wachtwoord")
    log_in(client)
    left = session.scalars(select(LoginAttempt.key)).all()
    assert sorted({key.partition(":")[0] for key in left}) == ["address", "everywhere"]
    assert len(left) == 2 * 9


def test_one_address_gets_a_hundred_tries_an_hour(client, session, make, colleague):
    for number in range(100):
        session.add(LoginAttempt(key=address_key("127.0.0.1"), at=make.now - timedelta(minutes=number % 50)))
    session.flush()

    assert log_in(client).status_code == 429
    assert log_in(client, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 302


def test_a_claimed_address_in_a_header_is_not_believed(client, session, make, colleague):
    for _ in range(100):
        session.add(LoginAttempt(key=address_key("127.0.0.1"), at=make.now))
    session.flush()
    assert log_in(client, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 429


def address_key(address):
    return attempt_key("address", address)


def test_a_session_from_before_log_in_is_not_carried_over(client, colleague):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "chosen-by-an-attacker"
        cookie["planted"] = "yes"
    log_in(client)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "chosen-by-an-attacker"
        assert "planted" not in cookie


def test_logging_in_again_ends_the_session_before(client, session, colleague):
    log_in(client)
    log_in(client)
    ended = session.scalars(select(LoginSession.ended_at).order_by(LoginSession.id)).all()
    assert [each is not None for each in ended] == [True, False]


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/mijn-account", "/mijn-account"),
        ("/mijn-account?a=b&c=d", "/mijn-account?a=b&c=d"),
        ("//evil.example", "/welkom"),
        ("/\\evil.example", "/welkom"),
        ("\\\\evil.example", "/welkom"),
        ("https://evil.example", "/welkom"),
        ("javascript:alert(1)", "/welkom"),
        ("/\t/evil.example", "/welkom"),
        ("/a\r\nSet-Cookie: b=c", "/welkom"),
        ("/é", "/welkom"),
        ("evil.example", "/welkom"),
        ("/" + "a" * 3000, "/welkom"),
        ("", "/welkom"),
    ],
)
def test_after_log_in_the_way_leads_inside_the_site(client, colleague, wanted, leads_to):
    answer = client.post(
        "/inloggen", query_string={"next": wanted}, data={"email": colleague.email, "password": PASSWORD}
    )
    assert answer.location == leads_to


def test_a_signed_in_visitor_is_sent_on_from_the_log_in_page(client_as, colleague):
    assert client_as(colleague).get("/inloggen?next=//evil.example").location.startswith("/")
    assert not client_as(colleague).get("/inloggen?next=//evil.example").location.startswith("//")


@pytest.mark.parametrize("email", ["a\x00b@gemeente.example", "x" * 5000, "", "  ", "ﾪ@é.example", "' OR 1=1 --"])
@pytest.mark.parametrize("password", ["\x00\x00", "y" * 5000, "", "wachtwoord"])
def test_odd_input_is_refused_and_breaks_nothing(client, email, password):
    assert log_in(client, email, password).status_code == 422


def test_doubled_fields_are_no_way_in(client, colleague):
    answer = client.post("/inloggen", data={"email": [colleague.email, "x"], "password": ["fout fout fout", PASSWORD]})
    assert answer.status_code == 422


def test_a_site_hashes_as_slowly_as_is_advised():
    """The first choice of the OWASP password storage sheet."""
    assert (COSTLY.type, COSTLY.memory_cost, COSTLY.time_cost, COSTLY.parallelism) == (Type.ID, 19 * 1024, 2, 1)


def test_an_outdated_hash_is_replaced_without_touching_the_version(client, session, make):
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(password_bytes(PASSWORD))
    account = make.account(Role.HANDLER, email="loket@gemeente.example", password_hash=old)
    version = account.version

    assert log_in(client).status_code == 302

    session.refresh(account)
    assert account.password_hash != old
    assert not passwords.is_outdated(account.password_hash)
    assert account.version == version
    assert log_in(client).status_code == 302
