"""How a request ends its transaction: reading keeps what the database prepared, and nothing that was not committed."""

import pytest
from sqlalchemy import func, select, text

from knelpunt.extensions import db
from knelpunt.models import Province

ONE = text("SELECT 1")
PREPARED = text("SELECT count(*) FROM pg_prepared_statements")


def ask(app, method, *, times=1, statement=ONE):
    """The last answer to a statement asked in that many requests; each is a request of its own."""
    for _ in range(times):
        with app.test_request_context("/", method=method):
            answer = db.session.execute(statement).scalar()
    return answer


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_statements_stay_prepared_from_one_reading_request_to_the_next(app, own_database, method):
    ask(app, method, times=8)
    assert ask(app, "GET", statement=PREPARED) > 0


def test_a_request_that_was_rolled_back_takes_them_along(app, own_database):
    ask(app, "POST", times=8)
    assert ask(app, "GET", statement=PREPARED) == 0


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rows_that_were_only_added_are_not_kept(app, own_database, method):
    with app.test_request_context("/", method=method):
        db.session.execute(ONE)
        db.session.add(Province(code="PX", name="Proefprovincie", iso_code="NL-X"))
    assert ask(app, "GET", statement=select(func.count()).where(Province.code == "PX")) == 0
