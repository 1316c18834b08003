"""What a visitor finds: everything that is public, and nothing else."""

from datetime import date

import pytest

from knelpunt.domain.vocabulary import PublicationStatus, Verdict
from knelpunt.models import PublishedCase
from knelpunt.queries.public import published as public
from knelpunt.queries.public.counts import municipality_counts
from knelpunt.queries.public.published import PublicFilter
from knelpunt.services.cases import publication
from tests.support.page import parse_page


def test_a_published_case_shows_the_public_text_and_not_the_file(client, desk, published):
    case = published()
    page = client.get(f"/knelpunten/{case.reference}").get_data(as_text=True)
    assert "Ja, met een tijdelijke vergunning." in page
    assert "Buurthuis in een oude school" in client.get("/knelpunten").get_data(as_text=True)
    for private in (case.title, case.description, "initiatief@proef.example", desk.handler.name):
        assert private not in page
        assert private not in client.get("/knelpunten?q=buurthuis").get_data(as_text=True)


def test_a_case_that_is_not_public_does_not_exist(client, desk):
    case = desk.bring("afgesloten")
    assert case.publication is PublicationStatus.INTERNAL
    assert client.get(f"/knelpunten/{case.reference}").status_code == 404


def test_a_withdrawn_case_leaves_a_tombstone_without_its_text(client, desk, published):
    case = published()
    publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
    answer = client.get(f"/knelpunten/{case.reference}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 410
    assert "Op verzoek." in page
    assert "tijdelijke vergunning" not in page
    assert "Buurthuis in een oude school" not in client.get("/knelpunten").get_data(as_text=True)


def test_a_withdrawn_case_stands_on_no_list_and_no_map_and_its_record_is_blank(session, desk, published):
    case, other = published(), published()

    def shown():
        listed = public.published_cases(session, PublicFilter()).rows
        places = municipality_counts(session, PublicFilter())
        return places, *({row.reference for row in rows} for rows in (listed, public.recent_answers(session)))

    both = {case.reference, other.reference}
    assert shown() == ({case.municipality_id: 1, other.municipality_id: 1}, both, both)
    session.get_one(PublishedCase, case.id).provisions = [{"law": "ow", "title": "Omgevingswet"}]
    publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
    session.flush()
    assert shown() == ({other.municipality_id: 1}, {other.reference}, {other.reference})
    record = public.published_case(session, case.reference)
    assert (record.title, record.question, record.answer, record.next_step, record.provisions) == ("", "", "", None, [])


@pytest.mark.parametrize(
    "unanswered", [{"verdict": Verdict.UNDECIDED}, {"result": None}], ids=["undecided", "without an outcome"]
)
def test_a_case_without_an_answer_is_counted_and_listed_only_where_asked(client, session, published, unanswered):
    case, other = published(), published()
    for name, value in unanswered.items():
        setattr(session.get_one(PublishedCase, other.id), name, value)
    session.flush()
    assert [row.reference for row in public.recent_answers(session)] == [case.reference]
    assert municipality_counts(session, PublicFilter()) == {case.municipality_id: 1}
    for address in ("/knelpunten", "/knelpunten.atom", "/knelpunten?weergave=kaart"):
        assert other.reference not in client.get(address).get_data(as_text=True)
    assert other.reference in client.get("/knelpunten?uitkomst=alle").get_data(as_text=True)
    assert client.get(f"/knelpunten/{other.reference}").status_code == 200


def test_what_is_undecided_can_be_asked_for(client, session, published):
    case = published()
    session.get_one(PublishedCase, case.id).verdict = Verdict.UNDECIDED
    session.flush()
    assert case.reference in client.get("/knelpunten?oordeel=V0").get_data(as_text=True)


def test_the_words_of_the_public_text_find_it_and_those_of_the_file_do_not(client, desk, published):
    published()
    assert parse_page(client.get("/knelpunten?q=schoolgebouwen")).one("status", "1 knelpunt")
    assert "Niets gevonden" in client.get("/knelpunten?q=bestemmingsplan").get_data(as_text=True)


def test_paging_passes_every_case_once(session, desk, published):
    references = {published().reference for _ in range(5)}
    for number, published in enumerate(session.query(PublishedCase).order_by(PublishedCase.case_id)):
        published.published_on = date(2026, 11, 1 + number // 2)
    session.flush()
    seen, after = [], None
    while True:
        page = public.published_cases(session, PublicFilter(), after=after, most=2)
        seen += [row.reference for row in page.rows if row.reference in references]
        after = page.after
        if after is None:
            break
    assert len(seen) == 5
    assert set(seen) == references


@pytest.mark.parametrize(
    "query",
    ["na=x", "na=2026-11-01.", "na=9999-99-99.1", "na=2026-11-01." + "9" * 30, "thema=%00", "gemeente=" + "9" * 40,
     "q=%00", "q=" + "a" * 3000, "q=%27%29%3B--", "wet=-1", "q=de"],
)  # fmt: skip
def test_any_address_gets_a_page(client, query):
    assert client.get(f"/knelpunten?{query}").status_code == 200


@pytest.mark.parametrize("reference", ["KNP-2026-99999", "x", "%00", "a" * 500, "é"])
def test_a_number_that_is_none_is_not_found(client, reference):
    assert client.get(f"/knelpunten/{reference}").status_code == 404
