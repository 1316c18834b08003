"""A catalogue says our own texts in another language: whole, filled in, with their dates; and leaves the rest alone."""

import pytest

from knelpunt.adapters.catalogues import Catalogue, read_texts
from knelpunt.domain.languages import Language

FRISIAN = Language("fy", "Frysk", "fy_NL")
TEXTS = {
    "Knelpunten": "Knypunten",
    "werkdagen": "wurkdagen",
    "nog {counted}": "noch {counted}",
    "Deze wet": "Dizze wet",
    "{rule} gold {on_day}.": "{rule} gou {on_day}.",
    "op": "op",
    "Antwoord uiterlijk op {answer_by}.": "Antwurdzje op syn lêst op {answer_by}.",
    "en": "en",
}


@pytest.fixture
def frisian():
    return Catalogue(FRISIAN, TEXTS)


@pytest.mark.parametrize(
    ("dutch", "said"),
    [
        ("Knelpunten", "Knypunten"),
        ("knelpunten", "knypunten"),
        ("  Knelpunten ", "  Knypunten "),
        ("3 werkdagen", "3 wurkdagen"),
        ("nog 3 werkdagen", "noch 3 wurkdagen"),
        ("dinsdag 24 november 2026", "tiisdei 24 Novimber 2026"),
        ("24 november 2026", "24 Novimber 2026"),
        ("november 2026", "Novimber 2026"),
        ("Antwoord uiterlijk op dinsdag 24 november 2026.", "Antwurdzje op syn lêst op tiisdei 24 Novimber 2026."),
        ("Deze wet gold op maandag 1 juli 2019.", "Dizze wet gou op moandei 1 July 2019."),
    ],
)
def test_a_known_text_is_said_in_the_language(frisian, dutch, said):
    assert frisian.say(dutch) == said


@pytest.mark.parametrize(
    "dutch", ["", " ", "Over deze wet", "nog even", "en", "Buurthuis in een oude school", "x" * 9000]
)
def test_what_is_not_known_stays_dutch(frisian, dutch):
    assert frisian.say(dutch) == dutch


def test_a_partial_catalogue_falls_back_text_by_text(tmp_path):
    path = tmp_path / "messages.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Contact"\nmsgstr "Kontakt"\n\n'
        'msgid "Privacy"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgid "Cookies"\nmsgstr "Koekjes"\n',
        encoding="utf-8",
    )
    partial = Catalogue(FRISIAN, read_texts(path))
    assert [partial.say(text) for text in ("Contact", "Privacy", "Cookies", "Open data")] == [
        "Kontakt",
        "Privacy",
        "Cookies",
        "Open data",
    ]
