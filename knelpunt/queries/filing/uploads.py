"""The uploads of an organisation that are not over."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor
from knelpunt.models import Upload


def of_actor(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Those of the organisation of an actor; of somebody without one, none."""
    return and_(Upload.organisation_id == actor.organisation_id, Upload.ends_at > now)


def open_uploads(session: Session, actor: Actor, now: datetime) -> list[Upload]:
    """All of them, the oldest first."""
    return list(session.scalars(select(Upload).where(of_actor(actor, now)).order_by(Upload.id)))
