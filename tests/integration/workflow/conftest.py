"""A desk, and cases brought to a state by it."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from knelpunt.models import Case
from tests.support.desk import Desk
from tests.support.factories import Factory


@pytest.fixture
def desk(session: Session, make: Factory) -> Desk:
    return Desk(session, make)


@pytest.fixture
def case_in(desk: Desk) -> Callable[[str], Case]:
    """``case_in("voorstel")``: a case brought to that state by the real services."""
    return desk.bring
