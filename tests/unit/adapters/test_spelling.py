"""Words that are spelled wrong: mended when nobody knows them, and never at any price."""

import pytest

from knelpunt.adapters.words import spelling
from knelpunt.adapters.words.search_terms import MAX_QUERY_WORDS
from knelpunt.adapters.words.spelling import Vocabulary

KNOWN = Vocabulary.of(["buurthuis schoolgebouw geluidsnorm parkeren", "geluidsnorm", "geluidsnorm"])


@pytest.fixture
def looked_for(monkeypatch) -> list[str]:
    """The words for which the nearest one was looked for, which takes long."""
    asked = []
    extract = spelling.process.extract

    def told(word, *rest, **more):
        asked.append(word)
        return extract(word, *rest, **more)

    monkeypatch.setattr(spelling.process, "extract", told)
    return asked


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("een buurthius", "een buurthuis"),
        ("schoolgebuow en buurthius, buurthius", "schoolgebouw en buurthuis buurthuis"),
        ("een geluidnorm", None),
        ("wij fietsen graag", None),
        ("xqzjvw", None),
        ("", None),
    ],
)
def test_only_what_nobody_knows_is_mended(typed, mended):
    assert KNOWN.corrected(typed) == mended


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("huuske", "huis"),
        ("boomke", "boom"),
        ("de straot", "de straat"),
        ("skoolplein", "schoolplein"),
        ("kippn", "kippen"),
        ("stukkie", "stuk"),
        ("studios", "studio"),
        ("zwatje", None),
    ],
)
def test_a_word_is_read_as_it_sounds(typed, mended):
    known = Vocabulary.of(["huis boom straat schoolplein kippen stuk studio"])

    assert known.corrected(typed) == mended


def test_no_nearest_word_is_looked_for_of_what_is_dutch_and_only_once_of_what_is_not(looked_for):
    KNOWN.corrected("wij fietsen graag naar de bakker, de buurthius, de buurthius en de buurthius")

    assert looked_for == ["buurthius"]


def test_a_text_full_of_strange_words_is_mended_at_its_beginning_only(looked_for):
    typed = " ".join(f"buurthius{letter}{other}" for letter in "qxz" for other in "bcdfghjklm")

    assert KNOWN.corrected("buurthius " + typed).split()[0] == "buurthuis"
    assert len(looked_for) <= MAX_QUERY_WORDS


@pytest.mark.parametrize(
    ("typed", "divided"),
    [
        ("fietsbuurthuis", "fiets buurthuis"),
        ("koffiebuurthuis", "buurthuis"),
        ("buurthuiskoffie", "buurthuiskoffie"),
        ("koffietafelblad", "koffietafelblad"),
    ],
)
def test_a_strange_compound_is_read_by_its_last_part(typed, divided):
    assert KNOWN.divided(typed, {"fiets", "buurthuis"}.__contains__) == divided
