"""Whether people find what they ask for, and only ruimtewijzers that answer today."""

import pytest
from sqlalchemy import func, literal_column, select

from benchmarks import questions
from knelpunt.domain.guides.track import ANSWERING, READABLE
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.permissions import VISITOR
from knelpunt.models import GuideVersion
from knelpunt.queries.guides import published as guides
from knelpunt.queries.guides.published import GuideFilter
from knelpunt.services.core import search_index
from knelpunt.services.search import answers, search
from knelpunt.services.search.search import Kind
from tests.integration.search.test_search import NOW, TODAY, paths
from tests.support.guides import public_guide

LEAST_SHARES = {"Dutch": (0.97, 0.95), "English": (0.95, 0.94), "English, asked later": (0.9, 0.9)}
"""Of the questions, found and answered; a whole set without a miss would only be one that was fitted to the search."""
AS_TYPED = {
    "questions.jsonl": (0.95, 0.14, 0.86),
    "questions-later.jsonl": (0.9, 0.18, 0.92),
    "questions-third.jsonl": (0.92, 0.12, 0.8),
}
"""Of questions as people type them: answered in the first three, unrelated, and silent where nothing answers."""

DUTCH_TEXTS = (
    "Kan het museum een container plaatsen op het plein?",
    "Het project in het park is een pilot van de start-up.",
    "Wij willen een festival met live muziek en een bar in het centrum.",
    "Mag de bouw van het hotel de zon in onze tuin wegnemen?",
    "De hond van de buurman blaft; is daar een wet tegen?",
    "Wij willen een speelstraat met een wip en een glijbaan.",
    "Tiny house in de tuin voor mantelzorg",
)


def test_people_find_what_they_ask_for_in_their_own_words(session):
    questions.load(session, NOW)
    search._latest = None
    for name, (file, language) in questions.SETS.items():
        asked = questions.questions(file)
        counts = questions.tally(session, asked, language, TODAY)
        found, answered = LEAST_SHARES[name]
        assert len(asked) >= 20
        assert counts.found / counts.asked >= found, counts.missed
        assert counts.answered / counts.answerable >= answered, counts.missed
    for file, (found, unrelated, quiet) in AS_TYPED.items():
        typed = questions.ask_all(session, TODAY, file)
        assert typed.found / typed.answerable >= found, typed.missed
        assert typed.unrelated / typed.shown <= unrelated, typed.missed
        assert typed.quiet / typed.unanswerable >= quiet, typed.missed
    alike = questions.compare_all(session, TODAY)
    assert alike.texts == 11
    assert alike.found >= 9
    assert alike.unlike <= alike.shown / 3
    search._latest = None


@pytest.mark.parametrize("status", sorted(READABLE))
def test_a_ruimtewijzer_is_offered_until_it_expires(session, make, client, status):
    guide = public_guide(
        make, status=status, terms=func.setweight(search_index.terms("kwispelstaart"), literal_column("'A'"))
    )
    version = session.scalars(select(GuideVersion).where(GuideVersion.guide_id == guide.id)).one()
    version.question = "Mag een kwispelstaart?"
    session.flush()
    search._latest = None
    offered = [f"/ruimtewijzers/{guide.slug}"] if status in ANSWERING else []
    assert paths(search.find(session, VISITOR, "kwispelstaart", TODAY), Kind.GUIDE) == offered
    assert search.find(session, VISITOR, "kwispelstaatr", TODAY).instead == ("kwispelstaart" if offered else None)
    found = answers.answer(session, "kwispelstaart", DUTCH, TODAY).guides
    rows = (*found, *guides.list_guides(session, GuideFilter()).rows)
    assert [f"/ruimtewijzers/{row.slug}" for row in rows] == offered * 2
    assert guides.answering_options(session, [row.slug for row in found]) == [(guide.id, version.question)] * len(
        offered
    )
    assert guides.law_keys(session) == ("lokaal",) * len(offered)
    assert client.get(f"/ruimtewijzers/{guide.slug}").status_code == 200
    search._latest = None


@pytest.mark.parametrize("text", DUTCH_TEXTS)
def test_a_dutch_text_is_not_taken_for_english(session, text):
    """Not even where nothing is known here, and so each of its words is a strange one."""
    assert search.in_dutch(session, text, DUTCH, TODAY) is None
    assert answers.read(session, text, DUTCH, TODAY).dutch is None


def test_an_english_text_on_a_dutch_page_is_taken_for_english(session):
    assert search.in_dutch(session, "We want to build a house in the garden of my parents", DUTCH, TODAY) is not None
