"""What everybody finds of the ruimtewijzers: published versions, and nothing that the desk still works on."""

from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.models import GuideClaim
from knelpunt.queries.guides import published as queries
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides.loading import load_guides
from tests.support.guides import public_guide, text
from tests.support.page import parse_page
from tests.support.statements import counted

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def loaded(desk):
    load_guides(desk.system)


def page_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_every_shipped_guide_has_a_page_with_its_answer_sources_and_confidence(client, session, loaded):
    for slug, _changed in queries.sitemap_entries(session):
        page = page_of(client, f"/ruimtewijzers/{slug}")
        for part in ("Het korte antwoord", "Wie beslist", "Hoe zeker zijn wij?", "Waar dit staat", "Helpt dit u?"):
            assert part in page, slug
        assert page.index("nog niet nagekeken") < page.index("Het korte antwoord"), slug


def test_the_list_is_narrowed_by_the_address_and_says_what_is_on(client, loaded):
    page = page_of(client, "/ruimtewijzers?q=mantelzorg")
    filters = parse_page(page).one("list", "Deze filters staan aan")
    assert filters.names("link") == ["Verwijder filter: Zoekwoorden: mantelzorg"]
    assert "/ruimtewijzers/mantelzorgwoning-in-de-tuin" in page
    assert "straatfeest-of-buurtbarbecue" not in page
    narrowed = page_of(client, "/ruimtewijzers?thema=onderwijs&voor=scholen")
    assert "kleine-dorpsschool-openhouden" in narrowed
    assert "tiny-house" not in narrowed
    assert "nieuwe-huurders" in page_of(client, "/ruimtewijzers?wet=wbmgp&ruimte=area")
    assert "Niets gevonden" in page_of(client, "/ruimtewijzers?q=xyzzy")
    assert "Hierop kunnen wij niet zoeken" in page_of(client, "/ruimtewijzers?q=de")


def test_paging_passes_every_guide_once(client, loaded, session):
    seen, number = set(), 1
    while True:
        page = page_of(client, f"/ruimtewijzers?pagina={number}")
        found = {part.split('"')[0] for part in page.split('href="/ruimtewijzers/')[1:]}
        assert found
        assert not found & seen
        seen |= found
        if 'rel="next"' not in page:
            break
        number += 1
    assert seen == {slug for slug, _changed in queries.sitemap_entries(session)}


def test_any_address_gets_a_page(client, loaded):
    for query in (
        "q=%00", "q=" + "a" * 3000, "q=%27%29%3B--", "thema=x", "voor=%00", "ruimte=LAW", "wet=%00", "pagina=-1",
        "pagina=99999999999", "pagina=²", "pagina=9999",
    ):  # fmt: skip
        assert client.get(f"/ruimtewijzers?{query}").status_code == 200, query


def test_what_was_never_public_does_not_exist(client, loaded):
    for slug in ("bestaat-niet", "%00", "a" * 500, "é", "tiny-house-plaatsen/versie-2"):
        assert client.get(f"/ruimtewijzers/{slug}").status_code == 404, slug


def test_a_draft_is_nowhere_until_it_is_published(client, session, desk):
    guide = guides.create(desk.context(desk.handler), text(question="Mag een geheim plan?"))
    for path in (f"/ruimtewijzers/{guide.slug}", f"/ruimtewijzers/{guide.slug}/volgen"):
        assert client.get(path).status_code == 404
    for path in ("/ruimtewijzers", "/ruimtewijzers.atom", "/sitemap/ruimtewijzers.xml", "/antwoord?q=geheim+plan"):
        assert "geheim plan?" not in client.get(path).get_data(as_text=True)


def test_who_only_reads_gets_no_cookie(client, make):
    guide = public_guide(make)
    for path in ("/ruimtewijzers", f"/ruimtewijzers/{guide.slug}", "/antwoord?q=buurthuis"):
        assert "Set-Cookie" not in client.get(path).headers


def test_places_show_on_the_map_and_in_an_equal_table_without_the_project(client, session, make):
    guide = public_guide(make)
    account = make.filer()
    zwolle = make.municipality(name="Zwolle aan Zee", tile_x=500, tile_row=500)
    for outcome in (ClaimOutcome.WORKED, ClaimOutcome.FAILED, None):
        make.add(
            GuideClaim(
                guide_id=guide.id,
                guide_number=1,
                organisation_id=account.organisation_id,
                municipality_id=zwolle.id,
                account_id=account.id,
                project=f"Geheim project {outcome}",
                starts_on=make.today,
                claimed_on=make.today,
                ask_on=make.today + timedelta(days=90),
                outcome=outcome,
                outcome_reason="Geheime reden",
            )
        )
    page = page_of(client, f"/ruimtewijzers/{guide.slug}")
    assert "Zwolle aan Zee, Proefprovincie" in page
    assert "1 keer gelukt" in page
    rows = [row for table in parse_page(page).all("table") for row in table.rows()]
    assert sum("Zwolle aan Zee" in row[0] for row in rows) == 3
    assert "Nog niet bekend" in page
    assert "Geheim" not in page
    assert account.name not in page


def test_the_statements_of_list_and_page_do_not_grow(client, connection, session, make):
    guide = public_guide(make)
    for path in ("/ruimtewijzers", f"/ruimtewijzers/{guide.slug}"):
        client.get(path)
        with counted(connection) as few:
            client.get(path)
        for _ in range(5):
            public_guide(make)
        with counted(connection) as more:
            client.get(path)
        assert len(more) == len(few) <= 6, path


def test_the_feed_is_valid_and_tells_what_changed_last(client, loaded):
    answer = client.get("/ruimtewijzers.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) >= 25
    for part in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + part) is not None
    assert all(datetime.fromisoformat(each.findtext(f"{ATOM}updated")).utcoffset() is not None for each in entries)


@pytest.mark.parametrize("query", ["thema=onderwijs&voor=scholen", "wet=wbmgp&ruimte=area", "q=mantelzorg", "q=xyzzy"])
def test_the_feed_is_narrowed_as_the_list_is(client, loaded, query):
    page = page_of(client, f"/ruimtewijzers?{query}")
    listed = {part.split('"')[0].split("?")[0] for part in page.split('href="/ruimtewijzers/')[1:]}
    feed = ElementTree.fromstring(client.get(f"/ruimtewijzers.atom?{query}").data)
    told = [each.findtext(f"{ATOM}id") for each in feed.findall(f"{ATOM}entry")]
    assert {each.removeprefix("http://localhost/ruimtewijzers/") for each in told} == listed
    (own,) = [each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == "self"]
    assert f'href="{own.removeprefix("http://localhost").replace("&", "&amp;")}"' in page


def test_an_empty_feed_and_list_are_whole(client):
    assert ElementTree.fromstring(client.get("/ruimtewijzers.atom").data).findall(f"{ATOM}entry") == []
    assert "Er zijn nog geen ruimtewijzers" in page_of(client, "/ruimtewijzers")


def test_the_map_of_the_site_leads_to_every_guide(client, loaded):
    assert "/sitemap/ruimtewijzers.xml" in client.get("/sitemap.xml").get_data(as_text=True)
    assert "/ruimtewijzers/tiny-house-plaatsen<" in client.get("/sitemap/ruimtewijzers.xml").get_data(as_text=True)


def test_a_rule_that_is_over_is_said_on_top(client, session, make, desk):
    guide = guides.create(desk.context(desk.handler), text(valid_to=date(2025, 12, 31)))
    guides.review(desk.context(desk.reviewer), guide.slug, guide.version)
    guides.publish(desk.context(desk.handler), guide.slug, guide.version)
    assert "Deze regel is voorbij" in page_of(client, f"/ruimtewijzers/{guide.slug}")
