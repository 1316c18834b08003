"""One act: who does it, when, in which transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor
from knelpunt.domain.timezone import nl_day


@dataclass(frozen=True, slots=True)
class Act:
    """What every service needs. ``now`` is an aware instant in UTC; nothing below the web asks the clock."""

    session: Session
    actor: Actor
    now: datetime
    links: Links

    @property
    def today(self) -> date:
        """The legal day in Europe/Amsterdam."""
        return nl_day(self.now)
