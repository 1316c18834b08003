"""Keys for the systems of an organisation: who makes them, what they open, and when they stop."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.identity.clients import MOST_CLIENTS, TOKEN_TERM
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ApiScope, Permission
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import ApiClient, ApiToken, Event, Organisation, OutboxMail
from knelpunt.services import accounts
from knelpunt.services.accounts import throttle
from knelpunt.services.accounts.identity import clients
from knelpunt.services.accounts.throttle import Ticket
from knelpunt.services.jobs import upkeep
from tests.support.login import log_in

FREE = Ticket(True, True, "client:test")


@pytest.fixture
def admin(make):
    return make.organisation_admin()


def made_by(desk, admin, name="Zaaksysteem", scopes=(ApiScope.CASES, ApiScope.DRAFTS), days=90):
    ends_on = desk.today + timedelta(days=days)
    return clients.make(desk.as_(desk.make.actor(admin)), name=name, scopes=scopes, ends_on=ends_on)


def mails(session, kind):
    return session.scalars(select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id)).all()


def token_of(desk, made, scopes=(ApiScope.CASES,)):
    return clients.give_token(desk.system, made.client.id, made.client.secret_hash, scopes, FREE)


def test_a_key_acts_for_its_organisation_with_what_its_token_was_asked_for(session, desk, admin):
    made = made_by(desk, admin)
    actor = clients.actor_with(desk.system, token_of(desk, made))
    assert actor.kind is ActorKind.CLIENT
    assert (actor.client_id, actor.organisation_id, actor.account_id) == (made.client.id, admin.organisation_id, None)
    assert actor.permissions == {Permission.READ_OWN_CASES}
    assert session.scalar(select(ApiClient.last_used_on)) == desk.today


def test_the_secret_and_the_token_are_kept_as_hashes_only(session, desk, admin):
    made = made_by(desk, admin)
    token = token_of(desk, made)
    kept = f"{session.scalar(select(ApiClient.secret_hash))} {session.scalar(select(ApiToken.token_hash))}"
    assert made.secret not in kept
    assert token not in kept
    assert len(made.secret) >= 43


def test_a_token_ends_with_its_time_its_key_and_its_renewal(session, desk, admin):
    made = made_by(desk, admin)
    token = token_of(desk, made)
    desk.now += TOKEN_TERM - timedelta(seconds=1)
    assert clients.actor_with(desk.system, token) is not None
    desk.now += timedelta(seconds=1)
    assert clients.actor_with(desk.system, token) is None
    second = token_of(desk, made)
    renewed = clients.renew(desk.as_(desk.make.actor(admin)), made.client.id, made.client.version, ends_on=desk.today)
    assert clients.actor_with(desk.system, second) is None
    assert not clients.is_secret(renewed.client.secret_hash, made.secret)
    assert clients.is_secret(renewed.client.secret_hash, renewed.secret)
    with pytest.raises(NotFound):  # somebody showed the old secret just before
        clients.give_token(desk.system, made.client.id, accounts.hash_token(made.secret), (ApiScope.CASES,), FREE)
    third = token_of(desk, renewed)
    clients.revoke(desk.as_(desk.make.actor(admin)), renewed.client.id, renewed.client.version)
    assert clients.actor_with(desk.system, third) is None
    with pytest.raises(NotFound):
        token_of(desk, renewed)


def test_a_key_stops_the_day_after_its_end(desk, admin):
    made = made_by(desk, admin, days=0)
    desk.now += timedelta(days=1)
    assert clients.actor_with(desk.system, token_of(desk, made)) is None


def test_all_who_manage_the_organisation_hear_of_it_and_nobody_else(session, make, desk, admin):
    organisation = make.session.get_one(type(make.organisation()), admin.organisation_id)
    second = make.organisation_admin(organisation)
    make.filer(organisation)
    make.organisation_admin()
    made = made_by(desk, admin)
    clients.revoke(desk.as_(desk.make.actor(second)), made.client.id, made.client.version)
    for kind in (MailKind.CLIENT_MADE, MailKind.CLIENT_REVOKED):
        assert {each.account_id for each in mails(session, kind)} == {admin.id, second.id}
    assert made.secret not in "".join(each.body for each in mails(session, MailKind.CLIENT_MADE))


def test_the_end_is_told_thirty_and_seven_days_before_once_each(session, desk, admin):
    made = made_by(desk, admin, days=31)
    told = []
    for _ in range(33):
        for client_id in session.scalars(clients.ending(desk.system)).all():
            clients.warn(desk.system, client_id)
        told.append(len(mails(session, MailKind.CLIENT_ENDING)))
        desk.now += timedelta(days=1)
    assert told == [0] + [1] * 23 + [2] * 9
    assert made.client.revoked_at is None


def test_a_key_of_an_organisation_without_administrator_ends_in_a_month_and_the_site_is_told(session, desk, admin):
    chief, made = desk.make.administrator(), made_by(desk, admin, days=300)
    kept = made_by(desk, desk.make.organisation_admin(), days=300)
    admin.is_active = False
    session.flush()
    last_day = desk.today + timedelta(days=30)
    for _ in range(32):
        for client_id in session.scalars(clients.ending(desk.system)).all():
            clients.warn(desk.system, client_id)
        desk.now += timedelta(days=1)
    assert (made.client.ends_on, kept.client.ends_on) == (last_day, desk.today + timedelta(days=268))
    told = [each for each in mails(session, MailKind.CLIENT_ENDING) if each.account_id == chief.id]
    assert len(told) == 2
    assert "geen beheerder meer" in told[0].body
    assert "/beheer/koppelingen" in told[0].body
    assert admin.id not in {each.account_id for each in mails(session, MailKind.CLIENT_ENDING)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": ()}, "scopes"),
        ({"days": -1}, "ends_on"),
        ({"days": 400}, "ends_on"),
    ],
)
def test_what_a_key_cannot_be(desk, admin, change, field):
    with pytest.raises(DomainError) as refused:
        made_by(desk, admin, **change)
    assert refused.value.field == field


def test_a_name_is_used_once_and_there_are_not_endlessly_many(desk, admin):
    made_by(desk, admin)
    with pytest.raises(DomainError, match="met deze naam"):
        made_by(desk, admin, name="ZAAKSYSTEEM")
    for number in range(MOST_CLIENTS - 1):
        made_by(desk, admin, name=f"Systeem {number}")
    with pytest.raises(DomainError, match="Trek er eerst een in"):
        made_by(desk, admin, name="Nog een")


def test_only_who_manages_the_organisation_or_the_site_may(make, desk, admin):
    made = made_by(desk, admin)
    filer = make.filer(make.session.get_one(type(make.organisation()), admin.organisation_id))
    for stranger, error in ((filer, PermissionDenied), (make.organisation_admin(), NotFound)):
        with pytest.raises(error):
            clients.revoke(desk.as_(desk.make.actor(stranger)), made.client.id, made.client.version)
        with pytest.raises(error):
            clients.renew(desk.as_(desk.make.actor(stranger)), made.client.id, made.client.version, ends_on=desk.today)
    with pytest.raises(PermissionDenied):
        made_by(desk, filer)
    with pytest.raises(VersionConflict):
        clients.revoke(desk.as_(desk.make.actor(admin)), made.client.id, made.client.version + 1)
    assert (
        clients.revoke(desk.as_(make.actor(make.administrator())), made.client.id, made.client.version).revoked_at
        == desk.now
    )


def test_a_key_does_not_follow_into_another_organisation(session, make, desk, admin):
    made = made_by(desk, admin)
    token = token_of(desk, made)
    kept = made_by(desk, make.organisation_admin())
    old = select(Organisation.id).where(Organisation.id == admin.organisation_id)
    clients.end_of_organisations(desk.system, old)
    assert clients.actor_with(desk.system, token) is None
    assert kept.client.revoked_at is None
    assert "opgegaan" in mails(session, MailKind.CLIENT_REVOKED)[0].body


def test_the_key_of_an_organisation_that_ended_opens_nothing(session, desk, admin):
    token = token_of(desk, made_by(desk, admin))
    session.get_one(Organisation, admin.organisation_id).valid_to = desk.today - timedelta(days=1)
    session.flush()
    assert clients.actor_with(desk.system, token) is None


def test_the_events_name_the_key_by_number(session, desk, admin):
    made = made_by(desk, admin, name="Systeem van Jansen")
    kept = session.scalars(select(Event).where(Event.subject == f"koppeling:{made.client.id}")).one()
    assert (kept.kind, kept.actor_id) == ("koppeling_gemaakt", admin.id)
    assert "Jansen" not in str(kept.data)


def test_tokens_that_are_over_are_swept(session, desk, admin):
    token_of(desk, made_by(desk, admin))
    assert upkeep.sweep_tables(session, desk.now + TOKEN_TERM)["api_tokens"] == 0
    assert upkeep.sweep_tables(session, desk.now + TOKEN_TERM + timedelta(seconds=1))["api_tokens"] == 1


def test_a_system_of_a_ministry_reports_and_does_nothing_else(session, make, desk, admin):
    with pytest.raises(DomainError) as refused:
        made_by(desk, admin, scopes=(ApiScope.CASES, ApiScope.REPORTING))
    assert refused.value.field == "scopes"
    chief = make.administrator()
    context, day = desk.as_(make.actor(chief)), desk.today + timedelta(days=9)
    with pytest.raises(DomainError) as refused:
        clients.make_for_ministry(context, admin.organisation_id, name="Cijfers", ends_on=day)
    assert refused.value.field == "organisation_id"
    with pytest.raises(PermissionDenied):
        clients.make_for_ministry(desk.as_(make.actor(admin)), desk.ministry.id, name="Cijfers", ends_on=day)
    made = clients.make_for_ministry(context, desk.ministry.id, name="Cijfers", ends_on=day)
    actor = clients.actor_with(desk.system, token_of(desk, made, (ApiScope.REPORTING,)))
    assert actor.permissions == {Permission.READ_FIGURES}
    clients.warn(desk.system, made.client.id)
    for kind in (MailKind.CLIENT_MADE, MailKind.CLIENT_ENDING):
        assert chief.id in {each.account_id for each in mails(session, kind)}
        assert admin.id not in {each.account_id for each in mails(session, kind)}
    renewed = clients.renew(context, made.client.id, made.client.version, ends_on=day)
    assert clients.is_secret(renewed.client.secret_hash, renewed.secret)
    own = made_by(desk, admin)
    with pytest.raises(PermissionDenied):
        clients.renew(context, own.client.id, own.client.version, ends_on=day)


# --- the pages


@pytest.fixture
def page(app, client, session, admin):
    log_in(app, client, session, admin)
    return client


def test_the_secret_is_shown_once_and_opens_the_api(app, page, session, admin):
    asked = {"name": "Djuma", "scopes": ["zaken", "concepten"], "ends_on": "", "submission_key": "0" * 32}
    assert "Vul een dag in" in page.post("/onze-organisatie/koppelingen/nieuw", data=asked).text
    shown = page.get("/onze-organisatie/koppelingen/nieuw")
    del asked["ends_on"]
    proposed = dict(re.findall(r'name="(ends_on-\w+)"[^>]*value="(\d+)"', shown.text))
    assert len(proposed) == 3
    asked |= proposed
    answer = page.post("/onze-organisatie/koppelingen/nieuw", data=asked)
    assert answer.status_code == 200
    kept = session.scalars(select(ApiClient).where(ApiClient.organisation_id == admin.organisation_id)).one()
    secret = re.search(r'client_secret.*?<code class="kn-code">([^<]+)</code>', answer.text, re.DOTALL)[1]
    assert clients.is_secret(kept.secret_hash, secret)
    assert answer.headers["Cache-Control"] == "no-store"
    listed = page.get("/onze-organisatie/koppelingen").text
    assert secret not in listed
    assert kept.client_id in listed
    assert "Djuma" in listed
    again = page.post("/onze-organisatie/koppelingen/nieuw", data=asked)
    assert again.status_code == 422
    assert asked_for_token(app, kept.client_id, secret).status_code == 200


def test_who_showed_no_second_step_or_password_is_asked_first(app, client, session, admin):
    log_in(app, client, session, admin, is_confirmed=False)
    answer = client.post("/onze-organisatie/koppelingen/nieuw", data={"name": "Djuma"})
    assert answer.status_code == 403
    assert "wachtwoord" in answer.text
    assert session.scalars(select(ApiClient)).first() is None


def test_renewing_and_revoking_by_the_pages(app, page, session, desk, admin):
    made = made_by(desk, admin)
    session.commit()
    base = f"/onze-organisatie/koppelingen/{made.client.id}"
    day = desk.make.today + timedelta(days=20)
    stale = page.post(f"{base}/vernieuwen", data={"version": 99, "ends_on": day.isoformat()})
    assert stale.status_code == 409
    renewed = page.post(f"{base}/vernieuwen", data={"version": made.client.version, "ends_on": day.isoformat()})
    assert renewed.status_code == 200
    assert asked_for_token(app, made.client.client_id, made.secret).status_code == 401
    session.expire_all()
    done = page.post(f"{base}/intrekken", data={"version": made.client.version})
    assert done.location == "/onze-organisatie/koppelingen"
    assert "Ingetrokken" in page.get("/onze-organisatie/koppelingen").text
    assert page.get(f"{base}/vernieuwen").status_code == 404


def test_an_administrator_makes_one_for_a_ministry(app, client, session, make, desk):
    log_in(app, client, session, make.administrator())
    day = make.today + timedelta(days=20)
    asked = {"organisation_id": desk.ministry.id, "name": "Cijfers", "ends_on": day.isoformat()}
    answer = client.post("/beheer/koppelingen/nieuw", data=asked)
    assert answer.status_code == 200
    kept = session.scalars(select(ApiClient)).one()
    assert (kept.organisation_id, kept.scopes) == (desk.ministry.id, ["rapportage"])
    assert "Cijfers" in client.get("/beheer/koppelingen?zoek=cijf").text
    assert "Geen koppelingen gevonden" in client.get("/beheer/koppelingen?zoek=anders").text


# --- the token endpoint


def asked_for_token(app, client_id, secret, *, scope=None, by="basic"):
    asked = {"grant_type": "client_credentials", **({"scope": scope} if scope is not None else {})}
    if by == "form":
        return app.test_client().post("/api/v1/token", data={**asked, "client_id": client_id, "client_secret": secret})
    return app.test_client().post("/api/v1/token", data=asked, auth=(client_id, secret))


@pytest.mark.parametrize("by", ["basic", "form"])
def test_a_token_for_a_secret(app, session, desk, admin, by):
    made = made_by(desk, admin)
    session.commit()
    answer = asked_for_token(app, made.client.client_id, made.secret, by=by)
    assert answer.status_code == 200
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 1800
    assert answer.json["scope"] == "concepten zaken"
    assert answer.headers["Cache-Control"] == "no-store"
    assert clients.actor_with(desk.system, answer.json["access_token"]).organisation_id == admin.organisation_id


def test_less_may_be_asked_for_and_more_may_not(app, session, desk, admin):
    made = made_by(desk, admin)
    session.commit()
    assert asked_for_token(app, made.client.client_id, made.secret, scope="zaken").json["scope"] == "zaken"
    for scope in ("intrekken", "zaken intrekken", "alles", " "):
        answer = asked_for_token(app, made.client.client_id, made.secret, scope=scope)
        assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope"), scope


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic /w==",
        "Basic eA==",
        "Basic eDo=",
        "Basic \u00e9",
        "Bearer eDp4",
        "Basic AAAAOgAA",
        "Basic a25lbHB1bnQtMTp4",
    ],
)
def test_a_wrong_secret_in_any_shape_gets_nothing(app, session, header):
    headers = {} if header is None else {"Authorization": header}
    answer = app.test_client().post("/api/v1/token", data={"grant_type": "client_credentials"}, headers=headers)
    assert answer.status_code == 401
    assert answer.json == {"error": "invalid_client"}
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert session.scalars(select(ApiToken)).first() is None


def test_a_request_that_names_two_systems_gets_nothing(app, session, desk, admin):
    """Else each wrong guess would count for the system that is named first."""
    made, other = made_by(desk, admin), made_by(desk, admin, name="Een ander")
    session.commit()
    asked = {"grant_type": "client_credentials", "client_id": made.client.client_id}
    shown = (other.client.client_id, "fout")
    for data in ({**asked, "client_secret": made.secret}, asked):
        answer = app.test_client().post("/api/v1/token", data=data, auth=shown)
        assert (answer.status_code, answer.json) == (401, {"error": "invalid_client"})
    again = app.test_client().post("/api/v1/token", data=asked, auth=(made.client.client_id, made.secret))
    assert again.status_code == 200
    spelled = made.client.client_id.replace("k", "%6b")
    assert asked_for_token(app, spelled, made.secret).status_code == 401


def test_other_grants_are_refused(app, session, desk, admin):
    made = made_by(desk, admin)
    session.commit()
    for grant in ("password", "authorization_code", "", None):
        data = {} if grant is None else {"grant_type": grant}
        answer = app.test_client().post("/api/v1/token", data=data, auth=(made.client.client_id, made.secret))
        assert answer.status_code == 400, grant


def test_a_system_with_an_old_secret_keeps_nobody_else_out(session, desk):
    """It tries twice a minute for two hours, from the address of everybody in the town hall."""
    tried = []
    for _ in range(240):
        desk.now += timedelta(seconds=30)
        tried.append(throttle.count_client(session, "knelpunt-oud", "192.0.2.1", desk.now).allowed)
    assert tried.count(True) == 80
    assert throttle.count_client(session, "knelpunt-ander", "192.0.2.1", desk.now).allowed
    assert throttle.count_login(session, "collega@proef.example", "192.0.2.1", desk.now).allowed


def test_guessing_is_stopped_and_a_right_secret_is_forgiven(app, session, desk, admin):
    made = made_by(desk, admin)
    session.commit()
    for _ in range(12):
        assert asked_for_token(app, made.client.client_id, made.secret).status_code == 200
    for _ in range(10):
        assert asked_for_token(app, made.client.client_id, "fout").status_code == 401
    refused = asked_for_token(app, made.client.client_id, made.secret)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
