"""What other programs read: valid XML, a valid security.txt, open data with the public record and nothing else."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from knelpunt.domain.vocabulary import EventKind, Theme
from knelpunt.models import PublishedCase
from knelpunt.queries.core.reference import reference
from knelpunt.queries.public import records as public_records
from knelpunt.queries.public.files import TAKES_BACK
from knelpunt.services.cases import publication
from knelpunt.web.public.open_data import COLUMNS
from knelpunt.web.public.routes_machines import security_txt
from knelpunt.web.shared.requests.access import now_utc
from tests.support.exports import ATOM, NASTY, SITEMAP, in_database, xml_of

__all__ = ["in_database"]


def test_the_feed_is_valid_and_has_each_part_that_atom_wants(client, session, published, private_words):
    case = published()
    session.get_one(PublishedCase, case.id).title = NASTY
    answer = client.get("/knelpunten.atom")
    feed = xml_of(answer)
    assert feed.tag == f"{ATOM}feed"
    for part in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + part) is not None
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"http://localhost/knelpunten/{case.reference}"
    assert entry.findtext(f"{ATOM}title") == "Wat & hoe <b>]]> "
    assert entry.findtext(f"{ATOM}content") == "Ja, met een tijdelijke vergunning."
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).utcoffset() is not None
    assert not [word for word in private_words(case) if word in answer.get_data(as_text=True)]


def test_a_feed_is_narrowed_as_its_list_is(client, published):
    case = published()
    theme = case.theme.value
    other = next(each.value for each in Theme if each is not case.theme)
    for query, found in ((f"thema={theme}", 1), (f"thema={other}", 0), (f"thema={theme}&q=zeppelin", 0)):
        feed = xml_of(client.get(f"/knelpunten.atom?{query}"))
        assert len(feed.findall(f"{ATOM}entry")) == found, query
    address = f"/knelpunten.atom?thema={theme}"
    assert xml_of(client.get(address)).findtext(f"{ATOM}id") == f"http://localhost{address}"
    assert f'href="{address}"' in client.get(f"/knelpunten?thema={theme}").text


@pytest.mark.parametrize(
    "path",
    [
        "/knelpunten.atom", "/op-de-hoogte.atom?gemeente=GM0363", "/regelknelpunten.atom", "/kwartalen.atom",
        "/ruimtewijzers.atom", "/open-data/knelpunten.csv", "/open-data/knelpunten.jsonl",
        "/open-data/regelknelpunten.csv", "/open-data/regelknelpunten.jsonl", "/open-data/wetten.csv",
        "/open-data/wetten.jsonl", "/open-data/bepalingen.jsonl", "/open-data/bepalingen.jsonld",
        "/open-data/ruimtewijzers.jsonl", "/open-data/ruimtewijzers.jsonld", "/open-data/catalogus.jsonld",
        "/open-data/catalogus.ttl", "/wetten/chw/chw-2.9/2019-06-19.jsonld",
    ],
)  # fmt: skip
def test_a_script_on_another_site_may_read_data_and_feeds(client, in_database, path):
    """A notebook in a browser, or a portal that shows the data before somebody takes them."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/knelpunten", "/open-data", "/onze-zaken.csv", "/kwartalen/2026-3.csv"])
def test_a_script_on_another_site_may_read_no_page_and_no_list_of_somebody(client, path):
    answer = client.get(path)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_feed_takes_the_codes_of_the_api_and_is_not_of_everything_where_they_are_wrong(
    client, session, published, make
):
    case = published()
    names, record = reference(session), session.get_one(PublishedCase, case.id)
    record.municipality_id = next(row.id for row in names.municipalities.values() if row.code == "GM0193")
    record.province_id = next(row.id for row in names.provinces.values() if row.code == "PV23")
    record.main_law_id = next(row.id for row in names.laws.values() if row.key == "ow")
    session.flush()
    queries = {
        "gemeente=GM0193": 1,
        "gemeente=GM0363": 0,
        "provincie=PV23": 1,
        "provincie=PV27": 0,
        "wet=ow": 1,
        "wet=chw": 0,
    }
    for query, found in queries.items():
        assert len(xml_of(client.get(f"/knelpunten.atom?{query}")).findall(f"{ATOM}entry")) == found, query
        assert (record.title in client.get(f"/knelpunten?{query}").text) is bool(found), query
    for path in ("/regelknelpunten.atom?wet=ow", "/regelknelpunten.atom?ministerie=mnre1034"):
        assert client.get(path).status_code == 200, path
    for path in (
        "/knelpunten.atom?gemeente=GM9999", "/knelpunten.atom?thema=x", "/knelpunten.atom?provincie=Utrecht",
        "/regelknelpunten.atom?wet=x", "/regelknelpunten.atom?ministerie=BZK", "/ruimtewijzers.atom?thema=x",
    ):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_a_feed_of_nothing_is_valid(client):
    feed = xml_of(client.get("/knelpunten.atom"))
    assert feed.findall(f"{ATOM}entry") == []
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")).year == 2013


def addresses(tree):
    return [place.text for place in tree.iter(f"{SITEMAP}loc")]


def test_the_map_of_the_site_leads_to_every_public_case_page_and_law(client, desk, make, published, monkeypatch):
    shown, gone = published(), published()
    hidden = desk.bring("afgesloten")
    later = make.published()
    monkeypatch.setattr(public_records, "SITEMAP_LENGTH", shown.id)
    publication.withdraw_publication(desk.context(desk.handler), gone.reference, gone.version, "Op verzoek.")
    index = xml_of(client.get("/sitemap.xml"))
    assert index.tag == f"{SITEMAP}sitemapindex"
    assert "http://localhost/sitemap/knelpunten-2.xml" in addresses(index)
    found = []
    for address in addresses(index):
        part = xml_of(client.get(address.removeprefix("http://localhost")))
        assert part.tag == f"{SITEMAP}urlset"
        found += addresses(part)
    assert f"http://localhost/knelpunten/{shown.reference}" in found
    assert f"http://localhost/knelpunten/{later.reference}" in found
    assert "http://localhost/over/werkwijze" in found
    assert "http://localhost/wetten/ow" in found
    assert not [address for address in found if gone.reference in address or hidden.reference in address]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("number", ["0", "99999", "9" * 18, "9" * 40, "x"])
def test_a_part_that_is_not_there_is_not_found(client, number):
    assert client.get(f"/sitemap/knelpunten-{number}.xml").status_code == 404


def test_robots_are_told_what_is_for_people_only_and_where_the_map_is(client):
    text = client.get("/robots.txt").get_data(as_text=True)
    assert "User-agent: *" in text
    assert "Disallow: /volgen/" in text
    assert "Disallow: /zaken/" in text
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert "Disallow: /\n" not in text


def test_security_txt_has_its_parts_and_ends_within_a_year(client):
    answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.get_data(as_text=True).splitlines())
    assert fields["Contact"] == "mailto:veiligheid@knelpunt.example"
    assert fields["Canonical"] == "http://localhost/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "nl, en"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=90) < expires - now_utc() < timedelta(days=365)


def test_security_txt_is_new_every_day():
    text = security_txt("mailto:a@b.example", "https://x.example", datetime(2026, 11, 24, 13, 5, tzinfo=UTC))
    assert "Expires: 2027-05-23T00:00:00Z\n" in text


def test_no_file_says_who_filed_along(client, session, published, in_database):
    """A municipality that declines after all would stay in it; a column for it must take such a file back."""
    session.get_one(PublishedCase, published().id).joined_municipalities = ["Meedoendam"]
    for form in ("csv", "jsonl"):
        text = client.get(f"/open-data/knelpunten.{form}").get_data(as_text=True)
        assert len(text.splitlines()) >= 1
        assert "Meedoendam" not in text or EventKind.PARTNER_DECLINED in TAKES_BACK
    [case] = next(each for each in client.get("/api/v1/knelpunten").json.values() if isinstance(each, list))
    assert case["gemeldMet"] == ["Meedoendam"]


def test_the_open_data_has_the_public_record_and_nothing_of_the_file(
    client, session, published, private_words, in_database
):
    case, gone = published(), published()
    session.get_one(PublishedCase, case.id).title = "=1+1"
    session.get_one(PublishedCase, gone.id).withdrawn_on = case.filed_on
    table = client.get("/open-data/knelpunten.csv").get_data(as_text=True)
    (row,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";")
    (line,) = client.get("/open-data/knelpunten.jsonl").get_data(as_text=True).splitlines()
    record = json.loads(line)
    assert list(row) == list(record) == [name for name, _meaning in COLUMNS]
    assert row["titel"] == "'=1+1"
    assert record["titel"] == "=1+1"
    assert record["nummer"] == row["nummer"] == case.reference
    assert record["gemeldOp"] == "2026-11-03"
    assert record["adres"] == f"http://localhost/knelpunten/{case.reference}"
    for text in (table, line):
        assert not [word for word in private_words(case) if word in text]


def test_of_history_the_open_data_tell_the_year_only(client, session, published, in_database):
    case = published()
    session.get_one(PublishedCase, case.id).source_url = "https://bron.example/1"
    record = json.loads(client.get("/open-data/knelpunten.jsonl").get_data(as_text=True))
    assert record["jaar"] == 2026
    assert record["gemeldOp"] is None
    assert record["afgeslotenOp"] is None


def test_of_a_case_the_files_tell_its_law_rules_and_corrections_as_the_api_does(
    client, session, published, in_database
):
    case, old = published(), published()
    shown = session.get_one(PublishedCase, case.id)
    assert shown.provisions
    shown.main_law_id = next(iter(reference(session).laws))
    shown.corrections = [{"on": "2026-11-09", "what": "Het artikel klopte niet."}]
    session.get_one(PublishedCase, old.id).source_url = "https://bron.example/1"
    session.flush()
    records = [json.loads(line) for line in client.get("/open-data/knelpunten.jsonl").data.splitlines()]
    record = next(each for each in records if each["nummer"] == case.reference)
    told = client.get(f"/api/v1/knelpunten/{case.reference}").json
    assert record["wetsleutel"] == told["wet"]["sleutel"]
    assert record["provinciecode"] == reference(session).provinces[shown.province_id].code
    assert record["regels"] == told["regels"] != []
    assert record["verbeteringen"] == told["verbeteringen"] != []
    table = client.get("/open-data/knelpunten.csv").get_data(as_text=True)
    rows = {row["nummer"]: row for row in csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";")}
    assert json.loads(rows[case.reference]["regels"]) == record["regels"]
    of_history = next(each for each in records if each["nummer"] == old.reference)
    assert {rule["op"] for rule in of_history["regels"]} == {None}, "that day is booked, not known"


def test_open_data_of_nothing_is_an_empty_table(client, in_database):
    assert client.get("/open-data/knelpunten.csv").get_data(as_text=True).count("\n") == 1
    assert client.get("/open-data/knelpunten.jsonl").get_data() == b""
