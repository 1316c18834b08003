"""How much may be done by those who need no account: counted in the database, in the transaction of the act itself.

What is refused, or fails for another reason, is rolled back and so not counted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.domain.accounts import attempt_key, network_of
from knelpunt.domain.errors import TooManyAttempts
from knelpunt.domain.texts import Text
from knelpunt.models import UsageCount

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_table = UsageCount.metadata.tables[UsageCount.__tablename__]
_insert = insert(_table)
_COUNT = _insert.on_conflict_do_update(
    index_elements=["key", "period_start"], set_={"used": _table.c.used + _insert.excluded.used}
).returning(_table.c.used)


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a visitor comes from, and how many filings an hour may come from there."""

    address: str
    filings_an_hour: int

    @property
    def network(self) -> str:
        return network_of(self.address)


@dataclass(frozen=True, slots=True)
class Bound:
    """At most so much of something within a period. ``refusal`` says in plain words what to do now."""

    name: str
    subject: str
    most: int
    period: timedelta
    refusal: Text
    field: str | None = None


def require_room(session: Session, bound: Bound, now: datetime, amount: int) -> None:
    """The same without counting and without waiting for anybody: to refuse early what ``count`` would refuse later.

    Raises:
        TooManyAttempts: as ``count``.
    """
    start = _start(bound, now)
    here = (_table.c.key == attempt_key(bound.name, bound.subject), _table.c.period_start == start)
    if (session.scalar(select(_table.c.used).where(*here)) or 0) + amount > bound.most:
        raise TooManyAttempts(bound.refusal, field=bound.field, retry_after=start + bound.period - now)


def count(session: Session, bound: Bound, now: datetime, amount: int = 1) -> None:
    """Count something that is done, by one statement; whoever counts under the same key meanwhile waits for this act.

    Raises:
        TooManyAttempts: it would be more than the bound allows; says when the period ends.
    """
    start = _start(bound, now)
    key = attempt_key(bound.name, bound.subject)
    used = session.execute(_COUNT, {"key": key, "period_start": start, "used": amount}).scalar_one()
    if used > bound.most:
        raise TooManyAttempts(bound.refusal, field=bound.field, retry_after=start + bound.period - now)


def _start(bound: Bound, now: datetime) -> datetime:
    """When the period began that this instant is in."""
    seconds = int(bound.period.total_seconds())
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
