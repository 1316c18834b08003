"""Who is signed in, as Flask-Login and the rest of the site see it; read from the server's sessions at each request."""

from contextlib import suppress
from datetime import datetime

from flask import Response, current_app, g, request, session
from flask_login import AnonymousUserMixin, UserMixin, current_user, login_user, logout_user

from knelpunt.domain.errors import NotFound
from knelpunt.domain.identity.factors import LoginRules
from knelpunt.domain.permissions import VISITOR, Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.extensions import db, login_manager
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services import accounts
from knelpunt.web.shared.requests.access import current_context, now_utc, today_in_nl
from knelpunt.web.shared.requests.errors import WITHOUT_DATABASE

PROVIDER_TOKEN = "van-organisatie"  # noqa: S105 - where the sealed ID token is kept, for logging out there
_TOKEN = "_user_id"  # noqa: S105 - where Flask-Login keeps it in the cookie


class SignedIn(UserMixin):
    """An account in this request. In the signed cookie it goes by the token of its session, not by its number."""

    def __init__(self, token: str, row: SignedInRow) -> None:
        self.id = token
        self.row = row
        self.actor = Actor(
            ActorKind.ACCOUNT,
            row.account_id,
            row.role,
            row.organisation_id,
            joined_case_ids=row.joined_case_ids,
            rule_case_ids=row.rule_case_ids,
        )
        self.session_id = row.session_id
        self.name = row.name
        self.email = row.email
        self.role = row.role
        self.organisation_name = row.organisation_name
        self.unread = row.unread

    @property
    def has_factor(self) -> bool:
        """Whether this account has something to show before a grave act."""
        return self.row.factor_due or self.row.second_factor_at is not None

    @property
    def signed_in_at(self) -> datetime:
        return self.row.created_at


class Visitor(AnonymousUserMixin):
    """Somebody without an account."""

    actor = VISITOR
    name = ""
    organisation_name = ""


def load(token: str) -> SignedIn | None:
    """Who holds this token: one statement; None when the session ended, grew too old or never was.

    ``g.account`` keeps who was found: headers and logs look there, because asking for ``current_user`` would ask the
    database on pages that need nobody.
    """
    row = accounts.still_signed_in(db.session, token, now_utc()) if isinstance(token, str) else None
    if row is None:
        g.is_session_over = True
        return None
    rules: LoginRules = current_app.config["LOGIN_RULES"]
    if rules.waits(row.role, row.second_factor_at, today_in_nl(), is_due=row.factor_due):
        g.half_way = row  # to all pages but that of the second step this is a visitor
        return None
    g.account = SignedIn(token, row)
    return g.account


def half_way() -> SignedInRow | None:
    """The session of this browser in which a password was shown and the second factor was not; None without one."""
    if current_user.is_authenticated:
        return None
    row: SignedInRow | None = g.get("half_way")
    return row


def note_use() -> None:
    """Write down that the session is in use, at most once a minute, and commit it before the page's own work begins:
    a page that rolls back should not shorten the session."""
    if request.endpoint in WITHOUT_DATABASE or not current_user.is_authenticated:
        return
    if accounts.touch(db.session, current_user.row, now_utc()):
        db.session.commit()


def sign_in(token: str) -> None:
    """Give this browser a new session, with nothing left of the one before: neither its rights nor its form tokens."""
    end_this_session()
    keep(token)


def forget_ended_session(response: Response) -> Response:
    """Take the token of a session that is over out of the cookie, so that it is looked up once."""
    if "is_session_over" in g and not current_user.is_authenticated:
        logout_user()
    return response


def end_this_session() -> None:
    """End the session of this browser, if it has one that was not ended at this very moment by another click."""
    if current_user.is_authenticated:
        with suppress(NotFound):
            accounts.end_session(current_context(), current_user.session_id)


def keep(token: str) -> None:
    """Put the token of a session in the cookie, after emptying it."""
    session.clear()
    account = load(token)
    if account is None:  # half way: it counts as nobody until the second step
        logout_user()
        session[_TOKEN] = token
    else:
        login_user(account)


def way_out() -> str | None:
    """Where the provider of this session ends its own session too; None when nobody came from a provider."""
    if not current_user.is_authenticated or current_user.row.provider is None:
        return None
    client = current_app.config["SIGN_ON"].get(current_user.row.provider)
    sealed = session.get(PROVIDER_TOKEN)
    token = current_app.config["SEALER"].open(sealed) if isinstance(sealed, str) else None
    back = current_app.config["LINKS"].to("/uitgelogd")
    return client.way_out(token, back) if client else None


def leave() -> None:
    """Empty the cookie of a browser whose session was ended."""
    logout_user()
    session.clear()


def bind() -> None:
    """Tell Flask-Login how accounts are found."""
    login_manager.session_protection = None  # it would tie a session to an IP address; the server's session decides
    login_manager.anonymous_user = Visitor
    login_manager.user_loader(load)
