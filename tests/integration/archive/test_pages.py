"""The archive on its pages: lists, certificates, categories, and what is left of a case."""

import io
import re
from datetime import date, timedelta

import pikepdf
import pytest
from sqlalchemy import select

from knelpunt.domain.vocabulary import DisposalStatus, ListedStatus, OrganisationKind, Result, Role
from knelpunt.models import DisposalCase, DisposalList, Retention, RetentionCategory
from tests.support.archive import Archive, fill_with_words
from tests.support.desk import Desk
from tests.support.statements import counted

ENDED_ON = date(2014, 3, 2)


@pytest.fixture
def archive(session, make, app):
    desk = Desk(session, make)
    desk.now = make.now
    return Archive(desk, app.config["FILE_STORE"])


@pytest.fixture
def due(archive):
    """A case of which the term is over, on a list, with checked sources."""
    case = archive.case(filed_on=date(2013, 12, 1), closed_on=ENDED_ON, title="Een moestuin op het dak")
    archive.check_sources()
    archive.run()
    archive.run()
    return case


def the_list(archive):
    return archive.session.scalars(select(DisposalList).order_by(DisposalList.id.desc()).limit(1)).one()


def version_in(page):
    return re.search(r'name="version"[^>]*value="(\d+)"', page.get_data(as_text=True))[1]


def send(client, path, **fields):
    return client.post(path, data={"version": version_in(client.get(path)), **fields})


def text_of(response):
    return " ".join(response.get_data(as_text=True).split())


def test_two_people_confirm_a_list_on_its_page_and_read_the_certificate(archive, due, client_as):
    each = the_list(archive)
    address = f"/archief/lijsten/{each.id}"
    head, admin = client_as(archive.head), client_as(archive.admin)
    page = text_of(head.get(address))
    assert due.reference in page
    assert "moestuin" not in page
    assert "Beantwoorde meldingen" in page
    refused = send(head, f"{address}/bevestigen")
    assert refused.status_code == 422
    assert "Kijk eerst welke zaken er op de lijst staan." in text_of(refused)
    assert send(head, f"{address}/bevestigen", looked="y").status_code == 303
    assert "Een ander moet haar ook bevestigen" in text_of(head.get(address))
    assert send(head, f"{address}/bevestigen", looked="y").status_code == 403
    assert head.get(f"{address}/verklaring").status_code == 404
    assert send(admin, f"{address}/bevestigen", looked="y").status_code == 303
    archive.run()
    certificate = text_of(admin.get(f"{address}/verklaring"))
    assert due.reference in certificate
    assert "Archiefbesluit 1995, artikel 8" in certificate
    assert f"Hoofd van het loket, account {archive.head.id}" in certificate
    assert archive.head.name not in re.sub(r"<header.*?</header>", "", certificate)
    pdf = admin.get(f"{address}/verklaring.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(pdf.data)) as document:
        assert str(document.docinfo["/Title"]) == "Verklaring van vernietiging"
        assert len(document.pages) >= 1
    assert admin.get(f"{address}/verklaring.pdf").data == pdf.data


def test_a_form_that_somebody_overtook_comes_back_with_both(archive, due, client_as):
    each = the_list(archive)
    path = f"/archief/lijsten/{each.id}/zaken/{due.reference}/bewaren"
    until = (archive.desk.today + timedelta(days=60)).isoformat()
    fields = {"ground": "woo_verzoek", "reason": "Verzoek 12 loopt.", "until": until}
    head = client_as(archive.head)
    overtaken = head.post(path, data={**fields, "version": "99"})
    assert overtaken.status_code == 409
    assert "Verzoek 12 loopt." in text_of(overtaken)
    assert send(head, path, **{**fields, "reason": ""}).status_code == 422
    assert send(head, path, **fields).status_code == 303
    assert head.get(path).status_code == 404
    page = text_of(head.get(f"/archief/lijsten/{each.id}?stand=eraf_gehaald"))
    assert "er loopt een verzoek om informatie (woo)" in page
    assert "Verzoek 12 loopt." in text_of(head.get(f"/zaken/{due.reference}"))


def test_who_may_only_read_gets_no_buttons(archive, due, client_as):
    each = the_list(archive)
    auditor = client_as(archive.make.account(Role.AUDITOR))
    page = text_of(auditor.get(f"/archief/lijsten/{each.id}"))
    assert "Haal van de lijst" not in page
    assert "Bevestig deze lijst" not in page
    assert auditor.get(f"/archief/lijsten/{each.id}/bevestigen").status_code == 404
    assert client_as(archive.desk.handler).get("/archief").status_code == 404


def test_the_lists_are_narrowed_in_the_address_and_an_empty_answer_says_so(archive, due, client_as):
    head = client_as(archive.head)
    each = the_list(archive)
    assert f"Lijst {each.id}" in text_of(head.get("/archief"))
    assert "Geen lijsten gevonden" in text_of(head.get("/archief?soort=overbrengen"))
    assert f"Lijst {each.id}" in text_of(head.get("/archief?stand=open&soort=vernietigen"))
    assert "Geen zaken gevonden" in text_of(head.get(f"/archief/lijsten/{each.id}?zoek=KNP-0000"))
    assert head.get("/archief?stand=x&voor=abc").status_code == 200


@pytest.mark.parametrize("path", ["/archief", "/archief/categorieen", "/archief/lijsten/{id}"])
def test_a_page_asks_as_many_statements_for_one_case_as_for_many(archive, due, client_as, connection, path):
    admin = client_as(archive.admin)
    path = path.format(id=the_list(archive).id)
    admin.get(path)
    with counted(connection) as few:
        admin.get(path)
    for _ in range(4):
        archive.case(filed_on=date(2013, 12, 1), closed_on=ENDED_ON)
    archive.run()
    archive.run()
    with counted(connection) as many:
        admin.get(path)
    assert len(many) == len(few)


def test_a_wording_is_proposed_by_one_and_taken_over_by_another(archive, client_as):
    admin, other = client_as(archive.admin), client_as(archive.other_admin)
    path = "/archief/categorieen/antwoord/wijzigen"
    assert "Niet nagelezen." in text_of(admin.get("/archief/categorieen"))
    fields = {
        "name": "Beantwoorde meldingen",
        "holds": "De melding en het antwoord.",
        "years": "7",
        "disposition": "vernietigen",
        "public_text_stays": "ja",
        "source": "Selectielijst, categorie 12",
        "source_checked_on": archive.desk.today.isoformat(),
        "valid_from": "2013-01-01",
    }
    refused = admin.post(path, data={**fields, "years": "0"})
    assert refused.status_code == 422
    assert "Kies een getal van 1 tot en met 100." in text_of(refused)
    assert admin.post(path, data=fields).status_code == 303
    made = archive.session.scalars(select(RetentionCategory).where(RetentionCategory.years == 7)).one()
    decide = f"/archief/categorieen/voorstellen/{made.id}"
    assert "Een ander beslist erover." in text_of(admin.get(decide))
    refused = send(other, decide, accepted="nee")
    assert "Schrijf op waarom u het niet overneemt." in text_of(refused)
    assert send(other, decide, accepted="ja").status_code == 303
    assert "Selectielijst, categorie 12" in text_of(admin.get("/archief/categorieen"))
    assert "Na 7 jaar vernietigd. De openbare tekst blijft staan." in text_of(client_as(archive.head).get("/privacy"))
    assert admin.get("/archief/categorieen/bestaat-niet/wijzigen").status_code == 404


def test_the_page_of_a_case_says_how_long_it_is_kept_and_lets_the_handler_choose(archive, due, client_as):
    handler = client_as(archive.desk.handler)
    page = text_of(handler.get(f"/zaken/{due.reference}"))
    assert "Beantwoorde meldingen" in page
    assert "2 maart 2024" in page
    path = f"/zaken/{due.reference}/bewaarcategorie"
    assert send(handler, path, code="regelknelpunt").status_code == 422
    assert send(handler, path, code="regelknelpunt", reason="Hieruit kwam een wet voort.").status_code == 303
    page = text_of(handler.get(f"/zaken/{due.reference}"))
    assert "2 maart 2034" in page
    assert "Hieruit kwam een wet voort." in page
    assert archive.session.scalar(select(DisposalCase.id).where(DisposalCase.status == ListedStatus.LISTED)) is None


def test_the_head_holds_a_case_on_its_page_and_others_see_that(archive, due, client_as):
    head, handler = client_as(archive.head), client_as(archive.desk.handler)
    path = f"/zaken/{due.reference}/bewaren"
    until = archive.desk.today + timedelta(days=90)
    fields = {"ground": "woo_verzoek", "reason": "Verzoek 12 loopt.", "until": until.isoformat()}
    assert handler.get(path).status_code == 404
    assert send(head, path, **{**fields, "until": "2013-01-01"}).status_code == 422
    assert send(head, path, **fields).status_code == 303
    page = text_of(handler.get(f"/zaken/{due.reference}"))
    assert "Verzoek 12 loopt." in page and "Bewaar haar niet langer" not in page
    assert send(head, f"{path}/opheffen").status_code == 303
    assert "Verzoek 12 loopt." not in text_of(handler.get(f"/zaken/{due.reference}"))


@pytest.fixture
def gone(archive, make):
    """A municipality's case with a follow link, of which the words are gone."""
    organisation = make.organisation(OrganisationKind.MUNICIPALITY)
    case = archive.case(
        filed_on=date(2013, 12, 1), closed_on=ENDED_ON, organisation_id=organisation.id, result=Result.WITHIN_RULES
    )
    link = make.follow_link(case, revoked_at=make.now)
    fill_with_words(archive.session, case, archive.desk.handler.id, "zwanenbrug")
    archive.check_sources()
    archive.run()
    each = the_list(archive)
    each.status, each.first_by_id, each.second_by_id = DisposalStatus.CONFIRMED, archive.head.id, archive.admin.id
    archive.session.flush()
    archive.run()
    archive.session.expire_all()
    assert case.archived_on is not None
    return case, link, organisation


def test_every_door_to_a_case_that_is_gone_says_plainly_what_happened(archive, gone, client, client_as, app, make):
    case, link, organisation = gone
    token = app.config["LINKS"].token("volgen", link.public_id, link.nonce)
    for browser, path in (
        (client, f"/volgen/{token}"),
        (client, f"/volgen/{token}/toevoegen"),
        (client_as(make.filer(organisation)), f"/onze-zaken/{case.reference}"),
    ):
        answer = browser.get(path)
        assert answer.status_code == 410
        assert "hebben wij het dossier van uw melding vernietigd" in text_of(answer)
    handler = client_as(archive.desk.handler)
    page = text_of(handler.get(f"/zaken/{case.reference}"))
    assert "Er kan niets meer aan veranderen" in page
    assert "Dossier vernietigd" in page
    for path in ("notitie", "bericht", "heropenen", "bewaarcategorie", "bijlage"):
        step = handler.get(f"/zaken/{case.reference}/{path}")
        assert "De zaak is gearchiveerd" in text_of(step), path
    assert archive.session.get_one(Retention, case.id).reason is None
