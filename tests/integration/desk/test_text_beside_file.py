"""The pages round a public text: what points at a person is marked, told, and stopped with words."""

import pytest

from knelpunt.models import PublicText, Review
from knelpunt.services.submitters import reactions as submitter

NAMED = "Mag een buurthuis in de school? Bel 06 - 12 34 56 78."
MARK = '<mark class="kn-find">06 - 12 34 56 78<span'


@pytest.fixture
def case(desk):
    case = desk.file(contact_name="Wobbine van der Zwaluw", description="Wobbine wil een buurthuis in de school.")
    desk.take_in(case)
    desk.weigh(case)
    desk.start_handling(case)
    desk.propose(case)
    submitter.accept_proposal(desk.follower(case), case.reference)
    return case


def read(client, case, page):
    return client.get(f"/zaken/{case.reference}/{page}").get_data(as_text=True)


def test_whoever_saves_a_text_with_a_number_in_it_sees_it_marked_beside_the_file(desk, case, client_as, post):
    answer = post(desk.handler, case, "openbare-tekst", title="Een buurthuis", question=NAMED, answer="Ja.")

    assert answer.location == f"/zaken/{case.reference}/openbare-tekst/naast-het-dossier"
    page = read(client_as(desk.handler), case, "openbare-tekst/naast-het-dossier")
    assert MARK in page
    assert '<mark class="kn-find">Wobbine<span class="kn-visually-hidden"> (naam)</span></mark> wil een' in page
    assert "In de vraag staat een telefoonnummer: ‘06 - 12 34 56 78’." in page


def test_the_name_of_the_source_of_an_imported_case_is_looked_through_as_well(desk, session, case, client_as):
    case.source_title = "Brief van Wobbine van der Zwaluw"
    session.flush()
    desk.write_public_text(case, question="Mag dat?")
    review = desk.ask_closing(case)
    found = "In de naam van de bron staat een naam: ‘van der Zwaluw’."
    assert found in read(client_as(desk.handler), case, "openbare-tekst/naast-het-dossier")
    client = client_as(desk.reviewer)
    assert found in read(client, case, "toetsing")
    sent = {"review_id": str(review.id), "besluit": "akkoord"}
    assert client.post(f"/zaken/{case.reference}/toetsing", data=sent).status_code == 422
    assert client.post(f"/zaken/{case.reference}/toetsing", data={**sent, "pass_reason": "Zo heet de brief."}).location


def test_a_text_without_anything_personal_goes_back_to_the_case(desk, case, client_as, post):
    answer = post(desk.handler, case, "openbare-tekst", title="Een buurthuis", question="Mag dat?", answer="Ja.")

    assert answer.location == f"/zaken/{case.reference}"
    page = read(client_as(desk.reviewer), case, "openbare-tekst/naast-het-dossier")
    assert "niets dat naar een persoon wijst" in page


def test_the_reviewer_reads_what_was_found_and_agrees_only_with_a_reason(desk, session, case, client_as):
    desk.write_public_text(case, question=NAMED)
    review = desk.ask_closing(case)
    client = client_as(desk.reviewer)

    assert "In de vraag staat een telefoonnummer" in read(client, case, "toetsing")
    sent = {"review_id": str(review.id), "besluit": "akkoord"}
    refused = client.post(f"/zaken/{case.reference}/toetsing", data=sent)
    assert refused.status_code == 422
    assert "schrijf op waarom dit toch openbaar mag" in refused.get_data(as_text=True)
    agreed = client.post(f"/zaken/{case.reference}/toetsing", data={**sent, "pass_reason": "Een openbaar nummer."})
    assert agreed.status_code == 303
    session.expire_all()
    assert session.get(Review, review.id).pass_reason == "Een openbaar nummer."
    assert "Mag toch in de openbare tekst staan: 1 keer telefoonnummer." in client.get(
        f"/zaken/{case.reference}"
    ).get_data(as_text=True)


def test_the_name_of_a_local_rule_is_marked_where_the_reviewer_can_let_it_stand(desk, make, session, case, client_as):
    make.assessment(case, make.provision(make.law()), provision_id=None, article="Besluit van mevrouw Pluimstra")
    desk.write_public_text(case)
    review = desk.ask_closing(case)
    client = client_as(desk.reviewer)

    assert '<mark class="kn-find">Pluimstra<span' in read(client, case, "openbare-tekst/naast-het-dossier")
    page = read(client, case, "toetsing")
    assert "In de gekoppelde regels staat een naam: ‘Pluimstra’." in page
    assert 'name="pass_reason"' in page
    sent = {"review_id": str(review.id), "besluit": "akkoord", "pass_reason": "Zo heet het besluit."}
    assert client.post(f"/zaken/{case.reference}/toetsing", data=sent).status_code == 303


def test_a_preview_page_says_what_stands_in_the_way(desk, session, case, client_as):
    desk.close_accepted(case)
    session.get(PublicText, case.id).question = NAMED
    session.flush()

    page = read(client_as(desk.handler), case, "ter-inzage")

    assert "Dit kan nu nog niet" in page
    assert "In de vraag staat een telefoonnummer" in page
    assert "Leg de tekst ter inzage</button>" not in page
