"""How much work each colleague has, in words for a list to choose from."""

from datetime import date

from knelpunt.domain.calendar.leave import Leave
from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.worklist.load import Load, loads
from knelpunt.web.shared.pages.filters import short_date


def leave_now(names: Reference, account_id: int, today: date) -> Leave | None:
    """The leave of somebody who is away today."""
    return next((each for each in names.leaves if each.account_id == account_id and each.covers(today)), None)


def handlers_with_load(names: Reference, today: date) -> list[tuple[int, str]]:
    """Who can handle cases, each with how many there are already and until when somebody is away. One statement."""
    found = loads(db.session, today)
    return [
        (id_, f"{name} ({_said(found.get(id_, Load()), names, id_, today)})") for id_, name in names.handler_options
    ]


def _said(load: Load, names: Reference, account_id: int, today: date) -> str:
    parts = [f"{load.open} open"]
    if load.late:
        parts.append(f"{load.late} te laat")
    leave = leave_now(names, account_id, today)
    if leave is not None:
        parts.append(f"afwezig tot en met {short_date(leave.last_day)}")
    return ", ".join(parts)
