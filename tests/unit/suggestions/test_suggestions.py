"""Suggestions: which rules a text may be about on its day, why, and what is learned from people."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from knelpunt.adapters.words.text_words import split_words
from knelpunt.domain.history.records import LOCAL_RULE
from knelpunt.domain.laws.catalogue import NO_RULE
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.suggestions.asked import Question, in_year, terms_of
from knelpunt.domain.suggestions.engine import NEXT_TWO, WHAT, WHEN, Engine
from knelpunt.domain.suggestions.examples import Example, ExampleIndex, same_as
from knelpunt.domain.suggestions.results import SuggestedProvision, Suggestions
from knelpunt.domain.suggestions.signs import Sign, at_least, times, with_share
from knelpunt.domain.vocabulary import AssessmentRole, SubmitterKind
from knelpunt.services.suggestions.shipped import shipped_engine
from tests.support.catalogue import shipped_catalogue

TITLE = "Kantoor tijdelijk bewonen"
TEXT = (
    "Een leegstaand kantoor in onze buurt willen wij met de eigenaar tijdelijk verhuren aan studenten en starters. Het "
    "bestemmingsplan of omgevingsplan staat wonen er niet toe en de gewone huurregels maken tijdelijk verhuren "
    "onmogelijk."
)
AREA = (
    "Wij willen een oud bedrijventerrein ombouwen tot woonwijk. Geluid en geur van de bedrijven die nog blijven maken "
    "woningen onmogelijk. Wij willen het gebied laten aanwijzen en er tijdelijk van de milieunormen afwijken."
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return shipped_engine()


def asked(year: int | None, title: str = TITLE, text: str = TEXT) -> Question:
    first, last = (date(year, 9, 3), date(year, 9, 3)) if year else (None, None)
    return Question(title, text, first, last, SubmitterKind.CITIZEN_INITIATIVE)


def room(engine: Engine, year: int) -> list[str]:
    """The first provisions that offered room on the day."""
    found = engine.suggest(asked(year)).provisions
    return [one.key for one in found if one.role is AssessmentRole.OFFERS_ROOM][:8]


def every(found: Suggestions) -> tuple[SuggestedProvision, ...]:
    return (*found.provisions, *found.others)


def test_one_text_has_three_sets_of_room_in_2012_2019_and_2026(engine):
    """Leegstandwet: five years and houses only until 1 July 2013, wider since. Deviating from the plan: Wabo until
    2024, Omgevingswet since."""
    then, between, now = (room(engine, year) for year in (2012, 2019, 2026))

    assert len({frozenset(then), frozenset(between), frozenset(now)}) == 3
    assert "lsw-pre2013" in then
    assert not {"lsw-15-a", "ow-bopa"} & set(then)
    assert {"lsw-15-a", "wabo-2.12-2"} <= set(between)
    assert not {"lsw-pre2013", "ow-bopa"} & set(between)
    assert {"lsw-15-a", "ow-bopa"} <= set(now)
    assert not {"lsw-pre2013", "wabo-2.12-2"} & set(now)


def test_each_set_comes_with_its_reasons(engine):
    for year in (2012, 2019, 2026):
        first = engine.suggest(asked(year)).laws[0]

        assert first.key == "leegstandwet"
        assert {"leegstaand", "verhuren"} <= set(first.words)
        assert first.reason.startswith("Leegstandwet: past bij de woorden")
        assert all(one.words or one.cases for one in first.provisions if one.is_current)


def test_an_area_is_appointed_by_decree_in_2012_and_by_regulation_in_late_2019(engine):
    """Crisis- en herstelwet, artikel 2.2: by AMvB until 19 June 2019, by ministerial regulation after it."""
    in_2012, in_2019, in_2026 = (
        {one.key: one.is_current for one in every(engine.suggest(asked(year, text=AREA)))}
        for year in (2012, 2019, 2026)
    )

    assert (in_2012.get("chw-2.2-2010"), in_2012.get("chw-2.2", False)) == (True, False)
    assert (in_2019.get("chw-2.2-2010", False), in_2019.get("chw-2.2")) == (False, True)
    assert not any(in_2026.get(key) for key in ("chw-2.2-2010", "chw-2.2-amvb", "chw-2.2"))


def test_a_problem_of_an_ended_law_leads_to_the_law_that_followed_it_with_what_became_of_both(engine):
    in_2012, in_2019, in_2026 = (engine.suggest(asked(year, text=AREA)).laws for year in (2012, 2019, 2026))

    assert [laws[0].key for laws in (in_2012, in_2019, in_2026)] == [
        "crisis-en-herstelwet",
        "crisis-en-herstelwet",
        "omgevingswet",
    ]
    assert "die passen bij haar voorganger: Crisis- en herstelwet" in in_2026[0].reason
    reasons = [{law.key: law.reason for law in laws} for laws in (in_2012, in_2019, in_2026)]
    for before in reasons[:2]:
        assert "gold toen nog niet (sinds 1 januari 2024)" in before["omgevingswet"]
        assert "voorganger" not in before["omgevingswet"]
        assert "gold toen" not in before["crisis-en-herstelwet"]
    ended = "gold toen niet meer (van 31 maart 2010 tot en met 31 december 2023)"
    assert ended in reasons[2]["crisis-en-herstelwet"]


def test_the_room_for_an_area_in_each_year_and_what_became_of_it(engine):
    """Chw 2.3 and the Bu Chw since 2014 until 2024; deviating from norms by the Omgevingswet since."""
    then, between, now = (engine.suggest(asked(year, text=AREA)) for year in (2012, 2019, 2026))
    first = [[one.key for one in found.provisions][:8] for found in (then, between, now)]

    assert {"chw-2.3", "chw-2.2-2010"} <= set(first[0])
    assert {"chw-2.3", "chw-2.2", "buchw-7c", "buchw-7d"} <= set(first[1])
    assert not {"chw-2.2", "buchw-7c", "buchw-7d"} & set(first[0])
    assert any(key.startswith("ow-") for key in first[2][:3])
    assert not any(key.startswith("chw-") for key in first[2])
    later = {one.key: one for one in now.others}
    assert {key: later[key].standing for key in ("chw-2.2", "chw-2.3", "buchw-7c")} == dict.fromkeys(
        ("chw-2.2", "chw-2.3", "buchw-7c"), Standing.ENDED
    )
    assert {"bkl-5.66", "bkl-5.92", "ow-23.3"} == set(later["chw-2.3"].instead)
    assert later["buchw-7c"].instead == ("ow-2.4",)


def test_an_ended_instrument_is_shown_with_what_held_instead(engine):
    found = {one.key: one for one in every(engine.suggest(asked(2026, text=AREA)))}

    ended = found["chw-2.3"]
    assert ended.standing is Standing.ENDED
    assert ended.instead
    assert all(found[key].is_current for key in ended.instead if key in found)


def test_what_is_to_come_is_told_as_such(engine):
    found = {one.key: one for one in engine.suggest(asked(2019)).others}

    assert found["ow-bopa"].standing is Standing.NOT_YET
    assert not found["ow-bopa"].is_current


def test_a_law_comes_with_the_words_that_led_to_it(engine):
    question = asked(2016, "Boekhandel met een wijnbar", "Wij willen in onze boekwinkel een glas wijn schenken.")
    first = engine.suggest(question).laws[0]

    assert first.key == "drank-en-horecawet"
    assert "wijn" in first.words
    assert "“wijn”" in first.reason


def test_the_same_question_gives_the_same_answer(engine):
    again = shipped_engine()

    assert engine.suggest(asked(2019)) == again.suggest(asked(2019))


def test_every_law_has_a_place_and_the_shares_add_up(engine):
    laws = engine.suggest(asked(2019)).laws

    assert sorted(law.key for law in laws) == sorted(engine.keys)
    assert sum(law.share for law in laws) == pytest.approx(1)
    assert [law.score for law in laws] == sorted((law.score for law in laws), reverse=True)


def test_the_lightest_room_comes_first_among_equals(engine):
    """Of one law, because the best two of a law come before its next two."""
    asks = (asked(2019), asked(2019, text=AREA), asked(2026), asked(2026, text=AREA))
    rankings = [engine.suggest(ask).provisions for ask in asks]
    equals = [
        (one, other)
        for found in rankings
        for one, other in combinations(found, 2)
        if (one.score, one.entry.law_key) == (other.score, other.entry.law_key)
    ]

    assert equals
    assert all(one.entry.room_type.order <= other.entry.room_type.order for one, other in equals)


@pytest.mark.parametrize("year", [2012, 2019, 2026])
@pytest.mark.parametrize("text", [TEXT, AREA])
def test_the_best_comes_first_and_each_next_two_of_a_law_count_less(engine, year, text):
    found = engine.suggest(asked(year, text=text))
    case_keys = {law.key: law.case_key for law in engine.catalogue.laws}

    for ranking in (found.provisions, found.others):
        before: Counter[str] = Counter()
        counted = []
        for one in ranking:
            law = case_keys[one.entry.law_key]
            counted.append(one.score * NEXT_TWO ** (before[law] // 2))
            before[law] += 1
        assert len(counted) > 2
        assert counted == sorted(counted, reverse=True)
        for law in before:
            own = [one.score for one in ranking if case_keys[one.entry.law_key] == law]
            assert own == sorted(own, reverse=True)


def test_a_text_without_words_is_asked_for_more(engine):
    found = engine.suggest(asked(None, "?", "Het mag niet."))

    assert {WHAT, WHEN} <= set(found.asks)
    assert engine.suggest(asked(2019)).asks == () or WHAT not in engine.suggest(asked(2019)).asks


def test_an_empty_text_still_gets_a_ranking(engine):
    assert len(engine.suggest(Question("", "")).laws) == len(engine.keys)


def example(key: str, text: str, *room: str, **more) -> Example:
    return Example(key, frozenset(terms_of(split_words(text))), room, year=2019, **more)


def test_it_learns_from_a_confirmation_at_once(engine):
    odd = asked(2019, "Het grommelhuis", "Een grommelhuis met flierefluit mag niet van de zwadderkamer.")
    confirmed = example("KNP-2019-1", odd.text, "wet-arhi", number="KNP-2019-1")

    before, after = engine.ranking(odd), engine.ranking(odd, [confirmed])
    assert after.index("wet-arhi") < before.index("wet-arhi")
    found = next(law for law in engine.suggest(odd, [confirmed]).laws if law.key == "wet-arhi")
    assert "KNP-2019-1" in [one.example.key for one in found.neighbours]
    assert engine.ranking(odd) == before


def test_it_learns_from_a_refusal_too(engine):
    question = asked(2019)
    liked = [example(f"KNP-2019-{number}", TEXT, "wet-arhi") for number in range(3)]
    refused = [example(f"KNP-2019-{number}", TEXT, "wet-arhi", refused=("wet-arhi",)) for number in range(3)]

    assert engine.ranking(question, liked).index("wet-arhi") < engine.ranking(question, refused).index("wet-arhi")


def place_of(engine: Engine, key: str, text: str) -> int:
    return engine.ranking(asked(2018, "", text)).index(key)


def test_a_text_that_names_no_rule_and_no_refusal_may_be_about_none_but_not_before_what_its_words_fit(engine):
    plan = "Met de buren knappen wij een plantsoen op en leggen er een jeu-de-boulesbaan in aan."
    silent = engine.suggest(asked(2018, "", plan)).laws
    places = {law.key: place for place, law in enumerate(silent)}
    assert 0 < places[NO_RULE] < 3
    assert "de tekst noemt geen regel en geen weigering" in silent[places[NO_RULE]].reason
    assert abs(sum(law.share for law in silent) - 1) < 1e-9
    assert place_of(engine, NO_RULE, f"{plan} De gemeente weigert een vergunning.") > places[NO_RULE]
    named = engine.suggest(asked(2018, "", f"{plan} De gemeente weigert een vergunning.")).laws
    assert not any("geen weigering" in law.reason for law in named)
    assert "geen weigering" not in "".join(law.reason for law in engine.suggest(asked(2018, "", "")).laws)


def test_who_decides_nearby_speaks_for_a_local_rule_and_says_so(engine):
    plan = "Wij willen een bankje voor onze deur zetten, maar dat mag niet van {}."
    near = engine.suggest(asked(2018, "", plan.format("de welstand van onze gemeente"))).laws
    far = engine.suggest(asked(2018, "", plan.format("het Rijk"))).laws
    of_near, of_far = (next(law for law in found if law.key == LOCAL_RULE) for found in (near, far))
    assert of_near.share > of_far.share
    assert "de tekst noemt de gemeente of wie er in de buurt beslist" in of_near.reason
    assert "in de buurt beslist" not in of_far.reason


def test_how_much_a_sign_tells_is_counted_in_the_cases_that_may_count():
    silent, speaking = frozenset({"tuin"}), frozenset({"tuin", "verbod"})
    cases = [Example(f"a{number}", silent, (NO_RULE,)) for number in range(4)]
    cases += [Example(f"b{number}", speaking, ("wro",)) for number in range(8)]
    sign = Sign(cases, NO_RULE, lambda terms: "verbod" not in terms)
    none = frozenset[str]()
    assert sign.factor(silent, none) == pytest.approx((5 / 6) / (1 / 10))
    assert sign.factor(speaking, none) < 1 < sign.factor(silent, frozenset({"a0", "a1", "a2", "a3"}))
    assert Sign([], NO_RULE, bool).factor(silent, none) == 1
    assert times(0.1, 1) == pytest.approx(0.1)
    assert times(0.5, 3) == pytest.approx(0.75)
    shares = at_least({NO_RULE: 0.01, "wro": 0.6, "wabo": 0.39}, NO_RULE, 0.9)
    assert shares["wro"] > shares[NO_RULE] > shares["wabo"]
    assert sum(shares.values()) == pytest.approx(1)
    assert at_least({NO_RULE: 0.7, "wro": 0.3}, NO_RULE, 0.1) == pytest.approx({NO_RULE: 0.7, "wro": 0.3})


@pytest.mark.parametrize("answer", [LOCAL_RULE, NO_RULE])
def test_many_cases_that_all_say_the_same_leave_something_for_the_other_answers(answer):
    words = "Een bankje voor onze deur"
    of_one_kind = Engine(shipped_catalogue(), split_words)
    cases = [Example(f"zaak-{number}", of_one_kind.terms(words), (answer,)) for number in range(2000)]
    found = Engine(shipped_catalogue(), split_words, cases).suggest(asked(2018, "", words)).laws
    assert found[0].key == answer
    assert all(0 < law.share < 1 for law in found)
    one, most = {answer: 1.0, "wro": 1e-30, "wabo": 1e-30}, {answer: 0.9, "wro": 0.05, "wabo": 0.05}
    for shares in (at_least(one, answer, 1.0), with_share(one, answer, times(1.0, 9.0)), with_share(most, answer, 1.0)):
        assert sum(shares.values()) == pytest.approx(1)
        assert shares[answer] > shares["wro"] == shares["wabo"] > 0


def test_a_case_is_no_example_for_itself(engine):
    known = engine.examples.examples[0]
    question = Question(known.title, "", *in_year(2019), key=known.key)

    for law in engine.suggest(question).laws:
        assert known.key not in [one.example.key for one in law.neighbours]


def test_the_same_text_from_the_same_source_counts_as_the_same_case():
    one = example("a", "De school in het dorp moet dicht want er zijn te weinig leerlingen", "wpo", source="bron")
    near = replace(one, key="b", terms=one.terms | {"vandaag"})
    elsewhere = replace(near, key="c", source="elders")
    index = ExampleIndex([one, near, elsewhere, example("d", "Een heel ander verhaal over wijn", "wpo", source="bron")])
    question = Question("", "", key="x")

    assert same_as(question, one.terms, "bron", index) == {"a", "b"}
