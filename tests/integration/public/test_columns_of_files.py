"""The columns of a file of open data are a promise: who reads it goes by the version of the format in its name."""

from knelpunt.web.public.developers import laws
from knelpunt.web.shared.open_data.data_sets import CHANGES, FORMAT

COLUMNS_OF = {
    1: {
        "knelpunten": (
            "nummer titel vraag antwoord oordeel oordeelInWoorden resultaat volgendeStap onderwerp "
            "soortIndiener gemeentecode gemeente provincie wet jaar gemeldOp afgeslotenOp openbaarSinds "
            "verbeterdOp bron adres wetsleutel regels verbeteringen provinciecode"
        ),
        "ruimtewijzers": (
            "adres vraag kortAntwoord ruimte voorwaardenTekst wieBeslist onderwerp soortRuimte stand "
            "zekerheid juridischGetoetstOp openbaarSinds versie regels bronnen modeltekst doelgroep "
            "voorbeelden gebruik versies"
        ),
        "regelknelpunten": (
            "nummer titel watKnelt staat staatInWoorden staatSinds wachtOp keuze waaromDezeKeuze ministerie "
            "projecten gemeenten bepalingen gesignaleerdOp laatsteNieuwsOp nieuwsUiterlijkOp reagerenTotEnMet "
            "inWerkingSinds erratumOp gaatVerderIn adres nieuws ministeriecode verbeteringen"
        ),
        "wetten": (
            "sleutel titel afkorting bwbId soort domein ministerie geldtVanaf geldtTotEnMet opvolgerVan "
            "opgevolgdDoor zekerheid bronnen bepalingen adres ministeriecodes"
        ),
        "bepalingen": (
            "adres wet bwbId bepaling artikel instrument geldtVanaf geldtTotEnMet wieBeslist magAfwijkenVan "
            "voorwaarden langsteDuur beslistermijn gelezenTekst gelijkTotEnMet zekerheid waaromNietGelezen "
            "wijziging staatsblad kamerdossier wettekst afdruk"
        ),
        "kwartalen": "kwartaal tabel regel kolom waarde correctie adres code",
    },
}
"""Of each format, by data set, its columns in order.

A new column stands at the end: add it here, and a line to ``CHANGES``. One that goes, moves, or gets another name or
meaning asks for a new ``FORMAT`` with lists of its own; those of earlier formats stay as they are.
"""
PARTS = {
    "bepalingen": (
        "sleutel artikel instrument ruimte geldtVanaf beginBekend geldtTotEnMet eindeBekend opvolgerVan opgevolgdDoor "
        "zekerheid bronnen redacties adres"
    ),
    "redacties": (
        "geldtVanaf geldtTotEnMet gelezenTekst gelijkTotEnMet zekerheid staatsblad kamerdossier bron wettekst adres"
    ),
}
"""Of what stands in a list of a law. Lists in other files are those of the API, whose contract is kept."""


def test_the_columns_of_each_file_are_those_of_its_format(app):
    now = {one.name: " ".join(one.heads) for one in app.config["DATA_SETS"]}
    assert now == COLUMNS_OF[FORMAT]


def test_what_stands_in_the_lists_of_a_law_stays_too(session):
    provisions = [each for law in laws.rows(session, "") for each in law["bepalingen"]]
    assert {" ".join(each) for each in provisions} == {PARTS["bepalingen"]}
    assert {" ".join(one) for each in provisions for one in each["redacties"]} == {PARTS["redacties"]}


def test_every_format_is_told_with_its_day_the_newest_first():
    told = [(version, day) for version, day, _what in CHANGES]
    assert told == sorted(told, reverse=True)
    assert {version for version, _day in told} == set(COLUMNS_OF) == set(range(1, FORMAT + 1))
