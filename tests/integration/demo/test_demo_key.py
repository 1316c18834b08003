"""The key of which everybody knows the secret: it opens the cases of the demo municipality, and nothing of others."""

from base64 import b64encode
from datetime import UTC, datetime

from sqlalchemy import select

from knelpunt.domain.identity.clients import DEMO_CLIENT, DEMO_SECRET
from knelpunt.domain.permissions import OF_ORGANISATIONS
from knelpunt.models import ApiClient, Case
from knelpunt.services.demo.loading import load_demo
from tests.integration.demo.conftest import LINKS


def ask_token(client, secret):
    pair = b64encode(f"{DEMO_CLIENT}:{secret}".encode()).decode()
    return client.post(
        "/api/v1/token", data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {pair}"}
    )


def test_the_key_that_is_shown_opens_the_cases_of_the_demo_municipality_and_no_others(client, session):
    assert ask_token(client, DEMO_SECRET).status_code == 401, "without the demo the key opens nothing"
    load_demo(session, LINKS, datetime.now(UTC))
    session.commit()
    held = session.scalars(select(ApiClient).where(ApiClient.client_id == DEMO_CLIENT)).one()
    assert ask_token(client, f"{DEMO_SECRET}s").status_code == 401
    answer = ask_token(client, DEMO_SECRET)
    assert answer.status_code == 200, answer.text
    assert set(answer.json["scope"].split()) == {scope.value for scope in OF_ORGANISATIONS}
    bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
    told = client.get("/api/v1/zaken?limit=100", headers=bearer)
    assert told.status_code == 200, told.text
    numbers = {each["nummer"] for each in told.json["items"]}
    assert numbers, "there is something to try it with"
    others = select(Case.reference).where(Case.organisation_id.is_distinct_from(held.organisation_id))
    other = session.scalars(others.order_by(Case.id).limit(1)).one()
    assert other not in numbers
    assert client.get(f"/api/v1/zaken/{other}", headers=bearer).status_code == 404
