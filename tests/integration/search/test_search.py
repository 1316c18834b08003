"""One box for everything: whether it finds what people ask for, in words of their own, and never what is not theirs."""

from datetime import UTC, datetime

import pytest

from benchmarks.questions import FIRST
from knelpunt.adapters.words.spelling import Vocabulary
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus, Verdict
from knelpunt.models import PublicText
from knelpunt.queries.search import candidates as search_candidates
from knelpunt.services.cases.publication import withdraw_publication
from knelpunt.services.cases.published_record import beside, write_published
from knelpunt.services.core import search_index
from knelpunt.services.guides.loading import load_guides
from knelpunt.services.search import search
from knelpunt.services.search.search import Kind
from tests.support import database
from tests.support.desk import Desk
from tests.support.factories import Factory
from tests.support.page import parse_page
from tests.support.statements import counted

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(scope="module")
def shipped(app):
    """The shipped ruimtewijzers, for all tests of this module."""
    with database.rolled_back() as (connection, session):
        load_guides(Desk(session, Factory(session)).system)
        session.commit()
        yield connection


@pytest.fixture
def connection(shipped):
    with database.put_back(shipped):
        yield shipped


@pytest.fixture
def filled(session):
    search._latest = None
    yield session
    search._latest = None


def paths(found, kind=None):
    return [hit.path for group in found.groups if kind in (None, group.kind) for hit in group.hits[:FIRST]]


def test_a_compound_and_its_parts_find_each_other(filled):
    joined = paths(search.find(filled, VISITOR, "geluidsnorm", TODAY), Kind.RULE)
    apart = paths(search.find(filled, VISITOR, "norm voor geluid", TODAY), Kind.RULE)
    assert joined
    assert set(joined) & set(apart)


def test_a_word_that_nobody_knows_gives_the_nearest_one_and_says_so(filled):
    found = search.find(filled, VISITOR, "parkeernrom", TODAY)
    assert found.instead == "parkeernorm"
    assert search.find(filled, VISITOR, "mantelzorgwoning", TODAY).instead is None
    assert search.find(filled, VISITOR, "xqzw", TODAY).is_empty


def test_any_text_is_safe(filled, client):
    for typed in ("", "  ", "de het een", "'", "a & b | !c", "\\", "%", "<b>", "ə" * 500, "1" * 400):
        search.find(filled, VISITOR, typed, TODAY)
        assert client.get("/zoeken", query_string={"q": typed}).status_code == 200, typed


def test_any_text_in_english_is_safe(filled, client):
    for typed in (
        "", "the", "noise & !permit | <b>", "noise \\ %", "permit ' \u2019s", "ə noise " * 60, "noise\x00x",
    ):  # fmt: skip
        for address in ("/en/zoeken", "/en/antwoord"):
            assert client.get(address, query_string={"q": typed}).status_code == 200, (address, typed)


def test_a_question_in_english_finds_dutch_answers_and_says_with_which_words(filled, client):
    asked = {"q": "permit for a street party with gizmos"}
    for address in ("/en/zoeken", "/en/antwoord"):
        page = parse_page(client.get(address, query_string=asked))
        assert any("/en/ruimtewijzers/straatfeest-of-buurtbarbecue" in href for _words, href in page.links())
        assert "We searched with these Dutch words: vergunning, straatfeest of buurtfeest" in page.text
        assert "vergunning, straatfeest of buurtfeest" in page.said_in("nl")
        assert "We do not know these words: gizmos" in page.text
        dutch = client.get(address.removeprefix("/en"), query_string=asked).get_data(as_text=True)
        assert "straatfeest" in dutch  # half of its words are no Dutch, so it is taken for English there too
    assert "<mark>" in client.get("/en/zoeken", query_string=asked).get_data(as_text=True)


def test_dutch_that_is_typed_on_an_english_page_is_searched_for_as_it_is(filled, client):
    page = client.get("/en/zoeken?q=buurtbarbecue").get_data(as_text=True)
    assert "straatfeest-of-buurtbarbecue" in page
    assert "Dutch words" not in page


def test_an_outsider_finds_and_counts_only_what_is_public(filled, session, make, client_as, client):
    own, other = make.organisation(), make.organisation()
    filer, triager = make.filer(own), make.triager()
    secret = make.case(organisation_id=other.id, title="Kwispelstaart op het plein", description="Geheim dossier.")
    mine = make.case(organisation_id=own.id, title="Kwispelstaart in onze straat", description="Eigen dossier.")
    for case in (secret, mine):
        search_index.index_case(session, case)
    session.commit()
    seen = {
        "visitor": client.get("/zoeken?q=kwispelstaart").get_data(as_text=True),
        "filer": client_as(filer).get("/zoeken?q=kwispelstaart").get_data(as_text=True),
        "staff": client_as(triager).get("/zoeken?q=kwispelstaart").get_data(as_text=True),
    }
    english = client.get("/en/zoeken?q=kwispelstaart+noise+permit").get_data(as_text=True)
    assert secret.reference not in seen["visitor"] + seen["filer"] + english
    assert mine.reference not in seen["visitor"]
    assert "Niets gevonden" in seen["visitor"]
    assert f"/onze-zaken/{mine.reference}" in seen["filer"]
    assert f"/zaken/{secret.reference}" in seen["staff"]
    assert "<mark>Kwispelstaart</mark>" in seen["staff"]
    assert "Bedoelt u" not in seen["visitor"]


def test_the_words_that_are_known_come_from_public_texts_only(filled, session, make):
    make.case(title="Wapperflap", description="Wapperflappen in een dossier.")
    session.flush()
    assert not search.knowledge(session, TODAY).words.knows("wapperflap")


def test_the_page_shows_one_kind_with_more_of_it_and_marks_what_was_asked(filled, client):
    page = client.get("/zoeken?q=woning").get_data(as_text=True)
    assert "Toon meer" in page
    only = client.get("/zoeken?q=woning&soort=regels").get_data(as_text=True)
    assert "Toon alle soorten" in only
    assert "soort-ruimtewijzers" not in only
    assert "<mark>" in only
    assert client.get("/zoeken?q=woning&soort=onzin").status_code == 200


def test_a_published_case_is_found_until_it_is_withdrawn(filled, session, make):
    case = make.case(CaseStatus.CLOSED, publication=PublicationStatus.PUBLIC, verdict=Verdict.PERCEIVED)
    text = PublicText(case_id=case.id, title="Kwispelstaart op het plein", question="Mag dat?", answer="Ja.")
    context = Desk(session, make).system
    record = write_published(context, case, text, beside(context, case))
    session.flush()
    assert paths(search.find(session, VISITOR, "kwispelstaart", TODAY), Kind.CASE) == [f"/knelpunten/{case.reference}"]
    record.withdrawn_on, record.withdrawn_reason = TODAY, "Op verzoek."
    session.flush()
    assert paths(search.find(session, VISITOR, "kwispelstaart", TODAY), Kind.CASE) == []


@pytest.mark.parametrize("share", [0.0, 0.01, 1.0])
def test_common_and_rare_words_find_the_same_and_only_what_may_be_read(filled, session, make, monkeypatch, share):
    monkeypatch.setattr(
        search_candidates, "shares_of", lambda _session, _table, words: (dict.fromkeys(words, share), 1)
    )
    triager = make.actor(make.triager())
    public, withdrawn = (
        make.case(CaseStatus.CLOSED, publication=PublicationStatus.PUBLIC, verdict=Verdict.PERCEIVED) for _ in range(2)
    )
    for case in (public, withdrawn):
        text = PublicText(case_id=case.id, title="Kwispelstaart op het plein", question="Wapperflap?", answer="Ja.")
        context = Desk(session, make).system
        record = write_published(context, case, text, beside(context, case))
        search_index.index_case(session, case, [text.title, text.question])
    record.withdrawn_on, record.withdrawn_reason = TODAY, "Op verzoek."
    secret = make.case(title="Kwispelstaart thuis", description="Wapperflap in een dossier.")
    search_index.index_case(session, secret)
    session.flush()
    for asked in ("kwispelstaart", "kwispelstaart wapperflap", "kwispelstaart met wapperflap in een plein of dossier"):
        assert paths(search.find(session, VISITOR, asked, TODAY), Kind.CASE) == [f"/knelpunten/{public.reference}"]
        files = paths(search.find(session, triager, asked, TODAY), Kind.FILE)
        assert set(files) == {f"/zaken/{case.reference}" for case in (public, withdrawn, secret)}


def test_how_common_a_word_is_follows_from_its_terms_whichever_way_it_is_found():
    shares = {"x": 0.25, "a": 0.125, "b": 0.125, "c": 0.5}
    asked = {
        "'x'": 0.25,
        "'x' | (('a' | 'b') & ('c'))": 0.5,
        "'a' | 'geen'": 0.125,
        "('a' & 'geen')": 0.0,
        "'c' | 'x' | 'c'": 1.0,
    }

    assert {word: search_candidates._share(word, shares) for word in asked} == asked


@pytest.mark.parametrize(
    ("words", "share", "query", "is_common"),
    [
        (["'a'"], 0.2, "'a'", True),
        (["'a'"], 0.04, "'a'", False),
        (["'a'", "'b'"], 0.2, "('a') & ('b')", False),
        (["'a'", "'b'"], 0.3, "('a') & ('b')", True),
        (["'a'", "'b'", "'c'"], 0.2, "('a') & ('b') | ('a') & ('c') | ('b') & ('c')", True),
        (["'a'", "'b'", "'c'"], 0.0, "('a') & ('b') | ('a') & ('c') | ('b') & ('c')", False),
    ],
)
def test_judged_cases_are_read_from_the_newest_on_only_where_their_words_are_common(
    session, monkeypatch, words, share, query, is_common
):
    monkeypatch.setattr(
        search_candidates, "shares_of", lambda _session, _table, asked: (dict.fromkeys(asked, share), 0)
    )
    looked = search_candidates.EVERY_CASE
    assert search_candidates.query_for_two(session, looked, words, 240) == ({"pairs": query}, is_common)


def test_a_withdrawn_text_gives_no_word_to_a_search_that_is_spelled_wrong(filled, session, make):
    desk, head = Desk(session, make), make.head_of_desk()  # a new account makes each process read the words again too
    case = make.case(CaseStatus.CLOSED, publication=PublicationStatus.PUBLIC, verdict=Verdict.PERCEIVED)
    text = PublicText(case_id=case.id, title="Kwispelstaart", question="Mag?", answer="Ja.")
    write_published(desk.system, case, text, beside(desk.system, case))
    session.flush()
    search._latest = None
    assert search.find(session, VISITOR, "kwispelstaatr", TODAY).instead == "kwispelstaart"
    withdraw_publication(desk.context(head), case.reference, case.version, "Er stond een naam in.")
    assert search.find(session, VISITOR, "kwispelstaatr", TODAY).instead is None


def test_a_search_costs_a_fixed_number_of_statements(filled, connection, session, make):
    triager = make.actor(make.triager())

    def cost(number):
        for _ in range(number):
            search_index.index_case(session, make.case(title="Kwispelstaart", description="Nog een."))
        search.find(session, triager, "kwispelstaart in de wijk", TODAY)
        with counted(connection) as sent:
            search.find(session, triager, "kwispelstaart in de wijk", TODAY)
        return len(sent)

    assert cost(1) == cost(12)


def test_the_nearest_word_is_one_that_begins_alike_and_occurs_most():
    known = Vocabulary.of(["woning woning woningen honing", "vergunning vergunningen gemeente"])
    assert known.nearest("wonign") == "woning"
    assert known.nearest("vergnuning") == "vergunning"
    assert known.nearest("woning") is None
    assert known.nearest("huis") is None
    assert known.corrected("vergnuning voor wonign") == "vergunning voor woning"


@pytest.mark.parametrize("word", ["weiland", "gillende", "hygiëne", "gezin", "tuinbank", "dakterras"])
def test_a_word_that_a_dictionary_knows_is_never_repaired(word):
    near = {
        "weiland": "eiland",
        "gillende": "geldende",
        "hygiëne": "hygienes",
        "gezin": "begin",
        "tuinbank": "tuinhank",
    }
    assert Vocabulary.of([near.get(word, "dakterrassen")]).corrected(f"een {word}") is None


def test_a_law_says_by_which_of_its_words_it_was_found(filled, session, make):
    law = make.law(
        citation_title="Kwispelwet",
        details={
            "trigger_words": ["wapperflap", "kleine wapperflap", "los <b>vlot</b>", "iets anders"],
            "situations": ["Wij willen een wapperflap aan ons vlot, maar dat mag niet."],
        },
    )
    session.flush()

    def because(asked):
        groups = search.find(filled, VISITOR, asked, TODAY).groups
        hits = [hit for group in groups for hit in group.hits if hit.path == f"/wetten/{law.key}"]
        return hits[0].because

    assert because("wapperflap") == ("wapperflap",)
    assert because("kwispelwet") == ()
    assert because("kwispelwet wapperflap") == ("wapperflap",)
    assert because("vlot wapperflap") == ("Wij willen een wapperflap aan ons vlot, maar dat mag niet.",)
    assert because("wapperflappen kleine") == ("kleine wapperflap",)


def test_why_a_law_was_found_is_shown_marked_and_safe(filled, session, make, client):
    make.law(citation_title="Kwispelwet", details={"trigger_words": ["los <b>vlotje</b>"], "situations": ["Iets."]})
    session.commit()
    page = client.get("/zoeken?q=vlotjes").get_data(as_text=True)
    assert "los &lt;b&gt;<mark>vlotje</mark>&lt;/b&gt;" in page
    english = parse_page(client.get("/en/zoeken?q=vlotjes"))
    assert "Found by: los <b>vlotje</b>" in english.text
    assert "los <b>vlotje</b>" in english.said_in("nl")
    assert "vlotje" in english.names("mark")


def test_english_says_in_english_what_is_not_a_name_or_a_quotation(filled, client):
    page = client.get("/en/zoeken?q=alcohol+act+zwolle").get_data(as_text=True)
    assert "Does not apply today." in client.get("/en/zoeken?q=noise&soort=regels").get_data(as_text=True)
    assert "Public bottlenecks from this municipality" in page
    assert "Geldt vandaag niet" not in page


@pytest.mark.parametrize("asked", ["daktuin", "tuin op het dak", "daktuin school", "roof garden", "dakttuin"])
def test_staff_find_an_open_case_in_their_own_words(filled, session, make, asked):
    triager = make.actor(make.triager())
    case = make.case(
        CaseStatus.IN_TRIAGE, title="Een daktuin op onze school", description="Leerlingen willen groen op het dak."
    )
    search_index.index_case(session, case)
    guide_words = make.case(title="Dak", description="Nieuw dak.")
    search_index.index_case(session, guide_words)
    session.flush()
    assert f"/zaken/{case.reference}" in paths(search.find(session, triager, asked, TODAY), Kind.FILE)


def test_what_has_no_answer_says_so_and_goes_to_filing_with_the_text(filled, client):
    page = parse_page(client.get("/antwoord", query_string={"q": "mijn paspoort is verlopen"}))
    assert "Hier hebben wij nog geen antwoord op" in page.text
    assert page.leads_to("/melden/bewoner?wens=mijn+paspoort+is+verlopen")
    assert not any("/ruimtewijzers/" in href for _words, href in page.links())


SERVICE = "Dat weet uw gemeente of wie het levert."


@pytest.mark.parametrize(
    "asked", ["wat kosten zonnepanelen", "huur opzeggen", "subsidie zonnepanelen eigen huis", "cost of solar panels"]
)
def test_who_asks_for_a_service_in_words_of_an_answer_is_told_who_knows(filled, client, asked):
    page = parse_page(client.get("/antwoord", query_string={"q": asked}))
    assert "Hier hebben wij nog geen antwoord op" in page.text
    assert SERVICE in page.text
    assert not any("/ruimtewijzers/" in href or "/wetten/" in href for _words, href in page.links())


def test_who_tells_of_a_rule_is_answered_though_a_price_is_asked_too(filled, client):
    asked = "wij willen een woning splitsen maar de gemeente weigert de vergunning, wat kost bezwaar"
    page = parse_page(client.get("/antwoord", query_string={"q": asked}))
    assert page.leads_to("/wetten/hvw2014")
    assert SERVICE not in page.text


def test_what_has_no_answer_and_asks_for_no_service_is_not_taken_for_it(filled, client):
    page = parse_page(client.get("/antwoord", query_string={"q": "xqzjvw"}))
    assert "Hier hebben wij nog geen antwoord op" in page.text
    assert SERVICE not in page.text


def test_what_only_a_law_answers_shows_the_law_as_a_law(filled, client):
    page = parse_page(client.get("/antwoord", query_string={"q": "bibob toets"}))
    assert "Een wet die erover gaat" in page.text
    assert "Dit is geen antwoord maar de wet zelf." in page.text
    assert page.leads_to("/wetten/bibob")
    assert "Hier hebben wij nog geen antwoord op" not in page.text


def test_every_box_mends_the_same_slips_of_the_pen(filled, client):
    for address in ("/antwoord", "/ruimtewijzers", "/zoeken"):
        page = parse_page(client.get(address, query_string={"q": "parkeernrom"}))
        assert "parkeernorm" in page.text.replace("parkeernrom", ""), address
        assert any("parkeernorm-te-hoog" in href for _words, href in page.links()), address


def test_an_answer_costs_the_same_statements_for_any_number_of_cases(filled, connection, session, make, client):
    def cost(number):
        for _ in range(number):
            case = make.case(CaseStatus.CLOSED, publication=PublicationStatus.PUBLIC, verdict=Verdict.PERCEIVED)
            text = PublicText(case_id=case.id, title="Kwispelstaart op het plein", question="Mag dat?", answer="Ja.")
            context = Desk(session, make).system
            write_published(context, case, text, beside(context, case))
        session.commit()
        client.get("/antwoord", query_string={"q": "kwispelstaart op het plein"})
        with counted(connection) as sent:
            page = client.get("/antwoord", query_string={"q": "kwispelstaart op het plein"})
        assert page.status_code == 200
        return len(sent)

    assert cost(1) == cost(8)
