"""A desk, and cases brought to a state by it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from knelpunt.models import Case
from tests.support import database
from tests.support.desk import Desk
from tests.support.stage import World


@pytest.fixture
def case_in(desk: Desk) -> Callable[[str], Case]:
    """``case_in("voorstel")``: a case brought to that state by the real services."""
    return desk.bring


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    """The cases on which a module tries the steps; each attempt is rolled back."""
    with database.rolled_back() as (connection, session):
        yield World(connection, session, app.config["LINKS"])
