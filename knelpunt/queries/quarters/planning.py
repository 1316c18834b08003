"""The reference dates of quarters, and who looks after what the quality list finds."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.sealing import Check
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.quarters.track import QuarterDays, planned_quarters, usual_days
from knelpunt.models import Account, QuarterCheckTask, QuarterPlan


@dataclass(frozen=True, slots=True)
class Planned:
    """The dates of a quarter; ``version`` is 0 as long as nobody chose them."""

    days: QuarterDays
    version: int

    @property
    def is_chosen(self) -> bool:
        return self.version > 0


@dataclass(frozen=True, slots=True)
class CheckTask:
    """Who looks after the finds of a check, and by when."""

    owner: str
    due_on: date


def plans(session: Session, running: Quarter) -> list[Planned]:
    """The running quarter and those of the year ahead, with their dates."""
    quarters = planned_quarters(running)
    rows = session.scalars(select(QuarterPlan).where(QuarterPlan.quarter.in_([each.first_day for each in quarters])))
    by_day = {row.quarter: row for row in rows}
    found = []
    for quarter in quarters:
        row = by_day.get(quarter.first_day)
        if row is None:
            found.append(Planned(usual_days(quarter), 0))
        else:
            days = QuarterDays(quarter, row.check_on, row.seal_on, row.text_on, row.present_on)
            found.append(Planned(days, row.version))
    return found


def days_of(session: Session, quarter: Quarter) -> QuarterDays:
    """The dates of one quarter: chosen, or the usual ones."""
    row = session.get(QuarterPlan, quarter.first_day)
    if row is None:
        return usual_days(quarter)
    return QuarterDays(quarter, row.check_on, row.seal_on, row.text_on, row.present_on)


def check_tasks(session: Session, quarter: Quarter) -> dict[Check, CheckTask]:
    """Who looks after which check of a quarter."""
    rows = session.execute(
        select(QuarterCheckTask.check, Account.name, QuarterCheckTask.due_on)
        .join(Account, Account.id == QuarterCheckTask.owner_id)
        .where(QuarterCheckTask.quarter == quarter.first_day)
    )
    return {check: CheckTask(name, due_on) for check, name, due_on in rows}


def colleague_options(session: Session) -> list[tuple[int, str]]:
    """The active accounts that read cases, to give a check to."""
    readers = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.READ_CASES in permissions]
    rows = session.execute(
        select(Account.id, Account.name).where(Account.is_active, Account.role.in_(readers)).order_by(Account.name)
    )
    return [(id_, name) for id_, name in rows]
