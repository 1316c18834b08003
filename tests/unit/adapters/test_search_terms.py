"""The terms of Dutch words, and queries out of any input; that they find each other is tested with PostgreSQL."""

import random

import pytest

from knelpunt.adapters.words import search_terms
from knelpunt.adapters.words.search_terms import fold, stem_terms, to_document, to_query

HOSTILE = [
    "' & | ! ) ( :* \\",
    "\x00",
    "\ud800",
    "''''",
    "a'b\\c:*d",
    "!!! <-> ???",
    "<script>alert(1)</script>",
    "😀 ﷽ \u202e",
]


@pytest.mark.parametrize(
    ("word", "term"),
    [("huizen", "huis"), ("woningen", "won"), ("daken", "dak"), ("zonnepanelen", "zonnepanel"), ("normen", "norm")],
)
def test_a_plural_has_the_stem_of_its_singular(word: str, term: str) -> None:
    assert term in stem_terms(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        *[("gewoon", "wonen"), ("gezin", "zin"), ("gebied", "bieden"), ("gebouw", "bouwen"), ("gevel", "vel")],
        *[("begeleiding", "beleid"), ("geluid", "luid"), ("gebruik", "bruikleen")],
    ],
)
def test_words_that_begin_with_ge_are_no_forms_of_other_words(word: str, other: str) -> None:
    assert not set(stem_terms(word)) & set(stem_terms(other))


@pytest.mark.parametrize(
    ("form", "word"),
    [
        *[("gebouwd", "bouwen"), ("gesplitst", "splitsen"), ("gesloopte", "slopen"), ("afgebouwd", "afbouwen")],
        *[("gezinnen", "gezin"), ("gebieden", "gebied"), ("gemeenten", "gemeente"), ("gebruikt", "gebruik")],
    ],
)
def test_a_participle_is_a_form_of_its_verb_and_a_plural_of_its_singular(form: str, word: str) -> None:
    assert set(stem_terms(form)) & set(stem_terms(word))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("geluidsnormen", {"geluid", "norm"}),
        ("parkeernorm", {"parker", "norm"}),
        ("woonwagenlocatie", {"won", "wag", "locer"}),
        ("rijwoning", {"rij", "won"}),
    ],
)
def test_a_compound_holds_the_stems_of_its_parts(word: str, parts: set[str]) -> None:
    assert parts <= set(stem_terms(word))


@pytest.mark.parametrize("word", ["enorm", "waalwijk", "zaanstad", "thuis", "belangrijk", "platform", "huis"])
def test_a_word_that_only_looks_like_a_compound_stays_whole(word: str) -> None:
    assert len(stem_terms(word)) <= 2


@pytest.mark.parametrize("text", ["", "   ", "de", "het en een", *HOSTILE[:4]])
def test_a_text_without_a_word_to_search_for_gives_no_query(text: str) -> None:
    assert to_query(text) is None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_query_holds_only_words_between_quotes(text: str) -> None:
    made = to_query(text + " huis") or ""
    inside = made.replace("'", " ").replace(":*", " ").translate(str.maketrans("&|()", "    "))
    assert all(word.isalnum() for word in inside.split())
    assert made.count("'") % 2 == 0


def test_random_text_never_raises() -> None:
    chance = random.Random(7)
    for _ in range(500):
        text = "".join(chr(chance.randrange(0x11000)) for _ in range(chance.randrange(60)))
        made = to_query(text)
        assert made is None or made.startswith("(")
        assert "\x00" not in to_document(text)


def test_a_long_query_is_cut() -> None:
    made = to_query("woord " * 1000)
    assert made is not None
    assert made.count("&") < search_terms.MAX_QUERY_WORDS


def test_a_long_document_stays_below_what_the_database_takes() -> None:
    text = " ".join(f"woord{number}" for number in range(200_000))
    assert len(to_document(text).encode()) <= search_terms.MAX_DOCUMENT_BYTES


def test_a_very_long_word_is_cut() -> None:
    assert all(len(term) <= search_terms.MAX_WORD_LENGTH for term in stem_terms("a" * 5000))


def test_letters_are_folded() -> None:
    assert fold("Ĳsselstein CAFÉ Straße Ørsted") == "ijsselstein cafe strasse orsted"


def test_stop_words_are_not_in_the_document() -> None:
    assert stem_terms("de kerk en het plein") == ["kerk", "plein"]
