"""Loads the reference data that ships with the project, as often as one likes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import structs
from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from knelpunt.adapters.files import reference as reference_files
from knelpunt.adapters.files.reference import MunicipalityRecord
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.laws.changes import FoundChange
from knelpunt.domain.mergers import TOOI, MergerStatus
from knelpunt.domain.vocabulary import OrganisationKind
from knelpunt.models import (
    FigureFact,
    LedgerBuild,
    Merger,
    MergerMunicipality,
    Municipality,
    MunicipalityUrbanity,
    Organisation,
    Province,
    TermRule,
)
from knelpunt.models.base import Base
from knelpunt.services.core import small_tables
from knelpunt.services.laws import loading as laws

LOAD_LOCK = 2_013_107
"""The advisory lock that makes a second loader wait; held until the transaction ends."""


@dataclass(slots=True)
class Counts:
    added: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def written(self) -> int:
        return self.added + self.changed

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


@dataclass(slots=True)
class ReferenceReport:
    """What a load did, by kind of row."""

    counts: dict[str, Counts] = field(default_factory=dict)
    law_changes: list[FoundChange] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    """Laws and provisions that the site changed and the file does not have yet."""
    terms_ahead: list[str] = field(default_factory=list)
    """Clocks of which the site changed a term, and the file does not have it yet."""

    @property
    def written(self) -> int:
        return sum(counts.written for counts in self.counts.values())


def load_reference(session: Session) -> ReferenceReport:
    """Bring places, organisations, terms and laws in line with the files; rows that are not in them stay.

    In the caller's transaction. A second loader waits for the first, and then finds nothing to do.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))
    merged = _merged_in_site(session)
    records = [each for each in reference_files.municipalities() if each.valid_to or each.code not in merged]
    report = ReferenceReport()
    report.counts["provincies"] = _load_provinces(session)
    report.counts["gemeenten"] = _load_municipalities(session, records)
    report.counts["stedelijkheid"] = _load_urbanity(session)
    report.counts["organisaties"] = _load_organisations(session, records)
    report.counts["termijnen"], report.terms_ahead = _load_terms(session)
    law_report = laws.load_catalogue(session)
    report.counts["wetten en bepalingen"] = Counts(law_report.added, law_report.changed, law_report.unchanged)
    report.law_changes = law_report.law_changes
    report.ahead = law_report.ahead
    if report.written:
        small_tables.touch(session)
    return report


def _merged_in_site(session: Session) -> frozenset[str]:
    """The codes of municipalities that ended by a merger in the site. A file that still has them as today's is behind,
    and does not bring them back."""
    done = (
        select(Municipality.code)
        .join(MergerMunicipality, MergerMunicipality.municipality_id == Municipality.id)
        .join(Merger, Merger.id == MergerMunicipality.merger_id)
        .where(Merger.status == MergerStatus.DONE)
        .order_by(Municipality.id)
    )
    return frozenset(session.scalars(done))


def _load_provinces(session: Session) -> Counts:
    return _sync(session, Province, ("code",), (structs.asdict(record) for record in reference_files.provinces()))


def _load_municipalities(session: Session, records: list[MunicipalityRecord]) -> Counts:
    """Those of today first: the former ones point at them."""
    province_ids = _ids_by_code(session, Province)
    current = [record for record in records if record.valid_to is None]
    former = [record for record in records if record.valid_to is not None]
    counts = _sync(session, Municipality, ("code",), (_municipality_columns(r, province_ids, {}) for r in current))
    ids = _ids_by_code(session, Municipality)
    return counts + _sync(
        session, Municipality, ("code",), (_municipality_columns(r, province_ids, ids) for r in former)
    )


def _load_urbanity(session: Session) -> Counts:
    """The lists that say how urban municipalities are. A ledger that was made with other lists is made again; until
    then figures are counted from the events."""
    ids = _ids_by_code(session, Municipality)
    rows = (
        {"municipality_id": ids[each.code], "since": each.since, "urbanity": each.urbanity}
        for each in reference_files.urbanity()
    )
    counts = _sync(session, MunicipalityUrbanity, ("municipality_id", "since"), rows)
    if counts.written:
        session.execute(delete(LedgerBuild).where(exists(select(FigureFact.id))))
    return counts


def _municipality_columns(
    record: MunicipalityRecord, province_ids: Mapping[str, int], ids: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "code": record.code,
        "name": record.name,
        "province_id": province_ids[record.province_code],
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "successor_id": ids[record.successor_code] if record.successor_code else None,
        "latitude": record.latitude,
        "longitude": record.longitude,
        "tile_x": record.tile_x,
        "tile_row": record.tile_row,
        "inhabitants": record.inhabitants,
        "source": record.source,
    }


def _load_organisations(session: Session, records: list[MunicipalityRecord]) -> Counts:
    """One for each municipality of today, province and ministry; the row of one that ended gets its last day."""
    municipality_ids = _ids_by_code(session, Municipality)
    province_ids = _ids_by_code(session, Province)
    known = set(session.scalars(select(Organisation.code).order_by(Organisation.id)))
    today = {record.name for record in records if record.valid_to is None}
    rows: list[dict[str, Any]] = [
        {
            "kind": OrganisationKind.MUNICIPALITY,
            # A name may go on with another code; two organisations never share one.
            "name": f"Gemeente {record.name}"
            + (f" (tot {record.valid_to.year + 1})" if record.valid_to and record.name in today else ""),
            "abbreviation": None,
            "code": record.code,
            "tooi_uri": f"{TOOI}/gemeente/{record.code.lower()}",
            "municipality_id": municipality_ids[record.code],
            "province_id": None,
            "valid_from": record.valid_from,
            "valid_to": record.valid_to,
        }
        for record in records
        if record.valid_to is None or record.code in known
    ]
    for province in reference_files.provinces():
        rows.append(
            {
                "kind": OrganisationKind.PROVINCE,
                "name": f"Provincie {province.name}",
                "abbreviation": None,
                "code": province.code,
                "tooi_uri": f"{TOOI}/provincie/{province.code.lower()}",
                "municipality_id": None,
                "province_id": province_ids[province.code],
                "valid_from": None,
                "valid_to": None,
            }
        )
    for ministry in reference_files.ministries():
        rows.append(
            {
                **structs.asdict(ministry),
                "kind": OrganisationKind.MINISTRY,
                "municipality_id": None,
                "province_id": None,
            }
        )
    return _sync(session, Organisation, ("code",), rows)


def terms_ahead_in_words(clocks: Iterable[str]) -> str:
    """What to do about terms that the site has and the file not yet."""
    return (
        f"In de site gewijzigde termijnen, nog niet in terms.yaml: {', '.join(clocks)}. "
        "Die blijven zo. Neem ze over uit /beheer/termijnen."
    )


def _load_terms(session: Session) -> tuple[Counts, list[str]]:
    """Those of a clock that two administrators changed stay as the site has them, until the file says the same."""
    in_file = [
        {
            "clock": term.clock,
            "length": term.length,
            "unit": term.unit,
            "may_be_suspended": term.may_be_suspended,
            "valid_from": term.valid_from,
            "valid_to": term.valid_to,
            "source": term.source,
        }
        for term in reference_files.terms()
    ]
    ahead = _clocks_ahead(session, in_file)
    rows = [row for row in in_file if row["clock"] not in ahead]
    counts = _sync(session, TermRule, ("clock", "valid_from", "length"), rows)
    return counts, [clock.value for clock in Clock if clock in ahead]


def _clocks_ahead(session: Session, in_file: Iterable[Mapping[str, Any]]) -> set[Clock]:
    """The clocks whose terms differ from the file because they were changed in the site; the others lose their mark.

    Where a term comes from may be said in other words.
    """
    names = ("length", "unit", "may_be_suspended", "valid_from", "valid_to")
    wanted: dict[Clock, set[tuple[Any, ...]]] = {}
    for row in in_file:
        wanted.setdefault(row["clock"], set()).add(tuple(row[name] for name in names))
    standing: dict[Clock, list[TermRule]] = {}
    for rule in session.scalars(select(TermRule).order_by(TermRule.id)):
        standing.setdefault(rule.clock, []).append(rule)
    ahead = set()
    for clock, rules in standing.items():
        if not any(rule.is_ahead_of_file for rule in rules):
            continue
        if {tuple(getattr(rule, name) for name in names) for rule in rules} != wanted.get(clock, set()):
            ahead.add(clock)
            continue
        for rule in rules:
            rule.is_ahead_of_file = False
    session.flush()
    return ahead


def _ids_by_code(session: Session, model: type[Province] | type[Municipality]) -> dict[str, int]:
    rows = session.execute(select(model.code, model.id).order_by(model.id))
    return {row.code: row.id for row in rows}


def _sync(session: Session, model: type[Base], key: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> Counts:
    """Insert what is missing and update what differs, comparing only the columns that are given."""
    wanted = list(rows)
    table = model.__table__
    names = list(wanted[0])
    existing = {
        tuple(row[name] for name in key): row
        for row in session.execute(
            select(table.c.id, *(table.c[name] for name in names)).order_by(table.c.id)
        ).mappings()
    }
    counts, new = Counts(), []
    for columns in wanted:
        found = existing.get(tuple(columns[name] for name in key))
        if found is None:
            new.append(columns)
            counts.added += 1
        elif any(found[name] != columns[name] for name in names):
            session.execute(update(model).where(table.c.id == found["id"]).values(**columns))
            counts.changed += 1
        else:
            counts.unchanged += 1
    if new:
        session.execute(insert(model), new)
    return counts
