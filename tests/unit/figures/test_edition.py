"""What an edition says of its figures."""

from datetime import date

import pytest

from knelpunt.domain.figures.edition import CLOCKS, DURATIONS, VERDICT, Column, Edition, Row, Table, says

SHARES = tuple(Column(key, key) for key in ("keren", "p10", "p25", "p50"))


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
