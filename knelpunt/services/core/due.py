"""What the calendar asks for: each thing by itself, so that one that fails keeps nothing behind it waiting."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import InterfaceError, OperationalError

from knelpunt.services.core.context import Context

Find = Callable[[Context], Select[int] | Sequence[Any]]
Work = tuple[tuple[Find, Callable[[Context, Any], None]], ...]
"""Pairs of what finds the things that are due, as they are or as a statement of ids, and what handles one of them."""


def carry_out(
    context: Context, work: Work, commit: Callable[[], None], go_on: Callable[[], bool] = lambda: True
) -> int:
    """Do everything that is due now, each thing in a transaction of its own, until all is done or ``go_on`` says no;
    the number of things that were looked at. What is left is still due the next time.

    Args:
        commit: called after each thing; ends its transaction.
        go_on: asked before each thing.

    Raises:
        ExceptionGroup: what failed, after the rest was done. A lost database is raised at once.
    """
    done, faults = 0, list[Exception]()
    for find, handle in work:
        if not go_on():
            break
        things: Sequence[Any] = ()
        with _by_itself(context, faults):
            found = find(context)
            things = context.session.scalars(found).all() if isinstance(found, Select) else found
            commit()
        for each in things:
            if not go_on():
                break
            done += 1
            with _by_itself(context, faults):
                handle(context, each)
                commit()
    if faults:
        raise ExceptionGroup(f"{len(faults)} faults among {done} things that were due", faults)
    return done


@contextmanager
def _by_itself(context: Context, faults: list[Exception]) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        context.session.rollback()
        faults.append(error)
