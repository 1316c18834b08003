"""The rules of a published case then and now, as anybody reads them."""

from html import unescape

import pytest

from knelpunt.models import PublishedCase
from knelpunt.services.cases import publication
from tests.support.dutch_words import dutch_in


def test_a_published_case_leads_to_its_rules_then_and_now(client, published, private_words):
    case = published()
    path = f"/knelpunten/{case.reference}/regels"
    words = private_words(case)
    assert f'href="{path}"' in client.get(f"/knelpunten/{case.reference}").get_data(as_text=True)
    for query in ("", "?op=toen", "?op=vandaag", "?datum=2012-07-01"):
        answer = client.get(f"{path}{query}")
        text = unescape(answer.get_data(as_text=True))
        assert answer.status_code == 200
        assert "Proefwet" in text
        assert not [word for word in words if word in text]
    assert "Geldt nog zo" in text or "Gold" in text or "Wat ervan werd" in text


@pytest.mark.parametrize("query", ["datum=%00", "datum=2026-02-30", "op=x&datum=" + "1" * 4000])
def test_an_odd_day_gets_a_sentence(client, published, query):
    answer = client.get(f"/knelpunten/{published().reference}/regels?{query}")
    assert answer.status_code in (200, 422)
    assert "Vergelijk met een andere dag" in answer.get_data(as_text=True)


def test_what_is_withdrawn_or_never_published_has_no_such_page(client, session, desk, published):
    case = published()
    publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
    assert session.get(PublishedCase, case.id).withdrawn_on is not None
    assert client.get(f"/knelpunten/{case.reference}/regels").status_code == 404
    assert client.get(f"/knelpunten/{desk.bring('afgesloten').reference}/regels").status_code == 404


def test_the_new_pages_hold_no_dutch_in_english(client, published):
    case = published()
    for path in (
        f"/knelpunten/{case.reference}/regels",
        f"/knelpunten/{case.reference}/regels?op=toen",
        "/wetten/samenloop",
        "/wetten/samenloop?niveau=bepalingen&botsen=ja",
        "/wetten/samenloop?vanaf=2026&tot=2013&domein=x&wet=x&niveau=x",
    ):
        assert dutch_in(client.get(f"/en{path}").get_data(as_text=True), head=False) == [], path
