"""Tasks on cases and the checklists that they come from."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.domain.vocabulary import CaseStatus, Role, Theme
from knelpunt.models import Account, Case, Checklist, Task, TeamMember

OVER = frozenset({CaseStatus.WITHDRAWN, CaseStatus.REFERRED, CaseStatus.ARCHIVED})
"""In these no task waits for anybody any more."""
TASK_ROLES = roles_with(Permission.WRITE_NOTE)
"""Who can be given a task: who writes notes in a case."""
_READERS = roles_with(Permission.READ_CASES)
SHOWN = 10
_task, _case, _list = Task.__table__.c, Case.__table__.c, Checklist.__table__.c


def waits() -> ColumnElement[bool]:
    """Tasks, joined with their case, that somebody still has to do."""
    return and_(_task.done_at.is_(None), _case.status.not_in(sorted(OVER)))


def count_open(session: Session, case_id: int) -> int:
    """How many tasks of a case are not done."""
    counted = select(func.count()).select_from(Task).where(Task.case_id == case_id, Task.done_at.is_(None))
    return session.scalar(counted) or 0


def assignees(session: Session) -> list[tuple[int, str]]:
    """Who can be given a task: id and name, by name."""
    return _accounts_of(session, TASK_ROLES)


def readers(session: Session) -> list[tuple[int, str]]:
    """Who may read a case, and so can be named in a note about it: id and name, by name."""
    return _accounts_of(session, _READERS)


def _accounts_of(session: Session, roles: list[Role]) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Account.id, Account.name)
        .where(Account.is_active, Account.role.in_(roles))
        .order_by(func.lower(Account.name), Account.id)
    )
    return [(id_, name) for id_, name in rows]


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task of somebody, with the case that it is in."""

    id: int
    words: str
    assignee_id: int | None
    team_id: int | None
    due_on: date
    reference: str
    title: str


def due_for(session: Session, account_ids: frozenset[int], until: date) -> tuple[list[DueTask], int]:
    """The tasks of these colleagues and of their teams that must be done by a day, the latest first; and how many there
    are in all."""
    ids = sorted(account_ids)
    teams = select(TeamMember.team_id).where(TeamMember.account_id.in_(ids))
    rows = session.execute(
        select(*(_task[name] for name in DueTask.__slots__[:5]), _case.reference, _case.title, func.count().over())
        .join(Case.__table__, _case.id == _task.case_id)
        .where(waits(), or_(_task.assignee_id.in_(ids), _task.team_id.in_(teams)), _task.due_on <= until)
        .order_by(_task.due_on, _task.id)
        .limit(SHOWN)
    ).all()
    return [DueTask(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    id: int
    name: str
    step: str | None
    theme: Theme | None
    lines: list[str]
    working_days: int | None
    ended_on: date | None
    version: int


_ROWS = select(*(_list[name] for name in ChecklistRow.__slots__)).order_by(
    _list.ended_on.is_not(None), func.lower(_list.name), _list.id
)


def checklists(session: Session) -> list[ChecklistRow]:
    """All checklists, those in use first."""
    return [ChecklistRow(*row) for row in session.execute(_ROWS)]


def checklist(session: Session, checklist_id: int) -> ChecklistRow | None:
    """One of them."""
    row = session.execute(_ROWS.where(_list.id == checklist_id)).one_or_none()
    return None if row is None else ChecklistRow(*row)


def offered_for(session: Session, theme: Theme) -> list[ChecklistRow]:
    """Those in use that fit a case about this topic."""
    fits = or_(_list.theme.is_(None), _list.theme == theme)
    return [ChecklistRow(*row) for row in session.execute(_ROWS.where(_list.ended_on.is_(None), fits))]
