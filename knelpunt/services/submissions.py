"""Makes a filled-in form count once, however often it arrives."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.models import Submission


def claim(session: Session, author: str, key: str, now: datetime) -> str | None:
    """Claim a form's key in this transaction.

    A second claim waits until the first one's transaction ends. Then it either gets the address to which the first
    was answered, or, when that one was rolled back, None: go on.
    """
    claimed = session.execute(
        insert(Submission)
        .values(author=author, key=key, created_at=now)
        .on_conflict_do_nothing()
        .returning(Submission.key)
    ).first()
    if claimed:
        return None
    return session.scalar(select(Submission.location).where(Submission.author == author, Submission.key == key))


def remember(session: Session, author: str, key: str, location: str) -> None:
    """Keep where the answer led, for a second click."""
    session.execute(
        update(Submission).where(Submission.author == author, Submission.key == key).values(location=location)
    )
