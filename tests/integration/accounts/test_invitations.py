"""Inviting and accepting: by whom, into which organisation, with which role, once and for seven days."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import INVITATIONS_PER_ACCOUNT, password_bytes
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models import Account, Event, Invitation, OutboxMail
from knelpunt.services import accounts

PASSWORD = "vier losse woorden samen"
ACCEPT = {"name": "Nieuwe collega", "password": PASSWORD, "repeated": PASSWORD}


@pytest.fixture
def organisation(make):
    return make.organisation()


@pytest.fixture
def admin(make, client_as, organisation):
    """A browser of the administrator of one organisation."""
    return client_as(make.organisation_admin(organisation))


def invite(client, email="nieuw@gemeente.example", role="indiener", **more):
    form = {"email": email, "name": "Nieuwe collega", "role": role, **more}
    return client.post("/onze-organisatie/collegas/uitnodigen", data=form)


def last_mail(session):
    return session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()


def link(session):
    return last_mail(session).body.split("http://localhost")[1].split()[0]


def accounts_with(session, email):
    return session.scalar(select(func.count()).where(Account.email == email))


def test_an_invited_colleague_makes_an_account(admin, client, session, organisation):
    assert invite(admin).location == "/onze-organisatie/collegas"
    assert accounts_with(session, "nieuw@gemeente.example") == 0
    page = client.get(link(session)).get_data(as_text=True)
    assert "nieuw@gemeente.example" in page
    assert organisation.name in page

    assert client.post(link(session), data=ACCEPT).location == "/inloggen"

    account = session.scalars(select(Account).where(Account.email == "nieuw@gemeente.example")).one()
    assert (account.role, account.organisation_id, account.name) == (Role.FILER, organisation.id, "Nieuwe collega")
    assert passwords.matches(account.password_hash, password_bytes(PASSWORD))
    assert client.get(link(session)).status_code == 404
    assert client.post(link(session), data=ACCEPT).status_code == 404
    kinds = session.scalars(select(Event.kind).order_by(Event.number)).all()
    assert kinds[-2:] == ["account_uitgenodigd", "uitnodiging_aanvaard"]
    answer = client.post("/inloggen", data={"email": "nieuw@gemeente.example", "password": PASSWORD})
    assert answer.status_code == 302


def test_events_hold_no_names(admin, client, session):
    invite(admin)
    client.post(link(session), data=ACCEPT)
    for data in session.scalars(select(Event.data)):
        assert "nieuw" not in str(data).lower()


def test_a_link_works_for_seven_days(admin, client, session, desk):
    invite(admin)
    kept = session.scalars(select(Invitation)).one()
    assert kept.expires_at - kept.created_at == timedelta(days=7)
    session.execute(update(Invitation).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert client.get(link(session)).status_code == 404
    assert client.post(link(session), data=ACCEPT).status_code == 404
    late = replace(desk.as_(VISITOR), now=datetime.now(UTC))
    with pytest.raises(NotFound):  # the service asks it too, not the page alone
        accounts.accept_invitation(late, link(session).split("/")[-1], name="Nieuwe collega", password=PASSWORD)
    assert accounts_with(session, "nieuw@gemeente.example") == 0


def test_role_and_organisation_come_from_the_invitation_only(admin, client, session, make, organisation):
    other = make.organisation()
    invite(admin)
    smuggled = {"role": "beheerder", "organisation_id": str(other.id), "email": "ander@gemeente.example"}
    client.post(link(session), data={**ACCEPT, **smuggled})
    account = session.scalars(select(Account).order_by(Account.id.desc()).limit(1)).one()
    assert (account.role, account.organisation_id) == (Role.FILER, organisation.id)
    assert account.email == "nieuw@gemeente.example"


def test_an_organisation_invites_into_itself_only(admin, session, make, organisation):
    other = make.organisation()
    invite(admin, organisation_id=str(other.id))
    assert session.scalars(select(Invitation.organisation_id)).all() == [organisation.id]


@pytest.mark.parametrize("role", ["beheerder", "triagist", "auditor", "hoofd_loket", "geen rol", "", "\x00"])
def test_an_organisation_hands_out_its_own_roles_only(admin, session, role):
    assert invite(admin, role=role).status_code == 422
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_the_answer_does_not_tell_who_has_an_account_elsewhere(admin, session, make, connection):
    make.filer(email="elders@gemeente.example")
    statements = []
    event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))

    def cost(email):
        statements.clear()
        answer = invite(admin, email)
        return answer.status_code, answer.location, len(statements)

    assert cost("elders@gemeente.example") == cost("niemand@gemeente.example")
    told = session.scalars(select(OutboxMail.subject).order_by(OutboxMail.id)).all()
    assert told == ["U hebt al een account bij Knelpunt", "Uitnodiging voor Knelpunt"]
    page = admin.get("/onze-organisatie/collegas").get_data(as_text=True).replace("<wbr>", "")
    assert page.count("elders@gemeente.example") == page.count("niemand@gemeente.example") == 1
    assert "/uitnodiging/" not in session.scalars(select(OutboxMail.body).order_by(OutboxMail.id)).first()


def test_a_colleague_with_an_account_is_named_as_such(admin, make, organisation):
    make.filer(organisation, email="collega@gemeente.example")
    answer = invite(admin, "Collega@gemeente.example")
    assert answer.status_code == 422
    assert "Er is al een account" in answer.get_data(as_text=True)


def test_inviting_again_replaces_the_link(admin, client, session):
    invite(admin)
    first = link(session)
    invite(admin)
    assert client.get(first).status_code == 404
    assert client.get(link(session)).status_code == 200


def test_an_address_that_got_an_account_meanwhile_cannot_accept(admin, client, session, make):
    invite(admin)
    make.filer(email="nieuw@gemeente.example")
    assert client.post(link(session), data=ACCEPT).status_code == 404
    assert accounts_with(session, "nieuw@gemeente.example") == 1


def test_a_withdrawn_invitation_is_worthless(admin, client, session):
    invite(admin)
    number = session.scalars(select(Invitation.id)).one()
    assert admin.post(f"/onze-organisatie/uitnodigingen/{number}/intrekken").status_code == 302
    assert client.post(link(session), data=ACCEPT).status_code == 404
    assert admin.post(f"/onze-organisatie/uitnodigingen/{number}/intrekken").status_code == 404


def test_another_organisation_cannot_withdraw_it(admin, client, session, make, client_as):
    invite(admin)
    number = session.scalars(select(Invitation.id)).one()
    stranger = client_as(make.organisation_admin())
    assert stranger.post(f"/onze-organisatie/uitnodigingen/{number}/intrekken").status_code == 404
    assert client.get(link(session)).status_code == 200


def test_invitations_of_a_former_administrator_are_worthless(make, client_as, client, session, organisation):
    former = make.organisation_admin(organisation)
    invite(client_as(former))
    successor = client_as(make.organisation_admin(organisation))
    successor.post(f"/onze-organisatie/collegas/{former.id}/uitzetten", data={"version": former.version})
    assert client.get(link(session)).status_code == 404


def test_one_account_cannot_flood_strangers(admin, session, make, organisation):
    inviter = session.scalars(select(Account.id).where(Account.organisation_id == organisation.id)).one()
    for number in range(INVITATIONS_PER_ACCOUNT.attempts):
        session.add(
            Invitation(
                token_hash=f"{number}",
                email=f"a{number}@b.example",
                name="x",
                role=Role.FILER,
                organisation_id=organisation.id,
                invited_by_id=inviter,
                created_at=make.now,
                expires_at=make.now,
            )
        )
    session.flush()
    assert invite(admin).status_code == 429
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [
        (OrganisationKind.MINISTRY, "triagist", 302),
        (OrganisationKind.MINISTRY, "indiener", 422),
        (OrganisationKind.MUNICIPALITY, "indiener", 302),
        (OrganisationKind.MUNICIPALITY, "beheerder", 422),
        (OrganisationKind.SCHOOL_BOARD, "organisatiebeheerder", 302),
    ],
)
def test_an_administrator_invites_everywhere_with_a_role_that_fits(make, client_as, session, kind, role, status):
    organisation = make.ministry() if kind is OrganisationKind.MINISTRY else make.organisation(kind)
    answer = client_as(make.administrator()).post(
        "/beheer/accounts/uitnodigen",
        data={"email": "nieuw@rijk.example", "name": "Nieuw", "organisation_id": organisation.id, "role": role},
    )
    assert answer.status_code == status
    assert session.scalar(select(func.count()).select_from(Invitation)) == (status == 302)


def test_an_administrator_is_told_that_an_address_is_taken(make, client_as):
    make.filer(email="elders@gemeente.example")
    answer = client_as(make.administrator()).post(
        "/beheer/accounts/uitnodigen",
        data={
            "email": "elders@gemeente.example",
            "name": "Nieuw",
            "organisation_id": make.organisation().id,
            "role": "indiener",
        },
    )
    assert answer.status_code == 422
    assert "Er is al een account" in answer.get_data(as_text=True)


def test_a_forged_host_does_not_change_the_link(make, client_as, session):
    client = client_as(make.organisation_admin())
    client.post(
        "/onze-organisatie/collegas/uitnodigen",
        data={"email": "nieuw@gemeente.example", "name": "Nieuw", "role": "indiener"},
        headers={"X-Forwarded-Host": "evil.example"},
    )
    assert "http://localhost/uitnodiging/" in last_mail(session).body
    assert "evil" not in last_mail(session).body
