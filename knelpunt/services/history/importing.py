"""Brings files of cases in as history: checked line by line, in batches, and as often as one likes.

What each field means stands in ``docs/import.md``, why an outcome becomes a verdict and a result in decision 0006.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from knelpunt.adapters.files import reference as reference_files
from knelpunt.adapters.files.cases import Line
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.history.imports import ImportState
from knelpunt.domain.history.lines import read_case
from knelpunt.domain.history.records import HistoricCase
from knelpunt.domain.redaction.checks import in_words
from knelpunt.domain.shapes import Fault, InvalidData, few, shown
from knelpunt.queries.cases import history
from knelpunt.queries.core import people
from knelpunt.queries.core.reference import reference
from knelpunt.services.cases.redaction import found_among
from knelpunt.services.history import rows as history_rows
from knelpunt.services.history.places import LawFinder, PlaceFinder

IMPORT_LOCK = 2_013_118
"""The advisory lock under which one process at a time imports a batch; held until the transaction ends."""
BATCH_SIZE = 1000
MOST_REMARKS = 1000
"""How many refused lines and remarks are kept in words; all of them are counted."""
LINE_PROBLEM = "De database weigert deze regel."

POINTS_AT_PEOPLE = "De tekst wordt meteen openbaar en wijst naar een persoon."
PUBLIC_FIELDS = {
    "title": "'title'",
    "description": "'description'",
    "answer": "het antwoord",
    "municipality": "'municipality'",
    "rules": "'blocking'",
    "source_title": "'source_title'",
}

Begin = Callable[[], AbstractContextManager[Session]]
"""Opens a transaction that is committed when its block ends well, and rolled back when it does not."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one line, in Dutch. ``key`` is the line's own id, where it could be read."""

    line: int
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file comes in.

    ``set_name`` tells files apart whose lines count from 1 again; the same name and id is the same case. ``publish``
    makes the cases public at once: only for texts in one's own words from public sources.
    """

    set_name: str
    now: datetime
    publish: bool = False
    is_dry_run: bool = False
    run_id: int | None = None
    """The import in the site that a case comes from; its events keep it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one line. ``faults``: the column that is wrong, or nothing, and what is wrong with it."""

    line: int
    state: ImportState
    key: str = ""
    title: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    told: str = ""
    remarks: tuple[str, ...] = ()
    case_id: int | None = None
    draft_key: str | None = None

    @property
    def is_good(self) -> bool:
        return self.state in (ImportState.GOOD, ImportState.ADDED)


def refused(line: Line, key: str, told: str, faults: Sequence[Fault] = ()) -> Outcome:
    """A line that does not come in. Without faults by column the sentence itself is the fault."""
    columns = tuple(_by_column(fault) for fault in few(faults))
    title = line.data.get("title") or line.data.get("titel") if line.data else None
    shown_title = shown(title, 150) if isinstance(title, str) else ""
    return Outcome(line.number, ImportState.REFUSED, key, shown_title, columns or (("", told),), told)


def _by_column(fault: Fault) -> tuple[str, str]:
    """The column as a spreadsheet has it, and what is wrong; within a list with the number of the part."""
    names = [part for part in fault.path if isinstance(part, str)]
    if len(names) == len(fault.path):
        return "_".join(names), fault.text
    return str(fault.path[0]), Fault(fault.path[1:], fault.text).sentence


def key_of(line: Line, name: str) -> str:
    """The own number of a line that may be no text at all, fit to be shown."""
    key = line.data.get(name) if line.data else None
    return shown(key, 80) if isinstance(key, str) else ""


@dataclass(slots=True)
class ImportReport:
    """What an import did; ``refused`` and ``remarks`` hold the first thousand of each."""

    read: int = 0
    added: int = 0
    present: int = 0
    refused_count: int = 0
    refused: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Add what became of some lines."""
        for one in outcomes:
            self.read += 1
            self.added += one.is_good
            self.present += one.state is ImportState.PRESENT
            if one.state is ImportState.REFUSED:
                self.refused_count += 1
                if len(self.refused) < MOST_REMARKS:
                    self.refused.append(Remark(one.line, one.key, one.told))
            room = MOST_REMARKS - len(self.remarks)
            self.remarks += [Remark(one.line, one.key, text) for text in one.remarks[: max(0, room)]]


@dataclass(frozen=True, slots=True)
class _Checked:
    """A line that may come in, with the key under which it is stored."""

    line: Line
    import_key: str
    case: HistoricCase

    def outcome(self, state: ImportState) -> Outcome:
        return Outcome(self.line.number, state, self.case.key, self.case.title)


def import_lines(
    lines: Iterable[Line],
    begin: Begin,
    options: ImportOptions,
    progress: Callable[[ImportReport], None] = lambda report: None,
) -> ImportReport:
    """Import lines in batches of a thousand, each in a transaction of its own; ``progress`` is called after each.

    A line that is not right is refused with a reason; the rest comes in. A line that is there already is left alone.
    """
    report = ImportReport()
    seen: set[str] = set()
    remaining = iter(lines)
    while batch := list(islice(remaining, BATCH_SIZE)):
        report.take(import_batch(batch, begin, options, seen))
        progress(report)
    return report


def import_batch(batch: list[Line], begin: Begin, options: ImportOptions, seen: set[str]) -> list[Outcome]:
    """Import some lines in one transaction, and say what became of each.

    When the database refuses what they hold, each is tried in one of its own.

    Args:
        seen: the keys of this file so far; the keys of these lines are added.
    Raises:
        OperationalError: the database has no time for them now, or is away.
    """
    read = [_read(line, options, seen) for line in batch]
    checked = [one for one in read if isinstance(one, _Checked)]
    try:
        with begin() as session:
            outcomes = _import_together(session, checked, options)
    except (DataError, IntegrityError):
        outcomes = [_import_alone(one, begin, options) for one in checked]
    found = iter(outcomes)
    return [next(found) if isinstance(one, _Checked) else one for one in read]


def _read(line: Line, options: ImportOptions, seen: set[str]) -> _Checked | Outcome:
    """A line that can be read and holds what it must; any other is refused."""
    if line.data is None:
        return refused(line, "", line.problem or "")
    try:
        case = read_case(line.data, nl_day(options.now))
    except InvalidData as error:
        text = str(error)
        return refused(line, key_of(line, "id"), f"{text[:1].upper()}{text[1:]}.", error.faults)
    import_key = f"{options.set_name}/{case.key}"
    if import_key in seen:
        return refused(line, case.key, "Deze 'id' staat twee keer in het bestand.")
    seen.add(import_key)
    return _Checked(line, import_key, case)


def _pointing_at_people(session: Session, lines: list[_Checked]) -> dict[str, str]:
    """Of the lines that would be public at once, those that point at a person: the reason by key."""
    known = people.known_at_the_desk(session)
    refusals = {}
    for line in lines:
        case = line.case
        fields = {
            "title": case.title,
            "description": case.description,
            "answer": case.answer,
            "municipality": case.municipality,
            "rules": "\n".join(rule.article for rule in case.rules if rule.article),
            "source_title": case.source_title,
        }
        if found := found_among(fields, known):
            refusals[line.import_key] = f"{POINTS_AT_PEOPLE} {' '.join(in_words(found, PUBLIC_FIELDS))}"
    return refusals


def _import_alone(line: _Checked, begin: Begin, options: ImportOptions) -> Outcome:
    """One line in a transaction of its own, after the database refused its batch."""
    try:
        with begin() as session:
            return _import_together(session, [line], options)[0]
    except (DataError, IntegrityError):
        return refused(line.line, line.case.key, LINE_PROBLEM)


def _import_together(session: Session, batch: list[_Checked], options: ImportOptions) -> list[Outcome]:
    """Write a batch, and what became of each line."""
    session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
    present = history.imported(session, (line.import_key for line in batch))
    known = reference(session)
    places = PlaceFinder(known, reference_files.municipality_aliases())
    laws = LawFinder(known, history.provisions(session))
    new = [line for line in batch if line.import_key not in present]
    personal = _pointing_at_people(session, new) if options.publish else {}
    rows = {
        line.import_key: history_rows.rows_of(line.import_key, line.case, places, laws, options.now)
        for line in new
        if line.import_key not in personal
    }
    is_seen_first = options.is_dry_run and options.run_id is not None
    alike = history.from_elsewhere(session, {line.case.source_url for line in new}) if is_seen_first else {}
    if not options.is_dry_run:
        history_rows.write(
            session, list(rows.values()), now=options.now, publish=options.publish, run_id=options.run_id
        )  # fmt: skip
    outcomes = []
    for line in batch:
        case, row = line.case, rows.get(line.import_key)
        if line.import_key in personal:
            outcomes.append(refused(line.line, case.key, personal[line.import_key]))
        elif row is None:
            words = history.ImportedCase(case.title, case.description, case.source_url)
            is_other = present[line.import_key] != words
            told = ("Al aanwezig, met andere woorden; die zijn niet overgenomen.",) if is_other else ()
            outcomes.append(replace(line.outcome(ImportState.PRESENT), remarks=told))
        else:
            twin = alike.get((case.title, case.source_url))
            remarks = [*row.remarks, *([f"Lijkt op {twin}: zelfde titel en bron."] if twin else [])]
            state = ImportState.GOOD if options.is_dry_run else ImportState.ADDED
            outcomes.append(replace(line.outcome(state), remarks=tuple(remarks), case_id=row.case.get("id")))
    return outcomes
