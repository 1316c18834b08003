"""Municipalities file together: one leads and acts, the others join and follow, and who did not join sees nothing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.errors import PermissionDenied
from knelpunt.domain.filing.joint_filing import MOST_PARTNERS, Partner, read_partners, write_partners
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    OrganisationKind,
    ParticipantStatus,
    PublicationStatus,
    Result,
    Verdict,
)
from knelpunt.models import Case, CaseParticipant, Draft, Event, Municipality, OutboxMail, PublicText, PublishedCase
from knelpunt.queries.cases import lists as case_lists
from knelpunt.queries.cases.lists import CaseFilter, CaseOrder
from knelpunt.queries.public import counts as public_counts
from knelpunt.queries.public.published import PublicFilter
from knelpunt.services.cases import published_record
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_filing as joint
from knelpunt.services.jobs import upkeep
from knelpunt.web.shared.labels.labels import label
from tests.support.forms import fill
from tests.support.page import parse_page

EMAIL = "collega@buurgemeente.example"


@pytest.fixture
def towns(make):
    """The one that leads, and another."""
    return make.organisation(), make.organisation()


def send(client, key, slug, holding, **typed):
    path = f"/melden/{key}/{slug}"
    return client.post(path, data=fill(client.get(path), holding, **typed))


def begin(client):
    page = client.get("/melden/organisatie/nieuw")
    key = client.post("/melden/organisatie/nieuw", data=fill(page, "title", title="Woningen")).location.split("/")[2]
    send(client, key, "belemmering", "description", description="Geluid van het spoor.")
    return key


def name_of(session, town):
    return session.get(Municipality, town.municipality_id).name


def filed_together(session, client, other):
    key = begin(client)
    answer = send(client, key, "samen", "municipality", municipality=name_of(session, other), email=EMAIL)
    assert answer.location == f"/melden/{key}/samen"
    assert send(client, key, "controle", "version", consents_seen="y", mandate="y").status_code == 302
    return session.scalars(select(Case)).one()


def asked(session):
    return session.scalars(select(CaseParticipant)).one()


def answer(client, session, action):
    path = f"/onze-zaken/samen/{asked(session).id}"
    return client.post(path, data={**fill(client.get(path), "submission_key"), "action": action})


def test_the_other_municipality_is_asked_joins_and_follows(client_as, make, session, towns):
    lead, other = towns
    first, second = client_as(make.filer(lead)), client_as(make.filer(other))
    case = filed_together(session, first, other)
    own = f"/onze-zaken/{case.reference}"
    mail = session.scalars(select(OutboxMail).where(OutboxMail.to_address == EMAIL)).one()
    assert f"/onze-zaken/samen/{asked(session).id}" in mail.body
    waiting = first.get(own).get_data(as_text=True)
    assert f"Andere gemeenten bij deze melding: {name_of(session, other)} (gevraagd)." in waiting
    assert second.get(own).status_code == 404
    assert "Doet uw gemeente mee?" in second.get("/onze-zaken").get_data(as_text=True)
    question = parse_page(second.get(f"/onze-zaken/samen/{asked(session).id}"))
    assert lead.name in question.text
    assert question.facts()["Onderwerp"] == label(case.theme)
    assert "Dat kan pas als u meedoet." in question.text
    assert "Geluid van het spoor." not in question.text

    assert answer(second, session, "doet-mee").location == own

    shown = second.get(own).get_data(as_text=True)
    assert "Geluid van het spoor." in shown
    assert "U doet mee met deze melding" in shown
    assert "Trek de melding in" not in shown
    assert "Andere gemeenten bij deze melding" not in shown
    assert case.reference in second.get("/onze-zaken").get_data(as_text=True)
    assert case.reference in second.get("/onze-zaken.csv").get_data(as_text=True)
    row = asked(session)
    assert (row.status, row.organisation_id) == (ParticipantStatus.JOINED, other.id)
    assert session.scalars(select(Event.data).where(Event.kind == "gemeente_doet_mee")).one() == {
        "gemeente": other.municipality_id
    }
    desk = parse_page(client_as(make.triager()).get(f"/zaken/{case.reference}"))
    assert f"{name_of(session, other)} (doet mee)" in desk.text
    (joining,) = desk.by_id("verloop").all("listitem", re.compile("^Een andere gemeente doet mee"))
    assert joining.names("paragraph")[1].endswith(f", {other.name}")
    assert f"{name_of(session, other)} (doet mee)" in first.get(own).get_data(as_text=True)


def test_receipt_and_mail_say_who_was_asked_and_what_an_answer_does(client_as, make, session, towns):
    lead, other = towns
    filer = make.filer(lead)
    first, second = client_as(filer), client_as(make.filer(other))
    case = filed_together(session, first, other)
    receipt = f"/melden/{case.draft_key}/ontvangen"
    page = parse_page(first.get(receipt))
    assert f"{name_of(session, other)} (gevraagd)" in page.names("listitem")
    assert "wacht niet op hun antwoord" in page.text and "U blijft de indiener" in page.text
    assert EMAIL not in page.text
    mail = session.scalars(select(OutboxMail).where(OutboxMail.to_address == filer.email)).one()
    assert f"Wij vroegen deze gemeenten om mee te doen:\n{name_of(session, other)}\n" in mail.body
    assert "Wij wachten niet op hun antwoord." in mail.body
    english = first.get(f"/en{receipt}").get_data(as_text=True)
    assert f"{name_of(session, other)} (asked)" in english
    assert "does not wait for their answer" in english

    answer(second, session, "doet-mee")

    assert f"{name_of(session, other)} (doet mee)" in parse_page(first.get(receipt)).names("listitem")


def test_who_files_alone_reads_nothing_about_others(client_as, make, session):
    filer = make.filer()
    client = client_as(filer)
    key = begin(client)
    send(client, key, "controle", "version", consents_seen="y", mandate="y")
    assert "Andere gemeenten" not in client.get(f"/melden/{key}/ontvangen").get_data(as_text=True)
    mail = session.scalars(select(OutboxMail).where(OutboxMail.to_address == filer.email)).one()
    assert "gemeenten" not in mail.body


@pytest.mark.parametrize("page", ["toevoegen", "intrekken", "gegevens-wissen"])
def test_only_the_lead_acts(client_as, make, session, towns, page):
    lead, other = towns
    first, second = client_as(make.filer(lead)), client_as(make.filer(other))
    case = filed_together(session, first, other)
    answer(second, session, "doet-mee")
    own = f"/onze-zaken/{case.reference}"
    assert second.get(f"{own}/{page}").status_code == 403
    refused = second.post(f"{own}/{page}", data={"body": "Namens ons", "reason": "Stop", "version": "1"})
    assert refused.status_code == 403
    assert second.post(f"{own}/kopie").status_code == 403
    session.refresh(case)
    assert case.status is CaseStatus.SUBMITTED
    assert first.get(f"{own}/toevoegen").status_code == 200


def test_who_declines_or_stops_sees_nothing(client_as, make, session, towns):
    lead, other = towns
    first, second = client_as(make.filer(lead)), client_as(make.filer(other))
    case = filed_together(session, first, other)
    own = f"/onze-zaken/{case.reference}"
    for action in ("doet-niet-mee", "doet-mee", "doet-niet-mee"):
        answer(second, session, action)
        assert second.get(own).status_code == (200 if action == "doet-mee" else 404)
    assert case.reference not in second.get("/onze-zaken").get_data(as_text=True)
    assert [kind for kind in session.scalars(select(Event.kind).order_by(Event.number)) if "doet" in kind] == [
        "gemeente_doet_niet_mee",
        "gemeente_doet_mee",
        "gemeente_doet_niet_mee",
    ]


def test_the_question_is_for_that_municipality_and_for_who_may_file(client_as, make, session, towns, app):
    lead, other = towns
    colleague = make.member(other)
    first, member = client_as(make.filer(lead)), client_as(colleague)
    filed_together(session, first, other)
    path = f"/onze-zaken/samen/{asked(session).id}"
    assert first.get(path).status_code == 404
    assert client_as(make.filer()).get(path).status_code == 404
    assert client_as(make.triager()).get(path).status_code == 404
    assert member.get(path).status_code == 200
    assert member.post(path, data={"action": "doet-mee"}).status_code == 403
    with pytest.raises(PermissionDenied):
        joint.answer(
            Context(session, make.actor(colleague), make.now, app.config["LINKS"]), asked(session).id, joins=True
        )
    assert asked(session).status is ParticipantStatus.ASKED
    assert answer(client_as(make.filer(other)), session, "misschien").status_code == 422
    assert asked(session).status is ParticipantStatus.ASKED


def test_nobody_joins_what_its_lead_took_back(client_as, make, session, towns):
    lead, other = towns
    first, second = client_as(make.filer(lead)), client_as(make.filer(other))
    case = filed_together(session, first, other)
    own = f"/onze-zaken/{case.reference}"
    withdraw = f"{own}/intrekken"
    first.post(withdraw, data=fill(first.get(withdraw), "reason"))
    session.refresh(case)
    assert case.status is CaseStatus.WITHDRAWN
    refused = answer(second, session, "doet-mee")
    assert refused.status_code == 422
    assert "Meedoen kan niet meer" in refused.get_data(as_text=True)
    assert second.get(own).status_code == 404
    answer(second, session, "doet-niet-mee")
    assert asked(session).status is ParticipantStatus.DECLINED


def test_figures_count_one_case_for_the_municipality_that_leads(client_as, make, session, towns):
    lead, other = towns
    first, second = client_as(make.filer(lead)), client_as(make.filer(other))
    case = filed_together(session, first, other)
    answer(second, session, "doet-mee")
    staff = Actor(ActorKind.ACCOUNT, 1, make.triager().role, None)

    def count(municipality_id):
        wanted = CaseFilter(municipality_id=municipality_id)
        return case_lists.page_of_cases(session, staff, wanted, CaseOrder(), make.today).count

    assert session.scalar(select(func.count()).select_from(Case)) == 1
    assert (count(lead.municipality_id), count(other.municipality_id)) == (1, 0)
    session.refresh(case)
    assert case.municipality_id == lead.municipality_id


def test_the_public_page_and_list_name_those_who_joined_only(client, client_as, make, session, towns, app):
    lead, other = towns
    first, second = client_as(make.filer(lead)), client_as(make.filer(other))
    case = filed_together(session, first, other)
    context = Context(session, make.actor(), make.now, app.config["LINKS"])
    text = make.add(PublicText(case_id=case.id, title="Wonen langs het spoor", question="Mag het?", answer="Ja."))
    case.status, case.result, case.verdict = CaseStatus.CLOSED, Result.WITHIN_RULES, Verdict.PERCEIVED
    case.publication = PublicationStatus.PUBLIC
    published_record.write_published(context, case, text, published_record.beside(context, case))
    session.commit()
    name = name_of(session, other)
    for path in (f"/knelpunten/{case.reference}", "/knelpunten"):
        assert f"met {name}" not in client.get(path).get_data(as_text=True)
    answer(second, session, "doet-mee")
    assert f"met {name}" in client.get("/knelpunten").get_data(as_text=True)
    page = client.get(f"/knelpunten/{case.reference}").get_data(as_text=True)
    assert "Samen met" in page
    assert name in page
    assert public_counts.municipality_counts(session, PublicFilter()) == {lead.municipality_id: 1}
    answer(second, session, "doet-niet-mee")
    assert session.scalars(select(PublishedCase.joined_municipalities)).one() == []


@pytest.mark.parametrize(
    ("municipality", "email"),
    [
        ("", EMAIL),
        ("Nergenshuizen", EMAIL),
        ("eigen", EMAIL),
        ("ander", "geen adres"),
        ("ander", "a@b.nl\r\nBcc: x@y.nl"),
    ],
)
def test_a_wrong_municipality_or_address_is_refused_beside_its_field(
    client_as, make, session, towns, municipality, email
):
    lead, other = towns
    client = client_as(make.filer(lead))
    key = begin(client)
    typed = {"eigen": name_of(session, lead), "ander": name_of(session, other)}.get(municipality, municipality)
    assert send(client, key, "samen", "municipality", municipality=typed, email=email).status_code == 422
    assert "partners" not in session.scalars(select(Draft)).one().data


def test_no_more_than_twenty_municipalities_are_asked(client_as, make, session, towns):
    lead, other = towns
    client = client_as(make.filer(lead))
    key = begin(client)
    named = [Partner(make.municipality().id, EMAIL) for _ in range(MOST_PARTNERS)]
    draft = session.scalars(select(Draft)).one()
    draft.data = {**draft.data, "partners": write_partners(named[:-1])}
    for town, status in ((named[-1].municipality_id, 302), (other.municipality_id, 422)):
        name = session.get(Municipality, town).name
        assert send(client, key, "samen", "municipality", municipality=name, email=EMAIL).status_code == status
    assert read_partners(session.scalars(select(Draft)).one().data["partners"]) == tuple(named)


def test_a_partner_can_be_taken_off_and_other_organisations_name_none(client_as, make, session, towns):
    lead, other = towns
    client = client_as(make.filer(lead))
    key = begin(client)
    send(client, key, "samen", "municipality", municipality=name_of(session, other), email=EMAIL)
    assert name_of(session, other) in client.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert client.post(f"/melden/{key}/samen/{other.municipality_id}/weg").status_code == 302
    assert session.scalars(select(Draft)).one().data["partners"] == ""
    corporation = client_as(make.filer(make.organisation(OrganisationKind.HOUSING_CORPORATION)))
    page = corporation.get("/melden/organisatie/nieuw")
    theirs = corporation.post("/melden/organisatie/nieuw", data=fill(page, "title", title="Woningen")).location
    assert corporation.get(f"/melden/{theirs.split('/')[2]}/samen").status_code == 404


def test_the_address_of_the_question_ends_on_its_day(client_as, make, session, towns):
    lead, other = towns
    filed_together(session, client_as(make.filer(lead)), other)
    last = make.now + (asked(session).ends_on - make.today)
    upkeep.sweep_tables(session, last)
    assert session.scalars(select(CaseParticipant.email)).one() == EMAIL
    upkeep.sweep_tables(session, last + timedelta(days=1))
    assert session.scalars(select(CaseParticipant.email)).one() is None
