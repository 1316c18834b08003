"""A page in another language: one view behind two addresses, told apart by the first part of the address."""

import re

import pytest

from knelpunt.web.shared.pages.languages import spoken
from knelpunt.web.shared.requests.access import BY_LINK, PUBLIC, access_of
from tests.support.rights import RULES, VISITOR

PAGES = ("/", "/knelpunten", "/wetten", "/over/werkwijze", "/contact", "/melden", "/volgen/kwijt")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_in_which_language_it_is_and_where_the_others_are(client, path):
    for prefix, code, other in (("", "nl", "en"), ("/en", "en", "nl")):
        answer = client.get(prefix + path)
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == code
        page = answer.get_data(as_text=True)
        assert f'<html lang="{code}"' in page
        switch = re.search(r'<nav class="kn-languages".*?</nav>', page, re.DOTALL).group()
        there = path if other == "nl" else f"/en{path}"
        assert f'href="{there}" lang="{other}" hreflang="{other}"' in switch
        assert dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page)) in (
            {},
            {
                "nl": f"http://localhost{path}",
                "en": f"http://localhost/en{path}",
                "x-default": f"http://localhost{path}",
            },
        )


DUTCH_ONLY_PARTS = frozenset({"admin", "auth", "guide_desk", "health", "reporting", "style", "desk"})
"""Parts of the site that exist in Dutch only: work pages, accounts, and what only machines read."""


def test_only_public_pages_filing_and_the_page_of_a_submitter_speak_other_languages(app):
    for rule in app.url_map.iter_rules():
        endpoints = spoken(app).endpoints
        part = rule.endpoint.partition(".")[0]
        if part in DUTCH_ONLY_PARTS or rule.rule.startswith(("/onze-", "/beheer", "/zaken")):
            assert rule.endpoint not in endpoints, rule.rule
        elif rule.endpoint in endpoints:
            view = app.view_functions[rule.endpoint]
            assert rule.rule.startswith("/melden/") or access_of(view) in (PUBLIC, BY_LINK), rule.rule


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.path)
def test_a_prefix_opens_nothing_that_is_dutch_only(app, client, rule):
    """Under a prefix there is the same page with the same rights, or there is nothing."""
    if "<" in rule.path or "GET" not in rule.methods.split():
        return
    endpoint = app.url_map.bind("localhost").match(rule.path)[0]
    if endpoint not in spoken(app).endpoints:
        assert client.get(f"/en{rule.path}").status_code == 404
    elif VISITOR not in rule.who:
        assert client.get(f"/en{rule.path}").status_code == client.get(rule.path).status_code


def test_the_switch_keeps_what_was_asked(client):
    page = client.get("/en/wetten?q=leegstand&op=2019-07-01").get_data(as_text=True)
    assert 'href="/wetten?q=leegstand&amp;op=2019-07-01" lang="nl"' in page
    back = client.get("/wetten?q=leegstand&op=2019-07-01").get_data(as_text=True)
    assert 'href="/en/wetten?q=leegstand&amp;op=2019-07-01" lang="en"' in back


@pytest.mark.parametrize("path", ["/", "/knelpunten", "/wetten", "/wetten/ow", "/ruimtewijzers", "/over/werkwijze"])
def test_every_public_page_tells_search_engines_where_its_languages_are(client, path):
    for prefix in ("", "/en"):
        page = client.get(prefix + path).get_data(as_text=True)
        assert dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page)) == {
            "nl": f"http://localhost{path}",
            "en": f"http://localhost/en{path}",
            "x-default": f"http://localhost{path}",
        }


def test_the_map_of_the_site_names_each_language(client):
    text = client.get("/sitemap/paginas.xml").get_data(as_text=True)
    assert "<loc>http://localhost/wetten</loc>" in text
    assert '<xhtml:link rel="alternate" hreflang="en" href="http://localhost/en/wetten"/>' in text
    assert "Disallow: /en/melden/" in client.get("/robots.txt").get_data(as_text=True)


def test_files_have_one_address(client):
    for path in ("/sitemap.xml", "/knelpunten.atom", "/robots.txt", "/open-data/knelpunten.csv"):
        assert client.get(f"/en{path}").status_code == 404


def test_an_error_is_told_in_the_language_of_the_address(client):
    assert "This page does not exist" in client.get("/en/nergens").get_data(as_text=True)
    assert "Deze pagina bestaat niet" in client.get("/nergens").get_data(as_text=True)
    assert client.get("/english").status_code == 404


def test_the_switch_writes_an_address_as_a_link_has_it(client):
    page = client.get("/en/knelpunten?q=%C3%A9%22%3E%3Cb&thema=wonen").get_data(as_text=True)
    assert 'href="/knelpunten?q=%C3%A9%22%3E%3Cb&amp;thema=wonen" lang="nl"' in page


@pytest.mark.parametrize("query", [b"q=\xff\xfe", b"\xc3=\xa9&q=a%20b", "q=caf\u00e9".encode()])
def test_raw_bytes_behind_the_question_mark_are_read_as_if_they_were_quoted(client, query):
    quoted = "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in query)
    for path, status in (("/wetten", 200), ("/en/knelpunten", 200), ("/knelpunten.atom", 200), ("/beheer", 302)):
        raw = client.get(path, environ_overrides={"QUERY_STRING": query.decode("latin-1")})
        as_quoted = client.get(f"{path}?{quoted}")
        assert (raw.status_code, raw.headers.get("Location")) == (status, as_quoted.headers.get("Location"))
        assert raw.headers.get("ETag") == as_quoted.headers.get("ETag")
