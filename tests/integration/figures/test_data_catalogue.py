"""The catalogue of all data sets: by the profile of Dutch government, the same in both forms, and of what is there."""

import json
from datetime import date
from xml.etree import ElementTree

import pyshacl
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF
from sqlalchemy import func

from knelpunt.models import Bottleneck
from tests.support.dcat_ap_nl import shapes
from tests.support.exports import in_database
from tests.support.guides import public_guide

__all__ = ["in_database"]

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
JSON_LD, TURTLE = "/open-data/catalogus.jsonld", "/open-data/catalogus.ttl"


@pytest.fixture
def catalogue(client, public_quarter) -> Graph:
    return Graph().parse(data=client.get(TURTLE).text, format="turtle")


def broken_rules(graph: Graph, rules: str) -> list[str]:
    _holds, _report, text = pyshacl.validate(graph, shacl_graph=Graph().parse(data=rules, format="turtle"))
    return [line for line in text.splitlines() if "Message" in line or "Focus Node" in line]


def test_the_catalogue_keeps_the_rules_of_the_profile(catalogue):
    assert broken_rules(catalogue, shapes()) == []


@pytest.mark.parametrize("missing", [DCTERMS.title, DCTERMS.license, DCAT.contactPoint, DCTERMS.identifier, DCAT.theme])
def test_the_rules_notice_what_is_missing(catalogue, missing):
    catalogue.remove((None, missing, None))
    assert broken_rules(catalogue, shapes()) != []


def test_both_forms_say_the_same(client, catalogue):
    answer = client.get(JSON_LD)
    assert answer.content_type.startswith("application/ld+json")
    assert client.get(TURTLE).content_type.startswith("text/turtle")
    assert isomorphic(Graph().parse(data=answer.text, format="json-ld"), catalogue)


def test_every_file_that_the_catalogue_names_is_there(client, catalogue, in_database):
    files = [str(address) for address in catalogue.objects(None, DCAT.downloadURL)]
    assert len(files) > 10
    assert [each for each in files if client.get(each.removeprefix("http://localhost")).status_code != 200] == []


def test_every_data_set_is_in_it_under_cc0(client, catalogue):
    titles = {str(catalogue.value(each, DCTERMS.title)) for each in catalogue.subjects(RDF.type, DCAT.Dataset)}
    assert {"Knelpunten", "Ruimtewijzers", "Regelknelpunten", "Redacties van bepalingen"} < titles
    licences = {str(each) for each in catalogue.objects(None, DCTERMS.license)}
    assert licences == {"http://creativecommons.org/publicdomain/zero/1.0/deed.nl"}


def first_days(graph: Graph) -> dict[str, str | None]:
    """From which day each data set is, by its title."""
    periods = {each: graph.value(each, DCTERMS.temporal) for each in graph.subjects(RDF.type, DCAT.Dataset)}
    return {
        str(graph.value(each, DCTERMS.title)): str(graph.value(period, DCAT.startDate)) if period else None
        for each, period in periods.items()
    }


def test_every_data_set_says_from_which_day_it_is(client, catalogue, make):
    public_guide(make)
    make.add(
        Bottleneck(
            reference="RK-2026-9002", title="Een regel", problem="Het knelt.", status="gesignaleerd",
            signalled_on=date(2014, 2, 3), owner_due_on=make.today, updated_at=make.now,
            terms=func.to_tsvector("simple", "regel"),
        )
    )  # fmt: skip
    days = first_days(Graph().parse(data=client.get(TURTLE).text, format="turtle"))
    assert None not in days.values(), days
    assert days["Regelknelpunten"] == "2014-02-03"
    assert days["Redacties van bepalingen"] < "2013-01-01"
    assert days["Knelpunten"] == "2010-01-01"


def test_the_catalogue_is_found_from_the_page_robots_and_the_map_of_the_site(client, public_quarter):
    page = client.get("/open-data").text
    for path, kind in ((JSON_LD, "application/ld+json"), (TURTLE, "text/turtle")):
        assert f'<link rel="alternate" type="{kind}" title="DCAT-AP-NL" href="{path}">' in page
    assert f"http://localhost{JSON_LD}" in client.get("/robots.txt").text
    assert f"http://localhost{JSON_LD}" in [
        element.text for element in ElementTree.fromstring(client.get("/sitemap/paginas.xml").data).iter()
    ]


def test_the_page_of_open_data_is_a_catalogue_to_search_engines(client):
    page = client.get("/open-data").text
    block = page[page.index('<script type="application/ld+json">') :].partition(">")[2].partition("</script>")[0]
    sets = {each["name"]: each for each in json.loads(block)["@graph"] if each["@type"] == "Dataset"}
    assert {"Knelpunten", "Kwartalen"} <= set(sets)
    assert sets["Knelpunten"]["distribution"]
    assert sets["Knelpunten"]["license"]
