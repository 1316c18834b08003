"""Cells that a spreadsheet could run as a formula are made text; everything else stays as it is."""

import pytest

from knelpunt.adapters.files.cases import neutralised
from knelpunt.web.shared.pages.csv_files import BYTE_ORDER_MARK, csv_pieces

DANGEROUS = [
    "=1+1",
    "+31 6",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\rtekst",
    "\ntekst",
    "  =1+1",
    "\N{NO-BREAK SPACE}=1",
    "\N{ZERO WIDTH SPACE}=1",
    "\x00=1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "\N{FULLWIDTH PLUS SIGN}1",
    "\N{FULLWIDTH HYPHEN-MINUS}1",
    "\N{FULLWIDTH COMMERCIAL AT}SUM",
    " \N{FULLWIDTH EQUALS SIGN}1",
    "\N{SMALL PLUS SIGN}1",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_could_be_a_formula_gets_an_apostrophe(text):
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "Buurthuis", " tekst", "a=b", "1+1", "'=1", "KNP-2026-00001", "é", "\N{EN DASH}x"]
)
def test_other_texts_stay_as_they_are(text):
    assert neutralised(text) == text


def test_the_file_comes_in_pieces_with_one_mark_and_one_line_of_heads():
    pieces = list(csv_pieces(["Nummer", "Titel"], ((str(number), "=x;y") for number in range(450))))
    assert len(pieces) == 3
    text = "".join(pieces)
    assert text.startswith(f'{BYTE_ORDER_MARK}Nummer;Titel\r\n0;"\'=x;y"\r\n')
    assert text.count(BYTE_ORDER_MARK) == text.count("Nummer") == 1
    assert text.count("\r\n") == 451


def test_numbers_and_empty_cells_are_not_text():
    assert "".join(csv_pieces(["a", "b"], [(-5, None)])).endswith("-5;\r\n")
