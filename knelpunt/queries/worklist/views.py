"""The views of the work list that somebody may open, and the one to begin on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor, Permission
from knelpunt.models import SavedView, StartView

SHOWN = 200


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view. ``starts``: for how many it is the page to begin on; ``is_start``: whether for this actor."""

    id: int
    name: str
    query: str
    owner_id: int
    is_shared: bool
    version: int
    starts: int
    is_start: bool


def _views() -> Select[Any]:
    me = bindparam("me", type_=BigInteger)
    starts = (
        select(func.count()).select_from(StartView).where(StartView.view_id == SavedView.id).correlate(SavedView)
    ).scalar_subquery()
    mine = select(StartView.view_id).where(StartView.account_id == me).scalar_subquery()
    return (
        select(
            SavedView.id,
            SavedView.name,
            SavedView.query,
            SavedView.owner_id,
            SavedView.is_shared,
            SavedView.version,
            starts,
            func.coalesce(SavedView.id == mine, False),
        )
        .where(or_(SavedView.owner_id == me, SavedView.is_shared))
        .order_by(SavedView.owner_id != me, func.lower(SavedView.name), SavedView.id)
        .limit(SHOWN)
    )


_VIEWS = _views()
"""Made once: every work list shows them, and making the statement anew cost more than asking it."""


def views_of(session: Session, actor: Actor) -> Sequence[ViewRow]:
    """The own views and those that colleagues share, by name. One statement."""
    if actor.account_id is None or not actor.can(Permission.READ_CASES):
        return ()
    return [ViewRow(*row) for row in session.execute(_VIEWS, {"me": actor.account_id})]


def start_of(session: Session, actor: Actor) -> tuple[int, str] | None:
    """The view on which this actor begins: its id and its query; None for the ordinary first page."""
    if actor.account_id is None or not actor.can(Permission.READ_CASES):
        return None
    row = session.execute(
        select(SavedView.id, SavedView.query)
        .join(StartView, StartView.view_id == SavedView.id)
        .where(
            StartView.account_id == actor.account_id,
            or_(SavedView.owner_id == actor.account_id, SavedView.is_shared),
        )
    ).first()
    return (row[0], row[1]) if row else None
