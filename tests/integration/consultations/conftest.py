"""A desk whose case is handled, and the officials whom it can ask."""

import pytest

from tests.support.consulting import Ministries
from tests.support.desk import Desk


@pytest.fixture
def ministries(desk: Desk) -> Ministries:
    return Ministries(desk)
