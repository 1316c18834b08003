"""The quarters that everybody may read: only what is sealed, the same figures in each form, and nobody to point at."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pikepdf
import pytest
from click.testing import CliRunner
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DataError, DBAPIError

from knelpunt.cli import cli
from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import DomainError
from knelpunt.domain.figures import places
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.edition import (
    AFTER,
    NOW,
    TOTALS,
    Column,
    Edition,
    Row,
    Table,
    annual,
    edition_of,
    figures_of,
    in_words,
    text_of,
)
from knelpunt.domain.figures.places import place_of
from knelpunt.domain.figures.sealing import FILE_FORMS, PLACES_MORE, digest
from knelpunt.domain.figures.small_numbers import Mark, Told
from knelpunt.domain.figures.writing import Section
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.domain.vocabulary import EventKind, Role, Theme, Verdict
from knelpunt.extensions import db
from knelpunt.models import (
    Account,
    Case,
    GuideClaim,
    QuarterEdition,
    QuarterErratum,
    QuarterFile,
    QuarterSeal,
    QuarterSection,
    QuarterText,
)
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import editions
from knelpunt.queries.figures.corrections import public_editions
from knelpunt.queries.figures.editions import public_quarters
from knelpunt.queries.figures.public_numbers import PublicNumbers, public_numbers
from knelpunt.queries.figures.sealing import seal_of
from knelpunt.services.core import events
from knelpunt.services.figures import agreements, files, ledger, publishing, sealing
from knelpunt.services.quarters import approval
from knelpunt.web.public import open_data
from knelpunt.web.reporting.pdf_data import pdf_data
from knelpunt.web.reporting.public import forms, making, pages
from knelpunt.web.reporting.public.making import protected, public_edition, told_in, weigh_until, written
from knelpunt.web.shared.charts.tile_map import geometry_of
from knelpunt.web.shared.labels.labels import label
from tests.integration.figures.conftest import PLANTED, PLANTED_ADDRESS, QUARTER, WHY
from tests.support.forms import fill
from tests.support.guides import public_guide
from tests.support.page import parse_page
from tests.support.statements import counted

BASE = f"/kwartalen/{QUARTER}"
FORMS = ("pdf", "odt", "docx", "ods", "csv", "json", "jsonld")


@pytest.fixture
def content(client, public_quarter) -> str:
    return client.get(f"{BASE}/bericht.json").text


@pytest.fixture
def edition(content) -> Edition:
    return edition_of(json.loads(content))


@pytest.fixture
def time_went_by(session, busy):
    """In six cases of the quarter the time to ask for a second look went by, in one of them twice."""
    busy.now, later = busy.now.replace(month=3, day=20), busy.now
    for case in session.scalars(select(Case).order_by(Case.id).limit(5)).all():
        events.record(busy.system, EventKind.CONTEST_ENDED, case=case, data={})
    events.record(busy.system, EventKind.CONTEST_ENDED, case=busy.case, data={})
    ledger.settle(session)
    busy.now = later


def test_who_did_what_after_closing_stands_in_no_public_list(client, time_went_by, public_quarter):
    assert not [href for _words, href in parse_page(client.get(BASE)).links() if "feit=" in href]
    for query in ("feit=na-het-afsluiten&wat=heroverweging_gevraagd%3A", "feit=raadpleging&wat=1%3Agesteld"):
        assert client.get(f"{BASE}/antwoorden?{query}").status_code == 404


def test_files_are_asked_for_made_one_by_one_and_one_that_fails_says_why_and_is_tried_again(
    app, session, client, client_as, busy, public_quarter, quarter_author, monkeypatch
):
    def listed() -> str:
        return client.get(BASE).text.partition('id="bestanden"')[2]

    def make(maker=forms.make) -> dict[str, bool]:
        assert files.begin(session, busy.now)
        assert not files.begin(session, busy.now), "another worker lets it be"
        session.commit()
        with app.app_context():
            done = list(files.make(db.session, maker, lambda: busy.now, db.session.commit))
        return {each.form: each.error is None for each in done}

    staff = client_as(quarter_author)
    assert "wordt nu gemaakt" not in listed()
    path = f"{BASE}/bestanden"
    assert staff.post(path, data=fill(staff.get(path), "submission_key")).status_code == 303
    assert listed().count("wordt nu gemaakt") == 6
    assert "Er zijn 0 van de 6 klaar" in listed().replace("\n", " ").replace("  ", " ")
    assert client.get(f"{BASE}/bericht.pdf").status_code == 200, "who asks before it is made gets it all the same"

    def faulty(quarter: Quarter, form: str) -> files.Form:
        if form == "odt":
            raise DomainError("De schijf is vol.")
        return forms.make(quarter, form)

    assert make(faulty) == {form: form != "odt" for form in ("json", "csv", "ods", "docx", "odt", "pdf")}
    assert "kon niet worden gemaakt" in listed()
    assert "De schijf is vol." not in client.get(BASE).text
    assert "mislukt: De schijf is vol." in staff.get(f"{BASE}/bestanden").text
    assert client.get(f"{BASE}/bericht.odt").status_code == 503
    kept = client.get(f"{BASE}/bericht.pdf").data
    monkeypatch.setattr(forms, "quarter_pdf", None)
    forms._pdf.cache_clear()
    assert client.get(f"{BASE}/bericht.pdf").data == kept, "a file that is there is not made again"
    monkeypatch.undo()
    path = f"{BASE}/bestanden"
    assert staff.post(path, data=fill(staff.get(path), "submission_key")).status_code == 303
    assert set(make().values()) == {True}
    assert client.get(f"{BASE}/bericht.odt").status_code == 200
    edition = public_edition(session, QUARTER)
    place = next(each.place for each in edition.own() if each.column.key == "ontvangen")
    context = busy.context(quarter_author)
    sealing.correct(context, edition, place=place, should_be="9", reason="Een melding was gemist.")
    session.flush()
    assert listed().count("wordt nu gemaakt") == 6, "what changed is made anew"
    assert b"Een melding was gemist" in client.get(f"{BASE}/bericht.json").data
    for _ in range(3):
        busy.later(1)
        assert files.begin(session, busy.now)
    busy.later(1)
    assert not files.begin(session, busy.now)
    assert "stopte drie keer" in staff.get(f"{BASE}/bestanden").text


def test_a_figure_that_is_not_told_opens_no_list(client, public_quarter):
    told = [href for _words, href in parse_page(client.get(BASE)).links() if "/antwoorden?" in href]
    assert told
    assert client.get(told[0]).status_code == 200
    assert client.get(f"{BASE}/antwoorden?cijfer=afgehandeld&per=gemeente&waarde=999999").status_code == 404


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


def test_an_address_that_means_nothing_is_not_found(client, public_quarter, in_turn):
    for path in NOTHING:
        with in_turn(path):
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
    busy.make.published(busy.case)
    for figure, is_behind in (("afgehandeld", True), ("ontvangen", True), ("open", False)):
        page = client.get(f"{BASE}/antwoorden?cijfer={figure}").text
        assert (f"/knelpunten/{busy.case.reference}" in page) is is_behind


def test_a_number_of_claims_opens_the_guides_and_the_others_say_why_they_open_nothing(client, make, busy, request):
    guide, filer = public_guide(make), make.filer()
    for number in range(2):
        make.add(
            GuideClaim(
                guide_id=guide.id,
                guide_number=1,
                organisation_id=filer.organisation_id,
                municipality_id=make.municipality().id,
                account_id=filer.id,
                project=f"{PLANTED} {number}",
                starts_on=date(2026, 2, 1),
                claimed_on=date(2026, 2, 1),
                ask_on=date(2026, 5, 1),
            )
        )
    request.getfixturevalue("public_quarter")
    page = client.get(BASE).text
    assert f"{BASE}/ruimtewijzers?wat=gebruikt" in page
    assert "Wie een vraag beantwoord vond, weten wij niet." in page
    assert "Hoe lang een zaak duurde, staat niet bij de openbare zaak." in page
    told = edition_of(json.loads(client.get(f"{BASE}/bericht.json").text)).table("geholpen")
    uses = client.get(f"/api/v1/ruimtewijzers/{guide.slug}").json["gebruikt"]
    assert told.cell("wegwijs, gebruikt", "nu") == len(uses) == 2, "who counts the names has the number all the same"
    listed = client.get(f"{BASE}/ruimtewijzers?wat=gebruikt").text
    assert listed.count(f'href="/ruimtewijzers/{guide.slug}"') == 1
    assert PLANTED not in listed
    assert client.get(f"{BASE}/ruimtewijzers?wat=gelukt").status_code == 200
    assert client.get(f"{BASE}/ruimtewijzers?wat=anders").status_code == 404
    assert client.get("/kwartalen/2025-1/ruimtewijzers?wat=gebruikt").status_code == 404


def test_small_numbers_stand_in_no_public_form(client, edition, content):
    assert edition.table("oordeel") is None, "one case was handled: whoever reads its verdict knows whose it is"
    assert edition.table("provincie") is None, "eight cases in eight provinces: each of them is one"
    assert edition.table("wet") is None, "none with a law is open, so that all that came with it are the one handled"
    themes = edition.table("thema")
    assert [set(row.cells) & set(Mark) for row in themes.rows if "nders" not in row.words] == [{Mark.FEW}]
    for table in edition.tables:
        if table.dimension:
            assert not [cell for row in table.rows for cell in row.cells if isinstance(cell, int) and 0 < cell < 5]
    assert "minder dan 5" in client.get(BASE).text.replace("\xa0", " ")


def possible(table, rows):
    """What whoever reads a table, its total and the published cases beside it must think possible, by side.

    Args:
        rows: how many published cases of each side there are.
    """
    whole = table["totaal"]
    low, high = {}, {}
    for side, cell in table["delen"].items():
        known = cell if isinstance(cell, int) else None
        low[side] = known if known is not None else max(1, rows[side])
        high[side] = known if known is not None else 4 if cell is Mark.FEW else whole
    for _ in low:
        for side in table["delen"]:
            low[side] = max(low[side], whole - sum(high[each] for each in high if each != side))
            high[side] = min(high[side], whole - sum(low[each] for each in low if each != side))
    return {side: range(low[side], high[side] + 1) for side in low}


def themes_that_came(edition, session):
    """The themes of what came in, as the edition tells them and as the rows of open data count them."""
    themes = edition.table("thema")
    told = {row.words: themes.cell(row.key, "ontvangen") for row in themes.rows}
    rows = Counter(
        row["onderwerp"]
        for row in open_data.rows(session, "https://knelpunt.example")
        if quarter_of(date.fromisoformat(row["gemeldOp"])) == QUARTER
    )
    return {"totaal": edition.table(TOTALS).cell(NOW, "ontvangen"), "delen": told}, rows


def test_counting_the_rows_of_open_data_tells_how_many_there_are_at_least(session, busy, edition):
    busy.make.published(busy.case)
    table, rows = themes_that_came(edition, session)

    found = possible(table, rows)

    assert sum(rows.values()) == 1
    hidden = [side for side, cell in table["delen"].items() if isinstance(cell, Mark)]
    assert len(hidden) == 2
    for side in hidden:
        assert len(found[side]) > 1, f"{side} is {found[side]}"


def test_once_all_other_cases_of_a_table_are_public_the_last_can_be_counted(session, busy, edition):
    """What decision 18 says that hiding cannot do: this fails as soon as it can, and then that text must go."""
    for case in session.scalars(select(Case).where(Case.theme == Theme.OTHER)):
        busy.make.published(case, verdict=Verdict.NOT_A_RULE)
    table, rows = themes_that_came(edition, session)

    found = possible(table, rows)

    (small,) = (side for side in table["delen"] if side != label(Theme.OTHER))
    assert rows[small] == 0
    assert [*found[small]] == [1]


def test_a_number_of_which_nobody_decided_is_not_told_but_an_error(session, public_quarter, edition):
    report = seal_of(session, QUARTER).report
    with pytest.raises(LookupError):
        protected(edition, report, PublicNumbers({}, {}, ()))


def test_an_edition_tells_each_place_as_it_was_weighed(session, public_quarter, edition):
    (report,) = editions.sealed_reports(session, QUARTER)
    own = public_numbers([report], law_of=editions.laws_of_provisions(session))

    told = told_in(edition, tuple(report.pressing))

    known = {place: own.mark(*key) for key in own.numbers if (place := key[1]) in told}
    assert {place: Told(mark) if mark else Told.SHOWN for place, mark in known.items()} == {
        place: told[place] for place in known
    }
    assert set(known.values()) >= {None, Mark.FEW, Mark.KEPT_BACK}
    assert {each.value for each in Figure} <= set(known)


def test_the_next_quarter_is_weighed_against_the_edition_that_was_kept(session, busy, make, quarter_author):
    """The kept edition tells a number by theme that would be hidden today, as one small theme follows from it."""
    author, head = busy.context(quarter_author), busy.context(make.head_of_desk(organisation=busy.ministry))
    sealing.ask(author, QUARTER, WHY)
    sealing.agree(head, QUARTER)
    session.flush()
    edition = edition_of(json.loads(written(session, QUARTER)))
    themes = edition.table("thema")
    small, other = (row.key for row in sorted(themes.rows, key=lambda row: row.key == Theme.OTHER))
    places = [place_of(Figure.RECEIVED, Dimension.THEME, side) for side in (small, other)]
    today = weigh_until(session, QUARTER)
    assert [today.mark(QUARTER, place) for place in places] == [Mark.FEW, Mark.KEPT_BACK]
    rows = [
        replace(row, cells=tuple(today.numbers[QUARTER, places[1]] if each.key == Figure.RECEIVED else cell
                                 for each, cell in zip(themes.columns, row.cells, strict=True)))
        if row.key == other else row
        for row in themes.rows
    ]  # fmt: skip
    tables = tuple(replace(each, rows=tuple(rows)) if each == themes else each for each in edition.tables)

    publishing.keep(head, QUARTER, text_of(replace(edition, tables=tables)))
    told = weigh_until(session, QUARTER)

    assert [told.mark(QUARTER, place) for place in places] == [Mark.FEW, None]
    busy.later(60)
    following = QUARTER.next()
    sealing.ask(busy.context(quarter_author), following, WHY)
    sealing.agree(busy.context(busy.make.head_of_desk(organisation=busy.ministry)), following)
    session.flush()
    after = edition_of(json.loads(written(session, following)))
    assert after.table(TOTALS).cell(NOW, Figure.OPEN) == edition.table(TOTALS).cell(NOW, Figure.OPEN), (
        "what the first gave away does not keep the next from being public"
    )


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


TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part_of(content: bytes, name: str) -> ElementTree.Element:
    """A part of a packed document, read without the library that wrote it."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return ElementTree.fromstring(packed.read(name))


def words_of(cell: ElementTree.Element) -> str:
    return "".join(cell.itertext())


def rows_of(content: ElementTree.Element) -> list[list[list[ElementTree.Element]]]:
    """The cells of each row of each table of an OpenDocument file."""
    return [
        [list(row.iter(f"{TABLE}table-cell")) for row in table.iter(f"{TABLE}table-row")]
        for table in content.iter(f"{TABLE}table")
    ]


def test_each_form_has_the_same_figures(client, edition):
    expected = shown_in(edition)
    rows = list(csv.reader(io.StringIO(client.get(f"{BASE}/bericht.csv").text.lstrip("\ufeff")), delimiter=";"))
    assert [row[3] for row in rows[1:]] == [each.replace(".", "") for each in expected]
    docx = part_of(client.get(f"{BASE}/bericht.docx").data, "word/document.xml")
    tables = [[list(row.iter(f"{WORD}tc")) for row in table.iter(f"{WORD}tr")] for table in docx.iter(f"{WORD}tbl")]
    assert [words_of(cell) for table in tables for row in table[1:] for cell in row[1:]] == expected
    odt = rows_of(part_of(client.get(f"{BASE}/bericht.odt").data, "content.xml"))
    assert [words_of(cell) for table in odt for row in table[1:] for cell in row[1:]] == expected
    _about, *sheets = rows_of(part_of(client.get(f"{BASE}/bericht.ods").data, "content.xml"))
    for table, sheet in zip(edition.tables, sheets, strict=True):
        for row, cells in zip(table.rows, sheet[1:], strict=False):
            told = cells[-len(table.columns) :]
            assert [words_of(cell) for cell in told] == [in_words(cell) for cell in row.cells]
            numbers = [cell.get(f"{OFFICE}value") for cell in told]
            assert [None if each is None else float(each) for each in numbers] == [
                float(cell) if isinstance(cell, int | float) else None for cell in row.cells
            ]


def test_the_documents_carry_a_title_a_language_and_heads_of_tables(client, edition):
    title = "Knelpunten in regels, 1e kwartaal 2026"
    word_file, odt_file = client.get(f"{BASE}/bericht.docx").data, client.get(f"{BASE}/bericht.odt").data
    told = {each.tag.partition("}")[2]: each.text for each in part_of(word_file, "docProps/core.xml")}
    assert (told["title"], told["language"]) == (title, "nl-NL")
    document = part_of(word_file, "word/document.xml")
    tables = list(document.iter(f"{WORD}tbl"))
    assert tables
    assert all(next(table.iter(f"{WORD}tr")).find(f".//{WORD}tblHeader") is not None for table in tables)
    styles = part_of(word_file, "word/styles.xml")
    assert {each.get(f"{WORD}val") for each in styles.iter(f"{WORD}lang")} == {"nl-NL"}
    meta = {each.tag.partition("}")[2]: each.text for each in part_of(odt_file, "meta.xml").iter()}
    assert (meta["title"], meta["language"]) == (title, "nl-NL")
    with zipfile.ZipFile(io.BytesIO(odt_file)) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    odt = part_of(odt_file, "content.xml")
    assert all(table.find(f"{TABLE}table-header-rows") is not None for table in odt.iter(f"{TABLE}table"))
    item = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}list-item"
    assert not [each for each in odt.iter(item) if each.find(item) is not None], "an item in an item is shown by nobody"
    heads = [words_of(each) for each in odt.iter("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}h")]
    assert heads[:2] == ["Meer zaken ontvangen dan afgehandeld", "In één oogopslag"]


def everything_in(content: bytes, form: str) -> bytes:
    """All that a file holds, unpacked."""
    if form == "pdf":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            parts = [each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream)]
            return b"".join([content, *parts, *(str(each).encode() for each in pdf.objects)])
    if form in ("odt", "ods", "docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())
    return content


def test_planted_names_stand_in_no_form_and_no_metadata(session, client, public_quarter, edition):
    staff = session.scalars(select(Account.name)).all()
    names = [*staff, PLANTED, PLANTED_ADDRESS, *PLANTED.split()]
    pages = [BASE, "/kwartalen", "/kwartalen.atom", f"{BASE}/antwoorden?cijfer=ontvangen", "/sitemap/woo.xml"]
    answers = {path: client.get(path).data for path in pages}
    answers |= {form: everything_in(client.get(f"{BASE}/bericht.{form}").data, form) for form in FORMS}
    answers["the words that the PDF is set from"] = json.dumps(
        pdf_data(edition, geometry_of(reference(session)), BASE), ensure_ascii=False
    ).encode()
    assert [(where, name) for where, content in answers.items() for name in names if name.encode() in content] == []
    assert PLANTED in session.get_one(QuarterSeal, QUARTER.first_day).content


def test_the_same_edition_gives_the_same_bytes(client, public_quarter, in_turn):
    for form in FORMS:
        with in_turn(form):
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
    form = fill(
        browser.get(path), "should_be", place="totalen; nu; ontvangen", should_be="9", reason="Een zaak ontbrak."
    )
    assert browser.post(path, data=form).status_code == 303
    page = client.get(BASE).text
    assert "moet zijn 9" in page
    assert "Een zaak ontbrak." in page
    told = edition_of(client.get(f"{BASE}/bericht.json").get_json())
    assert "8 (correctie 1: 9)" in shown_in(told)
    docx = part_of(client.get(f"{BASE}/bericht.docx").data, "word/document.xml")
    assert "8 (correctie 1: 9)" in [words_of(cell) for cell in docx.iter(f"{WORD}tc")]
    assert "(gecorrigeerd)" in client.get("/kwartalen.atom").text


CORRECTED = [
    ("te-laat; K1; loopt", "Te laat per klok: Eerste reactie van een medewerker, loopt te laat", "7"),
    ("looptijd; K1; termijn", "Hoe lang een klok liep: Eerste reactie van een medewerker, termijn", "7"),
    ("stedelijkheid; geen; open", "Open, Niet bekend", "7"),
    ("sinds-het-begin; sinds, afgehandeld; nu", "Sinds het begin: Afgehandeld", "1"),
]


def test_a_correction_of_any_figure_stands_beside_it(
    session, client, client_as, quarter_author, public_quarter, in_turn
):
    browser = client_as(quarter_author)
    for place, words, sealed_as in CORRECTED:
        with in_turn(place):
            stands_beside(session, client, browser, place, words, sealed_as)


def stands_beside(session, client, browser, place, words, sealed_as):
    """A correction of this figure, on every page and in every form."""
    page = browser.get(f"{BASE}/erratum")
    assert f"{words}: {sealed_as}" in page.text
    form = fill(page, "should_be", place=place, should_be="33", reason="Verkeerd geteld.")
    assert browser.post(f"{BASE}/erratum", data=form).status_code == 303
    assert ["1", words, sealed_as, "33", "Verkeerd geteld."] in parse_page(browser.get(BASE)).rows()
    public = client.get(BASE)
    assert public.text.count("moet zijn 33") == 1
    assert any(row[:4] == ["1", words, sealed_as, "33"] for row in parse_page(public).rows())
    told = edition_of(client.get(f"{BASE}/bericht.json").get_json())
    assert told.at(place).words == words
    beside = f"{sealed_as} (correctie 1: 33)"
    assert shown_in(told).count(beside) == 1
    docx = part_of(client.get(f"{BASE}/bericht.docx").data, "word/document.xml")
    assert beside in [words_of(cell) for cell in docx.iter(f"{WORD}tc")]
    assert beside in json.dumps(pdf_data(told, geometry_of(reference(session)), BASE), ensure_ascii=False)
    ods = rows_of(part_of(client.get(f"{BASE}/bericht.ods").data, "content.xml"))
    [row] = [
        row for sheet in ods[:-1] for row in sheet if row and words_of(row[-1]).endswith("correctie 1, moet zijn 33")
    ]
    assert words_of(row[0]) == told.at(place).row.words


def test_a_correction_tells_no_hidden_number_and_no_person(session, busy, client, quarter_author, public_quarter):
    reason = "Bel mij op 06-12345678 of mail jan@voorbeeld.nl."
    given = {"place": "thema; wonen; ontvangen", "should_be": "3", "reason": reason}
    with pytest.raises(DomainError, match="telefoonnummer"):
        sealing.correct(busy.context(quarter_author), public_edition(session, QUARTER), **given)
    kept = {"quarter": QUARTER.first_day, "number": 1, "sealed_as": "2", "made_by_id": quarter_author.id}
    session.add(QuarterErratum(**kept, **given, made_at=busy.now))  # of before reasons were looked through
    session.flush()
    [correction] = edition_of(client.get(f"{BASE}/bericht.json").get_json()).corrections
    assert correction.words == "Ontvangen"
    assert (correction.sealed_as, correction.should_be) == ("niet getoond", "niet getoond")
    assert "06-12345678" not in client.get(BASE).text
    assert "voorbeeld.nl" not in correction.reason


def test_a_correction_to_a_small_number_says_only_that_it_is_small(
    session, busy, client, quarter_author, public_quarter
):
    author, edition = busy.context(quarter_author), public_edition(session, QUARTER)
    sealing.correct(
        author, edition, place="stedelijkheid; geen; open", should_be="2", reason="Zes zaken telden dubbel."
    )
    session.flush()
    [correction] = edition_of(client.get(f"{BASE}/bericht.json").get_json()).corrections
    assert (correction.sealed_as, correction.should_be) == ("7", "minder dan 5")
    assert "dubbel" not in client.get(BASE).text


KEPT_EARLIER = [
    ("ontvangen", "Ontvangen", "8"),
    ("open, stedelijkheid None", "Open, Niet bekend", "8"),
    ("open, stedelijkheid geen", "Open, Niet bekend", "8"),
    ("gemeenten", "Gemeenten: Gemeenten met een melding", "8"),
    ("klok K1", "Klok K1", "niet getoond"),
    ("afgehandeld, oordeel V4", "Afgehandeld", "niet getoond"),
]


def test_a_correction_of_before_places_were_those_of_the_edition_is_still_shown(
    session, busy, client, quarter_author, public_quarter, in_turn
):
    kept = {"quarter": QUARTER.first_day, "number": 1, "sealed_as": "8", "should_be": "9", "reason": "Fout."}
    made = {"made_by_id": quarter_author.id, "made_at": busy.now}
    for place, words, sealed_as in KEPT_EARLIER:
        with in_turn(place):
            session.execute(insert(QuarterErratum).values(place=place, **kept, **made))
            [correction] = edition_of(client.get(f"{BASE}/bericht.json").get_json()).corrections
            assert (correction.words, correction.sealed_as) == (words, sealed_as)
            assert any(row[:3] == ["1", words, sealed_as] for row in parse_page(client.get(BASE)).rows())


def test_what_a_ministry_says_stands_beside_its_number(
    session, busy, client, quarter_author, public_quarter, edition, monkeypatch
):
    ministry = busy.ministry
    rows = (Row(str(ministry.id), ministry.name, (12,)),)
    asked = Table("raadpleging", "Vragen aan ministeries", "", "Ministerie", (Column("gesteld", "Gesteld"),), rows)
    with_asked = replace(edition, tables=(*edition.tables, asked))
    monkeypatch.setattr(pages, "public_edition", lambda _session, _quarter: with_asked)
    context, said = busy.context(quarter_author), "Wij kregen de vraag laat."
    agreements.reply(context, QUARTER, ministry_id=ministry.id, words=said, given_on=busy.today)
    session.flush()
    page = client.get(BASE).text
    assert f"Reactie van {ministry.name}" in page[page.index('id="raadpleging"') : page.index(said)]
    own = parse_page(client.get(f"/kwartalen/ministeries/{ministry.id}")).text
    assert "Reactie van het ministerie: 1e kwartaal 2026" in " ".join(own.split())


def test_feeds_sitemaps_and_catalogue_name_the_quarter(client, edition):
    address = f"http://localhost{BASE}"
    for path in ("/kwartalen.atom", "/sitemap/kwartalen.xml", "/sitemap/woo.xml", "/sitemapindex-diwoo.xml"):
        ElementTree.fromstring(client.get(path).data)
    assert f"<id>{address}</id>" in client.get("/kwartalen.atom").text
    assert f"<loc>{address}</loc>" in client.get("/sitemap/kwartalen.xml").text
    assert f"<loc>{address}/bericht.pdf</loc>" in client.get("/sitemap/woo.xml").text
    assert "/sitemapindex-diwoo.xml" in client.get("/robots.txt").text
    catalogue = json.loads(client.get("/open-data/kwartalen.jsonld", follow_redirects=True).text)
    dataset = json.loads(client.get(f"{BASE}/bericht.jsonld").text)
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(BASE).text, re.DOTALL)
    _page, in_page = json.loads(script.group(1))["@graph"]
    assert (in_page["@type"], in_page["url"]) == ("Dataset", address)
    assert {each["encodingFormat"] for each in in_page["distribution"]} >= {"text/csv", "application/pdf"}
    assert address == dataset["@id"]
    assert address in [each["@id"] for each in catalogue["dcat:dataset"]]
    for name in ("dct:title", "dct:description", "dct:identifier", "dct:publisher", "dct:creator", "dcat:contactPoint",
                 "dct:accessRights", "dcat:theme"):  # fmt: skip
        assert dataset[name]
    for each in dataset["dcat:distribution"]:
        assert client.get(each["dcat:downloadURL"]["@id"].removeprefix("http://localhost")).status_code == 200


def test_what_lists_quarters_knows_their_corrections_and_their_paper(
    session, busy, client, quarter_author, public_quarter
):
    sealed_at = session.get_one(QuarterSeal, QUARTER.first_day).sealed_at
    assert public_quarters(session)[0].changed_at == sealed_at
    assert "inspanningsverplichting" in client.get("/sitemap/woo.xml").text

    busy.later(1)
    author = busy.context(quarter_author)
    edition = public_edition(session, QUARTER)
    sealing.correct(author, edition, place="totalen; nu; ontvangen", should_be="9", reason="Een zaak ontbrak.")
    session.flush()
    assert public_quarters(session)[0].changed_at == author.now
    assert checksum_in(client.get("/open-data/catalogus.jsonld").get_data()) == checksum_of_file(client)

    busy.later(1)
    text = QuarterText(
        quarter=QUARTER.first_day, status=QuarterStatus.PRESENTED, begun_by_id=busy.handler.id, begun_at=busy.now,
        asked_by_id=busy.handler.id, asked_at=busy.now, approved_by_id=busy.reviewer.id, approved_at=busy.now,
        findings={}, passed=[], frozen={}, presented_on=busy.today,
    )  # fmt: skip
    session.add(text)
    session.flush()
    author = busy.context(quarter_author)
    approval.number(author, QUARTER, "32 847, nr. 106")
    session.flush()
    assert public_quarters(session)[0].changed_at == author.now
    assert "vergaderstukken Staten-Generaal" in client.get("/sitemap/woo.xml").text
    assert "Kamerstuk 32 847, nr. 106" in client.get("/kwartalen").text
    assert f"<lastmod>{busy.today.isoformat()}</lastmod>" in client.get("/sitemap/woo.xml").text
    assert author.now.isoformat() in client.get("/kwartalen.atom").text
    assert checksum_in(client.get("/open-data/catalogus.jsonld").get_data()) == checksum_of_file(client)


def checksum_in(catalogue: bytes) -> str:
    """What the catalogue says of the open data of its newest quarter."""
    quarters = [each for each in json.loads(catalogue)["dcat:dataset"] if "dcat:inSeries" in each]
    files = quarters[0]["dcat:distribution"]
    return next(each["spdx:checksum"]["spdx:checksumValue"]["@value"] for each in files if "spdx:checksum" in each)


def checksum_of_file(client) -> str:
    return digest(client.get(f"{BASE}/bericht.json").text)


def test_all_public_quarters_are_read_in_three_statements_and_their_editions_once(
    session, busy, public_quarter, monkeypatch
):
    monkeypatch.setattr(editions, "_known", {})
    list(publishing.reconstruct(busy.as_(SYSTEM), lambda quarter: written(session, quarter)))
    session.flush()
    with counted(session.connection()) as first:
        found = public_editions(session)
    with counted(session.connection()) as again:
        assert public_editions(session) == found
    assert len(found) > 1
    assert (len(first), len(again)) == (4, 3)


def test_the_share_card_is_a_picture(client, public_quarter):
    answer = client.get(f"{BASE}/kaart.png")
    assert answer.data.startswith(b"\x89PNG")


def test_history_is_sealed_after_the_fact_without_days(
    session, busy, client, client_as, quarter_author, public_quarter
):
    context = busy.as_(SYSTEM)
    done = list(publishing.reconstruct(context, lambda quarter: written(session, quarter)))
    assert (done[0], done[-1]) == (Quarter(2013, 4), Quarter(2025, 4))
    asked = session.scalars(select(QuarterFile.quarter).distinct().order_by(QuarterFile.quarter)).all()
    assert asked == [each.first_day for each in done]
    seal = session.get_one(QuarterSeal, Quarter(2014, 2).first_day)
    assert (seal.is_reconstructed, seal.asked_by_id, seal.sealed_by_id) == (True, None, None)
    page = client.get("/kwartalen/2014-2").text
    assert "Achteraf samengesteld" in page
    own = client_as(quarter_author).get("/kwartalen/2014-2").text
    assert "achteraf samengesteld uit openbare bronnen" in own
    assert "twee personen" not in own
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
    assert edition.table("looptijd").cell("K1", "p50") is not None
    told = dict(figures_of(made))
    assert told[f"{totals.title}; Het hele jaar; Ontvangen"] == "32"
    assert not [words for words in told.values() if "de helft" in words.casefold()]


def test_what_was_sealed_before_editions_were_kept_gets_one(session, busy, quarter_author, make, client):
    sealing.ask(busy.context(quarter_author), QUARTER, WHY)
    sealing.agree(busy.context(make.head_of_desk(organisation=busy.ministry)), QUARTER)
    session.flush()
    assert client.get(BASE).status_code == 200
    assert BASE not in client.get("/kwartalen").text
    keep = publishing.keep_missing(busy.as_(SYSTEM), lambda quarter: written(session, quarter))
    assert list(keep) == [publishing.Kept(QUARTER)]
    assert session.scalars(select(QuarterFile.quarter).distinct()).all() == [QUARTER.first_day]
    assert BASE in client.get("/kwartalen").text


def test_how_it_went_stands_beside_the_quarter_before_and_not_in_a_year(session, busy, client, public_quarter):
    """Whoever asks whether cases go faster reads it in the same table; what is hidden then is hidden here."""
    busy.later(60)
    following = QUARTER.next()
    sealed_without_edition(session, busy, busy.make.account(Role.REPORT_AUTHOR, organisation=busy.ministry), following)
    first, told = public_edition(session, QUARTER), edition_of(json.loads(written(session, following)))
    for key, column in (("stil", "nu"), ("gemeenten", "nu"), ("geholpen", "nu"), ("te-laat", "te-laat")):
        table = told.table(key)
        assert next(each.title for each in table.columns if each.is_before).casefold().endswith("vorig kwartaal")
        for row in first.table(key).rows:
            assert table.cell(row.key, f"{column}-vorig") == first.table(key).cell(row.key, column), (key, row.key)
    assert told.table("stil").cell("antwoord verschuldigd", "nu-vorig") == 8
    assert told.table("doorlooptijd").cell("bruto", "mediaan-vorig") is Mark.KEPT_BACK
    assert not [each for table in annual(2026, [told] * 4).tables for each in table.columns if each.is_before]
    assert not [each for each in told.own() if each.column.is_before]


def test_what_was_not_measured_then_stands_as_not_measured_and_not_as_none(
    session, busy, quarter_author, public_quarter
):
    """Nothing was closed in the second quarter, and nothing happened after a closing: how long closings took is not
    known then, how often something happened is."""
    busy.later(60)
    second, third = QUARTER.next(), QUARTER.next().next()
    sealed_without_edition(session, busy, quarter_author, second)
    quiet = edition_of(json.loads(written(session, second)))
    assert quiet.table("doorlooptijd").cell("bruto", "mediaan") is None
    assert quiet.table(AFTER) is None
    busy.later(30)
    case = busy.bring("afgesloten")
    events.record(busy.system, EventKind.CONTEST_ENDED, case=case, data={})
    ledger.settle(session)
    busy.later(60)
    sealed_without_edition(session, busy, quarter_author, third)
    told = edition_of(json.loads(written(session, third)))
    beside = next(each.key for each in told.table("doorlooptijd").columns if each.title == "Mediaan: vorig kwartaal")
    assert told.table("doorlooptijd").cell("bruto", beside) is None
    rows = told.table(AFTER).rows
    assert rows
    effects = {row.key for row in rows} & places.EFFECTS
    assert effects
    assert {told.table(AFTER).cell(each, "aantal-vorig") for each in effects} == {None}, "not counted in that quarter"
    assert {told.table(AFTER).cell(row.key, "aantal-vorig") for row in rows if row.key not in effects} == {0}


def sealed_without_edition(session, busy, author, quarter=QUARTER):
    sealing.ask(busy.context(author), quarter, WHY)
    sealing.agree(busy.context(busy.make.head_of_desk(organisation=busy.ministry)), quarter)
    session.flush()


def test_who_seals_the_next_quarter_keeps_the_edition_of_one_that_has_none_first(
    session, busy, client, client_as, quarter_author
):
    sealed_without_edition(session, busy, quarter_author)
    busy.later(60)
    following = QUARTER.next()
    sealing.ask(busy.context(quarter_author), following, WHY)
    session.flush()
    head = client_as(busy.make.head_of_desk(organisation=busy.ministry))
    decide = f"/kwartalen/{following}/verzegelen/besluit"
    answer = head.post(decide, data=fill(head.get(decide), "remark", decision="akkoord"))
    assert answer.status_code == 303
    kept = editions.all_editions(session)
    assert set(kept) == {QUARTER, following}
    assert kept[QUARTER].table("thema"), "all of it, as when it had been kept at once"
    assert set(editions.files_of(session, QUARTER)) == set(editions.files_of(session, following)) == set(FILE_FORMS)
    assert BASE in client.get("/kwartalen").text


def test_a_quarter_of_which_nothing_was_kept_before_a_later_one_tells_its_totals_alone(
    session, busy, client, quarter_author
):
    sealed_without_edition(session, busy, quarter_author)
    assert 'id="thema"' in client.get(BASE).text
    busy.later(60)
    following = QUARTER.next()
    sealed_without_edition(session, busy, quarter_author, following)
    publishing.keep(busy.as_(SYSTEM), following, written(session, following))
    page = client.get(BASE).text
    assert 'id="thema"' not in page
    assert "alleen de totalen openbaar" in page
    assert "<strong>8</strong>" in page or ">8<" in page.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("fault", [DomainError, KeyError])
def test_one_quarter_that_cannot_be_public_keeps_no_other_from_being_kept(
    session, busy, client_as, quarter_author, monkeypatch, fault
):
    """Nor does what is wrong with it go on into a later quarter, or into sealing that."""
    sealed_without_edition(session, busy, quarter_author)
    busy.later(60)
    following = QUARTER.next()

    def weighed(reports, **others):
        told = public_numbers(reports, **others)
        if QUARTER not in {report.now.span.quarter for report in reports}:
            return told
        if fault is KeyError:
            raise KeyError(QUARTER)
        return replace(told, exposed=((QUARTER, "ontvangen"),))

    monkeypatch.setattr(making, "public_numbers", weighed)
    sealing.ask(busy.context(quarter_author), following, WHY)
    session.flush()
    head = client_as(busy.make.head_of_desk(organisation=busy.ministry))
    decide = f"/kwartalen/{following}/verzegelen/besluit"
    answer = head.post(decide, data=fill(head.get(decide), "remark", decision="akkoord"))
    assert answer.status_code == 303
    assert f"Van kwartaal {QUARTER} is nog geen openbare versie bewaard" in head.get(answer.location).text
    kept = editions.all_editions(session)
    assert set(kept) == {following}
    assert kept[following].table("doorlooptijd"), "more than its totals"
    assert not [each for table in kept[following].tables for each in table.columns if each.is_before]
    assert list(publishing.keep_missing(busy.as_(SYSTEM), lambda each: written(session, each))) == [
        publishing.Kept(QUARTER)
    ], "by its totals, now that a later one is public"
    assert not editions.all_editions(session)[QUARTER].table("thema")


def test_whatever_is_wrong_with_one_quarter_the_others_are_kept_and_it_is_told(session, busy, quarter_author):
    sealed_without_edition(session, busy, quarter_author)
    busy.later(60)
    sealed_without_edition(session, busy, quarter_author, QUARTER.next())

    def write(quarter: Quarter) -> str:
        if quarter == QUARTER:
            session.execute(text("SELECT 1 / 0"))
        return written(session, quarter)

    bad, good = publishing.keep_missing(busy.as_(SYSTEM), write)
    assert (bad.quarter, type(bad.error)) == (QUARTER, DataError)
    assert good == publishing.Kept(QUARTER.next())


def test_a_quarter_with_a_presented_text_is_not_kept_by_its_totals_unless_somebody_says_so(
    session, busy, client, quarter_author
):
    """Its text would lose figures for good."""
    sealed_without_edition(session, busy, quarter_author)
    busy.later(60)
    following = QUARTER.next()
    sealed_without_edition(session, busy, quarter_author, following)
    publishing.keep(busy.as_(SYSTEM), following, written(session, following))
    session.add(
        QuarterText(
            quarter=QUARTER.first_day, status=QuarterStatus.PRESENTED, begun_by_id=busy.handler.id, begun_at=busy.now,
            findings={}, passed=[], frozen={}, asked_by_id=busy.handler.id, asked_at=busy.now,
            approved_by_id=busy.reviewer.id, approved_at=busy.now, presented_on=busy.today,
        )
    )  # fmt: skip
    session.flush()
    (left,) = publishing.keep_missing(busy.as_(SYSTEM), lambda each: written(session, each))
    assert (left.quarter, left.error.message) == (QUARTER, PLACES_MORE)
    assert set(editions.all_editions(session)) == {following}
    assert "alleen de totalen openbaar" in client.get(BASE).text
    kept = publishing.keep_missing(busy.as_(SYSTEM), lambda each: written(session, each, even_totals=True))
    assert list(kept) == [publishing.Kept(QUARTER)]


def test_a_text_is_public_once_it_is_presented_and_tells_what_the_edition_tells(session, client, busy, public_quarter):
    text = QuarterText(
        quarter=QUARTER.first_day, status=QuarterStatus.WRITING, begun_by_id=busy.handler.id, begun_at=busy.now,
        findings={}, passed=[],
    )  # fmt: skip
    session.add(text)
    session.flush()
    source = (
        "Er kwamen {{cijfer: ontvangen}} zaken, waarvan {{cijfer: ontvangen, thema wonen}} over wonen.\n\n"
        "{{tabel: oordeel}}\n\n{{tabel: toezeggingen}}\n\n{{tabel: doorlooptijd}}"
    )
    session.add(
        QuarterSection(
            quarter=QUARTER.first_day,
            section=Section.ONE_PAGE,
            source=source,
            changed_by_id=busy.handler.id,
            changed_at=busy.now,
        )
    )
    session.flush()
    assert "waarvan" not in client.get(BASE).text
    handler_id, reviewer_id = busy.handler.id, busy.reviewer.id
    text.asked_by_id, text.asked_at, text.approved_by_id, text.approved_at = handler_id, busy.now, reviewer_id, busy.now
    text.status, text.presented_on, text.paper = QuarterStatus.PRESENTED, busy.today, "32 847, nr. 106"
    text.frozen = {}
    session.flush()
    told = "Er kwamen 8 zaken, waarvan minder dan 5 over wonen."
    assert told in " ".join(parse_page(client.get(BASE)).text.split())
    paper = "https://zoek.officielebekendmakingen.nl/kst-32847-106.html"
    assert ("Kamerstuk 32 847, nr. 106", paper) in list(parse_page(client.get(BASE)).links())
    text.paper = "36 600-VII, nr. 12"
    session.flush()
    assert "Kamerstuk 36 600-VII, nr. 12." in client.get(BASE).text, "where that stands we do not make up"
    text.paper = "32 847, nr. 106"
    session.flush()
    assert "te weinig zaken om te splitsen" in client.get(BASE).text
    assert "Er is niets om te tonen" not in client.get(BASE).text
    regions = re.findall(r'role="region" aria-label="([^"]*)"', client.get(BASE).text)
    assert [each for each in regions if each.startswith("Doorlooptijd, tabel ")]
    assert len(regions) == len(set(regions))
    docx = part_of(client.get(f"{BASE}/bericht.docx").data, "word/document.xml")
    assert told in [words_of(each) for each in docx.iter(f"{WORD}p")]
    assert edition_of(client.get(f"{BASE}/bericht.json").get_json()).paper == "32 847, nr. 106"
