"""A desk whose case is handled, and the officials whom it can ask."""

import pytest
from sqlalchemy.orm import Session

from tests.support.consulting import Ministries
from tests.support.desk import Desk
from tests.support.factories import Factory


@pytest.fixture
def desk(session: Session, make: Factory) -> Desk:
    return Desk(session, make)


@pytest.fixture
def ministries(desk: Desk) -> Ministries:
    return Ministries(desk)
