"""Tables in the letters that a ministry still edits: no word is cut, and no table stands without its words."""

import pytest

from knelpunt.adapters.documents.docx import (
    CELL_MARGINS,
    LETTER_WIDTH,
    TEXT_WIDTH,
    begins_table,
    column_widths,
    table_of,
)
from knelpunt.domain.figures.writing import Bullets, FigureTable, Paragraph, PlacedChart, PlacedTable, Run, Series

SPLIT = ("Wet", "Ontvangen", "Vorig kwartaal", "Afgehandeld", "Vorig kwartaal", "Open", "Vorig kwartaal")
CLOCKS = ("Klok", "Keren gestopt", "10%", "25%", "Mediaan", "75%", "90%", "Termijn")
WORDS = Paragraph((Run("Wat er is geteld."),))
TABLE = FigureTable("wet")


def table(heads: tuple[str, ...]) -> PlacedTable:
    return PlacedTable("wet", "Per wet", "", heads, (("Huisvestingswet 2014", *("12",) * (len(heads) - 1)),))


@pytest.mark.parametrize("heads", [SPLIT, CLOCKS, SPLIT[:2], SPLIT[:4]])
def test_a_column_is_as_wide_as_its_longest_word_and_all_fit_on_the_page(heads: tuple[str, ...]) -> None:
    first, *others = column_widths(table(heads))
    assert first + sum(others) == pytest.approx(TEXT_WIDTH)
    assert first > 3
    for words, width in zip(heads[1:], others, strict=True):
        assert width >= max(map(len, words.split())) * LETTER_WIDTH + CELL_MARGINS


def test_the_words_before_a_table_stay_with_it() -> None:
    assert begins_table((WORDS, TABLE))
    assert begins_table((WORDS, WORDS, TABLE))
    assert not begins_table((WORDS, WORDS))
    assert not begins_table((TABLE, WORDS))
    assert not begins_table((WORDS, Bullets((WORDS.runs,)), TABLE))


def test_the_table_of_a_picture_has_a_head_for_each_column() -> None:
    series = (Series("Ontvangen", (3, None)),)
    bars = PlacedChart("wet", "Per wet: ontvangen", "", ("Een wet", "Nog een"), series)
    lines = PlacedChart("kwartalen", "Over de kwartalen", "", ("1e kwartaal", "2e kwartaal"), series, is_line=True)
    assert [table_of(each).heads for each in (bars, lines)] == [("Per wet", "Ontvangen"), ("Kwartaal", "Ontvangen")]
    assert table_of(bars).rows == (("Een wet", "3"), ("Nog een", "–"))
