"""Answers in the pages of other sites: only these may be framed, they set no cookie, and oEmbed says how."""

import html
import re
from xml.etree import ElementTree

import pytest
from sqlalchemy import func

from knelpunt.domain.guides.track import GuideStatus
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Case
from knelpunt.services.core import search_index
from knelpunt.web.shared.requests.access import is_framed
from tests.support import login
from tests.support.guides import public_guide
from tests.support.page import parse_page
from tests.support.statements import counted


@pytest.fixture
def guide(make):
    return public_guide(make)


@pytest.fixture
def frame(guide):
    return f"/insluiten/ruimtewijzer/{guide.slug}"


def may_be_framed(answer) -> bool:
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert ("X-Frame-Options" in answer.headers) == (policy["frame-ancestors"] != "*")
    return policy["frame-ancestors"] == "*"


def test_only_the_pages_for_other_sites_may_stand_in_a_frame(app, client, guide, frame):
    assert {name for name, view in app.view_functions.items() if is_framed(view)} == {
        "embedding.guide",
        "embedding.search",
    }
    for path in (frame, f"/en{frame}", "/insluiten/zoek", "/insluiten/zoek?q=buurthuis", "/insluiten/ruimtewijzer/nee"):
        assert may_be_framed(client.get(path)), path
    for path in ("/", f"/ruimtewijzers/{guide.slug}", "/zoeken", "/inloggen", "/insluiten/ander", "/oembed"):
        assert not may_be_framed(client.get(path)), path


def test_nothing_is_remembered_of_who_looks_and_no_script_runs(app, client, session, make, frame):
    login.log_in(app, client, session, make.account(Role.HANDLER))
    for path in (frame, "/insluiten/zoek?q=buurthuis", "/insluiten/ruimtewijzer/nee"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers, path
        assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
        page = answer.get_data(as_text=True)
        assert "<script" not in page
        assert 'type="hidden"' not in page


def test_every_link_opens_beside_the_page_of_the_other_site(client, frame):
    for path in (frame, "/insluiten/zoek?q=buurthuis", "/insluiten/ruimtewijzer/nee"):
        links = re.findall(r"<a [^>]*>", client.get(path).get_data(as_text=True))
        assert links
        for link in links:
            assert 'target="_blank"' in link, path
            assert 'rel="noopener"' in link, path


def test_the_frame_shows_the_short_answer_and_how_sure_it_is(client, session, guide, frame):
    page = client.get(frame).get_data(as_text=True)
    shown = client.get(f"/ruimtewijzers/{guide.slug}").get_data(as_text=True)
    answer = re.search(r'kn-guide__short" lang="nl">([^<]+)<', shown)[1]
    assert answer in page
    assert "Nog niet door een jurist gelezen" in page
    assert f'href="/ruimtewijzers/{guide.slug}"' in page
    guide.status, guide.expired_reason = GuideStatus.EXPIRED, "De regel verviel."
    guide.expired_on = guide.updated_at.date()
    session.flush()
    page = client.get(frame).get_data(as_text=True)
    assert "Deze ruimtewijzer geldt niet meer" in page
    assert answer not in page


def test_a_question_finds_only_what_everybody_may_read(app, client, session, make):
    case, record = make.case(title="Een geheim buurthuis"), make.published(title="Een buurthuis in de school")
    search_index.index_case(session, case)
    search_index.index_case(session, session.get_one(Case, record.case_id), [record.title, record.question])
    record.terms = func.to_tsvector("simple", "buurthuis school")
    session.flush()
    login.log_in(app, client, session, make.account(Role.HANDLER))
    page = client.get("/insluiten/zoek?q=buurthuis").get_data(as_text=True)
    assert f"/knelpunten/{record.reference}" in page
    assert "geheim" not in page
    assert case.reference not in page
    assert "Niets gevonden" in client.get("/insluiten/zoek?q=xyzzyq").get_data(as_text=True)
    for query in ("q=%00", "q=" + "a" * 3000, "q=de", "q=%3Cscript%3E"):
        assert client.get(f"/insluiten/zoek?{query}").status_code == 200, query


def test_oembed_gives_the_code_that_the_page_offers(client, guide):
    page = client.get(f"/ruimtewijzers/{guide.slug}").get_data(as_text=True)
    discovered = html.unescape(
        re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)[1]
    )
    answer = client.get(discovered)
    told = answer.get_json()
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (told["version"], told["type"], told["provider_name"]) == ("1.0", "rich", "Knelpunt")
    assert told["title"] in html.unescape(page)
    assert html.unescape(parse_page(page).one("textbox", "Code voor deze ruimtewijzer").text).strip() == told["html"]
    source = re.search(r'src="([^"]+)"', told["html"])[1]
    assert may_be_framed(client.get(source))


def test_oembed_keeps_within_the_room_and_the_language_that_are_asked(client, app, guide):
    base = app.config["LINKS"].base_url

    def ask(url, **more):
        return client.get("/oembed", query_string={"url": url, **more})

    small = ask(f"{base}/ruimtewijzers/{guide.slug}", maxwidth=320, maxheight=200).get_json()
    assert (small["width"], small["height"]) == (320, 200)
    assert 'width="320" height="200"' in small["html"]
    english = ask(f"{base}/en/ruimtewijzers/{guide.slug}?wens=x#antwoord", maxwidth="veel").get_json()
    assert f'src="{base}/en/insluiten/ruimtewijzer/{guide.slug}"' in english["html"]
    found = ask(f"{base}/zoeken?q=een+%22buurthuis%22").get_json()
    assert f'src="{base}/insluiten/zoek?q=een+%22buurthuis%22"' in found["html"]
    for other in (
        "", "https://elders.example/ruimtewijzers/x", f"{base}/", f"{base}/ruimtewijzers/nee", f"{base}/zaken/KNP-1",
        f"{base}//[x", f"{base}/ruimtewijzers/%00", f"{base}.elders.example/zoeken",
    ):  # fmt: skip
        assert ask(other).status_code == 404, other


def in_xml(answer):
    """What an answer of oEmbed in XML says, by name."""
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.data.startswith(b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>')
    whole = ElementTree.fromstring(answer.data)
    assert whole.tag == "oembed"
    return {each.tag: each.text for each in whole}


def test_both_forms_of_oembed_have_what_its_specification_asks_of_rich(client, app, guide):
    """oEmbed 1.0, 2.3.4: type and version always; html, width and height of what is rich. Both forms say the same."""
    base = app.config["LINKS"].base_url
    for url, room in (
        (f"{base}/ruimtewijzers/{guide.slug}", {}),
        (f"{base}/ruimtewijzers/{guide.slug}", {"maxwidth": 320, "maxheight": 90}),
        (f"{base}/zoeken?q=een+%22buurthuis%22+%26+<meer>", {"maxwidth": 9999}),
        (f"{base}/en/zoeken?q=%0B", {"maxheight": 1}),
    ):
        asked = {"url": url, **room}
        told = client.get("/oembed", query_string=asked).get_json()
        assert (told["type"], told["version"]) == ("rich", "1.0")
        assert told["html"].startswith("<iframe ")
        for name, limit in (("width", "maxwidth"), ("height", "maxheight")):
            assert isinstance(told[name], int)
            assert 0 < told[name] <= room.get(limit, told[name])
            assert f'{name}="{told[name]}"' in told["html"]
        assert isinstance(told["cache_age"], int)
        assert client.get("/oembed", query_string={**asked, "format": "json"}).get_json() == told
        assert in_xml(client.get("/oembed", query_string={**asked, "format": "xml"})) == {
            name: str(value).replace("\x0b", "") for name, value in told.items()
        }


def test_oembed_says_what_it_does_not_have_in_the_form_that_was_asked(client, app, guide):
    """404: no answer for this address. 501: no such form. What only staff may read is not there for anybody (404)."""
    base = app.config["LINKS"].base_url
    for form, read in (("json", lambda answer: answer.get_json()), ("xml", in_xml)):
        for path in ("/ruimtewijzers/nee", "/zaken/KNP-2026-00001", "/"):
            answer = client.get("/oembed", query_string={"url": base + path, "format": form})
            assert answer.status_code == 404
            assert set(read(answer)) == {"error"}
    for form in ("yaml", "", "JSON"):
        answer = client.get("/oembed", query_string={"url": f"{base}/ruimtewijzers/{guide.slug}", "format": form})
        assert answer.status_code == 501, form
    assert client.get("/oembed").status_code == 404


def test_a_page_leads_to_both_forms_of_oembed(client, guide):
    page = client.get(f"/ruimtewijzers/{guide.slug}").get_data(as_text=True)
    for form, kind in (("json", "application/json"), ("xml", "text/xml")):
        pattern = rf'<link rel="alternate" type="{re.escape(kind)}\+oembed" href="([^"]+)"'
        answer = client.get(html.unescape(re.search(pattern, page)[1]))
        assert (answer.status_code, answer.mimetype) == (200, kind), form


@pytest.mark.parametrize(
    ("path", "frame"),
    [("/zoeken", "/insluiten/zoek"), ("/en/zoeken?q=wonen+%26+werk", "/en/insluiten/zoek?q=wonen+%26+werk")],
)
def test_a_search_leads_to_both_forms_of_oembed_about_that_question(client, app, path, frame):
    page = client.get(path).get_data(as_text=True)
    base = app.config["LINKS"].base_url
    for form, kind in (("json", "application/json"), ("xml", "text/xml")):
        pattern = rf'<link rel="alternate" type="{re.escape(kind)}\+oembed" href="([^"]+)"'
        answer = client.get(html.unescape(re.search(pattern, page)[1]))
        assert (answer.status_code, answer.mimetype) == (200, kind), form
        shown = answer.json["html"] if form == "json" else ElementTree.fromstring(answer.data).findtext("html")
        assert html.unescape(re.search('src="([^"]+)"', shown)[1]) == f"{base}{frame}"


def test_a_frame_costs_few_statements_and_is_confirmed(client, connection, frame):
    mark = client.get(frame).headers["ETag"]
    with counted(connection) as sent:
        client.get(frame)
    assert len(sent) <= 3
    again = client.get(frame, headers={"If-None-Match": mark})
    assert again.status_code == 304
    assert may_be_framed(again)


def test_the_title_of_a_search_is_in_the_language_of_its_frame(client):
    """A program that asks for another site says nothing of who reads it there."""
    for start, words in (("/en", "Search for tiny house"), ("", "Zoeken naar tiny house")):
        page = f"http://localhost{start}/zoeken?q=tiny+house"
        for spoken in ("nl", "en"):
            told = client.get("/oembed", query_string={"url": page}, headers={"Accept-Language": spoken}).json
            assert (told["title"], f'title="{words}"' in told["html"]) == (words, True), (start, spoken)
