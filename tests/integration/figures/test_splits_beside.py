"""The public page of one split: beside a quarter stands what the others told, with their corrections."""

import json
from dataclasses import replace

import pytest

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError
from knelpunt.domain.figures.edition import NOW, TOTALS, Cell, Column, Edition, Row, Table, edition_of, text_of
from knelpunt.domain.figures.sealing import canonical, digest
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.models import QuarterEdition, QuarterErratum, QuarterSeal
from knelpunt.queries.figures.ledger import content_of
from knelpunt.services.figures import sealing
from knelpunt.web.reporting.public import making, pages
from knelpunt.web.reporting.public.making import written
from tests.integration.figures.conftest import QUARTER, WHY
from tests.support.page import parse_page

BASE = f"/kwartalen/{QUARTER}"
PAGE = f"{BASE}/per/thema"
EARLIER = Quarter(2025, 1)


@pytest.fixture
def edition(session, busy, make, quarter_author) -> Edition:
    """The quarter as sealed, kept with a few large numbers by theme."""
    sealing.ask(busy.context(quarter_author), QUARTER, WHY)
    sealing.agree(busy.context(make.head_of_desk(organisation=busy.ministry)), QUARTER)
    session.flush()
    made = edition_of(json.loads(written(session, QUARTER)))
    theme = made.table("thema")
    columns = columns_of(theme)
    few = (Mark.FEW,) * (len(columns) - 1)
    rows = (Row("wonen", "Wonen", (8,) * len(columns)), Row("energie", "Energie", (5, *few)))
    own = replace(theme, columns=columns, rows=rows)
    made = replace(made, tables=tuple(own if each.key == "thema" else each for each in made.tables))
    text = text_of(made)
    make.add(QuarterEdition(quarter=QUARTER.first_day, content=text, sha256=digest(text), made_at=busy.now))
    session.commit()
    return made


@pytest.fixture
def own(edition) -> Table:
    return edition.table("thema")


@pytest.fixture
def a_year_ago(session, busy, make, edition, own):
    """Keeps an edition of the same quarter a year earlier with these lines by theme, or seals it without one."""

    def keep(rows: tuple[Row, ...] | None = (), *, version: int | None = None, total: int = 40) -> None:
        content = content_of(session, EARLIER)
        text = canonical(content | ({"regels": version} if version else {}))
        head = make.head_of_desk(organisation=busy.ministry)
        make.add(
            QuarterSeal(
                quarter=EARLIER.first_day, content=text, sha256=digest(text), event_number=0, event_hash="0" * 64,
                asked_by_id=head.id, sealed_by_id=head.id, sealed_at=busy.now,
            )
        )  # fmt: skip
        if rows is not None:
            totals = edition.table(TOTALS)
            whole = replace(totals, rows=(Row(NOW, "Dit kwartaal", (total,) * len(totals.columns)),))
            split = replace(own, columns=columns_of(own), rows=rows)
            tables = (whole, split) if rows else (whole,)
            then = replace(
                edition,
                period=str(EARLIER),
                tables=tables,
                first=EARLIER.first_day,
                until=EARLIER.last_day,
                corrections=(),
            )
            kept = text_of(then)
            make.add(QuarterEdition(quarter=EARLIER.first_day, content=kept, sha256=digest(kept), made_at=busy.now))
        session.commit()

    return keep


@pytest.fixture
def correct(session, busy, make, quarter_author):
    def made(quarter: Quarter, place: str, *, sealed_as: str, should_be: str) -> None:
        make.add(
            QuarterErratum(
                quarter=quarter.first_day, number=1, place=place, sealed_as=sealed_as, should_be=should_be,
                reason="Verkeerd geteld.", made_by_id=quarter_author.id, made_at=busy.now,
            )
        )  # fmt: skip
        session.commit()

    return made


def columns_of(table: Table) -> tuple[Column, ...]:
    return tuple(column for column in table.columns if not column.is_before)


def of(own: Table, *numbers: Cell) -> tuple[Cell, ...]:
    """As many cells as the figures of a split, the last again and again."""
    return tuple(numbers[min(place, len(numbers) - 1)] for place in range(len(columns_of(own))))


def told_on(client, address: str = PAGE) -> dict[str, list[str]]:
    _head, *rows = parse_page(client.get(address)).one("table").rows()
    return {row[0]: row[1:] for row in rows}


def test_it_tells_what_the_edition_of_a_year_earlier_told_and_which_sides_are_gone(client, own, a_year_ago):
    first = own.rows[0]
    gone = Row("zorg-x", "Zorg van toen", of(own, 30))
    a_year_ago((replace(first, cells=of(own, Mark.FEW, Mark.KEPT_BACK)), gone))

    told = told_on(client)

    assert "minder dan 5" in told[first.words]
    assert told["Zorg van toen"][:2] == ["0", "30"]
    assert PAGE in {each.href for each in parse_page(client.get(BASE)).all("link")}
    for address in (f"{BASE}/per/niets", "/kwartalen/2025-2/per/thema", "/kwartalen/2026/per/thema"):
        assert client.get(address).status_code == 404, address


def test_a_corrected_figure_of_a_year_earlier_stands_corrected(client, own, a_year_ago, correct):
    first, column = own.rows[0], columns_of(own)[0]
    a_year_ago((replace(first, cells=of(own, 70)),))
    correct(EARLIER, f"thema; {first.key}; {column.key}", sealed_as="70", should_be="17")

    assert f'<a href="/kwartalen/{EARLIER}#correctie-1">moet zijn 17</a>' in client.get(PAGE).text
    assert 'id="correctie-1"' in client.get(f"/kwartalen/{EARLIER}").text


def test_a_correction_of_its_own_leads_to_where_its_reason_stands(client, own, correct):
    column = columns_of(own)[0]
    row = next(each for each in own.rows if not isinstance(own.cell(each.key, column.key), Mark))
    sealed_as = str(own.cell(row.key, column.key))
    correct(QUARTER, f"thema; {row.key}; {column.key}", sealed_as=sealed_as, should_be="88")

    assert f'<a href="{BASE}#correctie-1">moet zijn 88</a>' in client.get(PAGE).text
    page = client.get(BASE).text
    assert '<a href="#correctie-1">moet zijn 88</a>' in page
    assert 'id="correctie-1"' in page


def test_a_year_earlier_of_which_no_edition_was_kept_is_not_weighed(client, a_year_ago, monkeypatch):
    """It may be one that cannot be public, which is no fault of the quarter that is asked for."""
    a_year_ago(None)
    weighed = []

    def cannot(_session, quarter):
        weighed.append(quarter)
        raise DomainError("Uit dit kwartaal is een klein getal af te leiden.")

    monkeypatch.setattr(making, "new_edition", cannot)
    answer = client.get(PAGE)

    assert answer.status_code == 200
    assert "een jaar eerder is deze uitsplitsing niet openbaar" in answer.text
    assert not weighed


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"total": 0}, "Een jaar eerder waren hier geen zaken."),
        ({"version": 1}, "Een jaar eerder telden wij dit nog niet."),
        ({}, "een jaar eerder is deze uitsplitsing niet openbaar"),
    ],
)
def test_it_says_why_a_year_earlier_is_not_told(client, a_year_ago, monkeypatch, given, words):
    monkeypatch.setattr(pages, "unknown_to", lambda version: {"thema"} if version == 1 else set())
    a_year_ago((), **given)
    assert words in client.get(PAGE).text


def test_a_quarter_without_cases_of_a_split_is_not_called_withheld(client, edition, own, a_year_ago):
    a_year_ago((), total=0)

    answer = client.get(f"/kwartalen/{EARLIER}/per/thema").text

    assert "In dit kwartaal waren hier geen zaken." in answer
    assert "niet openbaar" not in answer
