"""Brings the law catalogue from its file into the database, as often as you like."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from knelpunt.adapters.files.catalogue import CATALOGUE_FILE, read_catalogue_file
from knelpunt.domain.laws.catalogue import Catalogue, LawEntry, ProvisionEntry, assembled, parse
from knelpunt.domain.laws.changes import FoundChange, LawChangeKind, day_of, kind_of
from knelpunt.domain.laws.wordings import Wording
from knelpunt.domain.shapes import Fault, FileRefused, InvalidData
from knelpunt.domain.texts import date_in_words
from knelpunt.models import Law, LawSuccession, Provision, ProvisionSuccession, ProvisionWording

LOAD_LOCK = 2_013_109
"""The advisory lock under which one process loads the catalogue; held until the transaction ends."""

PERIOD_WORDS = {
    "in_force_from": "begin",
    "in_force_to": "einde",
    "valid_from": "begin",
    "valid_to": "einde",
}
Row = TypeVar("Row", Law, Provision)
Entry = TypeVar("Entry", LawEntry, ProvisionEntry)


@dataclass(slots=True)
class LoadReport:
    """What a load did, by key. ``kept`` stand in the database and no longer in the file: cases may refer to them."""

    added_keys: list[str] = field(default_factory=list)
    changed_keys: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    """Changed in the site by two administrators, and not in the file yet: they stay as the site has them."""
    unchanged: int = 0
    successions_changed: int = 0
    law_changes: list[FoundChange] = field(default_factory=list)
    """What changed for cases; empty at the first load, when everything is new."""

    @property
    def added(self) -> int:
        return len(self.added_keys)

    @property
    def changed(self) -> int:
        return len(self.changed_keys)

    @property
    def is_changed(self) -> bool:
        return bool(self.added or self.changed or self.successions_changed)

    @property
    def in_words(self) -> str:
        """One Dutch line for the console."""
        if not self.is_changed:
            line = f"Wettencatalogus: niets gewijzigd ({self.unchanged} wetten en bepalingen)."
        else:
            line = (
                f"Wettencatalogus: {self.added} nieuw, {self.changed} gewijzigd, {self.unchanged} gelijk, "
                f"{self.successions_changed} opvolgingen gewijzigd."
            )
        if self.kept:
            line += f" Niet meer in het bestand, wel bewaard: {', '.join(self.kept)}."
        if self.ahead:
            line += f" {ahead_in_words(self.ahead)}"
        return line


def ahead_in_words(keys: Iterable[str]) -> str:
    """What to do about entries that the site has and the file not yet."""
    return f"In de site gewijzigd, nog niet in het bestand: {', '.join(keys)}; draai knelpunt laws export."


def read_catalogue(path: Path = CATALOGUE_FILE) -> Catalogue:
    """Read and check the catalogue file.

    Raises:
        FileRefused: a file is missing or is no YAML, or something in it is not right; each fault comes with its file
            and line: "wonen.yaml regel 812: provisions.3.valid_to eindigt voordat het begint".
    """
    file = read_catalogue_file(path)
    try:
        return parse(file.data)
    except InvalidData as error:
        raise refusal(path, error, lambda fault: f"{file.place_of(fault.path)}: {fault.where} {fault.text}") from error


def refusal(source: object, error: InvalidData, line: Callable[[Fault], str]) -> FileRefused:
    """A catalogue that may not be loaded: how many faults its source has, and a line for each."""
    count = len(error.faults)
    summary = f"{source}: {count} {'probleem' if count == 1 else 'problemen'} in de wettencatalogus"
    return FileRefused("\n".join([summary, *map(line, error.faults)]))


def load_catalogue(session: Session, catalogue: Catalogue | None = None) -> LoadReport:
    """Make the tables say what the catalogue says, by default the one that ships with the project. Does not commit.

    Rows are found by their key and keep their id, so that cases go on pointing at them; a second load changes
    nothing. A law or provision that vanished from the file stays and is reported. One that was changed in the site
    stays as it is there until the file says the same; from then on the file counts again.
    """
    if catalogue is None:
        catalogue = read_catalogue()
    lock_catalogue(session)
    report = LoadReport()
    catalogue, report.ahead = with_site_edits(session, catalogue)
    return _load(session, catalogue, report)


def apply_catalogue(session: Session, catalogue: Catalogue) -> LoadReport:
    """Make the tables say what a catalogue says that was put together in the site. Does not commit.

    The caller took the lock with ``lock_catalogue`` before it read the tables.
    """
    return _load(session, catalogue, LoadReport())


def lock_catalogue(session: Session) -> None:
    """Let one transaction at a time read the catalogue and change it."""
    session.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))


def _load(session: Session, catalogue: Catalogue, report: LoadReport) -> LoadReport:
    laws = _upsert(session, Law, catalogue.laws, _law_values, report)
    law_ids = {key: row.id for key, row in laws.items()}
    provisions = _upsert(
        session, Provision, catalogue.provisions, lambda place, entry: _provision_values(place, entry, law_ids), report
    )
    set_wordings(session, {provisions[row.key].id: row.wordings for row in catalogue.provisions})
    _set_successions(session, catalogue, {key: row.id for key, row in provisions.items()}, report)
    session.flush()
    return report


def _law_values(place: int, law: LawEntry) -> dict[str, Any]:
    return {
        "position": place,
        "citation_title": law.citation_title,
        "abbreviation": law.abbreviation,
        "bwb_id": law.bwb_id,
        "kind": law.kind.value,
        "domain": law.domain,
        "ministry": law.ministry,
        "in_force_from": law.in_force_from,
        "in_force_to": law.in_force_to,
        "status": law.status,
        "confidence": law.confidence.value,
        "case_keys": list(law.case_keys),
        "search_text": law.search_text,
        "details": dict(law.details),
    }


def _provision_values(place: int, row: ProvisionEntry, law_ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "law_id": law_ids[row.law_key],
        "position": place,
        "article": row.article,
        "instrument": row.instrument,
        "room_type": row.room_type.value,
        "room_order": row.room_type.order,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "start_is_known": row.start_is_known,
        "end_is_known": row.end_is_known,
        "confidence": row.confidence.value,
        "search_text": row.search_text,
        "details": dict(row.details),
    }


def _upsert(
    session: Session,
    table: type[Row],
    entries: Iterable[Entry],
    values_of: Callable[[int, Entry], dict[str, Any]],
    report: LoadReport,
) -> dict[str, Row]:
    rows: dict[str, Row] = {row.key: row for row in session.scalars(select(table).order_by(table.id))}
    vanished = set(rows)
    for place, entry in enumerate(entries):
        values = values_of(place, entry)
        row = rows.get(entry.key)
        if row is None:
            rows[entry.key] = row = table(key=entry.key, **values)
            session.add(row)
            report.added_keys.append(entry.key)
            continue
        vanished.discard(entry.key)
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        before = {name: getattr(row, name) for name in changes}
        if changes and (kind := kind_of(before, changes)) is not None:
            report.law_changes.append(_found(row, kind, before, changes))
        for name, value in changes.items():
            setattr(row, name, value)
        if changes:
            report.changed_keys.append(entry.key)
        else:
            report.unchanged += 1
    report.kept += sorted(vanished)
    session.flush()
    return rows


def _found(
    row: Law | Provision, kind: LawChangeKind, before: Mapping[str, Any], after: Mapping[str, Any]
) -> FoundChange:
    """A change in words that say what stood there and what stands there now."""
    named = [name for name in PERIOD_WORDS if name in after]
    words = "; ".join(_moved(PERIOD_WORDS[name], before[name], after[name]) for name in named)
    what = words or "de inhoud is gewijzigd"
    if isinstance(row, Law):
        return FoundChange(kind, row.id, None, day_of(after), f"{row.citation_title}: {what}.")
    return FoundChange(kind, row.law_id, row.id, day_of(after), f"{row.instrument} ({row.article}): {what}.")


def _moved(word: str, before: date | None, after: date | None) -> str:
    """No day need not mean that it is unknown: of most rules no end was set yet."""
    first = date_in_words(before) if before else "stond er geen dag"
    if after is None:
        return f"bij het {word} staat nu geen dag (eerst {first})"
    return f"het {word} is nu {date_in_words(after)} (eerst {first})"


def set_wordings(session: Session, wanted: Mapping[int, Sequence[Wording]]) -> None:
    """Give provisions, by their id, exactly these wordings; those of other provisions stay."""
    names = Wording.columns()
    known: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    columns = [getattr(ProvisionWording, name) for name in names]
    for provision_id, *values in session.execute(
        select(ProvisionWording.provision_id, *columns).order_by(
            ProvisionWording.provision_id, ProvisionWording.valid_from.nulls_first()
        )
    ):
        known[provision_id].append(tuple(values))
    changed = {
        provision_id: wordings
        for provision_id, wordings in wanted.items()
        if [one.values for one in wordings] != known[provision_id]
    }
    if not changed:
        return
    session.execute(delete(ProvisionWording).where(ProvisionWording.provision_id.in_(changed)))
    session.execute(
        insert(ProvisionWording),
        [
            {"provision_id": provision_id, **dict(zip(names, one.values, strict=True))}
            for provision_id, wordings in changed.items()
            for one in wordings
        ],
    )


def _set_successions(
    session: Session, catalogue: Catalogue, provision_ids: Mapping[str, int], report: LoadReport
) -> None:
    laws = {(law.key, follower) for law in catalogue.laws for follower in law.successors}
    laws |= {(leader, law.key) for law in catalogue.laws for leader in law.predecessors}
    provisions = {
        (provision_ids[row.key], provision_ids[follower])
        for row in catalogue.provisions
        for follower in row.replaced_by
    }
    known_laws = {
        (link.predecessor_key, link.successor_key)
        for link in session.execute(select(LawSuccession.predecessor_key, LawSuccession.successor_key))
    }
    known_provisions = {
        (link.predecessor_id, link.successor_id)
        for link in session.execute(select(ProvisionSuccession.predecessor_id, ProvisionSuccession.successor_id))
    }
    if report.unchanged or report.changed_keys:  # not at the first load, when every link is new
        report.law_changes += _new_successors(session, provisions - known_provisions)
    for before, after in known_laws - laws:
        session.execute(
            delete(LawSuccession).where(LawSuccession.predecessor_key == before, LawSuccession.successor_key == after)
        )
    for first, second in known_provisions - provisions:
        session.execute(
            delete(ProvisionSuccession).where(
                ProvisionSuccession.predecessor_id == first, ProvisionSuccession.successor_id == second
            )
        )
    if new_laws := sorted(laws - known_laws):
        session.execute(
            insert(LawSuccession), [{"predecessor_key": before, "successor_key": after} for before, after in new_laws]
        )
    if new_provisions := sorted(provisions - known_provisions):
        session.execute(
            insert(ProvisionSuccession),
            [{"predecessor_id": first, "successor_id": second} for first, second in new_provisions],
        )
    report.successions_changed += len(laws ^ known_laws) + len(provisions ^ known_provisions)


def _new_successors(session: Session, pairs: Collection[tuple[int, int]]) -> Iterable[FoundChange]:
    """Provisions that were there before and now have a successor."""
    for first, second in sorted(pairs):
        old, new = session.get_one(Provision, first), session.get_one(Provision, second)
        summary = f"{old.instrument} ({old.article}) heeft een opvolger: {new.instrument} ({new.article})."
        yield FoundChange(LawChangeKind.SUCCESSOR, old.law_id, old.id, new.valid_from, summary)


def with_site_edits(session: Session, catalogue: Catalogue) -> tuple[Catalogue, list[str]]:
    """The catalogue of the file with the entries of the site where those are ahead of it, and their keys.

    An entry that the file now has as the site has it is an ordinary one again.
    """
    ahead_laws = _ahead(session, Law, {law.key: law.details for law in catalogue.laws})
    ahead_provisions = _ahead(session, Provision, {row.key: row.details for row in catalogue.provisions})
    if not ahead_laws and not ahead_provisions:
        return catalogue, []
    own = assembled(ahead_laws.values(), ahead_provisions.values(), catalogue.reference_date)
    merged = replace(
        catalogue,
        laws=_merged_laws(catalogue.laws, own.laws),
        provisions=_merged_provisions(catalogue.provisions, own.provisions),
    )
    return merged, [*ahead_laws, *ahead_provisions]


def _ahead(session: Session, table: type[Law] | type[Provision], in_file: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields of the entries that differ from the file, by key; the others lose their mark."""
    found = {}
    rows: Iterable[Law | Provision] = session.scalars(
        select(table).where(table.is_ahead_of_file).order_by(table.position, table.id)
    )
    for row in rows:
        if in_file.get(row.key) == row.details:
            row.is_ahead_of_file = False
        else:
            found[row.key] = row.details
    return found


def _merged_laws(in_file: tuple[LawEntry, ...], own: tuple[LawEntry, ...]) -> tuple[LawEntry, ...]:
    of_site = {law.key: law for law in own}
    known = {law.key for law in in_file}
    return (*(of_site.get(law.key, law) for law in in_file), *(law for law in own if law.key not in known))


def _merged_provisions(
    in_file: tuple[ProvisionEntry, ...], own: tuple[ProvisionEntry, ...]
) -> tuple[ProvisionEntry, ...]:
    of_site = {row.key: row for row in own}
    known = {row.key for row in in_file}
    return (*(of_site.get(row.key, row) for row in in_file), *(row for row in own if row.key not in known))
