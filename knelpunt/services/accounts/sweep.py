"""Clears what accounts leave behind once it has no use any more."""

from datetime import timedelta

from sqlalchemy import delete, or_, update

from knelpunt.models import AccountToken, Invitation, LoginAttempt, LoginSession
from knelpunt.services.act import Act

ATTEMPTS_KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=30)
INVITATIONS_KEPT = timedelta(days=30)


def sweep(act: Act) -> None:
    """Remove attempts of more than a day old, sessions and links of more than 30 days old, and empty the name and
    address of invitations that ended 30 days ago. The events stay. Run daily by the worker."""
    act.session.execute(delete(LoginAttempt).where(LoginAttempt.at < act.now - ATTEMPTS_KEPT))
    act.session.execute(delete(LoginSession).where(LoginSession.last_seen_at < act.now - SESSIONS_KEPT))
    act.session.execute(delete(AccountToken).where(AccountToken.expires_at < act.now - SESSIONS_KEPT))
    ended_before = act.now - INVITATIONS_KEPT
    act.session.execute(
        update(Invitation)
        .where(
            or_(
                Invitation.expires_at < ended_before,
                Invitation.used_at < ended_before,
                Invitation.withdrawn_at < ended_before,
            ),
            Invitation.email.is_not(None),
        )
        .values(email=None, name=None)
        .execution_options(synchronize_session=False)
    )
