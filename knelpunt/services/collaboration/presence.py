"""Who has a case open now, so that two colleagues do not work on the same thing unseen."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

from knelpunt.models import CasePresence
from knelpunt.services.core.context import Context

SHOWN_FOR = timedelta(minutes=2)
NOTED_EVERY = timedelta(minutes=1)


def touch(context: Context, case_id: int, last_seen: datetime | None) -> bool:
    """Note that the actor has this case open, at most once a minute; says whether something was written."""
    account_id = context.actor.account_id
    if account_id is None or (last_seen is not None and context.now - last_seen < NOTED_EVERY):
        return False
    row = insert(CasePresence).values(case_id=case_id, account_id=account_id, seen_at=context.now)
    context.session.execute(
        row.on_conflict_do_update(index_elements=["case_id", "account_id"], set_={"seen_at": context.now})
    )
    return True
