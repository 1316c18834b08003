"""Situations: found by facts that stand together in a text, never by one word, and explained by those words."""

from datetime import date

import pytest

from knelpunt.adapters.files.guides import guide_records
from knelpunt.adapters.files.situations import read_situations, shipped_matcher
from knelpunt.adapters.words.search_terms import fold
from knelpunt.domain.situations.matching import Matcher
from knelpunt.domain.situations.schema import Ask, Fact, Situation, faults
from knelpunt.services.suggestions.shipped import check_situations
from tests.support.catalogue import shipped_catalogue


def situation(key: str = "leeg-gebouw", **more) -> Situation:
    given = {
        "title": "Een leeg gebouw krijgt een andere functie",
        "facts": [
            Fact("een gebouw", ["@gebouw", "*school"]),
            Fact("het staat leeg", ["leeg*", "lege", "staat .. leeg"]),
            Fact("er komt iets anders in", ["ontmoet*", "buurthuis"]),
        ],
        "against": [Fact("het is bewoond", ["bewoond"])],
        "obstacles": ["Het plan noemt een ander gebruik."],
        "provisions": ["ow-bopa"],
        "asks": [Ask("Van wie is het?", ["eigenaar"]), Ask("Hoe lang?", ["* jaar"])],
    }
    return Situation(key=key, **given | more)


def matcher(*situations: Situation) -> Matcher:
    return Matcher(situations or (situation(),), {"gebouw": ["gebouw", "kantoor"]}, fold)


def test_facts_that_stand_together_make_a_situation_with_their_words_and_places():
    text = "De Basisschool staat al jaren leeg. Wij willen er een ontmoetingsplek."
    (found,) = matcher().match(text)

    assert [fact.says for fact in found.facts] == ["een gebouw", "het staat leeg", "er komt iets anders in"]
    assert found.words == ("Basisschool", "staat al jaren leeg", "ontmoetingsplek")
    assert next(text[first:last] for first, last in found.facts[0].spans) == "Basisschool"
    assert found.is_whole


@pytest.mark.parametrize("text", ["", "Een buurthuis.", "Het kantoor is mooi, het gebouw ook.", "?!", "leeg " * 500])
def test_one_fact_is_no_situation(text):
    assert matcher().match(text) == ()


def test_each_word_of_a_fact_is_told_without_the_other_facts():
    told = matcher(situation(), situation("ander", facts=[Fact("een boom", ["boom"]), Fact("kap", ["kap*"])])).words_of(
        ["Een Kantoor staat al leeg", "bewoond", "kapvergunning"]
    )

    assert told == {"leeg-gebouw": {"kantoor", "staat", "al", "leeg"}, "ander": {"kapvergunning"}}


def test_a_word_that_is_longer_than_any_word_is_read_over():
    text = "Het kantoor is leeg, wij willen een buurthuis."
    ready = matcher()

    found = ready.match(f"{'leeg' * 5_000} {text}")

    assert [one.key for one in found] == ["leeg-gebouw"]
    assert "leeg" in found[0].words
    assert ready._atoms.of.cache_info().misses == len(text.split())


def test_a_fact_that_is_missing_or_speaks_against_it_makes_it_less_likely_and_is_told():
    whole, missing, against = (
        matcher().match(text)[0]
        for text in (
            "Het kantoor is leeg, wij willen een buurthuis.",
            "Het kantoor is leeg.",
            "Het kantoor is leeg en bewoond, wij willen een buurthuis.",
        )
    )

    assert missing.missing == ("er komt iets anders in",)
    assert [fact.says for fact in against.against] == ["het is bewoond"]
    assert whole.strength > against.strength > 0
    assert whole.strength > missing.strength > 0
    assert not missing.is_whole and not against.is_whole


def test_what_the_text_tells_is_not_asked():
    (found,) = matcher().match("Het kantoor is twee jaar leeg. Wij willen een buurthuis.")

    assert found.asks == ("Van wie is het?",)


def test_facts_near_each_other_count_for_more_than_facts_far_apart():
    near = "Het kantoor is leeg, wij willen een buurthuis."
    far = f"Het kantoor is leeg. {'En toen gebeurde er iets. ' * 40} Wij willen een buurthuis."

    assert matcher().match(near)[0].strength > matcher().match(far)[0].strength


def test_a_situation_of_another_time_is_left_out_and_the_first_is_the_strongest():
    past = situation("vroeger", valid_to=date(2013, 12, 31))
    more = situation("meer", supports=[Fact("een plan", ["bestemmingsplan*"])])
    text = "Het kantoor is leeg, wij willen een buurthuis. Het bestemmingsplan wil het niet."

    assert [one.key for one in matcher(past, more).match(text, date(2013, 12, 31))] == ["meer", "vroeger"]
    assert [one.key for one in matcher(past, more).match(text, date(2014, 1, 1))] == ["meer"]


def test_a_chosen_situation_comes_with_what_the_text_tells_of_it():
    (chosen,) = matcher().match("Een buurthuis.", chosen="leeg-gebouw")

    assert chosen.missing == ("een gebouw", "het staat leeg")
    assert matcher().match("Een buurthuis.", chosen="nergens") == ()


def test_a_refused_situation_is_left_out():
    text = "Het kantoor is leeg, wij willen een buurthuis."

    assert matcher().match(text, without={"leeg-gebouw"}) == ()


def test_what_ships_names_only_what_is_there():
    check_situations()
    situations, _ = read_situations()
    assert len(situations) >= 60
    slugs = {str(record.fields["slug"]) for record in guide_records()}
    named = {slug for one in situations for slug in one.guides}
    assert slugs - named == set(), "each ruimtewijzer belongs to a situation"

    odd = situation(provisions=["nergens"], guides=["nergens-heen"])
    assert list(faults([odd, odd], {}, {"ow-bopa"}, slugs))[:3] == [
        "leeg-gebouw: bepaling 'nergens' staat niet in de catalogus",
        "leeg-gebouw: ruimtewijzer 'nergens-heen' bestaat niet",
        "leeg-gebouw: woordgroep '@gebouw' bestaat niet",
    ]


def test_every_provision_of_a_bundle_leads_somewhere_on_some_day():
    """No situation is without a rule from 2015 on, unless it belongs to an earlier time."""
    provisions = {one.key: one for one in shipped_catalogue().provisions}
    for one in shipped_matcher().situations:
        for day in (date(2015, 7, 1), date(2026, 7, 1)):
            if one.valid_to is not None and one.valid_to < day:
                continue
            held = [
                key
                for key in one.provisions
                if (provisions[key].valid_from is None or provisions[key].valid_from <= day)
                and (provisions[key].valid_to is None or provisions[key].valid_to >= day)
            ]
            since = min((provisions[key].valid_from or date.min for key in one.provisions), default=date.min)
            assert held or since > day, f"{one.key} has no rule on {day}"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Een leeg gebouw krijgt een andere functie", "leeg-gebouw-andere-functie"),
        ("Ik wil kamers verhuren in mijn huis", "kamers-verhuren"),
        ("Vrijwilligerswerk met een uitkering", "vrijwilligerswerk-met-uitkering"),
        ("Buren klagen over geluid van een speelplek", "geluid-van-een-speelplek"),
        ("Wij willen grond van de gemeente kopen", "grond-of-gebouw-van-gemeente"),
    ],
)
def test_plain_words_lead_to_their_situation(text, key):
    assert shipped_matcher().match(text)[0].key == key


@pytest.mark.parametrize(
    "text",
    [
        "Hoe laat gaat het loket open?",
        "Mijn paspoort is verlopen",
        "Wat kost een hondenbelasting",
        "Goedemorgen allemaal",
    ],
)
def test_what_is_no_situation_of_ours_gets_none(text):
    assert shipped_matcher().match(text) == ()
