"""The pages on which the desk writes, checks and ends a ruimtewijzer."""

import pytest
from sqlalchemy import select

from knelpunt.domain.guides import GuideStatus
from knelpunt.models import Guide, GuideVersion, Municipality
from knelpunt.services import guides, publication, submitter
from tests.forms import fill
from tests.guides import public_guide, text

LIST = "/loket/ruimtewijzers"


@pytest.fixture
def writer(client_as, desk):
    return client_as(desk.handler)


@pytest.fixture
def reviewer(client_as, desk):
    return client_as(desk.reviewer)


def new(session):
    return session.scalars(select(Guide).order_by(Guide.id.desc())).first()


def send(browser, path, holding, **typed):
    return browser.post(path, data=fill(browser.get(path), holding, **typed))


def typed_guide(**changes):
    return {
        "question": "Mag een buurthuis in een lege school?",
        "short_answer": "Ja, met een vergunning.",
        "room": "De gemeente kan afwijken.",
        "conditions": "Het gebouw is veilig.",
        "who_decides": "Het college.",
        "theme": "leegstand",
        "room_type": "maatwerk/ontheffing",
        "audiences": ["bewoners", "gemeenten"],
        "rules": "biedt ruimte | lsw-15-a | 2026-11-03\nbelemmert | lokaal, omgevingsplan | 2026-11-03",
        "examples": "Oude mavo | Zwolle | 2020 | Een buurthuis begon. | gelukt | https://bron.example/2",
        "sources": "Leegstandwet | https://bron.example/1 | helemaal",
        "confidence": "partly",
        **changes,
    }


def test_a_guide_goes_from_an_empty_form_to_a_public_page(session, client, writer, reviewer):
    assert send(writer, f"{LIST}/nieuw", "question", **typed_guide()).status_code == 303
    path = f"{LIST}/{new(session).slug}"
    assert send(reviewer, f"{path}/toetsen", "remark", besluit="akkoord").status_code == 303
    assert send(writer, f"{path}/publiceren", "version").status_code == 303
    page = client.get(f"/ruimtewijzers/{new(session).slug}").get_data(as_text=True)
    assert "Ja, met een vergunning." in page
    assert "Een jurist van het loket keek deze tekst na" in page
    assert "Leegstandwet" in page
    assert "Een buurthuis begon." in page


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("rules", "biedt ruimte | bestaat-niet | 2026-11-03", "geen bepaling"),
        ("rules", "biedt ruimte | lsw-15-a", "Regel 1: schrijf rol"),
        ("rules", "misschien | lsw-15-a | 2026-11-03", "kies bij rol"),
        ("rules", "biedt ruimte | lsw-15-a | morgen", "geen dag"),
        ("rules", "biedt ruimte | chw-2.3 | 2026-11-03", "gold niet op"),
        ("examples", "A | Nergenshuizen | 2020 | x | gelukt | https://a.example", "geen gemeente"),
        ("examples", "A | Zwolle | 20 | x | gelukt | https://a.example", "geen jaar"),
        ("sources", "Titel | javascript:alert(1) | helemaal", "geen webadres"),
        ("question", "", "Schrijf de vraag op."),
        ("theme", "ruimtevaart", "geldig"),
        ("valid_to", "1900-01-01", "ligt voor de eerste dag"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field_and_nothing_is_kept(session, writer, field, value, says):
    typed = typed_guide(valid_from="2024-01-01") | {field: value}
    answer = send(writer, f"{LIST}/nieuw", "question", **typed)
    assert answer.status_code == 422
    if field != "theme":
        assert says in answer.get_data(as_text=True)
    assert new(session) is None


def test_of_two_writers_the_second_sees_both_texts(session, client_as, make, desk, writer):
    guide = guides.create(desk.act(desk.handler), text())
    path = f"{LIST}/{guide.slug}/tekst"
    second = client_as(make.handler(organisation=desk.ministry))
    stale = fill(second.get(path), "question", short_answer="De tekst van de tweede.")
    assert send(writer, path, "question", short_answer="De tekst van de eerste.").status_code == 303
    answer = second.post(path, data=stale)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "De tekst van de eerste." in page
    assert "De tekst van de tweede." in page
    again = second.post(path, data=fill(answer, "question"))
    assert again.status_code == 303
    assert session.scalars(select(GuideVersion)).one().short_answer == "De tekst van de tweede."


def test_the_author_is_told_to_ask_a_colleague(client_as, make, desk):
    head = make.head_of_desk(organisation=desk.ministry)
    guide = guides.create(desk.act(head), text())
    browser = client_as(head)
    assert "Vraag een collega" in browser.get(f"{LIST}/{guide.slug}/toetsen").get_data(as_text=True)
    assert "Toets de tekst" not in browser.get(f"{LIST}/{guide.slug}").get_data(as_text=True)
    assert send(browser, f"{LIST}/{guide.slug}/toetsen", "version", besluit="akkoord").status_code == 403


def test_a_text_is_given_back_with_a_remark(session, desk, writer, reviewer):
    guide = guides.create(desk.act(desk.handler), text())
    path = f"{LIST}/{guide.slug}"
    for nothing in ("", "weg"):
        assert send(reviewer, f"{path}/toetsen", "remark", besluit=nothing).status_code == 422
    assert send(reviewer, f"{path}/toetsen", "remark", besluit="teruggeven").status_code == 422
    assert send(reviewer, f"{path}/toetsen", "remark", besluit="teruggeven", remark="Te stellig.").status_code == 303
    assert "Te stellig." in writer.get(f"{path}/tekst").get_data(as_text=True)


def test_recheck_confirm_and_end_have_their_pages(session, make, writer, reviewer):
    guide = public_guide(make)
    path = f"{LIST}/{guide.slug}"
    assert send(writer, f"{path}/hercontrole", "reason", reason="").status_code == 422
    assert send(writer, f"{path}/hercontrole", "reason", reason="De wet verandert.").status_code == 303
    page = writer.get(LIST).get_data(as_text=True)
    assert "Hercontrole nodig" in page
    assert send(reviewer, f"{path}/bevestigen", "version").status_code == 303
    assert session.scalars(select(Guide)).one().status is GuideStatus.PUBLIC
    assert send(writer, f"{path}/vervallen", "reason", reason="De wet is weg.").status_code == 303
    assert session.scalars(select(Guide)).one().status is GuideStatus.EXPIRED


@pytest.mark.parametrize("query", ["staat=vervallen", "staat=x", "pagina=0", "pagina=99999", "pagina=%00"])
def test_any_address_of_the_list_gets_a_page(writer, query):
    assert writer.get(f"{LIST}?{query}").status_code == 200


def test_a_closed_case_becomes_a_draft_in_one_step(session, client_as, desk, writer):
    case = desk.bring("afgesloten")
    path = f"/zaken/{case.reference}/ruimtewijzer"
    for _ in range(2):
        answer = send(writer, path, "submission_key")
        assert answer.status_code == 303
    guide = session.scalars(select(Guide)).one()
    version = session.scalars(select(GuideVersion)).one()
    assert guide.status is GuideStatus.DRAFT
    assert guide.case_id == case.id
    assert version.question == "Mag een buurthuis in een leeg schoolgebouw?"
    assert version.conditions == "Vraag een omgevingsvergunning aan."
    assert [rule["role"] for rule in version.rules] == ["biedt_ruimte"]
    assert case.description not in str(vars(version))
    assert version.sources == []
    assert case.reference not in str(vars(version))


def test_the_draft_of_a_public_case_says_where_it_was_asked_and_not_that_it_worked(session, desk, writer):
    case = desk.bring("afgesloten")
    publication.start_preview(desk.act(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    publication.publish(desk.act(desk.handler), case.reference, case.version)
    place = session.get_one(Municipality, case.municipality_id)
    send(writer, f"/zaken/{case.reference}/ruimtewijzer", "submission_key")
    version = session.scalars(select(GuideVersion)).one()
    assert f"/knelpunten/{case.reference}" in version.sources[0]["url"]
    (example,) = version.examples
    assert (example["place"], example["municipality"]) == (place.name, place.code)
    assert (example["what"], example["outcome"]) == ("Buurthuis in een oude school", None)
    slug = session.scalars(select(Guide.slug)).one()
    form = writer.get(f"/loket/ruimtewijzers/{slug}/tekst").get_data(as_text=True)
    assert f"{place.name} | {place.name} | 2026 | Buurthuis in een oude school | onbekend | http" in form


def test_a_case_that_is_not_over_becomes_none(session, desk, writer):
    case = desk.bring("in_triage")
    page = writer.get(f"/zaken/{case.reference}/ruimtewijzer")
    assert "Dit kan nu nog niet" in page.get_data(as_text=True)
    assert writer.post(f"/zaken/{case.reference}/ruimtewijzer", data={}).status_code == 422
    assert new(session) is None
