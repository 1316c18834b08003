"""Whether people find what they ask for, and only ruimtewijzers that answer today."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from unittest.mock import Mock

import pytest
from sqlalchemy import func, literal_column, select

from benchmarks import questions
from knelpunt.domain.guides.track import ANSWERING, READABLE, GuideStatus
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.permissions import VISITOR
from knelpunt.models import GuideVersion
from knelpunt.queries.guides import published as guides
from knelpunt.queries.guides.published import GuideFilter
from knelpunt.services.core import search_index
from knelpunt.services.search import answers, search
from knelpunt.services.search.search import Kind
from knelpunt.services.suggestions import desk
from tests.integration.search.test_search import NOW, TODAY, paths
from tests.support.guides import public_guide

LEAST_SHARES = {"Dutch": (0.97, 0.95), "English": (0.95, 0.94), "English, asked later": (0.9, 0.9)}
"""Of the questions, found and answered; a whole set without a miss would only be one that was fitted to the search."""
AS_TYPED = {
    "questions.jsonl": (0.95, 0.14, 0.86),
    "questions-later.jsonl": (0.9, 0.18, 0.92),
    "questions-third.jsonl": (0.92, 0.12, 0.9),
    "questions-fourth.jsonl": (0.94, 0.12, 0.9),
    "questions-fifth.jsonl": (0.8, 0.14, 0.85),
    "questions-sixth.jsonl": (0.94, 0.14, 0.9),
    "questions-seventh.jsonl": (0.87, 0.2, 0.9),
    "questions-eighth.jsonl": (0.91, 0.16, 0.9),
    "questions-ninth.jsonl": (0.94, 0.14, 0.9),
    "questions-tenth.jsonl": (0.9, 0.2, 0.85),
    "questions-eleventh.jsonl": (0.93, 0.12, 0.93),
    "questions-twelfth.jsonl": (0.9, 0.1, 0.85),
    "questions-thirteenth.jsonl": (0.83, 0.15, 0),
    "questions-fourteenth.jsonl": (0.92, 0.15, 0.9),
    "questions-fifteenth.jsonl": (0.85, 0.1, 0.9),
    "questions-sixteenth.jsonl": (0.75, 0.15, 0.9),
    "questions-seventeenth.jsonl": (0.8, 0.15, 0.85),
    "questions-eighteenth.jsonl": (0.9, 0.15, 0.9),
    "questions-nineteenth.jsonl": (0.82, 0.2, 0.9),
    "questions-twentieth.jsonl": (0.75, 0.2, 0.85),
}
"""Of questions as people type them: answered in the first three, unrelated, and silent where nothing answers.
Nothing was learned from the last two sets, nor from the seventeenth."""

ASKED_AS_ELSEWHERE = {
    "hoe meld ik leegstand": "/ruimtewijzers/eigenaar-van-een-leeg-gebouw-aan-tafel-krijgen",
    "verhuurvergunning kosten": "/ruimtewijzers/kamers-verhuren-en-de-verhuurvergunning",
    "huurprijs kapotte monumentale boerderij splitsen": "/ruimtewijzers/woning-splitsen-of-in-kamers-verhuren",
    "wanneer is een omgevingsvergunning nodig": "/wetten/ow",
    "leegstandwet": "/wetten/lsw",
}
"""Questions about our own subjects in the words in which other desks are asked."""
FOR_OTHERS = (
    "een schommel in de speeltuin is doormidden gebroken",
    "de wmo taxi kwam weer niet, ik stond een uur in de regen",
    "ik wil mijn uitkering op een andere rekening krijgen",
)
"""In our own words, and told apart only by how they sound."""
DUTCH_TEXTS = (
    "Kan het museum een container plaatsen op het plein?",
    "Het project in het park is een pilot van de start-up.",
    "Wij willen een festival met live muziek en een bar in het centrum.",
    "Mag de bouw van het hotel de zon in onze tuin wegnemen?",
    "De hond van de buurman blaft; is daar een wet tegen?",
    "Wij willen een speelstraat met een wip en een glijbaan.",
    "Tiny house in de tuin voor mantelzorg",
)


def test_people_find_what_they_ask_for_in_their_own_words(session, client, monkeypatch):
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
        assert typed.quiet >= quiet * typed.unanswerable, typed.missed
    for asked, right in ASKED_AS_ELSEWHERE.items():
        found = answers.answer(session, asked, DUTCH, TODAY)
        assert right in [*(f"/ruimtewijzers/{row.slug}" for row in found.guides), *(law.path for law in found.laws)]
    for asked in FOR_OTHERS:
        assert not answers.answer(session, asked, DUTCH, TODAY)
        assert answers.fitting_guides(session, asked, DUTCH, TODAY)[1] == ()
        assert "Dat weet uw gemeente of wie het levert" in client.get(f"/antwoord?q={asked}").text
    monkeypatch.setattr(answers, "sounds_like_ours", lambda _text: 5.0)
    assert all(answers.answer(session, asked, DUTCH, TODAY) for asked in FOR_OTHERS)
    assert "Dat weet uw gemeente of wie het levert" not in client.get("/antwoord?q=xqzjvw").text
    monkeypatch.undo()
    alike = questions.compare_all(session, TODAY)
    assert alike.texts == 11
    assert alike.found >= 9
    assert alike.unlike <= alike.shown / 3
    search._latest = None


def _about_a_tail(session, make, status):
    """A ruimtewijzer with a word that no other text has, and its version."""
    terms = func.setweight(search_index.terms("kwispelstaart"), literal_column("'A'"))
    guide = public_guide(make, status=status, terms=terms)
    version = session.scalars(select(GuideVersion).where(GuideVersion.guide_id == guide.id)).one()
    version.question = "Mag een kwispelstaart?"
    session.flush()
    search._latest = None
    return guide, version


@pytest.mark.parametrize("status", sorted(READABLE))
def test_a_ruimtewijzer_is_offered_until_it_expires(session, make, client, status):
    guide, version = _about_a_tail(session, make, status)
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


def test_an_answer_that_is_as_good_as_certain_is_an_answer(session, make, monkeypatch):
    """Its chance is 1 then, to the last digit, and certainty has no odds that could be taken from it."""
    guide, _ = _about_a_tail(session, make, GuideStatus.PUBLIC)
    monkeypatch.setattr(answers, "FOR_GUIDES", tuple(60 * abs(each) for each in answers.FOR_GUIDES))
    found = answers.answer(session, "kwispelstaart", DUTCH, TODAY)
    assert [row.slug for row in found.guides] == [guide.slug]
    assert answers.fitting_guides(session, "kwispelstaart", DUTCH, TODAY)[1] == (guide.id,)
    search._latest = None


@pytest.mark.parametrize("text", DUTCH_TEXTS)
def test_a_dutch_text_is_not_taken_for_english(session, text):
    """Not even where nothing is known here, and so each of its words is a strange one."""
    assert search.in_dutch(session, text, DUTCH, TODAY) is None
    assert answers.read(session, text, DUTCH, TODAY).dutch is None


def test_an_english_text_on_a_dutch_page_is_taken_for_english(session):
    assert search.in_dutch(session, "We want to build a house in the garden of my parents", DUTCH, TODAY) is not None


def test_without_any_law_or_ruimtewijzer_a_question_gets_no_answer_and_no_fault(client, monkeypatch):
    monkeypatch.setattr(search.search, "rule_texts", lambda _session: ({}, {}))
    monkeypatch.setattr(search.laws, "list_laws", lambda _session, _today: ())
    monkeypatch.setattr(search.laws, "catalogue_on", lambda _session, _today: Mock(provisions={}))
    monkeypatch.setattr(search, "_latest", None)
    for path in ("/antwoord?q=", "/en/antwoord?q=", "/zoeken?q=", "/ruimtewijzers?q="):
        for question in ("", "wonen in een schuur", "a garden shed", "xqzjvw"):
            answer = client.get(path + question.replace(" ", "+"))
            assert answer.status_code == 200
            assert 'href="/wetten/' not in answer.text


def test_the_list_of_ruimtewijzers_asks_nothing_when_nothing_is_typed(client, monkeypatch):
    asked = Mock(side_effect=answers.fitting_guides)
    monkeypatch.setattr(answers, "fitting_guides", asked)

    assert client.get("/ruimtewijzers").status_code == 200
    assert not asked.called
    assert client.get("/ruimtewijzers?q=schuur").status_code == 200
    assert asked.called


@pytest.mark.parametrize(
    ("module", "kept"), [(search, lambda session: search.knowledge(session, TODAY)), (desk, desk.known)]
)
def test_what_a_process_keeps_is_read_by_one_of_its_threads_and_waited_for_by_the_others(monkeypatch, module, kept):
    made = Mock(version=1, day=TODAY)
    first, second = Event(), Event()

    def read(*_given):
        (second if first.is_set() else first).set()
        second.wait(timeout=0.3)  # where nothing holds it up, another reader comes at once
        return made

    read_once = Mock(side_effect=read)
    monkeypatch.setattr(module, "reference", lambda _session: Mock(version=1))
    monkeypatch.setattr(module, "_latest", None)
    monkeypatch.setattr(module, "_read", read_once)

    def late():
        first.wait(timeout=20)
        return kept(None)

    with ThreadPoolExecutor(max_workers=3) as threads:
        found = [threads.submit(kept, None), threads.submit(late), threads.submit(late)]
        assert all(each.result(timeout=20) is made for each in found)
    assert read_once.call_count == 1
