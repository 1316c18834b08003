"""Four eyes for the administrators themselves: a new one counts once a second one has confirmed (decision 0011)."""

from knelpunt.domain.accounts import AccountEvent, subject_of
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.queries.accounts import administrators
from knelpunt.services.accounts.records import manageable
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

NOT_CONFIRMED = "Een tweede beheerder moet eerst bevestigen dat u beheerder bent."
GAVE_THE_ROLE = "U gaf deze collega de rol zelf. Vraag een andere beheerder om ja te zeggen."
OPENED_AGAIN = "U zette dit account zelf weer aan. Vraag een andere beheerder om ja te zeggen."
NO_ADMINISTRATOR = "Dit account is geen beheerder, of het staat uit."
CONFIRMED_ALREADY = "Deze beheerder is al bevestigd."


def is_confirmed(context: Context) -> bool:
    """Whether the actor counts as an administrator beside others; the system does."""
    if context.actor.kind is ActorKind.SYSTEM:
        return True
    number = context.actor.account_id
    return number is not None and administrators.standing_of(context.session, number).is_confirmed


def require_confirmed(context: Context) -> None:
    """Raise PermissionDenied for an administrator for whom only one other answers."""
    if not is_confirmed(context):
        raise PermissionDenied(NOT_CONFIRMED)


def confirmed_administrator(context: Context) -> int:
    """The account of the administrator who acts; PermissionDenied for everybody else."""
    context.actor.require(Permission.MANAGE_ACCOUNTS)
    require_confirmed(context)
    if context.actor.account_id is None:
        raise PermissionDenied(NOT_CONFIRMED)
    return context.actor.account_id


def why_not_confirm(context: Context, account_id: int, role: Role, *, is_active: bool) -> str | None:
    """Why this actor cannot confirm this account as an administrator; None when that can be done."""
    if role is not Role.ADMINISTRATOR or not is_active:
        return NO_ADMINISTRATOR
    standing = administrators.standing_of(context.session, account_id)
    if standing.is_confirmed:
        return CONFIRMED_ALREADY
    if not is_confirmed(context):
        return NOT_CONFIRMED
    if context.actor.account_id is None or context.actor.account_id != standing.given_by_id:
        return None
    return OPENED_AGAIN if standing.is_reopened else GAVE_THE_ROLE


def confirm_administrator(context: Context, account_id: int, version: int) -> None:
    """Answer for a colleague who was made administrator, or switched on again as one, by another.

    Raises:
        NotFound, VersionConflict: as for ``change_role``.
        PermissionDenied: the actor gave the role or switched the account on, or is not confirmed either.
        DomainError: it is no active administrator, or one who is confirmed already.
    """
    context.actor.require(Permission.MANAGE_ACCOUNTS)
    account = manageable(context, account_id, version)
    reason = why_not_confirm(context, account.id, account.role, is_active=account.is_active)
    if reason in (NOT_CONFIRMED, GAVE_THE_ROLE, OPENED_AGAIN):
        raise PermissionDenied(reason)
    if reason is not None:
        raise DomainError(reason)
    events.record(context, AccountEvent.ADMINISTRATOR_CONFIRMED, subject=subject_of(account.id))
