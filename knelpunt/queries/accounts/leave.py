"""Who is away or will be, and who stands in."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knelpunt.models import LeaveCover

SHOWN = 200


@dataclass(frozen=True, slots=True)
class LeaveRow:
    id: int
    account_id: int
    covered_by_id: int
    first_day: date
    last_day: date


def leaves_for(session: Session, account_id: int | None, today: date) -> list[LeaveRow]:
    """What is not over, the first to begin on top: of everybody, or where one is away or stands in."""
    statement = select(*(getattr(LeaveCover, name) for name in LeaveRow.__slots__)).where(
        LeaveCover.taken_back_at.is_(None), LeaveCover.last_day >= today
    )
    if account_id is not None:
        statement = statement.where(or_(LeaveCover.account_id == account_id, LeaveCover.covered_by_id == account_id))
    rows = session.execute(statement.order_by(LeaveCover.first_day, LeaveCover.id).limit(SHOWN))
    return [LeaveRow(*row) for row in rows]
