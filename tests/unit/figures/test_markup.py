"""The markup in which a quarter is written: what it gives, and what it says about lines that are wrong."""

import pytest

from knelpunt.adapters.markup import parse, written
from knelpunt.domain.figures.writing import (
    SECTIONS,
    Bullets,
    Heading,
    Map,
    Paragraph,
    Placed,
    PlacedFigure,
    PlacedTable,
    Quote,
    Section,
    bare_numbers,
    filled,
    plain,
)

PLACED = Placed(
    {
        "ontvangen": PlacedFigure("ontvangen", "12", "Ontvangen", "Meldingen in het kwartaal."),
        "ministeries, wonen": PlacedFigure("ministeries, wonen", "7", "Wonen", "Vragen.", is_side=True),
    },
    {"wet": PlacedTable("wet", "Per wet", "De wet.", ("Wet", "Ontvangen"), (("Omgevingswet", "12"),))},
)


def problems(source: str) -> list[tuple[int, bool]]:
    return [(each.line, each.is_error) for each in filled(parse(source), PLACED).problems]


def test_a_placed_figure_gets_its_value_from_the_seal() -> None:
    found = filled(parse("Er kwamen **{{ Cijfer:  ontvangen }}** zaken."), PLACED)

    assert plain(found.blocks) == "Er kwamen 12 zaken."
    assert not found.problems
    [paragraph] = found.blocks
    assert isinstance(paragraph, Paragraph)
    assert [run.figure for run in paragraph.runs if run.is_strong] == ["ontvangen"]


def test_blocks_keep_their_kind_and_line() -> None:
    blocks = parse("## Kop\n\n- een\n- twee\n\n> citaat\n\n{{kaart}}\n\n*schuin* [link](/kwartalen)\n").blocks

    assert [(type(block), block.line) for block in blocks] == [
        (Heading, 1),
        (Bullets, 3),
        (Quote, 6),
        (Map, 8),
        (Paragraph, 10),
    ]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("Eerste regel\nmet {{cijfer: onbekend}}.", 2),
        ("Tekst.\n\n{{tabel: onbekend}}", 3),
        ("Tekst.\n\n\n{{grafiek: onbekend}}", 4),
        ("{{cijfer: ontvangen = 14}}", 1),
        ("{{som: ontvangen}}", 1),
        ("{{cijfer}}", 1),
        ("Er staat {{cijfer: ontvangen.", 1),
        ("Zaken {{tabel: wet}} per wet.", 1),
        ("- punt\n- [hier](javascript:alert)\n- [x](http://example.nl)", 3),
        ("1. eerst\n2. dan", 1),
    ],
)
def test_what_is_wrong_is_told_at_its_line(source: str, line: int) -> None:
    assert (line, True) in problems(source)


def test_a_number_that_is_no_figure_is_pointed_at_and_does_not_block() -> None:
    assert problems("Er waren 13 zaken.") == [(1, False)]
    assert problems("Er waren 12 zaken.") == []
    assert problems("Er kwamen 7 zaken.") == [(1, False)]
    assert problems("Een ministerie antwoordde {{cijfer: ministeries, wonen}} keer.") == []


def test_years_days_and_numbers_of_papers_are_no_figures() -> None:
    text = "In 2013, op 1 juli, stond in Kamerstuk 32 847, nr. 106 en artikel 4, lid 2 van de wet: 15,5 procent van 8."

    assert bare_numbers(text) == ["15,5", "8"]


def test_marks_of_html_stay_words() -> None:
    [paragraph] = parse("<script>x</script> &amp;").blocks

    assert isinstance(paragraph, Paragraph)
    assert "".join(run.text for run in paragraph.runs) == "<script>x</script> &amp;"


def test_every_section_comes_in_order_also_when_nothing_is_written() -> None:
    sections = written({Section.LAWS.value: "{{tabel: wet}}"}, PLACED)

    assert [each.key for each in sections] == list(SECTIONS)
    assert [each.key for each in sections if each.blocks] == [Section.LAWS]
