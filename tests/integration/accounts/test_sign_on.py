"""Logging in at a provider that really runs: there and back, by rules, and what ends it."""

import html
import re
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.adapters import passwords
from knelpunt.adapters.identity.oidc import LoggedOut, OidcClient
from knelpunt.domain.accounts import password_bytes
from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.identity.claims import SignOnRuleStatus
from knelpunt.domain.identity.factors import LoginRules
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus, Role
from knelpunt.models import Account, Bottleneck, Event, LeaveCover, LoginSession, OutboxMail, SignOnIdentity, SignOnRule
from knelpunt.services.accounts import invitations, sessions
from knelpunt.services.accounts.identity import passkeys, sign_on, sign_on_rules
from knelpunt.services.core.context import Context
from tests.support.sign_on import SLUG, provider_at, running_provider

PATH = f"/inloggen/organisatie/{SLUG}"
PASSWORD = "vier losse proef woorden"


@pytest.fixture(scope="module")
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture
def at_provider(app, provider, monkeypatch):
    monkeypatch.setitem(app.config, "SIGN_ON", {SLUG: OidcClient(provider_at(provider.issuer))})
    return provider


@pytest.fixture
def rule(make):
    """``rule(organisation, role)``: a rule that holds for who is in the group ``knelpunt``."""

    def made(organisation, role=Role.FILER, value="knelpunt"):
        one, two = make.administrator(), make.administrator()
        return make.add(
            SignOnRule(
                provider=SLUG,
                claim="groups",
                value=value,
                organisation_id=organisation.id,
                role=role,
                reason="Afspraak met de gemeente.",
                status=SignOnRuleStatus.HOLDS,
                proposed_by_id=one.id,
                proposed_at=make.now,
                decided_by_id=two.id,
                decided_at=make.now,
            )
        )

    return made


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given):
        return None


def log_in_there(address, subject):
    """What a browser does at the provider: say who one is; the address to which it sends the browser back."""
    opener = urllib.request.build_opener(_Stay)
    form = urllib.parse.urlencode({"sub": subject}).encode()
    try:
        opener.open(address, form, timeout=10)
    except urllib.error.HTTPError as answer:
        assert answer.code == 302
        return answer.headers["Location"]
    raise AssertionError("the provider did not send the browser back")


def way(client, subject, query=""):
    """All the way there and back; the answer of our side."""
    start = client.get(PATH + query)
    assert start.status_code == 302, start.location
    back = log_in_there(start.location, subject)
    return client.get(back.removeprefix("http://localhost"))


def known(provider, subject, **claims):
    email = f"{subject}@proef.example"
    provider.knows(
        subject, **{"email": email, "email_verified": True, "name": "Een collega", "groups": ["knelpunt"], **claims}
    )
    return email


def account_of(session, email):
    return session.scalars(select(Account).where(Account.email == email)).one_or_none()


def is_signed_in(client):
    return client.get("/mijn-account").status_code == 200


def words(client, answer):
    return html.unescape(client.get(answer.location).get_data(as_text=True))


def test_the_way_there_has_pkce_a_state_and_a_nonce(client, at_provider):
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(client.get(PATH).location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [f"http://localhost{PATH}/terug"]
    assert len(asked["state"][0]) >= 32 and len(asked["nonce"][0]) >= 32
    assert f'href="{PATH}"' in client.get("/inloggen").get_data(as_text=True)


def test_a_rule_makes_the_account_and_the_next_time_finds_it(client, session, make, at_provider, rule):
    organisation = make.organisation()
    held = rule(organisation)
    email = known(at_provider, "nieuw-1")

    assert way(client, "nieuw-1", "?next=/onze-zaken").location == "/onze-zaken"

    account = account_of(session, email)
    assert (account.role, account.organisation_id, account.password_hash) == (Role.FILER, organisation.id, None)
    assert is_signed_in(client)
    kept = session.scalars(select(LoginSession).where(LoginSession.account_id == account.id)).one()
    assert (kept.provider, kept.method) == (SLUG, "organisatie")
    events = session.scalars(select(Event).where(Event.subject == f"account:{account.id}").order_by(Event.number)).all()
    assert [each.kind for each in events] == ["account_gemaakt", "inlog_van_organisatie_gekoppeld", "ingelogd"]
    assert events[0].data["inlogregel"] == held.id
    assert way(client, "nieuw-1").status_code == 302
    assert session.scalar(select(func.count()).select_from(Account).where(Account.email == email)) == 1


def test_without_a_rule_nothing_is_made(client, session, make, at_provider, rule):
    rule(make.organisation(), value="een-andere-groep")
    email = known(at_provider, "zonder-regel")
    answer = way(client, "zonder-regel")
    assert "geen regel" in words(client, answer)
    assert account_of(session, email) is None
    assert session.scalars(select(SignOnIdentity)).all() == []
    assert not is_signed_in(client)


def test_a_proposed_rule_lets_nobody_in(client, session, make, at_provider, rule):
    rule(make.organisation()).status = SignOnRuleStatus.PROPOSED
    email = known(at_provider, "voorgesteld")
    way(client, "voorgesteld")
    assert account_of(session, email) is None


def test_an_address_that_was_not_checked_links_nothing(client, session, make, at_provider, rule):
    organisation = make.organisation()
    rule(organisation)
    existing = make.filer(organisation, email="bestaand@proef.example")
    known(at_provider, "indringer", email=existing.email, email_verified=False)
    assert "geen adres dat klopt" in words(client, way(client, "indringer"))
    assert session.scalars(select(SignOnIdentity)).all() == []


def test_an_account_of_another_organisation_cannot_be_taken_over(client, session, make, at_provider, rule):
    rule(make.organisation())
    other = make.filer(email="elders@proef.example")
    known(at_provider, "overnemer", email=other.email)
    assert "bij een andere organisatie" in words(client, way(client, "overnemer"))
    assert not is_signed_in(client)


def test_an_administrator_of_the_site_comes_in_by_no_rule(client, session, make, at_provider, rule):
    admin = make.administrator(email="beheer@proef.example")
    rule(make.ministry(), Role.AUDITOR)
    known(at_provider, "beheerder", email=admin.email)
    assert "met een wachtwoord" in words(client, way(client, "beheerder"))
    assert not is_signed_in(client)


def test_an_account_of_the_organisation_is_linked_and_gets_the_role(client, session, make, at_provider, rule):
    organisation = make.organisation()
    rule(organisation, Role.FILER)
    existing = make.member(organisation, email="collega@proef.example")
    known(at_provider, "collega", email=existing.email)
    way(client, "collega")
    session.refresh(existing)
    assert existing.role is Role.FILER
    assert is_signed_in(client)


def test_the_account_ends_when_no_rule_fits_any_more(client, session, make, at_provider, rule):
    rule(make.organisation())
    email = known(at_provider, "weg")
    way(client, "weg")
    client.post("/uitloggen")
    known(at_provider, "weg", groups=["iets-anders"])

    answer = way(client, "weg")

    assert "geen regel" in words(client, answer)
    account = account_of(session, email)
    assert account.is_active is False
    kinds = session.scalars(select(Event.kind).where(Event.subject == f"account:{account.id}")).all()
    assert "account_beëindigd_door_organisatie" in kinds
    known(at_provider, "weg")
    assert "staat uit" in words(client, way(client, "weg"))


def left_to(session):
    rows = session.execute(
        select(OutboxMail.account_id, OutboxMail.body).where(OutboxMail.kind == MailKind.WORK_LEFT)
    ).all()
    return {row.account_id: " ".join(row.body.split()) for row in rows}, len(rows)


def test_the_heads_hear_once_what_rested_on_an_account_that_a_provider_ends(client, session, make, at_provider, rule):
    head, away = make.head_of_desk(), make.handler()
    rule(make.ministry(), Role.HANDLER)
    email = known(at_provider, "weg-met-werk")
    way(client, "weg-met-werk")
    gone = account_of(session, email)
    make.case(CaseStatus.IN_HANDLING, handler_id=gone.id)
    first, last = make.today + timedelta(days=1), make.today + timedelta(days=9)
    make.add(
        LeaveCover(account_id=away.id, covered_by_id=gone.id, first_day=first, last_day=last,
                   registered_by_id=away.id, registered_at=make.now)
    )  # fmt: skip
    owned = make.add(
        Bottleneck(reference="R-2026-0777", title="De regel", problem="Hij duurt te lang.", terms="", owner_id=gone.id,
                   status=BottleneckStatus.IN_ANALYSIS, signalled_on=make.today, owner_due_on=make.today,
                   updated_at=make.now)
    )  # fmt: skip
    client.post("/uitloggen")
    known(at_provider, "weg-met-werk", groups=["iets-anders"])

    way(client, "weg-met-werk")
    way(client, "weg-met-werk")

    told, number = left_to(session)
    assert set(told) == {head.id} and number == 1
    for words_left in ("1 open zaak", f"neemt niet meer waar voor {away.name}", owned.reference):
        assert words_left in told[head.id]


def test_administrators_hear_that_a_provider_took_the_only_head_away(client, session, make, at_provider, rule):
    leading = rule(make.ministry(), Role.HEAD_OF_DESK)
    administrators = {leading.proposed_by_id, leading.decided_by_id}
    known(at_provider, "hoofd")
    way(client, "hoofd")
    client.post("/uitloggen")
    leading.role = Role.HANDLER
    session.flush()

    way(client, "hoofd")

    told, number = left_to(session)
    assert set(told) == administrators and number == 2
    assert all("geen hoofd van het loket meer" in each for each in told.values())


@pytest.mark.parametrize("mistake", ["two rules", "another organisation", "a rule that waits"])
def test_rules_that_are_wrong_or_being_changed_close_no_account(client, session, make, at_provider, rule, mistake):
    organisation = make.organisation()
    held = rule(organisation)
    email = known(at_provider, "blijft")
    way(client, "blijft")
    client.post("/uitloggen")
    if mistake == "two rules":
        rule(organisation, Role.ORGANISATION_ADMIN)
    elif mistake == "another organisation":
        held.organisation_id = make.organisation().id
    else:
        held.status = SignOnRuleStatus.ENDED
        rule(organisation, value="nieuwe-groep").status = SignOnRuleStatus.PROPOSED
    session.flush()

    assert way(client, "blijft").location == "/inloggen"

    assert not is_signed_in(client)
    session.expire_all()
    assert account_of(session, email).is_active


@pytest.mark.parametrize("how", ["ended", "another role"])
def test_the_cases_of_who_may_not_handle_any_more_go_to_nobody(client, session, make, at_provider, rule, how):
    rule(make.ministry(), Role.HANDLER)
    rule(make.ministry(), Role.REVIEWER, value="toetsers")
    email = known(at_provider, "vertrekt", amr=["mfa"])
    way(client, "vertrekt")
    account = account_of(session, email)
    case = make.case(CaseStatus.IN_HANDLING, handler_id=account.id)
    known(at_provider, "vertrekt", amr=["mfa"], groups=["toetsers"] if how == "another role" else [])
    way(client, "vertrekt")
    session.refresh(case)
    session.refresh(account)
    assert case.handler_id is None
    assert (account.is_active, account.role) == ((True, Role.REVIEWER) if how != "ended" else (False, Role.HANDLER))


def test_at_the_ministry_our_second_step_follows_unless_the_provider_asked_for_one(client, make, at_provider, rule):
    rule(make.ministry(), Role.HANDLER)
    known(at_provider, "zwak")
    assert way(client, "zwak").location == "/inloggen/code"
    assert not is_signed_in(client)
    known(at_provider, "sterk", amr=["pwd", "mfa"])
    assert way(client, "sterk").location == "/welkom"
    assert is_signed_in(client)


def factor_age(session, email):
    session.expire_all()
    account = account_of(session, email)
    return (
        datetime.now(UTC)
        - session.scalars(
            select(LoginSession.second_factor_at)
            .where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
            .order_by(LoginSession.id.desc())
            .limit(1)
        ).one()
    )


@pytest.mark.parametrize(("minutes", "at_least"), [(0, 0), (180, 180), (None, 15), (-60, 0)], ids=str)
def test_a_second_factor_at_the_provider_is_as_old_as_the_provider_says(
    client, session, make, at_provider, rule, minutes, at_least
):
    rule(make.ministry(), Role.HANDLER)
    told = None if minutes is None else int(datetime.now(UTC).timestamp()) - 60 * minutes
    email = known(at_provider, "ouderdom", amr=["mfa"], auth_time=told)
    way(client, "ouderdom")
    assert timedelta(0) <= factor_age(session, email) - timedelta(minutes=at_least) < timedelta(minutes=1)


def test_to_confirm_the_provider_is_asked_to_ask_anew(client, at_provider):
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(client.get(f"{PATH}?opnieuw").location).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert "max_age" not in client.get(PATH).location


def test_only_a_second_factor_of_now_confirms_a_grave_act(client, session, make, at_provider, rule):
    rule(make.ministry(), Role.HANDLER)
    now = int(datetime.now(UTC).timestamp())
    email = known(at_provider, "bevestiger", amr=["mfa"], auth_time=now - 3600)
    way(client, "bevestiger")
    for told in (now - 3600, now - 120, "nu", None):
        known(at_provider, "bevestiger", amr=["mfa"], auth_time=told)
        assert way(client, "bevestiger", "?opnieuw").location == "/inloggen", told
        assert "Er is niets bevestigd" in client.get("/mijn-account").get_data(as_text=True)
        assert factor_age(session, email) > timedelta(minutes=59)
    known(at_provider, "bevestiger", amr=["mfa"], auth_time=int(datetime.now(UTC).timestamp()))
    assert way(client, "bevestiger", "?opnieuw").status_code == 200
    assert factor_age(session, email) < timedelta(minutes=1)


def test_a_code_or_state_that_is_not_this_browsers_is_refused(app, client, session, make, at_provider, rule):
    rule(make.organisation())
    known(at_provider, "slachtoffer")
    other = app.test_client()
    other.test_session = session
    back = log_in_there(client.get(PATH).location, "slachtoffer").removeprefix("http://localhost")
    other.get(PATH)
    assert other.get(back).location == "/inloggen"
    assert not is_signed_in(other)
    assert client.get(back.replace("code=", "code=x")).location == "/inloggen"
    assert client.get(back).location == "/inloggen", "a way that was gone once is gone"
    assert not is_signed_in(client)


def test_a_cookie_that_is_put_back_does_not_open_the_way_again(client, make, at_provider, rule):
    rule(make.organisation())
    known(at_provider, "herhaling")
    start = client.get(PATH)
    kept = client.get_cookie("knelpunt").value
    back = log_in_there(start.location, "herhaling").removeprefix("http://localhost")
    assert client.get(back).location == "/welkom"
    client.post("/uitloggen")
    client.set_cookie("knelpunt", kept)
    assert client.get(back).location == "/inloggen"
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x&code=y", "?error=access_denied", "?code=" + "x" * 5000, "?code=%00"]
)
def test_odd_ways_back_end_at_the_log_in_page(client, at_provider, query):
    assert client.get(f"{PATH}/terug{query}").location == "/inloggen"


def test_a_provider_that_is_away_is_told_and_breaks_nothing(app, client):
    assert "nu niet bereiken" in words(client, client.get(PATH))
    assert client.get("/inloggen/organisatie/onbekend").status_code == 404


def test_logging_out_leads_to_the_provider_too(client, make, at_provider, rule):
    rule(make.organisation())
    known(at_provider, "uitlogger")
    way(client, "uitlogger")
    assert client.post("/uitloggen").location == "/uitgelogd"
    page = client.get("/uitgelogd")
    address = page.headers["Refresh"].removeprefix("0;url=")
    assert address.startswith(f"{at_provider.issuer}/oauth2/end_session?")
    assert "id_token_hint=" in address and "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fuitgelogd" in address
    assert "Refresh" not in client.get("/uitgelogd").headers
    assert not is_signed_in(client)


def test_what_the_provider_ends_is_over_here_and_counts_once(
    app, client, session, make, at_provider, rule, monkeypatch
):
    rule(make.organisation())
    email = known(at_provider, "daar-weg", sid="z-9")
    way(client, "daar-weg")
    stranger = {"logout_token": "a.b.c"}
    assert client.post(f"{PATH}/uitgelogd", data=stranger).status_code == 400
    assert is_signed_in(client)

    said = LoggedOut("daar-weg", None, "j-1")
    monkeypatch.setattr(OidcClient, "logged_out", lambda *_given: said)
    assert client.post(f"{PATH}/uitgelogd", data=stranger).status_code == 200
    assert not is_signed_in(client)
    account = account_of(session, email)
    of_account = select(Event.kind).where(Event.subject == f"account:{account.id}").order_by(Event.number)
    assert session.scalars(of_account).all()[-1] == "uitgelogd_door_organisatie"
    way(client, "daar-weg")
    client.post(f"{PATH}/uitgelogd", data=stranger)
    assert is_signed_in(client), "the same message a second time ends nothing"


@pytest.mark.parametrize(("sid", "is_over"), [(None, True), ("z-1", True), ("z-2", False)], ids=str)
def test_a_session_that_the_provider_did_not_name_may_be_the_one_that_ended(
    client, session, make, at_provider, rule, monkeypatch, sid, is_over
):
    rule(make.organisation())
    known(at_provider, "naamloos", sid=sid)
    way(client, "naamloos")
    monkeypatch.setattr(OidcClient, "logged_out", lambda *_given: LoggedOut("naamloos", "z-1", "j-2"))
    client.post(f"{PATH}/uitgelogd", data={"logout_token": "a.b.c"})
    assert is_signed_in(client) is not is_over


def test_who_is_linked_by_another_request_meanwhile_is_asked_to_try_again(
    client, session, make, at_provider, rule, monkeypatch
):
    rule(make.organisation())
    known(at_provider, "tegelijk")
    way(client, "tegelijk")
    client.post("/uitloggen")
    monkeypatch.setattr(sign_on.sign_on, "identity_for_update", lambda *_given: None)
    assert "twee keer tegelijk" in words(client, way(client, "tegelijk"))
    assert not is_signed_in(client)


def test_who_came_in_by_a_rule_is_out_when_it_ends(app, client, session, make, at_provider, rule):
    organisation = make.organisation()
    held = rule(organisation)
    other = rule(organisation, Role.ORGANISATION_ADMIN, value="beheerders")
    known(at_provider, "regel-om")
    way(client, "regel-om")
    context = Context(session, make.actor(make.administrator()), datetime.now(UTC), app.config["LINKS"])
    sign_on_rules.end(context, other.id)
    assert is_signed_in(client), "that rule gives another role"
    sign_on_rules.end(context, held.id)
    assert not is_signed_in(client)


def test_who_comes_by_an_organisation_gets_no_way_in_beside_it(client, session, make, at_provider, rule):
    organisation = make.organisation()
    rule(organisation)
    email = make.filer(organisation, email="beide@proef.example").email
    client.post("/wachtwoord-vergeten", data={"email": email})
    earlier = session.scalars(select(OutboxMail)).one().body.split("http://localhost")[1].split()[0]
    known(at_provider, "beide", email=email)
    way(client, "beide")
    client.post("/uitloggen")
    new = {"password": "vijf heel andere woorden", "repeated": "vijf heel andere woorden"}
    assert client.post(earlier, data=new).status_code == 404

    client.post("/wachtwoord-vergeten", data={"email": email})

    last = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    assert last.subject == "Log in via uw organisatie"
    assert "/wachtwoord/" not in last.body and "http://localhost/inloggen" in last.body


def test_a_passkey_alone_does_not_let_in_who_comes_by_an_organisation(client, session, make, monkeypatch):
    account = make.filer()
    make.add(
        SignOnIdentity(provider=SLUG, subject="s", account_id=account.id, linked_at=make.now, last_used_at=make.now)
    )
    monkeypatch.setattr(passkeys, "account_named_in", lambda *_given: (account.id, account.email))
    monkeypatch.setattr(passkeys, "_use", lambda *_given, **_more: None)
    form = {"sealed": "x", "answer": "y"}
    page = client.post("/inloggen/sleutel", data=form)
    assert passkeys.BY_ORGANISATION in page.get_data(as_text=True)
    assert not is_signed_in(client)
    account.role = Role.ADMINISTRATOR
    session.flush()
    assert client.post("/inloggen/sleutel", data=form).status_code == 302


def test_a_rule_takes_two_administrators_and_one_ends_it(app, session, make):
    one, two = make.administrator(), make.administrator()
    organisation = make.organisation()

    def by(account):
        return Context(session, make.actor(account), datetime.now(UTC), app.config["LINKS"])

    asked = {
        "provider": SLUG,
        "claim": "groups",
        "value": "x",
        "second_claim": "",
        "second_value": "",
        "reason": "Daarom.",
    }
    held = sign_on_rules.propose(by(one), **asked, organisation_id=organisation.id, role=Role.FILER)
    with pytest.raises(PermissionDenied):
        sign_on_rules.decide(by(one), held.id, is_accepted=True)
    with pytest.raises(NotFound):
        sign_on_rules.end(by(two), held.id)
    sign_on_rules.decide(by(two), held.id, is_accepted=True)
    assert held.status is SignOnRuleStatus.HOLDS
    sign_on_rules.end(by(one), held.id)
    assert held.status is SignOnRuleStatus.ENDED
    for organisation_id, role in ((organisation.id, Role.HANDLER), (make.ministry().id, Role.ADMINISTRATOR)):
        with pytest.raises(DomainError):
            sign_on_rules.propose(by(one), **asked, organisation_id=organisation_id, role=role)
    with pytest.raises(DomainError):
        sign_on_rules.propose(
            by(one), **{**asked, "second_claim": "oin"}, organisation_id=organisation.id, role=Role.FILER
        )
    with pytest.raises(PermissionDenied):
        sign_on_rules.propose(by(make.head_of_desk()), **asked, organisation_id=organisation.id, role=Role.FILER)


def test_the_pages_of_rules_lead_from_a_proposal_to_the_decision(client_as, session, make):
    one, two = client_as(make.administrator()), client_as(make.administrator())
    organisation = make.organisation()
    form = {
        "provider": SLUG,
        "claim": "groups",
        "value": "knelpunt-indieners",
        "organisation_id": organisation.id,
        "role": "indiener",
        "reason": "Afspraak met de gemeente.",
    }
    assert one.post("/beheer/inlogregels/nieuw", data={}).status_code == 422
    assert one.post("/beheer/inlogregels/nieuw", data=form).location == "/beheer/inlogregels"
    assert "Wacht op een ander" in one.get("/beheer/inlogregels").get_data(as_text=True)
    page = two.get("/beheer/inlogregels?stand=voorgesteld").get_data(as_text=True)
    assert "groups is knelpunt-indieners" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    held = session.scalars(select(SignOnRule)).one()
    assert one.post(f"/beheer/inlogregels/{held.id}/besluit", data={"besluit": "akkoord"}).status_code == 403
    for odd in ({}, {"besluit": ""}, {"besluit": "afgewezen!"}):
        assert two.post(f"/beheer/inlogregels/{held.id}/besluit", data=odd).status_code == 422
        session.refresh(held)
        assert held.status is SignOnRuleStatus.PROPOSED
    assert two.post(f"/beheer/inlogregels/{held.id}/besluit", data={"besluit": "akkoord"}).status_code == 302
    assert "Geldt" in two.get("/beheer/inlogregels?stand=geldt").get_data(as_text=True)
    assert one.post(f"/beheer/inlogregels/{held.id}/beeindigen").status_code == 302
    assert one.post(f"/beheer/inlogregels/{held.id}/beeindigen").status_code == 404


@pytest.fixture
def only_way(app, monkeypatch):
    monkeypatch.setitem(app.config, "LOGIN_RULES", LoginRules(only_by=frozenset({SLUG})))


def log_in(client, account):
    answer = client.post("/inloggen", data={"email": account.email, "password": PASSWORD})
    return answer.status_code, answer.get_data(as_text=True)


def test_beside_a_compulsory_provider_no_password_works(client, session, make, rule, only_way):
    ours, others = make.organisation(), make.organisation()
    held = rule(ours)
    with_password = {"password_hash": passwords.hash_password(password_bytes(PASSWORD))}
    account, elsewhere = make.filer(ours, **with_password), make.filer(others, **with_password)

    status, page = log_in(client, account)
    assert status == 422
    assert sessions.ONLY_BY_ORGANISATION in page
    assert not is_signed_in(client)
    wrong = client.post("/inloggen", data={"email": account.email, "password": "fout fout fout"})
    assert sessions.ONLY_BY_ORGANISATION not in wrong.get_data(as_text=True), "a stranger learns nothing of who is here"
    assert log_in(client, elsewhere)[0] == 302
    client.post("/uitloggen")
    held.status = SignOnRuleStatus.ENDED
    session.flush()
    assert log_in(client, account)[0] == 302


def test_a_link_for_a_new_password_is_no_way_round_it(client, session, make, rule, only_way):
    organisation = make.organisation()
    rule(organisation)
    account = make.filer(organisation)
    client.post("/wachtwoord-vergeten", data={"email": account.email})
    assert session.scalars(select(OutboxMail)).one().subject == "Log in via uw organisatie"


def test_nobody_is_invited_to_choose_a_password_that_does_not_work(session, make, client_as, rule, only_way):
    organisation = make.organisation()
    rule(organisation)
    answer = client_as(make.organisation_admin(organisation)).post(
        "/onze-organisatie/collegas/uitnodigen",
        data={"email": "nieuw@proef.example", "name": "Nieuw", "role": Role.MEMBER.value},
    )
    assert answer.status_code == 422
    assert invitations.COMES_BY_ITSELF in answer.get_data(as_text=True)
    assert session.scalars(select(OutboxMail)).all() == []


def test_no_passkey_works_beside_it_either(client, make, rule, only_way, monkeypatch):
    organisation = make.organisation()
    rule(organisation)
    account = make.filer(organisation)
    monkeypatch.setattr(passkeys, "account_named_in", lambda *_given: (account.id, account.email))
    monkeypatch.setattr(passkeys, "_use", lambda *_given, **_more: None)
    page = client.post("/inloggen/sleutel", data={"sealed": "x", "answer": "y"})
    assert passkeys.BY_ORGANISATION in page.get_data(as_text=True)
    assert not is_signed_in(client)


def test_an_administrator_of_an_organisation_sets_up_a_second_step_from_the_day(app, client, make, monkeypatch):
    today = make.today
    hashed = passwords.hash_password(password_bytes(PASSWORD))
    account = make.organisation_admin(password_hash=hashed)

    def obliged(day):
        monkeypatch.setitem(app.config, "LOGIN_RULES", LoginRules(administrators_from=day))

    obliged(today + timedelta(days=1))
    assert log_in(client, account)[0] == 302
    assert is_signed_in(client)
    assert "omdat u beheerder bent" in client.get("/mijn-account").get_data(as_text=True)
    obliged(today)
    assert not is_signed_in(client), "a session of before the day goes no further either"
    assert "/inloggen/code" in client.post("/inloggen", data={"email": account.email, "password": PASSWORD}).location
