"""What the tests of the API share."""

import pytest

from tests.integration.figures.conftest import busy, public_quarter, quarter_author

__all__ = ["busy", "public_quarter", "quarter_author"]


@pytest.fixture
def ask(client):
    """Asks an address of the API that must answer well, and gives what it tells."""

    def ask(path, **more):
        answer = client.get(f"/api/v1{path}", **more)
        assert answer.status_code == 200, (path, answer.get_data(as_text=True))
        assert answer.mimetype == "application/json"
        return answer.json

    return ask
