"""What the tests of the API share."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.permissions import OF_ORGANISATIONS
from knelpunt.models import Municipality, Organisation
from knelpunt.services.accounts.identity import clients
from knelpunt.services.accounts.throttle import Ticket
from tests.integration.figures.conftest import busy, public_quarter, quarter_author
from tests.support.files import pdf

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


V1 = "/api/v1"
PDF = pdf()
WHOLE = {
    "titel": "Tijdelijke woningen op het veilingterrein",
    "beschrijving": "De provincie staat geen woningen toe langs het spoor.",
    "doel": "Dertig woningen voor starters.",
    "thema": "wonen",
    "afgewezenOp": "2026-03-02",
    "magDelen": True,
    "magOpenbaar": True,
}
SURE = {"mandaat": True, "gelezen": True}


class System:
    """A system of an organisation, with a token of its own."""

    def __init__(self, app, session, desk, organisation, scopes=OF_ORGANISATIONS):
        self.app, self.session, self.organisation = app, session, organisation
        admin = desk.make.organisation_admin(organisation)
        context = desk.as_(desk.make.actor(admin))
        name = f"Systeem {len(list(scopes))} {desk.make.now.timestamp()}"
        day = context.today + timedelta(days=300)
        self.client = clients.make(context, name=name, scopes=scopes, ends_on=day).client
        desk.now = desk.make.now
        self.token = clients.give_token(
            desk.system, self.client.id, self.client.secret_hash, scopes, Ticket(True, True, "x")
        )
        session.commit()
        self.number = 0

    def ask(self, method, path, body=None, **headers):
        self.number += 1
        sent = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"verzoek-{self.number}"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        sent = {name: value for name, value in sent.items() if value is not None}
        kind = {"json": body} if body is not None else {}
        answer = self.app.test_client().open(f"{V1}{path}", method=method, headers=sent, **kind)
        self.session.expire_all()
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body, **headers):
        return self.ask("POST", path, body, **headers)

    def upload(self, path, content, name, key=None, **fields):
        self.number += 1
        data = {"bestand": (io.BytesIO(content), name), **fields}
        sent = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or f"bestand-{self.number}"}
        answer = self.app.test_client().post(f"{V1}{path}", data=data, headers=sent)
        self.session.expire_all()
        return answer

    def draft(self, **changes):
        code = self.session.scalar(
            select(func.max(Organisation.municipality_id)).where(Organisation.id == self.organisation.id)
        )
        municipality = self.session.get(Municipality, code).code
        answer = self.post("/concepten", {**WHOLE, "gemeente": municipality, **changes})
        assert answer.status_code == 201, answer.json
        return answer.json


@pytest.fixture
def system(app, session, desk):
    return System(app, session, desk, desk.make.organisation())
