"""Asks to seal a quarter and tells who may be the second person; and gives the finds of a check to a colleague."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, VersionConflict
from knelpunt.domain.figures.sealing import CHECKS, NOT_OVER, Check
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.domain.quarters.track import HAS_CHANGED, QuarterDays, planned_quarters
from knelpunt.domain.texts import Text
from knelpunt.models import Account, QuarterCheckTask, QuarterPlan, QuarterSeal, QuarterSealing
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.figures import sealing
from knelpunt.services.quarters import mail_texts as texts
from knelpunt.services.quarters.telling import page_of, tell_account, tell_sealers, words_of

CHECK_GIVEN = "kwartaalcontrole_toegewezen"
DAYS_SET = "kwartaaldagen_vastgesteld"
NOT_IN_ORDER = Text("Kies de dagen op volgorde, na de laatste dag van het kwartaal.")
NOT_AHEAD = Text("Van dit kwartaal liggen de dagen vast.")
NOBODY = Text("Kies een collega die zaken mag lezen.")


def ask(context: Context, quarter: Quarter, explanations: Mapping[Check, str]) -> QuarterSealing:
    """Ask a second person to seal, as ``figures.sealing.ask``, and tell who that can be.

    Raises:
        PermissionDenied, DomainError: as there.
    """
    request = sealing.ask(context, quarter, explanations)
    context.session.flush()
    text = texts.seal_asked(quarter=words_of(quarter), url=page_of(context, quarter, "verzegelen/besluit"))
    tell_sealers(
        context,
        MailKind.QUARTER_SEAL_ASKED,
        text,
        besides=[request.asked_by_id],
        once_key=f"verzegeling:{request.id}",
    )
    return request


def give_check(context: Context, quarter: Quarter, check: Check, *, owner_id: int | None, due_on: date | None) -> None:
    """Let a colleague look after what a check finds, and tell that colleague.

    Raises:
        PermissionDenied: the actor seals no quarters.
        DomainError: the quarter runs or is sealed, or it is nobody who reads cases (field ``owner_id``), or the day
            lies behind us (field ``due_on``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    if context.today <= quarter.last_day:
        raise DomainError(NOT_OVER)
    if context.session.get(QuarterSeal, quarter.first_day) is not None:
        raise DomainError(NOT_AHEAD)
    readers = roles_with(Permission.READ_CASES)
    owner = context.session.scalar(
        select(Account).where(Account.id == (owner_id or 0), Account.is_active, Account.role.in_(readers))
    )
    if owner is None:
        raise DomainError(NOBODY, field="owner_id")
    if due_on is None or due_on < context.today:
        raise DomainError(Text("Kies vandaag of een latere dag."), field="due_on")
    task = context.session.get(QuarterCheckTask, (quarter.first_day, check)) or QuarterCheckTask(
        quarter=quarter.first_day, check=check
    )
    task.owner_id, task.due_on = owner.id, due_on
    task.given_by_id, task.given_at = context.actor.account_id or 0, context.now
    context.session.add(task)
    data = {"controle": check.value, "eigenaar": owner.id, "uiterlijk": due_on.isoformat()}
    events.record(context, CHECK_GIVEN, subject=f"kwartaal:{quarter}", data=data)
    url = page_of(context, quarter, "verzegelen")
    text = texts.check_given(quarter=words_of(quarter), title=CHECKS[check].title, due_on=due_on, url=url)
    tell_account(context, MailKind.QUARTER_CHECK_GIVEN, text, owner.id)


def plan(context: Context, days: QuarterDays, version: int, running: Quarter) -> None:
    """Set the reference dates of a quarter, at most a year ahead.

    Args:
        version: of the row that the form showed; 0: there was none.
    Raises:
        PermissionDenied: the actor seals no quarters.
        DomainError: the quarter is not one of those ahead, or the days are not in order (field ``check_on``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    if days.quarter not in planned_quarters(running):
        raise DomainError(NOT_AHEAD)
    if not days.in_order:
        raise DomainError(NOT_IN_ORDER, field="check_on")
    row = context.session.get(QuarterPlan, days.quarter.first_day, with_for_update=True, populate_existing=True)
    if (row.version if row is not None else 0) != version:
        raise VersionConflict(HAS_CHANGED)
    row = row or QuarterPlan(quarter=days.quarter.first_day)
    row.check_on, row.seal_on, row.text_on, row.present_on = days.check_on, days.seal_on, days.text_on, days.present_on
    row.set_by_id, row.set_at = context.actor.account_id or 0, context.now
    context.session.add(row)
    events.record(context, DAYS_SET, subject=f"kwartaal:{days.quarter}", data={"aanbieden": str(days.present_on)})
