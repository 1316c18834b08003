"""Who reads the pages of the administration, and the system that acts behind them."""

from datetime import UTC, datetime

import pytest

from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import Role
from knelpunt.services.core.context import Context


@pytest.fixture
def admin(make, client_as):
    return client_as(make.administrator())


@pytest.fixture
def auditor(make, client_as):
    return client_as(make.account(Role.AUDITOR))


@pytest.fixture
def context(session):
    return Context(session, SYSTEM, datetime.now(UTC), Links("http://localhost", "k" * 32))
