"""Questions in English and in everyday Dutch: which words they are searched for with."""

import json

import pytest

from benchmarks import ours
from benchmarks.questions import AS_TYPED, DATA
from config import PROJECT_DIR
from knelpunt.adapters.files.catalogue import read_catalogue_file
from knelpunt.adapters.files.guides import guide_records
from knelpunt.adapters.files.situations import read_situations
from knelpunt.adapters.words.glossary import (
    ASKING,
    MOST_IDEAS,
    MOST_UNKNOWN,
    NO_WAY,
    SPOKEN,
    STEMMERS,
    _asking,
    elsewhere,
    everyday,
    glossary,
    idea_terms,
    spoken,
    spoken_words,
    ways_of_asking,
)
from knelpunt.adapters.words.pieces import LENGTHS, POINTS, pieces_of, points_of, read_points, sounds_like_ours
from knelpunt.adapters.words.search_terms import SEARCH_DATA, stem_terms, words_of
from knelpunt.adapters.words.spelling import SHORTEST, dictionary
from knelpunt.domain.languages import DUTCH, OTHERS, language_of
from knelpunt.services.search.answers import FOR_ASKING

ENGLISH = language_of("en")
DUTCH_WORDS = {"tuin", "omgevingsplan", "zwolle"}
WELL_SPELLED = PROJECT_DIR / "tests" / "data" / "well_spelled_nl.txt"
"""Every exception by name."""


def ask(text):
    return glossary(ENGLISH).in_dutch(text, DUTCH_WORDS.__contains__)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("noise", ("geluid",)),
        ("Permits for STREET PARTIES", ("vergunning", "straatfeest")),
        ("a vacant building", ("leegstand", "gebouw")),
        ("our zoning plan", ("bestemmingsplan",)),
        ("renting rooms to the residents", ("verhuren", "kamers", "bewoners")),
        ("the Environment and Planning Act", ("omgevingswet",)),
        ("listed building", ("monument",)),
        ("building", ("gebouw",)),
        ("self-build", ("zelfbouw",)),
        ("neighbours’ barbecue", ("buren", "barbecue")),
        ("a permit in Zwolle", ("vergunning", "zwolle")),
        ("permit for my tuin", ("vergunning", "tuin")),
    ],
)
def test_the_longest_phrase_gives_its_dutch_words_and_what_is_dutch_stays(asked, wanted):
    assert tuple(idea[0] for idea in ask(asked).ideas) == wanted


def test_what_no_dutch_text_has_is_named_and_not_searched_for():
    dutch = ask("noise of gizmos and widgets")
    assert dutch.unknown == ("gizmos", "widgets")
    assert dutch.spoken == "geluid of geluidhinder of geluidsoverlast"


@pytest.mark.parametrize("asked", ["", " ", "omgevingsplan", "gizmo", "the of and", "'", "\\ & | !", "\x00", "1" * 400])
def test_a_question_without_a_listed_word_is_searched_for_as_it_is(asked):
    assert ask(asked) is None


def test_a_long_question_is_cut():
    every = " ".join(phrase for line in lines() if "=" in line for phrase in line.partition("=")[0].split(","))
    dutch = ask(f"{every} {' '.join(f'gizmo{letter}' for letter in 'abcdefgh')}")
    assert len(dutch.ideas) == MOST_IDEAS
    assert len(dutch.unknown) <= MOST_UNKNOWN


def test_dutch_has_no_list_and_every_list_is_of_a_language():
    assert glossary(DUTCH) is None
    assert set(STEMMERS) <= {language.code for language in OTHERS}
    assert {path.name for path in SEARCH_DATA.glob("glossary_*")} == {f"glossary_{code}.txt" for code in STEMMERS}


def lines():
    text = (SEARCH_DATA / "glossary_en.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_every_line_says_something_once():
    seen = set()
    for line in lines():
        phrases, sign, dutch = line.partition("=")
        assert sign, line
        for phrase in phrases.split(","):
            words = tuple(words_of(phrase))
            assert words, line
            assert words not in seen, f"twice: {phrase}"
            seen.add(words)
        stems = [[term for word in words_of(text) for term in stem_terms(word)[:1]] for text in dutch.split(",")]
        if dutch.strip():
            assert all(stems), f"a word that is too common to search for: {line}"
            assert len({tuple(stem) for stem in stems}) == len(stems), f"the same word twice: {line}"


def test_an_idea_is_found_by_whole_words():
    terms = idea_terms(("buurthuis", "wijkcentrum"))
    assert set(stem_terms("buurthuis")[:2]) | set(stem_terms("wijkcentrum")[:2]) == set(terms)
    assert "wijk" not in terms


def test_people_speak_of_each_answer_and_of_nothing_else():
    text = (SEARCH_DATA / SPOKEN).read_text(encoding="utf-8")
    keys = [line.partition("=")[0].strip() for line in text.splitlines() if line and not line.startswith("#")]
    situations, _ = read_situations()
    answers = {record.fields["slug"] for record in guide_records()}
    answers.update(one.key for one in situations if not one.guides)
    laws = {law["id"] for law in read_catalogue_file().data["laws"]}
    assert len(set(keys)) == len(keys)
    assert answers <= set(keys)
    assert set(keys) - answers <= laws
    assert not answers & laws
    assert {key for speech in spoken().values() for key in (*speech.often, *speech.sometimes)} == set(keys)
    assert not any(set(speech.often) & set(speech.sometimes) for speech in spoken().values())


def test_people_speak_of_answers_in_words_that_are_spelled_well():
    """A slip of the pen in this list would count as good spelling: it is no word that a visitor may have mistyped."""
    words = {word for text in spoken_words() for word in words_of(text) if word.isalpha() and len(word) >= SHORTEST}
    lines = WELL_SPELLED.read_text(encoding="utf-8").splitlines()
    named = [word for line in lines if not line.startswith("#") for word in line.split()]
    assert sorted(word for word in words if not dictionary().knows(word)) == sorted(named)


def test_no_word_in_which_people_speak_of_an_answer_is_what_other_desks_are_asked():
    """Such a word would bring nobody to that answer: a question that names it is not answered."""
    words = {word for text in spoken_words() for word in words_of(text)}
    assert sorted(filter(elsewhere().is_named, words)) == []


def test_no_answer_is_what_other_desks_are_asked():
    assert [
        record.fields["question"] for record in guide_records() if elsewhere().is_named(record.fields["question"])
    ] == []
    assert elsewhere().is_named("Mijn paspoort is weg")
    assert elsewhere().is_named("where do I get a passport")


@pytest.mark.parametrize(
    ("word", "is_idle"), [("zaterdag", True), ("hoelang", True), ("skoele", False), ("xqzjvw", False)]
)
def test_a_word_that_asks_for_nothing_is_idle(word, is_idle):
    assert everyday().is_idle(word) is is_idle


@pytest.mark.parametrize(
    ("asked", "is_english", "ways"),
    [
        ("wat kost een dakkapel", False, {"practical"}),
        ("parkeervergunning aanvragen", False, {"practical"}),
        ("subsidie aanvragen", False, {"practical", "service"}),
        ("een tiny house op een stukje grond", False, set()),
        ("een stuk grond kopen, de pomp is stuk", False, {"service"}),
        ("is een omgevingsvergunning nodig", False, {"rule"}),
        ("wij willen een moestuin, mag dat", False, {"together", "plan", "rule"}),
        ("de gemeente weigert", False, {"rule"}),
        ("briefadres", False, set()),
        ("how much does a dormer cost", True, {"practical"}),
        ("we want to close our street, is that allowed", True, {"together", "plan", "rule"}),
        ("I do not have to", False, set()),
    ],
)
def test_how_somebody_asks_is_known_apart_from_what_is_asked_about(asked, is_english, ways):
    assert ways_of_asking(asked, is_english=is_english) == ways


@pytest.mark.parametrize("name", sorted(ASKING))
def test_each_way_of_asking_counts_in_a_list_and_no_word_stands_in_two_of_them(name):
    kinds = _asking(name)
    assert kinds.keys() - {NO_WAY} == FOR_ASKING.keys()
    listed = [phrase for kind in kinds.values() for phrase in kind._phrases]
    assert sorted(set(listed)) == sorted(listed)


def test_the_pieces_of_a_text_are_those_of_its_words_with_their_edges():
    assert pieces_of("De kát") == {"_de", "de_", "_de_", "_ka", "kat", "at_", "_kat", "kat_"}
    assert pieces_of("a") == {"_a_"}
    assert pieces_of("?!") == frozenset()


def test_the_points_of_a_text_are_those_of_its_pieces_and_a_longer_text_has_no_more_for_being_long():
    points = read_points(["# for nobody", "", "40 _de kat", "-20 at_"])

    assert points == {"_de": 2.0, "kat": 2.0, "at_": -1.0}
    assert points_of("de kat", points) == pytest.approx(3.0 / 8**0.5)
    assert points_of("de kat de kat", points) == points_of("de kat", points)
    assert points_of("", points) == points_of("een hond", points) == 0


def test_the_shipped_list_has_each_piece_once():
    lines = (SEARCH_DATA / POINTS).read_text(encoding="utf-8").splitlines()
    pieces = [piece for line in lines if line and not line.startswith("#") for piece in line.split()[1:]]

    assert len(pieces) == len(set(pieces)) == len(read_points(lines)) > 1000
    assert {len(piece) for piece in pieces} == set(LENGTHS)


def test_the_shipped_list_tells_questions_apart_from_which_it_did_not_learn():
    unseen = [file for file in AS_TYPED if file not in ours.TEACHING]
    rows = [json.loads(line) for file in unseen for line in (DATA / file).read_text(encoding="utf-8").splitlines()]

    assert len(rows) >= 60
    assert ours.apart([(sounds_like_ours(row["asked"]), bool(row["right"])) for row in rows]) >= 0.93


def test_points_are_learned_from_questions_that_were_sorted():
    asked = {"wij willen een moestuin": True, "wij willen een speelplek": True, "mijn fiets is kwijt": False}
    sorted_ = [
        ours.Sorted("x", question, is_ours) for question, is_ours in asked.items() for _ in range(ours.SEEN_FROM)
    ]

    points = read_points(ours.text_of(ours.learn(sorted_)).splitlines())

    assert points_of("wij willen een boom", points) > 0 > points_of("mijn tas is kwijt", points)
    assert len(ours.sorted_questions()) > 1000
    assert {one.is_ours for one in ours.sorted_questions() if one.file == ours.MORE} == {True, False}
