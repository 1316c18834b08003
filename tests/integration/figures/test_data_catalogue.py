"""The catalogue of all data sets: by the profile of Dutch government, the same in both forms, and of what is there."""

import hashlib
import json
from datetime import date
from xml.etree import ElementTree

import pyshacl
import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF
from sqlalchemy import func, update

from knelpunt.domain.figures.sealing import FILE_FORMS, FileStatus
from knelpunt.domain.figures.writing import Section
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.extensions import db
from knelpunt.models import Bottleneck, QuarterFile, QuarterSection, QuarterText
from knelpunt.services.figures import files, publishing
from knelpunt.web.public.developers.data_sets import DATA_SETS
from knelpunt.web.reporting.public import forms
from knelpunt.web.reporting.public.making import written
from knelpunt.web.reporting.public.metadata import data_sets
from tests.support.dcat_ap_nl import shapes
from tests.support.exports import in_database
from tests.support.guides import public_guide
from tests.support.statements import counted

__all__ = ["in_database"]

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
SPDX = Namespace("http://spdx.org/rdf/terms#")
JSON_LD, TURTLE = "/open-data/catalogus.jsonld", "/open-data/catalogus.ttl"


@pytest.fixture
def catalogue(client, public_quarter) -> Graph:
    return Graph().parse(data=client.get(TURTLE).text, format="turtle")


def broken_rules(graph: Graph, rules: str) -> list[str]:
    _holds, _report, text = pyshacl.validate(graph, shacl_graph=Graph().parse(data=rules, format="turtle"))
    return [line for line in text.splitlines() if "Message" in line or "Focus Node" in line]


def test_the_catalogue_keeps_the_rules_of_the_profile(catalogue):
    assert broken_rules(catalogue, shapes()) == []


def test_the_rules_notice_what_is_missing(catalogue, subtests):
    for missing in (
        DCTERMS.title, DCTERMS.license, DCAT.contactPoint, DCTERMS.identifier, DCAT.theme, DCAT.service,
        DCAT.endpointURL, DCAT.endpointDescription, DCAT.servesDataset,
    ):  # fmt: skip
        with subtests.test(str(missing)):
            told = list(catalogue.triples((None, missing, None)))
            assert told
            catalogue.remove((None, missing, None))
            assert broken_rules(catalogue, shapes()) != []
            for each in told:
                catalogue.add(each)
    assert broken_rules(catalogue, shapes()) == []


def test_both_forms_say_the_same(client, catalogue):
    answer = client.get(JSON_LD)
    assert answer.content_type.startswith("application/ld+json")
    assert client.get(TURTLE).content_type.startswith("text/turtle")
    assert isomorphic(Graph().parse(data=answer.text, format="json-ld"), catalogue)


def test_every_file_that_the_catalogue_names_is_there(client, catalogue, in_database):
    files = [str(address) for address in catalogue.objects(None, DCAT.downloadURL)]
    assert len(files) > 10
    assert [each for each in files if client.get(each.removeprefix("http://localhost")).status_code != 200] == []


def test_the_api_is_a_service_of_every_data_set_that_it_gives(client, catalogue):
    """Its address and its contract answer, and each data set that has a part in the contract is served."""
    [service] = catalogue.subjects(RDF.type, DCAT.DataService)
    told = client.get("/api/v1/gemeenten?limit=1").headers["API-Version"]
    assert [str(each) for each in catalogue.objects(service, URIRef(f"{DCAT}version"))] == [told]
    contract = client.get(str(catalogue.value(service, DCAT.endpointDescription)).removeprefix("http://localhost"))
    assert contract.json["openapi"].startswith("3.1")
    address = str(catalogue.value(service, DCAT.endpointURL))
    assert address in [each["url"] for each in contract.json["servers"]]
    assert client.get(f"{address.removeprefix('http://localhost')}/knelpunten").status_code == 200
    sets = {str(each) for each in catalogue.objects(service, DCAT.servesDataset)}
    assert {f"http://localhost/open-data#{each.name}" for each in DATA_SETS} <= sets
    assert sets == {str(each) for each in catalogue.subjects(RDF.type, DCAT.Dataset)}


def test_a_form_of_a_quarter_that_was_made_has_its_size_and_checksum(
    app, session, client, desk, author, public_quarter
):
    """As the bytes are that a reader gets; of what is still to be made there is none, nor of a file of before."""
    base = f"http://localhost/kwartalen/{public_quarter}/bericht"

    def told(address=TURTLE):
        graph = Graph().parse(data=client.get(address).text, format="turtle" if address == TURTLE else "json-ld")
        sums = {str(each): graph.value(each, SPDX.checksum) for each in graph.subjects(RDF.type, DCAT.Distribution)}
        return {
            form: (str(graph.value(found, SPDX.checksumValue)), int(str(graph.value(URIRef(address), DCAT.byteSize))))
            for form in FILE_FORMS
            if (found := sums[address := f"{base}.{form}"]) is not None
        }

    assert set(told()) == {"json"}, "the one that all others are made from"
    files.ask(desk.context(author), public_quarter)
    assert files.begin(session, desk.now)
    session.commit()
    with app.app_context():
        assert [each.error for each in files.make(db.session, forms.make, lambda: desk.now, db.session.commit)] == (
            [None] * len(FILE_FORMS)
        )
    for found in (told(), told(f"/kwartalen/{public_quarter}/bericht.jsonld")):
        assert set(found) == set(FILE_FORMS)
        for form, (checksum, size) in found.items():
            content = client.get(f"/kwartalen/{public_quarter}/bericht.{form}").data
            assert (checksum, size) == (hashlib.sha256(content).hexdigest(), len(content)), form
    session.execute(update(QuarterFile).values(source="of before a correction"))
    assert set(told()) == {"json"}


def test_the_catalogue_asks_as_much_for_many_quarters_as_for_one(app, session, busy, public_quarter):
    """With a file and a presented text of each."""
    made = publishing.reconstruct(busy.as_(SYSTEM), lambda quarter: written(session, quarter))
    days = [quarter.first_day for quarter in made]

    def sent(quarters: list[date]) -> int:
        for day in quarters:
            of_quarter = update(QuarterFile).where(QuarterFile.quarter == day)
            session.execute(of_quarter.values(status=FileStatus.READY, done_at=busy.now, content=b"%PDF"))
            session.add(
                QuarterText(
                    quarter=day, status=QuarterStatus.PRESENTED, begun_by_id=busy.handler.id, begun_at=busy.now,
                    asked_by_id=busy.handler.id, asked_at=busy.now, approved_by_id=busy.reviewer.id,
                    approved_at=busy.now, findings={}, passed=[], frozen={}, presented_on=busy.today,
                )
            )  # fmt: skip
            session.flush()
            session.add(
                QuarterSection(
                    quarter=day, section=Section.REASON, source="Er kwam iets.", changed_by_id=busy.handler.id,
                    changed_at=busy.now,
                )
            )  # fmt: skip
        session.flush()
        with app.app_context():
            data_sets(session)
        with app.app_context(), counted(session.connection()) as statements:
            told = data_sets(session)
        assert len(told) == len(days) + 1
        return len(statements)

    assert len(days) > 5
    assert sent(days[:1]) == sent(days[1:])


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
