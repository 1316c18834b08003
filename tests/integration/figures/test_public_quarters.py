"""The quarters that everybody may read: only what is sealed, the same figures in each form, and nobody to point at."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from docx import Document as Docx
from odfdo import Document as Odf
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from knelpunt.cli import cli
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.edition import Edition, annual, edition_of, figures_of, in_words
from knelpunt.domain.figures.sealing import digest
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.domain.permissions import SYSTEM
from knelpunt.models import QuarterEdition, QuarterSeal
from knelpunt.services.figures import publishing, sealing
from knelpunt.web.reporting.public import forms
from knelpunt.web.reporting.public.making import written
from tests.integration.figures.conftest import QUARTER
from tests.support.forms import fill
from tests.support.page import parse_page
from tests.support.world import _published as published_row

BASE = f"/kwartalen/{QUARTER}"
FORMS = ("pdf", "odt", "docx", "ods", "csv", "json", "jsonld")


@pytest.fixture
def content(client, public_quarter) -> str:
    return client.get(f"{BASE}/bericht.json").text


@pytest.fixture
def edition(content) -> Edition:
    return edition_of(json.loads(content))


def test_only_a_sealed_quarter_is_public(client, client_as, busy, quarter_author):
    assert "nog geen kwartaal openbaar" in client.get("/kwartalen").text
    assert client.get(BASE).status_code == 404
    assert client.get(f"{BASE}/bericht.pdf").status_code == 404
    assert client.get("/kwartalen/2026").status_code == 404
    assert client_as(quarter_author).get(BASE).status_code == 200


NOTHING = (
    *("2026-9", "9999", "abcd", "2026-1/bericht.exe", "2026-1/antwoorden?cijfer=nee"),
    *("2026-1/antwoorden?klok=K1&welke=gestopt", "2026-1/antwoorden?cijfer=open&na=x"),
)


@pytest.mark.parametrize("path", NOTHING)
def test_an_address_that_means_nothing_is_not_found(client, public_quarter, path):
    assert client.get(f"/kwartalen/{path}").status_code == 404


def test_the_archive_leads_to_the_quarter_and_its_figures(client, public_quarter, edition):
    assert BASE in client.get("/kwartalen").text
    page = parse_page(client.get(BASE))
    assert "1e kwartaal 2026: meer zaken ontvangen dan afgehandeld" in page.text
    assert "Er kwamen 8 zaken binnen en er is 1 zaak afgehandeld" in page.text
    assert edition.seals[0] in page.text
    for form in FORMS:
        assert client.get(f"{BASE}/bericht.{form}").status_code == 200


def test_a_figure_opens_its_definition_and_the_published_cases_behind_it(session, client, busy, public_quarter):
    page = client.get(f"{BASE}/antwoorden?cijfer=afgehandeld").text
    assert "afgesloten of door de indiener zijn ingetrokken" in page
    assert "Geen openbare zaken" in page
    session.add(published_row(busy.case, busy.make))
    session.flush()
    for figure, is_behind in (("afgehandeld", True), ("ontvangen", True), ("open", False)):
        page = client.get(f"{BASE}/antwoorden?cijfer={figure}").text
        assert (f"/knelpunten/{busy.case.reference}" in page) is is_behind


def test_small_numbers_stand_in_no_public_form(client, edition, content):
    assert edition.table("oordeel") is None, "one case was handled: whoever reads its verdict knows whose it is"
    assert edition.table("provincie") is None, "eight cases in eight provinces: each of them is one"
    themes = edition.table("thema")
    assert [set(row.cells) & set(Mark) for row in themes.rows if "nders" not in row.words] == [{Mark.FEW}]
    for table in edition.tables:
        if table.dimension:
            assert not [cell for row in table.rows for cell in row.cells if isinstance(cell, int) and 0 < cell < 5]
    assert "minder dan 5" in client.get(BASE).text.replace("\xa0", " ")


def test_what_was_kept_is_what_everybody_gets_and_the_database_refuses_to_change_it(session, content, public_quarter):
    kept = session.get_one(QuarterEdition, QUARTER.first_day)
    assert content == kept.content
    assert digest(content) == kept.sha256
    for statement in ("UPDATE quarter_editions SET content = ''", "DELETE FROM quarter_editions"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))


def shown_in(edition: Edition) -> list[str]:
    """Every figure of an edition as a form shows it."""
    return [edition.shown(table, row, column) for table in edition.tables for row in table.rows
            for column in table.columns]  # fmt: skip


def test_each_form_has_the_same_figures(client, edition):
    expected = shown_in(edition)
    rows = list(csv.reader(io.StringIO(client.get(f"{BASE}/bericht.csv").text.lstrip("\ufeff")), delimiter=";"))
    assert [row[3] for row in rows[1:]] == [each.replace(".", "") for each in expected]
    docx = Docx(io.BytesIO(client.get(f"{BASE}/bericht.docx").data))
    assert [cell.text for table in docx.tables for row in table.rows[1:] for cell in row.cells[1:]] == expected
    odt = Odf(io.BytesIO(client.get(f"{BASE}/bericht.odt").data))
    told = [cells[1:] for table in odt.body.get_tables() for cells in table.get_values()[1:]]
    assert [cell for cells in told for cell in cells] == expected
    ods = Odf(io.BytesIO(client.get(f"{BASE}/bericht.ods").data))
    sheets = {sheet.name: sheet.get_values() for sheet in ods.body.get_tables()}
    for table in edition.tables:
        width = len(table.columns)
        lines = sheets[table.title][1 : 1 + len(table.rows)]
        told = [[cell if isinstance(cell, str) else in_words(float(cell)) for cell in line[-width:]] for line in lines]
        assert told == [[in_words(cell) for cell in row.cells] for row in table.rows]


def test_the_documents_carry_a_title_a_language_and_heads_of_tables(client, edition):
    docx = Docx(io.BytesIO(client.get(f"{BASE}/bericht.docx").data))
    assert docx.core_properties.title == "Knelpunten in regels, 1e kwartaal 2026"
    assert docx.core_properties.language == "nl-NL"
    assert all(table.rows[0]._tr.trPr.findall("{*}tblHeader") for table in docx.tables)
    odt_file = client.get(f"{BASE}/bericht.odt").data
    odt = Odf(io.BytesIO(odt_file))
    assert (odt.meta.title, odt.meta.language) == ("Knelpunten in regels, 1e kwartaal 2026", "nl-NL")
    with zipfile.ZipFile(io.BytesIO(odt_file)) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert [header.text_recursive for header in odt.body.get_headers()][:2] == [
        "Meer zaken ontvangen dan afgehandeld",
        "In één oogopslag",
    ]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_edition_gives_the_same_bytes(client, public_quarter, form):
    first = client.get(f"{BASE}/bericht.{form}").data
    forms._made.cache_clear()
    forms._pdf.cache_clear()
    assert client.get(f"{BASE}/bericht.{form}").data == first


def test_every_public_figure_is_counted_again_without_a_database(content, edition, tmp_path):
    file = tmp_path / "bericht.json"
    file.write_text(content, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", "from knelpunt.cli import cli; cli()", "quarter", "recompute", str(file)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/nowhere", "PYTHONPATH": ":".join(sys.path), "HOME": str(tmp_path)},
        cwd=tmp_path,
    ).stdout.splitlines()
    assert told[0] == f"SHA-256 {digest(content)}"
    assert told[1:] == [f"{place}: {value}" for place, value in figures_of(edition)]
    assert "In één oogopslag; Dit kwartaal; Ontvangen: 8" in told
    file.write_text('{"soort": "iets"}', encoding="utf-8")
    assert CliRunner().invoke(cli, ["quarter", "recompute", str(file)]).exit_code == 1


def test_a_correction_stands_beside_its_figure_in_every_form(
    session, client, client_as, quarter_author, public_quarter
):
    browser = client_as(quarter_author)
    path = f"{BASE}/erratum"
    form = fill(browser.get(path), "should_be", place="ontvangen", should_be="9", reason="Een zaak ontbrak.")
    assert browser.post(path, data=form).status_code == 303
    page = client.get(BASE).text
    assert "moet zijn 9" in page
    assert "Een zaak ontbrak." in page
    told = edition_of(client.get(f"{BASE}/bericht.json").get_json())
    assert "8 (correctie 1: 9)" in shown_in(told)
    assert "8 (correctie 1: 9)" in [
        cell.text for table in Docx(io.BytesIO(client.get(f"{BASE}/bericht.docx").data)).tables
        for row in table.rows for cell in row.cells
    ]  # fmt: skip
    assert "(gecorrigeerd)" in client.get("/kwartalen.atom").text


def test_a_correction_tells_no_hidden_number_and_no_person(session, busy, client, quarter_author, public_quarter):
    reason = "Bel mij op 06-12345678 of mail jan@voorbeeld.nl."
    sealing.correct(
        busy.context(quarter_author), QUARTER, place="afgehandeld, oordeel V4", should_be="3", reason=reason
    )
    session.flush()
    correction = edition_of(client.get(f"{BASE}/bericht.json").get_json()).corrections[0]
    assert (correction.sealed_as, correction.should_be) == ("niet getoond", "niet getoond")
    assert "06-12345678" not in client.get(BASE).text
    assert "voorbeeld.nl" not in correction.reason


def test_feeds_sitemaps_and_catalogue_name_the_quarter(client, edition):
    address = f"http://localhost{BASE}"
    for path in ("/kwartalen.atom", "/sitemap/kwartalen.xml", "/sitemap/woo.xml", "/sitemapindex-diwoo.xml"):
        ElementTree.fromstring(client.get(path).data)
    assert f"<id>{address}</id>" in client.get("/kwartalen.atom").text
    assert f"<loc>{address}</loc>" in client.get("/sitemap/kwartalen.xml").text
    assert f"<loc>{address}/bericht.pdf</loc>" in client.get("/sitemap/woo.xml").text
    assert "/sitemapindex-diwoo.xml" in client.get("/robots.txt").text
    catalogue = json.loads(client.get("/open-data/kwartalen.jsonld").text)
    dataset = json.loads(client.get(f"{BASE}/bericht.jsonld").text)
    assert catalogue["dcat:dataset"][0]["@id"] == dataset["@id"] == address
    for name in ("dct:title", "dct:description", "dct:identifier", "dct:publisher", "dct:creator", "dcat:contactPoint",
                 "dct:accessRights", "dcat:theme"):  # fmt: skip
        assert dataset[name]
    for each in dataset["dcat:distribution"]:
        assert client.get(each["dcat:downloadURL"]["@id"].removeprefix("http://localhost")).status_code == 200


def test_the_share_card_is_a_picture(client, public_quarter):
    answer = client.get(f"{BASE}/kaart.png")
    assert answer.data.startswith(b"\x89PNG")


def test_history_is_sealed_after_the_fact_without_days(session, busy, client, public_quarter):
    context = busy.as_(SYSTEM)
    done = list(publishing.reconstruct(context, lambda quarter: written(session, quarter)))
    assert (done[0], done[-1]) == (Quarter(2013, 4), Quarter(2025, 4))
    seal = session.get_one(QuarterSeal, Quarter(2014, 2).first_day)
    assert (seal.is_reconstructed, seal.asked_by_id, seal.sealed_by_id) == (True, None, None)
    page = client.get("/kwartalen/2014-2").text
    assert "Achteraf samengesteld" in page
    assert 'id="doorlooptijd"' not in page
    assert list(publishing.reconstruct(context, lambda quarter: written(session, quarter))) == []
    year = client.get("/kwartalen/2014")
    assert year.status_code == 200
    assert client.get("/kwartalen/2014/bericht.pdf").data.startswith(b"%PDF")
    assert "2014" in parse_page(client.get("/kwartalen")).text


def test_a_year_adds_its_quarters_and_keeps_back_what_they_keep_back(edition):
    made = annual(2026, [edition] * 4)
    totals = made.table("totalen")
    assert totals.cell("nu", "ontvangen") == 32
    assert totals.cell("nu", "open") == edition.table("totalen").cell("nu", "open")
    assert made.table("doorlooptijd").columns[0].key == "zaken"
    assert len(made.table("doorlooptijd").columns) == 1
