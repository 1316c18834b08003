"""The desk, and how it sends a form."""

import pytest

from tests.support.desk import Desk


@pytest.fixture
def desk(session, make) -> Desk:
    return Desk(session, make)


@pytest.fixture
def post(session, client_as):
    """``post(account, case, "toewijzen", handler_id=…)`` fills in the version that the page shows now."""

    def send(account, case, step, **data):
        session.refresh(case)
        data.setdefault("version", str(case.version))
        return client_as(account).post(f"/zaken/{case.reference}/{step}", data=data)

    return send
