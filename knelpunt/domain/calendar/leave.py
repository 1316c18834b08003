"""Who stands in for a colleague who is away: chains of covers, by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_LEAVE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody is away from the first up to and including the last day (Europe/Amsterdam), and another stands in."""

    account_id: int
    covered_by_id: int
    first_day: date
    last_day: date

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def acting_for(leaves: Iterable[Leave], account_id: int, day: date, *, kept_out: int | None = None) -> int:
    """Who acts for a colleague on a day: the colleague, or the one at the end of the chain of covers.

    A chain that would lead back to somebody who is away ends with the last one in it.

    Args:
        kept_out: who may not act, having handled a case that is looked at again; nobody stands in then.
    """
    colleague = account_id
    covers = {leave.account_id: leave.covered_by_id for leave in leaves if leave.covers(day)}
    passed = {account_id}
    while (cover := covers.get(account_id)) is not None and cover not in passed:
        account_id = cover
        passed.add(cover)
    return colleague if account_id == kept_out else account_id


def covered_by(leaves: Iterable[Leave], account_id: int, day: date) -> frozenset[int]:
    """For whom a colleague stands in on a day, by chains as well; never the colleague."""
    away = [leave for leave in leaves if leave.covers(day)]
    people = {leave.account_id for leave in away}
    return frozenset(each for each in people - {account_id} if acting_for(away, each, day) == account_id)


def first_day_without_cover(leaves: Iterable[Leave], wanted: Leave) -> date | None:
    """The first day of a new leave on which a chain ends with somebody who is away; None when there is none."""
    known = [*leaves, wanted]
    day = wanted.first_day
    while day <= wanted.last_day:
        away = {leave.account_id for leave in known if leave.covers(day)}
        if any(acting_for(known, each, day) in away for each in away):
            return day
        day += timedelta(days=1)
    return None
