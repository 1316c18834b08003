"""Names of then and articles in the words of a source: found where there is no doubt, and left alone where there is."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from knelpunt.adapters.files import reference as reference_files
from knelpunt.queries.cases import history
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.services.history.places import LawFinder, PlaceFinder

DAY = date(2019, 7, 1)


@pytest.fixture
def known(session: Session) -> Reference:
    return reference(session)


@pytest.fixture
def places(known: Reference) -> PlaceFinder:
    return PlaceFinder(known, reference_files.municipality_aliases())


@pytest.fixture
def laws(session: Session, known: Reference) -> LawFinder:
    return LawFinder(known, history.provisions(session))


@pytest.mark.parametrize(
    ("name", "province", "day", "today", "then"),
    [
        ("Bergen", "Limburg", DAY, "Bergen (L.)", None),
        ("Bergen", "Noord-Holland", DAY, "Bergen (NH.)", None),
        ("Den Bosch", None, DAY, "'s-Hertogenbosch", None),
        ("sudwest-fryslan", None, DAY, "Súdwest-Fryslân", None),
        ("Haren", "Groningen", date(2015, 7, 1), "Groningen", "Haren"),
        ("Veghel", None, date(2024, 7, 1), "Meierijstad", "Veghel"),
        ("Leerdam", "Zuid-Holland", date(2015, 7, 1), "Vijfheerenlanden", "Leerdam"),
    ],
)
def test_a_name_leads_to_the_municipality_of_today(
    known: Reference, places: PlaceFinder, name: str, province: str | None, day: date, today: str, then: str | None
) -> None:
    place = places.place(name, province, day)
    assert place.municipality_id is not None
    assert (known.municipality_names[place.municipality_id], place.name_then) == (today, then)
    assert place.is_recognised


@pytest.mark.parametrize(
    ("name", "is_recognised"), [("Bergen", False), ("Nergenshuizen", False), ("Haaren", True), ("Best en Oss", True)]
)
def test_a_name_that_leaves_doubt_keeps_its_words(places: PlaceFinder, name: str, is_recognised: bool) -> None:
    place = places.place(name, None, DAY)
    assert (place.municipality_id, place.name_then, place.is_recognised) == (None, name, is_recognised)


def test_several_municipalities_share_their_province_or_have_none(known: Reference, places: PlaceFinder) -> None:
    shared = places.place("Bernheze, 's-Hertogenbosch en Oss", None, DAY).province_id
    assert shared is not None
    assert known.province_names[shared] == "Noord-Brabant"
    assert places.place("Utrecht en Oss", None, DAY).province_id is None


@pytest.mark.parametrize(
    ("law", "words", "year", "provision"),
    [
        ("crisis-en-herstelwet", "Bestemmingsplan met verbrede reikwijdte (art. 7c Bu Chw)", 2019, "buchw-7c"),
        ("crisis-en-herstelwet", "Bestemmingsplan met verbrede reikwijdte (art. 7c en 7d Bu Chw)", 2019, None),
        ("crisis-en-herstelwet", "Innovatie-experiment (art. 7b Bu Chw)", 2019, None),
        ("crisis-en-herstelwet", "Lokaal project (art. 9 Bu Chw / 2.18 Chw)", 2010, None),
        ("participatiewet", "Experiment (art. 83 / Tijdelijk besluit)", 2017, "pw-83-2025"),
        ("participatiewet", "Experiment (art. 83)", 2026, "pw-83"),
        ("leegstandwet", "Tijdelijke verhuur (art. 15)", 2019, None),
        ("wbmgp", "Aanwijzing negen gebieden (art. 5 lid 2 en 3, 9 en 10)", 2019, None),
        ("omgevingswet", None, 2025, None),
    ],
)
def test_an_article_is_linked_only_when_it_fits_one_provision(
    laws: LawFinder, law: str, words: str | None, year: int, provision: str | None
) -> None:
    row = laws.law(law)
    assert row is not None
    found = laws.offering(row, words, date(year, 1, 1), date(year, 12, 31))
    assert (found.key if found else None) == provision


def test_a_blocking_article_is_linked_by_its_bare_number(laws: LawFinder) -> None:
    row = laws.law("participatiewet")
    assert row is not None
    found = laws.blocking(row, "83", date(2017, 1, 1), date(2017, 12, 31))
    assert found is not None
    assert found.key == "pw-83-2025"
    assert laws.blocking(row, "9,31", date(2017, 1, 1), date(2017, 12, 31)) is None


def test_an_article_of_a_year_in_which_two_forms_held_is_not_linked(laws: LawFinder) -> None:
    row = laws.law("participatiewet")
    assert row is not None
    assert laws.blocking(row, "83", date(2025, 7, 1), date(2026, 7, 1)) is None
