"""Inviting somebody to join an organisation. The account is made when the invitation is accepted."""

from datetime import timedelta

from sqlalchemy import func, select, update

from knelpunt.domain.accounts import (
    INVITATION_TERM,
    INVITATIONS_PER_ACCOUNT,
    AccountEvent,
    check_email,
    check_name,
    check_role_fits,
    subject_of,
)
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TooManyAttempts
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ORGANISATION_ROLES, Permission
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.models import Account, Invitation, Organisation
from knelpunt.queries.accounts import accounts as queries
from knelpunt.queries.accounts import sign_on
from knelpunt.queries.accounts.mergers import came_along
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.accounts.records import ADDRESS_TAKEN, add_account, check_may_give
from knelpunt.services.accounts.sessions import hash_token, new_token
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

COMES_BY_ITSELF = "Deze organisatie logt alleen zelf in. Een account komt vanzelf bij de eerste keer inloggen."


def invite(context: Context, *, email: str, name: str, role: Role, organisation_id: int) -> Invitation:
    """Mail somebody a link, good once and for 7 days, to make an account in an organisation.

    An administrator of an organisation invites into the own organisation only, and is not told whether the address
    has an account elsewhere: the answer and the work are the same, and the mail says it to its owner.

    Raises:
        PermissionDenied, NotFound: the actor may not invite, or not there.
        DomainError: on the field ``email``, ``name``, ``role`` or ``organisation_id`` that is wrong.
        TooManyAttempts: the actor sent more than 100 invitations in a day.
    """
    organisation = _organisation(context, organisation_id)
    if context.actor.can(Permission.MANAGE_ACCOUNTS) or context.actor.kind is ActorKind.SYSTEM:
        tells_all = True
    else:
        tells_all = False
        if role not in ORGANISATION_ROLES:
            raise DomainError("Kies een rol uit de lijst.", field="role")
    check_role_fits(role, organisation.kind)
    check_may_give(context, role)
    if role is not Role.ADMINISTRATOR and sign_on.has_only_way(
        context.session, organisation_id, context.login_rules.only_by
    ):
        raise DomainError(COMES_BY_ITSELF, field="email")
    address, shown_name = check_email(email), check_name(name)
    _check_number(context)
    existing = queries.by_email(context.session, address)
    if existing is not None and (tells_all or existing.organisation_id == organisation_id):
        raise DomainError(ADDRESS_TAKEN, field="email")
    _withdraw_earlier(context, address, organisation_id)
    token = new_token()
    invitation = Invitation(
        token_hash=hash_token(token),
        email=address,
        name=shown_name,
        role=role,
        organisation_id=organisation_id,
        invited_by_id=context.actor.account_id,
        created_at=context.now,
        expires_at=context.now + INVITATION_TERM,
    )
    context.session.add(invitation)
    context.session.flush()
    if existing is None:
        text = texts.invitation(
            url=context.links.to(f"/uitnodiging/{token}"),
            organisation=organisation.name,
            role=role.value.replace("_", " "),
            valid_until=nl_day(invitation.expires_at - timedelta(seconds=1)),
        )
    else:
        text = texts.invitation_to_existing_account(organisation=organisation.name)
    messages.queue_text(context, MailKind.INVITATION, address, text)
    events.record(
        context,
        AccountEvent.INVITED,
        subject=f"invitation:{invitation.id}",
        data={"role": role.value, "organisation_id": organisation_id},
    )
    return invitation


def withdraw_invitation(context: Context, invitation_id: int) -> None:
    """Make an open invitation worthless.

    Raises:
        PermissionDenied, NotFound: the actor may not, or it is not open (any more) in an organisation it manages.
    """
    invitation = context.session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None:
        raise NotFound()
    _organisation(context, invitation.organisation_id)
    if invitation.used_at is not None or invitation.withdrawn_at is not None:
        raise NotFound()
    invitation.withdrawn_at = context.now
    events.record(context, AccountEvent.INVITATION_WITHDRAWN, subject=f"invitation:{invitation.id}")


def accept_invitation(context: Context, token: str, *, name: str, password: str) -> Account:
    """Make the account that an invitation is for; role and organisation come from the invitation alone.

    Raises:
        NotFound: the link was used, withdrawn, or is too old, or the address has an account by now.
        DomainError: on the field ``name`` or ``password``.
    """
    invitation = queries.invitation_for_update(context.session, hash_token(token))
    if (
        invitation is None
        or invitation.email is None
        or invitation.used_at is not None
        or invitation.withdrawn_at is not None
        or invitation.expires_at <= context.now
    ):
        raise NotFound()
    if queries.by_email(context.session, invitation.email) is not None:
        raise NotFound()
    account = add_account(
        context,
        email=invitation.email,
        name=name,
        role=invitation.role,
        organisation_id=invitation.organisation_id,
        password=password,
    )
    account.spared_providers = came_along(context.session, account.organisation_id, invitation.created_at)
    invitation.used_at = context.now
    events.record(
        context,
        AccountEvent.INVITATION_ACCEPTED,
        subject=subject_of(account.id),
        data={
            "invitation_id": invitation.id,
            "role": account.role.value,
            "organisation_id": account.organisation_id,
        },
    )
    return account


def _organisation(context: Context, organisation_id: int) -> Organisation:
    """The organisation, when the actor may invite into it."""
    everywhere = context.actor.kind is ActorKind.SYSTEM or context.actor.can(Permission.MANAGE_ACCOUNTS)
    if not everywhere:
        if not context.actor.can(Permission.MANAGE_ORGANISATION):
            raise PermissionDenied("U mag niemand uitnodigen.")
        if organisation_id != context.actor.organisation_id:
            raise NotFound()
    organisation = context.session.get(Organisation, organisation_id)
    if organisation is None:
        raise DomainError("Kies een organisatie uit de lijst.", field="organisation_id")
    return organisation


def _check_number(context: Context) -> None:
    """One account cannot flood strangers with mail in our name."""
    if context.actor.account_id is None:
        return
    sent = context.session.scalar(
        select(func.count())
        .select_from(Invitation)
        .where(
            Invitation.invited_by_id == context.actor.account_id,
            Invitation.created_at > context.now - INVITATIONS_PER_ACCOUNT.period,
        )
    )
    if (sent or 0) >= INVITATIONS_PER_ACCOUNT.attempts:
        raise TooManyAttempts("U hebt vandaag al veel uitnodigingen verstuurd. Probeer het morgen opnieuw.")


def _withdraw_earlier(context: Context, email: str, organisation_id: int) -> None:
    """An invitation that is sent again replaces the one before."""
    context.session.execute(
        update(Invitation)
        .where(
            Invitation.email == email,
            Invitation.organisation_id == organisation_id,
            Invitation.used_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=context.now)
        .execution_options(synchronize_session=False)
    )
