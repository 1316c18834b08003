"""The figures of the quarters, as they were sealed and corrected, and what every figure counts."""

from typing import Any

import marshmallow as ma

from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.definitions import REGISTER, SMALL_NUMBER_RULES, Definition, Meaning, Unit
from knelpunt.domain.figures.edition import Edition, annual, finding, in_words, number_of, says
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.corrections import PublicEdition, public_editions
from knelpunt.queries.figures.editions import code_of
from knelpunt.web.api.public.named import address
from knelpunt.web.api.shared.fields import Schema, choice, day, flag, moment, number, parts, text
from knelpunt.web.api.shared.paging import Page, piece_of
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared.requests.access import public
from knelpunt.web.shared.texts import said

quarters = Resource("api_quarters", "/kwartalen", "Kwartalen", "De cijfers voor de Tweede Kamer, per kwartaal en jaar.")
definitions = Resource("api_definitions", "/definities", "Definities", "Wat elk cijfer telt.")
QUARTERS_OF_YEAR = 4


class Figure(ma.fields.Float):
    """A number as it was counted: whole where it is whole."""

    def _serialize(self, value: Any, *_args: Any, **_options: Any) -> Any:
        return value


class PeriodSummary(Schema):
    """A quarter in a list."""

    period = text("periode", "De periode: 2026-3 is het derde kwartaal van 2026.")
    title = text("titel", "Hoe de periode heet.")
    first = day("van", "Eerste dag.")
    until = day("totEnMet", "Laatste dag.")
    headline = text("bevinding", "Wat de cijfers het eerst zeggen.")
    sealed_at = moment("verzegeldOp", "Wanneer twee personen de cijfers vastzetten.", nullable=True)
    changed_at = moment("gewijzigdOp", "Wanneer er voor het laatst iets bij kwam, zoals een correctie.", nullable=True)
    is_reconstructed = flag("achteraf", "Of de cijfers achteraf zijn samengesteld uit openbare bronnen.")
    paper = text("kamerstuk", "Nummer van het stuk voor de Tweede Kamer, als dat er is.", nullable=True)
    errata = number("correcties", "Hoeveel correcties er zijn.")
    page = text("adres", "Adres van de pagina.")


class ColumnSchema(Schema):
    """A column of a table."""

    key = text("sleutel", "Sleutel van de kolom.")
    title = text("titel", "Kop van de kolom.")
    figure = text("cijfer", "Naam van het cijfer in de definities, als het daar staat.", nullable=True)


class CellSchema(Schema):
    """A figure."""

    column = text("kolom", "Sleutel van de kolom.")
    value = Figure(
        data_key="waarde",
        allow_none=True,
        metadata={"description": "Het getal. Leeg (null) als wij het niet tonen of niet hebben gemeten."},
    )
    words = text("inWoorden", "Het getal zoals het op de pagina staat, of waarom het er niet staat.")
    correction = text("correctie", "Wat er had moeten staan. Leeg (null) zonder correctie.", nullable=True)


class RowSchema(Schema):
    """A line of a table."""

    key = text("sleutel", "Sleutel van de regel.")
    words = text("inWoorden", "Hoe de regel heet.")
    code = text("code", "Code van de provincie. Leeg (null) als de regel over iets anders gaat.", nullable=True)
    note = text("opmerking", "Wat u erbij moet weten.", nullable=True)
    cells = parts("cellen", CellSchema, "De getallen, in de volgorde van de kolommen.")


class TableSchema(Schema):
    """A table of a quarter."""

    key = text("sleutel", "Sleutel van de tabel.")
    title = text("titel", "Titel van de tabel.")
    sentence = text("telt", "Wat er is geteld.")
    says = text("zegt", "Wat de getallen laten zien.", nullable=True)
    columns = parts("kolommen", ColumnSchema, "De kolommen.")
    rows = parts("regels", RowSchema, "De regels.")


class QuarterCorrection(Schema):
    """A numbered correction."""

    number = number("nummer", "Nummer van de correctie.")
    words = text("cijfer", "Hoe het cijfer heet.")
    sealed_as = text("was", "Wat er stond.")
    should_be = text("moetZijn", "Wat er had moeten staan.")
    reason = text("waarom", "Waarom.")
    made_on = day("op", "Dag van de correctie.")


class Period(PeriodSummary):
    """A quarter or a year with all its figures."""

    sentence = text("samenvatting", "De bevinding met de getallen erbij.")
    tables = parts("tabellen", TableSchema, "Alle tabellen.")
    corrections = parts("errata", QuarterCorrection, "Alle correcties.")


class DefinitionSchema(Schema):
    """What a figure counts."""

    name = text("naam", "Naam van het cijfer. Verandert nooit.")
    title = text("titel", "Hoe het cijfer heet.")
    sentence = text("telt", "Wat er wordt geteld.")
    statement = text("rekenwijze", "Hoe u het zelf opnieuw telt.")
    unit = choice("eenheid", Unit, "Wat er wordt geteld.")
    rise_is = choice("stijging", Meaning, "Wat het betekent als het getal stijgt.")
    small = text("kleineGetallen", "Wat wij doen met getallen waaruit iemand te herkennen is.")
    version = number("versie", "Versie van de rekenwijze.")
    since = day("sinds", "Dag vanaf wanneer deze versie geldt.")
    page = text("adres", "Adres van de pagina.")


@quarters.route("")
@public
@quarters.lists(PeriodSummary, about="Alle openbare kwartalen, het nieuwste eerst.")
def quarter_list(asked: dict[str, Any]) -> Page:
    """Every public quarter, the newest first."""
    piece = piece_of(public_editions(db.session), asked)
    return Page([_summary(each.edition, each) for each in piece.items], piece.following)


@quarters.route("/<string:quarter>")
@public
@quarters.gives(Period, about="Eén kwartaal (2026-3), of een jaar waarvan elk kwartaal openbaar is (2026).")
def period(quarter: str) -> dict[str, Any]:
    """One quarter, or a year of which four quarters are public."""
    found = public_editions(db.session)
    one = next((each for each in found if each.edition.period == quarter), None)
    if one is not None:
        return _whole(one.edition, one)
    if not (quarter.isascii() and quarter.isdecimal() and len(quarter) == QUARTERS_OF_YEAR):
        raise NotFound()
    of_year = [each for each in found[::-1] if each.public.quarter.year == int(quarter)]
    if len(of_year) != QUARTERS_OF_YEAR:
        raise NotFound()
    return _whole(annual(int(quarter), [each.edition for each in of_year]), None)


@definitions.route("")
@public
@definitions.lists(DefinitionSchema, about="Wat elk cijfer telt.")
def definition_list(asked: dict[str, Any]) -> Page:
    """Every figure with what it counts."""
    piece = piece_of(list(REGISTER.items()), asked)
    return Page([_definition(*each) for each in piece.items], piece.following)


@definitions.route("/<string:figure_name>")
@public
@definitions.gives(DefinitionSchema, about="Wat één cijfer telt.")
def definition(figure_name: str) -> dict[str, Any]:
    """What one figure counts."""
    if figure_name not in REGISTER:
        raise NotFound()
    return _definition(figure_name, REGISTER[figure_name])


def _definition(name: str, found: Definition) -> dict[str, Any]:
    return {
        "name": name,
        "title": str(said(found.title)),
        "sentence": found.sentence,
        "statement": found.statement,
        "unit": found.unit,
        "rise_is": found.rise_is,
        "small": SMALL_NUMBER_RULES[found.small],
        "version": found.version,
        "since": found.since,
        "page": address(f"/kwartalen/definities/{name}"),
    }


def _summary(edition: Edition, of: PublicEdition | None) -> dict[str, Any]:
    return {
        "period": edition.period,
        "title": edition.title,
        "first": edition.first,
        "until": edition.until,
        "headline": finding(edition)[0],
        "sealed_at": of.public.sealed_at if of else None,
        "changed_at": of.public.changed_at if of else None,
        "is_reconstructed": edition.is_reconstructed,
        "paper": edition.paper or None,
        "errata": len(edition.corrections),
        "page": address(f"/kwartalen/{edition.period}"),
    }


def _whole(edition: Edition, of: PublicEdition | None) -> dict[str, Any]:
    names = reference(db.session)
    return {
        **_summary(edition, of),
        "sentence": finding(edition)[1],
        "tables": [
            {
                "key": table.key,
                "title": table.title,
                "sentence": table.sentence,
                "says": says(edition, table) or None,
                "columns": [
                    {"key": each.key, "title": each.title, "figure": each.figure or None} for each in table.columns
                ],
                "rows": [
                    {
                        "key": row.key,
                        "words": row.words,
                        "code": code_of(names, table, row),
                        "note": row.note or None,
                        "cells": [
                            {
                                "column": column.key,
                                "value": number_of(cell),
                                "words": in_words(cell),
                                "correction": corrected.should_be
                                if (corrected := edition.correction(table, row, column))
                                else None,
                            }
                            for column, cell in zip(table.columns, row.cells, strict=True)
                        ],
                    }
                    for row in table.rows
                ],
            }
            for table in edition.tables
        ],
        "corrections": edition.corrections,
    }
