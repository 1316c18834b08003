"""A new administrator counts once a second one has confirmed: nobody comes alone to two accounts that count."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.laws.edits import EntryKind, fingerprint
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Event, OutboxMail
from knelpunt.queries.accounts import administrators
from knelpunt.queries.laws import edits as queries
from knelpunt.services import accounts
from knelpunt.services.core.context import Context
from knelpunt.services.laws import edits
from knelpunt.services.laws.loading import load_catalogue
from tests.support.catalogue import shipped_catalogue

PASSWORD = "vier losse woorden samen"
GROUNDS = {"reason": "De wet is gewijzigd.", "source_url": "https://zoek.officielebekendmakingen.nl/stb-2013-264.html"}


@pytest.fixture
def context(session, make):
    """``act(account)``; without one, the console."""

    def acting(account=None):
        actor = SYSTEM if account is None else make.actor(account)
        return Context(session, actor, datetime.now(UTC), Links("http://localhost", "k" * 32))

    return acting


@pytest.fixture
def first(context, make):
    """An administrator who was made at the console."""
    return at_the_console(context, make, "eerste@proef.example")


@pytest.fixture
def second(context, make):
    return at_the_console(context, make, "tweede@proef.example")


def at_the_console(context, make, email):
    return accounts.create_account(
        context(),
        email=email,
        name=email.split("@")[0],
        role=Role.ADMINISTRATOR,
        organisation_id=make.ministry().id,
        password=PASSWORD,
    )


def invited(context, session, make, by, email="nieuw@proef.example"):
    """An administrator who was invited by another, and accepted."""
    accounts.invite(context(by), email=email, name="Nieuw", role=Role.ADMINISTRATOR, organisation_id=make.ministry().id)
    body = session.scalars(select(OutboxMail.body).order_by(OutboxMail.id.desc()).limit(1)).one()
    token = body.split("/uitnodiging/")[1].split()[0]
    return accounts.accept_invitation(context(by), token, name="Nieuw", password=PASSWORD)


def proposed(act_of_one):
    load_catalogue(act_of_one.session, shipped_catalogue())
    before = queries.one_entry(act_of_one.session, EntryKind.PROVISION, "lsw-3").fields
    after = {**before, "decided_by": "De gemeenteraad"}
    return edits.propose(act_of_one, EntryKind.PROVISION, after, base_digest=fingerprint(before), **GROUNDS)


def counts(session, account):
    session.flush()
    return administrators.standing_of(session, account.id).is_confirmed


def test_an_administrator_does_not_decide_with_an_account_that_he_made(context, session, make, first, second):
    edit = proposed(context(first))
    puppet = invited(context, session, make, first)
    with pytest.raises(PermissionDenied, match="Een tweede beheerder"):
        edits.approve(context(puppet), edit.id)
    with pytest.raises(PermissionDenied, match="Een tweede beheerder"):
        edits.send_back(context(puppet), edit.id, "Nee.")
    with pytest.raises(PermissionDenied, match="Een tweede beheerder"):
        proposed(context(puppet))
    with pytest.raises(PermissionDenied, match="de rol zelf"):
        accounts.confirm_administrator(context(first), puppet.id, puppet.version)
    accounts.confirm_administrator(context(second), puppet.id, puppet.version)
    edits.approve(context(puppet), edit.id)
    kept = session.scalars(select(Event).where(Event.kind == AccountEvent.ADMINISTRATOR_CONFIRMED)).one()
    assert (kept.subject, kept.actor_id) == (f"account:{puppet.id}", second.id)
    with pytest.raises(DomainError, match="al bevestigd"):
        accounts.confirm_administrator(context(second), puppet.id, puppet.version)


def test_a_chain_of_own_accounts_does_not_come_to_two_that_count(context, session, make, first):
    puppet = invited(context, session, make, first)
    other = invited(context, session, make, first, "nog-een@proef.example")
    with pytest.raises(PermissionDenied):
        accounts.confirm_administrator(context(puppet), other.id, other.version)
    with pytest.raises(PermissionDenied):
        accounts.confirm_administrator(context(puppet), puppet.id, puppet.version)
    with pytest.raises(DomainError) as refused:
        invited(context, session, make, puppet, "derde@proef.example")
    assert refused.value.field == "role"
    colleague = make.handler()
    with pytest.raises(DomainError) as refused:
        accounts.change_role(context(puppet), colleague.id, colleague.version, Role.ADMINISTRATOR)
    assert refused.value.field == "role"
    assert [counts(session, each) for each in (first, puppet, other)] == [True, False, False]
    accounts.confirm_administrator(context(), puppet.id, puppet.version)  # at the console
    assert counts(session, puppet)


def test_another_role_and_back_asks_for_a_second_person_anew(context, session, make, first, second):
    colleague = make.handler()
    accounts.change_role(context(first), colleague.id, colleague.version, Role.ADMINISTRATOR)
    assert not counts(session, colleague)
    accounts.confirm_administrator(context(second), colleague.id, colleague.version)
    assert counts(session, colleague)
    accounts.change_role(context(second), colleague.id, colleague.version, Role.HANDLER)
    with pytest.raises(DomainError, match="geen beheerder"):
        accounts.confirm_administrator(context(first), colleague.id, colleague.version)
    session.flush()
    accounts.change_role(context(second), colleague.id, colleague.version, Role.ADMINISTRATOR)
    assert not counts(session, colleague)
    with pytest.raises(PermissionDenied, match="de rol zelf"):
        accounts.confirm_administrator(context(second), colleague.id, colleague.version)


def test_a_closed_administrator_who_is_switched_on_again_waits_for_another_one(
    context, session, make, client_as, first, second
):
    colleague = invited(context, session, make, first)
    accounts.confirm_administrator(context(second), colleague.id, colleague.version)
    for one, other in ((second, first), (first, second)):  # whoever gave the role or confirmed it before
        for step in (accounts.deactivate, accounts.reactivate):
            step(context(one), colleague.id, colleague.version)
            session.flush()
        assert not counts(session, colleague)
        with pytest.raises(PermissionDenied, match="zelf weer aan"):
            accounts.confirm_administrator(context(one), colleague.id, colleague.version)
        session.commit()
        page = client_as(one).get(f"/beheer/accounts/{colleague.id}").get_data(as_text=True)
        assert "Eén beheerder zette dit account weer aan." in page and "U zette dit account zelf weer aan." in page
        page = client_as(other).get(f"/beheer/accounts/{colleague.id}/bevestigen").get_data(as_text=True)
        assert "Een andere beheerder zette het account van Nieuw weer aan." in page
        accounts.confirm_administrator(context(other), colleague.id, colleague.version)
        assert counts(session, colleague)
    accounts.deactivate(context(first), second.id, second.version)  # made at the console, and no less bound
    session.commit()
    page = client_as(first).get(f"/beheer/accounts/{second.id}/aanzetten").get_data(as_text=True)
    assert "Vraag daarna een andere beheerder om ja te zeggen." in page
    accounts.reactivate(context(first), second.id, second.version)
    assert not counts(session, second)
    accounts.deactivate(context(first), second.id, second.version)
    session.flush()
    accounts.reactivate(context(), second.id, second.version)  # at the console it changes nothing
    assert not counts(session, second)


def test_switching_on_again_gives_nobody_alone_a_second_account_that_counts(context, session, make, first, second):
    helper, puppet = (invited(context, session, make, first, f"{name}@proef.example") for name in ("hulp", "pop"))
    accounts.deactivate(context(helper), puppet.id, puppet.version)
    session.flush()
    with pytest.raises(DomainError) as refused:
        accounts.reactivate(context(helper), puppet.id, puppet.version)
    assert refused.value.field == "role"
    accounts.reactivate(context(second), puppet.id, puppet.version)
    with pytest.raises(PermissionDenied, match="de rol zelf"):
        accounts.confirm_administrator(context(first), puppet.id, puppet.version)
    left = make.administrator(is_active=False)
    with pytest.raises(DomainError):
        accounts.reactivate(context(helper), left.id, left.version)
    accounts.change_role(context(second), puppet.id, puppet.version, Role.HANDLER)
    accounts.deactivate(context(second), puppet.id, puppet.version)
    session.flush()
    accounts.reactivate(context(helper), puppet.id, puppet.version)
    session.flush()
    accounts.change_role(context(first), puppet.id, puppet.version, Role.ADMINISTRATOR)
    assert not counts(session, puppet)
    with pytest.raises(PermissionDenied, match="de rol zelf"):
        accounts.confirm_administrator(context(first), puppet.id, puppet.version)


def test_the_pages_say_who_waits_and_only_another_one_gets_the_button(context, session, make, client_as, first, second):
    puppet = invited(context, session, make, first)
    edit = proposed(context(first))
    session.commit()
    path = f"/beheer/accounts/{puppet.id}"
    maker, other, new = client_as(first), client_as(second), client_as(puppet)
    assert "moet een tweede beheerder nog bevestigen" in maker.get("/beheer/accounts").get_data(as_text=True)
    own = maker.get(path).get_data(as_text=True)
    assert "U gaf deze collega de rol zelf." in own and f"{path}/bevestigen" not in own
    assert "<form" not in maker.get(f"{path}/bevestigen").get_data(as_text=True).split("<main")[1]
    assert maker.post(f"{path}/bevestigen", data={"version": puppet.version}).status_code == 403
    for address in ("/beheer/wetten", "/beheer/wetten/bepaling/lsw-5", f"/beheer/wetten/voorstellen/{edit.id}"):
        page = new.get(address).get_data(as_text=True)
        assert "Een tweede beheerder moet u nog bevestigen" in page, address
        assert "Stel vast" not in page and "Leg voor aan een tweede beheerder" not in page
    assert new.post(f"/beheer/wetten/voorstellen/{edit.id}", data={"besluit": "vastgesteld"}).status_code == 403
    assert new.post(f"{path}/bevestigen", data={"version": puppet.version}).status_code == 403
    assert f"{path}/bevestigen" in other.get(path).get_data(as_text=True)
    assert other.post(f"{path}/bevestigen", data={"version": 99}).status_code == 409
    assert other.post(f"{path}/bevestigen", data={"version": "9" * 40}).status_code in (409, 422)
    assert other.post(f"{path}/bevestigen", data={"version": puppet.version}).status_code == 302
    assert other.post(f"{path}/bevestigen", data={"version": puppet.version}).status_code == 422
    assert "bevestigen" not in maker.get("/beheer/accounts").get_data(as_text=True)
    assert "Stel vast" in new.get(f"/beheer/wetten/voorstellen/{edit.id}").get_data(as_text=True)


def test_of_two_one_is_warned_before_the_other_goes_and_told_the_way_out(
    context, session, make, client_as, first, second
):
    """Switched off and on again nobody in the site can confirm: the pages say what to run on the server."""
    edit = proposed(context(first))
    session.commit()
    client = client_as(first)
    path, review = f"/beheer/accounts/{second.id}", f"/beheer/wetten/voorstellen/{edit.id}"
    command = f"knelpunt confirm-administrator --email {second.email}"
    for page in (f"{path}/uitzetten", f"{path}/rol"):
        assert "Daarna is er nog maar één beheerder" in client.get(page).get_data(as_text=True), page
    assert "kan niemand dit voorstel vaststellen" not in client.get(review).get_data(as_text=True)
    accounts.deactivate(context(first), second.id, second.version)
    session.commit()
    assert "Geef eerst een andere collega deze rol." in client.get(review).get_data(as_text=True)
    assert command in client.get(f"{path}/aanzetten").get_data(as_text=True)
    accounts.reactivate(context(first), second.id, second.version)
    session.commit()
    for page in (path, review):
        assert command in client.get(page).get_data(as_text=True), page
    accounts.confirm_administrator(context(), second.id, second.version)
    session.commit()
    for page in (path, review):
        assert command not in client.get(page).get_data(as_text=True), page

    invited(context, session, make, second)  # waits, and can be confirmed by the first
    third = at_the_console(context, make, "derde@proef.example")
    session.commit()
    for page in (f"{path}/uitzetten", f"{path}/rol"):
        assert "nog maar één beheerder" not in client.get(page).get_data(as_text=True), page
    assert command not in client.get(f"/beheer/accounts/{third.id}/uitzetten").get_data(as_text=True)


def test_nothing_is_confirmed_that_is_no_administrator(context, session, make, client_as, first):
    closed = make.administrator(is_active=False)
    for account in (make.filer(), make.handler(), closed):
        address = f"/beheer/accounts/{account.id}/bevestigen"
        browser = client_as(first)
        assert "geen beheerder" in browser.get(address).get_data(as_text=True)
        assert browser.post(address, data={"version": account.version}).status_code == 422
    for account in (make.organisation_admin(), make.head_of_desk()):
        with pytest.raises(PermissionDenied):
            accounts.confirm_administrator(context(account), closed.id, closed.version)
    assert session.scalars(select(Event).where(Event.kind == AccountEvent.ADMINISTRATOR_CONFIRMED)).all() == []
