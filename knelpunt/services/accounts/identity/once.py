"""What counts once: a challenge, a nonce, the number of a message."""

from sqlalchemy.dialects.postgresql import insert

from knelpunt.models import SpentMark
from knelpunt.services.accounts.sessions import hash_token
from knelpunt.services.core.context import Context


def spend(context: Context, about: str, mark: str) -> bool:
    """Use something up; False when that was done before, also by a request of this very moment."""
    done = context.session.execute(
        insert(SpentMark)
        .values(key=f"{about}:{hash_token(mark)}", spent_at=context.now)
        .on_conflict_do_nothing(index_elements=[SpentMark.key])
        .returning(SpentMark.key)
    ).first()
    return done is not None
