"""What an edition says of its figures."""

from dataclasses import replace
from datetime import date

import pytest

from knelpunt.domain.figures import places
from knelpunt.domain.figures.definitions import Dimension
from knelpunt.domain.figures.edition import (
    AFTER,
    CLOCKS,
    DURATIONS,
    NOW,
    PRESSING,
    TOTALS,
    VERDICT,
    Adds,
    Column,
    Edition,
    Row,
    Table,
    annual,
    says,
)
from knelpunt.domain.figures.ledger import Effect
from knelpunt.domain.figures.small_numbers import Mark

URBANITY = Dimension.URBANITY.value
FIGURES = (Column("ontvangen", "Ontvangen"), Column("afgehandeld", "Afgehandeld"))
SHARES = tuple(Column(key, key) for key in ("keren", "p10", "p25", "p50"))


def quarter(period: str, received: int, *urban: Row, handled: int = 0) -> Edition:
    totals = Table(TOTALS, "Totaal", "", "Periode", FIGURES, (Row(NOW, "Dit kwartaal", (received, handled)),))
    split = Table(URBANITY, "Per stedelijkheid", "", "Stedelijkheid", FIGURES, urban, URBANITY)
    return Edition(period, period, date(2026, 1, 1), date(2026, 3, 31), (totals, split) if urban else (totals,))


def test_a_year_is_split_only_by_what_each_of_its_quarters_with_cases_is_split_by() -> None:
    """A split that came in the course of a year, or that was not told once, adds up to no year."""
    third, fourth = (quarter(f"2026-{each}", 9, Row("2", "Sterk", (7, 0)), Row("1", "Zeer", (2, 0))) for each in (3, 4))
    none = quarter("2026-1", 0)
    whole = annual(2026, [none, none, third, fourth]).table(URBANITY)
    assert whole is not None
    assert [(row.key, row.cells[0]) for row in whole.rows] == [("1", 4), ("2", 14)], "in the order of the classes"
    assert annual(2026, [none, quarter("2026-2", 3, handled=2), third, fourth]).table(URBANITY) is None
    of_one_figure = annual(2026, [none, quarter("2026-2", 0, handled=6), third, fourth]).table(URBANITY)
    assert of_one_figure is not None
    assert [column.key for column in of_one_figure.columns] == ["ontvangen"]


def test_a_year_tells_how_it_ended_and_not_how_it_once_stood() -> None:
    """A table of which the last quarter has none stood there with nothing but zeros."""
    columns = (Column("zaken", "Zaken", Adds.LAST),)
    pressing = Table(PRESSING, "Meest knellende regels", "", "Regel", columns, (Row("1", "Een regel", (6,)),))
    third, fourth = (quarter(f"2026-{each}", 9) for each in (3, 4))
    with_rules = replace(third, tables=(*third.tables, pressing))

    assert annual(2026, [third, third, with_rules, fourth]).table(PRESSING) is None
    told = annual(2026, [third, third, third, replace(with_rules, period="2026-4")]).table(PRESSING)
    assert told is not None
    assert told.cell("1", "zaken") == 6


def test_of_a_split_without_numbers_some_sides_are_named() -> None:
    for count, end in ((5, "Kant 3, Kant 4."), (6, "Kant 4, Kant 5."), (9, "Kant 3, Kant 4, en nog 4 andere.")):
        rows = tuple(Row(str(each), f"Kant {each}", (Mark.FEW,)) for each in range(count))
        assert said("thema", FIGURES[:1], *rows, dimension="thema").endswith(end)


def said(key: str, columns: tuple[Column, ...], *rows: Row, dimension: str = "") -> str:
    table = Table(key, "Tabel", "", "Wat", columns, rows, dimension)
    return says(Edition("2026-1", "Kwartaal", date(2026, 1, 1), date(2026, 3, 31), (table,)), table)


@pytest.mark.parametrize(("days", "words"), [(1, "1 dag"), (1.0, "1 dag"), (2.5, "2,5 dagen")])
def test_one_day_is_no_days(days: float, words: str) -> None:
    duration = (Column("zaken", "Zaken"), Column("mediaan", "Mediaan"))
    told = f"De helft van de zaken was klaar in {words} of minder."
    assert said(DURATIONS, duration, Row("bruto", "Bruto", (9, days))) == told
    assert said(CLOCKS, SHARES, Row("K1", "Reactie", (9, 0, 0, days))) == f"Reactie: de helft in {words} of minder."


def test_one_case_is_no_cases() -> None:
    rows = (Row("V1", "Kan", (1,)), Row("V5", "Kan niet", (6,)))
    told = said(VERDICT, (Column("afgehandeld", "Afgehandeld"),), *rows, dimension=VERDICT)
    assert told == "Ruimte in de regels: 1 zaak. Een regel in de weg: 6 zaken."


def test_a_year_leaves_out_what_one_of_its_quarters_did_not_count_yet() -> None:
    """Of what happened after closings no row is none; of what second looks changed it is not known."""
    columns, asked, known = (Column("aantal", "Dit kwartaal"),), places.SECOND_LOOK_ASKED, places.effect(Effect.VERDICT)
    rows = (Row(asked, "Gevraagd", (2,)), Row(known, "Alleen het oordeel", (1,)))
    whole = Table(AFTER, "Na het afsluiten", "", "Wat er gebeurde", columns, rows)
    knows = replace(quarter("2026-4", 9), tables=(*quarter("2026-4", 9).tables, whole))
    older = replace(knows, tables=(*quarter("2026-3", 9).tables, replace(whole, rows=rows[:1])))
    unknown = quarter("2026-2", 9)
    quiet = replace(unknown, period="2027-1", until=date(2027, 3, 31))

    told = annual(2027, [quiet, quiet, knows, knows]).table(AFTER)
    assert told is not None
    assert (told.cell(asked, "aantal"), told.cell(known, "aantal")) == (4, 2)
    for others in ([quiet, quiet, older], [unknown, quiet, knows]):
        in_part = annual(2026, [*others, knows]).table(AFTER)
        assert in_part is not None
        assert [row.key for row in in_part.rows] == [asked], "also where nothing happened before it was counted"
