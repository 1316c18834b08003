"""Somebody lost the telephone and the recovery codes: two administrators take the second factor away together.

The password goes with it: until a new factor is set up, the account would be of whoever knows the password.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from knelpunt.domain.accounts import RESET_TERM, AccountEvent, subject_of
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.identity.factors import FACTOR_RESET_TERM, FactorResetStatus
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Account, AccountToken, FactorReset
from knelpunt.queries.accounts import accounts as account_queries
from knelpunt.queries.accounts import identity as queries
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.accounts.administrators import require_confirmed
from knelpunt.services.accounts.identity.factors import remove_all
from knelpunt.services.accounts.passwords import RESET
from knelpunt.services.accounts.sessions import close_sessions, hash_token, new_token
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

NOTHING_TO_TAKE = "Dit account heeft geen tweede stap."
ASKED_ALREADY = "Er is al gevraagd om deze tweede stap weg te halen. Een andere beheerder besluit."
NOT_YOUR_OWN = "Dit is uw eigen account. Vraag het twee andere beheerders."
ASKED_IT_YOURSELF = "U vroeg dit zelf. Vraag een andere beheerder om te besluiten."
TOO_OLD = (
    f"Dit verzoek is ouder dan {FACTOR_RESET_TERM.days} dagen. Wijs het af, en vraag het opnieuw als dat nodig is."
)
RENEWED = "De tweede stap is na dit verzoek vernieuwd. Wijs het verzoek af."


def why_not_ask(context: Context, account_id: int) -> str | None:
    """Why this actor cannot ask to take the second factor of this account away; None when that can be done."""
    if context.actor.account_id == account_id:
        return NOT_YOUR_OWN
    if not queries.has_factor(context.session, account_id):
        return NOTHING_TO_TAKE
    return None


def why_not_decide(context: Context, account_id: int, asked_by_id: int) -> str | None:
    """Why this actor cannot decide about a request; None when that can be done."""
    if context.actor.account_id == account_id:
        return NOT_YOUR_OWN
    return ASKED_IT_YOURSELF if context.actor.account_id == asked_by_id else None


def why_not_grant(context: Context, account_id: int, asked_at: datetime) -> str | None:
    """Why a request cannot be granted any more, only refused; None when it can."""
    if context.now - asked_at > FACTOR_RESET_TERM:
        return TOO_OLD
    since = queries.factor_state(context.session, account_id).totp_since
    if since is None:
        return NOTHING_TO_TAKE
    return RENEWED if since > asked_at else None


def ask(context: Context, account_id: int, reason: str) -> FactorReset:
    """Ask another administrator to take the second factor of a colleague away.

    Raises:
        PermissionDenied: the actor is no administrator, or not confirmed yet, or it is the own account.
        NotFound: there is no such account.
        DomainError: it has no second factor, or somebody asked already.
    """
    _require_administrator(context)
    if account_queries.get_for_update(context.session, account_id) is None:
        raise NotFound()
    problem = why_not_ask(context, account_id)
    if problem == NOT_YOUR_OWN:
        raise PermissionDenied(problem)
    if problem is not None:
        raise DomainError(problem)
    if queries.open_reset(context.session, account_id) is not None:
        raise DomainError(ASKED_ALREADY)
    reset = FactorReset(
        account_id=account_id,
        reason=reason,
        status=FactorResetStatus.ASKED,
        asked_by_id=_who(context),
        asked_at=context.now,
    )
    context.session.add(reset)
    context.session.flush()
    events.record(context, AccountEvent.FACTOR_RESET_ASKED, subject=subject_of(account_id), data={"verzoek": reset.id})
    return reset


def decide(context: Context, account_id: int, *, is_granted: bool) -> None:
    """Take the second factor away, or refuse to. All sessions of the account end with it.

    Raises:
        PermissionDenied: the actor asked it, is whom it is about, or is no confirmed administrator.
        NotFound: nobody asked, or another decided a moment earlier.
        DomainError: it was asked too long ago to be granted, or the factor is another by now.
    """
    _require_administrator(context)
    if account_queries.get_for_update(context.session, account_id) is None:
        raise NotFound()
    reset = context.session.scalars(
        select(FactorReset)
        .where(FactorReset.account_id == account_id, FactorReset.status == FactorResetStatus.ASKED)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if reset is None:
        raise NotFound()
    problem = why_not_decide(context, account_id, reset.asked_by_id)
    if problem is not None:
        raise PermissionDenied(problem)
    over = why_not_grant(context, account_id, reset.asked_at) if is_granted else None
    if over is not None:
        raise DomainError(over)
    reset.status = FactorResetStatus.DONE if is_granted else FactorResetStatus.REFUSED
    reset.decided_by_id, reset.decided_at = _who(context), context.now
    context.session.flush()
    if is_granted:
        _take(context, account_id, {"verzoek": reset.id})
    else:
        subject, data = subject_of(account_id), {"verzoek": reset.id}
        events.record(context, AccountEvent.FACTOR_RESET_REFUSED, subject=subject, data=data)


def take_away(context: Context, account_id: int) -> None:
    """The same from the console, where a site has fewer than two other administrators.

    Raises:
        PermissionDenied: the actor is not the system.
        NotFound: there is no such account.
        DomainError: it has no second factor.
    """
    if context.actor.kind is not ActorKind.SYSTEM:
        raise PermissionDenied(NOTHING_TO_TAKE)
    if account_queries.get_for_update(context.session, account_id) is None:
        raise NotFound()
    if not queries.has_factor(context.session, account_id):
        raise DomainError(NOTHING_TO_TAKE)
    _take(context, account_id, {})


def _take(context: Context, account_id: int, data: dict[str, int]) -> None:
    remove_all(context, account_id)
    close_sessions(context, account_id)
    events.record(context, AccountEvent.FACTOR_RESET_DONE, subject=subject_of(account_id), data=data)
    account = context.session.get_one(Account, account_id)
    url = context.links.to(f"/wachtwoord/{_without_password(context, account)}") if account.password_hash else None
    text = texts.factor_taken_away(url=url, hours=RESET_TERM // timedelta(hours=1))
    messages.queue_text(context, MailKind.FACTOR_TAKEN_AWAY, account.email, text, account_id=account_id)


def _without_password(context: Context, account: Account) -> str:
    """Take the password away too; the token of a link to choose another, in place of all earlier links."""
    account.password_hash = None
    context.session.execute(
        update(AccountToken)
        .where(AccountToken.account_id == account.id, AccountToken.used_at.is_(None))
        .values(used_at=context.now)
        .execution_options(synchronize_session=False)
    )
    token = new_token()
    context.session.add(
        AccountToken(
            token_hash=hash_token(token),
            purpose=RESET,
            account_id=account.id,
            created_at=context.now,
            expires_at=context.now + RESET_TERM,
        )
    )
    context.session.flush()
    return token


def _require_administrator(context: Context) -> None:
    context.actor.require(Permission.MANAGE_ACCOUNTS)
    require_confirmed(context)


def _who(context: Context) -> int:
    if context.actor.account_id is None:
        raise PermissionDenied(ASKED_IT_YOURSELF)
    return context.actor.account_id
