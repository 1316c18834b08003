"""Checklists, which become tasks on a case: made and changed by the head of desk or an administrator."""

from knelpunt.domain.cases.workflow import step_named
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind, Theme
from knelpunt.models import Checklist
from knelpunt.services.core.context import Context

MOST_LINES = 30
LONGEST_LINE = 300


def save(
    context: Context,
    checklist_id: int | None,
    version: int | None,
    *,
    name: str,
    step: EventKind | None,
    theme: Theme | None,
    lines: str,
    working_days: int | None,
) -> Checklist:
    """Make a checklist, or change one; tasks that were set out from it stay as they are.

    Args:
        lines: one task a line.
    Raises:
        NotFound: there is no such checklist.
        VersionConflict: somebody changed it since this actor read it.
        DomainError: on the field ``lines`` or ``step``.
    """
    context.actor.require(Permission.MANAGE_CHECKLISTS)
    split = [line.strip().removeprefix("- ").strip() for line in lines.splitlines() if line.strip()]
    if not split:
        raise DomainError("Schrijf ten minste één taak op.", field="lines")
    if len(split) > MOST_LINES:
        raise DomainError(f"Houd het bij {MOST_LINES} taken.", field="lines")
    if any(len(line) > LONGEST_LINE for line in split):
        raise DomainError(f"Een taak is hooguit {LONGEST_LINE} tekens lang.", field="lines")
    if step is not None and step_named(step) is None:
        raise DomainError("Kies een stap uit de lijst.", field="step")
    if checklist_id is None:
        row = Checklist(made_by_id=context.actor.account_id)
        context.session.add(row)
    else:
        row = _one(context, checklist_id)
        if row.version != version:
            raise VersionConflict(Text("Iemand anders heeft deze checklist intussen gewijzigd."))
    row.name, row.step, row.theme, row.lines, row.working_days = name.strip(), step, theme, split, working_days
    context.session.flush()
    return row


def set_in_use(context: Context, checklist_id: int, *, is_in_use: bool) -> None:
    """Offer a checklist no more, or again.

    Raises:
        NotFound: there is no such checklist.
    """
    context.actor.require(Permission.MANAGE_CHECKLISTS)
    _one(context, checklist_id).ended_on = None if is_in_use else context.today


def _one(context: Context, checklist_id: int) -> Checklist:
    row = context.session.get(Checklist, checklist_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    return row
