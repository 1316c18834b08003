"""The second step of logging in: who must show it, what counts, and what it opens."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from knelpunt.adapters import passwords
from knelpunt.adapters.identity import passkeys, totp
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.domain.accounts import password_bytes
from knelpunt.domain.identity.factors import step_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Event, LoginSession, OutboxMail, Passkey, RecoveryCode, TotpFactor
from knelpunt.services.accounts.identity import factors
from knelpunt.services.core.context import Context
from knelpunt.web.auth import step_up

PASSWORD = "vier losse woorden samen"
HASH = passwords.hash_password(password_bytes(PASSWORD))
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
CHROME = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36"}


@pytest.fixture
def with_phone(app, make):
    """``with_phone(role)``: an account with a password and a telephone."""

    def made(role=Role.HANDLER):
        account = make.account(role, password_hash=HASH)
        sealed = app.config["SEALER"].seal(SECRET, datetime.now(UTC))
        make.add(TotpFactor(account_id=account.id, sealed_secret=sealed, created_at=make.now))
        return account

    return made


def code_now(ahead=0):
    return totp.code_of(SECRET, step_of(datetime.now(UTC)) + ahead)


def log_in(client, account, **more):
    return client.post("/inloggen", data={"email": account.email, "password": PASSWORD}, headers=CHROME, **more)


def show(client, code, path="/inloggen/code"):
    return client.post(path, data={"code": code}, headers=CHROME)


def is_signed_in(client):
    return client.get("/mijn-account").status_code == 200


def kinds(session):
    return session.scalars(select(Event.kind).order_by(Event.number)).all()


def mails(session, account):
    return session.scalars(
        select(OutboxMail.kind).where(OutboxMail.account_id == account.id).order_by(OutboxMail.id)
    ).all()


def token_of(client):
    with client.session_transaction() as cookie:
        return cookie["_user_id"]


def test_a_password_alone_opens_nothing_for_who_has_a_telephone(client, session, with_phone):
    account = with_phone()
    assert log_in(client, account).location == "/inloggen/code"
    before = token_of(client)
    assert not is_signed_in(client)
    assert client.get("/welkom").status_code == 302
    assert client.post("/mijn-account/overal-uitloggen").status_code == 401
    assert "ingelogd" not in kinds(session)

    assert show(client, code_now()).location == "/welkom"

    assert is_signed_in(client)
    assert token_of(client) != before, "a token that was known half way must not become a whole session"
    assert kinds(session)[-1] == "ingelogd"


def test_the_way_that_was_asked_for_is_kept_through_both_steps(client, with_phone):
    account = with_phone()
    step = log_in(client, account, query_string={"next": "/werkvoorraad?a=b"}).location
    assert show(client, code_now(), step).location == "/werkvoorraad?a=b"
    assert log_in(client, account, query_string={"next": "//evil.example"}).location == "/inloggen/code"


def test_a_code_counts_once(app, client, session, with_phone):
    account = with_phone()
    code = code_now()
    log_in(client, account)
    assert show(client, code).status_code == 302
    other = app.test_client()
    other.test_session = session
    log_in(other, account)
    answer = show(other, code)
    assert answer.status_code == 422
    assert "is al gebruikt" in answer.get_data(as_text=True)
    assert show(other, code_now(ahead=1)).status_code == 302


@pytest.mark.parametrize("code", ["", "000", "abcdef", "123456789", "\x00", "é" * 6, "x" * 5000, "oooo-oooo-oooo-oooo"])
def test_odd_codes_are_refused_and_break_nothing(client, with_phone, code):
    log_in(client, with_phone())
    assert show(client, code).status_code == 422
    assert not is_signed_in(client)


def test_the_eleventh_code_is_refused_even_when_it_is_right(client, with_phone):
    log_in(client, with_phone())
    for _ in range(10):
        assert show(client, "000000").status_code == 422
    answer = show(client, code_now())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 15 * 60


def test_the_step_cannot_be_had_without_the_password(client):
    assert client.get("/inloggen/code").location == "/inloggen"
    assert show(client, "123456").location == "/inloggen"
    assert client.get("/inloggen/instellen").location == "/inloggen/code"


def test_who_must_have_one_sets_it_up_first_and_sees_the_codes_once(client, session, make):
    account = make.account(Role.ADMINISTRATOR, password_hash=HASH)
    assert log_in(client, account).location == "/inloggen/code"
    assert client.get("/inloggen/code").location == "/inloggen/instellen"
    assert client.get("/beheer/accounts").status_code == 302
    page = client.get("/inloggen/instellen").get_data(as_text=True)
    secret = re.search(r"Sleutel: <code[^>]*>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    sealed = re.search(r'name="sealed"[^>]*value="([^"]+)"', page).group(1)
    assert session.scalars(select(TotpFactor)).all() == []
    assert client.get("/inloggen/instellen").headers["Cache-Control"] == "no-store"

    wrong = client.post("/inloggen/instellen", data={"sealed": sealed, "code": "000000"})
    assert wrong.status_code == 422
    assert sealed in wrong.get_data(as_text=True), "the telephone has this secret already"
    code = totp.code_of(secret, step_of(datetime.now(UTC)))
    done = client.post("/inloggen/instellen", data={"sealed": sealed, "code": code})

    codes = re.findall(r"<code[^>]*>([a-z0-9-]{19})</code>", done.get_data(as_text=True))
    assert len(set(codes)) == 10
    assert is_signed_in(client)
    assert client.get("/beheer/accounts").status_code == 200
    kept = session.scalars(select(TotpFactor)).one()
    assert secret not in kept.sealed_secret
    stored = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not {each.replace("-", "") for each in codes} & set(stored)
    assert codes[0] not in client.get("/mijn-account").get_data(as_text=True)
    assert kinds(session)[-2:] == ["tweede_stap_ingesteld", "ingelogd"]
    assert MailKind.FACTOR_SET_UP in mails(session, account)


def first_telephone(client, **more):
    """Set up a telephone as who is signed in; the answer."""
    page = client.get("/mijn-account/tweede-stap").get_data(as_text=True)
    secret = re.search(r"Sleutel: <code[^>]*>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    sealed = re.search(r'name="sealed"[^>]*value="([^"]+)"', page).group(1)
    code = totp.code_of(secret, step_of(datetime.now(UTC)))
    return client.post("/mijn-account/tweede-stap", data={"sealed": sealed, "code": code, **more})


def test_who_logged_in_a_while_ago_shows_the_password_before_a_first_telephone(client, session, make):
    account = make.filer(password_hash=HASH)
    log_in(client, account)
    began = datetime.now(UTC) - timedelta(minutes=16)
    session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(created_at=began))
    assert "Huidig wachtwoord" in client.get("/mijn-account/tweede-stap").get_data(as_text=True)

    for wrong in ({}, {"current": "een ander wachtwoord dan dit"}):
        answer = first_telephone(client, **wrong)
        assert answer.status_code == 422
        assert "Dit is niet uw huidige wachtwoord" in answer.get_data(as_text=True)
    assert session.scalars(select(TotpFactor)).all() == []

    assert first_telephone(client, current=PASSWORD).status_code == 200
    assert len(session.scalars(select(TotpFactor)).all()) == 1


def test_without_a_password_an_older_session_sets_nothing_up(client, session, make):
    account = make.filer(password_hash=HASH)
    log_in(client, account)
    began = datetime.now(UTC) - timedelta(minutes=16)
    session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(created_at=began))
    account.password_hash = None
    session.flush()
    assert first_telephone(client, current="").status_code == 422


def test_who_just_logged_in_sets_a_telephone_up_at_once(client, make):
    log_in(client, make.filer(password_hash=HASH))
    assert "Huidig wachtwoord" not in client.get("/mijn-account/tweede-stap").get_data(as_text=True)
    assert first_telephone(client).status_code == 200


def test_the_owner_hears_by_mail_of_a_passkey_that_came_or_went(client, session, make, with_phone, monkeypatch):
    account = with_phone()
    log_in(client, account)
    show(client, code_now())
    page = client.get("/mijn-account/toegangssleutels").get_data(as_text=True)
    sealed = re.search(r'name="sealed"[^>]*value="([^"]+)"', page).group(1)
    monkeypatch.setattr(passkeys, "new_key", lambda *_given: passkeys.NewKey(b"k", b"p", 0))
    form = {"sealed": sealed, "answer": "{}", "name": "Laptop"}
    assert client.post("/mijn-account/toegangssleutels", data=form).status_code == 302
    assert mails(session, account)[-1] == MailKind.PASSKEY_ADDED
    number = session.scalars(select(Passkey.id)).one()
    assert client.post(f"/mijn-account/toegangssleutels/{number}/weghalen").status_code == 302
    assert mails(session, account)[-1] == MailKind.PASSKEY_REMOVED


def test_a_password_does_not_let_a_thief_set_up_another_telephone(client, session, with_phone):
    account = with_phone()
    log_in(client, account)
    assert client.get("/inloggen/instellen").location == "/inloggen/code"
    assert client.post("/inloggen/instellen", data={"sealed": "x", "code": "123456"}).location == "/inloggen/code"
    assert client.get("/mijn-account/tweede-stap").status_code == 302


def test_a_secret_of_another_account_is_not_taken(app, client, session, make):
    mine, other = make.handler(password_hash=HASH), make.handler()
    context = Context(session, make.actor(other), datetime.now(UTC), app.config["LINKS"])
    secret, sealed = factors.propose(context, app.config["SEALER"], other.id)
    log_in(client, mine)
    code = totp.code_of(secret, step_of(datetime.now(UTC)))
    assert client.post("/inloggen/instellen", data={"sealed": sealed, "code": code}).status_code == 422
    assert session.scalars(select(TotpFactor)).all() == []


def test_a_recovery_code_works_once_however_it_is_typed(app, client, session, make, with_phone):
    account = with_phone()
    context = Context(session, make.actor(account), datetime.now(UTC), app.config["LINKS"])
    codes = factors.renew_codes(context, account.id)
    log_in(client, account)
    assert show(client, codes[3].upper().replace("-", " ")).status_code == 302
    assert is_signed_in(client)
    assert MailKind.RECOVERY_CODE_USED in mails(session, account)
    assert "herstelcode_gebruikt" in kinds(session)
    client.post("/uitloggen")
    log_in(client, account)
    assert show(client, codes[3]).status_code == 422
    assert show(client, codes[4]).status_code == 302


def test_others_may_have_one_and_may_switch_it_off(client, session, with_phone):
    account = with_phone(Role.FILER)
    log_in(client, account)
    assert not is_signed_in(client)
    show(client, code_now())
    assert is_signed_in(client)
    assert client.post("/mijn-account/tweede-stap/uitzetten").location == "/mijn-account"
    assert session.scalars(select(TotpFactor)).all() == []
    client.post("/uitloggen")
    assert log_in(client, account).location == "/welkom"


def test_who_must_have_one_cannot_switch_it_off(client, session, with_phone):
    log_in(client, with_phone())
    show(client, code_now())
    assert client.post("/mijn-account/tweede-stap/uitzetten").status_code == 422
    assert len(session.scalars(select(TotpFactor)).all()) == 1


def test_replacing_the_telephone_ends_the_other_sessions(app, client, session, with_phone):
    account = with_phone()
    other = app.test_client()
    other.test_session = session
    log_in(other, account)
    show(other, code_now())
    log_in(client, account)
    show(client, code_now(ahead=1))
    page = client.get("/mijn-account/tweede-stap").get_data(as_text=True)
    secret = re.search(r"Sleutel: <code[^>]*>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    sealed = re.search(r'name="sealed"[^>]*value="([^"]+)"', page).group(1)
    code = totp.code_of(secret, step_of(datetime.now(UTC)))
    assert client.post("/mijn-account/tweede-stap", data={"sealed": sealed, "code": code}).status_code == 200
    assert is_signed_in(client)
    assert not is_signed_in(other)


def age_factor(session, account, minutes=16):
    earlier = datetime.now(UTC) - timedelta(minutes=minutes)
    session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(second_factor_at=earlier))


def test_a_grave_act_asks_for_the_code_again_and_keeps_what_was_typed(client, session, make, with_phone):
    account = with_phone(Role.ADMINISTRATOR)
    log_in(client, account)
    show(client, code_now())
    age_factor(session, account)
    form = {"kind": "woningcorporatie", "name": "Woonstichting De Proef"}

    asked = client.post("/beheer/organisaties/toevoegen", data=form)

    page = asked.get_data(as_text=True)
    assert asked.status_code == 403
    assert "Woonstichting De Proef" in page
    wrong = client.post("/beheer/organisaties/toevoegen", data={**form, "stap_code": "000000"})
    assert wrong.status_code == 422
    assert "Woonstichting De Proef" in wrong.get_data(as_text=True)
    assert "De Proef" not in client.get("/beheer/organisaties?zoek=Proef").get_data(as_text=True)

    done = client.post("/beheer/organisaties/toevoegen", data={**form, "stap_code": code_now(ahead=1)})
    assert done.status_code == 302, done.get_data(as_text=True)
    assert "De Proef" in client.get("/beheer/organisaties?zoek=Proef").get_data(as_text=True)
    assert "tweede_stap_bevestigd" in kinds(session)


def test_contact_data_stay_closed_until_the_code_is_shown_again(client, session, make, with_phone):
    case = make.case(email="bewoner@proef.example")
    account = with_phone()
    log_in(client, account)
    show(client, code_now())
    age_factor(session, account)
    asked = client.post(f"/zaken/{case.reference}/contact")
    assert asked.status_code == 403
    assert "bewoner@proef.example" not in asked.get_data(as_text=True)
    opened = client.post(f"/zaken/{case.reference}/contact", data={"stap_code": code_now(ahead=1)})
    assert "bewoner@proef.example" in opened.get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.HEAD_OF_DESK, "/kwartalen/2026-1/verzegelen"),
        (Role.HEAD_OF_DESK, "/kwartalen/2026-1/verzegelen/besluit"),
        (Role.HEAD_OF_DESK, "/kwartalen/2026-1/erratum"),
        (Role.HEAD_OF_DESK, "/archief/lijsten/1/bevestigen"),
        (Role.ADMINISTRATOR, "/beheer/accounts/1/rol"),
        (Role.ADMINISTRATOR, "/beheer/inlogregels/nieuw"),
        (Role.ORGANISATION_ADMIN, "/onze-organisatie/koppelingen/nieuw"),
        (Role.ORGANISATION_ADMIN, "/onze-organisatie/koppelingen/abonnementen/nieuw"),
        (Role.ORGANISATION_ADMIN, "/onze-organisatie/koppelingen/zaaksysteem"),
        (Role.HANDLER, "/zaken/KNP-2026-00001/adres"),
        (Role.HANDLER, "/post/1"),
        (Role.HANDLER, "/post/1/pdf"),
    ],
)
def test_what_seals_destroys_or_administers_asks_before_anything_else(client, session, with_phone, role, path):
    account = with_phone(role)
    log_in(client, account)
    show(client, code_now())
    age_factor(session, account)
    asked = client.post(path)
    assert asked.status_code == 403
    assert "Bevestig dat u het bent" in asked.get_data(as_text=True)


def test_each_address_that_seals_or_shows_contact_data_is_one_of_the_site(app):
    assert {rule.rule for rule in app.url_map.iter_rules()} >= step_up.SEALING | step_up.CONTACT_DATA


def test_an_ordinary_act_does_not_ask(client, session, with_phone):
    account = with_phone()
    log_in(client, account)
    show(client, code_now())
    age_factor(session, account)
    assert client.post("/mijn-account/meldingen", data={"choice": "elk"}).status_code == 302


def test_the_own_second_step_is_changed_only_after_showing_it(client, session, with_phone):
    account = with_phone()
    log_in(client, account)
    show(client, code_now())
    age_factor(session, account)
    assert "Sleutel" not in client.get("/mijn-account/tweede-stap").get_data(as_text=True)
    shown = {"stap_code": code_now(ahead=1), "stap_alleen": "ja"}
    assert client.post("/mijn-account/tweede-stap", data=shown).location == "/mijn-account/tweede-stap"
    assert "Sleutel" in client.get("/mijn-account/tweede-stap").get_data(as_text=True)


def test_only_a_demonstration_shows_a_code(app, client, monkeypatch, with_phone):
    account = with_phone()
    log_in(client, account)
    assert "demonstratie" not in client.get("/inloggen/code").get_data(as_text=True)
    with monkeypatch.context() as patch:
        patch.setattr(type(app.config["KNELPUNT"]), "is_demo", True)
        page = client.get("/inloggen/code").get_data(as_text=True)
    shown = re.search(r"data-demo-code>(\d{6})<", page).group(1)
    assert "demonstratie" in page
    assert shown in {code_now(), code_now(ahead=1), code_now(ahead=-1)}


def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not(client, session, make):
    account = make.filer(password_hash=HASH)
    log_in(client, account)
    assert mails(session, account) == [MailKind.NEW_DEVICE]
    body = session.scalar(select(OutboxMail.body).where(OutboxMail.account_id == account.id))
    assert "Chrome op Linux" in body
    client.post("/uitloggen")
    log_in(client, account)
    assert mails(session, account) == [MailKind.NEW_DEVICE]


def test_half_way_in_a_new_browser_sends_no_mail_yet(client, session, with_phone):
    account = with_phone()
    log_in(client, account)
    assert mails(session, account) == []
    show(client, code_now())
    assert mails(session, account) == [MailKind.NEW_DEVICE]


def test_the_owner_sees_each_browser_and_each_log_in(app, client, session, with_phone):
    account = with_phone()
    log_in(client, account)
    show(client, code_now())
    other = app.test_client()
    other.test_session = session
    log_in(other, account)

    page = client.get("/mijn-account/sessies").get_data(as_text=True)

    assert "Chrome op Linux (deze browser)" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert page.count("Log hier uit: ingelogd") == 1, "half way in is nowhere in"
    assert "Niet afgemaakt: alleen het wachtwoord klopte" in page
    assert "Wachtwoord en tweede stap" in page


def test_the_list_of_log_ins_has_pages(make, client_as, session):
    account = make.filer()
    client = client_as(account)
    earlier = datetime.now(UTC) - timedelta(days=2)
    for number in range(25):
        make.add(LoginSession(token_hash=f"x{number}", account_id=account.id, created_at=earlier, last_seen_at=earlier))
    first = client.get("/mijn-account/sessies").get_data(as_text=True)
    further = re.search(r'rel="next"\s+href="([^"]+)"', first).group(1)
    assert first.count("Vanzelf voorbij") == 20
    assert client.get(further).get_data(as_text=True).count("Vanzelf voorbij") == 5
    assert client.get("/mijn-account/sessies?voor=1").status_code == 200


@pytest.mark.parametrize("answer", ["[" * 20_000, "[" * 15_000, '{"a":' * 3_000, "{}", "9" * 5_000, "\x00"], ids=len)
def test_an_answer_of_no_browser_is_refused_wherever_a_passkey_may_be_shown(client, session, make, with_phone, answer):
    page = client.get("/inloggen/sleutel").get_data(as_text=True)
    sealed = re.search(r'name="sealed"[^>]*value="([^"]+)"', page).group(1)
    assert client.post("/inloggen/sleutel", data={"sealed": sealed, "answer": answer}).status_code == 422

    account = with_phone()
    make.add(
        Passkey(
            account_id=account.id, credential_id=b"k", public_key=b"p", sign_count=0, name="Laptop", created_at=make.now
        )
    )
    log_in(client, account)
    assert client.post("/inloggen/sleutel", data={"sealed": sealed, "answer": answer}).status_code == 422
    show(client, code_now())
    page = client.get("/mijn-account/toegangssleutels").get_data(as_text=True)
    sealed = re.search(r'name="sealed"[^>]*value="([^"]+)"', page).group(1)
    form = {"sealed": sealed, "answer": answer, "name": "Nog een"}
    assert client.post("/mijn-account/toegangssleutels", data=form).status_code == 422

    age_factor(session, account)
    page = client.get("/mijn-account/toegangssleutels").get_data(as_text=True)
    sealed = re.search(r'name="stap_vraag"[^>]*value="([^"]+)"', page).group(1)
    shown = {"stap_code": "", "stap_vraag": sealed, "stap_sleutel": answer, "stap_alleen": "ja"}
    assert client.post("/mijn-account/toegangssleutels", data=shown).status_code == 422


def test_secrets_are_sealed_anew_with_the_newest_key(app, session, make):
    old, both, new = Sealer("k" * 32), Sealer("n" * 32, "k" * 32), Sealer("n" * 32)
    first, second = make.handler(), make.handler()
    for account, sealed in ((first, old.seal("GEHEIM", make.now)), (second, "x")):
        make.add(TotpFactor(account_id=account.id, sealed_secret=sealed, created_at=make.now))
    context = Context(session, SYSTEM, make.now, app.config["LINKS"])
    assert factors.renew_seals(context, both) == (1, [second.id])
    assert new.open(session.get(TotpFactor, first.id).sealed_secret) == "GEHEIM"
    assert factors.renew_seals(context, both) == (0, [second.id])
