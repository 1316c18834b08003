"""People at the desk, and a guide in each state, brought there by the real services."""

import pytest

from tests.support.desk import Desk


@pytest.fixture
def desk(session, make):
    return Desk(session, make)
