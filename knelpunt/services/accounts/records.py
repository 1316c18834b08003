"""Accounts themselves: made, given another role, closed and opened again."""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import (
    AccountEvent,
    check_email,
    check_name,
    check_password,
    check_role_fits,
    password_bytes,
    subject_of,
)
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.permissions import ORGANISATION_ROLES, Permission
from knelpunt.domain.post.incoming import UsedAgain
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.models import Account, Invitation, Organisation
from knelpunt.queries.accounts import accounts as queries
from knelpunt.queries.accounts import administrators
from knelpunt.services.accounts import leave
from knelpunt.services.accounts.sessions import close_sessions
from knelpunt.services.core import events, small_tables
from knelpunt.services.core.context import Context
from knelpunt.services.mail import addresses_gone

ADDRESS_TAKEN = "Er is al een account met dit e-mailadres."
NOT_YET = "U kunt nog niemand beheerder maken. Een tweede beheerder moet eerst bevestigen dat u het bent."
NOT_GONE = "Mails gaan al naar dit adres."
LAST_ADMIN = "Er moet ten minste één beheerder overblijven. Geef eerst een collega deze rol."


def create_account(
    context: Context,
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: int,
    password: str,
    is_demo: bool = False,
) -> Account:
    """Make an account at once, without an invitation: by an administrator, the console or the demo.

    Raises:
        PermissionDenied: the actor may not manage accounts.
        DomainError: on the field ``email``, ``name``, ``password``, ``role`` or ``organisation_id`` that is wrong.
    """
    context.actor.require(Permission.MANAGE_ACCOUNTS)
    organisation = context.session.get(Organisation, organisation_id)
    if organisation is None:
        raise DomainError("Kies een organisatie uit de lijst.", field="organisation_id")
    check_role_fits(role, organisation.kind)
    account = add_account(
        context, email=email, name=name, role=role, organisation_id=organisation_id, password=password
    )
    account.is_demo = is_demo
    events.record(
        context,
        AccountEvent.CREATED,
        subject=subject_of(account.id),
        data={"role": role.value, "organisation_id": organisation_id},
    )
    return account


def add_account(context: Context, *, email: str, name: str, role: Role, organisation_id: int, password: str) -> Account:
    """The row of a new account; the caller checked that it may be made and records it.

    Raises:
        DomainError: on the field ``email``, ``name`` or ``password``.
    """
    address, shown_name = check_email(email), check_name(name)
    check_password(password, address)
    if queries.by_email(context.session, address) is not None:
        raise DomainError(ADDRESS_TAKEN, field="email")
    account = Account(
        email=address,
        name=shown_name,
        role=role,
        organisation_id=organisation_id,
        password_hash=passwords.hash_password(password_bytes(password)),
        created_at=context.now,
        password_changed_at=context.now,
    )
    return keep_new(context, account)


def keep_new(context: Context, account: Account) -> Account:
    """Write the row of a new account. Raises DomainError on ``email`` when somebody else was a moment earlier."""
    try:
        with context.session.begin_nested():
            context.session.add(account)
    except IntegrityError as error:
        raise DomainError(ADDRESS_TAKEN, field="email") from error
    _tell_other_processes(context, account.role)
    return account


def change_role(context: Context, account_id: int, version: int, role: Role) -> None:
    """Give an account another role, and end its sessions and each leave that no longer has a fitting cover.

    Raises:
        NotFound: the actor may not know that this account exists.
        VersionConflict: somebody else changed the account meanwhile.
        DomainError: the role does not fit the organisation, the actor may not give it yet, or no administrator would be
            left.
    """
    account = manageable(context, account_id, version)
    if account.role is role:
        raise DomainError("Dit account heeft deze rol al.", field="role")
    organisation = context.session.get_one(Organisation, account.organisation_id)
    check_role_fits(role, organisation.kind)
    check_may_give(context, role)
    _keep_an_administrator(context, account)
    before, account.role = account.role, role
    _tell_other_processes(context, before, role)
    close_sessions(context, account.id)
    _withdraw_invitations_by(context, account.id)
    leave.end_without_cover(context, account)
    events.record(
        context,
        AccountEvent.ROLE_CHANGED,
        subject=subject_of(account.id),
        data={"from": before.value, "to": role.value},
    )


def deactivate(context: Context, account_id: int, version: int) -> None:
    """Close an account: its sessions end, its links and the invitations it sent stop working. Its acts stay.

    A leave in which it stands in ends too, so that the colleague's mails go to the colleague again.

    Raises:
        NotFound, VersionConflict: as for ``change_role``.
        DomainError: it is closed already, or no administrator would be left.
    """
    account = manageable(context, account_id, version)
    if not account.is_active:
        raise DomainError("Dit account is al uitgezet.")
    _keep_an_administrator(context, account)
    account.is_active = False
    _tell_other_processes(context, account.role)
    close_sessions(context, account.id)
    _withdraw_invitations_by(context, account.id)
    leave.end_without_cover(context, account)
    events.record(context, AccountEvent.DEACTIVATED, subject=subject_of(account.id))


def reactivate(context: Context, account_id: int, version: int) -> None:
    """Open a closed account again, with the password and role that it had.

    An administrator waits then for another one to confirm that it is still the colleague of before (decision 0011).

    Raises:
        NotFound, VersionConflict: as for ``change_role``.
        DomainError: it is open already, or an administrator whom the actor may not give that role yet.
    """
    account = manageable(context, account_id, version)
    if account.is_active:
        raise DomainError("Dit account staat al aan.")
    check_may_give(context, account.role)
    account.is_active = True
    _tell_other_processes(context, account.role)
    events.record(context, AccountEvent.REACTIVATED, subject=subject_of(account.id))


def use_address_again(context: Context, account_id: int, version: int) -> None:
    """Have mails go again to the address of an account that nobody was known to have.

    Raises:
        NotFound, VersionConflict: as for ``change_role``.
        DomainError: mails go there already.
    """
    account = manageable(context, account_id, version)
    if account.gone_at is None:
        raise DomainError(NOT_GONE)
    addresses_gone.clear(context, account.email, UsedAgain.BY_ADMINISTRATOR)


def manageable(context: Context, account_id: int, version: int) -> Account:
    """The account, locked, when the actor may manage it: an administrator any, one of an organisation its own."""
    everywhere = context.actor.kind is ActorKind.SYSTEM or context.actor.can(Permission.MANAGE_ACCOUNTS)
    if not everywhere and not context.actor.can(Permission.MANAGE_ORGANISATION):
        raise PermissionDenied("U mag geen accounts beheren.")
    queries.hold_rights(context.session)
    account = queries.get_for_update(context.session, account_id)
    if account is None or (not everywhere and account.organisation_id != context.actor.organisation_id):
        raise NotFound()
    if account.version != version:
        raise VersionConflict("Dit account is intussen gewijzigd.")
    return account


def check_may_give(context: Context, role: Role) -> None:
    """Refuse that an administrator whom nobody confirmed makes others administrator: they would confirm each other."""
    number = context.actor.account_id
    if role is not Role.ADMINISTRATOR or number is None:
        return
    if not administrators.standing_of(context.session, number).is_confirmed:
        raise DomainError(NOT_YET, field="role")


def _keep_an_administrator(context: Context, account: Account) -> None:
    """Refuse to take the last administrator away, of the site or (for an organisation's own) of the organisation."""
    if not account.is_active:
        return
    if account.role is Role.ADMINISTRATOR:
        left = queries.active_with_role(context.session, Role.ADMINISTRATOR)
    elif account.role is Role.ORGANISATION_ADMIN and context.actor.role in ORGANISATION_ROLES:
        left = queries.active_with_role(context.session, Role.ORGANISATION_ADMIN, account.organisation_id)
    else:
        return
    if not set(left) - {account.id}:
        raise DomainError(LAST_ADMIN)


def _tell_other_processes(context: Context, *roles: Role) -> None:
    """The desk's people are among the small tables that each process keeps."""
    if not ORGANISATION_ROLES.issuperset(roles):
        small_tables.touch(context.session)


def _withdraw_invitations_by(context: Context, account_id: int) -> None:
    """Invitations sent by somebody who may no longer send them stop working."""
    context.session.execute(
        update(Invitation)
        .where(Invitation.invited_by_id == account_id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=context.now)
        .execution_options(synchronize_session=False)
    )
