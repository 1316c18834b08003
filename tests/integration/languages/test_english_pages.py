"""English pages are English: no Dutch word stands outside what is marked as Dutch, and links stay in the language."""

import re

import pytest
from sqlalchemy import select

from knelpunt.models import Law, Municipality, Provision
from tests.support.dutch_words import dutch_in
from tests.support.page import parse_page

PUBLIC = (
    "/",
    "/knelpunten",
    "/knelpunten?q=zzzz",
    "/knelpunten?q=van",
    "/knelpunten?thema=wonen&oordeel=V1",
    "/knelpunten?weergave=kaart",
    "/wetten",
    "/wetten?op=2019-07-01",
    "/wetten?op=2030-07-01&q=leegstand&geldt=ja",
    "/wetten?op=gisteren&domein=x&ruimte=x",
    "/over/wat-is-een-knelpunt",
    "/over/werkwijze",
    "/over/wie-beslist",
    "/contact",
    "/privacy",
    "/cookies",
    "/beveiliging",
    "/toegankelijkheid",
    "/open-data",
    "/melden",
    "/melden/bewoner",
    "/ruimtewijzers",
    "/regelknelpunten",
    "/regelknelpunten/wacht",
    "/regelknelpunten/volgen/verstuurd",
    "/regelknelpunten/volgen/gestopt",
    "/regelknelpunten/volgen/onbekend",
    "/zoeken?q=zzzz",
    "/zoeken?q=leegstand",
    "/volgen/kwijt",
    "/volgen/kwijt/verstuurd",
    "/volgen/klaar",
    "/volgen/link-gewijzigd",
    "/volgen/onbekend",
    "/bestaat-niet",
)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_holds_no_dutch(client, session, published, path):
    published()
    places = session.scalars(select(Municipality.name)).all()
    page = client.get(f"/en{path}").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert dutch_in(page, *places) == []


def test_a_published_case_keeps_its_own_text_in_dutch_and_says_so(client, published):
    case = published()
    page = client.get(f"/en/knelpunten/{case.reference}").get_data(as_text=True)
    assert dutch_in(page, head=False) == []
    assert {"Mag een buurthuis in een leeg schoolgebouw?", "Ja, met een tijdelijke vergunning."} <= set(
        parse_page(page).said_in("nl")
    )
    assert "What people wrote, names of laws and legal texts are in Dutch here." in page


@pytest.mark.parametrize(("turn", "day"), tuple(enumerate(("2012-07-01", "2019-07-01", "2026-11-24"))))
def test_a_law_and_its_provisions_are_explained_in_english(client, session, turn, day):
    """Each law on one of the days, and every twelfth provision: they are told by the same words."""
    for law in session.scalars(select(Law).order_by(Law.id)).all()[turn::3]:
        page = client.get(f"/en/wetten/{law.key}?op={day}").get_data(as_text=True)
        assert dutch_in(page, head=False) == [], law.key
    rows = session.execute(select(Law.key, Provision.key).join(Provision, Provision.law_id == Law.id)).all()
    for law_key, provision_key in sorted(rows)[turn::12]:
        page = client.get(f"/en/wetten/{law_key}/{provision_key}?op={day}").get_data(as_text=True)
        assert dutch_in(page, head=False) == [], provision_key


def test_the_choices_of_a_list_are_in_english(client):
    page = client.get("/en/melden/bewoner").get_data(as_text=True)
    words = re.findall(r"<option[^>]*>([^<]*)</option>", page)
    assert words[0] == "I do not know"
    assert "Housing" in words
    assert "Wonen" not in words


def test_a_term_in_weeks_is_counted_in_english(client):
    page = client.get("/en/over/werkwijze").get_data(as_text=True)
    assert "10 weeks" in page
    assert not re.search(r"\d weken", page)


def test_the_columns_of_open_data_keep_the_names_that_the_files_have(client):
    page = client.get("/en/open-data").get_data(as_text=True)
    header = client.get("/open-data/knelpunten.csv").get_data(as_text=True).lstrip("\ufeff").splitlines()[0]
    named = re.findall(r'<code><span lang="nl">([^<]+)</span></code>', page)
    assert set(header.replace('"', "").split(";")) <= set(named)


def test_a_page_with_a_dutch_text_says_so_in_english_and_not_in_dutch(client, published):
    address = f"/knelpunten/{published().reference}"
    assert "The text of this page is in Dutch." in client.get(f"/en{address}").get_data(as_text=True)
    assert "Uw browser kan hem vertalen" not in client.get(address).get_data(as_text=True)


def test_links_of_an_english_page_stay_in_english(client, published):
    case = published()
    for path in ("/en/", "/en/knelpunten", f"/en/knelpunten/{case.reference}", "/en/wetten", "/en/melden"):
        page = client.get(path).get_data(as_text=True)
        body = re.sub(r'<nav class="kn-languages".*?</nav>', "", page[page.index("<body") :], flags=re.DOTALL)
        own = re.findall(r'(?:href|action)="(/[^"]*)"(?! hreflang="nl")', body)
        dutch_only = (
            "/bestanden/",
            "/inloggen",
            "/knelpunten.atom",
            "/open-data/",
            "/.well-known/",
            "/k/",
            "/werkvoorraad",
            "/onze-zaken",
        )
        stray = [address for address in own if not address.startswith(("/en/", *dutch_only))]
        assert stray == [], path
