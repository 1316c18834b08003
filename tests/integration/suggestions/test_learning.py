"""What suggestions learn from the register, at once: from confirmations and from refusals."""

from datetime import date
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.domain.vocabulary import AssessmentRole, CaseStatus, Verdict
from knelpunt.models import Assessment, Law, SuggestionFeedback
from knelpunt.queries.cases.page import read_case_file
from knelpunt.queries.search import suggestions
from knelpunt.services.core import search_index
from knelpunt.services.suggestions.desk import for_case

DAY = date(2019, 6, 3)
TITLE = "Flierefluit op het dorpsplein"
TEXT = "Onze flierefluit mag niet op het dorpsplein staan, want de zwadderkamer van de buurt vindt hem te luid."
ODD = "wet-personenvervoer"
"""A law that no word of the text speaks for."""


@pytest.fixture
def case(make):
    return make.case(CaseStatus.IN_TRIAGE, title=TITLE, description=TEXT, law_date=DAY)


@pytest.fixture
def rank(session, case):
    def of(key: str) -> int:
        file = read_case_file(session, SYSTEM, case.reference)
        return [law.key for law in for_case(session, file).found.laws].index(key)

    return of


@pytest.fixture
def earlier(session, make):
    """An earlier case with the same words; ``law`` is what it turned on."""
    author = make.triager()

    def add(law: str | None = None, **columns):
        values = {"title": TITLE, "description": TEXT, "law_date": DAY, **columns}
        one = make.case(CaseStatus.CLOSED, **values)
        search_index.index_case(session, one)
        if law is not None:
            session.add(
                Assessment(
                    case_id=one.id,
                    law_id=_law(session, law),
                    article="1",
                    role=AssessmentRole.OFFERS_ROOM,
                    on_date=DAY,
                    reasoning="Proef.",
                    basis="toets",
                    author_id=author.id,
                    made_at=make.now,
                )
            )
        session.flush()
        return one

    return add


@pytest.fixture
def say(session, make):
    author = make.triager()

    def add(case, law: str, reason: RefusalReason | None = None):
        row = SuggestionFeedback(
            case_id=case.id,
            law_id=_law(session, law),
            rank=1,
            decision=SuggestionDecision.REFUSED if reason else SuggestionDecision.CONFIRMED,
            reason=reason,
            decided_by_id=author.id,
            decided_at=make.now,
        )
        session.add(row)
        session.flush()
        return row

    return add


def _law(session, key: str) -> int:
    laws = session.execute(select(Law.id, Law.case_keys).order_by(Law.id))
    return next(id_ for id_, keys in laws if key in keys)


def test_a_toets_counts_at_once_and_no_more_once_it_is_withdrawn(session, make, rank, earlier):
    before = rank(ODD)
    one = earlier(ODD)
    assert rank(ODD) == 0 < before

    session.scalar(select(Assessment).where(Assessment.case_id == one.id)).withdrawn_at = make.now
    session.flush()
    assert rank(ODD) == before


def test_a_word_and_its_other_spelling_are_one_word(session, case, earlier, monkeypatch):
    earlier(ODD, title="Over een dorpsplein", description="Dorpspleinen!")
    alike = earlier(ODD)
    looked = Mock(side_effect=suggestions.judged_like)
    monkeypatch.setattr(suggestions, "judged_like", looked)
    for_case(session, read_case_file(session, SYSTEM, case.reference))

    (_, words), _ = looked.call_args
    assert any("dorpsplein" in word for word in words)
    assert [one.reference for one in looked(session, words)] == [alike.reference]


def test_a_case_is_no_example_for_itself(session, make, rank, case):
    search_index.index_case(session, case)
    before = rank(ODD)
    session.add(
        Assessment(
            case_id=case.id,
            law_id=_law(session, ODD),
            role=AssessmentRole.OFFERS_ROOM,
            on_date=DAY,
            reasoning="Proef.",
            basis="toets",
            made_at=make.now,
        )
    )
    session.flush()
    assert rank(ODD) == before


def test_an_answer_that_is_no_law_is_learned_too(rank, earlier, say):
    before = rank("geen-regel")
    say(earlier(), "geen-regel")
    assert rank("geen-regel") == 0 < before


def test_a_verdict_tells_what_a_case_without_rules_turned_on(session, make, rank, earlier):
    before = rank("eu")
    one = earlier(verdict=Verdict.EU_OR_TREATY)
    assert rank("eu") == before, "nobody linked a rule or confirmed an answer"
    session.add(
        Assessment(
            case_id=one.id,
            law_id=_law(session, ODD),
            role=AssessmentRole.BLOCKS,
            on_date=DAY,
            reasoning="Proef.",
            basis="toets",
            made_at=make.now,
        )
    )
    session.flush()
    assert rank("eu") < before


@pytest.mark.parametrize(("reason", "teaches"), [("ander_onderwerp", True), ("al_geprobeerd", False)])
def test_only_a_refusal_about_the_subject_teaches(rank, earlier, say, reason, teaches):
    one = earlier(ODD)
    assert rank(ODD) == 0
    row = say(one, ODD, RefusalReason(reason))
    assert (rank(ODD) > 0) is teaches
    row.withdrawn_at = row.decided_at
    assert rank(ODD) == 0
