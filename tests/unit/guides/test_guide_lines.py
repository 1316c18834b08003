"""The lists of a ruimtewijzer as lines that people read."""

from knelpunt.domain.guides.lines import example_lines, rule_lines, source_lines

RULE = {"law": "ow", "title": "Omgevingswet", "role": "biedt_ruimte", "on_date": "2026-11-03"}


def test_a_rule_is_named_with_its_law_its_article_and_its_day():
    rules = [
        {**RULE, "provision": "ow-5.1", "article": "5.1 lid 1", "instrument": "Vergunning"},
        {**RULE, "provision": "ow-slot", "article": "Slot van hoofdstuk 4"},
        {**RULE, "provision": None, "article": "omgevingsplan", "role": "belemmert"},
        {**RULE, "provision": None, "article": None},
    ]
    assert rule_lines(rules).splitlines() == [
        "Biedt ruimte: Omgevingswet, artikel 5.1 lid 1, Vergunning, zoals het gold op dinsdag 3 november 2026",
        "Biedt ruimte: Omgevingswet, Slot van hoofdstuk 4, zoals het gold op dinsdag 3 november 2026",
        "Belemmert: Omgevingswet, omgevingsplan, zoals het gold op dinsdag 3 november 2026",
        "Biedt ruimte: Omgevingswet, zoals het gold op dinsdag 3 november 2026",
    ]


def test_an_example_names_its_place_once_and_says_how_it_ended():
    example = {"place": "Zwolle", "municipality": "GM0193", "year": "", "what": "Het mocht.", "outcome": "gelukt"}
    examples = [
        {**example, "url": "https://a.example"},
        {**example, "place": "Oude mavo", "year": "2020", "outcome": None, "url": "https://b.example"},
    ]
    assert example_lines(examples, {"GM0193": "Zwolle"}).splitlines() == [
        "Zwolle: Het mocht. Gelukt. https://a.example",
        "Oude mavo, Zwolle, 2020: Het mocht. Afloop niet bekend. https://b.example",
    ]


def test_a_source_says_how_far_it_was_read():
    sources = [{"title": "Kamerbrief", "url": "https://a.example", "read": "opening only"}]
    assert source_lines(sources) == "Kamerbrief (alleen het begin gelezen): https://a.example"
