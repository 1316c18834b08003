"""The demo, loaded once for a module that only looks at it: it takes seconds."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from knelpunt.domain.links import Links
from knelpunt.extensions import db
from knelpunt.services.demo.loading import load_demo

LINKS = Links("http://localhost", "a key that is only for this test")
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(app: Flask) -> Iterator[Session]:
    """Rolled back at the end. Until then nobody else can load the demo, so such a test belongs in another module."""
    assert db.engine is not None
    with db.engine.connect() as connection:
        transaction = connection.begin()
        with Session(bind=connection) as session:
            load_demo(session, LINKS, NOW)
            session.flush()
            yield session
        transaction.rollback()
