"""Work lists that somebody keeps under a name, shares with the desk, or begins on."""

from sqlalchemy import delete, func, select

from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.models import SavedView, StartView
from knelpunt.services.core.context import Context

MOST = 50
LONGEST_NAME = 60
LONGEST_QUERY = 1500


def save(context: Context, *, name: str, query: str, is_shared: bool) -> SavedView:
    """Keep a work list under a name.

    Raises:
        DomainError: the name is missing, too long or taken by an own view, or there are too many views already.
    """
    context.actor.require(Permission.READ_CASES)
    owner_id = _account(context)
    if (context.session.scalar(select(func.count()).where(SavedView.owner_id == owner_id)) or 0) >= MOST:
        raise DomainError(f"U hebt al {MOST} weergaven. Verwijder er eerst een.", field="name")
    if len(query) > LONGEST_QUERY:
        raise DomainError("Deze lijst heeft te veel filters om te bewaren.", field="name")
    view = SavedView(
        owner_id=owner_id,
        name=_free_name(context, owner_id, name),
        query=query,
        is_shared=is_shared,
        created_at=context.now,
    )
    context.session.add(view)
    context.session.flush()
    return view


def change(
    context: Context, view_id: int, version: int, *, name: str, is_shared: bool, query: str | None = None
) -> None:
    """Give a view another name, share it or no longer, or let it hold another list. A view that is shared no longer is
    nobody else's first page either.

    Raises:
        NotFound, PermissionDenied: it is another's, and not shared or the actor is not the head of the desk.
        VersionConflict: somebody else changed it meanwhile.
    """
    view = _to_change(context, view_id)
    if view.version != version:
        raise VersionConflict("Iemand anders heeft deze weergave intussen gewijzigd.")
    view.name = _free_name(context, view.owner_id, name, besides=view.id)
    view.is_shared = is_shared
    if query is not None and len(query) <= LONGEST_QUERY:
        view.query = query
    if not is_shared:
        context.session.execute(
            delete(StartView).where(StartView.view_id == view.id, StartView.account_id != view.owner_id)
        )
    context.session.flush()


def remove(context: Context, view_id: int) -> str:
    """Remove a view; its name. Who began on it begins on the ordinary first page again. Raises as ``change`` does."""
    view = _to_change(context, view_id)
    context.session.delete(view)
    context.session.flush()
    return view.name


def begin_with(context: Context, view_id: int | None) -> None:
    """Begin on a view after logging in; None: on the ordinary first page.

    Raises:
        NotFound: there is no such view, or it is another's and not shared.
    """
    context.actor.require(Permission.READ_CASES)
    account_id = _account(context)
    start = context.session.get(StartView, account_id)
    if view_id is None:
        if start is not None:
            context.session.delete(start)
        return
    view = context.session.scalar(select(SavedView).where(SavedView.id == view_id).with_for_update(read=True))
    if view is None or not (view.is_shared or view.owner_id == account_id):
        raise NotFound()
    if start is None:
        context.session.add(StartView(account_id=account_id, view_id=view_id))
    else:
        start.view_id = view_id


def forget_those_of(context: Context, account_id: int) -> None:
    """An account is closed: its own views go; what it shared stays for the desk."""
    context.session.execute(delete(StartView).where(StartView.account_id == account_id))
    context.session.execute(delete(SavedView).where(SavedView.owner_id == account_id, SavedView.is_shared.is_(False)))


def _account(context: Context) -> int:
    if context.actor.account_id is None:
        raise PermissionDenied("Alleen wie is ingelogd, bewaart een weergave.")
    return context.actor.account_id


def _to_change(context: Context, view_id: int) -> SavedView:
    context.actor.require(Permission.READ_CASES)
    view = context.session.scalar(select(SavedView).where(SavedView.id == view_id).with_for_update())
    is_own = view is not None and view.owner_id == _account(context)
    if view is None or not (is_own or view.is_shared):
        raise NotFound()
    if not is_own and not context.actor.can(Permission.MANAGE_DESK):
        raise PermissionDenied("Alleen wie de weergave maakte en het hoofd van het loket wijzigen haar.")
    return view


def _free_name(context: Context, owner_id: int, name: str, *, besides: int | None = None) -> str:
    name = name.strip()
    if not name:
        raise DomainError("Vul een naam in.", field="name")
    if len(name) > LONGEST_NAME:
        raise DomainError(f"Kies een naam van hoogstens {LONGEST_NAME} tekens.", field="name")
    taken = select(SavedView.id).where(SavedView.owner_id == owner_id, func.lower(SavedView.name) == name.lower())
    if context.session.scalar(taken.where(SavedView.id != (besides or 0)).limit(1)) is not None:
        raise DomainError("Er is al een weergave met deze naam.", field="name")
    return name
