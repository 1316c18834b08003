"""Accounts, log-in, sessions, invitations and passwords: the public names of this folder."""

from knelpunt.services.accounts.administrators import confirm_administrator, is_confirmed, why_not_confirm
from knelpunt.services.accounts.invitations import accept_invitation, invite, withdraw_invitation
from knelpunt.services.accounts.passwords import change_password, request_reset, reset_password, show_password
from knelpunt.services.accounts.records import change_role, create_account, deactivate, reactivate, use_address_again
from knelpunt.services.accounts.sessions import (
    Browser,
    as_owner,
    authenticate,
    end_session,
    end_sessions,
    hash_token,
    still_signed_in,
    touch,
)
from knelpunt.services.accounts.throttle import (
    Ticket,
    count_client,
    count_factor,
    count_link,
    count_login,
    count_reset,
    may_be_told,
)

__all__ = [
    "Browser",
    "Ticket",
    "accept_invitation",
    "as_owner",
    "authenticate",
    "change_password",
    "change_role",
    "confirm_administrator",
    "count_client",
    "count_factor",
    "count_link",
    "count_login",
    "count_reset",
    "create_account",
    "deactivate",
    "end_session",
    "end_sessions",
    "hash_token",
    "invite",
    "is_confirmed",
    "may_be_told",
    "reactivate",
    "request_reset",
    "reset_password",
    "show_password",
    "still_signed_in",
    "touch",
    "use_address_again",
    "why_not_confirm",
    "withdraw_invitation",
]
