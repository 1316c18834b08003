"""Which ways to write an article mean the same one."""

import pytest

from knelpunt.domain.laws.articles import article_key, article_named


@pytest.mark.parametrize(
    "written",
    [
        "5.1",
        "art. 5.1",
        "art 5.1",
        "Art. 5.1",
        "artikel 5.1",
        "Artikel 5.1",
        "ARTIKEL  5.1",
        "art.5.1",
        "(artikel 5.1)",
    ],
)
def test_a_number_is_the_same_article_with_or_without_the_word(written):
    assert article_key(written) == "5.1"


@pytest.mark.parametrize(
    "written",
    [
        "5.1 lid 2",
        "Art. 5.1 lid 2",
        "artikel 5.1, tweede lid",
        "artikel 5.1, lid 2",
        "art. 5.1 2e lid",
        "art 5.1, 2de lid",
        "artikel 5.1 het tweede lid",
        "tweede lid van artikel 5.1",
    ],
)
def test_a_member_is_the_same_in_words_and_as_a_number(written):
    assert article_named(written) == "5.1 lid 2"
    assert article_key(written) == "5.1 lid 2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.1 lid 2 onder a", "artikel 5.1, tweede lid, onderdeel a"),
        ("5.1 lid 2 onder a", "art. 5.1, lid 2, aanhef en onder a"),
        ("5.1 lid 2 onder a", "Art. 5.1 lid 2 sub a"),
        ("5.1 lid 2 en 3", "artikel 5.1, tweede en derde lid"),
        ("5.1 lid 2 en 3", "art. 5.1 leden 2 en 3"),
        ("Omgevingswet, artikel 5.1", "omgevingswet art. 5.1"),
        ("Omgevingswet, artikel 5.1 lid 2", "Omgevingswet, art. 5.1, tweede lid"),
        ("Wet geluidhinder, artikel 3.12 lid 20", "wet geluidhinder art 3.12, twintigste lid"),
    ],
)
def test_two_ways_to_write_one_rule(one, other):
    assert article_key(one) == article_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.1", "5.10"),
        ("5.1", "5.1a"),
        ("5.1", "5:1"),
        ("5.1 lid 2", "5.1 lid 12"),
        ("5.1 lid 1", "5.1 onder a"),
        ("artikel 5.1, tweede lid", "artikel 5.1, twaalfde lid"),
        ("Omgevingswet, artikel 5.1", "Huisvestingswet, artikel 5.1"),
    ],
)
def test_two_rules_stay_two(one, other):
    assert article_key(one) != article_key(other)


@pytest.mark.parametrize(
    "written",
    [
        "Bijlage II",
        "Nota parkeernormen 2024",
        "Welstandsnota, deel 3",
        "Kunst en cultuur",
        "artikelen over wonen",
        "hele wet",
    ],
)
def test_what_is_no_article_stays_as_it_was_written(written):
    assert article_named(written) == written
