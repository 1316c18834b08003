"""The quarters of the demo: history put together after the fact, and each quarter since then sealed by two accounts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Dimension
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.figures.writing import Placed, Section
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM, Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Account, QuarterSeal, QuarterText
from knelpunt.queries.accounts import accounts as account_queries
from knelpunt.queries.figures import editions, ledger
from knelpunt.queries.quarters import texts
from knelpunt.services.core.context import Context
from knelpunt.services.demo.loading import DEMO_DOMAIN, DEMO_LOCK
from knelpunt.services.figures import publishing, sealing
from knelpunt.services.figures.ledger import rebuild
from knelpunt.services.figures.publishing import Write
from knelpunt.services.quarters import approval, writing

AUTHOR, HEAD = f"kwartaal@{DEMO_DOMAIN}", f"hoofd@{DEMO_DOMAIN}"
SEALED_AFTER = timedelta(days=12)
WRITTEN_IN = timedelta(days=14)
WHY = "Dit is bekend bij het loket. Het verandert niets aan de cijfers van dit kwartaal."


TEXT = {
    Section.REASON: (
        "Dit is een voorbeeldtekst bij de zaken van de demonstratie. In 2013 zegde de minister toe knelpunten in "
        "regels op te pakken, samen met de mensen die ze tegenkomen. De Kamer hoort elk kwartaal hoe dat gaat.\n\n"
        "Dit overzicht gaat over {{cijfer: kwartaal}}."
    ),
    Section.FIGURES: "{{tabel: totalen}}\n\n## Op tijd\n\n{{tabel: klokken}}",
    Section.BOTTLENECK: (
        "De lijst laat zien welke regels dit kwartaal zijn genoemd. Bij elke regel zoekt het loket met de gemeente uit "
        "wat er wel kan.\n\n{{tabel: knellende regels}}"
    ),
    Section.LAWS: "Een zaak telt bij de wet van de regel die haar het eerst belemmert.",
    Section.OUTLOOK: "Zaken die nog open zijn, komen terug in het volgende overzicht.",
}
"""What stands in the sections of the quarter that is written, where their templates do not do."""


@dataclass(frozen=True, slots=True)
class Readings:
    """How the site writes down the edition of a sealed quarter, and what a text about it may place."""

    write: Write
    place: Callable[[Quarter], Placed]


def seal_quarters(session: Session, links: Links, now: datetime, readings: Readings) -> int:
    """Seal every quarter that is over, and present a text with the last, once; how many were sealed. The caller
    commits.

    A demo in which any quarter is sealed is left as it is: it is somebody's to try things with.
    """
    if session.scalar(select(QuarterSeal.quarter).limit(1)) is not None:
        return 0
    if not ledger.is_built(session):
        for _done in rebuild(session, now):
            pass
    session.execute(select(func.pg_advisory_xact_lock(DEMO_LOCK)))
    author, head = (account_queries.by_email(session, each) for each in (AUTHOR, HEAD))
    if author is None or head is None:
        return 0
    count = sum(1 for _quarter in publishing.reconstruct(Context(session, SYSTEM, now, links), readings.write))
    last: Quarter | None = None
    for quarter in _own_quarters(session, now):
        at = min(now, datetime.combine(quarter.last_day + SEALED_AFTER, time(9), UTC))
        sealing.ask(_by(author, session, at, links), quarter, dict.fromkeys(Check, WHY))
        second = _by(head, session, at, links)
        sealing.agree(second, quarter)
        session.flush()
        publishing.keep(second, quarter, readings.write(quarter))
        count, last = count + 1, quarter
    if last is not None:
        at = datetime.combine(last.last_day + SEALED_AFTER, time(10), UTC)
        if at + WRITTEN_IN < now:
            _write(
                _by(author, session, at, links), _by(head, session, at + WRITTEN_IN, links), last, readings.place(last)
            )
    return count


def _write(author: Context, head: Context, quarter: Quarter, placed: Placed) -> None:
    """Write about a quarter, agree, and present it."""
    session = author.session
    writing.begin(author, quarter)
    session.flush()
    versions = {row.section: row.version for row in texts.sections_of(session, quarter).values()}
    for section, source in TEXT.items():
        if section is Section.LAWS and Dimension.LAW.value in placed.tables:
            source += "\n\n{{tabel: wet}}"
        writing.save(author, quarter, section, source, versions[section])
    approval.ask(author, quarter, placed)
    session.flush()
    text = session.get_one(QuarterText, quarter.first_day)
    approval.approve(head, quarter, text.version, placed)
    session.flush()
    approval.present(head, quarter, head.today)
    session.flush()


def _own_quarters(session: Session, now: datetime) -> Iterator[Quarter]:
    """The quarters since the first case of the desk's own that are over."""
    quarter = editions.first_own_quarter(session)
    while quarter is not None and quarter.last_day < now.date():
        if session.get(QuarterSeal, quarter.first_day) is None:
            yield quarter
        quarter = quarter.next()


def _by(account: Account, session: Session, now: datetime, links: Links) -> Context:
    actor = Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)
    return Context(session, actor, now, links)
