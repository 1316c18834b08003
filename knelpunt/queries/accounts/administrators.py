"""How administrators came by their role, as the event chain has it: given by whom, and confirmed by another or not."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.accounts import AccountEvent, subject_of
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, Event, Invitation


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether two people answer for an administrator (decision 0011).

    ``given_by_id`` is the account that gave the role, or that opened the closed account of a confirmed administrator
    again (``is_reopened``); None when that was done outside the site, at the console.
    """

    given_by_id: int | None
    is_confirmed: bool
    is_reopened: bool = False


OUTSIDE = Standing(None, is_confirmed=True)
"""Given at the console: whoever can do that could write in the database as well."""


def standing_of(session: Session, account_id: int) -> Standing:
    """How this account stands, if it has the role of administrator."""
    return standings(session, [account_id])[account_id]


def standings(session: Session, account_ids: Collection[int]) -> dict[int, Standing]:
    """How these accounts stand; two statements for any number."""
    rows = session.execute(
        select(Event.subject, Event.kind, Event.actor_id, Event.data)
        .where(Event.kind.in_(_KINDS), Event.subject.in_([subject_of(each) for each in account_ids]))
        .order_by(Event.number)
    ).all()
    number = {row.data.get("invitation_id") for row in rows if row.kind == AccountEvent.INVITATION_ACCEPTED}
    invited_by: dict[int, int | None] = {
        row.id: row.invited_by_id
        for row in session.execute(
            select(Invitation.id, Invitation.invited_by_id).where(Invitation.id.in_(number)).order_by(Invitation.id)
        )
    }
    found: dict[str, Standing] = defaultdict(lambda: OUTSIDE)
    for subject, kind, actor_id, data in rows:
        if kind == AccountEvent.ADMINISTRATOR_CONFIRMED:
            found[subject] = Standing(found[subject].given_by_id, is_confirmed=True)
        elif kind == AccountEvent.REACTIVATED:
            # Of one who waits it stays as it was: else a helper could take the place of whoever gave the role.
            if found[subject].is_confirmed and actor_id is not None:
                found[subject] = Standing(actor_id, is_confirmed=False, is_reopened=True)
        elif data.get("to", data.get("role")) == Role.ADMINISTRATOR:
            given_by = invited_by.get(data["invitation_id"]) if kind == AccountEvent.INVITATION_ACCEPTED else actor_id
            found[subject] = Standing(given_by, is_confirmed=given_by is None)
    return {each: found[subject_of(each)] for each in account_ids}


@dataclass(frozen=True, slots=True)
class Administrator:
    """An active account with this role, and how it stands."""

    id: int
    name: str
    email: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Administrators:
    """All active administrators, by name."""

    everyone: tuple[Administrator, ...]

    @property
    def waiting(self) -> list[Administrator]:
        """Whom nobody has confirmed yet."""
        return [each for each in self.everyone if not each.standing.is_confirmed]

    def counting_beside(self, *account_ids: int | None) -> int:
        """How many count as an administrator without these accounts."""
        return sum(each.standing.is_confirmed and each.id not in account_ids for each in self.everyone)


def active(session: Session) -> Administrators:
    """The active administrators; three statements for any number."""
    rows = session.execute(
        select(Account.id, Account.name, Account.email)
        .where(Account.role == Role.ADMINISTRATOR, Account.is_active)
        .order_by(Account.name, Account.id)
    ).all()
    stand = standings(session, [row.id for row in rows])
    return Administrators(tuple(Administrator(row.id, row.name, row.email, stand[row.id]) for row in rows))


_KINDS = (
    AccountEvent.CREATED,
    AccountEvent.INVITATION_ACCEPTED,
    AccountEvent.ROLE_CHANGED,
    AccountEvent.REACTIVATED,
    AccountEvent.ADMINISTRATOR_CONFIRMED,
)
