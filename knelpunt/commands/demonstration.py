"""Filling a database with the demonstration, and telling how to log in to it."""

from collections.abc import Iterator
from datetime import datetime

from knelpunt.commands.importing import import_real_cases, transaction
from knelpunt.domain.links import Links
from knelpunt.services.demo.loading import DEMO_ACCOUNTS, DEMO_PASSWORD, load_demo
from knelpunt.services.history.importing import ImportOptions


def fill(links: Links, now: datetime) -> tuple[int, int]:
    """Bring in the real cases and make the demo accounts and cases; how many of each were new."""
    report = import_real_cases(ImportOptions("real-cases", now, publish=True))
    with transaction() as session:
        made = load_demo(session, links, now)
    return report.added, made


def accounts() -> Iterator[str]:
    """The demo accounts and their password, a line each, and where the mails of the demonstration are."""
    width = max(len(account.email) for account in DEMO_ACCOUNTS)
    yield f"Demo accounts, all with the password: {DEMO_PASSWORD}"
    for account in DEMO_ACCOUNTS:
        yield f"  {account.email:<{width}}  {account.name}"
    yield "Mails, with the links in them, are shown to beheer@ at /beheer/uitgaande-post (unless SMTP_HOST is set)."
