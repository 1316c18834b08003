"""The administration: lists that page and narrow, acts that are checked, and nothing that odd input can break."""

import dataclasses

import pytest
from sqlalchemy import event, func, select

from config import Environment
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models import Account, Event, Organisation, OutboxMail
from tests.integration.admin.reading import next_page, text
from tests.support.forms import fill


def mail(make, **columns):
    values = {
        "message_id": f"<{columns.get('kind', 'x')}-{len(make.session.scalars(select(OutboxMail)).all())}@localhost>",
        "kind": "ontvangstbevestiging",
        "to_address": "bewoner@straat.example",
        "subject": "Wij hebben uw melding ontvangen",
        "body": "Beste indiener,\n\nhttp://localhost/volgen/geheim\nhttp://evil.example/x\n<script>alert(1)</script>",
        "created_at": make.now,
        "next_try_at": make.now,
        "attempts": 0,
    }
    return make.add(OutboxMail(**{**values, **columns}))


# --- accounts


def test_accounts_are_found_by_part_of_a_name_address_or_organisation(admin, make):
    organisation = make.organisation(name="Stichting 100% Groen")
    make.filer(organisation, name="Collega A", email="a_b@groen.example")
    make.filer(name="Collega B", email="axb@elders.example")
    assert "a_b@groen.example" in text(admin.get("/beheer/accounts?zoek=collega"))
    found = text(admin.get("/beheer/accounts?zoek=a_b@"))
    assert "a_b@groen.example" in found
    assert "axb@elders.example" not in found
    assert "a_b@groen.example" in text(admin.get("/beheer/accounts?zoek=100%25"))
    assert "Geen accounts gevonden" in text(admin.get("/beheer/accounts?zoek=%25%25%25"))


def test_accounts_are_narrowed_by_role_state_and_organisation(admin, make):
    organisation = make.organisation()
    make.filer(organisation, name="Nog aan", email="aan@x.example")
    make.member(organisation, name="Al uit", email="uit@x.example", is_active=False)
    base = f"/beheer/accounts?organisatie={organisation.id}"
    assert "aan@x.example" in text(admin.get(base))
    assert "uit@x.example" not in text(admin.get(base + "&stand=aan"))
    assert "aan@x.example" not in text(admin.get(base + "&stand=uit"))
    assert "aan@x.example" not in text(admin.get(base + "&rol=medewerker"))


def test_a_long_list_is_paged_without_gaps_or_repeats(admin, make):
    organisation = make.organisation()
    for number in range(120):
        make.member(organisation, name=f"Zelfde naam {number % 3}", email=f"c{number}@x.example")
    seen = []
    address = f"/beheer/accounts?organisatie={organisation.id}"
    while address:
        page = text(admin.get(address))
        seen += [part.split("<")[0] for part in page.split('data-label="E-mailadres">')[1:]]
        address = next_page(page) if 'rel="next"' in page else None
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("path", ["/beheer/accounts", "/beheer/organisaties", "/beheer/uitgaande-post"])
def test_a_list_costs_as_much_with_twenty_rows_as_with_two(admin, make, connection, path):
    statements = []
    event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))

    def cost():
        statements.clear()
        text(admin.get(path))
        return len(statements)

    def grow(count):
        for _ in range(count):
            make.filer()
            mail(make)

    grow(2)
    few = cost()
    grow(18)
    assert cost() == few


def test_a_new_role_is_given_once_and_seen_by_version(admin, make, session):
    account = make.filer()
    version = account.version
    path = f"/beheer/accounts/{account.id}/rol"

    assert admin.post(path, data={"role": "medewerker", "version": version}).status_code == 302
    late = admin.post(path, data={"role": "organisatiebeheerder", "version": version})

    assert late.status_code == 409
    assert "Iemand anders heeft dit intussen gewijzigd" in late.get_data(as_text=True)
    session.refresh(account)
    assert account.role is Role.MEMBER
    kept = session.scalars(select(Event).where(Event.kind == "rol_gewijzigd")).one()
    assert kept.data == {"from": "indiener", "to": "medewerker"}


def test_the_page_after_a_conflict_carries_the_new_version(admin, make, session):
    account = make.filer()
    version = account.version
    admin.post(f"/beheer/accounts/{account.id}/rol", data={"role": "medewerker", "version": version})
    late = admin.post(f"/beheer/accounts/{account.id}/uitzetten", data={"version": version})
    assert late.status_code == 409
    session.refresh(account)
    assert f'name="version" type="hidden" value="{account.version}"' in late.get_data(as_text=True)


@pytest.mark.parametrize("role", ["triagist", "beheerder", "onzin", "", "\x00"])
def test_a_role_that_does_not_fit_is_refused(admin, make, session, role):
    account = make.filer()
    answer = admin.post(f"/beheer/accounts/{account.id}/rol", data={"role": role, "version": account.version})
    assert answer.status_code == 422
    assert session.scalar(select(Account.role).where(Account.id == account.id)) is Role.FILER


def test_closing_and_opening_an_account(admin, make, session):
    account = make.filer()
    path = f"/beheer/accounts/{account.id}"
    assert admin.post(f"{path}/uitzetten", data={"version": account.version}).location == path
    session.refresh(account)
    assert not account.is_active
    assert admin.post(f"{path}/uitzetten", data={"version": account.version}).status_code == 422
    assert admin.post(f"{path}/aanzetten", data={"version": account.version}).location == path
    session.refresh(account)
    assert account.is_active
    assert admin.post(f"{path}/aanzetten", data={"version": account.version}).status_code == 422


def test_the_last_administrator_cannot_be_removed(make, client_as, session):
    for other in session.scalars(select(Account).where(Account.role == Role.ADMINISTRATOR)):
        other.is_active = False
    alone = make.administrator()
    client = client_as(alone)
    path = f"/beheer/accounts/{alone.id}"
    for answer in (
        client.post(f"{path}/uitzetten", data={"version": alone.version}),
        client.post(f"{path}/rol", data={"role": "auditor", "version": alone.version}),
    ):
        assert answer.status_code == 422
        assert "ten minste één beheerder" in answer.get_data(as_text=True)
    make.administrator()
    assert client.post(f"{path}/uitzetten", data={"version": alone.version}).status_code == 302
    assert client.get("/beheer").status_code == 302


def test_the_last_administrator_of_an_organisation_cannot_remove_itself(make, client_as, admin, session):
    alone = make.organisation_admin()
    answer = client_as(alone).post(
        f"/onze-organisatie/collegas/{alone.id}/rol", data={"role": "indiener", "version": alone.version}
    )
    assert answer.status_code == 422
    answer = admin.post(f"/beheer/accounts/{alone.id}/rol", data={"role": "indiener", "version": alone.version})
    assert answer.status_code == 302


def test_colleagues_are_those_of_the_own_organisation(make, client_as):
    mine = make.organisation_admin()
    own_organisation = mine.organisation_id
    make.account(Role.FILER, None, organisation_id=own_organisation, email="eigen@x.example")
    foreign = make.filer(email="vreemd@x.example")
    client = client_as(mine)
    page = text(client.get(f"/onze-organisatie/collegas?organisatie={foreign.organisation_id}"))
    assert "eigen@x.example" in page
    assert "vreemd@x.example" not in page
    for rest in ("", "/rol", "/uitzetten", "/aanzetten"):
        assert client.get(f"/onze-organisatie/collegas/{foreign.id}{rest}").status_code == 404
    closed = client.post(f"/onze-organisatie/collegas/{foreign.id}/uitzetten", data={"version": foreign.version})
    assert closed.status_code == 404


def test_posting_other_columns_changes_nothing(admin, make, session):
    account = make.filer()
    before = (account.email, account.organisation_id, account.password_hash, account.is_demo)
    admin.post(
        f"/beheer/accounts/{account.id}/rol",
        data={
            "role": "medewerker",
            "version": account.version,
            "email": "ander@x.example",
            "organisation_id": make.ministry().id,
            "password_hash": "x",
            "is_demo": "1",
        },
    )
    session.refresh(account)
    assert (account.email, account.organisation_id, account.password_hash, account.is_demo) == before


# --- organisations


def test_an_organisation_is_added_and_can_be_chosen(admin, session):
    form = {"kind": "woningcorporatie", "name": "  Woonstichting   De Proef ", "abbreviation": "WDP"}
    answer = admin.post("/beheer/organisaties/toevoegen", data=form)
    added = session.scalars(select(Organisation).where(Organisation.name == "Woonstichting De Proef")).one()
    assert answer.location == f"/beheer/accounts/uitnodigen?organisatie={added.id}"
    assert f'selected value="{added.id}"' in text(admin.get(answer.location))
    assert "De Proef" in text(admin.get("/beheer/organisaties?zoek=wdp&soort=woningcorporatie"))


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "gemeente", "name": "Proefdam"},
        {"kind": "ministerie", "name": "Van Proeven"},
        {"kind": "woningcorporatie", "name": ""},
        {"kind": "woningcorporatie", "name": "x" * 151},
        {"kind": "woningcorporatie", "name": "a\x00b"},
        {"kind": "woningcorporatie", "name": "naam\u202egpj"},
        {"kind": "woningcorporatie", "name": "Goed", "abbreviation": "x" * 21},
        {"name": "Goed"},
        {},
    ],
)
def test_an_organisation_that_is_none_is_refused(admin, session, form):
    before = session.query(Organisation).count()
    assert admin.post("/beheer/organisaties/toevoegen", data=form).status_code == 422
    assert session.query(Organisation).count() == before


def test_the_same_organisation_is_not_added_twice(admin):
    form = {"kind": "schoolbestuur", "name": "Scholen van Proef"}
    assert admin.post("/beheer/organisaties/toevoegen", data=form).status_code == 302
    again = admin.post("/beheer/organisaties/toevoegen", data={**form, "name": "scholen VAN proef"})
    assert again.status_code == 422
    assert "Er is al een organisatie" in again.get_data(as_text=True)


def test_organisations_are_paged(admin, make):
    for number in range(60):
        make.organisation(OrganisationKind.INITIATIVE, name=f"Initiatief {number:03}")
    first = text(admin.get("/beheer/organisaties?soort=initiatief"))
    second = text(admin.get(next_page(first)))
    assert "Initiatief 049" in first
    assert "Initiatief 050" not in first
    assert "Initiatief 050" in second


# --- outgoing mail


@pytest.fixture
def demo(app, monkeypatch):
    changed = dataclasses.replace(app.config["KNELPUNT"], environment=Environment.DEMO)
    monkeypatch.setitem(app.config, "KNELPUNT", changed)


def test_outside_a_demonstration_no_mail_can_be_read(admin, make):
    one = mail(make)
    for page in (text(admin.get("/beheer/uitgaande-post")), text(admin.get(f"/beheer/uitgaande-post/{one.id}"))):
        assert "bewoner@straat.example" not in page
        assert "Wij hebben uw melding" not in page
        assert "geheim" not in page
        assert "Ontvangstbevestiging" in page


def test_a_demonstration_shows_mails_with_links_that_work(admin, make, demo):
    one = mail(make)
    assert "bewoner@straat.example" in text(admin.get("/beheer/uitgaande-post"))
    page = text(admin.get(f"/beheer/uitgaande-post/{one.id}"))
    assert 'href="/volgen/geheim"' in page
    assert 'href="http://evil' not in page
    assert "&lt;script&gt;" in page


def test_a_mail_that_was_given_up_can_be_tried_again(session, admin, make):
    one = mail(make, gave_up_at=make.now, attempts=9)
    page = admin.get(f"/beheer/uitgaande-post/{one.id}")
    assert "Probeer opnieuw" in text(page)
    answer = admin.post(f"/beheer/uitgaande-post/{one.id}/opnieuw", data=fill(page, "submission_key"))
    assert answer.status_code == 302
    assert (one.gave_up_at, one.attempts) == (None, 0)
    assert "Probeer opnieuw" not in text(admin.get(f"/beheer/uitgaande-post/{one.id}"))
    admin.post(f"/beheer/uitgaande-post/{one.id}/opnieuw")
    retried = select(func.count()).select_from(Event).where(Event.kind == "mail_opnieuw_geprobeerd")
    assert session.scalar(retried) == 1


def test_an_erased_mail_says_so(admin, make, demo):
    one = mail(make, body=None, to_address=None, sent_at=make.now)
    assert "gewist" in text(admin.get(f"/beheer/uitgaande-post/{one.id}"))
    assert "Gewist" in text(admin.get("/beheer/uitgaande-post"))


def test_mails_are_narrowed_by_state_kind_and_case(admin, make):
    case = make.case()
    mail(make, kind="vraag", case_id=case.id)
    mail(make, kind="oordeel", sent_at=make.now)
    mail(make, kind="voorstel", gave_up_at=make.now, last_error="550")

    def kinds(query):
        page = text(admin.get(f"/beheer/uitgaande-post?{query}"))
        body = page.split("<tbody")[1] if "<tbody" in page else ""
        return [word for word in ("Vraag om aanvulling", "Oordeel", "Voorstel") if f">{word}<" in body]

    assert kinds("stand=wacht") == ["Vraag om aanvulling"]
    assert kinds("stand=verstuurd") == ["Oordeel"]
    assert kinds("stand=mislukt") == ["Voorstel"]
    assert kinds("soort=oordeel") == ["Oordeel"]
    assert kinds(f"zaak={case.reference.lower()}") == ["Vraag om aanvulling"]
    assert kinds("zaak=KNP-1999-1") == []


# --- odd input

ODD = ["\x00", "é" * 300, "9" * 30, "-1", "0000-01-01", "9999-99-99", "<script>alert(1)</script>", "%", "' OR 1=1"]


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/beheer/accounts", ["zoek", "rol", "stand", "organisatie", "na"]),
        ("/beheer/organisaties", ["zoek", "soort", "na"]),
        ("/beheer/uitgaande-post", ["stand", "soort", "zaak", "voor"]),
        ("/beheer/accounts/uitnodigen", ["organisatie"]),
    ],
)
def test_odd_filters_break_nothing(admin, path, names, value):
    for name in names:
        assert "<script>alert" not in text(admin.get(path, query_string={name: value}))


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x", "1.5", "%00"])
@pytest.mark.parametrize("path", ["/beheer/accounts/{}", "/beheer/accounts/{}/rol", "/beheer/uitgaande-post/{}"])
def test_an_odd_number_is_no_page(admin, path, number):
    assert admin.get(path.format(number)).status_code == 404


def test_the_overview_shows_what_somebody_may_do(admin, auditor):
    page = text(admin.get("/beheer"))
    assert "Uitgaande post" in page
    assert "/beheer/auditspoor" not in page
    page = text(auditor.get("/beheer"))
    assert "/beheer/auditspoor" in page
    assert "/beheer/accounts" not in page
