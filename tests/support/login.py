"""Logs an account in without its password: hashing one costs more than most tests."""

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Account
from knelpunt.services.accounts.sessions import start_session
from knelpunt.services.core.context import Context

SESSION_KEY = "_user_id"
"""Where Flask-Login keeps the token of a session in the signed cookie."""


def log_in(app: Flask, client: FlaskClient, session: Session, account: Account, *, is_confirmed: bool = True) -> None:
    """Give the client the cookie of a new session of this account, in which its second factor was shown just now.

    Args:
        is_confirmed: without, only the password was shown.
    """
    actor = Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)
    context = Context(session, actor, datetime.now(UTC), app.config["LINKS"])
    token = start_session(context, account.id, confirmed_at=context.now if is_confirmed else None)
    with client.session_transaction() as cookie:
        cookie[SESSION_KEY] = token
