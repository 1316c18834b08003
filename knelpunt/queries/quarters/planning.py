"""The reference dates of quarters, and who looks after what the quality list finds."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ARRAY, Date, cast, column, exists, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.sealing import Check, SealingStatus
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.domain.quarters.track import (
    QUARTERS_AHEAD,
    REMINDED_AHEAD,
    QuarterDay,
    QuarterDays,
    next_day,
    planned_quarters,
    status_of,
    usual_days,
)
from knelpunt.models import Account, QuarterCheckTask, QuarterPlan, QuarterSeal, QuarterSealing, QuarterText
from knelpunt.queries.figures.editions import FIRST_OWN_DAY


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
        found.append(Planned(_days(quarter, row), row.version if row is not None else 0))
    return found


def days_of(session: Session, quarter: Quarter) -> QuarterDays:
    """The dates of one quarter: chosen, or the usual ones."""
    return _days(quarter, session.get(QuarterPlan, quarter.first_day))


def _days(quarter: Quarter, row: QuarterPlan | None) -> QuarterDays:
    if row is None:
        return usual_days(quarter)
    return QuarterDays(quarter, row.check_on, row.seal_on, row.text_on, row.present_on)


@dataclass(frozen=True, slots=True)
class DueDay:
    """What must be done about a quarter, and by when."""

    quarter: Quarter
    what: QuarterDay
    due_on: date

    @property
    def path(self) -> str:
        """Where it is done."""
        return f"/kwartalen/{self.quarter}/{_WHERE[self.what]}"


_WHERE = {
    QuarterDay.CHECK: "verzegelen",
    QuarterDay.SEAL: "verzegelen/besluit",
    QuarterDay.TEXT: "tekst",
    QuarterDay.PRESENT: "tekst",
}


def due_days(session: Session, today: date) -> list[DueDay]:
    """What must be done about the quarters of the last year: what is late and what comes near, by day; in one
    statement."""
    running = quarter_of(today)
    asked_for = {each.first_day: each for each in (running.back(count) for count in range(1, QUARTERS_AHEAD + 1))}
    day = (
        func.unnest(cast([*asked_for], ARRAY(Date)))
        .table_valued(column("day", Date), name="days")
        .render_derived()
        .c.day
    )
    is_asked = exists().where(QuarterSealing.quarter == day, QuarterSealing.status == SealingStatus.ASKED)
    rows = session.execute(
        select(day, QuarterPlan, QuarterSeal.is_reconstructed, QuarterText.status, is_asked)
        .outerjoin(QuarterPlan, QuarterPlan.quarter == day)
        .outerjoin(QuarterSeal, QuarterSeal.quarter == day)
        .outerjoin(QuarterText, QuarterText.quarter == day)
        .where(
            day >= func.date_trunc("quarter", FIRST_OWN_DAY.scalar_subquery()),
            QuarterSeal.is_reconstructed.is_not(True),
        )
    )
    found = []
    for first_day, plan, is_reconstructed, text_status, waits in rows:
        quarter = asked_for[first_day]
        status = status_of(
            is_over=True, is_sealed=is_reconstructed is not None, text_status=text_status, has_errata_since=False
        )
        coming = next_day(_days(quarter, plan), status, is_asked=waits)
        if coming is not None and coming[1] - REMINDED_AHEAD <= today:
            found.append(DueDay(quarter, *coming))
    return sorted(found, key=lambda each: each.due_on)


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
    readers = Account.role.in_(roles_with(Permission.READ_CASES))
    rows = session.execute(select(Account.id, Account.name).where(Account.is_active, readers).order_by(Account.name))
    return [(id_, name) for id_, name in rows]
