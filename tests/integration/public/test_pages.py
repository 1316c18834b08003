"""The pages about the desk: they open, hang together, and tell what the code itself holds."""

import re
from itertools import pairwise

import pytest

from knelpunt.domain.bottlenecks import RULES, TRACKS, BottleneckStep
from knelpunt.domain.cases.workflow import TRANSITIONS
from knelpunt.domain.privacy.register import REGISTER
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.web.public import routes_pages, way_of_working
from knelpunt.web.public.accessibility import KNOWN_FAULTS, MADE_ON
from knelpunt.web.public.pages import PAGES
from knelpunt.web.shared.labels.labels import label, step_label
from tests.support.forms import fill


def text_of(client, path):
    """A page as somebody reads it: without markup, with single blanks."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_page_opens_and_is_in_every_footer(client, page):
    assert str(page.title) in text_of(client, page.path)
    assert f'href="{page.path}"' in client.get("/").get_data(as_text=True).split("<footer")[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_no_page_of_these_sets_a_cookie_or_names_a_person(client, make, page):
    account = make.handler()
    answer = client.get(page.path)
    assert "Set-Cookie" not in answer.headers
    assert account.name not in answer.get_data(as_text=True)
    assert account.email not in answer.get_data(as_text=True)


def test_the_way_of_working_has_every_state_and_step_of_the_workflow(client):
    text = text_of(client, "/over/werkwijze")
    told = {(state.status, step.title) for state in way_of_working.states() for step in state.steps}
    reached = {CaseStatus.DRAFT, *(step.target for step in TRANSITIONS)}
    steps = {(source, step_label(step.name.value)) for step in TRANSITIONS for source in step.sources}
    assert told == {(source, title) for source, title in steps if source in reached}
    for state in way_of_working.states():
        assert label(state.status) in text
        for step in state.steps:
            assert step.title in text
            assert step.clocks in text


def test_the_main_line_goes_from_draft_to_closed_by_steps_of_the_workflow():
    line = [stage.status for stage in way_of_working.main_line()]
    assert line[0] is CaseStatus.DRAFT
    assert line[-1] is CaseStatus.CLOSED
    for source, target in pairwise(line):
        assert any(source in step.sources and step.target is target for step in TRANSITIONS)


def test_the_way_of_working_tells_the_terms_that_hold(client):
    text = text_of(client, "/over/werkwijze")
    for words in ("5 werkdagen", "10 werkdagen", "10 weken", "6 weken", "Meteen"):
        assert words in text


def test_the_way_of_working_shows_the_main_line_with_its_terms_and_folds_the_rest(client):
    page = client.get("/over/werkwijze").get_data(as_text=True)
    main = page[page.index("<main") : page.index("</main>")]
    in_sight = re.sub(r"<details.*?</details>", "", main, flags=re.DOTALL)
    assert "10 weken" in in_sight and "Voorstel gedaan" in in_sight
    assert "<table" in main and "<table" not in in_sight
    assert "<details" not in in_sight and "</details>" not in in_sight


def test_who_decides_comes_from_the_catalogue_of_today(client):
    page = client.get("/over/wie-beslist").get_data(as_text=True)
    assert 'href="/wetten/ow/ow-23.3"' in page
    assert 'href="/wetten/ow/ow-23.3-2024"' not in page


def test_the_privacy_page_shows_the_whole_register(client):
    text = text_of(client, "/privacy")
    for entry in REGISTER:
        for words in (entry.title, entry.purpose, entry.basis, entry.term):
            assert words in text


def test_the_accessibility_statement_has_the_required_parts(client):
    page = client.get("/toegankelijkheid").get_data(as_text=True)
    text = text_of(client, "/toegankelijkheid")
    for part in ("status", "bereik", "fouten", "datum", "contact", "klacht"):
        assert f'id="{part}"' in page
    assert "Status C" in text
    assert "Nationale ombudsman" in text
    for fault in KNOWN_FAULTS:
        assert str(fault.measure) in text
        assert fault.ready_by > MADE_ON


@pytest.mark.parametrize("path", ["/contact", "/privacy", "/toegankelijkheid"])
def test_an_address_that_nobody_named_is_called_an_example(client, path):
    page = client.get(path).get_data(as_text=True)
    assert "mailto:loket@knelpunt.example" in page
    assert "Dit is een voorbeeldadres" in page


def test_the_way_of_working_has_every_state_step_and_way_of_a_rule_bottleneck(client):
    text = text_of(client, "/over/werkwijze")
    told = {(place.status, move.leads_to) for place in routes_pages.places() for move in place.moves}
    assert told == {
        (source, rule.target) for rule in RULES for source in rule.sources if rule.step is not BottleneckStep.ERRATUM
    }  # a correction leads back to where the rule was
    for place in routes_pages.places():
        assert label(place.status) in text
        assert place.owes_news == bool(place.moves)
    for rule in [each for each in RULES if each.step is not BottleneckStep.ERRATUM]:
        assert f"Vraagt: {', '.join(ask.lower() for ask in rule.asks)}." in text
    for way in routes_pages.ways():
        track = [label(status) for status in TRACKS[way.choice]]
        assert track[-len(way.stations) :] == list(way.stations)
        assert label(way.choice) in text
    assert "Binnen 30 dagen is bekend" in text
    assert "ten minste elke 90 dagen" in text


@pytest.mark.parametrize(
    "path",
    [
        "/knelpunten",
        "/knelpunten?weergave=kaart",
        "/wetten",
        "/wetten/samenloop",
        "/regelknelpunten",
        "/over/werkwijze",
    ],
)
def test_a_public_page_tells_search_engines_what_it_is_and_its_one_address(client, app, path):
    page = client.get(f"{path}{'&' if '?' in path else '?'}q=x").get_data(as_text=True)
    address = app.config["KNELPUNT"].base_url + path.partition("?")[0]
    assert re.findall(r'<link rel="canonical" href="([^"]*)">', page) == [address]
    (description,) = re.findall(r'<meta name="description"\s+content="([^"]*)">', page)
    assert len(description) > 40


def test_the_filters_are_folded_and_say_how_many_are_on(client):
    page = client.get("/knelpunten?thema=wonen&oordeel=V1&q=school").get_data(as_text=True)
    assert '<details class="kn-filters__fold">' in page
    assert "Filters (2)" in page


def test_a_refused_form_says_so_in_its_title(client):
    refused = client.post("/inloggen", data=fill(client.get("/inloggen"), "email", email=""))
    assert "<title>Fout: Inloggen" in refused.get_data(as_text=True)
