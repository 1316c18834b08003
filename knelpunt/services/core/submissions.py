"""Makes a filled-in form count once, however often it arrives."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.models import Submission


def claim(session: Session, author: str, key: str, now: datetime) -> str | None:
    """Claim a form's key in this transaction.

    A second claim waits until the first one's transaction ends. Then it either gets the address to which the first
    was answered, or, when that one was rolled back, None: go on.
    """
    if session.execute(_CLAIM, {"author": author, "key": key, "created_at": now}).first():
        return None
    return session.scalar(select(Submission.location).where(Submission.author == author, Submission.key == key))


def remember(session: Session, author: str, key: str, location: str) -> None:
    """Keep where the answer led, for a second click."""
    session.execute(_REMEMBER, {"by": author, "under": key, "location": location})


_table = Submission.metadata.tables[Submission.__tablename__]
_CLAIM = insert(_table).on_conflict_do_nothing().returning(_table.c.key)
_REMEMBER = update(_table).where(_table.c.author == bindparam("by"), _table.c.key == bindparam("under"))
