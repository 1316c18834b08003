"""What every public page tells other sites of itself: its address, its description, a card, and linked data."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup
from rdflib import Graph
from rdflib.namespace import RDF, SDO

from knelpunt.services.cases import publication
from knelpunt.web.shared.open_data.schema_org import page_data
from knelpunt.web.shared.requests.access import PUBLIC, access_of, is_framed
from tests.support.every_page import Seen
from tests.support.rights import VISITOR

CASE = "/knelpunten/<string:reference_number>"
GUIDE = "/ruimtewijzers/<string:guide_slug>"
WORDING = "/wetten/<string:law_key>/<string:provision_key>/<string:wording>"
BASE = "http://localhost"


class Head(HTMLParser):
    """The names and properties of a page, its canonical address, and its blocks of linked data."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.told: dict[str, list[str]] = {}
        self.blocks: list[str] = []
        self._in_block = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        if tag == "meta" and (name := had.get("property") or had.get("name")):
            self.told.setdefault(name, []).append(had.get("content") or "")
        if tag == "link" and had.get("rel") == "canonical":
            self.told.setdefault("canonical", []).append(had.get("href") or "")
        if tag == "script" and had.get("type") == "application/ld+json":
            self._in_block = True
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_block = False

    def handle_data(self, data: str) -> None:
        if self._in_block:
            self.blocks[-1] += data


ONCE = ("canonical", "description", "og:title", "og:type", "og:url", "og:image", "og:description", "og:locale")


def is_public(app: Flask, page: Seen) -> bool:
    """Whether this is a page of its own for everybody: no frame in another page, and no word of what is wrong."""
    endpoints = {address.rule: address.endpoint for address in app.url_map.iter_rules()}
    view = app.view_functions.get(endpoints.get(page.route, ""))
    return page.status == 200 and access_of(view) == PUBLIC and not is_framed(view)


def test_every_public_page_describes_itself_to_other_sites(app, pages):
    wrong, seen = [], set()
    for page in pages:
        if not is_public(app, page):
            continue
        head = Head(page.html)
        seen.add(page.route)
        told = {name: head.told.get(name, []) for name in ONCE}
        wrong += [f"{page}: {name} {had}" for name, had in told.items() if len(had) != 1 or not had[0].strip()]
        if told["canonical"] != told["og:url"] or not "".join(told["canonical"]).startswith(f"{BASE}/"):
            wrong.append(f"{page}: {told['canonical']} {told['og:url']}")
        if not head.blocks:
            wrong.append(f"{page}: no linked data")
        for block in head.blocks:
            data = json.loads(block)
            if not data["@context"] or not ("@graph" in data or "@type" in data):
                wrong.append(f"{page}: {block[:80]}")
    assert wrong == []
    assert {"/", CASE, GUIDE, WORDING, "/open-data", "/kwartalen", "/inloggen"} <= seen


def test_other_pages_tell_other_sites_nothing(app, pages):
    other = [page for page in pages if page.route and page.status != 422 and not is_public(app, page)]
    assert len(other) > 100
    assert [str(page) for page in other if "og:url" in page.html or "ld+json" in page.html] == []


def objects_in(page: str) -> dict[str, dict[str, Any]]:
    """The objects of a page by their kind."""
    first, *more = Head(page).blocks
    objects = [*json.loads(first)["@graph"], *map(json.loads, more)]
    return {each["@type"] if isinstance(each["@type"], str) else each["@type"][0]: each for each in objects}


def seen_by_visitor(pages: list[Seen], route: str) -> Seen:
    return next(page for page in pages if page.route == route and page.who == VISITOR and page.status == 200)


ELI = "http://data.europa.eu/eli/ontology#"


def read(block: str) -> Graph:
    """A block of linked data as another program reads it; what schema.org would be asked stands here."""
    data = json.loads(block)
    contexts = data["@context"] if isinstance(data["@context"], list) else [data["@context"]]
    data["@context"] = [{"@vocab": str(SDO)} if each == "https://schema.org" else each for each in contexts]
    return Graph().parse(data=json.dumps(data), format="json-ld")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_linked_data_says_what_it_says_in_words_of_schema_org_and_no_page_is_what_it_is_about(app, pages):
    wrong, seen = set(), set()
    for page in pages:
        if not is_public(app, page) or page.route in seen:
            continue
        seen.add(page.route)
        for block in Head(page.html).blocks:
            graph = read(block)
            said = {*graph.predicates(), *graph.objects(None, RDF.type)} - {RDF.type}
            wrong |= {f"{page.route}: {word}" for word in said if word not in SDO and not word.startswith(ELI)}
            for subject, about in graph.subject_objects(SDO.mainEntity):
                if subject == about or (about, RDF.type, None) not in graph:
                    wrong.add(f"{page.route}: is about {about}")
    assert wrong == set()
    assert {CASE, GUIDE, WORDING, "/open-data", "/melden"} <= seen


def test_an_answered_case_is_a_question_with_its_answer(pages):
    page = seen_by_visitor(pages, CASE)
    found = objects_in(page.html)
    question = found["Question"]
    assert found["QAPage"]["mainEntity"] == {"@id": question["@id"]}
    assert question["answerCount"] == 1
    assert question["acceptedAnswer"]["text"]
    assert question["acceptedAnswer"]["author"]["@type"] == "GovernmentOrganization"
    assert "author" not in question
    crumbs = found["BreadcrumbList"]["itemListElement"]
    assert [each["position"] for each in crumbs] == [1, 2]
    assert [each["item"] for each in crumbs] == [f"{BASE}/knelpunten", BASE + page.path]


def test_a_ruimtewijzer_is_a_question_that_leans_on_rules(pages):
    question = objects_in(seen_by_visitor(pages, GUIDE).html)["Question"]
    assert question["acceptedAnswer"]["text"]
    assert question["license"].startswith("https://creativecommons.org/publicdomain/zero/")


def test_a_wording_of_a_provision_is_legislation(pages):
    found = objects_in(seen_by_visitor(pages, WORDING).html)
    assert found["Legislation"]["isPartOf"]["@type"] == "Legislation"
    assert found["Legislation"]["eli:first_date_entry_in_force"] == "2010-01-01"
    assert len(found["BreadcrumbList"]["itemListElement"]) == 3


@pytest.mark.parametrize("path", ["/", "/melden", "/en/melden"])
def test_the_loket_is_a_service_of_government(client, path):
    service = objects_in(client.get(path).text)["GovernmentService"]
    assert service["availableChannel"]["serviceUrl"] == f"{BASE}/melden"
    assert service["provider"]["name"] == "Loket Knelpunt"


def test_a_page_that_is_not_there_tells_other_sites_nothing(client):
    page = client.get("/knelpunten/KNP-2026-99999").text
    assert "og:" not in page
    assert "ld+json" not in page


def test_a_text_that_was_withdrawn_tells_other_sites_nothing(client, session, desk, published):
    case = published()
    publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
    session.flush()
    answer = client.get(f"/knelpunten/{case.reference}")
    assert answer.status_code == 410
    assert "og:" not in answer.text
    assert "ld+json" not in answer.text


def test_a_text_cannot_end_the_block_of_linked_data(app):
    nasty = '</script><script>alert("x")</script><!--'
    with app.test_request_context("/"):
        text = app.jinja_env.from_string("{{ data|tojson }}").render(
            data=page_data(f"{BASE}/", Markup("Een <em>titel</em>"), nasty)
        )
    assert not re.search(r"[<>]", text)
    page = json.loads(text)["@graph"][0]
    assert page["description"] == nasty
    assert page["name"] == "Een titel"


def test_the_card_of_the_site_is_a_picture_for_everybody(client):
    answer = client.get("/kaart.png")
    assert answer.mimetype == "image/png"
    assert answer.get_data()[:4] == b"\x89PNG"
