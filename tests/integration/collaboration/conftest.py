"""The desk round a case in which colleagues work together."""

import pytest
from sqlalchemy import select

from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import Notification, OutboxMail
from tests.support.desk import Desk


@pytest.fixture
def desk(session, make) -> Desk:
    desk = Desk(session, make)
    desk.now = make.now
    return desk


@pytest.fixture
def case(make, desk):
    return make.case(CaseStatus.IN_HANDLING, handler_id=desk.handler.id, email="indiener@proef.example")


@pytest.fixture
def told(session):
    """The kinds of what an account was told of, the oldest first."""

    def kinds(account):
        return list(
            session.scalars(
                select(Notification.kind).where(Notification.account_id == account.id).order_by(Notification.id)
            )
        )

    return kinds


@pytest.fixture
def mails_to(session):
    """The kinds of mail that wait for an account, the oldest first."""

    def kinds(account):
        return list(
            session.scalars(select(OutboxMail.kind).where(OutboxMail.account_id == account.id).order_by(OutboxMail.id))
        )

    return kinds
