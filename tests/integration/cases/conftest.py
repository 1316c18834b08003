"""A desk of today, cases brought to a state by it, and the links by which they are followed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.models import Case, FollowLink
from tests.support.desk import Desk
from tests.support.factories import Factory


@pytest.fixture
def desk(session: Session, make: Factory) -> Desk:
    """Acts today, so that its terms still run when a page is asked for."""
    desk = Desk(session, make)
    desk.now = datetime.now(UTC)
    return desk


@pytest.fixture
def path_to(app: Flask, session: Session) -> Callable[[Case], str]:
    """``path_to(case)``: the path of its follow page, as it stands in the mail."""

    def find(case: Case) -> str:
        session.flush()
        link = session.scalars(
            select(FollowLink).where(FollowLink.case_id == case.id, FollowLink.revoked_at.is_(None))
        ).one()
        return app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")

    return find
