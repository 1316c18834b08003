"""Bringing files of cases in from the console: transactions, progress, and what is told at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import read_lines
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.domain.identity.clients import DEMO_CLIENT, DEMO_SECRET
from knelpunt.domain.links import Links
from knelpunt.extensions import db
from knelpunt.services.demo.loading import DEMO_ACCOUNTS, DEMO_PASSWORD, load_demo
from knelpunt.services.demo.quarters import Readings, seal_quarters
from knelpunt.services.history.importing import ImportOptions, ImportReport, import_lines
from knelpunt.web.reporting.public.making import written
from knelpunt.web.reporting.writing.written import written_of

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
        FileRefused: the file as a whole cannot be read.
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


def fill_demo(links: Links, sealer: Sealer, now: datetime) -> tuple[int, int]:
    """Bring in the real cases and make the demo accounts and cases; how many of each were new."""
    report = import_real_cases(ImportOptions("real-cases", now, publish=True))
    with transaction() as session:
        made = load_demo(session, links, now, sealer)
    with transaction() as session:
        readings = Readings(
            write=lambda quarter: written(session, quarter), place=lambda quarter: written_of(session, quarter).placed
        )
        seal_quarters(session, links, now, readings)
    return report.added, made


def demo_accounts() -> Iterator[str]:
    """The demo accounts and their password, a line each, and where the mails of the demonstration are."""
    width = max(len(account.email) for account in DEMO_ACCOUNTS)
    yield f"Demo accounts, all with the password: {DEMO_PASSWORD}"
    for account in DEMO_ACCOUNTS:
        yield f"  {account.email:<{width}}  {account.name}"
    yield f"A system of the demo municipality, for the API: {DEMO_CLIENT} with the secret {DEMO_SECRET}"
    yield "After the password the site asks for a code, as of a telephone; here it shows that code itself."
    yield "Mails, with the links in them, are shown to beheer@ at /beheer/uitgaande-post (unless SMTP_HOST is set)."
