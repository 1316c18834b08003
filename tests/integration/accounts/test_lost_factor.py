"""Who lost the telephone: two administrators, who are neither each other nor the one it is about."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from knelpunt.adapters import passwords
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import AccountToken, Event, FactorReset, OutboxMail, RecoveryCode, TotpFactor
from knelpunt.services.accounts.identity import lost
from knelpunt.services.core.context import Context


@pytest.fixture
def people(app, session, make):
    """A colleague with a telephone, and three administrators, as ``(colleague, by, one, two, three)``."""
    colleague = make.handler()
    one, two, three = make.administrator(), make.administrator(), make.administrator()
    for account in (colleague, one):
        make.add(TotpFactor(account_id=account.id, sealed_secret="x", created_at=make.now))
        make.add(RecoveryCode(account_id=account.id, code_hash="x", created_at=make.now))

    def by(account):
        return Context(session, make.actor(account), make.now, app.config["LINKS"])

    return colleague, by, one, two, three


def test_one_asks_another_takes_it_away_and_the_owner_is_told(session, people, client_as):
    colleague, by, one, two, _ = people
    signed_in = client_as(colleague)
    lost.ask(by(one), colleague.id, "Telefoon in het water; ik sprak hem.")
    assert session.get(TotpFactor, colleague.id) is not None, "one administrator takes nothing away"

    lost.decide(by(two), colleague.id, is_granted=True)

    assert session.scalar(select(TotpFactor).where(TotpFactor.account_id == colleague.id)) is None
    assert session.scalar(select(RecoveryCode).where(RecoveryCode.account_id == colleague.id)) is None
    assert session.get(TotpFactor, one.id) is not None
    assert signed_in.get("/mijn-account").status_code == 302
    mails = session.scalars(select(OutboxMail.kind).where(OutboxMail.account_id == colleague.id)).all()
    assert mails == [MailKind.FACTOR_TAKEN_AWAY]
    of_colleague = select(Event.kind).where(Event.subject == f"account:{colleague.id}")
    kinds = session.scalars(of_colleague.order_by(Event.number)).all()
    assert kinds[-2:] == ["kwijt_toestel_gemeld", "tweede_stap_weggehaald"]


def test_who_asked_cannot_decide_and_nobody_acts_on_the_own_account(people):
    colleague, by, one, two, three = people
    lost.ask(by(two), colleague.id, "Telefoon kwijt.")
    with pytest.raises(PermissionDenied):
        lost.decide(by(two), colleague.id, is_granted=True)
    with pytest.raises(PermissionDenied):
        lost.ask(by(one), one.id, "Mijn eigen telefoon.")
    lost.ask(by(two), one.id, "Telefoon kwijt.")
    with pytest.raises(PermissionDenied):
        lost.decide(by(one), one.id, is_granted=True)
    lost.decide(by(three), one.id, is_granted=True)


def test_a_refused_request_takes_nothing_and_may_be_made_again(session, people):
    colleague, by, one, two, _ = people
    lost.ask(by(one), colleague.id, "Telefoon kwijt.")
    with pytest.raises(DomainError):
        lost.ask(by(two), colleague.id, "Nog een keer.")
    lost.decide(by(two), colleague.id, is_granted=False)
    assert session.get(TotpFactor, colleague.id) is not None
    with pytest.raises(NotFound):
        lost.decide(by(two), colleague.id, is_granted=True)
    lost.ask(by(two), colleague.id, "Nu echt.")
    assert len(session.scalars(select(FactorReset)).all()) == 2


def test_others_may_not(people, make):
    colleague, by, *_ = people
    for account in (make.head_of_desk(), make.organisation_admin()):
        with pytest.raises(PermissionDenied):
            lost.ask(by(account), colleague.id, "Telefoon kwijt.")


def test_the_pages_lead_from_the_account_to_the_decision(session, people, client_as):
    colleague, _, one, two, _ = people
    first, second = client_as(one), client_as(two)
    path = f"/beheer/accounts/{colleague.id}/tweede-stap"
    assert path in first.get(f"/beheer/accounts/{colleague.id}").get_data(as_text=True)
    assert first.post(path, data={"reason": ""}).status_code == 422
    assert first.post(path, data={"reason": "Gestolen in de trein."}).status_code == 302
    assert "Vraag een andere beheerder" in first.get(path).get_data(as_text=True)
    assert first.post(f"{path}/weghalen").status_code == 403
    assert "Gestolen in de trein." in second.get(path).get_data(as_text=True)
    assert second.post(f"{path}/weghalen").status_code == 302
    assert session.scalar(select(TotpFactor).where(TotpFactor.account_id == colleague.id)) is None


def test_the_password_goes_too_and_a_link_to_a_new_one_is_mailed(session, people, client, make):
    colleague, by, one, two, _ = people
    colleague.password_hash = passwords.hash_password(b"vier losse woorden samen")
    earlier = make.add(
        AccountToken(
            token_hash="x",
            purpose="wachtwoord",
            account_id=colleague.id,
            created_at=make.now,
            expires_at=make.now + timedelta(hours=1),
        )
    )
    lost.ask(by(one), colleague.id, "Telefoon kwijt.")

    lost.decide(by(two), colleague.id, is_granted=True)

    session.refresh(colleague)
    session.refresh(earlier)
    assert colleague.password_hash is None
    assert earlier.used_at is not None
    form = {"email": colleague.email, "password": "vier losse woorden samen"}
    assert client.post("/inloggen", data=form).status_code == 422
    body = session.scalar(select(OutboxMail.body).where(OutboxMail.account_id == colleague.id))
    path = re.search(r"/wachtwoord/\S+", body).group()
    new = {"password": "een heel nieuw begin vandaag", "repeated": "een heel nieuw begin vandaag"}
    assert client.post(path, data=new).location == "/inloggen"
    again = client.post("/inloggen", data={"email": colleague.email, "password": new["password"]})
    assert again.location == "/inloggen/code"


def test_who_never_had_a_password_gets_none(session, people):
    colleague, by, one, two, _ = people
    assert colleague.password_hash is None
    lost.ask(by(one), colleague.id, "Telefoon kwijt.")
    lost.decide(by(two), colleague.id, is_granted=True)
    assert session.scalars(select(AccountToken)).all() == []


def test_an_old_request_is_only_refused(people, client_as, session):
    colleague, by, one, two, _ = people
    lost.ask(by(one), colleague.id, "Telefoon kwijt.")
    late = replace(by(two), now=by(two).now + timedelta(days=7, seconds=1))
    with pytest.raises(DomainError, match="ouder dan 7 dagen"):
        lost.decide(late, colleague.id, is_granted=True)
    assert session.get(TotpFactor, colleague.id) is not None
    session.execute(update(FactorReset).values(asked_at=by(one).now - timedelta(days=8)))
    page = client_as(two).get(f"/beheer/accounts/{colleague.id}/tweede-stap").get_data(as_text=True)
    assert "ouder dan 7 dagen" in page
    assert "Haal de tweede stap weg" not in page
    lost.decide(late, colleague.id, is_granted=False)


def test_a_factor_that_was_renewed_after_the_request_stays(session, people):
    colleague, by, one, two, _ = people
    lost.ask(by(one), colleague.id, "Telefoon kwijt.")
    session.get_one(TotpFactor, colleague.id).created_at = by(one).now + timedelta(minutes=5)
    session.flush()
    with pytest.raises(DomainError, match="vernieuwd"):
        lost.decide(by(two), colleague.id, is_granted=True)
    assert session.get(TotpFactor, colleague.id) is not None
    lost.decide(by(two), colleague.id, is_granted=False)
