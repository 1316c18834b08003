"""What the calendar asks for: each thing by itself, so that one that fails keeps nothing behind it waiting."""

from collections.abc import Callable

from sqlalchemy import Select
from sqlalchemy.exc import InterfaceError, OperationalError

from knelpunt.services.core.context import Context

Work = tuple[tuple[Callable[[Context], Select[int]], Callable[[Context, int], None]], ...]
"""Pairs of what finds the rows that are due, and what handles one of them."""


def carry_out(context: Context, work: Work, commit: Callable[[], None]) -> int:
    """Do everything that is due now, each thing in a transaction of its own; the number of things that were looked at.

    Args:
        commit: called after each thing; ends its transaction.

    Raises:
        ExceptionGroup: what failed, after all the rest was done. A lost database is raised at once.
    """
    done, faults = 0, []
    for find, handle in work:
        ids = context.session.scalars(find(context)).all()
        commit()
        for row_id in ids:
            try:
                handle(context, row_id)
                commit()
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                context.session.rollback()
                faults.append(error)
        done += len(ids)
    if faults:
        raise ExceptionGroup(f"{len(faults)} of {done} things that were due failed", faults)
    return done
