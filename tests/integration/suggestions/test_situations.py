"""Situations at the desk: shown with their facts, chosen or refused by a person, and of use where one writes."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.domain.vocabulary import CaseStatus, EventKind, Role, SubmitterKind
from knelpunt.models import Event, SuggestionFeedback
from tests.support.guides import public_guide
from tests.support.page import parse_page

TITLE = "Ontmoetingsplek in de lege school"
TEXT = (
    "De basisschool staat leeg. Wij willen er met vrijwilligers een ontmoetingsplek maken. Volgens de gemeente staat "
    "het omgevingsplan er alleen onderwijs toe."
)
EMPTY_BUILDING, LAND = "leeg-gebouw-andere-functie", "grond-of-gebouw-van-gemeente"


@pytest.fixture
def case(make):
    return make.case(
        CaseStatus.IN_TRIAGE,
        title=TITLE,
        description=TEXT,
        law_date=date(2026, 3, 12),
        submitter_kind=SubmitterKind.CITIZEN_INITIATIVE,
    )


def address(case, rest: str = "") -> str:
    return f"/zaken/{case.reference}/voorstellen{rest}"


def said(session, case) -> list[tuple[str | None, SuggestionDecision, RefusalReason | None]]:
    rows = session.scalars(
        select(SuggestionFeedback)
        .where(SuggestionFeedback.case_id == case.id, SuggestionFeedback.withdrawn_at.is_(None))
        .order_by(SuggestionFeedback.id)
    )
    return [(row.situation, row.decision, row.reason) for row in rows]


def kinds(session, case) -> list[str]:
    return list(session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)))


def offered(page) -> list[str]:
    return [part.name for part in page.all("article") if "Maak er een toets van" in part.text]


def choice(key: str, rank: int = 1) -> dict[str, str]:
    return {"situation": key, "rank": str(rank)}


def test_the_page_shows_the_situation_with_its_facts_and_the_planning_law_before_the_school_law(make, client_as, case):
    page = parse_page(client_as(make.triager()).get(address(case)))

    found = page.one("region", "Waar lijkt dit op?")
    assert "Een leeg gebouw krijgt een andere functie" in found.text
    assert "basisschool" in found.names("mark")
    assert "Een situatie is geen feit." in found.text
    regions = page.names("region")
    assert "Wet op het primair onderwijs" not in regions[: regions.index("Omgevingswet")]
    assert "Omgevingsvergunning buitenplanse omgevingsplanactiviteit (BOPA)" in offered(page)
    assert "Hoort bij de situatie ‘Een leeg gebouw krijgt een andere functie’" in page.text


def test_another_situation_can_be_chosen_and_the_rules_follow_at_once(session, make, client_as, case):
    triager = client_as(make.triager())

    assert triager.post(address(case, "/situatie"), data=choice(LAND, 4)).status_code == 303

    assert said(session, case) == [(LAND, SuggestionDecision.CONFIRMED, None)]
    assert kinds(session, case) == [EventKind.SUGGESTION_CONFIRMED]
    page = parse_page(triager.get(address(case)))
    assert "Grond of een gebouw van de gemeente krijgen" in page.one("region", "Waar lijkt dit op?").text
    assert "Gelijke kansen bij verkoop of verhuur van grond en gebouwen" in offered(page)
    assert "Situatie: Grond of een gebouw van de gemeente krijgen" in page.text
    assert "Situatie: Grond of een gebouw van de gemeente krijgen." in triager.get(f"/zaken/{case.reference}").text

    triager.post(address(case, "/situatie"), data=choice(EMPTY_BUILDING))
    assert said(session, case) == [(EMPTY_BUILDING, SuggestionDecision.CONFIRMED, None)]


def test_a_refused_situation_leads_to_nothing_until_it_is_taken_back(session, make, client_as, case):
    triager = client_as(make.triager())
    before = parse_page(triager.get(address(case)))

    assert triager.post(address(case, "/situatie/afwijzen"), data=choice(EMPTY_BUILDING)).status_code == 303

    assert said(session, case) == [(EMPTY_BUILDING, SuggestionDecision.REFUSED, None)], "nobody was asked why"
    page = parse_page(triager.get(address(case)))
    assert f"situatie-{EMPTY_BUILDING}" not in triager.get(address(case)).text
    assert offered(page) != offered(before)
    row = session.scalar(select(SuggestionFeedback.id).where(SuggestionFeedback.case_id == case.id))
    assert triager.post(address(case, f"/{row}/terugnemen")).status_code == 303
    assert offered(parse_page(triager.get(address(case)))) == offered(before)
    assert kinds(session, case) == [EventKind.SUGGESTION_REFUSED, EventKind.SUGGESTION_RESTORED]


def test_the_same_thing_is_not_said_twice_and_nothing_is_said_of_what_is_not_there(session, make, client_as, case):
    triager = client_as(make.triager())
    triager.post(address(case, "/situatie"), data=choice(LAND))

    again = triager.post(address(case, "/situatie"), data=choice(LAND))
    assert again.status_code == 422
    assert "al iets gezegd" in again.text
    assert triager.post(address(case, "/situatie"), data=choice("nergens")).status_code == 404
    for data in ({}, choice(""), choice("x" * 200), {"situation": LAND}, choice(LAND, 0)):
        assert triager.post(address(case, "/situatie/afwijzen"), data=data).status_code == 422
    assert said(session, case) == [(LAND, SuggestionDecision.CONFIRMED, None)]


def test_a_choice_of_a_situation_that_does_not_ship_any_more_hides_no_other(session, make, client_as, case):
    row = {"case_id": case.id, "rank": 1, "decided_by_id": make.triager().id, "decided_at": make.now}
    make.add(SuggestionFeedback(situation="vroeger", decision=SuggestionDecision.CONFIRMED, **row))
    triager = client_as(make.triager())

    page = parse_page(triager.get(address(case)))

    assert "Een leeg gebouw krijgt een andere functie" in page.one("region", "Waar lijkt dit op?").text
    assert "een situatie die er niet meer is" in page.text
    assert offered(page)
    assert triager.get(f"/zaken/{case.reference}").status_code == 200
    assert triager.post(address(case, "/situatie"), data=choice(LAND)).status_code == 303
    assert said(session, case) == [(LAND, SuggestionDecision.CONFIRMED, None)]


def test_a_reader_sees_the_situations_without_buttons(make, client_as, case):
    page = parse_page(client_as(make.account(Role.AUDITOR)).get(address(case)))

    found = page.one("region", "Waar lijkt dit op?")
    assert "Een leeg gebouw" in found.text
    assert found.all("button") == []


def test_a_text_that_tells_nothing_gets_doubt_and_a_question_instead_of_a_law(make, client_as):
    case = make.case(CaseStatus.IN_TRIAGE, title="Het mag niet", description="Wij mogen het niet. Waarom niet?")

    page = parse_page(client_as(make.triager()).get(address(case)))

    assert "Wij herkennen geen situatie in deze tekst." in page.text
    assert "Wij weten het niet zeker" in page.text
    assert offered(page) == []


def test_what_was_filled_in_is_not_asked(make, client_as):
    text = {"title": "Het mag niet", "description": "Wij mogen het niet. Waarom niet?"}
    named = make.case(CaseStatus.IN_TRIAGE, rule_words="Artikel 5 van de APV", **text)
    other = make.case(CaseStatus.IN_TRIAGE, **text)
    triager = client_as(make.triager())

    assert "Wie zei nee" in triager.get(address(other)).text
    assert "Wie zei nee" not in triager.get(address(named)).text


def test_the_questions_are_offered_where_one_writes_to_the_submitter(make, client_as, case):
    triager = client_as(make.triager())
    asked = parse_page(triager.get(address(case))).one("region", "Dit is nog niet verteld")
    assert "Van wie is het gebouw en wil die meewerken?" in asked.text

    page = triager.get(f"/zaken/{case.reference}/aanvulling?vraag=0&vraag=nee&vraag=99")

    assert "Deze vragen helpen verder" in page.text
    field = re.search(r'<textarea[^>]*name="question"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    assert field is not None
    assert field[1].strip() == "Van wie is het gebouw en wil die meewerken?"


def test_the_guides_that_fit_come_first_with_why(session, make, client_as, desk):
    case = desk.bring("in_triage")
    case.title, case.description, case.law_date = TITLE, TEXT, date(2026, 3, 12)
    session.flush()
    public_guide(make, slug="aardbeien-kweken")
    fitting = public_guide(make, slug="buurthuis-in-een-lege-school")

    text = client_as(desk.triager).get(f"/zaken/{case.reference}/beantwoorden-met-ruimtewijzer").text
    page = parse_page(text)

    best = page.one("region", "Deze ruimtewijzers passen het best")
    assert best.all("link")[0].href == f"/ruimtewijzers/{fitting.slug}"
    assert "Past bij de situatie “Een leeg gebouw krijgt een andere functie”, door ‘" in best.text
    assert "aardbeien-kweken" not in [link.href.rpartition("/")[2] for link in best.all("link")]
    assert re.findall(r'<option[^>]*value="(\d+)"', text)[0] == str(fitting.id)
