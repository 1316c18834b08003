"""Which words find which texts, asked of PostgreSQL itself."""

import random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.adapters.words.search_terms import to_document, to_query


def finds(session: Session, query: str, text: str) -> bool:
    made = to_query(query)
    if made is None:
        return False
    vector = func.to_tsvector("simple", to_document(text))
    return bool(session.scalar(select(vector.op("@@")(func.to_tsquery("simple", made)))))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("huizen", "Een huis aan de dijk"),
        ("huis", "Tien huizen aan de dijk"),
        ("woningen", "Een woning boven de winkel"),
        ("dak", "Panelen op alle daken"),
        ("zonnepaneel", "Zonnepanelen op het dak"),
        ("scholen", "De school in het dorp"),
        ("Súdwest-Fryslân", "gemeente Sudwest-Fryslan"),
        ("FRYSLAN", "provincie Fryslân"),
    ],
)
def test_forms_of_one_word_find_each_other(session: Session, query: str, text: str) -> None:
    assert finds(session, query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("geluidsnorm", "De norm voor geluid is te streng"),
        ("norm", "De geluidsnormen zijn te streng"),
        ("geluid", "Geluidsnormoverschrijding op de gevel"),
        ("parkeernormen", "een norm voor parkeren bij appartementen, parkeer elders"),
        ("woning", "Rijwoningen splitsen"),
        ("wet leegstand", "verhuur met de Leegstandwet"),
        ("initiatief", "Een bewonersinitiatief in de wijk"),
        ("aanwijzing", "vraagt om een gebiedsaanwijzing"),
    ],
)
def test_a_compound_and_its_parts_find_each_other(session: Session, query: str, text: str) -> None:
    assert finds(session, query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("norm", "een enorm plan"),
        ("wijk", "gemeente Waalwijk"),
        ("stad", "gemeente Zaanstad"),
        ("huis", "ik ben thuis"),
        ("huis tuin", "een huis zonder erf"),
    ],
)
def test_what_only_looks_alike_is_not_found(session: Session, query: str, text: str) -> None:
    assert not finds(session, query, text)


def test_the_last_word_may_be_unfinished(session: Session) -> None:
    assert finds(session, "tijdelijke omgevingsverg", "Een tijdelijke omgevingsvergunning")
    assert not finds(session, "omgevingsverg tijdelijke", "Een tijdelijke omgevingsvergunning")


@pytest.mark.parametrize("query", ["KNP-2026-00042", "knp-2026-00042", "KNP-2026-0004", "00042", "2026-00042"])
def test_the_number_of_a_case_finds_it(session: Session, query: str) -> None:
    assert finds(session, query, "KNP-2026-00042")


def test_another_number_does_not_find_it(session: Session) -> None:
    assert not finds(session, "KNP-2026-00043", "KNP-2026-00042")


def test_the_database_takes_every_query_and_document(session: Session) -> None:
    chance = random.Random(7)
    for _ in range(200):
        text = "".join(chr(chance.randrange(0x3000)) for _ in range(chance.randrange(80))) + " huis"
        assert finds(session, text, text)
    for text in ("1e5 3.14 10m2 12ab34 1-2-3", "http://example.nl/a?b=c", "a@b.nl", "x" * 5000 + " huis"):
        assert finds(session, text, text)


def test_a_very_long_text_fits_in_the_index(session: Session) -> None:
    text = " ".join(f"woord{number}" for number in range(200_000))
    assert finds(session, "woord7", text)
