"""Reads the reference data that ships with the project: places, ministries and terms."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from knelpunt.domain.calendar.clocks import Term

DATA_DIR = Path(__file__).resolve().parents[2] / "data"
GEOGRAPHY = DATA_DIR / "geography"
REAL_CASES = DATA_DIR / "real-cases.jsonl"


@dataclass(frozen=True, slots=True)
class ProvinceRecord:
    code: str
    name: str
    iso_code: str


@dataclass(frozen=True, slots=True)
class MunicipalityRecord:
    """One municipality of now or then. Days are the first and last on which it existed; None: not known, or still."""

    code: str
    name: str
    province_code: str
    valid_from: date | None
    valid_to: date | None
    successor_code: str | None
    latitude: float | None
    longitude: float | None
    tile_x: int | None
    tile_row: int | None
    source: str | None


@dataclass(frozen=True, slots=True)
class MinistryRecord:
    code: str
    name: str
    abbreviation: str
    tooi_uri: str | None
    valid_from: date | None
    valid_to: date | None


def provinces() -> list[ProvinceRecord]:
    """The twelve provinces."""
    return [ProvinceRecord(row["code"], row["name"], row["iso_code"]) for row in _rows(GEOGRAPHY / "provinces.csv")]


def municipalities() -> list[MunicipalityRecord]:
    """The municipalities of today, then the former ones."""
    tiles = {row["code"]: (int(row["x"]), int(row["row"])) for row in _rows(GEOGRAPHY / "municipality_tiles.csv")}
    records = []
    for row in _rows(GEOGRAPHY / "municipalities.csv"):
        x, tile_row = tiles[row["code"]]
        records.append(
            MunicipalityRecord(
                code=row["code"],
                name=row["name"],
                province_code=row["province_code"],
                valid_from=_day(row["valid_from"]),
                valid_to=None,
                successor_code=None,
                latitude=float(row["lat"]),
                longitude=float(row["lon"]),
                tile_x=x,
                tile_row=tile_row,
                source=None,
            )
        )
    for row in _rows(GEOGRAPHY / "former_municipalities.csv"):
        records.append(
            MunicipalityRecord(
                code=row["code"],
                name=row["name"],
                province_code=row["province_code"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
                successor_code=row["successor_code"] or None,
                latitude=None,
                longitude=None,
                tile_x=None,
                tile_row=None,
                source=row["source"],
            )
        )
    return records


def municipality_aliases() -> dict[str, str]:
    """Everyday and older spellings, and the code of the municipality that is meant."""
    return {row["alias"]: row["code"] for row in _rows(GEOGRAPHY / "municipality_aliases.csv")}


def ministries() -> list[MinistryRecord]:
    """The ministries of today and those that ended."""
    return [
        MinistryRecord(
            code=row["code"],
            name=row["name"],
            abbreviation=row["abbreviation"],
            tooi_uri=row["tooi_uri"] or None,
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
        )
        for row in _rows(DATA_DIR / "organisations" / "ministries.csv")
    ]


def terms() -> list[Term]:
    """The terms of the clocks. Raises ValueError for an entry that makes no sense."""
    with (DATA_DIR / "terms.yaml").open(encoding="utf-8") as file:
        return [Term.from_record(record) for record in yaml.safe_load(file)]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
