"""An organisation's own cases: the list, its file, each case, and that nobody else's are among them."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import func, select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.vocabulary import CaseStatus, MessageKind, ProposalStatus
from knelpunt.models import Attachment, Case, Event, Message, Municipality, Proposal
from knelpunt.services.filing import intake
from tests.support.desk import FILING
from tests.support.forms import fill
from tests.support.page import parse_page
from tests.support.statements import counted

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def town(make):
    return make.organisation()


@pytest.fixture
def filer(make, town):
    return make.filer(town)


@pytest.fixture
def filed(desk, filer, town):
    """A case that this organisation filed, taken in by the desk."""
    context = desk.context(filer)
    data = {**FILING, "contact_email": "", "mandate": "ja", "municipality_id": str(town.municipality_id)}
    draft = intake.create_draft(context, data)
    case = intake.file_case(context, draft.key, draft.version)
    desk.take_in(case)
    desk.session.flush()
    return case


@pytest.fixture
def proposed(desk, filed):
    desk.weigh(filed)
    desk.start_handling(filed)
    desk.propose(filed)
    desk.session.flush()
    return filed


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";"))


# --- the list


def test_the_list_holds_the_own_cases_only(client_as, make, filer, town):
    mine = make.case(organisation_id=town.id, title="Ons geval")
    make.case(organisation_id=make.organisation().id, title="Andermans geval")
    make.case(title="Van een bewoner", email="x@proef.example")
    for path in ("/onze-zaken", "/onze-zaken?q=geval", "/onze-zaken.csv", "/onze-zaken?sorteer=nummer"):
        shown = client_as(filer).get(path).get_data(as_text=True)
        assert "Andermans" not in shown
        assert "bewoner" not in shown.replace("ik ben bewoner", "")
    assert mine.reference in client_as(filer).get("/onze-zaken").get_data(as_text=True)


def test_the_number_of_anothers_case_finds_nothing(client_as, make, filer):
    foreign = make.case(organisation_id=make.organisation().id)
    answer = client_as(filer).get(f"/onze-zaken?q={foreign.reference}")
    assert answer.status_code == 200
    assert f"/onze-zaken/{foreign.reference}" not in answer.get_data(as_text=True)


def test_the_own_number_leads_to_the_case(client_as, make, filer, town):
    case = make.case(organisation_id=town.id)
    answer = client_as(filer).get(f"/onze-zaken?q={case.reference.lower()}")
    assert answer.location == f"/onze-zaken/{case.reference}"


def test_the_list_can_be_narrowed_by_state_and_by_turn(client_as, make, filer, town):
    running = {"due_on": date(2026, 12, 8), "due_clock": Clock.K5}
    make.case(CaseStatus.PROPOSED, organisation_id=town.id, title="Wij moeten reageren", **running)
    make.case(CaseStatus.PROPOSED, organisation_id=town.id, title="Wij hebben gereageerd")
    make.case(CaseStatus.IN_HANDLING, organisation_id=town.id, title="Het loket is bezig")
    client = client_as(filer)
    waiting = client.get("/onze-zaken?lijst=aan-zet").get_data(as_text=True)
    assert "Wij moeten reageren" in waiting
    assert "Het loket is bezig" not in waiting
    assert "Wij hebben gereageerd" not in waiting
    handled = client.get("/onze-zaken?staat=in_behandeling").get_data(as_text=True)
    assert "Het loket is bezig" in handled
    assert "Wij moeten reageren" not in handled


@pytest.mark.parametrize("sort", ["gewijzigd", "ingediend", "uiterste-datum", "nummer"])
def test_all_pages_together_hold_every_case_once(client_as, make, filer, town, sort):
    references = {make.case(organisation_id=town.id).reference for _ in range(60)}
    client = client_as(filer)
    path, seen = f"/onze-zaken?sorteer={sort}", []
    while path:
        shown = parse_page(client.get(path))
        seen += [href.removeprefix("/onze-zaken/") for _words, href in shown.links() if "/onze-zaken/KNP" in href]
        path = shown.next_href
    assert sorted(seen) == sorted(references)


@pytest.mark.parametrize(
    "query",
    ["na=x", "na=" + "9" * 80, "voor=%00", "staat=niets", "sorteer=naam&richting=schuin", "q=%00%ff", "q=" + "a" * 900,
     "lijst=alle", "na=0000-00-00_1", "q=de"],
)  # fmt: skip
def test_any_address_of_the_list_is_answered(client_as, make, filer, town, query):
    make.case(organisation_id=town.id)
    client = client_as(filer)
    assert client.get(f"/onze-zaken?{query}").status_code == 200
    assert client.get(f"/onze-zaken.csv?{query}").status_code == 200


def test_an_empty_list_offers_a_next_step(client_as, filer):
    shown = client_as(filer).get("/onze-zaken").get_data(as_text=True)
    assert "Nog geen zaken" in shown
    assert "/melden/organisatie" in shown


def test_the_list_costs_the_same_for_two_and_for_twenty(client_as, make, connection, filer, town):
    client = client_as(filer)

    def cost(number):
        for _ in range(number):
            make.case(organisation_id=town.id)
        with counted(connection) as sent:
            client.get("/onze-zaken")
        return len(sent)

    cost(1)
    assert cost(1) == cost(18)


def test_the_file_holds_what_the_list_shows_and_no_formula(client_as, make, filer, town):
    place = make.session.scalars(select(Municipality).where(Municipality.code == "GM0193")).one()
    make.case(organisation_id=town.id, title="=1+1", status=CaseStatus.PROPOSED, municipality_id=place.id)
    make.case(organisation_id=town.id, title="Gewoon", municipality_id=place.id)
    client = client_as(filer)
    everything = client.get("/onze-zaken.csv")
    assert {row[-1] for row in rows_of(everything)} == {"Gemeentecode", "GM0193"}
    assert everything.mimetype == "text/csv"
    assert {row[1] for row in rows_of(everything)[1:]} == {"'=1+1", "Gewoon"}
    assert [row[1] for row in rows_of(client.get("/onze-zaken.csv?staat=voorstel"))[1:]] == ["'=1+1"]


@pytest.mark.parametrize("role", ["triager", "administrator", "reviewer"])
def test_the_ministry_has_no_own_cases(client_as, make, role, filed):
    staff = client_as(getattr(make, role)())
    for path in ("/onze-zaken", "/onze-zaken.csv", f"/onze-zaken/{filed.reference}"):
        assert staff.get(path).status_code == 404


# --- one case


PAGES = ["", "/antwoord/1", "/toevoegen", "/voorstel/aannemen", "/voorstel/niet-aannemen", "/openbare-tekst/akkoord",
         "/openbare-tekst/bezwaar", "/intrekken", "/gegevens-wissen", "/bijlagen/1"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_case_of_another_organisation_does_not_exist(client_as, make, session, filed, page):
    stranger = client_as(make.organisation_admin())
    before = session.scalar(select(func.count()).select_from(Event))
    form = {"body": "Hallo", "reason": "Nee", "objection": "Nee", "erase_contact": "ja", "understood": "y"}
    assert stranger.get(f"/onze-zaken/{filed.reference}{page}").status_code in (302, 404)
    if page not in ("", "/bijlagen/1"):
        assert stranger.post(f"/onze-zaken/{filed.reference}{page}", data=form).status_code == 404
    assert session.scalar(select(func.count()).select_from(Event)) == before
    assert "Buurthuis" not in stranger.get(f"/onze-zaken/{filed.reference}").get_data(as_text=True)


@pytest.mark.parametrize("reference", ["KNP-1999-00001", "%00", "é", "x" * 300, "KNP-2026-'--"])
def test_numbers_that_are_none_do_not_exist(client_as, filer, reference):
    for page in ("", "/toevoegen", "/intrekken"):
        assert client_as(filer).get(f"/onze-zaken/{reference}{page}").status_code == 404


def test_a_colleague_who_may_not_file_reads_and_does_nothing(client_as, make, session, town, proposed):
    member = client_as(make.member(town))
    shown = member.get(f"/onze-zaken/{proposed.reference}")
    assert shown.status_code == 200
    text = shown.get_data(as_text=True)
    assert "De gemeente kan tijdelijk afwijken" in text
    assert "Ik neem het voorstel aan" not in text
    assert "/intrekken" not in text
    for page in PAGES[1:-1]:
        assert member.post(f"/onze-zaken/{proposed.reference}{page}", data={"body": "x"}).status_code == 404
    assert session.scalars(select(Proposal.status)).all() == [ProposalStatus.SENT]


def test_a_colleague_who_may_file_accepts(client_as, make, session, town, proposed):
    client = client_as(make.filer(town))
    path = f"/onze-zaken/{proposed.reference}"
    assert client.post(f"{path}/voorstel/aannemen", data=fill(client.get(path), "/aannemen")).location == path
    assert session.scalars(select(Proposal.status)).all() == [ProposalStatus.ACCEPTED]


def test_an_addition_with_a_file_can_be_downloaded_by_colleagues_and_the_desk_only(
    client_as, make, session, desk, town, filer, filed
):
    client = client_as(filer)
    path = f"/onze-zaken/{filed.reference}"
    sent = {**fill(client.get(f"{path}/toevoegen"), "body", body="Zie het plan."),
            "attachments": [(io.BytesIO(PDF), "plan.pdf")]}  # fmt: skip
    assert client.post(f"{path}/toevoegen", data=sent, content_type="multipart/form-data").location == path
    attachment = session.scalars(select(Attachment)).one()
    for address in (f"{path}/bijlagen/{attachment.id}", f"/bijlagen/{attachment.id}"):
        with client_as(make.member(town)).get(address) as got:
            assert got.data == PDF
        assert client_as(make.filer()).get(address).status_code == 404
    with client_as(desk.triager).get(f"/bijlagen/{attachment.id}") as got:
        assert got.data == PDF
    assert client_as(make.administrator()).get(f"/bijlagen/{attachment.id}").status_code == 404


def test_the_organisation_withdraws_once(client_as, session, filer, filed):
    client = client_as(filer)
    path = f"/onze-zaken/{filed.reference}/intrekken"
    page = client.get(path)
    assert "erase_contact" not in page.get_data(as_text=True)
    sent = fill(page, "reason", reason="Het project gaat niet door.")
    for _ in range(2):
        assert client.post(path, data=sent).location == f"/onze-zaken/{filed.reference}"
    session.refresh(filed)
    assert filed.status is CaseStatus.WITHDRAWN
    kinds = session.scalars(select(Event.kind).where(Event.case_id == filed.id)).all()
    assert kinds.count("ingetrokken") == 1
    later = client.get(path).get_data(as_text=True)
    assert "U kunt deze melding niet meer intrekken" in later


def test_hidden_columns_do_nothing(client_as, session, filer, filed):
    client = client_as(filer)
    path = f"/onze-zaken/{filed.reference}/toevoegen"
    sent = fill(client.get(path), "body", body="Nieuws.", kind="vraag", from_desk="1", status="afgesloten", case_id="1")
    client.post(path, data=sent)
    message = session.scalars(select(Message)).one()
    assert (message.kind, message.from_desk, message.case_id) == (MessageKind.ADDITION, False, filed.id)
    assert session.get_one(Case, filed.id).status is CaseStatus.IN_TRIAGE
