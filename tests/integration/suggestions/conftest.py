"""The people round a case, for what is said of suggestions."""

import pytest

from tests.support.desk import Desk


@pytest.fixture
def desk(session, make) -> Desk:
    return Desk(session, make)
