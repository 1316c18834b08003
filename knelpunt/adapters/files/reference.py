"""Reads the reference data that ships with the project: places, ministries and terms."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from knelpunt.adapters.files.yaml_file import read_yaml
from knelpunt.domain.calendar.clocks import Term, TermFields
from knelpunt.domain.figures.urbanity import Urbanity

Row = TypeVar("Row")
DATA_DIR = Path(__file__).resolve().parents[2] / "data"
GEOGRAPHY = DATA_DIR / "geography"
REAL_CASES = DATA_DIR / "real-cases.jsonl"


class ProvinceRecord(Struct, frozen=True):
    code: str
    name: str
    iso_code: str


class MunicipalityRecord(
    Struct, frozen=True, rename={"latitude": "lat", "longitude": "lon", "tile_x": "x", "tile_row": "row"}
):
    """One municipality of now or then. Days are the first and last on which it existed; None: not known, or still."""

    code: str
    name: str
    province_code: str
    valid_from: date | None
    valid_to: date | None = None
    successor_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    tile_x: int | None = None
    tile_row: int | None = None
    inhabitants: int | None = None
    source: str | None = None


class UrbanityRecord(Struct, frozen=True):
    """How urban a municipality is, by a list that begins on a day."""

    code: str
    since: date
    urbanity: Urbanity


class MinistryRecord(Struct, frozen=True):
    code: str
    name: str
    abbreviation: str
    tooi_uri: str | None
    valid_from: date | None
    valid_to: date | None


def provinces() -> list[ProvinceRecord]:
    """The twelve provinces."""
    return [_record(row, ProvinceRecord) for row in _rows(GEOGRAPHY / "provinces.csv")]


def municipalities() -> list[MunicipalityRecord]:
    """The municipalities of today, each with its tile and inhabitants, then the former ones."""
    tiles, sizes = (
        {row["code"]: row for row in _rows(GEOGRAPHY / f"municipality_{name}.csv")} for name in ("tiles", "sizes")
    )
    current = [{**row, **tiles[row["code"]], **sizes[row["code"]]} for row in _rows(GEOGRAPHY / "municipalities.csv")]
    former = _rows(GEOGRAPHY / "former_municipalities.csv")
    return [_record(row, MunicipalityRecord) for row in (*current, *former)]


def municipality_aliases() -> dict[str, str]:
    """Everyday and older spellings, and the code of the municipality that is meant."""
    return {row["alias"]: row["code"] for row in _rows(GEOGRAPHY / "municipality_aliases.csv")}


def urbanity() -> list[UrbanityRecord]:
    """How urban municipalities are, by each list there is."""
    return [_record(row, UrbanityRecord) for row in _rows(GEOGRAPHY / "municipality_urbanity.csv")]


def ministries() -> list[MinistryRecord]:
    """The ministries of today and those that ended."""
    return [_record(row, MinistryRecord) for row in _rows(DATA_DIR / "organisations" / "ministries.csv")]


def terms(path: Path = DATA_DIR / "terms.yaml") -> list[Term]:
    """The terms of the clocks. Raises FileRefused."""
    return [fields.term for fields in read_yaml(path).shaped(list[TermFields])]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _record(row: dict[str, str], kind: type[Row]) -> Row:
    """A row with its texts as the numbers and days that they are; an empty cell is nothing."""
    return msgspec.convert({name: text or None for name, text in row.items()}, kind, strict=False)
