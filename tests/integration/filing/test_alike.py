"""While somebody files: what is public and like it is shown with the words that are shared, and nothing else is."""

import re

import pytest

from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Verdict
from knelpunt.services.core import search_index
from tests.integration.filing.residents import answer_all, begin, send
from tests.support.page import parse_page
from tests.support.statements import counted

TITLE = "Van de oude school een buurthuis maken"


@pytest.fixture
def published(make):
    """``published()``: a public case about a school that becomes a community house."""

    def make_public(title="Een buurthuis in een oude school", *, withdrawn_on=None):
        case = make.case(CaseStatus.CLOSED, title="Besloten dossiertitel", publication=PublicationStatus.PUBLIC)
        question = "Mag een school een buurthuis worden?"
        make.published(
            case,
            title=title,
            question=question,
            answer="Ja.",
            verdict=Verdict.PERCEIVED,
            published_on=case.filed_on,
            withdrawn_on=withdrawn_on,
            terms=search_index.published_terms(case.reference, title, question, "Ja."),
        )
        return case

    return make_public


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return parse_page(answer)


def shared_words(shown, words):
    """What stands behind these words in the only case that looks like it."""
    (item,) = shown.all("listitem", re.compile(words))
    return item.text.partition(words)[2]


def test_the_description_pages_and_the_check_show_published_cases_with_the_shared_words(client, published):
    case = published()
    key = answer_all(client)
    for slug in ("plan", "belemmering", "controle"):
        shown = page(client, f"/melden/{key}/{slug}")
        assert shown.leads_to(f"/knelpunten/{case.reference}"), slug
        words = shared_words(shown, "Gedeelde woorden: ")
        assert "school" in words
        assert "buurthuis" in words
        assert "Besloten dossiertitel" not in shown.text
    assert "Gedeelde woorden" not in page(client, f"/melden/{key}/contact").text


def test_a_case_that_is_not_public_leaves_no_trace(client, session, make, published):
    hidden = make.case(CaseStatus.CLOSED, title="Buurthuis in de oude school", description="School wordt buurthuis.")
    search_index.index_case(session, hidden)
    gone = published(withdrawn_on=make.today)
    key = begin(client, title=TITLE)
    text = client.get(f"/melden/{key}/belemmering").get_data(as_text=True)
    assert hidden.reference not in text
    assert gone.reference not in text
    assert "Wat anderen meldden" not in text


def test_it_asks_nothing_and_filing_goes_on(client, published):
    published()
    shown = page(client, f"/melden/{answer_all(client)}/controle")
    assert shown.one("complementary", "Lijkt dit erop?").all("form") == []
    assert shown.one("button", "Verstuur naar het loket")


def test_a_first_page_without_a_draft_asks_the_database_for_nothing_more(client, published):
    published()
    assert "Lijkt dit erop?" not in page(client, "/melden/bewoner").text


def test_the_statements_stay_few_and_the_same_for_many_cases(client, connection, published):
    key = answer_all(client)

    def taken():
        found = {}
        for slug in ("plan", "contact", "belemmering", "controle"):
            client.get(f"/melden/{key}/{slug}")
            with counted(connection) as sent:
                page(client, f"/melden/{key}/{slug}")
            found[slug] = len(sent)
        return found

    published()
    few = taken()
    for _ in range(10):
        published()
    assert taken() == few
    assert few["plan"] == few["contact"] + 4, "ruimtewijzers, how common words are, who has the rare ones, and cases"
    assert few["belemmering"] == few["plan"] + 1, "what was sent with it"


def test_who_files_in_english_sees_dutch_cases_by_the_dutch_words_for_it(client, published):
    case = published()
    key = begin(client, title="A place for the village", goal="Eating together.")
    send(client, key, "belemmering", "description", description="We want a community centre in the old school.")
    shown = page(client, f"/en/melden/{key}/belemmering")
    assert shown.leads_to(f"/en/knelpunten/{case.reference}")
    words = shared_words(shown, "Shared words: ")
    assert all(word in words for word in ("buurthuis", "oud", "school")), words
    on_a_dutch_page = page(client, f"/melden/{key}/belemmering")
    assert on_a_dutch_page.leads_to(f"/knelpunten/{case.reference}")
