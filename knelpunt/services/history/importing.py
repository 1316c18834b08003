"""Brings files of cases in as history: checked line by line, in batches, and as often as one likes.

What each field means stands in ``docs/import.md``, why an outcome becomes a verdict and a result in decision 0006.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from knelpunt.adapters.files import reference as reference_files
from knelpunt.adapters.files.cases import Line
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.history.lines import read_case
from knelpunt.domain.history.records import HistoricCase
from knelpunt.domain.redaction.checks import in_words, look_through
from knelpunt.domain.shapes import InvalidData, shown
from knelpunt.queries.cases import history
from knelpunt.queries.core import people
from knelpunt.queries.core.reference import reference
from knelpunt.services.history import rows as history_rows
from knelpunt.services.history.places import LawFinder, PlaceFinder

IMPORT_LOCK = 2_013_118
"""The advisory lock under which one process at a time imports a batch; held until the transaction ends."""
BATCH_SIZE = 1000
MOST_REMARKS = 1000
"""How many refused lines and remarks are kept in words; all of them are counted."""
LINE_PROBLEM = "De database weigert deze regel."

POINTS_AT_PEOPLE = "De tekst wordt meteen openbaar en wijst naar een persoon."
PUBLIC_FIELDS = {"title": "'title'", "description": "'description'", "answer": "het antwoord"}

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


@dataclass(slots=True)
class ImportReport:
    """What an import did; ``refused`` and ``remarks`` hold the first thousand of each."""

    read: int = 0
    added: int = 0
    present: int = 0
    refused_count: int = 0
    refused: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def refuse(self, line: int, key: str, text: str) -> None:
        self.refused_count += 1
        if len(self.refused) < MOST_REMARKS:
            self.refused.append(Remark(line, key, text))

    def remark(self, line: int, key: str, text: str) -> None:
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append(Remark(line, key, text))


@dataclass(frozen=True, slots=True)
class _Checked:
    """A line that may come in, with the key under which it is stored."""

    number: int
    import_key: str
    case: HistoricCase


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
        checked = list(_checked(batch, options, seen, report))
        try:
            with begin() as session:
                _import_batch(session, checked, options, report)
        except DBAPIError:
            for line in checked:
                _import_alone(line, begin, options, report)
        progress(report)
    return report


def _checked(batch: list[Line], options: ImportOptions, seen: set[str], report: ImportReport) -> Iterator[_Checked]:
    """The lines that can be read and hold what they must; the others are refused."""
    today = nl_day(options.now)
    for line in batch:
        report.read += 1
        if line.data is None:
            report.refuse(line.number, "", line.problem or "")
            continue
        try:
            case = read_case(line.data, today)
        except InvalidData as error:
            key = line.data.get("id")
            text = str(error)
            report.refuse(line.number, shown(key, 80) if isinstance(key, str) else "", f"{text[:1].upper()}{text[1:]}.")
            continue
        import_key = f"{options.set_name}/{case.key}"
        if import_key in seen:
            report.refuse(line.number, case.key, "Deze 'id' staat twee keer in het bestand.")
            continue
        seen.add(import_key)
        yield _Checked(line.number, import_key, case)


def _pointing_at_people(session: Session, lines: list[_Checked]) -> dict[int, tuple[str, str]]:
    """Of the lines that would be public at once, those that point at a person: key and reason by number."""
    known = people.known_at_the_desk(session)
    refused = {}
    for line in lines:
        case = line.case
        fields = {"title": case.title, "description": case.description, "answer": case.answer}
        if found := look_through(fields, known):
            told = " ".join(in_words(found, PUBLIC_FIELDS))
            refused[line.number] = (case.key, f"{POINTS_AT_PEOPLE} {told}")
    return refused


def _import_alone(line: _Checked, begin: Begin, options: ImportOptions, report: ImportReport) -> None:
    """One line in a transaction of its own, after the database refused its batch."""
    try:
        with begin() as session:
            _import_batch(session, [line], options, report)
    except DBAPIError:
        report.refuse(line.number, line.case.key, LINE_PROBLEM)


def _import_batch(session: Session, batch: list[_Checked], options: ImportOptions, report: ImportReport) -> None:
    """Write a batch; the report changes only once everything is in."""
    session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
    present = history.imported(session, (line.import_key for line in batch))
    known = reference(session)
    places = PlaceFinder(known, reference_files.municipality_aliases())
    laws = LawFinder(known, history.provisions(session))
    new = [line for line in batch if line.import_key not in present]
    personal = _pointing_at_people(session, new) if options.publish else {}
    new = [line for line in new if line.number not in personal]
    rows = [history_rows.rows_of(line.import_key, line.case, places, laws, options.now) for line in new]
    if not options.is_dry_run:
        history_rows.write(session, rows, now=options.now, publish=options.publish)
    report.added += len(new)
    report.present += len(batch) - len(new) - len(personal)
    for number, (key, told) in personal.items():
        report.refuse(number, key, told)
    for line, row in zip(new, rows, strict=True):
        for text in row.remarks:
            report.remark(line.number, line.case.key, text)
    for line in batch:
        there = present.get(line.import_key)
        if there is not None and there != history.ImportedCase(
            line.case.title, line.case.description, line.case.source_url
        ):
            report.remark(line.number, line.case.key, "Al aanwezig, met andere woorden; die zijn niet overgenomen.")
