"""Bringing files of cases in from the console: transactions, progress, and what is told at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import read_lines
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.extensions import db
from knelpunt.services.history.importing import ImportOptions, ImportReport, import_lines

MOST_SHOWN = 50


@contextmanager
def transaction() -> Iterator[Session]:
    """One session whose work is committed when the block ends well, and undone when it does not."""
    session = db.new_session()
    try:
        with session.begin():
            yield session
    finally:
        session.close()


def import_file(path: Path, options: ImportOptions, say: Callable[[str], None]) -> ImportReport:
    """Import a file and tell how far it is after each batch.

    Raises:
        FileUnreadable: the file as a whole cannot be read.
    """

    def progress(report: ImportReport) -> None:
        say(f"{report.read} lines read, {report.added} new, {report.refused_count} refused")

    return import_lines(read_lines(path), transaction, options, progress)


def import_real_cases(options: ImportOptions) -> ImportReport:
    """Import the cases that ship with the project; their texts are our own, so they may be public."""
    return import_lines(read_lines(REAL_CASES), transaction, options)


def summary(report: ImportReport, *, is_dry_run: bool) -> Iterator[str]:
    """What to tell when an import is done: counts, then the lines that did not come in, then remarks."""
    verb = "would be added" if is_dry_run else "added"
    yield f"{report.read} lines: {report.added} {verb}, {report.present} present, {report.refused_count} refused"
    for heading, remarks, count in (
        ("refused", report.refused, report.refused_count),
        ("remark", report.remarks, len(report.remarks)),
    ):
        for remark in remarks[:MOST_SHOWN]:
            yield f"{heading}, line {remark.line} {remark.key}: {remark.text}"
        if count > MOST_SHOWN:
            yield f"... and {count - MOST_SHOWN} more"
