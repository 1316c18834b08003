"""Labels and teams, which the head of the desk manages. Both are among the small tables that each process keeps."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.models import Account, Label, Task, Team, TeamMember
from knelpunt.services.core import small_tables
from knelpunt.services.core.context import Context

LONGEST_NAME = 40


class TasksOpen(DomainError):
    """A team still has tasks."""


def make_label(context: Context, name: str) -> Label:
    """Make a label, or take one that ended back into use.

    Raises:
        DomainError: the name is missing, too long, or that of a label in use.
    """
    context.actor.require(Permission.MANAGE_DESK)
    name = _named(name)
    label = context.session.scalar(select(Label).where(func.lower(Label.name) == name.lower()).with_for_update())
    if label is not None and label.ended_at is None:
        raise DomainError("Dit label bestaat al.", field="name")
    if label is None:
        label = Label(name=name, made_by_id=context.actor.account_id, made_at=context.now)
        _add(context, label, "Dit label bestaat al.")
    label.ended_at = None
    _changed(context)
    return label


def end_label(context: Context, label_id: int) -> str:
    """Take a label out of use; its name. Cases that have it keep it."""
    context.actor.require(Permission.MANAGE_DESK)
    label = context.session.scalar(select(Label).where(Label.id == label_id).with_for_update())
    if label is None or label.ended_at is not None:
        raise NotFound()
    label.ended_at = context.now
    _changed(context)
    return label.name


def make_team(context: Context, name: str) -> Team:
    """Make a team. Raises DomainError when the name is missing, too long or taken."""
    context.actor.require(Permission.MANAGE_DESK)
    name = _named(name)
    if context.session.scalar(select(Team.id).where(func.lower(Team.name) == name.lower())) is not None:
        raise DomainError("Dit team bestaat al.", field="name")
    team = Team(name=name)
    _add(context, team, "Dit team bestaat al.")
    _changed(context)
    return team


def remove_team(context: Context, team_id: int) -> str:
    """Remove a team; its name. Who was in it is in none, and what it did stands to the name of who did it.

    Raises:
        NotFound: there is no such team.
        TasksOpen: it still has tasks.
    """
    context.actor.require(Permission.MANAGE_DESK)
    team = context.session.get(Team, team_id, with_for_update=True)
    if team is None:
        raise NotFound()
    open_ones = select(func.count()).where(Task.team_id == team_id, Task.done_at.is_(None))
    if count := context.session.scalar(open_ones):
        waiting = "Er staat nog een taak" if count == 1 else f"Er staan nog {count} taken"
        raise TasksOpen(f"{waiting} open voor dit team. Geef die eerst aan een ander.")
    context.session.execute(
        update(Task).where(Task.team_id == team_id).values(assignee_id=Task.done_by_id, team_id=None)
    )
    context.session.delete(team)
    _changed(context)
    return team.name


def put_in_team(context: Context, account_id: int, team_id: int | None) -> None:
    """Put a colleague who handles cases in a team, or in none.

    Raises:
        DomainError: there is no such team, or the account handles no cases.
    """
    context.actor.require(Permission.MANAGE_DESK)
    account = context.session.get(Account, account_id)
    if account is None or Permission.HANDLE_CASE not in ROLE_PERMISSIONS[account.role]:
        raise DomainError("Kies een collega die zaken behandelt.", field="account_id")
    if team_id is None:
        context.session.execute(delete(TeamMember).where(TeamMember.account_id == account_id))
    else:
        held = select(Team.id).where(Team.id == team_id).with_for_update(read=True)
        if context.session.scalar(held) is None:
            raise DomainError("Kies een team uit de lijst.", field="team_id")
        row = insert(TeamMember).values(account_id=account_id, team_id=team_id)
        context.session.execute(row.on_conflict_do_update(index_elements=["account_id"], set_={"team_id": team_id}))
    _changed(context)


def _add(context: Context, row: Label | Team, taken: str) -> None:
    try:
        with context.session.begin_nested():
            context.session.add(row)
    except IntegrityError as error:  # somebody else was a moment earlier
        raise DomainError(taken, field="name") from error


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise DomainError("Vul een naam in.", field="name")
    if len(name) > LONGEST_NAME:
        raise DomainError(f"Kies een naam van hoogstens {LONGEST_NAME} tekens.", field="name")
    return name


def _changed(context: Context) -> None:
    context.session.flush()
    small_tables.touch(context.session)
