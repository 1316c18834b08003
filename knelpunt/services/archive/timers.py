"""What the calendar does with cases that are over: a category, a list, and then the end of their words."""

from collections.abc import Callable

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.services.archive import lists, retention
from knelpunt.services.core import due
from knelpunt.services.core.context import Context


def run_due(
    context: Context, files: FileStore, commit: Callable[[], None], go_on: Callable[[], bool] = lambda: True
) -> int:
    """Do everything that is due now, as ``due.carry_out`` does; the number of things that were looked at.

    A worker that is killed leaves whole cases behind: emptied, or as they were.
    """

    def carry_out(context: Context, row_id: int) -> None:
        lists.carry_out(context, files, row_id)

    work: due.Work = (
        (retention.without_category, retention.set_category),
        (lists.due, lists.put_on_list),
        (lists.to_carry_out, carry_out),
        (lists.carried_out, lists.finish),
    )
    return due.carry_out(context, work, commit, go_on)
