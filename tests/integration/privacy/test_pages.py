"""The pages about one's own data: taken out, asked for, looked after by the desk, answered on a page and as a PDF."""

import csv
import html
import io
import json
import re

import pikepdf
import pytest
from sqlalchemy import insert, select

from knelpunt.domain.permissions import Permission
from knelpunt.domain.privacy.requests import Receipt, RequestChannel, RequestKind
from knelpunt.domain.vocabulary import Role
from knelpunt.models import (
    Base,
    Contact,
    Event,
    FollowLink,
    Message,
    Note,
    OutboxMail,
    PrivacyPlace,
    PrivacyRequest,
)
from knelpunt.queries.privacy import requests as queries
from knelpunt.services.privacy import requests
from knelpunt.services.privacy.answers import PURPOSE
from knelpunt.services.privacy.requests import Details
from knelpunt.web.auth.step_up import GUARDED
from knelpunt.web.shared.privacy import RECEIPT_WORDS
from tests.integration.privacy.test_erasure import Asking
from tests.support.archive import Archive, made_row
from tests.support.statements import counted

NAME = "Ziva Zwanenbrug"
EMAIL = "ziva.zwanenbrug@proef.example"


@pytest.fixture
def case(desk, session):
    """A resident's case with a name in a message, and an internal note."""
    made = desk.bring("in_behandeling")
    contact = session.get_one(Contact, made.id)
    contact.name, contact.email, contact.verified_at = NAME, EMAIL, desk.now
    session.add(Message(case_id=made.id, kind="aanvulling", from_desk=False, body=f"Ik ben {NAME}.",
                        written_at=desk.now))  # fmt: skip
    session.add(Note(case_id=made.id, body="Mevrouw Zwanenbrug belt elke week.", author_id=desk.handler.id,
                     written_at=desk.now))  # fmt: skip
    session.commit()
    return made


def follow(app, session, case) -> str:
    link = session.scalars(
        select(FollowLink).where(FollowLink.case_id == case.id).order_by(FollowLink.id.desc())
    ).first()
    return app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")


def text_of(response) -> str:
    return response.get_data(as_text=True)


def rows_of(told) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for part in told["gegevens"]:
        found.setdefault(part["tabel"], []).extend(part["regels"])
    return found


# --- the person


def test_a_resident_takes_the_own_data_out_by_the_follow_link_and_that_is_kept(app, session, client, case):
    path = follow(app, session, case)
    assert "Haal uw gegevens op" in text_of(client.get(f"{path}/gegevens"))
    got = client.post(f"{path}/gegevens/ophalen", data={"vorm": "json"})
    told = json.loads(got.data)
    by_table = rows_of(told)
    assert by_table["contacts"][0]["email"] == EMAIL
    assert by_table["cases"][0]["title"] == case.title
    assert any(row["body"] == f"Ik ben {NAME}." for row in by_table["messages"])
    assert "notes" not in by_table  # what colleagues write for themselves is asked for
    assert "nonce" not in got.get_data(as_text=True)
    assert got.headers["Cache-Control"] == "no-store"
    kinds = session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)).all()
    assert kinds[-1] == "gegevens_opgehaald"


def test_the_readable_export_is_a_page_by_itself(app, session, client, case):
    got = client.post(f"{follow(app, session, case)}/gegevens/ophalen", data={"vorm": "html"})
    assert got.mimetype == "text/html"
    assert NAME in text_of(got)
    assert "Waarom wij dit bewaren" in text_of(got)
    assert "Mevrouw Zwanenbrug belt" not in text_of(got)


def test_a_resident_asks_and_reads_how_it_stands(app, session, client, case):
    path = follow(app, session, case)
    answer = client.post(f"{path}/gegevens", data={"kind": "wissen", "words": "Ook mijn meisjesnaam."})
    assert answer.status_code == 302
    row = session.scalars(select(PrivacyRequest)).one()
    assert (row.case_id, row.email, row.name) == (case.id, EMAIL, NAME)
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "privacyverzoek_ontvangen")).one()
    token = app.config["LINKS"].token(PURPOSE, row.public_id, row.nonce)
    assert f"/privacy/verzoek/{token}" in mail.body
    page = text_of(client.get(f"/privacy/verzoek/{token}"))
    assert "Ons antwoord komt uiterlijk op" in page
    assert NAME not in page
    assert client.get(f"/privacy/verzoek/{token}/antwoord.pdf").status_code == 404
    again = client.post(f"{path}/gegevens", data={"kind": "wissen", "words": "Nog eens."})
    assert again.status_code == 422
    assert "U hebt dit al gevraagd" in text_of(again)
    assert client.get("/privacy/verzoek/" + "0" * 44).status_code == 404


@pytest.mark.parametrize("role", ["filer", "handler"])
def test_somebody_with_an_account_gets_the_own_rows_only(session, client_as, make, case, desk, role):
    account = make.filer(make.organisation()) if role == "filer" else desk.handler
    session.commit()
    client = client_as(account)
    assert client.get("/mijn-account/gegevens").status_code == 200
    told = json.loads(client.post("/mijn-account/gegevens/ophalen", data={"vorm": "json"}).data)
    by_table = rows_of(told)
    own = by_table["accounts"]
    assert [(row["email"], row["name"], row["role"]) for row in own] == [(account.email, account.name, account.role)]
    assert EMAIL not in json.dumps(told)  # contact data of others
    assert case.description not in json.dumps(told)
    if role == "handler":
        assert "Zwanenbrug" not in json.dumps(told)  # of a note only that it was written
        assert {"als": "author_id"}.items() <= by_table["notes"][0].items()
        assert {"als": "handler_id"}.items() <= by_table["cases"][0].items()
    exported = session.scalars(select(Event).where(Event.kind == "avg_gegevens_opgehaald")).one()
    assert (exported.subject, exported.actor_id) == (f"account:{account.id}", account.id)


# --- the desk


def test_the_desk_looks_after_a_request_from_letter_to_answer(session, client_as, client, app, make, case, desk):
    head = make.head_of_desk(organisation=desk.ministry)
    session.commit()
    browser = client_as(head)
    assert "Er is geen verzoek open" in text_of(browser.get("/loket/privacy"))
    page = browser.post(
        "/loket/privacy/nieuw",
        data={"kind": "wissen", "channel": "brief", "received_on": desk.today.isoformat(), "name": NAME,
              "email": EMAIL, "words": "Wis alles."},
    )  # fmt: skip
    assert page.status_code == 303, text_of(page)
    row = session.scalars(select(PrivacyRequest)).one()
    path = f"/loket/privacy/{row.id}"
    assert page.location.endswith(path)
    assert f"Verzoek {row.id}" in text_of(browser.get("/loket/privacy"))

    def send(part: str, **data: str):
        session.expire_all()
        version = session.get_one(PrivacyRequest, row.id).version
        return browser.post(f"{path}/{part}", data={"version": str(version), **data})

    assert browser.get(f"{path}/plekken").status_code == 404  # first somebody makes sure who asks
    assert send("identiteit", name=NAME, email=EMAIL, identity_how="Gebeld.").status_code == 303
    assert send("zoeken").status_code == 303
    shown = text_of(browser.get(f"{path}/plekken"))
    assert "<mark>Ziva Zwanenbrug</mark>" in shown
    assert "<mark>Zwanenbrug</mark>" in shown
    refused = send("afhandelen", answer="Klaar.", looked="y")
    assert "Besluit eerst over elke plek" in text_of(refused)
    stays = session.scalars(select(PrivacyPlace).where(PrivacyPlace.table_name == "notes")).one()
    assert send("plekken", alles="weghalen", **{f"plek-{stays.id}": "archiefwet"}).status_code == 303
    old = browser.post(f"{path}/afhandelen", data={"version": "1", "answer": "Klaar.", "looked": "y"})
    assert old.status_code == 409
    assert send("afhandelen", answer="Wij haalden weg wat weg kon.", looked="y").status_code == 303
    done = text_of(browser.get(path))
    assert "Contactgegevens bij een melding" in done
    assert "Archiefwet 1995" in done
    assert "De mail met het antwoord is onderweg" in done
    assert "De brief is verstuurd" not in done
    assert f"Verzoek {row.id}" in text_of(browser.get("/loket/privacy?lijst=klaar"))
    token = app.config["LINKS"].token(PURPOSE, row.public_id, row.nonce)
    answer = text_of(client.get(f"/privacy/verzoek/{token}"))
    assert "Wij haalden weg wat weg kon." in answer
    assert "Wat blijft, en waarom" in answer
    with pikepdf.open(io.BytesIO(client.get(f"/privacy/verzoek/{token}/antwoord.pdf").data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Uw verzoek over uw gegevens"
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("nl-NL", True)
        with pdf.open_metadata() as about:
            assert (about["pdfuaid:part"], about["pdfaid:part"], about["pdfaid:conformance"]) == ("1", "2", "A")
            assert NAME not in str(about)
    assert browser.get(f"{path}/antwoord.pdf").mimetype == "application/pdf"


def test_who_else_got_a_case_is_named_before_anything_goes(app, session, client_as, make, case, desk):
    ministry, province = make.ministry(), "Provincie Proefland"
    organisation = make.organisation(name="Gemeente met een zaaksysteem")
    other = make.case(organisation_id=organisation.id, description=f"Volgens {NAME} mag het.")
    alone = make.case()
    for number, (table, values) in enumerate(
        [
            ("referrals", {"case_id": case.id, "organisation": province, "status": "overgenomen", "contact": "Bel."}),
            ("referrals", {"case_id": case.id, "organisation": "Weigeraar", "status": "niet_overgenomen"}),
            ("consultations", {"case_id": case.id, "ministry_id": ministry.id, "ended_on": desk.today,
                               "status": "niet_van_ons"}),
            ("event_subscriptions", {"organisation_id": organisation.id, "zgw": {}, "url": "https://z.example"}),
            ("referrals", {"case_id": alone.id, "organisation": "Van een ander", "status": "overgenomen",
                           "contact": "Bel."}),
        ]
    ):  # fmt: skip
        made = Base.metadata.tables[table]
        named = {"public_id": f"openbaar-{number}"} if "public_id" in made.c else {}
        row = made_row(session, made, {**values, **named}, case.id, desk.handler.id, f"woord{number}")
        session.execute(insert(made).values(row))
    session.commit()
    asking = Asking(Archive(desk, app.config["FILE_STORE"]))
    browser, path = client_as(asking.archive.head), f"/loket/privacy/{asking.id}"
    session.commit()
    asking.check().search()
    assert "artikel 19" not in text_of(browser.get(path)), "while there is still something to decide"
    asking.decide()
    session.commit()
    shown = " ".join(re.sub(r"<[^>]+>", " ", text_of(browser.get(path))).split())
    assert f"{case.reference} : {ministry.name} kreeg een vraag over de zaak" in shown
    assert f"{case.reference} : {province} nam de zaak over" in shown
    assert f"{other.reference} : {organisation.name} heeft de zaak in een eigen zaaksysteem" in shown
    assert "Weigeraar" not in shown and "Van een ander" not in shown
    assert {each.how for each in queries.recipients(session, asking.id)} == set(Receipt) - {Receipt.FILES_ALONG}
    assert set(RECEIPT_WORDS) == set(Receipt)


def test_the_register_can_be_taken_out_as_a_record_of_processing(client_as, make, session):
    auditor = make.account(Role.AUDITOR, make.ministry())
    session.commit()
    browser = client_as(auditor)
    rows = list(csv.DictReader(io.StringIO(browser.get("/loket/privacy/register.csv").data.decode("utf-8-sig")),
                               delimiter=";"))  # fmt: skip
    contact = next(row for row in rows if row["Soort gegevens"] == "Contactgegevens bij een melding")
    assert "contacts.email" in contact["Kolommen"]
    assert contact["Wie het ziet"].startswith("Het loket")
    lines = browser.get("/loket/privacy/register.jsonl").get_data(as_text=True).splitlines()
    assert len(lines) == len(rows)
    assert set(json.loads(lines[0])) >= {"doel", "grond", "termijn", "gezienDoor", "ontvangenDoor", "verantwoordelijke"}


def test_what_is_done_with_requests_asks_for_the_second_factor_once_more():
    assert Permission.MANAGE_PRIVACY in GUARDED


@pytest.mark.parametrize("lijst", ["", "lijst=klaar&"])
def test_the_next_and_the_first_page_keep_the_list_and_its_filter(client_as, make, session, desk, monkeypatch, lijst):
    monkeypatch.setattr(queries, "PAGE_SIZE", 1)
    head = make.head_of_desk(organisation=desk.ministry)
    context = desk.context(head)
    for kind in (RequestKind.ACCESS, RequestKind.ERASURE, RequestKind.ACCESS):
        made = requests.write_down(context, kind, RequestChannel.LETTER, Details(NAME), "", desk.today)
        if lijst:
            requests.refuse(context, made.id, made.version, "Wij weten niet wie u bent.")
    session.commit()
    browser, narrowed = client_as(head), f"/loket/privacy?{lijst}soort=inzage"
    page = browser.get(narrowed).get_data(as_text=True)
    (following,) = re.findall(r'href="([^"]*na=[0-9]+)"', page)
    assert html.unescape(following).startswith(f"{narrowed}&na=")
    assert f'href="{html.escape(narrowed)}"' in browser.get(html.unescape(following)).get_data(as_text=True)


def test_the_list_has_a_fixed_number_of_statements(client_as, make, session, desk, connection):
    head = make.head_of_desk(organisation=desk.ministry)
    session.commit()
    browser = client_as(head)
    numbers = []
    for _round in range(2):
        with counted(connection) as statements:
            assert browser.get("/loket/privacy").status_code == 200
        numbers.append(len(statements))
        for _each in range(3):
            browser.post(
                "/loket/privacy/nieuw",
                data={"kind": "inzage", "channel": "mail", "received_on": desk.today.isoformat(), "name": NAME},
            )
    assert numbers[0] == numbers[1]
