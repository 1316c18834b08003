"""The texts of the site stay as easy to read as they are: measured, so that a hard sentence fails and not a reader."""

import pytest

from benchmarks.reading_level import (
    EASIEST_WHOLE,
    EXEMPT,
    Passage,
    by_part,
    hard_passages,
    long_sentences,
    passages,
    syllables,
    words_in,
)

HARD = (
    "Onverminderd het bepaalde in voornoemde beleidsregel kan de aangewezen bestuursrechtelijke instantie, gehoord de "
    "desbetreffende belanghebbenden, omgevingsrechtelijke afwijkingsmogelijkheden toepassen indien dat noodzakelijk is."
)


@pytest.fixture(scope="module")
def found():
    return list(passages())


def test_texts_of_templates_labels_forms_mails_and_errors_are_found(found):
    assert len(found) > 2000
    for part in ("templates/", "/labels.py", "/forms.py", "/mail_texts", "/errors.py"):
        assert any(part in each.file for each in found), part


def test_no_sentence_is_too_long(found):
    assert long_sentences(found) == []


def test_no_text_is_too_hard(found):
    assert [str(each) for each in hard_passages(found)] == []


def test_every_part_as_a_whole_is_easy(found):
    assert {name: whole.score for name, whole in by_part(found).items() if whole.score < EASIEST_WHOLE} == {}


def test_what_is_exempt_is_there(found):
    assert set(EXEMPT) <= {each.file for each in found}


def test_a_hard_text_is_caught():
    passage = Passage("brief.html", 1, HARD)
    assert passage.score < 20
    assert hard_passages([passage]) == [passage]
    assert [count for count, _, _ in long_sentences([passage])] == [len(words_in(HARD))]


def test_the_index_is_that_of_douma():
    passage = Passage("x", 1, "De kat zit op de mat. De hond ligt op de stoep.")
    assert passage.score == round(206.84 - 0.77 * 100 - 0.93 * 6, 1)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("over", 2), ("gemeente", 3), ("omgevingsplan", 4), ("idee", 2), ("uw", 1), ("bureau", 2), ("e-mailadres", 4),
        ("organisatie", 5), ("situatie", 4), ("reactie", 3), ("toegankelijkheid", 5), ("eeuw", 1), ("mooie", 2),
        ("beïnvloeden", 4), ("22.26", 1), ("wetten.overheid.nl", 1),
    ],
)  # fmt: skip
def test_syllables_are_vowel_sounds(word, count):
    assert syllables(word) == count
