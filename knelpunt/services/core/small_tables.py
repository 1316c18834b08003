"""Tells every process to read the small tables of ``queries.core.reference`` again."""

import secrets

from sqlalchemy import update
from sqlalchemy.orm import Session

from knelpunt.models import ReferenceVersion
from knelpunt.queries.core.reference import SESSION_KEY


def touch(session: Session) -> None:
    """Make every process read the small tables again, once this transaction is committed.

    A random number, not a count: then two transactions of which one was rolled back never give the same.
    """
    session.execute(update(ReferenceVersion).values(version=secrets.randbits(62)))
    session.info.pop(SESSION_KEY, None)
