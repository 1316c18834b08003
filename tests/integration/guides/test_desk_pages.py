"""The pages on which the desk writes, checks and ends a ruimtewijzer."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from knelpunt.domain.guides.track import GuideStatus
from knelpunt.models import Guide, GuideVersion, Municipality
from knelpunt.services.cases import publication
from knelpunt.services.guides import editing as guides
from knelpunt.services.submitters import reactions as submitter
from tests.support.forms import fill
from tests.support.guides import public_guide, text
from tests.support.page import parse_page

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
        "rules-0-role": "biedt_ruimte",
        "rules-0-rule": "lsw-15-a",
        "rules-0-on_date": "2026-11-03",
        "rules-1-role": "belemmert",
        "rules-1-rule": "lokaal",
        "rules-1-article": "omgevingsplan",
        "rules-1-on_date": "3-11-2026",
        "examples-0-place": "Oude mavo",
        "examples-0-municipality": "Zwolle",
        "examples-0-year": "2020",
        "examples-0-what": "Een buurthuis begon.",
        "examples-0-outcome": "gelukt",
        "examples-0-url": "https://bron.example/2",
        "sources-0-title": "Leegstandwet",
        "sources-0-url": "https://bron.example/1",
        "sources-0-how_far": "full",
        "confidence": "partly",
        **changes,
    }


def test_a_guide_goes_from_an_empty_form_to_a_public_page(session, client, writer, reviewer):
    assert send(writer, f"{LIST}/nieuw", "question", **typed_guide()).status_code == 303
    path = f"{LIST}/{new(session).slug}"
    agreed = reviewer.post(f"{path}/toetsen", data=fill(reviewer.get(f"{path}/toetsen"), "remark", besluit="akkoord"))
    assert agreed.status_code == 303
    assert "getoetst. De behandelaar of het hoofd van het loket maakt" in reviewer.get(path).get_data(as_text=True)
    assert send(writer, f"{path}/publiceren", "version").status_code == 303
    page = parse_page(client.get(f"/ruimtewijzers/{new(session).slug}"))
    assert "Ja, met een vergunning." in page.text
    assert "Een jurist van het loket keek deze tekst na" in page.text
    assert "Een buurthuis begon." in page.text
    # Each rule says outside its fold from which law and article it is.
    for words in ("Leegstandwet, artikel 15 lid 1 onder a", "Gemeentelijke of provinciale regel, omgevingsplan"):
        assert [part for part in page.all("region") if words in " ".join([part.name, *part.names("paragraph")[:1]])]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("rules-0-rule", "bestaat-niet", "geen wet of bepaling"),
        ("rules-0-rule", "chw-2.3", "gold niet op"),
        ("rules-0-rule", "Leegstandwet 15", "Lijkt erop: ‘Leegstandwet, artikel 15 lid 1"),
        ("rules-0-rule", "omgevingswet artikel 23.3 lid 1-7", "past bij meer dan één regel: ‘Omgevingswet, artikel"),
        ("rules-0-article", "15", "Laat dit leeg"),
        ("rules-1-article", "omgevingsplan " * 60, ""),
        ("rules-0-on_date", "", "Vul de dag in"),
        ("rules-0-on_date", "morgen", ""),
        ("rules-0-role", "", "Kies wat de regel doet."),
        ("rules-0-role", "misschien", ""),
        ("examples-0-municipality", "Nergenshuizen", "geen gemeente"),
        ("examples-0-year", "20", "geen jaar"),
        ("examples-0-what", "", "Schrijf op wat er gebeurde."),
        ("examples-0-outcome", "misschien", ""),
        ("sources-0-url", "javascript:alert(1)", "geen webadres"),
        ("sources-0-title", "", "Vul de titel in."),
        ("sources-0-how_far", "", "Kies hoe ver u hem las."),
        ("sources-0-how_far", "half", ""),
        ("question", "", "Schrijf de vraag op."),
        ("theme", "ruimtevaart", "geldig"),
        ("valid_to", "1900-01-01", "ligt voor de eerste dag"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field_and_nothing_is_kept(session, writer, field, value, says):
    typed = typed_guide(valid_from="2024-01-01") | {field: value}
    answer = send(writer, f"{LIST}/nieuw", "question", **typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    if field != "theme":
        assert says in page
        assert f'id="{field}-error"' in page
        assert f'href="#{field}"' in page
    assert new(session) is None


NAME = "Leegstandwet, artikel 15 lid 1 onder a, lid 6-7, Tijdelijke verhuur in een leegstaand gebouw"


@pytest.mark.parametrize(
    ("typed", "provision", "law"),
    [
        ("lsw-15-a", "lsw-15-a", "lsw"),
        (f"{NAME} (kantoor, school, zorg, logies)", "lsw-15-a", "lsw"),
        ("LEEGSTANDWET art. 15 lid 1 onder a, lid 6-7", "lsw-15-a", "lsw"),
        ("Lsw, artikel 15 lid 1 onder a lid 6-7", "lsw-15-a", "lsw"),
        ("alcoholwet", None, "alcoholwet"),
        ("Drank- en horecawet (DHW)", None, "dhw"),
        ("awb", None, "awb"),
        ("expwo", "expwo", "expwo"),
    ],
)
def test_a_rule_is_named_as_people_do_and_shown_by_its_name(session, writer, typed, provision, law):
    assert send(writer, f"{LIST}/nieuw", "question", **typed_guide(**{"rules-0-rule": typed})).status_code == 303
    rule = session.scalars(select(GuideVersion)).one().rules[0]
    assert (rule["provision"], rule["law"]) == (provision, law)
    path = f"{LIST}/{new(session).slug}"
    answer = writer.get(f"{path}/tekst")
    shown = unescape(rule_in(answer.get_data(as_text=True)))
    assert shown.startswith(rule["title"]) and shown not in (provision, law)
    assert writer.post(f"{path}/tekst", data=fill(answer, "question")).status_code == 303
    again = session.scalars(select(GuideVersion)).one()
    session.refresh(again)
    assert again.rules[0] == rule  # the name alone says which one it is


def test_no_page_of_the_desk_shows_the_key_of_a_rule(session, writer, reviewer):
    wrong = send(writer, f"{LIST}/nieuw", "question", **typed_guide(question="")).get_data(as_text=True)
    assert rule_in(wrong).startswith(NAME)
    send(writer, f"{LIST}/nieuw", "question", **typed_guide())
    path = f"{LIST}/{new(session).slug}"
    for page in (
        wrong,
        *(
            browser.get(each).get_data(as_text=True)
            for browser, each in (
                (writer, path),
                (writer, f"{path}/tekst"),
                (reviewer, path),
                (reviewer, f"{path}/toetsen"),
            )
        ),
    ):
        assert NAME in page and "lsw-15-a" not in page


def test_the_second_person_follows_each_source_and_the_case_by_a_link(session, desk, writer, reviewer):
    case = desk.bring("afgesloten")
    send(writer, f"/zaken/{case.reference}/ruimtewijzer", "submission_key")
    path = f"{LIST}/{new(session).slug}"
    odd = {"sources-0-title": "<b>Wet</b>", "sources-0-url": 'https://bron.example/1?a=1&b="2"'}
    assert send(writer, f"{path}/tekst", "question", **typed_guide(**odd)).status_code == 303
    for page in (reviewer.get(each).get_data(as_text=True) for each in (path, f"{path}/toetsen")):
        assert 'href="https://bron.example/1?a=1&amp;b=&#34;2&#34;"' in page and "<b>Wet" not in page
        assert 'href="https://bron.example/2"' in page
        assert f'href="/zaken/{case.reference}"' in page


def rule_in(page):
    return re.search(r'<input[^>]* name="rules-0-rule"[^>]* value="([^"]*)"', page)[1]


def rows_on(page, name):
    ids = [part.element.get("id", "").rpartition("-") for part in parse_page(page).all("group")]
    return sorted(number for words, _dash, number in ids if words == name)


def test_a_row_more_keeps_what_was_typed_and_sends_nothing(session, writer):
    path = f"{LIST}/nieuw"
    typed = typed_guide(question="", valid_from="geen dag")
    answer = send(writer, path, "question", voeg_toe="sources", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert rows_on(page, "sources") == ["0", "1"]
    assert 'value="https://bron.example/1"' in page and 'value="geen dag"' in page
    focus = [each.get("id") for each in parse_page(page).element.iter() if each.get("autofocus") is not None]
    assert focus == ["sources-1-title"]
    assert parse_page(page).all("alert") == []
    more = {"sources-1-title": "Kamerbrief", "sources-1-url": "https://bron.example/3", "sources-1-how_far": "not read"}
    filled = fill(answer, "question", **more, question="Mag dit?", **{"valid_from-dag": ""})
    assert writer.post(path, data=filled).status_code == 303
    kept = session.scalars(select(GuideVersion)).one().sources
    assert [(each["title"], each["read"]) for each in kept] == [("Leegstandwet", "full"), ("Kamerbrief", "not read")]
    assert new(session) is not None


def test_a_row_less_takes_that_one_away_and_leaves_one_to_fill_in(session, writer):
    path = f"{LIST}/nieuw"
    page = send(writer, path, "question", haal_weg="rules-0", **typed_guide())
    shown = page.get_data(as_text=True)
    assert rows_on(shown, "rules") == ["0"]
    assert rule_in(shown) == "lokaal"
    page = writer.post(path, data=fill(page, "question", haal_weg="rules-0"))
    shown = page.get_data(as_text=True)
    assert rows_on(shown, "rules") == ["0"]
    assert rule_in(shown) == ""
    assert writer.post(path, data=fill(page, "question")).status_code == 303
    assert session.scalars(select(GuideVersion)).one().rules == []


@pytest.mark.parametrize(
    "odd",
    [
        {"voeg_toe": "question"},
        {"haal_weg": "rules-99"},
        {"haal_weg": f"rules-{'9' * 5000}"},
        {"haal_weg": "rules-\u00b2"},
        {"haal_weg": ""},
        {"rules-\u00b2-rule": "x"},
        {"rules-99999999999999999999-rule": "x"},
        {"sources-5": "x"},
        {f"sources-{number}-title": "x" for number in range(100)},
    ],
)
def test_odd_rows_and_buttons_break_nothing(session, writer, odd):
    answer = send(writer, f"{LIST}/nieuw", "question", **typed_guide(**odd))
    assert answer.status_code in (200, 303, 422)
    assert len(rows_on(answer.get_data(as_text=True), "sources")) <= 60


def test_more_rows_than_a_list_holds_are_refused_and_none_is_lost_without_a_word(session, writer):
    row = {"title": "Bron", "url": "https://bron.example", "how_far": "full"}
    most = {f"sources-{number}-{name}": value for number in range(60) for name, value in row.items()}
    more = {f"sources-60-{name}": value for name, value in row.items()}
    answer = send(writer, f"{LIST}/nieuw", "question", **typed_guide(**most, **more))
    assert answer.status_code == 422
    assert "Bronnen: dit zijn er te veel." in answer.get_data(as_text=True)
    pressed = send(writer, f"{LIST}/nieuw", "question", **typed_guide(**most, **more, voeg_toe="rules"))
    assert pressed.status_code == 422
    assert new(session) is None
    assert send(writer, f"{LIST}/nieuw", "question", **typed_guide(**most)).status_code == 303
    assert len(session.scalars(select(GuideVersion)).one().sources) == 60


def test_the_rows_of_a_text_come_back_as_they_were_kept(session, desk, writer):
    made = guides.create(desk.context(desk.handler), text())
    before = session.scalars(select(GuideVersion)).one()
    rules, examples, sources = before.rules, before.examples, before.sources
    assert send(writer, f"{LIST}/{made.slug}/tekst", "question", short_answer="Anders.").status_code == 303
    after = session.scalars(select(GuideVersion).order_by(GuideVersion.id.desc())).first()
    session.refresh(after)
    assert (after.short_answer, after.rules, after.examples, after.sources) == ("Anders.", rules, examples, sources)


def test_of_two_writers_the_second_sees_both_texts(session, client_as, make, desk, writer):
    guide = guides.create(desk.context(desk.handler), text())
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
    guide = guides.create(desk.context(head), text())
    browser = client_as(head)
    assert "Vraag een collega" in browser.get(f"{LIST}/{guide.slug}/toetsen").get_data(as_text=True)
    assert "Toets de tekst" not in browser.get(f"{LIST}/{guide.slug}").get_data(as_text=True)
    assert send(browser, f"{LIST}/{guide.slug}/toetsen", "version", besluit="akkoord").status_code == 403


def test_a_text_is_given_back_with_a_remark(session, desk, writer, reviewer):
    guide = guides.create(desk.context(desk.handler), text())
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
    sent = fill(writer.get(path), "submission_key")
    for _ in range(2):
        assert writer.post(path, data=sent).status_code == 303
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
    page = writer.get(path).get_data(as_text=True)
    assert "Er is al een concept van deze zaak" in page and "Maak het concept" not in page
    assert f'href="{LIST}/{guide.slug}"' in page


def test_the_draft_of_a_public_case_says_where_it_was_asked_and_not_that_it_worked(session, desk, writer, reviewer):
    case = desk.bring("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    publication.publish(desk.context(desk.handler), case.reference, case.version)
    place = session.get_one(Municipality, case.municipality_id)
    send(writer, f"/zaken/{case.reference}/ruimtewijzer", "submission_key")
    version = session.scalars(select(GuideVersion)).one()
    assert f"/knelpunten/{case.reference}" in version.sources[0]["url"]
    (example,) = version.examples
    assert (example["place"], example["municipality"]) == (place.name, place.code)
    assert (example["what"], example["outcome"]) == ("Buurthuis in een oude school", None)
    slug = session.scalars(select(Guide.slug)).one()
    fields = parse_page(writer.get(f"/loket/ruimtewijzers/{slug}/tekst")).all("textbox")
    assert [field.value.strip() for field in fields].count(place.name) >= 2
    assert "Buurthuis in een oude school" in [field.value.strip() for field in fields]
    assert slug not in reviewer.get("/vandaag").get_data(as_text=True)  # its writer makes it general first
    assert send(writer, f"{LIST}/{slug}/tekst", "question").status_code == 303
    assert f"{LIST}/{slug}/toetsen" in reviewer.get("/vandaag").get_data(as_text=True)


def test_what_is_meant_for_the_writer_of_a_draft_stands_beside_the_field_and_never_becomes_public(
    session, desk, writer, reviewer
):
    case = desk.bring("afgesloten")
    send(writer, f"/zaken/{case.reference}/ruimtewijzer", "submission_key")
    path = f"{LIST}/{new(session).slug}"
    version = session.scalars(select(GuideVersion)).one()
    assert (version.confidence_note, version.model_text) == ("", "")
    hint = parse_page(writer.get(f"{path}/tekst")).by_id("confidence_note-hint")
    assert hint.text.startswith(guides.FOR_THE_WRITER[0])
    typed = typed_guide(confidence_note=guides.FOR_THE_WRITER[0])
    assert send(writer, f"{path}/tekst", "question", **typed).status_code == 303
    answer = send(reviewer, f"{path}/toetsen", "remark", besluit="akkoord")
    assert answer.status_code == 422
    assert "moet eerst uit de tekst" in answer.get_data(as_text=True)
    send(writer, f"{path}/tekst", "question", confidence_note="")
    assert send(reviewer, f"{path}/toetsen", "remark", besluit="akkoord").status_code == 303


def test_a_case_that_is_not_over_becomes_none(session, desk, writer):
    case = desk.bring("in_triage")
    page = writer.get(f"/zaken/{case.reference}/ruimtewijzer")
    assert "Dit kan nu nog niet" in page.get_data(as_text=True)
    assert writer.post(f"/zaken/{case.reference}/ruimtewijzer", data={}).status_code == 422
    assert new(session) is None


def test_the_summary_names_the_row_in_which_something_is_missing(writer):
    more = {"sources-1-title": "Kamerbrief", "sources-1-how_far": "full"}
    page = parse_page(send(writer, f"{LIST}/nieuw", "question", **typed_guide(**more)))
    assert page.one("alert").one("link", re.compile("^Bron 2, webadres: Vul")).href == "#sources-1-url"


def test_all_that_is_wrong_is_said_at_once(writer):
    wrong = {
        "question": "",
        "rules-0-rule": "Onbekende wet",
        "rules-1-on_date": "",
        "examples-0-municipality": "Nergenshuizen",
        "examples-0-what": "",
        "examples-0-year": "20",
        "examples-0-url": "bron.example",
        "sources-0-title": "",
        "sources-0-url": "bron.example",
    }
    page = send(writer, f"{LIST}/nieuw", "question", **typed_guide(**wrong)).get_data(as_text=True)
    assert all(f'id="{field}-error"' in page for field in wrong)
