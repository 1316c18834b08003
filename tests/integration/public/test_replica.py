"""Public pages are read from a replica when one is named, all others from the database itself."""

import pytest
from sqlalchemy.orm import Session

from knelpunt.adapters.database.connections import Place
from knelpunt.adapters.database.patience import FOR_VISITORS
from knelpunt.extensions import db
from tests.support import database
from tests.support.factories import Factory

LATER = "Pas hierna openbaar geworden"


@pytest.fixture
def lagging(app, own_database, database_server):
    """A replica that did not hear of the newest published case yet."""
    with database.copy_of_template(database_server) as replica:
        db.connect(Place(own_database.app, replica.app), FOR_VISITORS)
        with Session(db.engine) as session:
            Factory(session).published(title=LATER)
            session.commit()
        yield replica
        db.forget_replica()


def test_public_pages_come_from_the_replica_and_nothing_else_does(app, lagging):
    visitor = app.test_client()
    assert LATER not in visitor.get("/knelpunten?uitkomst=alle").text
    with visitor.session_transaction() as kept:
        kept["visitor"] = "somebody who began a form"
    assert LATER in visitor.get("/knelpunten?uitkomst=alle").text
    assert visitor.get("/health/db").status_code == 200


def test_without_an_answer_of_the_replica_the_database_is_read_for_a_while(app, own_database, lagging):
    visitor = app.test_client()
    assert visitor.get("/knelpunten").status_code == 200
    db.dispose()
    db.connect(Place(own_database.app, lagging.app.replace("test_", "gone_")), FOR_VISITORS)
    assert LATER in visitor.get("/knelpunten?uitkomst=alle").text
    assert db.new_reading_session().get_bind() is db.engine
