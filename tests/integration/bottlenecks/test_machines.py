"""What other programs read of rule bottlenecks: feeds, the map of the site and open data, and nothing of a file."""

import csv
import io
import json
import re
from datetime import datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.models import BottleneckNews
from knelpunt.queries.bottlenecks.bottlenecks import Phase
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks.track import News, merge
from knelpunt.web.public.open_bottlenecks import COLUMNS
from tests.support.exports import ATOM, NASTY, SITEMAP, in_database, xml_of
from tests.support.statements import counted

__all__ = ["in_database"]
pytestmark = pytest.mark.usefixtures("in_database")

XHTML = "{http://www.w3.org/1999/xhtml}"
PATHS = ("/regelknelpunten.atom", "/open-data/regelknelpunten.csv", "/open-data/regelknelpunten.jsonl")


def test_the_feed_has_all_news_the_newest_first_each_with_an_address_of_its_own(client, session, track):
    track.analyse()
    track.another()
    track.bottleneck.title = NASTY
    session.commit()
    feed = xml_of(client.get("/regelknelpunten.atom"))
    for part in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + part) is not None
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}content") for entry in entries] == [
        "Wij zoeken het uit.",
        "Het ministerie zoekt uit wat er kan.",
        "Drie gemeenten lopen tegen dezelfde termijn aan.",
    ]
    assert entries[1].findtext(f"{ATOM}title") == "Wat & hoe <b>]]> : in analyse"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 3
    track.bottleneck.title = "De regel"
    page = client.get(f"/regelknelpunten/{track.bottleneck.reference}").get_data(as_text=True)
    assert f'id="{ids[1].partition("#")[2]}"' in page
    assert datetime.fromisoformat(entries[0].findtext(f"{ATOM}updated")).utcoffset() is not None


def test_a_state_keeps_its_capitals_inside_a_title(client, session, track):
    news = session.scalars(select(BottleneckNews)).one()
    news.status = BottleneckStatus.IN_PARLIAMENT
    session.flush()
    (title,) = [each.findtext(f"{ATOM}title") for each in xml_of(client.get(PATHS[0])).findall(f"{ATOM}entry")]
    assert title.endswith(": in behandeling bij de Kamers of de Europese Unie")


def test_the_feed_is_narrowed_as_the_list_is(client, session, track):
    track.analyse()
    other = track.another()
    session.commit()
    law = track.desk.law.id
    for query, told in (
        ("", {track.bottleneck.reference, other.reference}),
        (f"wet={law}", {track.bottleneck.reference, other.reference}),
        (f"ministerie={track.ministry.id}", {track.bottleneck.reference}),
        ("q=tweede", {other.reference}),
        ("q=de", set()),
    ):
        feed = xml_of(client.get(f"/regelknelpunten.atom?{query}"))
        ids = [each.findtext(f"{ATOM}id") for each in feed.findall(f"{ATOM}entry")]
        assert {each.rpartition("/")[2].partition("#")[0] for each in ids} == told, query
        page = client.get(f"/regelknelpunten?{query}").text
        assert {each for each in (track.bottleneck.reference, other.reference) if each in page} == told, query
        (own,) = [each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == "self"]
        assert f'href="{own.removeprefix("http://localhost").replace("&", "&amp;")}"' in page


def test_news_of_a_rule_that_comes_into_force_stays_in_the_feed_that_was_followed(client, session, track):
    track.analyse()
    session.commit()
    asked = f"ministerie={track.ministry.id}&stand={Phase.MOVING.value}"
    page = client.get(f"/regelknelpunten?{asked}&volgorde=gewicht").text
    (followed,) = re.findall(r'application/atom\+xml"[^>]*href="([^"]+)"', page)
    track.bottleneck.status, track.bottleneck.in_force_on = BottleneckStatus.IN_FORCE, track.desk.today
    session.commit()
    for address in (followed, f"/regelknelpunten.atom?{asked}"):
        assert track.bottleneck.reference in xml_of(client.get(address)).findtext(f"{ATOM}entry/{ATOM}id"), address


def test_one_bottleneck_has_a_feed_of_its_own(client, track):
    other = track.another()
    feed = xml_of(client.get(f"/regelknelpunten/{other.reference}/nieuws.atom"))
    assert feed.findtext(f"{ATOM}title") == other.title
    assert [each.findtext(f"{ATOM}content") for each in feed.findall(f"{ATOM}entry")] == ["Wij zoeken het uit."]
    (own,) = [each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == "self"]
    assert own == f"http://localhost/regelknelpunten/{other.reference}/nieuws.atom"
    assert client.get("/regelknelpunten/RK-2026-9999/nieuws.atom").status_code == 404
    assert client.get("/en/regelknelpunten.atom").status_code == 404


def test_feeds_and_files_of_nothing_are_valid(client):
    assert xml_of(client.get("/regelknelpunten.atom")).findall(f"{ATOM}entry") == []
    assert client.get("/open-data/regelknelpunten.csv").get_data(as_text=True).count("\n") == 1
    assert client.get("/open-data/regelknelpunten.jsonl").get_data() == b""


def test_the_map_of_the_site_leads_to_each_bottleneck_in_both_languages(client, track):
    index = xml_of(client.get("/sitemap.xml"))
    assert "http://localhost/sitemap/regelknelpunten.xml" in [each.text for each in index.iter(f"{SITEMAP}loc")]
    pages = xml_of(client.get("/sitemap/paginas.xml"))
    addresses = [each.text for each in pages.iter(f"{SITEMAP}loc")]
    assert "http://localhost/regelknelpunten" in addresses
    assert "http://localhost/regelknelpunten/wacht" in addresses
    part = xml_of(client.get("/sitemap/regelknelpunten.xml"))
    address = f"/regelknelpunten/{track.bottleneck.reference}"
    assert [each.text for each in part.iter(f"{SITEMAP}loc")] == [f"http://localhost{address}"]
    there = {each.get("hreflang"): each.get("href") for each in part.iter(f"{XHTML}link")}
    assert there["en"] == f"http://localhost/en{address}"
    assert client.get(f"/en{address}").status_code == 200


def test_the_open_data_tell_weight_state_rules_and_days(client, session, track):
    track.analyse()
    other = track.another("=1+1")
    found = other
    merge(
        track.desk.context(track.head),
        found.reference,
        found.version,
        into=track.bottleneck.reference,
        news=News("Samen."),
    )
    case = track.case()
    bottleneck_links.propose_link(
        track.desk.context(track.head), case.reference, case.version, track.bottleneck.reference
    )
    track.bottleneck.waiting_for = "advies"
    session.commit()
    table = client.get("/open-data/regelknelpunten.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";"))
    records = [json.loads(each) for each in client.get("/open-data/regelknelpunten.jsonl").data.splitlines()]
    assert list(rows[0]) == list(records[0]) == [name for name, _meaning in COLUMNS]
    first, second = records
    assert first["nummer"] == rows[0]["nummer"] == track.bottleneck.reference
    assert (first["staat"], first["wachtOp"]) == ("in_analyse", "advies")
    assert (first["projecten"], first["gemeenten"]) == (1, 1)
    assert first["gesignaleerdOp"] == first["staatSinds"] == "2026-11-03"
    assert (first["ministerie"], first["ministeriecode"]) == (track.ministry.name, track.ministry.code)
    assert first["ministeriecode"]
    assert first["bepalingen"][0].endswith("(belemmert)")
    assert rows[0]["bepalingen"] == first["bepalingen"][0]
    assert rows[1]["titel"] == "'=1+1"
    assert (second["gaatVerderIn"], second["nieuwsUiterlijkOp"]) == (track.bottleneck.reference, None)


def test_the_open_data_tell_all_news_of_each_as_the_api_does(client, session, track):
    track.analyse()
    other = track.another("Een andere regel")
    session.commit()
    records = [json.loads(each) for each in client.get("/open-data/regelknelpunten.jsonl").data.splitlines()]
    news = {each["nummer"]: each["nieuws"] for each in records}
    for reference in (track.bottleneck.reference, other.reference):
        told = client.get(f"/api/v1/regelknelpunten/{reference}").json["nieuws"]
        assert news[reference] == told != []
    assert [each["stap"] for each in news[track.bottleneck.reference]][-1] is True
    table = client.get("/open-data/regelknelpunten.csv").get_data(as_text=True)
    row = next(csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";"))
    assert json.loads(row["nieuws"]) == news[row["nummer"]]


def test_an_outsider_sees_a_weight_and_no_case_or_person(client, session, track):
    track.analyse()
    case = track.case()
    bottleneck_links.propose_link(
        track.desk.context(track.head), case.reference, case.version, track.bottleneck.reference
    )
    session.commit()
    private = [case.reference, case.title, case.description, track.owner.name, track.desk.handler.name]
    address = f"/regelknelpunten/{track.bottleneck.reference}"
    for path in (*PATHS, address, f"{address}/nieuws.atom", f"{address}/volgen", "/regelknelpunten", "/sitemap.xml"):
        text = client.get(path).get_data(as_text=True)
        assert [word for word in private if word in text] == [], path


def test_feed_and_files_read_in_a_fixed_number_of_statements(client, session, track):
    counts = []
    for _round in range(2):
        for _more in range(3):
            track.another()
        for path in PATHS:
            client.get(path)
        with counted(session.connection()) as sent:
            for path in PATHS:
                client.get(path).get_data()
        counts.append(len(sent))
    assert counts[0] == counts[1]
