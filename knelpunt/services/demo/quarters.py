"""The quarters of the demo: history put together after the fact, and each quarter since then sealed by two accounts."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM, Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Account, QuarterSeal
from knelpunt.queries.accounts import accounts as account_queries
from knelpunt.queries.figures import editions, ledger
from knelpunt.services.core.context import Context
from knelpunt.services.demo.loading import DEMO_DOMAIN, DEMO_LOCK
from knelpunt.services.figures import publishing, sealing
from knelpunt.services.figures.ledger import rebuild
from knelpunt.services.figures.publishing import Write

AUTHOR, HEAD = f"kwartaal@{DEMO_DOMAIN}", f"hoofd@{DEMO_DOMAIN}"
SEALED_AFTER = timedelta(days=12)
WHY = "Dit is bekend bij het loket. Het verandert niets aan de cijfers van dit kwartaal."


def seal_quarters(session: Session, links: Links, now: datetime, write: Write) -> int:
    """Seal every quarter that is over, once; how many were sealed. The caller commits.

    A demo in which any quarter is sealed is left as it is: it is somebody's to try things with.

    Args:
        write: writes down the edition of a sealed quarter.
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
    count = sum(1 for _quarter in publishing.reconstruct(Context(session, SYSTEM, now, links), write))
    for quarter in _own_quarters(session, now):
        at = min(now, datetime.combine(quarter.last_day + SEALED_AFTER, time(9), UTC))
        sealing.ask(_by(author, session, at, links), quarter, dict.fromkeys(Check, WHY))
        second = _by(head, session, at, links)
        sealing.agree(second, quarter)
        session.flush()
        publishing.keep(second, quarter, write(quarter))
        count += 1
    return count


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
