"""The reference data that ships with the project is whole and fits together."""

import csv
import json

import pytest

from knelpunt.adapters.files import reference as reference_files
from knelpunt.adapters.files.reference import DATA_DIR, GEOGRAPHY, REAL_CASES


def test_there_are_twelve_provinces_and_342_municipalities() -> None:
    current = [record for record in reference_files.municipalities() if record.valid_to is None]
    assert len(reference_files.provinces()) == 12
    assert len(current) == 342
    assert {record.province_code for record in current} == {record.code for record in reference_files.provinces()}


def test_every_municipality_of_today_has_its_own_tile() -> None:
    tiles = [(r.tile_x, r.tile_row) for r in reference_files.municipalities() if r.valid_to is None]
    assert len(set(tiles)) == 342


def test_codes_are_unique_over_now_and_then() -> None:
    codes = [record.code for record in reference_files.municipalities()]
    assert len(codes) == len(set(codes))


def test_a_former_municipality_ended_on_the_day_before_its_successor_began() -> None:
    by_code = {record.code: record for record in reference_files.municipalities()}
    former = [record for record in by_code.values() if record.valid_to is not None]
    assert len(former) == 115
    for record in former:
        assert record.source
        assert record.valid_to is not None
        assert (record.valid_to.month, record.valid_to.day) == (12, 31)
        if record.successor_code:
            successor = by_code[record.successor_code]
            assert successor.valid_to is None
            if successor.valid_from:
                assert successor.valid_from.toordinal() <= record.valid_to.toordinal() + 1


@pytest.mark.parametrize(
    ("name", "last_day", "successor"),
    [
        ("Veghel", "2016-12-31", "Meierijstad"),
        ("Cromstrijen", "2018-12-31", "Hoeksche Waard"),
        ("Haaren", "2020-12-31", None),
    ],
)
def test_municipalities_of_real_cases_lead_to_those_of_today(name: str, last_day: str, successor: str | None) -> None:
    by_code = {record.code: record for record in reference_files.municipalities()}
    (record,) = [record for record in by_code.values() if record.name == name]
    assert str(record.valid_to) == last_day
    assert (by_code[record.successor_code].name if record.successor_code else None) == successor


def test_aliases_point_at_municipalities() -> None:
    codes = {record.code for record in reference_files.municipalities()}
    assert set(reference_files.municipality_aliases().values()) <= codes


def test_there_are_twelve_ministries_today() -> None:
    ministries = reference_files.ministries()
    assert len([ministry for ministry in ministries if ministry.valid_to is None]) == 12
    assert len({ministry.tooi_uri for ministry in ministries}) == len(ministries)
    assert all(
        ministry.tooi_uri == f"https://identifier.overheid.nl/tooi/id/ministerie/{ministry.code}"
        for ministry in ministries
    )


def test_every_clock_of_the_desk_has_a_term() -> None:
    assert {term.clock.value for term in reference_files.terms()} >= {
        "K0",
        "K1",
        "K2",
        "K4",
        "K5",
        "K6",
        "aanvulling",
        "inzage",
    }


@pytest.mark.parametrize(
    "path",
    sorted(GEOGRAPHY.glob("*.csv")) + sorted((DATA_DIR / "organisations").glob("*.csv")),
    ids=lambda path: path.name,
)
def test_every_row_has_as_many_fields_as_the_heading(path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {len(rows[0])}


def test_the_real_cases_are_114_with_their_sources() -> None:
    cases = [json.loads(line) for line in REAL_CASES.read_text(encoding="utf-8").splitlines()]
    assert len(cases) == 114
    assert all(case["source"]["url"].startswith(("http://", "https://")) for case in cases)
