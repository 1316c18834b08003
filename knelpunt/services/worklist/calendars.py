"""The secret address of somebody's calendar of terms: made, made anew and ended by its owner."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.accounts import AccountEvent, subject_of
from knelpunt.domain.errors import PermissionDenied
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.models import CalendarAddress
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

PURPOSE = "agenda"
"""What the token in the address is made for."""
OF_CASE = "agenda-zaak"
"""The same of the calendar of one case, which goes with the link by which it is followed."""
READERS = (Permission.READ_OWN_CASES, Permission.HANDLE_CASE)
"""Who has terms at all: one of these is needed."""
NO_TERMS = Text("Bij uw rol horen geen termijnen.")


def make_address(context: Context) -> None:
    """Make the address, or another one in its place: with the older one nothing opens any more."""
    account_id = _owner(context)
    made = {"public_id": new_public_id(), "nonce": new_nonce(), "made_at": context.now}
    row = insert(CalendarAddress).values(account_id=account_id, **made)
    context.session.execute(row.on_conflict_do_update(index_elements=["account_id"], set_=made))
    events.record(context, AccountEvent.CALENDAR_MADE, subject=subject_of(account_id))


def end_address(context: Context) -> None:
    """Have no calendar any more; silent when there is none."""
    account_id = _owner(context)
    gone = delete(CalendarAddress).where(CalendarAddress.account_id == account_id)
    if context.session.scalar(gone.returning(CalendarAddress.account_id)) is not None:
        events.record(context, AccountEvent.CALENDAR_ENDED, subject=subject_of(account_id))


def _owner(context: Context) -> int:
    account_id = context.actor.account_id
    if account_id is None or not any(map(context.actor.can, READERS)):
        raise PermissionDenied(NO_TERMS)
    return account_id
