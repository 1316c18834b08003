"""The page of a published case: what happened in public, the rules in plain words, cases like it, its addresses."""

import re
from datetime import date
from unittest.mock import Mock

import pytest
from sqlalchemy import select, update

from knelpunt.domain.vocabulary import Theme, Verdict
from knelpunt.models import Law, Municipality, PublishedCase
from knelpunt.queries.public.similar import similar_cases
from knelpunt.services.cases import publication
from knelpunt.services.core.search_index import MOST_WORDS, words_to_share
from knelpunt.services.search import answers
from knelpunt.services.search.answers import MOST_IDEAS
from tests.support.page import parse_page
from tests.support.statements import counted

MAP = "Kaart van gemeenten met beantwoorde knelpunten"


def page_of(client, case):
    return client.get(f"/knelpunten/{case.reference}").get_data(as_text=True)


def put_in_zwolle(session, case):
    """The municipality of the tests' desk has no tile on the map; Zwolle has."""
    zwolle = session.scalars(select(Municipality).where(Municipality.name == "Zwolle")).one()
    session.get_one(PublishedCase, case.id).municipality_id = zwolle.id
    return zwolle.id


def story_in(page):
    return [item.names("paragraph")[0] for item in parse_page(page).under("Wat er gebeurde").all("listitem")]


def test_the_story_has_only_what_happened_in_public(client, desk, published, private_words):
    case = published()
    page = page_of(client, case)
    assert story_in(page) == ["Gemeld bij het loket", "Beantwoord en afgesloten", "Openbaar gemaakt"]
    assert "dinsdag 3 november 2026" in page
    assert not [word for word in private_words(case) if word in page]


def test_a_withdrawn_case_tells_when_but_not_what(client, desk, published):
    case = published()
    publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
    page = page_of(client, case)
    assert story_in(page)[-1] == "Openbare tekst ingetrokken"
    assert 'content="noindex"' in page
    assert "og:" not in page


def test_of_history_no_day_is_told(client, session, published):
    case = published()
    session.execute(
        update(PublishedCase).values(
            source_url="https://bron.example/1", filed_on=date(2015, 1, 1), closed_on=date(2015, 12, 31)
        )
    )
    page = page_of(client, case)
    assert story_in(page) == ["Dit speelde, voor er een loket was", "Openbaar gemaakt"]
    assert "2015" in page
    assert "januari 2015" not in page
    assert "december 2015" not in page


def test_a_rule_is_explained_with_who_decides_and_the_law_of_the_day_in_a_fold(client, session, published):
    case = published()
    record = session.get_one(PublishedCase, case.id)
    record.provisions = [
        {
            "law": "ow", "title": "Omgevingswet", "provision": "ow-23.3-2024", "article": "23.3 lid 1-7",
            "instrument": "Experiment", "role": "biedt_ruimte", "on_date": "2024-05-01",
        },
        {
            "law": "wabo", "title": "Wabo", "provision": None, "article": "2.12", "instrument": None,
            "role": "belemmert", "on_date": "2024-05-01",
        },
    ]  # fmt: skip
    page = page_of(client, case)
    assert "Van de wet mag tijdelijk worden afgeweken" in page
    assert "Wie beslist: Regering bij AMvB" in parse_page(page).text
    assert "Zo stond het op woensdag 1 mei 2024" in page
    assert "/wetten/ow/ow-23.3-2024?op=2024-05-01" in page
    assert "Wabo, artikel 2.12" in page
    assert "Deze regel stond het plan in de weg." in page


def test_cases_that_share_words_and_a_law_are_like_it_and_others_are_not(client, session, published):
    case, like, unlike, gone = (published() for _ in range(4))
    session.execute(
        update(PublishedCase)
        .where(PublishedCase.case_id == unlike.id)
        .values(terms="parkeerplaats", theme=Theme.ENERGY)
    )
    session.execute(
        update(PublishedCase).where(PublishedCase.case_id == gone.id).values(withdrawn_on=date(2026, 11, 9))
    )
    page = page_of(client, case)
    assert f'href="/knelpunten/{like.reference}"' in page
    assert unlike.reference not in page
    assert gone.reference not in page


@pytest.mark.parametrize(("key", "is_said"), [("ow", True), ("lokaal", False)])
def test_two_rules_of_municipalities_are_not_the_same_law(client, session, published, key, is_said):
    case, like = published(), published()
    law_id = session.scalars(select(Law.id).where(Law.key == key)).one()
    session.execute(update(PublishedCase).values(main_law_id=law_id))
    page = page_of(client, case)
    assert f'href="/knelpunten/{like.reference}"' in page
    assert ("Zelfde wet" in page) is is_said


def test_two_unknown_themes_are_not_the_same_one_and_stand_over_no_title(client, session, published):
    first, second = published(), published()
    record = session.get_one(PublishedCase, first.id)
    words = answers.told(session, f"{record.title}\n{record.question}").queries
    found = {}
    for theme in (Theme.OTHER, Theme.UNKNOWN):
        session.execute(update(PublishedCase).values(theme=theme))
        rows = similar_cases(session, words, case_id=first.id, theme=theme)
        found[theme] = {row.reference: row.shares_theme for row in rows}
    assert found == {Theme.OTHER: {second.reference: True}, Theme.UNKNOWN: {second.reference: False}}
    session.commit()
    for path in ("/", f"/knelpunten/{first.reference}"):
        assert "Onderwerp niet bekend" not in client.get(path).get_data(as_text=True)
    session.execute(update(PublishedCase).values(municipality_id=None, municipality_then=None))
    session.commit()
    for path in ("/", "/knelpunten", "/antwoord?q=buurthuis", f"/knelpunten/{first.reference}"):
        assert not re.search(r'__over">\s*<', client.get(path).get_data(as_text=True)), path
    assert client.get(f"/knelpunten/{first.reference}/kaart.png").status_code == 200


def test_finding_cases_like_it_takes_three_statements_and_stops_at_enough(session, connection, published):
    cases = [published() for _ in range(5)]
    session.flush()
    record = session.get_one(PublishedCase, cases[0].id)
    words = answers.told(session, f"{record.title}\n{record.question}").queries
    with counted(connection) as sent:
        found = similar_cases(session, words, case_id=record.case_id, theme=record.theme, law_id=record.main_law_id)
    assert len(sent) == 3
    assert [each.reference for each in found] == [case.reference for case in reversed(cases[2:])]
    assert found[0].verdict is Verdict.BY_ONTHEFFING_OR_EXPERIMENT


def test_a_public_case_is_compared_as_it_stands(client, published, monkeypatch):
    """Somebody read it before it was published: no word is mended or taken for English."""
    read = Mock()
    monkeypatch.setattr(answers, "knowledge", read)
    monkeypatch.setattr(answers, "in_dutch", read)
    first, second = published(), published()

    page = page_of(client, first)

    assert f"/knelpunten/{second.reference}" in page
    assert not read.called


def test_a_title_without_words_is_like_nothing(session):
    assert similar_cases(session, answers.told(session, "de en van").queries, theme=Theme.OTHER) == ()


def test_the_words_to_share_are_safe_and_few(session):
    typed = "'); DROP \\ :* & | ! <-> " + " ".join(f"woord{number}" for number in range(50))
    queries = answers.told(session, typed).queries
    words = words_to_share(typed)
    assert len(words) == MOST_WORDS
    assert len(queries) == MOST_IDEAS
    assert all(re.fullmatch(r"'\w+'( \| '\w+')*", each) for each in words)
    assert {sign for each in queries for sign in re.sub(r"'\w+'", "", each)} <= set(" |&()")


@pytest.mark.parametrize("shape", ["{}", "knp-{}", "KNP-{}"])
def test_the_short_address_leads_to_the_page(client, published, shape):
    case = published()
    number = case.reference.removeprefix("KNP-")
    answer = client.get(f"/k/{shape.format(number)}")
    assert answer.status_code == 301
    assert answer.location == f"/knelpunten/{case.reference}"
    page = page_of(client, case)
    assert f"/k/{number}" in page
    assert f'<link rel="canonical" href="http://localhost/knelpunten/{case.reference}">' in page


@pytest.mark.parametrize("number", ["2026-99999", "x", "%00", "a" * 400, "é", "KNP-"])
def test_a_short_address_of_nothing_is_not_found(client, number):
    assert client.get(f"/k/{number}").status_code == 404
    assert client.get(f"/knelpunten/{number}/kaart.png").status_code == 404


def test_a_case_that_is_not_public_has_no_short_address_and_no_picture(client, desk):
    case = desk.bring("afgesloten")
    assert client.get(f"/k/{case.reference}").status_code == 404
    assert client.get(f"/knelpunten/{case.reference}/kaart.png").status_code == 404


def test_the_picture_of_a_case_is_a_png_that_markup_cannot_break(client, session, published):
    case = published()
    session.get_one(PublishedCase, case.id).title = '#panic() "] $ <b> \\ ' + "lang " * 60
    answer = client.get(f"/knelpunten/{case.reference}/kaart.png")
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")
    assert int.from_bytes(answer.data[16:20]) == 1200
    assert int.from_bytes(answer.data[20:24]) == 630


def test_the_map_links_only_places_with_cases_and_has_the_same_table(client, session, published):
    place = put_in_zwolle(session, published())
    published()
    page = parse_page(client.get("/knelpunten?weergave=kaart"))
    assert [href for _words, href in page.one("group", MAP).links()] == [f"/knelpunten?gemeente={place}"]
    assert [href for _words, href in page.one("table").links()] == [f"/knelpunten?gemeente={place}"]
    assert "2 knelpunten in 1 gemeente" in page.text
    assert "1 knelpunt gaat over geen enkele gemeente" in page.text
    assert len(page.one("group", MAP).all("tooltip")) == 341, "every other municipality is drawn, and no link"


def test_the_map_keeps_what_is_asked(client, session, published):
    place = put_in_zwolle(session, published())
    page = client.get("/knelpunten?weergave=kaart&q=schoolgebouw&thema=anders").get_data(as_text=True)
    assert f"/knelpunten?q=schoolgebouw&amp;thema=anders&amp;gemeente={place}" in page
    assert "Niets gevonden" in client.get("/knelpunten?weergave=kaart&thema=energie").get_data(as_text=True)
    assert "Niets gevonden" in client.get("/knelpunten?weergave=kaart&q=de").get_data(as_text=True)
