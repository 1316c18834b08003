"""Who is signed in, as Flask-Login and the rest of the site see it; read from the server's sessions at each request."""

from contextlib import suppress
from datetime import datetime

from flask import request, session
from flask_login import AnonymousUserMixin, UserMixin, current_user

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import VISITOR, Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.extensions import db, login_manager
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services import accounts
from knelpunt.web.shared.requests.access import current_context, now_utc

COOKIE_KEY = "_user_id"
"""Where Flask-Login looks in the signed cookie. What stands there is the session's token, not the account's number."""


_NOBODYS_PAGES = frozenset({"static", "assets_file", "health.alive", "health.database"})
"""Answered without asking the database who is there."""


class SignedIn(UserMixin):
    """An account in this request."""

    def __init__(self, row: SignedInRow) -> None:
        self.row = row
        self.actor = Actor(
            ActorKind.ACCOUNT, row.account_id, row.role, row.organisation_id, joined_case_ids=row.joined_case_ids
        )
        self.session_id = row.session_id
        self.name = row.name
        self.email = row.email
        self.role = row.role
        self.organisation_name = row.organisation_name

    @property
    def signed_in_at(self) -> datetime:
        return self.row.created_at


class Visitor(AnonymousUserMixin):
    """Somebody without an account."""

    actor = VISITOR
    name = ""
    organisation_name = ""


def load(token: str) -> SignedIn | None:
    """Who holds this token: one statement; None when the session ended, grew too old or never was."""
    row = accounts.still_signed_in(db.session, token, now_utc()) if isinstance(token, str) else None
    if row is None:
        session.pop(COOKIE_KEY, None)
        return None
    return SignedIn(row)


def note_use() -> None:
    """Write down that the session is in use, at most once a minute, and commit it before the page's own work begins:
    a page that rolls back should not shorten the session."""
    if COOKIE_KEY not in session or request.endpoint in _NOBODYS_PAGES or not current_user.is_authenticated:
        return
    if accounts.touch(db.session, current_user.row, now_utc()):
        db.session.commit()


def sign_in(token: str) -> None:
    """Give this browser a new session, with nothing left of the one before: neither its rights nor its form tokens."""
    end_this_session()
    keep(token)


def end_this_session() -> None:
    """End the session of this browser, if it has one that was not ended at this very moment by another click."""
    if current_user.is_authenticated:
        with suppress(NotFound):
            accounts.end_session(current_context(), current_user.session_id)


def keep(token: str) -> None:
    """Put the token of a session in the cookie, after emptying it."""
    session.clear()
    session[COOKIE_KEY] = token


def bind() -> None:
    """Tell Flask-Login how accounts are found."""
    login_manager.session_protection = None  # it would tie a session to an IP address; the server's session decides
    login_manager.anonymous_user = Visitor
    login_manager.user_loader(load)
