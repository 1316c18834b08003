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
from knelpunt.web.auth.signed_in import COOKIE_KEY


def log_in(app: Flask, client: FlaskClient, session: Session, account: Account) -> None:
    """Give the client the cookie of a new session of this account."""
    actor = Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)
    token = start_session(Context(session, actor, datetime.now(UTC), app.config["LINKS"]), account.id)
    with client.session_transaction() as cookie:
        cookie[COOKIE_KEY] = token
