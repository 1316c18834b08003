"""Long lists that are read a piece at a time, each piece with what belongs to it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

AT_ONCE = 200


def pieces(session: Session, rows: Select[Any], key: ColumnElement[Any]) -> Iterator[Sequence[Any]]:
    """What a statement finds, in the order of a key that no two rows share and that is among its columns.

    A cursor would read one statement in pieces as well, but not what belongs to its rows.
    """
    ordered, at = rows.order_by(key).limit(AT_ONCE), list(rows.selected_columns).index(key)
    found = session.execute(ordered).all()
    while found:
        yield found
        if len(found) < AT_ONCE:
            return
        found = session.execute(ordered.where(key > found[-1][at])).all()
