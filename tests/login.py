"""Logs an account in without its password: hashing one costs more than most tests."""

import hashlib
import secrets
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from knelpunt.models import Account, LoginSession


def log_in(app: Flask, client: FlaskClient, session: Session, account: Account) -> None:
    """Give the client a session cookie of this account."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    session.add(
        LoginSession(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            account_id=account.id,
            created_at=now,
            last_seen_at=now,
        )
    )
    session.flush()
    with client.session_transaction() as cookie:
        cookie["login"] = token
