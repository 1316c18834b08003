"""What the desk marks a case with: its priority, with the reason, and labels. No submitter reads of either."""

from collections.abc import Collection

from sqlalchemy import select

from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, EventKind, Priority
from knelpunt.models import Case, CaseLabel, Label, Note
from knelpunt.services.cases.triage import CASE_IS_OVER
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

HAS_PRIORITY = "De zaak heeft deze prioriteit al."
HAS_LABEL = "De zaak heeft dit label al."
WITHOUT_REASON = "Schrijf op waarom."


def set_priority(context: Context, reference: str, version: int, priority: Priority, reason: str) -> None:
    """Let a case go before others that are due on the same day, or no longer. The reason is kept as a note too.

    Raises:
        DomainError: there is no reason, the case is over, or has this priority already.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    if case.status not in OPEN_STATUSES:
        raise DomainError(CASE_IS_OVER)
    if not reason.strip():
        raise DomainError(WITHOUT_REASON, field="body")
    if case.priority is priority:
        raise DomainError(HAS_PRIORITY, field="priority")
    _set(context, case, priority, reason.strip())


def put_priority_back(context: Context, reference: str, version: int, priority: Priority, reason: str | None) -> None:
    """Take back that a priority was set. Raises VersionConflict when something happened in the case since."""
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    _set(context, case, priority, reason)


def _set(context: Context, case: Case, priority: Priority, reason: str | None) -> None:
    case.priority, case.priority_reason, case.updated_at = priority, reason, context.now
    data: dict[str, object] = {"prioriteit": priority.value}
    if reason and context.actor.account_id is not None:
        words = "Hoge prioriteit" if priority is Priority.HIGH else "Geen hoge prioriteit meer"
        note = Note(
            case_id=case.id, body=f"{words}: {reason}", author_id=context.actor.account_id, written_at=context.now
        )
        context.session.add(note)
        context.session.flush()
        data["notitie"] = note.id
    events.record(context, EventKind.PRIORITY_SET, case=case, data=data)


def add_label(context: Context, reference: str, version: int, label_id: int) -> None:
    """Put a label on a case.

    Raises:
        DomainError: there is no such label in use, or the case has it already.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    if context.session.get(CaseLabel, (case.id, label_id)) is not None:
        raise DomainError(HAS_LABEL, field="label_id")
    _add_label(context, case, label_id, "label_id")


def set_labels(context: Context, reference: str, version: int, label_ids: Collection[int]) -> None:
    """Let a case have these labels and no others. One that is out of use can stay, but not come.

    Raises:
        DomainError: one of them is no label that is in use.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE, version=version)
    there = set(context.session.scalars(select(CaseLabel.label_id).where(CaseLabel.case_id == case.id)))
    for label_id in sorted(set(label_ids) - there):
        _add_label(context, case, label_id, "label_ids")
    for label_id in sorted(there - set(label_ids)):
        _remove_label(context, case, label_id)


def _add_label(context: Context, case: Case, label_id: int, field: str) -> None:
    label = context.session.scalar(select(Label).where(Label.id == label_id).with_for_update(read=True))
    if label is None or label.ended_at is not None:
        raise DomainError("Kies een label uit de lijst.", field=field)
    context.session.add(CaseLabel(case_id=case.id, label_id=label_id))
    case.updated_at = context.now
    events.record(context, EventKind.LABEL_ADDED, case=case, data={"label": label_id})


def remove_label(context: Context, reference: str, version: int, label_id: int) -> None:
    """Take a label off a case; nothing happens when the case does not have it."""
    _remove_label(context, open_case(context, reference, Permission.HANDLE_CASE, version=version), label_id)


def _remove_label(context: Context, case: Case, label_id: int) -> None:
    found = context.session.get(CaseLabel, (case.id, label_id))
    if found is None:
        return
    context.session.delete(found)
    case.updated_at = context.now
    events.record(context, EventKind.LABEL_REMOVED, case=case, data={"label": label_id})
